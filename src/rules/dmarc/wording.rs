//! How the rules about DMARC speak of a record, and how they write one anew.

use crate::{
    diagnostic::Safety,
    policy::dmarc::{Dmarc, owner::Role, tag::Tag},
    text::Edit,
};

/// What the record is called.
pub(super) fn record(dmarc: &Dmarc<'_>) -> &'static str {
    match dmarc.role {
        Role::Authorization => "DMARC authorization",
        _ => "DMARC record",
    }
}

/// What happens to mail where receivers do not take the record for one.
pub(super) fn lost(dmarc: &Dmarc<'_>) -> String {
    let domain = dmarc.domain().filter(|domain| domain.is_known());
    match (dmarc.role, domain, dmarc.destination()) {
        (Role::Authorization, Some(domain), Some(to)) if to.is_known() && !domain.is_wildcard() => {
            format!("no reports about `{domain}` go to `{to}`")
        }
        (Role::Authorization, ..) => "no reports about other domains arrive".to_string(),
        (Role::Policy, Some(domain), _) => format!("receivers treat `{domain}` as if this record were not there"),
        _ => "receivers pass over it".to_string(),
    }
}

/// Whether taking a tag out that does nothing leaves the rest as it is: where it stands twice, the other one may count then.
pub(super) fn removal(dmarc: &Dmarc<'_>, tag: &Tag) -> Safety {
    let name = |tag: &Tag| dmarc.text.get(tag.name_at.clone());
    let others = dmarc.tags.iter().filter(|other| other.at != tag.at);
    match others.map(name).any(|other| other.eq_ignore_ascii_case(name(tag))) {
        true => Safety::Unsafe,
        false => Safety::Safe,
    }
}

/// The edits that take a tag out, with the semicolon before it. `None` where a slip is near: a character that does not belong
/// there, or a missing semicolon, would be left between other tags. It has a repair of its own, which comes first.
pub(super) fn without(dmarc: &Dmarc<'_>, tag: &Tag) -> Option<Vec<Edit>> {
    let before = tag.whole.start.checked_sub(1)?;
    let is_separate = dmarc.text.bytes().get(before) == Some(&b';')
        && tag.missing.is_none()
        && if tag.closed {
            // One that only a repair would put between two strings cannot be replaced.
            dmarc.text.replace(tag.whole.end..tag.whole.end + 1, ";").is_some()
        } else {
            tag.whole.end == dmarc.text.len()
        };
    if !is_separate || !dmarc.slips.is_empty() {
        return None;
    }
    dmarc.text.replace(before..tag.at.end, "")
}
