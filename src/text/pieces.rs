//! A value in pieces: which bytes of the source each decoded byte is written as, and in which literal.

use std::ops::Range;

use crate::{
    span::Span,
    spelling::Spelling,
    text::{Hole, Text},
};

#[derive(Clone, Default)]
pub(super) struct Pieced {
    pub(super) bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
    pub(super) literals: Vec<Literal>,
    /// Sorted by their place in the decoded bytes.
    pub(super) holes: Vec<Hole>,
    /// In a part of a value: the point at its start.
    pub(super) before: Option<Span>,
    /// What puts the value together from literals that stand elsewhere, if anything does.
    pub(super) seam: Option<Span>,
}

#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Where the piece ends in the decoded bytes; it starts where the one before ends.
    pub(super) end: u32,
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The source holds these very bytes. Equal lengths do not imply it.
    Verbatim,
    /// The source spells these bytes otherwise.
    Spelled,
    /// The source spells these bytes together with others that are not in the value.
    Cut,
}

#[derive(Clone, Copy)]
pub(super) struct Literal {
    /// Where it starts in the decoded bytes.
    pub(super) start: u32,
    /// Where it ends in the decoded bytes. Bytes may stand between two literals.
    pub(super) end: u32,
    /// What stands between its quotes.
    pub(super) inside: Span,
    pub(super) layers: Layers,
}

/// The literals that stand in one another, innermost first. There is always one.
#[derive(Clone, Copy)]
pub(super) struct Layers([Option<Layer>; 3]);

#[derive(Clone, Copy)]
pub(super) struct Layer {
    pub(super) spelling: Spelling,
    /// How many decoded bytes the literal has in the file, which may be more than the value has of it.
    pub(super) octets: u32,
}

impl Literal {
    /// Its decoded bytes.
    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Layers {
    pub(super) fn one(spelling: Spelling, octets: usize) -> Layers {
        let octets = octets as u32;
        Layers([Some(Layer { spelling, octets }), None, None])
    }

    /// What can't be written back.
    pub(super) fn computed() -> Layers {
        Layers::one(Spelling::Computed, 0)
    }

    /// These literals inside those of `outer`. For a fourth layer there is no place; then nothing is written back.
    pub(super) fn inside(self, outer: Layers) -> Layers {
        let mut all = self.0.into_iter().chain(outer.0).flatten();
        let layers = Layers([all.next(), all.next(), all.next()]);
        match (all.next(), layers.0) {
            (Some(_), [inner, middle, _]) => Layers([inner, middle, Layers::computed().0[0]]),
            (None, _) => layers,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Layer> + '_ {
        self.0.iter().copied().flatten()
    }

    pub(super) fn are_writable(&self) -> bool {
        self.iter().all(|layer| layer.spelling.is_writable())
    }

    pub(super) fn innermost(&self) -> Layer {
        let computed = Layer {
            spelling: Spelling::Computed,
            octets: 0,
        };
        self.0[0].unwrap_or(computed)
    }
}

/// Building.
impl Pieced {
    /// Whether there is nothing in it yet.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.is_empty() && self.literals.is_empty() && self.holes.is_empty()
    }

    pub(super) fn push_verbatim(&mut self, bytes: &[u8], span: Span) {
        if bytes.len() != span.len() {
            return self.push_spelled(bytes, span);
        }
        let start = self.bytes.len();
        let start_of_literal = self.literals.last().map_or(0, |literal| literal.end as usize);
        match self.pieces.last_mut() {
            Some(last)
                if last.kind == Kind::Verbatim
                    && (last.span.source, last.span.end) == (span.source, span.start)
                    && start > start_of_literal =>
            {
                self.bytes.extend_from_slice(bytes);
                last.end = self.bytes.len() as u32;
                last.span.end = span.end;
            }
            _ => self.push(bytes, span, Kind::Verbatim),
        }
    }

    pub(super) fn push_spelled(&mut self, bytes: &[u8], span: Span) {
        self.push(bytes, span, Kind::Spelled);
    }

    pub(super) fn push(&mut self, bytes: &[u8], span: Span, kind: Kind) {
        if !bytes.is_empty() {
            self.bytes.extend_from_slice(bytes);
            let end = self.bytes.len() as u32;
            self.pieces.push(Piece { end, span, kind });
        }
    }

    pub(super) fn end_literal(&mut self, inside: Span, spelling: Spelling) {
        let start = self.literals.last().map_or(0, |literal| literal.end);
        let end = self.bytes.len() as u32;
        self.literals.push(Literal {
            start,
            end,
            inside,
            layers: Layers::one(spelling, (end - start) as usize),
        });
    }
}

/// Places.
impl Pieced {
    /// The number of the piece that has the decoded byte at `at`.
    pub(super) fn piece_at(&self, at: usize) -> usize {
        self.pieces.partition_point(|piece| piece.end as usize <= at)
    }

    /// The decoded bytes of a piece.
    pub(super) fn piece_range(&self, index: usize) -> Range<usize> {
        let before = index.checked_sub(1).and_then(|before| self.pieces.get(before));
        let start = before.map_or(0, |before| before.end as usize);
        start..self.pieces.get(index).map_or(start, |piece| piece.end as usize)
    }

    /// The literal in which a change of `range` begins, and its number.
    pub(super) fn literal_at(&self, range: &Range<usize>) -> Option<(usize, &Literal)> {
        let index = self.literals.partition_point(|literal| {
            let end = literal.end as usize;
            end < range.start || end == range.start && !range.is_empty()
        });
        let literal = self.literals.get(index)?;
        (literal.start as usize <= range.start).then_some((index, literal))
    }

    /// Whether `at` is inside an escape or a character.
    pub(super) fn cuts(&self, at: usize) -> bool {
        let index = self.piece_at(at);
        let own = self.piece_range(index);
        own.start < at
            && match self.pieces.get(index).map(|piece| piece.kind) {
                Some(Kind::Verbatim) => cut_character(&self.bytes[own.clone()], at - own.start).is_some(),
                Some(_) => true,
                None => false,
            }
    }

    /// Where the decoded bytes of `range` that are in a piece are written.
    pub(super) fn part(&self, index: usize, range: &Range<usize>) -> Option<Span> {
        let piece = self.pieces.get(index)?;
        if piece.kind != Kind::Verbatim {
            return Some(piece.span);
        }
        let own = self.piece_range(index);
        let bytes = &self.bytes[own.clone()];
        let from = floor(bytes, range.start.max(own.start) - own.start);
        let to = ceil(bytes, range.end.min(own.end) - own.start);
        let base = piece.span.start as usize;
        Some(Span::new(piece.span.source, base + from..base + to))
    }

    /// Where the decoded bytes at `range`, which is not empty, are written.
    pub(super) fn span(&self, range: Range<usize>) -> Option<Span> {
        let (start, end) = (self.piece_at(range.start), self.piece_at(range.end - 1));
        let first = self.part(start, &range)?;
        let last = self.part(end, &range)?;
        match self.seam {
            Some(seam) if start != end && !self.is_together(&range, seam) => Some(seam),
            _ => Some(first.to(last)),
        }
    }

    /// Whether the decoded bytes at `range` are written in one literal, or all of them at the seam.
    fn is_together(&self, range: &Range<usize>, seam: Span) -> bool {
        let mut shared = self.literals.iter().filter(|literal| {
            let own = literal.range();
            own.start < range.end && range.start < own.end
        });
        let Some(first) = shared.next() else { return false };
        let is_at_seam = |literal: &Literal| seam.contains(literal.inside);
        shared.clone().all(|other| other.inside == first.inside) || is_at_seam(first) && shared.all(is_at_seam)
    }

    /// The point before the decoded byte at `at`.
    pub(super) fn point(&self, at: usize) -> Option<Span> {
        if at == 0 && self.before.is_some() {
            return self.before;
        }
        let holes = self.holes.partition_point(|hole| hole.at as usize <= at);
        let hole = holes.checked_sub(1).and_then(|last| self.holes.get(last));
        if let Some(hole) = hole.filter(|hole| hole.at as usize == at) {
            return Some(hole.span.end());
        }
        if let Some(before) = at.checked_sub(1) {
            return Some(self.part(self.piece_at(before), &(before..at))?.end());
        }
        match self.literals.first() {
            Some(literal) if literal.end == 0 => Some(literal.inside.start()),
            _ => self.pieces.first().map(|piece| piece.span.start()),
        }
    }

    /// Where all of it is written.
    pub(super) fn whole(&self) -> Option<Span> {
        let bytes = (!self.bytes.is_empty()).then(|| self.span(0..self.bytes.len()));
        let whole = |literal: &&Literal| literal.range().len() == literal.layers.innermost().octets as usize;
        let literals = self.literals.iter().filter(whole);
        let spans = literals
            .map(|literal| literal.inside)
            .chain(bytes.flatten())
            .chain(self.holes.iter().map(|hole| hole.span));
        let mut all = spans.clone();
        if let (Some(seam), Some(first)) = (self.seam, all.next())
            && all.next().is_some()
            && !spans.clone().all(|span| span == first)
            && !spans.clone().all(|span| seam.contains(span))
        {
            return Some(seam);
        }
        let first = spans.clone().min_by_key(|span| (span.source, span.start));
        match first {
            Some(first) => Some(spans.fold(first, Span::to)),
            None => self.before,
        }
    }
}

impl From<Pieced> for Text {
    fn from(pieced: Pieced) -> Text {
        Text {
            shape: super::Shape::Pieced(Box::new(pieced)),
        }
    }
}

/// `at`, or the start of the character that it is inside of.
pub(super) fn floor(bytes: &[u8], at: usize) -> usize {
    cut_character(bytes, at).map_or(at, |character| character.start)
}

/// `at`, or the end of the character that it is inside of.
pub(super) fn ceil(bytes: &[u8], at: usize) -> usize {
    cut_character(bytes, at).map_or(at, |character| character.end)
}

/// The UTF-8 character that `at` is inside of, if it is inside of one.
pub(super) fn cut_character(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let continues = |at: &usize| bytes.get(*at).is_some_and(|byte| (0x80..0xc0).contains(byte));
    if !continues(&at) {
        return None;
    }
    let start = (at.saturating_sub(3)..at).rev().find(|at| !continues(at))?;
    let len = match bytes[start] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let character = bytes.get(start..start + len)?;
    (at < start + len && std::str::from_utf8(character).is_ok()).then_some(start..start + len)
}
