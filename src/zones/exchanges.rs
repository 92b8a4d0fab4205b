//! The MX records that name a host.

use crate::{
    name::Name,
    record::{Data, Record, Scan},
    zones::Zones,
};

/// All published MX records: the key of the host, the numbers of scan and record. Sorted.
#[derive(Debug)]
pub(super) struct Exchanges(Vec<(u64, u32, u32)>);

impl Exchanges {
    fn new(scans: &[&Scan]) -> Exchanges {
        let mut all = Vec::new();
        for (number, scan) in (0..).zip(scans) {
            for (index, record) in (0..).zip(&scan.records) {
                if let Data::Mx(mx) = &record.data
                    && record.is_published()
                {
                    all.push((mx.host.name.key(), number, index));
                }
            }
        }
        all.sort_unstable();
        Exchanges(all)
    }
}

impl<'a> Zones<'a> {
    /// The published MX records of the repository that name a host, in the order of the files.
    pub fn exchanges_of(&self, host: &Name) -> impl Iterator<Item = &'a Record> {
        let all = &self.exchanges.get_or_init(|| Exchanges::new(&self.scans)).0;
        let key = host.key();
        let start = all.partition_point(|exchange| exchange.0 < key);
        let records = all[start..].iter().take_while(move |exchange| exchange.0 == key);
        records
            .map(|(_, scan, record)| &self.scans[*scan as usize].records[*record as usize])
            .filter(move |record| record.target().is_some_and(|target| target.name == *host))
    }

    /// Whether there is a TLSA record anywhere.
    pub fn has_tlsa(&self) -> bool {
        let is_tlsa = |record: &Record| matches!(record.data, Data::Tlsa(_));
        *self
            .has_tlsa
            .get_or_init(|| self.scans.iter().any(|scan| scan.records.iter().any(is_tlsa)))
    }
}
