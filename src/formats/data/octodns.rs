//! OctoDNS zones: a mapping from names to records, one file a zone or a folder of them.

use std::cell::{Cell, RefCell};

use crate::{
    formats::data::{
        entry::{Entry, Names},
        includes::{self, Includes},
        octodns_config::Setting,
        value::{self, Texts, Value},
    },
    name::Name,
    record::{Fault, FaultKind, Scan, Written, Zone},
    source::{Source, Sources, file_name, folder},
    span::{SourceId, Span},
    suffix,
    syntax::yaml::{self, Kind, Tree, View},
};

/// Endings of the names of folders that hold the files of one zone.
const SPLIT: [&str; 2] = [".zone", "."];

/// About so many nodes of a tree make a record.
const NODES: usize = 8;

/// Whether a document is a zone of OctoDNS: names with records, and nothing that another format begins with.
pub(super) fn is_zone(top: View<'_>) -> bool {
    const FOREIGN: [&str; 4] = ["apiVersion", "AWSTemplateFormatVersion", "Resources", "resources"];
    let entries = top.entries();
    let is_elsewhere = |view: &View<'_>| includes::is_include(view);
    let is_foreign = |key: &View<'_>| key.value().is_some_and(|key| FOREIGN.contains(&key));
    let is_record = |view: &View<'_>| {
        let [kind, value, values] = view.fields(&["type", "value", "values"]);
        kind.is_some_and(|kind| kind.kind() == Kind::Scalar) && value.or(values).is_some()
    };
    let records = entries.iter().filter(|(_, value)| match value.kind() {
        Kind::Sequence => value.items().next().is_some_and(|first| is_record(&first)),
        _ => is_record(value),
    });
    let records = records.count();
    let told = entries.iter().filter(|(_, value)| !is_elsewhere(value)).count();
    records > 0 && records * 2 > told && !entries.iter().any(|(key, _)| is_foreign(key))
}

/// Reads the files of a zone.
pub(super) fn read(source: &Source, tree: &Tree, sources: &Sources, scan: &mut Scan) {
    let setting = Setting::of(source, sources);
    let told = sources.told(source, |told| told.origin.clone());
    let mut origins: Vec<Name> = told.or_else(|| origin(source, &setting)).into_iter().collect();
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
    let files: Vec<(&Source, &Tree)> = std::iter::once((source, tree))
        .chain(siblings.iter().map(|(source, tree)| (*source, tree)))
        .collect();
    let includes = Includes::of(&files, sources);
    let nodes: usize = files.iter().map(|(_, tree)| tree.len()).sum();
    scan.records.reserve(nodes / NODES);
    for (_, tree) in &files {
        is_whole &= tree.error.is_none();
        scan.fault_of(tree);
    }
    let reader = Reader {
        includes: &includes,
        setting: &setting,
        bare: RefCell::default(),
        has_escaped: Cell::default(),
    };
    for origin in origins {
        reader.bare.take();
        let mut whole = is_whole;
        for (part, tree) in &files {
            for document in tree.documents() {
                whole &= reader.zone(part, document, &origin, scan);
            }
        }
        scan.zones.push(Zone {
            origin,
            whole,
            has_soa: true,
        });
    }
    scan.faults.extend(reader.semicolons());
}

struct Reader<'a> {
    includes: &'a Includes<'a>,
    setting: &'a Setting,
    /// The semicolons that OctoDNS refuses, if it wants them to be escaped.
    bare: RefCell<Vec<Span>>,
    /// Whether others are escaped.
    has_escaped: Cell<bool>,
}

impl Reader<'_> {
    /// The records of a document; whether these are all.
    fn zone(&self, source: &Source, top: View<'_>, origin: &Name, scan: &mut Scan) -> bool {
        let names = Names::new(source, Some(origin));
        let Some(entries) = self.includes.resolve(top).and_then(|top| self.includes.entries(top)) else {
            return false;
        };
        let mut is_whole = true;
        for (key, value) in entries {
            let Some(mut entry) = Entry::at(&names, key) else {
                is_whole = false;
                continue;
            };
            if key.value() == Some("") {
                entry.written = Written::Origin;
            }
            let Some(value) = self.includes.resolve(value) else {
                is_whole = false;
                continue;
            };
            for record in self.includes.each(value) {
                is_whole &= record.is_some_and(|record| self.record(&entry, key, record, scan));
            }
        }
        is_whole
    }

    /// Notes how the semicolons of a text are written. Like OctoDNS, it minds those behind a letter, a digit or `_`.
    fn note_semicolons(&self, value: &Value<'_>) {
        let Value::Text(text, _) = value else { return };
        let bytes = text.bytes();
        for at in memchr::memchr_iter(b';', bytes) {
            let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
            if before == b'\\' {
                self.has_escaped.set(true);
            } else if before.is_ascii_alphanumeric() || before == b'_' {
                self.bare.borrow_mut().extend(text.span(at..at + 1));
            }
        }
    }

    /// The faults of semicolons.
    fn semicolons(self) -> impl Iterator<Item = Fault> {
        let is_configured = self.setting.escaped == Some(true);
        let is_mixed = self.setting.escaped.is_none() && self.has_escaped.get();
        let bare = self
            .bare
            .into_inner()
            .into_iter()
            .filter(move |_| is_configured || is_mixed);
        bare.map(move |span| Fault {
            span,
            kind: FaultKind::BareSemicolon { is_configured },
        })
    }

    /// One record; whether that could be told.
    fn record(&self, entry: &Entry<'_>, name: View<'_>, record: View<'_>, scan: &mut Scan) -> bool {
        let [kind, ttl, settings, values, value] = self
            .includes
            .fields(record, &["type", "ttl", "octodns", "values", "value"]);
        let Some(kind) = kind.and_then(|kind| self.includes.resolve(kind)) else {
            return false;
        };
        let mut entry = entry.clone();
        entry.ttl(ttl);
        // Some providers get the record and others do not.
        entry.many |= settings.is_some_and(|set| set.get("included").is_some() || set.get("excluded").is_some());
        let is_lenient = self.setting.is_lenient
            || settings.is_some_and(|set| set.get("lenient").is_some_and(|view| view.value() == Some("true")));
        let (name, type_name) = (name.value().unwrap_or_default(), kind.value().unwrap_or_default());
        entry.loads = self.setting.filters.iter().all(|filter| filter.passes(name, type_name));
        let Some(written) = values.or(value) else { return false };
        let Some(values) = self.includes.resolve(written) else {
            entry.unknown(written, scan);
            return false;
        };
        for value in self.includes.each(values) {
            match value {
                Some(value) => {
                    let value = Value::of(value);
                    if matches!(type_name, "TXT" | "SPF") && !is_lenient {
                        self.note_semicolons(&value);
                    }
                    entry.push(kind, &value, Texts::OctoDns(self.setting.escaped), scan);
                }
                None => entry.unknown(values, scan),
            }
        }
        true
    }
}

/// The zone that a file belongs to, by its path.
fn origin(source: &Source, setting: &Setting) -> Option<Name> {
    let named = |name: &str| {
        let name = value::file_name(name)?;
        let may_be = name.label_count() > 1 && (setting.is_known || suffix::has_known_tld(&name));
        (setting.is_named || may_be).then_some(name)
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
fn siblings(source: &Source, sources: &Sources, setting: &Setting) -> Vec<SourceId> {
    let mut siblings = Vec::new();
    if split_folder(source, setting).is_some() {
        let folder = format!("{}/", source.folder());
        let is_part = |other: &&Source| {
            other.id != source.id
                && other.folder() == source.folder()
                && (other.path.ends_with(".yaml") || other.path.ends_with(".yml"))
        };
        siblings.extend(sources.under(&folder).filter(is_part).map(|other| other.id));
    }
    let shared = setting.shared.iter().filter_map(|path| sources.at_path(path));
    siblings.extend(shared.map(|other| other.id).filter(|id| *id != source.id));
    siblings
}

/// The files that are read with a file: the others of its zone, and what these include.
pub(super) fn parts(source: &Source, sources: &Sources) -> Vec<SourceId> {
    let setting = Setting::of(source, sources);
    // A file that is in all zones is in itself none.
    if setting.shared.contains(&source.path) {
        return Vec::new();
    }
    let mut parts = siblings(source, sources, &setting);
    let included = includes::paths_of(source, |tree| tree.documents().any(is_zone));
    parts.extend(
        included
            .iter()
            .filter_map(|path| sources.at_path(path))
            .map(|part| part.id),
    );
    parts
}
