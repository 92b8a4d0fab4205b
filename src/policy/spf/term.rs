//! A term of an SPF record: a mechanism or a modifier, and what slipped in it.

use std::ops::Range;

use crate::{
    policy::{spf::network::Lengths, word},
    text::Text,
};

/// A term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// All of it, from its qualifier to its end. Empty where a hole stands between blanks.
    pub at: Range<usize>,
    /// The qualifier, or several; empty where there is none.
    pub qualifier_at: Range<usize>,
    /// What a match means: the last of the qualifiers.
    pub qualifier: Qualifier,
    /// The name, without qualifier; all of a term that is neither mechanism nor modifier, and empty before a bare address.
    pub name: Range<usize>,
    /// Where the `:` or `=` behind the name stands.
    pub separator: Option<usize>,
    /// The domain, address or value, without the prefix lengths behind it; empty where there is none.
    pub argument: Range<usize>,
    /// The prefix lengths, which only mechanisms have, right or wrong.
    pub lengths: Lengths,
    /// What it is, or is meant to be.
    pub kind: Kind,
    /// What slipped in it, in the order in which it stands there.
    pub slips: Vec<Slip>,
}

/// What a term is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Something that matches senders.
    Mechanism(Mechanism),
    /// Something about the record.
    Modifier(Modifier),
    /// Neither of them, and nothing that it is meant to be can be told.
    Malformed,
    /// The file does not tell.
    Unknown,
}

/// The mechanisms (RFC 7208, section 5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mechanism {
    /// Everybody.
    All,
    /// Whom another record passes.
    Include,
    /// The addresses of a name.
    A,
    /// The addresses of a domain's mail exchangers.
    Mx,
    /// Hosts whose reverse name is in a domain.
    Ptr,
    /// An IPv4 network.
    Ip4,
    /// An IPv6 network.
    Ip6,
    /// Everybody, if a name has an address.
    Exists,
}

/// The modifiers (RFC 7208, section 6; RFC 6652, section 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Modifier {
    /// The record that is used in place of this one.
    Redirect,
    /// Where the text is that tells a sender why it failed.
    Exp,
    /// Who gets reports of failures.
    Ra,
    /// How many of the failures are reported.
    Rp,
    /// Which failures are reported.
    Rr,
    /// `v=spf1` once more.
    Version,
    /// Another one, which receivers skip.
    Other,
}

/// What it means that a mechanism matches (RFC 7208, section 4.6.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Qualifier {
    /// `+`, or none.
    Pass,
    /// `-`
    Fail,
    /// `~`
    SoftFail,
    /// `?`
    Neutral,
}

/// What slipped in a term. The term is read as the repair would leave it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Slip {
    /// No blank stands between it and the term before.
    Glued,
    /// Its qualifier stands apart from it; the range is the blanks.
    QualifierApart(Range<usize>),
    /// It has more than one qualifier; the range is those that are too many.
    QualifierRepeated(Range<usize>),
    /// It is a qualifier without a mechanism; the kind is [`Kind::Malformed`].
    QualifierAlone,
    /// It is a modifier with a qualifier.
    QualifiedModifier,
    /// It is an address without a mechanism.
    BareAddress,
    /// Its name is no mechanism. The kind is that which is meant, if it can be told, and else [`Kind::Malformed`].
    Name,
    /// It is a mechanism with `=` in place of `:`, which makes it a modifier that receivers skip. The kind is the mechanism, or
    /// [`Modifier::Other`] for `all`, which takes no argument.
    Equals,
    /// It is `redirect` or `exp` with `:` in place of `=`.
    Colon,
    /// Something follows `all`.
    AllArgument(Range<usize>),
    /// The argument that it needs is missing.
    NoArgument,
    /// Its address stands apart from it, behind these blanks; there may be a `:` before them.
    ArgumentApart(Range<usize>),
}

impl Mechanism {
    /// All of them.
    pub const ALL: [Mechanism; 8] = [
        Mechanism::All,
        Mechanism::Include,
        Mechanism::A,
        Mechanism::Mx,
        Mechanism::Ptr,
        Mechanism::Ip4,
        Mechanism::Ip6,
        Mechanism::Exists,
    ];

    /// The mechanism with this name, in whatever case.
    pub fn named(name: &[u8]) -> Option<Mechanism> {
        Mechanism::ALL
            .into_iter()
            .find(|mechanism| word::is(name, mechanism.name()))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Mechanism::All => "all",
            Mechanism::Include => "include",
            Mechanism::A => "a",
            Mechanism::Mx => "mx",
            Mechanism::Ptr => "ptr",
            Mechanism::Ip4 => "ip4",
            Mechanism::Ip6 => "ip6",
            Mechanism::Exists => "exists",
        }
    }

    /// Whether its argument may not be left out.
    pub fn needs_argument(self) -> bool {
        matches!(
            self,
            Mechanism::Include | Mechanism::Ip4 | Mechanism::Ip6 | Mechanism::Exists
        )
    }

    /// Whether its argument is a domain.
    pub fn takes_domain(self) -> bool {
        !matches!(self, Mechanism::All | Mechanism::Ip4 | Mechanism::Ip6)
    }
}

impl Modifier {
    /// The modifier with this name, in whatever case.
    pub fn named(name: &[u8]) -> Modifier {
        const NAMES: [(&str, Modifier); 5] = [
            ("redirect", Modifier::Redirect),
            ("exp", Modifier::Exp),
            ("ra", Modifier::Ra),
            ("rp", Modifier::Rp),
            ("rr", Modifier::Rr),
        ];
        NAMES
            .into_iter()
            .find(|(other, _)| word::is(name, other))
            .map_or(Modifier::Other, |(_, modifier)| modifier)
    }

    /// Whether its argument is a domain.
    pub fn takes_domain(self) -> bool {
        matches!(self, Modifier::Redirect | Modifier::Exp)
    }
}

impl Qualifier {
    /// The qualifier that is written so.
    pub fn of(byte: u8) -> Option<Qualifier> {
        Some(match byte {
            b'+' => Qualifier::Pass,
            b'-' => Qualifier::Fail,
            b'~' => Qualifier::SoftFail,
            b'?' => Qualifier::Neutral,
            _ => return None,
        })
    }

    /// The result of a match.
    pub fn result(self) -> &'static str {
        match self {
            Qualifier::Pass => "pass",
            Qualifier::Fail => "fail",
            Qualifier::SoftFail => "softfail",
            Qualifier::Neutral => "neutral",
        }
    }
}

impl Term {
    /// The mechanism that it is, or is meant to be.
    pub fn mechanism(&self) -> Option<Mechanism> {
        match self.kind {
            Kind::Mechanism(mechanism) => Some(mechanism),
            _ => None,
        }
    }

    /// The modifier that it is, or is meant to be.
    pub fn modifier(&self) -> Option<Modifier> {
        match self.kind {
            Kind::Modifier(modifier) => Some(modifier),
            _ => None,
        }
    }

    /// Whether it is this mechanism.
    pub fn is(&self, mechanism: Mechanism) -> bool {
        self.kind == Kind::Mechanism(mechanism)
    }

    /// Whether this slipped in it.
    pub fn has(&self, slip: &Slip) -> bool {
        self.slips.contains(slip)
    }

    /// Whether its argument is a domain.
    pub fn takes_domain(&self) -> bool {
        match self.kind {
            Kind::Mechanism(mechanism) => mechanism.takes_domain(),
            Kind::Modifier(modifier) => modifier.takes_domain(),
            _ => false,
        }
    }

    /// Whether it is a mechanism that counts as a look-up (RFC 7208, section 4.6.4). One with `=` in place of `:` is skipped.
    pub fn is_counted(&self) -> bool {
        let mechanism = self.mechanism().is_some_and(Mechanism::takes_domain);
        mechanism && !self.has(&Slip::Equals)
    }

    /// Its name as it is written.
    pub fn name<'a>(&self, text: &'a Text) -> &'a [u8] {
        text.get(self.name.clone())
    }

    /// Its argument as it is written.
    pub fn argument<'a>(&self, text: &'a Text) -> &'a [u8] {
        text.get(self.argument.clone())
    }
}
