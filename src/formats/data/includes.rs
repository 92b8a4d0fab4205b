//! `!include` of OctoDNS: another file that stands for a value.

use std::collections::BTreeMap;

use crate::{
    source::{self, Source, Sources},
    span::SourceId,
    syntax::yaml::{self, Kind, Tree, View},
};

/// How many files may be included in one another.
const DEPTH: usize = 8;

/// Whether a file may include others.
fn has_any(source: &Source) -> bool {
    memchr::memmem::find(source.bytes(), b"!include").is_some()
}

/// The paths that a file includes, relative to the root.
pub(super) fn paths(source: &Source) -> Vec<String> {
    paths_of(source, |_| true)
}

/// The same, if the file is one that `is_wanted`.
pub(super) fn paths_of(source: &Source, is_wanted: fn(&Tree) -> bool) -> Vec<String> {
    let tree = has_any(source).then(|| yaml::read(source)).filter(is_wanted);
    tree.map(|tree| paths_in(source, &tree)).unwrap_or_default()
}

fn paths_in(source: &Source, tree: &Tree) -> Vec<String> {
    let views = tree.tagged().filter(is_include);
    views
        .filter_map(|view| source::join(source.folder(), view.value()?))
        .collect()
}

/// Whether a node is an include.
pub(super) fn is_include(view: &View<'_>) -> bool {
    view.tag() == Some("!include")
}

/// The files that files include, and those that these do.
pub(super) struct Includes<'a> {
    sources: &'a Sources,
    trees: BTreeMap<SourceId, Tree>,
}

impl<'a> Includes<'a> {
    /// All that these files include.
    pub(super) fn of(files: &[(&Source, &Tree)], sources: &'a Sources) -> Includes<'a> {
        let mut trees: BTreeMap<SourceId, Tree> = BTreeMap::new();
        let mut paths: Vec<String> = files
            .iter()
            .filter(|(source, _)| has_any(source))
            .flat_map(|(source, tree)| paths_in(source, tree))
            .collect();
        for _ in 0..DEPTH {
            let found = paths.iter().filter_map(|path| sources.at_path(path));
            let new: Vec<&Source> = found.filter(|source| !trees.contains_key(&source.id)).collect();
            paths = Vec::new();
            for source in new {
                let tree = yaml::read(source);
                paths.extend(paths_in(source, &tree));
                trees.insert(source.id, tree);
            }
        }
        Includes { sources, trees }
    }

    /// What a node stands for: itself, or what the file holds that it includes. `None` if that is not there.
    pub(super) fn resolve<'t>(&'t self, view: View<'t>) -> Option<View<'t>> {
        let mut view = view;
        for _ in 0..=DEPTH {
            if !is_include(&view) {
                return Some(view);
            }
            let folder = self.sources.get(view.span().source).folder();
            let path = source::join(folder, view.value()?)?;
            view = self.trees.get(&self.sources.at_path(&path)?.id)?.documents().next()?;
        }
        None
    }

    /// The keys of a mapping and their values, those that it merges from other files last. `None` for what is not there.
    pub(super) fn entries<'t>(&'t self, view: View<'t>) -> Option<Vec<(View<'t>, View<'t>)>> {
        let mut entries = view.entries();
        for merged in view.merged().filter(is_include) {
            for (key, value) in self.resolve(merged)?.entries() {
                if entries.iter().all(|(other, _)| other.value() != key.value()) {
                    entries.push((key, value));
                }
            }
        }
        Some(entries)
    }

    /// The values of keys of a mapping, or of one that it merges.
    pub(super) fn fields<'t, const N: usize>(&'t self, view: View<'t>, keys: &[&str; N]) -> [Option<View<'t>>; N] {
        let mut found = view.fields(keys);
        if self.trees.is_empty() {
            return found;
        }
        for merged in view
            .merged()
            .filter(is_include)
            .filter_map(|merged| self.resolve(merged))
        {
            for (found, merged) in found.iter_mut().zip(merged.fields(keys)) {
                *found = found.or(merged);
            }
        }
        found
    }

    /// The elements of a list, or the one node that stands in its place, each as what it stands for.
    pub(super) fn each<'t>(&'t self, view: View<'t>) -> Vec<Option<View<'t>>> {
        match view.kind() {
            Kind::Sequence => view.items().map(|item| self.resolve(item)).collect(),
            _ => vec![self.resolve(view)],
        }
    }
}
