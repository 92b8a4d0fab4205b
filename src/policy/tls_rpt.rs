//! The TXT record at `_smtp._tls` (RFC 8460, section 3).

use crate::text::Text;

/// A TXT record at `_smtp._tls`.
#[derive(Debug)]
pub struct TlsRpt<'a> {
    /// The joined text.
    pub text: &'a Text,
}

/// Reads the text of a TXT record at `_smtp._tls`, whatever it is.
pub fn parse(text: &Text) -> TlsRpt<'_> {
    TlsRpt { text }
}
