//! The domains that a DMARC policy is for, and what the repository tells of them.

use crate::{
    name::Name,
    policy::dmarc::{
        Dmarc,
        owner::{self, Role},
    },
    record::{Data, Record},
    zones::{Answer, Node, Place, Wanted},
};

/// The domains whose policy a record is: that of its name, and those whose `_dmarc` is a CNAME that leads there.
pub(super) fn domains(dmarc: &Dmarc<'_>, place: &Place<'_>) -> Vec<Name> {
    let own = dmarc.domain().filter(|_| dmarc.role == Role::Policy);
    let aliases = place.node.zones().aliases_of(dmarc.owner);
    let others = aliases
        .filter(|alias| owner::role(&alias.owner) == Some(Role::Policy))
        .map(|alias| alias.owner.skip(1));
    let mut domains: Vec<Name> = own.into_iter().chain(others).filter(Name::is_known).collect();
    // Copies of a zone have the same CNAME.
    let mut seen = std::collections::BTreeSet::new();
    domains.retain(|domain| seen.insert(domain.clone()));
    domains
}

/// Whether the repository shows that a domain neither takes mail nor sends any: it has no MX or a null MX, and an SPF record
/// that lets nobody send.
pub(super) fn is_parked(dmarc: &Dmarc<'_>, place: &Place<'_>) -> bool {
    let Some(domain) = dmarc.domain().filter(|_| dmarc.role == Role::Policy) else {
        return false;
    };
    let takes_none = match place.node.ask(&domain, Wanted::Mx) {
        Answer::Found(node) => is_null_mx(&node),
        Answer::Absent => true,
        Answer::Unknown => false,
    };
    let sends_none = || {
        let node = place.node.ask(&domain, Wanted::Txt).found();
        node.is_some_and(|node| node.records().any(is_closed_spf))
    };
    takes_none && sends_none()
}

/// Whether all MX records at a name are null: the domain takes no mail (RFC 7505).
pub(super) fn is_null_mx(node: &Node<'_>) -> bool {
    let mut all = node.records().filter_map(|record| match &record.data {
        Data::Mx(mx) => Some(&mx.host.name),
        _ => None,
    });
    all.next().is_some_and(Name::is_root) && all.all(Name::is_root)
}

/// Whether a record is an SPF record that lets nobody send.
pub(super) fn is_closed_spf(record: &Record) -> bool {
    let Some(txt) = record.txt().filter(|txt| txt.text.is_complete()) else {
        return false;
    };
    let mut words = txt
        .text
        .bytes()
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let mut is = |word: &str| {
        words
            .next()
            .is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    is("v=spf1") && is("-all") && words.next().is_none()
}
