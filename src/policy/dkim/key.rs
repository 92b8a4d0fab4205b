//! The data of a key: what `p` holds, held against what `k` says (RFC 6376, section 3.6.1; RFC 8463, section 4.2).

use std::ops::Range;

use curve25519_dalek::edwards::CompressedEdwardsY;

use crate::{
    policy::dkim::{
        base64::{self, Fault, FaultKind, Parts},
        der::{self, Form, Rsa, Why},
        published,
    },
    text::Text,
};

/// The type of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyType {
    /// RSA, also where `k` is missing.
    Rsa,
    /// Ed25519.
    Ed25519,
    /// One that DKIM does not have.
    Other,
    /// The file does not tell.
    Unknown,
}

/// What `p` holds.
#[derive(Clone, Debug)]
pub struct Key {
    /// The value.
    pub at: Range<usize>,
    /// What it consists of.
    pub parts: Parts,
    /// What is wrong with its base64.
    pub fault: Option<Fault>,
    /// The octets that it decodes to; none where it cannot be decoded.
    pub octets: Vec<u8>,
    /// What these are.
    pub data: Data,
}

/// What a key decodes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Data {
    /// It cannot be decoded, or the type of the key is not known.
    Unread,
    /// A private key, or the beginning of one.
    Private,
    /// The beginning of a key, which has so many octets by its own word.
    Truncated {
        /// How many octets are there.
        has: usize,
        /// How many there should be.
        wants: usize,
    },
    /// An RSA key, as `k` says.
    Rsa(Rsa),
    /// An Ed25519 key, as `k` says.
    Ed25519(Point),
    /// Nothing that an RSA key can be.
    NoRsa(Why),
    /// Not the 32 octets of an Ed25519 key; `inner` are those, if they stand in a SubjectPublicKeyInfo.
    NoEd25519 {
        /// How many octets there are.
        has: usize,
        /// The key itself.
        inner: Option<Vec<u8>>,
    },
    /// A key of the other type than `k` says: of this one.
    OtherType(KeyType),
}

/// What the octets of an Ed25519 key are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Point {
    /// A point of the curve that signs.
    Right {
        /// The document that prints the private half.
        published: Option<&'static str>,
    },
    /// No point of the curve (RFC 8032, section 5.1.3).
    None,
    /// A point of small order, for which anybody can sign.
    SmallOrder,
}

/// How many octets an Ed25519 key has.
const ED25519: usize = 32;

impl KeyType {
    /// The type that is called so, in whatever case.
    pub(super) fn named(name: &[u8]) -> KeyType {
        if name.eq_ignore_ascii_case(b"rsa") {
            KeyType::Rsa
        } else if name.eq_ignore_ascii_case(b"ed25519") {
            KeyType::Ed25519
        } else {
            KeyType::Other
        }
    }

    /// What `k` calls it.
    pub fn word(self) -> &'static str {
        match self {
            KeyType::Ed25519 => "ed25519",
            _ => "rsa",
        }
    }
}

/// Reads a value that is known and not empty.
pub(super) fn read(text: &Text, at: Range<usize>, kind: KeyType) -> Key {
    let parts = base64::split(text.bytes(), at.clone());
    let (octets, mut fault) = base64::decode(&parts, at.end);
    let data = octets.as_ref().map_or(Data::Unread, |octets| decode(octets, kind));
    // What the end of a key looks like that was cut off says nothing more.
    let is_of_end = |fault: &Fault| !matches!(fault.kind, FaultKind::Character | FaultKind::UrlSafe);
    if matches!(data, Data::Truncated { .. }) && fault.as_ref().is_some_and(is_of_end) {
        fault = None;
    }
    let octets = octets.unwrap_or_default();
    Key {
        at,
        parts,
        fault,
        octets,
        data,
    }
}

fn decode(octets: &[u8], kind: KeyType) -> Data {
    if der::is_private(octets) {
        return Data::Private;
    }
    match kind {
        KeyType::Rsa => rsa(octets),
        KeyType::Ed25519 => ed25519(octets),
        KeyType::Other | KeyType::Unknown => Data::Unread,
    }
}

fn rsa(octets: &[u8]) -> Data {
    let has = octets.len();
    let wants = der::length(octets).filter(|wants| *wants > has);
    // By chance, the octets of an Ed25519 key may begin like a short sequence; no RSA key is so short.
    let is_like_rsa = wants.is_some_and(|wants| wants > 2 * ED25519);
    if has == ED25519 && !is_like_rsa {
        return Data::OtherType(KeyType::Ed25519);
    }
    if let Some(wants) = wants {
        return Data::Truncated { has, wants };
    }
    match der::read(octets) {
        Form::Rsa(rsa) => Data::Rsa(rsa),
        Form::Ed25519(_) => Data::OtherType(KeyType::Ed25519),
        Form::Other(why) => Data::NoRsa(why),
    }
}

fn ed25519(octets: &[u8]) -> Data {
    if octets.len() == ED25519 {
        return Data::Ed25519(point(octets));
    }
    let inner = match der::read(octets) {
        Form::Rsa(_) => return Data::OtherType(KeyType::Rsa),
        Form::Ed25519(inner) => Some(inner).filter(|inner| inner.len() == ED25519),
        Form::Other(_) => None,
    };
    Data::NoEd25519 {
        has: octets.len(),
        inner,
    }
}

fn point(octets: &[u8]) -> Point {
    let Ok(compressed) = CompressedEdwardsY::from_slice(octets) else {
        return Point::None;
    };
    match compressed.decompress() {
        // Numbers that are too large, and the sign of 0, are decoded all the same.
        Some(point) if point.compress() != compressed => Point::None,
        Some(point) if point.is_small_order() => Point::SmallOrder,
        Some(_) => Point::Right {
            published: published::of_ed25519(octets),
        },
        None => Point::None,
    }
}

impl Key {
    /// Whether it is a private key.
    pub fn is_private(&self) -> bool {
        self.data == Data::Private
    }

    /// The RSA key that it is.
    pub fn rsa(&self) -> Option<&Rsa> {
        match &self.data {
            Data::Rsa(rsa) => Some(rsa),
            _ => None,
        }
    }

    /// The document that prints its private half.
    pub fn published(&self) -> Option<&'static str> {
        match &self.data {
            Data::Rsa(rsa) => published::of_rsa(rsa),
            Data::Ed25519(Point::Right { published }) => *published,
            _ => None,
        }
    }
}

/// Facts about an RSA key.
impl Rsa {
    /// How many bits the modulus has; 0 for one that is 0 or below.
    pub fn bits(&self) -> usize {
        match self.modulus.first() {
            Some(first) if !self.is_negative => self.modulus.len() * 8 - first.leading_zeros() as usize,
            _ => 0,
        }
    }

    /// The public exponent, if it is a number below 2^64.
    pub fn exponent_value(&self) -> Option<u64> {
        let is_small = self.exponent.len() <= 8 && !self.has_negative_exponent;
        let add = |value: u64, octet: &u8| value << 8 | u64::from(*octet);
        is_small.then(|| self.exponent.iter().fold(0, add))
    }

    /// Whether nothing can be signed with the public exponent: it is even, or below 3.
    pub fn has_bad_exponent(&self) -> bool {
        let is_even = self.exponent.last().is_none_or(|last| last & 1 == 0);
        self.has_negative_exponent || is_even || self.exponent == [1]
    }
}
