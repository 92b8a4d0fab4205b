//! How findings are shown: each output turns a [`Report`] into text.

use std::io::{self, Write};

use crate::reported::Report;

mod azure;
mod changes;
mod checkstyle;
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
}

/// All outputs, the default first.
pub static OUTPUTS: &[Output] = &[
    Output {
        name: "human",
        write: human::write,
    },
    Output {
        name: "short",
        write: short::write,
    },
    Output {
        name: "json",
        write: json::write,
    },
    Output {
        name: "sarif",
        write: sarif::write,
    },
    Output {
        name: "github",
        write: github::write,
    },
    Output {
        name: "gitlab",
        write: gitlab::write,
    },
    Output {
        name: "azure",
        write: azure::write,
    },
    Output {
        name: "markdown",
        write: markdown::write,
    },
    Output {
        name: "junit",
        write: junit::write,
    },
    Output {
        name: "checkstyle",
        write: checkstyle::write,
    },
    Output {
        name: "rdjson",
        write: rdjson::write,
    },
    Output {
        name: "rdjsonl",
        write: rdjson::write_lines,
    },
];
