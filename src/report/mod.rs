//! How findings are shown: each output turns a [`Report`] into text.

use std::io::{self, Write};

use crate::reported::Report;

mod azure;
mod changes;
mod checkstyle;
pub mod effect;
pub mod fingerprint;
mod frame;
pub mod github;
mod gitlab;
pub mod harmless;
pub mod human;
pub mod json;
mod junit;
mod markdown;
mod prose;
mod rdjson;
pub mod sarif;
mod sarif_result;
mod sentence;
pub mod short;
mod statistics;
mod summary;
mod window;
mod xml;

/// A way to show findings.
#[derive(Debug)]
pub struct Output {
    /// Its name in options.
    pub name: &'static str,
    /// Writes the findings.
    pub write: fn(&Report<'_>, &mut dyn Write) -> io::Result<()>,
    /// Whether it shows how many findings there are of each rule, when that is wanted.
    pub counts: bool,
}

/// All outputs, the default first.
pub static OUTPUTS: &[Output] = &[
    Output {
        name: "human",
        write: human::write,
        counts: true,
    },
    Output {
        name: "short",
        write: short::write,
        counts: false,
    },
    Output {
        name: "json",
        write: json::write,
        counts: true,
    },
    Output {
        name: "sarif",
        write: sarif::write,
        counts: false,
    },
    Output {
        name: "github",
        write: github::write,
        counts: false,
    },
    Output {
        name: "gitlab",
        write: gitlab::write,
        counts: false,
    },
    Output {
        name: "azure",
        write: azure::write,
        counts: false,
    },
    Output {
        name: "markdown",
        write: markdown::write,
        counts: true,
    },
    Output {
        name: "junit",
        write: junit::write,
        counts: false,
    },
    Output {
        name: "checkstyle",
        write: checkstyle::write,
        counts: false,
    },
    Output {
        name: "rdjson",
        write: rdjson::write,
        counts: false,
    },
    Output {
        name: "rdjsonl",
        write: rdjson::write_lines,
        counts: false,
    },
];
