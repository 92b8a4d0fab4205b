//! The index over all records, and what it tells of what a resolver would be answered.
//!
//! # What belongs together
//!
//! A *source* is one file with all that it includes. Records of one name count together, as for "two SPF records at one
//! name", only within a source: what one configuration names together, a reader hands over as one.
//!
//! A *view* is a folder. Copies of a zone for production and for tests, or for inside and outside, are kept in folders of
//! their own far more often than not; what is published together lies side by side. So a look-up asks the view that it comes
//! from, and only if that has nothing to say, all others, which then must agree:
//!
//! | layout | what a look-up from a zone sees |
//! | --- | --- |
//! | `zones/*.zone` | all of them |
//! | `internal/*`, `external/*`; `prod/*`, `staging/*` | its own folder; other zones only if all other folders say the same of them |
//! | `example.com/zone`, `example.net/zone` | its own zone, and the others, each of which is there once |
//! | `example.com.internal`, `example.com.external` in a folder | its own of the two; from elsewhere, what both say |
//! | `zones/example.com` and `zones/example.com-mail` without SOA | both: a file without SOA adds to the zone beside it |
//! | `templates/db.example`, `compiled/db.example` | its own; the template's is not whole |
//!
//! # What is said of a name
//!
//! Within a view, the zone with the longest origin above the name answers (RFC 1034, section 4.3.2). That a record is absent
//! is said only by a zone that is stated whole, and only if nothing else in it could answer: see [`Answer`].

use std::sync::OnceLock;

use crate::{
    name::Name,
    record::{Data, Entry, Numbers, Record, Scan, Zone},
    source::Sources,
    suffix::Suffixes,
};

mod agreement;
mod aliases;
mod answer;
mod exchanges;
mod organization;
mod policies;
mod replies;
mod signers;
mod source;
mod standpoints;
mod strays;
mod views;
mod wildcards;

pub use answer::{Answer, Wanted};
pub use policies::{Listed, Policy};
pub use strays::{Stray, Told};

use aliases::Aliases;
use exchanges::Exchanges;
use organization::SaidOf;
use policies::Policies;
use signers::Signers;
use standpoints::Organizations;
use strays::Strays;
use views::Views;
use wildcards::Wildcards;

/// All records of the repository, by zone and name.
#[derive(Debug)]
pub struct Zones<'a> {
    sources: &'a Sources,
    scans: Vec<&'a Scan>,
    /// The name that owns all records, if there is just one and no zone: nothing is told of any other.
    only: Option<&'a Name>,
    // Made when they are first asked for.
    views: OnceLock<Views>,
    wildcards: Vec<OnceLock<Box<Wildcards>>>,
    aliases: OnceLock<Aliases>,
    has_service_aliases: OnceLock<bool>,
    organizations: OnceLock<Organizations>,
    strays: OnceLock<Strays>,
    signers: OnceLock<Signers>,
    exchanges: OnceLock<Exchanges>,
    policies: OnceLock<Policies>,
    has_tlsa: OnceLock<bool>,
    // Domains have others above them that are asked again and again.
    said: SaidOf,
}

/// All records at one name of one source.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// What the records were read with.
    pub scan: &'a Scan,
    zones: &'a Zones<'a>,
    number: u32,
    /// The records that stand together, the first of all among them.
    first: (u32, u32),
    /// Those behind them.
    rest: &'a [Entry],
}

/// What a name has: a set, for rules to say what they look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holds(u8);

impl Holds {
    /// Whatever it is.
    pub const ANYTHING: Holds = Holds(0);
    /// A TXT record, or one of the obsolete type SPF.
    pub const TXT: Holds = Holds(1);
    /// An MX record.
    pub const MX: Holds = Holds(2);
    /// A CNAME record.
    pub const CNAME: Holds = Holds(4);
    /// More than one record.
    pub const SEVERAL: Holds = Holds(8);
    /// A TLSA record.
    pub const TLSA: Holds = Holds(16);

    /// Both.
    pub const fn and(self, other: Holds) -> Holds {
        Holds(self.0 | other.0)
    }

    /// Whether all of `other` is among it.
    pub fn has(self, other: Holds) -> bool {
        self.0 & other.0 == other.0
    }

    /// All that there are, by their index.
    pub fn all() -> impl Iterator<Item = Holds> {
        let all = [Holds::TXT, Holds::MX, Holds::CNAME, Holds::SEVERAL, Holds::TLSA];
        (0..=all.into_iter().fold(Holds(0), Holds::and).0).map(Holds)
    }

    /// A number of its own.
    pub fn index(self) -> usize {
        self.0.into()
    }

    fn of(record: &Record) -> Holds {
        match record.data {
            Data::Txt(_) => Holds::TXT,
            Data::Mx(_) => Holds::MX,
            Data::Cname(_) => Holds::CNAME,
            Data::Tlsa(_) => Holds::TLSA,
            _ => Holds(0),
        }
    }
}

/// A record among all others.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The record.
    pub record: &'a Record,
    /// All records at its name.
    pub node: Node<'a>,
}

impl<'a> Node<'a> {
    /// The name.
    pub fn name(&self) -> &'a Name {
        &self.scan.records[self.first.0 as usize].owner
    }

    /// The zone that the name lies in, if the file tells it.
    pub fn zone(&self) -> Option<&'a Zone> {
        self.scan.zone_of(self.name())
    }

    /// Whether the name is that of the zone itself.
    pub fn is_apex(&self) -> bool {
        self.zone().is_some_and(|zone| zone.origin == *self.name())
    }

    /// The number of what the records were read with.
    pub fn scan_number(&self) -> u32 {
        self.number
    }

    /// The number of the view that the records are in.
    pub fn view(&self) -> u32 {
        self.zones
            .views()
            .of
            .get(self.number as usize)
            .copied()
            .unwrap_or_default()
    }

    /// All records of the run.
    pub fn zones(&self) -> &'a Zones<'a> {
        self.zones
    }

    /// Whether there is more than one record.
    pub fn has_several(&self) -> bool {
        self.first.1 - self.first.0 > 1 || !self.rest.is_empty()
    }

    /// Whether there are more records than this.
    fn has_more_than(&self, max: usize) -> bool {
        let together = (self.first.1 - self.first.0) as usize;
        together > max || !self.rest.is_empty() && self.count() > max
    }

    /// What the name has.
    pub fn holds(&self) -> Holds {
        let several = if self.has_several() { Holds::SEVERAL } else { Holds(0) };
        self.records().map(Holds::of).fold(several, Holds::and)
    }

    /// How many records there are: at least one.
    pub fn count(&self) -> usize {
        self.numbers().count()
    }

    /// Those of the records that are in a set, with their numbers in their file.
    pub fn places<'n>(self, of: &'n Numbers) -> impl Iterator<Item = (usize, Place<'a>)> + use<'a, 'n> {
        let records = &self.scan.records;
        let numbers = self.numbers().filter(|number| of.has(*number));
        numbers.map(move |number| {
            let record = &records[number];
            (number, Place { record, node: self })
        })
    }

    /// The records in the order of the file.
    pub fn records(&self) -> impl Iterator<Item = &'a Record> + use<'a> {
        let records = &self.scan.records;
        self.numbers().map(move |number| &records[number])
    }

    /// The records, each with the one that was read behind it.
    pub fn followed(&self) -> impl Iterator<Item = (&'a Record, Option<&'a Record>)> + use<'a> {
        let records = &self.scan.records;
        self.numbers()
            .map(move |number| (&records[number], records.get(number + 1)))
    }

    /// The numbers of the records in their file, in order.
    pub fn numbers(&self) -> impl Iterator<Item = usize> + use<'a> {
        let by_owner = self.scan.by_owner();
        let rest = self.rest.iter().flat_map(|entry| by_owner.group_at(entry.number()));
        (self.first.0 as usize..self.first.1 as usize).chain(rest)
    }
}

impl<'a> Zones<'a> {
    /// Indexes scans. Records that no server would load are left out.
    pub fn new(sources: &'a Sources, scans: impl IntoIterator<Item = &'a Scan>) -> Zones<'a> {
        let scans: Vec<&Scan> = scans.into_iter().collect();
        Zones {
            sources,
            views: OnceLock::new(),
            wildcards: scans.iter().map(|_| OnceLock::new()).collect(),
            aliases: OnceLock::new(),
            has_service_aliases: OnceLock::new(),
            organizations: OnceLock::new(),
            strays: OnceLock::new(),
            signers: OnceLock::new(),
            exchanges: OnceLock::new(),
            policies: OnceLock::new(),
            has_tlsa: OnceLock::new(),
            said: SaidOf::default(),
            only: only_name(&scans),
            scans,
        }
    }

    /// The names that own records, each once for a source, in the order of the files.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.scans.len()).flat_map(|number| self.nodes_of(number))
    }

    /// The names that own records in the scan with this number, in the order of the file.
    pub fn nodes_of(&self, number: usize) -> impl Iterator<Item = Node<'_>> {
        let scan = self.scans[number];
        let names = scan.by_owner().names();
        names.map(move |(first, rest)| self.node(number as u32, first, rest))
    }

    /// The apexes of the zones that are in the repository and own records there, in the order of the files.
    pub fn apexes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..).zip(&self.scans).flat_map(move |(number, scan)| {
            let origins = scan.zones.iter().map(|zone| &zone.origin);
            origins.filter_map(move |origin| self.node_at(number, origin.key(), || origin.clone()))
        })
    }

    /// Where one organization ends and others begin.
    pub fn suffixes(&self) -> &'a Suffixes {
        &self.sources.limits.suffixes
    }

    /// All that was read.
    pub fn scans(&self) -> impl Iterator<Item = &'a Scan> + '_ {
        self.scans.iter().copied()
    }

    fn views(&self) -> &Views {
        self.views.get_or_init(|| Views::new(self.sources, &self.scans))
    }

    /// The wildcards of the scan with this number.
    fn wildcards_of(&self, number: u32) -> &Wildcards {
        let number = number as usize;
        self.wildcards[number].get_or_init(|| Box::new(Wildcards::new(self.scans[number])))
    }

    /// The records at the name with this key, in the scan with this number. By far the most names that are asked for own none,
    /// so that the key tells.
    fn node_at(&self, number: u32, key: u64, name: impl FnOnce() -> Name) -> Option<Node<'_>> {
        let scan = self.scans[number as usize];
        let (first, rest) = scan.published_at(key, name).split_first()?;
        Some(self.node(number, first.number() as u32, rest))
    }

    /// The records of a scan that stand together with the first one, and those in other places.
    fn node<'z>(&'z self, number: u32, first: u32, rest: &'z [Entry]) -> Node<'z> {
        let scan = self.scans[number as usize];
        let len = scan.by_owner().group_at(first as usize).count() as u32;
        Node {
            scan,
            zones: self,
            number,
            first: (first, first + len),
            rest,
        }
    }
}

/// The name that owns all records, if there is just one and no zone.
fn only_name<'a>(scans: &[&'a Scan]) -> Option<&'a Name> {
    let [scan] = scans else { return None };
    let (first, others) = scan.records.split_first()?;
    let is_only = !first.owner.is_wildcard() && others.iter().all(|other| other.owner == first.owner);
    (scan.zones.is_empty() && is_only).then_some(&first.owner)
}
