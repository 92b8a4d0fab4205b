//! SARIF 2.1.0, for code scanning, editors and viewers.
//!
//! Lines and columns count from 1, columns in UTF-16 code units, and paths are relative to the root of the repository.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use crate::{
    diagnostic::{Diagnostic, Severity},
    explain::{self, Look},
    report::{
        fingerprint::{self, Fingerprint},
        harmless,
        sarif_result::{self, Result, Words, level},
    },
    reported::Report,
    rule::Rule,
    span::SourceId,
};

/// GitHub refuses a file with more results.
const RESULTS: usize = 25_000;
/// GitHub refuses descriptions of more characters.
const DESCRIPTION: usize = 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'static str, Root>,
    column_kind: &'static str,
    results: Vec<Result<'a>>,
}

#[derive(Serialize)]
struct Root {
    description: Words,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Description>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    id: &'static str,
    short_description: Words,
    full_description: Words,
    default_configuration: Configuration,
    help_uri: String,
    help: Help,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<&'static str>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Words,
}

/// Writes the findings as one run.
pub fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut groups = groups(report);
    let left_out = groups.len().saturating_sub(RESULTS);
    if left_out > 0 {
        keep_worst(&mut groups);
    }
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: driver(report.rules),
            },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications(left_out),
            }],
            original_uri_base_ids: BTreeMap::from([(
                sarif_result::ROOT,
                Root {
                    description: Words::new("The root of the repository."),
                },
            )]),
            column_kind: "utf16CodeUnits",
            results: results(report, &groups),
        }],
    };
    harmless::json(&log, to)
}

fn results<'a>(report: &Report<'_>, groups: &[Group<'a>]) -> Vec<Result<'a>> {
    let fingerprints = fingerprints(report, groups);
    let fingerprint = |group: &Group<'_>| {
        fingerprints
            .get(&(group.source, group.start))
            .map(Fingerprint::to_string)
    };
    groups
        .iter()
        .map(|group| sarif_result::of(report, &group.findings, fingerprint(group)))
        .collect()
}

/// The findings of one rule in one line: they have one fingerprint, so they are one result.
struct Group<'a> {
    source: SourceId,
    /// Where the line starts.
    start: usize,
    severity: Severity,
    /// The worst first.
    findings: Vec<&'a Diagnostic>,
}

fn groups<'a>(report: &Report<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: BTreeMap<(SourceId, usize, &str), usize> = BTreeMap::new();
    for diagnostic in report.diagnostics.iter().copied() {
        let span = diagnostic.primary.span;
        let source = report.sources.get(span.source);
        let start = source.line_start(source.position(span.start as usize).line);
        let index = *known
            .entry((span.source, start, diagnostic.rule))
            .or_insert(groups.len());
        if index == groups.len() {
            groups.push(Group {
                source: span.source,
                start,
                severity: diagnostic.severity,
                findings: Vec::new(),
            });
        }
        groups[index].severity = groups[index].severity.min(diagnostic.severity);
        groups[index].findings.push(diagnostic);
    }
    for group in &mut groups {
        group.findings.sort_by_key(|diagnostic| diagnostic.severity);
    }
    groups
}

/// Leaves the worst, as many as GitHub takes, in their order.
fn keep_worst(groups: &mut Vec<Group<'_>>) {
    let mut severities: Vec<Severity> = groups.iter().map(|group| group.severity).collect();
    severities.sort();
    let last = severities[RESULTS - 1];
    let mut of_last = severities[..RESULTS]
        .iter()
        .filter(|severity| **severity == last)
        .count();
    groups.retain(|group| {
        if group.severity == last && of_last > 0 {
            of_last -= 1;
            return true;
        }
        group.severity < last
    });
}

/// The fingerprints of the lines that something is found in.
fn fingerprints(report: &Report<'_>, groups: &[Group<'_>]) -> BTreeMap<(SourceId, usize), Fingerprint> {
    let mut wanted: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
    for group in groups {
        wanted.entry(group.source).or_default().push(group.start);
    }
    let mut found = BTreeMap::new();
    for (id, mut starts) in wanted {
        starts.sort_unstable();
        fingerprint::lines(report.sources.get(id).bytes(), |line| {
            if starts.binary_search(&line.start).is_ok() {
                found.insert((id, line.start), line);
            }
        });
    }
    found
}

fn notifications(left_out: usize) -> Vec<Notification> {
    let text = match left_out {
        0 => return Vec::new(),
        1 => "1 result of the least severity is left out".to_string(),
        many => format!("{many} results of the least severities are left out"),
    };
    vec![Notification {
        level: "warning",
        message: Words::new(format!("{text}: code scanning takes {RESULTS} results of a run.")),
    }]
}

fn driver(rules: &[&Rule]) -> Driver {
    Driver {
        name: env!("CARGO_PKG_NAME"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: rules.iter().map(|rule| description(rule)).collect(),
    }
}

fn description(rule: &Rule) -> Description {
    let worst = rule.severities.first().copied().unwrap_or(Severity::Info);
    let cut = |text: String| Words::new(text.chars().take(DESCRIPTION).collect::<String>());
    Description {
        id: rule.id,
        short_description: cut(format!("{}.", rule.summary())),
        full_description: cut(explain::reason(rule)),
        default_configuration: Configuration { level: level(worst) },
        help_uri: rule.url(),
        help: Help {
            text: explain::text(rule, Look::PLAIN),
            markdown: explain::markdown(rule),
        },
        properties: Properties {
            tags: vec!["dns", "email", rule.family()],
            precision: "high",
            severity: match worst {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
        },
    }
}
