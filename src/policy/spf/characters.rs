//! Characters that may stand nowhere in an SPF record, and what is meant by them.

use std::{borrow::Cow, ops::Range};

use crate::text::Text;

/// A character that may not stand in a record, or not where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Odd {
    /// Where it stands in the published text.
    pub at: Range<usize>,
    /// What it is.
    pub what: What,
    /// What is meant by it; `None` where that cannot be told, and it is left in the text.
    pub meant: Option<&'static str>,
}

/// What an odd character is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// An octet, or the octets of a character in UTF-8, outside of ASCII.
    NonAscii,
    /// A control character, a tab or the end of a line among them.
    Control,
    /// A double quote, or a single one at either end of the text.
    Quote,
    /// A backslash, with the letter that makes a line's end or a tab of it.
    Backslash,
}

/// Characters outside of ASCII that stand for one in it, or for nothing: what editors and web pages make of it.
const LOOKALIKES: [(&str, &str); 36] = [
    ("\u{a0}", " "),
    ("\u{2002}", " "),
    ("\u{2003}", " "),
    ("\u{2007}", " "),
    ("\u{2008}", " "),
    ("\u{2009}", " "),
    ("\u{200a}", " "),
    ("\u{2028}", " "),
    ("\u{202f}", " "),
    ("\u{3000}", " "),
    ("\u{ad}", ""),
    ("\u{200b}", ""),
    ("\u{200c}", ""),
    ("\u{200d}", ""),
    ("\u{200e}", ""),
    ("\u{200f}", ""),
    ("\u{2060}", ""),
    ("\u{feff}", ""),
    ("\u{2010}", "-"),
    ("\u{2011}", "-"),
    ("\u{2012}", "-"),
    ("\u{2013}", "-"),
    ("\u{2014}", "-"),
    ("\u{2015}", "-"),
    ("\u{2212}", "-"),
    ("\u{fe63}", "-"),
    ("\u{ff0d}", "-"),
    ("\u{ab}", ""),
    ("\u{bb}", ""),
    ("\u{2018}", ""),
    ("\u{2019}", ""),
    ("\u{201a}", ""),
    ("\u{201c}", ""),
    ("\u{201d}", ""),
    ("\u{201e}", ""),
    ("\u{2033}", ""),
];

/// The odd characters of a text, in order. Nothing is allocated where there is none.
pub fn find(text: &Text) -> Vec<Odd> {
    let bytes = text.bytes();
    let mut found = Vec::new();
    // By far the most texts have none.
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\');
    if bytes.iter().all(is_plain) {
        return found;
    }
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let (len, what, meant) = match byte {
            b'"' => (1, What::Quote, Some(quote(text, at))),
            b'\'' if at == 0 || at + 1 == bytes.len() => (1, What::Quote, Some("")),
            b'\\' => match rest {
                // The quote has an escape too many.
                [_, b'"', ..] => (2, What::Quote, Some("")),
                [_, b'n' | b'r' | b't'] | [_, b'n' | b'r' | b't', b' ' | b'\\' | b'"', ..] => {
                    (2, What::Backslash, Some(blank(bytes, at..at + 2)))
                }
                _ => (1, What::Backslash, Some("")),
            },
            b'\t' | b'\n' | 0x0b | 0x0c | b'\r' => (1, What::Control, Some(blank(bytes, at..at + 1))),
            0..0x20 | 0x7f => (1, What::Control, Some("")),
            0x80.. => non_ascii(rest),
            _ => {
                at += 1;
                continue;
            }
        };
        found.push(Odd {
            at: at..at + len,
            what,
            meant,
        });
        at += len;
    }
    found
}

/// A blank in place of what stands at `at`; nothing where a blank is there already, or at the ends of the text.
fn blank(bytes: &[u8], at: Range<usize>) -> &'static str {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let before = at.start.checked_sub(1).and_then(|before| bytes.get(before));
    let behind = bytes.get(at.end);
    if before.is_none_or(is_blank) || behind.is_none_or(|byte| *byte == b' ') {
        ""
    } else {
        " "
    }
}

/// What is meant by a double quote: nothing, but of two in a row the second parts what stands around them.
fn quote(text: &Text, at: usize) -> &'static str {
    let bytes = text.bytes();
    let is_second = at.checked_sub(1).is_some_and(|before| bytes[before] == b'"');
    let parts = |byte: Option<&u8>| byte.is_some_and(|byte| !matches!(byte, b' ' | b'"'));
    let is_between = is_second && parts(at.checked_sub(2).and_then(|at| bytes.get(at))) && parts(bytes.get(at + 1));
    // A hole beside it may be the blank.
    if is_between && text.is_known(at - 1..at + 1) {
        " "
    } else {
        ""
    }
}

/// The character at the start: how long it is, and what is meant by it.
fn non_ascii(rest: &[u8]) -> (usize, What, Option<&'static str>) {
    let lookalike = LOOKALIKES
        .iter()
        .find(|(written, _)| rest.starts_with(written.as_bytes()));
    if let Some((written, meant)) = lookalike {
        return (written.len(), What::NonAscii, Some(meant));
    }
    let len = (2..=4).find(|len| {
        rest.get(..*len)
            .is_some_and(|character| std::str::from_utf8(character).is_ok())
    });
    let meant = match (len, rest[0]) {
        (Some(_), _) => None,
        // Blank and dashes in Latin-1 and Windows-1252.
        (None, 0xa0) => Some(" "),
        (None, 0x96 | 0x97) => Some("-"),
        (None, 0x91..=0x94) => Some(""),
        (None, _) => None,
    };
    (len.unwrap_or(1), What::NonAscii, meant)
}

/// The text as it is meant: with what is meant by its odd characters in their places.
pub(super) fn without<'a>(text: &'a Text, odd: &[Odd]) -> Cow<'a, Text> {
    if odd.iter().all(|odd| odd.meant.is_none()) {
        return Cow::Borrowed(text);
    }
    let mut meant = Text::new();
    let mut start = 0;
    for odd in odd {
        let (Some(new), Some(span)) = (odd.meant, text.span(odd.at.clone())) else {
            continue;
        };
        // A part of a value brings the holes that touch it, even if it is empty.
        meant.append(text, start..odd.at.start);
        if !new.is_empty() {
            meant.push_spelled(new.as_bytes(), span);
        }
        start = odd.at.end;
    }
    meant.append(text, start..text.len());
    Cow::Owned(meant)
}
