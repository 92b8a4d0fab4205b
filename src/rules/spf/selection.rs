//! Rules about which record at a name is the SPF record.

use std::{borrow::Cow, collections::BTreeSet};

use crate::{
    diagnostic::{Safety, Severity},
    policy::spf::{Spf, version},
    record::{Record, Txt},
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{LOST, PERMERROR},
        version::may_be_alternatives,
    },
    slip,
    span::Span,
    spf_tree::may_be_spf,
    text::{Edit, Text},
    zones::{Holds, Node, Place},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MULTIPLE_RECORDS, TYPE99, SENDER_ID, WILDCARD];

rule! {
    /// More than one SPF record at a name.
    ///
    /// Receivers do not choose between records that begin with `v=spf1`, nor do they join them: more than one is an error,
    /// and no mail passes. Two records with the same character-strings are one record to DNS; the same text in other
    /// character-strings is another record.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// @ TXT "v=spf1 include:_spf.example.net -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx include:_spf.example.net -all"
    /// @ TXT "site-verification=abc123"
    /// ```
    /// # When to ignore
    /// Never: no receiver uses either of them.
    /// # Source
    /// RFC 7208, section 3.2
    /// RFC 7208, section 4.5
    MULTIPLE_RECORDS: "spf-multiple-records", [Error], None, Node(Holds::TXT.and(Holds::SEVERAL), multiple_records)
}

fn multiple_records<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if node.records().filter(|record| may_be_spf(record)).nth(1).is_none() {
        return;
    }
    let mut first: Option<Span> = None;
    let mut seen = BTreeSet::new();
    for (record, txt, text) in texts(node).filter(|(_, txt, _)| !txt.type99) {
        // With a hole, it may be equal to another.
        if record.many || !text.is_complete() || !version::is_selected(text.bytes()) {
            continue;
        }
        let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
        if !seen.insert(strings) {
            continue;
        }
        let Some(first) = first else {
            first = Some(record.span);
            continue;
        };
        if may_be_alternatives(node, first, record.span) {
            continue;
        }
        findings.about(record);
        findings
            .report(
                record.span,
                format!("more than one SPF record at `{}`, {PERMERROR}", node.name()),
                "also begins with `v=spf1`",
            )
            .help("keep one record, with the terms of all of them and one `all` at its end")
            .related(first, "the first one");
    }
}

/// The TXT records of a name with their texts, those of the obsolete type SPF among them.
fn texts<'a>(node: &Node<'a>) -> impl Iterator<Item = (&'a Record, &'a Txt, Cow<'a, Text>)> {
    node.records().filter_map(|record| {
        let txt = record.txt()?;
        Some((record, txt, slip::meant_text(record, txt)))
    })
}

rule! {
    /// A record of type SPF.
    ///
    /// The type SPF, number 99, was an experiment that ended in 2014. Receivers ask for TXT and for nothing else. Where a TXT
    /// record says the same, the other one is merely left over; where there is none, the domain has no SPF record.
    ///
    /// # Severity
    /// An error where no TXT record with SPF stands beside it; a warning where one does.
    /// # Bad
    /// ```zone
    /// @ SPF "v=spf1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// When a program of your own reads the records of this type.
    /// # Source
    /// RFC 7208, section 3.1
    /// RFC 7208, section 14.1
    TYPE99: "spf-type99", [Error, Warning], Unsafe, Node(Holds::TXT, type99), once_a_file
}

fn type99<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    // What begins with a hole may be an SPF record.
    let mut has_txt = None;
    let is_txt = |text: &Text| version::is_selected(text.bytes()) || !text.is_known(0..text.len().min(7));
    if !node.records().any(|record| record.txt().is_some_and(|txt| txt.type99)) {
        return;
    }
    for (record, txt, text) in texts(node).filter(|(_, txt, _)| txt.type99) {
        let has_txt = *has_txt.get_or_insert_with(|| texts(node).any(|(_, txt, text)| !txt.type99 && is_txt(&text)));
        let at = type_of(record, txt, findings);
        let span = at.unwrap_or(record.span);
        findings.about(record);
        if has_txt {
            findings
                .report(
                    span,
                    "receivers do not ask for the type SPF: only the TXT record at this name counts",
                    "an obsolete type",
                )
                .severity(Severity::Warning)
                .help("remove this record");
            continue;
        }
        let edit = |span| {
            let new = "TXT".to_string();
            vec![Edit { span, new }]
        };
        let at = at.filter(|_| version::is_selected(text.bytes()));
        findings
            .report(
                span,
                format!("nobody asks for records of the type SPF, {LOST}"),
                "an obsolete type",
            )
            .help("publish it as TXT")
            .fix("change the type to TXT", Safety::Unsafe, at.map(edit));
    }
}

/// Where the type of a record is written; `None` if it does not stand before the text.
fn type_of(record: &Record, txt: &Txt, findings: &Findings<'_>) -> Option<Span> {
    let text = txt.literal_span(0).filter(|text| text.source == record.span.source)?;
    let before = Span {
        end: text.start.max(record.span.start),
        ..record.span
    };
    // Between the type and the text may stand a parenthesis, or the length of digits.
    let mut words = findings
        .source(before)
        .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'(' | b')'))
        .rev()
        .scan(before.end, |end, word| {
            let start = *end - word.len() as u32;
            *end = start.saturating_sub(1);
            Some((start, word))
        });
    let is_type = |word: &[u8]| word.eq_ignore_ascii_case(b"SPF") || word.eq_ignore_ascii_case(b"TYPE99");
    let (start, word) = words.find(|(_, word)| is_type(word))?;
    Some(Span {
        start,
        end: start + word.len() as u32,
        ..before
    })
}

rule! {
    /// A record of Sender ID.
    ///
    /// Sender ID was an experiment of 2006 that hardly anybody took up and that is given up. Receivers do not look at records
    /// that begin with `spf2.0`; only `v=spf1` counts.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// @ TXT "spf2.0/pra ?all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// When a receiver that matters to you still checks Sender ID.
    /// # Source
    /// RFC 4406, section 3.1
    SENDER_ID: "spf-sender-id", [Warning], None, Spf(sender_id), once_a_file
}

fn sender_id(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some(span) = spf.text.whole().filter(|_| spf.version.how == version::How::SenderId) else {
        return;
    };
    findings
        .report(
            span,
            "a record of Sender ID, which is given up: receivers look at `v=spf1` records only",
            "not an SPF record",
        )
        .help("remove it, if a `v=spf1` record says who may send");
}

rule! {
    /// An SPF record at a wildcard.
    ///
    /// It answers for names that do not exist otherwise. A name with any record of its own, and every name above such a one,
    /// has no SPF record unless it is written there, too: hosts with addresses are the ones that are forgotten.
    ///
    /// # Bad
    /// ```zone
    /// *.example.com. TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// www.example.com. TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// When the record is repeated at all names that exist.
    /// # Source
    /// RFC 7208, section 3.5
    WILDCARD: "spf-wildcard", [Info], None, SpfWithin(wildcard), once_a_file
}

fn wildcard<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !spf.is_at_wildcard() || !spf.is_selected() || spf.type99 {
        return;
    }
    findings
        .report(
            place.record.owner_span(),
            "an SPF record at a wildcard is not found at names that have any record of their own",
            "answers only where nothing else stands",
        )
        .help("repeat the record at each name that has other records");
}
