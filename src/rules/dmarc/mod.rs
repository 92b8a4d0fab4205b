//! Rules about DMARC (RFC 9989, RFC 9990).

pub mod authorization;
pub mod destinations;
mod domains;
pub mod keywords;
pub mod organization;
pub mod policy;
pub mod report_lists;
pub mod report_uris;
mod tags;
pub mod test_mode;
mod wording;
