//! The DKIM keys of a domain (RFC 6376, section 3.6.1).

use std::collections::BTreeMap;

use crate::{mail_domain::Home, name::Name, policy::tags, record::Data, text::Text, zones::Node};

/// What is at a selector.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// A public key: its base64 without blanks.
    Public(String),
    /// A key that was revoked: mail signed with it fails.
    Revoked,
    /// An alias of a name that is not followed: whoever has that holds the key.
    Alias(Name),
    /// No key: more than one record, or none that is a key.
    None,
    /// Nobody here can say.
    Unknown,
}

/// The keys of a domain, by selector. What sources side by side say of one selector must agree.
pub(super) fn all(home: &Home<'_>) -> BTreeMap<String, Key> {
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    for (selector, node) in &home.keys {
        let key = at(node);
        let known = keys.entry(selector.clone()).or_insert_with(|| key.clone());
        if *known != key {
            *known = Key::Unknown;
        }
    }
    keys
}

fn at(node: &Node<'_>) -> Key {
    let mut keys = Vec::new();
    for record in node.records() {
        if record.many {
            return Key::Unknown;
        }
        match &record.data {
            Data::Cname(target) if target.name.is_known() => keys.push(Key::Alias(target.name.clone())),
            Data::Cname(_) | Data::Unknown => return Key::Unknown,
            Data::Txt(txt) if !txt.type99 => keys.push(key(&txt.text)),
            _ => {}
        }
    }
    keys.dedup();
    match <[Key; 1]>::try_from(keys) {
        Ok([key]) => key,
        Err(_) => Key::None,
    }
}

fn key(text: &Text) -> Key {
    let tags = tags::read(text, 0..text.len());
    let Some(key) = tags.iter().find(|tag| tag.is(text, "p")) else {
        return if text.is_complete() { Key::None } else { Key::Unknown };
    };
    if !key.is_known {
        return Key::Unknown;
    }
    let base64: String = text
        .get(key.value.clone())
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| char::from(*byte))
        .collect();
    match base64.is_empty() {
        true => Key::Revoked,
        false => Key::Public(base64),
    }
}
