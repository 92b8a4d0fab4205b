//! The index over all records.

use crate::{
    name::Name,
    record::{Record, Scan},
};

/// All records of the repository, by zone and name.
#[derive(Debug)]
pub struct Zones<'a> {
    scans: Vec<Group<'a>>,
}

/// The records of one file and what it includes.
#[derive(Debug)]
struct Group<'a> {
    scan: &'a Scan,
    /// A short key of the owner and the record's number, sorted.
    order: Vec<(u32, u32)>,
}

/// All records at one name of one zone.
#[derive(Debug)]
pub struct Node<'a> {
    /// What the records were read with.
    pub scan: &'a Scan,
    order: &'a [(u32, u32)],
}

impl<'a> Node<'a> {
    /// The name.
    pub fn name(&self) -> &'a Name {
        &self.scan.records[self.order[0].1 as usize].owner
    }

    /// How many records there are: at least one.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// The records in the order of the file.
    pub fn records(&self) -> impl Iterator<Item = &'a Record> + '_ {
        self.order.iter().map(|(_, index)| &self.scan.records[*index as usize])
    }

    /// The records, each with the one that was read behind it.
    pub fn followed(&self) -> impl Iterator<Item = (&'a Record, Option<&'a Record>)> + '_ {
        self.order.iter().map(|(_, index)| {
            let index = *index as usize;
            (&self.scan.records[index], self.scan.records.get(index + 1))
        })
    }
}

impl<'a> Zones<'a> {
    /// Indexes scans. Records that no server would load are left out.
    pub fn new(scans: impl IntoIterator<Item = &'a Scan>) -> Zones<'a> {
        let scans = scans
            .into_iter()
            .map(|scan| {
                let records = &scan.records;
                let mut order: Vec<(u32, u32)> = records
                    .iter()
                    .enumerate()
                    .filter(|(_, record)| record.loads && record.owner.is_known())
                    .map(|(index, record)| ((record.owner.key() >> 32) as u32, index as u32))
                    .collect();
                order.sort_unstable();
                // Names whose short keys collide are put apart; the order of the file stays within each.
                let mut at = 0;
                while at < order.len() {
                    let len = order[at..].iter().take_while(|(key, _)| *key == order[at].0).count();
                    let run = &mut order[at..at + len];
                    let name = |entry: &(u32, u32)| &records[entry.1 as usize].owner;
                    if run.iter().any(|entry| name(entry) != name(&run[0])) {
                        run.sort_by(|a, b| name(a).cmp(name(b)));
                    }
                    at += len;
                }
                Group { scan, order }
            })
            .collect();
        Zones { scans }
    }

    /// The names that own records, each once for a zone.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        self.scans.iter().flat_map(|group| {
            let records = &group.scan.records;
            group
                .order
                .chunk_by(|a, b| a.0 == b.0 && records[a.1 as usize].owner == records[b.1 as usize].owner)
                .map(|order| Node {
                    scan: group.scan,
                    order,
                })
        })
    }

    /// All that was read.
    pub fn scans(&self) -> impl Iterator<Item = &'a Scan> + '_ {
        self.scans.iter().map(|group| group.scan)
    }
}
