//! What the octets of a key say: SubjectPublicKeyInfo (RFC 5280, section 4.1), or what stands in its place.

use spki::{
    AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfoRef,
    der::{
        Decode, Encode, Header, Reader, SliceReader, Tag,
        asn1::{AnyRef, BitStringRef, IntRef},
    },
};

/// What octets are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// An RSA key.
    Rsa(Rsa),
    /// The SubjectPublicKeyInfo of an Ed25519 key; the octets are the key.
    Ed25519(Vec<u8>),
    /// None of these.
    Other(Why),
}

/// An RSA key: octets from the most significant one, without those that are 0 at the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rsa {
    /// The modulus; empty for 0.
    pub modulus: Vec<u8>,
    /// The public exponent; empty for 0.
    pub exponent: Vec<u8>,
    /// Whether the modulus is below 0.
    pub is_negative: bool,
    /// Whether the public exponent is below 0.
    pub has_negative_exponent: bool,
    /// Whether it stands in a SubjectPublicKeyInfo, and not alone.
    pub is_wrapped: bool,
}

/// Why octets are no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// They do not begin as DER does.
    NotDer,
    /// They begin as a key and go on as none.
    Malformed,
    /// So many octets stand behind a key.
    Trailing(usize),
    /// It is a certificate.
    Certificate,
    /// It is a key for elliptic curves.
    EllipticCurve,
    /// It is a key of another algorithm.
    OtherAlgorithm,
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// How many octets a key has by its own word; `None` if it does not begin as one.
pub(super) fn length(octets: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(octets).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let length = u32::from(header.length()) as usize;
    (header.tag() == Tag::Sequence).then_some(octets.len() - u32::from(reader.remaining_len()) as usize + length)
}

/// Whether octets are a private key, or the beginning of one: a version, then the numbers of an RSAPrivateKey (RFC 8017,
/// section A.1.2), the algorithm of a PrivateKeyInfo (RFC 5958, section 2), or the octets of an ECPrivateKey (RFC 5915,
/// section 3). A public key has no version.
pub(super) fn is_private(octets: &[u8]) -> bool {
    let start = || -> Result<bool, spki::der::Error> {
        let mut reader = SliceReader::new(octets)?;
        let is_sequence = Header::decode(&mut reader)?.tag() == Tag::Sequence;
        let version = u8::decode(&mut reader)?;
        let next = Header::decode(&mut reader)?.tag();
        Ok(is_sequence && version <= 1 && matches!(next, Tag::Integer | Tag::Sequence | Tag::OctetString))
    };
    start().unwrap_or(false)
}

/// What octets are, all of them.
pub(super) fn read(octets: &[u8]) -> Form {
    match SubjectPublicKeyInfoRef::from_der(octets) {
        Ok(info) => wrapped(&info),
        Err(_) => match bare(octets, false) {
            Some(rsa) => Form::Rsa(rsa),
            None => Form::Other(why(octets)),
        },
    }
}

fn wrapped(info: &SubjectPublicKeyInfoRef<'_>) -> Form {
    let Some(key) = info.subject_public_key.as_bytes() else {
        return Form::Other(Why::Malformed);
    };
    match info.algorithm.oid {
        RSA => bare(key, true).map_or(Form::Other(Why::Malformed), Form::Rsa),
        ED25519 => Form::Ed25519(key.to_vec()),
        ELLIPTIC_CURVE => Form::Other(Why::EllipticCurve),
        _ => Form::Other(Why::OtherAlgorithm),
    }
}

/// An RSAPublicKey (RFC 8017, section A.1.1), which the octets are all of.
fn bare(octets: &[u8], is_wrapped: bool) -> Option<Rsa> {
    let mut reader = SliceReader::new(octets).ok()?;
    let (modulus, exponent) = reader
        .sequence(|reader| -> Result<_, spki::der::Error> { Ok((IntRef::decode(reader)?, IntRef::decode(reader)?)) })
        .ok()?;
    let (modulus, exponent) = (modulus.as_bytes(), exponent.as_bytes());
    reader.is_finished().then(|| Rsa {
        is_negative: is_negative(modulus),
        has_negative_exponent: is_negative(exponent),
        modulus: magnitude(modulus),
        exponent: magnitude(exponent),
        is_wrapped,
    })
}

/// The SubjectPublicKeyInfo around an RSAPublicKey.
pub fn wrap(octets: &[u8]) -> Option<Vec<u8>> {
    let info = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: RSA,
            parameters: Some(AnyRef::NULL),
        },
        subject_public_key: BitStringRef::from_bytes(octets).ok()?,
    };
    // No header is longer than a few octets.
    let mut room = vec![0; octets.len() + 64];
    Some(info.encode_to_slice(&mut room).ok()?.to_vec())
}

/// Whether the octets of an INTEGER are those of a number below 0.
fn is_negative(integer: &[u8]) -> bool {
    integer.first().is_some_and(|first| first & 0x80 != 0)
}

fn magnitude(integer: &[u8]) -> Vec<u8> {
    let zeros = integer.iter().take_while(|octet| **octet == 0).count();
    integer[zeros..].to_vec()
}

fn why(octets: &[u8]) -> Why {
    let Some(length) = length(octets) else {
        return Why::NotDer;
    };
    if length < octets.len() && !matches!(read(&octets[..length]), Form::Other(_)) {
        return Why::Trailing(octets.len() - length);
    }
    if is_certificate(octets) {
        return Why::Certificate;
    }
    Why::Malformed
}

/// Whether octets begin as a certificate: its version, or its number, comes before anything else (RFC 5280, section 4.1).
fn is_certificate(octets: &[u8]) -> bool {
    let start = || -> Result<Tag, spki::der::Error> {
        let mut reader = SliceReader::new(octets)?;
        Header::decode(&mut reader)?;
        Header::decode(&mut reader)?;
        Ok(Header::decode(&mut reader)?.tag())
    };
    matches!(start(), Ok(Tag::ContextSpecific { .. } | Tag::Integer))
}
