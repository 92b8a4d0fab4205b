//! The notation of zone files (RFC 1035, section 5.1): entries of words and quoted strings.
//!
//! Knows quotes, escapes, parentheses, comments and template markers; not what an entry means.

mod comments;

use std::ops::Range;

pub use self::comments::comments;
pub use crate::template::marker;
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
    /// Whether it can't be read: a bad escape, an open quote or a parenthesis without its other half.
    pub broken: bool,
    /// Whether it is broken by a parenthesis that nothing closes, so that it runs to the end of the file.
    pub unclosed: bool,
    /// Whether it is a statement or a comment of a template (`{% %}`, `{# #}`) and nothing else.
    pub statement: bool,
    /// Whether it starts with `#` or `//`. It is then read up to the line's end and no further, without faults, since it
    /// is most likely a comment; [`Lexer::again`] reads it as a record.
    pub hash: bool,
}

/// Cuts a file into entries.
pub struct Lexer<'a> {
    bytes: &'a [u8],
    source: SourceId,
    at: usize,
    crlf_reported: bool,
    /// The entry that starts here is not taken for a comment.
    record_at: Option<usize>,
}

/// A parenthesis that is open.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    /// The fault that says it is inside another.
    nested: Option<usize>,
}

const BLANK: u8 = 1;
const LINE_END: u8 = 2;
const SPECIAL: u8 = 4;
const QUOTE: u8 = 8;
const BACKSLASH: u8 = 16;
const MARKER: u8 = 32;
/// What may end a word, or be more in it than it seems.
const IN_WORDS: u8 = BLANK | LINE_END | SPECIAL | QUOTE | BACKSLASH | MARKER;
/// The same for a quoted string.
const IN_QUOTES: u8 = LINE_END | QUOTE | BACKSLASH | MARKER;

/// What each byte can mean.
static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    class[b' ' as usize] = BLANK;
    class[b'\t' as usize] = BLANK;
    class[b'\n' as usize] = LINE_END;
    class[b'\r' as usize] = LINE_END;
    class[b';' as usize] = SPECIAL;
    class[b'(' as usize] = SPECIAL;
    class[b')' as usize] = SPECIAL;
    class[b'"' as usize] = QUOTE;
    class[b'\\' as usize] = BACKSLASH;
    class[b'{' as usize] = MARKER;
    class[b'<' as usize] = MARKER;
    class[b'%' as usize] = MARKER;
    class[b'@' as usize] = MARKER;
    class[b'$' as usize] = MARKER;
    class
};

/// How many bytes stand before the first of one of these classes.
fn until(bytes: &[u8], classes: u8) -> usize {
    let is_one = |byte: &u8| CLASS[*byte as usize] & classes != 0;
    let mut at = 0;
    // Eight bytes at a time need but one look at where the end is.
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        if let Some(index) = eight.iter().position(is_one) {
            return at + index;
        }
        at += 8;
    }
    at + bytes[at..].iter().position(is_one).unwrap_or(bytes.len() - at)
}

impl<'a> Lexer<'a> {
    /// Starts at the first byte, or behind a byte order mark.
    pub fn new(source: &'a Source) -> Lexer<'a> {
        let bytes = source.bytes();
        Lexer {
            bytes,
            source: source.id,
            at: if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            crlf_reported: false,
            record_at: None,
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// Where it stands, in bytes: behind the entry that was read last.
    pub fn position(&self) -> usize {
        self.at
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.bytes[at..]).map_or(self.bytes.len(), |end| at + end)
    }

    /// Reads the next entry that has tokens, or is broken, into `entry`; false at the end of the file.
    pub fn next(&mut self, entry: &mut Entry, faults: &mut Vec<Fault>) -> bool {
        while self.at < self.bytes.len() {
            self.read(entry, faults);
            if !entry.tokens.is_empty() || entry.broken {
                return true;
            }
        }
        false
    }

    /// Goes back to an entry that starts with `#` or `//`, to read it as a record.
    pub fn again(&mut self, entry: &Entry) {
        self.at = entry.start as usize;
        self.record_at = Some(self.at);
    }

    fn read(&mut self, entry: &mut Entry, faults: &mut Vec<Fault>) {
        let start = self.at;
        entry.tokens.clear();
        entry.start = start as u32;
        entry.indented = CLASS[self.bytes[start] as usize] == BLANK;
        entry.broken = false;
        entry.unclosed = false;
        entry.statement = false;
        entry.hash = false;
        let first = start + blanks(&self.bytes[start..]);
        match self.bytes[first..] {
            [b'#', ..] | [b'/', b'/', ..] if self.record_at != Some(start) => {
                let end = self.line_end(first);
                let bytes = &self.bytes[..end];
                Lexer { bytes, ..*self }.entry(first, entry, &mut Vec::new());
                (entry.hash, entry.broken, entry.unclosed) = (true, false, false);
                self.at = end;
            }
            [b'{', b'%' | b'#', ..] => match statement(self.bytes, first) {
                Some(end) => {
                    entry.statement = true;
                    entry.tokens.push(Token {
                        start: first as u32,
                        end: end as u32,
                        quoted: false,
                        escaped: false,
                        hole: true,
                    });
                    self.at = self.line_end(end);
                }
                None => self.entry(first, entry, faults),
            },
            _ => self.entry(first, entry, faults),
        }
    }

    /// Reads the words and strings from `at` on.
    fn entry(&mut self, mut at: usize, entry: &mut Entry, faults: &mut Vec<Fault>) {
        let bytes = self.bytes;
        let mut open: Vec<Open> = Vec::new();
        while let Some(byte) = bytes.get(at) {
            match byte {
                // By far the most blanks stand alone.
                b' ' | b'\t' if bytes.get(at + 1).is_some_and(|next| CLASS[*next as usize] != BLANK) => at += 1,
                b' ' | b'\t' => at += blanks(&bytes[at..]),
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
                b';' => at = self.line_end(at),
                b'(' => {
                    let mut nested = None;
                    if !open.is_empty() {
                        nested = Some(faults.len());
                        faults.push(Fault {
                            span: self.span(at..at + 1),
                            kind: FaultKind::NestedParenthesis { close: None },
                        });
                    }
                    open.push(Open { at, nested });
                    at += 1;
                }
                b')' => {
                    let here = self.span(at..at + 1);
                    match open.pop() {
                        Some(Open {
                            nested: Some(fault), ..
                        }) => {
                            faults[fault].kind = FaultKind::NestedParenthesis { close: Some(here) };
                        }
                        Some(_) => {}
                        None => {
                            entry.broken = true;
                            faults.push(Fault {
                                span: here,
                                kind: FaultKind::UnbalancedParenthesis,
                            });
                        }
                    }
                    at += 1;
                }
                b'"' => at = self.quoted(at, !open.is_empty(), entry, faults),
                _ => at = self.word(at, entry, faults),
            }
        }
        self.at = at;
        if let Some(Open { at, .. }) = open.first() {
            entry.broken = true;
            entry.unclosed = true;
            faults.push(Fault {
                span: self.span(*at..*at + 1),
                kind: FaultKind::UnbalancedParenthesis,
            });
        }
    }

    /// Reads the word at `at`, and gives the place behind it.
    fn word(&mut self, start: usize, entry: &mut Entry, faults: &mut Vec<Fault>) -> usize {
        let bytes = self.bytes;
        let (mut escaped, mut hole) = (false, false);
        let mut at = start;
        loop {
            at += until(&bytes[at..], IN_WORDS);
            match bytes.get(at).map(|byte| CLASS[*byte as usize]) {
                Some(BACKSLASH) => {
                    escaped = true;
                    at = self.escape(at, entry, faults);
                }
                Some(MARKER) => match marker(bytes, at) {
                    Some(end) => {
                        hole = true;
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
        at
    }

    /// Reads the quoted string at `at`, and gives the place behind it.
    fn quoted(&mut self, start: usize, grouped: bool, entry: &mut Entry, faults: &mut Vec<Fault>) -> usize {
        let bytes = self.bytes;
        let (mut escaped, mut hole) = (false, false);
        let mut at = start + 1;
        let end = loop {
            at += until(&bytes[at..], IN_QUOTES);
            match bytes.get(at).map(|byte| CLASS[*byte as usize]) {
                Some(QUOTE) => break at + 1,
                Some(BACKSLASH) => {
                    escaped = true;
                    at = self.escape(at, entry, faults);
                }
                Some(MARKER) => match marker(bytes, at) {
                    Some(end) => {
                        hole = true;
                        at = end;
                    }
                    None => at += 1,
                },
                _ => {
                    entry.broken = true;
                    // Without a line that closes it, the quote was forgotten: go on at the next line.
                    let end = closing_line(bytes, at);
                    let kind = match end {
                        Some(end) => FaultKind::MultilineQuote {
                            close: self.span(end - 1..end),
                            grouped,
                        },
                        None => FaultKind::UnterminatedQuote,
                    };
                    // A backslash before the line end has been told already.
                    if end.is_none() || bytes[at - 1] != b'\\' {
                        let span = self.span(start..start + 1);
                        faults.push(Fault { span, kind });
                    }
                    break end.unwrap_or(at);
                }
            }
        };
        entry.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            quoted: true,
            escaped,
            hole,
        });
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

/// How long a statement or a comment of a template may be that goes over several lines.
const STATEMENT_MAX: usize = 4096;

/// Where the statement or comment of a template that starts at `at` ends, on whichever line.
fn statement(bytes: &[u8], at: usize) -> Option<usize> {
    let near = &bytes[at..bytes.len().min(at + STATEMENT_MAX)];
    let close: &[u8] = match near {
        [b'{', b'%', ..] => b"%}",
        _ => b"#}",
    };
    memchr::memmem::find(near.get(2..)?, close).map(|found| at + 2 + found + close.len())
}

/// How many blanks `bytes` start with.
pub fn blanks(bytes: &[u8]) -> usize {
    let mut at = 0;
    // Columns are set off by many.
    while bytes[at..].starts_with(b"        ") {
        at += 8;
    }
    let is_other = |byte: &u8| CLASS[*byte as usize] != BLANK;
    at + bytes[at..].iter().position(is_other).unwrap_or(bytes.len() - at)
}

/// For a quote that is open at the line end `at`: the end of the quote that closes it on a later line. `None` if no quote
/// follows, or if those of the next line with any stand in pairs, so that this one was forgotten.
fn closing_line(bytes: &[u8], at: usize) -> Option<usize> {
    let first = next_quote(bytes, at)?;
    let line_end = memchr::memchr2(b'\n', b'\r', &bytes[first..]).map_or(bytes.len(), |end| first + end);
    let (mut quote, mut count) = (first, 1);
    while let Some(next) = next_quote(bytes, quote + 1).filter(|next| *next < line_end) {
        quote = next;
        count += 1;
    }
    (count % 2 == 1).then_some(first + 1)
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
    if tokens.iter().all(|token| token.quoted && !token.escaped && !token.hole) && !tokens.is_empty() {
        let text = Text::joined(source, tokens.iter().map(Token::inside), Spelling::ZoneQuoted);
        let strings = text
            .literals()
            .map(|(range, ..)| range.start as u32..range.end as u32)
            .collect();
        return (text, strings);
    }
    let len = tokens.iter().map(|token| token.inside().len()).sum();
    let mut text = Text::with_capacity(len, tokens.len());
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
    let (mut plain, mut at) = (range.start, range.start);
    while at < range.end {
        let here = &bytes[at..range.end];
        let escaped = (here[0] == b'\\').then(|| escape(here));
        let len = match escaped {
            // One backslash stands before all bytes of a character.
            Some(Ok((_, 2))) => 2 + here[2..].iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count(),
            Some(Ok((_, len)) | Err(len)) => len,
            None => match holes.then(|| marker(bytes, at)).flatten() {
                Some(end) => end.min(range.end) - at,
                None => {
                    at += 1;
                    continue;
                }
            },
        };
        text.push_verbatim(&bytes[plain..at], Span::new(source, plain..at));
        let span = Span::new(source, at..at + len);
        match escaped {
            Some(Ok((_, 2))) => text.push_spelled(&here[1..len], span),
            Some(Ok((value, _))) => text.push_spelled(&[value], span),
            Some(Err(_)) | None => text.push_hole(span, Why::Template),
        }
        at += len;
        plain = at;
    }
    text.push_verbatim(&bytes[plain..range.end], Span::new(source, plain..range.end));
}

/// The words and strings in a range of a file, whatever stands between them.
pub fn tokens(source: &Source, range: Range<usize>) -> Vec<Token> {
    let end = range.end.min(source.bytes().len());
    let mut lexer = Lexer {
        bytes: &source.bytes()[..end],
        at: range.start,
        ..Lexer::new(source)
    };
    let (mut tokens, mut entry, mut faults) = (Vec::new(), Entry::default(), Vec::new());
    while lexer.at < end {
        lexer.record_at = Some(lexer.at);
        lexer.read(&mut entry, &mut faults);
        tokens.append(&mut entry.tokens);
    }
    tokens
}

/// The parts of a token as they are written, with its quotes; `None` for a part that a template fills in.
pub fn parts(source: &Source, token: &Token) -> Vec<Option<Range<usize>>> {
    let mut parts = Vec::new();
    let (mut plain, mut at) = (token.range().start, token.range().start);
    while token.hole && at < token.range().end {
        match marker(source.bytes(), at) {
            Some(end) => {
                parts.extend([Some(plain..at), None]);
                (plain, at) = (end, end);
            }
            None => at += 1,
        }
    }
    parts.push(Some(plain..token.range().end.max(plain)));
    parts
}

/// A label of a name: where it is written, and its bytes; `None` if a template fills in a part of it.
pub type Label = (Range<usize>, Option<Vec<u8>>);

/// The labels of a name as it is written, without quotes. A final dot starts no label.
pub fn labels(bytes: &[u8]) -> impl Iterator<Item = Label> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let (mut label, mut known) = (Vec::new(), true);
        while at < bytes.len() && bytes[at] != b'.' {
            if let Some(end) = marker(bytes, at) {
                known = false;
                at = end;
            } else {
                let (value, len) = escape(&bytes[at..]).unwrap_or((bytes[at], 1));
                label.push(value);
                at += len;
            }
        }
        let written = start..at.min(bytes.len());
        at += 1;
        (start < bytes.len()).then(|| (written, known.then_some(label)))
    })
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

/// The value of character-strings that stand in `outer` as programs print them that were answered them: with escapes, without
/// quotes, and with a line feed between them; and where each lies in it if there are several.
pub fn printed_strings(outer: Text) -> (Text, Vec<Range<u32>>) {
    let bytes = outer.bytes();
    if memchr::memchr2(b'\\', b'\n', bytes).is_none() {
        return (outer, Vec::new());
    }
    let (mut inner, mut strings) = (Text::new(), Vec::new());
    let mut at = 0;
    for string in bytes.split(|byte| *byte == b'\n') {
        let (start, range) = (inner.len() as u32, at..at + string.len());
        at = range.end + 1;
        push_decoded(&mut inner, bytes, SourceId::DECODED, range.clone(), false);
        inner.end_literal(Span::new(SourceId::DECODED, range), Spelling::Printed);
        strings.push(start..inner.len() as u32);
    }
    if strings.len() == 1 {
        strings.clear();
    }
    (outer.through(&inner), strings)
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
