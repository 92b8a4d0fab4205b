//! Which facts of one tree belong to which of the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    effect::Tree,
    mail_domain::{self, Gathering, MailDomain},
    name::Name,
};

/// A domain in both trees, or in one of them.
pub(super) struct Pair<'b, 'n> {
    pub(super) name: Name,
    /// The file that it is seen from, where there are several.
    pub(super) seen_from: Option<String>,
    pub(super) before: Option<MailDomain<'b>>,
    pub(super) now: Option<MailDomain<'n>>,
}

/// All mail domains of two trees, in the order of their names. A name that has records for mail in one tree alone is looked at
/// in the other, too, where that has its zone.
pub(super) fn all<'b, 'n>(before: &Tree<'b>, now: &Tree<'n>, renamed: &BTreeMap<String, String>) -> Vec<Pair<'b, 'n>> {
    let mut earlier = by_name(before);
    let mut later = by_name(now);
    let (mut gather_earlier, mut gather_later) = (
        Gathering::new(before.zones, before.sources),
        Gathering::new(now.zones, now.sources),
    );
    let names: BTreeSet<Name> = earlier.keys().chain(later.keys()).cloned().collect();
    let mut pairs = Vec::new();
    for name in names {
        let was = earlier.remove(&name).unwrap_or_else(|| gather_earlier.bare(&name));
        let mut is = later.remove(&name).unwrap_or_else(|| gather_later.bare(&name));
        let is_alone = was.len() <= 1 && is.len() <= 1;
        let path = |domain: &MailDomain<'_>, tree: &Tree<'_>| tree.sources.get(domain.from.scan.source).path.clone();
        let mut rest = Vec::new();
        for was in was {
            let old = path(&was, before);
            let today = renamed.get(&old).unwrap_or(&old);
            let same = is.iter().position(|is| is_alone || path(is, now) == *today);
            match same {
                Some(at) => {
                    let is = is.remove(at);
                    let seen_from = Some(path(&is, now)).filter(|_| !is_alone);
                    pairs.push(Pair {
                        name: name.clone(),
                        seen_from,
                        before: Some(was),
                        now: Some(is),
                    });
                }
                None => rest.push(was),
            }
        }
        // What was moved is paired in order.
        let mut is = is.into_iter();
        let mut rest = rest.into_iter();
        loop {
            let (was, is) = (rest.next(), is.next());
            let seen_from = match (&was, &is) {
                (None, None) => break,
                (_, Some(is)) => path(is, now),
                (Some(was), None) => path(was, before),
            };
            pairs.push(Pair {
                name: name.clone(),
                seen_from: Some(seen_from).filter(|_| !is_alone),
                before: was,
                now: is,
            });
        }
    }
    pairs
}

fn by_name<'a>(tree: &Tree<'a>) -> BTreeMap<Name, Vec<MailDomain<'a>>> {
    let mut all: BTreeMap<Name, Vec<MailDomain<'a>>> = BTreeMap::new();
    for domain in mail_domain::all(tree.zones, tree.sources) {
        // A zone without records for mail is worth a word only where its mail changes.
        all.entry(domain.name.clone()).or_default().push(domain);
    }
    all
}
