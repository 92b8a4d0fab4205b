//! Rules about DMARC (RFC 9989, RFC 9990).

pub mod characters;
pub mod location;
pub mod old_tags;
pub mod selection;
pub mod shared;
pub mod tags;
pub mod version;
mod wording;
