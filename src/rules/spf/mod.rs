//! Rules about SPF records (RFC 7208).

pub mod addresses;
pub mod characters;
pub mod domains;
pub mod explanations;
pub mod lookups;
pub mod macros;
pub mod mechanisms;
pub mod modifiers;
pub mod names;
pub mod networks;
pub mod overlaps;
pub mod prefixes;
pub mod references;
pub mod selection;
pub mod separators;
pub mod terms;
pub mod version;
pub mod voids;
mod wording;
