//! Which record an `include` or a `redirect` leads to.

use std::collections::BTreeSet;

use crate::{
    name::Name,
    policy::spf::{self, version},
    record::{Data, Record, Txt},
    slip,
    span::Span,
    spelling::Spelling,
    spf_tree::{Key, Trees},
    zones::{Answer, Node, Wanted},
};

/// What a term leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// It asks for no SPF record.
    None,
    /// Nobody here can say.
    Unknown,
    /// There is no SPF record at the name.
    NoRecord {
        /// A record there that is meant to be one.
        meant: Option<Span>,
    },
    /// There is more than one.
    Several {
        /// The second.
        second: Span,
    },
    /// The record with this number.
    Record(u32),
}

impl<'a> Trees<'a> {
    /// Finds out what a step of a record leads to.
    pub(super) fn follow(&mut self, number: u32, index: usize) -> Target {
        let branch = self.at(number);
        let (node, step) = (branch.node, &branch.steps[index]);
        let Some(name) = step.name.as_ref().filter(|_| step.target == Target::Unknown) else {
            return step.target;
        };
        let name = name.clone();
        let target = if name == branch.name {
            Target::Record(number)
        } else {
            match node.ask(&name, Wanted::Txt) {
                Answer::Found(found) => self.record_at(found, &name),
                Answer::Absent => Target::NoRecord { meant: None },
                Answer::Unknown => Target::Unknown,
            }
        };
        self.branches[number as usize].steps[index].target = target;
        target
    }

    /// The SPF record among those at a name.
    fn record_at(&mut self, node: Node<'a>, name: &Name) -> Target {
        let Some(first) = node.records().next() else {
            return Target::Unknown;
        };
        let key = Key::new(first, name);
        if let Some(known) = self.targets.get(&key) {
            return *known;
        }
        let target = self.look(node, name);
        self.targets.insert(key, target);
        target
    }

    fn look(&mut self, node: Node<'a>, name: &Name) -> Target {
        let selection = Selection::at(&node);
        match selection.records[..] {
            _ if selection.is_doubtful => Target::Unknown,
            [record] => {
                let Some(txt) = record.txt() else {
                    return Target::Unknown;
                };
                let text = slip::meant_text(record, txt);
                match spf::parse(&text, name, false) {
                    Some(spf) => Target::Record(self.branch(record, node, name, |branch| branch.read(&spf))),
                    None => Target::Unknown,
                }
            }
            [] if selection.is_all => Target::NoRecord {
                meant: node.records().find(|record| is_meant(record)).map(|record| record.span),
            },
            [_, second, ..] if selection.is_all => Target::Several { second: second.span },
            _ => Target::Unknown,
        }
    }
}

/// The records at a name that receivers take for SPF.
#[derive(Debug)]
pub struct Selection<'a> {
    /// The records, each once, in the order of the file.
    pub records: Vec<&'a Record>,
    /// Whether there is something of which the file does not tell whether it is one.
    pub is_doubtful: bool,
    /// Whether the file states the zone whole, so that there are no others.
    pub is_all: bool,
}

impl<'a> Selection<'a> {
    /// The records of a node that receivers take for SPF.
    pub fn at(node: &Node<'a>) -> Selection<'a> {
        let mut selection = Selection {
            records: Vec::new(),
            is_doubtful: false,
            is_all: node.zone().is_some_and(|zone| zone.whole),
        };
        let mut seen = BTreeSet::new();
        for record in node.records() {
            match what(record) {
                What::Other => {}
                What::Doubtful => selection.is_doubtful = true,
                What::Spf(txt) => {
                    let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
                    if seen.insert(strings) {
                        selection.records.push(record);
                    }
                }
            }
        }
        selection
    }
}

/// Whether receivers may take a record for SPF: false is certain, and cheap to tell.
pub fn may_be_spf(record: &Record) -> bool {
    match &record.data {
        // Of words without quotes, not all may belong to the text.
        Data::Txt(txt) => {
            spf::may_be(txt.text.bytes()) || !txt.text.is_complete() || txt.text.has_literal(Spelling::ZoneBare)
        }
        Data::Unknown | Data::Other(_) => true,
        _ => false,
    }
}

/// What a record may be for a receiver that asks for SPF.
enum What<'a> {
    Spf(&'a Txt),
    Doubtful,
    Other,
}

fn what(record: &Record) -> What<'_> {
    /// As long as the version.
    const HEAD: usize = 6;
    let txt = match &record.data {
        Data::Txt(txt) if !txt.type99 => txt,
        Data::Unknown => return What::Doubtful,
        // Some servers compute texts from records of their own types.
        Data::Other(other) if !other.is_registered => return What::Doubtful,
        _ => return What::Other,
    };
    let text = slip::meant_text(record, txt);
    let is_known = text.is_known(0..text.len().min(HEAD));
    match version::is_selected(text.bytes()) {
        _ if !is_known => What::Doubtful,
        true if record.many => What::Doubtful,
        true => What::Spf(txt),
        false => What::Other,
    }
}

/// Whether a record is meant to be SPF, whether or not receivers take it for that.
pub fn is_meant(record: &Record) -> bool {
    record.txt().is_some_and(|txt| {
        let text = slip::meant_text(record, txt);
        spf::parse(&text, &record.owner, txt.type99).is_some()
    })
}
