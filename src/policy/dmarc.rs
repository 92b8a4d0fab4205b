//! The DMARC record (RFC 9989, section 4).

use crate::{
    name::Name,
    policy::kind::{self, Kind},
    text::Text,
};

/// A TXT record that is meant to be DMARC.
#[derive(Debug)]
pub struct Dmarc<'a> {
    /// The joined text.
    pub text: &'a Text,
    /// The name of the record.
    pub owner: &'a Name,
}

/// Reads the text of a TXT record at `owner`. `None` if it is not meant to be DMARC.
pub fn parse<'a>(text: &'a Text, owner: &'a Name) -> Option<Dmarc<'a>> {
    (kind::of_owner(owner) == Some(Kind::Dmarc)).then_some(Dmarc { text, owner })
}
