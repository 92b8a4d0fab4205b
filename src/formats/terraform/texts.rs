//! The texts of TXT records, as each provider reads them.

use std::ops::Range;

use crate::{
    formats::terraform::resources::{Long, Texts},
    record::Txt,
    span::{SourceId, Span},
    spelling::Spelling,
    syntax::zone,
    text::Text,
};

/// The longest character-string.
const STRING: usize = 255;

/// The record that a text is published as.
pub(super) fn txt(text: Text, texts: Texts, long: Long) -> Txt {
    let inner = match texts {
        Texts::Plain => None,
        Texts::Quoted => zone::nested_strings(&text),
        Texts::Words => zone::nested_strings(&text).or_else(|| words(&text)),
        Texts::Wrapped => unwrapped(&text),
    };
    let text = inner.unwrap_or(text);
    let mut strings = strings(&text, texts);
    if long == Long::Cut {
        let whole = strings.is_empty().then_some(0..text.len() as u32);
        strings = whole.into_iter().chain(strings).flat_map(cut).collect();
    }
    Txt {
        strings: if strings.len() > 1 { strings } else { Vec::new() },
        text,
        type99: false,
        tail: None,
        maker: None,
    }
}

/// The character-strings that a text is written as; none if it is not.
fn strings(text: &Text, texts: Texts) -> Vec<Range<u32>> {
    let is_string = |spelling| match texts {
        Texts::Plain => false,
        Texts::Quoted => spelling == Spelling::ZoneQuoted,
        Texts::Wrapped => matches!(spelling, Spelling::ZoneQuoted | Spelling::Route53),
        Texts::Words => matches!(spelling, Spelling::ZoneQuoted | Spelling::ZoneBare),
    };
    let literals = text.literals().filter(|(.., spelling)| is_string(*spelling));
    literals
        .map(|(range, ..)| range.start as u32..range.end as u32)
        .collect()
}

/// A character-string in pieces that are not too long.
fn cut(string: Range<u32>) -> impl Iterator<Item = Range<u32>> {
    let starts = string.clone().step_by(STRING);
    let end = string.end;
    let empty = string.is_empty().then_some(string);
    empty
        .into_iter()
        .chain(starts.map(move |start| start..(start + STRING as u32).min(end)))
}

fn place(range: Range<usize>) -> Span {
    Span::new(SourceId::DECODED, range)
}

/// A text without quotes whose words are character-strings; `None` if there is but one.
fn words(text: &Text) -> Option<Text> {
    let bytes = text.bytes();
    let mut inner = Text::new();
    let mut count = 0;
    let mut at = 0;
    for word in bytes.split(|byte| matches!(byte, b' ' | b'\t')) {
        let range = at..at + word.len();
        at = range.end + 1;
        if !word.is_empty() {
            inner.push_verbatim(word, place(range.clone()));
            inner.end_literal(place(range), Spelling::ZoneBare);
            count += 1;
        }
    }
    (count > 1).then(|| text.through(&inner))
}

/// A text that stands between quotes which are not written; more may be in it, that end a character-string and begin the
/// next. `None` if there are none, or if something stands between two strings.
fn unwrapped(text: &Text) -> Option<Text> {
    let bytes = text.bytes();
    if !bytes.iter().any(|byte| matches!(byte, b'"' | b'\\')) {
        return None;
    }
    if let Some(inner) = zone::nested_strings(text) {
        return Some(inner);
    }
    let mut inner = Text::new();
    let (mut start, mut plain, mut at) = (0, 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                inner.push_verbatim(&bytes[plain..at], place(plain..at));
                let (byte, len) = escape(&bytes[at..])?;
                inner.push_spelled(&[byte], place(at..at + len));
                at += len;
                plain = at;
            }
            b'"' => {
                inner.push_verbatim(&bytes[plain..at], place(plain..at));
                inner.end_literal(place(start..at), Spelling::Route53);
                let rest = &bytes[at + 1..];
                let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                (rest.get(blanks) == Some(&b'"')).then_some(())?;
                at += blanks + 2;
                (start, plain) = (at, at);
            }
            _ => at += 1,
        }
    }
    inner.push_verbatim(&bytes[plain..at], place(plain..at));
    inner.end_literal(place(start..at), Spelling::Route53);
    Some(text.through(&inner))
}

/// An escape, as Route 53 reads it: a byte in three octal digits, or any other byte for itself.
fn escape(bytes: &[u8]) -> Option<(u8, usize)> {
    let octal = bytes
        .get(1..4)
        .filter(|digits| digits.iter().all(|digit| (b'0'..b'8').contains(digit)));
    let octal = octal.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
    match octal {
        Some(byte) => Some((byte, 4)),
        None => Some((*bytes.get(1)?, 2)),
    }
}
