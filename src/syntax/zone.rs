//! The notation of zone files (RFC 1035, section 5.1): entries of words and quoted strings.
//!
//! Knows quotes, escapes, parentheses, comments and template markers; not what an entry means.

use std::ops::Range;

use crate::{
    record::{Fault, FaultKind},
    source::Source,
    span::{SourceId, Span},
    spelling::Spelling,
    text::{Text, Why},
};

/// A word or a quoted string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// The first byte, with the quote.
    pub start: u32,
    /// One past the last byte, with the quote.
    pub end: u32,
    /// Whether it stands between quotes.
    pub quoted: bool,
    /// Whether it holds a backslash.
    pub escaped: bool,
    /// Whether it holds a template marker.
    pub hole: bool,
}

/// One logical line: what stands between two line ends outside of quotes and parentheses.
#[derive(Clone, Default, Debug)]
pub struct Entry {
    /// Its words and strings.
    pub tokens: Vec<Token>,
    /// Where its first column is, in bytes.
    pub start: u32,
    /// Whether it starts with a blank.
    pub indented: bool,
    /// The comment that follows the last token on its line, from `;` to the line's end.
    pub tail: Option<(u32, u32)>,
    /// Whether it can't be read: a bad escape, an open quote or a parenthesis without its other half.
    pub broken: bool,
    /// Whether it is broken by a parenthesis that nothing closes, so that it runs to the end of the file.
    pub unclosed: bool,
    /// Whether it is a statement of a template (`{% %}`) and nothing else.
    pub statement: bool,
}

/// Cuts a file into entries.
pub struct Lexer<'a> {
    bytes: &'a [u8],
    source: SourceId,
    at: usize,
    crlf_reported: bool,
}

const BLANK: u8 = 1;
const LINE_END: u8 = 2;
const SPECIAL: u8 = 4;
const BACKSLASH: u8 = 8;
const MARKER: u8 = 16;

/// What each byte can end or start in a word.
static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    class[b' ' as usize] = BLANK;
    class[b'\t' as usize] = BLANK;
    class[b'\n' as usize] = LINE_END;
    class[b'\r' as usize] = LINE_END;
    class[b';' as usize] = SPECIAL;
    class[b'(' as usize] = SPECIAL;
    class[b')' as usize] = SPECIAL;
    class[b'"' as usize] = SPECIAL;
    class[b'\\' as usize] = BACKSLASH;
    class[b'{' as usize] = MARKER;
    class[b'<' as usize] = MARKER;
    class[b'%' as usize] = MARKER;
    class[b'@' as usize] = MARKER;
    class[b'$' as usize] = MARKER;
    class
};

impl<'a> Lexer<'a> {
    /// Starts at the first byte, or behind a byte order mark.
    pub fn new(source: &'a Source) -> Lexer<'a> {
        let bytes = source.bytes();
        Lexer {
            bytes,
            source: source.id,
            at: if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            crlf_reported: false,
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end)
    }

    /// Reads the next entry that has tokens into `entry`; false at the end of the file.
    pub fn next(&mut self, entry: &mut Entry, faults: &mut Vec<Fault>) -> bool {
        loop {
            if self.at >= self.bytes.len() {
                return false;
            }
            self.read(entry, faults);
            if !entry.tokens.is_empty() || entry.broken {
                return true;
            }
        }
    }

    fn read(&mut self, entry: &mut Entry, faults: &mut Vec<Fault>) {
        let bytes = self.bytes;
        let start = self.at;
        entry.tokens.clear();
        entry.start = start as u32;
        entry.indented = CLASS[bytes[start] as usize] == BLANK;
        entry.tail = None;
        entry.broken = false;
        entry.unclosed = false;
        entry.statement = false;
        let mut open: Vec<usize> = Vec::new();
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' => at += 1,
                b'\n' | b'\r' => {
                    let crlf = bytes[at..].starts_with(b"\r\n");
                    let end = at + 1 + usize::from(crlf);
                    if open.is_empty() {
                        self.at = end;
                        return;
                    }
                    if crlf && !self.crlf_reported {
                        self.crlf_reported = true;
                        faults.push(Fault {
                            span: self.span(at..end),
                            kind: FaultKind::CrlfInParentheses,
                        });
                    }
                    at = end;
                }
                b';' => {
                    let end = self.line_end(at);
                    if let Some(last) = entry.tokens.last()
                        && !bytes[last.end as usize..at].contains(&b'\n')
                    {
                        entry.tail = Some((at as u32, end as u32));
                    }
                    at = end;
                }
                b'(' => {
                    if !open.is_empty() {
                        faults.push(Fault {
                            span: self.span(at..at + 1),
                            kind: FaultKind::NestedParenthesis { close: None },
                        });
                    }
                    open.push(at);
                    at += 1;
                }
                b')' => {
                    if open.pop().is_none() {
                        entry.broken = true;
                        faults.push(Fault {
                            span: self.span(at..at + 1),
                            kind: FaultKind::UnbalancedParenthesis,
                        });
                    } else if !open.is_empty()
                        && let Some(FaultKind::NestedParenthesis { close }) = faults
                            .iter_mut()
                            .rev()
                            .map(|fault| &mut fault.kind)
                            .find(|kind| matches!(kind, FaultKind::NestedParenthesis { close: None }))
                    {
                        *close = Some(Span::new(self.source, at..at + 1));
                    }
                    at += 1;
                }
                b'"' => at = self.quoted(at, entry, faults),
                _ => at = self.word(at, entry, faults),
            }
        }
        self.at = at;
        if let Some(first) = open.first() {
            entry.broken = true;
            entry.unclosed = true;
            faults.push(Fault {
                span: self.span(*first..*first + 1),
                kind: FaultKind::UnbalancedParenthesis,
            });
        }
    }

    /// Reads the word at `at`, and gives the place behind it.
    fn word(&mut self, start: usize, entry: &mut Entry, faults: &mut Vec<Fault>) -> usize {
        let bytes = self.bytes;
        let (mut escaped, mut hole) = (false, false);
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match CLASS[*byte as usize] {
                0 => at += 1,
                BACKSLASH => {
                    escaped = true;
                    at = self.escape(at, entry, faults);
                }
                MARKER => match marker(bytes, at) {
                    Some(end) => {
                        hole = true;
                        if bytes[at..].starts_with(b"{%") && entry.tokens.is_empty() && at == start {
                            entry.statement = true;
                        }
                        at = end;
                    }
                    None => at += 1,
                },
                _ => break,
            }
        }
        entry.tokens.push(Token {
            start: start as u32,
            end: at as u32,
            quoted: false,
            escaped,
            hole,
        });
        entry.tail = None;
        at
    }

    /// Reads the quoted string at `at`, and gives the place behind it.
    fn quoted(&mut self, start: usize, entry: &mut Entry, faults: &mut Vec<Fault>) -> usize {
        let bytes = self.bytes;
        let (mut escaped, mut hole) = (false, false);
        let mut at = start + 1;
        let end = loop {
            match bytes.get(at) {
                Some(b'"') => break at + 1,
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at, entry, faults);
                }
                Some(b'{' | b'<' | b'%' | b'@' | b'$') => match marker(bytes, at) {
                    Some(end) => {
                        hole = true;
                        at = end;
                    }
                    None => at += 1,
                },
                Some(b'\n' | b'\r') | None => {
                    entry.broken = true;
                    let closed = closing_line(bytes, at);
                    faults.push(Fault {
                        span: self.span(start..start + 1),
                        kind: match closed {
                            Some(_) => FaultKind::MultilineQuote,
                            None => FaultKind::UnterminatedQuote,
                        },
                    });
                    // Without a line that closes it, the quote was forgotten: go on at the next line.
                    break closed.flatten().unwrap_or(at);
                }
                Some(_) => at += 1,
            }
        };
        entry.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            quoted: true,
            escaped,
            hole,
        });
        entry.tail = None;
        end
    }

    /// Steps over the escape at `at`.
    fn escape(&self, at: usize, entry: &mut Entry, faults: &mut Vec<Fault>) -> usize {
        match escape(&self.bytes[at..]) {
            Ok((_, len)) => at + len,
            Err(len) => {
                entry.broken = true;
                faults.push(Fault {
                    span: self.span(at..at + len),
                    kind: FaultKind::EscapeInvalid,
                });
                at + len
            }
        }
    }
}

/// The byte that the escape at the start of `bytes` stands for, and the escape's length; in the error the length of what
/// is no escape.
pub fn escape(bytes: &[u8]) -> Result<(u8, usize), usize> {
    match bytes {
        [b'\\', a @ b'0'..=b'9', rest @ ..] => match rest {
            [b @ b'0'..=b'9', c @ b'0'..=b'9', ..] => {
                let value = u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10 + u32::from(c - b'0');
                u8::try_from(value).map(|value| (value, 4)).map_err(|_| 4)
            }
            [b'0'..=b'9', ..] => Err(3),
            _ => Err(2),
        },
        [b'\\', b'\n' | b'\r', ..] | [b'\\'] => Err(1),
        [b'\\', byte, ..] => Ok((*byte, 2)),
        _ => Err(1),
    }
}

/// Where the template marker that starts at `at` ends; `None` if there is none, or none that ends on this line.
pub fn marker(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if !matches!(rest.first(), Some(b'{' | b'<' | b'$' | b'%' | b'@')) {
        return None;
    }
    let line = &rest[..rest
        .iter()
        .take(512)
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(rest.len().min(512))];
    let closed = |open: usize, close: &[u8]| {
        memchr::memmem::find(line.get(open..)?, close).map(|found| at + open + found + close.len())
    };
    match line {
        [b'{', b'{', ..] => closed(2, b"}}"),
        [b'{', b'%', ..] => closed(2, b"%}"),
        [b'{', b'#', ..] => closed(2, b"#}"),
        [b'<', b'%', ..] => closed(2, b"%>"),
        [b'$', b'{', ..] => closed(2, b"}"),
        // `%{i}` is a macro of SPF (RFC 7208, section 7).
        [b'{', ..] if at > 0 && bytes[at - 1] == b'%' => None,
        [b'{', rest @ ..] => word_until(rest, b'}').map(|len| at + 1 + len + 1),
        [b'%', rest @ ..] => word_until(rest, b'%').map(|len| at + 1 + len + 1),
        [b'@', rest @ ..] => word_until(rest, b'@')
            .filter(|len| {
                *len > 1
                    && rest[..*len]
                        .iter()
                        .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
            })
            .map(|len| at + 1 + len + 1),
        _ => None,
    }
}

/// How long the identifier is that stands before `close`.
fn word_until(bytes: &[u8], close: u8) -> Option<usize> {
    let len = bytes
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')))?;
    (len > 0 && !bytes[0].is_ascii_digit() && bytes[len] == close).then_some(len)
}

/// For a quote that is open at the line end `at`: where it is closed, if a line that follows closes it; `Some(None)` if the
/// quotes of the following lines stand in pairs, so that this one was forgotten; `None` if no quote follows.
fn closing_line(bytes: &[u8], at: usize) -> Option<Option<usize>> {
    let mut quote = next_quote(bytes, at)?;
    let line_end = memchr::memchr2(b'\n', b'\r', &bytes[quote..]).map_or(bytes.len(), |end| quote + end);
    let first = quote;
    let mut count = 1;
    while let Some(next) = next_quote(bytes, quote + 1).filter(|next| *next < line_end) {
        quote = next;
        count += 1;
    }
    Some((count % 2 == 1).then_some(first + 1))
}

fn next_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match bytes[found] {
            b'"' => return Some(found),
            _ => at = found + 2,
        }
    }
}

impl Token {
    /// The token with its quotes, as a range of the file.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// What stands between its quotes, or the word.
    pub fn inside(&self) -> Range<usize> {
        if self.quoted {
            let start = self.start as usize + 1;
            start..start.max(self.end as usize - 1)
        } else {
            self.range()
        }
    }
}

/// The value of character-strings, joined, and where each lies in it if there are several.
pub fn text(source: &Source, tokens: &[Token]) -> (Text, Vec<Range<u32>>) {
    if let [token] = tokens
        && !token.escaped
        && !token.hole
    {
        let spelling = if token.quoted {
            Spelling::ZoneQuoted
        } else {
            Spelling::ZoneBare
        };
        return (Text::run(source, token.inside(), spelling), Vec::new());
    }
    let mut text = Text::new();
    let mut strings = Vec::with_capacity(tokens.len());
    for token in tokens {
        let start = text.len() as u32;
        push_string(&mut text, source.bytes(), source.id, token);
        strings.push(start..text.len() as u32);
    }
    if strings.len() == 1 {
        strings.clear();
    }
    (text, strings)
}

/// Decodes one character-string onto `text`.
fn push_string(text: &mut Text, bytes: &[u8], source: SourceId, token: &Token) {
    let inside = token.inside();
    push_decoded(text, bytes, source, inside.clone(), token.hole);
    let spelling = if token.quoted {
        Spelling::ZoneQuoted
    } else {
        Spelling::ZoneBare
    };
    text.end_literal(Span::new(source, inside), spelling);
}

/// Decodes escapes, and template markers if there are any, onto `text`.
fn push_decoded(text: &mut Text, bytes: &[u8], source: SourceId, range: Range<usize>, holes: bool) {
    let mut at = range.start;
    let mut plain = at;
    while at < range.end {
        let (value, end) = match bytes[at] {
            b'\\' => match escape(&bytes[at..range.end]) {
                Ok((value, len)) => (Some(value), at + len),
                Err(len) => (None, at + len),
            },
            _ if holes && let Some(end) = marker(bytes, at) => (None, end),
            _ => {
                at += 1;
                continue;
            }
        };
        text.push_verbatim(&bytes[plain..at], Span::new(source, plain..at));
        match value {
            Some(value) => text.push_spelled(&[value], Span::new(source, at..end)),
            None => text.push_hole(Span::new(source, at..end), Why::Template),
        }
        at = end.min(range.end);
        plain = at;
    }
    text.push_verbatim(&bytes[plain..range.end], Span::new(source, plain..range.end));
}

/// The comment from its `;` to the end, as it stands.
pub fn comment(source: &Source, range: Range<usize>) -> Text {
    let mut end = range.end;
    while end > range.start && matches!(source.bytes()[end - 1], b' ' | b'\t' | b'\r') {
        end -= 1;
    }
    Text::run(source, range.start..end, Spelling::Plain)
}

/// The value of a comment that was meant as a part of a word: escapes and template markers as in one.
pub fn meant_comment(comment: &Text) -> Text {
    let all = 0..comment.len();
    let mut inner = Text::new();
    push_decoded(&mut inner, comment.bytes(), SourceId::DECODED, all.clone(), true);
    inner.end_literal(Span::new(SourceId::DECODED, all), Spelling::Plain);
    comment.through(&inner)
}

/// The value of quoted strings, with their quotes, that stand in `outer`: strings written inside a string. `None` if `outer`
/// is not just that.
pub fn nested_strings(outer: &Text) -> Option<Text> {
    let bytes = outer.bytes();
    let mut inner = Text::new();
    let mut at = 0;
    while bytes.get(at) == Some(&b'"') {
        let end = next_quote(bytes, at + 1)? + 1;
        let token = Token {
            start: at as u32,
            end: end as u32,
            quoted: true,
            escaped: true,
            hole: false,
        };
        push_string(&mut inner, bytes, SourceId::DECODED, &token);
        let blanks = bytes[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
        at = end + blanks.count();
    }
    (at > 0 && at == bytes.len()).then(|| outer.through(&inner))
}
