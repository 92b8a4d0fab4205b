//! A version and then fields, `v=STSv1; id=1;`: the grammar that RFC 8460 (section 3) and RFC 8461 (section 3.1) share.
//!
//! It is stricter than that of other tag lists: the version is the first octets of the text, and blanks stand beside
//! semicolons only. What breaks it is a node, and what follows is read as its repair would leave it.

use std::ops::Range;

use crate::{
    policy::{
        tags::{self, Tag},
        version::{self, Dialect, Separator, Version},
    },
    text::Text,
};

/// A TXT record at a name where one of this grammar is looked up.
#[derive(Debug)]
pub struct Fields<'a> {
    /// The joined text.
    pub text: &'a Text,
    /// How it begins.
    pub version: Version,
    /// The fields behind the version; none unless it is right.
    pub fields: Vec<Field>,
    /// The blanks behind the last field, where no semicolon makes them a part of a separator.
    pub trailing: Option<Range<usize>>,
}

/// What stands between two semicolons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Where its parts stand.
    pub tag: Tag,
    /// Whether it has the shape of a field.
    pub shape: Shape,
}

/// Whether what stands between two semicolons has the shape of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// It has. The value of the required field is not looked at here.
    Right,
    /// There is nothing but blanks.
    Empty,
    /// It has not.
    Malformed(Malformed),
    /// It is a part of the value before it, cut off by a wrong separator.
    Continuation,
    /// The file does not tell.
    Unknown,
}

/// Why a field does not match `name=value`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// There is no `=`.
    NoEquals,
    /// Blanks around the `=`.
    BlanksAroundEquals,
    /// The name has a character that names may not have, is over 32 characters, or empty.
    Name,
    /// The value is empty.
    EmptyValue,
    /// The value has a second `=`.
    SecondEquals,
    /// The value has blanks in it.
    BlankInside,
}

/// Reads the text of a TXT record, whatever it is.
pub fn read<'a>(text: &'a Text, dialect: &Dialect) -> Fields<'a> {
    let (version, start) = version::read(text, dialect);
    let fields: Vec<Field> = match start {
        Some(start) => tags::read(text, start..text.len())
            .into_iter()
            .map(|tag| Field {
                shape: shape(text, &tag, dialect),
                tag,
            })
            .collect(),
        None => Vec::new(),
    };
    let trailing = fields.last().and_then(|field| trailing(text, &field.tag));
    Fields {
        text,
        version,
        fields,
        trailing,
    }
}

/// Whether an octet may stand nowhere in such a record. It is a fault of its own, and for all others no octet at all.
pub fn is_odd(byte: u8) -> bool {
    byte > 0x7e || byte < 0x20 && byte != b'\t'
}

/// Why the value of an extension is none; `None` where nothing is wrong, or where it is not known.
pub fn malformed_value(text: &Text, tag: &Tag) -> Option<Malformed> {
    let value = text.get(tag.value.clone());
    if !tag.is_known {
        None
    } else if value.is_empty() {
        Some(Malformed::EmptyValue)
    } else if value.contains(&b'=') {
        Some(Malformed::SecondEquals)
    } else if value.iter().any(|byte| matches!(byte, b' ' | b'\t')) {
        Some(Malformed::BlankInside)
    } else {
        None
    }
}

impl Fields<'_> {
    /// Whether the record is one of its kind whose fields were read, all of them if the file tells them.
    pub fn is_read(&self) -> bool {
        matches!(&self.version, Version::Right(separator) if !matches!(separator, Separator::Comma(_)))
    }

    /// The numbers of the fields with this very name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let fields = self.fields.iter().enumerate();
        fields
            .filter(|(_, field)| field.tag.is(self.text, name))
            .map(|(index, _)| index)
    }

    /// The number of the first field that is meant to be the required one: its name in another case, or without `=`.
    pub fn meant(&self, dialect: &Dialect) -> Option<usize> {
        self.fields.iter().position(|field| match field.shape {
            Shape::Malformed(Malformed::NoEquals) => {
                let at = self.text.get(field.tag.at.clone());
                let (name, after) = at.split_at_checked(dialect.required.len()).unwrap_or_default();
                name.eq_ignore_ascii_case(dialect.required.as_bytes())
                    && !after.first().is_some_and(u8::is_ascii_alphanumeric)
            }
            _ => field.tag.is_like(self.text, dialect.required),
        })
    }
}

fn shape(text: &Text, tag: &Tag, dialect: &Dialect) -> Shape {
    let malformed = |why| Shape::Malformed(why);
    let Some(equals) = tag.equals.filter(|_| tag.is_named) else {
        return match (tag.is_known, tag.at.is_empty()) {
            (false, _) => Shape::Unknown,
            (true, true) => Shape::Empty,
            (true, false) => malformed(Malformed::NoEquals),
        };
    };
    let blank = |range: Range<usize>| text.get(range).iter().any(|byte| matches!(byte, b' ' | b'\t'));
    if blank(tag.name.end..equals) || tag.is_known && blank(equals + 1..tag.value.start) {
        malformed(Malformed::BlanksAroundEquals)
    } else if !is_name(text.get(tag.name.clone())) {
        malformed(Malformed::Name)
    } else if tag.is_like(text, dialect.required) {
        Shape::Right
    } else if !tag.is_known {
        Shape::Unknown
    } else {
        malformed_value(text, tag).map_or(Shape::Right, malformed)
    }
}

fn is_name(name: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || is_odd(*byte);
    name.len() <= 32
        && name
            .first()
            .is_some_and(|first| first.is_ascii_alphanumeric() || is_odd(*first))
        && name.iter().all(is_inner)
}

fn trailing(text: &Text, last: &Tag) -> Option<Range<usize>> {
    let end = text.len();
    let blanks = text
        .bytes()
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'));
    let start = end - blanks.count();
    let is_trailing = !last.closed && !last.at.is_empty() && last.is_known;
    (is_trailing && start < end).then_some(start..end)
}
