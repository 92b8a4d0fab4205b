//! The tags of a key record (RFC 6376, sections 3.2 and 3.6.1): which one each is meant to be, and what separates them.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    policy::{dkim::content, tags},
    text::Text,
};

/// What stands between two separators.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// All of it, from the separator before to the one behind, neither included.
    pub whole: Range<usize>,
    /// The same without the blanks around it; empty where there is nothing else.
    pub at: Range<usize>,
    /// How it is called: all of `at` where no name can be told.
    pub name_at: Range<usize>,
    /// Where the value begins, with the blanks before it.
    pub value_start: usize,
    /// The value without blanks around it; empty, at the end of `at`, where there is none.
    pub value: Range<usize>,
    /// Whether a semicolon ends it, and not the end of the record or a wrong separator.
    pub closed: bool,
    /// Whether the file tells all of it. If not, the name may still be known.
    pub is_known: bool,
    /// The wrong separator before it: blanks and commas where a semicolon is missing.
    pub missing: Option<Range<usize>>,
    /// What it has the shape of.
    pub shape: Shape,
    /// The tag that it is, or stands for; `None` for another, or where the file does not tell.
    pub name: Option<TagName>,
    /// How that name is written.
    pub spelling: Spelling,
    /// The number of the tag with this name that counts instead of this one, where there are several.
    pub instead: Option<usize>,
}

/// Whether something has the shape of a tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `name=value`; the value may be none that the tag can have.
    Right,
    /// `name=`, with nothing behind it.
    NoValue,
    /// There is nothing but blanks.
    Empty,
    /// There is no `=`, or a `:` stands before it.
    NoEquals,
    /// The name has characters other than letters, digits and `_`, or is empty.
    BadName,
    /// The file does not tell.
    Unknown,
}

/// How the name of a tag is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// As it is, or as a name that no tag has.
    Exact,
    /// As a capital letter.
    Case,
    /// With a `:` where `=` should stand.
    Colon,
    /// Not at all: only the value is there.
    Absent,
}

/// A tag that RFC 6376 (section 3.6.1) defines, or RFC 4871 did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TagName {
    /// `v`, the version.
    V,
    /// `k`, the type of the key.
    K,
    /// `h`, the hash algorithms.
    H,
    /// `p`, the key.
    P,
    /// `s`, the services.
    S,
    /// `t`, the flags.
    T,
    /// `n`, notes.
    N,
    /// `g`, whom the key may sign for. Removed.
    G,
}

impl TagName {
    /// All of them.
    pub const ALL: [TagName; 8] = [
        TagName::V,
        TagName::K,
        TagName::H,
        TagName::P,
        TagName::S,
        TagName::T,
        TagName::N,
        TagName::G,
    ];

    /// Its name in the record.
    pub fn word(self) -> &'static str {
        match self {
            TagName::V => "v",
            TagName::K => "k",
            TagName::H => "h",
            TagName::P => "p",
            TagName::S => "s",
            TagName::T => "t",
            TagName::N => "n",
            TagName::G => "g",
        }
    }

    /// The tag that is called so, in whatever case.
    pub fn named(name: &[u8]) -> Option<TagName> {
        let [letter] = name else { return None };
        let letter = letter.to_ascii_lowercase();
        TagName::ALL.into_iter().find(|tag| tag.word().as_bytes() == [letter])
    }
}

impl Tag {
    /// Whether it is a tag under its very name, and no other stands for it.
    pub fn is_exact(&self) -> bool {
        self.spelling == Spelling::Exact && matches!(self.shape, Shape::Right | Shape::NoValue)
    }

    /// Whether it counts, and no other with its name does.
    pub fn counts(&self) -> bool {
        self.instead.is_none()
    }

    /// Whether it has a value, or may have one.
    pub fn has_value(&self) -> bool {
        !self.value.is_empty() || !self.is_known
    }

    /// Whether it stands there before, under the same name: then the whole list is void.
    pub fn is_again(&self) -> bool {
        self.is_exact() && self.instead.is_some()
    }
}

/// Whether what stands between two semicolons shows that a text is meant as a list of tags: it has a name of one or two
/// letters, or what stands for one of ours.
pub(super) fn is_of_list(text: &Text, segment: &tags::Tag) -> bool {
    let name = text.get(segment.name.clone());
    let is_short = (1..=2).contains(&name.len()) && name.iter().all(u8::is_ascii_alphabetic);
    if segment.is_named && segment.equals.is_some() && is_short {
        return true;
    }
    let mut tag = blank(segment.clone(), None);
    // A key alone may be a part of one that was broken into several records.
    segment.is_known && stand_in(text, &mut tag) && (tag.name != Some(TagName::P) || tag.spelling == Spelling::Colon)
}

/// All tags of a text.
pub(super) fn read(text: &Text) -> Vec<Tag> {
    let segments = tags::read(text, 0..text.len());
    let mut tags = Vec::with_capacity(segments.len());
    for segment in segments {
        split(text, &segment, &mut tags);
    }
    settle(text, &mut tags);
    tags
}

/// Reads what stands between two semicolons: more than one tag where the semicolon between them is missing.
fn split(text: &Text, segment: &tags::Tag, tags: &mut Vec<Tag>) {
    let bytes = text.bytes();
    let end = segment.at.end;
    let mut start = segment.whole.start;
    let mut within = name_at(bytes, segment.at.clone());
    let mut missing: Option<Range<usize>> = None;
    let mut place = segment.at.start;
    while let Some(len) = bytes[place..end].iter().position(is_junk) {
        let from = place + len;
        let junk = from..from + bytes[from..end].iter().take_while(|byte| is_junk(byte)).count();
        place = junk.end;
        let separates = match within {
            Some(TagName::N) => false,
            Some(TagName::P) => !bytes[junk.clone()].contains(&b',') && goes_on_behind_key(&bytes[junk.end..end]),
            _ => true,
        };
        let name = name_at(bytes, junk.end..end).filter(|_| separates);
        if name.is_some() && text.is_known(junk.start..junk.end + 1) {
            tags.push(tag(text, start..junk.start, false, missing.take()));
            start = junk.end;
            within = name;
            missing = Some(junk);
        }
    }
    tags.push(tag(text, start..segment.whole.end, segment.closed, missing));
}

fn is_junk(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b',')
}

/// The tag that a range begins with, if its name and its `=` are there.
fn name_at(bytes: &[u8], range: Range<usize>) -> Option<TagName> {
    let (letter, rest) = bytes[range].split_first()?;
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let name = TagName::named(&[*letter]).filter(|_| letter.is_ascii_lowercase());
    name.filter(|_| rest.get(blanks) == Some(&b'='))
}

/// Whether a tag begins here, behind a key.
pub(super) fn begins_behind_key(bytes: &[u8]) -> bool {
    // A few blanks may come first; to look behind any number of them at each would take long.
    const BLANKS: usize = 8;
    let blanks = bytes
        .iter()
        .take(BLANKS)
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let bytes = &bytes[blanks..];
    name_at(bytes, 0..bytes.len()).is_some() && goes_on_behind_key(bytes)
}

/// Whether a tag may begin behind base64: that ends in `=`, too, and then nothing else follows.
fn goes_on_behind_key(bytes: &[u8]) -> bool {
    !matches!(bytes.get(2), None | Some(b'=' | b';' | b' ' | b'\t'))
}

fn tag(text: &Text, whole: Range<usize>, closed: bool, missing: Option<Range<usize>>) -> Tag {
    let raw = tags::one(text, whole, closed);
    let (is_named, has_equals) = (raw.is_named, raw.equals.is_some());
    let mut tag = blank(raw, missing);
    if tag.is_known && tag.at.is_empty() {
        tag.shape = Shape::Empty;
    } else if tag.is_known && stand_in(text, &mut tag) {
        tag.shape = Shape::NoEquals;
    } else if !has_equals {
        tag.shape = if tag.is_known { Shape::NoEquals } else { Shape::Unknown };
    } else if is_named {
        name(text, &mut tag);
    }
    tag
}

fn blank(raw: tags::Tag, missing: Option<Range<usize>>) -> Tag {
    Tag {
        value_start: raw.equals.map_or(raw.at.end, |equals| equals + 1),
        whole: raw.whole,
        at: raw.at,
        name_at: raw.name,
        value: raw.value,
        closed: raw.closed,
        is_known: raw.is_known,
        missing,
        shape: Shape::Unknown,
        name: None,
        spelling: Spelling::Exact,
        instead: None,
    }
}

/// Reads what stands for a tag without being one: `k:rsa`, `DKIM1`, or a key alone.
fn stand_in(text: &Text, tag: &mut Tag) -> bool {
    let written = text.get(tag.at.clone());
    let absent = if written.eq_ignore_ascii_case(b"DKIM1") {
        Some(TagName::V)
    } else if content::is_key_data(written) {
        Some(TagName::P)
    } else {
        None
    };
    if absent.is_some() {
        tag.name = absent;
        tag.spelling = Spelling::Absent;
        tag.name_at = tag.at.start..tag.at.start;
        tag.value_start = tag.at.start;
        tag.value = tag.at.clone();
        return true;
    }
    let Some((letter, rest)) = written.split_first() else {
        return false;
    };
    let sign = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b':'))
        .count();
    let name = TagName::named(&[*letter]).filter(|_| rest[..sign].contains(&b':'));
    if name.is_none() || sign == rest.len() {
        return false;
    }
    tag.name = name;
    tag.spelling = Spelling::Colon;
    tag.name_at = tag.at.start..tag.at.start + 1;
    tag.value_start = tag.name_at.end + sign;
    tag.value = tag.value_start..tag.at.end;
    true
}

/// Reads a tag that has a `=`, and a name that is known.
fn name(text: &Text, tag: &mut Tag) {
    let written = text.get(tag.name_at.clone());
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if !written.first().is_some_and(u8::is_ascii_alphabetic) || !written.iter().all(is_inner) {
        tag.shape = Shape::BadName;
        return;
    }
    tag.shape = if tag.has_value() { Shape::Right } else { Shape::NoValue };
    tag.name = TagName::named(written);
    if tag.name.is_some_and(|name| written != name.word().as_bytes()) {
        tag.spelling = Spelling::Case;
    }
}

/// Finds out which of several tags with one name counts: the first, where an exact one comes before others.
fn settle(text: &Text, tags: &mut [Tag]) {
    // By far the most records have each tag once.
    let mut seen = 0_u32;
    let mut is_new = |tag: &Tag| {
        let bit = tag.name.map_or(0, |name| 1 << name as u32);
        let is_new = bit != 0 && seen & bit == 0;
        seen |= bit;
        is_new || tag.shape == Shape::Empty
    };
    if tags.iter().all(&mut is_new) {
        return;
    }
    let mut counted: BTreeMap<&[u8], (bool, usize)> = BTreeMap::new();
    for (index, tag) in tags.iter().enumerate() {
        let Some(key) = key(text, tag) else { continue };
        let this = (!tag.is_exact(), index);
        let kept = counted.entry(key).or_insert(this);
        *kept = this.min(*kept);
    }
    for (index, tag) in tags.iter_mut().enumerate() {
        let kept = key(text, tag).and_then(|key| counted.get(key));
        tag.instead = kept.map(|(_, kept)| *kept).filter(|kept| *kept != index);
    }
}

/// What tags share that have one name.
fn key<'a>(text: &'a Text, tag: &Tag) -> Option<&'a [u8]> {
    match (tag.name, tag.shape) {
        (Some(name), _) => Some(name.word().as_bytes()),
        (None, Shape::Right | Shape::NoValue) => Some(text.get(tag.name_at.clone())),
        (None, _) => None,
    }
}
