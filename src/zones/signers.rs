//! Domains that may sign mail by DKIM.

use std::collections::HashSet;

use crate::{
    name::Name,
    policy::{
        kind::{self, Kind},
        tags,
    },
    record::{Data, Record, Scan},
    zones::Zones,
};

/// The keys of the names at or below which something of DKIM is.
#[derive(Debug)]
pub(super) struct Signers(HashSet<u64>);

impl Signers {
    fn new(scans: &[&Scan]) -> Signers {
        let mut signers = HashSet::new();
        let mut keys = Vec::new();
        for record in scans.iter().flat_map(|scan| &scan.records) {
            if may_sign(record) {
                record.owner.keys(&mut keys);
                signers.extend(&keys);
            }
        }
        Signers(signers)
    }
}

/// Whether a record is a key that is not revoked, or leads to where one may be.
fn may_sign(record: &Record) -> bool {
    let is_key = |label: Option<&[u8]>| label.is_some_and(|label| label.eq_ignore_ascii_case(b"_domainkey"));
    if !record.owner.may_hold(b'_') || !record.owner.labels().any(is_key) {
        return false;
    }
    match &record.data {
        Data::Txt(txt) => {
            let is_other = kind::of_value(txt.text.bytes()).is_some_and(|kind| kind != Kind::Dkim);
            let mut tags = tags::read(&txt.text, 0..txt.text.len()).into_iter();
            !is_other && !tags.any(|tag| tag.is(&txt.text, "p") && tag.is_known && tag.value.is_empty())
        }
        _ => true,
    }
}

impl Zones<'_> {
    /// Whether something of DKIM is at or below a domain that is not a revoked key: mail may be signed in its name.
    pub fn may_sign(&self, domain: &Name) -> bool {
        let signers = self.signers.get_or_init(|| Signers::new(&self.scans));
        signers.0.contains(&domain.key())
    }
}
