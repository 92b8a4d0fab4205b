//! Rules about what the records at a name say together: how large the answer is, and whether the name sends mail.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{
    diagnostic::Safety,
    name::NAME_MAX,
    policy::spf::{
        self, Spf,
        term::{Mechanism, Qualifier},
    },
    rule::{Findings, Rule, rule},
    rules::{
        mail::{null_mx, takes_mail},
        parked::domains::is_parked,
    },
    slip,
    spf_tree::{Selection, is_meant, may_be_spf},
    zones::{Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[RECORD_SIZE, PARKED_DOMAIN, MISSING_RECORD];

/// How many of the other texts in an answer are named, the longest first.
const OTHERS: usize = 5;

rule! {
    /// TXT records that together are too large for a UDP packet.
    ///
    /// Whoever asks for the SPF record gets all TXT records of the name in one answer. With the name they should take less than
    /// 450 octets: a larger answer may be cut, and receivers behind a firewall that lets no DNS over TCP through never see the
    /// record.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// @ TXT "a-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    /// @ TXT "b-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    /// @ TXT "c-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    /// @ TXT "d-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// @ TXT "a-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    /// @ TXT "b-verification=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    /// ```
    /// # When to ignore
    /// When the other texts have to stay, and the name servers answer over TCP. `spf-record-size` in `[limits]` of
    /// `maillint.toml` is another size.
    /// # Source
    /// RFC 7208, section 3.4
    RECORD_SIZE: "spf-record-size", [Warning], None, Node(Holds::TXT, record_size), once_a_file
}

fn record_size<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let texts = || {
        let records = node.records().filter(|record| !record.many);
        records.filter_map(|record| Some((record, record.txt().filter(|txt| !txt.type99)?)))
    };
    let limit = findings.sources().limits.spf_record_size;
    // Most names have none, or little.
    let most: usize = texts().map(|(_, txt)| txt.text.len()).sum();
    if most + NAME_MAX < limit || !node.records().any(may_be_spf) {
        return;
    }
    let name = node.name().wire_len().saturating_sub(2);
    if most + name < limit {
        return;
    }
    let selection = Selection::at(node);
    let Some(record) = selection.records.first() else {
        return;
    };
    let mut seen = BTreeSet::new();
    let mut size = name;
    let mut others = Vec::new();
    for (other, txt) in texts() {
        let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
        if seen.insert(strings) {
            size += txt.text.len();
            others.push((txt.text.len(), other.span));
        }
    }
    if size < limit {
        return;
    }
    others.retain(|(_, span)| *span != record.span);
    others.sort_by_key(|(len, span)| (Reverse(*len), *span));
    let (what, help) = if others.is_empty() {
        ("the SPF record", "move terms into a record of their own and include it")
    } else {
        (
            "the TXT records",
            "take out texts that are not needed any more, or shorten the SPF record",
        )
    };
    findings.about(record);
    let mut finding = findings
        .report(
            record.span,
            format!(
                "{what} and the name `{}` take {size} octets: an answer of {limit} or more may not fit a UDP packet, and \
                 some receivers never see the SPF record",
                node.name()
            ),
            "the SPF record",
        )
        .help(help);
    for (len, span) in others.into_iter().take(OTHERS) {
        finding = finding.related(span, format!("{len} octets"));
    }
}

rule! {
    /// A domain that takes no mail, but does not say that it sends none.
    ///
    /// A null MX says that nothing can be answered to a sender at this domain, and receivers may refuse mail from it for that.
    /// `v=spf1 -all` says so outright, and keeps others from using the name.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 .
    /// @ TXT "v=spf1 include:_spf.example.net ~all"
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// When mail is sent from the domain, and nobody is meant to answer.
    /// # Source
    /// RFC 7208, section 10.1.2
    /// RFC 7505, section 4.2
    PARKED_DOMAIN: "spf-parked-domain", [Info], Unsafe, Node(Holds::MX, parked_domain), once_a_file
}

fn parked_domain<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(mx) = null_mx(node).filter(|_| !node.name().is_wildcard() && !is_parked(node)) else {
        return;
    };
    let selection = Selection::at(node);
    let name = node.name();
    let record = match selection.records[..] {
        _ if selection.is_doubtful => return,
        [record] => record,
        [] if has_no_record(node) => {
            findings.about(mx);
            findings
                .report(
                    mx.span,
                    format!("`{name}` takes no mail and has no SPF record: anybody can send mail in its name"),
                    "takes no mail",
                )
                .help("add a TXT record `v=spf1 -all`, if the domain sends no mail either");
            return;
        }
        _ => return,
    };
    let Some(txt) = record.txt() else { return };
    let text = slip::meant_text(record, txt);
    let Some(spf) = spf::parse(&text, &record.owner, false).filter(|spf| may_pass(spf)) else {
        return;
    };
    let Some(span) = text.whole() else { return };
    findings.about(record);
    findings
        .report(
            span,
            format!("`{name}` takes no mail, but its SPF record does not say that it sends none"),
            "not `v=spf1 -all`",
        )
        .help("write `v=spf1 -all`, if the domain sends no mail either")
        .related(mx.span, "takes no mail")
        .fix(
            "write `v=spf1 -all`",
            Safety::Unsafe,
            spf.text.replace(0..spf.text.len(), "v=spf1 -all"),
        );
}

/// Whether a record says anything else than that nobody sends mail, as far as the file tells.
fn may_pass(spf: &Spf<'_>) -> bool {
    let first = spf.reached().next();
    let fails = first.is_some_and(|first| first.is(Mechanism::All) && first.qualifier == Qualifier::Fail);
    // Another record may say it in its stead.
    let is_elsewhere = first.is_none() && spf.redirect().is_some();
    spf.text.is_complete() && !fails && !is_elsewhere
}

/// Whether no record at a name is an SPF record, or meant to be one, and there are no others.
pub(in crate::rules) fn has_no_record(node: &Node<'_>) -> bool {
    let is_whole = node.zone().is_some_and(|zone| zone.whole);
    let is_there = node.ask(node.name(), Wanted::Txt).found();
    is_whole
        && !node.records().any(is_meant)
        && match is_there {
            Some(found) => {
                found.records().all(|record| !is_meant(record)) && found.zone().is_some_and(|zone| zone.whole)
            }
            None => node.ask(node.name(), Wanted::Txt).is_absent(),
        }
}

rule! {
    /// A domain with mail, but without an SPF record.
    ///
    /// Receivers cannot tell which servers may send mail of the domain. Anybody can send mail in its name, and its own mail is
    /// trusted less.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// When the record is added elsewhere.
    /// # Source
    /// RFC 7208, section 2.1
    /// RFC 7208, section 10.1.2
    MISSING_RECORD: "spf-missing-record", [Info], None, Node(Holds::MX, missing_record), once_a_file
}

fn missing_record<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(mx) = node.records().find(|record| takes_mail(record)) else {
        return;
    };
    if !node.is_apex() || Selection::at(node).is_doubtful || !has_no_record(node) {
        return;
    }
    findings.about(mx);
    findings
        .report(
            mx.span,
            format!(
                "`{}` has no SPF record: receivers cannot tell which servers may send its mail",
                node.name()
            ),
            "the domain takes mail",
        )
        .help("add a TXT record such as `v=spf1 mx -all`, with all servers that send mail of the domain");
}
