//! The TXT record at `_mta-sts` (RFC 8461, section 3.1).

use std::ops::Range;

use crate::{
    policy::{
        fields::{self, Fields, Shape},
        version::Dialect,
    },
    text::Text,
};

/// A TXT record at `_mta-sts`.
#[derive(Debug)]
pub struct MtaSts<'a> {
    /// The version and the fields.
    pub record: Fields<'a>,
    /// The fields named `id`, by their numbers. The first counts.
    pub ids: Vec<usize>,
    /// The field that is meant to be the `id`, where none is: misspelt, or without its `=`.
    pub meant: Option<usize>,
}

/// How these records are told from others.
pub static DIALECT: Dialect = Dialect {
    version: "v=STSv1",
    stem: "sts",
    stem_anywhere: false,
    required: "id",
};

/// Reads the text of a TXT record at `_mta-sts`, whatever it is.
pub fn parse(text: &Text) -> MtaSts<'_> {
    let mut record = fields::read(text, &DIALECT);
    let ids: Vec<usize> = record.named("id").collect();
    // Of the later ones only the grammar of extensions is left.
    for index in ids.iter().skip(1) {
        let field = &mut record.fields[*index];
        if field.shape == Shape::Right {
            field.shape = fields::malformed_value(text, &field.tag).map_or(Shape::Right, Shape::Malformed);
        }
    }
    let meant = record.meant(&DIALECT).filter(|_| ids.is_empty());
    MtaSts { record, ids, meant }
}

impl MtaSts<'_> {
    /// The value of the `id` that counts; `None` without one, or where the file does not tell.
    pub fn id(&self) -> Option<Range<usize>> {
        let tag = &self.record.fields.get(*self.ids.first()?)?.tag;
        // What a hole before it holds may be another `id`.
        self.record.text.is_known(0..tag.whole.end).then(|| tag.value.clone())
    }
}
