//! BIMI assertion records (draft-brand-indicators-for-message-identification).

use crate::{name::Name, text::Text};

/// A TXT record that is meant to be BIMI.
#[derive(Debug)]
pub struct Bimi<'a> {
    /// What it says.
    pub text: &'a Text,
}

/// Reads the text of a TXT record; `None` if it is not meant to be BIMI.
pub fn parse<'a>(_text: &'a Text, _owner: &Name) -> Option<Bimi<'a>> {
    None
}
