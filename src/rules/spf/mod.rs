//! Rules about SPF records (RFC 7208).

pub mod addresses;
pub mod characters;
pub mod domains;
pub mod lookups;
pub mod macros;
pub mod mechanisms;
pub mod modifiers;
pub mod networks;
pub mod overlaps;
pub mod references;
pub mod selection;
pub mod senders;
pub mod separators;
pub mod terms;
mod tree;
pub mod version;
mod wording;
