//! `$GENERATE`, as BIND's manual has it.

use std::ops::Range;

use crate::{
    formats::{
        rdata::{self, Field, Notation},
        zone::{
            fields::{head, is_in},
            names::{Bases, name_of},
            reader::Reader,
        },
    },
    name::Name,
    record::{FaultKind, Parts, Record, Scan, Written},
    source::Source,
    span::Span,
    spelling::Spelling,
    syntax::zone::{self as syntax, Token},
    text::Text,
};

/// How many records `$GENERATE` may make in one zone; a long one counts once more for every 256 bytes.
const GENERATED_MAX: u64 = 65_536;

impl<'a> Reader<'a> {
    /// `$GENERATE start-stop[/step] owner [ttl] [class] type data`.
    pub(super) fn generate(
        &mut self,
        source: &'a Source,
        all: Span,
        arguments: &[Token],
        bases: &mut Bases,
        scan: &mut Scan,
    ) -> Result<(), (Span, FaultKind)> {
        let bytes = source.bytes();
        let word = |token: &Token| &bytes[token.range()];
        let span_of = |token: &Token| Span::new(source.id, token.range());
        let invalid = |span: Span| (span, FaultKind::GenerateInvalid { unquoted: None });
        let [range, owner, fields @ ..] = arguments else {
            return Err(invalid(all));
        };
        let (start, stop, step) = generate_range(word(range)).ok_or(invalid(span_of(range)))?;
        let head = head(source, fields).map_err(|_| invalid(all))?;
        if head.class.is_some_and(|class| !is_in(word(&class))) {
            return Err(invalid(all));
        }
        let data = match &fields[head.data..] {
            [data] => *data,
            [] => return Err(invalid(all)),
            [first, .., last] => {
                let span = span_of(first).to(span_of(last));
                return Err((span, FaultKind::GenerateInvalid { unquoted: Some(span) }));
            }
        };
        let count = (u64::from(stop) - u64::from(start)) / u64::from(step) + 1;
        let written = u64::from(owner.end - owner.start) + u64::from(data.end - data.start);
        let weight = count.saturating_mul(1 + written / 256);
        if self.generated.saturating_add(weight) > GENERATED_MAX {
            return Err((span_of(range), FaultKind::GenerateTooLarge));
        }
        self.generated += weight;
        let ttl = self.ttl(head.ttl.map(|(_, ttl)| ttl), false, all);
        let other = head.other(&[data]);
        let parts = Parts {
            owner: (owner.start, (owner.end - owner.start).min(u16::MAX.into()) as u16),
            ttl: head.ttl_place(),
        };
        for value in (start..=stop).step_by(step as usize) {
            let made = (|| {
                let owner_text = substitute(word(owner), value)?;
                let data_text = substitute(&bytes[data.inside()], value)?;
                let (name, written) = name_of(&owner_text, span_of(owner), &bases.origin).ok()?;
                let outside = match written {
                    Written::Absolute => Some((span_of(owner), name.clone())),
                    _ => bases.outside(self.apex.as_ref(), span_of(owner), &name),
                };
                let made = Made {
                    words: data_text
                        .split(|byte| matches!(byte, b' ' | b'\t'))
                        .filter(|word| !word.is_empty())
                        .collect(),
                    span: span_of(&data),
                    bases,
                };
                let fields: Vec<Field<'_>> = made.words.iter().map(|word| made.field(word)).collect();
                let data = rdata::read(head.kind, other, &fields, &made).ok()?;
                Some((Record::new(name, written, ttl, data, all, parts), outside))
            })();
            let (record, outside) = made.ok_or(invalid(all))?;
            scan.records.push(record);
            self.out_of_zone.extend(outside);
        }
        Ok(())
    }
}

/// The data words that `$GENERATE` made: all of them stand where its data stands.
struct Made<'a> {
    words: Vec<&'a [u8]>,
    span: Span,
    bases: &'a Bases,
}

impl<'a> Made<'a> {
    fn field(&self, word: &'a [u8]) -> Field<'a> {
        let inside = word
            .strip_prefix(b"\"")
            .and_then(|word| word.strip_suffix(b"\""))
            .unwrap_or(word);
        Field {
            bytes: inside,
            span: self.span,
            quoted: inside.len() != word.len(),
            hole: false,
        }
    }
}

impl Notation for Made<'_> {
    fn name(&self, field: &Field<'_>) -> Result<(Name, Written), (FaultKind, Span)> {
        name_of(field.bytes, self.span, &self.bases.origin)
    }

    fn text(&self, first: usize) -> (Text, Vec<Range<u32>>) {
        let mut text = Text::new();
        let mut strings = Vec::new();
        for word in &self.words[first..] {
            let start = text.len() as u32;
            let mut rest = self.field(word).bytes;
            while let Some(byte) = rest.first() {
                let (value, len) = syntax::escape(rest).unwrap_or((*byte, 1));
                text.push_spelled(&[value], self.span);
                rest = &rest[len.min(rest.len())..];
            }
            text.end_literal(self.span, Spelling::Computed);
            strings.push(start..text.len() as u32);
        }
        if strings.len() == 1 {
            strings.clear();
        }
        (text, strings)
    }
}

/// `start-stop[/step]`.
fn generate_range(word: &[u8]) -> Option<(u32, u32, u32)> {
    let text = std::str::from_utf8(word).ok()?;
    let (range, step) = text.split_once('/').unwrap_or((text, "1"));
    let (start, stop) = range.split_once('-')?;
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u32>().ok())
            .flatten()
            .filter(|value| *value < 1 << 31)
    };
    let (start, stop, step) = (number(start)?, number(stop)?, number(step)?);
    (start <= stop && step > 0).then_some((start, stop, step))
}

/// A text of `$GENERATE` with its number: `$`, `${offset,width,base}`, and `$$` or `\$` for the sign itself.
fn substitute(text: &[u8], value: u32) -> Option<Vec<u8>> {
    let mut made = Vec::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'\\', Some(b'$')) | (b'$', Some(b'$')) => {
                made.push(b'$');
                at += 2;
            }
            (b'\\', Some(next)) => {
                made.extend([b'\\', *next]);
                at += 2;
            }
            (b'$', Some(b'{')) => {
                let len = text[at..].iter().position(|byte| *byte == b'}')?;
                let modifier = std::str::from_utf8(&text[at + 2..at + len]).ok()?;
                made.extend(modified(modifier, value)?.bytes());
                at += len + 1;
            }
            (b'$', _) => {
                made.extend(value.to_string().bytes());
                at += 1;
            }
            (byte, _) => {
                made.push(*byte);
                at += 1;
            }
        }
    }
    Some(made)
}

/// `offset[,width[,base]]` applied to a number.
fn modified(modifier: &str, value: u32) -> Option<String> {
    let mut parts = modifier.split(',');
    let offset: i64 = parts.next()?.parse().ok()?;
    let width: usize = parts.next().unwrap_or("0").parse().ok()?;
    let base = parts.next().unwrap_or("d");
    let value = u64::try_from(i64::from(value).checked_add(offset)?).ok()?;
    if width > 255 || parts.next().is_some() {
        return None;
    }
    Some(match base {
        "d" => format!("{value:0width$}"),
        "o" => format!("{value:0width$o}"),
        "x" => format!("{value:0width$x}"),
        "X" => format!("{value:0width$X}"),
        // Nibbles from the lowest to the highest, with dots between; the width counts the dots.
        "n" | "N" => {
            let nibbles = width.div_ceil(2).max(1);
            let mut digits: Vec<String> = Vec::new();
            let mut rest = value;
            while rest > 0 || digits.len() < nibbles {
                digits.push(if base == "n" {
                    format!("{:x}", rest & 15)
                } else {
                    format!("{:X}", rest & 15)
                });
                rest >>= 4;
            }
            digits.join(".")
        }
        _ => return None,
    })
}
