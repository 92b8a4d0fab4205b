//! The files that loaded ones refer to.

use std::{collections::BTreeSet, fs, io, path::Path};

use super::{Entry, Problem};
use crate::{
    formats,
    source::{SIZE_MAX, Source},
    span::SourceId,
};

/// A tree of files, whose paths are relative to the root.
pub(super) trait Tree {
    /// The folder on disk that the paths are relative to.
    fn root(&self) -> &Path;
    /// The bytes of the file at a path; `None` if there is none, and none that may be read.
    fn bytes(&self, path: &str) -> Option<io::Result<Vec<u8>>>;
    /// The names of what lies right in a folder, which has no final `/` and is empty at the root.
    fn names(&self, folder: &str) -> Vec<String>;
}

/// The tree on disk below this root.
pub(super) struct Disk<'a>(pub(super) &'a Path);

impl Tree for Disk<'_> {
    fn root(&self) -> &Path {
        self.0
    }

    fn bytes(&self, path: &str) -> Option<io::Result<Vec<u8>>> {
        let file = self.0.join(path);
        let inside = fs::canonicalize(&file).is_ok_and(|real| real.starts_with(self.0));
        match fs::metadata(&file) {
            Ok(meta) if meta.is_file() && inside && meta.len() <= SIZE_MAX as u64 => Some(fs::read(&file)),
            _ => None,
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }
}

/// Loads the files that loaded ones refer to, until there are no more. `unread`: those that were asked for, and hold nothing by
/// themselves.
pub(super) fn refer(read: &mut Vec<Entry>, tree: &impl Tree, unread: &BTreeSet<String>, problems: &mut Vec<Problem>) {
    let mut known: BTreeSet<String> = read
        .iter()
        .flat_map(|(path, source, _)| std::iter::once(path.clone()).chain(source.links.iter().cloned()))
        .collect();
    let mut looked_at = BTreeSet::new();
    let mut next = 0;
    while next < read.len() {
        let wanted: Vec<String> = match &read[next] {
            (_, source, Some(format)) => (format.looks_at)(source),
            _ => Vec::new(),
        };
        next += 1;
        // A folder is listed once for all files that look at it.
        let new: Vec<String> = wanted
            .into_iter()
            .filter(|path| looked_at.insert(path.clone()))
            .collect();
        for path in new.into_iter().flat_map(|path| listed(tree, path)) {
            if !known.insert(path.clone()) {
                continue;
            }
            match tree.bytes(&path) {
                Some(Ok(bytes)) => {
                    let mut source = Source::new(SourceId(0), path.clone(), bytes);
                    source.asked = unread.contains(&path);
                    let format = formats::of(&source).filter(|_| !formats::is_companion(&source));
                    read.push((path, source, format));
                }
                Some(Err(error)) => problems.push(Problem {
                    path: tree.root().join(&path),
                    what: format!("cannot be read: {error}"),
                    is_failure: true,
                }),
                None => {}
            }
        }
    }
}

/// A path, or the files right in a folder for a path that ends in `/`, or in `/*` and how their names end, between commas.
fn listed(tree: &impl Tree, path: String) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let Some(ending) = name.strip_prefix('*').or(name.is_empty().then_some("")) else {
        return vec![path];
    };
    let slash = if folder.is_empty() { "" } else { "/" };
    let mut paths: Vec<String> = (tree.names(folder).iter())
        .filter(|name| ending.split(',').any(|ending| name.ends_with(ending)))
        .map(|name| format!("{folder}{slash}{name}"))
        .collect();
    paths.sort();
    paths
}
