//! The keys of a settings file, as a table: it is what the reader goes by, and what the schema is made of.

/// A key, and what stands behind it.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// What it is for, in a sentence.
    pub(super) docs: &'static str,
    /// What stands behind it.
    pub(super) shape: Shape,
    /// Whether it may not be left out.
    pub(super) required: bool,
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A string.
    Text(Kind),
    /// A list of strings.
    Texts(Kind),
    /// A table with names of rules and families as keys, and a level behind each.
    Levels,
    /// Any number of tables.
    Tables(&'static [Key]),
}

/// What a string is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Any text that is not empty.
    Prose,
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// A pattern of paths.
    Glob,
    /// A rule, a family, or `all`.
    Rule,
}

/// The levels of rules.
pub(super) const LEVELS: &[&str] = &["off", "on", "error", "warning", "info"];

const fn key(name: &'static str, shape: Shape, docs: &'static str) -> Key {
    Key {
        name,
        docs,
        shape,
        required: false,
    }
}

const fn required(name: &'static str, shape: Shape, docs: &'static str) -> Key {
    Key {
        required: true,
        ..key(name, shape, docs)
    }
}

/// The keys of the file.
pub(super) static KEYS: &[Key] = &[
    key(
        "min-severity",
        Shape::Text(Kind::OneOf(&["error", "warning", "info"])),
        "The least bad severity that is shown; `warning` if it is left out.",
    ),
    key(
        "fail-on",
        Shape::Text(Kind::OneOf(&["error", "warning", "info", "never"])),
        "The least bad severity that makes the exit code 1; `error` if it is left out.",
    ),
    key(
        "exclude",
        Shape::Texts(Kind::Glob),
        "Paths that are not read, relative to the root, written as in .gitignore.",
    ),
    key(
        "rules",
        Shape::Levels,
        "What becomes of rules and families: `off`, `on`, or the severity that they report with.",
    ),
    key(
        "override",
        Shape::Tables(OVERRIDE),
        "What becomes of rules and families for some paths; of several that match, the last one counts.",
    ),
    key(
        "ignore",
        Shape::Tables(IGNORE),
        "Findings that are left out by path, for files that have no comments.",
    ),
];

static OVERRIDE: &[Key] = &[
    required(
        "paths",
        Shape::Texts(Kind::Glob),
        "The paths, relative to the root, written as in .gitignore.",
    ),
    required(
        "rules",
        Shape::Levels,
        "What becomes of rules and families there: `off`, `on`, or a severity.",
    ),
];

static IGNORE: &[Key] = &[
    required(
        "paths",
        Shape::Texts(Kind::Glob),
        "The paths, relative to the root, written as in .gitignore.",
    ),
    required(
        "rules",
        Shape::Texts(Kind::Rule),
        "The rules and families whose findings are left out there.",
    ),
    required(
        "reason",
        Shape::Text(Kind::Prose),
        "Why: whoever reads it later has to know whether it still holds.",
    ),
];
