//! JSON (RFC 8259), with the place of everything: a cursor that reads one text in a single pass and keeps nothing.
//!
//! It is strict, and fast enough for a million texts; files that people write are read as YAML, which JSON is a part of.

use std::{borrow::Cow, ops::Range};

use crate::{
    record::{JsonProblem, LineProblem},
    source::Source,
    span::Span,
    spelling::Spelling,
    text::Text,
};

/// How deep objects and lists may stand in one another.
const DEPTH_MAX: usize = 64;

/// A cursor over one JSON text. What it reads is valid UTF-8.
#[derive(Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

/// A string as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Str {
    start: u32,
    end: u32,
    /// Whether there is an escape in it.
    pub escaped: bool,
}

/// What stops the reading of a text, and where, in bytes from the start of the file.
pub type Problem = (Range<usize>, LineProblem);

impl<'a> Cursor<'a> {
    /// A cursor at the start of the text at `range` of a file, which is valid UTF-8.
    pub fn new(bytes: &'a [u8], range: Range<usize>) -> Cursor<'a> {
        Cursor {
            bytes: &bytes[..range.end],
            at: range.start,
            depth: 0,
        }
    }

    /// The next byte that is no blank.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Where the next value starts.
    pub fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Where what was read last ends.
    pub fn here(&self) -> usize {
        self.at
    }

    /// Reads an object; `member` is handed the name of each of its members and reads the value.
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, Str) -> Result<(), Problem>) -> Result<(), Problem> {
        self.open(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.problem(JsonProblem::Name));
            }
            let name = self.string()?;
            if !self.take(b':') {
                return Err(self.problem(JsonProblem::Colon));
            }
            member(self, name)?;
            if !self.take(b',') {
                return self.close(b'}', JsonProblem::CommaOrBrace);
            }
        }
    }

    /// Reads a list; `value` reads each of its values.
    pub fn list(&mut self, mut value: impl FnMut(&mut Self) -> Result<(), Problem>) -> Result<(), Problem> {
        self.open(b'[')?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            value(self)?;
            if !self.take(b',') {
                return self.close(b']', JsonProblem::CommaOrBracket);
            }
        }
    }

    /// Reads a string.
    pub fn string(&mut self) -> Result<Str, Problem> {
        let quote = self.place();
        if !self.take(b'"') {
            return Err(self.problem(JsonProblem::Value));
        }
        let mut escaped = false;
        loop {
            let rest = &self.bytes[self.at..];
            let Some(len) = memchr::memchr2(b'"', b'\\', rest) else {
                return Err((quote..quote + 1, LineProblem::Json(JsonProblem::Unclosed)));
            };
            // Looking at all of them is faster than stopping at the first: by far the most strings have none.
            if rest[..len].iter().fold(false, |any, byte| any | (*byte < b' ')) {
                self.at += rest.iter().position(|byte| *byte < b' ').unwrap_or(0);
                return Err(self.problem(JsonProblem::Control));
            }
            self.at += len;
            if self.bytes[self.at] == b'"' {
                break;
            }
            escaped = true;
            self.escape()?;
        }
        self.at += 1;
        Ok(Str {
            start: quote as u32 + 1,
            end: self.at as u32 - 1,
            escaped,
        })
    }

    fn escape(&mut self) -> Result<(), Problem> {
        let len = match self.bytes[self.at + 1..] {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return Err(self.problem(JsonProblem::Escape)),
        };
        self.at += len;
        Ok(())
    }

    /// Steps over a value of any kind.
    pub fn skip(&mut self) -> Result<(), Problem> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'{') => self.object(|cursor, _| cursor.skip()),
            Some(b'[') => self.list(Cursor::skip),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            _ => {
                let rest = &self.bytes[self.at..];
                let words: [&[u8]; 3] = [b"true", b"false", b"null"];
                match words.iter().find(|word| rest.starts_with(word)) {
                    Some(word) => self.at += word.len(),
                    None => return Err(self.problem(JsonProblem::Value)),
                }
                Ok(())
            }
        }
    }

    /// Reads a number, and gives its place.
    pub fn number(&mut self) -> Result<Range<usize>, Problem> {
        let start = self.place();
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'-'));
        let whole = self.digits();
        let leads = whole > 1 && self.bytes[self.at - whole] == b'0';
        let mut complete = whole > 0 && !leads;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            complete &= self.digits() > 0;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            complete &= self.digits() > 0;
        }
        if complete {
            Ok(start..self.at)
        } else {
            Err((
                start..self.at.max(start + 1).min(self.bytes.len()),
                LineProblem::Json(JsonProblem::Value),
            ))
        }
    }

    fn digits(&mut self) -> usize {
        let len = self.bytes[self.at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.at += len;
        len
    }

    /// That nothing follows.
    pub fn end(&mut self) -> Result<(), Problem> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err((self.at..self.bytes.len(), LineProblem::Json(JsonProblem::Superfluous))),
        }
    }

    fn open(&mut self, sign: u8) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.problem(JsonProblem::Depth));
        }
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.problem(JsonProblem::Value))
        }
    }

    fn close(&mut self, sign: u8, otherwise: JsonProblem) -> Result<(), Problem> {
        self.depth -= 1;
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.problem(otherwise))
        }
    }

    /// Steps over a sign, if it is the next.
    fn take(&mut self, sign: u8) -> bool {
        let is_next = self.peek() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// A problem with the character here, or with the end of the text.
    fn problem(&self, problem: JsonProblem) -> Problem {
        let is_inside = |at: &usize| self.bytes.get(*at).is_some_and(|byte| (0x80..0xc0).contains(byte));
        let end = (self.at + 1..).find(|at| !is_inside(at)).unwrap_or(self.at);
        (self.at..end.min(self.bytes.len()), LineProblem::Json(problem))
    }
}

impl Str {
    /// A string that is left out where an empty one is meant, with the place where it could stand.
    pub fn left_out(at: usize) -> Str {
        Str {
            start: at as u32,
            end: at as u32,
            escaped: false,
        }
    }

    /// Between the quotes, in bytes from the start of the file.
    pub fn inside(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// With its quotes.
    pub fn whole(self) -> Range<usize> {
        self.start as usize - 1..self.end as usize + 1
    }

    /// The characters, as UTF-8.
    pub fn decoded(self, bytes: &[u8]) -> Result<Cow<'_, [u8]>, Problem> {
        if !self.escaped {
            return Ok(Cow::Borrowed(&bytes[self.inside()]));
        }
        let mut decoded = Vec::with_capacity(self.inside().len());
        self.parts(bytes, |range, char| match char {
            Some(char) => decoded.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            None => decoded.extend_from_slice(&bytes[range]),
        })?;
        Ok(Cow::Owned(decoded))
    }

    /// The characters with the way back to the file, as a literal of this kind.
    pub fn text(self, source: &Source, spelling: Spelling) -> Result<Text, Problem> {
        if !self.escaped {
            return Ok(Text::run(source, self.inside(), spelling));
        }
        let mut text = Text::with_capacity(self.inside().len(), 1);
        self.push(source, spelling, &mut text)?;
        Ok(text)
    }

    /// The same, behind what is in `text`.
    pub fn push(self, source: &Source, spelling: Spelling, text: &mut Text) -> Result<(), Problem> {
        let bytes = source.bytes();
        self.parts(bytes, |range, char| {
            let span = Span::new(source.id, range.clone());
            match char {
                Some(char) => text.push_spelled(char.encode_utf8(&mut [0; 4]).as_bytes(), span),
                None => text.push_verbatim(&bytes[range], span),
            }
        })?;
        text.end_literal(Span::new(source.id, self.inside()), spelling);
        Ok(())
    }

    /// Its parts: those that stand there as they are, and escapes with the character that each stands for.
    fn parts(self, bytes: &[u8], mut part: impl FnMut(Range<usize>, Option<char>)) -> Result<(), Problem> {
        let Range { start: mut at, end } = self.inside();
        while at < end {
            let len = memchr::memchr(b'\\', &bytes[at..end]).unwrap_or(end - at);
            if len > 0 {
                part(at..at + len, None);
                at += len;
                continue;
            }
            let (char, len) = escaped(&bytes[at..end])
                .ok_or_else(|| (at..end.min(at + 6), LineProblem::Json(JsonProblem::Surrogate)))?;
            part(at..at + len, Some(char));
            at += len;
        }
        Ok(())
    }
}

/// The character that the escape at the start of `bytes` stands for, and its length. `None` if it is none of JSON's, or half
/// of a character.
pub fn escaped(bytes: &[u8]) -> Option<(char, usize)> {
    let char = match bytes.strip_prefix(b"\\")?.first()? {
        quoted @ (b'"' | b'\\' | b'/') => char::from(*quoted),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = unit(bytes)?;
            return match unit(&bytes[6..]) {
                Some(second @ 0xdc00..0xe000) if (0xd800..0xdc00).contains(&first) => {
                    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    Some((char::from_u32(code)?, 12))
                }
                _ => Some((char::from_u32(first)?, 6)),
            };
        }
        _ => return None,
    };
    Some((char, 2))
}

/// The number that `\uXXXX` stands for.
fn unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits
        .iter()
        .try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}
