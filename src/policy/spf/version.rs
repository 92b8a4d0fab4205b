//! How an SPF record begins (RFC 7208, section 4.5), and what is meant to begin so.

use std::ops::Range;

use crate::text::Text;

/// How a record begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// What stands before it and does not belong there; empty where nothing does.
    pub before: Range<usize>,
    /// The version, or what stands in its place; empty where there is none.
    pub at: Range<usize>,
    /// Whether it is the right one.
    pub how: How,
    /// Where the terms begin: behind the version and what was meant to separate them from it.
    pub end: usize,
}

/// Whether a version is the right one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// It is, in whatever case, and a blank or the end of the text follows.
    Right,
    /// It is, in whatever case, but something else follows.
    NotTerminated,
    /// It is another one, or a misspelt one.
    Invalid,
    /// There is none; the text begins with a term.
    Missing,
    /// It is that of Sender ID (RFC 4406, section 3.1).
    SenderId,
}

/// The version.
const VERSION: &[u8] = b"v=spf1";

/// How many characters before the version are taken for a slip.
const JUNK_MAX: usize = 10;

/// Whether a receiver takes a text for an SPF record.
pub fn is_selected(bytes: &[u8]) -> bool {
    starts_with(bytes, VERSION) && matches!(bytes.get(VERSION.len()), None | Some(b' '))
}

/// Whether a text may be meant as SPF: false is certain, and cheap to tell.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(40)];
    let is_spf = |three: &[u8]| matches!(three, [b's' | b'S', b'p' | b'P', b'f' | b'F']);
    head.windows(3).any(is_spf) || is_bare_record(bytes)
}

/// How a text begins; `None` if it is not meant to be SPF, or if the file does not tell.
pub(super) fn read(text: &Text) -> Option<Version> {
    let version = find(text.bytes())?;
    let is_known = match version.how {
        How::Missing => text.is_complete(),
        _ => text.is_known(0..version.at.end) && text.is_known(0..version.end.saturating_sub(1)),
    };
    is_known.then_some(version)
}

fn find(bytes: &[u8]) -> Option<Version> {
    let start = bytes.iter().take_while(|byte| **byte == b' ').count();
    let rest = &bytes[start..];
    if starts_with(rest, VERSION) {
        return Some(right(bytes, start));
    }
    if starts_with(rest, b"spf2.") && rest.get(5).is_some_and(u8::is_ascii_digit) {
        return Some(Version {
            before: 0..start,
            at: start..start + word_len(rest),
            how: How::SenderId,
            end: bytes.len(),
        });
    }
    if let Some(len) = attempt(rest) {
        let end = start + len;
        let punctuation = punctuation_len(&bytes[end..]);
        return Some(Version {
            before: 0..start,
            at: start..end,
            how: How::Invalid,
            end: end + punctuation,
        });
    }
    let junk = (1..=JUNK_MAX)
        .take_while(|len| {
            rest.get(len - 1)
                .is_some_and(|byte| !matches!(byte, b' ' | b'=' | b':'))
        })
        .find(|len| rest.get(*len..).is_some_and(|rest| starts_with(rest, VERSION)));
    if let Some(junk) = junk {
        return Some(right(bytes, start + junk));
    }
    is_bare_record(bytes).then_some(Version {
        before: 0..0,
        at: 0..0,
        how: How::Missing,
        end: 0,
    })
}

/// The right version at `start`, if what follows lets it be one.
fn right(bytes: &[u8], start: usize) -> Version {
    let at = start..start + VERSION.len();
    let (how, end) = match bytes.get(at.end) {
        None | Some(b' ') => (How::Right, at.end),
        Some(b'.' | b'0'..=b'9') => {
            let end = at.end + attempt_len(&bytes[at.end..]);
            return Version {
                before: 0..start,
                at: start..end,
                how: How::Invalid,
                end: end + punctuation_len(&bytes[end..]),
            };
        }
        Some(_) => (How::NotTerminated, at.end + punctuation_len(&bytes[at.end..])),
    };
    Version {
        before: 0..start,
        at,
        how,
        end,
    }
}

/// How long a wrong version at the start is; `None` where there is none.
fn attempt(rest: &[u8]) -> Option<usize> {
    let blanks = |at: usize| at + rest[at..].iter().take_while(|byte| **byte == b' ').count();
    let has_tag = starts_with(rest, b"v");
    let mut at = 0;
    if has_tag {
        at = blanks(1);
        while matches!(rest.get(at), Some(b'=' | b':')) {
            at = blanks(at + 1);
        }
    }
    let word = &rest[at..];
    let is_attempt = if has_tag {
        starts_with(word, b"spf")
    } else {
        starts_with(word, b"spf1") || starts_with(word, b"spf2")
    };
    // `spf1-check=x` and the like are tokens of somebody else.
    let len = attempt_len(word);
    let ends = |byte: &u8| has_tag || !matches!(byte, b'=' | b'_' | b'-');
    (is_attempt && word.get(len).is_none_or(ends)).then_some(at + len)
}

fn attempt_len(word: &[u8]) -> usize {
    word.iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'))
        .count()
}

fn word_len(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| **byte != b' ').count()
}

fn punctuation_len(rest: &[u8]) -> usize {
    rest.iter()
        .take_while(|byte| matches!(byte, b';' | b',' | b':' | b'='))
        .count()
}

/// Whether a text does not begin with the version but with a term, and is SPF beyond doubt: it has a term with an argument and
/// an `all`, or the version stands behind terms.
fn is_bare_record(bytes: &[u8]) -> bool {
    let mut words = bytes.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let is_all = |word: &[u8]| unqualified(word).eq_ignore_ascii_case(b"all");
    let is_term = |word: &[u8]| has_argument(word) || is_word(word) || is_all(word);
    let Some(first) = words.next().filter(|first| is_term(first)) else {
        return false;
    };
    let is_version = |word: &[u8]| word.eq_ignore_ascii_case(VERSION);
    // A sentence may begin with `a` or `all`.
    let is_sure = |word: &[u8]| has_argument(word) || is_all(word) && word.len() > b"all".len();
    if words.clone().find(|word| !is_term(word)).is_some_and(is_version) {
        return is_sure(first) || words.any(is_sure);
    }
    !is_all(first) && words.clone().any(is_all) && (has_argument(first) || words.any(has_argument))
}

/// Whether a word is a mechanism or a redirect with an argument.
fn has_argument(word: &[u8]) -> bool {
    const HEADS: [&[u8]; 7] = [b"include:", b"ip4:", b"ip6:", b"a:", b"mx:", b"exists:", b"redirect="];
    let word = unqualified(word);
    HEADS
        .iter()
        .any(|head| starts_with(word, head) && word.len() > head.len())
}

/// Whether a word is a mechanism that needs no argument.
fn is_word(word: &[u8]) -> bool {
    let word = unqualified(word);
    [b"a".as_slice(), b"mx", b"ptr"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

fn unqualified(word: &[u8]) -> &[u8] {
    match word {
        [b'+' | b'-' | b'~' | b'?', rest @ ..] => rest,
        _ => word,
    }
}

fn starts_with(bytes: &[u8], head: &[u8]) -> bool {
    bytes
        .get(..head.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(head))
}
