//! Rules about DKIM keys (RFC 6376), and what is left of older protocols beside them.

pub mod characters;
pub mod ed25519;
pub mod key_data;
pub mod key_kinds;
pub mod leftovers;
pub mod lists;
pub mod location;
pub mod rsa;
pub mod selection;
pub mod shared;
pub mod shared_keys;
pub mod tags;
pub mod values;
pub mod version;
mod wording;
