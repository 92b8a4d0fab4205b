//! Where questions about a name are asked from that owns no records.

use std::collections::HashMap;

use crate::{
    name::Name,
    zones::{Node, Zones},
};

/// For the key of each organization by the public suffix list: the numbers of the scans that have names of it, each with the first
/// of them.
#[derive(Debug)]
pub(super) struct Organizations(HashMap<u64, Vec<(u32, Name)>>);

impl Organizations {
    fn new(zones: &Zones<'_>) -> Organizations {
        let mut all: HashMap<u64, Vec<(u32, Name)>> = HashMap::new();
        for (number, scan) in (0..).zip(&zones.scans) {
            let is_loose = scan.zones.is_empty() || scan.zones.iter().any(|zone| !zone.has_soa);
            let mut add = |node: Node<'_>| {
                let scans = all.entry(zones.suffixes().organization(node.name()).key()).or_default();
                if scans.last().is_none_or(|(last, _)| *last != number) {
                    scans.push((number, node.name().clone()));
                }
            };
            // Names in a zone are found by its origin; here it stands for others of its organization.
            match is_loose {
                true => zones.nodes_of(number as usize).for_each(&mut add),
                false => zones.nodes_of(number as usize).take(1).for_each(&mut add),
            }
        }
        Organizations(all)
    }
}

impl<'a> Zones<'a> {
    /// Where questions about a name are asked from: a node of each source that has the zone nearest to it, or of each that has
    /// names of its organization where there is no zone.
    pub fn standpoints(&self, name: &Name) -> Vec<Node<'_>> {
        let mut keys = Vec::new();
        name.keys(&mut keys);
        for labels in (0..keys.len()).rev() {
            let above = name.skip(keys.len() - 1 - labels);
            let scans = self.views().with_origin(self, keys[labels], &above);
            if !scans.is_empty() {
                return (scans.into_iter())
                    .filter_map(|scan| self.nodes_of(scan as usize).next())
                    .collect();
            }
        }
        let organizations = self.organizations.get_or_init(|| Organizations::new(self));
        let near = organizations.0.get(&self.suffixes().organization(name).key());
        (near.into_iter().flatten())
            .filter_map(|(scan, first)| self.node_at(*scan, first.key(), || first.clone()))
            .collect()
    }
}
