//! What changes in what receivers do with mail that fails, and in reports about it.

use std::collections::BTreeSet;

use crate::{
    effect::{About, Change, Changes, Danger, Effect, code, listed, not_told},
    effective::Level,
    mail_domain::{Dmarc, MailDomain, Told},
    name::Name,
    policy::dmarc::value::Policy,
};

/// Domains that have the policy of one above them: a change of it is told there, once.
#[derive(Default)]
pub(super) struct Inherited(Vec<Heir>);

struct Heir {
    name: Name,
    from: Name,
    change: [Option<Level>; 2],
    told: Change,
}

/// For the domain, its subdomains, and names that do not exist.
const WHOSE: [&str; 3] = ["", " for its subdomains", " for names below it that do not exist"];

/// A level in a word.
pub(super) fn word(level: Level) -> &'static str {
    match level {
        Level::Nothing => "no DMARC",
        Level::Policy(policy) => policy.word(),
    }
}

/// Compares the policies.
pub(super) fn compare(before: &MailDomain<'_>, now: &MailDomain<'_>, changes: &mut Changes, inherited: &mut Inherited) {
    let heir = heir(before, now);
    let mut own = Changes::default();
    levels(&before.dmarc, &now.dmarc, heir.is_some(), &mut own);
    match heir {
        Some(from) => inherited.0.extend(own.0.into_iter().map(|told| Heir {
            name: now.name.clone(),
            from: from.clone(),
            change: [before.dmarc.by_walk[0], now.dmarc.by_walk[0]],
            told,
        })),
        None => {
            changes.0.append(&mut own.0);
            share(&before.dmarc, &now.dmarc, changes);
            alignment(before.dmarc.is_strict, now.dmarc.is_strict, changes);
            reports(&before.dmarc.reports, &now.dmarc.reports, "aggregate reports", changes);
            reports(
                &before.dmarc.failure_reports,
                &now.dmarc.failure_reports,
                "failure reports",
                changes,
            );
        }
    }
}

/// The domain above whose record counts for this one, in both trees.
fn heir(before: &MailDomain<'_>, now: &MailDomain<'_>) -> Option<Name> {
    let inherits = |domain: &MailDomain<'_>| match domain.effective.by_walk.itself.found() {
        Some(found) => Some(found.domain.clone()).filter(|from| *from != domain.name),
        None => None,
    };
    let has_own = |domain: &MailDomain<'_>| {
        let found = domain.effective.by_walk.itself.found();
        found.is_some_and(|found| found.domain == domain.name)
    };
    match (inherits(before), inherits(now)) {
        _ if has_own(before) || has_own(now) => None,
        (Some(was), Some(is)) => Some(is).filter(|is| *is == was),
        (one, other) => one.or(other),
    }
}

/// Compares what is done with mail.
fn levels(before: &Dmarc, now: &Dmarc, is_heir: bool, changes: &mut Changes) {
    let walk: Vec<_> = before.by_walk.into_iter().zip(now.by_walk).collect();
    let list: Vec<_> = before.by_list.into_iter().zip(now.by_list).collect();
    let is_one = |all: &[(Option<Level>, Option<Level>)]| all.iter().all(|pair| *pair == all[0]);
    let rows = match is_one(&walk) && is_one(&list) || is_heir {
        true => 1,
        false => WHOSE.len(),
    };
    for row in 0..rows {
        let whose = WHOSE[row];
        if walk[row] == list[row] {
            level(walk[row], whose, "", changes);
        } else {
            level(walk[row], whose, " (RFC 9989)", changes);
            level(list[row], whose, " (RFC 7489)", changes);
        }
    }
}

fn level(pair: (Option<Level>, Option<Level>), whose: &str, by: &str, changes: &mut Changes) {
    match pair {
        (was, is) if was == is => {}
        (Some(was), Some(is)) => {
            let danger = if is < was { Danger::Danger } else { Danger::Caution };
            let words = format!("{} becomes {}{whose}{by}", word(was), word(is));
            changes.add(danger, About::Dmarc, words);
        }
        (_, is) => not_told(About::Dmarc, &format!("the policy{whose}{by}"), is.is_some(), changes),
    }
}

fn share(before: &Dmarc, now: &Dmarc, changes: &mut Changes) {
    let is_known = before.by_list[0].is_some() && now.by_list[0].is_some();
    let (was, is) = (before.percent.unwrap_or(100), now.percent.unwrap_or(100));
    let is_enforced = |level: Option<Level>| level > Some(Level::Policy(Policy::None));
    if was != is && is_known && is_enforced(now.by_list[0]) {
        let danger = if is < was { Danger::Danger } else { Danger::Caution };
        let words = format!("receivers by RFC 7489 act on {is} % of the mail that fails, and not on {was} %");
        changes.add(danger, About::Dmarc, words);
    }
}

fn alignment(before: Option<[bool; 2]>, now: Option<[bool; 2]>, changes: &mut Changes) {
    let (Some(before), Some(now)) = (before, now) else {
        return;
    };
    for (index, who) in ["DKIM signatures", "SPF"].into_iter().enumerate() {
        match (before[index], now[index]) {
            (false, true) => {
                let words = format!(
                    "{who} must be for the very domain now: those for other domains of the organization do not count"
                );
                changes.add(Danger::Caution, About::Dmarc, words);
            }
            (true, false) => {
                let words = format!("{who} may be for any domain of the organization now");
                changes.add(Danger::Caution, About::Dmarc, words);
            }
            _ => {}
        }
    }
}

/// Compares where reports go.
fn reports(before: &Told<BTreeSet<String>>, now: &Told<BTreeSet<String>>, what: &str, changes: &mut Changes) {
    addresses(About::Dmarc, what, before, now, changes);
}

/// Compares the addresses that reports go to.
pub(super) fn addresses(
    about: About,
    what: &str,
    before: &Told<BTreeSet<String>>,
    now: &Told<BTreeSet<String>>,
    changes: &mut Changes,
) {
    let none = BTreeSet::new();
    let (was, is) = match (before, now) {
        (Told::Unknown, Told::Unknown) => return,
        (Told::Unknown, _) | (_, Told::Unknown) => {
            let is_told_now = !now.is_unknown();
            return not_told(about, &format!("where {what} go"), is_told_now, changes);
        }
        (was, is) => (was.is().unwrap_or(&none), is.is().unwrap_or(&none)),
    };
    let added = is.difference(was).map(|address| code(address));
    let gone = was.difference(is).map(|address| code(address));
    let (added, gone) = (listed(added), listed(gone));
    if !added.is_empty() {
        changes.add(Danger::Note, about, format!("{what} go to {added} now"));
    }
    if !gone.is_empty() {
        changes.add(Danger::Caution, about, format!("{what} do not go to {gone} any more"));
    }
}

impl Inherited {
    /// Tells of domains that have the policy of another: at that one, if its change is the same; else at themselves.
    pub(super) fn tell(self, effects: &mut [Effect]) {
        let mut told: Vec<(usize, String)> = Vec::new();
        for heir in self.0 {
            let from = effects.binary_search_by(|effect| effect.name.cmp(&heir.from)).ok();
            let words = |suffix: &str| format!("{}{suffix}", heir.told.words);
            let change = heir.change;
            let is_told = |effect: &Effect| {
                let is_same = |change: &Change| {
                    change.about == About::Dmarc && (change.words == words("") || change.words == words(WHOSE[1]))
                };
                effect.changes.iter().any(is_same) && change[0] != change[1]
            };
            match from.filter(|at| is_told(&effects[*at])) {
                Some(at) => told.push((at, heir.name.to_string())),
                None => {
                    if let Ok(at) = effects.binary_search_by(|effect| effect.name.cmp(&heir.name)) {
                        effects[at].changes.push(heir.told);
                    }
                }
            }
        }
        told.sort();
        told.dedup();
        for group in told.chunk_by(|a, b| a.0 == b.0) {
            let names = listed(group.iter().map(|(_, name)| code(&name.to_ascii_lowercase())));
            let is_level = |change: &&mut Change| change.about == About::Dmarc && change.words.contains(" becomes ");
            let changes = &mut effects[group[0].0].changes;
            let at = changes.iter().position(|change| change.words.contains(WHOSE[1]));
            let change = match at {
                Some(at) => changes.get_mut(at),
                None => changes.iter_mut().find(is_level),
            };
            if let Some(change) = change {
                change.words.push_str(&format!(", among them {names}"));
            }
        }
    }
}
