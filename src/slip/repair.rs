//! The edits after which a text stands in its file as it was meant.

use crate::{
    record::Txt,
    slip::meant::{Meant, Part},
    source::Sources,
    span::Span,
    spelling,
    text::{Edit, Text},
};

/// The longest character-string in bytes (RFC 1035, section 3.3).
const STRING_MAX: usize = 255;

/// The edits that repair all slips of a text at once, but for a TTL or a class behind the type. `None` where what was meant
/// cannot be told for sure, or cannot be written.
pub fn repair(txt: &Txt, meant: &Meant, sources: &Sources) -> Option<Vec<Edit>> {
    if meant.slips.rewrites() {
        let is_sure = meant.text.is_complete() && meant.slips.end_is_sure(txt);
        return is_sure.then(|| rewrite(txt, meant, sources)).flatten();
    }
    if meant.slips.literal_quotes {
        return unquote(&txt.text, meant);
    }
    separate(&txt.text, meant)
}

/// Puts words, each run of them on a line, between quotes.
fn rewrite(txt: &Txt, meant: &Meant, sources: &Sources) -> Option<Vec<Edit>> {
    let mut runs: Vec<Part> = Vec::new();
    for part in &meant.parts {
        match runs.last_mut() {
            Some(run) if run.is_word() && part.is_word() && only_blanks_between(run.at, part.at, sources) => {
                run.meant.end = part.meant.end;
                run.at = run.at.to(part.at);
            }
            _ => runs.push(part.clone()),
        }
    }
    if let (Some(end), Some(tail), Some(last)) = (meant.slips.comment, &txt.tail, runs.last_mut()) {
        let comment = tail.span(0..end)?;
        only_blanks_between(last.at, comment, sources).then_some(())?;
        last.at = last.at.to(comment);
    }
    if meant.slips.literal_quotes {
        // The text is one inside the parts, whose places are not its own.
        let [run] = runs.as_slice() else { return None };
        let new = spelling::zone_strings(meant.text.bytes())?;
        return Some(vec![Edit { span: run.at, new }]);
    }
    let mut edits = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let end = runs.get(index + 1).map_or(meant.text.len(), |next| next.meant.start);
        if run.is_word() {
            let new = spelling::zone_strings(meant.text.get(run.meant.start..end))?;
            edits.push(Edit { span: run.at, new });
        } else {
            edits.extend(append(&txt.text, run, meant.text.get(run.meant.end..end))?);
        }
    }
    Some(edits)
}

fn only_blanks_between(left: Span, right: Span, sources: &Sources) -> bool {
    let gap = Span {
        start: left.end,
        end: right.start,
        ..left
    };
    left.source == right.source
        && gap.start <= gap.end
        && sources.bytes(gap).iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Adds at the ends of strings what is missing between them and the next.
fn separate(published: &Text, meant: &Meant) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for pair in meant.parts.windows(2) {
        let [left, right] = pair else { continue };
        let missing = meant.text.get(left.meant.end..right.meant.start);
        if left.is_word() && !missing.is_empty() {
            let new = spelling::zone_strings(meant.text.get(left.meant.start..right.meant.start))?;
            edits.push(Edit { span: left.at, new });
        } else {
            edits.extend(append(published, left, missing)?);
        }
    }
    Some(edits)
}

/// Adds a separator, if any, to the end of a string. `None` if it would become too long.
fn append(published: &Text, part: &Part, separator: &[u8]) -> Option<Vec<Edit>> {
    let new = String::from_utf8(separator.to_vec()).ok()?;
    if new.is_empty() {
        return Some(Vec::new());
    }
    if !part.is_quoted() {
        return published.replace(part.published.end..part.published.end, &new);
    }
    // Not by the place in the text, at which an empty string may stand, too.
    let span = part.inside_end();
    (part.published.len() + new.len() <= STRING_MAX).then(|| vec![Edit { span, new }])
}

/// Takes away quotes that are a part of the text.
fn unquote(published: &Text, meant: &Meant) -> Option<Vec<Edit>> {
    let (text, first, last) = (&meant.text, meant.parts.first()?, meant.parts.last()?);
    let (start, end) = (first.published.start, last.published.end);
    if text.bytes().first() == Some(&b'"') || !text.is_complete() {
        return None;
    }
    if let [only] = meant.parts.as_slice() {
        if !only.is_word() {
            return published.replace(start..end, std::str::from_utf8(text.bytes()).ok()?);
        }
        let new = spelling::zone_strings(text.bytes())?;
        return Some(vec![Edit { span: only.at, new }]);
    }
    // Escapes inside the inner string, and what is missing there, would have to be written, too.
    if !meant.slips.joints.is_empty() || memchr::memchr2(b'"', b'\\', published.get(start + 1..end - 1)).is_some() {
        return None;
    }
    let mut edits = published.replace(start..start + 1, "")?;
    edits.extend(published.replace(end - 1..end, "")?);
    Some(edits)
}
