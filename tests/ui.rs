//! Cases with carets under the places.
//!
//! `tests/ui/<area>/<case>/` is the root of a small repository. Under a line of a zone file, a comment `;~`, in YAML `#~`, marks
//! what is found in that line:
//!
//! ```text
//! example.com.  TXT "v=spf1 mx a" "ll"
//! ;~                           ^^^^^^ error[spf-plus-all] passes every sender
//! ```
//!
//! The carets cover the columns of the place exactly, one stands for an empty place; then severity, id, and a part of the
//! message. `-` in place of `^` is a related place with a part of its label. `;~ @1-5 error[...]` gives columns in numbers,
//! from 1, the end exclusive. Files that have no comments, and places over several lines, are in `expected.txt`:
//! `path:line:column-line:column severity[id] part of the message`. A case runs the rules of its area, `whole` all of
//! them, but some that are off by default run in a case of their own.
//! `human.txt` is what people see of it, for the look and not for the rules; `BLESS=1` writes it.

mod cases;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use libtest_mimic::{Arguments, Failed, Trial};
use maillint::source::{Source, Sources};

/// Rules that are off by default and would speak in most cases, each with the one it runs in.
const ALONE: [(&str, &str); 2] = [
    ("dmarc-policy-not-reject", "policy_not_reject"),
    ("spf-documentation-address", "documentation_addresses"),
];

/// An expected finding, or a related place.
#[derive(Debug)]
struct Expected {
    place: String,
    related: bool,
    head: String,
    message: String,
}

fn files_under(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_under(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// The expectations in the comments of a file.
fn marked(source: &Source) -> Vec<Expected> {
    let mut expected = Vec::new();
    let mut line = 0;
    for number in 1..=source.line_count() {
        let text = String::from_utf8_lossy(source.line(number))
            .trim_end_matches('\r')
            .to_string();
        let Some(marker) = text.strip_prefix(";~").or_else(|| text.strip_prefix("#~")) else {
            line = number;
            continue;
        };
        let (start, end, related, rest) = if let Some(columns) = marker.trim_start().strip_prefix('@') {
            let (columns, rest) = columns.split_once(' ').expect("columns, then a finding");
            let (start, end) = columns.split_once('-').expect("two columns");
            (
                start.parse().expect("a column"),
                end.parse().expect("a column"),
                false,
                rest.to_string(),
            )
        } else {
            let chars: Vec<char> = text.chars().collect();
            let start = (2..chars.len())
                .find(|at| matches!(chars[*at], '^' | '-'))
                .expect("carets");
            let sign = chars[start];
            let end = (start..chars.len())
                .find(|at| chars[*at] != sign)
                .unwrap_or(chars.len());
            (start + 1, end + 1, sign == '-', chars[end..].iter().collect())
        };
        let rest = rest.trim();
        let (head, message) = if related {
            ("", rest)
        } else {
            rest.split_once(' ').unwrap_or((rest, ""))
        };
        let place = format!("{}:{line}:{start}-{line}:{end}", source.path);
        expected.push(Expected {
            place,
            related,
            head: head.to_string(),
            message: message.to_string(),
        });
    }
    expected
}

fn expected_file(text: &str) -> Vec<Expected> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (place, rest) = line.split_once(' ').expect("a place, then a finding");
            let (head, message) = rest.split_once(' ').unwrap_or((rest, ""));
            Expected {
                place: place.to_string(),
                related: false,
                head: head.to_string(),
                message: message.to_string(),
            }
        })
        .collect()
}

/// The place of a finding; one caret stands for an empty place.
fn matches(expected: &Expected, path: &str, place: &str) -> bool {
    let whole = format!("{path}:{place}");
    let empty = {
        let (start, end) = place.split_once('-').unwrap_or((place, ""));
        let next = start
            .rsplit_once(':')
            .and_then(|(line, column)| Some(format!("{line}:{}", column.parse::<usize>().ok()? + 1)));
        (start == end).then(|| format!("{path}:{start}-{}", next.unwrap_or_default()))
    };
    expected.place == whole || empty.is_some_and(|empty| expected.place == empty)
}

fn run(folder: &Path, area: &str) -> Result<(), Failed> {
    let mut paths = Vec::new();
    files_under(folder, &mut paths);
    let mut files = Vec::new();
    let mut expected = Vec::new();
    let mut human = None;
    for path in paths {
        let bytes = fs::read(&path).map_err(|error| error.to_string())?;
        let relative = path
            .strip_prefix(folder)
            .expect("it is below")
            .to_string_lossy()
            .replace('\\', "/");
        match relative.as_str() {
            "expected.txt" => expected.extend(expected_file(&String::from_utf8_lossy(&bytes))),
            "human.txt" => human = Some((path, bytes)),
            _ => files.push((relative, bytes)),
        }
    }
    let sources: Sources = cases::sources(&files);
    expected.extend(sources.all().iter().flat_map(marked));
    let mut rules = cases::select(&[if area == "whole" { "all" } else { area }]);
    rules.retain(|rule| ALONE.iter().all(|(id, case)| *id != rule.id || folder.ends_with(case)));
    let outcome = cases::lint(&sources, &rules);
    let found = &outcome.diagnostics;
    let mut unused: BTreeSet<usize> = (0..expected.len()).filter(|index| !expected[*index].related).collect();
    let mut wrong = Vec::new();
    for diagnostic in found {
        let span = diagnostic.primary.span;
        let (path, place) = (&sources.get(span.source).path, cases::place(&sources, span));
        let head = format!("{}[{}]", diagnostic.severity.name(), diagnostic.rule);
        let hit = unused.iter().copied().find(|index| {
            let expected = &expected[*index];
            matches(expected, path, &place) && expected.head == head && diagnostic.message.contains(&expected.message)
        });
        match hit {
            Some(index) => _ = unused.remove(&index),
            None => wrong.push(format!("not expected: {}", cases::line(&sources, diagnostic))),
        }
    }
    wrong.extend(unused.iter().map(|index| {
        let expected = &expected[*index];
        format!("not found: {} {} {}", expected.place, expected.head, expected.message)
    }));
    for expected in expected.iter().filter(|expected| expected.related) {
        let there = found.iter().flat_map(|diagnostic| &diagnostic.related).any(|label| {
            let path = &sources.get(label.span.source).path;
            matches(expected, path, &cases::place(&sources, label.span)) && label.message.contains(&expected.message)
        });
        if !there {
            wrong.push(format!("no related place: {} {}", expected.place, expected.message));
        }
    }
    if let Some((path, bytes)) = human {
        let seen = cases::human(&sources, &outcome, &rules);
        if env::var_os("BLESS").is_some() {
            fs::write(path, seen).map_err(|error| error.to_string())?;
        } else if seen.as_bytes() != bytes {
            wrong.push(format!("human.txt is another: `BLESS=1` writes\n{seen}"));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut trials = Vec::new();
    let folders = |path: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .collect();
        all.sort();
        all
    };
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    for area in folders(&root) {
        for case in folders(&area) {
            let (area, title) = (name(&area), format!("{}/{}", name(&area), name(&case)));
            trials.push(Trial::test(title, move || run(&case, &area)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
