//! What stands between the semicolons of a BIMI record.

use std::ops::Range;

use crate::{
    policy::{tags::Tag, word},
    text::Text,
};

/// What stands between two semicolons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Where its parts stand.
    pub tag: Tag,
    /// What it is called, without blanks around it: characters that only look like blanks are a part of it.
    pub name_at: Range<usize>,
    /// The value, without blanks around it; empty where there is none.
    pub value: Range<usize>,
    /// The tag that it is, or stands for.
    pub name: Option<TagName>,
    /// What it has the shape of.
    pub shape: Shape,
}

/// Whether something has the shape of a tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `name=value`; the value may be empty.
    Right,
    /// The same, with capital letters in the name of a tag that is known.
    Case,
    /// There is nothing but blanks.
    Empty,
    /// There is no `=`; the range is what stands in its place, where a name and a value can be told.
    NoEquals(Option<Range<usize>>),
    /// The name has characters other than letters, digits and `_`, begins with no letter, or is empty.
    BadName,
    /// The file does not tell.
    Unknown,
}

/// A tag that the draft defines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TagName {
    /// `v`, the version.
    V,
    /// `l`, where the logo is.
    L,
    /// `a`, where the evidence is that the logo is the domain's own.
    A,
    /// `avp`, which of two images is preferred.
    Avp,
    /// `lps`, for which local parts of addresses the record is.
    Lps,
}

impl TagName {
    /// All of them.
    pub const ALL: [TagName; 5] = [TagName::V, TagName::L, TagName::A, TagName::Avp, TagName::Lps];

    /// Its name in the record.
    pub fn word(self) -> &'static str {
        match self {
            TagName::V => "v",
            TagName::L => "l",
            TagName::A => "a",
            TagName::Avp => "avp",
            TagName::Lps => "lps",
        }
    }

    /// The tag that is called so, in whatever case.
    fn named(name: &[u8]) -> Option<TagName> {
        TagName::ALL.into_iter().find(|tag| word::is(name, tag.word()))
    }
}

/// Tells what each of some tags is.
pub(super) fn read(text: &Text, tags: Vec<Tag>) -> Vec<Item> {
    tags.into_iter().map(|tag| item(text, tag)).collect()
}

fn item(text: &Text, tag: Tag) -> Item {
    let mut item = Item {
        name_at: trim(text, tag.whole.start..tag.equals.unwrap_or(tag.whole.end)),
        value: trim(text, tag.equals.map_or(tag.at.end, |equals| equals + 1)..tag.whole.end),
        name: None,
        shape: Shape::Unknown,
        tag,
    };
    let tag = &item.tag;
    if tag.equals.is_none() {
        if tag.is_known {
            item.value = tag.at.end..tag.at.end;
            item.shape = if item.name_at.is_empty() {
                Shape::Empty
            } else {
                Shape::NoEquals(None)
            };
            stand_in(text, &mut item);
        }
    } else if tag.is_named {
        item.name = TagName::named(text.get(tag.name.clone()));
        item.shape = match item.name {
            _ if !is_name(text.get(item.name_at.clone())) => Shape::BadName,
            Some(name) if text.get(item.name_at.clone()) != name.word().as_bytes() => Shape::Case,
            _ => Shape::Right,
        };
    }
    item
}

/// Reads a tag whose `=` is another sign, or missing: `l:https://example.com/logo.svg`, `l https://example.com/logo.svg`.
fn stand_in(text: &Text, item: &mut Item) {
    let at = item.name_at.clone();
    let written = text.get(at.clone());
    let len = written.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let is_sign = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b':');
    let sign = written[len..].iter().take_while(is_sign).count();
    let Some(name) = TagName::named(&written[..len]).filter(|_| sign > 0) else {
        return;
    };
    let start = at.start + len;
    item.name = Some(name);
    item.name_at = at.start..start;
    item.value = start + sign..at.end;
    item.shape = Shape::NoEquals(Some(start..start + sign));
}

/// Whether a tag of DKIM can be called so (RFC 6376, section 3.2).
fn is_name(name: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    name.first().is_some_and(u8::is_ascii_alphabetic) && name.iter().all(is_inner)
}

/// A range without the blanks at both ends; empty, at its end, where there is nothing else.
pub(super) fn trim(text: &Text, range: Range<usize>) -> Range<usize> {
    let bytes = text.get(range.clone());
    let start = range.end - bytes.trim_ascii_start().len();
    start..(range.start + bytes.trim_ascii_end().len()).max(start)
}
