//! The SPF record (RFC 7208).
//!
//! What breaks the grammar is a node, and what follows is read as its repair would leave it: characters that do not belong
//! are out of the text that is read, and terms that are glued together are read as two.

pub mod characters;
pub mod domain;
mod grammar;
mod meaning;
pub mod network;
pub mod overlap;
pub mod term;
mod terms;
pub mod version;

use std::{borrow::Cow, cell::Cell, ops::Range};

use self::{
    characters::Odd,
    network::Network,
    term::{Kind, Mechanism, Modifier, Slip, Term},
    version::{How, Version},
};
use crate::{name::Name, text::Text};

/// A TXT record that is meant to be SPF.
#[derive(Debug)]
pub struct Spf<'a> {
    /// The text that is judged: the published one without its odd characters. All places but those of [`Spf::odd`] are in it.
    pub text: Cow<'a, Text>,
    /// The text as it is published.
    pub published: &'a Text,
    /// The name of the record.
    owner: &'a Name,
    is_owner_asked: Cell<bool>,
    /// Whether the record has the obsolete type 99 (SPF), which nobody asks for.
    pub type99: bool,
    /// The characters that may stand nowhere in a record, with places in the published text, in order.
    pub odd: Vec<Odd>,
    /// How it begins.
    pub version: Version,
    /// The terms behind the version, in order. None in a record of Sender ID.
    pub terms: Vec<Term>,
    /// Commas and semicolons around terms, each run of them by itself.
    pub separators: Vec<Range<usize>>,
}

/// Reads the text of a TXT record at `owner`, of the obsolete type 99 if `type99`. `None` if it is not meant to be SPF, or if
/// the file does not tell how it begins.
pub fn parse<'a>(text: &'a Text, owner: &'a Name, type99: bool) -> Option<Spf<'a>> {
    if !may_be(text.bytes()) {
        return None;
    }
    let odd = characters::find(text);
    let meant = characters::without(text, &odd);
    let version = version::read(&meant)?;
    let read = match version.how {
        How::SenderId => terms::Read::default(),
        _ => terms::read(&meant, version.end),
    };
    Some(Spf {
        text: meant,
        published: text,
        owner,
        is_owner_asked: Cell::new(false),
        type99,
        odd,
        version,
        terms: read.terms,
        separators: read.separators,
    })
}

/// Whether a text may be meant as SPF: false is certain, and cheap to tell.
pub fn may_be(text: &[u8]) -> bool {
    version::may_begin(text)
}

/// Whether a receiver that takes a text, as it is published, for an SPF record finds an error in its syntax, and answers
/// permerror (RFC 7208, sections 4.6, 6 and 12). What the file does not tell is no error.
pub fn has_syntax_error(text: &Text) -> bool {
    grammar::has_error(text)
}

impl Spf<'_> {
    /// The name of the record.
    pub fn owner(&self) -> &Name {
        self.is_owner_asked.set(true);
        self.owner
    }

    /// Whether the record is at a wildcard. What rests on nothing else of its name holds for the same text at all others.
    pub fn is_at_wildcard(&self) -> bool {
        self.owner.is_wildcard()
    }

    /// Whether anybody asked for the name of the record.
    pub fn is_owner_asked(&self) -> bool {
        self.is_owner_asked.get()
    }

    /// Whether a receiver takes the text, as it is published, for an SPF record (RFC 7208, section 4.5).
    pub fn is_selected(&self) -> bool {
        version::is_selected(self.published.bytes())
    }

    /// Whether a receiver that takes the text, as it is published, for an SPF record finds an error in its syntax.
    pub fn has_syntax_error(&self) -> bool {
        has_syntax_error(self.published)
    }

    /// The first `all`: what stands behind it is never looked at.
    pub fn all(&self) -> Option<&Term> {
        self.terms.iter().find(|term| term.is(Mechanism::All))
    }

    /// The first `redirect`.
    pub fn redirect(&self) -> Option<&Term> {
        self.modifier(Modifier::Redirect)
    }

    /// The first modifier of this kind.
    pub fn modifier(&self, modifier: Modifier) -> Option<&Term> {
        self.terms.iter().find(|term| term.kind == Kind::Modifier(modifier))
    }

    /// The mechanisms that can match, in order: those before the first `all`, and that one.
    pub fn reached(&self) -> impl Iterator<Item = &Term> {
        let mut is_over = false;
        self.terms.iter().filter(move |term| {
            let is_reached = !is_over && term.mechanism().is_some();
            is_over |= term.is(Mechanism::All);
            is_reached
        })
    }

    /// The terms that cost a look-up in a client that matches nothing: mechanisms before the first `all`, and `redirect`
    /// where there is none (RFC 7208, section 4.6.4). What includes cost themselves comes on top.
    pub fn lookups(&self) -> impl Iterator<Item = &Term> {
        let redirect = self.redirect().filter(|_| self.all().is_none());
        self.reached().filter(|term| term.is_counted()).chain(redirect)
    }

    /// The name that a mechanism or modifier asks for: its argument, or the name of the record where it has none. `None` if it
    /// has macros other than `%{d}`, is no name, or is not known; and for terms that ask for none.
    pub fn target(&self, term: &Term) -> Option<Name> {
        match term.kind {
            Kind::Mechanism(Mechanism::A | Mechanism::Mx | Mechanism::Ptr) if term.separator.is_none() => {
                Some(self.owner().clone()).filter(|owner| owner.is_known() && !owner.is_wildcard())
            }
            _ if term.takes_domain() => domain::read(&self.text, term.argument.clone()).name(self),
            _ => None,
        }
    }

    /// The domain that a term is written with; `None` for terms that take none, or are written without one.
    pub fn domain(&self, term: &Term) -> Option<domain::Domain> {
        (term.takes_domain() && !term.argument.is_empty()).then(|| domain::read(&self.text, term.argument.clone()))
    }

    /// The network of the senders that a term lists: that of `ip4` or `ip6`, or an address where a domain should stand. `None`
    /// if it lists none, or one that is wrong; and for a term that receivers skip since it has `=` in place of `:`.
    pub fn network(&self, term: &Term) -> Option<Network> {
        use Mechanism::{A, Include, Ip4, Ip6, Mx, Ptr};
        if !matches!(term.mechanism()?, A | Include | Ip4 | Ip6 | Mx | Ptr) || term.has(&Slip::Equals) {
            return None;
        }
        let address = network::address(term.argument(&self.text))?;
        let max = if address.is_ipv4() { 32 } else { 128 };
        Network::new(address, term.lengths.only(max)?)
    }
}
