//! Comments that are meant for maillint.

use std::ops::Range;

use super::{Block, Body, ground::Ground, structure::Parser};
use crate::{
    comment::{Comment, LINES_BETWEEN, line_end, words},
    source::Source,
    span::Span,
    syntax::yaml,
};

/// The comments that are meant for maillint: each behind a line, or on one of its own and so for what starts in the next:
/// the block or the attribute there, with all that is in it, or the line.
pub fn comments(source: &Source) -> Vec<Comment> {
    let words = words(source.bytes());
    if words.is_empty() || std::str::from_utf8(source.bytes()).is_err() {
        return Vec::new();
    }
    if source.path.ends_with(".json") {
        return yaml::comments(source);
    }
    let ground = Ground::of(source);
    let mut parser = Parser::new(&ground, 0);
    parser.comments = Some(Vec::new());
    let (tree, mut comments) = parser.file_with_comments();
    comments.sort_by_key(|comment| comment.start);
    let mut starts = Vec::new();
    add_starts(&tree.body, &mut starts);
    starts.sort_by_key(|start| (start.start, std::cmp::Reverse(start.end)));
    let bytes = source.bytes();
    let found = words.into_iter().filter_map(|word| {
        let before = comments.partition_point(|comment| comment.start <= word);
        let comment = &comments[before.checked_sub(1)?];
        let end = line_end(bytes, word).min(comment.end);
        let at = word..bytes[word..end].strip_suffix(b"*/").map_or(end, |_| end - 2);
        (word < comment.end).then(|| Comment {
            covers: match line_of(bytes, comment) {
                Some(line) => covered(line, &starts),
                None => at.end..at.end,
            },
            at,
        })
    });
    found.collect()
}

/// The blocks and attributes of a body, in the order of the file.
fn add_starts(body: &Body, starts: &mut Vec<Span>) {
    let attributes = body.attributes.iter();
    starts.extend(attributes.map(|attribute| attribute.name_at.to(attribute.value.at)));
    for Block { span, body, .. } in &body.blocks {
        starts.push(*span);
        add_starts(body, starts);
    }
}

/// The line that a comment is about: its own, or the next if it stands alone. `None` if that is empty.
fn line_of(bytes: &[u8], comment: &Range<usize>) -> Option<Range<usize>> {
    let start = memchr::memrchr(b'\n', &bytes[..comment.start]).map_or(0, |end| end + 1);
    if !bytes[start..comment.start].trim_ascii().is_empty() {
        return Some(start..line_end(bytes, comment.end));
    }
    let mut start = comment.end;
    for _ in 0..=LINES_BETWEEN {
        start += memchr::memchr(b'\n', &bytes[start..])? + 1;
        let end = line_end(bytes, start);
        match bytes[start..end].trim_ascii_start() {
            [] => return None,
            [b'#', ..] | [b'/', b'/', ..] => {}
            _ => return Some(start..end),
        }
    }
    None
}

/// The block or the attribute that starts in a line, with all that is in it; else the line.
fn covered(line: Range<usize>, starts: &[Span]) -> Range<usize> {
    let first = starts.partition_point(|one| (one.start as usize) < line.start);
    match starts.get(first).filter(|one| line.contains(&(one.start as usize))) {
        Some(first) => first.range().start..first.range().end.max(line.end),
        None => line,
    }
}
