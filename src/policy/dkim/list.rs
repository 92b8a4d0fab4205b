//! Lists of words between colons: the hash algorithms, services and flags of a key (RFC 6376, section 3.6.1).

use std::ops::Range;

use crate::{
    policy::{
        dkim::tag::{Tag, TagName},
        tags,
    },
    text::Text,
};

/// What a value of `h`, `s` or `t` is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum List {
    /// The words, in order.
    Words(Vec<Word>),
    /// An element is no word.
    Malformed,
    /// The file does not tell all of it.
    Unknown,
}

/// An element of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Where it stands.
    pub at: Range<usize>,
    /// Which of the words it is that the tag knows, in whatever case.
    pub known: Option<&'static str>,
    /// Whether it is written in the right case.
    pub is_exact: bool,
}

/// The words that a tag knows.
pub fn known(name: TagName) -> &'static [&'static str] {
    match name {
        TagName::H => &["sha256", "sha1"],
        TagName::S => &["*", "email", "tlsrpt"],
        TagName::T => &["y", "s"],
        TagName::K => &["rsa", "ed25519"],
        _ => &[],
    }
}

/// Reads the value of a tag; `None` where it has none.
pub(super) fn read(text: &Text, tag: &Tag, name: TagName) -> Option<List> {
    if !tag.is_known {
        return Some(List::Unknown);
    }
    if tag.value.is_empty() {
        return None;
    }
    let mut words = Vec::new();
    let mut start = tag.value.start;
    for written in text.get(tag.value.clone()).split(|byte| *byte == b':') {
        let at = tags::trim(text.bytes(), start..start + written.len());
        start += written.len() + 1;
        let element = text.get(at.clone());
        if !(is_word(element) || name == TagName::S && element == b"*") {
            return Some(List::Malformed);
        }
        words.push(word(name, element, at));
    }
    Some(List::Words(words))
}

/// An element of a list, or the one word of `k`.
pub(super) fn word(name: TagName, written: &[u8], at: Range<usize>) -> Word {
    let mut all = known(name).iter().copied();
    let known = all.find(|known| written.eq_ignore_ascii_case(known.as_bytes()));
    Word {
        at,
        known,
        is_exact: known.is_some_and(|known| written == known.as_bytes()),
    }
}

/// Whether an element is a word (RFC 6376, section 2.4): a letter, then letters, digits and hyphens, none at the end.
fn is_word(element: &[u8]) -> bool {
    element.first().is_some_and(u8::is_ascii_alphabetic)
        && element.last().is_some_and(u8::is_ascii_alphanumeric)
        && element.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

impl List {
    /// Its words, where it is known and not malformed.
    pub fn words(&self) -> &[Word] {
        match self {
            List::Words(words) => words,
            List::Malformed | List::Unknown => &[],
        }
    }
}
