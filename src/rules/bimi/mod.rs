//! Rules about BIMI, which no RFC defines: they follow draft-brand-indicators-for-message-identification-12.

pub mod dmarc;
pub mod formats;
pub mod links;
pub mod owner;
pub mod record;
pub mod tags;
pub mod uris;
pub mod values;
