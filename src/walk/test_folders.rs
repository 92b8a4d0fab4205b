//! Folders in which programs keep files for their tests. What looks like records there is made up, and nobody publishes it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{name::Name, suffix};

/// Words of which such a folder has one in its name.
const WORDS: [&str; 11] = [
    "fixture",
    "fixtures",
    "regression",
    "tdir",
    "test",
    "testcase",
    "testcases",
    "testdata",
    "tests",
    "testsuite",
    "tpkg",
];

/// Files that lie where the source of a program does.
const PROGRAMS: [&str; 17] = [
    "CMakeLists.txt",
    "Cargo.toml",
    "Makefile.PL",
    "Makefile.am",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "configure.ac",
    "go.mod",
    "meson.build",
    "mix.exs",
    "package.json",
    "pom.xml",
    "pyproject.toml",
    "rebar.config",
    "setup.cfg",
    "setup.py",
];

/// What was found out of the folders below one that is read.
#[derive(Debug)]
pub(super) struct TestFolders<'a> {
    root: &'a Path,
    /// The folder that is read, without links.
    start: PathBuf,
    /// The outermost folder of tests that a folder is, or lies in.
    known: BTreeMap<PathBuf, Option<PathBuf>>,
    programs: BTreeMap<PathBuf, bool>,
}

impl<'a> TestFolders<'a> {
    /// Below `start`, which is in `root`. Whoever names a folder of tests wants to read it: below that, there is none.
    pub(super) fn below(root: &'a Path, start: PathBuf) -> TestFolders<'a> {
        TestFolders {
            root,
            start,
            known: BTreeMap::new(),
            programs: BTreeMap::new(),
        }
    }

    /// The outermost folder of tests that `folder` is, or lies in.
    pub(super) fn around(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let found = self.outermost(folder);
        self.known.insert(folder.to_path_buf(), found.clone());
        found
    }

    fn outermost(&mut self, folder: &Path) -> Option<PathBuf> {
        let is_named = |path: &Path| {
            path.file_name()
                .is_some_and(|name| is_of_tests(&name.to_string_lossy()))
        };
        let above_start = self.start.ancestors().take_while(|path| *path != self.root);
        if above_start.into_iter().any(is_named) {
            return None;
        }
        let start = self.start.clone();
        let mut folders: Vec<&Path> = folder.ancestors().take_while(|path| *path != start).collect();
        folders.reverse();
        folders
            .into_iter()
            .find(|path| is_named(path) && self.is_of_program(path))
            .map(Path::to_path_buf)
    }

    /// Whether a folder is one of a program, up to the root.
    fn is_of_program(&mut self, folder: &Path) -> bool {
        let root = self.root;
        let mut above = folder.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
        above.any(|folder| {
            *self
                .programs
                .entry(folder.to_path_buf())
                .or_insert_with(|| PROGRAMS.iter().any(|name| folder.join(name).is_file()))
        })
    }
}

/// Whether a folder is one of tests, by its name; one that has the name of a domain is not.
fn is_of_tests(name: &str) -> bool {
    let is_domain = Name::parse(name).is_some_and(|name| name.label_count() > 1 && suffix::has_known_tld(&name));
    let mut words = name.split(['-', '_', '.']);
    !is_domain && words.any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}
