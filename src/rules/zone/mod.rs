//! Rules about zone files and TXT data in them.

pub mod characters;
pub mod cname;
pub mod sets;
pub mod strings;
pub mod syntax;
pub mod ttl;
pub mod txt_quotes;
