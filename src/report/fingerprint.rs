//! Fingerprints of lines, by which GitHub knows a finding again when lines above it come and go.
//!
//! The hash of a line is that of the hundred characters from its start, blanks left out, so the next lines take part. GitHub's
//! uploader computes the same, and so does Microsoft's SARIF toolkit.

use std::{collections::HashMap, fmt};

/// How many characters take part in a hash.
const LENGTH: usize = 100;
const BASE: u64 = 37;
const END: u64 = 65535;

/// The fingerprint of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// Where the line starts, in bytes.
    pub start: usize,
    hash: u64,
    /// How many lines have had the hash, with this one.
    count: u32,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.count)
    }
}

/// Gives the fingerprints of all lines in order. After a final line break there is one more, empty line.
pub fn lines(bytes: &[u8], mut each: impl FnMut(Fingerprint)) {
    let mut window = Window::new();
    let mut counts: HashMap<u64, u32> = HashMap::new();
    let mut give = |start: usize, hash: u64| {
        let count = counts.entry(hash).or_default();
        *count += 1;
        each(Fingerprint {
            start,
            hash,
            count: *count,
        });
    };
    // The line that starts with the next character that is fed.
    let mut line = Some(0);
    let mut after_cr = false;
    characters(bytes, |at, unit| {
        let is_skipped = matches!(unit, 0x20 | 0x09) || after_cr && unit == 0x0a;
        if is_skipped {
            // A line feed that belongs to a carriage return is the end of the line before.
            if unit == 0x0a {
                line = Some(at + 1);
            }
            after_cr = false;
            return;
        }
        after_cr = unit == 0x0d;
        let is_break = unit == 0x0d || unit == 0x0a;
        window.feed(if is_break { 0x0a } else { unit.into() }, line.take(), &mut give);
        if is_break {
            line = Some(at + 1);
        }
    });
    window.feed(END, line.take(), &mut give);
    for _ in 0..LENGTH {
        window.feed(0, None, &mut give);
    }
}

/// The UTF-16 code units, with the bytes that they start at. What is not UTF-8 is read as U+FFFD.
fn characters(bytes: &[u8], mut each: impl FnMut(usize, u16)) {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for (offset, char) in chunk.valid().char_indices() {
            for unit in char.encode_utf16(&mut [0; 2]) {
                each(at + offset, *unit);
            }
        }
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            each(at, 0xfffd);
            at += chunk.invalid().len();
        }
    }
}

/// The last hundred characters and their hash.
struct Window {
    values: [u64; LENGTH],
    /// The lines that start with them.
    starts: [Option<usize>; LENGTH],
    next: usize,
    hash: u64,
    /// What the oldest character counts in the hash.
    oldest: u64,
}

impl Window {
    fn new() -> Window {
        Window {
            values: [0; LENGTH],
            starts: [None; LENGTH],
            next: 0,
            hash: 0,
            oldest: BASE.wrapping_pow(LENGTH as u32),
        }
    }

    /// Takes in a character, which may start a line, and drops the oldest. If that one starts a line, the line is complete.
    fn feed(&mut self, value: u64, line: Option<usize>, give: &mut impl FnMut(usize, u64)) {
        if let Some(start) = std::mem::replace(&mut self.starts[self.next], line) {
            give(start, self.hash);
        }
        let dropped = std::mem::replace(&mut self.values[self.next], value);
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(value)
            .wrapping_sub(self.oldest.wrapping_mul(dropped));
        self.next = (self.next + 1) % LENGTH;
    }
}
