//! The last lines for people: how much was found, how much was looked at, and what is not shown.

use annotate_snippets::renderer::DEFAULT_EMPHASIS_STYLE;

use crate::reported::{Report, Tally};

/// The last lines.
pub(super) fn text(report: &Report<'_>) -> String {
    let bold = if report.colour {
        DEFAULT_EMPHASIS_STYLE
    } else {
        Default::default()
    };
    let rest = not_shown(report.counts.not_shown);
    let mut text = format!("{bold}{}{bold:#}{rest}\n", found_in_all(report));
    for note in notes(report) {
        text.extend([&note, "\n"]);
    }
    if let Some(first) = report.diagnostics.first() {
        text.push_str(&format!("more about a rule: maillint explain {}\n", first.rule));
    }
    text
}

/// How much was found, and how much of it is not shown.
pub(super) fn first_line(report: &Report<'_>) -> String {
    found_in_all(report) + &not_shown(report.counts.not_shown)
}

fn found_in_all(report: &Report<'_>) -> String {
    let shown = report.shown();
    let counts = report.counts;
    let files = count(counts.files, "file");
    match (shown.total(), counts.not_shown) {
        (1.., _) => format!("{} in {files}", found(shown)),
        (0, Tally { errors: 1.., .. }) => format!("nothing to show in {files}"),
        (0, Tally { warnings: 1.., .. }) => format!("no errors in {files}"),
        (0, Tally { infos: 1.., .. }) => format!("no errors or warnings in {files}"),
        _ if counts.records > 0 => format!("all good: {} in {files} checked", count(counts.records, "record")),
        _ => format!("all good: {files} checked"),
    }
}

/// What was not judged in full, and what is left out, a line for each.
pub(super) fn notes(report: &Report<'_>) -> Vec<String> {
    let known = report.counts.known;
    let on_order = report.left_out.len().saturating_sub(known);
    let notes = [
        (
            report.counts.partly_known,
            "1 value depends on variables or templates and was checked in part",
            "values depend on variables or templates and were checked in part",
        ),
        (known, "1 finding is known already", "findings are known already"),
        (
            on_order,
            "1 finding is left out on order; see it with --no-ignores",
            "findings are left out on order; see them with --no-ignores",
        ),
    ];
    let note = |(number, one, many): (usize, &str, &str)| match number {
        0 => None,
        1 => Some(one.to_string()),
        number => Some(format!("{number} {many}")),
    };
    notes.into_iter().filter_map(note).collect()
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
