//! DKIM key records (RFC 6376, section 3.6.1), and what is left of older protocols beside them.
//!
//! Slips become nodes, and what follows is read as their repair would leave it: characters that do not belong there are left
//! out of [`Dkim::text`], a missing separator separates, and a name in capital letters is the name.

use std::{borrow::Cow, cell::OnceCell, ops::Range};

use crate::{
    name::Name,
    policy::dkim::{
        characters::Slip,
        content::Content,
        key::{Key, KeyType},
        list::List,
        modulus::Judged,
        owner::Role,
        tag::{Tag, TagName},
    },
    text::Text,
};

pub mod base64;
pub mod characters;
pub mod content;
pub mod der;
pub mod key;
pub mod list;
pub mod modulus;
pub mod owner;
pub mod published;
pub mod tag;

/// A TXT record that is meant to be a DKIM key, or stands where one is looked for.
///
/// All ranges but those of [`slips`](Dkim::slips) count the bytes of [`text`](Dkim::text).
#[derive(Debug)]
pub struct Dkim<'a> {
    /// The joined text as it is published.
    pub raw: &'a Text,
    /// The same as the repair of the slips in its characters would leave it.
    pub text: Cow<'a, Text>,
    /// The name of the record.
    pub owner: &'a Name,
    /// What the record does at this name.
    pub role: Role,
    /// The characters that do not belong into the text, in order. Their ranges count the bytes of [`raw`](Dkim::raw).
    pub slips: Vec<Slip>,
    /// What it is.
    pub content: Content,
    /// Its tags, in order; empty unless it is a list of them.
    pub tags: Vec<Tag>,
    key: OnceCell<Option<Key>>,
    judged: &'a Judged,
}

/// Reads the text of a TXT record at `owner`. `None` if it is not meant to be DKIM and nobody looks for a key at its name, or
/// if the file does not tell how it begins. Of a record at a name where nobody looks for it, only that is told. What is found
/// out about a key is remembered in `judged`.
pub fn parse<'a>(text: &'a Text, owner: &'a Name, judged: &'a Judged) -> Option<Dkim<'a>> {
    if !may_be(text, owner) || !is_begin_known(text) {
        return None;
    }
    let role = owner::role(owner, || content::is_key(text))?;
    match role {
        Role::Selector => Some(read(text, owner, role, judged)),
        Role::Elsewhere if !content::is_key(text) => None,
        _ => Some(unread(text, owner, role, judged)),
    }
}

/// Whether the text of a TXT record at `owner` may be meant to be DKIM: false is certain, and cheap to tell.
pub fn may_be(text: &Text, owner: &Name) -> bool {
    // By far the most TXT records are something else, at names without an underscore.
    owner.may_hold(b'_') && owner::is_asked(owner) || content::may_be_key(text.bytes())
}

/// Reads the text of a TXT record that a `CNAME` at the name of a selector leads to, as the key that it is there.
pub fn parse_shared<'a>(text: &'a Text, owner: &'a Name, judged: &'a Judged) -> Option<Dkim<'a>> {
    is_begin_known(text).then(|| read(text, owner, Role::Shared, judged))
}

/// Whether the file tells the first tag, up to its semicolon or the end.
fn is_begin_known(text: &Text) -> bool {
    let end = memchr::memchr(b';', text.bytes()).unwrap_or(text.len());
    text.is_known(0..end)
}

fn unread<'a>(raw: &'a Text, owner: &'a Name, role: Role, judged: &'a Judged) -> Dkim<'a> {
    Dkim {
        raw,
        text: Cow::Borrowed(raw),
        owner,
        role,
        slips: Vec::new(),
        content: Content::Unread,
        tags: Vec::new(),
        key: OnceCell::new(),
        judged,
    }
}

fn read<'a>(raw: &'a Text, owner: &'a Name, role: Role, judged: &'a Judged) -> Dkim<'a> {
    let mut dkim = unread(raw, owner, role, judged);
    let mut slips = characters::find(raw);
    let text = characters::repaired(raw, &slips);
    slips.retain(|slip| !characters::is_fold(raw.bytes(), slip));
    dkim.content = content::of(&text);
    if matches!(dkim.content, Content::Tags) {
        dkim.tags = tag::read(&text);
    }
    if !matches!(dkim.content, Content::Foreign(_) | Content::Host | Content::Unread) {
        dkim.slips = slips;
        dkim.text = text;
    }
    dkim
}

/// What the record is.
impl Dkim<'_> {
    /// Whether a key is looked for here: at the name of a selector, or where a `CNAME` at one leads to.
    pub fn is_asked(&self) -> bool {
        matches!(self.role, Role::Selector | Role::Shared)
    }

    /// Whether it is a key by its looks, wherever it stands.
    pub fn is_key_by_its_looks(&self) -> bool {
        content::is_key(self.raw)
    }

    /// Whether it is a list of tags that was read.
    pub fn is_read(&self) -> bool {
        matches!(self.content, Content::Tags)
    }

    /// The tag with this name that counts: the first, where one in small letters comes before others that only stand for it
    /// (`P=`, `p:`). `None` proves nothing unless the text is complete.
    pub fn tag(&self, name: TagName) -> Option<&Tag> {
        let named = || self.tags.iter().filter(|tag| tag.name == Some(name));
        named().find(|tag| tag.is_exact()).or_else(|| named().next())
    }

    /// Whether there certainly is no tag with this name, nor one that stands for it.
    pub fn lacks(&self, name: TagName) -> bool {
        self.is_read() && self.text.is_complete() && self.tag(name).is_none()
    }

    /// The elements of `h`, `s` or `t`; `None` without the tag, or without a value.
    pub fn list(&self, name: TagName) -> Option<List> {
        let tag = self.tag(name)?;
        list::read(&self.text, tag, name)
    }

    /// Whether the key is revoked: `p` is there, and empty.
    pub fn is_revoked(&self) -> bool {
        let is_empty = |tag: &Tag| tag.is_known && tag.value.is_empty();
        self.tag(TagName::P).is_some_and(is_empty)
    }

    /// Whether `p` certainly has a value.
    pub fn has_key(&self) -> bool {
        self.tag(TagName::P).is_some_and(|tag| !tag.value.is_empty())
    }

    /// The type of the key, as `k` tells it.
    pub fn key_type(&self) -> KeyType {
        let Some(tag) = self.tag(TagName::K) else {
            return if self.lacks(TagName::K) {
                KeyType::Rsa
            } else {
                KeyType::Unknown
            };
        };
        if !tag.is_known {
            return KeyType::Unknown;
        }
        KeyType::named(self.text.get(tag.value.clone()))
    }

    /// What `p` holds; `None` without it, where it is empty, and where the file does not tell all of it.
    pub fn key(&self) -> Option<&Key> {
        let read = || {
            let value = match &self.content {
                Content::Bare(at) => at.clone(),
                _ => {
                    let tag = self.tag(TagName::P)?;
                    tag.is_known.then_some(tag.value.clone())?
                }
            };
            (!value.is_empty()).then(|| key::read(&self.text, value, self.key_type()))
        };
        self.key.get_or_init(read).as_ref()
    }

    /// Where a key that leads to mail as anybody stands in the open: a private key in its armour, or one that `p` or the
    /// text without tags decodes to.
    pub fn private_key(&self) -> Option<Range<usize>> {
        match &self.content {
            Content::Private(at) => Some(at.clone()),
            _ => self.key().filter(|key| key.is_private()).map(|key| key.at.clone()),
        }
    }

    /// What was found out about the moduli of this file.
    pub fn judged(&self) -> &Judged {
        self.judged
    }
}
