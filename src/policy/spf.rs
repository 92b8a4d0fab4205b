//! The SPF record (RFC 7208, section 4.5).

use crate::{
    name::Name,
    policy::kind::{self, Kind},
    text::Text,
};

/// A TXT record that is meant to be SPF.
#[derive(Debug)]
pub struct Spf<'a> {
    /// The joined text.
    pub text: &'a Text,
    /// The name of the record.
    pub owner: &'a Name,
}

/// Reads the text of a TXT record at `owner`. `None` if it is not meant to be SPF.
pub fn parse<'a>(text: &'a Text, owner: &'a Name) -> Option<Spf<'a>> {
    (kind::of_value(text.bytes()) == Some(Kind::Spf)).then_some(Spf { text, owner })
}
