//! How the rules about SPF speak of what happens, and how they take a term out.

use std::borrow::Cow;

use crate::{
    diagnostic::Safety,
    policy::spf::{Spf, term::Term},
    rule::{Finding, Findings},
    span::Span,
    text::Edit,
};

/// What happens if nothing takes the text for an SPF record.
pub(super) const LOST: &str = "so receivers find no SPF record here";

/// What happens if the record has an error in its syntax.
pub(super) const PERMERROR: &str =
    "so receivers give up on the whole record (permerror): SPF passes no mail of the domain";

/// What happens because of an error in a record, which may not be taken for one at all.
pub(super) fn outcome(spf: &Spf<'_>) -> &'static str {
    if spf.is_selected() { PERMERROR } else { LOST }
}

/// What happens because of characters that make one name of several terms, which the grammar may let pass.
pub(super) fn outcome_of_name(spf: &Spf<'_>) -> &'static str {
    if spf.is_selected() && !spf.has_syntax_error() {
        "so receivers look for a name that does not exist"
    } else {
        outcome(spf)
    }
}

/// Reports several places as one finding: the first, with the others beside it. `None` if there is none.
pub(super) fn at_all<'f>(
    findings: &'f mut Findings<'_>,
    places: impl IntoIterator<Item = Span>,
    message: impl Into<Cow<'static, str>>,
    label: impl Into<Cow<'static, str>>,
) -> Option<Finding<'f>> {
    const OTHERS: usize = 20;
    let mut places = places.into_iter();
    let label = label.into();
    let mut finding = findings.report(places.next()?, message, label.clone());
    for place in places.take(OTHERS) {
        finding = finding.related(place, label.clone());
    }
    Some(finding)
}

/// Where a term is written.
pub(super) fn span_of(spf: &Spf<'_>, term: &Term) -> Option<Span> {
    spf.text.span(term.at.clone())
}

/// Whether a repair that changes nothing for a receiver that reads the record may be applied without asking: a record that
/// none reads may become one that they do.
pub(super) fn safety(spf: &Spf<'_>) -> Safety {
    if spf.is_selected() && !spf.has_syntax_error() {
        Safety::Safe
    } else {
        Safety::Unsafe
    }
}

/// The edits that take a term out, with the blanks before it.
pub(super) fn without(spf: &Spf<'_>, term: &Term) -> Option<Vec<Edit>> {
    let before = spf.text.get(spf.version.end..term.at.start);
    let blanks = before.iter().rev().take_while(|byte| **byte == b' ').count();
    spf.text.replace(term.at.start - blanks..term.at.end, "")
}
