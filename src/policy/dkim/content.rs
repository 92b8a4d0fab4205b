//! What the text at the name of a selector is, before it is read as a list of tags.

use std::ops::Range;

use crate::{
    policy::{
        dkim::{
            base64,
            tag::{self, TagName},
        },
        host,
        kind::{self, Kind},
        tags,
    },
    text::Text,
};

/// What a text is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// A list of tags, or what is meant as one.
    Tags,
    /// It has a private key in its armour; the range is that.
    Private(Range<usize>),
    /// A key without any tag; the range has the armour around it, if there is one.
    Bare(Range<usize>),
    /// A host name.
    Host,
    /// Something else: a record of this kind, if it is of one.
    Foreign(Option<Kind>),
    /// It was not read, since nobody looks for a key at its name, or since the file does not tell what it is.
    Unread,
}

/// How long base64 is at least to be a key.
const KEY_MIN: usize = 40;

/// What a text is whose first tag is known.
pub fn of(text: &Text) -> Content {
    let bytes = text.bytes();
    if let Some(at) = private_armour(bytes) {
        return match text.is_known(at.clone()) {
            true => Content::Private(at),
            false => Content::Unread,
        };
    }
    let all = tags::trim(bytes, 0..bytes.len());
    match kind::of_value(bytes) {
        Some(Kind::Dkim) => return Content::Tags,
        Some(other) => return Content::Foreign(Some(other)),
        None => {}
    }
    if text.is_complete() && host::is_host_name(text.get(all.clone())) {
        return Content::Host;
    }
    let segments = tags::read(text, 0..bytes.len());
    if segments.len() == 1 && text.is_complete() && is_bare(bytes, all.clone()) {
        return Content::Bare(all);
    }
    if segments.iter().any(|segment| tag::is_of_list(text, segment)) {
        Content::Tags
    } else if text.is_complete() {
        Content::Foreign(None)
    } else {
        Content::Unread
    }
}

/// Whether a text without a tag is base64 that starts like a key, which is a sequence: short ones need more to be one.
fn is_bare(bytes: &[u8], range: Range<usize>) -> bool {
    let symbols = base64::split(bytes, range).symbols;
    let is_long =
        symbols.starts_with(b"MI") && symbols.len() >= 16 || symbols.starts_with(b"M") && symbols.len() >= KEY_MIN;
    is_long && symbols.iter().all(base64::is_symbol)
}

/// The armour of a private key, up to its end or that of the text.
fn private_armour(bytes: &[u8]) -> Option<Range<usize>> {
    let named = memchr::memmem::find(bytes, b"PRIVATE KEY-----")?;
    let start = memchr::memmem::rfind(&bytes[..named], b"-----BEGIN ")?;
    let behind = named + "PRIVATE KEY-----".len();
    let end = memchr::memmem::find(&bytes[behind..], b"PRIVATE KEY-----");
    Some(start..end.map_or(bytes.len(), |len| behind + len + "PRIVATE KEY-----".len()))
}

/// Whether a text at whatever name may be a key: false is certain, and cheap to tell.
pub(super) fn may_be_key(bytes: &[u8]) -> bool {
    const SHORTEST: usize = "k=rsa;p=".len();
    // By far the most other records begin with their own version.
    match bytes {
        [b'v' | b'V', b'=', ..] => kind::of_value(bytes) == Some(Kind::Dkim),
        _ => bytes.len() >= SHORTEST && memchr::memmem::find(bytes, b"p=").is_some(),
    }
}

/// Whether a text at whatever name is a key for sure: it begins with the version, its `p` holds base64 of some length, or `k`
/// and `p` are there.
pub(super) fn is_key(text: &Text) -> bool {
    let bytes = text.bytes();
    if kind::of_value(bytes) == Some(Kind::Dkim) {
        return true;
    }
    if !may_be_key(bytes) {
        return false;
    }
    let segments = tags::read(text, 0..bytes.len());
    let value = |name: &str| {
        let tag = segments.iter().find(|tag| tag.is(text, name) && tag.is_known)?;
        Some(text.get(tag.value.clone()))
    };
    if value("v").is_some() {
        return false;
    }
    let is_known = |k: &[u8]| matches!(k, b"rsa" | b"ed25519");
    let symbols = |p: &[u8]| p.iter().take_while(|byte| base64::is_symbol(byte)).count();
    value(TagName::P.word()).is_some_and(|p| symbols(p) >= KEY_MIN || value(TagName::K.word()).is_some_and(is_known))
}

/// Where a text begins with the name that the key was to be at, before its first tag: `s1._domainkey: v=DKIM1`. It is what
/// remains of a table whose columns were pasted into one field.
pub fn pasted_name(bytes: &[u8]) -> Option<Range<usize>> {
    const LABEL: &[u8] = b"_domainkey";
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@');
    let len = bytes.iter().take_while(is_of_name).count();
    let mut labels = bytes[..len].split(|byte| *byte == b'.').skip(1);
    let has_label = labels.any(|label| label.eq_ignore_ascii_case(LABEL));
    let rest = &bytes[len..];
    let is_between = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'=' | b':');
    let between = rest.iter().take_while(is_between).count();
    let is_tag = matches!(rest[between..], [b'v' | b'V' | b'k' | b'p', b'=', ..]);
    (has_label && between > 0 && is_tag).then_some(0..len)
}

/// Whether what stands between two semicolons is a key by its looks: long base64, and nothing else.
pub fn is_key_data(bytes: &[u8]) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let body = bytes.trim_ascii_end();
    let body = body.strip_suffix(b"=").unwrap_or(body);
    let body = body.strip_suffix(b"=").unwrap_or(body);
    body.len() >= KEY_MIN
        && body.iter().all(|byte| base64::is_symbol(byte) || is_blank(byte))
        && body.split(is_blank).any(|word| word.len() >= KEY_MIN)
}
