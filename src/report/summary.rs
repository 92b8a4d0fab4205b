//! The last lines for people: how much was found, how much was looked at, and what is not shown.

use annotate_snippets::renderer::DEFAULT_EMPHASIS_STYLE;

use crate::reported::{Report, Tally};

/// The last lines.
pub(super) fn text(report: &Report<'_>) -> String {
    let shown = report.shown();
    let counts = report.counts;
    let files = count(counts.files, "file");
    let first = match (shown.total(), counts.not_shown) {
        (1.., _) => format!("{} in {files}", found(shown)),
        (0, Tally { errors: 1.., .. }) => format!("nothing to show in {files}"),
        (0, Tally { warnings: 1.., .. }) => format!("no errors in {files}"),
        (0, Tally { infos: 1.., .. }) => format!("no errors or warnings in {files}"),
        _ if counts.records > 0 => format!("all good: {} in {files} checked", count(counts.records, "record")),
        _ => format!("all good: {files} checked"),
    };
    let bold = if report.colour {
        DEFAULT_EMPHASIS_STYLE
    } else {
        Default::default()
    };
    let mut text = format!("{bold}{first}{bold:#}{}\n", not_shown(counts.not_shown));
    match counts.partly_known {
        0 => {}
        1 => text.push_str("1 value depends on variables or templates and was checked in part\n"),
        many => text.push_str(&format!(
            "{many} values depend on variables or templates and were checked in part\n"
        )),
    }
    match counts.known {
        0 => {}
        1 => text.push_str("1 finding is known already\n"),
        many => text.push_str(&format!("{many} findings are known already\n")),
    }
    match report.left_out.len().saturating_sub(counts.known) {
        0 => {}
        1 => text.push_str("1 finding is left out on order; see it with --no-ignores\n"),
        many => text.push_str(&format!(
            "{many} findings are left out on order; see them with --no-ignores\n"
        )),
    }
    if let Some(first) = report.diagnostics.first() {
        text.push_str(&format!("more about a rule: maillint explain {}\n", first.rule));
    }
    text
}

/// Such as `2 errors, 1 warning`.
fn found(tally: Tally) -> String {
    let parts: Vec<String> = [
        (tally.errors, "error"),
        (tally.warnings, "warning"),
        (tally.infos, "info"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| count(number, word))
    .collect();
    parts.join(", ")
}

fn not_shown(tally: Tally) -> String {
    if tally.total() == 0 {
        return String::new();
    }
    let lowest = match tally {
        Tally { infos: 1.., .. } => "info",
        Tally { warnings: 1.., .. } => "warning",
        _ => "error",
    };
    let them = if tally.total() == 1 { "it" } else { "them" };
    format!(" ({} not shown; see {them} with --min-severity {lowest})", found(tally))
}

fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
