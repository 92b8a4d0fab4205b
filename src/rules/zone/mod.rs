//! Rules about zone files and TXT data in them.

pub mod syntax;
