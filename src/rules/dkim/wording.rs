//! How the rules about DKIM speak of a key, and how they write one anew.

use crate::{
    diagnostic::Safety,
    policy::dkim::{Dkim, tag::Tag},
    span::Span,
    text::Edit,
};

/// What happens to mail where verifiers cannot use a key.
pub(super) const FAILS: &str = "signatures made with it fail";

/// Where a tag is written, with what a template fills in at its end.
pub(super) fn span_of(dkim: &Dkim<'_>, tag: &Tag) -> Option<Span> {
    let span = dkim.text.span(tag.at.clone())?;
    match dkim.text.span(tag.at.end..tag.at.end) {
        Some(end) if !tag.is_known => Some(span.to(end)),
        _ => Some(span),
    }
}

/// The edits that take a tag out, with the semicolon beside it. `None` where a slip is near: a character that does not belong
/// there, or a missing semicolon, would be left between other tags. It has a repair of its own, which comes first.
pub(super) fn without(dkim: &Dkim<'_>, tag: &Tag) -> Option<Vec<Edit>> {
    let text = &dkim.text;
    if tag.missing.is_some() || !dkim.slips.is_empty() || !tag.is_known {
        return None;
    }
    let is_closed = tag.closed && text.replace(tag.whole.end..tag.whole.end + 1, ";").is_some();
    let Some(before) = tag.whole.start.checked_sub(1) else {
        // The first tag goes with the semicolon behind it.
        let rest = text.get(tag.whole.end + 1..text.len());
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let range = 0..tag.whole.end + 1 + blanks;
        return is_closed.then(|| text.replace(range, "")).flatten();
    };
    let is_separate = text.get(before..before + 1) == b";" && (is_closed || !tag.closed && tag.whole.end == text.len());
    is_separate.then(|| text.replace(before..tag.at.end, "")).flatten()
}

/// Whether taking a tag out that does nothing leaves the rest as it is. Where it stands twice, the other one may count then; and
/// where nothing else is a tag, the record may be none.
pub(super) fn removal(dkim: &Dkim<'_>, tag: &Tag) -> Safety {
    let name = |tag: &Tag| dkim.text.get(tag.name_at.clone());
    let others = || dkim.tags.iter().filter(|other| other.at != tag.at);
    let is_again = others().any(|other| name(other).eq_ignore_ascii_case(name(tag)));
    match !is_again && others().any(Tag::is_exact) {
        true => Safety::Safe,
        false => Safety::Unsafe,
    }
}
