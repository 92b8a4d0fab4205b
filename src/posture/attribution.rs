//! Which domain a finding is about.

use std::collections::HashMap;

use crate::{diagnostic::Diagnostic, name::Name, policy_domain, record::Scan, source::Sources, span::SourceId};

/// The domains of whole files.
pub(super) struct Owners(HashMap<SourceId, Vec<Name>>);

impl Owners {
    /// Policy files are for the domains that something around them tells, files with one zone for its apex.
    pub(super) fn new<'a>(scans: impl Iterator<Item = &'a Scan>, sources: &Sources) -> Owners {
        let mut owners: HashMap<SourceId, Vec<Name>> = HashMap::new();
        for scan in scans {
            for policy in &scan.policies {
                let domains = policy_domain::domains(sources.get(policy.source), sources);
                owners.insert(policy.source, domains);
            }
            if let [zone] = &scan.zones[..] {
                owners.entry(scan.source).or_default().push(zone.origin.clone());
            }
        }
        Owners(owners)
    }

    /// The numbers of the mail domains that a finding is about: the longest at or above the owner of its record, or those of its
    /// file.
    pub(super) fn of(&self, finding: &Diagnostic, by_name: &HashMap<Name, Vec<usize>>) -> Vec<usize> {
        let owner = finding.about.as_ref().and_then(|about| Name::parse(&about.owner));
        let of_file = || self.0.get(&finding.primary.span.source).cloned().unwrap_or_default();
        let names = owner.map_or_else(of_file, |owner| vec![owner]);
        let mut numbers: Vec<usize> = names
            .iter()
            .filter_map(|name| (0..name.label_count()).find_map(|labels| by_name.get(&name.skip(labels))))
            .flatten()
            .copied()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
