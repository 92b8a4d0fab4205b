//! Boundaries between character-strings at which something is missing: strings are joined without anything between them,
//! so a blank, or a semicolon, that neither of them holds is lost (RFC 7208, section 3.3).

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use crate::{name::Name, policy::kind::Kind, spelling::Spelling, suffix, text::Text};

/// Longer terms are no terms: a name has 255 bytes at most, and macros are short.
const TERM_MAX: usize = 320;

/// What is missing between two strings of a policy of this kind.
pub(super) fn separator(kind: Kind) -> &'static str {
    match kind {
        Kind::Spf => " ",
        _ => "; ",
    }
}

/// The places in the joined text at which a separator is missing, in order. `own` are the literals that are the text; if
/// `words`, a blank is implied already on both sides of those without quotes.
pub(super) fn find(kind: Kind, text: &Text, own: Range<usize>, words: bool) -> Vec<usize> {
    if own.len() < 2 {
        return Vec::new();
    }
    let mut strings = Strings {
        text,
        own,
        words,
        start: 0,
    };
    strings.start = strings.range(strings.own.start).start;
    strings.start += usize::from(text.bytes().get(strings.start) == Some(&b'"'));
    match kind {
        Kind::Spf => spf(&strings),
        _ => tags(kind, &strings),
    }
}

struct Strings<'a> {
    text: &'a Text,
    own: Range<usize>,
    words: bool,
    /// Where the policy starts: behind a quote that is a part of the text.
    start: usize,
}

impl Strings<'_> {
    fn range(&self, index: usize) -> Range<usize> {
        self.text.literal(index).map_or(0..0, |(range, _, _)| range)
    }

    /// Whether a blank is implied behind the literal with this number.
    fn is_parted(&self, index: usize) -> bool {
        let is_word = |index: usize| matches!(self.text.literal(index), Some((_, _, Spelling::ZoneBare)));
        self.words && (is_word(index) || is_word(index + 1))
    }

    /// The boundaries, each by the number of the literal before it.
    fn boundaries(&self) -> Range<usize> {
        self.own.start..self.own.end - 1
    }
}

/// From right to left, since a term ends where the next separator is missing.
fn spf(strings: &Strings<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut end = strings.range(strings.own.end - 1).end;
    for index in strings.boundaries().rev() {
        let at = strings.range(index).end;
        let parted = strings.is_parted(index);
        let right = strings.range(index + 1);
        // The boundaries of an empty string are one.
        if !parted && (right.is_empty() || !glues_terms(strings, index, right, end)) {
            continue;
        }
        if !parted {
            found.push(at);
        }
        end = at;
    }
    found.reverse();
    found
}

/// Whether the string at `right` starts a term that is glued to what stands before it. `end` is where the text, or its next
/// separator, is.
fn glues_terms(strings: &Strings<'_>, index: usize, right: Range<usize>, end: usize) -> bool {
    let bytes = strings.text.bytes();
    let at = right.start;
    let Some(before) = at.checked_sub(1).map(|before| bytes[before]) else {
        return false;
    };
    if is_blank(before) || matches!(before, b':' | b'=' | b'.' | b'%' | b'/') {
        return false;
    }
    let Some(start) = Start::of(&bytes[at..end], right.len()) else {
        return false;
    };
    let from = term_start(strings, index, at);
    if is_qualifier(before) && from + 1 == at {
        return false;
    }
    let behind = bytes[at..end].iter().take(TERM_MAX);
    let term = from..at + behind.take_while(|byte| !is_blank(**byte)).count();
    let is_long = term.len() >= TERM_MAX;
    strings.text.is_known(term.clone()) && (is_long || !stands(&bytes[term], start))
}

/// Where the term that goes on at `at`, behind the literal `index`, starts.
fn term_start(strings: &Strings<'_>, index: usize, at: usize) -> usize {
    let far = at.saturating_sub(TERM_MAX);
    let parted = (strings.own.start..index)
        .rev()
        .take(if strings.words { TERM_MAX } else { 0 })
        .find(|before| strings.is_parted(*before))
        .map_or(strings.start, |before| strings.range(before).end);
    let first = parted.max(far).min(at);
    let before = &strings.text.bytes()[first..at];
    first
        + before
            .iter()
            .rposition(|byte| is_blank(*byte))
            .map_or(0, |blank| blank + 1)
}

/// How a string starts like a term of SPF.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Start {
    /// With a word and nothing to it: `a`, `mx`, `all`, `ptr`.
    Word,
    /// With a qualifier or an argument.
    Full,
}

impl Start {
    /// How the string of `len` bytes starts that `right`, the rest of the text, begins with.
    fn of(right: &[u8], len: usize) -> Option<Start> {
        let qualified = usize::from(right.first().copied().is_some_and(is_qualifier));
        let term = &right[qualified..];
        let heads = ["include:", "ip4:", "ip6:", "exists:", "redirect=", "exp="];
        if heads.iter().any(|head| starts_with(term, head)) {
            return Some(Start::Full);
        }
        let name = term
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let next = term.get(name).filter(|_| qualified + name != len);
        let alone = next.is_none_or(|next| is_blank(*next));
        let is = |names: &[&str]| {
            names
                .iter()
                .any(|other| term[..name].eq_ignore_ascii_case(other.as_bytes()))
        };
        let full = match next {
            Some(b'/') => is(&["a", "mx"]),
            Some(b':') => is(&["a", "mx", "ptr"]),
            _ => alone && qualified > 0 && is(&["all", "a", "mx", "ptr"]),
        };
        if full {
            Some(Start::Full)
        } else {
            (alone && is(&["all", "a", "mx", "ptr"])).then_some(Start::Word)
        }
    }
}

/// Whether a comment begins like the rest of an SPF record, and like nothing else.
pub(super) fn goes_on_with_term(comment: &[u8]) -> bool {
    Start::of(comment, comment.len()) == Some(Start::Full)
}

/// Whether a term is right as it is, so that the boundary inside it was meant. Its right part starts like `start`.
fn stands(term: &[u8], start: Start) -> bool {
    let Ok(term) = std::str::from_utf8(term) else {
        return false;
    };
    let term = term.strip_prefix(['+', '-', '~', '?']).unwrap_or(term);
    let end = term.find([':', '/', '=']).unwrap_or(term.len());
    let (name, rest) = term.split_at(end);
    let argument = rest.get(1..).unwrap_or_default();
    let without_length = argument.split('/').next().unwrap_or_default();
    match (name.to_ascii_lowercase().as_str(), rest.as_bytes().first()) {
        ("all" | "a" | "mx" | "ptr", None) => true,
        ("a" | "mx", Some(b'/')) => argument.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/'),
        ("a" | "mx", Some(b':')) => is_domain(without_length),
        ("include" | "exists" | "ptr", Some(b':')) | ("redirect" | "exp", Some(b'=')) => is_domain(argument),
        ("ip4", Some(b':')) => is_network::<Ipv4Addr>(argument),
        ("ip6", Some(b':')) => is_network::<Ipv6Addr>(argument),
        ("v", Some(b'=')) => term.len() == Kind::Spf.version().len(),
        // Other modifiers may hold anything.
        (_, Some(b'=')) => start == Start::Word,
        _ => false,
    }
}

/// Whether a domain is one that somebody may have: it ends in a top-level domain that there is, or in a macro.
fn is_domain(domain: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let has_macro = domain.contains('%');
    let Some((_, last)) = domain.trim_end_matches('.').rsplit_once('.') else {
        return has_macro && domain.ends_with('}');
    };
    (has_macro || domain.bytes().all(plain))
        && (has_macro && last.ends_with('}') || Name::parse(last).is_some_and(|last| suffix::has_known_tld(&last)))
}

fn is_network<A: std::str::FromStr>(network: &str) -> bool {
    let (address, length) = network.split_once('/').unwrap_or((network, "0"));
    address.parse::<A>().is_ok() && length.parse::<u8>().is_ok()
}

fn tags(kind: Kind, strings: &Strings<'_>) -> Vec<usize> {
    let bytes = strings.text.bytes();
    let end = strings.range(strings.own.end - 1).end;
    let mut found = Vec::new();
    let (mut segment, mut seen) = (strings.start, strings.start);
    for index in strings.boundaries() {
        let at = strings.range(index).end.max(seen);
        if let Some(last) = memchr::memrchr(b';', &bytes[seen..at]) {
            segment = seen + last + 1;
        }
        seen = at;
        // The boundaries of an empty string are one.
        let is_open = !strings.range(index + 1).is_empty() && !strings.is_parted(index);
        let is_known = || strings.text.is_known(segment..at) && strings.text.is_known(at..(at + 16).min(end));
        if is_open && glues_tags(kind, &bytes[segment..at], &bytes[at..end]) && is_known() {
            found.push(at);
            segment = at;
        }
    }
    found
}

/// Whether `right` starts with a tag that is glued to the tag `left`, and `left` cannot go on so.
fn glues_tags(kind: Kind, left: &[u8], right: &[u8]) -> bool {
    let Some(name) = tag_name(right) else { return false };
    // Behind these, the value goes on.
    let open = |last: &u8| is_blank(*last) || matches!(last, b';' | b'=' | b':' | b',' | b'/' | b'?' | b'&');
    let left = left.trim_ascii_start();
    if left.last().is_none_or(open) {
        return false;
    }
    if left.eq_ignore_ascii_case(kind.version().as_bytes()) {
        return true;
    }
    let Some(equals) = left.iter().take(32).position(|byte| *byte == b'=') else {
        // The boundary is inside the name of a tag.
        return false;
    };
    let (tag, value) = (left[..equals].trim_ascii_end(), &left[equals + 1..]);
    let next = right.get(name.len() + 1);
    match (kind, tag) {
        // Free text.
        (Kind::Dkim, b"n") => false,
        // Base64 ends in `=`, and goes on with nothing behind that.
        (Kind::Dkim, b"p") => {
            is_tag(kind, name) && !next.is_none_or(|next| is_blank(*next) || matches!(next, b'=' | b';'))
        }
        (_, b"rua" | b"ruf" | b"l" | b"a") => is_tag(kind, name) && is_whole_uri(value),
        _ => is_tag(kind, name) || is_tag(kind, tag),
    }
}

/// Whether a URI, or a list of them, holds no `=` further on: not before the `@` of an address, and not in a query.
fn is_whole_uri(value: &[u8]) -> bool {
    let near = &value[value.len().saturating_sub(TERM_MAX)..];
    let last = near.rsplit(|byte| *byte == b',').next().unwrap_or(near).trim_ascii();
    !last.contains(&b'?') && (!starts_with(last, "mailto:") || last.contains(&b'@'))
}

/// The name of the tag that a text starts with, in small letters up to its `=`.
fn tag_name(text: &[u8]) -> Option<&[u8]> {
    let len = text
        .iter()
        .take(16)
        .take_while(|byte| byte.is_ascii_lowercase())
        .count();
    (len > 0 && text.get(len) == Some(&b'=')).then(|| &text[..len])
}

/// Whether a policy of this kind has a tag of this name.
fn is_tag(kind: Kind, name: &[u8]) -> bool {
    let names: &[&str] = match kind {
        Kind::Spf => &[],
        Kind::Dkim => &["v", "k", "h", "p", "s", "t", "n", "g"],
        Kind::Dmarc => &[
            "v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "t", "psd", "pct", "rf", "ri",
        ],
        Kind::MtaSts => &["v", "id"],
        Kind::TlsRpt => &["v", "rua"],
        Kind::Bimi => &["v", "l", "a", "avp", "lps"],
    };
    names.iter().any(|other| other.as_bytes() == name)
}

/// Whether the blank between two words of a policy means something, so that the words joined say something else.
pub(super) fn blank_matters(kind: Kind, left: &[u8], right: &[u8]) -> bool {
    let (Some(before), Some(behind)) = (left.last(), right.first()) else {
        return false;
    };
    if is_blank(*before) || is_blank(*behind) {
        return false;
    }
    let parts = |byte: &u8| matches!(byte, b';' | b',' | b'=' | b':');
    match kind {
        Kind::Spf => true,
        // Blanks inside a key say nothing (RFC 6376, section 3.6.1).
        Kind::Dkim if tag_name(right).is_none() => false,
        _ => !parts(before) && !parts(behind),
    }
}

fn starts_with(text: &[u8], head: &str) -> bool {
    text.get(..head.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(head.as_bytes()))
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_qualifier(byte: u8) -> bool {
    matches!(byte, b'+' | b'-' | b'~' | b'?')
}
