//! The value of an `mx` field: a host name, or `*.` and a host name (RFC 8461, section 3.2).

use std::{
    iter,
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use crate::name::LABEL_MAX;

/// The longest name as people write it, without a final dot.
const TEXT_MAX: usize = 253;

/// What an `mx` value is. The ranges count its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A host name, or `*.` and a host name.
    Pattern,
    /// Nothing.
    Empty,
    /// The root, which in DNS says that a domain takes no mail.
    Null,
    /// Several patterns.
    List(Vec<Range<usize>>),
    /// A pattern with a dot behind it.
    TrailingDot,
    /// A `*` that is not the whole first label, or a second one.
    Wildcard(Range<usize>),
    /// A label with an underscore, in what is else a pattern.
    Underscore(Range<usize>),
    /// An IP address.
    Address,
    /// A label that is not in ASCII.
    NonAscii(Range<usize>),
    /// Something that the writer was to replace.
    Placeholder,
    /// Anything else.
    Invalid {
        /// The part at fault.
        at: Range<usize>,
        /// What is wrong with it.
        why: Why,
        /// The pattern without it, where that is surely what was meant.
        meant: Option<Range<usize>>,
    },
}

/// What is wrong with an `mx` value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A second `mx` before the host.
    Repeated,
    /// `smtp://`, or what comes behind the host of a URL.
    Url,
    /// A number before the host, as an MX record has it.
    Preference,
    /// A port behind the host.
    Port,
    /// Several words.
    Words,
    /// A `;` or `,` behind the host.
    Punctuation,
    /// Quotes.
    Quotes,
    /// A mail address.
    Mailbox,
    /// Two dots in a row, or a dot at the start.
    EmptyLabel,
    /// A label that starts or ends with a hyphen.
    Hyphen,
    /// A label over 63 bytes.
    LabelTooLong,
    /// A name over 253 bytes.
    NameTooLong,
    /// A character that host names do not have.
    Character,
}

impl Value {
    /// The patterns that a value of so many bytes is meant to be, as the repair of what is wrong with it would leave them; `None`
    /// where that cannot be told.
    pub fn meant(&self, len: usize) -> Option<Vec<Range<usize>>> {
        let one = |range| Some(iter::once(range).collect());
        match self {
            Value::Pattern | Value::Underscore(_) => one(0..len),
            Value::TrailingDot => one(0..len - 1),
            Value::Invalid { meant: Some(meant), .. } => one(meant.clone()),
            Value::List(all) => Some(all.clone()),
            Value::Empty | Value::Null => Some(Vec::new()),
            _ => None,
        }
    }
}

/// Whether a value is in the grammar: a host name, or `*.` and a host name.
pub fn is_pattern(value: &[u8]) -> bool {
    is_host(value.strip_prefix(b"*.").unwrap_or(value))
}

fn is_host(name: &[u8]) -> bool {
    name.len() <= TEXT_MAX && name.split(|byte| *byte == b'.').all(|label| fault(label).is_none())
}

/// What is wrong with a label.
fn fault(label: &[u8]) -> Option<Why> {
    if label.is_empty() {
        Some(Why::EmptyLabel)
    } else if !label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        Some(Why::Character)
    } else if label.starts_with(b"-") || label.ends_with(b"-") {
        Some(Why::Hyphen)
    } else if label.len() > LABEL_MAX {
        Some(Why::LabelTooLong)
    } else {
        None
    }
}

/// Whether a pattern matches the name of a host in an MX record, with or without its final dot: `*` stands for exactly
/// one label (RFC 8461, section 4.1).
pub fn matches(pattern: &[u8], host: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    match pattern.strip_prefix(b"*.") {
        Some(parent) => match host.iter().position(|byte| *byte == b'.') {
            Some(dot) => dot > 0 && host[dot + 1..].eq_ignore_ascii_case(parent),
            None => false,
        },
        None => host.eq_ignore_ascii_case(pattern),
    }
}

/// Reads an `mx` value, whatever it is. Blanks around it are cut already.
pub fn read(value: &[u8]) -> Value {
    if value.is_empty() {
        return Value::Empty;
    }
    if value == b"." {
        return Value::Null;
    }
    if is_address(value) {
        return Value::Address;
    }
    if let Some(hosts) = list(value) {
        return Value::List(hosts);
    }
    if is_placeholder(value) {
        return Value::Placeholder;
    }
    if is_pattern(value) {
        return Value::Pattern;
    }
    if let Some(at) = value.iter().position(|byte| *byte > 0x7e) {
        return Value::NonAscii(label_around(value, at));
    }
    if let Some(star) = stray_star(value) {
        return Value::Wildcard(star..star + 1);
    }
    let dotless = value.strip_suffix(b".").unwrap_or(value);
    if is_pattern(dotless) {
        return Value::TrailingDot;
    }
    let repaired: Vec<u8> = dotless
        .iter()
        .map(|byte| if *byte == b'_' { b'x' } else { *byte })
        .collect();
    if is_pattern(&repaired)
        && let Some(at) = dotless.iter().position(|byte| *byte == b'_')
    {
        return Value::Underscore(label_around(value, at));
    }
    invalid(value)
}

fn is_address(value: &[u8]) -> bool {
    let inside = match value {
        [b'[', inside @ .., b']'] => inside,
        other => other,
    };
    let Ok(text) = std::str::from_utf8(inside) else {
        return false;
    };
    let text = text.strip_suffix('.').unwrap_or(text);
    let six = match text.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("IPv6:") => &text[5..],
        _ => text,
    };
    text.parse::<Ipv4Addr>().is_ok() || six.parse::<Ipv6Addr>().is_ok()
}

/// The hosts of a value that is several of them, with or without the brackets and quotes of a YAML list.
fn list(value: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut hosts = Vec::new();
    let mut start = 0;
    let is_between = |byte: u8| matches!(byte, b' ' | b'\t' | b',' | b';' | b'[' | b']' | b'"' | b'\'');
    while start < value.len() {
        let len = value[start..].iter().position(|byte| is_between(*byte));
        let end = len.map_or(value.len(), |len| start + len);
        if start < end {
            let mut host = &value[start..end];
            host = host.strip_suffix(b".").unwrap_or(host);
            if !is_pattern(host) || !host.contains(&b'.') {
                return None;
            }
            hosts.push(start..start + host.len());
        }
        start = end + 1;
    }
    (hosts.len() > 1).then_some(hosts)
}

/// Signs and words that documentation puts where the reader's own name belongs.
fn is_placeholder(value: &[u8]) -> bool {
    if value.iter().any(|byte| matches!(byte, b'<' | b'>' | b'[' | b']')) {
        return true;
    }
    let value = value.to_ascii_lowercase();
    // Nobody can register anything below `tld`.
    let tld = value.strip_suffix(b".").unwrap_or(&value).ends_with(b".tld");
    tld || value.split(|byte| *byte == b'.').any(|label| {
        let mut words = label.split(|byte| matches!(byte, b'-' | b'_')).peekable();
        while let Some(word) = words.next() {
            let split = word == b"your" && words.peek().is_some_and(|next| *next == b"domain");
            if word == b"yourdomain" || split {
                return true;
            }
        }
        false
    })
}

/// The first `*` that is not the whole first label before a name.
fn stray_star(value: &[u8]) -> Option<usize> {
    let allowed = usize::from(value.len() > 2 && value.starts_with(b"*."));
    value[allowed..]
        .iter()
        .position(|byte| *byte == b'*')
        .map(|at| at + allowed)
}

/// The label that the byte at `at` is in.
fn label_around(value: &[u8], at: usize) -> Range<usize> {
    let is_edge = |byte: &u8| matches!(byte, b'.' | b' ' | b'\t');
    let start = value[..at].iter().rposition(is_edge).map_or(0, |edge| edge + 1);
    let end = value[at..].iter().position(is_edge).map_or(value.len(), |len| at + len);
    start..end
}

fn invalid(value: &[u8]) -> Value {
    let fault = |at: Range<usize>, why: Why, meant: Range<usize>| Value::Invalid {
        at,
        why,
        meant: value.get(meant.clone()).is_some_and(read_is_pattern).then_some(meant),
    };
    let all = 0..value.len();
    if value.len() > 3 && value[..2].eq_ignore_ascii_case(b"mx") && matches!(value[2], b'=' | b' ' | b'\t') {
        let rest = value[3..].iter().position(|byte| !matches!(byte, b' ' | b'\t'));
        return fault(0..3, Why::Repeated, rest.map_or(3, |len| len + 3)..value.len());
    }
    if let Some(colon) = value.windows(3).position(|three| three == b"://") {
        let host = colon + 3;
        let len = value[host..].iter().position(|byte| matches!(byte, b':' | b'/'));
        return fault(0..host, Why::Url, host..len.map_or(value.len(), |len| host + len));
    }
    if let Some(blank) = value.iter().position(|byte| matches!(byte, b' ' | b'\t')) {
        let last = value
            .iter()
            .rposition(|byte| matches!(byte, b' ' | b'\t'))
            .map_or(0, |at| at + 1);
        let first = &value[..blank];
        if first.iter().all(u8::is_ascii_digit) && value[blank..last].trim_ascii().is_empty() {
            return fault(0..blank, Why::Preference, last..value.len());
        }
        let is_host_last = value[last..].contains(&b'.') && read_is_pattern(&value[last..]);
        let before = value[..last].trim_ascii_end().len();
        return match is_host_last {
            true => fault(0..before, Why::Words, last..value.len()),
            false => fault(all, Why::Words, 0..0),
        };
    }
    let clean = value.len()
        - value
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b';' | b','))
            .count();
    if clean < value.len() {
        return fault(clean..value.len(), Why::Punctuation, 0..clean);
    }
    if value.iter().any(|byte| matches!(byte, b'"' | b'\'' | b'`')) {
        return fault(all, Why::Quotes, 1..value.len().saturating_sub(1));
    }
    if let Some(at) = value.iter().position(|byte| *byte == b'@') {
        return fault(0..at + 1, Why::Mailbox, 0..0);
    }
    if let Some(colon) = value.iter().position(|byte| *byte == b':')
        && value[colon + 1..].iter().all(u8::is_ascii_digit)
    {
        return fault(colon..value.len(), Why::Port, 0..colon);
    }
    if let Some(slash) = value.iter().position(|byte| *byte == b'/') {
        return fault(slash..value.len(), Why::Url, 0..slash);
    }
    labels(value)
}

/// Whether a part of a value would be all right by itself.
fn read_is_pattern(value: &[u8]) -> bool {
    !is_address(value) && !is_placeholder(value) && is_pattern(value)
}

/// The label at fault, in a value that is one word.
fn labels(value: &[u8]) -> Value {
    let mut start = if value.starts_with(b"*.") { 2 } else { 0 };
    for label in value[start..].split(|byte| *byte == b'.') {
        let end = start + label.len();
        if let Some(why) = fault(label) {
            let at = match why {
                // The dot that has no label before it.
                Why::EmptyLabel => start.min(value.len() - 1)..(start + 1).min(value.len()),
                Why::Character => {
                    let stray = label
                        .iter()
                        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
                    let stray = start + stray.unwrap_or(0);
                    stray..stray + 1
                }
                _ => start..end,
            };
            return Value::Invalid { at, why, meant: None };
        }
        start = end + 1;
    }
    Value::Invalid {
        at: 0..value.len(),
        why: Why::NameTooLong,
        meant: None,
    }
}
