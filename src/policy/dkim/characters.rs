//! Characters that do not belong into a DKIM key, and what the record is without them.

use crate::{
    policy::{
        dkim::tag,
        dmarc::characters::{backslash, inside_quotes, non_ascii},
        tags,
    },
    text::Text,
};

pub(super) use crate::policy::dmarc::characters::repaired;
pub use crate::policy::dmarc::characters::{Kind, Lookalike, Slip};

/// The tag that a character stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Within {
    /// `n`, the notes.
    Notes,
    /// `p`, the key: blanks in it say nothing.
    Key,
    /// Another one, or none.
    Other,
}

/// The characters that do not belong into a text, in order, and the ends of lines that a blank follows.
pub(super) fn find(text: &Text) -> Vec<Slip> {
    let bytes = text.bytes();
    let mut slips = Vec::new();
    // By far the most texts have none.
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t') && !matches!(byte, b'"' | b'\'' | b'\\' | b'`');
    if bytes.iter().all(is_plain) {
        return slips;
    }
    let (start, end) = inside_quotes(bytes);
    let last = tags::trim(bytes, 0..bytes.len()).end;
    let is_quoted = bytes.first() == Some(&b'"');
    let mut within = Within::Other;
    let (mut segment, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at).copied() {
        let found = match byte {
            b'\'' | b'`' if at < start || at >= end => Some(slip(at, 1, Kind::Quote, Some(""))),
            b'"' if within != Within::Notes || is_quoted && at + 1 == last => Some(slip(at, 1, Kind::Quote, Some(""))),
            b'\\' if within != Within::Notes => Some(backslash(bytes, at)),
            b'\r' if folds(&bytes[at..]) => Some(slip(at, 2, Kind::Control, Some(""))),
            b'\t' => None,
            0..b' ' | 0x7f => Some(control(bytes, at, within)),
            0x80.. => Some(odd(bytes, at, within)),
            _ => None,
        };
        let next = found.as_ref().map_or(at + 1, |found| found.at.end);
        match byte {
            b';' => (segment, within) = (at + 1, Within::Other),
            b'=' if within == Within::Other => within = named(&bytes[segment..at]),
            _ => {}
        }
        slips.extend(found);
        at = next;
    }
    slips
}

/// Whether a character stands in the notes of a text.
pub fn is_in_notes(text: &[u8], slip: &Slip) -> bool {
    let before = text.get(..slip.at.start).unwrap_or_default();
    let segment = memchr::memrchr(b';', before).map_or(0, |at| at + 1);
    let equals = memchr::memchr(b'=', &before[segment..]);
    equals.is_some_and(|len| named(&before[segment..segment + len]) == Within::Notes)
}

fn named(name: &[u8]) -> Within {
    // Characters that do not belong there may stand in it, too.
    let mut letters = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    match (letters.next(), letters.next()) {
        (Some(b'n'), None) => Within::Notes,
        (Some(b'p'), None) => Within::Key,
        _ => Within::Other,
    }
}

fn slip(at: usize, len: usize, kind: Kind, meant: Option<&'static str>) -> Slip {
    Slip {
        at: at..at + len,
        kind,
        meant,
    }
}

/// Whether it is the end of a line that a blank follows: nothing is wrong with it.
pub(super) fn is_fold(text: &[u8], slip: &Slip) -> bool {
    slip.at.len() == 2 && text.get(slip.at.start..).is_some_and(folds)
}

/// Whether a text starts with a line's end that a blank follows, which is a blank itself (RFC 6376, section 2.8).
fn folds(bytes: &[u8]) -> bool {
    matches!(bytes, [b'\r', b'\n', b' ' | b'\t', ..])
}

/// Control characters that stand together: nothing in a key and at the ends, else a blank.
fn control(bytes: &[u8], at: usize, within: Within) -> Slip {
    let is_control = |byte: &&u8| byte.is_ascii_control() && **byte != b'\t';
    let len = bytes[at..].iter().take_while(is_control).count();
    let is_end = at == 0 || at + len == bytes.len();
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    let has_blank = is_blank(bytes.get(at + len)) || is_blank(bytes[..at].last());
    let is_in_key = within == Within::Key && !tag::begins_behind_key(&bytes[at + len..]);
    let meant = if is_end || has_blank || is_in_key { "" } else { " " };
    slip(at, len, Kind::Control, Some(meant))
}

/// A character that is not ASCII. Nobody can tell what is meant by one in the notes, and none is a part of a key.
fn odd(bytes: &[u8], at: usize, within: Within) -> Slip {
    let mut slip = non_ascii(bytes, at);
    slip.meant = match within {
        Within::Key if slip.meant == Some(" ") && !tag::begins_behind_key(&bytes[slip.at.end..]) => Some(""),
        Within::Notes if matches!(slip.kind, Kind::NonAscii(Lookalike::Quote | Lookalike::Other)) => None,
        _ => slip.meant,
    };
    slip
}
