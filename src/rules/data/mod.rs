//! Rules about files of YAML, JSON and HCL as such.

pub mod octodns;
pub mod references;
pub mod syntax;
