//! What the writer of a record meant: slips in its notation whose intention is unmistakable.
//!
//! A rule reports the slip itself; all other rules judge the record as the repair would leave it, so that one slip gives
//! one finding.

use std::borrow::Cow;

use crate::{
    name::Name,
    record::{Record, Scan, Txt},
    text::Text,
};

/// The text of a TXT record as the repair of its slips would leave it.
pub fn meant_text<'a>(txt: &'a Txt, _owner: &Name) -> Cow<'a, Text> {
    Cow::Borrowed(&txt.text)
}

/// The owner of a record as the repair of its slips would leave it.
pub fn meant_owner<'a>(record: &'a Record, _scan: &Scan) -> Cow<'a, Name> {
    Cow::Borrowed(&record.owner)
}
