//! Rules about SPF records (RFC 7208).

pub mod selection;
pub mod version;
mod wording;
