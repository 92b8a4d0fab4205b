//! What receivers read in a DMARC record as it is published, where [`Dmarc`](super::Dmarc) reads what its writer meant.
//!
//! A slip is not mended: a receiver takes the default for what it cannot read (RFC 9989, section 4.7), and makes little or
//! nothing of the whole record where that is a policy (section 4.10.1).

use std::{collections::BTreeSet, ops::Range};

use crate::{
    policy::{
        dmarc::{
            list,
            tag::TagName,
            value::{Policy, Psd},
            version,
        },
        uri,
    },
    text::Text,
};

/// A record that receivers take for DMARC.
#[derive(Clone, Debug)]
pub struct Published<'a> {
    text: &'a Text,
    tags: Vec<Tag>,
    /// Whether the file tells the names of all tags.
    is_named: bool,
}

#[derive(Clone, Debug)]
struct Tag {
    name: TagName,
    at: Range<usize>,
    value: Range<usize>,
    /// Whether the file tells all of it.
    is_known: bool,
}

/// What a tag says to receivers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stated<T> {
    /// There is no such tag.
    Absent,
    /// This.
    Is(T),
    /// Nothing that the grammar has.
    Invalid,
    /// The tag stands there more than once, and not always the same: that makes a list of tags void (RFC 6376, section 3.2),
    /// but receivers differ.
    Twice,
    /// The file does not tell.
    Unknown,
}

/// What a text is to a receiver.
#[derive(Debug)]
pub enum Read<'a> {
    /// A DMARC record.
    Dmarc(Published<'a>),
    /// Something else, which is passed over.
    Other,
    /// The file does not tell.
    Unknown,
}

/// Reads the text of a TXT record as a receiver does that looks for DMARC.
pub fn read(text: &Text) -> Read<'_> {
    let bytes = text.bytes();
    let end = memchr::memchr(b';', bytes).unwrap_or(bytes.len());
    if !text.is_known(0..end) {
        return Read::Unknown;
    }
    if !version::is_valid(bytes) {
        return Read::Other;
    }
    let mut published = Published {
        text,
        tags: Vec::new(),
        is_named: true,
    };
    let mut start = end + 1;
    while start <= bytes.len() {
        let rest = text.get(start..bytes.len());
        let whole = start..memchr::memchr(b';', rest).map_or(bytes.len(), |len| start + len);
        start = whole.end + 1;
        published.add(whole);
    }
    Read::Dmarc(published)
}

impl<'a> Published<'a> {
    fn add(&mut self, whole: Range<usize>) {
        let bytes = self.text.bytes();
        let at = without_blanks(bytes, whole.clone());
        let is_known = self.text.is_known(whole.clone());
        let Some(equals) = memchr::memchr(b'=', self.text.get(at.clone())).map(|len| at.start + len) else {
            self.is_named &= is_known;
            return;
        };
        if !self.text.is_known(whole.start..equals) {
            self.is_named = false;
            return;
        }
        let name = self.text.get(without_blanks(bytes, at.start..equals));
        // Names are compared with their case (RFC 6376, section 3.2).
        if let Some(name) = TagName::named(name).filter(|tag| tag.word().as_bytes() == name) {
            self.tags.push(Tag {
                name,
                value: without_blanks(bytes, equals + 1..at.end),
                at,
                is_known,
            });
        }
    }

    /// The text.
    pub fn text(&self) -> &'a Text {
        self.text
    }

    /// The place of the first tag with this name in the text.
    pub fn at(&self, name: TagName) -> Option<Range<usize>> {
        self.tags.iter().find(|tag| tag.name == name).map(|tag| tag.at.clone())
    }

    /// The policy of `p`, `sp` or `np`.
    pub fn policy(&self, name: TagName) -> Stated<Policy> {
        self.word(name, &Policy::ALL.map(|policy| (policy.word(), policy)))
    }

    /// Whether `t` says that the policy is only tested. What is no word of it is the default (RFC 9989, section 4.7).
    pub fn test(&self) -> Stated<bool> {
        self.word(TagName::T, &[("y", true), ("n", false)])
    }

    /// What `psd` says.
    pub fn psd(&self) -> Stated<Psd> {
        self.word(TagName::Psd, &[("y", Psd::Yes), ("n", Psd::No), ("u", Psd::Unstated)])
    }

    /// The share of the mail in percent that receivers by RFC 7489 apply the policy to.
    pub fn percent(&self) -> Stated<u32> {
        self.stated(TagName::Pct, |value| {
            let digits = std::str::from_utf8(value).ok();
            let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits
                .and_then(|digits| digits.parse().ok())
                .filter(|number| *number <= 100)
        })
    }

    /// Whether `rua` has a URI that is right; `None` if the file does not tell.
    pub fn has_report_address(&self) -> Option<bool> {
        let mut is_unknown = !self.is_named;
        for tag in self.tags.iter().filter(|tag| tag.name == TagName::Rua) {
            let uris = uri::read(self.text, tag.value.clone());
            if uris.iter().any(|uri| list::is_valid(self.text, uri)) {
                return Some(true);
            }
            is_unknown |= !tag.is_known;
        }
        (!is_unknown).then_some(false)
    }

    /// The right URIs of `rua` or `ruf`, each once; `None` if the file does not tell all.
    pub fn addresses(&self, name: TagName) -> Option<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for tag in self.tags.iter().filter(|tag| tag.name == name) {
            if !tag.is_known {
                return None;
            }
            for uri in uri::read(self.text, tag.value.clone()) {
                if list::is_valid(self.text, &uri) {
                    all.insert(String::from_utf8_lossy(self.text.get(uri.at)).into_owned());
                }
            }
        }
        (self.is_named || !all.is_empty()).then_some(all)
    }

    /// Whether `adkim` or `aspf` asks for the very domain; `None` if the file does not tell.
    pub fn is_strict(&self, name: TagName) -> Option<bool> {
        match self.word(name, &[("r", false), ("s", true)]) {
            Stated::Is(is_strict) => Some(is_strict),
            Stated::Absent | Stated::Invalid => Some(false),
            Stated::Twice | Stated::Unknown => None,
        }
    }

    fn word<T: Copy + PartialEq>(&self, name: TagName, words: &[(&str, T)]) -> Stated<T> {
        self.stated(name, |value| {
            let found = words
                .iter()
                .find(|(word, _)| value.eq_ignore_ascii_case(word.as_bytes()));
            found.map(|(_, value)| *value)
        })
    }

    fn stated<T: PartialEq>(&self, name: TagName, read: impl Fn(&[u8]) -> Option<T>) -> Stated<T> {
        let one = |tag: &Tag| match read(self.text.get(tag.value.clone())) {
            _ if !tag.is_known => Stated::Unknown,
            Some(value) => Stated::Is(value),
            None => Stated::Invalid,
        };
        let mut tags = self.tags.iter().filter(|tag| tag.name == name);
        let Some(first) = tags.next().map(one) else {
            return if self.is_named { Stated::Absent } else { Stated::Unknown };
        };
        match tags.map(one).all(|other| other == first) {
            true => first,
            false => Stated::Twice,
        }
    }
}

/// A range without the blanks at both ends: spaces and tabs, and nothing that only looks like them.
fn without_blanks(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let inner = bytes.get(range.clone()).unwrap_or_default();
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let before = inner.iter().take_while(is_blank).count();
    let behind = inner[before..].iter().rev().take_while(is_blank).count();
    range.start + before..range.end - behind
}
