//! The configuration of OctoDNS: where zones are, and how they are written.

use std::collections::BTreeMap;

use crate::{
    source::{self, Configured, ConfiguredZone, Filter, Source, Sources, ZoneFolder},
    syntax::yaml::{self, Kind, View},
};

/// What is known of how the zone of a file is written.
#[derive(Clone, Default, Debug)]
pub(super) struct Setting {
    /// Whether a configuration speaks of the file's folder.
    pub(super) is_known: bool,
    /// Whether one names the file's zone.
    pub(super) is_named: bool,
    /// What follows the zone's name in the name of a folder with its files.
    pub(super) split: Option<String>,
    /// Whether semicolons are escaped; `None` if nothing tells, or not all say the same.
    pub(super) escaped: Option<bool>,
    /// Whether all records of the zone come from its files.
    pub(super) is_whole: bool,
    /// Whether what is wrong with the zone's records is only warned of.
    pub(super) is_lenient: bool,
    /// The zones that are this one under another name, as they are written.
    pub(super) aliases: Vec<String>,
    /// The paths of files whose records are in every zone of the folder.
    pub(super) shared: Vec<String>,
    /// What is left out before the records are published.
    pub(super) filters: Vec<Filter>,
}

impl Setting {
    /// What the configurations say of a file.
    pub(super) fn of(source: &Source, sources: &Sources) -> Setting {
        let mut setting = Setting {
            is_whole: true,
            ..Setting::default()
        };
        let own = source.folder();
        let parent = source::folder(own);
        for found in &sources.zone_folders {
            let (name, folder) = if found.is_at(own) {
                (file_zone(source.file_name()), own)
            } else if let Some(split) = found.split.as_deref().filter(|_| found.is_at(parent)) {
                let name = source::file_name(own);
                (name.strip_suffix(split).unwrap_or(name), parent)
            } else {
                continue;
            };
            setting.add(found, name, folder);
        }
        setting
    }

    fn add(&mut self, found: &ZoneFolder, name: &str, folder: &str) {
        self.escaped = match self.is_known {
            true => self.escaped.filter(|escaped| *escaped == found.escaped),
            false => Some(found.escaped),
        };
        self.is_known = true;
        self.is_named |= found.zones.contains_key(name);
        if self.split.is_none() {
            self.split.clone_from(&found.split);
        }
        if let Some(zone) = found.zones.get(name).or_else(|| found.zones.get("*")) {
            self.is_whole &= !zone.partial;
            self.is_lenient |= zone.lenient;
            self.filters.extend(zone.filters.iter().cloned());
        }
        self.aliases
            .extend(found.aliases.get(name).into_iter().flatten().cloned());
        let shared = found.shared.as_deref();
        self.shared.extend(shared.and_then(|file| source::join(folder, file)));
        for list in [&mut self.aliases, &mut self.shared] {
            list.sort();
            list.dedup();
        }
    }
}

/// The zone that a file is named for.
fn file_zone(name: &str) -> &str {
    let name = name
        .strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"))
        .unwrap_or(name);
    name.strip_prefix('$').unwrap_or(name)
}

/// Whether a file may be a configuration, by what it holds.
pub fn is_configuration(source: &Source) -> bool {
    let is_yaml = source.path.ends_with(".yaml") || source.path.ends_with(".yml");
    let has = |word: &[u8]| memchr::memmem::find(source.bytes(), word).is_some();
    is_yaml && has(b"providers:") && has(b"octodns") && (has(b"YamlProvider") || has(b"ZoneFileSource"))
}

/// Reads all configurations.
pub fn survey(sources: &mut Sources) {
    let mut folders = Vec::new();
    let mut configured = Vec::new();
    for source in sources.all().iter().filter(|source| is_configuration(source)) {
        let tree = yaml::read(source);
        if let Some(top) = tree.documents().next() {
            let configuration = Configuration::of(top);
            folders.extend(configuration.folders(source));
            configured.extend(configuration.zone_files(source, sources));
        }
    }
    sources.zone_folders = folders;
    sources.configured.extend(configured);
}

/// Processors that neither add, change nor leave out anything that this program looks at.
const HARMLESS: [&str; 9] = [
    "AcmeManagingProcessor",
    "EnsureTrailingDots",
    "ExcludeRootNsChanges",
    "IgnoreRootNsFilter",
    "MetaProcessor",
    "OwnershipProcessor",
    "SpfDnsLookupProcessor",
    "TtlRestrictionFilter",
    "ZoneNameFilter",
];

/// The parts of a configuration.
struct Configuration<'a> {
    top: View<'a>,
    providers: Vec<(View<'a>, View<'a>)>,
    zones: Vec<(View<'a>, View<'a>)>,
}

impl<'a> Configuration<'a> {
    fn of(top: View<'a>) -> Configuration<'a> {
        let entries = |key: &str| top.get(key).map(|all| all.entries()).unwrap_or_default();
        Configuration {
            top,
            providers: entries("providers"),
            zones: entries("zones"),
        }
    }

    /// The providers of a class, with their names.
    fn of_class(&self, class: &'static str) -> impl Iterator<Item = (&'a str, View<'a>)> + '_ {
        let is = move |provider: &View<'_>| self::class(provider).ends_with(class);
        let found = self.providers.iter().filter(move |(_, provider)| is(provider));
        found.filter_map(|(key, provider)| Some((key.value()?, *provider)))
    }

    /// The folders of zone files in YAML.
    fn folders(&self, source: &Source) -> Vec<ZoneFolder> {
        let folder = |(id, provider): (&str, View<'_>)| {
            let text = |key: &str| provider.get(key).and_then(|view| view.value());
            let is = |key: &str, word: &str| text(key).is_some_and(|value| value.eq_ignore_ascii_case(word));
            let old = class(&provider).ends_with("SplitYamlProvider");
            let is_none = |value: &&str| matches!(value.to_ascii_lowercase().as_str(), "" | "false" | "null" | "~");
            Some(ZoneFolder {
                configured_in: source.folder().to_string(),
                directory: text("directory")?.to_string(),
                split: text("split_extension")
                    .filter(|value| !is_none(value))
                    .or(old.then_some("."))
                    .map(str::to_string),
                escaped: !is("escaped_semicolons", "false"),
                shared: text("shared_filename")
                    .filter(|value| !is_none(value))
                    .map(str::to_string),
                zones: self.zones_from(id),
                aliases: self.aliases(),
            })
        };
        self.of_class("YamlProvider").filter_map(folder).collect()
    }

    /// What is said of the zones that a provider is a source of.
    fn zones_from(&self, id: &str) -> BTreeMap<String, ConfiguredZone> {
        let everywhere = self.top.get("manager").and_then(|manager| manager.get("processors"));
        let mut zones = BTreeMap::new();
        for (key, zone) in &self.zones {
            let from = zone.get("sources").map(|list| words(list)).unwrap_or_default();
            if !from.is_empty() && !from.contains(&id) {
                continue;
            }
            let mut known = ConfiguredZone {
                // What another one has is added, or stands in the place of what is here.
                partial: from.len() > 1,
                lenient: zone.get("lenient").is_some_and(|view| view.value() == Some("true")),
                filters: Vec::new(),
            };
            let own = zone.get("processors");
            for name in everywhere.into_iter().chain(own).flat_map(|list| words(list)) {
                match self.processor(name) {
                    Processor::Harmless => {}
                    Processor::Filter(filter) => known.filters.push(filter),
                    Processor::Unknown => known.partial = true,
                }
            }
            if let Some(key) = key.value() {
                let key = if key.starts_with('*') { "*" } else { plain(key) };
                zones.insert(key.to_string(), known);
            }
        }
        zones
    }

    fn processor(&self, name: &str) -> Processor {
        let Some(processor) = self.top.get("processors").and_then(|all| all.get(name)) else {
            return Processor::Unknown;
        };
        let class = class(&processor).rsplit('.').next().unwrap_or_default();
        let (by_type, keeps) = match class {
            "TypeAllowlistFilter" => (true, true),
            "TypeRejectlistFilter" => (true, false),
            "NameAllowlistFilter" => (false, true),
            "NameRejectlistFilter" => (false, false),
            _ if HARMLESS.contains(&class) => return Processor::Harmless,
            _ => return Processor::Unknown,
        };
        let key = if keeps { "allowlist" } else { "rejectlist" };
        let list: Vec<String> = processor
            .get(key)
            .map(|list| words(list))
            .unwrap_or_default()
            .into_iter()
            .map(str::to_string)
            .collect();
        // Between slashes stand patterns.
        match list.iter().any(|name| name.starts_with('/')) {
            true => Processor::Unknown,
            false => Processor::Filter(Filter { by_type, keeps, list }),
        }
    }

    /// The other names of zones, by their names.
    fn aliases(&self) -> BTreeMap<String, Vec<String>> {
        let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, zone) in &self.zones {
            let of = zone.get("alias").and_then(|of| of.value());
            if let (Some(of), Some(name)) = (of, key.value()) {
                aliases
                    .entry(plain(of).to_string())
                    .or_default()
                    .push(plain(name).to_string());
            }
        }
        aliases
    }

    /// The zone files that are sources of zones.
    fn zone_files(&self, source: &Source, sources: &Sources) -> Vec<Configured> {
        let mut found = Vec::new();
        for (id, provider) in self.of_class("ZoneFileSource") {
            let text = |key: &str| provider.get(key).and_then(|view| view.value());
            let Some(directory) = text("directory") else { continue };
            let ending = text("file_extension").unwrap_or(".");
            for (key, zone) in &self.zones {
                let is_source = zone.get("sources").is_some_and(|list| words(list).contains(&id));
                let Some(name) = key
                    .value()
                    .map(plain)
                    .filter(|name| is_source && !name.starts_with('*'))
                else {
                    continue;
                };
                let file = format!("{}/{name}{ending}", directory.trim_end_matches('/'));
                let is_there = |folder: &&str| {
                    let path = source::join(folder, &file);
                    path.is_some_and(|path| sources.at_path(&path).is_some())
                };
                found.extend(
                    source::folders_above(source.folder())
                        .find(is_there)
                        .map(|folder| Configured {
                            folder: folder.to_string(),
                            zone: name.to_string(),
                            file: file.clone(),
                        }),
                );
            }
        }
        found
    }
}

/// What a processor does to records.
enum Processor {
    /// Nothing that matters here.
    Harmless,
    /// It leaves some out.
    Filter(Filter),
    /// Who knows.
    Unknown,
}

/// The class of a provider or a processor.
fn class<'a>(provider: &View<'a>) -> &'a str {
    provider
        .get("class")
        .and_then(|class| class.value())
        .unwrap_or_default()
}

/// The scalars of a list, or the one that stands in its place.
fn words(list: View<'_>) -> Vec<&str> {
    let one = (list.kind() == Kind::Scalar).then_some(list);
    one.into_iter()
        .chain(list.items())
        .filter_map(|item| item.value())
        .collect()
}

/// A zone's name without its final dot.
fn plain(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}
