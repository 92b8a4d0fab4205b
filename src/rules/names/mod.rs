//! Rules about policies at the wrong name, and names that others answer for.

pub mod aliases;
pub mod delegations;
pub mod owners;
pub mod pieces;
pub mod wildcards;
