//! Rules about SPF records (RFC 7208).

pub mod characters;
pub mod selection;
pub mod separators;
pub mod version;
mod wording;
