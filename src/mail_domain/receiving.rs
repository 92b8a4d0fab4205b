//! Who takes the mail of a domain, and how it is protected on the way there.

use std::collections::{BTreeMap, HashMap};

use crate::{
    mail_domain::Told,
    name::Name,
    policy::{
        mta_sts,
        sts_file::{self, Meaning, mx, value::Mode},
    },
    policy_domain,
    record::Data,
    source::Sources,
    zones::{Answer, Node, Wanted, Zones},
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

/// The policy files of the repository, by domain.
#[derive(Debug)]
pub(super) struct Policies(HashMap<Name, Told<Meaning>>);

impl Policies {
    pub(super) fn new(zones: &Zones<'_>, sources: &Sources) -> Policies {
        let mut policies: HashMap<Name, Told<Meaning>> = HashMap::new();
        for policy in zones.scans().flat_map(|scan| &scan.policies) {
            let source = sources.get(policy.source);
            let meaning = sts_file::parse(source, &policy.text).meaning();
            let meaning = meaning.map_or(Told::Unknown, Told::Is);
            for domain in policy_domain::domains(source, sources) {
                let known = policies.entry(domain).or_insert_with(|| meaning.clone());
                if *known != meaning {
                    *known = Told::Unknown;
                }
            }
        }
        Policies(policies)
    }
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
pub(super) fn sts(from: &Node<'_>, name: &Name, mx: &Told<Mx>, policies: &Policies) -> Sts {
    let policy = policies.0.get(name).cloned().unwrap_or(Told::Absent);
    let uncovered = match (&policy, mx) {
        (Told::Is(meaning), Told::Is(mx)) if meaning.mode != Mode::None => {
            let is_covered = |host: &&Name| {
                let host = host.to_string();
                meaning.mx.iter().any(|pattern| mx::matches(pattern, host.as_bytes()))
            };
            mx.hosts.keys().filter(|host| !is_covered(host)).cloned().collect()
        }
        _ => Vec::new(),
    };
    Sts {
        id: id(from, name),
        policy,
        uncovered,
    }
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
