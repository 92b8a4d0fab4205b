//! Rules about TXT records at the names of selectors that are no keys, or not the only ones.

use std::collections::BTreeSet;

use crate::{
    diagnostic::{Safety, Severity},
    policy::{
        dkim::{
            Dkim,
            content::{self, Content},
            owner::{self, Role},
        },
        kind, tags,
    },
    record::Record,
    rule::{Findings, Rule, rule},
    rules::{
        dkim::{leftovers::is_domainkeys_policy, shared::is_shared, wording::FAILS},
        version::may_be_alternatives,
        wording::name,
        zone::sets::without,
    },
    slip,
    text::Edit,
    zones::{Holds, Node, Place},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MULTIPLE_RECORDS, TXT_INSTEAD_OF_CNAME, UNRELATED_TXT, BARE_KEY];

rule! {
    /// More than one TXT record at the name of a DKIM selector.
    ///
    /// What verifiers do then is not defined: some try each, some take whichever comes first, which changes from look-up to
    /// look-up, and some refuse the signature. It does not matter whether the others are keys. A second key needs a second
    /// selector.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// s2._domainkey TXT "v=DKIM1; k=ed25519; p="
    /// ```
    /// # When to ignore
    /// Never: at some verifiers the mail fails.
    /// # Source
    /// RFC 6376, section 3.6.2.2
    /// RFC 6376, section 6.1.2
    MULTIPLE_RECORDS: "dkim-multiple-records", [Error], Unsafe, Node(Holds::TXT.and(Holds::SEVERAL), multiple_records)
}

fn multiple_records<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if node.records().filter(|record| record.txt().is_some()).nth(1).is_none() {
        return;
    }
    let is_asked = match owner::role(node.name(), || true) {
        Some(Role::Selector) => true,
        Some(Role::Elsewhere) => is_shared(node, node.name()),
        _ => false,
    };
    if !is_asked {
        return;
    }
    let mut first: Option<&Record> = None;
    let (mut seen, mut said) = (BTreeSet::new(), BTreeSet::new());
    for (number, (record, next)) in node.numbers().zip(node.followed()) {
        let Some(txt) = record.txt().filter(|txt| !txt.type99 && !record.many) else {
            continue;
        };
        // What goes on with another record is a part of that, which is a fault of its own.
        let Some((text, _)) = slip::whole_text(&node.scan.records, number) else {
            continue;
        };
        // With a hole, it may be equal to another.
        if !text.is_complete() {
            continue;
        }
        // Equal character-strings are one record for the DNS; one text in others is another record.
        let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
        if !seen.insert(strings) {
            continue;
        }
        let says_the_same = !said.insert(text.bytes().to_vec());
        let Some(first) = first else {
            first = Some(record);
            continue;
        };
        if may_be_alternatives(node, first.span, record.span) {
            continue;
        }
        findings.about(record);
        let edits = says_the_same.then(|| without(record, next, findings)).flatten();
        findings
            .report(
                record.span,
                format!(
                    "more than one TXT record at `{}`: verifiers take any of them or none, so that signatures fail at random",
                    node.name()
                ),
                "also a TXT record at this selector",
            )
            .related(first.span, "the first one")
            .help("keep one record, and give each key a selector of its own")
            .fix("remove it: it says the same", Safety::Unsafe, edits);
    }
}

rule! {
    /// A host name in a TXT record where a CNAME was meant.
    ///
    /// Services that sign mail for their customers give out a name that the selector's name is to lead to. In a TXT record that
    /// name is only text: verifiers do not follow it, find no key, and the signatures of the service fail.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "s1.dkim.example.net"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey CNAME s1.dkim.example.net.
    /// ```
    /// # When to ignore
    /// Never: no verifier follows a name in a TXT record.
    /// # Source
    /// RFC 6376, section 6.1.2
    TXT_INSTEAD_OF_CNAME: "dkim-txt-instead-of-cname", [Error], None, Dkim(txt_instead_of_cname)
}

fn txt_instead_of_cname(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(span) = dkim.raw.whole().filter(|_| dkim.content == Content::Host) else {
        return;
    };
    let host = String::from_utf8_lossy(dkim.raw.bytes().trim_ascii());
    let host = host.strip_suffix('.').unwrap_or(&host);
    findings
        .report(
            span,
            "a host name in a TXT record leads nowhere: there is no key, so signatures with this selector fail",
            "only text",
        )
        .help(format!("write `CNAME {host}.` in place of the TXT record"));
}

rule! {
    /// A TXT record at a name of DKIM that is no key.
    ///
    /// Verifiers that look for the key of a selector and find another text treat it as a broken key, and signatures with this
    /// selector fail. Such a record is put there by mistake, or it is that of a wildcard. At `_domainkey` itself nobody looks
    /// any more.
    ///
    /// # Severity
    /// An error at the name of a selector; a warning at `_domainkey` itself.
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=spf1 -all"
    /// ```
    /// ```zone
    /// _domainkey TXT "hello world"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If a service asks for a token at this very name.
    /// # Source
    /// RFC 6376, section 6.1.2
    UNRELATED_TXT: "dkim-unrelated-txt", [Error, Warning], Unsafe, DkimWithin(unrelated_txt)
}

fn unrelated_txt<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let foreign = match (dkim.role, &dkim.content) {
        (Role::Selector, Content::Foreign(kind)) => *kind,
        (Role::DomainKeys, _) if !is_domainkeys_policy(dkim) => match content::of(dkim.raw) {
            Content::Foreign(kind) => kind,
            _ => return,
        },
        _ => return,
    };
    let Some(span) = dkim.raw.whole() else { return };
    let record = place.record;
    let next = place.node.followed().find(|(other, _)| std::ptr::eq(*other, record));
    let edits = next.and_then(|(_, next)| without(record, next, findings));
    let is_blank = tags::trim(dkim.raw.bytes(), 0..dkim.raw.len()).is_empty();
    let label = match foreign.or_else(|| kind::of_value(dkim.raw.bytes())) {
        Some(kind) => name(kind),
        None if is_blank => "empty",
        None => "something else",
    };
    let (message, severity) = match dkim.role {
        Role::Selector => (
            "this TXT record is no DKIM key: verifiers take it for a broken one, so signatures with this selector fail",
            Severity::Error,
        ),
        _ => (
            "nobody looks for anything at this name of DKIM any more",
            Severity::Warning,
        ),
    };
    findings
        .report(span, message, label)
        .severity(severity)
        .help("move it to the name that it is for, or remove it")
        .fix("remove it", Safety::Unsafe, edits);
}

rule! {
    /// The data of a DKIM key without any tag.
    ///
    /// A key stands behind `p=`. Pasted alone, as it comes out of the file that a program made, it is no key for verifiers, and
    /// signatures fail.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # When to ignore
    /// Never: no verifier takes it for a key.
    /// # Source
    /// RFC 6376, section 3.6.1
    BARE_KEY: "dkim-bare-key", [Error], Unsafe, Dkim(bare_key)
}

fn bare_key(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(key) = dkim.key().filter(|key| !key.is_private()) else {
        return;
    };
    let Content::Bare(at) = &dkim.content else { return };
    let Some(span) = dkim.text.span(at.clone()) else { return };
    let edits = || -> Option<Vec<Edit>> {
        let start = "v=DKIM1; k=rsa; p=";
        let mut edits = Vec::new();
        let mut has_start = false;
        for part in key.parts.armour_with_blanks(dkim.text.bytes()) {
            let new = if part.start == at.start { start } else { "" };
            has_start |= part.start == at.start;
            edits.extend(dkim.text.replace(part, new)?);
        }
        if !has_start {
            edits.extend(dkim.text.replace(at.start..at.start, start)?);
        }
        Some(edits)
    };
    findings
        .report(
            span,
            format!("a key without `p=` before it is none for verifiers, so {FAILS}"),
            "the data of a key, and no tag",
        )
        .help("write `v=DKIM1; k=rsa; p=` before it")
        .fix("write `v=DKIM1; k=rsa; p=` before it", Safety::Unsafe, edits());
}
