//! Findings in whole sentences, on one line.

use crate::{diagnostic::Diagnostic, report::harmless};

/// What is wrong, and what to do.
pub(super) fn fact_and_help(diagnostic: &Diagnostic) -> String {
    with_help(diagnostic, |text| harmless::line(text, true))
}

/// What is wrong, and what to do, with both in the words that `written` gives.
pub(super) fn with_help(diagnostic: &Diagnostic, written: impl Fn(&str) -> String) -> String {
    let mut text = ended(written(&diagnostic.message));
    if let Some(help) = &diagnostic.help {
        text.extend([" Help: ", &ended(written(help))]);
    }
    text
}

/// A text with a full stop at its end, or whatever else ends it.
pub(super) fn ended(mut text: String) -> String {
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}
