//! Notations: how literals, comments and structure are written, without any idea of records.

pub mod hcl;
pub mod json;
pub mod yaml;
pub mod zone;
