//! Rules about where mail is sent to, and domains that take none.

pub mod hosts;
pub mod null;
pub mod senders;
pub mod targets;
