//! Policies that several domains share: their `_dmarc` names are CNAME records that lead to one name.

use crate::{
    name::Name,
    policy::dmarc::owner::{self, Role},
    record::Record,
    zones::{Node, Zones},
};

/// The CNAME records of the repository at `_dmarc` names that lead to `name`.
pub(super) fn policy_aliases<'a>(zones: &Zones<'a>, name: &Name) -> impl Iterator<Item = &'a Record> + use<'a> {
    let aliases = zones.has_service_aliases().then(|| zones.aliases_of(name));
    let is_policy = |alias: &&Record| owner::role(&alias.owner) == Some(Role::Policy);
    aliases.into_iter().flatten().filter(is_policy)
}

/// Whether a `CNAME` of the repository at a `_dmarc` name leads to `name`, seen from `node`.
pub fn is_shared(node: &Node<'_>, name: &Name) -> bool {
    policy_aliases(node.zones(), name).next().is_some()
}
