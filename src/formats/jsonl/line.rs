//! The members of a line, as they are written: those of a record, and those that scanners write.

use std::ops::Range;

use crate::{
    record::{LineProblem, Shape},
    source::Source,
    spelling::Spelling,
    syntax::json::{Cursor, Problem, Str},
    text::Text,
};

/// What a line says. It is used for one line after the other, so that nothing is allocated for each.
#[derive(Default, Debug)]
pub(super) struct Line {
    /// Which members were read.
    seen: u32,
    /// Where the line stands.
    pub(super) at: Range<usize>,
    pub(super) owner: Option<Str>,
    pub(super) kind: Option<Str>,
    pub(super) value: Option<Str>,
    /// The character-strings of `strings`, and its place.
    pub(super) strings: Vec<Str>,
    pub(super) strings_at: Option<Range<usize>>,
    /// The name that zdns was given, and the one that it asked for if that is another.
    pub(super) name: Option<Str>,
    pub(super) altered_name: Option<Str>,
    /// The name that dnsx asked for.
    pub(super) host: Option<Str>,
    pub(super) answers: Vec<Answer>,
    pub(super) values: Vec<Value>,
}

/// A record in the answer that a scanner got.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) kind: Kind,
    /// The owner, if the scanner tells it.
    pub(super) name: Option<Str>,
    pub(super) value: Str,
    /// Of MX records, if the scanner tells it.
    pub(super) preference: Option<u16>,
}

/// The types that are read of a scanner's answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Txt,
    Mx,
    Cname,
    A,
    Aaaa,
}

/// The value of a record of a line.
#[derive(Clone, Debug)]
pub struct Value {
    /// The number of its record in the scan.
    pub record: u32,
    /// Where it stands, between its quotes, or from its first string to its last.
    pub at: Range<usize>,
    /// The string that it is, if it is one.
    pub(super) string: Option<Str>,
    /// Of which values of its type in the line it is: the number, from 0.
    pub index: u32,
}

/// The members that are read, each with its bit in `seen`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Member {
    Owner,
    Type,
    Value,
    Strings,
    Name,
    AlteredName,
    Results,
    Data,
    Host,
    Txt,
    Mx,
    Cname,
}

fn member(name: &[u8]) -> Option<Member> {
    Some(match name {
        b"owner" => Member::Owner,
        b"type" => Member::Type,
        b"value" => Member::Value,
        b"strings" => Member::Strings,
        b"name" => Member::Name,
        b"altered_name" => Member::AlteredName,
        b"results" => Member::Results,
        b"data" => Member::Data,
        b"host" => Member::Host,
        b"txt" => Member::Txt,
        b"mx" => Member::Mx,
        b"cname" => Member::Cname,
        _ => return None,
    })
}

impl Line {
    pub(super) fn clear(&mut self) {
        let mut all = std::mem::take(self);
        all.strings.clear();
        all.answers.clear();
        all.values.clear();
        *self = Line {
            strings: all.strings,
            answers: all.answers,
            values: all.values,
            ..Line::default()
        };
    }

    /// The owner of all records of the line.
    pub(super) fn name_of_all(&self) -> Option<Str> {
        let asked = self.altered_name.or(self.name).or(self.host);
        self.owner.or(asked)
    }

    /// Reads the line at `at`, which is valid UTF-8.
    pub(super) fn read(&mut self, bytes: &[u8], at: Range<usize>) -> Result<(), Problem> {
        self.at = at.clone();
        let mut cursor = Cursor::new(bytes, at);
        if cursor.peek().is_some_and(|first| first != b'{') {
            let start = cursor.place();
            cursor.skip()?;
            return match cursor.end() {
                Ok(()) => Err((start..cursor.place(), LineProblem::NoObject)),
                Err(problem) => Err(problem),
            };
        }
        cursor.object(|cursor, name| self.member(bytes, cursor, name))?;
        cursor.end()
    }

    fn member(&mut self, bytes: &[u8], cursor: &mut Cursor<'_>, name: Str) -> Result<(), Problem> {
        let Some(member) = member(&name.decoded(bytes)?) else {
            return cursor.skip();
        };
        let bit = 1 << member as u32;
        if self.seen & bit != 0 {
            return Err((name.whole(), LineProblem::Twice));
        }
        self.seen |= bit;
        // Programs write what they do not have as `null`.
        if cursor.peek() == Some(b'n') {
            return cursor.skip();
        }
        match member {
            Member::Owner => self.owner = Some(string(cursor)?),
            Member::Type => self.kind = Some(string(cursor)?),
            Member::Value => self.value = Some(string(cursor)?),
            Member::Strings => {
                let start = cursor.place();
                expect(cursor, b'[', Shape::Strings)?;
                let strings = &mut self.strings;
                cursor.list(|cursor| {
                    strings.push(string(cursor)?);
                    Ok(())
                })?;
                self.strings_at = Some(start..cursor.here());
            }
            Member::Name => self.name = Some(string(cursor)?),
            Member::AlteredName => self.altered_name = Some(string(cursor)?),
            Member::Host => self.host = Some(string(cursor)?),
            Member::Txt => return self.list(cursor, Kind::Txt),
            Member::Mx => return self.list(cursor, Kind::Mx),
            Member::Cname => return self.list(cursor, Kind::Cname),
            Member::Data => return self.data(bytes, cursor),
            Member::Results => {
                // zdns 2: the results of each module.
                return in_object(cursor, |cursor, _| {
                    in_object(cursor, |cursor, name| match &*name.decoded(bytes)? {
                        b"data" => self.data(bytes, cursor),
                        _ => cursor.skip(),
                    })
                });
            }
        }
        Ok(())
    }

    /// The values of one type, as dnsx writes them.
    fn list(&mut self, cursor: &mut Cursor<'_>, kind: Kind) -> Result<(), Problem> {
        expect(cursor, b'[', Shape::Strings)?;
        cursor.list(|cursor| {
            self.answers.push(Answer {
                kind,
                name: None,
                value: string(cursor)?,
                preference: None,
            });
            Ok(())
        })
    }

    /// What a module of zdns found.
    fn data(&mut self, bytes: &[u8], cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        in_object(cursor, |cursor, name| match &*name.decoded(bytes)? {
            b"answers" => in_list(cursor, |cursor| self.answer(bytes, cursor)),
            b"exchanges" => in_list(cursor, |cursor| self.exchange(bytes, cursor)),
            b"spf" | b"dmarc" => {
                self.answers.push(Answer {
                    kind: Kind::Txt,
                    name: None,
                    value: string(cursor)?,
                    preference: None,
                });
                Ok(())
            }
            _ => cursor.skip(),
        })
    }

    /// A record that zdns was answered.
    fn answer(&mut self, bytes: &[u8], cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let (mut kind, mut name, mut value, mut preference) = (None, None, None, None);
        let start = cursor.place();
        in_object(cursor, |cursor, member| {
            match &*member.decoded(bytes)? {
                b"type" => kind = kind_of(&string(cursor)?.decoded(bytes)?),
                b"name" => name = Some(string(cursor)?),
                // Some other types have strings of this name.
                b"preference" if cursor.peek() != Some(b'"') => preference = Some(number(bytes, cursor)?),
                // The first version wrote `data`.
                b"answer" | b"data" if cursor.peek() == Some(b'"') => value = Some(cursor.string()?),
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        match (kind, value) {
            // zdns leaves out what is empty.
            (Some(Kind::Txt), None) => self.answers.push(Answer {
                kind: Kind::Txt,
                name,
                value: Str::left_out(start + 1),
                preference,
            }),
            (Some(kind), Some(value)) => self.answers.push(Answer {
                kind,
                name,
                value,
                preference,
            }),
            (Some(_), None) => return Err((start..cursor.here(), LineProblem::Kind(Shape::String))),
            (None, _) => {}
        }
        Ok(())
    }

    /// A mail exchanger that zdns looked up: here the name is that of the host.
    fn exchange(&mut self, bytes: &[u8], cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let (mut value, mut preference) = (None, None);
        in_object(cursor, |cursor, member| {
            match &*member.decoded(bytes)? {
                b"name" => value = Some(string(cursor)?),
                b"preference" => preference = Some(number(bytes, cursor)?),
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        self.answers.extend(value.map(|value| Answer {
            kind: Kind::Mx,
            name: None,
            value,
            preference,
        }));
        Ok(())
    }
}

impl Value {
    /// The string that it is, decoded; `None` if it is several.
    pub fn text(&self, source: &Source) -> Option<Text> {
        self.string?.text(source, Spelling::Json).ok()
    }
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Txt => "TXT",
            Kind::Mx => "MX",
            Kind::Cname => "CNAME",
            Kind::A => "A",
            Kind::Aaaa => "AAAA",
        }
    }
}

fn kind_of(name: &[u8]) -> Option<Kind> {
    [Kind::Txt, Kind::Mx, Kind::Cname, Kind::A, Kind::Aaaa]
        .into_iter()
        .find(|kind| kind.name().as_bytes() == name)
}

fn string(cursor: &mut Cursor<'_>) -> Result<Str, Problem> {
    expect(cursor, b'"', Shape::String)?;
    cursor.string()
}

fn number(bytes: &[u8], cursor: &mut Cursor<'_>) -> Result<u16, Problem> {
    expect(cursor, b'0', Shape::Number)?;
    let at = cursor.number()?;
    let number = std::str::from_utf8(&bytes[at.clone()])
        .ok()
        .and_then(|number| number.parse().ok());
    number.ok_or((at, LineProblem::Kind(Shape::Number)))
}

/// That a value of this shape, which starts with `sign`, comes next. For numbers that is any digit.
fn expect(cursor: &mut Cursor<'_>, sign: u8, shape: Shape) -> Result<(), Problem> {
    let is_such = |first: u8| first == sign || sign == b'0' && first.is_ascii_digit();
    if cursor.peek().is_some_and(is_such) {
        return Ok(());
    }
    let start = cursor.place();
    cursor.skip()?;
    Err((start..cursor.here(), LineProblem::Kind(shape)))
}

/// The members of an object. What is none is passed over: it is what other programs write under such a name.
fn in_object(
    cursor: &mut Cursor<'_>,
    member: impl FnMut(&mut Cursor<'_>, Str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    match cursor.peek() {
        Some(b'{') => cursor.object(member),
        _ => cursor.skip(),
    }
}

/// The values of a list. What is none is passed over.
fn in_list(cursor: &mut Cursor<'_>, value: impl FnMut(&mut Cursor<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
    match cursor.peek() {
        Some(b'[') => cursor.list(value),
        _ => cursor.skip(),
    }
}
