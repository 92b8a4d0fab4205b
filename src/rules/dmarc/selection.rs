//! Rules about TXT records at names of DMARC that receivers do not choose.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Safety,
    policy::{
        dmarc::{self, Dmarc, owner::Role, version::Kind},
        host::is_host_name,
        kind, tags,
    },
    record::Record,
    rule::{Findings, Rule, rule},
    rules::{
        dmarc::{shared::is_shared, wording::lost},
        version::may_be_alternatives,
        wording::name,
        zone::sets::without,
    },
    slip,
    text::Text,
    zones::{Holds, Node, Place},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    TXT_INSTEAD_OF_CNAME,
    UNRELATED_TXT,
    REPORT_AUTH_INVALID,
    MULTIPLE_RECORDS,
];

/// Whether a record is none of DMARC, and says something.
fn is_foreign(dmarc: &Dmarc<'_>, role: Role) -> bool {
    let is_blank = || tags::trim(dmarc.raw.bytes(), 0..dmarc.raw.len()).is_empty();
    dmarc.role == role && dmarc.version.kind == Kind::Foreign && !is_blank()
}

/// Whether a text is a host name.
fn is_host(text: &Text) -> bool {
    text.is_complete() && is_host_name(text.bytes())
}

rule! {
    /// A host name in a TXT record where a CNAME was meant.
    ///
    /// Services that keep the DMARC records of their customers give out a name that `_dmarc` is to lead to. In a TXT record
    /// that name is only text: receivers do not follow it, and the domain has no policy.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "example.com.dmarc.example.net"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc CNAME example.com.dmarc.example.net.
    /// ```
    /// # When to ignore
    /// Never: no receiver follows a name in a TXT record.
    /// # Source
    /// RFC 9989, section 4.10
    TXT_INSTEAD_OF_CNAME: "dmarc-txt-instead-of-cname", [Error], None, Dmarc(txt_instead_of_cname)
}

fn txt_instead_of_cname(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !is_foreign(dmarc, Role::Policy) || !is_host(dmarc.raw) {
        return;
    }
    let Some(span) = dmarc.raw.whole() else { return };
    let host = String::from_utf8_lossy(dmarc.raw.bytes());
    let host = host.strip_suffix('.').unwrap_or(&host);
    findings
        .report(
            span,
            format!("a host name in a TXT record leads nowhere, so {}", lost(dmarc)),
            "only text",
        )
        .help(format!("write `CNAME {host}.` in place of the TXT record"));
}

rule! {
    /// A TXT record at `_dmarc` that is of another kind.
    ///
    /// Nobody looks for SPF or verification tokens at `_dmarc`. Receivers pass over the record, and whoever is meant to find
    /// it looks elsewhere.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If a service asks for a token at this very name.
    /// # Source
    /// RFC 9989, section 4.10
    UNRELATED_TXT: "dmarc-unrelated-txt", [Warning], Unsafe, DmarcWithin(unrelated_txt)
}

fn unrelated_txt<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_foreign(dmarc, Role::Policy) || is_host(dmarc.raw) {
        return;
    }
    let Some(span) = dmarc.raw.whole() else { return };
    let record = place.record;
    let next = place.node.followed().find(|(other, _)| std::ptr::eq(*other, record));
    let edits = next.and_then(|(_, next)| without(record, next, findings));
    let label = kind::of_value(dmarc.raw.bytes()).map_or("something else", name);
    findings
        .report(
            span,
            "TXT record at `_dmarc` is not a DMARC record, so receivers pass over it",
            label,
        )
        .help("move it to the name that it is for, or remove it")
        .fix("remove it", Safety::Unsafe, edits);
}

rule! {
    /// A TXT record that was meant to permit reports, and does not.
    ///
    /// Before reports about one domain are sent to another, the other has to agree, with a record at
    /// `<domain>._report._dmarc.<destination>` that begins with `v=DMARC1`. Any other text there permits nothing, and the
    /// reports are not sent.
    ///
    /// # Bad
    /// ```zone
    /// example.net._report._dmarc TXT "yes"
    /// ```
    /// # Good
    /// ```zone
    /// example.net._report._dmarc TXT "v=DMARC1;"
    /// ```
    /// # When to ignore
    /// If the record is there for something else.
    /// # Source
    /// RFC 9990, section 4
    REPORT_AUTH_INVALID: "dmarc-report-auth-invalid", [Error], Unsafe, DmarcWithin(report_auth_invalid)
}

fn report_auth_invalid<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    // One record that permits it is enough, whatever stands beside it.
    let permits = |record: &Record| record.txt().is_some_and(|txt| dmarc::is_candidate(txt.text.bytes()));
    if !is_foreign(dmarc, Role::Authorization) || place.node.records().any(permits) {
        return;
    }
    let Some(span) = dmarc.raw.whole() else { return };
    findings
        .report(
            span,
            format!(
                "the text here does not begin with `v=DMARC1` and permits nothing, so {}",
                lost(dmarc)
            ),
            "not a permission",
        )
        .help("write `v=DMARC1;`")
        .fix(
            "write `v=DMARC1;`",
            Safety::Unsafe,
            dmarc.raw.replace(0..dmarc.raw.len(), "v=DMARC1;"),
        );
}

rule! {
    /// More than one DMARC record at a name.
    ///
    /// Receivers do not choose between them: all are discarded. Those that follow RFC 9989 go on to the record of the parent
    /// domain, if there is one, those that follow RFC 7489 treat the domain as one without DMARC.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com"
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:b@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver uses either.
    /// # Source
    /// RFC 9989, section 4.10
    /// RFC 7489, section 6.6.3
    MULTIPLE_RECORDS: "dmarc-multiple-records", [Error], Unsafe, Node(Holds::TXT.and(Holds::SEVERAL), multiple_records)
}

fn multiple_records<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if node.records().filter(|record| record.txt().is_some()).nth(1).is_none() {
        return;
    }
    let is_asked = match dmarc::owner::role(node.name()) {
        Some(Role::Policy | Role::Wildcard) => true,
        Some(Role::Elsewhere) => false,
        _ => return,
    };
    let mut first: Option<&Record> = None;
    let (mut seen, mut said) = (BTreeSet::new(), BTreeSet::new());
    for (record, next) in node.followed() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99 && !record.many) else {
            continue;
        };
        let text = slip::meant_text(record, txt);
        // With a hole, it may be equal to another.
        if !text.is_complete() || !dmarc::is_candidate(text.bytes()) {
            continue;
        }
        // Equal character-strings are one record for the DNS; one text in others is another record.
        let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
        let visible: Vec<u8> = text
            .bytes()
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let visible = visible.strip_suffix(b";").map(<[u8]>::to_vec).unwrap_or(visible);
        if !seen.insert(strings) {
            continue;
        }
        let says_the_same = !said.insert(visible);
        let Some(first) = first else {
            first = Some(record);
            continue;
        };
        if !is_asked && !is_shared(node, node.name()) || may_be_alternatives(node, first.span, record.span) {
            continue;
        }
        findings.about(record);
        let edits = says_the_same.then(|| without(record, next, findings)).flatten();
        findings
            .report(
                record.span,
                format!(
                    "more than one DMARC record at `{}`: receivers use none of them",
                    node.name()
                ),
                "also a DMARC record",
            )
            .related(first.span, "the first one")
            .help("keep one record")
            .fix("remove it: it says the same", Safety::Unsafe, edits);
    }
}
