//! What records and policy files say, without any idea of how they are written or whether that is right.

pub mod bimi;
pub mod dkim;
pub mod dmarc;
pub mod fields;
pub mod kind;
pub mod mta_sts;
pub mod near_miss;
pub mod spf;
pub mod sts_file;
pub mod tags;
pub mod tls_rpt;
pub mod tlsa;
pub mod uri;
pub mod version;
mod word;
