//! Which sources speak of a name, by the folder that they lie in.

use std::collections::BTreeMap;

use crate::{
    name::Name,
    record::{Scan, Zone},
    source::Sources,
    zones::{Zones, source::Question},
};

/// The zones of all sources, and the names that lie in none, by view.
#[derive(Debug)]
pub(super) struct Views {
    /// For each scan the number of its folder.
    pub(super) of: Vec<u32>,
    /// Whether there is more than one folder.
    pub(super) are_several: bool,
    /// Sorted.
    zones: Vec<Origin>,
    /// The names of sources that have no zone for them: their keys, sorted.
    loose: Vec<Loose>,
}

/// The origin of a zone, or of what a source adds to one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Origin {
    key: u64,
    view: u32,
    scan: u32,
    /// The number among the zones of the scan.
    zone: u32,
}

/// A name in no zone of its source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Loose {
    key: u64,
    view: u32,
    scan: u32,
}

/// A source that may tell something of a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Witness {
    pub(super) view: u32,
    pub(super) scan: u32,
    /// The number of the zone, if the name lies in one.
    pub(super) zone: Option<u32>,
    /// How many labels the origin of the zone has.
    pub(super) depth: usize,
}

/// Which views are asked.
#[derive(Clone, Copy)]
pub(super) enum Which {
    All,
    Only(u32),
    AllBut(u32),
}

/// What the files of a view have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum View<'a> {
    Folder(&'a str),
    Named(&'a str),
}

/// Nobody compares more copies of a zone than this.
const WITNESSES_MAX: usize = 64;

impl Views {
    pub(super) fn new(sources: &Sources, scans: &[&Scan]) -> Views {
        let mut folders: BTreeMap<View<'_>, u32> = BTreeMap::new();
        let mut views = Views {
            of: Vec::with_capacity(scans.len()),
            are_several: false,
            zones: Vec::new(),
            loose: Vec::new(),
        };
        for (number, scan) in (0..).zip(scans) {
            let source = sources.all().get(scan.source.0 as usize);
            let next = folders.len() as u32;
            let told = source.and_then(|source| sources.told(source, |told| told.view.as_deref().map(View::Named)));
            let folder = || View::Folder(source.map_or("", |source| source.folder()));
            let view = *folders.entry(told.unwrap_or_else(folder)).or_insert(next);
            views.of.push(view);
            for (zone, at) in (0..).zip(&scan.zones) {
                views.zones.push(Origin {
                    key: at.origin.key(),
                    view,
                    scan: number,
                    zone,
                });
            }
            // A source with an SOA has nothing out of its zone.
            if scan.zones.is_empty() || scan.zones.iter().any(|zone| !zone.has_soa) {
                let names = scan.by_owner().names();
                let owners = names.map(|(first, _)| &scan.records[first as usize].owner);
                let loose = owners.filter(|owner| scan.zone_of(owner).is_none());
                views.loose.extend(loose.map(|owner| Loose {
                    key: owner.key(),
                    view,
                    scan: number,
                }));
            }
        }
        views.are_several = folders.len() > 1;
        views.zones.sort_unstable();
        views.loose.sort_unstable();
        views
    }

    /// The numbers of the scans that have a zone with this origin, whose key is `key`, or add to one; in order.
    pub(super) fn with_origin(&self, zones: &Zones<'_>, key: u64, name: &Name) -> Vec<u32> {
        let first = self.zones.partition_point(|origin| origin.key < key);
        let same = self.zones[first..].iter().take_while(|origin| origin.key == key);
        let is_it = |at: &&Origin| zones.scans[at.scan as usize].zones[at.zone as usize].origin == *name;
        let mut scans: Vec<u32> = same.filter(is_it).map(|origin| origin.scan).collect();
        scans.sort_unstable();
        scans.dedup();
        scans
    }

    /// The sources that may tell something of a name, in order; `None` if they are too many.
    pub(super) fn witnesses(&self, zones: &Zones<'_>, question: &Question<'_>, which: Which) -> Option<Vec<Witness>> {
        let mut found = Vec::new();
        for (depth, key) in question.keys.iter().enumerate() {
            for origin in chosen(&self.zones, |origin| (origin.key, origin.view), *key, which) {
                let zone: &Zone = &zones.scans[origin.scan as usize].zones[origin.zone as usize];
                if zone.origin == question.above(depth) {
                    found.push(Witness {
                        view: origin.view,
                        scan: origin.scan,
                        zone: Some(origin.zone),
                        depth,
                    });
                }
                if found.len() > WITNESSES_MAX {
                    return None;
                }
            }
        }
        let mut loose = Vec::new();
        if !self.loose.is_empty() {
            for (depth, key) in question.keys.iter().enumerate() {
                let wildcard = question.above(depth).below("*").key();
                for key in [*key, wildcard] {
                    for name in chosen(&self.loose, |loose| (loose.key, loose.view), key, which) {
                        loose.push(Witness {
                            view: name.view,
                            scan: name.scan,
                            zone: None,
                            depth: 0,
                        });
                        if loose.len() > WITNESSES_MAX {
                            return None;
                        }
                    }
                }
            }
        }
        found.extend(loose);
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}

/// The entries of a sorted list that have a key and are of the views that are asked.
fn chosen<T>(list: &[T], of: impl Fn(&T) -> (u64, u32), key: u64, which: Which) -> impl Iterator<Item = &T> {
    let first = list.partition_point(|entry| of(entry).0 < key);
    // By far the most names are no origins.
    let list = match list.get(first) {
        Some(entry) if of(entry).0 == key => &list[first..],
        _ => &[],
    };
    let from = |bound: (u64, u32)| list.partition_point(|entry| of(entry) < bound);
    let behind = |view: u32| match view.checked_add(1) {
        Some(next) => from((key, next)),
        None => list.len(),
    };
    let (before, after) = match which {
        Which::All => {
            let end = key.checked_add(1).map_or(list.len(), |next| from((next, 0)));
            (from((key, 0))..end, 0..0)
        }
        Which::Only(view) => (from((key, view))..behind(view), 0..0),
        Which::AllBut(view) => {
            let end = key.checked_add(1).map_or(list.len(), |next| from((next, 0)));
            (from((key, 0))..from((key, view)), behind(view)..end)
        }
    };
    list[before].iter().chain(&list[after])
}
