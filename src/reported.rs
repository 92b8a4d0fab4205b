//! What is handed to an output: findings that are chosen and in order, and all that it takes to show them.

use crate::{
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    source::{Source, Sources},
    span::Span,
};

/// What an output shows. It decides nothing about what is shown.
pub struct Report<'a> {
    /// The findings, in the order of path, place, rule.
    pub diagnostics: &'a [&'a Diagnostic],
    /// The findings that are left out on someone's order, in the same order; those that are too harmless to be shown are not
    /// among them.
    pub left_out: &'a [&'a Diagnostic],
    /// The files they are in.
    pub sources: &'a Sources,
    /// All rules that ran, whether they found something or not, in a fixed order.
    pub rules: &'a [&'a Rule],
    /// How much was looked at.
    pub counts: Counts,
    /// The path of a file, relative to the root, as people can open it from where they are.
    pub shown_path: &'a dyn Fn(&str) -> String,
    /// Whether text for people has colours.
    pub colour: bool,
    /// Whether something reads the log and obeys commands in it, so that what a file says is broken up where it looks like
    /// one.
    pub hostile_log: bool,
    /// Whether text for people is the findings and nothing else.
    pub quiet: bool,
    /// Whether it is wanted how many findings there are of each rule.
    pub statistics: bool,
}

/// How much was looked at, and what is not shown of what was found.
#[derive(Clone, Copy, Default, Debug)]
pub struct Counts {
    /// Files that were read.
    pub files: usize,
    /// Records in them.
    pub records: usize,
    /// Values that the files do not tell in full.
    pub partly_known: usize,
    /// Findings that are too harmless to be shown.
    pub not_shown: Tally,
    /// How many of the findings that are left out are so because they are known already.
    pub known: usize,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
}

impl Tally {
    /// Counts findings.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Tally {
        let mut tally = Tally::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Info => tally.infos += 1,
            }
        }
        tally
    }

    /// Both together.
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            infos: self.infos + other.infos,
        }
    }

    /// How many there are that are as bad as `limit`, or worse.
    pub fn up_to(self, limit: Severity) -> usize {
        match limit {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Info => self.total(),
        }
    }

    /// How many there are of all severities.
    pub fn total(self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

impl Report<'_> {
    /// How many findings are shown.
    pub fn shown(&self) -> Tally {
        Tally::of(self.diagnostics.iter().copied())
    }

    /// The rule with this id, and its index among those that ran.
    pub fn rule(&self, id: &str) -> Option<(usize, &Rule)> {
        let index = self.rules.iter().position(|rule| rule.id == id)?;
        Some((index, self.rules[index]))
    }
}

/// The place without the line break at its end: what is shown of it must not reach into the next line.
pub fn without_line_break(source: &Source, span: Span) -> Span {
    let bytes = source.at(span);
    let rest = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let rest = if rest.len() < bytes.len() {
        rest.strip_suffix(b"\r").unwrap_or(rest)
    } else {
        rest
    };
    Span {
        end: span.start + rest.len() as u32,
        ..span
    }
}
