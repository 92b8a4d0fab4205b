//! Comments that are meant for maillint: `maillint: ignore[dmarc-none-without-rua] reports come in spring`.

use std::ops::Range;

/// What a comment begins with that is meant for maillint.
pub const WORD: &[u8] = b"maillint:";

/// How many lines of other comments may stand between a comment and what it is about.
pub const LINES_BETWEEN: usize = 16;

/// A comment that is meant for maillint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From [`WORD`] to the end of its line, in bytes of the file.
    pub at: Range<usize>,
    /// The record or the lines that it stands at, in bytes of the file: what begins in it is meant. Empty where nothing
    /// follows.
    pub covers: Range<usize>,
}

/// Where [`WORD`] stands in a file, in bytes.
pub fn words(bytes: &[u8]) -> Vec<usize> {
    memchr::memmem::find_iter(bytes, WORD).collect()
}

/// Where the line of the byte at `at` ends, without its line break.
pub fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |end| at + end)
}
