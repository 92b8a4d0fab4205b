//! DKIM key records (RFC 6376, section 3.6.1), and what is left of older protocols beside them.

use crate::{name::Name, text::Text};

/// A TXT record that is meant to be a DKIM key, or stands where one is looked for.
#[derive(Debug)]
pub struct Dkim<'a> {
    /// What it says.
    pub text: &'a Text,
}

/// Reads the text of a TXT record; `None` if it is not meant to be DKIM and nobody looks for a key at its name.
pub fn parse<'a>(_text: &'a Text, _owner: &Name) -> Option<Dkim<'a>> {
    None
}
