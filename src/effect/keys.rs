//! What changes in DKIM keys and in BIMI records.

use std::collections::BTreeMap;

use crate::{
    effect::{About, Changes, Danger, code, not_told},
    mail_domain::{Key, Told},
};

/// Compares DKIM keys.
pub(super) fn compare(before: &BTreeMap<String, Key>, now: &BTreeMap<String, Key>, changes: &mut Changes) {
    for (selector, was) in before {
        let shown = code(selector);
        match (was, now.get(selector)) {
            (was, Some(is)) if was == is => {}
            (Key::Unknown, Some(_)) => not_told(About::Dkim, &format!("the key of selector {shown}"), true, changes),
            (_, Some(Key::Unknown)) => not_told(About::Dkim, &format!("the key of selector {shown}"), false, changes),
            (Key::Revoked | Key::None, None) => {
                changes.add(
                    Danger::Note,
                    About::Dkim,
                    format!("selector {shown} removed, which had no key"),
                );
            }
            (_, None) => {
                let words = format!("selector {shown} removed: mail signed with its key does not pass any more");
                changes.add(Danger::Danger, About::Dkim, words);
            }
            (Key::Revoked | Key::None, Some(Key::Public(_) | Key::Alias(_))) => {
                changes.add(Danger::Caution, About::Dkim, format!("selector {shown} has a key now"));
            }
            (Key::Revoked | Key::None, Some(Key::Revoked | Key::None)) => {}
            (_, Some(Key::Revoked)) => {
                let words =
                    format!("the key of selector {shown} is revoked: mail signed with it does not pass any more");
                changes.add(Danger::Danger, About::Dkim, words);
            }
            (_, Some(Key::None)) => {
                let words = format!("selector {shown} has no key any more: mail signed with it does not pass");
                changes.add(Danger::Danger, About::Dkim, words);
            }
            (_, Some(Key::Alias(name))) => {
                let words = format!("selector {shown} is an alias of {} now", code(&name.to_string()));
                changes.add(Danger::Caution, About::Dkim, words);
            }
            (_, Some(Key::Public(_))) => {
                let words =
                    format!("selector {shown} has another key: mail signed with the old one does not pass any more");
                changes.add(Danger::Danger, About::Dkim, words);
            }
        }
    }
    for selector in now.keys().filter(|selector| !before.contains_key(*selector)) {
        changes.add(Danger::Note, About::Dkim, format!("selector {} is new", code(selector)));
    }
}

/// Compares BIMI records.
pub(super) fn brands(
    before: &BTreeMap<String, Told<[String; 2]>>,
    now: &BTreeMap<String, Told<[String; 2]>>,
    changes: &mut Changes,
) {
    for (selector, was) in before {
        let shown = code(selector);
        match (was, now.get(selector)) {
            (was, Some(is)) if was == is => {}
            (_, None) => changes.add(Danger::Note, About::Bimi, format!("selector {shown} removed")),
            (Told::Unknown, Some(_)) => not_told(About::Bimi, &format!("what selector {shown} says"), true, changes),
            (_, Some(Told::Unknown)) => not_told(About::Bimi, &format!("what selector {shown} says"), false, changes),
            _ => changes.add(
                Danger::Note,
                About::Bimi,
                format!("selector {shown} has another logo or certificate"),
            ),
        }
    }
    for selector in now.keys().filter(|selector| !before.contains_key(*selector)) {
        changes.add(Danger::Note, About::Bimi, format!("selector {} is new", code(selector)));
    }
}
