//! Which files make a module, and which modules call one another: what can be told without parsing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use aho_corasick::AhoCorasick;

use crate::{
    formats::data,
    source::{Source, Sources, join},
};

/// Endings of the names of files with blocks, and of those with values of variables.
const ENDINGS: [&str; 4] = [".tf", ".tofu", ".tf.json", ".tofu.json"];
const VALUES: [&str; 2] = [".tfvars", ".tfvars.json"];

/// Whether a file is of Terraform, by its path.
pub fn is_module_file(path: &str) -> bool {
    ENDINGS.iter().chain(&VALUES).any(|end| path.ends_with(end))
}

/// What stands for such files in a folder.
pub(super) fn glob(folder: &str) -> String {
    let slash = if folder.is_empty() { "" } else { "/" };
    let endings: Vec<&str> = ENDINGS.into_iter().chain(VALUES).collect();
    format!("{folder}{slash}*{}", endings.join(","))
}

/// The loaded files of a module, without those that change what others say.
pub(super) fn files<'a>(sources: &'a Sources, folder: &str) -> Vec<&'a Source> {
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let is_override = |name: &str| {
        let stem = name.split('.').next().unwrap_or_default();
        stem == "override" || stem.ends_with("_override")
    };
    let own = |source: &&Source| {
        source.folder() == folder && is_module_file(&source.path) && !is_override(source.file_name())
    };
    let end = format!("{prefix}\u{10ffff}");
    let all = sources.all();
    let from = all.partition_point(|source| source.path < prefix);
    let to = all.partition_point(|source| source.path < end);
    all[from..to].iter().filter(own).collect()
}

/// Of a file with values: when it is loaded by itself, from 1; 0 if it has to be named.
pub(super) fn values_rank(name: &str) -> Option<u8> {
    VALUES.iter().any(|end| name.ends_with(end)).then(|| match name {
        "terraform.tfvars" => 1,
        "terraform.tfvars.json" => 2,
        _ if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => 3,
        _ => 0,
    })
}

/// How modules name the types that are for mail alone, in small letters.
const TYPES: [&str; 3] = ["\"mx\"", "\"tlsa\"", "mx_record"];

/// Whether a word that tells of mail is in a file.
pub(super) fn tells(source: &Source) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| data::search(&TYPES));
    let bytes = source.bytes();
    data::has_word(bytes) || SEARCH.as_ref().is_none_or(|search| search.is_match(bytes))
}

/// The folders of the repository that modules which a file calls are in.
pub(super) fn calls(source: &Source) -> Vec<String> {
    let bytes = source.bytes();
    let mut folders = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"source") {
        let rest = bytes[at + 6..].trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=").or_else(|| rest.strip_prefix(b":")) else {
            continue;
        };
        let Some(value) = value.trim_ascii_start().strip_prefix(b"\"") else {
            continue;
        };
        if !(value.starts_with(b"./") || value.starts_with(b"../")) {
            continue;
        }
        let len = memchr::memchr2(b'"', b'\n', value).unwrap_or(value.len());
        let path = String::from_utf8_lossy(&value[..len]);
        folders.extend(join(source.folder(), &path));
    }
    folders
}

/// The files that functions of a file read, as far as it says which.
pub(super) fn files_read(source: &Source) -> Vec<String> {
    let bytes = source.bytes();
    let mut paths = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"file(") {
        let rest = bytes[at + 5..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"\"") else {
            continue;
        };
        let len = memchr::memchr2(b'"', b'\n', value).unwrap_or(value.len());
        let path = String::from_utf8_lossy(&value[..len]);
        let path = ["${path.module}/", "${path.root}/"]
            .iter()
            .find_map(|start| path.strip_prefix(start))
            .unwrap_or(&path);
        match path.split_once("${") {
            None => paths.extend(join(source.folder(), path)),
            // A part of the name is computed: any file there may be meant.
            Some((start, rest)) => {
                let (folder, _) = start.rsplit_once('/').unwrap_or(("", ""));
                let ending = rest.rsplit_once('.').map_or("", |(_, ending)| ending);
                let is_plain = !ending.is_empty() && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
                if let Some(folder) = join(source.folder(), folder).filter(|_| is_plain) {
                    let slash = if folder.is_empty() { "" } else { "/" };
                    paths.push(format!("{folder}{slash}*.{ending}"));
                }
            }
        }
    }
    paths
}

/// Learns which folders hold modules, and which of them lead to records of mail.
pub(in crate::formats) fn survey(sources: &mut Sources) {
    let mut called: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut telling = BTreeSet::new();
    for source in sources.all().iter().filter(|source| is_module_file(&source.path)) {
        let folder = source.folder().to_string();
        if tells(source) {
            telling.insert(folder.clone());
        }
        called.entry(folder).or_default().extend(calls(source));
    }
    // Whoever calls a module that tells of mail does so, too.
    let mut callers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (caller, all) in &called {
        for one in all {
            callers.entry(one).or_default().push(caller);
        }
    }
    let mut open: Vec<&str> = telling.iter().map(String::as_str).collect();
    let mut leading: BTreeSet<String> = telling.clone();
    while let Some(folder) = open.pop() {
        for caller in callers.get(folder).into_iter().flatten() {
            if leading.insert(caller.to_string()) {
                open.push(caller);
            }
        }
    }
    sources.modules = called.into_iter().filter(|(_, all)| !all.is_empty()).collect();
    sources.mail_modules = leading;
}
