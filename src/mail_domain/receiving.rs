//! Who takes the mail of a domain, and how it is protected on the way there.

use std::collections::BTreeMap;

use crate::{
    mail_domain::Told,
    name::Name,
    policy::{
        mta_sts,
        sts_file::{Meaning, value::Mode},
    },
    record::Data,
    zones::{Answer, Node, Policy, Wanted},
};

/// The MX records of a domain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mx {
    /// The hosts, each with its lowest preference. None in a null MX: the domain takes no mail (RFC 7505).
    pub hosts: BTreeMap<Name, u16>,
    /// Whether there may be others: the file does not tell all.
    pub may_be_more: bool,
}

impl Mx {
    /// Whether the domain says that it takes no mail (RFC 7505).
    pub fn is_null(&self) -> bool {
        self.hosts.is_empty() && !self.may_be_more
    }
}

/// The MTA-STS policy of a domain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sts {
    /// The `id` of its record.
    pub id: Told<String>,
    /// Its policy file, where that is in the repository: all that are for the domain say the same.
    pub policy: Told<Meaning>,
    /// The hosts that take mail and that the policy does not list: senders that obey it deliver nothing to them. Empty if that
    /// cannot be told.
    pub uncovered: Vec<Name>,
}

/// The MX records of a domain.
pub(super) fn mx(from: &Node<'_>, name: &Name) -> Told<Mx> {
    let node = match from.ask(name, Wanted::Mx) {
        Answer::Found(node) => node,
        Answer::Absent => return Told::Absent,
        Answer::Unknown => return Told::Unknown,
    };
    let mut mx = Mx {
        hosts: BTreeMap::new(),
        may_be_more: false,
    };
    for record in node.records() {
        match &record.data {
            Data::Mx(_) if record.many => mx.may_be_more = true,
            Data::Mx(data) if !data.host.name.is_known() => mx.may_be_more = true,
            Data::Mx(data) if !data.host.name.is_root() => {
                let preference = mx.hosts.entry(data.host.name.clone()).or_insert(data.preference);
                *preference = data.preference.min(*preference);
            }
            Data::Unknown => mx.may_be_more = true,
            _ => {}
        }
    }
    Told::Is(mx)
}

/// Whether a name has an address.
pub(super) fn address(from: &Node<'_>, name: &Name) -> Told<()> {
    match from.ask(name, Wanted::Address) {
        Answer::Found(_) => Told::Is(()),
        Answer::Absent => Told::Absent,
        Answer::Unknown => Told::Unknown,
    }
}

/// The MTA-STS policy of a domain with these MX records.
pub(super) fn sts(from: &Node<'_>, name: &Name, mx: &Told<Mx>) -> Sts {
    let policies = from.policies_of(name);
    let uncovered = match (&policies[..], mx) {
        ([policy, ..], Told::Is(mx)) if are_alike(&policies) => {
            let listed = policy.listed().filter(|listed| listed.mode != Mode::None);
            let is_uncovered = |host: &&Name| listed.is_some_and(|listed| !listed.covers(host));
            mx.hosts.keys().filter(is_uncovered).cloned().collect()
        }
        _ => Vec::new(),
    };
    let policy = match policies.first().map(Policy::meaning) {
        None => Told::Absent,
        Some(Some(meaning)) if are_alike(&policies) => Told::Is(meaning.clone()),
        Some(_) => Told::Unknown,
    };
    Sts {
        id: id(from, name),
        policy,
        uncovered,
    }
}

/// Whether all policies say the same.
fn are_alike(policies: &[Policy<'_>]) -> bool {
    let mut meanings = policies.iter().map(Policy::meaning);
    let first = meanings.next().flatten();
    first.is_some() && meanings.all(|other| other == first)
}

fn id(from: &Node<'_>, name: &Name) -> Told<String> {
    let node = match from.ask(&name.below("_mta-sts"), Wanted::Txt) {
        Answer::Found(node) => node,
        Answer::Absent => return Told::Absent,
        Answer::Unknown => return Told::Unknown,
    };
    let mut found = Told::Absent;
    for txt in node
        .records()
        .filter_map(|record| record.txt())
        .filter(|txt| !txt.type99)
    {
        // Senders pass over what does not begin so (RFC 8461, section 3.1).
        let is_sts = txt.text.bytes().starts_with(mta_sts::DIALECT.version.as_bytes());
        let parsed = mta_sts::parse(&txt.text);
        let id = parsed
            .id()
            .map(|id| String::from_utf8_lossy(txt.text.get(id)).into_owned());
        match (found, id) {
            (other, _) if !is_sts && txt.text.is_complete() => found = other,
            (Told::Absent, Some(id)) if is_sts => found = Told::Is(id),
            _ => return Told::Unknown,
        }
    }
    found
}
