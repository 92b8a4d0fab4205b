//! JSON (RFC 8259), read straight into a tree. Whatever is not just that is left to the parser of YAML.

use super::{NONE, Style, Tree, What};

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    /// A comma, or the end of what is open.
    More,
}

/// Whether JSON may start here: with a collection on top.
pub(super) fn may_start(rest: &[u8]) -> bool {
    let first = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// Reads one document that starts at `start`, counted in bytes from 0. If it is not JSON, where it ceases to be; what stands
/// before that is in the tree.
pub(super) fn read(start: usize, tree: &mut Tree) -> Result<(), usize> {
    let octets = std::sync::Arc::clone(&tree.octets);
    let mut reader = Reader {
        octets: &octets,
        at: start,
        tree,
        open: Vec::new(),
    };
    let document = reader.tree.push(What::Document, start..start, NONE);
    let is_read = reader.document().is_some();
    let at = reader.at;
    while let Some((_, node)) = reader.open.pop() {
        reader.tree.close(node, at);
    }
    reader.tree.close(document, at);
    if is_read { Ok(()) } else { Err(at.min(octets.len())) }
}

struct Reader<'a> {
    octets: &'a [u8],
    at: usize,
    tree: &'a mut Tree,
    /// The collections that are not ended yet.
    open: Vec<(What, u32)>,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        let mut wanted = Wanted::Value;
        loop {
            self.blanks();
            let byte = self.byte()?;
            match (byte, wanted) {
                (b'{' | b'[', Wanted::Value | Wanted::ValueOrEnd) => {
                    let (what, next) = match byte {
                        b'{' => (What::Mapping, Wanted::KeyOrEnd),
                        _ => (What::Sequence, Wanted::ValueOrEnd),
                    };
                    self.open.push((what, self.tree.push(what, self.at..self.at + 1, NONE)));
                    self.at += 1;
                    wanted = next;
                }
                (b'}' | b']', Wanted::More | Wanted::KeyOrEnd | Wanted::ValueOrEnd) => {
                    let (what, node) = *self.open.last()?;
                    (byte == if what == What::Mapping { b'}' } else { b']' }).then_some(())?;
                    self.open.pop();
                    self.at += 1;
                    self.tree.close(node, self.at);
                    if self.open.is_empty() {
                        break;
                    }
                    wanted = Wanted::More;
                }
                (b',', Wanted::More) => {
                    let is_mapping = self.open.last().is_some_and(|(what, _)| *what == What::Mapping);
                    wanted = if is_mapping { Wanted::Key } else { Wanted::Value };
                    self.at += 1;
                }
                (b'"', Wanted::Key | Wanted::KeyOrEnd) => {
                    self.string()?;
                    self.blanks();
                    (self.byte()? == b':').then_some(())?;
                    self.at += 1;
                    wanted = Wanted::Value;
                }
                (b'"', Wanted::Value | Wanted::ValueOrEnd) => {
                    self.string()?;
                    wanted = Wanted::More;
                }
                (_, Wanted::Value | Wanted::ValueOrEnd) => {
                    self.word()?;
                    wanted = Wanted::More;
                }
                _ => return None,
            }
        }
        self.blanks();
        (self.at == self.octets.len()).then_some(())
    }

    fn byte(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<()> {
        let start = self.at;
        let (end, decoded) = string(self.octets, start)?;
        let more = decoded.map_or(NONE, |decoded| self.tree.decode(&decoded));
        self.tree.push(What::Scalar(Style::Double), start..end, more);
        self.at = end;
        Some(())
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<()> {
        let rest = &self.octets[self.at..];
        let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
        let len = rest.iter().position(is_end).unwrap_or(rest.len());
        let word = &rest[..len];
        (matches!(word, b"true" | b"false" | b"null") || is_number(word)).then_some(())?;
        let start = self.at;
        self.at += len;
        self.tree.push(What::Scalar(Style::Plain), start..self.at, NONE);
        Some(())
    }
}

/// Where the string ends that starts with the quote at `start`, and its value if it is not written as it is.
pub(super) fn string(octets: &[u8], start: usize) -> Option<(usize, Option<String>)> {
    let mut at = start + 1;
    let mut plain = at;
    let mut decoded: Option<String> = None;
    loop {
        at += memchr::memchr2(b'"', b'\\', octets.get(at..)?)?;
        let run = octets.get(plain..at)?;
        if run.iter().any(|byte| *byte < 0x20) {
            return None;
        }
        let is_end = octets[at] == b'"';
        if is_end && decoded.is_none() {
            return Some((at + 1, None));
        }
        let value = decoded.get_or_insert_default();
        value.push_str(std::str::from_utf8(run).ok()?);
        if is_end {
            return Some((at + 1, decoded));
        }
        let (char, len) = escape(&octets[at..])?;
        value.push(char);
        at += len;
        plain = at;
    }
}

/// The character that an escape at the start of `rest` stands for, and how long it is (RFC 8259, section 7).
fn escape(rest: &[u8]) -> Option<(char, usize)> {
    let char = match rest.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some((char, 2))
}

fn unicode(rest: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = rest.get(at..at + 4)?;
        digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(2)?;
    if let Some(char) = char::from_u32(first) {
        return Some((char, 6));
    }
    // A character in two halves; one half alone is no character.
    let second = unit(8).filter(|second| (0xdc00..0xe000).contains(second) && rest.get(6..8) == Some(b"\\u"))?;
    let first = first.checked_sub(0xd800).filter(|first| *first < 0x400)?;
    Some((char::from_u32(0x10000 + (first << 10) + (second - 0xdc00))?, 12))
}

fn is_number(word: &[u8]) -> bool {
    let digits = |word: &[u8]| word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest[0] == b'0' {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = &fraction[len..];
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = match exponent {
            [b'+' | b'-', digits @ ..] => digits,
            digits => digits,
        };
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}
