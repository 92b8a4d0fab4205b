//! Rules about zone files and TXT data in them.

pub mod characters;
pub mod cname;
pub mod data;
pub mod directives;
pub mod dots;
pub mod includes;
pub mod names;
pub mod owners;
mod providers;
pub mod quotes;
pub mod sets;
pub mod strings;
pub mod syntax;
pub mod ttl;
pub mod txt_quotes;
