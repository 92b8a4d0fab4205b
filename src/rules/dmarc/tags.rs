//! Rules about the tags of a DMARC record as a list: their names, what separates them, and which stand there twice.

use crate::{
    policy::dmarc::{Dmarc, tag::Tag},
    span::Span,
};

/// Where a tag is written, with what a template fills in at its end.
pub(super) fn span_of(dmarc: &Dmarc<'_>, tag: &Tag) -> Option<Span> {
    let span = dmarc.text.span(tag.at.clone())?;
    match dmarc.text.span(tag.at.end..tag.at.end) {
        Some(end) if !tag.is_known => Some(span.to(end)),
        _ => Some(span),
    }
}
