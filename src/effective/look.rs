//! What is found where a DMARC record is looked for.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use crate::{
    effective::{Author, NOBODY},
    name::Name,
    policy::dmarc::published::{self, Published, Read},
    record::{Data, Record},
    suffix::Suffixes,
    zones::{Answer, Node, Wanted},
};

/// What a query for a DMARC record finds.
#[derive(Clone, Debug)]
pub enum Look<'a> {
    /// No DMARC record.
    None,
    /// One.
    One(Arc<Found<'a>>),
    /// More than one, at this node: receivers pass over all of them.
    Several(Node<'a>),
    /// Nobody here can say.
    Unknown,
}

/// A DMARC record that was found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The domain that was asked for.
    pub domain: Name,
    /// The record, which may be at another name: an alias or a wildcard leads to it.
    pub record: &'a Record,
    /// All records at its name.
    pub node: Node<'a>,
    /// What receivers read in it.
    pub published: Published<'a>,
}

/// What is found at a name and at those above it. Each is asked once.
pub(super) struct Looks<'a> {
    pub(super) name: Name,
    from: Node<'a>,
    has_wildcard: bool,
    /// By the number of labels.
    asked: RefCell<Vec<Option<Look<'a>>>>,
}

impl<'a> Looks<'a> {
    /// Looks from a node. `has_wildcard`: whether a wildcard answers for names below.
    pub(super) fn new(from: Node<'a>, name: &Name, has_wildcard: bool) -> Looks<'a> {
        Looks {
            asked: RefCell::new(vec![None; name.label_count() + 1]),
            name: name.clone(),
            from,
            has_wildcard,
        }
    }

    /// Where one organization ends and others begin.
    pub(super) fn suffixes(&self) -> &'a Suffixes {
        self.from.zones().suffixes()
    }

    /// What is found at the name above that has so many labels, or at the name itself.
    pub(super) fn above(&self, labels: usize) -> (Name, Look<'a>) {
        let domain = self.name.skip(self.name.label_count().saturating_sub(labels));
        let known = self.asked.borrow().get(labels).cloned().flatten();
        let look = known.unwrap_or_else(|| look(&self.from, &domain, &domain));
        if let Some(place) = self.asked.borrow_mut().get_mut(labels) {
            *place = Some(look.clone());
        }
        (domain, look)
    }

    /// What an author below the name has of its own. All names that the zone does not have are shown as a wildcard.
    pub(super) fn below(&self, author: Author) -> (Name, Look<'a>) {
        let domain = self.name.below("*");
        let look = match author {
            Author::Nonexistent if self.has_wildcard => look(&self.from, &self.name.below(NOBODY), &domain),
            _ => Look::None,
        };
        (domain, look)
    }

    /// What an author has of its own.
    pub(super) fn own(&self, author: Author) -> (Name, Look<'a>) {
        match author {
            Author::Itself => self.above(self.name.label_count()),
            Author::Subdomain | Author::Nonexistent => self.below(author),
        }
    }
}

/// What a query for the DMARC record of a domain finds, which is called `shown`.
fn look<'a>(from: &Node<'a>, domain: &Name, shown: &Name) -> Look<'a> {
    let node = match from.ask(&domain.below("_dmarc"), Wanted::Txt) {
        Answer::Found(node) => node,
        Answer::Absent => return Look::None,
        Answer::Unknown => return Look::Unknown,
    };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut is_doubtful = false;
    for record in node.records() {
        let text = match &record.data {
            Data::Txt(txt) if !txt.type99 => &txt.text,
            Data::Unknown => {
                is_doubtful = true;
                continue;
            }
            // Some servers compute texts from records of their own types.
            Data::Other(other) => {
                is_doubtful |= !other.is_registered;
                continue;
            }
            _ => continue,
        };
        match published::read(text) {
            Read::Other => {}
            Read::Unknown => is_doubtful = true,
            Read::Dmarc(_) if record.many => is_doubtful = true,
            // A name has each record once, however often a file states it (RFC 2181, section 5).
            Read::Dmarc(published) => {
                if seen.insert(text.bytes()) {
                    found.push((record, published));
                }
            }
        }
    }
    let is_whole = node.zone().is_some_and(|zone| zone.whole);
    match (found.pop(), found.is_empty()) {
        _ if is_doubtful => Look::Unknown,
        (Some(_), false) => Look::Several(node),
        (Some((record, published)), true) => Look::One(Arc::new(Found {
            domain: shown.clone(),
            record,
            node,
            published,
        })),
        (None, _) if is_whole => Look::None,
        (None, _) => Look::Unknown,
    }
}
