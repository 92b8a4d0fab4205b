//! How findings are shown: each output turns a [`Report`] into text.

use std::io::{self, Write};

use crate::reported::Report;

mod changes;
pub mod fingerprint;
mod frame;
pub mod github;
pub mod harmless;
pub mod human;
pub mod json;
pub mod sarif;
mod sarif_result;
pub mod short;
mod summary;
mod window;

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
];
