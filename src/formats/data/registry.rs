//! Registries of subdomains: one JSON file a name, with its records by their types.

use crate::{
    formats::{
        data::{
            entry::{Entry, Names},
            value::{self, Texts, Value},
        },
        rdata,
    },
    name::Name,
    record::{Scan, Written},
    source::{Source, Sources},
    suffix,
    syntax::yaml::{Kind, Tree, View},
    text::Text,
};

const TEXTS: Texts = Texts::Whole;

/// Whether a document is such a file: records by their types, and somebody whose name it is.
pub(super) fn is_file(top: View<'_>) -> bool {
    let has_type = |records: View<'_>| {
        let entries = records.entries();
        let mut keys = entries.iter().filter_map(|(key, _)| key.value());
        keys.any(|key| {
            key.bytes().all(|byte| byte.is_ascii_uppercase())
                && (rdata::Kind::of(key.as_bytes()) != rdata::Kind::Unregistered)
        })
    };
    let records = value::field(top, &["records", "record"]);
    records.is_some_and(|records| records.kind() == Kind::Mapping && has_type(records))
}

/// Reads a file.
pub(super) fn read(source: &Source, tree: &Tree, sources: &Sources, scan: &mut Scan) {
    scan.fault_of(tree);
    let Some(top) = tree.documents().next() else { return };
    let Some(records) = value::field(top, &["records", "record"]) else {
        return;
    };
    let told = sources.told(source, |told| told.origin.clone());
    let owner = owner(source, top, told);
    let entry = Entry::of(source, &Text::new(), owner.clone(), Written::Absolute);
    let below = Names::new(source, Some(&owner));
    for (kind, values) in records.entries() {
        let one = (values.kind() != Kind::Sequence).then_some(values);
        for value in one.into_iter().chain(values.items()) {
            let placed = value.get("name").filter(|_| value.get("value").is_some());
            match (placed, value.get("value")) {
                (Some(name), Some(inner)) => {
                    if let Some(entry) = Entry::at(&below, name) {
                        entry.push(kind, &Value::of(inner), TEXTS, scan);
                    }
                }
                _ => entry.push(kind, &Value::of(value), TEXTS, scan),
            }
        }
    }
}

/// The name that a file is about: what it is called, in a domain that mostly only a program knows.
fn owner(source: &Source, top: View<'_>, told: Option<Name>) -> Name {
    let text = |key: &str| {
        top.get(key)
            .and_then(|view| view.value())
            .filter(|value| !value.is_empty())
    };
    let file = source.file_name();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let domain = text("domain").and_then(Name::parse).filter(suffix::has_known_tld);
    let labels = |name: &str| -> Vec<Option<Vec<u8>>> {
        name.split('.')
            .filter(|label| !label.is_empty())
            .map(|label| Some(label.as_bytes().to_vec()))
            .collect()
    };
    let name = text("subdomain").unwrap_or(stem);
    let domain = told.or(domain).unwrap_or_else(Name::unnamed);
    if name == "@" {
        return domain;
    }
    Name::from_labels(labels(name), Some(&domain))
}
