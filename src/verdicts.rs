//! A verdict on each line of JSON Lines, in their order, in memory that does not grow with the input.

use std::{
    borrow::Cow,
    io::{self, Read, Write},
    ops::Range,
};

use crate::{
    apart::{self, BLOCK, Block, Judged, Rules},
    check,
    diagnostic::{Diagnostic, Severity},
    formats::jsonl::{LINE_MAX, Value},
    parallel::{self, map},
    reported::Tally,
    settings::Settings,
    span::Span,
};

/// What is asked for.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The rules that run.
    pub rules: &'a Rules,
    /// The least bad severity that is shown.
    pub min: Severity,
    /// The settings, and the path of the input relative to the root, for which they are asked.
    pub settings: &'a Settings,
    /// See `settings`.
    pub path: &'a str,
    /// What each verdict tells of the path, where there are several.
    pub shown_path: Option<Cow<'a, str>>,
}

/// What ended the work before the input did.
#[derive(Debug)]
pub enum Failure {
    /// The input could not be read.
    Read(io::Error),
    /// The verdicts could not be written.
    Write(io::Error),
}

/// What was found, shown or not.
#[derive(Clone, Copy, Default, Debug)]
pub struct Summary {
    /// Lines that are not empty.
    pub lines: usize,
    /// Records in them.
    pub records: usize,
    /// Findings.
    pub found: Tally,
}

impl Summary {
    /// Both together.
    pub fn plus(self, other: Summary) -> Summary {
        Summary {
            lines: self.lines + other.lines,
            records: self.records + other.records,
            found: self.found.plus(other.found),
        }
    }
}

/// Judges each line of `input` and writes its verdict, at the latest when `input` lets wait for more.
pub fn write(input: &mut dyn Read, wanted: &Wanted<'_>, to: &mut dyn Write) -> Result<Summary, Failure> {
    let mut summary = Summary::default();
    let mut batches = Batches::new(2 * BLOCK * parallel::threads());
    while let Some(blocks) = batches.next(input).map_err(Failure::Read)? {
        for (verdicts, part) in map(blocks, |block| verdicts(block, wanted)) {
            summary = summary.plus(part);
            to.write_all(&verdicts).map_err(Failure::Write)?;
        }
        to.flush().map_err(Failure::Write)?;
    }
    Ok(summary)
}

/// Whole lines of an input, as many as were there to be read.
struct Batches {
    buffer: Vec<u8>,
    filled: usize,
    line: usize,
    /// Whether the rest of a line is passed over that is too long.
    skips: bool,
    ended: bool,
}

impl Batches {
    fn new(size: usize) -> Batches {
        Batches {
            buffer: vec![0; size],
            filled: 0,
            line: 0,
            skips: false,
            ended: false,
        }
    }

    fn next(&mut self, input: &mut dyn Read) -> io::Result<Option<Vec<Block>>> {
        while !self.ended {
            let before = self.filled;
            match input.read(&mut self.buffer[before..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
                Ok(0) => {
                    self.ended = true;
                    return Ok(Some(self.take(self.filled)));
                }
                Ok(len) => self.filled += len,
            }
            if self.skips {
                self.skip();
                continue;
            }
            if let Some(last) = memchr::memrchr(b'\n', &self.buffer[before..self.filled]) {
                return Ok(Some(self.take(before + last + 1)));
            }
            if self.filled > LINE_MAX {
                // Its beginning tells that it is too long.
                self.skips = true;
                let blocks = self.take(LINE_MAX + 1);
                self.filled = 0;
                return Ok(Some(blocks));
            }
            if self.filled == self.buffer.len() {
                self.buffer.resize(self.filled * 2, 0);
            }
        }
        Ok(None)
    }

    /// Takes the lines before `end` out of the buffer.
    fn take(&mut self, end: usize) -> Vec<Block> {
        let bytes = &self.buffer[..end];
        let blocks = Block::all(bytes, self.line);
        let is_open = bytes.last().is_some_and(|last| *last != b'\n');
        self.line += memchr::memchr_iter(b'\n', bytes).count() + usize::from(is_open);
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
        blocks
    }

    /// Takes the rest of a line out of the buffer.
    fn skip(&mut self) {
        let end = memchr::memchr(b'\n', &self.buffer[..self.filled]);
        self.skips = end.is_none();
        let end = end.map_or(self.filled, |end| end + 1);
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
    }
}

fn verdicts(block: Block, wanted: &Wanted<'_>) -> (Vec<u8>, Summary) {
    let mut verdicts = Vec::with_capacity(block.bytes.len());
    let mut summary = Summary::default();
    let path = wanted.shown_path.as_deref().map(json);
    apart::judge(block, wanted.path, wanted.rules, &mut |mut line| {
        line.diagnostics
            .retain_mut(|found| check::settle(found, wanted.path, wanted.settings));
        summary.lines += 1;
        summary.records += line.scan.records.len();
        summary.found = summary.found.plus(Tally::of(line.diagnostics.iter()));
        push_verdict(&line, path.as_deref(), wanted.min, &mut verdicts);
    });
    (verdicts, summary)
}

fn push_verdict(line: &Judged<'_>, path: Option<&str>, min: Severity, to: &mut Vec<u8>) {
    to.extend(b"{");
    if let Some(path) = path {
        to.extend(b"\"path\":");
        to.extend(path.bytes());
        to.extend(b",");
    }
    to.extend(b"\"line\":");
    push_number(line.line.number + 1, to);
    to.extend(b",\"owner\":");
    match line.line.owner {
        // As it is written, escapes and all.
        Some(owner) => to.extend(&line.source.bytes()[owner.whole()]),
        None => to.extend(b"null"),
    }
    to.extend(b",\"findings\":[");
    let shown = line.diagnostics.iter().filter(|found| found.severity <= min);
    for (index, found) in shown.enumerate() {
        to.extend(if index == 0 { b"{".as_slice() } else { b",{" });
        push_finding(found, line, to);
        to.extend(b"}");
    }
    to.extend(b"]}\n");
}

fn push_finding(found: &Diagnostic, line: &Judged<'_>, to: &mut Vec<u8>) {
    // Neither the names of rules nor those of severities need escapes.
    to.extend(b"\"rule\":\"");
    to.extend(found.rule.bytes());
    to.extend(b"\",\"severity\":\"");
    to.extend(found.severity.name().bytes());
    to.extend(b"\"");
    match place(found.primary.span, line) {
        Place::Value(value, range) => {
            if line.line.is_scan {
                to.extend(b",\"type\":\"");
                to.extend(kind(value, line).bytes());
                to.extend(b"\",\"index\":");
                push_number(value.index as usize, to);
            }
            push_range(range, to);
        }
        Place::Owner => to.extend(b",\"at\":\"owner\""),
        Place::Line(range) => {
            to.extend(b",\"at\":\"line\"");
            push_range(range, to);
        }
    }
}

/// Where a finding stands.
enum Place<'a> {
    /// In bytes of the decoded value.
    Value(&'a Value, Range<usize>),
    Owner,
    /// In bytes of the line.
    Line(Range<usize>),
}

fn place<'a>(span: Span, line: &Judged<'a>) -> Place<'a> {
    let at = span.range();
    let is_in = |range: &Range<usize>| range.start <= at.start && at.end <= range.end;
    let values = line.line.values;
    let behind = values.partition_point(|value| value.at.start <= at.start);
    let value = behind.checked_sub(1).and_then(|last| values.get(last));
    if let Some(value) = value.filter(|value| is_in(&value.at))
        && let Some(range) = decoded(value, span, line)
    {
        return Place::Value(value, range);
    }
    if line.line.owner.is_some_and(|owner| is_in(&owner.inside())) {
        return Place::Owner;
    }
    let start = line.line.at.start;
    Place::Line(at.start.saturating_sub(start)..at.end.saturating_sub(start))
}

/// A place in a value as bytes of what it stands for.
fn decoded(value: &Value, span: Span, line: &Judged<'_>) -> Option<Range<usize>> {
    let record = line.scan.records.get(value.record as usize)?;
    match record.txt() {
        Some(txt) => txt.text.range(span),
        None => value.text(line.source)?.range(span),
    }
}

fn kind(value: &Value, line: &Judged<'_>) -> &'static str {
    let record = line.scan.records.get(value.record as usize);
    record.and_then(|record| record.data.kind()).unwrap_or_default()
}

fn push_range(range: Range<usize>, to: &mut Vec<u8>) {
    to.extend(b",\"start\":");
    push_number(range.start, to);
    to.extend(b",\"end\":");
    push_number(range.end, to);
}

fn push_number(number: usize, to: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let (mut rest, mut at) = (number, digits.len());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    to.extend(&digits[at..]);
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
