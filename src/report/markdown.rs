//! GitHub-flavoured Markdown, for the summary of a job and for comments.

use std::io::{self, BufWriter, Write};

use crate::{
    diagnostic::{Diagnostic, Severity},
    report::{harmless, prose, statistics, summary},
    reported::Report,
};

/// GitHub drops a summary of more than 1 MiB (1,048,576 bytes); what is left is for whatever else the step has to say.
const LONGEST: usize = 1_000_000;

/// Writes the findings as a table, the worst first, or how many there are of each rule.
pub(super) fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    let (mut head, mut notes) = (String::new(), String::new());
    if !report.quiet {
        head = format!("### maillint: {}\n\n", summary::first_line(report));
        let lines = summary::notes(report).into_iter().map(|line| format!("- {line}\n"));
        notes = lines.collect();
    }
    to.write_all(head.as_bytes())?;
    if report.statistics {
        to.write_all(statistics::markdown(report).as_bytes())?;
    } else if !report.diagnostics.is_empty() {
        table(report, LONGEST - head.len() - notes.len(), &mut to)?;
    }
    if !notes.is_empty() {
        write!(to, "\n{notes}")?;
    }
    to.flush()
}

/// As many rows as there is room for.
fn table(report: &Report<'_>, room: usize, to: &mut dyn Write) -> io::Result<()> {
    const HEAD: &str = "| | place | what is wrong | rule |\n| --- | --- | --- | --- |\n";
    let mut room = room.saturating_sub(HEAD.len() + not_shown(report.diagnostics.len()).len());
    let mut worst_first = report.diagnostics.to_vec();
    worst_first.sort_by_key(|diagnostic| diagnostic.severity);
    to.write_all(HEAD.as_bytes())?;
    for (index, diagnostic) in worst_first.iter().enumerate() {
        let row = row(report, diagnostic);
        if row.len() > room {
            return to.write_all(not_shown(worst_first.len() - index).as_bytes());
        }
        room -= row.len();
        to.write_all(row.as_bytes())?;
    }
    Ok(())
}

fn not_shown(number: usize) -> String {
    let (findings, are) = if number == 1 {
        ("finding", "is")
    } else {
        ("findings", "are")
    };
    format!(
        "\n{number} more {findings} {are} not shown, since GitHub takes no more text; `maillint --format short` shows all.\n"
    )
}

fn row(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    let source = report.sources.get(span.source);
    let position = source.position(span.start as usize);
    let path = harmless::line(&source.path, true);
    let mut what = prose::cell(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        what.extend([" <br>→ ", &prose::cell(help)]);
    }
    format!(
        "| {} | {} | {what} | {} |\n",
        severity(diagnostic.severity),
        prose::code_in_cell(&format!("{path}:{}:{}", position.line, position.char)),
        rule(report, diagnostic.rule)
    )
}

/// Its name, as it stands in a table.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The rule, with a link to its documentation.
pub(super) fn rule(report: &Report<'_>, id: &str) -> String {
    match report.rule(id) {
        Some((_, rule)) => format!("[{id}]({})", rule.url()),
        None => prose::code_in_cell(id),
    }
}
