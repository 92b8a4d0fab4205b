//! What receivers look up for an SPF record: through `include` and `redirect` from record to record, as far as the repository
//! has them.
//!
//! Each record that others lead to is looked at once in a run, however many do, and once more for itself. The sums are lower bounds: a record that is elsewhere
//! costs the look-up that finds it, and what nobody here can tell costs nothing.

mod branch;
mod target;

use std::collections::HashMap;

use crate::{
    name::Name,
    policy::spf::Spf,
    record::Record,
    zones::{Node, Place},
};

pub use branch::{Branch, Step};
pub use target::{Selection, Target, is_meant, may_be_spf};

/// All records that were looked at.
#[derive(Default, Debug)]
pub struct Trees<'a> {
    branches: Vec<Branch<'a>>,
    numbers: HashMap<Key, u32>,
    targets: HashMap<Key, Target>,
    /// The record that was asked for last, if nothing else leads to it so far: it is looked at anew if something does.
    alone: Option<Key>,
}

/// A record, or the first at a name, and the name that it was asked for. What a wildcard or an alias leads to is another record
/// for each name: `%{d}` and `a` stand for the name that was asked for.
#[derive(PartialEq, Eq, Hash, Debug)]
struct Key {
    address: usize,
    name: Name,
}

impl Key {
    fn new(record: &Record, name: &Name) -> Key {
        Key {
            address: std::ptr::from_ref(record).addr(),
            name: name.clone(),
        }
    }
}

/// A record with all that it leads to.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'t, 'a> {
    trees: &'t Trees<'a>,
    root: u32,
    /// All records at its name.
    pub node: Node<'a>,
}

impl<'a> Trees<'a> {
    /// The tree of the record at `place`, which `spf` was read from, and which is meant to be at `owner`.
    pub fn of(&mut self, place: &Place<'a>, spf: &Spf<'_>, owner: &Name) -> Tree<'_, 'a> {
        if let Some(alone) = self.alone.take() {
            self.numbers.remove(&alone);
            self.branches.pop();
        }
        let next = self.branches.len() as u32;
        let root = self.branch(place.record, place.node, owner, |branch| branch.read(spf));
        self.grow(root);
        if root == next && self.branches.len() as u32 == next + 1 {
            self.alone = Some(Key::new(place.record, owner));
        }
        Tree {
            trees: self,
            root,
            node: place.node,
        }
    }

    /// The number of a record that was asked for by this name.
    fn branch(&mut self, record: &'a Record, node: Node<'a>, name: &Name, read: impl FnOnce(&mut Branch<'a>)) -> u32 {
        let next = self.branches.len() as u32;
        let number = *self.numbers.entry(Key::new(record, name)).or_insert(next);
        if number == next {
            let mut branch = Branch::new(record, node, name);
            read(&mut branch);
            self.branches.push(branch);
        }
        number
    }

    /// Follows all that a record leads to, and sums up. The records of a loop form one component (Tarjan); recursion would be as
    /// deep as somebody likes.
    fn grow(&mut self, root: u32) {
        let mut path: Vec<Visit> = Vec::new();
        let mut open: Vec<u32> = Vec::new();
        let mut order = 0;
        let mut next = Some(root).filter(|root| !self.at(*root).is_summed);
        loop {
            if let Some(number) = next.take() {
                order += 1;
                self.branches[number as usize].order = order;
                open.push(number);
                path.push(Visit {
                    number,
                    step: 0,
                    low: order,
                });
            }
            let Some(visit) = path.last_mut() else { break };
            let (number, step) = (visit.number, visit.step);
            if step < self.at(number).steps.len() {
                visit.step += 1;
                if let Target::Record(target) = self.follow(number, step) {
                    if target == number {
                        self.branches[number as usize].is_in_loop = true;
                    }
                    match (self.at(target).order, self.at(target).component) {
                        (0, _) => next = Some(target),
                        (order, None) => visit.low = visit.low.min(order),
                        (_, Some(_)) => {}
                    }
                }
                continue;
            }
            let low = visit.low;
            path.pop();
            self.sum(number);
            if let Some(before) = path.last_mut() {
                before.low = before.low.min(low);
            }
            if low == self.at(number).order {
                let first = open.iter().rposition(|other| *other == number).unwrap_or(0);
                let is_loop = open.len() - first > 1;
                for member in open.drain(first..) {
                    let member = &mut self.branches[member as usize];
                    member.component = Some(number);
                    member.is_in_loop |= is_loop;
                }
            }
        }
    }

    /// Sums up what a record costs. What leads back to a record that is not summed up yet is a loop, and cut.
    fn sum(&mut self, number: u32) {
        let branch = self.at(number);
        let (mut lookups, mut voids, mut is_exact) = (0_u32, 0_u32, branch.is_known);
        for step in &branch.steps {
            lookups = lookups.saturating_add(1);
            voids = voids.saturating_add(u32::from(step.is_void));
            match step.target {
                Target::Unknown => is_exact = false,
                Target::None | Target::NoRecord { .. } | Target::Several { .. } => {}
                Target::Record(target) => {
                    let target = self.at(target);
                    // An error in its syntax ends all before anything of it is looked up.
                    if target.is_summed && !target.is_broken() {
                        lookups = lookups.saturating_add(target.lookups);
                        voids = voids.saturating_add(target.voids);
                    }
                    is_exact &= target.is_summed && target.is_exact;
                    if target.always_passes && step.is_include {
                        break;
                    }
                }
            }
        }
        let branch = &mut self.branches[number as usize];
        branch.lookups = lookups;
        branch.voids = voids;
        branch.is_exact = is_exact;
        branch.is_summed = true;
    }

    fn at(&self, number: u32) -> &Branch<'a> {
        &self.branches[number as usize]
    }
}

/// A record on the way.
struct Visit {
    number: u32,
    step: usize,
    /// The earliest record on the way that something behind this one leads back to.
    low: u32,
}

impl<'t, 'a> Tree<'t, 'a> {
    /// The record itself.
    pub fn branch(&self) -> &'t Branch<'a> {
        self.trees.at(self.root)
    }

    /// Whether nothing that it leads to is in the repository.
    pub fn leads_nowhere(&self) -> bool {
        let mut steps = self.branch().steps.iter();
        steps.all(|step| !step.is_void && step.found.is_none() && matches!(step.target, Target::None | Target::Unknown))
    }

    /// The record that a step leads to, if it is in the repository.
    pub fn behind(&self, step: &Step<'_>) -> Option<&'t Branch<'a>> {
        match step.target {
            Target::Record(number) => Some(self.trees.at(number)),
            _ => None,
        }
    }

    /// How many look-ups a step takes: its own, and those of the record that it leads to.
    pub fn cost(&self, step: &Step<'_>) -> u32 {
        let behind = self.behind(step).filter(|branch| !branch.is_broken());
        behind.map_or(1, |branch| branch.lookups.saturating_add(1))
    }

    /// Whether a step of a record of the tree leads back to that record, directly or through others.
    pub fn leads_back(&self, branch: &Branch<'_>, step: &Step<'_>) -> bool {
        let behind = self.behind(step).and_then(|behind| behind.component);
        behind.is_some() && behind == branch.component
    }
}
