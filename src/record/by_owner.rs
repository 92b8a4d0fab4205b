//! The records of a scan by their owner.

use crate::{
    name::Name,
    record::{Record, Zone},
};

/// Which records stand at a name.
///
/// Made once for a scan, and small: records of a name mostly stand together, and such a group is one entry of eight bytes.
#[derive(Debug)]
pub struct ByOwner {
    /// What each record is.
    parts: Vec<Part>,
    /// One for each group, sorted; names that share half a key are put apart.
    entries: Vec<Entry>,
    /// The names that own several published groups: the number of their first record, and where their entries start. In the
    /// order of the file.
    scattered: Vec<(u32, u32)>,
    /// The numbers of the published records at wildcards.
    pub wildcards: Vec<u32>,
    /// Whether every record has an owner that is known, and is one that servers load.
    pub are_published: bool,
    /// The keys of the origins of the zones, and their numbers. Sorted.
    origins: Vec<(u64, u32)>,
}

/// What a record is in its group: those in a row that have one owner and are all published, or all not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// The first of the only published group at its name.
    Only,
    /// The first of the first of several published groups at its name.
    First,
    /// The first of another group.
    Start,
    /// Not the first of a group.
    Rest,
}

/// A group: half the key of its owner, whether it is not published, and the number of its first record. Sorts in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry(u64);

impl Entry {
    const HIDDEN: u64 = 1 << 31;
    const NUMBERS: usize = 1 << 31;

    fn new(record: &Record, number: u32) -> Entry {
        let hidden = if record.is_published() { 0 } else { Entry::HIDDEN };
        Entry(record.owner.key() >> 32 << 32 | hidden | u64::from(number))
    }

    fn half(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn is_published(self) -> bool {
        self.0 & Entry::HIDDEN == 0
    }

    /// The number of the first record.
    pub fn number(self) -> usize {
        self.0 as usize & (Entry::NUMBERS - 1)
    }
}

impl ByOwner {
    /// Sorts records by their owner.
    pub(super) fn new(records: &[Record], zones: &[Zone]) -> ByOwner {
        let records = &records[..records.len().min(Entry::NUMBERS)];
        let origins = (0..).zip(zones).map(|(number, zone)| (zone.origin.key(), number));
        let mut by_owner = ByOwner {
            parts: Vec::with_capacity(records.len()),
            entries: Vec::new(),
            scattered: Vec::new(),
            wildcards: Vec::new(),
            are_published: true,
            origins: origins.collect(),
        };
        by_owner.origins.sort_unstable();
        by_owner.group(records);
        by_owner.entries.sort_unstable();
        by_owner.link(records);
        by_owner
    }

    /// Makes groups of the records, in the order of the file.
    fn group(&mut self, records: &[Record]) {
        let goes_on =
            |pair: &[Record]| pair[0].is_published() == pair[1].is_published() && pair[0].owner == pair[1].owner;
        self.parts.extend(records.first().map(|_| Part::Start));
        self.parts.extend(
            records
                .windows(2)
                .map(|pair| if goes_on(pair) { Part::Rest } else { Part::Start }),
        );
        let starts = |part: &&Part| **part == Part::Start;
        self.entries.reserve_exact(self.parts.iter().filter(starts).count());
        for ((number, record), part) in (0..).zip(records).zip(&self.parts) {
            if *part == Part::Start {
                let entry = Entry::new(record, number);
                self.are_published &= entry.is_published();
                self.entries.push(entry);
                if entry.is_published() && record.owner.is_wildcard() {
                    self.wildcards.push(number);
                }
            }
        }
    }

    /// Finds the first group of each name, and puts names apart that share half a key.
    fn link(&mut self, records: &[Record]) {
        let owner = |entry: &Entry| &records[entry.number()].owner;
        let mut start = 0;
        for half in self.entries.chunk_by_mut(|a, b| a.half() == b.half()) {
            if half.len() > 1 && !half[1..].iter().all(|entry| owner(entry) == owner(&half[0])) {
                half.sort_by(|a, b| owner(a).cmp(owner(b)).then(a.cmp(b)));
            }
            for name in half.chunk_by(|a, b| owner(a) == owner(b)) {
                let first = name[0].number();
                match published(name).len() {
                    0 => {}
                    1 => self.parts[first] = Part::Only,
                    _ => {
                        self.parts[first] = Part::First;
                        self.scattered.push((first as u32, start));
                    }
                }
                start += name.len() as u32;
            }
        }
        self.scattered.sort_unstable();
    }

    /// The groups of the name with a key, those that are not published last; else in the order of the file.
    pub(super) fn all(&self, records: &[Record], key: u64, name: impl FnOnce() -> Name) -> &[Entry] {
        let same = self.of_half((key >> 32) as u32);
        let owner = |entry: &Entry| &records[entry.number()].owner;
        match same {
            [] => &[],
            [first, .., last] if owner(first) != owner(last) => {
                let name = name();
                let start = same.partition_point(|entry| *owner(entry) < name);
                let same = &same[start..];
                &same[..same.partition_point(|entry| *owner(entry) == name)]
            }
            [first, ..] => match *owner(first) == name() {
                true => same,
                false => &[],
            },
        }
    }

    /// The groups of the names with this half of a key.
    fn of_half(&self, wanted: u32) -> &[Entry] {
        let same = &self.entries[self.first_of(wanted)..];
        // By far the most names have few records.
        const FEW: usize = 8;
        let near = match same.get(FEW) {
            Some(entry) if entry.half() != wanted => &same[..FEW],
            _ => same,
        };
        &near[..near.partition_point(|entry| entry.half() == wanted)]
    }

    /// Where entries with this half of a key start, or would. Keys are spread evenly, so they are looked for where they are
    /// likely, in wider and wider steps.
    fn first_of(&self, wanted: u32) -> usize {
        const STEP: usize = 16;
        let is_before = |entry: &Entry| entry.half() < wanted;
        let count = self.entries.len();
        let likely = ((u64::from(wanted) * count as u64) >> 32) as usize;
        let (mut low, mut high) = (likely, likely);
        let mut step = STEP;
        while low > 0 && !is_before(&self.entries[low - 1]) {
            high = low;
            low = low.saturating_sub(step);
            step *= 2;
        }
        step = STEP;
        while high < count && is_before(&self.entries[high]) {
            low = high;
            high = (high + step).min(count);
            step *= 2;
        }
        low + self.entries[low..high].partition_point(is_before)
    }

    /// The published groups of the name with a key, in the order of the file.
    pub(super) fn published(&self, records: &[Record], key: u64, name: impl FnOnce() -> Name) -> &[Entry] {
        published(self.all(records, key, name))
    }

    /// The names that own published records, in the order of the file: the number of the first record, and the groups behind
    /// that of it.
    pub fn names(&self) -> impl Iterator<Item = (u32, &[Entry])> {
        let mut scattered = self.scattered.iter();
        (0..).zip(&self.parts).filter_map(move |(number, part)| match part {
            Part::Only => Some((number, Default::default())),
            Part::First => {
                let (_, start) = scattered.next()?;
                let (first, rest) = self.entries[*start as usize..].split_first()?;
                // Another name that shares half a key begins with a group that is its first, or is not published.
                let goes_on = |entry: &&Entry| {
                    let is_later = self.parts[entry.number()] == Part::Start && entry.is_published();
                    is_later && entry.half() == first.half()
                };
                Some((number, &rest[..rest.iter().take_while(goes_on).count()]))
            }
            Part::Start | Part::Rest => None,
        })
    }

    /// The numbers of the records in the group that starts with one.
    pub fn group_at(&self, first: usize) -> impl Iterator<Item = usize> + '_ {
        let rest = first + 1..self.parts.len();
        std::iter::once(first).chain(rest.take_while(|number| self.parts[*number] == Part::Rest))
    }

    /// The number of the zone with the longest origin above a name.
    pub(super) fn zone_of(&self, zones: &[Zone], name: &Name) -> Option<usize> {
        let mut keys = Vec::new();
        name.keys(&mut keys);
        keys.iter().enumerate().rev().find_map(|(labels, key)| {
            let start = self.origins.partition_point(|origin| origin.0 < *key);
            let same = self.origins[start..].iter().take_while(|origin| origin.0 == *key);
            let mut numbers = same.map(|(_, number)| *number as usize);
            numbers
                .find(|number| zones[*number].origin.label_count() == labels && name.is_within(&zones[*number].origin))
        })
    }
}

fn published(name: &[Entry]) -> &[Entry] {
    &name[..name.partition_point(|entry| entry.is_published())]
}
