//! Parts of values, and values put together from parts.

use std::ops::Range;

use crate::{
    span::Span,
    text::{
        Hole,
        pieces::{Kind, Literal, Piece, Pieced, ceil, floor},
    },
};

impl Pieced {
    /// A part of this value.
    pub(super) fn slice(&self, range: Range<usize>) -> Pieced {
        let mut part = Pieced {
            before: self.point(range.start),
            literals: self.literals_in(&range),
            holes: self.holes_in(&range),
            seam: self.seam,
            ..Pieced::default()
        };
        for index in self.piece_at(range.start)..self.pieces.len() {
            let (piece, own) = (self.pieces[index], self.piece_range(index));
            let shared = own.start.max(range.start)..own.end.min(range.end);
            if shared.is_empty() {
                break;
            }
            match piece.kind {
                Kind::Verbatim => {
                    let within = shared.start - own.start..shared.end - own.start;
                    part.push_part(&self.bytes[own], within, piece.span);
                }
                kind => {
                    let kind = if shared == own { kind } else { Kind::Cut };
                    part.push(&self.bytes[shared], piece.span, kind);
                }
            }
        }
        part
    }

    /// Pushes the part `at` of `bytes`, all of which stand at `span` as they are. A character that the part cuts is a piece
    /// of its own.
    pub(super) fn push_part(&mut self, bytes: &[u8], at: Range<usize>, span: Span) {
        let place = |range: Range<usize>| {
            let base = span.start as usize;
            Span::new(span.source, base + range.start..base + range.end)
        };
        let start = ceil(bytes, at.start).min(at.end);
        let end = floor(bytes, at.end).max(start);
        let before = place(floor(bytes, at.start)..ceil(bytes, start));
        let behind = place(floor(bytes, end)..ceil(bytes, at.end));
        self.push(&bytes[at.start..start], before, Kind::Cut);
        self.push(&bytes[start..end], place(start..end), Kind::Verbatim);
        self.push(&bytes[end..at.end], behind, Kind::Cut);
    }

    /// The parts of literals in a part of this value. An empty part is in one literal: that in which something would be
    /// written there.
    fn literals_in(&self, range: &Range<usize>) -> Vec<Literal> {
        let first = self
            .literals
            .partition_point(|literal| (literal.end as usize) < range.start);
        let near = self.literals[first..]
            .iter()
            .take_while(|literal| literal.start as usize <= range.end);
        let shares = |literal: &&Literal| {
            let own = literal.range();
            own.is_empty() || own.start < range.end && range.start < own.end
        };
        let part = |literal: &Literal| Literal {
            start: (literal.range().start.max(range.start) - range.start) as u32,
            end: (literal.range().end.min(range.end) - range.start) as u32,
            ..*literal
        };
        if range.is_empty() {
            let count = usize::from(!self.cuts(range.start));
            near.take(count).map(part).collect()
        } else {
            near.filter(shares).map(part).collect()
        }
    }

    /// The holes in a part of this value, or touching it.
    pub(super) fn holes_in(&self, range: &Range<usize>) -> Vec<Hole> {
        let first = self.holes.partition_point(|hole| (hole.at as usize) < range.start);
        self.holes[first..]
            .iter()
            .take_while(|hole| hole.at as usize <= range.end)
            .map(|hole| Hole {
                at: hole.at - range.start as u32,
                ..*hole
            })
            .collect()
    }

    /// Adds a part of another value. What was cut in two before grows together again.
    pub(super) fn join(&mut self, part: Pieced) {
        let base = self.bytes.len() as u32;
        for literal in part.literals {
            let (start, end) = (literal.start + base, literal.end + base);
            match self.literals.last_mut() {
                Some(last) if (last.inside, last.end) == (literal.inside, start) && literal.layers.are_writable() => {
                    last.end = end;
                }
                _ => self.literals.push(Literal { start, end, ..literal }),
            }
        }
        for hole in part.holes {
            let at = hole.at + base;
            // One that both parts touch is one.
            let is_new = |last: &Hole| last.at < at || last.span < hole.span;
            if self.holes.last().is_none_or(is_new) {
                self.holes.push(Hole { at, ..hole });
            }
        }
        self.bytes.extend(part.bytes);
        self.pieces.extend(part.pieces.into_iter().map(|piece| Piece {
            end: piece.end + base,
            ..piece
        }));
    }
}
