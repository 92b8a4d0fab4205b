//! Literals inside literals.

use std::ops::Range;

use crate::text::{
    Hole, Text, View,
    pieces::{Kind, Layers, Literal, Pieced},
};

impl Text {
    /// The second layer of decoding: `inner` was read from this value's decoded bytes and has its places there
    /// ([`SourceId::DECODED`](crate::span::SourceId::DECODED)); the result has them where this value has its own, and the
    /// holes of both. Empty if `inner` was not read from this value.
    pub fn through(&self, inner: &Text) -> Text {
        let inner = inner.clone().into_pieced();
        Text::from(self.through_pieces(&inner).unwrap_or_default())
    }

    fn through_pieces(&self, inner: &Pieced) -> Option<Pieced> {
        let mut text = Pieced {
            seam: match self.view() {
                View::Run(_) => None,
                View::Pieced(outer) => outer.seam,
            },
            ..Pieced::default()
        };
        for (index, piece) in inner.pieces.iter().enumerate() {
            let bytes = &inner.bytes[inner.piece_range(index)];
            let range = piece.span.range();
            let span = self.span(range.clone())?;
            let part = self.slice(range).into_pieced();
            if piece.kind == Kind::Verbatim && part.bytes == bytes {
                for (index, piece) in part.pieces.iter().enumerate() {
                    text.push(&part.bytes[part.piece_range(index)], piece.span, piece.kind);
                }
            } else {
                let is_cut = piece.kind == Kind::Cut || part.pieces.iter().any(|piece| piece.kind == Kind::Cut);
                text.push(bytes, span, if is_cut { Kind::Cut } else { Kind::Spelled });
            }
        }
        for literal in &inner.literals {
            let range = literal.inside.range();
            text.literals.push(Literal {
                inside: self.span(range.clone())?,
                layers: literal.layers.inside(self.layers_at(range)),
                ..*literal
            });
        }
        text.holes = self.holes_through(inner);
        for hole in &inner.holes {
            let span = self.span(hole.span.range())?;
            text.holes.push(Hole { span, ..*hole });
        }
        text.holes.sort_by_key(|hole| hole.at);
        Some(text)
    }

    /// The literals that the decoded bytes at `range` stand in.
    fn layers_at(&self, range: Range<usize>) -> Layers {
        let pieced = match self.view() {
            View::Run(run) => return Layers::one(run.spelling, run.inside.len()),
            View::Pieced(pieced) => pieced,
        };
        match pieced.literal_at(&range) {
            Some((_, literal)) if range.end <= literal.end as usize => literal.layers,
            _ => Layers::computed(),
        }
    }

    /// The holes of this value, at their places in `inner`.
    fn holes_through(&self, inner: &Pieced) -> Vec<Hole> {
        let mut open = self.holes().iter().peekable();
        let mut holes = Vec::new();
        for (index, piece) in inner.pieces.iter().enumerate() {
            let own = inner.piece_range(index);
            while let Some(hole) = open.next_if(|hole| hole.at < piece.span.end) {
                let at = match hole.at.checked_sub(piece.span.start) {
                    None => own.start as u32,
                    Some(more) if piece.kind == Kind::Verbatim => own.start as u32 + more,
                    // In the middle of an escape, which is then unknown.
                    Some(_) => own.end as u32,
                };
                holes.push(Hole { at, ..*hole });
            }
        }
        let at = inner.bytes.len() as u32;
        holes.extend(open.map(|hole| Hole { at, ..*hole }));
        holes
    }
}
