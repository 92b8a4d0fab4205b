//! Rules about files of YAML and JSON as such.

pub mod octodns;
pub mod syntax;
