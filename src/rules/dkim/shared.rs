//! Keys that stand at names of their own: the names of selectors are CNAME records that lead there.

use crate::{
    name::Name,
    policy::dkim::owner::{self, Role},
    record::Record,
    zones::Node,
};

/// Whether a `CNAME` of the repository at the name of a selector leads to `name`, seen from `node`.
pub fn is_shared(node: &Node<'_>, name: &Name) -> bool {
    let zones = node.zones();
    let aliases = zones.has_service_aliases().then(|| zones.aliases_of(name));
    let is_selector = |alias: &Record| owner::role(&alias.owner, || true) == Some(Role::Selector);
    aliases.into_iter().flatten().any(is_selector)
}
