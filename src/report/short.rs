//! One line for each finding, for editors and problem matchers: `path:line:column: severity: message [rule-id]`.

use std::io::{self, BufWriter, Write};

use crate::{report::harmless, reported::Report};

/// Writes the findings.
pub fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    for diagnostic in report.diagnostics {
        writeln!(
            to,
            "{}: {}: {} [{}]",
            harmless::place(report, diagnostic.primary.span),
            diagnostic.severity.name(),
            harmless::line(&diagnostic.message, report.hostile_log),
            diagnostic.rule
        )?;
    }
    to.flush()
}
