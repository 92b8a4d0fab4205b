//! A rule's documentation, for terminals and as Markdown.

mod preset;

pub use self::preset::{preset, presets};
use crate::{
    diagnostic::Severity,
    rule::{FixKind, Rule},
};

/// How wide a paragraph is on a terminal.
const WIDTH: usize = 80;

/// The reference of all rules as one Markdown document, with an anchor for each id.
pub fn reference(rules: &[&Rule]) -> String {
    let mut text = String::from(
        "# Rules\n\n\
         <!-- Generated from the documentation in src/rules; `BLESS=1 cargo test --test reference` writes it again. -->\n\n\
         | rule | severity | repair | finds |\n| --- | --- | --- | --- |\n",
    );
    for rule in rules {
        let default = if rule.on_by_default { "" } else { ", off by default" };
        text.push_str(&format!(
            "| [{0}](#{0}) | {1}{default} | {2} | {3} |\n",
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
    for rule in rules {
        text.push_str(&format!("\n## {}\n\n{}", rule.id, markdown(rule)));
    }
    text
}

/// The documentation of a rule as Markdown, without its id: headings are of the third level.
pub fn markdown(rule: &Rule) -> String {
    let facts: Vec<String> = facts(rule)
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let mut text = format!("{}.\n\n*{}*\n", rule.summary(), facts.join(" · "));
    for (index, block) in blocks(rule).iter().enumerate() {
        match block {
            // The summary stands above.
            Block::Paragraph(_) if index == 0 => {}
            Block::Heading(title) => text.push_str(&format!("\n### {title}\n")),
            Block::Paragraph(lines) => text.push_str(&format!("\n{}\n", lines.join("\n"))),
            Block::Code(lines) => text.push_str(&format!("\n{}\n", lines.join("\n"))),
            Block::Sources(sources) => {
                text.push('\n');
                for source in sources {
                    text.push_str(&match link(source) {
                        Some(link) => format!("- [{source}]({link})\n"),
                        None => format!("- {source}\n"),
                    });
                }
            }
        }
    }
    text
}

/// The documentation of a rule as text of 80 columns.
pub fn text(rule: &Rule, colour: bool) -> String {
    let (bold, plain) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut text = format!("{bold}{}{plain}\n", rule.id);
    for (index, block) in blocks(rule).iter().enumerate() {
        text.push('\n');
        match block {
            Block::Heading(title) => text.push_str(&format!("{bold}{title}{plain}\n")),
            Block::Paragraph(lines) => text.push_str(&wrapped(lines)),
            Block::Code(lines) => {
                // Without the fences.
                let inside = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
                for line in inside {
                    text.push_str(format!("    {line}").trim_end());
                    text.push('\n');
                }
            }
            Block::Sources(sources) => {
                for source in sources {
                    match link(source) {
                        Some(link) => text.push_str(&format!("{source}: {link}\n")),
                        None => text.push_str(&wrapped(&[source])),
                    }
                }
            }
        }
        if index == 0 {
            text.push('\n');
            for (name, value) in facts(rule) {
                text.push_str(&format!("{:10}{value}\n", format!("{name}:")));
            }
        }
    }
    text
}

/// The documentation without its examples and sources: why it matters.
pub fn reason(rule: &Rule) -> String {
    let paragraphs: Vec<String> = blocks(rule)
        .iter()
        .take_while(|block| !matches!(block, Block::Heading(_)))
        .filter_map(|block| {
            if let Block::Paragraph(lines) = block {
                Some(lines.join(" "))
            } else {
                None
            }
        })
        .collect();
    paragraphs.join("\n\n")
}

/// A part of a rule's documentation.
enum Block<'a> {
    Heading(&'a str),
    Paragraph(Vec<&'a str>),
    /// With its fences.
    Code(Vec<&'a str>),
    /// What the rule rests on, one by one.
    Sources(Vec<String>),
}

fn blocks(rule: &Rule) -> Vec<Block<'_>> {
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
fn facts(rule: &Rule) -> Vec<(&'static str, String)> {
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

fn severities(rule: &Rule) -> String {
    let names: Vec<&str> = rule.severities.iter().copied().map(Severity::name).collect();
    names.join(" or ")
}

/// Where a section of an RFC can be read.
pub fn link(source: &str) -> Option<String> {
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

/// A paragraph broken into lines; an item of a list, or a row of a table, starts a new one.
fn wrapped(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut column = 0;
    let mut indent = "";
    for line in lines {
        let is_item = line.starts_with("- ") || line.starts_with("* ");
        if column > 0 && (is_item || line.starts_with('|')) {
            text.push('\n');
            column = 0;
        }
        if is_item {
            indent = "  ";
        }
        for word in line.split_whitespace() {
            let width = word.chars().count();
            if column > 0 && column + 1 + width > WIDTH {
                text.push('\n');
                text.push_str(indent);
                column = indent.len();
            } else if column > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += width;
        }
    }
    text.push('\n');
    text
}
