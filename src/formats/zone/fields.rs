//! What stands before the data of a record.

use crate::{
    formats::rdata::{self, Kind},
    name::Name,
    record::Other,
    source::Source,
    syntax::zone::Token,
};

/// What stands before the data: `[ttl] [class] type` in either order (RFC 1035, section 5.1).
pub(super) struct Head<'a> {
    pub(super) ttl: Option<(Token, u64)>,
    pub(super) class: Option<Token>,
    pub(super) kind_token: Token,
    pub(super) kind: Kind,
    /// The type as it is written.
    pub(super) kind_word: &'a [u8],
    /// The number of fields before the data.
    pub(super) data: usize,
}

impl Head<'_> {
    /// Where the TTL is written, as [`Parts`](crate::record::Parts) has it.
    pub(super) fn ttl_place(&self) -> (u32, u8) {
        self.ttl.map_or((0, 0), |(token, _)| {
            (token.start, (token.end - token.start).min(u8::MAX.into()) as u8)
        })
    }

    /// The record with this data, if nobody looks into that.
    pub(super) fn other(&self, data: &[Token]) -> Other {
        let kind = self.kind_token;
        Other {
            kind_at: kind.start,
            kind_len: (kind.end - kind.start).min(u8::MAX.into()) as u8,
            is_registered: self.kind != Kind::Unregistered,
            data_at: data.first().map_or(kind.end, |token| token.start),
        }
    }
}

/// Why there is no type.
pub(super) struct NoHead {
    /// The word that is none; if not there, the words came to an end.
    pub(super) at: Option<Token>,
    /// Whether it is a second TTL or class.
    pub(super) twice: bool,
}

pub(super) fn head<'a>(source: &'a Source, fields: &[Token]) -> Result<Head<'a>, NoHead> {
    let (mut ttl, mut class) = (None, None);
    for (index, token) in fields.iter().enumerate() {
        let word = &source.bytes()[token.range()];
        let wrong = |twice| NoHead {
            at: Some(*token),
            twice,
        };
        if token.quoted || token.hole {
            return Err(wrong(false));
        }
        if let Some(seconds) = rdata::ttl(word) {
            if ttl.replace((*token, seconds)).is_some() {
                return Err(wrong(true));
            }
        } else if is_any_class(word) {
            if class.replace(*token).is_some() {
                return Err(wrong(true));
            }
        } else {
            let kind = Kind::of(word);
            // A type that no server knows has data all the same, and is written like one.
            if kind == Kind::Unregistered && (fields.len() == index + 1 || !is_like_type(word)) {
                return Err(wrong(false));
            }
            return Ok(Head {
                ttl,
                class,
                kind_token: *token,
                kind,
                kind_word: word,
                data: index + 1,
            });
        }
    }
    Err(NoHead { at: None, twice: false })
}

/// Whether a word looks like the mnemonic of a type: letters, all of them large, digits, hyphens.
fn is_like_type(word: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    word.iter().all(is_part) && word[0].is_ascii_alphabetic()
}

fn is_one_of(word: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether a word is a class, by name or as `CLASSnnn` (RFC 3597, section 5).
fn is_any_class(word: &[u8]) -> bool {
    match word.len() {
        2 => is_one_of(word, &["IN", "CH", "HS", "CS"]),
        3 => is_one_of(word, &["ANY"]),
        4 => is_one_of(word, &["NONE"]),
        6.. => word[..5].eq_ignore_ascii_case(b"CLASS") && word[5..].iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether a class is that of the Internet.
pub(super) fn is_in(class: &[u8]) -> bool {
    is_one_of(class, &["IN", "CLASS1"])
}

/// Whether a word is a class that people write.
pub(super) fn is_class(word: &[u8]) -> bool {
    is_one_of(word, &["IN", "CH", "HS"])
}

/// Whether a word in the first column looks like a field: a class, a TTL or a type that mail needs.
pub(super) fn looks_like_field(word: &[u8]) -> bool {
    is_class(word) || rdata::ttl(word).is_some() || is_one_of(word, &["TXT", "MX", "CNAME", "TLSA"])
}

/// Whether an owner before a whole record was meant to be its class or its TTL. Hosts may have such names, too: where the
/// record has a class or a TTL besides, it is the owner.
pub(super) fn misplaced_field(word: &[u8], head: &Head<'_>, owner: &Name) -> bool {
    let mail = matches!(head.kind, Kind::Txt | Kind::Mx | Kind::Spf | Kind::Tlsa);
    let loud = || word.iter().all(u8::is_ascii_uppercase);
    let class = head.class.is_none() && is_class(word) && (mail || loud());
    let seconds = head.ttl.is_none() && mail && matches!(rdata::ttl(word), Some(60..));
    let reverse = || matches!(owner.labels().last(), Some(Some(last)) if last.eq_ignore_ascii_case(b"arpa"));
    (class || seconds) && !reverse()
}
