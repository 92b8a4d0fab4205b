//! How many findings there are of each rule.

use std::{cmp::Reverse, collections::BTreeMap};

use annotate_snippets::renderer::{DEFAULT_ERROR_STYLE, DEFAULT_INFO_STYLE, DEFAULT_WARNING_STYLE};
use serde::Serialize;

use crate::{
    diagnostic::Severity,
    report::{markdown, prose},
    reported::Report,
};

/// How often a rule found something of one severity.
#[derive(Serialize)]
pub(super) struct Row {
    rule: &'static str,
    #[serde(serialize_with = "name")]
    severity: Severity,
    findings: usize,
}

fn name<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.name())
}

/// The counts, the greatest first.
pub(super) fn rows(report: &Report<'_>) -> Vec<Row> {
    let mut counts: BTreeMap<(Severity, &'static str), usize> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        *counts.entry((diagnostic.severity, diagnostic.rule)).or_default() += 1;
    }
    let row = |((severity, rule), findings)| Row {
        rule,
        severity,
        findings,
    };
    let mut rows: Vec<Row> = counts.into_iter().map(row).collect();
    rows.sort_by_key(|row| (Reverse(row.findings), row.severity, row.rule));
    rows
}

/// The counts as a table for people, and an empty line.
pub(super) fn text(report: &Report<'_>) -> String {
    let rows = rows(report);
    let width = |length: fn(&Row) -> usize| rows.iter().map(length).max().unwrap_or(0);
    let digits = width(|row| row.findings.to_string().len());
    let longest = width(|row| row.rule.len());
    let mut text = String::new();
    for row in &rows {
        let style = match row.severity {
            _ if !report.colour => Default::default(),
            Severity::Error => DEFAULT_ERROR_STYLE,
            Severity::Warning => DEFAULT_WARNING_STYLE,
            Severity::Info => DEFAULT_INFO_STYLE,
        };
        let line = format!(
            "{:digits$}  {style}{:7}{style:#}  {:longest$}  {}",
            row.findings,
            row.severity.name(),
            row.rule,
            summary(report, row.rule)
        );
        text.extend([line.trim_end(), "\n"]);
    }
    if !rows.is_empty() && !report.quiet {
        text.push('\n');
    }
    text
}

/// The counts as a table in Markdown; nothing if there are none.
pub(super) fn markdown(report: &Report<'_>) -> String {
    let mut text = String::new();
    for row in rows(report) {
        if text.is_empty() {
            text.push_str("| findings | | rule | finds |\n| ---: | --- | --- | --- |\n");
        }
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            row.findings,
            markdown::severity(row.severity),
            markdown::rule(report, row.rule),
            prose::cell(&summary(report, row.rule))
        ));
    }
    text
}

fn summary(report: &Report<'_>, id: &str) -> String {
    report.rule(id).map_or_else(String::new, |(_, rule)| rule.summary())
}
