//! Text from files, so that printing it does nothing: no terminal obeys it, no log reader runs it, nothing in it is unseen.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::{reported::Report, span::Span};

/// Whether a character shows nothing of itself, passes for a blank, turns the direction of writing, or controls terminals.
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Walks over what is printed for `bytes`: for each character, the byte that it starts at and how it is shown. Only a tab
/// stays as it is. With `breaking`, the commands of CI systems are broken up by a `\` that everybody sees: GitHub's
/// `::name::` at the start of a line and `##[name]` anywhere, `##vso[` and `##teamcity[` of others.
pub fn characters(bytes: &[u8], breaking: bool, mut each: impl FnMut(usize, &str)) {
    let mut shown = String::new();
    let mut at = 0;
    let mut blank = true;
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        for (offset, char) in valid.char_indices() {
            shown.clear();
            push(char, &mut shown);
            let next = &valid[offset + char.len_utf8()..];
            if breaking && (char == '#' && ends_opening(next) || blank && char == ':' && next.starts_with(':')) {
                shown.push('\\');
            }
            blank &= char.is_whitespace();
            each(at + offset, &shown);
        }
        at += valid.len();
        for byte in chunk.invalid() {
            each(at, &format!("<{byte:02X}>"));
            at += 1;
        }
    }
}

/// A text as it is printed on one line.
pub fn line(text: &str, breaking: bool) -> String {
    if is_plain(text) {
        return text.to_string();
    }
    let mut line = String::with_capacity(text.len());
    characters(text.as_bytes(), breaking, |_, shown| {
        line.push_str(if shown == "\t" { "␉" } else { shown });
    });
    line
}

/// Text that was put together from harmless parts, which may be a command only together.
pub fn joined(text: &str, breaking: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        joined.push(char);
        if breaking && char == '#' && ends_opening(&text[at + 1..]) {
            joined.push('\\');
        }
    }
    joined
}

/// Where a place starts, for people: `path:line:column`.
pub fn place(report: &Report<'_>, span: Span) -> String {
    let source = report.sources.get(span.source);
    let path = line(&(report.shown_path)(&source.path), report.hostile_log);
    let position = source.position(span.start as usize);
    format!("{path}:{}:{}", position.line, position.char)
}

/// Whether there is nothing in a text that has to be looked at: most of what is written is so.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && byte != b'#' && byte != b':')
}

/// Whether the text after a `#` makes it the opening of a command.
pub(super) fn ends_opening(next: &str) -> bool {
    next.strip_prefix('#').is_some_and(|rest| {
        rest.trim_start_matches(|char: char| char.is_ascii_alphabetic())
            .starts_with('[')
    })
}

fn push(char: char, shown: &mut String) {
    match char {
        '\t' => shown.push(char),
        '\0'..='\x1f' => shown.extend(char::from_u32(0x2400 + char as u32)),
        '\x7f' => shown.push('␡'),
        _ if is_hidden(char) => shown.push_str(&format!("<U+{:04X}>", char as u32)),
        _ => shown.push(char),
    }
}

/// Writes a value as JSON that means the same wherever it is printed: whatever a terminal or the reader of a log might obey is
/// written as an escape.
pub fn json(value: &impl Serialize, to: &mut dyn Write) -> io::Result<()> {
    let mut to = io::BufWriter::new(to);
    value.serialize(&mut Serializer::with_formatter(
        &mut to,
        Escaping(PrettyFormatter::new()),
    ))?;
    to.write_all(b"\n")?;
    to.flush()
}

/// The same on one line.
pub fn json_line(value: &impl Serialize, to: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *to, Escaping(CompactFormatter)))?;
    to.write_all(b"\n")
}

struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        if is_plain(fragment) {
            return to.write_all(fragment.as_bytes());
        }
        let mut plain = 0;
        for (at, char) in fragment.char_indices() {
            let after = at + char.len_utf8();
            if is_hidden(char) || char == '#' && ends_opening(&fragment[after..]) {
                to.write_all(&fragment.as_bytes()[plain..at])?;
                for unit in char.encode_utf16(&mut [0; 2]) {
                    write!(to, "\\u{unit:04x}")?;
                }
                plain = after;
            }
        }
        to.write_all(&fragment.as_bytes()[plain..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
    }
}
