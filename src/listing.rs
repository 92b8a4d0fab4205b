//! Lists of records and of rules, as tables and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    presentation,
    record::{Record, Scan},
    report::{harmless, json},
    rule::{self, FixKind, Rule},
    source::Sources,
};

/// The records that a server would load, each with what it was read with, by place.
fn published(scans: &[Scan]) -> impl Iterator<Item = (&'static str, &Record)> {
    scans.iter().flat_map(|scan| {
        scan.records
            .iter()
            .filter(|record| record.loads)
            .map(|record| (scan.format, record))
    })
}

/// Records as a table: owner, TTL, type, value, place.
pub fn records_table(
    scans: &[Scan],
    sources: &Sources,
    shown_path: &dyn Fn(&str) -> String,
    to: &mut dyn Write,
) -> io::Result<()> {
    let width = published(scans)
        .map(|(_, record)| record.owner.to_string().chars().count())
        .max()
        .unwrap_or(0)
        .min(40);
    for (_, record) in published(scans) {
        let source = sources.get(record.span.source);
        let position = source.position(record.span.start as usize);
        let ttl = record.ttl().map_or("-".to_string(), |ttl| ttl.to_string());
        let kind = rule::kind(record, sources);
        writeln!(
            to,
            "{:width$}  {ttl:>6}  {kind:5}  {}  ({}:{})",
            harmless::line(&record.owner.to_string(), false),
            harmless::line(&presentation::value(record, sources), false),
            harmless::line(&shown_path(&source.path), false),
            position.line
        )?;
    }
    Ok(())
}

/// What each file is read as, and why the others are left.
pub fn files_table(
    scans: &[Scan],
    sources: &Sources,
    left: &[(String, &'static str)],
    shown_path: &dyn Fn(&str) -> String,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for source in sources.all() {
        let scan = scans.iter().find(|scan| scan.source == source.id);
        let is_part = || {
            scans
                .iter()
                .any(|scan| scan.records.iter().any(|record| record.span.source == source.id))
        };
        let what = match scan {
            Some(scan) => match (scan.records.len(), scan.policies.len()) {
                (0, 1..) => format!("{}, a policy", scan.format),
                (1, _) => format!("{}, 1 record", scan.format),
                (many, _) => format!("{}, {many} records", scan.format),
            },
            None if is_part() => "a part of another file".to_string(),
            None => "tells of other files".to_string(),
        };
        lines.push((source.path.clone(), what));
    }
    lines.extend(left.iter().map(|(path, why)| (path.clone(), format!("left: {why}"))));
    lines.sort();
    let shown = |path: &str| harmless::line(&shown_path(path), false);
    let width = lines.iter().map(|(path, _)| shown(path).chars().count()).max();
    let width = width.unwrap_or(0).min(60);
    for (path, what) in &lines {
        writeln!(to, "{:width$}  {what}", shown(path))?;
    }
    Ok(())
}

/// Records in zone-file notation. What a file does not tell stands there as `{?}`.
pub fn records_zone(scans: &[Scan], sources: &Sources, to: &mut dyn Write) -> io::Result<()> {
    for (_, record) in published(scans) {
        let ttl = record.ttl().map(|ttl| format!("{ttl} ")).unwrap_or_default();
        let owner = record.owner.to_string();
        let dot = if owner == "." { "" } else { "." };
        let (kind, value) = (rule::kind(record, sources), presentation::value(record, sources));
        writeln!(
            to,
            "{}{dot} {ttl}IN {kind} {}",
            harmless::line(&owner, false),
            harmless::line(&value, false)
        )?;
    }
    Ok(())
}

#[derive(Serialize)]
struct RecordJson {
    owner: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    strings: Option<Vec<String>>,
    value: String,
    holes: Vec<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
    format: &'static str,
    path: String,
    span: json::Place,
}

/// Records as one JSON object (version 1).
pub fn records_json(scans: &[Scan], sources: &Sources, to: &mut dyn Write) -> io::Result<()> {
    write!(to, "{{\"version\": 1, \"records\": [")?;
    for (index, (format, record)) in published(scans).enumerate() {
        let (value, holes) = match record.txt() {
            Some(txt) => {
                let shown = presentation::text(&txt.text);
                (shown.value, shown.holes)
            }
            None => (presentation::value(record, sources), Vec::new()),
        };
        let one = RecordJson {
            owner: record.owner.to_string(),
            kind: rule::kind(record, sources).into_owned(),
            strings: record.txt().map(presentation::strings),
            value,
            holes: holes.into_iter().map(|range| [range.start, range.end]).collect(),
            ttl: record.ttl(),
            format,
            path: sources.get(record.span.source).path.clone(),
            span: json::place(sources, record.span),
        };
        write!(to, "{}\n  ", if index == 0 { "" } else { "," })?;
        serde_json::to_writer(&mut *to, &one)?;
    }
    writeln!(to, "\n]}}")
}

/// The name of the best repair that a rule offers.
fn fix_name(fix: FixKind) -> &'static str {
    match fix {
        FixKind::None => "none",
        FixKind::Unsafe => "unsafe",
        FixKind::Safe => "safe",
    }
}

fn severities(rule: &Rule) -> String {
    let names: Vec<&str> = rule.severities.iter().map(|severity| severity.name()).collect();
    names.join("/")
}

fn specification(rule: &Rule) -> String {
    let parts = rule
        .spec()
        .into_iter()
        .map(|(document, section)| match section.is_empty() {
            true => document,
            false => format!("{document}, {section}"),
        });
    parts.collect::<Vec<String>>().join("; ")
}

/// Rules as a table: id, severities, repair, summary.
pub fn rules_table(rules: &[&Rule], to: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        let off = if rule.on_by_default { "" } else { " (off by default)" };
        writeln!(
            to,
            "{:width$}  {:18}  {:6}  {}{off}",
            rule.id,
            severities(rule),
            fix_name(rule.fix),
            rule.summary()
        )?;
    }
    Ok(())
}

/// Rules as a Markdown table.
pub fn rules_markdown(rules: &[&Rule], to: &mut dyn Write) -> io::Result<()> {
    writeln!(
        to,
        "| Rule | Severity | Fix | Specification | Summary |\n| --- | --- | --- | --- | --- |"
    )?;
    for rule in rules {
        let off = if rule.on_by_default { "" } else { " *(off by default)*" };
        writeln!(
            to,
            "| [`{}`]({}) | {} | {} | {} | {}{off} |",
            rule.id,
            rule.url(),
            severities(rule),
            fix_name(rule.fix),
            specification(rule),
            rule.summary().replace('|', "\\|")
        )?;
    }
    Ok(())
}

#[derive(Serialize)]
struct RuleJson<'a> {
    id: &'a str,
    family: &'a str,
    severities: Vec<&'a str>,
    on_by_default: bool,
    fix: &'a str,
    summary: String,
    spec: Vec<SpecJson>,
    url: String,
    documentation: &'a str,
}

#[derive(Serialize)]
struct SpecJson {
    document: String,
    section: String,
}

/// Rules as one JSON object (version 1).
pub fn rules_json(rules: &[&Rule], to: &mut dyn Write) -> io::Result<()> {
    let all: Vec<RuleJson<'_>> = rules
        .iter()
        .map(|rule| RuleJson {
            id: rule.id,
            family: rule.family(),
            severities: rule.severities.iter().map(|severity| severity.name()).collect(),
            on_by_default: rule.on_by_default,
            fix: fix_name(rule.fix),
            summary: rule.summary(),
            spec: rule
                .spec()
                .into_iter()
                .map(|(document, section)| SpecJson { document, section })
                .collect(),
            url: rule.url(),
            documentation: rule.docs,
        })
        .collect();
    serde_json::to_writer_pretty(&mut *to, &serde_json::json!({"version": 1, "rules": all}))?;
    writeln!(to)
}
