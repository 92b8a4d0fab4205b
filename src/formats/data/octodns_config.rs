//! The configuration of OctoDNS: where zones are, and how they are written.

use std::collections::BTreeMap;

use crate::{
    source::{self, Source, Sources, ZoneFolder},
    syntax::yaml::{self, View},
};

/// What is known of how the zone of a file is written.
#[derive(Clone, Default, Debug)]
pub(super) struct Setting {
    /// Whether a configuration speaks of the file's folder.
    pub(super) is_known: bool,
    /// What follows the zone's name in the name of a folder with its files.
    pub(super) split: Option<String>,
    /// Whether semicolons are escaped; `None` if nothing tells.
    pub(super) escaped: Option<bool>,
    /// Whether all records of the zone come from its files.
    pub(super) is_whole: bool,
    /// The zones that are this one under another name, as they are written.
    pub(super) aliases: Vec<String>,
}

impl Setting {
    /// What the configurations say of a file.
    pub(super) fn of(source: &Source, sources: &Sources) -> Setting {
        let mut setting = Setting {
            is_whole: true,
            ..Setting::default()
        };
        let (own, parent) = (source.folder(), source::folder(source.folder()));
        let folders = sources.zone_folders.iter();
        let Some(found) = folders.clone().find(|folder| folder.is_at(own)).or_else(|| {
            folders
                .clone()
                .find(|folder| folder.split.is_some() && folder.is_at(parent))
        }) else {
            return setting;
        };
        setting.is_known = true;
        setting.split = found.split.clone();
        setting.escaped = Some(found.escaped);
        let name = if found.is_at(own) {
            let name = source.file_name();
            let name = name
                .strip_suffix(".yaml")
                .or_else(|| name.strip_suffix(".yml"))
                .unwrap_or(name);
            name.strip_prefix('$').unwrap_or(name)
        } else {
            let name = source::file_name(own);
            found
                .split
                .as_deref()
                .and_then(|split| name.strip_suffix(split))
                .unwrap_or(name)
        };
        setting.is_whole = !found.partial.iter().any(|zone| zone == name || zone == "*");
        setting.aliases = found
            .aliases
            .iter()
            .filter(|(_, of)| of == name)
            .map(|(zone, _)| zone.clone())
            .collect();
        setting
    }
}

/// Whether a file may be a configuration, by what it holds.
pub fn is_configuration(source: &Source) -> bool {
    let is_yaml = source.path.ends_with(".yaml") || source.path.ends_with(".yml");
    let has = |word: &[u8]| memchr::memmem::find(source.bytes(), word).is_some();
    is_yaml && has(b"providers:") && has(b"octodns") && has(b"YamlProvider")
}

/// Reads all configurations.
pub fn survey(sources: &mut Sources) {
    let folders = sources
        .all()
        .iter()
        .filter(|source| is_configuration(source))
        .flat_map(folders)
        .collect();
    sources.zone_folders = folders;
}

/// The class of a provider.
fn class<'a>(provider: &View<'a>) -> &'a str {
    provider
        .get("class")
        .and_then(|class| class.value())
        .unwrap_or_default()
}

/// The folders of zone files that a configuration names.
fn folders(source: &Source) -> Vec<ZoneFolder> {
    let tree = yaml::read(source);
    let Some(top) = tree.documents().next() else {
        return Vec::new();
    };
    let is_yaml = |view: &View<'_>| class(view).ends_with("YamlProvider");
    let providers = top
        .get("providers")
        .map(|providers| providers.entries())
        .unwrap_or_default();
    let own: Vec<&str> = providers
        .iter()
        .filter(|(_, one)| is_yaml(one))
        .filter_map(|(key, _)| key.value())
        .collect();
    let zones = top.get("zones").map(|zones| zones.entries()).unwrap_or_default();
    let name = |view: &View<'_>| {
        view.value()
            .map(|name| name.strip_suffix('.').unwrap_or(name).to_string())
    };
    // A zone has other sources, too: its records are not all here.
    let is_partial = |zone: &View<'_>| {
        let sources = zone
            .get("sources")
            .map(|list| list.items().collect::<Vec<_>>())
            .unwrap_or_default();
        sources
            .iter()
            .any(|one| one.value().is_some_and(|one| !own.contains(&one)))
    };
    let partial: Vec<String> = zones
        .iter()
        .filter(|(_, zone)| is_partial(zone))
        .filter_map(|(key, _)| name(key))
        .collect();
    let aliases: BTreeMap<String, String> = zones
        .iter()
        .filter_map(|(key, zone)| Some((name(key)?, name(&zone.get("alias")?)?)))
        .collect();
    let folder = |provider: &View<'_>| {
        let text = |key: &str| provider.get(key).and_then(|view| view.value());
        let is = |key: &str, word: &str| text(key).is_some_and(|value| value.eq_ignore_ascii_case(word));
        let old = class(provider).ends_with("SplitYamlProvider");
        Some(ZoneFolder {
            configured_in: source.folder().to_string(),
            directory: text("directory")?.to_string(),
            split: text("split_extension").or(old.then_some(".")).map(str::to_string),
            escaped: !is("escaped_semicolons", "false"),
            partial: partial.clone(),
            aliases: aliases.clone().into_iter().collect(),
        })
    };
    providers
        .iter()
        .filter(|(_, one)| is_yaml(one))
        .filter_map(|(_, one)| folder(one))
        .collect()
}
