//! The index over all records.

use crate::{
    name::Name,
    record::{Record, Scan, Zone},
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
    /// For each record the number of the next one at its name.
    next: Vec<u32>,
    /// Whether a record is the first at its name.
    is_first: Vec<bool>,
}

/// The number behind the last record at a name.
const END: u32 = u32::MAX;

/// All records at one name of one zone.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// What the records were read with.
    pub scan: &'a Scan,
    zones: &'a Zones<'a>,
    first: u32,
    next: &'a [u32],
}

/// A record among all others.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The record.
    pub record: &'a Record,
    /// All records at its name.
    pub node: Node<'a>,
}

/// What is asked of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// TXT records.
    Txt,
    /// MX records.
    Mx,
    /// A records, or what a server answers as such.
    A,
    /// A or AAAA records, or what a server answers as such.
    Address,
}

/// What the repository tells of what a resolver would be answered.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// The records at this name are the answer, those of the wanted type among them: at least one.
    Found(Node<'a>),
    /// A zone that is stated whole has no such record.
    Absent,
    /// Nobody here can say.
    Unknown,
}

impl<'a> Node<'a> {
    /// The name.
    pub fn name(&self) -> &'a Name {
        &self.scan.records[self.first as usize].owner
    }

    /// What a resolver that asks for `name` would be answered, seen from here: CNAME records are followed and wildcards
    /// applied.
    pub fn ask(&self, _name: &Name, _wanted: Wanted) -> Answer<'a> {
        Answer::Unknown
    }

    /// The zone that the name lies in, if the file tells it.
    pub fn zone(&self) -> Option<&'a Zone> {
        self.scan.zone_of(self.name())
    }

    /// All records of the run.
    pub fn zones(&self) -> &'a Zones<'a> {
        self.zones
    }

    /// Whether there is more than one record.
    pub fn has_several(&self) -> bool {
        self.next[self.first as usize] != END
    }

    /// How many records there are: at least one.
    pub fn count(&self) -> usize {
        self.numbers().count()
    }

    /// The records in the order of the file.
    pub fn records(&self) -> impl Iterator<Item = &'a Record> + '_ {
        self.numbers().map(|index| &self.scan.records[index])
    }

    /// The records, each with the one that was read behind it.
    pub fn followed(&self) -> impl Iterator<Item = (&'a Record, Option<&'a Record>)> + '_ {
        let records = &self.scan.records;
        self.numbers().map(|index| (&records[index], records.get(index + 1)))
    }

    fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        let next = |index: &u32| Some(self.next[*index as usize]).filter(|next| *next != END);
        std::iter::successors(Some(self.first), next).map(|index| index as usize)
    }
}

impl<'a> Group<'a> {
    /// Links the records of each name in the order of the file. Records that no server would load are left out.
    fn new(scan: &'a Scan) -> Group<'a> {
        let records = &scan.records;
        let mut group = Group {
            scan,
            next: vec![END; records.len()],
            is_first: vec![false; records.len()],
        };
        let mut order: Vec<(u32, u32)> = records
            .iter()
            .enumerate()
            .filter(|(_, record)| record.loads && record.owner.is_known())
            .map(|(index, record)| ((record.owner.key() >> 32) as u32, index as u32))
            .collect();
        order.sort_unstable();
        for run in order.chunk_by(|a, b| a.0 == b.0) {
            group.link(run);
        }
        drop(order);
        group.part();
        group
    }

    /// Puts names apart that share a short key. Records of a name mostly stand together, so that looking at all of them in
    /// the order of the file costs little.
    fn part(&mut self) {
        let records = &self.scan.records;
        let owner = |index: u32| &records[index as usize].owner;
        for first in 0..self.next.len() as u32 {
            if !self.is_first[first as usize] {
                continue;
            }
            let list =
                || std::iter::successors(Some(first), |at| Some(self.next[*at as usize]).filter(|at| *at != END));
            if list().skip(1).all(|at| owner(at) == owner(first)) {
                continue;
            }
            let mut list: Vec<(u32, u32)> = list().map(|at| (0, at)).collect();
            // A stable sort: the order of the file stays within each name.
            list.sort_by(|a, b| owner(a.1).cmp(owner(b.1)));
            list.iter().for_each(|entry| self.next[entry.1 as usize] = END);
            list.chunk_by(|a, b| owner(a.1) == owner(b.1))
                .for_each(|name| self.link(name));
        }
    }

    fn link(&mut self, name: &[(u32, u32)]) {
        self.is_first[name[0].1 as usize] = true;
        for pair in name.windows(2) {
            self.next[pair[0].1 as usize] = pair[1].1;
        }
    }
}

impl<'a> Zones<'a> {
    /// Indexes scans. Records that no server would load are left out.
    pub fn new(scans: impl IntoIterator<Item = &'a Scan>) -> Zones<'a> {
        Zones {
            scans: scans.into_iter().map(Group::new).collect(),
        }
    }

    /// The names that own records, each once for a zone, in the order of the files.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        self.scans.iter().flat_map(|group| {
            let firsts = group.is_first.iter().enumerate().filter(|(_, is_first)| **is_first);
            firsts.map(|(index, _)| self.node(group, index as u32))
        })
    }

    /// A record among all others: of the scan with this number, the record with that number. `None` if no server would load
    /// the record, or its name is not known.
    pub fn place(&self, scan: usize, record: usize) -> Option<Place<'_>> {
        let group = self.scans.get(scan)?;
        let record = group.scan.records.get(record)?;
        let loads = |other: &&Record| other.loads && other.owner.is_known();
        let first = group.scan.at(&record.owner).find(loads).filter(|_| loads(&record))?;
        let first = group.scan.records.iter().position(|other| std::ptr::eq(other, first))?;
        Some(Place {
            record,
            node: self.node(group, first as u32),
        })
    }

    fn node<'z>(&'z self, group: &'z Group<'a>, first: u32) -> Node<'z> {
        Node {
            scan: group.scan,
            zones: self,
            first,
            next: &group.next,
        }
    }

    /// The published CNAME records of the repository that lead to a name, directly or through others.
    pub fn aliases_of(&self, _name: &Name) -> impl Iterator<Item = &'a Record> + use<'a> {
        std::iter::empty()
    }

    /// All that was read.
    pub fn scans(&self) -> impl Iterator<Item = &'a Scan> + '_ {
        self.scans.iter().map(|group| group.scan)
    }
}
