//! For reviewdog: `rdjson` is one object, `rdjsonl` a line for each finding.
//!
//! Lines and columns count from 1, columns in bytes. reviewdog puts messages into comments, so they are Markdown.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::{
    diagnostic::{Diagnostic, Severity},
    report::{harmless, prose, sentence},
    reported::{Report, without_line_break},
    source::Sources,
    span::Span,
    text::Edit,
};

/// Edits that reach over more bytes are no suggestion for a comment.
const FAR: usize = 1000;

#[derive(Serialize)]
struct Document<'a> {
    source: Tool,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Finding<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Tool>,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

const TOOL: Tool = Tool {
    name: env!("CARGO_PKG_NAME"),
    url: env!("CARGO_PKG_REPOSITORY"),
};

/// Writes the findings as one object.
pub(super) fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        source: TOOL,
        diagnostics: report
            .diagnostics
            .iter()
            .map(|diagnostic| finding(report, diagnostic, None))
            .collect(),
    };
    harmless::json(&document, to)
}

/// Writes each finding on a line of its own.
pub(super) fn write_lines(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    for diagnostic in report.diagnostics {
        harmless::json_line(&finding(report, diagnostic, Some(TOOL)), &mut to)?;
    }
    to.flush()
}

fn finding<'a>(report: &'a Report<'_>, diagnostic: &Diagnostic, tool: Option<Tool>) -> Finding<'a> {
    let span = diagnostic.primary.span;
    let source = report.sources.get(span.source);
    Finding {
        message: sentence::with_help(diagnostic, prose::markdown),
        location: Location {
            path: &source.path,
            range: range(report.sources, without_line_break(source, span)),
        },
        severity: match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        source: tool,
        code: Code {
            value: diagnostic.rule,
            url: report.rule(diagnostic.rule).map(|(_, rule)| rule.url()),
        },
        suggestions: suggestion(report.sources, diagnostic).into_iter().collect(),
    }
}

/// The repair as one edit of the file that the finding is in, since reviewers take suggestions one by one. `None` if there is
/// none that small.
fn suggestion(sources: &Sources, diagnostic: &Diagnostic) -> Option<Suggestion> {
    let mut edits: Vec<&Edit> = diagnostic.fix.as_ref()?.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let (first, last) = (edits.first()?.span, edits.last()?.span);
    let is_far = edits.len() > 1 && (last.end - first.start) as usize > FAR;
    if is_far || first.source != diagnostic.primary.span.source || first.source != last.source {
        return None;
    }
    let mut text = String::new();
    let mut start = first.start;
    for edit in edits {
        let before = Span {
            start,
            end: edit.span.start,
            ..first
        };
        text.push_str(str::from_utf8(sources.bytes(before)).ok()?);
        text.push_str(&edit.new);
        start = edit.span.end;
    }
    let span = Span { end: last.end, ..first };
    Some(Suggestion {
        range: range(sources, span),
        text,
    })
}

fn range(sources: &Sources, span: Span) -> Range {
    let source = sources.get(span.source);
    let position = |at: u32| {
        let position = source.position(at as usize);
        Position {
            line: position.line,
            column: position.byte,
        }
    };
    Range {
        start: position(span.start),
        end: position(span.end),
    }
}
