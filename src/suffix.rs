//! The public suffix list, and the names that are reserved beside it.

use crate::name::Name;

/// Top-level labels that no registry sells but that people use (RFC 2606, 6761, 6762, 8375, and ICANN's `internal`).
const RESERVED: &[&str] = &[
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "invalid",
    "lan",
    "local",
    "localhost",
    "onion",
    "test",
];

/// Whether the last label of a name is a top-level domain, or one that is reserved.
pub fn has_known_tld(name: &Name) -> bool {
    let Some(Some(last)) = name.labels().last() else {
        return false;
    };
    let last = last.to_ascii_lowercase();
    RESERVED.iter().any(|reserved| reserved.as_bytes() == last) || is_listed(&last)
}

/// Whether a name lies where no mail of the internet comes from: it is private, or one of addresses.
pub fn is_private(name: &Name) -> bool {
    const PUBLIC: &[&str] = &["example", "invalid", "test"];
    let Some(Some(last)) = name.labels().last() else {
        return false;
    };
    let last = last.to_ascii_lowercase();
    let mut private = RESERVED.iter().filter(|reserved| !PUBLIC.contains(reserved));
    private.any(|reserved| reserved.as_bytes() == last)
}

/// Whether the last label of a name is a top-level domain that anybody may look up.
pub fn has_public_tld(name: &Name) -> bool {
    match name.labels().last() {
        Some(Some(last)) => is_listed(&last.to_ascii_lowercase()),
        _ => false,
    }
}

/// The public suffix list, and what the settings add to it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Suffixes {
    /// Names right below which others have theirs, and that the list does not have.
    pub own: Vec<Name>,
}

impl Suffixes {
    /// Whether a name is a public suffix: others register names right below it.
    pub fn has(&self, name: &Name) -> bool {
        self.own.contains(name) || is_public_suffix(name)
    }

    /// The domain that somebody registered and that a name lies in: one label below the longest suffix above it. `None` for a
    /// suffix, and where none is known.
    pub fn registered(&self, name: &Name) -> Option<Name> {
        let own = self.own.iter().filter(|suffix| name.is_within(suffix));
        match (own.map(Name::label_count).max(), registered(name)) {
            (Some(labels), listed) if listed.as_ref().is_none_or(|listed| listed.label_count() <= labels) => {
                Some(name.skip(name.label_count().checked_sub(labels + 1)?))
            }
            (_, listed) => listed,
        }
    }

    /// The organizational domain of a name as receivers take it from a list (RFC 7489, section 3.2): the registered domain, the
    /// name itself if it is a public suffix, and two labels where there is no suffix for it.
    pub fn organization(&self, name: &Name) -> Name {
        let unlisted = || match self.own.contains(name) || has_public_tld(name) {
            true => name.clone(),
            false => name.skip(name.label_count().saturating_sub(2)),
        };
        self.registered(name).unwrap_or_else(unlisted)
    }
}

/// Whether a name is on the public suffix list.
pub fn is_public_suffix(name: &Name) -> bool {
    let text = name.to_string().to_ascii_lowercase();
    name.is_known()
        && psl::suffix(text.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == text.as_bytes())
}

/// The domain that somebody registered and that a name lies in: one label below its public suffix. `None` for a public suffix,
/// and where no public suffix is listed.
pub fn registered(name: &Name) -> Option<Name> {
    let is_plain = |label: Option<&[u8]>| label.is_some_and(|label| !label.iter().any(|byte| b".\\".contains(byte)));
    if !name.labels().all(is_plain) {
        return None;
    }
    let text = name.to_string().to_ascii_lowercase();
    let suffix = psl::suffix(text.as_bytes()).filter(|suffix| suffix.is_known())?;
    let labels = suffix.as_bytes().split(|byte| *byte == b'.').count();
    Some(name.skip(name.label_count().checked_sub(labels + 1)?))
}

fn is_listed(label: &[u8]) -> bool {
    psl::suffix(label).is_some_and(|suffix| suffix.is_known())
}
