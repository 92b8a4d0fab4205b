//! Which wildcard answers for a name that does not exist (RFC 4592, section 3.3.1).

use crate::{name::Name, record::Scan};

/// The wildcards of a source, and the names that keep them from answering.
#[derive(Debug)]
pub(super) struct Wildcards {
    /// The keys of the names right above wildcards, sorted.
    parents: Vec<u64>,
    /// The keys of the names right below those that exist: they own records, or a name below them does. Sorted.
    children: Vec<u64>,
}

impl Wildcards {
    /// Walks all names of a source that has wildcards.
    pub(super) fn new(scan: &Scan) -> Wildcards {
        let records = &scan.records;
        let mut keys = Vec::new();
        let mut parents = Vec::new();
        for number in &scan.by_owner().wildcards {
            records[*number as usize].owner.keys(&mut keys);
            parents.extend(keys.iter().nth_back(1));
        }
        parents.sort_unstable();
        parents.dedup();
        let mut children = Vec::new();
        for (first, _) in scan.by_owner().names() {
            records[first as usize].owner.keys(&mut keys);
            for pair in keys.windows(2) {
                if parents.binary_search(&pair[0]).is_ok() && children.last() != Some(&pair[1]) {
                    children.push(pair[1]);
                }
            }
        }
        children.sort_unstable();
        children.dedup();
        Wildcards { parents, children }
    }

    /// The wildcard that answers for a name that owns no records, in a zone whose origin has so many labels. `keys` are those
    /// of the name.
    pub(super) fn of(&self, name: &Name, keys: &[u64], origin: usize) -> Option<Name> {
        let last = keys.len().checked_sub(1)?;
        // The deepest name above with a wildcard is the closest encloser, unless one between exists: then that is, and it has
        // no wildcard.
        let above = (origin..last).rfind(|labels| self.parents.binary_search(&keys[*labels]).is_ok())?;
        let is_shadowed = self.children.binary_search(&keys[above + 1]).is_ok();
        (!is_shadowed).then(|| name.skip(last - above).below("*"))
    }
}
