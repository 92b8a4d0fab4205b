//! Annotations of GitHub Actions: `::error file=F,line=L,col=C,endColumn=D,title=T::message`.

use std::io::{self, BufWriter, Write};

use crate::{
    diagnostic::{Diagnostic, Severity},
    report::harmless,
    reported::{Report, without_line_break},
};

/// How many annotations of one kind GitHub shows for a step; it drops the rest in silence.
const SHOWN: usize = 10;
/// How many characters of a message it shows.
const LONGEST: usize = 4096;

/// Writes the findings that GitHub shows, the worst first, and at last how many it does not.
pub fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    let of = |severity: Severity| {
        let all = report.diagnostics.iter().copied();
        all.filter(move |diagnostic| diagnostic.severity == severity)
    };
    let count = |severity: Severity| of(severity).count();
    let is_cut = Severity::ALL.into_iter().any(|severity| count(severity) > SHOWN);
    let mut left_out = 0;
    for severity in Severity::ALL {
        // The last notice is for how many are left out.
        let shown = if is_cut && severity == Severity::Info {
            SHOWN - 1
        } else {
            SHOWN
        };
        for diagnostic in of(severity).take(shown) {
            writeln!(to, "{}", annotation(report, diagnostic))?;
        }
        left_out += count(severity).saturating_sub(shown);
    }
    if left_out > 0 {
        let (findings, are) = if left_out == 1 {
            ("finding", "is")
        } else {
            ("findings", "are")
        };
        writeln!(
            to,
            "::notice title=maillint::{left_out} more {findings} {are} not shown: GitHub shows {SHOWN} of each kind for a step. \
             `maillint --format short` shows all of them."
        )?;
    }
    to.flush()
}

fn annotation(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let source = report.sources.get(diagnostic.primary.span.source);
    let span = without_line_break(source, diagnostic.primary.span);
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    let mut place = format!("line={}", start.line);
    if start.line == end.line {
        place.push_str(&format!(",col={},endColumn={}", start.char, end.char));
    } else {
        place.push_str(&format!(",endLine={}", end.line));
    }
    let mut message = harmless::line(&diagnostic.message, true);
    if let Some(help) = &diagnostic.help {
        message.extend(["\nhelp: ", &harmless::line(help, true)]);
    }
    if let Some((end, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(end);
    }
    format!(
        "::{} file={},{place},title={}::{}",
        match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        },
        // A path that is changed here names no file, and GitHub shows the annotation without one.
        property(&harmless::line(&source.path, true)),
        property(diagnostic.rule),
        data(&message)
    )
}

/// A message as it stands in a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property as it stands in a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
