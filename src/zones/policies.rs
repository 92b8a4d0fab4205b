//! The policy files of MTA-STS, by the domains that they are for.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    name::Name,
    policy::sts_file::{self, Meaning, StsFile, form::Form, mx, value::Mode},
    policy_domain::{self, worlds},
    record::{Data, PolicyFile, Record, Scan},
    source::Source,
    zones::{
        Answer, Node, Wanted, Zones,
        source::Question,
        views::{Which, Witness},
    },
};

/// All policy files.
#[derive(Default, Debug)]
pub(super) struct Policies {
    all: Vec<Found>,
    by_domain: BTreeMap<Name, Vec<u32>>,
    /// The domains for whose policy there is a site.
    sites: BTreeSet<Name>,
}

/// What is known of a policy file.
#[derive(Debug)]
struct Found {
    scan: u32,
    /// Its number among the policies of the scan.
    number: u32,
    domains: Vec<Name>,
    is_policy: bool,
    is_whole: bool,
    /// Whether what it is for is told by what lies around it, and not by the repository as a whole.
    is_sure: bool,
    /// Whether it lies in a folder for one mode, and others are for the same domains: one of them is published.
    is_alternative: bool,
    mode: Option<Mode>,
    meaning: Option<Meaning>,
    listed: Option<Listed>,
}

/// What a policy is meant to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// What senders do.
    pub mode: Mode,
    /// The hosts, and `*.` before names.
    pub hosts: Vec<Vec<u8>>,
}

/// A policy file of MTA-STS among all records.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The file.
    pub file: &'a PolicyFile,
    /// What it was read with.
    pub scan: &'a Scan,
    zones: &'a Zones<'a>,
    known: &'a Found,
}

impl Policies {
    fn new(zones: &Zones<'_>) -> Policies {
        let mut policies = Policies {
            sites: policy_domain::sites(zones.sources),
            ..Policies::default()
        };
        for (scan, at) in (0..).zip(&zones.scans) {
            for (number, policy) in (0..).zip(&at.policies) {
                let source = zones.sources.get(policy.source);
                let file = sts_file::parse(source, &policy.text);
                policies.all.push(Found {
                    scan,
                    number,
                    domains: policy_domain::domains(source, zones.sources),
                    is_policy: file.form == Form::Policy,
                    is_whole: file.is_whole(),
                    is_sure: !policy_domain::sure_domains(source, zones.sources).is_empty(),
                    is_alternative: policy_domain::is_for_one_mode(&source.path),
                    mode: file.mode(),
                    meaning: file.meaning(),
                    listed: Listed::new(&file),
                });
            }
        }
        let is_of_none = |known: &&mut Found| known.domains.is_empty() && known.is_policy;
        let mut open: Vec<&mut Found> = policies.all.iter_mut().filter(is_of_none).collect();
        if !open.is_empty()
            && let Some(only) = only_domain(zones)
        {
            open.iter_mut().for_each(|known| known.domains.push(only.clone()));
        }
        // There is none that it could be mistaken for.
        if let [only] = &mut policies.all[..] {
            only.is_sure = !only.domains.is_empty();
        }
        for (number, known) in (0..).zip(&policies.all) {
            for domain in &known.domains {
                policies.by_domain.entry(domain.clone()).or_default().push(number);
            }
        }
        for known in &mut policies.all {
            let has_others = |domain: &Name| policies.by_domain.get(domain).is_some_and(|all| all.len() > 1);
            known.is_alternative &= known.domains.iter().any(has_others);
        }
        policies
    }
}

/// The domain that has a record at `_mta-sts`, if there is just one in the repository.
fn only_domain(zones: &Zones<'_>) -> Option<Name> {
    let is_record = |record: &Record| match &record.data {
        Data::Txt(txt) => !txt.type99,
        Data::Cname(_) => true,
        _ => false,
    };
    let mut only: Option<Name> = None;
    for node in zones.nodes() {
        let name = node.name();
        if name.may_hold(b'_') && name.starts_with("_mta-sts") && node.records().any(is_record) {
            let domain = name.skip(1);
            if only.as_ref().is_some_and(|only| *only != domain) {
                return None;
            }
            only = Some(domain);
        }
    }
    only
}

impl Listed {
    fn new(file: &StsFile<'_>) -> Option<Listed> {
        let hosts = file.meant_hosts()?.into_iter().map(|(_, host)| host.to_vec());
        Some(Listed {
            mode: file.mode()?,
            hosts: hosts.collect(),
        })
    }

    /// Whether a host, as it is named in an MX record, is among them (RFC 8461, section 4.1).
    pub fn covers(&self, host: &Name) -> bool {
        let host = host.to_string();
        self.hosts.iter().any(|pattern| mx::matches(pattern, host.as_bytes()))
    }
}

impl<'a> Policy<'a> {
    /// The policy file.
    pub fn source(&self) -> &'a Source {
        self.zones.sources.get(self.file.source)
    }

    /// What it says, line by line.
    pub fn read(&self) -> StsFile<'a> {
        sts_file::parse(self.source(), &self.file.text)
    }

    /// All records of the run.
    pub fn zones(&self) -> &'a Zones<'a> {
        self.zones
    }

    /// The domains that it is for, as far as the repository tells.
    pub fn domains(&self) -> &'a [Name] {
        &self.known.domains
    }

    /// Whether it is a policy at all, and no web page at its place.
    pub fn is_policy(&self) -> bool {
        self.known.is_policy
    }

    /// Whether it is for its domains beyond doubt.
    pub fn is_sure(&self) -> bool {
        self.known.is_sure
    }

    /// Whether nothing tells that this one is published, and not another one for the same domain.
    pub fn is_alternative(&self) -> bool {
        self.known.is_alternative
    }

    /// Whether it is a policy of which the file tells all.
    pub fn is_whole(&self) -> bool {
        self.known.is_whole
    }

    /// What it makes senders do, also if that is written in other words.
    pub fn mode(&self) -> Option<Mode> {
        self.known.mode
    }

    /// What it says; `None` if a part of it is malformed, or unknown.
    pub fn meaning(&self) -> Option<&'a Meaning> {
        self.known.meaning.as_ref()
    }

    /// The hosts that it is meant to list; `None` where one of them or the mode is unknown, or too malformed to tell.
    pub fn listed(&self) -> Option<&'a Listed> {
        self.known.listed.as_ref()
    }

    /// What a resolver that asks for `name` would be answered, seen from here.
    pub fn ask(&self, name: &Name, wanted: Wanted) -> Answer<'a> {
        self.zones.answer(self.known.scan, name, wanted)
    }

    /// The records at `domain`, which it is for, that belong to the same world as the file; `None` if there are none, or if it
    /// cannot be told which do.
    pub fn home(&self, domain: &Name) -> Option<Node<'a>> {
        let own = worlds(&self.source().path);
        let mut nodes = self.zones.everywhere(domain);
        nodes.retain(|node| policy_domain::may_be_one_world(&own, &worlds(self.zones.path_of(node))));
        if let [one] = nodes[..] {
            return Some(one);
        }
        let is_same = |node: &&Node<'_>| !own.is_empty() && own == worlds(self.zones.path_of(node));
        let mut same = nodes.iter().filter(is_same);
        match (same.next(), same.next()) {
            (Some(one), None) => Some(*one),
            // All that have the domain, or the folder of the policy itself, say the same.
            _ => self
                .ask(domain, Wanted::Mx)
                .found()
                .filter(|node| node.name() == domain),
        }
    }
}

impl<'a> Zones<'a> {
    fn known_policies(&'a self) -> &'a Policies {
        self.policies.get_or_init(|| Policies::new(self))
    }

    fn policy(&'a self, known: &'a Found) -> Policy<'a> {
        let scan = self.scans[known.scan as usize];
        Policy {
            file: &scan.policies[known.number as usize],
            scan,
            zones: self,
            known,
        }
    }

    /// The policy files of MTA-STS, in the order of their paths.
    pub fn policies(&'a self) -> impl Iterator<Item = Policy<'a>> {
        self.known_policies().all.iter().map(|known| self.policy(known))
    }

    /// Those that are for a domain.
    pub fn policies_of(&'a self, domain: &Name) -> impl Iterator<Item = Policy<'a>> {
        let policies = self.known_policies();
        let numbers = policies.by_domain.get(domain).into_iter().flatten();
        numbers.map(|number| self.policy(&policies.all[*number as usize]))
    }

    /// Whether the site of the policy host of a domain is published from the repository.
    pub fn has_site(&'a self, domain: &Name) -> bool {
        self.known_policies().sites.contains(domain)
    }

    /// The records at a name, in each source that has some. None if they are too many to be compared.
    pub fn everywhere(&'a self, name: &Name) -> Vec<Node<'a>> {
        let question = Question::new(name, Wanted::Any);
        let witnesses = self.views().witnesses(self, &question, Which::All).unwrap_or_default();
        let mut scans: Vec<u32> = witnesses.iter().map(|witness: &Witness| witness.scan).collect();
        scans.sort_unstable();
        scans.dedup();
        let key = name.key();
        scans
            .into_iter()
            .filter_map(|scan| self.node_at(scan, key, || name.clone()))
            .collect()
    }

    /// The path of the file that a node was read from.
    fn path_of(&self, node: &Node<'_>) -> &'a str {
        let source = self.sources.all().get(node.scan.source.0 as usize);
        source.map_or("", |source| &source.path)
    }
}

impl<'a> Node<'a> {
    /// The policy files of MTA-STS that are for a domain and belong to the same world as these records.
    pub fn policies_of(&self, domain: &Name) -> Vec<Policy<'a>> {
        let own = worlds(self.zones.path_of(self));
        let mut found: Vec<Policy<'a>> = self.zones.policies_of(domain).collect();
        found.retain(|policy| policy_domain::may_be_one_world(&own, &worlds(&policy.source().path)));
        let is_same = |policy: &Policy<'_>| !own.is_empty() && worlds(&policy.source().path) == own;
        if found.iter().any(is_same) {
            found.retain(is_same);
        }
        found
    }
}
