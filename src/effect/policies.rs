//! What changes in what receivers do with mail that fails, and in reports about it.

use std::collections::{BTreeMap, BTreeSet};

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
    told: Change,
    /// How the same is told of the subdomains of the other domain.
    of_all: String,
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
    let Some(from) = heir(before, now) else {
        levels(&before.dmarc, &now.dmarc, &WHOSE, changes);
        share(&before.dmarc, &now.dmarc, changes);
        alignment(before.dmarc.is_strict, now.dmarc.is_strict, changes);
        let (was, is) = (&before.dmarc, &now.dmarc);
        addresses(About::Dmarc, "aggregate reports", &was.reports, &is.reports, changes);
        let (was, is) = (&was.failure_reports, &is.failure_reports);
        return addresses(About::Dmarc, "failure reports", was, is, changes);
    };
    let (mut own, mut of_all) = (Changes::default(), Changes::default());
    levels(&before.dmarc, &now.dmarc, &WHOSE[..1], &mut own);
    levels(&before.dmarc, &now.dmarc, &WHOSE[1..2], &mut of_all);
    let told = own.0.into_iter().zip(of_all.0);
    inherited.0.extend(told.map(|(told, of_all)| Heir {
        name: now.name.clone(),
        from: from.clone(),
        told,
        of_all: of_all.words,
    }));
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

/// Compares what is done with mail; `whose` are those that it is told of, one alone if all are treated alike.
fn levels(before: &Dmarc, now: &Dmarc, whose: &[&str], changes: &mut Changes) {
    let walk: Vec<_> = before.by_walk.into_iter().zip(now.by_walk).collect();
    let list: Vec<_> = before.by_list.into_iter().zip(now.by_list).collect();
    let is_one = |all: &[(Option<Level>, Option<Level>)]| all.iter().all(|pair| *pair == all[0]);
    let rows = match is_one(&walk) && is_one(&list) {
        true => 1,
        false => whose.len(),
    };
    for (row, whose) in whose.iter().enumerate().take(rows) {
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
        // An absence that is not told any more is of no account.
        (None | Some(Level::Nothing), None | Some(Level::Nothing)) => {}
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
        (Told::Unknown | Told::Absent, Told::Unknown | Told::Absent) => return,
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
        let mut told: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
        for heir in self.0 {
            let place = |name: &Name| effects.binary_search_by(|effect| effect.name.cmp(name)).ok();
            let is_same = |change: &Change| change.words == heir.told.words || change.words == heir.of_all;
            let from = place(&heir.from);
            let same = from.and_then(|from| Some((from, effects[from].changes.iter().position(is_same)?)));
            if let Some(same) = same {
                let name = heir.name.to_string().to_ascii_lowercase();
                told.entry(same).or_default().insert(code(&name));
            } else if let Some(at) = place(&heir.name) {
                effects[at].changes.push(heir.told);
            }
        }
        for ((effect, change), names) in told {
            let words = &mut effects[effect].changes[change].words;
            words.push_str(&format!(", among them {}", listed(names)));
        }
    }
}
