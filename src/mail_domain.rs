//! What the repository says about the mail of a domain: who takes it and who may send it, what receivers do with what fails, and
//! which keys, policies and reports there are.
//!
//! Facts are plain values without places or spelling, so that those of two trees are equal where mail is treated alike.
//! Whatever cannot be known is [`Told::Unknown`].

mod homes;
mod keys;
mod receiving;
mod reports;
mod senders;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    effective::{self, Effective, Existing},
    name::Name,
    source::Sources,
    spf_tree::Trees,
    zones::{Node, Zones},
};

pub use homes::Home;
pub use keys::Key;
pub use receiving::{Mx, Sts};
pub use reports::{Dmarc, Percent};
pub use senders::{Breaks, Cost, Ending, LOOKUPS_MAX, Sender, Spf};

use receiving::Policies;

/// Something that the repository says, or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told<T> {
    /// This.
    Is(T),
    /// There is no such thing for sure.
    Absent,
    /// Nobody here can say.
    Unknown,
}

/// What the repository says about the mail of a domain.
#[derive(Debug)]
pub struct MailDomain<'a> {
    /// The domain.
    pub name: Name,
    /// Where it is asked from.
    pub from: Node<'a>,
    /// Whether it is the apex of a zone that is here.
    pub is_apex: bool,
    /// Who takes its mail by MX records.
    pub mx: Told<Mx>,
    /// Whether the name has an address, which takes mail where there is no MX record (RFC 5321, section 5.1).
    pub has_address: Told<()>,
    /// Who may send its mail.
    pub spf: Told<Spf>,
    /// What receivers do with mail that fails, with the records that say so.
    pub effective: Effective<'a>,
    /// The same without records, and what else the record says that is for the domain itself.
    pub dmarc: Dmarc,
    /// The DKIM keys, by selector in small letters.
    pub keys: BTreeMap<String, Key>,
    /// Its MTA-STS policy.
    pub sts: Sts,
    /// Where reports about TLS go, each address once.
    pub tls_reports: Told<BTreeSet<String>>,
    /// What the BIMI records say, by selector in small letters: location and evidence.
    pub bimi: BTreeMap<String, Told<[String; 2]>>,
}

impl<T> Told<T> {
    /// What is said, if anything is.
    pub fn is(&self) -> Option<&T> {
        match self {
            Told::Is(value) => Some(value),
            Told::Absent | Told::Unknown => None,
        }
    }

    /// Whether nobody here can say.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Told::Unknown)
    }
}

impl MailDomain<'_> {
    /// Whether it only serves others: see [`is_service`].
    pub fn is_service(&self) -> bool {
        is_service(&self.name)
    }

    /// Whether anything at all is here for its mail: a zone's apex without records for mail is no mail domain.
    pub fn has_anything(&self) -> bool {
        self.mx.is().is_some()
            || self.spf.is().is_some()
            || !self.keys.is_empty()
            || !self.bimi.is_empty()
            || self.tls_reports.is().is_some()
            || self.sts.id.is().is_some()
            || self.sts.policy.is().is_some()
            || self.effective.by_walk.itself.found().is_some()
    }
}

/// Whether no mail comes from a name, such as `_spf.example.com`, which SPF records include.
pub fn is_service(name: &Name) -> bool {
    let mut labels = name.labels().flatten();
    labels.any(|label| label.first() == Some(&b'_'))
}

/// The mail domains of the repository in the order of their names: those that have records for mail, and the apexes of zones. A
/// domain that several sources tell of, each for itself, is there for each of them.
pub fn all<'a>(zones: &'a Zones<'a>, sources: &Sources) -> Vec<MailDomain<'a>> {
    let mut gathering = Gathering::new(zones, sources);
    let homes = homes::all(zones).into_iter();
    homes.map(|home| gathering.gather(home)).collect()
}

/// The facts about one domain, seen from each source that tells of it for itself; none if no source does.
pub fn of<'a>(name: &Name, zones: &'a Zones<'a>, sources: &Sources) -> Vec<MailDomain<'a>> {
    let mut gathering = Gathering::new(zones, sources);
    let homes = homes::all(zones).into_iter().filter(|home| home.name == *name);
    let found: Vec<MailDomain<'a>> = homes.map(|home| gathering.gather(home)).collect();
    match found.is_empty() {
        true => gathering.bare(name),
        false => found,
    }
}

/// What facts are gathered with.
#[derive(Debug)]
pub struct Gathering<'a> {
    zones: &'a Zones<'a>,
    policies: Policies,
    existing: Existing<'a>,
    trees: Trees<'a>,
}

impl<'a> Gathering<'a> {
    /// From these zones, and the policy files beside them.
    pub fn new(zones: &'a Zones<'a>, sources: &Sources) -> Gathering<'a> {
        Gathering {
            zones,
            policies: Policies::new(zones, sources),
            existing: Existing::new(zones),
            trees: Trees::default(),
        }
    }

    /// The facts about a name without records of its own for mail, seen from each source that has its zone.
    pub fn bare(&mut self, name: &Name) -> Vec<MailDomain<'a>> {
        let standpoints = self.zones.standpoints(name).into_iter();
        standpoints.map(|from| self.gather(Home::bare(name, from))).collect()
    }

    fn gather(&mut self, home: Home<'a>) -> MailDomain<'a> {
        gather(home, &self.policies, &self.existing, &mut self.trees)
    }
}

fn gather<'a>(home: Home<'a>, policies: &Policies, existing: &Existing<'a>, trees: &mut Trees<'a>) -> MailDomain<'a> {
    let Home { name, from, .. } = &home;
    let effective = effective::of(from, name, existing);
    let mx = receiving::mx(from, name);
    MailDomain {
        is_apex: home.is_apex,
        has_address: receiving::address(from, name),
        spf: senders::spf(from, name, trees),
        dmarc: reports::dmarc(&effective),
        keys: keys::all(&home),
        sts: receiving::sts(from, name, &mx, policies),
        tls_reports: reports::tls(from, name),
        bimi: reports::bimi(&home),
        mx,
        effective,
        from: *from,
        name: home.name,
    }
}
