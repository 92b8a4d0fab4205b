//! What one source says of a name.

use crate::{
    name::{NAME_MAX, Name},
    record::{Data, Written, Zone},
    zones::{
        Node, Wanted, Zones,
        replies::{self, Reply},
    },
};

/// A question: of which name, and what.
pub(super) struct Question<'q> {
    pub(super) name: &'q Name,
    /// The keys of the name and of those above it, from the root on, so that the place is the number of labels.
    pub(super) keys: Vec<u64>,
    pub(super) wanted: Wanted,
}

/// What a source, or a view, says.
#[derive(Debug)]
pub(super) enum Word<'a> {
    /// The records are here.
    Found(Node<'a>),
    /// Ask for this name.
    Elsewhere(Name),
    /// There is no such record.
    Lacks,
    /// Another zone tells.
    Delegated,
    /// It cannot be told.
    Unsure,
}

impl<'q> Question<'q> {
    pub(super) fn new(name: &'q Name, wanted: Wanted) -> Question<'q> {
        const LABELS: usize = 8;
        let mut keys = Vec::with_capacity(LABELS);
        name.keys(&mut keys);
        Question { name, keys, wanted }
    }

    /// How many labels the name has.
    pub(super) fn labels(&self) -> usize {
        self.keys.len() - 1
    }

    /// The name above that has so many labels.
    pub(super) fn above(&self, labels: usize) -> Name {
        self.name.skip(self.labels() - labels)
    }
}

impl<'a> Zones<'a> {
    /// What the scan with this number says of a name in a zone of it. `is_alone`: nothing else adds to that zone.
    pub(super) fn zone_says(&'a self, scan: u32, zone: &Zone, is_alone: bool, question: &Question<'_>) -> Word<'a> {
        let is_whole = zone.whole && self.scans[scan as usize].by_owner().are_published;
        let origin = zone.origin.label_count();
        for labels in origin..=question.labels() {
            let is_itself = labels == question.labels();
            let Some(node) = self.node_at(scan, question.keys[labels], || question.above(labels)) else {
                continue;
            };
            // A cut ends what the zone tells, at the name itself too (RFC 1034, section 4.3.2).
            if labels > origin && !(is_itself && question.wanted == Wanted::Any) {
                match replies::has(&node, |data| matches!(data, Data::Ns(_))) {
                    Some(true) => return Word::Delegated,
                    Some(false) => {}
                    None => return Word::Unsure,
                }
            }
            if is_itself {
                return match self.node_says(node, question) {
                    Word::Lacks if !is_whole => Word::Unsure,
                    word => word,
                };
            }
            match replies::has(&node, |data| matches!(data, Data::Dname(_))) {
                Some(true) => return substituted(&node, question),
                Some(false) => {}
                None => return Word::Unsure,
            }
        }
        match self.wildcard(scan, origin, question) {
            // What else the zone has may be the record, or shadow the wildcard.
            _ if !is_whole => Word::Unsure,
            Some(_) if !is_alone => Word::Unsure,
            Some(node) if replies::has(&node, |data| matches!(data, Data::Ns(_) | Data::Dname(_))) != Some(false) => {
                Word::Unsure
            }
            Some(node) => self.node_says(node, question),
            None if self.is_there_by_a_slip(scan, zone, question) => Word::Unsure,
            None => Word::Lacks,
        }
    }

    /// What the scan with this number adds to a zone whose SOA is elsewhere.
    pub(super) fn fragment_says(&'a self, scan: u32, question: &Question<'_>) -> Word<'a> {
        if let Some(node) = self.node_at(scan, question.keys[question.labels()], || question.name.clone()) {
            match self.node_says(node, question) {
                Word::Lacks => {}
                word => return word,
            }
        }
        let leads_away = |labels: usize| {
            let node = self.node_at(scan, question.keys[labels], || question.above(labels));
            node.is_some_and(|node| {
                replies::has(&node, |data| matches!(data, Data::Ns(_) | Data::Dname(_))) != Some(false)
            })
        };
        let is_complete = self.scans[scan as usize].by_owner().are_published;
        // At the apex, wherever that is, an NS record leads nowhere else; but nothing is whole then.
        match !is_complete || (0..=question.labels()).any(leads_away) || self.wildcard(scan, 0, question).is_some() {
            true => Word::Unsure,
            false => Word::Lacks,
        }
    }

    /// What the records at a name say.
    fn node_says(&self, node: Node<'a>, question: &Question<'_>) -> Word<'a> {
        match replies::reply(&node, question.wanted, self.sources) {
            Reply::Yes => Word::Found(node),
            Reply::No => Word::Lacks,
            Reply::Elsewhere(name) => Word::Elsewhere(name),
            Reply::Perhaps => Word::Unsure,
        }
    }

    /// The records of the wildcard that answers for a name that owns none.
    fn wildcard(&'a self, scan: u32, origin: usize, question: &Question<'_>) -> Option<Node<'a>> {
        if self.scans[scan as usize].by_owner().wildcards.is_empty() {
            return None;
        }
        let name = self.wildcards_of(scan).of(question.name, &question.keys, origin)?;
        self.node_at(scan, name.key(), || name)
    }

    /// Whether a record was meant to be at a name, but lacks the final dot: that is told by a rule of its own.
    fn is_there_by_a_slip(&self, scan: u32, zone: &Zone, question: &Question<'_>) -> bool {
        let doubled = Name::from_labels(question.name.labels(), Some(&zone.origin));
        let mut records = self.scans[scan as usize].at(&doubled);
        !zone.origin.is_root() && records.any(|record| matches!(record.written, Written::Relative | Written::Inherited))
    }
}

/// What a DNAME record above the name makes of it (RFC 6672, section 3.3).
fn substituted<'a>(node: &Node<'_>, question: &Question<'_>) -> Word<'a> {
    let mut dnames = node.records().filter(|record| matches!(record.data, Data::Dname(_)));
    let (Some(dname), None) = (dnames.next(), dnames.next()) else {
        return Word::Unsure;
    };
    let Some(target) = dname.target() else {
        return Word::Unsure;
    };
    let own = question.labels() - node.name().label_count();
    let name = Name::from_labels(question.name.labels().take(own), Some(&target.name));
    match name.wire_len() <= NAME_MAX {
        true => Word::Elsewhere(name),
        false => Word::Unsure,
    }
}
