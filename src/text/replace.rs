//! Writing a changed value back, as the source writes it.

use std::ops::Range;

use crate::{
    span::Span,
    template,
    text::{
        Edit, Run, Text, View,
        pieces::{Kind, Layer, Layers, Literal, Pieced, cut_character},
    },
};

impl Text {
    /// The edits after which the decoded bytes at `range` are `new`: one for each run of source bytes that `range` is
    /// written in. The first gets `new`, written layer by layer in the literal it stands in; the others lose their part.
    ///
    /// `None` if a hole is touched, if `range` cuts an escape or a character, if it holds something that is only implied or
    /// stands outside of literals, or if a literal cannot hold what would stand in it.
    pub fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        if range.start > range.end || range.end > self.len() || !self.is_known(range.clone()) {
            return None;
        }
        match self.view() {
            View::Run(run) => run.replace(range, new),
            View::Pieced(pieced) if range.is_empty() => pieced.insert(range.start, new),
            View::Pieced(pieced) => pieced.replace(range, new),
        }
    }
}

impl Run {
    fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let base = self.start as usize;
        let at = base + range.start..base + range.end;
        if cut_character(&self.octets, at.start).is_some() || cut_character(&self.octets, at.end).is_some() {
            return None;
        }
        let inside = self.inside.range();
        if self.spelling.is_word() && new.is_empty() && at == inside {
            return None;
        }
        let layers = Layers::one(self.spelling, inside.len());
        let written = layers.write(new, range.len())?;
        let around = near(&at, &inside).map(|near| &self.octets[near]);
        if layers.may_hold_template() && makes_marker(new, around) {
            return None;
        }
        let before = (inside.start < at.start).then(|| self.octets[at.start - 1]);
        let behind = (at.end < inside.end).then(|| self.octets[at.end]);
        if !self.spelling.fits(before, written.as_bytes(), behind) {
            return None;
        }
        let span = Span::new(self.inside.source, at);
        Some(vec![Edit { span, new: written }])
    }
}

impl Pieced {
    fn insert(&self, at: usize, new: &str) -> Option<Vec<Edit>> {
        let (index, literal) = self.literal_at(&(at..at))?;
        if self.makes_marker(index, &(at..at), new) {
            return None;
        }
        let span = self.point_in(literal, at)?;
        let new = literal.layers.write(new, 0)?;
        if !self.fits(literal, &(at..at), &new) {
            return None;
        }
        Some(vec![Edit { span, new }])
    }

    /// The point before the decoded byte at `at` in a literal: behind what is written before it there, or before what
    /// follows.
    fn point_in(&self, literal: &Literal, at: usize) -> Option<Span> {
        if self.cuts(at) {
            return None;
        }
        let own = literal.range();
        let written = |at: Range<usize>| {
            let index = self.piece_at(at.start);
            let is_cut = self.pieces.get(index)?.kind == Kind::Cut;
            self.part(index, &at).filter(|span| !is_cut && !span.is_empty())
        };
        let before = (own.start < at).then(|| written(at - 1..at)).flatten();
        let behind = (at < own.end).then(|| written(at..at + 1)).flatten();
        match (before, behind) {
            (Some(before), _) => Some(before.end()),
            (None, Some(behind)) => Some(behind.start()),
            (None, None) if literal.layers.innermost().octets == 0 => Some(literal.inside.start()),
            (None, None) => self.before.filter(|_| own == (0..0)),
        }
    }

    fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let mut edits = self.removal(&range)?;
        let (first, _) = self.literal_at(&range)?;
        if self.makes_marker(first, &range, new) {
            return None;
        }
        let (mut inside, mut emptied) = (0, 0);
        let touched = self.literals[first..]
            .iter()
            .take_while(|literal| (literal.start as usize) < range.end);
        for (index, literal) in touched.enumerate() {
            let own = literal.range();
            let shared = own.start.max(range.start)..own.end.min(range.end);
            let keeps_lines = literal.layers.iter().any(|layer| layer.spelling.keeps_lines());
            if keeps_lines && self.bytes[shared.clone()].contains(&b'\n') {
                return None;
            }
            let new = if index == 0 { new } else { "" };
            let written = literal.layers.write(new, shared.len())?;
            if !self.fits(literal, &shared, &written) {
                return None;
            }
            if index == 0 {
                edits.first_mut()?.new = written;
            }
            inside += shared.len();
            let is_bare = literal.layers.iter().any(|layer| layer.spelling.is_word());
            let is_emptied = new.is_empty() && shared.len() == literal.layers.innermost().octets as usize;
            emptied += usize::from(is_bare && is_emptied);
        }
        // An empty word is no word; a value without any is none.
        (inside == range.len() && emptied < self.literals.len()).then_some(edits)
    }

    /// Whether `written` can stand in place of the decoded bytes at `range`, which are in `literal`.
    fn fits(&self, literal: &Literal, range: &Range<usize>, written: &str) -> bool {
        let own = literal.range();
        let before = (own.start < range.start).then(|| self.bytes[range.start - 1]);
        let behind = (range.end < own.end).then(|| self.bytes[range.end]);
        let fits = |layer: Layer| layer.spelling.fits(before, written.as_bytes(), behind);
        let folds = |layer: Layer| layer.spelling.folds_lines();
        literal.layers.iter().all(fits) && (!literal.layers.iter().any(folds) || self.fits_line(&own, range, written))
    }

    /// Whether the line that `range` of a literal is in can be that with `written` in its place: beside a line's end that
    /// stands for a blank there is no place for others, nor for nothing.
    fn fits_line(&self, own: &Range<usize>, range: &Range<usize>, written: &str) -> bool {
        let breaks = self.line_breaks(own);
        let left = breaks.iter().rfind(|at| at.end <= range.start);
        // An escaped line's end keeps what stands before it.
        let right = breaks
            .iter()
            .find(|at| at.start >= range.end)
            .filter(|at| !at.is_empty());
        let start = left.map_or(own.start, |at| at.end);
        let end = right.map_or(own.end, |at| at.start);
        let line = [
            &self.bytes[start..range.start],
            written.as_bytes(),
            &self.bytes[range.end..end],
        ]
        .concat();
        let is_blank = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
        !(left.is_some() && is_blank(line.first()) || right.is_some() && is_blank(line.last()))
    }

    /// The ends of lines in a literal, as what they stand for in its decoded bytes, which may be nothing.
    fn line_breaks(&self, own: &Range<usize>) -> Vec<Range<usize>> {
        let mut breaks = Vec::new();
        let mut before: Option<u32> = None;
        for index in self.piece_at(own.start)..self.pieces.len() {
            let (piece, range) = (&self.pieces[index], self.piece_range(index));
            if range.start >= own.end {
                break;
            }
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n');
            if piece.kind == Kind::Spelled && self.bytes[range.clone()].iter().all(is_blank) {
                breaks.push(range);
            } else if before.is_some_and(|before| before != piece.span.start) {
                breaks.push(range.start..range.start);
            }
            before = Some(piece.span.end);
        }
        breaks
    }

    /// The edits that take away the decoded bytes at `range`, which is not empty.
    fn removal(&self, range: &Range<usize>) -> Option<Vec<Edit>> {
        if self.cuts(range.start) || self.cuts(range.end) {
            return None;
        }
        let mut edits: Vec<Edit> = Vec::new();
        for index in self.piece_at(range.start)..=self.piece_at(range.end - 1) {
            let piece = self.pieces.get(index)?;
            let span = self.part(index, range)?;
            if piece.kind == Kind::Cut || span.is_empty() {
                return None;
            }
            match edits.last_mut() {
                Some(last) if (last.span.source, last.span.end) == (span.source, span.start) => {
                    last.span.end = span.end
                }
                // Bytes that are written together, or out of order, are not the value's alone.
                Some(last) if last.span.source == span.source && last.span.end > span.start => return None,
                _ => edits.push(Edit {
                    span,
                    new: String::new(),
                }),
            }
        }
        Some(edits)
    }

    /// Whether `new` would be a part of a template marker, or make one of what is around it.
    fn makes_marker(&self, index: usize, range: &Range<usize>, new: &str) -> bool {
        let [before, behind] = near(range, &(0..self.bytes.len()));
        let near = [&self.bytes[before.clone()], new.as_bytes(), &self.bytes[behind.clone()]];
        if !self.literals[index].layers.may_hold_template() || !near.into_iter().any(template::may_start) {
            return false;
        }
        let last = self
            .literals
            .partition_point(|literal| (literal.start as usize) < range.end)
            .max(index + 1);
        let (own, rest) = (&self.literals[..=index], &self.literals[last..]);
        // What a hole begins with may end a marker that starts before it.
        let holes: &[u8] = if self.holes.is_empty() { b" " } else { b"}%@" };
        holes.iter().any(|hole| {
            let before = self.as_written(&before, own, b' ');
            let mut behind = self.as_written(&behind, rest, *hole);
            if last > index + 1 {
                behind.insert(0, b'"');
            }
            makes_marker(new, [&before, &behind])
        })
    }

    /// The decoded bytes at `range`, with a quote before each of `literals` and `hole` wherever there is a hole.
    fn as_written(&self, range: &Range<usize>, literals: &[Literal], hole: u8) -> Vec<u8> {
        let first = literals.partition_point(|literal| (literal.start as usize) < range.start);
        let quotes = literals[first..].iter().map(|literal| (literal.start as usize, b'"'));
        let holes = self.holes_in(range);
        let holes = holes.iter().map(|at| (range.start + at.at as usize, hole));
        let mut marks: Vec<(usize, u8)> = holes.chain(quotes.take_while(|(at, _)| *at <= range.end)).collect();
        marks.sort_by_key(|(at, _)| *at);
        let mut all = Vec::new();
        let mut at = range.start;
        for (end, mark) in marks {
            all.extend_from_slice(&self.bytes[at..end]);
            all.push(mark);
            at = end;
        }
        all.extend_from_slice(&self.bytes[at..range.end]);
        all
    }
}

impl Layers {
    /// How `new` is written in place of `removed` decoded bytes.
    fn write(&self, new: &str, removed: usize) -> Option<String> {
        if !self.are_writable() {
            return None;
        }
        let mut written = new.as_bytes().to_vec();
        for layer in self.iter() {
            // A decoded byte takes at least one in the layer around it, so at least so many are removed there.
            let rest = (layer.octets as usize).saturating_sub(removed);
            if layer.spelling.limit().is_some_and(|limit| rest + written.len() > limit) {
                return None;
            }
            if !written.is_empty() {
                written = layer.spelling.write(&written)?;
            }
        }
        String::from_utf8(written).ok()
    }

    fn may_hold_template(&self) -> bool {
        self.iter().any(|layer| layer.spelling.may_hold_template())
    }
}

/// Whether `new` would be a part of a template marker between what is before and behind it, or make one of that.
fn makes_marker(new: &str, [before, behind]: [&[u8]; 2]) -> bool {
    // On the rest of the line there may be whatever ends a marker, but no more of a word.
    let mut all = [before, new.as_bytes(), behind, b"\"}}%}#}%>"].concat();
    for byte in &mut all {
        // A line's end is written as an escape and ends no marker.
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    template::has_marker(&all, before.len()..before.len() + new.len() + 1)
}

/// What of a value at `whole` is near enough to a part of it to be in a marker with it.
fn near(part: &Range<usize>, whole: &Range<usize>) -> [Range<usize>; 2] {
    let start = part.start.saturating_sub(template::MARKER_MAX);
    [
        start.max(whole.start)..part.start,
        part.end..whole.end.min(part.end + template::MARKER_MAX),
    ]
}
