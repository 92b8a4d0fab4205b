//! Who may send mail of a domain by SPF, through all records that the repository has.

use std::{
    collections::{BTreeSet, HashSet},
    net::IpAddr,
};

use crate::{
    mail_domain::Told,
    name::Name,
    policy::spf::{
        self,
        network::Network,
        term::{Kind, Mechanism, Qualifier, Term},
    },
    record::Data,
    slip,
    spf_tree::{Branch, Selection, Step, Target, Tree, Trees},
    zones::{Answer, Node, Place, Wanted},
};

/// Who may send by SPF.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spf {
    /// Who passes: by the record, and by those that it includes.
    pub senders: BTreeSet<Sender>,
    /// What happens to everybody else.
    pub ending: Ending,
    /// How many look-ups it takes, at least.
    pub lookups: u32,
    /// Whether that is all: nothing leads out of the repository.
    pub is_exact: bool,
    /// What its terms cost, in the order of the record.
    pub costs: Vec<Cost>,
    /// Why receivers make nothing of it.
    pub breaks: Option<Breaks>,
}

/// What a term of the record costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cost {
    /// The term as it is written, cut short.
    pub written: String,
    /// How many look-ups it takes, at least, with those behind it.
    pub lookups: u32,
    /// Whether it leads to a record that is not in the repository.
    pub leads_out: bool,
}

/// Somebody who may send.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sender {
    /// Everybody.
    Everybody,
    /// The addresses of a network, by its first address and the length of its prefix.
    Network(IpAddr, u32),
    /// Hosts that nobody here can list, by the term that does.
    Hosts(String),
    /// Whomever a record passes that is not in the repository.
    Included(String),
    /// Whatever the file does not tell.
    Unknown,
}

/// What happens to those that nothing matches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// What an `all` says.
    All(Qualifier),
    /// Nothing is said of them, as with `?all`.
    None,
    /// What a record says that is not in the repository.
    Redirected(String),
    /// The file does not tell.
    Unknown,
}

/// Why receivers make nothing of a record: they answer permerror (RFC 7208, section 2.6.7).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Breaks {
    /// There is more than one record.
    Several,
    /// There is an error in its syntax.
    Syntax,
    /// A record that it includes, or that takes its place, is not there for sure, or is no good: its name.
    Behind(String),
}

/// How many look-ups a record may take (RFC 7208, section 4.6.4).
pub const LOOKUPS_MAX: u32 = 10;

impl Spf {
    /// Whether receivers make nothing of it, for whatever reason.
    pub fn is_void(&self) -> bool {
        self.breaks.is_some() || self.lookups > LOOKUPS_MAX
    }

    fn broken(breaks: Breaks) -> Spf {
        Spf {
            senders: BTreeSet::new(),
            ending: Ending::None,
            lookups: 0,
            is_exact: true,
            costs: Vec::new(),
            breaks: Some(breaks),
        }
    }
}

/// Who may send mail of a domain.
pub(super) fn spf<'a>(from: &Node<'a>, name: &Name, trees: &mut Trees<'a>) -> Told<Spf> {
    let node = match from.ask(name, Wanted::Txt) {
        Answer::Found(node) => node,
        Answer::Absent => return Told::Absent,
        Answer::Unknown => return Told::Unknown,
    };
    let selection = Selection::at(&node);
    let record = match selection.records[..] {
        _ if selection.is_doubtful => return Told::Unknown,
        [record] => record,
        [] if selection.is_all => return Told::Absent,
        [] => return Told::Unknown,
        [_, _, ..] => return Told::Is(Spf::broken(Breaks::Several)),
    };
    let Some(txt) = record.txt() else {
        return Told::Unknown;
    };
    let text = slip::meant_text(record, txt);
    let Some(read) = spf::parse(&text, name, false) else {
        return Told::Unknown;
    };
    let tree = trees.of(&Place { record, node }, &read, name);
    Told::Is(Walk::through(&tree))
}

/// A walk through all records that are asked.
struct Walk<'t, 'a> {
    tree: &'t Tree<'t, 'a>,
    found: Spf,
    seen: HashSet<usize>,
    /// The records that are still to be read, and whether what they say of everybody else counts.
    open: Vec<(&'t Branch<'a>, bool)>,
}

impl<'t, 'a> Walk<'t, 'a> {
    fn through(tree: &'t Tree<'t, 'a>) -> Spf {
        let root = tree.branch();
        let cost = |step: &Step<'_>| Cost {
            written: step.written.to_string(),
            lookups: tree.cost(step),
            leads_out: step.target == Target::Unknown,
        };
        let mut walk = Walk {
            tree,
            found: Spf {
                senders: BTreeSet::new(),
                ending: Ending::None,
                lookups: root.lookups,
                is_exact: root.is_exact,
                costs: root.steps.iter().map(cost).collect(),
                breaks: None,
            },
            seen: HashSet::new(),
            open: vec![(root, true)],
        };
        while let Some((branch, is_last)) = walk.open.pop() {
            if walk.seen.insert(std::ptr::from_ref(branch).addr()) {
                walk.read(branch, is_last);
            }
        }
        walk.found
    }

    fn read(&mut self, branch: &'t Branch<'a>, is_last: bool) {
        let is_root = std::ptr::eq(branch, self.tree.branch());
        if branch.is_broken() {
            let why = match is_root {
                true => Breaks::Syntax,
                false => Breaks::Behind(branch.name.to_string()),
            };
            self.found.breaks.get_or_insert(why);
            return;
        }
        let Some(txt) = branch.record.txt() else { return };
        let text = slip::meant_text(branch.record, txt);
        let Some(spf) = spf::parse(&text, &branch.name, false) else {
            return;
        };
        let step = |term: &Term| branch.steps.iter().find(|step| spf.terms.get(step.term) == Some(term));
        let is_unknown = spf.terms.iter().any(|term| term.kind == Kind::Unknown);
        if is_unknown {
            self.found.senders.insert(Sender::Unknown);
        }
        for term in spf.reached() {
            if term.is(Mechanism::All) {
                if is_last {
                    self.found.ending = Ending::All(term.qualifier);
                } else if term.qualifier == Qualifier::Pass {
                    self.found.senders.insert(Sender::Everybody);
                }
                continue;
            }
            if term.qualifier == Qualifier::Pass {
                self.add(&spf, term, step(term));
            }
        }
        if is_last && spf.all().is_none() {
            self.found.ending = match (spf.redirect(), is_unknown) {
                (_, true) => Ending::Unknown,
                (None, false) => Ending::None,
                (Some(redirect), false) => self.redirect(step(redirect)),
            };
        }
        if let (false, None, Some(redirect)) = (is_last, spf.all(), spf.redirect()) {
            self.included(step(redirect));
        }
        if self.found.ending == Ending::All(Qualifier::Pass) {
            self.found.senders.insert(Sender::Everybody);
        }
    }

    /// Adds those that a term passes.
    fn add(&mut self, spf: &spf::Spf<'_>, term: &Term, step: Option<&'t Step<'a>>) {
        if let Some(network) = spf.network(term) {
            self.network(network);
            return;
        }
        let Some(step) = step else { return };
        let mechanism = term.mechanism();
        if mechanism == Some(Mechanism::Include) {
            return self.included(Some(step));
        }
        let are_added = match (mechanism, step.found) {
            (Some(Mechanism::A), Some(node)) => self.addresses(&node, term),
            (Some(Mechanism::Mx), Some(node)) => self.exchangers(&node, term),
            (Some(Mechanism::A | Mechanism::Mx), None) => step.is_void,
            _ => false,
        };
        if !are_added {
            let written = match (mechanism, &step.name) {
                (Some(mechanism), Some(name)) => format!("{}:{name}", mechanism.name()),
                _ => step.written.to_string(),
            };
            self.found.senders.insert(Sender::Hosts(written));
        }
    }

    /// Adds those that another record passes.
    fn included(&mut self, step: Option<&'t Step<'a>>) {
        let Some(step) = step else { return };
        let name = step
            .name
            .as_ref()
            .map_or_else(|| step.written.to_string(), Name::to_string);
        match (step.target, self.tree.behind(step)) {
            (_, Some(branch)) => self.open.push((branch, false)),
            (Target::NoRecord { .. } | Target::Several { .. }, None) => {
                self.found.breaks.get_or_insert(Breaks::Behind(name));
            }
            _ => {
                self.found.senders.insert(Sender::Included(name));
            }
        }
    }

    /// Adds the addresses at a node. Whether that is all.
    fn addresses(&mut self, node: &Node<'_>, term: &Term) -> bool {
        let mut is_all = true;
        for record in node.records() {
            let (address, prefix) = match &record.data {
                Data::A(address) => (IpAddr::from(*address), term.lengths.v4()),
                Data::Aaaa(address) => (IpAddr::from(**address), term.lengths.v6()),
                Data::Unknown | Data::Other(_) => {
                    is_all = false;
                    continue;
                }
                _ => continue,
            };
            match prefix.and_then(|prefix| Network::new(address, prefix)) {
                Some(network) if !record.many => self.network(network),
                _ => is_all = false,
            }
        }
        is_all
    }

    /// Adds the addresses of the mail exchangers at a node. Whether that is all.
    fn exchangers(&mut self, node: &Node<'a>, term: &Term) -> bool {
        let mut is_all = true;
        for record in node.records() {
            let Data::Mx(mx) = &record.data else { continue };
            is_all &= match node.ask(&mx.host.name, Wanted::Address) {
                Answer::Found(host) => !record.many && self.addresses(&host, term),
                Answer::Absent => true,
                Answer::Unknown => false,
            };
        }
        is_all
    }

    fn network(&mut self, network: Network) {
        let network = network.unmapped();
        self.found
            .senders
            .insert(Sender::Network(network.first(), network.prefix));
    }

    /// What takes the place of a record without `all`.
    fn redirect(&mut self, step: Option<&'t Step<'a>>) -> Ending {
        let Some(step) = step else { return Ending::Unknown };
        let name = step
            .name
            .as_ref()
            .map_or_else(|| step.written.to_string(), Name::to_string);
        match (step.target, self.tree.behind(step)) {
            (_, Some(branch)) => {
                self.open.push((branch, true));
                Ending::None
            }
            (Target::NoRecord { .. } | Target::Several { .. }, None) => {
                self.found.breaks.get_or_insert(Breaks::Behind(name));
                Ending::None
            }
            _ => Ending::Redirected(name),
        }
    }
}
