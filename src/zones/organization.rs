//! Organizational domains: by a walk over DMARC records (RFC 9989, section 4.10), then by the public suffix list, as
//! receivers of RFC 7489 have it.

use std::{collections::HashMap, sync::Mutex};

use crate::{
    name::Name,
    policy::tags,
    record::Txt,
    zones::{Answer, Node, Wanted},
};

/// The organizational domain of a domain, and who says so.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Organization {
    /// A DMARC record that says what is a public suffix and what is not.
    Stated(Name),
    /// The DMARC records, all of which are in the repository.
    Walked(Name),
    /// The public suffix list.
    Listed(Name),
    /// Nobody.
    Untold,
}

/// What a DMARC record says of the domain that it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Psd {
    /// It is a public suffix.
    Yes,
    /// It is an organizational domain.
    No,
    /// Neither.
    Unstated,
    /// The file does not tell.
    Unknown,
}

/// What is said of a domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// This.
    Psd(Psd),
    /// Nothing: it has no DMARC record, or more than one.
    Nothing,
    /// Nobody here can say.
    Unknown,
}

/// What was said of domains, seen from the scan with this number.
pub(super) type SaidOf = Mutex<HashMap<(u32, Name), Said>>;

/// How many answers are remembered.
const SAID_MAX: usize = 10_000;

/// How many labels a domain has at most that is asked, but for the first one.
const LABELS_MAX: usize = 7;

impl Node<'_> {
    /// The organizational domain of a domain, seen from here: by the DMARC records in the repository, then by the public
    /// suffix list. The domain itself where neither tells.
    pub fn organization_of(&self, domain: &Name) -> Name {
        match self.organization(domain) {
            Organization::Stated(name) | Organization::Walked(name) | Organization::Listed(name) => name,
            Organization::Untold => domain.clone(),
        }
    }

    /// Whether two domains have the same organizational domain, seen from here. `None` if nobody can say: receivers that walk
    /// over DMARC records and those that look at a list differ, or neither knows.
    pub fn are_of_one_organization(&self, a: &Name, b: &Name) -> Option<bool> {
        if !a.is_known() || !b.is_known() {
            return None;
        }
        if a == b {
            return Some(true);
        }
        if (a.is_in_unnamed() || b.is_in_unnamed()) && !a.is_within(b) && !b.is_within(a) {
            return None;
        }
        let (of_a, of_b) = (self.organization(a), self.organization(b));
        let same = match (&of_a, &of_b) {
            (Organization::Untold, _) | (_, Organization::Untold) => None,
            (
                Organization::Stated(a) | Organization::Walked(a) | Organization::Listed(a),
                Organization::Stated(b) | Organization::Walked(b) | Organization::Listed(b),
            ) => Some(a == b),
        };
        let is_stated = |of: &Organization| matches!(of, Organization::Stated(_));
        let suffixes = self.zones.suffixes();
        let listed = match (suffixes.registered(a), suffixes.registered(b)) {
            (Some(a), Some(b)) => Some(a == b),
            _ => None,
        };
        let is_below = a.is_within(b) || b.is_within(a);
        match (same, listed) {
            (Some(same), _) if is_stated(&of_a) || is_stated(&of_b) => Some(same),
            (Some(same), Some(listed)) => (same == listed).then_some(same),
            (Some(true), None) => Some(true),
            (None, Some(listed)) => Some(listed),
            // Without a list, a name below another is taken for one of the same organization.
            (_, None) if is_below => Some(true),
            (_, None) if top_two(a) == top_two(b) => None,
            (_, None) => Some(false),
        }
    }

    /// What the DMARC record of a domain says.
    fn said_of(&self, domain: &Name) -> Said {
        match self.ask(&domain.below("_dmarc"), Wanted::Txt) {
            Answer::Found(node) => psd(&node).map_or(Said::Nothing, Said::Psd),
            Answer::Absent => Said::Nothing,
            Answer::Unknown => Said::Unknown,
        }
    }

    /// The same of a domain that others lie below, and that is asked for each of them.
    fn said_above(&self, domain: &Name) -> Said {
        let key = (self.number, domain.clone());
        let known = self.zones.said.lock().ok().and_then(|said| said.get(&key).copied());
        if let Some(known) = known {
            return known;
        }
        let answer = self.said_of(domain);
        if let Ok(mut said) = self.zones.said.lock() {
            if said.len() >= SAID_MAX {
                said.clear();
            }
            said.insert(key, answer);
        }
        answer
    }

    fn organization(&self, domain: &Name) -> Organization {
        let registered = self.zones.suffixes().registered(domain);
        if self.zones.only.is_some_and(|only| !domain.is_within(&only.skip(1))) {
            return registered.map_or(Organization::Untold, Organization::Listed);
        }
        let count = domain.label_count();
        let mut shortest = None;
        let mut is_certain = true;
        let start = std::iter::once(count);
        for labels in start.chain((1..count.min(LABELS_MAX + 1)).rev()) {
            let above = domain.skip(count - labels);
            let said = if labels < count {
                self.said_above(&above)
            } else {
                self.said_of(&above)
            };
            let psd = match said {
                Said::Psd(psd) => Some(psd),
                Said::Nothing => None,
                // A public suffix that is not in the repository has no DMARC record that matters, or says that it is one.
                Said::Unknown if registered.as_ref().is_some_and(|name| name.label_count() > labels) => None,
                Said::Unknown => {
                    is_certain = false;
                    None
                }
            };
            match psd {
                None => continue,
                Some(Psd::No) => return Organization::Stated(above),
                Some(Psd::Yes) if labels < count => return Organization::Stated(domain.skip(count - labels - 1)),
                Some(Psd::Yes) => return Organization::Stated(above),
                Some(Psd::Unstated) => {}
                Some(Psd::Unknown) => is_certain = false,
            }
            shortest = Some(above);
        }
        match (shortest, registered) {
            (Some(name), _) if is_certain => Organization::Walked(name),
            (Some(name), Some(registered)) if registered.is_within(&name) => Organization::Walked(name),
            (_, Some(registered)) => Organization::Listed(registered),
            (Some(name), None) => Organization::Walked(name),
            (None, None) => Organization::Untold,
        }
    }
}

/// The last two labels of a name.
fn top_two(name: &Name) -> Name {
    name.skip(name.label_count().saturating_sub(2))
}

/// What the DMARC record at a name says of its domain; `None` if there is none, or more than one.
fn psd(node: &Node<'_>) -> Option<Psd> {
    let texts = node.records().filter_map(|record| record.txt());
    let mut all = texts.filter_map(of_text);
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// The same of a text; `None` if that is no DMARC record.
fn of_text(txt: &Txt) -> Option<Psd> {
    let text = &txt.text;
    let tags = tags::read(text, 0..text.len());
    let version = tags.first()?;
    if !version.is_known {
        return Some(Psd::Unknown);
    }
    if !version.is(text, "v") || text.get(version.value.clone()) != b"DMARC1" {
        return None;
    }
    let psd = tags.iter().find(|tag| tag.is(text, "psd"));
    Some(match psd {
        Some(psd) if psd.is_known => match text.get(psd.value.clone()) {
            b"y" | b"Y" => Psd::Yes,
            b"n" | b"N" => Psd::No,
            _ => Psd::Unstated,
        },
        _ if text.is_complete() => Psd::Unstated,
        _ => Psd::Unknown,
    })
}
