//! Comments in YAML that are meant for maillint.

use std::ops::Range;

use super::{Tree, What};
use crate::{
    comment::{Comment, LINES_BETWEEN, line_end, words},
    source::Source,
};

/// The comments that are meant for maillint: each behind a line, or on one of its own and so for the next line. A line stands
/// for all that is below it, as its indentation shows.
pub fn comments(source: &Source) -> Vec<Comment> {
    let bytes = source.bytes();
    let words = words(bytes);
    if words.is_empty() {
        return Vec::new();
    }
    let tree = super::read(source);
    let found = words.into_iter().filter_map(|word| {
        let line = line_start(bytes, word);
        let sign = sign(&tree, bytes, line..word)?;
        let is_alone = bytes[line..sign].iter().all(|byte| matches!(byte, b' ' | b'\t'));
        let line = if is_alone { next(bytes, word) } else { Some(line) };
        let at = word..line_end(bytes, word);
        Some(Comment {
            covers: line.map_or(at.end..at.end, |line| block(bytes, line)),
            at,
        })
    });
    found.collect()
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1)
}

/// The sign that starts a comment, which is in no scalar and follows a blank.
fn sign(tree: &Tree, bytes: &[u8], line: Range<usize>) -> Option<usize> {
    let is_sign = |at: &usize| {
        bytes[*at] == b'#'
            && (*at == line.start || matches!(bytes[at - 1], b' ' | b'\t'))
            && !tree.is_in_scalar(*at as u32)
    };
    line.clone().find(is_sign)
}

impl Tree {
    fn is_in_scalar(&self, at: u32) -> bool {
        let before = self.nodes.partition_point(|node| node.start <= at);
        self.nodes[..before]
            .iter()
            .rev()
            .find(|node| matches!(node.what, What::Scalar(_)))
            .is_some_and(|node| at < node.end)
    }
}

/// Where the line behind that of `at` starts, comments passed over; `None` if that is empty.
fn next(bytes: &[u8], at: usize) -> Option<usize> {
    let mut start = at;
    for _ in 0..=LINES_BETWEEN {
        start += memchr::memchr(b'\n', &bytes[start..])? + 1;
        match bytes[start + indentation(&bytes[start..])..].first() {
            Some(b'#') => {}
            Some(b'\n' | b'\r') | None => return None,
            Some(_) => return Some(start),
        }
    }
    None
}

fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
}

/// A line and all lines below it that belong to it.
fn block(bytes: &[u8], start: usize) -> Range<usize> {
    let depth = indentation(&bytes[start..]);
    let is_item = |line: &[u8]| line.starts_with(b"- ") || line == b"-" || line.starts_with(b"-\r");
    let mut end = line_end(bytes, start);
    let holds_items = !is_item(&bytes[start + depth..end]);
    let mut at = start;
    while let Some(line_break) = memchr::memchr(b'\n', &bytes[at..]) {
        at += line_break + 1;
        let line_end = line_end(bytes, at);
        let indentation = indentation(&bytes[at..line_end]);
        let line = &bytes[at + indentation..line_end];
        let belongs = indentation > depth || indentation == depth && holds_items && is_item(line);
        match line.first() {
            None | Some(b'#') => {}
            Some(_) if belongs => end = line_end,
            Some(_) => break,
        }
    }
    start..end
}
