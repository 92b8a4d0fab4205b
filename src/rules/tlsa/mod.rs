//! Rules about TLSA records (RFC 6698), as senders of mail use them (RFC 7672).

pub mod data;
pub mod hosts;
pub mod owners;
