//! The text that was meant, with the way back to its source.

use std::{borrow::Cow, ops::Range};

use crate::{
    record::{Record, Txt},
    slip::{
        find::{self, Slips},
        joints::{self, is_blank},
    },
    source::Sources,
    span::Span,
    spelling::Spelling,
    syntax::zone,
    text::Text,
};

/// What slipped in the notation of a text, and what was meant.
#[derive(Clone, Debug)]
pub struct Meant {
    /// The slips.
    pub slips: Slips,
    /// The text as the repair would leave it.
    pub text: Text,
    /// The literals that it was put together from; empty where it is a literal inside a literal.
    pub parts: Vec<Part>,
}

/// A literal of the source in a text that was put together anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Where it is in the text that is published.
    pub published: Range<usize>,
    /// Where it is in the text that was meant, with the comment that belongs to it.
    pub meant: Range<usize>,
    /// Where it is written, with its quotes.
    pub at: Span,
    /// How it is written.
    pub spelling: Spelling,
}

/// What slipped in the text of a record; `None` if nothing did.
pub fn of(record: &Record, txt: &Txt) -> Option<Meant> {
    let mut slips = find::find(record, txt)?;
    let (mut text, parts) = put_together(txt, &slips);
    if slips.literal_quotes {
        match zone::nested_strings(&text) {
            Some(inner) => text = inner,
            // Not strings inside a string: quotes at both ends and others between. No policy starts so.
            None => slips.literal_quotes = slips.kind.is_some(),
        }
    }
    Some(Meant { slips, text, parts })
}

/// The text of a TXT record as the repair of its slips would leave it.
pub fn meant_text<'a>(record: &Record, txt: &'a Txt) -> Cow<'a, Text> {
    of(record, txt).map_or(Cow::Borrowed(&txt.text), |meant| Cow::Owned(meant.text))
}

fn put_together(txt: &Txt, slips: &Slips) -> (Text, Vec<Part>) {
    let mut meant = Text::new();
    let mut parts: Vec<Part> = Vec::new();
    for index in slips.own.clone() {
        let (Some((mut range, _, spelling)), Some(at)) = (txt.text.literal(index), txt.literal_span(index)) else {
            break;
        };
        if let Some(wrong) = slips.wrong_quotes {
            let (first, last) = (index == slips.own.start, index + 1 == slips.own.end);
            range.start += if first { wrong.open.len() } else { 0 };
            let close = wrong.close.filter(|_| last && slips.comment.is_none());
            range.end -= close.map_or(0, str::len);
        }
        if let Some(left) = parts.last()
            && let Some(separator) = separator(txt, slips, left, &range, spelling)
        {
            meant.push_spelled(separator.as_bytes(), left.inside_end());
        }
        let start = meant.len();
        if !range.is_empty() {
            meant.append(&txt.text, range.clone());
        }
        parts.push(Part {
            published: range,
            meant: start..meant.len(),
            at,
            spelling,
        });
    }
    if let (Some(end), Some(tail), Some(last)) = (slips.comment, &txt.tail, parts.last_mut()) {
        let close = slips.wrong_quotes.and_then(|wrong| wrong.close);
        let text = zone::meant_comment(&tail.slice(0..end - close.map_or(0, str::len)));
        meant.append(&text, 0..text.len());
        last.meant.end = meant.len();
    }
    (meant, parts)
}

/// What was meant between two literals and stands in neither.
fn separator(txt: &Txt, slips: &Slips, left: &Part, right: &Range<usize>, spelling: Spelling) -> Option<&'static str> {
    let edges = [left.published.end.wrapping_sub(1), right.start];
    let has_blank = edges
        .iter()
        .any(|at| txt.text.bytes().get(*at).copied().is_some_and(is_blank));
    if slips.words.is_some() && (left.is_word() || spelling == Spelling::ZoneBare) {
        return (!has_blank).then_some(" ");
    }
    // An empty string has the same boundary on both sides; the separator is wanted once.
    let is_joint = slips.joints.binary_search(&right.start).is_ok() && left.published != (right.start..right.start);
    slips.kind.filter(|_| is_joint).map(joints::separator)
}

impl Meant {
    /// Where the published text has a boundary of two strings at `at`: what stands between them with the quotes; if that is
    /// more than a line, the end of the first. `None` if there is no boundary.
    pub fn boundary(&self, at: usize, sources: &Sources) -> Option<Span> {
        let index = self.parts.partition_point(|part| part.published.end < at);
        let left = self.parts.get(index)?;
        let right = self.parts[index + 1..].iter().find(|part| !part.published.is_empty())?;
        let end = right.at.start + u32::from(right.is_quoted());
        let between = Span {
            end: end.max(left.inside_end().end),
            ..left.inside_end()
        };
        let on_one_line = !sources.bytes(between).iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        Some(if on_one_line {
            between
        } else {
            Span {
                end: left.at.end,
                ..between
            }
        })
    }
}

impl Part {
    /// Whether it is a string of a zone file between quotes.
    pub fn is_quoted(&self) -> bool {
        self.spelling == Spelling::ZoneQuoted
    }

    /// Whether it is a word of a zone file, without quotes.
    pub fn is_word(&self) -> bool {
        self.spelling == Spelling::ZoneBare
    }

    /// The point behind its last byte, before the quote.
    pub fn inside_end(&self) -> Span {
        let end = self.at.end - u32::from(self.is_quoted());
        Span {
            start: end,
            end,
            ..self.at
        }
    }
}
