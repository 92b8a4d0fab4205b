//! OctoDNS zones: a mapping from names to records, one file a zone or a folder of them.

use crate::{
    formats::data::{
        entry::{Entry, Names},
        octodns_config::Setting,
        value::Texts,
    },
    name::Name,
    record::{Scan, Written, Zone},
    source::{Source, Sources, file_name, folder},
    span::SourceId,
    suffix,
    syntax::yaml::{self, Kind, Tree, View},
};

/// Endings of the names of folders that hold the files of one zone.
const SPLIT: [&str; 2] = [".zone", "."];

/// Whether a document is a zone of OctoDNS: names with records, and nothing that another format begins with.
pub(super) fn is_zone(top: View<'_>) -> bool {
    const FOREIGN: [&str; 4] = ["apiVersion", "AWSTemplateFormatVersion", "Resources", "resources"];
    let entries = top.entries();
    let is_foreign = |key: &View<'_>| key.value().is_some_and(|key| FOREIGN.contains(&key));
    let is_record = |view: &View<'_>| {
        let has_type = view.get("type").is_some_and(|kind| kind.kind() == Kind::Scalar);
        has_type && (view.get("value").is_some() || view.get("values").is_some())
    };
    let records = entries.iter().filter(|(_, value)| match value.kind() {
        Kind::Sequence => value.items().next().is_some_and(|first| is_record(&first)),
        _ => is_record(value),
    });
    let records = records.count();
    records > 0 && records * 2 > entries.len() && !entries.iter().any(|(key, _)| is_foreign(key))
}

/// Reads the files of a zone.
pub(super) fn read(source: &Source, tree: &Tree, sources: &Sources, scan: &mut Scan) {
    let setting = Setting::of(source, sources);
    let mut origins: Vec<Name> = origin(source, &setting).into_iter().collect();
    origins.extend(setting.aliases.iter().filter_map(|zone| Name::parse(zone)));
    let is_known = !origins.is_empty();
    if !is_known {
        origins.push(Name::unknown());
    }
    let mut is_whole = is_known && setting.is_whole;
    let siblings: Vec<(&Source, Tree)> = siblings(source, sources, &setting)
        .into_iter()
        .map(|id| (sources.get(id), yaml::read(sources.get(id))))
        .collect();
    let texts = Texts::OctoDns(setting.escaped);
    let parts = || std::iter::once((source, tree)).chain(siblings.iter().map(|(source, tree)| (*source, tree)));
    for (_, tree) in parts() {
        is_whole &= tree.error.is_none();
        scan.fault_of(tree);
    }
    for origin in origins {
        let mut whole = is_whole;
        for (part, tree) in parts() {
            for document in tree.documents() {
                whole &= zone(part, document, &origin, texts, scan);
            }
        }
        scan.zones.push(Zone {
            origin,
            whole,
            has_soa: true,
        });
    }
}

/// The records of a document; whether these are all.
fn zone(source: &Source, top: View<'_>, origin: &Name, texts: Texts, scan: &mut Scan) -> bool {
    let mut is_whole = top.tag().is_none();
    let names = Names::new(source, Some(origin));
    for (key, value) in top.entries() {
        if value.tag().is_some_and(|tag| tag.starts_with("!include")) || key.value() == Some("<<") {
            is_whole = false;
            continue;
        }
        let Some(mut entry) = Entry::at(&names, key) else {
            is_whole = false;
            continue;
        };
        if key.value() == Some("") {
            entry.written = Written::Origin;
        }
        let one = (value.kind() == Kind::Mapping).then_some(value);
        for record in one.into_iter().chain(value.items()) {
            is_whole &= self::record(&entry, record, texts, scan);
        }
    }
    is_whole
}

fn record(entry: &Entry<'_>, record: View<'_>, texts: Texts, scan: &mut Scan) -> bool {
    let Some(kind) = record.get("type") else { return false };
    let Some(values) = record.get("values").or_else(|| record.get("value")) else {
        return false;
    };
    let mut entry = entry.clone();
    entry.ttl(record.get("ttl"));
    // Some providers get the record and others do not.
    let settings = record.get("octodns");
    entry.many |= settings.is_some_and(|set| set.get("included").is_some() || set.get("excluded").is_some());
    if values.tag().is_some_and(|tag| tag.starts_with("!include")) {
        entry.unknown(values, scan);
        return false;
    }
    entry.push_all(kind, values, texts, scan);
    true
}

/// The zone that a file belongs to, by its path.
fn origin(source: &Source, setting: &Setting) -> Option<Name> {
    let named = |name: &str| {
        let name = Name::parse(name)?;
        (setting.is_known || suffix::has_known_tld(&name) && name.label_count() > 1).then_some(name)
    };
    if let Some(folder) = split_folder(source, setting) {
        return named(folder);
    }
    let stem = source.file_name();
    let stem = stem.strip_suffix(".yaml").or_else(|| stem.strip_suffix(".yml"))?;
    named(stem.strip_prefix('$').unwrap_or(stem))
}

/// The name of the zone whose folder a file lies in.
fn split_folder<'a>(source: &'a Source, setting: &'a Setting) -> Option<&'a str> {
    let name = file_name(folder(&source.path));
    let endings = setting
        .split
        .as_deref()
        .into_iter()
        .chain(SPLIT.into_iter().filter(|_| !setting.is_known));
    let zone = endings
        .filter_map(|ending| name.strip_suffix(ending))
        .find(|zone| !zone.is_empty())?;
    zone.contains('.').then_some(zone)
}

/// The other files of the zone.
pub(super) fn siblings(source: &Source, sources: &Sources, setting: &Setting) -> Vec<SourceId> {
    if split_folder(source, setting).is_none() {
        return Vec::new();
    }
    let folder = format!("{}/", source.folder());
    let is_part = |other: &&Source| {
        other.id != source.id
            && other.folder() == source.folder()
            && (other.path.ends_with(".yaml") || other.path.ends_with(".yml"))
    };
    sources.under(&folder).filter(is_part).map(|other| other.id).collect()
}
