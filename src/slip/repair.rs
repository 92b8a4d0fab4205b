//! The edits after which a text stands in its file as it was meant.

use crate::{
    record::Txt,
    slip::meant::{Meant, Part},
    source::Sources,
    span::Span,
    spelling,
    text::{Edit, Text},
};

/// The edits that repair all slips of a text at once, but for a TTL or a class behind the type. `None` where what was meant
/// cannot be told for sure, or cannot be written.
pub fn repair(txt: &Txt, meant: &Meant, sources: &Sources) -> Option<Vec<Edit>> {
    let published = &txt.text;
    if meant.slips.rewrites() {
        let is_sure = meant.text.is_complete() && meant.slips.end_is_sure(txt);
        return is_sure.then(|| rewrite(txt, meant, sources)).flatten();
    }
    if meant.slips.literal_quotes {
        return unquote(published, &meant.text);
    }
    separate(published, &meant.text, &meant.parts)
}

/// Puts words, each run of them on a line, between quotes.
fn rewrite(txt: &Txt, meant: &Meant, sources: &Sources) -> Option<Vec<Edit>> {
    let mut runs: Vec<Part> = Vec::new();
    for part in &meant.parts {
        match runs.last_mut() {
            Some(run) if !run.quoted && !part.quoted && only_blanks_between(run, part, sources) => {
                run.meant.end = part.meant.end;
                run.at = run.at.to(part.at);
            }
            _ => runs.push(part.clone()),
        }
    }
    if let (Some(end), Some(tail), Some(last)) = (meant.slips.comment, &txt.tail, runs.last_mut()) {
        last.at = last.at.to(tail.span(0..end)?);
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
        if run.quoted {
            edits.extend(append(&txt.text, run, meant.text.get(run.meant.end..end))?);
        } else {
            edits.push(Edit {
                span: run.at,
                new: spelling::zone_strings(meant.text.get(run.meant.start..end))?,
            });
        }
    }
    Some(edits)
}

fn only_blanks_between(left: &Part, right: &Part, sources: &Sources) -> bool {
    let gap = Span {
        start: left.at.end,
        end: right.at.start,
        ..left.at
    };
    left.at.source == right.at.source
        && gap.start <= gap.end
        && sources.bytes(gap).iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Adds at the ends of strings what is missing between them and the next.
fn separate(published: &Text, meant: &Text, parts: &[Part]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for pair in parts.windows(2) {
        let [left, right] = pair else { continue };
        let missing = meant.get(left.meant.end..right.meant.start);
        if missing.is_empty() {
            continue;
        }
        if left.quoted {
            edits.extend(append(published, left, missing)?);
        } else {
            let text = meant.get(left.meant.start..right.meant.start);
            edits.push(Edit {
                span: left.at,
                new: spelling::zone_strings(text)?,
            });
        }
    }
    Some(edits)
}

/// Adds to the end of a quoted string.
fn append(published: &Text, part: &Part, more: &[u8]) -> Option<Vec<Edit>> {
    if more.is_empty() {
        return Some(Vec::new());
    }
    let end = part.published.end;
    published.replace(end..end, std::str::from_utf8(more).ok()?)
}

/// Takes away quotes that are a part of the text.
fn unquote(published: &Text, meant: &Text) -> Option<Vec<Edit>> {
    let all = 0..published.len();
    let inside = published.get(1..all.end.checked_sub(1)?);
    if meant.bytes().first() == Some(&b'"') {
        return None;
    }
    if published.literal_count() == 1 {
        return published.replace(all, std::str::from_utf8(meant.bytes()).ok()?);
    }
    // Escapes inside the inner string would have to be rewritten, too.
    if memchr::memchr2(b'"', b'\\', inside).is_some() {
        return None;
    }
    let mut edits = published.replace(0..1, "")?;
    edits.extend(published.replace(all.end - 1..all.end, "")?);
    Some(edits)
}
