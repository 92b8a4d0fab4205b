//! Characters that do not belong into a DMARC record, and what the record is without them.

use std::{borrow::Cow, ops::Range};

use crate::{
    policy::dmarc::tag::{TagName, starts_with},
    text::Text,
};

/// Characters that do not belong into the record. Places are those of the text as it is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slip {
    /// Where they stand.
    pub at: Range<usize>,
    /// What they are.
    pub kind: Kind,
    /// What stands there once that is repaired, which may be nothing; `None` if nobody can tell, so that they stay.
    pub meant: Option<&'static str>,
}

/// Kinds of characters that do not belong into a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A character, or an octet, that is not ASCII.
    NonAscii(Lookalike),
    /// A quote, with the backslash before it.
    Quote,
    /// A backslash, with the letters or digits of the escape that it begins.
    Backslash,
    /// Control characters other than a tab between tags; at the end, with the blanks beside them.
    Control,
}

/// What a character that is not ASCII looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookalike {
    /// A quote.
    Quote,
    /// A blank.
    Blank,
    /// Nothing: it is not seen.
    Nothing,
    /// A hyphen.
    Dash,
    /// An ASCII character, only wider.
    Wide,
    /// No ASCII character.
    Other,
}

/// The visible ASCII characters, from 0x21.
const VISIBLE: &str =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// The characters that do not belong into a text, in order.
pub(super) fn find(text: &Text) -> Vec<Slip> {
    let bytes = text.bytes();
    let mut slips = Vec::new();
    // By far the most texts have none.
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\' | b'`');
    if bytes.iter().all(is_plain) {
        return slips;
    }
    let (start, end) = inside_quotes(bytes);
    let tail = tail(bytes);
    let mut segment = Segment::default();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let len = match byte {
            b'\t' => blanks(&bytes[at..]),
            _ => 1,
        };
        let found = match byte {
            _ if at >= tail => Some(slip(at, bytes.len() - at, Kind::Control, Some(""))),
            b'\'' | b'`' if at < start || at >= end => Some(slip(at, 1, Kind::Quote, Some(""))),
            b'"' => Some(slip(at, 1, Kind::Quote, Some(""))),
            b'\\' => Some(backslash(bytes, at)),
            b'\t' => segment
                .has_inside(&bytes[at + len..])
                .then(|| slip(at, len, Kind::Control, Some(""))),
            0..b' ' | 0x7f => Some(control(bytes, at)),
            0x80.. => Some(non_ascii(bytes, at)),
            _ => {
                segment.go_on(byte);
                None
            }
        };
        at = found.as_ref().map_or(at + len, |found| found.at.end);
        slips.extend(found);
    }
    slips
}

/// What was seen since the last semicolon.
#[derive(Default)]
struct Segment {
    has_equals: bool,
    has_address: bool,
    /// The last byte that is no blank.
    last: u8,
}

impl Segment {
    fn go_on(&mut self, byte: u8) {
        match byte {
            b' ' => return,
            b';' => *self = Segment::default(),
            b'=' => self.has_equals = true,
            b'@' => self.has_address = true,
            _ => {}
        }
        self.last = byte;
    }

    /// Whether blanks between what was seen and `behind` are inside of a value, and neither beside a separator nor in place
    /// of one.
    fn has_inside(&self, behind: &[u8]) -> bool {
        let is_separator = matches!(behind.first(), None | Some(b';' | b',' | b'='));
        let mut word = behind.iter().take_while(|byte| !is_blank(byte));
        let is_list = self.has_address && word.any(|byte| *byte == b'@');
        self.has_equals && !matches!(self.last, b',' | b'=') && !is_separator && !is_list && !starts_known_tag(behind)
    }
}

/// Where the blanks and control characters at the end begin, if there are control characters among them that are no tabs.
fn tail(bytes: &[u8]) -> usize {
    let is_rest = |byte: &&u8| byte.is_ascii_control() || **byte == b' ';
    let len = bytes.iter().rev().take_while(is_rest).count();
    let start = bytes.len() - len;
    if bytes[start..].iter().all(is_blank) {
        bytes.len()
    } else {
        start
    }
}

/// The text without its slips, as far as they can be repaired.
pub(in crate::policy) fn repaired<'a>(text: &'a Text, slips: &[Slip]) -> Cow<'a, Text> {
    let meant = || slips.iter().filter_map(|slip| Some((&slip.at, slip.meant?)));
    if meant().next().is_none() {
        return Cow::Borrowed(text);
    }
    let mut repaired = Text::new();
    let keep = |range: Range<usize>, repaired: &mut Text| {
        if !range.is_empty() || !text.is_known(range.clone()) {
            repaired.append(text, range);
        }
    };
    let mut start = 0;
    for (at, new) in meant() {
        keep(start..at.start, &mut repaired);
        if let Some(span) = text.span(at.clone()).filter(|_| !new.is_empty()) {
            repaired.push_spelled(new.as_bytes(), span);
        }
        start = at.end;
    }
    keep(start..text.len(), &mut repaired);
    Cow::Owned(repaired)
}

fn slip(at: usize, len: usize, kind: Kind, meant: Option<&'static str>) -> Slip {
    Slip {
        at: at..at + len,
        kind,
        meant,
    }
}

/// What stands between apostrophes, or backticks, at the ends: its start and its end. There may be one at one end alone.
pub(in crate::policy) fn inside_quotes(bytes: &[u8]) -> (usize, usize) {
    let is_quote = |byte: Option<&u8>| matches!(byte, Some(b'\'' | b'`'));
    let first = bytes.len() - bytes.trim_ascii_start().len();
    let last = bytes.trim_ascii_end().len();
    let start = if is_quote(bytes.get(first)) { first + 1 } else { 0 };
    let closes = last > start && is_quote(bytes.get(last - 1));
    (start, if closes { last - 1 } else { bytes.len() })
}

/// A backslash, and what it escapes where zone files write it so: the record was escaped for one and published by other
/// means.
pub(in crate::policy) fn backslash(bytes: &[u8], at: usize) -> Slip {
    let rest = &bytes[at + 1..];
    let begins = matches!(bytes[..at].trim_ascii_end().last(), None | Some(b';'));
    match rest {
        [b'"', ..] => slip(at, 2, Kind::Quote, Some("")),
        [b'n' | b'r' | b't', after @ ..] if begins || after.is_empty() => {
            let is_inner = at > 0 && !after.is_empty();
            slip(at, 2, Kind::Backslash, Some(if is_inner { " " } else { "" }))
        }
        [a @ b'0'..=b'2', b @ b'0'..=b'9', c @ b'0'..=b'9', ..] => {
            let digit = |byte: &u8| usize::from(byte - b'0');
            let octet = digit(a) * 100 + digit(b) * 10 + digit(c);
            let meant = octet.checked_sub(0x21).and_then(|index| VISIBLE.get(index..=index));
            slip(
                at,
                4,
                Kind::Backslash,
                Some(meant.unwrap_or(if octet == 0x20 { " " } else { "" })),
            )
        }
        _ => slip(at, 1, Kind::Backslash, Some("")),
    }
}

/// Control characters that something follows. Line breaks between tags stand for blanks.
fn control(bytes: &[u8], at: usize) -> Slip {
    let is_control = |byte: &&u8| byte.is_ascii_control() && **byte != b'\t';
    let len = bytes[at..].iter().take_while(is_control).count();
    let behind = &bytes[at + len..];
    let before = bytes[..at].last();
    let is_break = bytes[at..at + len].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
    let separates = before == Some(&b';') || before.is_some() && starts_known_tag(behind);
    slip(
        at,
        len,
        Kind::Control,
        Some(if is_break && separates { " " } else { "" }),
    )
}

/// Whether a text starts with a tag of DMARC.
fn starts_known_tag(bytes: &[u8]) -> bool {
    let is_tag = |name: TagName| {
        let rest = bytes.get(name.word().len()..).unwrap_or_default();
        starts_with(bytes, name.word()) && rest.get(blanks(rest)) == Some(&b'=')
    };
    TagName::ALL.into_iter().any(is_tag)
}

pub(in crate::policy) fn non_ascii(bytes: &[u8], at: usize) -> Slip {
    let (lookalike, len, meant) = match character(&bytes[at..]) {
        Some(character) => {
            let (lookalike, meant) = look(character);
            (lookalike, character.len_utf8(), meant)
        }
        None => {
            let (lookalike, meant) = look_latin(bytes[at]);
            (lookalike, 1, meant)
        }
    };
    let is_end = at == 0 || at + len == bytes.len();
    let meant = if lookalike == Lookalike::Blank && is_end {
        Some("")
    } else {
        meant
    };
    slip(at, len, Kind::NonAscii(lookalike), meant)
}

/// The character at the start of a text, if that is UTF-8.
fn character(bytes: &[u8]) -> Option<char> {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}

fn look(character: char) -> (Lookalike, Option<&'static str>) {
    match character {
        '\u{ab}'
        | '\u{bb}'
        | '\u{b4}'
        | '\u{2bc}'
        | '\u{2018}'..='\u{201f}'
        | '\u{2032}'..='\u{2036}'
        | '\u{2039}'
        | '\u{203a}' => (Lookalike::Quote, Some("")),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            (Lookalike::Blank, Some(" "))
        }
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            (Lookalike::Nothing, Some(""))
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => (Lookalike::Dash, Some("-")),
        '\u{ff01}'..='\u{ff5e}' => {
            let index = character as usize - 0xff01;
            (Lookalike::Wide, VISIBLE.get(index..=index))
        }
        _ => (Lookalike::Other, None),
    }
}

/// What an octet is in the Windows code page for Western languages.
fn look_latin(octet: u8) -> (Lookalike, Option<&'static str>) {
    match octet {
        0x91..=0x94 | 0xab | 0xbb | 0xb4 => (Lookalike::Quote, Some("")),
        0x96 | 0x97 => (Lookalike::Dash, Some("-")),
        0xa0 => (Lookalike::Blank, Some(" ")),
        _ => (Lookalike::Other, None),
    }
}

/// How many blanks stand at the start.
fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_blank(byte)).count()
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
