//! Lines and columns: where a byte stands, found by looking at few bytes however large the file and long its lines.

use std::ops::Range;

/// A position as people and programs count it, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line. Lines end at LF.
    pub line: usize,
    /// The column in bytes.
    pub byte: usize,
    /// The column in Unicode characters.
    pub char: usize,
    /// The column in UTF-16 code units.
    pub utf16: usize,
}

/// What stands before each block of a file.
#[derive(Debug)]
pub(crate) struct Lines {
    blocks: Vec<Block>,
    /// How many LFs there are.
    feeds: usize,
}

#[derive(Clone, Copy, Default, Debug)]
struct Block {
    /// How many LFs stand before it.
    feeds: u32,
    /// Where the line starts that it continues.
    line_start: u32,
    /// What stands before its first character, which is where [`boundary`] says.
    before: Count,
}

/// How long some bytes are.
#[derive(Clone, Copy, Default, Debug)]
struct Count {
    chars: u32,
    utf16: u32,
}

const BLOCK: usize = 4096;

impl Lines {
    /// Counts a file. All other functions are to be called with the same bytes.
    pub(crate) fn new(bytes: &[u8]) -> Lines {
        let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
        let mut here = Block::default();
        let mut start = 0;
        while start < bytes.len() {
            blocks.push(here);
            let end = bytes.len().min(start + BLOCK);
            let block = &bytes[start..end];
            here.feeds += memchr::memchr_iter(b'\n', block).count() as u32;
            if let Some(last) = memchr::memrchr(b'\n', block) {
                here.line_start = (start + last + 1) as u32;
            }
            here.before = here.before.plus(&bytes[boundary(bytes, start)..boundary(bytes, end)]);
            start = end;
        }
        if bytes.len().is_multiple_of(BLOCK) {
            blocks.push(here);
        }
        Lines {
            blocks,
            feeds: here.feeds as usize,
        }
    }

    /// How many lines there are: one more than LFs.
    pub(crate) fn count(&self) -> usize {
        self.feeds + 1
    }

    /// The bytes of a line, counted from 1, without its LF; `None` if there is no such line.
    pub(crate) fn line(&self, bytes: &[u8], line: usize) -> Option<Range<usize>> {
        let start = self.start(bytes, line)?;
        let len = memchr::memchr(b'\n', &bytes[start..]);
        Some(start..len.map_or(bytes.len(), |len| start + len))
    }

    /// Where a line, counted from 1, starts in bytes from 0; `None` if there is no such line.
    pub(crate) fn start(&self, bytes: &[u8], line: usize) -> Option<usize> {
        let feeds = line.checked_sub(1)?;
        if feeds == 0 {
            return Some(0);
        }
        // The LF before the line is in the last block with fewer LFs before it.
        let index = self.blocks.partition_point(|block| (block.feeds as usize) < feeds) - 1;
        let more = feeds - self.blocks[index].feeds as usize;
        let block = &bytes[index * BLOCK..bytes.len().min((index + 1) * BLOCK)];
        let feed = memchr::memchr_iter(b'\n', block).nth(more - 1)?;
        Some(index * BLOCK + feed + 1)
    }

    /// Where the byte at `offset` stands, which is at most the length of the file.
    pub(crate) fn position(&self, bytes: &[u8], offset: usize) -> Position {
        let index = offset / BLOCK;
        let before = &bytes[index * BLOCK..offset];
        let start = match memchr::memrchr(b'\n', before) {
            Some(feed) => index * BLOCK + feed + 1,
            None => self.blocks[index].line_start as usize,
        };
        let (chars, utf16) = if start >= index * BLOCK {
            let count = Count::default().plus(&bytes[start..offset]);
            (count.chars, count.utf16)
        } else {
            let (here, there) = (self.before(bytes, offset), self.before(bytes, start));
            (here.chars - there.chars, here.utf16 - there.utf16)
        };
        Position {
            line: self.blocks[index].feeds as usize + memchr::memchr_iter(b'\n', before).count() + 1,
            byte: offset - start + 1,
            char: chars as usize + 1,
            utf16: utf16 as usize + 1,
        }
    }

    fn before(&self, bytes: &[u8], offset: usize) -> Count {
        let index = offset / BLOCK;
        let start = boundary(bytes, index * BLOCK);
        self.blocks[index].before.plus(&bytes[start..offset])
    }
}

impl Count {
    /// This and `bytes`. What is not UTF-8 counts as the replacement characters by which it is shown.
    fn plus(self, bytes: &[u8]) -> Count {
        let (mut chars, mut utf16) = (0, 0);
        if bytes.is_ascii() {
            (chars, utf16) = (bytes.len(), bytes.len());
        } else {
            for chunk in bytes.utf8_chunks() {
                let replaced = usize::from(!chunk.invalid().is_empty());
                let astral = chunk.valid().bytes().filter(|byte| *byte >= 0xf0).count();
                let valid = chunk.valid().chars().count();
                chars += valid + replaced;
                utf16 += valid + astral + replaced;
            }
        }
        Count {
            chars: self.chars + chars as u32,
            utf16: self.utf16 + utf16 as u32,
        }
    }
}

/// The last place at or before `at`, and few bytes away, where a character starts or might have started: text can be cut
/// there without a change of its replacement characters.
fn boundary(bytes: &[u8], at: usize) -> usize {
    // No character has more than three bytes that continue it.
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|at| bytes.get(*at).is_none_or(|byte| !(0x80..0xc0).contains(byte)))
        .unwrap_or(at)
}
