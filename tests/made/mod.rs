//! Findings made by hand, and what the outputs write for them.

use maillint::{
    diagnostic::{Diagnostic, Fix, Label, Safety, Severity},
    report::OUTPUTS,
    reported::{Counts, Report},
    rules,
    source::{Source, Sources},
    span::{SourceId, Span},
    text::Edit,
};

/// The rule that all of them are of.
pub(crate) const RULE: &str = "zone-unterminated-quote";

/// Files with their paths relative to the root.
pub(crate) fn files(files: &[(&str, &[u8])]) -> Sources {
    let all = files
        .iter()
        .map(|(path, bytes)| Source::new(SourceId(0), path.to_string(), bytes.to_vec()));
    Sources::new(all.collect())
}

/// Where `text` stands first in a file.
pub(crate) fn place(sources: &Sources, path: &str, text: &str) -> Span {
    let source = sources.at_path(path).expect("there is such a file");
    let start = source
        .bytes()
        .windows(text.len())
        .position(|window| window == text.as_bytes())
        .expect("the text is in it");
    Span::new(source.id, start..start + text.len())
}

/// A finding without anything but a place.
pub(crate) fn finding(severity: Severity, span: Span, message: &str, label: &str) -> Diagnostic {
    Diagnostic {
        rule: RULE,
        severity,
        message: message.to_string().into(),
        primary: self::label(span, label),
        related: Vec::new(),
        help: None,
        fix: None,
        about: None,
    }
}

/// A place and what to say of it.
pub(crate) fn label(span: Span, message: &str) -> Label {
    Label {
        span,
        message: message.to_string().into(),
    }
}

/// A repair that puts `new` in the places.
pub(crate) fn fix(title: &str, safety: Safety, edits: &[(Span, &str)]) -> Option<Fix> {
    let edit = |(span, new): &(Span, &str)| Edit {
        span: *span,
        new: new.to_string(),
    };
    Some(Fix {
        title: title.to_string().into(),
        safety,
        edits: edits.iter().map(edit).collect(),
    })
}

/// What an output writes, without colours.
pub(crate) fn output(name: &str, sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    output_with(name, sources, diagnostics, |_| {})
}

/// What an output writes for a report that is changed before.
pub(crate) fn output_with(
    name: &str,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    change: impl FnOnce(&mut Report<'_>),
) -> String {
    let mut report = Report {
        diagnostics: &diagnostics.iter().collect::<Vec<_>>(),
        left_out: &[],
        sources,
        rules: &rules::all(),
        counts: Counts {
            files: sources.all().len(),
            ..Counts::default()
        },
        shown_path: &|path| path.to_string(),
        colour: false,
        hostile_log: false,
        quiet: false,
        statistics: false,
    };
    change(&mut report);
    let output = OUTPUTS.iter().find(|output| output.name == name).expect("an output");
    let mut written = Vec::new();
    (output.write)(&report, &mut written).expect("a vector takes it");
    String::from_utf8(written).expect("outputs are UTF-8")
}

/// The output as JSON.
pub(crate) fn json(name: &str, sources: &Sources, diagnostics: &[Diagnostic]) -> serde_json::Value {
    serde_json::from_str(&output(name, sources, diagnostics)).expect("it is JSON")
}
