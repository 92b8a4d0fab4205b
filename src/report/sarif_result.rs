//! One result in SARIF: what a rule found in a line.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    diagnostic::{Diagnostic, Fix, Label, Severity},
    report::{harmless, sentence},
    reported::{Report, without_line_break},
    source::Sources,
    span::Span,
    text::Edit,
};

/// The name of the root that paths are relative to.
pub(super) const ROOT: &str = "%SRCROOT%";
/// How many other places GitHub shows for a result.
const PLACES: usize = 100;
/// How many other places, and other findings in the line, are named in the text.
const NAMED: usize = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Result<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Words,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Repair<'a>>,
}

/// A message.
#[derive(Serialize)]
pub(super) struct Words {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_location_line_hash: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Words>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Repair<'a> {
    description: Words,
    artifact_changes: Vec<Change<'a>>,
    properties: Safety,
}

#[derive(Serialize)]
struct Safety {
    safety: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Inserted<'a>,
}

#[derive(Serialize)]
struct Inserted<'a> {
    text: &'a str,
}

impl Words {
    pub(super) fn new(text: impl Into<String>) -> Words {
        Words { text: text.into() }
    }
}

/// The result for what one rule found in one line, the worst first.
pub(super) fn of<'a>(report: &Report<'_>, findings: &[&'a Diagnostic], fingerprint: Option<String>) -> Result<'a> {
    let first = findings[0];
    let labels = others(findings);
    let related = labels
        .iter()
        .zip(1..)
        .map(|(label, id)| location(report.sources, label, Some(id)));
    Result {
        rule_id: first.rule,
        rule_index: report.rule(first.rule).map(|(index, _)| index),
        level: level(first.severity),
        message: Words::new(message(findings, &labels)),
        locations: [location(report.sources, &first.primary, None)],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: fingerprint,
        },
        fixes: findings
            .iter()
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .map(|fix| repair(report.sources, fix))
            .collect(),
    }
}

/// Its name in SARIF.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// All places but the first one's, each once.
fn others<'a>(findings: &[&'a Diagnostic]) -> Vec<&'a Label> {
    let main = findings.iter().skip(1).map(|diagnostic| &diagnostic.primary);
    let related = findings.iter().flat_map(|diagnostic| &diagnostic.related);
    let mut labels: Vec<&Label> = Vec::new();
    for label in main.chain(related) {
        if labels.len() < PLACES && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// The fact first, since it becomes the title; then what to do, what else is in the line, and links to other places.
fn message(findings: &[&Diagnostic], labels: &[&Label]) -> String {
    let first = findings[0];
    let mut text = sentence(&first.message);
    if let Some(help) = &first.help {
        text.extend([" Help: ", &sentence(help)]);
    }
    let mut said = vec![&first.message];
    for diagnostic in &findings[1..] {
        if said.len() < NAMED && !said.contains(&&diagnostic.message) {
            said.push(&diagnostic.message);
            text.extend([" Also in this line: ", &sentence(&diagnostic.message)]);
        }
    }
    let named: Vec<String> = labels
        .iter()
        .zip(1..)
        .filter(|(label, _)| !label.message.is_empty())
        .take(NAMED)
        .map(|(label, id): (_, usize)| format!("[{}]({id})", link_text(&label.message)))
        .collect();
    if !named.is_empty() {
        text.push_str(&format!(" See: {}.", named.join(", ")));
    }
    text
}

/// A text without links: those would be of the file's making.
fn plain(text: &str) -> String {
    harmless::line(text, true).replace("](", "]\\(")
}

fn sentence(text: &str) -> String {
    sentence::ended(plain(text))
}

fn link_text(text: &str) -> String {
    let text = plain(text);
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn location(sources: &Sources, label: &Label, id: Option<usize>) -> Location {
    let text = plain(&label.message);
    Location {
        id,
        physical_location: Place {
            artifact_location: artifact(sources, label.span),
            region: region(sources, without_line_break(sources.get(label.span.source), label.span)),
        },
        message: Some(text).filter(|text| !text.is_empty()).map(Words::new),
    }
}

fn repair<'a>(sources: &Sources, fix: &'a Fix) -> Repair<'a> {
    let mut by_file: BTreeMap<_, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        by_file.entry(edit.span.source).or_default().push(edit);
    }
    let replacement = |edit: &&'a Edit| Replacement {
        deleted_region: region(sources, edit.span),
        inserted_content: Inserted { text: &edit.new },
    };
    Repair {
        description: Words::new(sentence(&fix.title)),
        artifact_changes: by_file
            .values()
            .map(|edits| Change {
                artifact_location: artifact(sources, edits[0].span),
                replacements: edits.iter().map(replacement).collect(),
            })
            .collect(),
        properties: Safety {
            safety: fix.safety.name(),
        },
    }
}

fn artifact(sources: &Sources, span: Span) -> Artifact {
    Artifact {
        uri: uri(&sources.get(span.source).path),
        uri_base_id: ROOT,
    }
}

fn region(sources: &Sources, span: Span) -> Region {
    let source = sources.get(span.source);
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    Region {
        start_line: start.line,
        start_column: start.utf16,
        end_line: end.line,
        end_column: end.utf16,
    }
}

/// A path as a relative URI: all but the characters that every part of a URI may hold is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
