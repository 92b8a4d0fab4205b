//! The examples in the documentation of rules: which files they are, and what is found in them.
//!
//! The words behind the backticks are the format and, if it matters, the path: ```` ```zone ````,
//! ```` ```mta-sts .well-known/mta-sts ````, ```` ```yaml ````, ```` ```json ````, ```` ```hcl ````, ```` ```jsonl ````, or
//! ```` ```files ```` with a line `==> path <==` before each file. ```` ```zone-crlf ```` has lines that end in CR LF,
//! ```` ```zone-bom ```` a byte order mark before them. In ```` ```mta-sts-escaped ```` and the like, `\r` and `\xFF` stand for
//! bytes, and `\{600}` at the end of a line for so many of it. In ```` ```files ````, `==> path (before) <==` is the file as
//! another revision has it, and `==> path (earlier) <==` as one before that; what is not given is the same as in the next.

use std::collections::BTreeMap;

use crate::{
    check,
    diagnostic::Diagnostic,
    format::Format,
    formats,
    report::human,
    reported::{Counts, Report},
    rule::Rule,
    rules, run,
    settings::Settings,
    source::{Source, Sources},
    span::SourceId,
    sts::Before,
};

/// The time of all examples: 2024-01-03 04:05:06 UTC.
const TIME: u64 = 1_704_254_706;

/// Paths and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// An example in the documentation of a rule.
#[derive(Debug)]
pub struct Example {
    /// Whether the rule has nothing to say of it.
    pub is_good: bool,
    /// The files: paths and bytes.
    pub files: Files,
    /// Those of them that another revision has, or has otherwise.
    pub before: Files,
    /// Those that one before that has otherwise.
    pub earlier: Files,
}

/// The examples of a rule, the bad ones first. Those in a format that is not known have no files.
pub fn all(rule: &Rule) -> Vec<Example> {
    let mut examples = Vec::new();
    for (title, is_good) in [("Bad", false), ("Good", true)] {
        let section = rule.section(title);
        let mut lines = section.lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let files = files(info, &body);
            let (earlier, files) = marked(files, " (earlier)");
            let (before, files) = marked(files, " (before)");
            examples.push(Example {
                is_good,
                files,
                before,
                earlier,
            });
        }
    }
    examples
}

fn files(info: &str, lines: &[&str]) -> Files {
    let (format, path) = info.split_once(' ').unwrap_or((info, ""));
    let (format, is_escaped) = match format.strip_suffix("-escaped") {
        Some(format) => (format, true),
        None => (format, false),
    };
    let text = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let default = match format {
        "zone" | "zone-crlf" | "zone-bom" => "example.com.zone",
        "mta-sts" => ".well-known/mta-sts.txt",
        "jsonl" => "records.jsonl",
        "yaml" => "example.com.yaml",
        "json" => "records.json",
        "hcl" => "main.tf",
        "files" => return several(lines),
        _ => return Vec::new(),
    };
    let bytes = match format {
        _ if is_escaped => lines.iter().flat_map(|line| unescaped(line)).collect(),
        "zone-crlf" => text(lines).replace('\n', "\r\n").into_bytes(),
        "zone-bom" => format!("\u{feff}{}", text(lines)).into_bytes(),
        _ => text(lines).into_bytes(),
    };
    vec![(if path.is_empty() { default } else { path }.to_string(), bytes)]
}

/// Files, each behind a line with its path.
fn several(lines: &[&str]) -> Files {
    let mut files: Files = Vec::new();
    for line in lines {
        match line.strip_prefix("==> ").and_then(|line| line.strip_suffix(" <==")) {
            Some(path) => files.push((path.to_string(), Vec::new())),
            None => {
                if let Some((_, bytes)) = files.last_mut() {
                    bytes.extend(line.bytes().chain([b'\n']));
                }
            }
        }
    }
    files
}

/// The files whose path is followed by a mark, without it, and the others.
fn marked(files: Files, mark: &str) -> (Files, Files) {
    let (mut with, without): (Files, Files) = files.into_iter().partition(|(path, _)| path.ends_with(mark));
    for (path, _) in &mut with {
        path.truncate(path.len() - mark.len());
    }
    (with, without)
}

/// The bytes of a line in which `\r` and `\xFF` stand for bytes, and `\{600}` at its end for so many of it.
fn unescaped(line: &str) -> Vec<u8> {
    let repeated = line.strip_suffix('}').and_then(|line| line.rsplit_once("\\{"));
    let (line, times) = match repeated.and_then(|(line, times)| Some((line, times.parse().ok()?))) {
        Some((line, times)) => (line, times),
        None => (line, 1),
    };
    let mut parts = line.split('\\');
    let mut bytes: Vec<u8> = parts.next().unwrap_or_default().bytes().collect();
    for part in parts {
        let hex = part.strip_prefix('x').and_then(|hex| hex.split_at_checked(2));
        let (byte, rest) = match (part.strip_prefix('r'), hex) {
            (Some(rest), _) => (Some(b'\r'), rest),
            (None, Some((hex, rest))) => (u8::from_str_radix(hex, 16).ok(), rest),
            (None, None) => (None, part),
        };
        bytes.extend(byte);
        bytes.extend(rest.bytes());
    }
    bytes.push(b'\n');
    bytes.repeat(times)
}

/// Files of a revision, and their formats.
type Revision = (Sources, Vec<Option<&'static Format>>);

/// The files, and in place of those with the same path others.
fn revision(files: &[(String, Vec<u8>)], others: &[&[(String, Vec<u8>)]]) -> Revision {
    let mut all: BTreeMap<&str, &[u8]> = files.iter().map(|(path, bytes)| (path.as_str(), &bytes[..])).collect();
    let others = others.iter().copied().flatten();
    all.extend(others.map(|(path, bytes)| (path.as_str(), &bytes[..])));
    let all = all
        .into_iter()
        .map(|(path, bytes)| Source::new(SourceId(0), path.to_string(), bytes.to_vec()));
    let mut sources = Sources::new(all.collect());
    formats::survey(&mut sources);
    let mut formats = run::formats(&sources);
    for (source, format) in sources.all().iter().zip(&mut formats) {
        // Nothing is JSON Lines by itself.
        if source.path.ends_with(".jsonl") {
            *format = formats::named("jsonl");
        }
    }
    (sources, formats)
}

/// What a rule finds in the files of an example, and the files.
pub fn findings(rule: &'static Rule, example: &Example) -> (Sources, Vec<Diagnostic>) {
    let (sources, formats) = revision(&example.files, &[]);
    // Whether an order in a comment is needed, the other rules tell.
    let ran = match rule.family() {
        "ignore" => rules::all(),
        _ => vec![rule],
    };
    let said = |others: &[&[(String, Vec<u8>)]]| {
        let (sources, formats) = revision(&example.files, others);
        run::said(&sources, &formats)
    };
    let earlier = said(&[&example.before, &example.earlier]);
    let before = Before {
        said: said(&[&example.before]),
        time: Some(TIME),
        earlier: &|kept| earlier.get(kept.domain).cloned().into_iter().collect(),
    };
    let settings = Settings::default();
    let ignores = run::ignores(&sources, &formats, &settings);
    let outcome = run::run_since(Some(&before), &sources, &formats, &ran, &settings, &ignores);
    let mut found = check::fold(outcome.diagnostics);
    found.retain(|diagnostic| diagnostic.rule == rule.id);
    (sources, found)
}

/// What people are told of the first bad example of a rule, without colours.
pub fn printed(rule: &'static Rule) -> String {
    let examples = all(rule);
    let Some(example) = examples.iter().find(|example| !example.is_good) else {
        return String::new();
    };
    let (sources, found) = findings(rule, example);
    let report = Report {
        diagnostics: &found.iter().collect::<Vec<_>>(),
        left_out: &[],
        sources: &sources,
        rules: &[rule],
        counts: Counts::default(),
        shown_path: &|path| path.to_string(),
        colour: false,
        hostile_log: false,
        quiet: true,
        statistics: false,
    };
    let mut shown = Vec::new();
    match human::write(&report, &mut shown) {
        Ok(()) => String::from_utf8_lossy(&shown).trim_end().to_string(),
        Err(_) => String::new(),
    }
}
