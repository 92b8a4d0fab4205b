//! Places in files.

use std::ops::Range;

/// A file of this run, by its number along the sorted paths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

impl Default for SourceId {
    fn default() -> SourceId {
        SourceId::DECODED
    }
}

/// A place in a file: bytes from 0, the end exclusive. It knows its file, and orders by file, then place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte; not less than `start`.
    pub end: u32,
}

impl SourceId {
    /// No file: the range counts the decoded bytes of another value, to be led back by [`Text::through`].
    ///
    /// [`Text::through`]: crate::text::Text::through
    pub const DECODED: SourceId = SourceId(u32::MAX);
}

impl Span {
    /// The place `range` in `source`, in bytes from 0. Offsets from 4 GiB on become 4 GiB - 1: see [`SIZE_MAX`].
    ///
    /// [`SIZE_MAX`]: crate::source::SIZE_MAX
    pub fn new(source: SourceId, range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            source,
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    /// The place as a range of byte offsets from 0.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes the place has.
    pub fn len(self) -> usize {
        self.range().len()
    }

    /// Whether it is a point between two bytes: something is missing there.
    pub fn is_empty(self) -> bool {
        self.range().is_empty()
    }

    /// From the start of this place to the end of `other`, if that is not before this place or in another file. Never
    /// narrower than this place.
    pub fn to(self, other: Span) -> Span {
        let end = if self.source == other.source { other.end } else { 0 };
        Span {
            end: end.max(self.end),
            ..self
        }
    }

    /// Whether all of `other` lies in this place.
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The point at the start of this place.
    pub fn start(self) -> Span {
        Span {
            end: self.start,
            ..self
        }
    }

    /// The point at the end of this place.
    pub fn end(self) -> Span {
        Span {
            start: self.end,
            ..self
        }
    }
}
