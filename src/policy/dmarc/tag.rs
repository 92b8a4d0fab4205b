//! The tags behind the version: which one each is meant to be, and what separates them.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    policy::{
        dmarc::version::{Kind, Version},
        tags, word,
    },
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
    /// Where the first `=` stands.
    pub equals: Option<usize>,
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
    /// It is an address that a semicolon cut off from the list before.
    Continuation,
    /// The file does not tell.
    Unknown,
}

/// How the name of a tag is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// As it is, or as a name that no tag has.
    Exact,
    /// With capital letters.
    Case,
    /// With a `:`, or blanks, where `=` should stand.
    NoEquals,
    /// As a word that means the same: `policy`.
    Word,
}

/// A tag that RFC 9989 (section 4.7) defines, or RFC 7489 (section 6.3) did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TagName {
    /// `v`, the version.
    V,
    /// `p`, the policy.
    P,
    /// `sp`, the policy for subdomains.
    Sp,
    /// `np`, the policy for subdomains that do not exist.
    Np,
    /// `rua`, where aggregate reports go.
    Rua,
    /// `ruf`, where failure reports go.
    Ruf,
    /// `adkim`, the alignment of DKIM.
    Adkim,
    /// `aspf`, the alignment of SPF.
    Aspf,
    /// `fo`, when failure reports are sent.
    Fo,
    /// `t`, whether the policy is tested.
    T,
    /// `psd`, whether the domain is a public suffix.
    Psd,
    /// `pct`, the share of mail that the policy is for. Removed.
    Pct,
    /// `rf`, the format of failure reports. Removed.
    Rf,
    /// `ri`, the time between reports. Removed.
    Ri,
}

impl TagName {
    /// All of them.
    pub const ALL: [TagName; 14] = [
        TagName::V,
        TagName::P,
        TagName::Sp,
        TagName::Np,
        TagName::Rua,
        TagName::Ruf,
        TagName::Adkim,
        TagName::Aspf,
        TagName::Fo,
        TagName::T,
        TagName::Psd,
        TagName::Pct,
        TagName::Rf,
        TagName::Ri,
    ];

    /// Its name in the record.
    pub fn word(self) -> &'static str {
        match self {
            TagName::V => "v",
            TagName::P => "p",
            TagName::Sp => "sp",
            TagName::Np => "np",
            TagName::Rua => "rua",
            TagName::Ruf => "ruf",
            TagName::Adkim => "adkim",
            TagName::Aspf => "aspf",
            TagName::Fo => "fo",
            TagName::T => "t",
            TagName::Psd => "psd",
            TagName::Pct => "pct",
            TagName::Rf => "rf",
            TagName::Ri => "ri",
        }
    }

    /// Whether RFC 9989 removed it.
    pub fn is_removed(self) -> bool {
        matches!(self, TagName::Pct | TagName::Rf | TagName::Ri)
    }

    /// The tag that is called so, in whatever case.
    pub fn named(name: &[u8]) -> Option<TagName> {
        TagName::ALL.into_iter().find(|tag| word::is(name, tag.word()))
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
}

/// The tags from `start` on. Where the version is one of them, `version` is told.
pub(super) fn read(text: &Text, start: usize, version: &mut Version) -> Vec<Tag> {
    let segments = tags::read(text, start..text.len());
    let mut tags = Vec::with_capacity(segments.len());
    for segment in segments {
        split(text, &segment, &mut tags);
    }
    let is_version = |tag: &Tag| tag.name == Some(TagName::V) && starts_with(text.get(tag.value.clone()), "dmarc");
    if version.kind == Kind::Missing
        && let Some(index) = tags.iter().position(is_version)
    {
        version.kind = Kind::Late(index);
    }
    settle(text, &mut tags);
    tags
}

/// Whether a text begins with `head`, in whatever case.
pub(super) fn starts_with(bytes: &[u8], head: &str) -> bool {
    bytes
        .get(..head.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(head.as_bytes()))
}

/// Reads what stands between two semicolons: more than one tag where the semicolon between them is missing.
fn split(text: &Text, segment: &tags::Tag, tags: &mut Vec<Tag>) {
    let bytes = text.bytes();
    let mut start = segment.whole.start;
    let mut missing: Option<Range<usize>> = None;
    let mut place = segment.at.start;
    while let Some(len) = text.get(place..segment.at.end).iter().position(is_junk) {
        let junk = place + len
            ..place
                + len
                + text
                    .get(place + len..segment.at.end)
                    .iter()
                    .take_while(|byte| is_junk(byte))
                    .count();
        place = junk.end;
        if let Some(end) = known_name(bytes, junk.end..segment.at.end)
            && text.is_known(junk.start..end)
        {
            tags.push(tag(text, start..junk.start, false, missing.take()));
            start = junk.end;
            missing = Some(junk);
        }
    }
    tags.push(tag(text, start..segment.whole.end, segment.closed, missing));
}

fn is_junk(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b',')
}

/// The end of the `=` behind the name of a tag at the start of a range.
fn known_name(bytes: &[u8], range: Range<usize>) -> Option<usize> {
    const LONGEST: usize = 5;
    let rest = &bytes[range.clone()];
    let len = rest
        .iter()
        .take(LONGEST + 1)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    TagName::named(&rest[..len])?;
    let blanks = rest[len..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    (rest.get(len + blanks) == Some(&b'=')).then_some(range.start + len + blanks + 1)
}

fn tag(text: &Text, whole: Range<usize>, closed: bool, missing: Option<Range<usize>>) -> Tag {
    let raw = tags::one(text, whole, closed);
    let mut tag = Tag {
        value_start: raw.equals.map_or(raw.at.end, |equals| equals + 1),
        whole: raw.whole,
        at: raw.at,
        name_at: raw.name,
        equals: raw.equals,
        value: raw.value,
        closed,
        is_known: raw.is_known,
        missing,
        shape: Shape::Unknown,
        name: None,
        spelling: Spelling::Exact,
        instead: None,
    };
    if raw.is_known && tag.at.is_empty() {
        tag.shape = Shape::Empty;
    } else if raw.is_known && stand_in(text, &mut tag) {
        tag.shape = Shape::NoEquals;
    } else if raw.equals.is_none() {
        tag.shape = if raw.is_known { Shape::NoEquals } else { Shape::Unknown };
    } else if raw.is_named {
        name(text, &mut tag);
    }
    tag
}

/// Reads a tag whose `=` is another sign, or missing: `p:reject`, `p reject`.
fn stand_in(text: &Text, tag: &mut Tag) -> bool {
    let written = text.get(tag.at.clone());
    let len = written.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let Some(name) = TagName::named(&written[..len]) else {
        return false;
    };
    let sign = written[len..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b':'))
        .count();
    let has_colon = written[len..len + sign].contains(&b':');
    let has_value = len + sign < written.len();
    if sign == 0 || !has_value || !has_colon && tag.equals.is_some() {
        return false;
    }
    tag.name = Some(name);
    tag.spelling = Spelling::NoEquals;
    tag.name_at = tag.at.start..tag.at.start + len;
    tag.value_start = tag.at.start + len + sign;
    tag.value = tag.value_start..tag.at.end;
    true
}

/// Reads a tag that has a `=`, and a name that is known.
fn name(text: &Text, tag: &mut Tag) {
    let written = text.get(tag.name_at.clone());
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if written.is_empty() || !written.iter().all(is_inner) {
        tag.shape = Shape::BadName;
        return;
    }
    tag.shape = if tag.has_value() { Shape::Right } else { Shape::NoValue };
    tag.name = TagName::named(written);
    if written.eq_ignore_ascii_case(b"policy") {
        tag.name = Some(TagName::P);
        tag.spelling = Spelling::Word;
    } else if tag.name.is_some_and(|name| written != name.word().as_bytes()) {
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
