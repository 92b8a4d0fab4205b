//! The DMARC record (RFC 9989, section 4) and the authorization of reports (RFC 9990, section 4).
//!
//! Slips become nodes, and what follows is read as their repair would leave it: characters that do not belong there are left
//! out of [`Dmarc::text`], a wrong version is read as the right one, and a missing separator separates.

use std::{borrow::Cow, cell::OnceCell, ops::Range};

use crate::{
    name::Name,
    policy::{
        dmarc::{
            characters::Slip,
            destination::Destination,
            list::List,
            owner::Role,
            tag::{Tag, TagName},
            value::{Alignment, Policy, Psd, Word},
            version::{Kind, Version},
        },
        uri::Uri,
    },
    text::Text,
};

pub mod characters;
pub mod destination;
pub mod list;
pub mod owner;
pub mod published;
pub mod tag;
pub mod value;
pub mod version;

/// A TXT record that is meant to be DMARC, or that stands where only DMARC is looked up.
///
/// All ranges but those of [`slips`](Dmarc::slips) count the bytes of [`text`](Dmarc::text).
#[derive(Debug)]
pub struct Dmarc<'a> {
    /// The joined text as it is published.
    pub raw: &'a Text,
    /// The same as the repair of the slips in its characters would leave it.
    pub text: Cow<'a, Text>,
    /// The name of the record.
    pub owner: &'a Name,
    /// What the record does at this name.
    pub role: Role,
    /// The characters that do not belong into the text, in order. Their ranges count the bytes of [`raw`](Dmarc::raw).
    pub slips: Vec<Slip>,
    /// How it begins.
    pub version: Version,
    /// What follows the version, in order; empty if the record is foreign or not read.
    pub tags: Vec<Tag>,
    /// The report addresses of the first `rua` and the first `ruf`, and what semicolons cut off from them.
    pub lists: Vec<List>,
    /// The blanks at the end that no semicolon stands before.
    pub trailing: Option<Range<usize>>,
    destinations: OnceCell<Vec<Destination>>,
}

/// What RFC 9989, section 4.10.1, makes of the policies that a record states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// They apply.
    Policies {
        /// To the domain itself.
        domain: Policy,
        /// To its subdomains.
        subdomains: Policy,
        /// To subdomains that do not exist.
        nonexistent: Policy,
    },
    /// One of them is missing or invalid: receivers act on `p=none`, since there is an address for reports.
    Monitoring,
    /// One of them is missing or invalid, and there is no address for reports: nothing is done at all.
    Nothing,
    /// The file does not tell.
    Unknown,
}

/// Reads the text of a TXT record at `owner`. `None` if it is not meant to be DMARC, or if the file does not tell how it
/// begins. Of a record at a name where nobody looks for it, only that is told.
pub fn parse<'a>(text: &'a Text, owner: &'a Name) -> Option<Dmarc<'a>> {
    if !may_be(text, owner) {
        return None;
    }
    let is_at_start = is_at_start(text.bytes());
    let role = owner::role(owner)?;
    let is_asked = matches!(role, Role::Policy | Role::Authorization);
    if !is_asked && !is_at_start || !is_begin_known(text) {
        return None;
    }
    Some(match role {
        Role::Elsewhere | Role::Unasked => unread(text, owner, role),
        _ => read(text, owner, role),
    })
}

/// Whether the text of a TXT record at `owner` may be meant to be DMARC: false is certain, and cheap to tell.
pub fn may_be(text: &Text, owner: &Name) -> bool {
    // By far the most TXT records are something else, at names without an underscore.
    is_at_start(text.bytes()) || owner.may_hold(b'_') && owner::is_asked(owner)
}

/// Whether a text begins with the version, or with a name that was pasted before it.
fn is_at_start(text: &[u8]) -> bool {
    version::is_at_start(text) || version::pasted_name(text).is_some()
}

/// Reads the text of a TXT record that a `CNAME` at a `_dmarc` name leads to, as the policy that it is there.
pub fn parse_shared<'a>(text: &'a Text, owner: &'a Name) -> Option<Dmarc<'a>> {
    is_begin_known(text).then(|| read(text, owner, Role::Shared))
}

/// Whether receivers take a text for a DMARC record as it is published.
pub fn is_candidate(text: &[u8]) -> bool {
    version::is_valid(text)
}

/// Whether the file tells the first tag, up to its semicolon or the end.
fn is_begin_known(text: &Text) -> bool {
    let end = memchr::memchr(b';', text.bytes()).unwrap_or(text.len());
    text.is_known(0..end)
}

fn unread<'a>(raw: &'a Text, owner: &'a Name, role: Role) -> Dmarc<'a> {
    Dmarc {
        raw,
        text: Cow::Borrowed(raw),
        owner,
        role,
        slips: Vec::new(),
        version: Version::none(Kind::Unread),
        tags: Vec::new(),
        lists: Vec::new(),
        trailing: None,
        destinations: OnceCell::new(),
    }
}

fn read<'a>(raw: &'a Text, owner: &'a Name, role: Role) -> Dmarc<'a> {
    let mut dmarc = unread(raw, owner, role);
    let slips = characters::find(raw);
    let text = characters::repaired(raw, &slips);
    let (version, start) = version::read(&text);
    dmarc.version = version;
    if let Some(start) = start {
        dmarc.tags = tag::read(&text, start, &mut dmarc.version);
        dmarc.lists = list::read(&text, &mut dmarc.tags);
        dmarc.trailing = trailing(&text);
        dmarc.slips = slips;
        dmarc.text = text;
    }
    dmarc
}

fn trailing(text: &Text) -> Option<Range<usize>> {
    let bytes = text.bytes();
    let kept = bytes.trim_ascii_end().len();
    let is_last = kept < bytes.len() && bytes.get(kept.checked_sub(1)?) != Some(&b';');
    (is_last && text.is_known(kept..bytes.len())).then_some(kept..bytes.len())
}

/// What the record is.
impl Dmarc<'_> {
    /// Whether it was read as a policy: at `_dmarc`, at a wildcard, or where a `CNAME` leads to.
    pub fn is_policy(&self) -> bool {
        matches!(self.role, Role::Policy | Role::Wildcard | Role::Shared) && self.is_read()
    }

    /// Whether it was read as the authorization of reports.
    pub fn is_authorization(&self) -> bool {
        self.role == Role::Authorization && self.is_read()
    }

    /// Whether it is meant to be DMARC, and all of it that the file tells was read.
    pub fn is_read(&self) -> bool {
        !matches!(self.version.kind, Kind::Foreign | Kind::Unread)
    }

    /// The domain whose policy this is, or whose reports are authorized; `None` for a policy that several may share.
    pub fn domain(&self) -> Option<Name> {
        owner::domain(self.owner, self.role)
    }

    /// The domain to which reports are authorized to be sent; `None` unless this is an authorization.
    pub fn destination(&self) -> Option<Name> {
        owner::destination(self.owner, self.role)
    }

    /// Whether receivers take it for a DMARC record as it is published (RFC 9989, section 4.10, steps 2 and 6).
    pub fn is_candidate(&self) -> bool {
        is_candidate(self.raw.bytes())
    }
}

/// Its tags.
impl Dmarc<'_> {
    /// The tag with this name that counts: the first, where one in small letters comes before others that only stand for it
    /// (`P=`, `p:`, `policy=`). `None` proves nothing unless the text is complete.
    pub fn tag(&self, name: TagName) -> Option<&Tag> {
        let named = || self.tags.iter().filter(|tag| tag.name == Some(name));
        named().find(|tag| tag.is_exact()).or_else(|| named().next())
    }

    /// Whether there certainly is no tag with this name, nor one that stands for it.
    pub fn lacks(&self, name: TagName) -> bool {
        self.is_read() && self.text.is_complete() && self.tag(name).is_none()
    }

    /// The value of `p`, `sp` or `np`; `None` without the tag.
    pub fn policy(&self, name: TagName) -> Option<Word<Policy>> {
        self.tag(name).map(|tag| value::policy(&self.text, tag))
    }

    /// The value of `adkim` or `aspf`; `None` without the tag.
    pub fn alignment(&self, name: TagName) -> Option<Word<Alignment>> {
        self.tag(name).map(|tag| value::alignment(&self.text, tag))
    }

    /// Whether `t` says that the policy is only tested; `None` without the tag.
    pub fn test(&self) -> Option<Word<bool>> {
        self.tag(TagName::T).map(|tag| value::test(&self.text, tag))
    }

    /// The value of `psd`; `None` without the tag.
    pub fn psd(&self) -> Option<Word<Psd>> {
        self.tag(TagName::Psd).map(|tag| value::psd(&self.text, tag))
    }

    /// The options of `fo` in small letters, as they are written; `None` without the tag.
    pub fn options(&self) -> Option<Word<Vec<u8>>> {
        self.tag(TagName::Fo).map(|tag| value::options(&self.text, tag))
    }

    /// The value of `pct`, from 0 to 100; `None` without the tag.
    pub fn percent(&self) -> Option<Word<u32>> {
        self.tag(TagName::Pct).map(|tag| value::number(&self.text, tag, 100))
    }

    /// The elements of `rua` or `ruf`, of all parts of the list.
    pub fn uris(&self, name: TagName) -> impl Iterator<Item = &Uri> {
        let lists = self.lists.iter().filter(move |list| list.name == name);
        lists.flat_map(|list| &list.uris)
    }

    /// Whether `rua` or `ruf` has a URI that matches the grammar as it is published; `None` if the file does not tell.
    pub fn has_valid_uri(&self, name: TagName) -> Option<bool> {
        let is_valid = self.uris(name).any(|uri| list::is_valid(&self.text, uri));
        (is_valid || self.text.is_complete()).then_some(is_valid)
    }
}

/// What its policies come to.
impl Dmarc<'_> {
    /// The policy that `p` states, whatever the other tags say; `None` if it is missing, invalid or not known.
    pub fn domain_policy(&self) -> Option<Policy> {
        self.policy(TagName::P)?.read()
    }

    /// The policy that is stated for subdomains: that of `sp`, else of `p`; `None` if that is missing, invalid or not known.
    pub fn subdomain_policy(&self) -> Option<Policy> {
        self.or_else(TagName::Sp, Dmarc::domain_policy)
    }

    /// The policy that is stated for subdomains that do not exist: that of `np`, else of `sp`, else of `p`; `None` if that is
    /// missing, invalid or not known.
    pub fn nonexistent_policy(&self) -> Option<Policy> {
        self.or_else(TagName::Np, Dmarc::subdomain_policy)
    }

    fn or_else(&self, name: TagName, other: fn(&Self) -> Option<Policy>) -> Option<Policy> {
        match self.policy(name) {
            Some(word) => word.read(),
            None if self.text.is_complete() => other(self),
            None => None,
        }
    }

    /// What receivers make of the policies (RFC 9989, section 4.10.1).
    pub fn effect(&self) -> Effect {
        let stated = [TagName::P, TagName::Sp, TagName::Np].map(|name| self.policy(name));
        let is_broken = stated
            .iter()
            .flatten()
            .any(|word| matches!(word, Word::Invalid | Word::Empty))
            || self.lacks(TagName::P);
        if is_broken {
            return match self.has_valid_uri(TagName::Rua) {
                Some(true) => Effect::Monitoring,
                Some(false) => Effect::Nothing,
                None => Effect::Unknown,
            };
        }
        match (self.domain_policy(), self.subdomain_policy(), self.nonexistent_policy()) {
            (Some(domain), Some(subdomains), Some(nonexistent)) => Effect::Policies {
                domain,
                subdomains,
                nonexistent,
            },
            _ => Effect::Unknown,
        }
    }

    /// Whether `p`, `sp` or `np` asks for more than reports; `None` if none is known to and the file does not tell all of
    /// them.
    pub fn enforces(&self) -> Option<bool> {
        let policies = [TagName::P, TagName::Sp, TagName::Np].map(|name| self.policy(name));
        let enforces = policies
            .iter()
            .flatten()
            .any(|word| word.clone().read().is_some_and(|policy| policy > Policy::None));
        (enforces || self.text.is_complete()).then_some(enforces)
    }
}
