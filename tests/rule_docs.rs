//! Every example in every rule's documentation does what it says.
//!
//! The words behind the backticks are the format and, if it matters, the path: ```` ```zone ````,
//! ```` ```mta-sts .well-known/mta-sts ````, ```` ```yaml ````, ```` ```json ````, ```` ```hcl ````, or ```` ```files ```` with a line `==> path <==` before each file.
//! ```` ```zone-crlf ```` has lines that end in CR LF, ```` ```zone-bom ```` a byte order mark before them. In
//! ```` ```mta-sts-escaped ```` and the like, `\r` and `\xFF` stand for bytes, and `\{600}` at the end of a line for so many
//! of it.

mod cases;

use maillint::{rule::Rule, rules};

struct Example {
    good: bool,
    files: Vec<(String, Vec<u8>)>,
}

/// The bytes of a body in which `\r` and `\xFF` stand for bytes, and `\{600}` at the end of a line for so many of it.
fn unescaped(body: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in body.lines() {
        let (line, times) = match line.strip_suffix('}').and_then(|line| line.rsplit_once("\\{")) {
            Some((line, times)) => (line, times.parse().expect("a number of lines")),
            None => (line, 1),
        };
        let mut unescaped = Vec::new();
        let mut parts = line.split('\\');
        unescaped.extend(parts.next().unwrap_or_default().bytes());
        for part in parts {
            let (byte, rest) = match part.strip_prefix('x') {
                Some(hex) => (u8::from_str_radix(&hex[..2], 16).expect("two digits"), &hex[2..]),
                None => (b'\r', part.strip_prefix('r').expect("no other escape")),
            };
            unescaped.push(byte);
            unescaped.extend(rest.bytes());
        }
        unescaped.push(b'\n');
        bytes.extend(unescaped.repeat(times));
    }
    bytes
}

fn examples(rule: &Rule) -> Vec<Example> {
    let mut examples = Vec::new();
    for (title, good) in [("Bad", false), ("Good", true)] {
        let section = rule.section(title);
        let mut lines = section.lines();
        while let Some(line) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let body: String = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .map(|line| format!("{line}\n"))
                .collect();
            let (format, path) = info.split_once(' ').unwrap_or((info, ""));
            let (format, is_escaped) = match format.strip_suffix("-escaped") {
                Some(format) => (format, true),
                None => (format, false),
            };
            let default = match format {
                "zone" | "zone-crlf" | "zone-bom" => "example.com.zone",
                "mta-sts" => ".well-known/mta-sts.txt",
                "jsonl" => "records.jsonl",
                "yaml" => "example.com.yaml",
                "json" => "records.json",
                "hcl" => "main.tf",
                "files" => "",
                other => panic!("{}: no format `{other}`", rule.id),
            };
            let body = match format {
                "zone-crlf" => body.replace('\n', "\r\n"),
                "zone-bom" => format!("\u{feff}{body}"),
                _ => body,
            };
            let files = if format == "files" {
                let mut files: Vec<(String, Vec<u8>)> = Vec::new();
                for line in body.lines() {
                    match line.strip_prefix("==> ").and_then(|line| line.strip_suffix(" <==")) {
                        Some(path) => files.push((path.to_string(), Vec::new())),
                        None => {
                            let (_, text) = files.last_mut().expect("a path comes first");
                            text.extend(line.bytes());
                            text.push(b'\n');
                        }
                    }
                }
                files
            } else {
                let path = if path.is_empty() { default } else { path };
                let bytes = if is_escaped {
                    unescaped(&body)
                } else {
                    body.into_bytes()
                };
                vec![(path.to_string(), bytes)]
            };
            examples.push(Example { good, files });
        }
    }
    examples
}

#[test]
fn examples_do_what_they_say() {
    for rule in rules::all() {
        for example in examples(rule) {
            let sources = cases::sources(&example.files);
            // Whether an order is needed, the other rules tell.
            let ran = match rule.family() {
                "ignore" => rules::all(),
                _ => vec![rule],
            };
            let mut found = cases::lint(&sources, &ran).diagnostics;
            found.retain(|diagnostic| diagnostic.rule == rule.id);
            let shown: Vec<String> = found
                .iter()
                .map(|diagnostic| cases::line(&sources, diagnostic))
                .collect();
            let files: String = example
                .files
                .iter()
                .map(|(path, bytes)| format!("==> {path} <==\n{}", String::from_utf8_lossy(bytes)))
                .collect();
            assert_eq!(found.is_empty(), example.good, "{}:\n{files}found {shown:#?}", rule.id);
        }
    }
}

#[test]
fn every_rule_is_documented() {
    for rule in rules::all() {
        assert!(!rule.summary().is_empty(), "{}: no summary", rule.id);
        for title in ["Bad", "Good", "When to ignore", "Source"] {
            assert!(!rule.section(title).is_empty(), "{}: no section `{title}`", rule.id);
        }
        let kinds: Vec<bool> = examples(rule).iter().map(|example| example.good).collect();
        assert!(
            kinds.contains(&true) && kinds.contains(&false),
            "{}: needs good and bad examples",
            rule.id
        );
        assert!(!rule.family().is_empty(), "{}: no family", rule.id);
        assert!(
            !rule.severities.is_empty() && rule.severities.is_sorted(),
            "{}: severities",
            rule.id
        );
    }
}
