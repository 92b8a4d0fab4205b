//! Records as a server would print them: names completed, one line, blanks and comments normalised.
//!
//! What the file does not tell is shown as `{?}`.

use std::{fmt::Write, ops::Range};

use crate::{
    name::Name,
    record::{Data, Other, Record, Soa, Txt},
    source::Sources,
    span::Span,
    syntax::zone as syntax,
    text::{Hole, Text},
};

/// What stands for something that the file does not tell.
const UNKNOWN: &str = "{?}";

/// The data of a record in presentation form (RFC 1035, section 5.1). Data of types that are not looked into is shown as it
/// is written.
pub fn value(record: &Record, sources: &Sources) -> String {
    match &record.data {
        Data::Txt(txt) => quoted(txt),
        Data::Mx(mx) => format!("{} {}", mx.preference, name(&mx.host.name)),
        Data::Cname(target) | Data::Dname(target) | Data::Ns(target) | Data::Ptr(target) => name(&target.name),
        Data::Srv(srv) => {
            let [priority, weight, port] = srv
                .numbers
                .map(|number| number.map_or(UNKNOWN.to_string(), |number| number.to_string()));
            format!("{priority} {weight} {port} {}", name(&srv.host.name))
        }
        Data::Soa(soa) => start_of_zone(soa, record.span, sources),
        Data::A(address) => address.to_string(),
        Data::Aaaa(address) => address.to_string(),
        Data::Tlsa(tlsa) => {
            let [usage, selector, matching] = tlsa.fields.each_ref().map(|field| text(field).value);
            let digits = text(&tlsa.digits).value.to_ascii_uppercase();
            format!("{usage} {selector} {matching} {digits}")
        }
        Data::Other(other) => opaque(other, record, sources),
        Data::Unknown => UNKNOWN.to_string(),
    }
}

/// A name with its final dot.
pub fn name(name: &Name) -> String {
    if name.is_root() {
        ".".to_string()
    } else {
        format!("{name}.")
    }
}

/// A decoded value to be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The value, with `{?}` for what the file does not tell. What is not UTF-8 is replaced.
    pub value: String,
    /// Where those `{?}` stand, in bytes.
    pub holes: Vec<Range<usize>>,
}

/// The decoded value of a text.
pub fn text(text: &Text) -> Shown {
    with_holes(text.bytes(), 0, text.holes(), lossy)
}

/// The decoded character-strings of a TXT record, each with `{?}` for what the file does not tell.
pub fn strings(txt: &Txt) -> Vec<String> {
    each_string(txt, lossy)
}

fn quoted(txt: &Txt) -> String {
    let strings: Vec<String> = each_string(txt, escaped)
        .into_iter()
        .map(|string| format!("\"{string}\""))
        .collect();
    strings.join(" ")
}

fn each_string(txt: &Txt, write: fn(&[u8], &mut String)) -> Vec<String> {
    let ranges: Vec<Range<usize>> = txt.strings().collect();
    let mut holes = txt.text.holes();
    let mut strings = Vec::with_capacity(ranges.len());
    for (index, range) in ranges.iter().enumerate() {
        let inside = txt.text.literal(index).map(|(_, inside, _)| inside);
        // Between two strings, a hole belongs to the one between whose quotes it is written.
        let count = holes
            .iter()
            .take_while(|hole| {
                let at = hole.at as usize;
                let written_here = inside.is_some_and(|inside| hole.span.end <= inside.end);
                at < range.end || at == range.end && (written_here || index + 1 == ranges.len())
            })
            .count();
        let (own, rest) = holes.split_at(count);
        strings.push(with_holes(txt.text.get(range.clone()), range.start, own, write).value);
        holes = rest;
    }
    strings
}

/// Writes `bytes`, which start at `base` of their text, and what stands for the holes in them.
fn with_holes(bytes: &[u8], base: usize, holes: &[Hole], write: fn(&[u8], &mut String)) -> Shown {
    let mut shown = Shown {
        value: String::with_capacity(bytes.len()),
        holes: Vec::with_capacity(holes.len()),
    };
    let mut done = 0;
    for hole in holes {
        let at = (hole.at as usize).saturating_sub(base).clamp(done, bytes.len());
        write(&bytes[done..at], &mut shown.value);
        let start = shown.value.len();
        shown.value.push_str(UNKNOWN);
        shown.holes.push(start..shown.value.len());
        done = at;
    }
    write(&bytes[done..], &mut shown.value);
    shown
}

fn lossy(bytes: &[u8], into: &mut String) {
    into.push_str(&String::from_utf8_lossy(bytes));
}

/// The inside of a quoted character-string.
fn escaped(bytes: &[u8], into: &mut String) {
    for byte in bytes {
        match byte {
            b'"' | b'\\' => into.extend(['\\', *byte as char]),
            0x20..0x7f => into.push(*byte as char),
            // Writing to a string does not fail.
            byte => _ = write!(into, "\\{byte:03}"),
        }
    }
}

fn start_of_zone(soa: &Soa, record: Span, sources: &Sources) -> String {
    let numbers = Span {
        start: soa.numbers.start,
        end: soa.numbers.end,
        ..record
    };
    let (primary, mailbox) = (name(&soa.primary.name), name(&soa.mailbox.name));
    format!("{primary} {mailbox} {}", as_written(numbers, sources))
}

fn opaque(other: &Other, record: &Record, sources: &Sources) -> String {
    as_written(other.data_span(record), sources)
}

/// What stands at a place, with one blank between words, without comments and parentheses.
fn as_written(span: Span, sources: &Sources) -> String {
    let source = sources.get(span.source);
    let words: Vec<String> = syntax::tokens(source, span.range())
        .iter()
        .map(|token| {
            let mut shown = String::new();
            for part in syntax::parts(source, token) {
                match part {
                    Some(range) => lossy(&source.bytes()[range], &mut shown),
                    None => shown.push_str(UNKNOWN),
                }
            }
            shown
        })
        .collect();
    words.join(" ")
}
