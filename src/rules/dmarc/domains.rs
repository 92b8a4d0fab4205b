//! The domains that a DMARC policy is for, and what the repository tells of them.

use crate::{
    name::Name,
    policy::dmarc::{Dmarc, owner::Role},
    rules::{
        dmarc::shared::policy_aliases,
        mail::{is_closed_spf, null_mx},
    },
    zones::{Answer, Place, Wanted},
};

/// The domains whose policy a record is: that of its name, and those whose `_dmarc` is a CNAME that leads there.
pub(super) fn domains(dmarc: &Dmarc<'_>, place: &Place<'_>) -> Vec<Name> {
    let own = dmarc.domain().filter(|_| dmarc.role == Role::Policy);
    let others = policy_aliases(place.node.zones(), dmarc.owner).map(|alias| alias.owner.skip(1));
    let mut domains: Vec<Name> = own.into_iter().chain(others).filter(Name::is_known).collect();
    // Copies of a zone have the same CNAME.
    if domains.len() > 1 {
        let mut seen = std::collections::BTreeSet::new();
        domains.retain(|domain| seen.insert(domain.clone()));
    }
    domains
}

/// Whether the repository shows that a domain neither takes mail nor sends any: it has no MX or a null MX, and an SPF record
/// that lets nobody send.
pub(super) fn is_parked(dmarc: &Dmarc<'_>, place: &Place<'_>) -> bool {
    let Some(domain) = dmarc.domain().filter(|_| dmarc.role == Role::Policy) else {
        return false;
    };
    let takes_none = match place.node.ask(&domain, Wanted::Mx) {
        Answer::Found(node) => null_mx(&node).is_some(),
        Answer::Absent => true,
        Answer::Unknown => false,
    };
    let sends_none = || {
        let node = place.node.ask(&domain, Wanted::Txt).found();
        node.is_some_and(|node| node.records().any(is_closed_spf))
    };
    takes_none && sends_none()
}
