//! Rules about MTA-STS.

pub mod fields;
pub mod id;
pub mod record;
