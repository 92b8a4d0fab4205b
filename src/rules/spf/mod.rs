//! Rules about SPF records (RFC 7208).

pub mod characters;
pub mod mechanisms;
pub mod modifiers;
pub mod selection;
pub mod separators;
pub mod terms;
pub mod version;
mod wording;
