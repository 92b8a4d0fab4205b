//! The records that a line says.

use std::{ops::Range, sync::Arc};

use crate::{
    formats::{
        jsonl::{
            answers, fault,
            line::{Answer, Kind, Line, Value},
        },
        rdata::{self, Field, Notation},
    },
    name::{Base, LABEL_MAX, NAME_MAX, Name},
    record::{Data, FaultKind, LineProblem, Mx, Other, Parts, Record, Scan, Target, Txt, Written},
    source::Source,
    span::Span,
    spelling::Spelling,
    syntax::{
        json::{Problem, Str},
        zone as syntax,
    },
    text::Text,
};

/// Reads the records of a line onto a scan.
pub(super) fn read(source: &Source, base: &Arc<Base>, line: &mut Line, scan: &mut Scan) -> Result<(), Problem> {
    let bytes = source.bytes();
    if let Some(owner) = line.owner {
        let name = name(base, bytes, owner)?;
        return one(source, name, owner, line, scan);
    }
    // Scanners write no such members: a record was meant.
    let is_record = line.kind.or(line.value).is_some() || line.strings_at.is_some();
    let Some(asked) = line.name_of_all().filter(|_| !is_record) else {
        return Err((line.at.clone(), LineProblem::NoOwner));
    };
    // What was not found is no record, whatever the name.
    if line.answers.is_empty() {
        return Ok(());
    }
    let name = name(base, bytes, asked)?;
    for (answer, index) in answers::settle(line, bytes, asked) {
        let data = match answered(source, base, &answer) {
            Ok(data) => data,
            Err(problem) => {
                scan.faults.push(fault(source, problem));
                continue;
            }
        };
        line.values.push(Value::of_answer(&answer, scan.records.len(), index));
        push(source, name.clone(), asked, data, answer.value.inside(), scan);
    }
    Ok(())
}

fn push(source: &Source, name: Name, owner: Str, data: Data, at: Range<usize>, scan: &mut Scan) {
    let owner = owner.inside();
    let parts = Parts {
        owner: (owner.start as u32, u16::try_from(owner.len()).unwrap_or(u16::MAX)),
        ttl: (0, 0),
    };
    let span = Span::new(source.id, at);
    scan.records
        .push(Record::new(name, Written::Absolute, None, data, span, parts));
}

/// The record of a line that is one.
fn one(source: &Source, name: Name, owner: Str, line: &mut Line, scan: &mut Scan) -> Result<(), Problem> {
    let word = match line.kind {
        Some(word) => word.decoded(source.bytes())?,
        None => b"TXT".into(),
    };
    let kind = rdata::Kind::of(&word);
    let is_text = matches!(kind, rdata::Kind::Txt | rdata::Kind::Spf);
    let (data, at) = match (line.value, &line.strings_at) {
        (_, Some(at)) if is_text => {
            let (text, strings) = strings(source, &line.strings)?;
            (txt(text, strings, kind), between(&line.strings, at))
        }
        (Some(value), _) if is_text => (
            txt(value.text(source, Spelling::Json)?, Vec::new(), kind),
            value.inside(),
        ),
        (Some(value), _) => (other(source, kind, line.kind, value)?, value.inside()),
        (None, _) => return Err((line.at.clone(), LineProblem::NoValue)),
    };
    line.values.push(Value {
        record: scan.records.len() as u32,
        at: at.clone(),
        string: line.value.filter(|value| value.inside() == at),
        index: 0,
    });
    push(source, name, owner, data, at, scan);
    Ok(())
}

fn txt(text: Text, strings: Vec<Range<u32>>, kind: rdata::Kind) -> Data {
    Data::Txt(Box::new(Txt {
        text,
        strings,
        type99: kind == rdata::Kind::Spf,
        tail: None,
        maker: None,
    }))
}

/// Character-strings joined, and where each lies in the text if there are several.
fn strings(source: &Source, all: &[Str]) -> Result<(Text, Vec<Range<u32>>), Problem> {
    if let [one] = all {
        return Ok((one.text(source, Spelling::Json)?, Vec::new()));
    }
    let mut text = Text::with_capacity(all.iter().map(|one| one.inside().len()).sum(), all.len());
    let mut strings = Vec::with_capacity(all.len());
    for one in all {
        let start = text.len() as u32;
        one.push(source, Spelling::Json, &mut text)?;
        strings.push(start..text.len() as u32);
    }
    Ok((text, strings))
}

/// From the first string of a list to the last, without the quotes around them.
fn between(all: &[Str], list: &Range<usize>) -> Range<usize> {
    match all {
        [] => list.start + 1..list.end - 1,
        [first, .., last] => first.inside().start..last.inside().end,
        [one] => one.inside(),
    }
}

/// The data of a record that was answered.
fn answered(source: &Source, base: &Arc<Base>, answer: &Answer) -> Result<Data, Problem> {
    let bytes = source.bytes();
    let (value, at) = (answer.value, answer.value.inside());
    let span = Span::new(source.id, at.clone());
    let target = || {
        // dnsx cuts the final dot off, and the name of the root is nothing else.
        let name = if at.is_empty() {
            Name::root()
        } else {
            name(base, bytes, value)?
        };
        Ok(Target {
            name,
            at: span,
            relative: false,
        })
    };
    let wrong = || (at.clone(), LineProblem::Data);
    Ok(match answer.kind {
        Kind::Txt => {
            let (text, strings) = syntax::printed_strings(value.text(source, Spelling::Printed)?);
            txt(text, strings, rdata::Kind::Txt)
        }
        Kind::Mx => Data::Mx(Box::new(Mx {
            preference: answer.preference.unwrap_or_default(),
            preference_at: span,
            host: target()?,
        })),
        Kind::Cname => Data::Cname(Box::new(target()?)),
        Kind::A => Data::A(parse(bytes, value).ok_or_else(wrong)?),
        Kind::Aaaa => Data::Aaaa(Box::new(parse(bytes, value).ok_or_else(wrong)?)),
    })
}

fn parse<T: std::str::FromStr>(bytes: &[u8], value: Str) -> Option<T> {
    std::str::from_utf8(&bytes[value.inside()]).ok()?.parse().ok()
}

/// The data of a type that is no text, in presentation form.
fn other(source: &Source, kind: rdata::Kind, written: Option<Str>, value: Str) -> Result<Data, Problem> {
    let kind_at = written.map_or(0..0, Str::inside);
    if kind == rdata::Kind::Unregistered {
        return Err((kind_at, LineProblem::Type));
    }
    let text = value.text(source, Spelling::Json)?;
    let other = Other {
        kind_at: kind_at.start as u32,
        kind_len: u8::try_from(kind_at.len()).unwrap_or(u8::MAX),
        is_registered: true,
        data_at: value.inside().start as u32,
    };
    let whole = Span::new(source.id, value.inside());
    let words = words(&text, whole);
    rdata::read(kind, other, &words, &Presented).map_err(|problem| {
        let at = match problem {
            rdata::Problem::Name(_, span) | rdata::Problem::Rdata(_, Some(span)) => span,
            rdata::Problem::Rdata(_, None) | rdata::Problem::Generic { .. } => whole,
        };
        (at.range(), LineProblem::Data)
    })
}

/// The words of a text, between blanks.
fn words(text: &Text, whole: Span) -> Vec<Field<'_>> {
    let bytes = text.bytes();
    let is_blank = |at: &usize| matches!(bytes[*at], b' ' | b'\t');
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..bytes.len()).find(|at| !is_blank(at)) {
        at = (start..bytes.len()).find(is_blank).unwrap_or(bytes.len());
        words.push(Field {
            bytes: &bytes[start..at],
            span: text.span(start..at).unwrap_or(whole),
            quoted: false,
            hole: false,
        });
    }
    words
}

/// Data in presentation form inside a string.
struct Presented;

impl Notation for Presented {
    fn name(&self, field: &Field<'_>) -> Result<(Name, Written), (FaultKind, Span)> {
        match presented(field.bytes) {
            Some(name) => Ok((name, Written::Absolute)),
            None => Err((FaultKind::LineInvalid(LineProblem::Name), field.span)),
        }
    }

    fn text(&self, _first: usize) -> (Text, Vec<Range<u32>>) {
        // Texts are not in presentation form here, and are read elsewhere.
        (Text::new(), Vec::new())
    }
}

/// The name that a string is. It is absolute, with a final dot or without.
fn name(base: &Arc<Base>, bytes: &[u8], written: Str) -> Result<Name, Problem> {
    let at = written.inside();
    let inside = &bytes[at.clone()];
    let own = inside.strip_suffix(b".").unwrap_or(inside);
    let is_odd = |byte: &u8| matches!(byte, b'\\' | b'{' | b'<' | b'%' | b'@' | b'$');
    let is_plain = !written.escaped && !own.is_empty() && own.len() + 2 <= NAME_MAX && !own.iter().any(is_odd);
    let name = match is_plain {
        true => Name::within(base, at.start, own.len()),
        false => presented(&written.decoded(bytes)?),
    };
    name.ok_or((at, LineProblem::Name))
}

/// The name that is written so in presentation form.
fn presented(written: &[u8]) -> Option<Name> {
    if written == b"." {
        return Some(Name::root());
    }
    let labels: Vec<Option<Vec<u8>>> = syntax::labels(written).map(|(_, label)| label).collect();
    let fits = |label: &Option<Vec<u8>>| {
        label
            .as_ref()
            .is_none_or(|label| (1..=LABEL_MAX).contains(&label.len()))
    };
    let all_fit = !labels.is_empty() && labels.iter().all(fits);
    let name = Name::from_labels(labels, None);
    (all_fit && name.wire_len() <= NAME_MAX).then_some(name)
}
