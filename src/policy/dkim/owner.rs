//! What a TXT record does at a name that belongs to DKIM.

use crate::name::Name;

/// What a TXT record does at its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The key of a selector, at `<selector>._domainkey.<domain>`.
    Selector,
    /// A key at a name that a `CNAME` at the name of a selector leads to.
    Shared,
    /// At `_domainkey.<domain>` itself, where DomainKeys had its policy (RFC 4870, section 3.6).
    DomainKeys,
    /// Signing practices, at `_adsp._domainkey.<domain>` (RFC 5617).
    Adsp,
    /// A request for reports, at `_report._domainkey.<domain>` (RFC 6651, section 3.2).
    Report,
    /// A policy of drafts before RFC 5617, at `_policy` or `_ssp` below `_domainkey`.
    OldPolicy,
    /// Nothing: nobody looks for a key at this name, unless a `CNAME` leads to it.
    Elsewhere,
}

/// Whether anything of DKIM may be looked for at `owner`: without a label `_domainkey` nothing is.
pub(super) fn is_asked(owner: &Name) -> bool {
    position(owner).is_some()
}

/// What a TXT record does at `owner`; `None` if the file does not tell the name well enough. `is_key` tells whether the text
/// is a key: where the first label is unknown, that is a selector.
pub fn role(owner: &Name, is_key: impl FnOnce() -> bool) -> Option<Role> {
    let at = if owner.may_hold(b'_') { position(owner) } else { None };
    let Some(at) = at else {
        return owner.is_known().then_some(Role::Elsewhere);
    };
    let first = owner.labels().next().flatten();
    let is = |label: &str| at == 1 && first.is_some_and(|first| first.eq_ignore_ascii_case(label.as_bytes()));
    Some(if at == 0 {
        Role::DomainKeys
    } else if is("_adsp") {
        Role::Adsp
    } else if is("_report") {
        Role::Report
    } else if is("_policy") || is("_ssp") {
        Role::OldPolicy
    } else if first.is_some() || is_key() {
        Role::Selector
    } else {
        return None;
    })
}

/// The labels of the selector at the name of a key; an unknown part is left out.
pub fn selector(owner: &Name) -> impl Iterator<Item = &[u8]> {
    owner.labels().take(position(owner).unwrap_or(0)).flatten()
}

/// The domain that a key is for; `None` where the name does not tell.
pub fn domain(owner: &Name) -> Option<Name> {
    Some(owner.skip(position(owner)? + 1))
}

/// How many labels stand before `_domainkey`.
fn position(owner: &Name) -> Option<usize> {
    owner
        .labels()
        .position(|label| label.is_some_and(|label| label.eq_ignore_ascii_case(b"_domainkey")))
}
