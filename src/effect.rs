//! What a change does to mail: the facts about each mail domain in two trees, compared by what they mean, in words.
//!
//! What was re-written and means the same has no effect. What one of the trees does not tell is said to be unknown, and is no
//! change.

mod keys;
mod networks;
mod pairs;
mod policies;
mod senders;
mod transport;

use std::collections::{BTreeMap, HashSet};

use crate::{
    mail_domain::{MailDomain, Told, is_service},
    name::Name,
    source::Sources,
    zones::Zones,
};

/// One of two trees.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    /// Its records.
    pub zones: &'a Zones<'a>,
    /// Its files.
    pub sources: &'a Sources,
}

/// What a change does to the mail of a domain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Effect {
    /// The domain.
    pub name: Name,
    /// The file that it is seen from, where several files tell of it, each for itself.
    pub seen_from: Option<String>,
    /// The changes, the most dangerous first; at least one.
    pub changes: Vec<Change>,
}

/// A change in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// How dangerous it is.
    pub danger: Danger,
    /// What it is about.
    pub about: About,
    /// What changes, with values from files in backticks, without a full stop.
    pub words: String,
}

/// How much a reviewer has to look at a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Danger {
    /// Mail may be lost, or somebody gets by who did not before.
    Danger,
    /// Mail is treated otherwise; that may be what is wanted.
    Caution,
    /// Worth knowing.
    Note,
}

/// What a change is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum About {
    /// The domain as a whole.
    Domain,
    /// DMARC.
    Dmarc,
    /// SPF.
    Spf,
    /// DKIM.
    Dkim,
    /// MX records.
    Mx,
    /// MTA-STS.
    MtaSts,
    /// TLS-RPT.
    TlsRpt,
    /// BIMI.
    Bimi,
}

impl Danger {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Danger::Danger => "danger",
            Danger::Caution => "caution",
            Danger::Note => "note",
        }
    }
}

impl About {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            About::Domain => "domain",
            About::Dmarc => "DMARC",
            About::Spf => "SPF",
            About::Dkim => "DKIM",
            About::Mx => "MX",
            About::MtaSts => "MTA-STS",
            About::TlsRpt => "TLS-RPT",
            About::Bimi => "BIMI",
        }
    }
}

/// The changes of one domain, to be filled.
#[derive(Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, danger: Danger, about: About, words: impl Into<String>) {
        self.0.push(Change {
            danger,
            about,
            words: words.into(),
        });
    }
}

/// What a change does to mail, the most dangerous domain first; empty if nothing changes. `renamed` gives the paths of today for
/// those of before.
pub fn of(before: &Tree<'_>, now: &Tree<'_>, renamed: &BTreeMap<String, String>) -> Vec<Effect> {
    let pairs = pairs::all(before, now, renamed);
    let mut inherited = policies::Inherited::default();
    let mut effects: Vec<Effect> = Vec::new();
    for pair in &pairs {
        let mut changes = Changes::default();
        match (&pair.before, &pair.now) {
            (Some(before), Some(now)) => compare(before, now, &mut changes, &mut inherited),
            (None, Some(now)) => {
                let words = format!("new here: {}", summary(now));
                changes.add(Danger::Note, About::Domain, words);
            }
            (Some(_), None) => changes.add(
                Danger::Caution,
                About::Domain,
                "not in the repository any more: what becomes of its mail cannot be told",
            ),
            (None, None) => {}
        }
        effects.push(Effect {
            name: pair.name.clone(),
            seen_from: pair.seen_from.clone(),
            changes: changes.0,
        });
    }
    inherited.tell(&mut effects);
    for effect in &mut effects {
        effect.changes.sort_by_key(|change| (change.danger, change.about));
    }
    effects.retain(|effect| !effect.changes.is_empty());
    say_once(&mut effects);
    effects.sort_by_key(|effect| effect.changes.first().map(|first| first.danger));
    effects
}

/// Leaves out what changes in records that others include, where it is told of one that does.
fn say_once(effects: &mut Vec<Effect>) {
    let is_service = |effect: &Effect| is_service(&effect.name);
    let told: HashSet<String> = (effects.iter())
        .filter(|effect| !is_service(effect))
        .flat_map(|effect| &effect.changes)
        .filter(|change| change.about == About::Spf)
        .map(|change| change.words.clone())
        .collect();
    effects.retain(|effect| !is_service(effect) || !effect.changes.iter().all(|change| told.contains(&change.words)));
}

fn compare(before: &MailDomain<'_>, now: &MailDomain<'_>, changes: &mut Changes, inherited: &mut policies::Inherited) {
    senders::compare(&before.spf, &now.spf, changes);
    if now.is_service() {
        return;
    }
    policies::compare(before, now, changes, inherited);
    keys::compare(&before.keys, &now.keys, changes);
    transport::compare(before, now, changes);
    keys::brands(&before.bimi, &now.bimi, changes);
}

/// What there is of a domain that is new.
fn summary(domain: &MailDomain<'_>) -> String {
    let policy = match domain.dmarc.by_walk[0] {
        Some(level) => policies::word(level).to_string(),
        None => "DMARC not told here".to_string(),
    };
    let policy = match policy.contains("DMARC") {
        true => policy,
        false => format!("DMARC {policy}"),
    };
    let spf = match &domain.spf {
        Told::Is(spf) if spf.is_void() => "an SPF record that receivers make nothing of",
        Told::Is(_) => "SPF",
        Told::Absent => "no SPF record",
        Told::Unknown => "SPF not told here",
    };
    let mx = match &domain.mx {
        Told::Is(mx) if mx.is_null() => "takes no mail (null MX)",
        Told::Is(_) => "takes mail",
        Told::Absent => "no MX record",
        Told::Unknown => "MX not told here",
    };
    format!("{policy}, {spf}, {mx}")
}

/// Says that one of two trees does not tell something. `what` begins the sentence.
fn not_told(about: About, what: &str, is_told_now: bool, changes: &mut Changes) {
    match is_told_now {
        true => changes.add(
            Danger::Note,
            about,
            format!("{what} is told here now; what it was before is unknown"),
        ),
        false => changes.add(
            Danger::Caution,
            about,
            format!("{what} is not told here any more: unknown"),
        ),
    }
}

/// Values in a row, not too many.
fn listed(values: impl IntoIterator<Item = String>) -> String {
    /// How many are shown.
    const SHOWN: usize = 6;
    let values: Vec<String> = values.into_iter().collect();
    let mut shown = values[..values.len().min(SHOWN)].join(", ");
    if values.len() > SHOWN {
        shown.push_str(&format!(" and {} more", values.len() - SHOWN));
    }
    shown
}

/// A value in backticks.
fn code(value: &str) -> String {
    crate::shown::shown(value.as_bytes())
}
