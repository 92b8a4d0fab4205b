//! The parts of a rule's documentation, and what is told of every rule.

use crate::{
    diagnostic::Severity,
    rule::{Check, FixKind, Rule},
};

/// A part of a rule's documentation.
pub(super) enum Block<'a> {
    Heading(&'a str),
    Paragraph(Vec<&'a str>),
    /// With its fences.
    Code(Vec<&'a str>),
    /// What the rule rests on, one by one.
    Sources(Vec<String>),
}

/// The parts of a rule's documentation, in order.
pub(super) fn blocks(rule: &Rule) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut after_blank = true;
    let mut lines = rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let mut code = vec![line];
            for line in lines.by_ref() {
                code.push(line);
                if line.starts_with("```") {
                    break;
                }
            }
            blocks.push(Block::Code(code));
        } else if let Some(title) = line.strip_prefix("# ") {
            blocks.push(Block::Heading(title));
            if title == "Source" {
                blocks.push(Block::Sources(Vec::new()));
            }
        } else if !line.is_empty() {
            match blocks.last_mut() {
                Some(Block::Sources(sources)) => source(line, sources),
                Some(Block::Paragraph(lines)) if !after_blank => lines.push(line),
                _ => blocks.push(Block::Paragraph(vec![line])),
            }
        }
        after_blank = line.is_empty();
    }
    blocks
}

/// A line is a source of its own, unless it goes on with a sentence.
fn source(line: &str, sources: &mut Vec<String>) {
    match sources.last_mut() {
        Some(last) if !line.starts_with("RFC ") && !last.starts_with("RFC ") && !last.ends_with('.') => {
            last.push(' ');
            last.push_str(line);
        }
        _ => sources.push(line.to_string()),
    }
}

/// What a rule is, in names and values.
pub(super) fn facts(rule: &Rule) -> Vec<(&'static str, String)> {
    let default = if rule.on_by_default { "on" } else { "off" };
    let repair = match rule.fix {
        FixKind::None => "none",
        FixKind::Unsafe => "shown; decide yourself, it changes how mail is treated",
        FixKind::Safe => "shown; what is published stays the same",
    };
    vec![
        ("Severity", severities(rule)),
        ("Default", default.to_string()),
        ("Repair", repair.to_string()),
    ]
}

/// The severities of a rule, the worst first.
pub(super) fn severities(rule: &Rule) -> String {
    let names: Vec<&str> = rule.severities.iter().copied().map(Severity::name).collect();
    match names.split_last() {
        Some((last, [first, ..])) if names.len() > 2 => {
            format!("{first}, {} or {last}", names[1..names.len() - 1].join(", "))
        }
        _ => names.join(" or "),
    }
}

/// Where a section of an RFC, or a draft, can be read.
pub fn link(source: &str) -> Option<String> {
    let is_draft = |word: &&str| word.starts_with("draft-");
    if let Some(draft) = source.split([' ', ',', '.']).find(is_draft) {
        return Some(format!("https://datatracker.ietf.org/doc/html/{draft}"));
    }
    let (document, section) = source.split_once(", section ").unwrap_or((source, ""));
    let number = document.strip_prefix("RFC ")?;
    let is_plain = |text: &str| text.chars().all(|char| char.is_ascii_alphanumeric() || char == '.');
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) || !is_plain(section) {
        return None;
    }
    let kind = if section.starts_with(|char: char| char.is_ascii_alphabetic()) {
        "appendix"
    } else {
        "section"
    };
    let anchor = if section.is_empty() {
        String::new()
    } else {
        format!("#{kind}-{section}")
    };
    Some(format!("https://www.rfc-editor.org/rfc/rfc{number}{anchor}"))
}

/// What stands behind the backticks that open a block of code: its language, its path, and what cannot be seen in it.
pub(super) struct Fence<'a> {
    pub(super) language: &'a str,
    pub(super) path: &'a str,
    pub(super) unseen: &'static str,
}

/// Takes the line apart that opens a block of code.
pub(super) fn fence(line: &str) -> Fence<'_> {
    let info = line.trim_start_matches('`');
    let (format, path) = info.split_once(' ').unwrap_or((info, ""));
    let (language, unseen) = match format {
        "zone-crlf" => ("zone", "Its lines end in CR LF."),
        "zone-bom" => ("zone", "A byte order mark stands before it."),
        format => match format.strip_suffix("-escaped") {
            Some(format) => (
                format,
                "`\\r` and `\\xFF` stand for bytes here, and `\\{600}` for so many lines.",
            ),
            None => (if format == "files" { "text" } else { format }, ""),
        },
    };
    Fence { language, path, unseen }
}

/// What is to be known of a block of code before it is read.
pub(super) fn introduced(fence: &Fence<'_>) -> String {
    match (fence.path, fence.unseen) {
        ("", unseen) => unseen.to_string(),
        (path, "") => format!("In `{path}`:"),
        (path, unseen) => format!("In `{path}`. {unseen}"),
    }
}

/// A way to leave a finding out: what it is, and how it is written.
pub(super) struct Way {
    pub(super) text: &'static str,
    pub(super) language: &'static str,
    pub(super) lines: Vec<String>,
}

/// The ways to leave out a finding of a rule.
pub(super) fn ways(rule: &Rule) -> Vec<Way> {
    let is_policy_file = matches!(rule.check, Check::StsFile(_)) || rule.id.starts_with("mta-sts-policy-");
    // A comment about comments, or in a file that cannot be read, is not where people look.
    let has_comments = !is_policy_file && !matches!(rule.family(), "ignore" | "jsonl");
    let path = match rule.family() {
        _ if is_policy_file => "web/.well-known/mta-sts.txt",
        "data" => "dns/*.yaml",
        "jsonl" => "answers.jsonl",
        _ => "zones/example.com.zone",
    };
    let mut ways = Vec::new();
    if has_comments {
        ways.push(Way {
            text: "One finding, by a comment at the record or in the line above it; in YAML and HCL behind `#`:",
            language: "zone",
            lines: vec![format!("; maillint: ignore[{}] why it is right here", rule.id)],
        });
    }
    ways.push(Way {
        text: "Those of some files, in `maillint.toml`:",
        language: "toml",
        lines: vec![
            "[[ignore]]".to_string(),
            format!("paths = [\"{path}\"]"),
            format!("rules = [\"{}\"]", rule.id),
            "reason = \"why it is right here\"".to_string(),
        ],
    });
    ways.push(Way {
        text: "All of them, there too:",
        language: "toml",
        lines: vec!["[rules]".to_string(), format!("{} = \"off\"", rule.id)],
    });
    ways
}
