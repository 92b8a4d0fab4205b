//! GitLab's Code Quality report, which is Code Climate's: a JSON array of issues.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use crate::{
    diagnostic::Severity,
    identity,
    report::{harmless, sentence},
    reported::{Report, without_line_break},
};

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'static str,
    description: String,
    categories: [&'static str; 1],
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the findings.
pub(super) fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    // GitLab shows one of those that have the same fingerprint, so the hash alone is not enough.
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    let issues: Vec<Issue<'_>> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let hash = identity::key(diagnostic, report.sources).hash();
            let count = counts.entry(hash).or_default();
            *count += 1;
            let source = report.sources.get(diagnostic.primary.span.source);
            let span = without_line_break(source, diagnostic.primary.span);
            Issue {
                kind: "issue",
                check_name: diagnostic.rule,
                description: sentence::fact_and_help(diagnostic),
                categories: ["Bug Risk"],
                fingerprint: format!("{hash:016x}:{count}"),
                severity: severity(diagnostic.severity),
                location: Location {
                    path: &source.path,
                    lines: Lines {
                        begin: source.position(span.start as usize).line,
                        end: source.position(span.end as usize).line,
                    },
                },
            }
        })
        .collect();
    harmless::json(&issues, to)
}

/// Its name in Code Climate, as converters from SARIF choose it.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
