//! Rules about DKIM keys (RFC 6376), and what is left of older protocols beside them.

pub mod shared;
