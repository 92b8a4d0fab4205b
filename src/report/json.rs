//! For programs: one JSON object, whose fields do not change within a version.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::{
    diagnostic::{Diagnostic, Fix, Label},
    report::{
        harmless,
        statistics::{self, Row},
    },
    reported::Report,
    source::Sources,
    span::Span,
};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    #[serde(serialize_with = "findings")]
    diagnostics: &'a Report<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Vec<Row>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    records: usize,
    partly_known: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    path: &'a str,
    span: Place,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Record<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spec: Vec<Specification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Repair<'a>>,
    suppressed: bool,
}

#[derive(Serialize)]
struct Related<'a> {
    path: &'a str,
    span: Place,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

#[derive(Serialize)]
struct Record<'a> {
    owner: &'a str,
    #[serde(rename = "type", skip_serializing_if = "str::is_empty")]
    kind: &'a str,
    format: &'a str,
}

#[derive(Serialize)]
struct Specification {
    document: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    section: String,
}

#[derive(Serialize)]
struct Repair<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    path: &'a str,
    span: Place,
    new: &'a str,
}

/// A place: bytes from 0, lines and columns from 1, columns in characters, the end exclusive.
#[derive(Serialize)]
pub(crate) struct Place {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    offset: u32,
    line: usize,
    column: usize,
}

/// Writes the findings as one object.
pub fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let all = report.shown().plus(report.counts.not_shown);
    let document = Document {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        diagnostics: report,
        statistics: report.statistics.then(|| statistics::rows(report)),
        summary: Summary {
            files: report.counts.files,
            records: report.counts.records,
            partly_known: report.counts.partly_known,
            errors: all.errors,
            warnings: all.warnings,
            infos: all.infos,
            suppressed: report.left_out.len(),
        },
    };
    harmless::json(&document, to)
}

/// One finding after the other, so that they are never all in memory twice.
fn findings<S: Serializer>(report: &&Report<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let shown = report.diagnostics.iter().map(|diagnostic| (*diagnostic, false));
    let mut all: Vec<(&Diagnostic, bool)> = shown.collect();
    all.extend(report.left_out.iter().map(|diagnostic| (*diagnostic, true)));
    if !report.left_out.is_empty() {
        all.sort_by_key(|(diagnostic, _)| (diagnostic.primary.span, diagnostic.rule));
    }
    let findings = all
        .into_iter()
        .map(|(diagnostic, suppressed)| finding(report, diagnostic, suppressed));
    serializer.collect_seq(findings)
}

fn finding<'a>(report: &'a Report<'_>, diagnostic: &'a Diagnostic, suppressed: bool) -> Finding<'a> {
    let sources = report.sources;
    let rule = report.rule(diagnostic.rule).map(|(_, rule)| rule);
    let specification = |(document, section)| Specification { document, section };
    Finding {
        rule: diagnostic.rule,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        path: path(sources, diagnostic.primary.span),
        span: place(sources, diagnostic.primary.span),
        label: &diagnostic.primary.message,
        related: diagnostic.related.iter().map(|label| related(sources, label)).collect(),
        record: diagnostic.about.as_ref().map(|about| Record {
            owner: &about.owner,
            kind: &about.kind,
            format: about.format,
        }),
        spec: rule
            .into_iter()
            .flat_map(|rule| rule.spec())
            .map(specification)
            .collect(),
        url: rule.map(|rule| rule.url()),
        fix: diagnostic.fix.as_ref().map(|fix| repair(sources, fix)),
        suppressed,
    }
}

fn related<'a>(sources: &'a Sources, label: &'a Label) -> Related<'a> {
    Related {
        path: path(sources, label.span),
        span: place(sources, label.span),
        label: &label.message,
    }
}

fn repair<'a>(sources: &'a Sources, fix: &'a Fix) -> Repair<'a> {
    let change = |edit: &'a crate::text::Edit| Change {
        path: path(sources, edit.span),
        span: place(sources, edit.span),
        new: &edit.new,
    };
    Repair {
        title: &fix.title,
        safety: fix.safety.name(),
        edits: fix.edits.iter().map(change).collect(),
    }
}

fn path(sources: &Sources, span: Span) -> &str {
    &sources.get(span.source).path
}

pub(crate) fn place(sources: &Sources, span: Span) -> Place {
    let point = |offset: u32| {
        let position = sources.get(span.source).position(offset as usize);
        Point {
            offset,
            line: position.line,
            column: position.char,
        }
    };
    Place {
        start: point(span.start),
        end: point(span.end),
    }
}
