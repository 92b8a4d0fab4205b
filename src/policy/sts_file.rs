//! The MTA-STS policy file (RFC 8461, section 3.2).

use crate::{source::Source, text::Text};

/// An MTA-STS policy file.
#[derive(Debug)]
pub struct StsFile<'a> {
    /// The file.
    pub source: &'a Source,
    /// Its text, byte by byte.
    pub text: &'a Text,
}

/// Reads a policy file, whatever it is.
pub fn parse<'a>(source: &'a Source, text: &'a Text) -> StsFile<'a> {
    StsFile { source, text }
}
