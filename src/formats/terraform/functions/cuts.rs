//! Functions that take parts of texts, or put others in their place. What they leave as it is keeps its place in the file.

use std::ops::Range;

use super::Call;
use crate::{
    formats::terraform::{
        eval::LENGTH,
        pattern::Pattern,
        value::{Value, append},
    },
    spelling::Spelling,
    text::Text,
};

/// `replace(text, old, new)`; `old` between slashes is a regular expression.
pub(super) fn replace<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (old, new) = (call.known(1)?, call.known(2)?);
    let text = call.text(0)?;
    let bytes = text.bytes();
    let pattern = match old.bytes() {
        [b'/', inner @ .., b'/'] => Some(Pattern::parse(std::str::from_utf8(inner).ok()?)?),
        _ => None,
    };
    // What an unknown part holds may be replaced, too, and it stays unknown; but it must not be in the middle of what is.
    if pattern.is_some() && !text.is_complete() {
        return None;
    }
    let mut whole = Text::new();
    let mut at = 0;
    while at <= bytes.len() && whole.len() <= LENGTH {
        let groups = match &pattern {
            Some(pattern) => pattern.find(bytes, at)?,
            None if old.is_empty() => return None,
            None => memchr::memmem::find(&bytes[at..], old.bytes())
                .map(|start| vec![Some(at + start..at + start + old.len())]),
        };
        let Some(found) = groups.as_ref().and_then(|groups| groups.first()?.clone()) else {
            break;
        };
        if found.is_empty() {
            return None;
        }
        whole.append(&text, at..found.start);
        match &pattern {
            Some(_) => expand(&new, &text, groups.as_deref().unwrap_or_default(), &mut whole)?,
            None => append(&mut whole, &new),
        }
        at = found.end;
    }
    whole.append(&text, at..bytes.len());
    call.result_of(whole)
}

/// Adds a replacement, with what the groups matched for `$1` and `${1}`.
fn expand(new: &Text, text: &Text, groups: &[Option<Range<usize>>], whole: &mut Text) -> Option<()> {
    let bytes = new.bytes();
    let mut plain = 0;
    while let Some(mark) = memchr::memchr(b'$', &bytes[plain..]).map(|len| plain + len) {
        whole.append(new, plain..mark);
        let rest = &bytes[mark + 1..];
        if rest.first() == Some(&b'$') {
            whole.append(new, mark..mark + 1);
            plain = mark + 2;
            continue;
        }
        let braces = usize::from(rest.first() == Some(&b'{'));
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let digits = rest[braces..].iter().take_while(is_name).count();
        let number: usize = std::str::from_utf8(&rest[braces..braces + digits]).ok()?.parse().ok()?;
        if let Some(Some(range)) = groups.get(number) {
            whole.append(text, range.clone());
        }
        plain = mark + 1 + digits + 2 * braces;
    }
    whole.append(new, plain.min(bytes.len())..bytes.len());
    Some(())
}

pub(super) fn find_all<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let pattern = Pattern::parse(&call.word(0)?)?;
    let text = call.known(1)?;
    let mut items = Vec::new();
    let mut at = 0;
    while at <= text.len() {
        let Some(groups) = pattern.find(text.bytes(), at)? else {
            break;
        };
        let found = groups.first()?.clone()?;
        if found.is_empty() || items.len() > LENGTH {
            return None;
        }
        at = found.end;
        let part = |range: Range<usize>| Value::of_text(text.slice(range).holding(Spelling::Computed), call.at);
        items.push(match groups.len() {
            1 => part(found),
            _ => {
                let inner = groups.into_iter().skip(1);
                Value::list(
                    inner.map(|group| Some(part(group?))).collect::<Option<Vec<_>>>()?,
                    call.at,
                )
            }
        });
    }
    call.result_list(items)
}

/// `substr(text, start, length)`, in characters; a length of -1 is all the rest.
pub(super) fn substr<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let text = call.known(0)?;
    let (start, len) = (call.number(1)? as i64, call.number(2)? as i64);
    let written = std::str::from_utf8(text.bytes()).ok()?;
    let is_ascii = written.is_ascii();
    let count = if is_ascii {
        written.len()
    } else {
        written.chars().count()
    } as i64;
    let start = if start < 0 {
        (start + count).max(0)
    } else {
        start.min(count)
    };
    let end = if len < 0 { count } else { (start + len).min(count) };
    let byte = |char: i64| match is_ascii {
        true => char as usize,
        false => written
            .char_indices()
            .nth(char as usize)
            .map_or(written.len(), |(at, _)| at),
    };
    call.result_of(text.slice(byte(start)..byte(end)))
}

pub(super) fn split<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (separator, text) = (call.known(0)?, call.known(1)?);
    let mut items = Vec::new();
    let mut at = 0;
    let part = |range: Range<usize>| Value::of_text(text.slice(range).holding(Spelling::Computed), call.at);
    if separator.is_empty() {
        return None;
    }
    for found in memchr::memmem::find_iter(text.bytes(), separator.bytes()) {
        items.push(part(at..found));
        at = found + separator.len();
    }
    items.push(part(at..text.len()));
    call.result_list(items)
}

pub(super) fn trim<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let set = call.word(1)?;
    trimmed(call, |char| set.contains(char), true, true)
}

pub(super) fn trim_space<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    trimmed(call, char::is_whitespace, true, true)
}

pub(super) fn chomp<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    trimmed(call, |char| matches!(char, '\n' | '\r'), false, true)
}

/// Takes characters away from the ends of a text, unless a hole stands there.
fn trimmed<'f>(call: &Call<'_, 'f>, is_taken: impl Fn(char) -> bool, start: bool, end: bool) -> Option<Value<'f>> {
    let text = call.text(0)?;
    let written = std::str::from_utf8(text.bytes()).ok()?;
    let has_hole_at = |at: usize| text.holes().iter().any(|hole| hole.at as usize == at);
    let mut range = 0..written.len();
    if start && !has_hole_at(0) {
        range.start = written.len() - written.trim_start_matches(&is_taken).len();
    }
    if end && !has_hole_at(written.len()) {
        range.end = written.trim_end_matches(&is_taken).len().max(range.start);
    }
    call.result_of(text.slice(range))
}

pub(super) fn trim_prefix<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (text, prefix) = call.affix(1)?;
    if !text.is_known(0..prefix.len().min(text.len())) {
        return None;
    }
    let start = if text.bytes().starts_with(prefix.bytes()) {
        prefix.len()
    } else {
        0
    };
    call.result_of(text.slice(start..text.len()))
}

pub(super) fn trim_suffix<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (text, suffix) = call.affix(1)?;
    if !text.is_known(text.len().saturating_sub(suffix.len())..text.len()) {
        return None;
    }
    let less = if text.bytes().ends_with(suffix.bytes()) {
        suffix.len()
    } else {
        0
    };
    call.result_of(text.slice(0..text.len() - less))
}
