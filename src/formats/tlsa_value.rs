//! The value of a TLSA record where a format has it as one text, or as fields with names.

use std::ops::Range;

use crate::{record::Tlsa, text::Text};

/// The names of the fields: usage, selector, matching type, digits.
pub(super) const FIELDS: [&[&str]; 4] = [
    &["certificate_usage", "usage"],
    &["selector"],
    &["matching_type"],
    &[
        "certificate_association_data",
        "certificate",
        "association_data",
        "data",
    ],
];

/// The record that a text is. `None` if something is missing, or if it is not known what stands where.
pub(super) fn of_text(text: &Text) -> Option<Tlsa> {
    let words = words(text);
    let [usage, selector, matching, digits @ ..] = &words[..] else {
        return None;
    };
    let is_told = text.is_known(0..matching.end + 1) && !digits.is_empty();
    is_told.then(|| Tlsa {
        fields: [usage, selector, matching].map(|word| text.slice(word.clone())),
        digits: joined(text, matching.end..text.len()),
    })
}

/// The record whose fields are these texts.
pub(super) fn of_fields([usage, selector, matching, digits]: [Option<Text>; 4]) -> Option<Tlsa> {
    let digits = digits?;
    Some(Tlsa {
        fields: [usage?, selector?, matching?],
        digits: joined(&digits, 0..digits.len()),
    })
}

/// A part of a text without the blanks in it; as it is where something in it is unknown.
fn joined(text: &Text, range: Range<usize>) -> Text {
    let part = text.slice(range);
    let words = words(&part);
    if !part.is_complete() || words.len() == 1 && words[0] == (0..part.len()) {
        return part;
    }
    let mut joined = Text::new();
    for word in words {
        joined.append(&part, word);
    }
    joined
}

fn words(text: &Text) -> Vec<Range<usize>> {
    let bytes = text.bytes();
    let is_blank = |at: &usize| bytes[*at].is_ascii_whitespace();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..bytes.len()).find(|at| !is_blank(at)) {
        at = (start..bytes.len()).find(is_blank).unwrap_or(bytes.len());
        words.push(start..at);
    }
    words
}
