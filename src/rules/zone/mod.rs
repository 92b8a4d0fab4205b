//! Rules about zone files and TXT data in them.

pub mod quoting;
pub mod sets;
pub mod syntax;
pub mod ttl;
pub mod txt;
