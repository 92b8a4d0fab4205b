//! Which slips the notation of a text has.

use std::ops::Range;

use crate::{
    name::Name,
    policy::kind::{self, Kind},
    record::{Record, Txt},
    slip::{
        joints::{self, is_blank},
        quotes::Wrong,
    },
    spelling::Spelling,
    text::Text,
};

/// The slips in the notation of a text, by what they are. Places are those of the text as it is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slips {
    /// The mail policy that the text was meant to be, if it is one.
    pub kind: Option<Kind>,
    /// The literals that are the text: not those behind a comment that swallowed the closing parenthesis.
    pub own: Range<usize>,
    /// Whether a TTL or a class stands behind the type, so that it is the string before these literals.
    pub field: bool,
    /// Characters around the text that were meant as quotes.
    pub wrong_quotes: Option<Wrong>,
    /// Words without quotes, so that the blanks between them are not published.
    pub words: Option<Words>,
    /// How much of the comment behind the last word was meant as text, in bytes from its `;`.
    pub comment: Option<usize>,
    /// Whether the text starts and ends with quotes that are a part of it.
    pub literal_quotes: bool,
    /// Where a blank, or a semicolon, is missing between two strings.
    pub joints: Vec<usize>,
}

/// What is lost between words without quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Words {
    /// Blanks that the text needs.
    Needed,
    /// Blanks without which the policy says the same.
    Harmless,
}

impl Slips {
    fn are_none(&self, txt: &Txt) -> bool {
        let all = self.own == (0..txt.text.literal_count());
        all && !self.literal_quotes && self.joints.is_empty() && !self.rewrites()
    }

    /// Whether words without quotes are in it, so that the text has to be written anew.
    pub(super) fn rewrites(&self) -> bool {
        self.words.is_some() || self.comment.is_some() || self.wrong_quotes.is_some()
    }

    /// Whether nothing slipped but that words lack their quotes.
    pub fn are_words_alone(&self) -> bool {
        let others = self.comment.is_some() || self.wrong_quotes.is_some() || self.literal_quotes;
        self.words.is_some() && !others && self.joints.is_empty()
    }

    /// Whether it can be told where the text ends: wrong quotes are closed, no second comment may follow the text, and no
    /// parenthesis is lost for good.
    pub(super) fn end_is_sure(&self, txt: &Txt) -> bool {
        let tail = txt.tail.as_ref().filter(|_| self.comment.is_some());
        let is_second = |pair: &[u8]| is_blank(pair[0]) && pair[1] == b';';
        let is_whole = self.own.end == txt.text.literal_count() || self.comment.is_some();
        is_whole
            && self.wrong_quotes.is_none_or(|wrong| wrong.close.is_some())
            && tail.is_none_or(|tail| !tail.bytes().windows(2).any(is_second))
    }
}

/// The kind of mail policy that a text is, or was meant to be.
pub fn kind(text: &Text, owner: &Name) -> Option<Kind> {
    kind_from(text, 0, owner)
}

fn kind_from(text: &Text, start: usize, owner: &Name) -> Option<Kind> {
    // A record that begins with something unknown is nothing known.
    let known = text.holes().first().map_or(text.len(), |hole| hole.at as usize);
    kind::of_value(text.get(start..known)).or_else(|| (kind::of_owner(owner) == Some(Kind::Dkim)).then_some(Kind::Dkim))
}

/// The slips of a record's text; `None` for the ordinary text that has none, for which nothing is allocated.
pub(super) fn find(record: &Record, txt: &Txt) -> Option<Slips> {
    let text = &txt.text;
    if !text.is_of_zone_file() {
        return None;
    }
    let (count, has_words) = (text.literal_count(), text.has_literal(Spelling::ZoneBare));
    if txt.tail.is_none() && text.bytes().first() != Some(&b'"') {
        let is_sound = match (count, has_words) {
            (0 | 1, false) => true,
            (0 | 1, true) => Wrong::at_start(text.bytes()).is_none(),
            // Of strings between quotes nothing but what parts them can be missing.
            (_, false) => kind_from(text, 0, &record.owner)
                .is_none_or(|kind| joints::find(kind, text, 0..count, false).is_empty()),
            (_, true) => false,
        };
        if is_sound {
            return None;
        }
    }
    let end = own_end(txt);
    let field = has_field(text, end);
    let own = usize::from(field)..end;
    let start = text.literal(own.start)?.0.start;
    let kept = text.get(start..text.literal(own.end.checked_sub(1)?)?.0.end);
    let mut slips = Slips {
        kind: kind_from(text, start, &record.owner),
        own,
        field,
        wrong_quotes: None,
        words: None,
        comment: None,
        literal_quotes: false,
        joints: Vec::new(),
    };
    // A template may bring the quotes that a word lacks.
    if text.is_complete() {
        slips.wrong_quotes = wrong_quotes(text, &slips.own);
        slips.words = words(text, &slips);
        comment(record, txt, kept, &mut slips);
    }
    // Who writes digits does not write quotes by a slip.
    let is_digits = matches!(text.literal(slips.own.start), Some((_, _, Spelling::ZoneHex)));
    slips.literal_quotes = !is_digits && has_literal_quotes(txt, kept, &slips);
    if let Some(kind) = slips.kind {
        slips.joints = joints::find(kind, text, slips.own.clone(), slips.words.is_some());
    }
    (!slips.are_none(txt)).then_some(slips)
}

pub(super) fn is_word(text: &Text, index: usize) -> bool {
    matches!(text.literal(index), Some((_, _, Spelling::ZoneBare)))
}

/// How many literals stand before the comment. A parenthesis that it swallowed makes more of them out of what follows.
fn own_end(txt: &Txt) -> usize {
    let count = txt.text.literal_count();
    let Some(tail) = txt.tail.as_ref().and_then(|tail| tail.whole()) else {
        return count;
    };
    txt.text
        .literals()
        .position(|(_, inside, _)| inside.source == tail.source && inside.start > tail.start)
        .unwrap_or(count)
}

/// Whether the first string is a TTL or a class, written behind the type. A bare number may also be a text of its own.
fn has_field(text: &Text, end: usize) -> bool {
    let Some((range, _, Spelling::ZoneBare)) = text.literal(0).filter(|_| end > 1) else {
        return false;
    };
    let rest = text.get(range.end..text.len());
    let is_data = !is_word(text, 1) || kind::of_value(rest).is_some();
    text.is_known(range.clone()) && is_data && is_field(text.get(range))
}

/// Whether a word is a class, or a TTL as in `3600` and `1h30m`.
fn is_field(word: &[u8]) -> bool {
    let is_class = ["IN", "CH", "HS"]
        .iter()
        .any(|class| word.eq_ignore_ascii_case(class.as_bytes()));
    let mut digits = 0;
    let is_ttl = word.iter().all(|byte| match byte.to_ascii_lowercase() {
        b'0'..=b'9' => {
            digits += 1;
            true
        }
        b'w' | b'd' | b'h' | b'm' | b's' => std::mem::take(&mut digits) > 0,
        _ => false,
    });
    is_class || is_ttl && !word.is_empty()
}

/// Characters that were meant as quotes, at the start of the first word and the end of the last.
fn wrong_quotes(text: &Text, own: &Range<usize>) -> Option<Wrong> {
    let word = |index: usize| {
        text.literal(index)
            .filter(|_| is_word(text, index))
            .map(|(range, _, _)| range)
    };
    let first = word(own.start)?;
    let mut wrong = Wrong::at_start(text.get(first.clone()))?;
    if let Some(mut last) = word(own.end - 1) {
        last.start = last.start.max(first.start + wrong.open.len());
        wrong.close = wrong.at_end(text.get(last));
    }
    Some(wrong)
}

fn words(text: &Text, slips: &Slips) -> Option<Words> {
    let is_word = |index: usize| is_word(text, index);
    slips.own.clone().filter(|index| is_word(*index)).nth(1)?;
    let range = |index: usize| text.literal(index).map_or(0..0, |(range, _, _)| range);
    let needed = slips.own.clone().skip(1).any(|index| {
        let (left, right) = (range(index - 1), range(index));
        let matters = |kind| joints::blank_matters(kind, text.get(left), text.get(right.start..text.len()));
        (is_word(index - 1) || is_word(index)) && slips.kind.is_none_or(matters)
    });
    Some(if needed { Words::Needed } else { Words::Harmless })
}

/// Decides whether the comment behind the last word was meant as text; wrong quotes may close in it.
fn comment(record: &Record, txt: &Txt, kept: &[u8], slips: &mut Slips) {
    let Some(tail) = &txt.tail else { return };
    let tail = tail.bytes();
    let end = text_end(tail, !record.loads);
    match &mut slips.wrong_quotes {
        // What follows the closing quote is a comment.
        Some(Wrong { close: Some(_), .. }) => {}
        Some(wrong) if wrong.at_end(&tail[..end]).is_some() => {
            wrong.close = wrong.at_end(&tail[..end]);
            slips.comment = Some(end);
        }
        wrong => {
            let open = wrong.map_or(0, |wrong| wrong.open.len());
            if goes_on(slips.kind, &record.owner, &kept[open..], &tail[1.min(end)..end]) {
                slips.comment = Some(end);
            }
        }
    }
}

/// Where in a comment the text ends that was meant as such: before a second comment, and before the parenthesis that it
/// swallowed.
fn text_end(tail: &[u8], swallowed: bool) -> usize {
    let second = memchr::memchr_iter(b';', tail)
        .skip(1)
        .find(|at| is_blank(tail[at - 1]) && !starts_with_tag(&tail[at + 1..], false));
    let mut text = tail[..second.unwrap_or(tail.len())].trim_ascii_end();
    let count = |text: &[u8], byte: u8| memchr::memchr_iter(byte, text).count();
    if swallowed && count(text, b')') > count(text, b'(') {
        text = text.strip_suffix(b")").unwrap_or(text).trim_ascii_end();
    }
    text.len()
}

/// Whether a comment, given without its `;`, goes on with the text before it.
fn goes_on(kind: Option<Kind>, owner: &Name, kept: &[u8], comment: &[u8]) -> bool {
    let Some(kind) = kind else {
        return starts_with_tag(comment, true);
    };
    let kept = kept.trim_ascii_start();
    let kept = kept.strip_prefix(b"\"").unwrap_or(kept);
    let is_bare = kept.eq_ignore_ascii_case(kind.version().as_bytes());
    match kind {
        Kind::Spf => is_bare || joints::goes_on_with_term(comment.trim_ascii_start()),
        // Whoever allows reports to be sent to him publishes the version alone (RFC 9990, section 4).
        Kind::Dmarc
            if is_bare
                && owner
                    .labels()
                    .flatten()
                    .any(|label| label.eq_ignore_ascii_case(b"_report")) =>
        {
            starts_with_tag(comment, true)
        }
        // All others say nothing with the version alone.
        _ => is_bare || starts_with_tag(comment, false),
    }
}

/// Whether a text starts with `name=value`; if `strict`, without blanks around the equals sign.
fn starts_with_tag(text: &[u8], strict: bool) -> bool {
    let text = text.trim_ascii_start();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let len = text.iter().take(64).take_while(|byte| is_name(byte)).count();
    let rest = &text[len..];
    let starts = text.first().is_some_and(u8::is_ascii_alphabetic);
    match (starts, strict) {
        (false, _) => false,
        (true, true) => matches!(rest, [b'=', next, ..] if !is_blank(*next) && *next != b'='),
        (true, false) => rest.trim_ascii_start().first() == Some(&b'='),
    }
}

/// Whether the text, with what was meant of its comment and without wrong quotes, starts and ends with a quote.
fn has_literal_quotes(txt: &Txt, kept: &[u8], slips: &Slips) -> bool {
    let (open, close) = match slips.wrong_quotes {
        Some(wrong) => (wrong.open.len(), wrong.close.map_or(0, str::len)),
        None => (0, 0),
    };
    let text = kept.get(open..).unwrap_or_default();
    let rest = match txt.tail.as_ref().zip(slips.comment) {
        Some((tail, end)) => tail.get(0..end),
        None => text.get(1..).unwrap_or_default(),
    };
    let rest = &rest[..rest.len().saturating_sub(close)];
    text.first() == Some(&b'"') && rest.last() == Some(&b'"')
}
