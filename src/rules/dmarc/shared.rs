//! Policies that several domains share: their `_dmarc` names are CNAME records that lead to one name.

use crate::{
    name::Name,
    policy::dmarc::owner::{self, Role},
    zones::Node,
};

/// Whether a `CNAME` of the repository at a `_dmarc` name leads to `name`, seen from `node`.
pub fn is_shared(node: &Node<'_>, name: &Name) -> bool {
    let mut aliases = node.zones().aliases_of(name);
    aliases.any(|alias| owner::role(&alias.owner) == Some(Role::Policy))
}
