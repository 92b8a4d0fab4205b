//! Records that were meant to be policies and stand where nobody looks for them.
//!
//! A rule of its own tells each of them, so that no other says that the very policy is missing.

use std::collections::BTreeSet;

use crate::{
    name::Name,
    policy::{
        dmarc::{self, owner::Role},
        kind::{self, Kind},
        mta_sts,
        near_miss::{NearMiss, ToldBy, near_miss},
        tags, tls_rpt,
        version::{self, Version},
    },
    record::{Data, Record},
    text::Text,
    zones::{Node, Wanted, Zones},
};

/// A record that was meant to be a policy, at a name where nobody looks for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stray {
    /// What it was meant to be.
    pub kind: Kind,
    /// What tells.
    pub told: Told,
}

/// What tells that a record strayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// Its text.
    Text,
    /// Its name, whatever the text.
    Owner(NearMiss),
    /// What rules about that kind of policy alone look at.
    Family,
}

impl Node<'_> {
    /// What a record here was meant to be, if nobody looks for that here and no CNAME of the repository leads here from where
    /// somebody does. `owner` and `text` are those of the record as they were meant.
    pub fn stray(&self, record: &Record, owner: &Name, text: Option<&Text>) -> Option<Stray> {
        let is_alias = matches!(record.data, Data::Cname(_));
        if record.txt().is_none_or(|txt| txt.type99) && !is_alias {
            return None;
        }
        let written = text.and_then(written_kind);
        let found = match (text, written) {
            (Some(text), Some(kind)) if kind != Kind::Spf => at_other_name(kind, owner, text),
            _ => None,
        };
        let found = found.or_else(|| {
            // An SPF record is looked up at any name, and what is plainly another policy is no slip of this one.
            let miss = near_miss(owner).filter(|miss| written.is_none_or(|written| written == miss.kind))?;
            self.is_slip(record, &miss, owner, text).then(|| Stray {
                kind: miss.kind,
                told: if is_told_by_family(&miss, owner, text) {
                    Told::Family
                } else {
                    Told::Owner(miss)
                },
            })
        })?;
        (!self.is_led_to(found.kind, owner)).then_some(found)
    }

    /// Whether a CNAME of the repository leads to a name from one where policies of this kind are looked up.
    fn is_led_to(&self, kind: Kind, name: &Name) -> bool {
        let zones = self.zones();
        let is_right = |alias: &Record| kind::of_owner(&alias.owner) == Some(kind);
        zones.has_service_aliases() && zones.aliases_of(name).any(is_right)
    }

    /// Whether a record at a name that is like another was meant to be at the other.
    fn is_slip(&self, record: &Record, miss: &NearMiss, owner: &Name, text: Option<&Text>) -> bool {
        let is_there = self.zone().is_none_or(|zone| zone.origin == miss.domain) || {
            let mut records = self.scan.at(&miss.domain);
            records.next().is_some()
        };
        is_there
            && match miss.told_by {
                ToldBy::Name => true,
                ToldBy::Content => match (&record.data, text) {
                    (Data::Cname(target), _) => is_like(miss.kind, &target.name),
                    (_, Some(text)) => is_attempt(miss.kind, text),
                    _ => false,
                },
                ToldBy::Domain if miss.kind == Kind::Dmarc => {
                    let is_absent = |name: &Name| self.ask(name, Wanted::Any).is_absent();
                    is_absent(&owner.skip(1)) && is_absent(&miss.right)
                }
                ToldBy::Domain => self.ask(&owner.skip(1), Wanted::Mx).is_absent(),
            }
    }
}

/// The kind of policy that a text begins like, as far as it is known.
fn written_kind(text: &Text) -> Option<Kind> {
    let known = text.holes().first().map_or(text.len(), |hole| hole.at as usize);
    kind::of_value(text.get(0..known))
}

/// A policy at a name where none of its kind is looked up. One where another kind is looked up is told by the rules about that
/// kind.
fn at_other_name(kind: Kind, owner: &Name, text: &Text) -> Option<Stray> {
    let stray = |told| Some(Stray { kind, told });
    if kind == Kind::Dmarc {
        let role = dmarc::parse(text, owner)?.role;
        return stray(Told::Family).filter(|_| matches!(role, Role::Elsewhere | Role::Unasked));
    }
    match kind::of_owner(owner) {
        Some(looked_up) if looked_up == kind => None,
        Some(_) => stray(Told::Family),
        // It may answer for the right name.
        None if owner.is_wildcard() && !owner.may_hold(b'_') => None,
        None if kind == Kind::Dkim || kind == Kind::Bimi && owner.starts_with("_bimi") => stray(Told::Family),
        None => stray(Told::Text),
    }
}

/// Whether rules about the kind of policy tell the slip.
fn is_told_by_family(miss: &NearMiss, owner: &Name, text: Option<&Text>) -> bool {
    let Some(text) = text.filter(|text| text.holes().first().is_none_or(|hole| hole.at > 0)) else {
        return false;
    };
    let is_right_but_for_the_domain = kind::of_owner(owner) == Some(miss.kind) && miss.told_by == ToldBy::Name;
    match miss.kind {
        Kind::Dmarc => dmarc::parse(text, owner).is_some_and(|dmarc| {
            dmarc.role == Role::Elsewhere || is_right_but_for_the_domain && !owner.labels().flatten().any(is_key)
        }),
        Kind::Dkim => {
            is_right_but_for_the_domain || tags::read(text, 0..text.len()).iter().any(|tag| tag.is(text, "p"))
        }
        Kind::Bimi => owner.starts_with("_bimi"),
        _ => false,
    }
}

fn is_key(label: &[u8]) -> bool {
    label.eq_ignore_ascii_case(b"_domainkey")
}

/// Whether a name is one to which those lead at which a policy is looked up.
fn is_like(kind: Kind, target: &Name) -> bool {
    let wanted: &[&str] = match kind {
        Kind::Spf => &[],
        Kind::Dkim => &["_domainkey"],
        Kind::Dmarc => &["_dmarc"],
        Kind::MtaSts => &["_mta-sts"],
        Kind::TlsRpt => &["_tls", "_tlsrpt", "_tls-rpt"],
        Kind::Bimi => &["_bimi"],
    };
    let mut labels = target.labels().flatten();
    labels.any(|label| {
        wanted
            .iter()
            .any(|wanted| label.eq_ignore_ascii_case(wanted.as_bytes()))
    })
}

/// Whether a text is a policy of this kind, or an attempt at one.
fn is_attempt(kind: Kind, text: &Text) -> bool {
    let dialect = match kind {
        Kind::MtaSts => &mta_sts::DIALECT,
        Kind::TlsRpt => &tls_rpt::DIALECT,
        _ => return written_kind(text) == Some(kind),
    };
    matches!(version::read(text, dialect).0, Version::Right(_) | Version::Wrong(_))
}

/// For each record that strayed, its kind and the keys of its name and those above.
#[derive(Debug)]
pub(super) struct Strays(BTreeSet<(Kind, u64)>);

impl Strays {
    fn new(zones: &Zones<'_>) -> Strays {
        let mut strays = BTreeSet::new();
        let mut keys = Vec::new();
        for node in zones.nodes() {
            for record in node.records() {
                let text = record.txt().map(|txt| &txt.text);
                if let Some(stray) = node.stray(record, &record.owner, text) {
                    record.owner.keys(&mut keys);
                    strays.extend(keys.iter().map(|key| (stray.kind, *key)));
                    strays.extend(near_miss(&record.owner).map(|miss| (stray.kind, miss.domain.key())));
                }
            }
        }
        Strays(strays)
    }
}

impl Zones<'_> {
    /// Whether a record that was meant to be a policy of this kind strayed, at or below a domain.
    pub fn has_stray(&self, kind: Kind, domain: &Name) -> bool {
        let strays = self.strays.get_or_init(|| Strays::new(self));
        strays.0.contains(&(kind, domain.key()))
    }
}
