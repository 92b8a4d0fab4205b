//! What receivers do with mail from a name that fails DMARC: by the tree walk of RFC 9989 (section 4.10), and by the two
//! look-ups of RFC 7489 (section 6.6.3), as far as the repository tells.
//!
//! Records are read as they are published: what receivers pass over is passed over, and what makes them do less makes the
//! answer less. Of a public suffix that is not in the repository it is assumed that it has no record, which the answer tells.

mod existence;
mod look;
mod verdict;

use std::sync::Arc;

use crate::{
    name::Name,
    policy::dmarc::{
        published::{Published, Stated},
        tag::TagName,
        value::Psd,
    },
    suffix::Suffixes,
    zones::Node,
};

pub use existence::{Existence, Existing};
use look::Looks;
pub use look::{Found, Look};
use verdict::Reader;
pub use verdict::{Applied, Broken, Level, Unknown, Verdict};

/// What receivers do with mail from a name, and from names below it.
#[derive(Debug)]
pub struct Effective<'a> {
    /// The name.
    pub name: Name,
    /// By the tree walk of RFC 9989.
    pub by_walk: Answers<'a>,
    /// By the two look-ups of RFC 7489.
    pub by_list: Answers<'a>,
    /// What is asked for the name itself by RFC 9989, in order.
    pub walk: Vec<Step<'a>>,
    /// The organizational domain by RFC 9989; `None` where that cannot be told.
    pub organization: Option<Name>,
    /// The same by RFC 7489, from the public suffix list.
    pub listed_organization: Name,
    /// Whether the name exists.
    pub existence: Existence,
    /// The wildcard below the name, if there is one: no name below it fails to exist then.
    pub wildcard: Option<Node<'a>>,
}

/// Three questions that have answers of their own.
#[derive(Debug)]
pub struct Answers<'a> {
    /// Mail from the name itself.
    pub itself: Verdict<'a>,
    /// Mail from a name right below it that exists and has no DMARC record of its own.
    pub subdomain: Verdict<'a>,
    /// Mail from a name right below it that the zone does not have.
    pub nonexistent: Verdict<'a>,
}

/// A query of the walk.
#[derive(Debug)]
pub struct Step<'a> {
    /// The domain whose DMARC record is asked for.
    pub domain: Name,
    /// What is found.
    pub look: Look<'a>,
    /// Whether it is a public suffix that is not in the repository and of which it is assumed that it has none.
    pub is_assumed: bool,
}

/// How many labels a name has at most that is asked on the way up (RFC 9989, section 4.10, step 4).
const LABELS_MAX: usize = 7;

/// A label that no zone has.
const NOBODY: &str = "no-such-name-in-any-zone";

/// Whose policy is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    /// That of the name.
    Itself,
    /// That of one right below it, which exists.
    Subdomain,
    /// That of one right below it, which the zone does not have.
    Nonexistent,
}

/// The policies of a name, seen from a node. Whether names exist is asked of `existing`.
pub fn of<'a>(from: &Node<'a>, name: &Name, existing: &Existing<'a>) -> Effective<'a> {
    let existence = existing.of(from, name);
    let wildcard = existing.wildcard(from, &name.below(NOBODY));
    let looks = Looks::new(*from, name, wildcard.is_some());
    let below = match wildcard {
        Some(_) => Existence::Exists,
        None => Existence::Absent,
    };
    let answers = |rfc: fn(&Looks<'a>, Author, Existence) -> Verdict<'a>| Answers {
        itself: rfc(&looks, Author::Itself, existence),
        subdomain: rfc(&looks, Author::Subdomain, Existence::Exists),
        nonexistent: rfc(&looks, Author::Nonexistent, below),
    };
    let walk = walk(&looks, Author::Itself);
    Effective {
        by_walk: answers(by_walk),
        by_list: answers(by_list),
        organization: organization(&walk, name),
        walk,
        listed_organization: from.zones().suffixes().organization(name),
        existence,
        wildcard,
        name: name.clone(),
    }
}

/// What is asked on behalf of an author by RFC 9989, as long as that is told: the domain of the author, then those above it,
/// up to one that says whether it is a public suffix.
fn walk<'a>(looks: &Looks<'a>, author: Author) -> Vec<Step<'a>> {
    let labels = looks.name.label_count() + usize::from(author != Author::Itself);
    let above = (1..labels.min(LABELS_MAX + 1)).rev();
    let mut steps = Vec::new();
    for labels in std::iter::once(labels).chain(above) {
        let is_own = steps.is_empty();
        let (domain, look) = match is_own {
            true => looks.own(author),
            false => looks.above(labels),
        };
        let is_assumed = !is_own && matches!(look, Look::Unknown) && is_suffix(&domain, looks.suffixes());
        let is_over = matches!(&look, Look::One(found) if is_end(&found.published));
        steps.push(Step {
            domain,
            look,
            is_assumed,
        });
        if is_over {
            break;
        }
    }
    steps
}

/// Whether a domain is one right below which others register theirs, or may be.
fn is_suffix(domain: &Name, suffixes: &Suffixes) -> bool {
    domain.label_count() == 1 || suffixes.has(domain)
}

/// Whether a walk ends at a record.
fn is_end(published: &Published<'_>) -> bool {
    matches!(published.psd(), Stated::Is(Psd::Yes | Psd::No))
}

/// The policy by RFC 9989, section 4.10.1.
fn by_walk<'a>(looks: &Looks<'a>, author: Author, existence: Existence) -> Verdict<'a> {
    let steps = walk(looks, author);
    let Some((own, above)) = steps.split_first() else {
        return Verdict::NoRecord { assumed: None };
    };
    let reader = Reader::of_walk(existence);
    match &own.look {
        Look::One(found) => return reader.own(found),
        Look::Unknown => return Verdict::Unknown(Unknown::Record(own.domain.clone())),
        Look::None | Look::Several(_) => {}
    }
    let assumed = || {
        above
            .iter()
            .find(|step| step.is_assumed)
            .map(|step| step.domain.clone())
    };
    match chosen(above) {
        Chosen::Record(found) => reader.inherited(found),
        Chosen::Nothing => Verdict::NoRecord { assumed: assumed() },
        Chosen::Unknown(unknown) => Verdict::Unknown(unknown),
    }
}

/// What a walk leads to.
enum Chosen<'s, 'a> {
    Record(&'s Arc<Found<'a>>),
    Nothing,
    Unknown(Unknown<'a>),
}

/// The record of the organizational domain among those of a walk, else that of the public suffix (RFC 9989, sections 4.10.1 and
/// 4.10.2).
fn chosen<'s, 'a>(steps: &'s [Step<'a>]) -> Chosen<'s, 'a> {
    let psds = steps.iter().filter_map(|step| match &step.look {
        Look::One(found) => Some((found, found.published.psd())),
        _ => None,
    });
    let doubtful = psds.into_iter().find_map(|(found, psd)| match psd {
        Stated::Unknown => Some(Unknown::Tag(found.clone(), TagName::Psd)),
        Stated::Twice => Some(Unknown::Twice(found.clone(), TagName::Psd)),
        _ => None,
    });
    let first = choose(steps, Psd::Unstated);
    let Some(doubtful) = doubtful else { return first };
    // What nobody can tell may be of no account.
    let domain = |chosen: &Chosen<'s, 'a>| match chosen {
        Chosen::Record(found) => Some(found.domain.clone()),
        Chosen::Nothing | Chosen::Unknown(_) => None,
    };
    let others = [Psd::No, Psd::Yes].map(|psd| domain(&choose(steps, psd)));
    match domain(&first) {
        Some(chosen) if others.iter().all(|other| other.as_ref() == Some(&chosen)) => first,
        _ => Chosen::Unknown(doubtful),
    }
}

/// The same, where `doubtful` stands for what the file does not tell.
fn choose<'s, 'a>(steps: &'s [Step<'a>], doubtful: Psd) -> Chosen<'s, 'a> {
    let mut shortest = None;
    let mut before = None;
    for step in steps {
        before = match &step.look {
            Look::One(found) => {
                let psd = match found.published.psd() {
                    Stated::Is(psd) => psd,
                    Stated::Absent | Stated::Invalid => Psd::Unstated,
                    Stated::Unknown | Stated::Twice => doubtful,
                };
                match psd {
                    Psd::No => return Chosen::Record(found),
                    // The organizational domain is the one that was asked right before.
                    Psd::Yes => return Chosen::Record(before.unwrap_or(found)),
                    Psd::Unstated => shortest = Some(found),
                }
                Some(found)
            }
            Look::Unknown if !step.is_assumed => return Chosen::Unknown(Unknown::Record(step.domain.clone())),
            Look::Unknown | Look::None | Look::Several(_) => None,
        };
    }
    shortest.map_or(Chosen::Nothing, Chosen::Record)
}

/// The organizational domain of the name that a walk began at (RFC 9989, section 4.10.2).
fn organization(steps: &[Step<'_>], name: &Name) -> Option<Name> {
    let mut shortest = name;
    for (number, step) in steps.iter().enumerate() {
        match &step.look {
            Look::One(found) => match found.published.psd() {
                Stated::Is(Psd::No) => return Some(step.domain.clone()),
                Stated::Is(Psd::Yes) if number > 0 => {
                    let labels = step.domain.label_count() + 1;
                    return Some(name.skip(name.label_count().saturating_sub(labels)));
                }
                Stated::Unknown | Stated::Twice => return None,
                _ => shortest = &step.domain,
            },
            Look::Unknown if !step.is_assumed => return None,
            Look::Unknown | Look::None | Look::Several(_) => {}
        }
    }
    Some(shortest.clone())
}

/// The policy by RFC 7489, section 6.6.3.
fn by_list<'a>(looks: &Looks<'a>, author: Author, _: Existence) -> Verdict<'a> {
    let reader = Reader::of_list();
    let (domain, own) = looks.own(author);
    let missing = match own {
        Look::One(found) => return reader.own(&found),
        // More than one record ends the search, and the organization is not asked (step 5).
        Look::Several(node) => return Verdict::Several { domain, node },
        Look::Unknown => return Verdict::Unknown(Unknown::Record(domain)),
        Look::None => Verdict::NoRecord { assumed: None },
    };
    let organization = looks.suffixes().organization(&domain);
    if organization == domain {
        return missing;
    }
    match looks.above(organization.label_count()).1 {
        Look::One(found) => reader.inherited(&found),
        Look::Several(node) => Verdict::Several {
            domain: organization,
            node,
        },
        Look::Unknown => Verdict::Unknown(Unknown::Record(organization)),
        Look::None => missing,
    }
}
