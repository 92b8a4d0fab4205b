//! Which mail domains there are, and which source tells of each.

use std::collections::BTreeMap;

use crate::{
    name::Name,
    policy::{
        dmarc::owner::{self, Role},
        spf,
    },
    zones::{Holds, Node, Zones},
};

/// A mail domain, seen from one source, or from several that lie side by side.
#[derive(Debug)]
pub struct Home<'a> {
    /// The domain.
    pub name: Name,
    /// A node to ask from.
    pub from: Node<'a>,
    /// Whether the domain is the apex of a zone.
    pub is_apex: bool,
    /// The names of its DKIM keys, each with its selector.
    pub keys: Vec<(String, Node<'a>)>,
    /// The names of its BIMI records, each with its selector.
    pub bimi: Vec<(String, Node<'a>)>,
    view: u32,
    /// The number of the scan, if it holds the zone itself.
    zone: Option<u32>,
}

/// What a name is for.
enum Use {
    Mail,
    Key(String),
    Bimi(String),
}

impl<'a> Home<'a> {
    /// A domain of which there is nothing but a place to ask from.
    pub(super) fn bare(name: &Name, from: Node<'a>) -> Home<'a> {
        Home {
            name: name.clone(),
            is_apex: false,
            keys: Vec::new(),
            bimi: Vec::new(),
            view: from.view(),
            zone: zone(&from, name),
            from,
        }
    }
}

/// All mail domains, in the order of their names.
pub(super) fn all<'a>(zones: &'a Zones<'a>) -> Vec<Home<'a>> {
    let mut homes: BTreeMap<Name, Vec<Home<'a>>> = BTreeMap::new();
    for node in zones.nodes() {
        for (name, what) in uses(&node) {
            let same = homes.entry(name.clone()).or_default();
            let bare = Home::bare(&name, node);
            let known = same.iter().position(|home| is_same(home, &bare));
            let at = known.unwrap_or(same.len());
            if known.is_none() {
                same.push(bare);
            }
            let home = &mut same[at];
            home.is_apex |= node.is_apex();
            // The source that holds the zone knows best.
            if home.zone.is_none() {
                home.zone = zone(&node, &name);
                if home.zone.is_some() {
                    home.from = node;
                }
            }
            match what {
                Use::Mail => {}
                Use::Key(selector) => home.keys.push((selector, node)),
                Use::Bimi(selector) => home.bimi.push((selector, node)),
            }
        }
    }
    homes.into_values().flatten().collect()
}

/// Whether two sources tell of a domain together: they lie side by side, and do not both hold its zone.
fn is_same(a: &Home<'_>, b: &Home<'_>) -> bool {
    a.view == b.view && (a.zone.is_none() || b.zone.is_none() || a.zone == b.zone)
}

/// The number of the scan of a node, if it holds the zone that a domain lies in.
fn zone(node: &Node<'_>, name: &Name) -> Option<u32> {
    node.scan.zone_of(name).filter(|zone| zone.has_soa)?;
    Some(node.scan_number())
}

/// The domains that the records at a name are for.
fn uses(node: &Node<'_>) -> Vec<(Name, Use)> {
    let name = node.name();
    let mut uses = Vec::new();
    if !name.is_known() || name.is_wildcard() {
        return uses;
    }
    let holds = node.holds();
    let labels: Vec<&[u8]> = match name.may_hold(b'_') {
        true => name.labels().flatten().collect(),
        false => Vec::new(),
    };
    let is = |at: usize, word: &str| {
        labels
            .get(at)
            .is_some_and(|label| label.eq_ignore_ascii_case(word.as_bytes()))
    };
    let position = |word: &str| (0..labels.len()).find(|at| is(*at, word));
    let has_text = holds.has(Holds::TXT) || holds.has(Holds::CNAME);
    let selector = |end: usize| {
        let words: Vec<String> = labels[..end]
            .iter()
            .map(|label| String::from_utf8_lossy(label).to_ascii_lowercase())
            .collect();
        words.join(".")
    };
    if let Some(at) = position("_domainkey").filter(|at| *at > 0) {
        if has_text {
            uses.push((name.skip(at + 1), Use::Key(selector(at))));
        }
    } else if let Some(at) = position("_bimi").filter(|at| *at > 0) {
        if has_text {
            uses.push((name.skip(at + 1), Use::Bimi(selector(at))));
        }
    } else if is(0, "_mta-sts") || owner::role(name) == Some(Role::Policy) {
        if has_text {
            uses.push((name.skip(1), Use::Mail));
        }
    } else if is(0, "_smtp") && is(1, "_tls") {
        if has_text {
            uses.push((name.skip(2), Use::Mail));
        }
    } else if node.is_apex() || holds.has(Holds::MX) || holds.has(Holds::TXT) && has_spf(node) {
        uses.push((name.clone(), Use::Mail));
    }
    uses
}

/// Whether there is a record that may be SPF.
fn has_spf(node: &Node<'_>) -> bool {
    let mut texts = node.records().filter_map(|record| record.txt());
    texts.any(|txt| !txt.type99 && spf::may_be(txt.text.bytes()) && spf::version::is_selected(txt.text.bytes()))
}
