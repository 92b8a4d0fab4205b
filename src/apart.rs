//! Lines that know nothing of one another: each is judged as a repository of its own.

use std::sync::OnceLock;

use crate::{
    check::{self, Relations},
    diagnostic::Diagnostic,
    formats::jsonl::{self, Lines, Read},
    inspect::{self, Checks, Inspected},
    limits::Limits,
    parallel::map,
    record::Scan,
    rule::Rule,
    source::{Source, Sources},
    span::{SourceId, Span},
    zones::Zones,
};

/// About how many bytes of lines are judged at a time.
pub const BLOCK: usize = 64 << 10;

/// The rules of a run, by what they look at.
#[derive(Debug)]
pub struct Rules {
    all: Checks,
    /// Those that look at records: of a line that could be read, there is nothing else.
    of_records: Checks,
    relations: Relations,
    limits: Limits,
}

/// Whole lines of a file.
#[derive(Debug)]
pub struct Block {
    /// Their bytes.
    pub bytes: Vec<u8>,
    /// The number of the first line, from 0.
    pub first_line: usize,
    /// Whether they are the first of the file.
    pub is_start: bool,
}

/// A line and what was found in it. Places are those of its block.
#[derive(Debug)]
pub struct Judged<'a> {
    /// The block.
    pub source: &'a Source,
    /// The line.
    pub line: Read<'a>,
    /// What it says.
    pub scan: &'a Scan,
    /// How many of its records have a part that it does not tell.
    pub partly_known: usize,
    /// All that was found, in order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Rules {
    /// Sorts rules by what they look at. `limits`: where they draw the line.
    pub fn new(rules: &[&'static Rule], limits: Limits) -> Rules {
        let all = Checks::new(rules);
        Rules {
            of_records: all.of_records(),
            all,
            relations: Relations::new(rules),
            limits,
        }
    }
}

impl Block {
    /// Cuts `bytes`, which end where a line does, into blocks. `first_line` is the number of the first, from 0.
    pub fn all(bytes: &[u8], first_line: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let (mut at, mut line) = (0, first_line);
        while at < bytes.len() {
            let near = (at + BLOCK).min(bytes.len());
            let end = memchr::memchr(b'\n', &bytes[near..]).map_or(bytes.len(), |len| near + len + 1);
            let bytes = bytes[at..end].to_vec();
            let lines = memchr::memchr_iter(b'\n', &bytes).count();
            blocks.push(Block {
                bytes,
                first_line: line,
                is_start: line == 0,
            });
            (at, line) = (end, line + lines);
        }
        blocks
    }
}

/// Judges the lines of a block, one after the other. Empty lines are passed over.
pub fn judge(block: Block, path: &str, rules: &Rules, each: &mut dyn FnMut(Judged<'_>)) {
    let mut sources = Sources::new(vec![Source::new(SourceId(0), path.to_string(), block.bytes)]);
    sources.limits = rules.limits.clone();
    let source = sources.get(SourceId(0));
    let mut lines = Lines::new(source, block.is_start);
    let mut scan = Scan {
        format: jsonl::FORMAT.name,
        ..Scan::default()
    };
    while let Some(mut line) = lines.read(&mut scan) {
        line.number += block.first_line;
        let mut diagnostics = Vec::new();
        let partly_known = judge_scan(source, &scan, &sources, rules, &mut diagnostics);
        each(Judged {
            source,
            line,
            scan: &scan,
            partly_known,
            diagnostics,
        });
        scan.records.clear();
        scan.faults.clear();
        scan.sorted = OnceLock::new();
    }
}

/// Judges what is on a line, as if it were all there is. How many records are known in part only.
fn judge_scan(source: &Source, scan: &Scan, sources: &Sources, rules: &Rules, into: &mut Vec<Diagnostic>) -> usize {
    let checks = match scan.faults.is_empty() {
        true => &rules.of_records,
        false => &rules.all,
    };
    let zones = Zones::new(sources, [scan]);
    let (partly_known, policies) = inspect::judge(source, scan, sources, checks, into);
    rules.relations.judge(&zones, 0, &policies, sources, into);
    check::judge_all(&zones, std::iter::once(&policies), &rules.relations, sources, into);
    check::order(into);
    partly_known
}

/// Reads a file and judges each of its lines. Nothing is kept of them but what was found.
pub fn inspect(source: &Source, rules: &Rules) -> Inspected {
    let mut start = 0;
    let blocks = Block::all(source.bytes(), 0).into_iter().map(|block| {
        let at = start;
        start += block.bytes.len();
        (at, block)
    });
    let parts = map(blocks.collect(), |(start, block): (usize, Block)| {
        let mut part = Inspected::default();
        judge(block, &source.path, rules, &mut |line| {
            part.record_count += line.scan.records.len();
            part.partly_known += line.partly_known;
            let moved = line.diagnostics.into_iter().map(|found| moved(found, source.id, start));
            part.diagnostics.extend(moved);
        });
        part
    });
    let mut all = Inspected::default();
    all.scan.format = jsonl::FORMAT.name;
    for mut part in parts {
        all.record_count += part.record_count;
        all.partly_known += part.partly_known;
        all.diagnostics.append(&mut part.diagnostics);
    }
    all
}

/// A finding of a block that starts at `start` of a file, with its places in that file.
fn moved(mut found: Diagnostic, source: SourceId, start: usize) -> Diagnostic {
    let place = |span: &mut Span| {
        let range = span.range();
        *span = Span::new(source, range.start + start..range.end + start);
    };
    place(&mut found.primary.span);
    found.related.iter_mut().for_each(|label| place(&mut label.span));
    for edit in found.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
        place(&mut edit.span);
    }
    found
}
