//! What the user wants, as plain data that is passed down.

use std::ops::Range;

use crate::{
    diagnostic::Severity,
    globs::Globs,
    limits::Limits,
    presets::{Level, Preset},
    source::Told,
};

/// What is in force for a run.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// Rules or families that are to run alone, as the command line names them; empty for those that run by default and those
    /// that `levels` and `overrides` ask for.
    pub select: Vec<String>,
    /// Rules or families that are not to run, as the command line names them.
    pub ignore: Vec<String>,
    /// What the settings file says of rules and families.
    pub levels: Levels,
    /// The same for some paths, the later before the earlier, and all before `levels`.
    pub overrides: Vec<Override>,
    /// The path of the settings file relative to the root, if there is one.
    pub file: Option<String>,
    /// What the presets ask for, the later before the earlier, and all after what the settings file says itself.
    pub presets: Vec<&'static Preset>,
    /// Where rules draw the line.
    pub limits: Limits,
    /// What is to be known of files.
    pub files: Vec<FileSettings>,
    /// Findings that are left out by path.
    pub ignores: Vec<PathIgnore>,
    /// Patterns of paths that are not read.
    pub exclude: Vec<String>,
    /// The least bad severity that is shown; `None` where the file does not say.
    pub min_severity: Option<Severity>,
    /// The least bad severity that makes the exit code 1; `None` where the file does not say.
    pub fail_on: Option<FailOn>,
}

/// What makes the exit code 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailOn {
    /// A finding of this severity, or a worse one.
    At(Severity),
    /// Nothing.
    Never,
}

/// Levels of rules and families.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Levels(pub Vec<(String, Level)>);

impl Levels {
    /// The level of a rule: its own, else that of its family, else that of `all`; `None` if nothing is said of it.
    pub fn of(&self, id: &str, family: &str) -> Option<Level> {
        let named = |wanted: &str| self.0.iter().find(|(name, _)| name == wanted);
        let found = named(id).or_else(|| named(family)).or_else(|| named("all"));
        found.map(|(_, level)| *level)
    }
}

/// Levels for some paths.
#[derive(Clone, Default, Debug)]
pub struct Override {
    /// Which.
    pub paths: Globs,
    /// What holds there.
    pub levels: Levels,
}

/// What is to be known of some files.
#[derive(Clone, Default, Debug)]
pub struct FileSettings {
    /// The name of the format that they are in; found by their content if `None`.
    pub format: Option<String>,
    /// The rest.
    pub told: Told,
}

/// Findings that are left out by path.
#[derive(Clone, Debug)]
pub struct PathIgnore {
    /// Where.
    pub paths: Globs,
    /// The rules and families, and where they are named in bytes of the settings file.
    pub rules: Vec<(String, Range<usize>)>,
    /// Where the order stands, in bytes of the settings file.
    pub at: Range<usize>,
}

impl Settings {
    /// Whether the settings file lets a rule run, anywhere. `by_default`: whether it runs where nothing is said of it.
    pub fn may_run(&self, id: &str, family: &str, by_default: bool) -> bool {
        let runs = |levels: &Levels| levels.of(id, family).map(|level| level != Level::Off);
        let asked = || self.presets.iter().any(|preset| preset.level(id).is_some());
        runs(&self.levels).unwrap_or_else(|| by_default || asked())
            || self.overrides.iter().any(|one| runs(&one.levels) == Some(true))
    }

    /// What becomes of a rule at a path relative to the root; `None` if nothing is said of it.
    pub fn level(&self, path: &str, id: &str, family: &str) -> Option<Level> {
        let there = self.overrides.iter().rev().filter(|one| one.paths.matches(path));
        there
            .map(|one| one.levels.of(id, family))
            .find(Option::is_some)
            .unwrap_or_else(|| self.levels.of(id, family))
            .or_else(|| self.presets.iter().rev().find_map(|preset| preset.level(id)))
    }
}
