//! The TXT record at `_mta-sts` (RFC 8461, section 3.1).

use crate::text::Text;

/// A TXT record at `_mta-sts`.
#[derive(Debug)]
pub struct MtaSts<'a> {
    /// The joined text.
    pub text: &'a Text,
}

/// Reads the text of a TXT record at `_mta-sts`, whatever it is.
pub fn parse(text: &Text) -> MtaSts<'_> {
    MtaSts { text }
}
