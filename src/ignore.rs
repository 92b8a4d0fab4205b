//! Orders to leave out findings, in comments and in settings: `maillint: ignore[dmarc-none-without-rua, spf] reports come in spring`.

use std::ops::Range;

use crate::{
    comment::{Comment, WORD},
    globs::Globs,
    settings::{PathIgnore, Settings},
    source::{Source, Sources},
    span::Span,
};

/// An order to leave out findings.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// All of it, with what introduces it.
    pub span: Span,
    /// Where findings are left out.
    pub covers: Covers,
    /// Whether it can be followed, and how it is written if not.
    pub form: Form,
    /// The rules and families that it names, in the order of the file.
    pub names: Vec<Named>,
    /// Whether it says why.
    pub has_reason: bool,
}

/// Where an order leaves out findings.
#[derive(Clone, Debug)]
pub enum Covers {
    /// Those that begin here, in bytes of the file that the order is in.
    Bytes(Range<u32>),
    /// Those in files with these paths.
    Paths(Globs),
}

/// How an order is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// `ignore[a, b]`
    Whole,
    /// Another word than `ignore`, at this place, though meant.
    OtherWord(Span),
    /// Nothing names a rule.
    NoNames,
    /// A bracket that is not closed.
    Unclosed,
}

/// A rule or a family that an order names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// Where.
    pub span: Span,
    /// Its name as it is written.
    pub name: String,
}

/// Words that other tools have for it.
const OTHER_WORDS: [&[u8]; 12] = [
    b"allow",
    b"disable",
    b"disable-line",
    b"disable-next-line",
    b"ignored",
    b"ignore-line",
    b"ignore-next-line",
    b"ignores",
    b"nolint",
    b"noqa",
    b"off",
    b"skip",
];

/// The orders in a file, by its comments.
pub fn read(source: &Source, comments: Vec<Comment>) -> Vec<Ignore> {
    comments
        .into_iter()
        .filter_map(|comment| order(source, &comment))
        .collect()
}

/// The orders of the settings file, which is one of `sources` if it gives any.
pub fn of_settings(settings: &Settings, sources: &Sources) -> Vec<Ignore> {
    let Some(source) = settings.file.as_deref().and_then(|path| sources.at_path(path)) else {
        return Vec::new();
    };
    let order = |order: &PathIgnore| Ignore {
        span: Span::new(source.id, order.at.clone()),
        covers: Covers::Paths(order.paths.clone()),
        form: Form::Whole,
        names: (order.rules.iter())
            .map(|(name, at)| Named {
                span: Span::new(source.id, at.clone()),
                name: name.clone(),
            })
            .collect(),
        has_reason: true,
    };
    settings.ignores.iter().map(order).collect()
}

/// The order that a comment gives; `None` if it only speaks of maillint.
fn order(source: &Source, comment: &Comment) -> Option<Ignore> {
    let text = source.bytes().get(comment.at.clone())?.trim_ascii_end();
    let span = |range: Range<usize>| {
        let start = comment.at.start;
        Span::new(source.id, start + range.start..start + range.end)
    };
    let word = word_at(text, skip_blanks(text, WORD.len()));
    let written = &text[word.clone()];
    let is_other = OTHER_WORDS.iter().any(|other| written.eq_ignore_ascii_case(other));
    let mut ignore = Ignore {
        span: span(0..text.len()),
        covers: Covers::Bytes(comment.covers.start as u32..comment.covers.end as u32),
        form: Form::Whole,
        names: Vec::new(),
        has_reason: false,
    };
    match written.eq_ignore_ascii_case(b"ignore") {
        true => {}
        false if is_other => {
            ignore.form = Form::OtherWord(span(word));
            return Some(ignore);
        }
        false => return None,
    }
    let open = skip_blanks(text, word.end);
    if text.get(open) != Some(&b'[') {
        ignore.form = Form::NoNames;
        return Some(ignore);
    }
    let Some(close) = memchr::memchr(b']', &text[open..]).map(|close| open + close) else {
        ignore.form = Form::Unclosed;
        return Some(ignore);
    };
    let mut at = open + 1;
    for name in text[at..close].split(|byte| *byte == b',') {
        let trimmed = name.trim_ascii();
        if !trimmed.is_empty() {
            let start = at + (name.len() - name.trim_ascii_start().len());
            ignore.names.push(Named {
                span: span(start..start + trimmed.len()),
                name: String::from_utf8_lossy(trimmed).into_owned(),
            });
        }
        at += name.len() + 1;
    }
    if ignore.names.is_empty() {
        ignore.form = Form::NoNames;
    }
    ignore.has_reason = text[close + 1..]
        .iter()
        .any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    Some(ignore)
}

fn skip_blanks(text: &[u8], at: usize) -> usize {
    at + text[at..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

fn word_at(text: &[u8], at: usize) -> Range<usize> {
    let is_in = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    at..at + text[at..].iter().take_while(is_in).count()
}
