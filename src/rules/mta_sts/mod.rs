//! Rules about MTA-STS.

pub mod change;
pub mod coverage;
pub mod domain;
pub mod fields;
pub mod id;
pub mod parts;
pub mod policy_domains;
pub mod policy_fields;
pub mod policy_file;
pub mod policy_hosts;
pub mod policy_layout;
pub mod policy_lines;
pub mod policy_max_age;
pub mod policy_mx;
pub mod policy_mx_names;
pub mod policy_place;
pub mod policy_providers;
pub mod record;
