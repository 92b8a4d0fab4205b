//! A rule's documentation, for terminals and as Markdown.

mod block;
mod page;
mod preset;

use self::block::{Block, blocks, facts, fence, introduced, ways};
pub use self::{
    block::link,
    page::{index, page},
    preset::{preset, presets},
};
use crate::rule::Rule;

/// How wide a paragraph is where nothing says how wide it may be.
pub const WIDTH: usize = 80;

/// How text for a terminal looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether it has colours.
    pub colour: bool,
    /// How wide a paragraph may be.
    pub width: usize,
}

impl Look {
    /// Without colours, and of the usual width.
    pub const PLAIN: Look = Look {
        colour: false,
        width: WIDTH,
    };

    fn bold(self, text: &str) -> String {
        match self.colour {
            true => format!("\x1b[1m{text}\x1b[0m"),
            false => text.to_string(),
        }
    }
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
            Block::Code(lines) => text.push_str(&page::code(lines)),
            Block::Sources(sources) => {
                text.push('\n');
                text.push_str(&page::list(sources));
            }
        }
    }
    text
}

/// The documentation of a rule as text for a terminal.
pub fn text(rule: &Rule, look: Look) -> String {
    let mut text = format!("{}\n", look.bold(rule.id));
    for (index, block) in blocks(rule).iter().enumerate() {
        text.push_str(&part(block, look));
        if index == 0 {
            text.push('\n');
            for (name, value) in facts(rule) {
                text.push_str(&format!("{:10}{value}\n", format!("{name}:")));
            }
        }
    }
    text
}

fn part(block: &Block<'_>, look: Look) -> String {
    let mut text = String::from("\n");
    match block {
        Block::Heading(title) => text.push_str(&format!("{}\n", look.bold(title))),
        Block::Paragraph(lines) => text.push_str(&wrapped(lines, look.width)),
        Block::Code(lines) => {
            let before = lines.first().map(|first| introduced(&fence(first)));
            if let Some(before) = before.filter(|before| !before.is_empty()) {
                text.push_str(&format!("{}\n", wrapped(&[before], look.width)));
            }
            // Without the fences.
            text.push_str(&indented(
                lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default(),
            ));
        }
        Block::Sources(sources) => {
            for source in sources {
                match link(source) {
                    Some(link) if source.starts_with("RFC ") => text.push_str(&format!("{source}: {link}\n")),
                    Some(link) => text.push_str(&format!("{}{link}\n", wrapped(&[source], look.width))),
                    None => text.push_str(&wrapped(&[source], look.width)),
                }
            }
        }
    }
    text
}

/// The same, with what it prints of its own bad example, how to leave a finding out, the other rules of its theme, and where
/// all this can be read with links.
pub fn full_text(rule: &Rule, printed: &str, related: &[&Rule], look: Look) -> String {
    let mut text = text(rule, look);
    let heading = |title: &str| format!("\n{}\n\n", look.bold(title));
    if let Some(at) = text.find(&heading("Good")).filter(|_| !printed.is_empty()) {
        let lines: Vec<&str> = printed.lines().collect();
        text.insert_str(
            at,
            &format!("{}{}", heading("What maillint prints of the first"), indented(&lines)),
        );
    }
    text.push_str(&format!("\n{}\n", look.bold("How to ignore")));
    for way in ways(rule) {
        text.push_str(&format!(
            "\n{}\n{}",
            wrapped(&[way.text], look.width),
            indented(&way.lines)
        ));
    }
    if !related.is_empty() {
        text.push_str(&heading("Related rules"));
        let width = related.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
        for rule in related {
            text.push_str(&format!("{:width$}  {}\n", rule.id, rule.summary()));
        }
    }
    text.push_str(&format!("{}{}\n", heading("Online"), rule.url()));
    text
}

fn indented<L: AsRef<str>>(lines: &[L]) -> String {
    let lines = lines.iter().map(|line| format!("    {}", line.as_ref()));
    lines.map(|line| format!("{}\n", line.trim_end())).collect()
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

/// A paragraph broken into lines; an item of a list, or a row of a table, starts a new one.
fn wrapped<L: AsRef<str>>(lines: &[L], width: usize) -> String {
    let mut text = String::new();
    let mut column = 0;
    let mut indent = "";
    for line in lines.iter().map(AsRef::as_ref) {
        let is_item = line.starts_with("- ") || line.starts_with("* ");
        if column > 0 && (is_item || line.starts_with('|')) {
            text.push('\n');
            column = 0;
        }
        if is_item {
            indent = "  ";
        }
        for word in line.split_whitespace() {
            let len = word.chars().count();
            if column > 0 && column + 1 + len > width {
                text.push('\n');
                text.push_str(indent);
                column = indent.len();
            } else if column > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += len;
        }
    }
    text.push('\n');
    text
}
