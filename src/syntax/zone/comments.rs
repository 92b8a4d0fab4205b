//! Comments in zone files that are meant for maillint.

use std::ops::Range;

use crate::{
    comment::{Comment, LINES_BETWEEN, line_end, words},
    source::Source,
    syntax::zone::{Entry, Lexer, blanks},
};

/// The comments that are meant for maillint: each behind a line of a record, or in lines right above one, and so for it.
pub fn comments(source: &Source) -> Vec<Comment> {
    let bytes = source.bytes();
    let words = words(bytes);
    let mut words = words.into_iter().peekable();
    let mut comments = Vec::new();
    let mut lexer = Lexer::new(source);
    let mut entry = Entry::default();
    while words.peek().is_some() && lexer.next(&mut entry, &mut Vec::new()) {
        let record = entry.start as usize..lexer.position();
        while let Some(word) = words.next_if(|word| *word < record.end) {
            let at = word..line_end(bytes, word);
            if word >= record.start {
                if !entry.tokens.iter().any(|token| token.range().contains(&word)) {
                    comments.push(Comment {
                        at,
                        covers: record.clone(),
                    });
                }
            } else if is_right_above(bytes, at.end..record.start) {
                comments.push(Comment {
                    at,
                    covers: record.clone(),
                });
            } else {
                comments.push(Comment {
                    covers: at.end..at.end,
                    at,
                });
            }
        }
    }
    comments.extend(words.map(|word| {
        let end = line_end(bytes, word);
        Comment {
            at: word..end,
            covers: end..end,
        }
    }));
    comments
}

/// Whether nothing but comments stands on the lines between.
fn is_right_above(bytes: &[u8], between: Range<usize>) -> bool {
    let between = &bytes[between];
    let between = between.strip_prefix(b"\r").unwrap_or(between);
    let between = between.strip_prefix(b"\n").unwrap_or(between);
    let mut lines = between.split(|byte| *byte == b'\n');
    // What is behind the last line break is the start of the record's line.
    lines.next_back();
    let is_comment = |line: &[u8]| line[blanks(line)..].starts_with(b";");
    lines.by_ref().take(LINES_BETWEEN).all(is_comment) && lines.next().is_none()
}
