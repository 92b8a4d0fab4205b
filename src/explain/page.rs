//! The pages that people read: one for each rule, and an index.

use super::block::{Block, blocks, facts, fence, introduced, link, severities, ways};
use crate::{
    diagnostic::Severity,
    rule::{FAMILIES, FixKind, Rule},
};

/// What families are about.
const ABOUT: &[(&str, &str)] = &[
    (
        "bimi",
        "Logos beside mail: TXT records at `<selector>._bimi`. They follow a draft, and `bimi = \"off\"` switches all of them off.",
    ),
    ("data", "Files of YAML, JSON and HCL that hold records."),
    (
        "dkim",
        "Keys that signatures of mail are checked with: TXT records at `<selector>._domainkey`.",
    ),
    (
        "dmarc",
        "What receivers do with mail that only seems to come from a domain: TXT records at `_dmarc`.",
    ),
    ("ignore", "Comments that order maillint to leave out findings."),
    ("jsonl", "Lines of JSON that hold records or answers."),
    (
        "mta-sts",
        "TLS for mail to a domain: TXT records at `_mta-sts`, and policy files.",
    ),
    ("mx", "Where mail for a domain goes."),
    ("names", "Records at names where nobody looks for them."),
    ("parked", "Domains that neither send mail nor take any."),
    (
        "spf",
        "Which hosts may send mail for a domain: TXT records that begin with `v=spf1`.",
    ),
    (
        "tls-rpt",
        "Reports about TLS for mail to a domain: TXT records at `_smtp._tls`.",
    ),
    ("tlsa", "Certificates of mail hosts in DNS (DANE): TLSA records."),
    ("ttl", "How long answers are remembered."),
    ("zone", "The notation of zone files, and what servers make of it."),
];

const MADE: &str = "<!-- Generated from src/rules; `BLESS=1 cargo test --test reference` writes it again. -->\n";

/// The page of a rule. `printed` is what maillint prints of its first bad example, `related` are the others of its theme.
pub fn page(rule: &Rule, printed: &str, related: &[&Rule]) -> String {
    let mut text = format!("# {}\n\n{MADE}\n{}.\n\n| | |\n| --- | --- |\n", rule.id, rule.summary());
    text.push_str(&format!("| Family | [{0}](README.md#{0}) |\n", rule.family()));
    for (name, value) in facts(rule) {
        text.push_str(&format!("| {name} | {value} |\n"));
    }
    let mut section = "";
    for (index, block) in blocks(rule).iter().enumerate() {
        match block {
            // The summary stands above.
            Block::Paragraph(_) if index == 0 => text.push_str("\n## What it says\n"),
            Block::Heading(title) => {
                if section == "Bad" {
                    text.push_str(&after_bad(rule, printed));
                }
                if *title == "Source" {
                    text.push_str(&how_to_ignore(rule));
                }
                section = title;
                text.push_str(&format!("\n## {}\n", heading(title)));
            }
            Block::Paragraph(lines) => text.push_str(&format!("\n{}\n", lines.join("\n"))),
            Block::Code(lines) => text.push_str(&code(lines)),
            Block::Sources(sources) => text.push_str(&format!("\n{}", list(sources))),
        }
    }
    if !related.is_empty() {
        text.push_str("\n## Related rules\n\n");
        for rule in related {
            text.push_str(&format!("- [{0}]({0}.md): {1}\n", rule.id, rule.summary()));
        }
    }
    text
}

/// A block of code; what its fence says of a path, GitHub does not show.
pub(super) fn code(lines: &[&str]) -> String {
    let Some((first, rest)) = lines.split_first() else {
        return String::new();
    };
    let fence = fence(first);
    let before = match introduced(&fence) {
        words if words.is_empty() => words,
        words => format!("\n{words}\n"),
    };
    format!("{before}\n```{}\n{}\n", fence.language, rest.join("\n"))
}

fn heading(title: &str) -> &str {
    match title {
        "Bad" => "Bad example",
        "Good" => "Good example",
        "Source" => "Sources",
        other => other,
    }
}

/// What stands behind the bad examples.
fn after_bad(rule: &Rule, printed: &str) -> String {
    let bad = rule.section("Bad");
    let mut text = String::new();
    let first = if bad.matches("\n```\n").count() > 0 {
        " of the first"
    } else {
        ""
    };
    if !printed.is_empty() {
        text.push_str(&format!("\nmaillint prints{first}:\n\n```text\n{printed}\n```\n"));
    }
    text
}

fn how_to_ignore(rule: &Rule) -> String {
    let mut text = String::from("\n## How to ignore\n");
    for way in ways(rule) {
        let lines = way.lines.join("\n");
        text.push_str(&format!("\n{}\n\n```{}\n{lines}\n```\n", way.text, way.language));
    }
    text
}

/// What a rule rests on, with links.
pub(super) fn list(sources: &[String]) -> String {
    let item = |source: &String| match link(source) {
        Some(link) => format!("- [{}]({link})\n", source.trim_end_matches('.')),
        None => format!("- {source}\n"),
    };
    sources.iter().map(item).collect()
}

/// The index of all rules: by family, and by severity.
pub fn index(rules: &[&Rule]) -> String {
    let mut text = format!(
        "# Rules\n\n{MADE}\nEvery rule has a page that says what it finds, what happens to mail, what to do, and when to leave \
         it alone;\n`maillint explain RULE` prints the same. Families are names, too: `--select`, `--ignore` and `[rules]` take \
         them.\n\n- [By family](#by-family)\n- [By severity](#by-severity)\n\n## By family\n"
    );
    for family in FAMILIES {
        let own: Vec<&&Rule> = rules.iter().filter(|rule| rule.family() == *family).collect();
        if own.is_empty() {
            continue;
        }
        let about = ABOUT
            .iter()
            .find(|(name, _)| name == family)
            .map_or("", |(_, about)| about);
        text.push_str(&format!(
            "\n### {family}\n\n{about}\n\n| rule | severity | repair | finds |\n| --- | --- | --- | --- |\n"
        ));
        for rule in own {
            let default = if rule.on_by_default { "" } else { ", off by default" };
            text.push_str(&format!(
                "| [{0}]({0}.md) | {1}{default} | {2} | {3} |\n",
                rule.id,
                severities(rule),
                match rule.fix {
                    FixKind::None => "",
                    FixKind::Unsafe => "unsafe",
                    FixKind::Safe => "safe",
                },
                rule.summary().replace('|', "\\|")
            ));
        }
    }
    text.push_str("\n## By severity\n\nA rule stands at each severity that it may report with.\n");
    for (severity, means) in [
        (
            Severity::Error,
            "Mail breaks, or the protection is void as it is written.",
        ),
        (Severity::Warning, "It works, but not as its author thinks."),
        (Severity::Info, "Worth knowing; shown with `--min-severity info`."),
    ] {
        text.push_str(&format!("\n### {}\n\n{means}\n\n", severity.name()));
        for rule in rules.iter().filter(|rule| rule.severities.contains(&severity)) {
            text.push_str(&format!("- [{0}]({0}.md): {1}\n", rule.id, rule.summary()));
        }
    }
    text
}
