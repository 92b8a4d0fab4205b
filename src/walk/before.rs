//! The tree of another revision, as far as it is read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use super::{
    Entry, FOREIGN_FOLDERS, Loaded, Request, absolute, format_told, loaded, may_be_text,
    referred::{Disk, Tree, refer},
    relative,
};
use crate::{
    formats,
    globs::Globs,
    revision::Changes,
    source::{self, Source},
    span::SourceId,
};

/// What [`load`](super::load) would have loaded from the tree before some changes. `now`: what it loads today, whose bytes are shared.
pub fn load_before(request: &Request, now: &Loaded, changes: &Changes) -> Loaded {
    let root = now.root.clone();
    let is_settings = |path: &str| request.settings.as_ref().is_some_and(|file| file.path == path);
    let in_root = |path: &str| relative(&root, &changes.top.join(path));
    let added: BTreeSet<String> = changes.added.iter().filter_map(|path| in_root(path)).collect();
    let before: BTreeMap<String, &Vec<u8>> = (changes.before.iter())
        .filter_map(|(path, bytes)| Some((in_root(path)?, bytes)))
        .filter(|(path, _)| !is_settings(path))
        .collect();
    let mut read: Vec<Entry> = Vec::new();
    for (source, format) in now.sources.all().iter().zip(&now.formats) {
        if !added.contains(&source.path) && !before.contains_key(&source.path) || is_settings(&source.path) {
            read.push((source.path.clone(), source.again(), *format));
        }
    }
    let excluded = Globs::new(&request.exclude);
    let asked: Vec<String> = (request.paths.iter())
        .filter_map(|path| relative(&root, &absolute(path)))
        .collect();
    for (path, bytes) in &before {
        let is_asked = asked.iter().any(|folder| {
            folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        });
        if is_asked && may_be_text(Path::new(path)) && !excluded.matches(path) && !is_foreign(path) {
            let source = Source::new(SourceId(0), path.clone(), bytes.to_vec());
            let format = format_told(request, path).or_else(|| formats::of(&source));
            if format.is_some() || formats::is_companion(&source) {
                read.push((path.clone(), source, format));
            }
        }
    }
    let tree = Before {
        disk: Disk(&root),
        bytes: &before,
        added: &added,
    };
    refer(&mut read, &tree, &BTreeSet::new(), &mut Vec::new());
    // A file may have been a part of another alone, and stand for itself today.
    for (_, source, _) in &mut read {
        source.asked = true;
    }
    loaded(request, root, read)
}

/// The tree of the revision: that on disk, but for what differs.
struct Before<'a> {
    disk: Disk<'a>,
    /// The files that are not on disk, or not like that.
    bytes: &'a BTreeMap<String, &'a Vec<u8>>,
    /// The files on disk that it does not have.
    added: &'a BTreeSet<String>,
}

impl Tree for Before<'_> {
    fn root(&self) -> &Path {
        self.disk.root()
    }

    fn bytes(&self, path: &str) -> Option<io::Result<Vec<u8>>> {
        match self.bytes.get(path) {
            Some(bytes) => Some(Ok(bytes.to_vec())),
            None if self.added.contains(path) => None,
            None => self.disk.bytes(path),
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let mut names = self.disk.names(folder);
        let here = self.bytes.keys().filter(|path| source::folder(path) == folder);
        names.extend(here.map(|path| source::file_name(path).to_string()));
        names.sort();
        names.dedup();
        names
    }
}

/// Whether a path leads through a folder of other people's files.
fn is_foreign(path: &str) -> bool {
    path.split('/').any(|part| FOREIGN_FOLDERS.contains(&part))
}
