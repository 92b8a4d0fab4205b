//! Whether a domain takes mail, and sends any.

use crate::{
    name::Name,
    record::{Data, Record},
    zones::Node,
};

/// Whether all MX records at a name are null: the domain takes no mail (RFC 7505).
pub(super) fn is_null_mx(node: &Node<'_>) -> bool {
    let mut all = node.records().filter_map(|record| match &record.data {
        Data::Mx(mx) => Some(&mx.host.name),
        _ => None,
    });
    all.next().is_some_and(Name::is_root) && all.all(Name::is_root)
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
