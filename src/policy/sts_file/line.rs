//! One line of a policy file: which field it is, and the slips in how it is written. It is read as if they were repaired.

use std::ops::Range;

use crate::{
    policy::sts_file::value::{Known, Naming},
    text::Text,
};

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line without what ends it.
    pub at: Range<usize>,
    /// What ends it; empty at the end of the file.
    pub end: Range<usize>,
    /// How it ends.
    pub ending: Ending,
    /// What it is.
    pub kind: Kind,
}

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// LF.
    Lf,
    /// CRLF.
    CrLf,
    /// A CR without an LF, or before a CRLF.
    Cr,
    /// The end of the file.
    Nothing,
}

/// What a line is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Nothing but blanks.
    Blank,
    /// What would be a comment elsewhere.
    Comment(Range<usize>),
    /// A field.
    Field(Field),
    /// No field.
    Bad,
    /// The file does not tell.
    Unknown,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The field it is meant to be; `None` for one that RFC 8461 does not define.
    pub known: Option<Known>,
    /// Its name.
    pub name: Range<usize>,
    /// How its name is written.
    pub naming: Naming,
    /// Its value, without blanks around it and a comment behind it.
    pub value: Range<usize>,
    /// Whether the value is known.
    pub is_value_known: bool,
    /// Whether it stands for the field it is meant to be. One with a typo in its name does if there is no better one.
    pub counts: bool,
    /// The blanks before its name.
    pub indent: Range<usize>,
    /// The blanks between its name and its colon.
    pub gap: Range<usize>,
    /// What would be a comment elsewhere, behind a valid value.
    pub comment: Option<Range<usize>>,
    /// Why the line is not in the grammar, other than by its name and blanks.
    pub slip: Option<Slip>,
}

/// Why a line that is recognisable as a field is not in the grammar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Slip {
    /// `=` in place of the colon. The range is that of the sign and the blanks around it.
    Equals(Range<usize>),
    /// Blanks in place of the colon, or nothing behind the name.
    NoColon,
    /// It is written as an item of a YAML list. The range is that of the sign and the blanks around it.
    ListItem(Range<usize>),
    /// Other fields follow in the same line.
    Glued(Vec<Known>),
}

impl Line {
    /// The line with what ends it.
    pub fn whole(&self) -> Range<usize> {
        self.at.start..self.end.end
    }

    /// The field in it.
    pub fn field(&self) -> Option<&Field> {
        match &self.kind {
            Kind::Field(field) => Some(field),
            _ => None,
        }
    }
}

impl Field {
    fn new(known: Option<(Known, Naming)>, name: Range<usize>, value: Range<usize>) -> Field {
        Field {
            known: known.map(|(known, _)| known),
            naming: known.map_or(Naming::Exact, |(_, naming)| naming),
            value,
            is_value_known: true,
            counts: true,
            indent: name.start..name.start,
            gap: name.end..name.end,
            comment: None,
            slip: None,
            name,
        }
    }
}

/// The line that starts at `start`, not yet looked into. Lines end at LF, CRLF and, other than the grammar has it, CR.
pub fn split(bytes: &[u8], start: usize) -> Line {
    let start = start.min(bytes.len());
    let rest = &bytes[start..];
    let at = start..start + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let (len, ending) = match &bytes[at.end..] {
        [] => (0, Ending::Nothing),
        [b'\n', ..] => (1, Ending::Lf),
        [b'\r', b'\n', ..] => (2, Ending::CrLf),
        // A CRLF whose LF was made a CRLF once more.
        [b'\r', b'\r', b'\n', ..] => (3, Ending::Cr),
        _ => (1, Ending::Cr),
    };
    Line {
        end: at.end..at.end + len,
        at,
        ending,
        kind: Kind::Unknown,
    }
}

/// What the line at `at` is.
pub fn read(text: &Text, at: Range<usize>) -> Kind {
    let bytes = text.get(at.clone());
    let indent = bytes.iter().take_while(|byte| is_blank(**byte)).count();
    let indent = at.start..at.start + indent;
    let end = at.start + trimmed(bytes);
    let body = indent.end..end.max(indent.end);
    if !text.is_known(at.clone()) {
        return in_part(text, &indent, body);
    }
    let bytes = text.get(body.clone());
    if bytes.is_empty() {
        return Kind::Blank;
    }
    if is_comment(bytes) {
        return Kind::Comment(body);
    }
    if let Some(bullet) = bullet(bytes) {
        return item(text, indent.start..body.start + bullet, body.end);
    }
    match field(text, body) {
        Some(field) => Kind::Field(Field { indent, ..field }),
        None => Kind::Bad,
    }
}

/// A line that is known in part: a field if its name and colon are, and it is clear which.
fn in_part(text: &Text, indent: &Range<usize>, body: Range<usize>) -> Kind {
    let bytes = text.get(body.clone());
    let Some(colon) = bytes.iter().position(|byte| *byte == b':') else {
        return Kind::Unknown;
    };
    let name = body.start..body.start + trimmed(&bytes[..colon]);
    let colon = body.start + colon;
    if name.is_empty() || !text.is_known(indent.start..colon) {
        return Kind::Unknown;
    }
    match Known::of_name(text.get(name.clone())) {
        Some(known) => Kind::Field(Field {
            is_value_known: false,
            indent: indent.clone(),
            gap: name.end..colon,
            ..Field::new(Some(known), name, colon + 1..body.end)
        }),
        None => Kind::Unknown,
    }
}

/// The length of the sign of a list item and the blanks behind it.
fn bullet(bytes: &[u8]) -> Option<usize> {
    let (sign, rest) = bytes.split_first()?;
    let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
    (matches!(sign, b'-' | b'*') && blanks > 0).then_some(1 + blanks)
}

/// An item of a YAML list: a field, or a host for the `mx` above.
fn item(text: &Text, bullet: Range<usize>, end: usize) -> Kind {
    let body = bullet.end..end;
    let field = match field(text, body.clone()) {
        Some(field) if field.known.is_some() => field,
        _ if is_word_with_dot(text.get(body.clone())) => {
            Field::new(Some((Known::Mx, Naming::Exact)), body.start..body.start, body)
        }
        _ => return Kind::Bad,
    };
    Kind::Field(Field {
        indent: bullet.start..bullet.start,
        slip: Some(Slip::ListItem(bullet)),
        ..field
    })
}

fn is_word_with_dot(bytes: &[u8]) -> bool {
    bytes.contains(&b'.') && !bytes.iter().any(|byte| is_blank(*byte))
}

/// The field in a line without blanks around it; `None` if it is none.
fn field(text: &Text, body: Range<usize>) -> Option<Field> {
    let bytes = text.get(body.clone());
    let Some(sign) = bytes.iter().position(|byte| matches!(byte, b':' | b'=')) else {
        return without_colon(bytes, body);
    };
    let name = body.start..body.start + trimmed(&bytes[..sign]);
    if name.is_empty() {
        return None;
    }
    let blanks = bytes[sign + 1..].iter().take_while(|byte| is_blank(**byte)).count();
    let value = body.start + sign + 1 + blanks..body.end;
    let gap = name.end..body.start + sign;
    let known = Known::of_name(text.get(name.clone()));
    let mut field = Field::new(known, name, value.clone());
    if bytes[sign] == b'=' {
        field.slip = Some(Slip::Equals(gap.start..value.start));
    } else {
        field.gap = gap;
    }
    if let Some(known) = field.known {
        look_into_value(text.get(value), known, &mut field);
    }
    Some(field)
}

/// A known name with a blank, or nothing, where the colon belongs.
fn without_colon(bytes: &[u8], body: Range<usize>) -> Option<Field> {
    let len = bytes.iter().position(|byte| is_blank(*byte)).unwrap_or(bytes.len());
    let blanks = bytes[len..].iter().take_while(|byte| is_blank(**byte)).count();
    let (known, naming) = Known::of_name(&bytes[..len]).filter(|(_, naming)| *naming != Naming::Typo)?;
    let value = &bytes[len + blanks..];
    let is_value = known.accepts(value) && (known != Known::Mx || value.contains(&b'.'));
    (value.is_empty() || is_value).then(|| Field {
        is_value_known: !value.is_empty(),
        slip: Some(Slip::NoColon),
        ..Field::new(
            Some((known, naming)),
            body.start..body.start + len,
            body.start + len + blanks..body.end,
        )
    })
}

/// A comment behind the value, and other fields in it.
fn look_into_value(value: &[u8], known: Known, field: &mut Field) {
    let start = field.value.start;
    let is_start = |at: &usize| is_comment(&value[*at..]) && (*at == 0 || is_blank(value[*at - 1]));
    let is_list = |at: &usize| known == Known::Mx && value[*at] == b';' && are_hosts(&value[*at..]);
    let sign = (0..value.len()).find(is_start).filter(|sign| !is_list(sign));
    let before = trimmed(&value[..sign.unwrap_or(value.len())]);
    field.value = start..start + before;
    let others = glued(&value[..before], known);
    if !others.is_empty() {
        field.is_value_known = false;
        field.slip = Some(Slip::Glued(others));
    } else if let Some(sign) = sign.filter(|_| known.accepts(&value[..before])) {
        field.comment = Some(start + sign..start + value.len());
    }
}

/// Whether this is hosts between semicolons: no comment, but more of a list.
fn are_hosts(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| matches!(byte, b' ' | b'\t' | b',' | b';'))
        .filter(|word| !word.is_empty())
        .all(|word| word.contains(&b'.') && Known::Mx.accepts(word))
        && bytes.contains(&b'.')
}

/// The known fields whose names and colons stand in the value of another one.
fn glued(value: &[u8], first: Known) -> Vec<Known> {
    let mut found = Vec::new();
    for colon in memchr::memchr_iter(b':', value) {
        let name_end = trimmed(&value[..colon]);
        for known in Known::ALL {
            let Some(before) = value[..name_end].strip_suffix(known.name().as_bytes()) else {
                continue;
            };
            let is_apart = before
                .last()
                .is_none_or(|byte| matches!(byte, b' ' | b'\t' | b',' | b';' | b'"' | b'\''));
            // `mx` is so short that it ends other words, too.
            let is_clear = match (known, first) {
                (Known::Mx, Known::Mx) => value.get(colon + 1).is_some_and(|byte| is_blank(*byte)),
                (Known::Mx, _) => first.accepts(before),
                _ => true,
            };
            if is_apart || is_clear {
                found.push(known);
            }
        }
    }
    found
}

/// Whether this begins like a comment elsewhere.
fn is_comment(bytes: &[u8]) -> bool {
    matches!(bytes, [b'#' | b';', ..] | [b'/', b'/', ..])
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The length without blanks at the end.
fn trimmed(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .rposition(|byte| !is_blank(*byte))
        .map_or(0, |last| last + 1)
}
