//! Rules about zone files and TXT data in them.

pub mod data;
pub mod directives;
pub mod names;
pub mod owners;
mod providers;
pub mod syntax;
