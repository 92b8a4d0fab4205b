//! Decoded values that know the way back to their source.
//!
//! Whoever reads a notation builds a [`Text`] and is the last to see escapes; everybody else works on
//! [`Text::bytes`] and asks [`Text::span`] when there is something to show.

use std::{ops::Range, sync::Arc};

use crate::{source::Source, span::Span, spelling::Spelling};

/// A decoded value with the way back to its source.
///
/// Bytes, not characters: `\195\169` is two bytes that happen to be a letter, `\255` is one that is not.
/// A place that it gives is in its file and at most too wide.
#[derive(Clone, Debug)]
pub struct Text {
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    /// One literal whose decoded bytes stand in the file as they are: by far the commonest. Nothing is copied.
    Run {
        octets: Arc<Vec<u8>>,
        span: Span,
        layers: Layers,
    },
    Pieced(Box<Pieced>),
}

#[derive(Clone, Default, Debug)]
struct Pieced {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    literals: Vec<Literal>,
    holes: Vec<Hole>,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where the piece ends in the decoded bytes; it starts where the one before ends.
    end: u32,
    span: Span,
    /// Whether the source holds these very bytes. Equal lengths do not imply it.
    verbatim: bool,
}

#[derive(Clone, Copy, Debug)]
struct Literal {
    /// Where it ends in the decoded bytes; it starts where the one before ends.
    end: u32,
    /// What stands between its quotes.
    inside: Span,
    layers: Layers,
}

/// The kinds of literal that stand in one another, innermost first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Layers([Option<Spelling>; 3]);

/// Something in a value that the file does not tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hole {
    /// Where it stands in the decoded bytes; it takes none of them.
    pub at: u32,
    /// How it is written.
    pub span: Span,
    /// Why it is unknown.
    pub why: Why,
}

/// Why a part of a value is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A template fills it in: `{{ x }}`, `{% %}`, `${x}`, `<% %>`, `%x%`, `@X@`.
    Template,
}

/// A change of a file: the bytes at `span` become `new`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edit {
    /// What is replaced; an empty place inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub new: String,
}

impl Layers {
    fn one(spelling: Spelling) -> Layers {
        Layers([Some(spelling), None, None])
    }

    /// These literals inside those of `outer`. A fourth layer is not kept, and then nothing can be written back.
    fn inside(self, outer: Layers) -> Layers {
        let mut all = self.0.into_iter().chain(outer.0).flatten();
        Layers([all.next(), all.next(), all.next()])
    }

    fn write(self, value: &str) -> Option<String> {
        let mut written = value.as_bytes().to_vec();
        for spelling in self.0.into_iter().flatten() {
            written = spelling.write(&written)?;
        }
        String::from_utf8(written).ok()
    }

    fn limit(self) -> Option<usize> {
        self.0[0].and_then(Spelling::limit)
    }
}

impl Text {
    /// One literal of `source` whose content stands at `inside` as it is.
    pub fn run(source: &Source, inside: Range<usize>, spelling: Spelling) -> Text {
        Text {
            shape: Shape::Run {
                octets: Arc::clone(&source.octets),
                span: Span::new(source.id, inside),
                layers: Layers::one(spelling),
            },
        }
    }

    /// A value without anything in it yet.
    pub fn new() -> Text {
        Text {
            shape: Shape::Pieced(Box::default()),
        }
    }

    /// Bytes that stand at `span` as they are. Both have the same length.
    pub fn push_verbatim(&mut self, bytes: &[u8], span: Span) {
        if !bytes.is_empty() {
            debug_assert_eq!(bytes.len(), span.len());
            self.push(bytes, span, true);
        }
    }

    /// Bytes that are written otherwise at `span`: an escape, or a character that is only implied there.
    pub fn push_spelled(&mut self, bytes: &[u8], span: Span) {
        if !bytes.is_empty() {
            self.push(bytes, span, false);
        }
    }

    /// Something that the file does not tell, written at `span`.
    pub fn push_hole(&mut self, span: Span, why: Why) {
        let pieced = self.pieced();
        let at = pieced.bytes.len() as u32;
        pieced.holes.push(Hole { at, span, why });
    }

    /// Ends a literal: what was pushed since the last one was ended stands at `inside`, between its quotes.
    pub fn end_literal(&mut self, inside: Span, spelling: Spelling) {
        let pieced = self.pieced();
        let end = pieced.bytes.len() as u32;
        pieced.literals.push(Literal {
            end,
            inside,
            layers: Layers::one(spelling),
        });
    }

    /// Adds `range` of another value behind this one.
    pub fn append(&mut self, other: &Text, range: Range<usize>) {
        let part = other.slice(range);
        let pieced = self.pieced();
        let base = pieced.bytes.len() as u32;
        let part = part.into_pieced();
        pieced.bytes.extend(part.bytes);
        pieced.pieces.extend(part.pieces.into_iter().map(|piece| Piece {
            end: piece.end + base,
            ..piece
        }));
        pieced.literals.extend(part.literals.into_iter().map(|literal| Literal {
            end: literal.end + base,
            ..literal
        }));
        pieced.holes.extend(part.holes.into_iter().map(|hole| Hole {
            at: hole.at + base,
            ..hole
        }));
    }

    fn push(&mut self, bytes: &[u8], span: Span, verbatim: bool) {
        let pieced = self.pieced();
        pieced.bytes.extend_from_slice(bytes);
        let end = pieced.bytes.len() as u32;
        let start_of_literal = pieced.literals.last().map_or(0, |literal| literal.end);
        let start_of_piece = end - bytes.len() as u32;
        if verbatim
            && let Some(last) = pieced.pieces.last_mut()
            && last.verbatim
            && last.span.source == span.source
            && last.span.end == span.start
            && start_of_piece > start_of_literal
        {
            last.end = end;
            last.span.end = span.end;
        } else {
            pieced.pieces.push(Piece { end, span, verbatim });
        }
    }

    /// The pieces of this value, made from its single run if there is only that.
    fn pieced(&mut self) -> &mut Pieced {
        if let Shape::Run { .. } = self.shape {
            let pieced = std::mem::take(self).into_pieced();
            self.shape = Shape::Pieced(Box::new(pieced));
        }
        match &mut self.shape {
            Shape::Pieced(pieced) => pieced,
            Shape::Run { .. } => unreachable!("made pieced above"),
        }
    }

    fn into_pieced(self) -> Pieced {
        match self.shape {
            Shape::Pieced(pieced) => *pieced,
            Shape::Run { octets, span, layers } => {
                let bytes = octets.get(span.range()).unwrap_or_default().to_vec();
                let end = bytes.len() as u32;
                let pieces = if bytes.is_empty() {
                    Vec::new()
                } else {
                    vec![Piece {
                        end,
                        span,
                        verbatim: true,
                    }]
                };
                Pieced {
                    bytes,
                    pieces,
                    literals: vec![Literal {
                        end,
                        inside: span,
                        layers,
                    }],
                    holes: Vec::new(),
                }
            }
        }
    }

    /// The decoded bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.shape {
            Shape::Run { octets, span, .. } => octets.get(span.range()).unwrap_or_default(),
            Shape::Pieced(pieced) => &pieced.bytes,
        }
    }

    /// The decoded bytes at `range`; none where it reaches out of the value.
    pub fn get(&self, range: Range<usize>) -> &[u8] {
        self.bytes().get(range).unwrap_or_default()
    }

    /// How many decoded bytes there are.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Whether there is no decoded byte; there may be a hole.
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// What the file does not tell.
    pub fn holes(&self) -> &[Hole] {
        match &self.shape {
            Shape::Run { .. } => &[],
            Shape::Pieced(pieced) => &pieced.holes,
        }
    }

    /// Whether there is no hole anywhere: only then may be said that something is missing.
    pub fn is_complete(&self) -> bool {
        self.holes().is_empty()
    }

    /// Whether no hole is in `range` or touches it: only then may be said that it is wrong.
    pub fn is_known(&self, range: Range<usize>) -> bool {
        let holes = self.holes();
        let next = holes.partition_point(|hole| (hole.at as usize) < range.start);
        holes.get(next).is_none_or(|hole| hole.at as usize > range.end)
    }

    /// Where the decoded bytes at `range` are written. An empty range is the point where something is missing.
    /// `None` if it reaches out of the value, or if the value is written nowhere.
    ///
    /// If the bytes come from several places, the span covers what stands between them; if those are in several files
    /// or out of order, it covers the first.
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        if range.start > range.end || range.end > self.len() {
            return None;
        }
        match &self.shape {
            Shape::Run { span, .. } => {
                let start = span.start as usize;
                Some(Span::new(span.source, start + range.start..start + range.end))
            }
            Shape::Pieced(pieced) => pieced.span(range),
        }
    }

    /// Where the whole value is written, without outer quotes. `None` if it is written nowhere.
    pub fn whole(&self) -> Option<Span> {
        let first = self.literal(0).map(|(_, inside, _)| inside);
        let holes = self.holes().iter().map(|hole| hole.span);
        let pieces = self.span(0..self.len());
        let start = [first, pieces]
            .into_iter()
            .flatten()
            .chain(holes)
            .min_by_key(|span| (span.source, span.start))?;
        let last = self
            .literal_count()
            .checked_sub(1)
            .and_then(|index| self.literal(index))
            .map(|(_, inside, _)| inside);
        let holes = self.holes().iter().map(|hole| hole.span);
        let end = [last, pieces]
            .into_iter()
            .flatten()
            .chain(holes)
            .filter(|span| span.source == start.source)
            .max_by_key(|span| span.end)?;
        Some(start.to(end))
    }

    /// How many literals the value is written in.
    pub fn literal_count(&self) -> usize {
        match &self.shape {
            Shape::Run { .. } => 1,
            Shape::Pieced(pieced) => pieced.literals.len(),
        }
    }

    /// The literal with this number: its decoded bytes, what stands between its quotes, and its innermost kind.
    pub fn literal(&self, index: usize) -> Option<(Range<usize>, Span, Spelling)> {
        match &self.shape {
            Shape::Run { span, layers, .. } if index == 0 => Some((0..span.len(), *span, layers.0[0]?)),
            Shape::Run { .. } => None,
            Shape::Pieced(pieced) => {
                let literal = pieced.literals.get(index)?;
                let start = index
                    .checked_sub(1)
                    .and_then(|before| pieced.literals.get(before))
                    .map_or(0, |before| before.end);
                Some((
                    start as usize..literal.end as usize,
                    literal.inside,
                    literal.layers.0[0]?,
                ))
            }
        }
    }

    /// The literals in order.
    pub fn literals(&self) -> impl Iterator<Item = (Range<usize>, Span, Spelling)> + '_ {
        (0..self.literal_count()).filter_map(|index| self.literal(index))
    }

    /// A part of this value, as a value of its own. Empty where `range` reaches out of it.
    pub fn slice(&self, range: Range<usize>) -> Text {
        if range.start > range.end || range.end > self.len() {
            return Text::new();
        }
        match &self.shape {
            Shape::Run { octets, span, layers } => Text {
                shape: Shape::Run {
                    octets: Arc::clone(octets),
                    span: Span::new(
                        span.source,
                        span.start as usize + range.start..span.start as usize + range.end,
                    ),
                    layers: *layers,
                },
            },
            Shape::Pieced(pieced) => Text {
                shape: Shape::Pieced(Box::new(pieced.slice(range))),
            },
        }
    }

    /// The second layer of decoding: `inner` was read from this value's decoded bytes and has its places there
    /// ([`SourceId::DECODED`](crate::span::SourceId::DECODED)); the result has them where this value has its own.
    pub fn through(&self, inner: &Text) -> Text {
        let mut text = Text::new();
        let inner = inner.clone().into_pieced();
        let mut at = 0;
        let mut literals = inner.literals.iter().peekable();
        let mut out_literals: Vec<&Literal> = Vec::new();
        let outer_layers = |span: Span| {
            let index = match &self.shape {
                Shape::Run { .. } => 0,
                Shape::Pieced(pieced) => pieced.literals.partition_point(|literal| literal.end < span.start),
            };
            self.layers(index)
        };
        for piece in &inner.pieces {
            let bytes = &inner.bytes[at..piece.end as usize];
            if piece.verbatim {
                let mut from = piece.span.range();
                while from.start < from.end {
                    let (end, verbatim) = self.piece_end(from.start);
                    let end = end.min(from.end);
                    let done = from.start - piece.span.start as usize;
                    let part = &bytes[done..done + (end - from.start)];
                    if let Some(span) = self.span(from.start..end) {
                        text.push(part, span, verbatim);
                    }
                    from.start = end;
                }
            } else if let Some(span) = self.span(piece.span.range()) {
                text.push_spelled(bytes, span);
            }
            at = piece.end as usize;
            while literals.peek().is_some_and(|literal| literal.end as usize <= at) {
                out_literals.extend(literals.next());
            }
        }
        out_literals.extend(literals);
        let pieced = text.pieced();
        pieced.literals = out_literals
            .into_iter()
            .map(|literal| Literal {
                end: literal.end,
                inside: self.span(literal.inside.range()).unwrap_or(literal.inside),
                layers: outer_layers(literal.inside).map_or(literal.layers, |outer| literal.layers.inside(outer)),
            })
            .collect();
        pieced.holes = inner
            .holes
            .iter()
            .filter_map(|hole| {
                Some(Hole {
                    span: self.span(hole.span.range())?,
                    ..*hole
                })
            })
            .chain(self.holes().iter().map(|hole| Hole {
                at: inner.position_of(hole.at),
                ..*hole
            }))
            .collect();
        pieced.holes.sort_by_key(|hole| hole.at);
        if let ([piece], [literal], []) = (&pieced.pieces[..], &pieced.literals[..], &pieced.holes[..])
            && let Shape::Run { octets, .. } = &self.shape
            && piece.verbatim
        {
            return Text {
                shape: Shape::Run {
                    octets: Arc::clone(octets),
                    span: piece.span,
                    layers: literal.layers,
                },
            };
        }
        text
    }

    fn layers(&self, index: usize) -> Option<Layers> {
        match &self.shape {
            Shape::Run { layers, .. } => Some(*layers),
            Shape::Pieced(pieced) => pieced.literals.get(index).map(|literal| literal.layers),
        }
    }

    /// Where the piece of the decoded byte at `at` ends, and whether it is verbatim.
    fn piece_end(&self, at: usize) -> (usize, bool) {
        match &self.shape {
            Shape::Run { span, .. } => (span.len(), true),
            Shape::Pieced(pieced) => match pieced.pieces.get(pieced.piece_at(at)) {
                // A spelled byte stands alone, so that what follows it keeps its own place.
                Some(piece) => (piece.end as usize, piece.verbatim),
                None => (usize::MAX, false),
            },
        }
    }

    /// The edits after which the decoded bytes at `range` are `new`: written as the source writes them, layer by layer,
    /// in the first literal that `range` touches; the others lose their part of it.
    ///
    /// `None` if a hole is touched, if `range` cuts through an escape, if it holds something that is only implied, or
    /// if a literal cannot hold the value.
    pub fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        if !self.is_known(range.clone()) || range.end > self.len() || range.start > range.end {
            return None;
        }
        match &self.shape {
            Shape::Run { layers, .. } => {
                let fits = layers
                    .limit()
                    .is_none_or(|limit| self.len() - range.len() + new.len() <= limit);
                let new = if new.is_empty() {
                    String::new()
                } else {
                    layers.write(new)?
                };
                let span = self.span(range)?;
                fits.then(|| vec![Edit { span, new }])
            }
            Shape::Pieced(pieced) => pieced.replace(range, new),
        }
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new()
    }
}

impl Pieced {
    /// The piece of the decoded byte at `at`.
    fn piece_at(&self, at: usize) -> usize {
        self.pieces.partition_point(|piece| piece.end as usize <= at)
    }

    fn piece_start(&self, index: usize) -> usize {
        index
            .checked_sub(1)
            .and_then(|before| self.pieces.get(before))
            .map_or(0, |before| before.end as usize)
    }

    /// The part of a piece that spells the decoded bytes at `range`; all of it if it is not verbatim.
    fn part(&self, index: usize, range: &Range<usize>) -> Option<Span> {
        let piece = self.pieces.get(index)?;
        let start = self.piece_start(index);
        if !piece.verbatim {
            return Some(piece.span);
        }
        let from = range.start.max(start) - start;
        let to = range.end.min(piece.end as usize) - start;
        let base = piece.span.start as usize;
        Some(Span::new(piece.span.source, base + from..base + to))
    }

    fn span(&self, range: Range<usize>) -> Option<Span> {
        if range.is_empty() {
            return self.point(range.start);
        }
        let first = self.part(self.piece_at(range.start), &range)?;
        let last = self.part(self.piece_at(range.end - 1), &range)?;
        Some(first.to(last))
    }

    /// The point between two decoded bytes: behind the one before, or before the first.
    fn point(&self, at: usize) -> Option<Span> {
        let behind_hole = self.holes[..self.holes.partition_point(|hole| hole.at as usize <= at)]
            .last()
            .filter(|hole| hole.at as usize == at)
            .map(|hole| hole.span.end());
        if behind_hole.is_some() {
            return behind_hole;
        }
        match at.checked_sub(1) {
            Some(before) => Some(self.part(self.piece_at(before), &(before..at))?.end()),
            None => match (self.literals.first(), self.pieces.first()) {
                (Some(literal), Some(piece)) if literal.end > 0 || literal.inside.source != piece.span.source => {
                    Some(piece.span.start())
                }
                (Some(literal), _) => Some(literal.inside.start()),
                (None, piece) => piece.map(|piece| piece.span.start()),
            },
        }
    }

    fn slice(&self, range: Range<usize>) -> Pieced {
        let mut part = Text::new();
        let mut index = self.piece_at(range.start);
        let mut at = range.start;
        while at < range.end {
            let Some(piece) = self.pieces.get(index) else { break };
            let end = range.end.min(piece.end as usize);
            if let Some(span) = self.part(index, &(at..end)) {
                part.push(&self.bytes[at..end], span, piece.verbatim);
            }
            at = end;
            index += 1;
        }
        let mut part = part.into_pieced();
        // Those before it end before it starts, those behind it start behind its end.
        let first = self
            .literals
            .partition_point(|literal| (literal.end as usize) < range.start);
        let mut start = first
            .checked_sub(1)
            .map_or(0, |before| self.literals[before].end as usize);
        for literal in &self.literals[first..] {
            if start > range.end {
                break;
            }
            let end = literal.end as usize;
            let touches = start < range.end && end > range.start
                || (start == end && range.contains(&start))
                || range.is_empty() && start <= range.start && range.start <= end;
            if touches {
                part.literals.push(Literal {
                    end: (end.min(range.end).max(range.start) - range.start) as u32,
                    ..*literal
                });
            }
            start = end;
        }
        let first = self.holes.partition_point(|hole| (hole.at as usize) < range.start);
        part.holes = self.holes[first..]
            .iter()
            .take_while(|hole| hole.at as usize <= range.end)
            .map(|hole| Hole {
                at: hole.at - range.start as u32,
                ..*hole
            })
            .collect();
        part
    }

    /// Where a position in the bytes that this value was read from lies in its own.
    fn position_of(&self, outer: u32) -> u32 {
        let index = self.pieces.partition_point(|piece| piece.span.end < outer);
        let start = self.piece_start(index) as u32;
        match self.pieces.get(index) {
            Some(piece) if outer <= piece.span.start => start,
            Some(piece) if piece.verbatim => start + outer - piece.span.start,
            Some(piece) => piece.end,
            None => self.bytes.len() as u32,
        }
    }

    fn replace(&self, range: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let literal = self.literal_at(&range)?;
        let start_of_literal = literal
            .checked_sub(1)
            .map_or(0, |before| self.literals[before].end as usize);
        let written = &self.literals[literal];
        let kept = written.end as usize - start_of_literal - (range.end.min(written.end as usize) - range.start);
        if written.layers.limit().is_some_and(|limit| kept + new.len() > limit) {
            return None;
        }
        let new = if new.is_empty() {
            String::new()
        } else {
            written.layers.write(new)?
        };
        if range.is_empty() {
            let inside = range.start > start_of_literal
                && self.piece_start(self.piece_at(range.start)) != range.start
                && !self.pieces[self.piece_at(range.start)].verbatim;
            let span = if self.bytes.is_empty() || start_of_literal == written.end as usize {
                written.inside.start()
            } else if range.start == start_of_literal {
                self.part(self.piece_at(range.start), &(range.start..range.start + 1))?
                    .start()
            } else {
                self.part(self.piece_at(range.start - 1), &(range.start - 1..range.start))?
                    .end()
            };
            return (!inside).then(|| vec![Edit { span, new }]);
        }
        let mut edits: Vec<Edit> = Vec::new();
        let (first, last) = (self.piece_at(range.start), self.piece_at(range.end - 1));
        for index in first..=last {
            let piece = self.pieces.get(index)?;
            let covered = range.start <= self.piece_start(index) && piece.end as usize <= range.end;
            if !piece.verbatim && !covered || piece.span.is_empty() {
                return None;
            }
            let span = self.part(index, &range)?;
            match edits.last_mut() {
                Some(edit) if edit.span.source == span.source && edit.span.end == span.start => {
                    edit.span.end = span.end
                }
                _ => edits.push(Edit {
                    span,
                    new: String::new(),
                }),
            }
        }
        edits.first_mut()?.new = new;
        Some(edits)
    }

    /// The literal in which a change of `range` is written.
    fn literal_at(&self, range: &Range<usize>) -> Option<usize> {
        let index = if range.is_empty() {
            self.literals
                .partition_point(|literal| (literal.end as usize) < range.start)
        } else {
            self.literals
                .partition_point(|literal| literal.end as usize <= range.start)
        };
        (index < self.literals.len()).then_some(index)
    }
}
