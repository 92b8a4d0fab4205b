//! The TXT record at `_smtp._tls` (RFC 8460, section 3).

use std::ops::Range;

use crate::{
    name::Name,
    policy::{
        fields::{self, Fields, Shape},
        uri::{self, Uri},
        version::Dialect,
    },
    text::Text,
};

/// A TXT record at `_smtp._tls`.
#[derive(Debug)]
pub struct TlsRpt<'a> {
    /// The version and the fields.
    pub record: Fields<'a>,
    /// The domain whose mail the reports are about.
    pub domain: Name,
    /// The fields named `rua`, by their numbers.
    pub ruas: Vec<usize>,
    /// The field that is meant to be `rua`, where none is: misspelt, or without its `=`.
    pub meant: Option<usize>,
    /// The lists of all `rua`, and the URIs that semicolons cut off from them, as lists of their own.
    pub lists: Vec<List>,
}

/// A list of URIs.
#[derive(Debug)]
pub struct List {
    /// The number of the field that it is in.
    pub field: usize,
    /// The semicolon, with the blanks around it, that cuts this list off from the one before.
    pub cut: Option<Range<usize>>,
    /// Its elements; at least one, which may be empty.
    pub uris: Vec<Uri>,
}

/// How these records are told from others.
pub static DIALECT: Dialect = Dialect {
    version: "v=TLSRPTv1",
    stem: "tlsrpt",
    stem_anywhere: true,
    required: "rua",
};

/// Reads the text of a TXT record at `_smtp._tls` of `domain`, whatever it is.
pub fn parse(text: &Text, domain: Name) -> TlsRpt<'_> {
    let mut record = fields::read(text, &DIALECT);
    let ruas: Vec<usize> = record.named("rua").collect();
    let mut meant = record.meant(&DIALECT).filter(|_| ruas.is_empty());
    let mut lists: Vec<List> = Vec::new();
    for index in 0..record.fields.len() {
        let tag = record.fields[index].tag.clone();
        let is_uri = tag.is_known && uri::starts_with_scheme(text.get(tag.at.clone()));
        if let Some(equals) = tag.equals
            && (tag.is(text, "rua") || ruas.is_empty() && tag.is_like(text, "rua"))
        {
            lists.push(List {
                field: index,
                cut: None,
                uris: uri::read(text, equals + 1..tag.whole.end),
            });
        } else if is_uri && !lists.is_empty() {
            record.fields[index].shape = Shape::Continuation;
            let before = index
                .checked_sub(1)
                .map_or(tag.at.start, |before| record.fields[before].tag.at.end);
            lists.push(List {
                field: index,
                cut: Some(before..tag.at.start),
                uris: uri::read(text, tag.whole.clone()),
            });
        } else if ruas.is_empty() && meant.is_none_or(|meant| meant > index) {
            let is_other = ["ruf", "uri"].iter().any(|name| tag.is_like(text, name));
            if is_uri {
                record.fields[index].shape = Shape::Continuation;
            }
            if is_uri || is_other {
                meant = Some(index);
            }
        }
    }
    TlsRpt {
        record,
        domain,
        ruas,
        meant,
        lists,
    }
}

impl TlsRpt<'_> {
    /// The elements of all lists.
    pub fn uris(&self) -> impl Iterator<Item = &Uri> {
        self.lists.iter().flat_map(|list| &list.uris)
    }
}
