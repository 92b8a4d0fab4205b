//! Lists of `name=value` between semicolons, as the records of several mail protocols are written.
//!
//! Knows where things stand, not what a protocol allows: blanks around names and values are left out of their ranges, and
//! whether they may stand there is for others to say.

use std::ops::Range;

use crate::text::Text;

/// What stands between two semicolons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// All of it, from the separator before to the one behind, neither included.
    pub whole: Range<usize>,
    /// The same without the blanks around it; empty where there is nothing else.
    pub at: Range<usize>,
    /// What stands before the first `=`, without blanks around it; all of `at` where there is none.
    pub name: Range<usize>,
    /// Where the first `=` stands.
    pub equals: Option<usize>,
    /// What stands behind the first `=`, without blanks around it; empty, at the end of `at`, where there is none.
    pub value: Range<usize>,
    /// Whether a semicolon ends it, and not the end of the list.
    pub closed: bool,
    /// Whether the file tells what it is called: no hole is in the name, nor before the `=`.
    pub is_named: bool,
    /// Whether the file tells all of it.
    pub is_known: bool,
}

/// Characters that web pages and editors bring along where a blank, or nothing, is meant; and what is meant.
///
/// The last is a no-break space in Latin-1.
const LOOKALIKES: [(&[u8], &str); 7] = [
    ("\u{a0}".as_bytes(), " "),
    ("\u{200b}".as_bytes(), ""),
    ("\u{200c}".as_bytes(), ""),
    ("\u{200d}".as_bytes(), ""),
    ("\u{2060}".as_bytes(), ""),
    ("\u{feff}".as_bytes(), ""),
    (b"\xa0", " "),
];

/// The tags in `range` of a text. A semicolon at the end opens no further tag, nor do blanks behind it.
pub fn read(text: &Text, range: Range<usize>) -> Vec<Tag> {
    let semicolons = memchr::memchr_iter(b';', text.get(range.clone())).count();
    let mut tags = Vec::with_capacity(semicolons + 1);
    let mut start = range.start;
    while start <= range.end {
        let rest = text.get(start..range.end);
        let semicolon = memchr::memchr(b';', rest).map(|len| start + len);
        let tag = one(text, start..semicolon.unwrap_or(range.end), semicolon.is_some());
        start = tag.whole.end + 1;
        if tag.closed || !tag.at.is_empty() || !tag.is_known {
            tags.push(tag);
        }
    }
    tags
}

/// The tag that `whole` is, whatever stands in it; `closed` says whether a semicolon ends it.
pub fn one(text: &Text, whole: Range<usize>, closed: bool) -> Tag {
    let bytes = text.bytes();
    let at = trim(bytes, whole.clone());
    let equals = memchr::memchr(b'=', text.get(at.clone())).map(|len| at.start + len);
    let is_known = text.is_known(whole.clone());
    let (name, value) = match equals {
        Some(equals) => (trim(bytes, at.start..equals), trim(bytes, equals + 1..at.end)),
        None => (at.clone(), at.end..at.end),
    };
    Tag {
        is_named: is_known || equals.is_some_and(|equals| text.is_known(whole.start..equals)),
        is_known,
        whole,
        at,
        name,
        equals,
        value,
        closed,
    }
}

impl Tag {
    /// Whether this is a field with this very name.
    pub fn is(&self, text: &Text, name: &str) -> bool {
        self.is_named && self.equals.is_some() && text.get(self.name.clone()) == name.as_bytes()
    }

    /// Whether this is a field with this name, in whatever case.
    pub fn is_like(&self, text: &Text, name: &str) -> bool {
        self.is_named && self.equals.is_some() && text.get(self.name.clone()).eq_ignore_ascii_case(name.as_bytes())
    }
}

/// A range without the blanks, and what looks like them, at both ends. Empty, at its start, where there is nothing else.
pub fn trim(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    // By far the most have no blanks at their ends.
    let own = bytes.get(range.clone()).unwrap_or_default();
    if let (Some(first), Some(last)) = (own.first(), own.last())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return range;
    }
    let (mut start, mut end) = (range.start, range.end);
    while let Some(len) = bytes.get(start..end).and_then(blank_at_start) {
        start += len;
    }
    if start == end {
        return range.start..range.start;
    }
    while let Some(len) = bytes.get(start..end).and_then(blank_at_end) {
        end -= len;
    }
    start..end
}

/// The length of the blank, or of what looks like one, at the start.
pub fn blank_at_start(bytes: &[u8]) -> Option<usize> {
    match bytes.first()? {
        b' ' | b'\t' => Some(1),
        0x80.. => lookalike(bytes).map(|(len, _)| len),
        _ => None,
    }
}

fn blank_at_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [.., b' ' | b'\t'] => Some(1),
        [before @ .., last] if !last.is_ascii() => LOOKALIKES
            .iter()
            .map(|(written, _)| *written)
            // In UTF-8, the byte 0xA0 ends other characters, too.
            .find(|written| bytes.ends_with(written) && (written.len() > 1 || before.last().is_none_or(u8::is_ascii)))
            .map(<[u8]>::len),
        _ => None,
    }
}

/// The character at the start that stands for a blank or for nothing: its length, and what is meant.
pub fn lookalike(bytes: &[u8]) -> Option<(usize, &'static str)> {
    LOOKALIKES
        .iter()
        .find(|(written, _)| bytes.starts_with(written))
        .map(|(written, meant)| (written.len(), *meant))
}
