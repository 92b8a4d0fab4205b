//! BIMI assertion records (draft-brand-indicators-for-message-identification-12): lists of tags, as DKIM has them (RFC 6376,
//! section 3.2).
//!
//! A slip becomes a node, and what follows is read as its repair would leave it; behind a wrong version nothing is read.

use std::ops::Range;

use crate::{
    name::Name,
    policy::{
        bimi::{item::Item, link::Link},
        tags::{self, Tag},
        uri,
        version::{self, Dialect, Separator, Wrong},
    },
    text::Text,
};

pub mod item;
pub mod link;

pub use item::{Shape, TagName};

/// A TXT record at a name where BIMI is looked up, or nearly.
#[derive(Debug)]
pub struct Bimi<'a> {
    /// What it says.
    pub text: &'a Text,
    /// Where it stands.
    pub place: Place,
    /// How it begins.
    pub version: Version,
    /// What stands between the semicolons, the version included; none behind a wrong version.
    pub items: Vec<Item>,
}

/// Where a record stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// How many labels stand before `_bimi`: without any, nobody asks for the record.
    pub selector: usize,
    /// The domain whose mail it is about.
    pub domain: Name,
}

/// How a record begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Version {
    /// With `v=BIMI1`; the `v` may be a capital one, which is told of the tag.
    Right,
    /// With something else; the version is the tag with this number.
    Late(usize),
    /// With `v=BIMI1`, and no semicolon behind it but this.
    Separator(Range<usize>),
    /// With something else, though it is meant to be BIMI.
    Wrong(Wrong),
    /// It is not meant to be BIMI.
    Foreign,
    /// The file does not tell.
    Unknown,
}

/// How these records are told from others.
pub static DIALECT: Dialect = Dialect {
    version: "v=BIMI1",
    stem: "bimi",
    stem_anywhere: true,
    required: "l",
};

/// Where BIMI is looked up at this name; `None` if that is nowhere.
pub fn place(owner: &Name) -> Option<Place> {
    if !owner.may_hold(b'_') {
        return None;
    }
    let is_bimi = |label: Option<&[u8]>| label.is_some_and(|label| label.eq_ignore_ascii_case(b"_bimi"));
    let selector = owner.labels().position(is_bimi)?;
    Some(Place {
        selector,
        domain: owner.skip(selector + 1),
    })
}

/// Reads the text of a TXT record at a name with a label `_bimi`, whatever it is; without a selector, only if it is meant to
/// be BIMI. `None` for all others.
pub fn parse<'a>(text: &'a Text, owner: &Name) -> Option<Bimi<'a>> {
    let place = place(owner)?;
    let segments = tags::read(text, 0..text.len());
    let version = version(text, &segments);
    let is_meant = !matches!(version, Version::Foreign | Version::Unknown);
    if place.selector == 0 && !is_meant {
        return None;
    }
    let items = match version {
        Version::Right | Version::Late(_) => item::read(text, segments),
        _ => Vec::new(),
    };
    Some(Bimi {
        text,
        place,
        version,
        items,
    })
}

/// Whether receivers count a text among the BIMI records at its name.
pub fn is_counted(text: &Text) -> bool {
    let end = memchr::memchr(b';', text.bytes()).unwrap_or(text.len());
    let first = tags::one(text, 0..end, end < text.len());
    first.is(text, "v") && is_version(text, &first)
}

/// Whether a tag is `v=BIMI1`, in whatever case of the `v`.
fn is_version(text: &Text, tag: &Tag) -> bool {
    let Some(equals) = tag.equals.filter(|_| tag.is_known && tag.is_like(text, "v")) else {
        return false;
    };
    let name = text.get(tag.whole.start..equals).trim_ascii();
    name.len() == 1 && text.get(equals + 1..tag.whole.end).trim_ascii() == b"BIMI1"
}

fn version(text: &Text, tags: &[Tag]) -> Version {
    let Some(first) = tags.first() else {
        return Version::Foreign;
    };
    if is_version(text, first) {
        return Version::Right;
    }
    let late = tags.iter().position(|tag| is_version(text, tag));
    if let Some(late) = late.filter(|late| text.is_known(0..tags[*late].whole.end) && !first.is_like(text, "v")) {
        return Version::Late(late);
    }
    match version::read(text, &DIALECT).0 {
        version::Version::Right(Separator::Comma(at) | Separator::Missing(at)) => Version::Separator(at),
        version::Version::Right(_) | version::Version::Unknown => Version::Unknown,
        version::Version::Wrong(wrong) => Version::Wrong(wrong),
        version::Version::Foreign if has_evidence(text, tags) => Version::Wrong(Wrong {
            at: first.at.clone(),
            how: version::How::Absent,
        }),
        version::Version::Foreign => Version::Foreign,
    }
}

/// Whether one of the tags is `a` with a URI.
fn has_evidence(text: &Text, tags: &[Tag]) -> bool {
    let is_uri = |tag: &Tag| uri::starts_with_scheme(text.get(tag.value.clone()));
    tags.iter().any(|tag| tag.is_like(text, "a") && is_uri(tag))
}

impl Bimi<'_> {
    /// Whether it is meant to be BIMI.
    pub fn is_meant(&self) -> bool {
        !matches!(self.version, Version::Foreign | Version::Unknown)
    }

    /// Whether its tags were read, all of them if the file tells them.
    pub fn is_read(&self) -> bool {
        matches!(self.version, Version::Right | Version::Late(_))
    }

    /// The tag with this name that counts: the first, where one in small letters comes before others that only stand for it.
    /// `None` proves nothing unless the text is complete.
    pub fn item(&self, name: TagName) -> Option<&Item> {
        let named = || self.items.iter().filter(|item| item.name == Some(name));
        named()
            .find(|item| item.shape == Shape::Right)
            .or_else(|| named().next())
    }

    /// Whether there certainly is no tag with this name, nor one that stands for it.
    pub fn lacks(&self, name: TagName) -> bool {
        self.is_read() && self.text.is_complete() && self.item(name).is_none()
    }

    /// Whether a tag is there with something in it, whatever a template adds.
    pub fn gives(&self, name: TagName) -> bool {
        self.item(name).is_some_and(|item| !item.value.is_empty())
    }

    /// Whether a tag is certainly not there, or has nothing in it.
    pub fn is_without(&self, name: TagName) -> bool {
        match self.item(name) {
            Some(item) => item.value.is_empty() && item.tag.is_known,
            None => self.lacks(name),
        }
    }

    /// What a tag leads to; `None` where it is not there, is empty, or is not told.
    pub fn link(&self, name: TagName) -> Option<Link> {
        let item = self.item(name).filter(|_| self.is_read())?;
        link::read(self.text, item.value.clone(), &item.tag)
    }
}
