//! Several literals that stand in their file as they are, such as the strings of a long key: by far the commonest values but
//! for single literals, so they are kept small.

use std::{ops::Range, sync::OnceLock};

use crate::{
    span::{SourceId, Span},
    spelling::Spelling,
    text::pieces::Pieced,
};

/// Literals of one file and one kind.
#[derive(Clone)]
pub(super) struct Joined {
    pub(super) bytes: Box<[u8]>,
    literals: Box<[Literal]>,
    /// The same value in pieces, once somebody asks for more than its bytes.
    pieced: OnceLock<Box<Pieced>>,
    source: SourceId,
    pub(super) spelling: Spelling,
}

#[derive(Clone, Copy)]
struct Literal {
    /// Where it ends in the decoded bytes; it starts where the one before ends.
    end: u32,
    /// Where it starts in the file, between its quotes.
    start: u32,
}

impl Joined {
    /// The literals of a file, whose octets these are, that stand at `insides`.
    pub(super) fn new(
        source: SourceId,
        octets: &[u8],
        insides: impl Iterator<Item = Range<usize>> + Clone,
        spelling: Spelling,
    ) -> Joined {
        let mut bytes = Vec::with_capacity(insides.clone().map(|inside| inside.len()).sum());
        let literals = insides.map(|inside| {
            bytes.extend_from_slice(octets.get(inside.clone()).unwrap_or_default());
            Literal {
                end: bytes.len() as u32,
                start: inside.start as u32,
            }
        });
        Joined {
            literals: literals.collect(),
            bytes: bytes.into_boxed_slice(),
            pieced: OnceLock::new(),
            source,
            spelling,
        }
    }

    pub(super) fn literal_count(&self) -> usize {
        self.literals.len()
    }

    /// The decoded bytes of a literal, and what stands between its quotes.
    pub(super) fn literal(&self, index: usize) -> Option<(Range<usize>, Span)> {
        let literal = self.literals.get(index)?;
        let before = index.checked_sub(1).and_then(|before| self.literals.get(before));
        let range = before.map_or(0, |before| before.end as usize)..literal.end as usize;
        let inside = literal.start as usize..literal.start as usize + range.len();
        Some((range, Span::new(self.source, inside)))
    }

    pub(super) fn pieced(&self) -> &Pieced {
        self.pieced.get_or_init(|| {
            let mut pieced = Pieced::default();
            for (range, inside) in (0..self.literal_count()).filter_map(|index| self.literal(index)) {
                pieced.push_verbatim(&self.bytes[range], inside);
                pieced.end_literal(inside, self.spelling);
            }
            Box::new(pieced)
        })
    }
}
