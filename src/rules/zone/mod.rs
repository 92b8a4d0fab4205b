//! Rules about zone files and TXT data in them.

pub mod data;
pub mod directives;
pub mod dots;
pub mod includes;
pub mod names;
pub mod owners;
mod providers;
pub mod quotes;
pub mod quoting;
pub mod sets;
pub mod syntax;
pub mod ttl;
pub mod txt;
