//! The frame around lines of files: titles above them, where they are from, notes below.
//!
//! The renderer draws what is under a line. The frame is ours, since the line and column of a header are those of the file,
//! and not those of the few characters that the renderer is given.

use annotate_snippets::renderer::{DEFAULT_EMPHASIS_STYLE, DEFAULT_LINE_NUM_STYLE};

/// A part of what is drawn for a finding.
pub(super) enum Block {
    /// Drawn by the renderer, without a margin.
    Title(String),
    /// Where the lines below are from: an arrow, and a place.
    Header(&'static str, String),
    /// Lines of a file, drawn by the renderer behind a margin.
    Lines(String),
    /// A word, and what it introduces.
    Note(&'static str, String),
}

/// Puts the blocks below each other, all behind a margin that is as wide as the longest line number.
pub(super) fn text(blocks: &[Block], colour: bool) -> String {
    // The first line that the renderer draws is a margin without a number.
    let width = |lines: &str| lines.len() - lines.trim_start_matches(' ').len();
    let margins = blocks.iter().map(|block| match block {
        Block::Lines(lines) => width(lines),
        _ => 0,
    });
    let margin = margins.max().unwrap_or(0);
    let (blue, bold) = match colour {
        true => (DEFAULT_LINE_NUM_STYLE, DEFAULT_EMPHASIS_STYLE),
        false => Default::default(),
    };
    let bar = format!("{:margin$}{blue}|{blue:#}\n", "");
    let mut text = String::new();
    let mut after_lines = false;
    for block in blocks {
        if after_lines && !matches!(block, Block::Lines(_)) {
            text.push_str(&bar);
        }
        match block {
            Block::Title(title) => text.extend([title, "\n"]),
            Block::Header(arrow, place) => {
                let indent = margin.saturating_sub(1);
                text.push_str(&format!("{:indent$}{blue}{arrow}{blue:#} {place}\n", ""));
            }
            Block::Lines(lines) => {
                let missing = " ".repeat(margin - width(lines));
                for line in lines.lines() {
                    text.extend([&missing, line, "\n"]);
                }
            }
            Block::Note(word, note) => {
                text.push_str(&format!("{:margin$}{blue}={blue:#} {bold}{word}{bold:#}: {note}\n", ""));
            }
        }
        after_lines = matches!(block, Block::Lines(_));
    }
    text
}
