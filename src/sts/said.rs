//! What a revision says of the MTA-STS of domains, as plain data that outlives what was read of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    name::Name,
    policy::sts_file::Meaning,
    sts::{Sts, StsPolicy, StsRecord, one_of},
    zones::{Policy, Zones},
};

/// What a revision says of the MTA-STS of a domain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Its policy.
    pub policy: SaidPolicy,
    /// The `id` of its record.
    pub id: SaidId,
}

/// What a revision says of the policy of a domain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SaidPolicy {
    /// This.
    Is(Meaning),
    /// Something that is no policy to strict senders.
    Malformed,
    /// None is in it.
    NotHere,
    /// A part of it is not told, or not which of several it is.
    Unknown,
}

/// What a revision says of the `id` of a domain's record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SaidId {
    /// These octets.
    Is(Vec<u8>),
    /// There is no record for sure.
    Absent,
    /// It is not told, or kept elsewhere, or the record has none.
    Unknown,
}

/// What a revision says of each domain that it says something of.
pub fn said(zones: &Zones<'_>) -> BTreeMap<Name, Said> {
    let all = domains(zones).into_iter();
    all.filter_map(|domain| {
        let said = of_domain(zones, &domain)?.said();
        Some((domain, said))
    })
    .collect()
}

/// The domains that have a policy, or a record at `_mta-sts`, in the repository.
fn domains(zones: &Zones<'_>) -> BTreeSet<Name> {
    let with_policy = zones.policies().flat_map(|policy| policy.domains().iter().cloned());
    let names = zones.nodes().map(|node| node.name());
    let announced = names.filter(|name| name.may_hold(b'_') && name.starts_with("_mta-sts"));
    with_policy.chain(announced.map(|name| name.skip(1))).collect()
}

/// The MTA-STS of a domain; `None` if the repository says nothing of it, or several things that differ.
pub fn of_domain<'a>(zones: &'a Zones<'a>, domain: &Name) -> Option<Sts<'a>> {
    let policies: Vec<Policy<'a>> = zones.policies_of(domain).collect();
    match one_of(&policies) {
        StsPolicy::Here(policy) => Some(Sts::of(policy, domain)),
        StsPolicy::Several => None,
        StsPolicy::NotHere => {
            let announced = zones.everywhere(&domain.below("_mta-sts"));
            let from = announced
                .first()
                .copied()
                .or_else(|| zones.everywhere(domain).into_iter().next());
            let sts = Sts::seen_from(from?, domain.clone());
            let is_same = |other| Sts::seen_from(other, domain.clone()).said() == sts.said();
            announced.iter().skip(1).all(|other| is_same(*other)).then_some(sts)
        }
    }
}

impl Sts<'_> {
    /// All that rules compare with other revisions.
    pub fn said(&self) -> Said {
        let policy = match self.policy {
            StsPolicy::Here(policy) => match policy.meaning() {
                Some(meaning) => SaidPolicy::Is(meaning.clone()),
                None if policy.is_whole() => SaidPolicy::Malformed,
                None => SaidPolicy::Unknown,
            },
            StsPolicy::NotHere => SaidPolicy::NotHere,
            StsPolicy::Several => SaidPolicy::Unknown,
        };
        let id = match (self.record, self.id()) {
            (_, Some(id)) => SaidId::Is(id.bytes().to_vec()),
            (StsRecord::Absent, None) => SaidId::Absent,
            (_, None) => SaidId::Unknown,
        };
        Said { policy, id }
    }
}
