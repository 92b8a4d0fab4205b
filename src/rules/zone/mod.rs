//! Rules about zone files and TXT data in them.

pub mod quoting;
pub mod syntax;
