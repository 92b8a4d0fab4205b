//! Words that are compared without case.

/// Whether a word is `word`, which is in small letters, in whatever case.
#[inline]
pub(super) fn is(written: &[u8], word: &str) -> bool {
    // By far the most words that are compared differ in their length, or their first letter.
    let first = |bytes: &[u8]| bytes.first().map(u8::to_ascii_lowercase);
    written.len() == word.len()
        && first(written) == first(word.as_bytes())
        && written.eq_ignore_ascii_case(word.as_bytes())
}
