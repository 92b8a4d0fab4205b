//! What a DMARC record does at a name, and which domain it is about.

use crate::name::Name;

/// What a DMARC record does at its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The policy of a domain, at `_dmarc` below it.
    Policy,
    /// A policy at a name that a `CNAME` at a `_dmarc` name leads to.
    Shared,
    /// The authorization of reports, at `<domain>._report._dmarc.<destination>`.
    Authorization,
    /// At a wildcard, which also answers for `_dmarc` below names that do not exist.
    Wildcard,
    /// Nothing: a `*` stands beside `_dmarc`, where it is an asterisk or stands for what nobody asks for.
    Unasked,
    /// Nothing: nobody looks for DMARC at this name, unless a `CNAME` leads to it.
    Elsewhere,
}

const DMARC: &[u8] = b"_dmarc";
const REPORT: &[u8] = b"_report";

/// Whether anybody may look for DMARC at `owner`: without a label `_dmarc` nobody does.
pub(super) fn is_asked(owner: &Name) -> bool {
    position(owner, DMARC).is_some()
}

/// What a DMARC record does at `owner`; `None` if the file does not tell the name well enough.
pub fn role(owner: &Name) -> Option<Role> {
    let at = if owner.may_hold(b'_') {
        position(owner, DMARC)
    } else {
        None
    };
    let Some(at) = at else {
        return match owner.first() {
            _ if !owner.is_known() => None,
            Some(b"*") => Some(Role::Wildcard),
            _ => Some(Role::Elsewhere),
        };
    };
    let is = |index: usize, label: &[u8]| {
        let labels = owner.labels().nth(index).flatten();
        labels.is_some_and(|found| found.eq_ignore_ascii_case(label))
    };
    let has_report = at >= 2 && is(at - 1, REPORT);
    let mut others = owner.labels().skip(usize::from(has_report));
    Some(if others.any(|label| label == Some(b"*")) {
        Role::Unasked
    } else if has_report {
        Role::Authorization
    } else if owner.labels().take(at).any(|label| label.is_none()) {
        return None;
    } else if at == 0 && !has_underscored(owner) {
        Role::Policy
    } else {
        Role::Elsewhere
    })
}

/// Whether `_dmarc` or `_report` stands behind the first label: no mail comes from such a domain.
fn has_underscored(owner: &Name) -> bool {
    let rest = owner.labels().skip(1).flatten();
    rest.into_iter()
        .any(|label| label.eq_ignore_ascii_case(DMARC) || label.eq_ignore_ascii_case(REPORT))
}

/// The domain that a record is about; the first label of an authorization for all domains is `*`. `None` where the name does
/// not tell.
pub(super) fn domain(owner: &Name, role: Role) -> Option<Name> {
    match role {
        Role::Policy | Role::Wildcard => Some(owner.skip(1)),
        Role::Authorization => {
            let count = position(owner, DMARC)?.checked_sub(1)?;
            Some(Name::from_labels(owner.labels().take(count), None))
        }
        Role::Shared | Role::Unasked | Role::Elsewhere => None,
    }
}

/// The domain that reports are sent to.
pub(super) fn destination(owner: &Name, role: Role) -> Option<Name> {
    let at = position(owner, DMARC).filter(|_| role == Role::Authorization)?;
    Some(owner.skip(at + 1))
}

fn position(owner: &Name, label: &[u8]) -> Option<usize> {
    owner
        .labels()
        .position(|found| found.is_some_and(|found| found.eq_ignore_ascii_case(label)))
}
