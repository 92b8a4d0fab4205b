//! Reading one TXT record from a zone file, and changing files, for tests of values and their places.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::ops::Range;

use maillint::{
    formats,
    record::{Scan, Txt},
    source::{Source, Sources},
    span::{SourceId, Span},
    spelling::Spelling,
    syntax::zone::escape,
    text::{Edit, Text, Why},
};

/// What stands before the data of the one record of a file.
pub(crate) const HEAD: &str = "example.com. TXT ";

/// A file that is not part of a run.
pub(crate) fn source(bytes: impl AsRef<[u8]>) -> Source {
    Source::new(SourceId(0), "example.com.zone".to_string(), bytes.as_ref().to_vec())
}

/// Reads a zone file.
pub(crate) fn scan(bytes: impl AsRef<[u8]>) -> (Sources, Scan) {
    let mut sources = Sources::new(vec![source(bytes)]);
    formats::survey(&mut sources);
    let format = formats::named("zone").expect("there are zone files");
    let scan = (format.read)(&sources.all()[0], &sources);
    (sources, scan)
}

/// Reads a zone file with one TXT record: its data as it stands in the file. `None` if that is no record.
pub(crate) fn txt(data: impl AsRef<[u8]>) -> Option<Txt> {
    let (_, scan) = scan([HEAD.as_bytes(), data.as_ref(), b"\n"].concat());
    match &scan.records[..] {
        [record] => record.txt().cloned(),
        _ => None,
    }
}

/// The text of that record.
pub(crate) fn text(data: impl AsRef<[u8]>) -> Text {
    txt(data).expect("one TXT record").text
}

/// A place in the data of such a file.
pub(crate) fn in_data(span: Span) -> Range<usize> {
    let range = span.range();
    range.start - HEAD.len()..range.end - HEAD.len()
}

/// The data of such a file after some edits.
pub(crate) fn edited(data: impl AsRef<[u8]>, edits: &[Edit]) -> Vec<u8> {
    apply([HEAD.as_bytes(), data.as_ref()].concat(), edits).split_off(HEAD.len())
}

/// A file after some edits, which stand in order and apart.
pub(crate) fn apply(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits.iter().rev() {
        bytes.splice(edit.span.range(), edit.new.bytes());
    }
    bytes
}

/// The value of a JSON string that stands in a file, without its quotes: a reader as a format would have one.
pub(crate) fn json(source: &Source, inside: Range<usize>) -> Text {
    let mut text = Text::new();
    let mut at = inside.start;
    while at < inside.end {
        let rest = &source.bytes()[at..inside.end];
        let surrogates = rest.get(6..).is_some_and(|second| second.starts_with(b"\\uD"));
        let len = match rest {
            [b'\\', b'u', b'D', ..] if surrogates => 12,
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => 1,
        };
        let span = Span::new(source.id, at..at + len);
        let written = std::str::from_utf8(&rest[..len]);
        match written.ok().filter(|_| len > 1) {
            Some(escape) => {
                let value: String = serde_json::from_str(&format!("\"{escape}\"")).expect("an escape of JSON");
                text.push_spelled(value.as_bytes(), span);
            }
            None => text.push_verbatim(&rest[..1], span),
        }
        at += len;
    }
    text.end_literal(Span::new(source.id, inside), Spelling::Json);
    text
}

/// The value of a zone string, with its quotes, that is all of another value: a reader as a format would have one.
pub(crate) fn zone_string(outer: &Text) -> Text {
    let bytes = outer.bytes();
    let inside = 1..bytes.len() - 1;
    let place = |range: Range<usize>| Span::new(SourceId::DECODED, range);
    let mut inner = Text::new();
    let mut at = inside.start;
    while at < inside.end {
        match bytes[at] {
            b'\\' => {
                let (value, len) = escape(&bytes[at..inside.end]).expect("an escape of zone files");
                inner.push_spelled(&[value], place(at..at + len));
                at += len;
            }
            byte => {
                inner.push_verbatim(&[byte], place(at..at + 1));
                at += 1;
            }
        }
    }
    inner.end_literal(place(inside), Spelling::ZoneQuoted);
    outer.through(&inner)
}

/// A value that is written as `parts`, one behind another: what each part stands for, how it is written, and whether it is
/// known.
pub(crate) fn pieces(parts: &[(&str, &str)]) -> (Source, Text) {
    let bytes: String = parts.iter().map(|(_, written)| *written).collect();
    let source = source(&bytes);
    let mut text = Text::new();
    let mut at = 0;
    for (value, written) in parts {
        let span = Span::new(source.id, at..at + written.len());
        match *value {
            "?" => text.push_hole(span, Why::Template),
            value if value == *written => text.push_verbatim(value.as_bytes(), span),
            value => text.push_spelled(value.as_bytes(), span),
        }
        at += written.len();
    }
    text.end_literal(source.span(), Spelling::Json);
    (source, text)
}
