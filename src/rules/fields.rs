//! What the rules about `_mta-sts` and `_smtp._tls` share about fields: the two records have one grammar.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    policy::{
        fields::{Fields, Malformed, Shape, is_odd},
        tags::{self, Tag},
    },
    rule::Findings,
    rules::wording::{Words, quoted},
    span::Span,
    text::{Edit, Text},
};

/// Where a field is written, with what a template fills in at its end.
pub(super) fn span_of(text: &Text, tag: &Tag) -> Option<Span> {
    let span = text.span(tag.at.clone())?;
    match text.span(tag.at.end..tag.at.end) {
        Some(end) if !tag.is_known => Some(span.to(end)),
        _ => Some(span),
    }
}

/// The edits that take a field out, with the semicolon before it.
pub(super) fn without(text: &Text, tag: &Tag) -> Option<Vec<Edit>> {
    text.replace(tag.whole.start.checked_sub(1)?..tag.at.end, "")
}

/// Reports fields that are none, and blanks at the end.
pub(super) fn field_syntax(record: &Fields<'_>, words: &Words, findings: &mut Findings<'_>) {
    let text = record.text;
    let has_required = record.named(words.dialect.required).next().is_some();
    let meant = record.meant(words.dialect).filter(|_| !has_required);
    for (index, field) in record.fields.iter().enumerate() {
        let (Shape::Malformed(why), Some(span)) = (field.shape, span_of(text, &field.tag)) else {
            continue;
        };
        let label = match why {
            Malformed::NoEquals => "no `=`",
            Malformed::BlanksAroundEquals => "blanks around `=`",
            Malformed::Name => "a name is 1 to 32 letters, digits, `_`, `-`, `.`",
            Malformed::EmptyValue => "nothing after `=`",
            Malformed::SecondEquals => "a second `=`",
            Malformed::BlankInside => "a blank in the value",
        };
        let (title, edits) = match why {
            Malformed::BlanksAroundEquals => ("remove the blanks", tighten(text, &field.tag)),
            Malformed::NoEquals if meant == Some(index) => (
                "put `=` after the name",
                equate(text, &field.tag, words.dialect.required),
            ),
            _ if has_required => ("remove the field", without(text, &field.tag)),
            _ => ("", None),
        };
        findings
            .report(
                span,
                format!(
                    "{} is not `name=value`, so {}",
                    quoted(text, &field.tag.at),
                    words.malformed
                ),
                label,
            )
            .help("write fields as `name=value`, without blanks in them, and `;` between them")
            .fix(title, Safety::Unsafe, edits);
    }
    if let Some(at) = &record.trailing
        && let Some(span) = text.span(at.clone())
    {
        let message = format!(
            "blanks at the end of the {} are not part of a separator, so strict {} ignore it",
            words.record, words.readers
        );
        findings
            .report(span, message, "blanks without a `;` before them")
            .severity(Severity::Warning)
            .help("remove them")
            .fix("remove the blanks", Safety::Safe, text.replace(at.clone(), ""));
    }
}

/// The edits that take the blanks around a `=` out.
fn tighten(text: &Text, tag: &Tag) -> Option<Vec<Edit>> {
    if tag.is_known {
        text.replace(tag.name.end..tag.value.start, "=")
    } else {
        text.replace(tag.name.end..tag.equals?, "")
    }
}

/// The edits that put a `=` between a name and a value.
fn equate(text: &Text, tag: &Tag, name: &str) -> Option<Vec<Edit>> {
    let start = tag.at.start + name.len();
    let rest = text.get(start..tag.at.end);
    let junk = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b':'))
        .count();
    (0 < junk && junk < rest.len())
        .then(|| text.replace(tag.at.start..start + junk, &format!("{name}=")))
        .flatten()
}

/// Reports separators with nothing between them.
pub(super) fn empty_field(record: &Fields<'_>, words: &Words, findings: &mut Findings<'_>) {
    let text = record.text;
    for run in record
        .fields
        .chunk_by(|a, b| a.shape == Shape::Empty && b.shape == Shape::Empty)
    {
        let [first, ..] = run else { continue };
        let Some(last) = run.last().filter(|last| last.shape == Shape::Empty) else {
            continue;
        };
        let end = last.tag.whole.end + 1;
        let Some(span) = text.span(first.tag.whole.end..end) else {
            continue;
        };
        findings
            .report(
                span,
                format!("there is no field between two `;`, so {}", words.malformed),
                "no field before this",
            )
            .help("write one `;` between fields, and at most one at the end")
            .fix(
                "remove the extra `;`",
                Safety::Unsafe,
                text.replace(first.tag.whole.start..end, ""),
            );
    }
}

/// Reports characters that may stand nowhere in such a record.
pub(super) fn non_ascii(record: &Fields<'_>, words: &Words, findings: &mut Findings<'_>) {
    let text = record.text;
    if !record.is_read() {
        return;
    }
    let bytes = text.bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(|byte| is_odd(*byte)).map(|len| at + len) {
        let len = bytes[start..].iter().take_while(|byte| is_odd(**byte)).count();
        let run = start..start + len;
        at = run.end;
        let Some(span) = text.span(run.clone()) else { continue };
        let meant = meant(text.get(run.clone()));
        let label = match (&meant, std::str::from_utf8(text.get(run.clone())).ok()) {
            (Some(meant), _) if meant.trim().is_empty() && !meant.is_empty() => "a no-break space".to_string(),
            (Some(_), _) => "an invisible character".to_string(),
            (None, Some(odd)) => odd
                .chars()
                .next()
                .map_or_else(String::new, |odd| format!("U+{:04X}", odd as u32)),
            (None, None) => format!("the octet {}", bytes[start]),
        };
        let meant = meant.filter(|_| is_between(record, &run));
        let new = meant.map(|meant| if run.end == bytes.len() { String::new() } else { meant });
        findings
            .report(
                span,
                format!(
                    "{} has a character that is not visible ASCII, so {}",
                    words.record, words.malformed
                ),
                label,
            )
            .help("retype this part of the text in ASCII")
            .fix(
                "write it in ASCII",
                Safety::Unsafe,
                new.and_then(|new| text.replace(run, &new)),
            );
    }
}

/// What is meant by characters that all stand for a blank, or for nothing.
fn meant(mut odd: &[u8]) -> Option<String> {
    let mut meant = String::new();
    while !odd.is_empty() {
        let (len, one) = tags::lookalike(odd)?;
        meant.push_str(one);
        odd = &odd[len..];
    }
    Some(meant)
}

/// Whether a range lies between fields.
fn is_between(record: &Fields<'_>, range: &Range<usize>) -> bool {
    let next = record.fields.partition_point(|field| field.tag.whole.end < range.start);
    record
        .fields
        .get(next)
        .is_none_or(|field| range.end <= field.tag.at.start || field.tag.at.end <= range.start)
}
