//! The value of an MX record where it is one text.

use std::ops::Range;

use crate::{span::Span, text::Text};

/// Where the preference and the host stand, in bytes. The preference is empty where the host stands alone, with its preference
/// elsewhere or without one; the host is empty where nothing but blanks follows the preference, or where there is nothing else.
pub(super) fn split(bytes: &[u8]) -> (Range<usize>, Range<usize>) {
    let start = bytes.len() - bytes.trim_ascii_start().len();
    let end = bytes.trim_ascii_end().len().max(start);
    let count = |from: usize, is_one: fn(&u8) -> bool| bytes[from..].iter().take_while(|byte| is_one(byte)).count();
    let digits = count(start, u8::is_ascii_digit);
    let blanks = count(start + digits, u8::is_ascii_whitespace);
    let host = start + digits + blanks;
    match digits > 0 && blanks > 0 {
        true => (start..start + digits, host..end.max(host)),
        false => (start..start, start..end),
    }
}

/// Whether a host is none, but was written for the root, which is a single dot: nothing, several dots, or quotes.
pub(super) fn is_no_host(host: &[u8]) -> bool {
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`' | b'\\');
    host != b"." && host.iter().all(|byte| *byte == b'.' || is_quote(byte))
}

/// Where the host of a value stands that has none.
pub(super) fn no_host(text: &Text) -> Option<Span> {
    let (_, host) = split(text.bytes());
    let is_none = text.is_complete() && is_no_host(text.get(host.clone()));
    match is_none && host.is_empty() {
        true => text.whole(),
        false => text.span(host).filter(|_| is_none),
    }
}
