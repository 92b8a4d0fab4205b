//! What the rules about report addresses in TLS-RPT and DMARC share: they are the same lists of URIs.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    policy::uri::{Before, Fault, Kind, Uri},
    text::{Edit, Text},
};

/// Why an address leads nowhere, for a label.
pub(super) fn label(fault: &Fault) -> &'static str {
    match fault {
        Fault::BlanksAfterScheme(_) => "a blank after the `:`",
        Fault::Blanks => "a blank in the address",
        Fault::Brackets(_) => "angle brackets are not part of an address",
        Fault::NoAt => "no `@`",
        Fault::ManyAt => "more than one `@`",
        Fault::NoLocal => "nothing before the `@`",
        Fault::Local => "no local part before the `@`",
        Fault::NoDomain => "nothing after the `@`",
        Fault::Domain => "no domain name after the `@`",
        Fault::NoHost => "no host",
        Fault::Percent(_) => "a `%` without two hexadecimal digits after it",
    }
}

/// The edits that mend an address, where it can be told what is meant, and what they do.
pub(super) fn repair(text: &Text, fault: &Fault) -> (&'static str, Option<Vec<Edit>>) {
    match fault {
        Fault::BlanksAfterScheme(at) => ("remove the blank", text.replace(at.clone(), "")),
        Fault::Brackets(at) => {
            let bare = std::str::from_utf8(text.get(at.start + 1..at.end - 1)).ok();
            let edits = bare.and_then(|bare| text.replace(at.clone(), bare));
            ("remove the brackets", edits)
        }
        _ => ("", None),
    }
}

/// The commas, with the blanks beside them, that the empty elements of a list have too much, if not all of it is empty.
pub(super) fn gaps(uris: &[Uri]) -> Vec<(Range<usize>, &'static str)> {
    let mut gaps = Vec::new();
    for (index, uri) in uris.iter().enumerate() {
        if uri.kind != Kind::Empty {
            continue;
        }
        match (&uri.before, uris.get(index + 1)) {
            (Before::Comma(comma), _) => gaps.push((comma.start..uri.whole.end, "no address after this")),
            (Before::Start, Some(next)) => gaps.push((uri.whole.start..next.at.start, "no address before this")),
            _ => {}
        }
    }
    gaps
}

/// The addresses that stand there again, each with the first of its kind; `key` gives what equal ones share.
pub(super) fn repeated<'u>(
    uris: impl Iterator<Item = &'u Uri>,
    key: impl Fn(&Uri) -> Option<Vec<u8>>,
) -> Vec<(&'u Uri, &'u Uri)> {
    let mut seen: BTreeMap<Vec<u8>, &Uri> = BTreeMap::new();
    let mut repeated = Vec::new();
    let uris: Vec<&Uri> = uris.collect();
    for uri in uris.iter().copied().filter(|_| uris.len() > 1) {
        let Some(key) = key(uri) else { continue };
        match seen.get(&key) {
            Some(first) => repeated.push((uri, *first)),
            None => _ = seen.insert(key, uri),
        }
    }
    repeated
}

/// The edits that take an address out that stands there before. `None` where the first one leads nowhere by itself.
pub(super) fn without(text: &Text, uri: &Uri, first: &Uri) -> Option<Vec<Edit>> {
    let is_sound = |uri: &Uri| uri.scheme.is_some() && uri.fault.is_none();
    match &uri.before {
        Before::Comma(comma) if is_sound(first) || !is_sound(uri) => text.replace(comma.start..uri.at.end, ""),
        _ => None,
    }
}
