//! The value of an MX record where it is one text.

use std::ops::Range;

/// Where the preference and the host stand, in bytes. The preference is empty where the host stands alone, with its preference
/// elsewhere or without one; both are empty where there is nothing but blanks.
pub(super) fn split(bytes: &[u8]) -> (Range<usize>, Range<usize>) {
    let start = bytes.len() - bytes.trim_ascii_start().len();
    let end = bytes.trim_ascii_end().len().max(start);
    let count = |from: usize, is_one: fn(&u8) -> bool| bytes[from..end].iter().take_while(|byte| is_one(byte)).count();
    let digits = count(start, u8::is_ascii_digit);
    let blanks = count(start + digits, u8::is_ascii_whitespace);
    match digits > 0 && blanks > 0 {
        true => (start..start + digits, start + digits + blanks..end),
        false => (start..start, start..end),
    }
}
