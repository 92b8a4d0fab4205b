//! Every example in every rule's documentation does what it says.
//!
//! The words behind the backticks are the format and, if it matters, the path: ```` ```zone ````,
//! ```` ```mta-sts .well-known/mta-sts ````, or ```` ```files ```` with a line `==> path <==` before each file.
//! ```` ```zone-crlf ```` has lines that end in CR LF, ```` ```zone-bom ```` a byte order mark before them.

mod cases;

use maillint::{rule::Rule, rules};

#[derive(Debug)]
struct Example {
    good: bool,
    files: Vec<(String, String)>,
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
            let default = match format {
                "zone" | "zone-crlf" | "zone-bom" => "example.com.zone",
                "mta-sts" => ".well-known/mta-sts.txt",
                "files" => "",
                other => panic!("{}: no format `{other}`", rule.id),
            };
            let body = match format {
                "zone-crlf" => body.replace('\n', "\r\n"),
                "zone-bom" => format!("\u{feff}{body}"),
                _ => body,
            };
            let files = if format == "files" {
                let mut files: Vec<(String, String)> = Vec::new();
                for line in body.lines() {
                    match line.strip_prefix("==> ").and_then(|line| line.strip_suffix(" <==")) {
                        Some(path) => files.push((path.to_string(), String::new())),
                        None => {
                            let (_, text) = files.last_mut().expect("a path comes first");
                            text.push_str(line);
                            text.push('\n');
                        }
                    }
                }
                files
            } else {
                vec![(if path.is_empty() { default } else { path }.to_string(), body)]
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
            let found = cases::lint(&sources, &[rule]).diagnostics;
            let shown: Vec<String> = found
                .iter()
                .map(|diagnostic| cases::line(&sources, diagnostic))
                .collect();
            assert_eq!(
                found.is_empty(),
                example.good,
                "{}: {example:#?}\nfound {shown:#?}",
                rule.id
            );
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
