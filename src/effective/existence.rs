//! Whether names exist, for policies that differ for those that do not (RFC 9989, section 3.2.13).

use std::{cell::OnceCell, collections::HashSet};

use crate::{
    name::Name,
    zones::{Answer, Node, Wanted, Zones},
};

/// Whether a name exists: has records, or names below it that have (RFC 8020).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Existence {
    /// It does.
    Exists,
    /// It does not.
    Absent,
    /// Nobody here can say.
    Unknown,
}

/// Tells of names whether they exist.
#[derive(Debug)]
pub struct Existing<'a> {
    zones: &'a Zones<'a>,
    /// The keys of the names that have others below them. Made when it is first asked for.
    above: OnceCell<HashSet<u64>>,
}

impl<'a> Existing<'a> {
    /// Asks these zones.
    pub fn new(zones: &'a Zones<'a>) -> Existing<'a> {
        Existing {
            zones,
            above: OnceCell::new(),
        }
    }

    /// Whether a name exists, seen from a node.
    pub fn of(&self, from: &Node<'a>, name: &Name) -> Existence {
        match from.ask(name, Wanted::Any) {
            Answer::Found(_) => Existence::Exists,
            _ if self.has_below(name) => Existence::Exists,
            Answer::Unknown => Existence::Unknown,
            Answer::Absent => Existence::Absent,
        }
    }

    /// The wildcard that answers for a name that the zone does not have.
    pub(super) fn wildcard(&self, from: &Node<'a>, name: &Name) -> Option<Node<'a>> {
        let found = from.ask(name, Wanted::Any).found();
        found.filter(|node| node.name().is_wildcard())
    }

    fn has_below(&self, name: &Name) -> bool {
        let above = self.above.get_or_init(|| {
            let mut above = HashSet::new();
            let mut keys = Vec::new();
            for node in self.zones.nodes() {
                node.name().keys(&mut keys);
                keys.pop();
                above.extend(&keys);
            }
            above
        });
        above.contains(&name.key())
    }
}
