//! JUnit XML: each file is a suite, and each finding a test that fails.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
};

use crate::{
    diagnostic::Diagnostic,
    report::{harmless, sentence, xml},
    reported::Report,
};

const NAME: &str = env!("CARGO_PKG_NAME");

/// Writes the findings. Where there are none, a test passes: servers take a report without tests for a mistake.
pub(super) fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    let failures = report.diagnostics.len();
    writeln!(to, "{}\n<testsuites{}>", xml::HEAD, totals(NAME, failures))?;
    let of_a_file = report
        .diagnostics
        .chunk_by(|one, next| one.primary.span.source == next.primary.span.source);
    for findings in of_a_file {
        suite(report, findings, &mut to)?;
    }
    if failures == 0 {
        let attributes = xml::attributes(&[("name", "no findings"), ("classname", NAME)]);
        writeln!(to, "  <testsuite{}>", totals(NAME, 0))?;
        writeln!(to, "    <testcase{attributes}/>\n  </testsuite>")?;
    }
    writeln!(to, "</testsuites>")?;
    to.flush()
}

fn totals(name: &str, failures: usize) -> String {
    let tests = failures.max(1).to_string();
    xml::attributes(&[
        ("name", name),
        ("tests", &tests),
        ("failures", &failures.to_string()),
        ("errors", "0"),
    ])
}

/// The findings of one file. A test has the same name in every run, and no other has it, since servers compare runs by names.
fn suite(report: &Report<'_>, findings: &[&Diagnostic], to: &mut dyn Write) -> io::Result<()> {
    let source = report.sources.get(findings[0].primary.span.source);
    let shown_path = harmless::line(&source.path, true);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    writeln!(to, "  <testsuite{}>", totals(&shown_path, findings.len()))?;
    for diagnostic in findings {
        let mut name = name(diagnostic);
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name.push_str(&format!(" ({count})"));
        }
        let line = source.position(diagnostic.primary.span.start as usize).line;
        let test = xml::attributes(&[
            ("name", &name),
            ("classname", &shown_path),
            ("file", &source.path),
            ("line", &line.to_string()),
        ]);
        let failure = xml::attributes(&[
            ("message", &harmless::line(&diagnostic.message, true)),
            ("type", diagnostic.severity.name()),
        ]);
        writeln!(to, "    <testcase{test}>")?;
        writeln!(to, "      <failure{failure}>{}</failure>", text(report, diagnostic))?;
        writeln!(to, "    </testcase>")?;
    }
    writeln!(to, "  </testsuite>")
}

fn name(diagnostic: &Diagnostic) -> String {
    let about = diagnostic.about.as_ref();
    let name = about.map_or_else(
        || diagnostic.rule.to_string(),
        |about| format!("{}: {} {}", diagnostic.rule, about.owner, about.kind),
    );
    harmless::line(name.trim_end(), true)
}

/// What stands below a test that failed.
fn text(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    let source = report.sources.get(span.source);
    let position = source.position(span.start as usize);
    let path = harmless::line(&source.path, true);
    let mut lines = vec![
        format!("{path}:{}:{}", position.line, position.char),
        sentence::fact_and_help(diagnostic),
    ];
    if let Some((_, rule)) = report.rule(diagnostic.rule) {
        lines.push(format!("{}: {}", rule.id, rule.url()));
    }
    let lines: Vec<String> = lines.iter().map(|line| xml::escaped(line)).collect();
    lines.join("\n")
}
