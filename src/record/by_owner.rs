//! The records of a scan by their owner.

use crate::{name::Name, record::Record};

/// Which records stand at a name.
///
/// Made once for a scan, and small: twelve bytes a record.
#[derive(Debug)]
pub struct ByOwner {
    /// One for each record, sorted; names that share half a key are put apart.
    entries: Vec<Entry>,
    /// For each record that is the first at its name, which entries stand for that name.
    names: Vec<u32>,
    /// The numbers of the published records at wildcards.
    pub wildcards: Vec<u32>,
    /// Whether every record has an owner that is known, and is one that servers load.
    pub are_published: bool,
}

/// The record is not the first at its name, or is not published.
const NOT_FIRST: u32 = u32::MAX;
/// The record is alone at its name.
const ALONE: u32 = u32::MAX - 1;

/// A record: half the key of its owner, whether it is not published, and its number. Sorts in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry(u64);

impl Entry {
    const NUMBER_BITS: u32 = 31;

    fn new(record: &Record, number: u32) -> Entry {
        let hidden = u64::from(!record.is_published()) << Entry::NUMBER_BITS;
        Entry(u64::from(half(&record.owner)) << 32 | hidden | u64::from(number))
    }

    fn half(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn is_published(self) -> bool {
        self.0 >> Entry::NUMBER_BITS & 1 == 0
    }

    /// The number of the record.
    pub fn number(self) -> usize {
        (self.0 & ((1 << Entry::NUMBER_BITS) - 1)) as usize
    }
}

fn half(name: &Name) -> u32 {
    (name.key() >> 32) as u32
}

impl ByOwner {
    /// Sorts records by their owner.
    pub(super) fn new(records: &[Record]) -> ByOwner {
        let records = &records[..records.len().min(1 << Entry::NUMBER_BITS)];
        let mut by_owner = ByOwner {
            entries: Vec::with_capacity(records.len()),
            names: Vec::new(),
            wildcards: Vec::new(),
            are_published: true,
        };
        for (number, record) in (0..).zip(records) {
            let entry = Entry::new(record, number);
            by_owner.entries.push(entry);
            if !entry.is_published() {
                by_owner.are_published = false;
            } else if record.owner.is_wildcard() {
                by_owner.wildcards.push(number);
            }
        }
        by_owner.entries.sort_unstable();
        by_owner.names = vec![NOT_FIRST; records.len()];
        let owner = |entry: &Entry| &records[entry.number()].owner;
        let mut start = 0;
        for half in by_owner.entries.chunk_by_mut(|a, b| a.half() == b.half()) {
            if !half.iter().all(|entry| owner(entry) == owner(&half[0])) {
                half.sort_by(|a, b| owner(a).cmp(owner(b)).then(a.cmp(b)));
            }
            for name in half.chunk_by(|a, b| owner(a) == owner(b)) {
                if name[0].is_published() {
                    let is_alone = name.get(1).is_none_or(|second| !second.is_published());
                    by_owner.names[name[0].number()] = if is_alone { ALONE } else { start };
                }
                start += name.len() as u32;
            }
        }
        by_owner
    }

    /// The records at a name, those that are not published last; else in the order of the file.
    pub(super) fn all(&self, records: &[Record], name: &Name) -> &[Entry] {
        let wanted = half(name);
        let same = &self.entries[self.first_of(wanted)..];
        // By far the most names have few records.
        const FEW: usize = 8;
        let near = match same.get(FEW) {
            Some(entry) if entry.half() != wanted => &same[..FEW],
            _ => same,
        };
        let same = &near[..near.partition_point(|entry| entry.half() == wanted)];
        let owner = |entry: &Entry| &records[entry.number()].owner;
        match same {
            [] => &[],
            [first, .., last] if owner(first) == owner(last) => match owner(first) == name {
                true => same,
                false => &[],
            },
            _ => {
                let start = same.partition_point(|entry| owner(entry) < name);
                let same = &same[start..];
                &same[..same.partition_point(|entry| owner(entry) == name)]
            }
        }
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

    /// The published records at a name in the order of the file.
    pub(super) fn published(&self, records: &[Record], name: &Name) -> &[Entry] {
        published(self.all(records, name))
    }

    /// The names that own published records, in the order of the file: the number of the first record, and the others.
    pub fn names<'a>(&'a self, records: &'a [Record]) -> impl Iterator<Item = (u32, &'a [Entry])> {
        let owner = |entry: &Entry| &records[entry.number()].owner;
        (0..).zip(&self.names).filter_map(move |(number, start)| match *start {
            NOT_FIRST => None,
            ALONE => Some((number, Default::default())),
            start => {
                let (first, rest) = self.entries[start as usize..].split_first()?;
                let is_same = |entry: &&Entry| entry.half() == first.half() && owner(entry) == owner(first);
                Some((number, published(&rest[..rest.iter().take_while(is_same).count()])))
            }
        })
    }
}

fn published(name: &[Entry]) -> &[Entry] {
    &name[..name.partition_point(|entry| entry.is_published())]
}
