//! What a record makes of mail that fails.

use std::sync::Arc;

use crate::{
    effective::{Existence, Found},
    name::Name,
    policy::dmarc::{published::Stated, tag::TagName, value::Policy},
    span::Span,
    zones::Node,
};

/// What receivers do with mail that fails, and where that comes from.
#[derive(Clone, Debug)]
pub enum Verdict<'a> {
    /// They act on a policy.
    Applies(Applied<'a>),
    /// They act as if the policy was `none`: the record has addresses for reports, but its policies cannot be used.
    Monitors(Broken<'a>),
    /// They do nothing at all: the policies of the record cannot be used, and it has no address for reports.
    Ignored(Broken<'a>),
    /// They do nothing at all, since there is more than one record.
    Several {
        /// The domain that was asked for.
        domain: Name,
        /// The records.
        node: Node<'a>,
    },
    /// They do nothing at all: there is no record.
    NoRecord {
        /// A public suffix that is not in the repository and of which it is assumed that it has none.
        assumed: Option<Name>,
    },
    /// Nobody here can say.
    Unknown(Unknown<'a>),
}

/// A policy that receivers act on.
#[derive(Clone, Debug)]
pub struct Applied<'a> {
    /// What they act on.
    pub policy: Policy,
    /// What the record states: stronger than that in test mode.
    pub stated: Policy,
    /// The share of the mail in percent that it is for, where that is not all. The rest is treated one level milder
    /// (RFC 7489, section 6.6.4).
    pub percent: Option<u32>,
    /// The tag that it comes from.
    pub tag: TagName,
    /// Where that is written.
    pub at: Option<Span>,
    /// The record.
    pub found: Arc<Found<'a>>,
}

/// A record whose policies cannot be used.
#[derive(Clone, Debug)]
pub struct Broken<'a> {
    /// The tag that is missing or invalid.
    pub tag: TagName,
    /// Whether it is missing.
    pub is_missing: bool,
    /// Where it is written, if it is.
    pub at: Option<Span>,
    /// The record.
    pub found: Arc<Found<'a>>,
}

/// Why nobody here can say.
#[derive(Clone, Debug)]
pub enum Unknown<'a> {
    /// The repository does not tell whether this domain has a DMARC record, or which.
    Record(Name),
    /// The file does not tell what this tag says.
    Tag(Arc<Found<'a>>, TagName),
    /// The tag stands in the record more than once, and receivers differ.
    Twice(Arc<Found<'a>>, TagName),
    /// The policies differ for names that exist and for those that do not, and the repository does not tell which this is.
    Existence(Arc<Found<'a>>),
}

/// How much is done about mail that fails, the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// DMARC is not applied: nothing, and nobody is told.
    Nothing,
    /// A policy is applied; `none` asks for reports alone.
    Policy(Policy),
}

impl Verdict<'_> {
    /// How much is done; `None` if nobody can say.
    pub fn level(&self) -> Option<Level> {
        match self {
            Verdict::Applies(applied) => Some(Level::Policy(applied.policy)),
            Verdict::Monitors(_) => Some(Level::Policy(Policy::None)),
            Verdict::Ignored(_) | Verdict::Several { .. } | Verdict::NoRecord { .. } => Some(Level::Nothing),
            Verdict::Unknown(_) => None,
        }
    }

    /// The record that it comes from.
    pub fn found(&self) -> Option<&Found<'_>> {
        match self {
            Verdict::Applies(applied) => Some(&applied.found),
            Verdict::Monitors(broken) | Verdict::Ignored(broken) => Some(&broken.found),
            Verdict::Unknown(Unknown::Tag(found, _) | Unknown::Twice(found, _) | Unknown::Existence(found)) => {
                Some(found)
            }
            Verdict::Several { .. } | Verdict::NoRecord { .. } | Verdict::Unknown(Unknown::Record(_)) => None,
        }
    }
}

/// How receivers of one of the two RFCs read a record.
pub(super) struct Reader {
    /// Whether the name that mail comes from exists; of no account to receivers that do not know `np`.
    existence: Existence,
    is_walk: bool,
}

impl Reader {
    /// As RFC 9989 has it.
    pub(super) fn of_walk(existence: Existence) -> Reader {
        Reader {
            existence,
            is_walk: true,
        }
    }

    /// As RFC 7489 has it.
    pub(super) fn of_list() -> Reader {
        Reader {
            existence: Existence::Exists,
            is_walk: false,
        }
    }

    /// What the record of the domain itself makes of mail.
    pub(super) fn own<'a>(&self, found: &Arc<Found<'a>>) -> Verdict<'a> {
        self.read(found, &[TagName::P])
    }

    /// What a record makes of mail from names below its domain.
    pub(super) fn inherited<'a>(&self, found: &Arc<Found<'a>>) -> Verdict<'a> {
        const EXISTING: &[TagName] = &[TagName::Sp, TagName::P];
        const ABSENT: &[TagName] = &[TagName::Np, TagName::Sp, TagName::P];
        match self.existence {
            Existence::Exists => self.read(found, EXISTING),
            Existence::Absent => self.read(found, ABSENT),
            Existence::Unknown => {
                let (existing, absent) = (self.read(found, EXISTING), self.read(found, ABSENT));
                match existing.level().is_some() && existing.level() == absent.level() {
                    true => existing,
                    false => Verdict::Unknown(Unknown::Existence(found.clone())),
                }
            }
        }
    }

    /// What the first of some tags that the record has makes of mail. Of what the file does not tell it is assumed that it is
    /// valid.
    fn read<'a>(&self, found: &Arc<Found<'a>>, tags: &[TagName]) -> Verdict<'a> {
        if let Some(verdict) = self.broken(found) {
            return verdict;
        }
        for tag in tags {
            return match found.published.policy(*tag) {
                Stated::Is(policy) => self.applied(found, *tag, policy),
                Stated::Absent => continue,
                Stated::Twice => Verdict::Unknown(Unknown::Twice(found.clone(), *tag)),
                Stated::Invalid | Stated::Unknown => Verdict::Unknown(Unknown::Tag(found.clone(), *tag)),
            };
        }
        Verdict::Unknown(Unknown::Tag(found.clone(), TagName::P))
    }

    /// What receivers do if the policies cannot be used; `None` if they can.
    fn broken<'a>(&self, found: &Arc<Found<'a>>) -> Option<Verdict<'a>> {
        let tags: &[TagName] = match self.is_walk {
            true => &[TagName::P, TagName::Sp, TagName::Np],
            false => &[TagName::P, TagName::Sp],
        };
        let is_broken = |tag: &&TagName| match found.published.policy(**tag) {
            Stated::Invalid => true,
            Stated::Absent => **tag == TagName::P,
            Stated::Is(_) | Stated::Twice | Stated::Unknown => false,
        };
        let tag = *tags.iter().find(is_broken)?;
        let broken = Broken {
            tag,
            is_missing: found.published.policy(tag) == Stated::Absent,
            at: found.place(tag),
            found: found.clone(),
        };
        Some(match found.published.has_report_address() {
            Some(true) => Verdict::Monitors(broken),
            Some(false) => Verdict::Ignored(broken),
            None => Verdict::Unknown(Unknown::Tag(found.clone(), TagName::Rua)),
        })
    }

    fn applied<'a>(&self, found: &Arc<Found<'a>>, tag: TagName, stated: Policy) -> Verdict<'a> {
        let mut applied = Applied {
            policy: stated,
            stated,
            percent: None,
            tag,
            at: found.place(tag),
            found: found.clone(),
        };
        if stated == Policy::None {
            return Verdict::Applies(applied);
        }
        if self.is_walk {
            match found.published.test() {
                Stated::Is(true) => applied.policy = milder(stated),
                Stated::Is(false) | Stated::Absent | Stated::Invalid => {}
                Stated::Unknown => return Verdict::Unknown(Unknown::Tag(found.clone(), TagName::T)),
                Stated::Twice => return Verdict::Unknown(Unknown::Twice(found.clone(), TagName::T)),
            }
        } else {
            match found.published.percent() {
                Stated::Is(percent) => applied.percent = Some(percent).filter(|percent| *percent < 100),
                Stated::Absent | Stated::Invalid => {}
                Stated::Unknown => return Verdict::Unknown(Unknown::Tag(found.clone(), TagName::Pct)),
                Stated::Twice => return Verdict::Unknown(Unknown::Twice(found.clone(), TagName::Pct)),
            }
            if applied.percent == Some(0) {
                applied.policy = milder(stated);
            }
        }
        Verdict::Applies(applied)
    }
}

impl Found<'_> {
    /// Where a tag of the record is written.
    pub fn place(&self, tag: TagName) -> Option<Span> {
        let at = self.published.at(tag)?;
        self.published.text().span(at)
    }
}

/// One level below a policy.
fn milder(policy: Policy) -> Policy {
    match policy {
        Policy::Reject => Policy::Quarantine,
        Policy::Quarantine | Policy::None => Policy::None,
    }
}
