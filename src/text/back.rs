//! From a place in the file back to the decoded bytes.

use std::ops::Range;

use crate::{
    span::Span,
    text::{
        Run, Text, View,
        pieces::{Kind, Pieced},
    },
};

impl Text {
    /// The decoded bytes that are written at a place: the other direction of [`Text::span`]. Of a place that reaches out of
    /// the value, those that are in it. `None` if it is in another file, or if nothing of the value is written anywhere.
    ///
    /// For a value whose parts stand in the order in which they are read.
    pub fn range(&self, span: Span) -> Option<Range<usize>> {
        match self.view() {
            View::Run(run) => run.decoded(span),
            View::Pieced(pieced) => pieced.decoded(span),
        }
    }
}

impl Run {
    fn decoded(&self, span: Span) -> Option<Range<usize>> {
        let at = |offset: u32| offset.clamp(self.start, self.end) as usize - self.start as usize;
        (span.source == self.inside.source).then(|| at(span.start)..at(span.end))
    }
}

impl Pieced {
    fn decoded(&self, span: Span) -> Option<Range<usize>> {
        if self.pieces.first().map(|piece| piece.span.source) != Some(span.source) {
            return self.pieces.is_empty().then_some(0..0);
        }
        let first = self.pieces.partition_point(|piece| piece.span.end <= span.start);
        let start = match self.pieces.get(first) {
            Some(piece) if piece.kind == Kind::Verbatim => {
                self.piece_range(first).start + span.start.saturating_sub(piece.span.start) as usize
            }
            _ => self.piece_range(first).start,
        };
        let behind = self.pieces.partition_point(|piece| piece.span.start < span.end);
        let end = match behind.checked_sub(1).map(|last| (last, self.pieces[last])) {
            Some((last, piece)) if piece.kind == Kind::Verbatim => {
                let own = self.piece_range(last);
                own.end.min(own.start + (span.end - piece.span.start) as usize)
            }
            Some((last, _)) => self.piece_range(last).end,
            None => 0,
        };
        Some(start..end.max(start))
    }
}
