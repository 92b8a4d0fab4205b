//! The XML of Checkstyle, which many servers read.

use std::io::{self, BufWriter, Write};

use crate::{
    report::{sentence, xml},
    reported::Report,
};

/// Writes the findings, one after the other below their files.
pub(super) fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    writeln!(to, "{}\n<checkstyle version=\"4.3\">", xml::HEAD)?;
    let of_a_file = report
        .diagnostics
        .chunk_by(|one, next| one.primary.span.source == next.primary.span.source);
    for findings in of_a_file {
        let source = report.sources.get(findings[0].primary.span.source);
        writeln!(to, "  <file{}>", xml::attributes(&[("name", &source.path)]))?;
        for diagnostic in findings {
            let place = source.position(diagnostic.primary.span.start as usize);
            let attributes = xml::attributes(&[
                ("line", &place.line.to_string()),
                ("column", &place.char.to_string()),
                ("severity", diagnostic.severity.name()),
                ("message", &sentence::fact_and_help(diagnostic)),
                ("source", &format!("{}.{}", env!("CARGO_PKG_NAME"), diagnostic.rule)),
            ]);
            writeln!(to, "    <error{attributes}/>")?;
        }
        writeln!(to, "  </file>")?;
    }
    writeln!(to, "</checkstyle>")?;
    to.flush()
}
