//! Rules about DMARC (RFC 9989, RFC 9990).

pub mod authorization;
pub mod characters;
pub mod consent;
pub mod destinations;
mod domains;
pub mod keywords;
pub mod location;
pub mod old_tags;
pub mod organization;
pub mod policy;
pub mod report_lists;
pub mod report_uris;
pub mod selection;
pub mod shared;
pub mod tags;
pub mod test_mode;
pub mod version;
mod wording;
pub mod zone;
