//! The CNAME records that lead to a name.

use std::collections::BTreeSet;

use crate::{
    name::Name,
    record::{Data, Record, Scan},
    zones::{Zones, answer::ALIASES_MAX},
};

/// All published CNAME records: the key of the target, the numbers of scan and record. Sorted.
#[derive(Debug)]
pub(super) struct Aliases(Vec<(u64, u32, u32)>);

/// Nobody goes through more records for one name than this.
const FOUND_MAX: usize = 1000;
/// Nor through those that lead to more names than this on the way.
const NAMES_MAX: usize = 100;

impl Aliases {
    fn new(scans: &[&Scan]) -> Aliases {
        let mut all = Vec::new();
        for (number, scan) in (0..).zip(scans) {
            for (index, record) in (0..).zip(&scan.records) {
                if let Data::Cname(target) = &record.data
                    && record.is_published()
                    && target.name.is_known()
                {
                    all.push((target.name.key(), number, index));
                }
            }
        }
        all.sort_unstable();
        Aliases(all)
    }

    fn of<'a, 's>(&'s self, name: &'s Name, scans: &'s [&'a Scan]) -> impl Iterator<Item = &'a Record> + use<'a, 's> {
        let key = name.key();
        let start = self.0.partition_point(|alias| alias.0 < key);
        self.0[start..]
            .iter()
            .take_while(move |alias| alias.0 == key)
            .map(|(_, scan, record)| &scans[*scan as usize].records[*record as usize])
            .filter(|record| record.target().is_some_and(|target| target.name == *name))
    }
}

impl<'a> Zones<'a> {
    /// Whether there may be a CNAME record at a name with an underscore, as all names are that mail protocols ask for.
    pub fn has_service_aliases(&self) -> bool {
        let is_service = |record: &Record| matches!(record.data, Data::Cname(_)) && record.owner.may_hold(b'_');
        *self.has_service_aliases.get_or_init(|| {
            let mut scans = self.scans.iter();
            scans.any(|scan| scan.records.iter().any(is_service))
        })
    }

    /// The published CNAME records of the repository that lead to a name, directly or through others, as far as resolvers
    /// follow them: the direct ones first, else in the order of the files. Not more than a thousand.
    pub fn aliases_of(&self, name: &Name) -> impl Iterator<Item = &'a Record> + use<'a> {
        let aliases = self.aliases.get_or_init(|| Aliases::new(&self.scans));
        let mut found: Vec<&Record> = aliases.of(name, &self.scans).take(FOUND_MAX).collect();
        let mut seen: BTreeSet<&Name> = BTreeSet::new();
        let mut next = 0;
        for _ in 1..ALIASES_MAX {
            let last = next..found.len();
            next = last.end;
            for index in last.take(NAMES_MAX - seen.len()) {
                let owner = &found[index].owner;
                if owner != name && seen.insert(owner) {
                    let room = FOUND_MAX - found.len();
                    found.extend(aliases.of(owner, &self.scans).take(room));
                }
            }
        }
        found.into_iter()
    }
}
