//! The value of a scalar with the way back through escapes, folds and indentation (YAML 1.2.2, sections 7.3 and 8.1).

use std::ops::Range;

use super::Style;
use crate::{
    span::{SourceId, Span},
    spelling::Spelling,
    syntax::json,
    text::Text,
};

/// The value of a scalar that is written at `inside`, its quotes left out: `decoded`, or as it stands there. What can't be
/// followed byte by byte has the whole scalar for its place.
pub(super) fn text(
    source: SourceId,
    octets: &std::sync::Arc<Vec<u8>>,
    inside: Range<usize>,
    style: Style,
    decoded: Option<&str>,
) -> Text {
    let spelling = match style {
        Style::Plain => Spelling::YamlPlain,
        Style::Single => Spelling::YamlSingle,
        Style::Double => Spelling::Json,
        Style::Literal | Style::Folded => Spelling::YamlBlock,
    };
    let Some(decoded) = decoded else {
        return Text::shared(source, octets, inside, spelling);
    };
    let mut reader = Reader {
        source,
        octets,
        end: inside.end,
        text: Text::with_capacity(decoded.len(), 1),
        decoded: decoded.as_bytes(),
    };
    match style {
        Style::Plain | Style::Single | Style::Double => reader.flow(inside.clone(), style),
        Style::Literal | Style::Folded => reader.block(inside.clone()),
    }
    let whole = Span::new(source, inside);
    let mut text = reader.text;
    if text.bytes() == decoded.as_bytes() {
        text.end_literal(whole, spelling);
    } else {
        text = Text::new();
        text.push_spelled(decoded.as_bytes(), whole);
        text.end_literal(whole, Spelling::Computed);
    }
    text
}

struct Reader<'a> {
    source: SourceId,
    octets: &'a [u8],
    end: usize,
    text: Text,
    /// What has to come out.
    decoded: &'a [u8],
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.octets[..self.end].get(at).copied()
    }

    fn verbatim(&mut self, range: Range<usize>) {
        if let Some(bytes) = self.octets.get(range.clone()).filter(|bytes| !bytes.is_empty()) {
            self.text.push_verbatim(bytes, Span::new(self.source, range));
        }
    }

    fn spelled(&mut self, bytes: &[u8], range: Range<usize>) {
        if !bytes.is_empty() {
            self.text.push_spelled(bytes, Span::new(self.source, range));
        }
    }

    /// A scalar without quotes or between them, on one line or several.
    fn flow(&mut self, inside: Range<usize>, style: Style) {
        let mut start = inside.start;
        let mut at = start;
        while let Some(byte) = self.byte(at) {
            match (byte, style) {
                (b'\n' | b'\r', _) => {
                    let blanks = self.octets[start..at]
                        .iter()
                        .rev()
                        .take_while(|byte| is_blank(**byte))
                        .count();
                    let end = at - blanks;
                    self.verbatim(start..end);
                    let (breaks, next) = self.breaks(at);
                    let fold = if breaks == 1 {
                        b" ".to_vec()
                    } else {
                        vec![b'\n'; breaks - 1]
                    };
                    self.spelled(&fold, end..next);
                    (start, at) = (next, next);
                }
                (b'\'', Style::Single) if self.byte(at + 1) == Some(b'\'') => {
                    self.verbatim(start..at);
                    self.spelled(b"'", at..at + 2);
                    at += 2;
                    start = at;
                }
                (b'\\', Style::Double) => {
                    self.verbatim(start..at);
                    at = self.escape(at);
                    start = at;
                }
                _ => at += 1,
            }
        }
        self.verbatim(start..at.min(inside.end));
    }

    /// How many line breaks there are from `at` on, blanks between them left out, and where the next character is.
    fn breaks(&self, mut at: usize) -> (usize, usize) {
        let mut count = 0;
        loop {
            match self.byte(at) {
                Some(b'\r') if self.byte(at + 1) == Some(b'\n') => at += 2,
                Some(b'\n' | b'\r') => at += 1,
                _ => return (count, at),
            }
            count += 1;
            while self.byte(at).is_some_and(is_blank) {
                at += 1;
            }
        }
    }

    /// Reads an escape; where the next character is.
    fn escape(&mut self, at: usize) -> usize {
        if let Some((char, len)) = json::escaped(&self.octets[at..self.end]) {
            self.spelled(char.encode_utf8(&mut [0; 4]).as_bytes(), at..at + len);
            return at + len;
        }
        let simple: &[u8] = match self.byte(at + 1) {
            Some(b'\n' | b'\r') => {
                let (breaks, next) = self.breaks(at + 1);
                self.spelled(&vec![b'\n'; breaks - 1], at..next);
                return next;
            }
            Some(b'0') => b"\0",
            Some(b'a') => b"\x07",
            Some(b'\t') => b"\t",
            Some(b'v') => b"\x0b",
            Some(b'e') => b"\x1b",
            Some(b' ') => b" ",
            Some(b'N') => "\u{85}".as_bytes(),
            Some(b'_') => "\u{a0}".as_bytes(),
            Some(b'L') => "\u{2028}".as_bytes(),
            Some(b'P') => "\u{2029}".as_bytes(),
            Some(b'x') => return self.code(at, 2),
            Some(b'u') => return self.code(at, 4),
            Some(b'U') => return self.code(at, 8),
            _ => return (at + 2).min(self.end),
        };
        self.spelled(simple, at..at + 2);
        at + 2
    }

    /// Reads a character by its number in `digits` digits.
    fn code(&mut self, at: usize, digits: usize) -> usize {
        let end = (at + 2 + digits).min(self.end);
        let written = self.octets.get(at + 2..end);
        let char = written
            .and_then(|digits| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())
            .and_then(char::from_u32);
        if let Some(char) = char {
            self.spelled(char.encode_utf8(&mut [0; 4]).as_bytes(), at..end);
        }
        end
    }

    /// A block: lines behind their indentation. What stands between two of them, the decoded value tells.
    fn block(&mut self, inside: Range<usize>) {
        let line_start = self.octets[..inside.start]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let indent = inside.start - line_start;
        let mut at = inside.start;
        self.between(inside.start..inside.start);
        while self.text.len() < self.decoded.len() && at < self.end {
            let rest = &self.octets[at..self.end];
            let len = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let left = self.decoded.len() - self.text.len();
            self.verbatim(at..at + len.min(left));
            let end = at + len;
            at = end;
            // Lines with nothing but blanks up to the indentation are a part of what is between.
            while at < self.end {
                let (_, next) = self.line_end(at);
                let blanks = self.octets[next..self.end]
                    .iter()
                    .take(indent)
                    .take_while(|byte| **byte == b' ')
                    .count();
                at = next + blanks;
                if !matches!(self.byte(at), Some(b'\n' | b'\r')) {
                    break;
                }
            }
            self.between(end..at);
        }
    }

    /// What the decoded value has at a line's end: breaks, or one blank.
    fn between(&mut self, range: Range<usize>) {
        let rest = self.decoded.get(self.text.len()..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| **byte == b'\n').count();
        match (breaks, rest.first()) {
            (0, Some(b' ')) if !range.is_empty() => self.spelled(b" ", range),
            (0, _) => {}
            (breaks, _) => self.spelled(&vec![b'\n'; breaks], range),
        }
    }

    /// The end of the line break at `at`.
    fn line_end(&self, at: usize) -> (usize, usize) {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => (at, at + 2),
            _ => (at, at + 1),
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
