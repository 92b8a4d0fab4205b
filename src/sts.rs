//! What the repository tells of the MTA-STS of a domain (RFC 8461): its record, its host, its policy, and which of its MX hosts
//! the policy covers.
//!
//! ```
//! use maillint::{sts::Sts, zones::Zones};
//!
//! /// The domains whose policy is here, and whether a record announces it.
//! fn announced(zones: &Zones<'_>) -> Vec<(String, bool)> {
//!     let policies = zones.policies();
//!     let all = policies.flat_map(|policy| policy.domains().iter().map(move |domain| Sts::of(policy, domain)));
//!     all.map(|sts| (sts.domain.to_string(), sts.id().is_some())).collect()
//! }
//! ```

mod change;
mod said;

use std::{borrow::Cow, ops::Range};

use crate::{
    name::Name,
    policy::{kind::Kind, mta_sts, sts_file::value::Mode},
    record::{Data, Mx, Record, Scan, Zone},
    slip,
    span::Span,
    text::{Edit, Text},
    zones::{Answer, Listed, Node, Policy, Wanted, Zones},
};

pub use change::{Before, Change, Earlier, Kept};
pub use said::{Said, SaidId, SaidPolicy, of_domain, said};

/// The MTA-STS of a domain, as it is seen from a place in the repository.
#[derive(Debug)]
pub struct Sts<'a> {
    /// The domain.
    pub domain: Name,
    /// The record at `_mta-sts`.
    pub record: StsRecord<'a>,
    /// What stands at that name itself: the TXT record, or the CNAME record that leads to it.
    pub announced: Option<(&'a Record, &'a Scan)>,
    /// The policy.
    pub policy: StsPolicy<'a>,
    from: From<'a>,
}

/// The record at `_mta-sts` of a domain.
#[derive(Clone, Copy, Debug)]
pub enum StsRecord<'a> {
    /// TXT records in the repository; the one is the only one that senders take for a record of MTA-STS, if there is just one.
    Here(Node<'a>, Option<&'a Record>),
    /// A CNAME record that leads to where the repository does not tell what there is.
    Alias(Node<'a>, &'a Record),
    /// There is none for sure.
    Absent,
    /// Nobody here can say.
    Unknown,
}

/// The policy of a domain.
#[derive(Clone, Copy, Debug)]
pub enum StsPolicy<'a> {
    /// This file.
    Here(Policy<'a>),
    /// None is in the repository.
    NotHere,
    /// Several that differ are, and nothing tells which one is published.
    Several,
}

/// Where look-ups come from.
#[derive(Clone, Copy, Debug)]
enum From<'a> {
    Node(Node<'a>),
    Policy(Policy<'a>),
}

/// The `id` of a record: its place in the text.
#[derive(Debug)]
pub struct Id<'a> {
    /// The record.
    pub record: &'a Record,
    /// All records at its name.
    pub node: Node<'a>,
    text: Cow<'a, Text>,
    at: Range<usize>,
}

/// The MX records of a domain.
#[derive(Debug)]
pub struct Exchanges<'a> {
    /// The records with a host that is known and surely there.
    pub known: Vec<(&'a Record, &'a Mx)>,
    /// All records at the name.
    pub node: Node<'a>,
    /// Whether there are no others.
    pub are_all: bool,
}

impl<'a> Sts<'a> {
    /// That of a domain, seen from records that are read together with it.
    pub fn seen_from(node: Node<'a>, domain: Name) -> Sts<'a> {
        Sts::new(From::Node(node), domain)
    }

    /// That of a domain which a policy is for, with the records that belong to the same world as the file.
    pub fn of(policy: Policy<'a>, domain: &Name) -> Sts<'a> {
        let from = policy.home(domain).map_or(From::Policy(policy), From::Node);
        Sts {
            policy: StsPolicy::Here(policy),
            ..Sts::new(from, domain.clone())
        }
    }

    fn new(from: From<'a>, domain: Name) -> Sts<'a> {
        let policy = match from {
            From::Node(node) => one_of(&node.policies_of(&domain)),
            From::Policy(policy) => StsPolicy::Here(policy),
        };
        let name = domain.below("_mta-sts");
        Sts {
            record: record(from, &name),
            announced: announced(from, &name),
            policy,
            domain,
            from,
        }
    }

    /// What a resolver that asks for `name` would be answered, seen from here.
    pub fn ask(&self, name: &Name, wanted: Wanted) -> Answer<'a> {
        self.from.ask(name, wanted)
    }

    /// The name of the host that senders fetch the policy from.
    pub fn host_name(&self) -> Name {
        self.domain.below("mta-sts")
    }

    /// The host that senders fetch the policy from.
    pub fn host(&self) -> Answer<'a> {
        self.ask(&self.host_name(), Wanted::Address)
    }

    /// What the policy makes senders do, as far as the repository tells.
    pub fn mode(&self) -> Option<Mode> {
        match self.policy {
            StsPolicy::Here(policy) => policy.mode(),
            _ => None,
        }
    }

    /// Whether a record that was meant to be a policy of this kind strayed, at or below the domain.
    pub fn has_stray(&self, kind: Kind) -> bool {
        self.from.zones().has_stray(kind, &self.domain)
    }

    /// Whether the site of the policy host is published from the repository.
    pub fn is_hosted_here(&self) -> bool {
        self.from.zones().has_site(&self.domain)
    }

    /// The records at the domain itself that belong to the same world.
    pub fn node(&self) -> Option<Node<'a>> {
        let any = self.ask(&self.domain, Wanted::Any).found();
        any.filter(|node| *node.name() == self.domain)
    }

    /// The `id` of the record; `None` without one, or where the repository does not tell it.
    pub fn id(&self) -> Option<Id<'a>> {
        let StsRecord::Here(node, Some(record)) = self.record else {
            return None;
        };
        let text = slip::meant_text(record, record.txt()?);
        let at = mta_sts::parse(&text).id()?;
        (text.is_known(at.clone()) && !at.is_empty()).then_some(Id { record, node, text, at })
    }

    /// The MX records of the domain itself; `None` where there are none here, or one says that it takes no mail.
    pub fn exchanges(&self) -> Option<Exchanges<'a>> {
        let node = self.ask(&self.domain, Wanted::Mx).found()?;
        let mut exchanges = Exchanges {
            known: Vec::new(),
            node,
            are_all: is_stated_whole(&node),
        };
        for record in node.records() {
            match &record.data {
                Data::Mx(mx) if mx.host.name.is_root() => return None,
                Data::Mx(mx) if record.many || !mx.host.name.is_known() => exchanges.are_all = false,
                Data::Mx(mx) => exchanges.known.push((record, mx)),
                Data::Unknown => exchanges.are_all = false,
                _ => {}
            }
        }
        (*node.name() == self.domain).then_some(exchanges)
    }
}

impl<'a> From<'a> {
    fn zones(&self) -> &'a Zones<'a> {
        match self {
            From::Node(node) => node.zones(),
            From::Policy(policy) => policy.zones(),
        }
    }

    fn ask(&self, name: &Name, wanted: Wanted) -> Answer<'a> {
        match self {
            From::Node(node) => node.ask(name, wanted),
            From::Policy(policy) => policy.ask(name, wanted),
        }
    }
}

/// The record at a name. What a wildcard stands for was hardly meant for it.
fn record<'a>(from: From<'a>, name: &Name) -> StsRecord<'a> {
    match from.ask(name, Wanted::Txt) {
        Answer::Found(node) if node.name().is_wildcard() => StsRecord::Unknown,
        Answer::Found(node) => StsRecord::Here(node, selected(&node)),
        Answer::Absent => StsRecord::Absent,
        Answer::Unknown => {
            let node = from.ask(name, Wanted::Cname).found();
            let alias = node.filter(|node| node.name() == name).and_then(|node| {
                let mut records = node.records();
                Some((node, records.find(|record| matches!(record.data, Data::Cname(_)))?))
            });
            alias.map_or(StsRecord::Unknown, |(node, alias)| StsRecord::Alias(node, alias))
        }
    }
}

/// The TXT or CNAME record at a name itself: the TXT record that begins as it should, if there is one.
fn announced<'a>(from: From<'a>, name: &Name) -> Option<(&'a Record, &'a Scan)> {
    let node = from.ask(name, Wanted::Any).found().filter(|node| node.name() == name)?;
    let is_such = |record: &&Record| match &record.data {
        Data::Txt(txt) => !txt.type99,
        Data::Cname(_) => true,
        _ => false,
    };
    let record = selected(&node).or_else(|| node.records().find(is_such))?;
    Some((record, node.scan))
}

/// The one of the TXT records at a name that begins as records of MTA-STS do (RFC 8461, section 3.1).
fn selected<'a>(node: &Node<'a>) -> Option<&'a Record> {
    let begins = |record: &&Record| {
        let text = record.txt().filter(|txt| !txt.type99).map(|txt| txt.text.bytes());
        text.is_some_and(|text| text.starts_with(mta_sts::DIALECT.version.as_bytes()))
    };
    let mut all = node.records().filter(begins);
    let (first, None) = (all.next()?, all.next()) else {
        return None;
    };
    (!first.many).then_some(first)
}

/// The one policy of several, if they say the same.
fn one_of<'a>(policies: &[Policy<'a>]) -> StsPolicy<'a> {
    match policies {
        [] => StsPolicy::NotHere,
        [one] => StsPolicy::Here(*one),
        [first, others @ ..] => {
            let meaning = first.meaning();
            match meaning.is_some() && others.iter().all(|other| other.meaning() == meaning) {
                true => StsPolicy::Here(*first),
                false => StsPolicy::Several,
            }
        }
    }
}

/// Whether a source that has some records of a type at a name has all of them. A fragment of a zone states those of one type
/// together.
fn is_stated_whole(node: &Node<'_>) -> bool {
    let is_whole = |zone: &Zone| zone.whole || !zone.has_soa;
    node.scan.by_owner().are_published && node.zone().is_none_or(is_whole)
}

impl Id<'_> {
    /// Its octets.
    pub fn bytes(&self) -> &[u8] {
        self.text.get(self.at.clone())
    }

    /// Where it is written.
    pub fn span(&self) -> Option<Span> {
        self.text.span(self.at.clone())
    }

    /// The edits that write another.
    pub fn replace(&self, new: &str) -> Option<Vec<Edit>> {
        self.text.replace(self.at.clone(), new)
    }
}

impl<'a> Exchanges<'a> {
    /// Those of the records whose host a policy does not list.
    pub fn uncovered<'e>(&'e self, listed: &'e Listed) -> impl Iterator<Item = (&'a Record, &'a Mx)> + use<'a, 'e> {
        let known = self.known.iter().copied();
        known.filter(|(_, mx)| !listed.covers(&mx.host.name))
    }
}
