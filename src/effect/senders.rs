//! What changes in who may send.

use std::collections::BTreeSet;

use crate::{
    effect::{About, Changes, Danger, code, listed, networks, not_told},
    mail_domain::{Breaks, Ending, LOOKUPS_MAX, Sender, Spf, Told},
    policy::spf::term::Qualifier,
};

/// Compares who may send.
pub(super) fn compare(before: &Told<Spf>, now: &Told<Spf>, changes: &mut Changes) {
    match (before, now) {
        // That an absence is not told any more, since a variable stands somewhere in the zone, is of no account.
        (Told::Unknown | Told::Absent, Told::Unknown | Told::Absent) => {}
        (Told::Unknown, _) => not_told(About::Spf, "who may send", true, changes),
        (_, Told::Unknown) => not_told(About::Spf, "who may send", false, changes),
        (Told::Is(_), Told::Absent) => {
            changes.add(
                Danger::Danger,
                About::Spf,
                "the record is gone: receivers check nothing any more",
            );
        }
        (Told::Absent, Told::Is(spf)) => appeared(spf, changes),
        (Told::Is(was), Told::Is(is)) => both(was, is, changes),
    }
}

fn appeared(spf: &Spf, changes: &mut Changes) {
    if let Some(why) = void(spf) {
        return changes.add(Danger::Danger, About::Spf, format!("there is a record now, but {why}"));
    }
    let senders = listed(spf.senders.iter().map(sender));
    let senders = if senders.is_empty() {
        "nobody".to_string()
    } else {
        senders
    };
    let danger = match spf.senders.contains(&Sender::Everybody) {
        true => Danger::Danger,
        false => Danger::Caution,
    };
    let words = format!(
        "there is a record now: {senders} may send, everybody else {}",
        ending(&spf.ending)
    );
    changes.add(danger, About::Spf, words);
}

fn both(was: &Spf, is: &Spf, changes: &mut Changes) {
    match (void(was), void(is)) {
        (None, Some(why)) => return changes.add(Danger::Danger, About::Spf, why),
        (Some(_), None) => changes.add(Danger::Caution, About::Spf, "receivers can use the record now"),
        (Some(was), Some(is)) if was != is => return changes.add(Danger::Danger, About::Spf, is),
        (Some(_), Some(_)) => return,
        (None, None) => {}
    }
    if was.lookups != is.lookups && void(was).is_none() {
        let words = format!("look-ups {} to {}", was.lookups, is.lookups);
        changes.add(Danger::Note, About::Spf, words);
    }
    let (old, new) = (networks::Set::of(&was.senders), networks::Set::of(&is.senders));
    let others = |senders: &BTreeSet<Sender>| -> BTreeSet<Sender> {
        let is_other = |sender: &&Sender| !matches!(sender, Sender::Network(..));
        senders.iter().filter(is_other).cloned().collect()
    };
    let (old_others, new_others) = (others(&was.senders), others(&is.senders));
    let added = shown(new.without(&old), new_others.difference(&old_others));
    let gone = shown(old.without(&new), old_others.difference(&new_others));
    let (had_all, has_all) = (
        old_others.contains(&Sender::Everybody),
        new_others.contains(&Sender::Everybody),
    );
    match (had_all, has_all) {
        (false, true) => return changes.add(Danger::Danger, About::Spf, "everybody may send now"),
        (true, true) => return,
        (true, false) => {
            let words = format!("not everybody may send any more: others {}", ending(&is.ending));
            return changes.add(Danger::Caution, About::Spf, words);
        }
        (false, false) => {}
    }
    if !added.is_empty() {
        changes.add(Danger::Caution, About::Spf, format!("{} may send now", listed(added)));
    }
    if !gone.is_empty() {
        changes.add(
            Danger::Danger,
            About::Spf,
            format!("{} may not send any more", listed(gone)),
        );
    }
    endings(&was.ending, &is.ending, changes);
}

fn endings(was: &Ending, is: &Ending, changes: &mut Changes) {
    let (old, new) = (ending(was), ending(is));
    if old == new {
        return;
    }
    if *was == Ending::Unknown || *is == Ending::Unknown {
        return not_told(
            About::Spf,
            "what happens to everybody else",
            *is != Ending::Unknown,
            changes,
        );
    }
    let danger = match strength(is) < strength(was) {
        true => Danger::Danger,
        false => Danger::Caution,
    };
    changes.add(danger, About::Spf, format!("everybody else {new}, and before {old}"));
}

fn strength(ending: &Ending) -> Option<u8> {
    Some(match ending {
        Ending::All(Qualifier::Fail) => 3,
        Ending::All(Qualifier::SoftFail) => 2,
        Ending::All(Qualifier::Neutral) | Ending::None => 1,
        Ending::All(Qualifier::Pass) => 0,
        Ending::Redirected(_) | Ending::Unknown => return None,
    })
}

fn ending(ending: &Ending) -> String {
    match ending {
        Ending::All(Qualifier::Pass) => "passes (`+all`)".to_string(),
        Ending::All(Qualifier::Fail) => "fails (`-all`)".to_string(),
        Ending::All(Qualifier::SoftFail) => "fails softly (`~all`)".to_string(),
        Ending::All(Qualifier::Neutral) | Ending::None => "is left open (`?all`)".to_string(),
        Ending::Redirected(name) => format!("is for {} to judge", code(name)),
        Ending::Unknown => "is treated as a variable says".to_string(),
    }
}

/// Why receivers make nothing of a record.
fn void(spf: &Spf) -> Option<String> {
    let nothing = "receivers make nothing of the record";
    Some(match &spf.breaks {
        Some(Breaks::Several) => "there is more than one record: receivers make nothing of them".to_string(),
        Some(Breaks::Syntax) => format!("there is an error in the record: {nothing}"),
        Some(Breaks::Behind(name)) => format!("there is no good SPF record at {}: {nothing}", code(name)),
        None if spf.lookups > LOOKUPS_MAX => {
            format!(
                "{} look-ups, and only {LOOKUPS_MAX} are allowed: {nothing}",
                spf.lookups
            )
        }
        None => return None,
    })
}

fn shown<'s>(networks: Vec<String>, others: impl Iterator<Item = &'s Sender>) -> Vec<String> {
    networks.into_iter().chain(others.map(sender)).collect()
}

fn sender(sender: &Sender) -> String {
    match sender {
        Sender::Everybody => "everybody".to_string(),
        Sender::Network(address, prefix) => networks::shown(*address, *prefix),
        Sender::Hosts(term) => code(term),
        Sender::Included(name) => format!("whomever {} passes", code(name)),
        Sender::Unknown => "whatever a variable adds".to_string(),
    }
}
