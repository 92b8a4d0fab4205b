//! How the rules about SPF speak of what happens, and how they take a term out.

use crate::{
    policy::spf::{Spf, term::Term},
    span::Span,
    text::Edit,
};

/// What happens if nothing takes the text for an SPF record.
pub(super) const LOST: &str = "so receivers find no SPF record here";

/// What happens if the record has an error in its syntax.
pub(super) const PERMERROR: &str =
    "so receivers give up on the whole record (permerror): SPF passes no mail of the domain";

/// Where a term is written.
pub(super) fn span_of(spf: &Spf<'_>, term: &Term) -> Option<Span> {
    spf.text.span(term.at.clone())
}

/// The edits that take a term out, with the blanks before it.
pub(super) fn without(spf: &Spf<'_>, term: &Term) -> Option<Vec<Edit>> {
    let before = spf.text.get(spf.version.end..term.at.start);
    let blanks = before.iter().rev().take_while(|byte| **byte == b' ').count();
    spf.text.replace(term.at.start - blanks..term.at.end, "")
}
