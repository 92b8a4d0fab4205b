//! What a word of an SPF record is, or is meant to be (RFC 7208, sections 4.6.1 and 12).

use std::ops::Range;

use crate::{
    policy::spf::{
        network,
        term::{Kind, Mechanism, Modifier, Qualifier, Slip, Term},
    },
    text::Text,
};

/// A term of which the file does not tell all.
pub(super) fn unknown(at: Range<usize>) -> Term {
    Term {
        qualifier_at: at.start..at.start,
        qualifier: Qualifier::Pass,
        name: at.start..at.start,
        separator: None,
        argument: at.end..at.end,
        lengths: network::Lengths::default(),
        kind: Kind::Unknown,
        slips: Vec::new(),
        at,
    }
}

/// What a term is.
pub(super) fn term(text: &Text, at: Range<usize>) -> Term {
    let word = text.get(at.clone());
    let qualifiers = word.len() - skip_qualifiers(word).len();
    let qualifier = qualifiers.checked_sub(1).and_then(|last| Qualifier::of(word[last]));
    let start = at.start + qualifiers;
    let mut term = Term {
        qualifier_at: at.start..start,
        qualifier: qualifier.unwrap_or(Qualifier::Pass),
        name: start..at.end,
        separator: None,
        argument: at.end..at.end,
        lengths: network::lengths(text, at.end..at.end),
        kind: Kind::Malformed,
        slips: Vec::new(),
        at,
    };
    if qualifiers > 1 {
        term.slips.push(Slip::QualifierRepeated(term.at.start..start - 1));
    }
    let unqualified = text.get(start..term.at.end);
    if unqualified.is_empty() {
        term.slips = vec![Slip::QualifierAlone];
    } else if network::is_network(unqualified) {
        bare_address(text, &mut term);
    } else {
        named(text, &mut term);
    }
    term
}

fn bare_address(text: &Text, term: &mut Term) {
    let unqualified = text.get(term.name.clone());
    let slash = memchr::memchr(b'/', unqualified).map_or(term.at.end, |len| term.name.start + len);
    let is_v4 = !unqualified.contains(&b':');
    term.kind = Kind::Mechanism(if is_v4 { Mechanism::Ip4 } else { Mechanism::Ip6 });
    term.argument = term.name.start..slash;
    term.name.end = term.name.start;
    term.lengths = network::lengths(text, slash..term.at.end);
    term.slips.push(Slip::BareAddress);
}

fn named(text: &Text, term: &mut Term) {
    let start = term.name.start;
    let unqualified = text.get(start..term.at.end);
    if all_argument(unqualified, !term.qualifier_at.is_empty()) {
        term.name.end = start + 3;
        term.kind = Kind::Mechanism(Mechanism::All);
        term.slips.push(Slip::AllArgument(term.name.end..term.at.end));
        return;
    }
    let end = memchr::memchr3(b':', b'=', b'/', unqualified).unwrap_or(unqualified.len());
    let name = &unqualified[..end];
    match unqualified.get(end) {
        Some(b'=') if is_name(name) => modifier(text, term, start + end),
        Some(b':') if Modifier::named(name).takes_domain() => {
            set_argument(text, term, start + end);
            term.kind = Kind::Modifier(Modifier::named(name));
            if !term.qualifier_at.is_empty() {
                term.slips.push(Slip::QualifiedModifier);
            }
            term.slips.push(Slip::Colon);
            miss_argument(term);
        }
        Some(b'=') => term.slips.push(Slip::Name),
        separator => {
            let is_colon = separator == Some(&b':');
            mechanism(text, term, start + end, is_colon);
        }
    }
}

fn modifier(text: &Text, term: &mut Term, equals: usize) {
    let name = text.get(term.name.start..equals);
    let value = text.get(equals + 1..term.at.end);
    if let Some(meant) = meant_by_equals(name, value) {
        set_argument(text, term, equals);
        term.kind = match meant {
            Mechanism::All => Kind::Modifier(Modifier::Other),
            meant => Kind::Mechanism(meant),
        };
        term.slips.push(Slip::Equals);
        return;
    }
    let is_version = name.eq_ignore_ascii_case(b"v") && value.eq_ignore_ascii_case(b"spf1");
    let modifier = if is_version {
        Modifier::Version
    } else {
        Modifier::named(name)
    };
    term.kind = Kind::Modifier(modifier);
    if !term.qualifier_at.is_empty() {
        term.slips.push(Slip::QualifiedModifier);
    }
    term.name.end = equals;
    term.separator = Some(equals);
    term.argument = equals + 1..term.at.end;
    if modifier.takes_domain() {
        set_argument(text, term, equals);
        miss_argument(term);
    }
}

fn mechanism(text: &Text, term: &mut Term, end: usize, has_colon: bool) {
    let name = text.get(term.name.start..end);
    let known = Mechanism::named(name);
    let argument = text.get(end + 1..term.at.end);
    let Some(mechanism) = known.or_else(|| meant_by_name(name, argument, has_colon)) else {
        term.slips.push(Slip::Name);
        return;
    };
    if known.is_none() {
        term.slips.push(Slip::Name);
    }
    term.kind = Kind::Mechanism(mechanism);
    if has_colon {
        set_argument(text, term, end);
    } else {
        term.name.end = end;
        term.argument = end..end;
        term.lengths = network::lengths(text, end..term.at.end);
    }
    miss_argument(term);
}

/// Splits what stands behind the separator into an argument and prefix lengths.
fn set_argument(text: &Text, term: &mut Term, separator: usize) {
    term.name.end = separator;
    term.separator = Some(separator);
    let start = separator + 1;
    let name = text.get(term.name.clone());
    let is_address = matches!(Mechanism::named(name), Some(Mechanism::Ip4 | Mechanism::Ip6))
        || [b"ip".as_slice(), b"ipv4", b"ipv6"]
            .iter()
            .any(|other| name.eq_ignore_ascii_case(other));
    let rest = text.get(start..term.at.end);
    let slash = start + lengths_start(rest, is_address);
    term.argument = start..slash;
    term.lengths = network::lengths(text, slash..term.at.end);
}

/// Where the prefix lengths behind an argument start. A domain may have slashes in it, and macros may.
fn lengths_start(rest: &[u8], is_address: bool) -> usize {
    if is_address {
        return memchr::memchr(b'/', rest).unwrap_or(rest.len());
    }
    const LONGEST: usize = 3;
    let is_digit = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'/' | b'.');
    let digits = rest.iter().rev().take_while(|byte| is_digit(byte)).count();
    let numeric = rest.len() - digits;
    let slash = memchr::memchr(b'/', &rest[numeric..]).map(|at| numeric + at);
    let word = || {
        let at = memchr::memrchr(b'/', rest)?;
        let length = &rest[at + 1..];
        let is_short = length.len() <= LONGEST && length.iter().all(u8::is_ascii_alphanumeric);
        is_short.then_some(at)
    };
    let Some(mut at) = slash.or_else(word) else {
        return rest.len();
    };
    // Two lengths, of which the second is a word; and the slash of `//64`.
    if at > 0 && rest[at - 1] == b'/' {
        at -= 1;
    }
    // A URL is no domain, but all of it is what somebody took for one.
    if at > 0 && rest[at - 1] == b':' { rest.len() } else { at }
}

fn miss_argument(term: &mut Term) {
    let needs = match term.kind {
        Kind::Mechanism(mechanism) => mechanism.needs_argument() || term.separator.is_some(),
        Kind::Modifier(modifier) => modifier.takes_domain(),
        _ => false,
    };
    if needs && term.argument.is_empty() {
        term.slips.push(Slip::NoArgument);
    }
}

/// Whether something is `all` with more behind it than there should be, and not the name of a host.
fn all_argument(word: &[u8], is_qualified: bool) -> bool {
    let Some((all, rest)) = word.split_at_checked(3) else {
        return false;
    };
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    let is_host = |rest: &[u8]| !is_qualified && rest.starts_with(b".") && rest.get(1).is_some_and(is_inner);
    all.eq_ignore_ascii_case(b"all") && rest.first().is_some_and(|first| !is_inner(first)) && !is_host(rest)
}

/// The mechanism that is meant by one with `=` in place of `:`.
pub(super) fn meant_by_equals(name: &[u8], value: &[u8]) -> Option<Mechanism> {
    Mechanism::named(name).or_else(|| alias(name, value))
}

/// The mechanism that is meant by a name that is none.
fn meant_by_name(name: &[u8], argument: &[u8], has_colon: bool) -> Option<Mechanism> {
    if let Some(mechanism) = alias(name, argument).filter(|_| has_colon) {
        return Some(mechanism);
    }
    if !(2..=8).contains(&name.len()) {
        return None;
    }
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let near = |mechanism: &Mechanism| {
        let other = mechanism.name();
        let is_shape = mechanism.needs_argument() && has_colon || mechanism.is_word_alone() && !has_colon;
        is_shape && other.len() > 2 && strsim::osa_distance(other, &name) == 1
    };
    let mechanism = Mechanism::ALL.into_iter().find(near)?;
    match mechanism {
        Mechanism::Ip4 | Mechanism::Ip6 => Some(family(argument)),
        mechanism => Some(mechanism),
    }
}

/// The mechanism for addresses that other systems call so.
fn alias(name: &[u8], argument: &[u8]) -> Option<Mechanism> {
    if name.eq_ignore_ascii_case(b"ipv4") {
        Some(Mechanism::Ip4)
    } else if name.eq_ignore_ascii_case(b"ipv6") {
        Some(Mechanism::Ip6)
    } else {
        name.eq_ignore_ascii_case(b"ip").then(|| family(argument))
    }
}

fn family(argument: &[u8]) -> Mechanism {
    if argument.iter().filter(|byte| **byte == b':').count() > 1 {
        Mechanism::Ip6
    } else {
        Mechanism::Ip4
    }
}

impl Mechanism {
    /// Whether it mostly stands without an argument.
    fn is_word_alone(self) -> bool {
        matches!(self, Mechanism::All | Mechanism::Ptr)
    }
}

/// Whether something is the name of a modifier.
pub(super) fn is_name(name: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().all(is_inner)
}

/// A word without the qualifiers that it begins with.
pub(super) fn skip_qualifiers(word: &[u8]) -> &[u8] {
    let len = word.iter().take_while(|byte| Qualifier::of(**byte).is_some()).count();
    &word[len..]
}

/// Whether a word begins so, in whatever case.
pub(super) fn starts_with(word: &[u8], head: &[u8]) -> bool {
    word.get(..head.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(head))
}
