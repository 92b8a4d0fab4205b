//! What changes in who takes mail, and in how it is protected on its way.

use crate::{
    effect::{About, Changes, Danger, code, listed, not_told, policies},
    mail_domain::{MailDomain, Mx, Sts, Told},
    policy::sts_file::{Meaning, value::Mode},
};

/// Compares MX records, MTA-STS and TLS reports.
pub(super) fn compare(before: &MailDomain<'_>, now: &MailDomain<'_>, changes: &mut Changes) {
    exchangers(&before.mx, &now.mx, changes);
    policy(&before.sts, &now.sts, changes);
    policies::addresses(
        About::TlsRpt,
        "reports about TLS",
        &before.tls_reports,
        &now.tls_reports,
        changes,
    );
}

fn exchangers(before: &Told<Mx>, now: &Told<Mx>, changes: &mut Changes) {
    let hosts = |mx: &Mx| listed(mx.hosts.keys().map(|host| code(&host.to_string().to_ascii_lowercase())));
    match (before, now) {
        (was, is) if was == is => {}
        (Told::Unknown | Told::Absent, Told::Unknown | Told::Absent) => {}
        (Told::Unknown, _) => not_told(About::Mx, "who takes mail", true, changes),
        (_, Told::Unknown) => not_told(About::Mx, "who takes mail", false, changes),
        (_, Told::Is(is)) if is.is_null() => {
            changes.add(Danger::Danger, About::Mx, "the domain takes no mail any more (null MX)");
        }
        (Told::Is(was), Told::Is(is)) if was.is_null() => {
            changes.add(
                Danger::Caution,
                About::Mx,
                format!("the domain takes mail now, at {}", hosts(is)),
            );
        }
        (Told::Is(_), Told::Absent) => {
            changes.add(
                Danger::Danger,
                About::Mx,
                "there is no MX record any more: mail goes to the address of the name, if it has one",
            );
        }
        (Told::Absent, Told::Is(is)) => {
            changes.add(Danger::Caution, About::Mx, format!("mail goes to {} now", hosts(is)));
        }
        (Told::Is(was), Told::Is(is)) => both(was, is, changes),
    }
}

fn both(was: &Mx, is: &Mx, changes: &mut Changes) {
    let other = |a: &Mx, b: &Mx| {
        let only = a.hosts.keys().filter(|host| !b.hosts.contains_key(host));
        listed(only.map(|host| code(&host.to_string().to_ascii_lowercase())))
    };
    let (added, gone) = (other(is, was), other(was, is));
    if was.may_be_more != is.may_be_more {
        not_told(About::Mx, "who else takes mail", !is.may_be_more, changes);
    }
    if !added.is_empty() {
        changes.add(Danger::Caution, About::Mx, format!("mail goes to {added}, too"));
    }
    if !gone.is_empty() {
        changes.add(
            Danger::Caution,
            About::Mx,
            format!("mail does not go to {gone} any more"),
        );
    }
    if added.is_empty() && gone.is_empty() && order(was) != order(is) {
        changes.add(
            Danger::Note,
            About::Mx,
            "the hosts that take mail are tried in another order",
        );
    }
}

/// The hosts, those that are tried together in one group, in the order of their preferences.
fn order(mx: &Mx) -> Vec<Vec<String>> {
    let mut hosts: Vec<(u16, String)> = mx
        .hosts
        .iter()
        .map(|(host, preference)| (*preference, host.to_string().to_ascii_lowercase()))
        .collect();
    hosts.sort();
    let groups = hosts.chunk_by(|a, b| a.0 == b.0);
    groups
        .map(|group| group.iter().map(|(_, host)| host.clone()).collect())
        .collect()
}

fn policy(before: &Sts, now: &Sts, changes: &mut Changes) {
    match (&before.policy, &now.policy) {
        (Told::Is(was), Told::Is(is)) => meanings(was, is, before, now, changes),
        (Told::Is(was), Told::Absent) if was.mode != Mode::None => {
            let words = format!(
                "the policy file is gone, which was of mode {}: senders keep it until it ages out",
                was.mode.name()
            );
            changes.add(Danger::Danger, About::MtaSts, words);
        }
        (Told::Is(_), Told::Absent) => changes.add(Danger::Note, About::MtaSts, "the policy file is gone"),
        (Told::Absent, Told::Is(is)) => {
            changes.add(
                Danger::Caution,
                About::MtaSts,
                format!("there is a policy now, of mode {}", is.mode.name()),
            );
        }
        (Told::Unknown, Told::Is(_)) => not_told(About::MtaSts, "what the policy file says", true, changes),
        (Told::Is(_), Told::Unknown) => not_told(About::MtaSts, "what the policy file says", false, changes),
        _ => {}
    }
    let is_enforced = matches!(&now.policy, Told::Is(policy) if policy.mode == Mode::Enforce);
    // A host that was left out before is no effect of the change, unless senders obey the policy only now.
    let was_enforced = matches!(&before.policy, Told::Is(policy) if policy.mode == Mode::Enforce);
    for host in &now.uncovered {
        if !before.uncovered.contains(host) || is_enforced && !was_enforced {
            let host = code(&host.to_string().to_ascii_lowercase());
            let (danger, what) = match is_enforced {
                true => (Danger::Danger, "senders that obey it deliver nothing there"),
                false => (Danger::Caution, "senders report that"),
            };
            changes.add(danger, About::MtaSts, format!("MX {host} is not in the policy: {what}"));
        }
    }
    ids(before, now, changes);
}

fn meanings(was: &Meaning, is: &Meaning, before: &Sts, now: &Sts, changes: &mut Changes) {
    if was == is {
        return;
    }
    if was.mode != is.mode {
        let danger = match (was.mode, is.mode) {
            (Mode::Enforce, _) => Danger::Danger,
            _ => Danger::Caution,
        };
        let words = format!("{} becomes {}", was.mode.name(), is.mode.name());
        changes.add(danger, About::MtaSts, words);
    }
    let only = |a: &Meaning, b: &Meaning| {
        let hosts = a.mx.difference(&b.mx);
        listed(hosts.map(|host| code(&String::from_utf8_lossy(host))))
    };
    let (added, gone) = (only(is, was), only(was, is));
    if !added.is_empty() {
        changes.add(Danger::Note, About::MtaSts, format!("the policy lists {added} now"));
    }
    if !gone.is_empty() {
        changes.add(
            Danger::Caution,
            About::MtaSts,
            format!("the policy does not list {gone} any more"),
        );
    }
    if was.max_age != is.max_age {
        let words = format!(
            "senders keep the policy for {} s, and not for {} s",
            is.max_age, was.max_age
        );
        changes.add(Danger::Note, About::MtaSts, words);
    }
    if let (Told::Is(old), Told::Is(new)) = (&before.id, &now.id)
        && old == new
    {
        let words = format!(
            "the policy changes and the id {} does not: senders that have the old one keep it",
            code(new)
        );
        changes.add(Danger::Danger, About::MtaSts, words);
    }
}

fn ids(before: &Sts, now: &Sts, changes: &mut Changes) {
    match (&before.id, &now.id) {
        (Told::Is(was), Told::Is(is)) if was != is => {
            changes.add(
                Danger::Note,
                About::MtaSts,
                "the id changes: senders fetch the policy again",
            );
        }
        (Told::Is(_), Told::Absent) => {
            changes.add(
                Danger::Danger,
                About::MtaSts,
                "the record at `_mta-sts` is gone: senders that do not know the policy look for none",
            );
        }
        (Told::Absent, Told::Is(_)) => {
            changes.add(
                Danger::Caution,
                About::MtaSts,
                "there is a record at `_mta-sts` now: senders look for the policy",
            );
        }
        (Told::Unknown, Told::Is(_)) => not_told(About::MtaSts, "the record at `_mta-sts`", true, changes),
        (Told::Is(_), Told::Unknown) => not_told(About::MtaSts, "the record at `_mta-sts`", false, changes),
        _ => {}
    }
}
