//! Places in files.

use std::ops::Range;

/// A file of this run, by its number along the sorted paths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

/// A place in a file: bytes from 0, the end exclusive. It knows its file, and orders by file, then place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The place `range` in `source`. Files are under 4 GiB, so no offset is cut.
    pub fn new(source: SourceId, range: Range<usize>) -> Span {
        Span {
            source,
            start: range.start as u32,
            end: range.end as u32,
        }
    }

    /// The place as a range of byte offsets.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes the place has.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it is a point between two bytes: something is missing there.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// From the start of this place to the end of `other`, if both are in one file; else this place.
    pub fn to(self, other: Span) -> Span {
        if self.source == other.source && other.end >= self.start {
            Span { end: other.end, ..self }
        } else {
            self
        }
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

impl SourceId {
    /// No file: the range counts the decoded bytes of another value, to be led back by [`Text::through`].
    ///
    /// [`Text::through`]: crate::text::Text::through
    pub const DECODED: SourceId = SourceId(u32::MAX);
}
