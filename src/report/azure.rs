//! Issues of Azure Pipelines: `##vso[task.logissue type=T;sourcepath=F;linenumber=L;columnnumber=C;code=R;]message`.

use std::io::{self, BufWriter, Write};

use crate::{
    diagnostic::{Diagnostic, Severity},
    report::{harmless, sentence},
    reported::Report,
};

/// Writes the findings, the worst first: of each type, Azure shows the first ten outside of the log.
pub(super) fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    for severity in Severity::ALL {
        let all = report.diagnostics.iter();
        for diagnostic in all.filter(|diagnostic| diagnostic.severity == severity) {
            writeln!(to, "{}", issue(report, diagnostic))?;
        }
    }
    to.flush()
}

fn issue(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    let source = report.sources.get(span.source);
    let place = source.position(span.start as usize);
    format!(
        "##vso[task.logissue type={};sourcepath={};linenumber={};columnnumber={};code={};]{}",
        match diagnostic.severity {
            Severity::Error => "error",
            // There is nothing below a warning.
            Severity::Warning | Severity::Info => "warning",
        },
        property(&harmless::line(&source.path, true)),
        place.line,
        place.char,
        property(diagnostic.rule),
        data(&sentence::fact_and_help(diagnostic))
    )
}

/// A message as it stands in a command.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property as it stands in a command.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}
