//! Whether a domain takes mail, and sends any.

use crate::{
    name::Name,
    record::{Data, Record},
    span::Span,
    zones::{Answer, Node, Wanted},
};

/// Whether this is an MX record with a host. One without says that the domain takes no mail (RFC 7505).
pub(super) fn takes_mail(record: &Record) -> bool {
    !record.many && matches!(&record.data, Data::Mx(mx) if !mx.host.name.is_root())
}

/// The null MX record of a name that has no other MX record: the domain takes no mail (RFC 7505).
pub(super) fn null_mx<'a>(node: &Node<'a>) -> Option<&'a Record> {
    let mut all = node.records().filter(|record| matches!(record.data, Data::Mx(_)));
    let is_null = |record: &&Record| !record.many && !takes_mail(record);
    all.next()
        .filter(|first| is_null(first) && all.all(|record| is_null(&record)))
}

/// Where the owner of a record is written; all of the record where it has that of the line before.
pub(super) fn owner_place(record: &Record) -> Span {
    let owner = record.owner_span();
    if owner.is_empty() { record.span } else { owner }
}

/// Why a domain takes no mail, as far as the repository shows it, seen from a name.
pub(super) fn takes_none(domain: &Name, from: &Node<'_>) -> Option<&'static str> {
    match from.ask(domain, Wanted::Mx) {
        Answer::Found(node) if null_mx(&node).is_some() => Some("a null MX"),
        Answer::Absent if from.ask(domain, Wanted::Address).is_absent() => Some("neither MX nor address"),
        _ => None,
    }
}

/// Whether a record is an SPF record that lets nobody send.
pub(super) fn is_closed_spf(record: &Record) -> bool {
    let Some(txt) = record.txt().filter(|txt| txt.text.is_complete()) else {
        return false;
    };
    let mut words = txt
        .text
        .bytes()
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let mut is = |word: &str| {
        words
            .next()
            .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    is("v=spf1") && is("-all") && words.next().is_none()
}
