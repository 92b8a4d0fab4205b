//! How a DMARC record begins (RFC 9989, section 4.7), and what else is meant to be one.

use std::ops::Range;

use crate::{
    policy::{
        dmarc::tag::{TagName, starts_with},
        kind, tags,
    },
    text::Text,
};

/// How a record begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// What it is.
    pub kind: Kind,
    /// What stands before it and does not belong there: blanks, or a few other characters.
    pub leading: Range<usize>,
    /// The version, such as `v=DMARC1`, or what stands in its place: the first tag.
    pub at: Range<usize>,
    /// The `v`; empty where there is none.
    pub name: Range<usize>,
    /// What stands behind its `=`; empty where there is no version.
    pub value: Range<usize>,
    /// The blanks before and behind its `=`; either may be empty.
    pub blanks: [Range<usize>; 2],
    /// What stands between it and the next tag in place of a semicolon; may be empty. `None` where nothing is wrong there.
    pub separator: Option<Range<usize>>,
}

/// What a record begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The version; its `v` may be a capital letter.
    Right,
    /// The version in letters of another case.
    Case,
    /// Something else that stands in its place.
    Invalid,
    /// A tag, and the version is the later tag with this number.
    Late(usize),
    /// A tag, and there is no version.
    Missing,
    /// The record is not meant to be DMARC.
    Foreign,
    /// It was not read, since nobody looks for it at its name, or since the file does not tell what it is meant to be.
    Unread,
}

/// How many characters may stand before a version that is still taken for one.
const JUNK_MAX: usize = 10;
/// How long base64 is at least to be a DKIM key.
const KEY_MIN: usize = 40;

impl Version {
    pub(super) fn none(kind: Kind) -> Version {
        Version {
            kind,
            leading: 0..0,
            at: 0..0,
            name: 0..0,
            value: 0..0,
            blanks: [0..0, 0..0],
            separator: None,
        }
    }

    /// Whether the record begins with its version, whatever else is wrong there.
    pub fn is_first(&self) -> bool {
        matches!(self.kind, Kind::Right | Kind::Case | Kind::Invalid)
    }
}

/// Whether a text begins with the version, in whatever case.
pub(super) fn is_at_start(bytes: &[u8]) -> bool {
    starts_with(bytes, "v=DMARC1")
}

/// Whether the first tag of a text is the version (RFC 9989, section 4.8), with `v` in small letters: of the capital,
/// receivers think differently.
pub(super) fn is_valid(bytes: &[u8]) -> bool {
    let after = || {
        let equals = unblanked(bytes.strip_prefix(b"v")?).strip_prefix(b"=")?;
        Some(unblanked(unblanked(equals).strip_prefix(b"DMARC1")?))
    };
    matches!(after(), Some([] | [b';', ..]))
}

/// Without the blanks at the start.
fn unblanked(bytes: &[u8]) -> &[u8] {
    &bytes[blanks(bytes)..]
}

/// How many blanks stand at the start.
fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// How a record begins whose first tag is known, and where its tags do; `None` if it is not DMARC.
pub(super) fn read(text: &Text) -> (Version, Option<usize>) {
    let bytes = text.bytes();
    let blanks = blanks(bytes);
    let is_behind_tag = |offset: usize| offset > blanks && matches!(bytes.get(offset - 1), Some(b';' | b'='));
    let places = (blanks..=blanks + JUNK_MAX).take_while(|offset| !is_behind_tag(*offset));
    for start in places {
        if let Some(found) = attempt(bytes, start, start > blanks) {
            return found;
        }
    }
    let other = kind::of_value(bytes).filter(|kind| *kind != kind::Kind::Dmarc);
    let segments = tags::read(text, 0..bytes.len());
    let is_like = other.is_none() && segments.iter().any(|segment| is_piece(text, segment));
    if !is_like {
        let kind = match other {
            None if !text.is_complete() => Kind::Unread,
            _ => Kind::Foreign,
        };
        return (Version::none(kind), None);
    }
    let mut version = Version::none(Kind::Missing);
    version.leading = 0..blanks;
    let Some(first) = segments.iter().find(|segment| !segment.at.is_empty()) else {
        return (version, Some(0));
    };
    version.at = first.at.clone();
    let has_v = first.is_like(text, "v");
    if has_v {
        version.name = first.name.clone();
        version.value = first.value.clone();
    } else if is_piece(text, first) || !text.get(first.at.clone()).to_ascii_lowercase().ends_with(b"dmarc1") {
        return (version, Some(0));
    }
    version.kind = Kind::Invalid;
    (version, Some((first.whole.end + 1).min(bytes.len())))
}

/// Reads the version, or an attempt at it, that begins at `start`; behind junk, only one that has its `v=`.
fn attempt(bytes: &[u8], start: usize, behind_junk: bool) -> Option<(Version, Option<usize>)> {
    let skip = |at: usize| at + bytes.get(at..).map_or(0, blanks);
    let mut version = Version::none(Kind::Invalid);
    version.leading = 0..start;
    let has_v = bytes.get(start)?.eq_ignore_ascii_case(&b'v');
    let end = start + usize::from(has_v);
    version.name = start..end;
    let sign = skip(end);
    let is_sign = |byte: &&u8| matches!(byte, b'=' | b':');
    let signs = bytes.get(sign..)?.iter().take_while(is_sign).count();
    let has_sign = signs > 0;
    let word = skip(sign + signs);
    let has_equals = has_v && signs == 1 && bytes[sign] == b'=';
    if behind_junk && !has_equals {
        return None;
    }
    let len = word_len(bytes.get(word..)?);
    let written = &bytes[word..word + len];
    let stem = [&b"dmarc"[..], b"d-marc"].into_iter().find(|stem| {
        let head = written.get(..stem.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(stem))
    })?;
    // Without `v`, and without anything that a version has, it is a sentence.
    let number = written[stem.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(has_v || has_sign || stem.len() + number == len) {
        return None;
    }
    let (value, tail) = tail(bytes, word, len, stem.len() + number);
    let end = value.end;
    if has_equals {
        version.blanks = [version.name.end..sign, sign + 1..word];
        let value = &bytes[value.clone()];
        version.kind = match value {
            b"DMARC1" => Kind::Right,
            _ if value.eq_ignore_ascii_case(b"DMARC1") => Kind::Case,
            _ => Kind::Invalid,
        };
    }
    version.at = start..end;
    version.value = value;
    let next = match tail {
        Tail::Closed(next) => next,
        Tail::Joined(separator) => {
            let next = separator.end;
            version.separator = Some(separator);
            next
        }
        // Words behind `DMARC` alone are a sentence.
        Tail::Other if !has_v && !has_sign => return None,
        Tail::Other => {
            let end = memchr::memchr(b';', &bytes[end..]).map_or(bytes.len(), |len| end + len);
            version.kind = Kind::Invalid;
            version.value.end = start + bytes[start..end].trim_ascii_end().len();
            version.at.end = version.value.end;
            (end + 1).min(bytes.len())
        }
    };
    Some((version, Some(next)))
}

/// What follows a version.
enum Tail {
    /// A semicolon or the end; the tags start there.
    Closed(usize),
    /// Something else, and a tag behind it.
    Joined(Range<usize>),
    /// Something else.
    Other,
}

/// The version that is the word of `len` bytes at `word`, or the first `number` bytes of it, and what follows.
fn tail(bytes: &[u8], word: usize, len: usize, number: usize) -> (Range<usize>, Tail) {
    let whole = word..word + len;
    let rest = &bytes[whole.end..];
    match unblanked(rest).first() {
        None => return (whole, Tail::Closed(bytes.len())),
        Some(b';') => {
            let next = whole.end + blanks(rest) + 1;
            return (whole, Tail::Closed(next));
        }
        Some(_) => {}
    }
    let joined = word + number..word + number;
    if number < len && starts_tag(&bytes[joined.end..], true) {
        return (word..joined.start, Tail::Joined(joined));
    }
    let is_junk = |byte: &&u8| !byte.is_ascii_alphanumeric() && !matches!(**byte, b';' | b'=');
    for end in [number, len] {
        let at = word + end;
        let junk = at..at + bytes[at..].iter().take_while(is_junk).count();
        if !junk.is_empty() && starts_tag(&bytes[junk.end..], false) {
            return (word..at, Tail::Joined(junk));
        }
    }
    (whole, Tail::Other)
}

/// Whether a text starts with a name and a `=`; `known`: with the name of a tag.
fn starts_tag(bytes: &[u8], known: bool) -> bool {
    let len = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let sign = unblanked(&bytes[len..]).first();
    let is_known = TagName::named(&bytes[..len]).is_some();
    len > 0 && (sign == Some(&b'=') && (is_known || !known) || sign == Some(&b':') && is_known)
}

/// The length of the word at the start.
fn word_len(bytes: &[u8]) -> usize {
    let is_inner = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b'_' | b'.');
    bytes.iter().take_while(is_inner).count()
}

/// Whether what stands between two semicolons is a tag of DMARC by its name.
fn is_piece(text: &Text, segment: &tags::Tag) -> bool {
    let written = text.get(segment.at.clone());
    let len = written.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (name, rest) = written.split_at(len);
    let sign = unblanked(rest).first();
    let value = rest.split_first().map_or(&[][..], |(_, value)| value);
    let is_named = match TagName::named(name) {
        Some(TagName::P) => !is_key(value),
        Some(TagName::V) => starts_with(value.trim_ascii_start(), "dmarc"),
        Some(TagName::Sp | TagName::Np | TagName::Rua | TagName::Ruf | TagName::Adkim | TagName::Aspf) => true,
        _ => name.eq_ignore_ascii_case(b"policy"),
    };
    is_named && matches!(sign, Some(b'=' | b':')) && text.is_known(segment.at.start..segment.at.start + len)
}

/// Whether a value is a DKIM key.
fn is_key(value: &[u8]) -> bool {
    let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'+' | b'/' | b'=');
    unblanked(value).iter().take_while(is_base64).count() >= KEY_MIN
}
