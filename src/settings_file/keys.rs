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
    /// What holds if it is left out, as it is written; empty if nothing does.
    pub(super) default: &'static str,
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A string.
    Text(Kind),
    /// A list of strings.
    Texts(Kind),
    /// `true` or `false`.
    Truth,
    /// A whole number, from one to another.
    Number(u32, u32),
    /// A table.
    Table(&'static [Key]),
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
    /// A preset.
    Preset,
    /// The name of a format.
    Format,
    /// A domain name.
    Domain,
}

/// The levels of rules.
pub(super) const LEVELS: &[&str] = &["off", "on", "error", "warning", "info"];

const fn key(name: &'static str, shape: Shape, docs: &'static str) -> Key {
    Key {
        name,
        docs,
        shape,
        required: false,
        default: "",
    }
}

const fn with_default(default: &'static str, key: Key) -> Key {
    Key { default, ..key }
}

const fn required(name: &'static str, shape: Shape, docs: &'static str) -> Key {
    Key {
        required: true,
        ..key(name, shape, docs)
    }
}

/// The keys of the file.
pub(super) static KEYS: &[Key] = &[
    with_default(
        "\"warning\"",
        key(
            "min-severity",
            Shape::Text(Kind::OneOf(&["error", "warning", "info"])),
            "The least bad severity that is shown; `warning` if it is left out.",
        ),
    ),
    with_default(
        "\"error\"",
        key(
            "fail-on",
            Shape::Text(Kind::OneOf(&["error", "warning", "info", "never"])),
            "The least bad severity that makes the exit code 1; `error` if it is left out.",
        ),
    ),
    with_default(
        "[]",
        key(
            "exclude",
            Shape::Texts(Kind::Glob),
            "Paths that are not read, relative to the root, written as in .gitignore.",
        ),
    ),
    with_default(
        "[]",
        key(
            "presets",
            Shape::Texts(Kind::Preset),
            "Named sets of severities: what somebody asks of domains. What `rules` and `override` say wins over them.",
        ),
    ),
    with_default(
        "[]",
        key(
            "public-suffixes",
            Shape::Texts(Kind::Domain),
            "Domains right below which others have theirs, besides those of the public suffix list: there one organization \
             ends and others begin.",
        ),
    ),
    key(
        "files",
        Shape::Tables(FILES),
        "What is to be known of files where their content and their path do not tell it.",
    ),
    key(
        "limits",
        Shape::Table(LIMITS),
        "Where rules that are a matter of judgement draw the line.",
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

static LIMITS: &[Key] = &[
    key(
        "spf-ipv4-prefix",
        Shape::Number(1, 32),
        "The shortest prefix of an IPv4 network in SPF that `spf-overbroad-network` passes over; 12 if it is left out.",
    ),
    key(
        "spf-ipv6-prefix",
        Shape::Number(1, 128),
        "The same for IPv6; 24 if it is left out.",
    ),
    key(
        "spf-record-size",
        Shape::Number(100, 65535),
        "From how many octets on `spf-record-size` reports the TXT records at a name; 450 if it is left out.",
    ),
    key(
        "mta-sts-max-age",
        Shape::Number(1, 31_557_600),
        "The shortest `max_age` with `mode: enforce` that `mta-sts-policy-max-age-short` passes over, in seconds; 604800, one \
         week, if it is left out.",
    ),
];

static FILES: &[Key] = &[
    required(
        "paths",
        Shape::Texts(Kind::Glob),
        "The paths, relative to the root, written as in .gitignore.",
    ),
    key(
        "format",
        Shape::Text(Kind::Format),
        "The format that the files are in, whatever they look like.",
    ),
    key(
        "origin",
        Shape::Text(Kind::Domain),
        "The zone that relative names in the files are in.",
    ),
    key(
        "domains",
        Shape::Texts(Kind::Domain),
        "The domains that an MTA-STS policy file is for.",
    ),
    key(
        "view",
        Shape::Text(Kind::Prose),
        "The view that the files belong to: files of one view speak of the same names. By default each folder is a view.",
    ),
    key(
        "whole",
        Shape::Truth,
        "Whether the files hold all records of their zones, so that what is not there does not exist.",
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
