//! What a policy file is as a whole: a policy, or something that is none.

use std::ops::Range;

use crate::{policy::sts_file::value::Known, text::Text};

/// What a file is as a whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// Lines to be read.
    Policy,
    /// Nothing but blanks and line ends.
    Empty,
    /// It is not in UTF-8.
    Encoding {
        /// The first bytes that show it.
        at: Range<usize>,
        /// The text, if it is in UTF-16 and has ASCII characters alone.
        ascii: Option<String>,
    },
    /// A file of another kind.
    Other(Other),
}

/// Kinds of file that stand where a policy belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Other {
    /// HTML or XML.
    Markup,
    /// JSON.
    Json,
    /// RTF.
    Rtf,
    /// PDF.
    Pdf,
    /// A program.
    Script,
    /// Any text.
    Text,
}

/// The UTF-8 byte order mark.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// What the file is, other than by its byte order mark.
pub fn of(text: &Text) -> Form {
    let bytes = text.bytes();
    if let Some((at, ascii)) = foreign(bytes) {
        return Form::Encoding { at, ascii };
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return if text.is_complete() { Form::Empty } else { Form::Policy };
    }
    let other = match bytes {
        [b'<', ..] => Other::Markup,
        [b'{', b'\\', b'r', b't', b'f', ..] => Other::Rtf,
        [b'{', ..] => Other::Json,
        [b'%', b'P', b'D', b'F', ..] => Other::Pdf,
        [b'#', b'!', ..] => Other::Script,
        _ if text.is_complete() && !lines(bytes).any(begins_with_known) => Other::Text,
        _ => return Form::Policy,
    };
    Form::Other(other)
}

/// The first bytes that are not of UTF-8 text; with the whole text if it is in UTF-16.
fn foreign(bytes: &[u8]) -> Option<(Range<usize>, Option<String>)> {
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Some((0..4, None));
    }
    if bytes.starts_with(b"\xff\xfe") {
        return Some((0..2, ascii(bytes, u16::from_le_bytes)));
    }
    if bytes.starts_with(b"\xfe\xff") {
        return Some((0..2, ascii(bytes, u16::from_be_bytes)));
    }
    let nul = memchr::memchr(0, bytes);
    let not_utf8 = std::str::from_utf8(bytes).err().map(|error| error.valid_up_to());
    let at = nul.into_iter().chain(not_utf8).min()?;
    Some((at..at + 1, None))
}

/// The text behind a UTF-16 byte order mark, if it is ASCII.
fn ascii(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes[2..].as_chunks::<2>();
    let text: Option<String> = units
        .iter()
        .map(|pair| u8::try_from(unit(*pair)).ok().filter(u8::is_ascii).map(char::from))
        .collect();
    text.filter(|text| rest.is_empty() && !text.contains('\0'))
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r'))
}

/// Whether a line begins with the name of a field that RFC 8461 defines, in any capitals, and the name ends there.
fn begins_with_known(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    Known::ALL.into_iter().any(|known| {
        let name = known.name().as_bytes();
        let is_end = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-');
        line.get(..name.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(name))
            && line.get(name.len()).is_none_or(is_end)
    })
}

/// The front matter of a static site's page: a line `---` at `start`, another one, and a policy behind it. It reaches up to
/// the first line with something in it.
pub fn front_matter(text: &Text, start: usize) -> Option<Range<usize>> {
    let bytes = text.bytes().get(start..)?;
    let is_rule = |line: &[u8]| line.trim_ascii_end() == b"---";
    let mut all = lines_with_ends(bytes);
    let mut len = all.next().filter(|line| is_rule(line))?.len();
    let closing = all.find(|line| {
        len += line.len();
        is_rule(line)
    });
    let body = closing.and_then(|_| bytes.get(len..))?;
    let blank: usize = lines_with_ends(body)
        .take_while(|line| line.trim_ascii().is_empty())
        .map(<[u8]>::len)
        .sum();
    let is_policy = lines(body).any(begins_with_known) || !text.is_known(start + len..text.len());
    is_policy.then_some(start..start + len + blank)
}

fn lines_with_ends(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}
