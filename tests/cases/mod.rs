//! Running the rules over files that a test holds in memory, and reading what they found.

#![allow(dead_code, reason = "each test uses a part of it")]

use maillint::{
    check,
    diagnostic::{Diagnostic, Severity},
    formats,
    report::human,
    reported::{Counts, Report},
    rule::Rule,
    rules, run,
    run::Outcome,
    settings::Settings,
    source::{Source, Sources},
    span::{SourceId, Span},
};

/// Files with their paths relative to the root.
pub(crate) fn sources<P: AsRef<str>, B: AsRef<[u8]>>(files: &[(P, B)]) -> Sources {
    let all = files
        .iter()
        .map(|(path, bytes)| Source::new(SourceId(0), path.as_ref().to_string(), bytes.as_ref().to_vec()))
        .collect();
    let mut sources = Sources::new(all);
    formats::survey(&mut sources);
    sources
}

/// What the given rules find in them. Files that end in `.jsonl` are JSON Lines, which nothing is by itself.
pub(crate) fn lint(sources: &Sources, rules: &[&'static Rule]) -> Outcome {
    let mut formats = run::formats(sources);
    for (source, format) in sources.all().iter().zip(&mut formats) {
        if source.path.ends_with(".jsonl") {
            *format = formats::named("jsonl");
        }
    }
    let settings = Settings::default();
    let ignores = run::ignores(sources, &formats, &settings);
    let mut outcome = run::run(sources, &formats, rules, &settings, &ignores);
    outcome.diagnostics = check::fold(outcome.diagnostics);
    outcome
}

/// The rules of these families or with these ids, those that are off by default included if they are named.
pub(crate) fn select(names: &[&str]) -> Vec<&'static Rule> {
    let select = names.iter().map(|name| name.to_string()).collect();
    rules::enabled(&Settings {
        select,
        ..Settings::default()
    })
}

/// A place as `line:column-line:column`, in characters from 1, the end exclusive.
pub(crate) fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.source);
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    format!("{}:{}-{}:{}", start.line, start.char, end.line, end.char)
}

/// What people see of them.
pub(crate) fn human(sources: &Sources, outcome: &Outcome, rules: &[&'static Rule]) -> String {
    let scans = || outcome.inspected.iter().map(|one| &one.scan);
    let report = Report {
        diagnostics: &outcome.diagnostics.iter().collect::<Vec<_>>(),
        left_out: &outcome.left_out.iter().collect::<Vec<_>>(),
        sources,
        rules,
        counts: Counts {
            files: scans().count(),
            records: outcome.inspected.iter().map(|one| one.record_count).sum(),
            partly_known: outcome.inspected.iter().map(|one| one.partly_known).sum(),
            ..Counts::default()
        },
        shown_path: &|path| path.to_string(),
        colour: false,
        hostile_log: false,
        quiet: false,
        statistics: false,
    };
    let mut seen = Vec::new();
    human::write(&report, &mut seen).expect("a vector takes it");
    String::from_utf8_lossy(&seen).into_owned()
}

/// A finding on one line: path, place, severity, id and message.
pub(crate) fn line(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    format!(
        "{}:{} {}[{}] {}",
        sources.get(span.source).path,
        place(sources, span),
        diagnostic.severity.name(),
        diagnostic.rule,
        diagnostic.message
    )
}

/// The severity with this name.
pub(crate) fn severity(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.name() == name)
}
