//! Markers that a template fills in before a server reads the file.

use std::ops::Range;

/// How long a template marker may be, in bytes.
pub const MARKER_MAX: usize = 512;

/// Where the template marker that starts at `at` ends; `None` if there is none, or none that ends on this line.
pub fn marker(bytes: &[u8], at: usize) -> Option<usize> {
    let near = &bytes[at..bytes.len().min(at + MARKER_MAX)];
    let line = || &near[..memchr::memchr2(b'\n', b'\r', near).unwrap_or(near.len())];
    let closed = |close: &[u8]| memchr::memmem::find(line().get(2..)?, close).map(|found| at + 2 + found + close.len());
    match near {
        [b'{', b'{', ..] => closed(b"}}"),
        [b'{', b'%', ..] => closed(b"%}"),
        [b'{', b'#', ..] => closed(b"#}"),
        [b'<', b'%', ..] => closed(b"%>"),
        [b'$', b'{', ..] => closed(b"}"),
        // `%{i}` is a macro of SPF (RFC 7208, section 7).
        [b'{', ..] if at > 0 && bytes[at - 1] == b'%' => None,
        [b'{', rest @ ..] => word_until(rest, b'}').map(|len| at + 1 + len + 1),
        // `%C3%A9` is percent-encoding (RFC 3986, section 2.1).
        [b'%', a, b, b'%', ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => None,
        [b'%', rest @ ..] => word_until(rest, b'%').map(|len| at + 1 + len + 1),
        [b'@', rest @ ..] => word_until(rest, b'@')
            .filter(|len| {
                *len > 1
                    && rest[..*len]
                        .iter()
                        .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
            })
            .map(|len| at + 1 + len + 1),
        _ => None,
    }
}

/// How long the identifier is that stands before `close`.
fn word_until(bytes: &[u8], close: u8) -> Option<usize> {
    let len = bytes
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')))?;
    (bytes[0].is_ascii_alphabetic() && bytes[len] == close).then_some(len)
}

/// Whether a marker may start in `bytes`.
pub fn may_start(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .any(|byte| matches!(byte, b'{' | b'<' | b'$' | b'%' | b'@'))
}

/// Whether a marker has a part of `range`, or touches it.
pub fn has_marker(bytes: &[u8], range: Range<usize>) -> bool {
    let first = range.start.saturating_sub(MARKER_MAX);
    (first..=range.end.min(bytes.len())).any(|at| marker(bytes, at).is_some_and(|end| end >= range.start))
}
