//! Rules about TLS-RPT.

pub mod destinations;
pub mod fields;
pub mod record;
pub mod rua;
pub mod uri;
