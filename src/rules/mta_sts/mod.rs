//! Rules about MTA-STS.

pub mod fields;
pub mod id;
pub mod policy_fields;
pub mod policy_file;
pub mod policy_hosts;
pub mod policy_lines;
pub mod policy_mx;
pub mod policy_place;
pub mod record;
