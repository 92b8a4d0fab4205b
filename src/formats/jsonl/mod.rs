//! JSON Lines: a record, or what a scanner was answered for one name, on each line.
//!
//! A line is a world of its own: of the names on other lines it knows nothing. Nothing is taken for this format by its looks;
//! the user has to name it.

mod answers;
mod line;
mod records;

use std::{ops::Range, sync::Arc};

use self::line::Line;
pub use self::line::Value;
use crate::{
    format::Format,
    name::Base,
    record::{Fault, FaultKind, LineProblem, Scan},
    source::Source,
    span::Span,
    syntax::json::{Problem, Str},
};

/// JSON Lines.
pub static FORMAT: Format = Format {
    name: "jsonl",
    claims: |_| false,
    read: |source, _| read(source),
    comments: |_| Vec::new(),
    parts: |_, _| Vec::new(),
    looks_at: |_| Vec::new(),
    lines_apart: true,
};

/// The longest line that is read, in bytes. Whatever a scanner tells of one name is a fraction of it.
pub const LINE_MAX: usize = 4 << 20;

/// The lines of a file, one after the other.
pub struct Lines<'a> {
    source: &'a Source,
    base: Arc<Base>,
    at: usize,
    number: usize,
    line: Line,
}

/// A line that is not empty.
#[derive(Debug)]
pub struct Read<'l> {
    /// Its number from 0; empty lines count.
    pub number: usize,
    /// Where it stands, without its line break.
    pub at: Range<usize>,
    /// The owner as it is written, whether it is a name or not.
    pub owner: Option<Str>,
    /// Whether it has a scanner's answers, of which there may be several, and not one record.
    pub is_scan: bool,
    /// The values of its records.
    pub values: &'l [Value],
}

impl<'a> Lines<'a> {
    /// The lines of a file, or of a part of it that starts where a line does. At the start of the file, a byte order mark is
    /// passed over.
    pub fn new(source: &'a Source, is_start: bool) -> Lines<'a> {
        let mark = is_start && source.bytes().starts_with(b"\xef\xbb\xbf");
        Lines {
            source,
            base: Base::new(Arc::clone(&source.octets), None),
            at: if mark { 3 } else { 0 },
            number: 0,
            line: Line::default(),
        }
    }

    /// Reads the next line that is not empty: adds its records, and what is wrong with it, to `scan`. `None` at the end.
    pub fn read(&mut self, scan: &mut Scan) -> Option<Read<'_>> {
        let bytes = self.source.bytes();
        let (at, number) = loop {
            let rest = bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..len];
            let at = self.at..self.at + line.strip_suffix(b"\r").unwrap_or(line).len();
            self.at += len + 1;
            self.number += 1;
            if !bytes[at.clone()].trim_ascii().is_empty() {
                break (at, self.number - 1);
            }
        };
        self.line.clear();
        let read = self.line(at.clone(), scan);
        if let Err(problem) = read {
            scan.faults.push(fault(self.source, problem));
        }
        Some(Read {
            number,
            at,
            owner: self.line.name_of_all().filter(|name| name.decoded(bytes).is_ok()),
            is_scan: self.line.owner.is_none(),
            values: &self.line.values,
        })
    }

    fn line(&mut self, at: Range<usize>, scan: &mut Scan) -> Result<(), Problem> {
        let bytes = self.source.bytes();
        if at.len() > LINE_MAX {
            return Err((at.start..at.start + 1, LineProblem::TooLong));
        }
        if let Err(error) = std::str::from_utf8(&bytes[at.clone()]) {
            let start = at.start + error.valid_up_to();
            return Err((start..start + 1, LineProblem::NotUtf8));
        }
        self.line.read(bytes, at)?;
        records::read(self.source, &self.base, &mut self.line, scan)
    }
}

fn fault(source: &Source, (place, problem): Problem) -> Fault {
    Fault {
        span: Span::new(source.id, place),
        kind: FaultKind::LineInvalid(problem),
    }
}

fn read(source: &Source) -> Scan {
    let mut scan = Scan {
        format: FORMAT.name,
        ..Scan::default()
    };
    let mut lines = Lines::new(source, true);
    while lines.read(&mut scan).is_some() {}
    scan
}
