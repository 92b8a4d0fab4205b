//! For people: findings under the lines they are in, the way rustc shows them.

use std::io::{self, BufWriter, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{
    diagnostic::{Diagnostic, Label, Severity},
    report::{
        changes,
        frame::{self, Block},
        harmless, statistics, summary,
        window::Window,
    },
    reported::{Report, without_line_break},
    source::Source,
    span::Span,
};

/// Places further apart than this many lines are drawn apart.
const APART: usize = 300;
/// A place over more lines than this is drawn by its first line.
const TALL: usize = 60;
/// How many other places are drawn for a finding.
const MANY: usize = 10;

/// Writes the findings, or how many there are of each rule, and then how many there are.
pub fn write(report: &Report<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    if report.statistics {
        to.write_all(statistics::text(report).as_bytes())?;
    } else {
        for diagnostic in report.diagnostics {
            writeln!(to, "{}", finding(report, diagnostic))?;
        }
    }
    if !report.quiet {
        to.write_all(summary::text(report).as_bytes())?;
    }
    to.flush()
}

fn finding(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let renderer = renderer(report);
    let level = level(diagnostic.severity);
    let title = level
        .clone()
        .primary_title(harmless::line(&diagnostic.message, report.hostile_log));
    let title = title.id(diagnostic.rule);
    let mut blocks = vec![Block::Title(renderer.render(&[Group::with_title(title)]))];
    for (index, part) in parts(report, diagnostic).iter().enumerate() {
        // Two colons at the start of a line open a command.
        let is_first = index == 0 || report.hostile_log;
        let arrow = if is_first { "-->" } else { ":::" };
        blocks.push(Block::Header(arrow, harmless::place(report, part.labels[0].span)));
        let snippet = annotated(report, part, index == 0);
        blocks.push(Block::Lines(
            renderer.render(&[Group::with_level(level.clone()).element(snippet)]),
        ));
    }
    if let Some(more) = diagnostic.related.len().checked_sub(MANY).filter(|more| *more > 0) {
        let places = if more == 1 { "place" } else { "places" };
        blocks.push(Block::Note(
            "note",
            format!("{more} more {places}, which `--format json` names"),
        ));
    }
    if let Some(help) = &diagnostic.help {
        blocks.push(Block::Note("help", harmless::line(help, report.hostile_log)));
    }
    if let Some(specification) = specification(report, diagnostic) {
        blocks.push(Block::Note("note", specification));
    }
    if let Some(fix) = &diagnostic.fix {
        changes::draw(report, &renderer, fix, diagnostic.primary.span.source, &mut blocks);
    }
    frame::text(&blocks, report.colour)
}

fn renderer(report: &Report<'_>) -> Renderer {
    let renderer = if report.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // The lines are cut already, to where the places are.
    renderer.hyperlink(false).term_width(usize::MAX / 4)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// Lines of one file, and the places in them.
struct Part<'a> {
    source: &'a Source,
    labels: Vec<&'a Label>,
}

/// The places by the lines they are drawn in. The main one is the first of all.
fn parts<'a>(report: &Report<'a>, diagnostic: &'a Diagnostic) -> Vec<Part<'a>> {
    let file = |label: &Label| report.sources.get(label.span.source);
    let line = |label: &Label| file(label).position(label.span.start as usize).line;
    let main = &diagnostic.primary;
    let mut parts = vec![Part {
        source: file(main),
        labels: vec![main],
    }];
    let mut related: Vec<&Label> = diagnostic.related.iter().take(MANY).collect();
    related.sort_by_key(|label| (label.span.source != main.span.source, label.span));
    for label in related {
        let near = |part: &&mut Part<'_>| {
            part.source.id == label.span.source
                && part
                    .labels
                    .iter()
                    .any(|other| line(other).abs_diff(line(label)) <= APART)
        };
        match parts.iter_mut().find(near) {
            Some(part) => part.labels.push(label),
            None => parts.push(Part {
                source: file(label),
                labels: vec![label],
            }),
        }
    }
    parts
}

fn annotated<'a>(report: &Report<'_>, part: &Part<'_>, has_main: bool) -> Snippet<'a, Annotation<'a>> {
    let places: Vec<_> = part
        .labels
        .iter()
        .map(|label| drawn(part.source, label.span).range())
        .collect();
    let window = Window::new(part.source, &places, report.hostile_log);
    let annotations: Vec<_> = part
        .labels
        .iter()
        .zip(&places)
        .enumerate()
        .map(|(index, (label, place))| {
            let is_main = has_main && index == 0;
            let kind = if is_main {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let text = harmless::line(&label.message, report.hostile_log);
            kind.span(window.place(place))
                .label(Some(text).filter(|text| !text.is_empty()))
        })
        .collect();
    Snippet::source(window.text)
        .line_start(window.first_line)
        .annotations(annotations)
}

/// The place as it is drawn: never into the next line, and of a very tall one just its first line.
fn drawn(source: &Source, span: Span) -> Span {
    let span = without_line_break(source, span);
    let first = source.position(span.start as usize).line;
    if source.position(span.end as usize).line - first <= TALL {
        return span;
    }
    let end = source.line_start(first) + source.line(first).len();
    Span {
        end: end as u32,
        ..span
    }
}

/// The sections that the rule rests on.
fn specification(report: &Report<'_>, diagnostic: &Diagnostic) -> Option<String> {
    let (_, rule) = report.rule(diagnostic.rule)?;
    let documents: Vec<String> = rule
        .spec()
        .into_iter()
        .map(|(document, section)| {
            if section.is_empty() {
                document
            } else {
                format!("{document}, section {section}")
            }
        })
        .collect();
    (!documents.is_empty()).then(|| documents.join("; "))
}
