//! What stands before the data of a record.

use crate::{formats::rdata, record::FaultKind, source::Source, syntax::zone::Token};

/// What stands before the data: `[ttl] [class] type` in either order (RFC 1035, section 5.1).
pub(super) struct Head<'a> {
    pub(super) ttl: Option<(Token, u64)>,
    pub(super) class: Option<Token>,
    pub(super) kind_token: Token,
    pub(super) kind: &'a [u8],
    /// The number of fields before the data.
    pub(super) data: usize,
}

pub(super) fn head<'a>(source: &'a Source, fields: &[Token]) -> Result<Head<'a>, (Option<Token>, FaultKind)> {
    let (mut ttl, mut class) = (None, None);
    for (index, token) in fields.iter().enumerate() {
        let word = &source.bytes()[token.range()];
        if token.quoted || token.hole {
            return Err((Some(*token), FaultKind::NoType));
        }
        if let Some(seconds) = rdata::ttl(word) {
            if ttl.is_some() {
                return Err((Some(*token), FaultKind::FieldTwice));
            }
            ttl = Some((*token, seconds));
        } else if ["IN", "CH", "HS", "CS", "NONE", "ANY"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
        {
            if class.is_some() {
                return Err((Some(*token), FaultKind::FieldTwice));
            }
            class = Some(*token);
        } else {
            let plain = word
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                && word[0].is_ascii_alphabetic();
            // A type that no server knows has data all the same, and is written like one.
            let vendor = fields.len() > index + 1 && word.iter().all(|byte| !byte.is_ascii_lowercase());
            if !plain || !(rdata::is_registered(word) || vendor) {
                return Err((Some(*token), FaultKind::NoType));
            }
            return Ok(Head {
                ttl,
                class,
                kind_token: *token,
                kind: word,
                data: index + 1,
            });
        }
    }
    Err((None, FaultKind::NoType))
}

/// Whether a word in the first column looks like a field: a class, a TTL or a type that mail needs.
pub(super) fn looks_like_field(word: &[u8]) -> bool {
    is_class(word)
        || rdata::ttl(word).is_some()
        || ["TXT", "MX", "CNAME", "TLSA"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

pub(super) fn is_class(word: &[u8]) -> bool {
    ["IN", "CH", "HS"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether an owner before a whole record was meant to be its class or its TTL. Hosts may have such names, too.
pub(super) fn misplaced_field(word: &[u8], kind: &[u8]) -> bool {
    let mail = ["TXT", "MX", "SPF", "TLSA"]
        .iter()
        .any(|name| kind.eq_ignore_ascii_case(name.as_bytes()));
    let class = is_class(word) && (mail || word.iter().all(u8::is_ascii_uppercase));
    let seconds = matches!(rdata::ttl(word), Some(60..)) && mail;
    class || seconds
}
