//! The version that a record begins with, such as `v=STSv1`, where nothing may stand before it or in it (RFC 8460, section 3;
//! RFC 8461, section 3.1); and what is meant to be one.

use std::ops::Range;

use crate::{
    policy::tags::{self, Tag},
    text::Text,
};

/// What tells one kind of record of this grammar from the other.
#[derive(Debug)]
pub struct Dialect {
    /// The version, such as `v=STSv1`.
    pub version: &'static str,
    /// The letters, in small, by which attempts at the version are known.
    pub stem: &'static str,
    /// Whether these letters tell an attempt wherever they stand, and not at the start alone.
    pub stem_anywhere: bool,
    /// The name of the field that every record has, with a grammar of its own.
    pub required: &'static str,
}

/// How a record begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Version {
    /// With the right version.
    Right(Separator),
    /// With something else, though the record is meant to be of this kind.
    Wrong(Wrong),
    /// It is not meant to be of this kind.
    Foreign,
    /// The file does not tell.
    Unknown,
}

/// What stands between the version and the first field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Separator {
    /// A semicolon, or nothing follows.
    Right,
    /// Blanks, before a semicolon.
    Blanks(Range<usize>),
    /// A comma, with or without blanks; a semicolon may follow. What comes then is not read.
    Comma(Range<usize>),
    /// Blanks, and no semicolon.
    Missing(Range<usize>),
    /// The file does not tell.
    Unknown,
}

/// The beginning of a record that is not the version that it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// What stands in place of the version.
    pub at: Range<usize>,
    /// How it is wrong.
    pub how: How,
}

/// How the beginning of a record differs from the version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum How {
    /// In nothing, but the next field follows without any separator.
    Joined,
    /// In case alone.
    Case,
    /// In blanks, or invisible characters, alone.
    Blanks,
    /// In quotes that belong to the text; the range is the closing one at the end of the record.
    Quotes(Option<Range<usize>>),
    /// `v=` is left out.
    NoTag,
    /// It is another version, or a misspelt one.
    Other,
    /// The version is a later field.
    Late(Tag),
    /// There is none; the record begins with a field.
    Absent,
}

/// How a record begins, and where its fields do if the version is right.
pub fn read(text: &Text, dialect: &Dialect) -> (Version, Option<usize>) {
    let bytes = text.bytes();
    let end = dialect.version.len();
    let is_right = bytes.starts_with(dialect.version.as_bytes())
        && matches!(bytes.get(end), None | Some(b' ' | b'\t' | b';' | b','));
    if !is_right {
        return (wrong(text, dialect), None);
    }
    if !text.is_known(0..end) {
        return (Version::Unknown, None);
    }
    let junk = bytes[end..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b','))
        .count();
    let junk = end..end + junk;
    let next = bytes.get(junk.end);
    let (separator, start) = match next {
        _ if !text.is_known(junk.clone()) => (Separator::Unknown, junk.end),
        None => (Separator::Right, junk.end),
        Some(b';') if junk.is_empty() => (Separator::Right, junk.end + 1),
        _ if text.get(junk.clone()).contains(&b',') => return (Version::Right(Separator::Comma(junk)), None),
        Some(b';') => (Separator::Blanks(junk.clone()), junk.end + 1),
        Some(_) => (Separator::Missing(junk.clone()), junk.end),
    };
    (Version::Right(separator), Some(start))
}

/// What a record is that does not begin with the right version.
fn wrong(text: &Text, dialect: &Dialect) -> Version {
    let bytes = text.bytes();
    let prefix = prefix(bytes, dialect);
    let tags = tags::read(text, 0..bytes.len());
    let has_stem = prefix.as_ref().is_some_and(|prefix| prefix.has_stem)
        || dialect.stem_anywhere && holds(text, dialect.stem.as_bytes());
    if !has_stem && !tags.iter().any(|tag| tag.is_like(text, dialect.required)) {
        return if text.is_complete() {
            Version::Foreign
        } else {
            Version::Unknown
        };
    }
    let first = tags.iter().find(|tag| !tag.is_known || !tag.at.is_empty());
    let at = match (&prefix, first) {
        (Some(prefix), _) => prefix.at.clone(),
        (None, Some(tag)) if !tag.is_known && tag.is_named && !tag.is_like(text, "v") => tag.name.clone(),
        (None, Some(tag)) => tag.at.clone(),
        (None, None) => 0..0,
    };
    if !text.is_known(0..at.end) {
        return Version::Unknown;
    }
    let late = || {
        tags.into_iter().skip(1).find(|tag| {
            tag.is_known
                && text
                    .get(tag.at.clone())
                    .eq_ignore_ascii_case(dialect.version.as_bytes())
        })
    };
    let how = match prefix {
        Some(prefix) => how(text, prefix.at, dialect),
        None => late().map_or(How::Absent, How::Late),
    };
    Version::Wrong(Wrong { at, how })
}

/// Whether a text has these letters in it, in whatever case.
fn holds(text: &Text, letters: &[u8]) -> bool {
    text.bytes()
        .windows(letters.len())
        .enumerate()
        .any(|(at, window)| window.eq_ignore_ascii_case(letters) && text.is_known(at..at + letters.len()))
}

/// What stands in place of the version.
struct Prefix {
    at: Range<usize>,
    has_stem: bool,
}

/// `v=` and a word, or a word with the stem of the version, behind whatever is no letter; `None` without either.
fn prefix(bytes: &[u8], dialect: &Dialect) -> Option<Prefix> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let skip_blanks = |at: usize| at + bytes[at..].iter().take_while(|byte| is_blank(byte)).count();
    let mut at = bytes
        .iter()
        .position(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')?;
    let mut has_tag = false;
    if bytes[at].eq_ignore_ascii_case(&b'v') {
        let sign = skip_blanks(at + 1);
        if matches!(bytes.get(sign), Some(b'=' | b':')) {
            has_tag = true;
            at = skip_blanks(sign + 1);
        }
    }
    let ends = |byte: &u8| is_blank(byte) || matches!(byte, b';' | b',');
    let len = bytes[at..].iter().position(ends).unwrap_or(bytes.len() - at);
    let word = &bytes[at..at + len];
    let stem = dialect.stem.len();
    let has_stem = word
        .get(..stem)
        .is_some_and(|head| head.eq_ignore_ascii_case(dialect.stem.as_bytes()));
    let len = if has_stem && word.contains(&b'=') {
        // A field follows without a separator that is one.
        let v = usize::from(matches!(word.get(stem), Some(b'v' | b'V')));
        let digits = word[stem + v..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_junk = |byte: &&u8| !byte.is_ascii_alphanumeric() && **byte != b'=';
        let number = stem + v + digits;
        number + word[number..].iter().take_while(is_junk).count()
    } else {
        len
    };
    (has_stem || has_tag && len > 0).then_some(Prefix {
        at: 0..at + len,
        has_stem,
    })
}

fn how(text: &Text, prefix: Range<usize>, dialect: &Dialect) -> How {
    let written = text.get(prefix.clone());
    let is_version = |written: &[u8]| written.eq_ignore_ascii_case(dialect.version.as_bytes());
    if written == dialect.version.as_bytes() {
        return How::Joined;
    }
    if is_version(written) {
        return How::Case;
    }
    let visible = visible(written);
    if is_version(&visible) {
        return How::Blanks;
    }
    let unquoted = unquoted(&visible);
    if is_version(unquoted) {
        let end = tags::trim(text.bytes(), 0..text.len()).end;
        let rest = text.get(prefix.end..end);
        let quote = QUOTES.iter().find(|quote| rest.ends_with(quote.as_bytes()));
        How::Quotes(quote.map(|quote| end - quote.len()..end))
    } else if is_version(&[b"v=", unquoted].concat()) {
        How::NoTag
    } else {
        How::Other
    }
}

const QUOTES: [&str; 9] = [
    "\"", "'", "`", "\u{2018}", "\u{2019}", "\u{201c}", "\u{201d}", "\u{ab}", "\u{bb}",
];

/// Without quotes at the ends.
fn unquoted(mut written: &[u8]) -> &[u8] {
    for quote in QUOTES {
        written = written.strip_prefix(quote.as_bytes()).unwrap_or(written);
        written = written.strip_suffix(quote.as_bytes()).unwrap_or(written);
    }
    written
}

/// Without blanks and what looks like them.
fn visible(written: &[u8]) -> Vec<u8> {
    let mut visible = Vec::with_capacity(written.len());
    let mut at = 0;
    while let Some(byte) = written.get(at) {
        match tags::blank_at_start(&written[at..]) {
            Some(len) => at += len,
            None => {
                visible.push(*byte);
                at += 1;
            }
        }
    }
    visible
}
