//! The lines around some places of a file, as they are drawn: harmless, not too long, and with the way from the file's bytes.
//!
//! What draws them scans all that it is given, so it gets no more than can be seen: lines that are not needed are empty, and
//! long lines are cut to what is near a place.

use std::ops::Range;

use crate::{report::harmless, source::Source};

/// Some lines of a file.
#[derive(Debug)]
pub(super) struct Window {
    /// The number of the first line.
    pub(super) first_line: usize,
    /// The lines, as they are drawn.
    pub(super) text: String,
    /// Where each character that is drawn starts, in the file and in `text`.
    marks: Vec<(usize, usize)>,
}

/// Lines up to this many bytes are drawn whole.
const WHOLE: usize = 110;
/// How much of the start of a longer line is drawn: it tells which record it is.
const HEAD: usize = 24;
/// How much is drawn on either side of where a place starts or ends in a longer line.
const AROUND: usize = 20;
/// As much is not cut out: it would not make the line shorter.
const GAP: usize = 8;

impl Window {
    /// The lines of `source` that the places start or end in, and what is drawn between them. The places are ranges of bytes
    /// that do not end with a line break; they should not be far from each other.
    pub(super) fn new(source: &Source, places: &[Range<usize>], breaking: bool) -> Window {
        let lines: Vec<Range<usize>> = places
            .iter()
            .map(|place| source.position(place.start).line..source.position(place.end).line)
            .collect();
        let first_line = lines.iter().map(|lines| lines.start).min().unwrap_or(1);
        let last_line = lines.iter().map(|lines| lines.end).max().unwrap_or(first_line);
        let mut window = Window {
            first_line,
            text: String::new(),
            marks: Vec::new(),
        };
        for line in first_line..=last_line {
            if lines.iter().any(|lines| is_drawn(line, lines)) {
                let start = source.line_start(line);
                let end = start + source.line(line).len();
                let points = places.iter().flat_map(|place| [place.start, place.end]);
                let points: Vec<usize> = points.filter(|point| (start..=end).contains(point)).collect();
                window.push(source.bytes(), start..end, &points, breaking);
            }
            if line < last_line {
                window.text.push('\n');
            }
        }
        window
    }

    /// Where a place of the file is drawn in `text`.
    pub(super) fn place(&self, place: &Range<usize>) -> Range<usize> {
        let mark = |index: usize| self.marks.get(index).map_or(self.text.len(), |mark| mark.1);
        let start = self.marks.partition_point(|mark| mark.0 <= place.start);
        let start = mark(start.saturating_sub(1));
        let end = mark(self.marks.partition_point(|mark| mark.0 < place.end));
        start..end.max(start)
    }

    fn push(&mut self, bytes: &[u8], line: Range<usize>, points: &[usize], breaking: bool) {
        let mut end = line.end;
        if bytes[line.clone()].ends_with(b"\r") && !points.contains(&end) {
            end -= 1;
        }
        let mut at = line.start;
        for part in parts(bytes, line.start..end, points) {
            if part.start > at {
                self.marks.push((at, self.text.len()));
                self.text.push('…');
            }
            harmless::characters(&bytes[part.clone()], breaking, |offset, shown| {
                self.marks.push((part.start + offset, self.text.len()));
                self.text.push_str(shown);
            });
            at = part.end;
        }
        self.marks.push((at, self.text.len()));
        if at < end {
            self.text.push('…');
        }
    }
}

/// Whether a line is drawn for a place that goes over these lines: where it starts and ends, the first few between, and the
/// next line, which may stand between two places.
fn is_drawn(line: usize, lines: &Range<usize>) -> bool {
    (lines.start..=lines.start + 5).contains(&line) && line <= lines.end + 1
        || (lines.end.saturating_sub(1)..=lines.end + 1).contains(&line)
}

/// What is drawn of a line: all of a short one, else its head and what is around the points.
fn parts(bytes: &[u8], line: Range<usize>, points: &[usize]) -> Vec<Range<usize>> {
    if line.len() <= WHOLE {
        return vec![line];
    }
    let boundary = |at: usize| {
        let at = at.clamp(line.start, line.end);
        (at.saturating_sub(3).max(line.start)..=at)
            .rev()
            .find(|at| bytes.get(*at).is_none_or(|byte| !(0x80..0xc0).contains(byte)))
            .unwrap_or(at)
    };
    let head = if points.is_empty() { WHOLE } else { HEAD };
    let mut wanted: Vec<Range<usize>> = points
        .iter()
        .map(|point| boundary(point.saturating_sub(AROUND))..boundary(point + AROUND))
        .collect();
    wanted.push(line.start..boundary(line.start + head));
    wanted.sort_by_key(|part| part.start);
    let mut parts: Vec<Range<usize>> = Vec::new();
    for part in wanted {
        match parts.last_mut() {
            Some(last) if part.start <= last.end + GAP => last.end = last.end.max(part.end),
            _ => parts.push(part),
        }
    }
    if let Some(last) = parts.last_mut().filter(|last| line.end <= last.end + GAP) {
        last.end = line.end;
    }
    parts
}
