//! Record data in presentation form (RFC 1035, section 3.3, and RFC 3597, section 5).

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use crate::{
    formats::mx_value,
    name::{LABEL_MAX, NAME_MAX, Name},
    record::{Data, FaultKind, Mx, Other, RdataProblem, Soa, Srv, Target, Tlsa, Txt, Written},
    span::Span,
    spelling::Spelling,
    text::{Text, Why},
};

/// The largest TTL in seconds (RFC 2181, section 8).
pub const TTL_MAX: u64 = 2_147_483_647;

/// One word or string of the data.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// As it is written, without quotes, escapes in it.
    pub bytes: &'a [u8],
    /// Where it stands, with its quotes.
    pub span: Span,
    /// Whether it stands between quotes.
    pub quoted: bool,
    /// Whether a template fills in a part of it.
    pub hole: bool,
}

/// What a reader of data needs from the notation around it.
pub trait Notation {
    /// The name that a field is.
    fn name(&self, field: &Field<'_>) -> Result<(Name, Written), (FaultKind, Span)>;
    /// The character-strings that the fields from this one on are, and where each lies in the joined text.
    fn text(&self, first: usize) -> (Text, Vec<Range<u32>>);
}

/// Why there is no data.
#[derive(Debug)]
pub enum Problem {
    /// A name in it is no name.
    Name(FaultKind, Span),
    /// The data has the wrong form; the place is that of the field, or everything.
    Rdata(RdataProblem, Option<Span>),
    /// `\#` data does not hold together.
    Generic {
        /// The right length, where the length alone is wrong.
        length: Option<usize>,
        /// Where the length is written.
        length_at: Option<Span>,
    },
}

/// The seconds of a TTL: decimal, or numbers that all have units (`1h30m`). Saturates. `None` if it is none.
pub fn ttl(word: &[u8]) -> Option<u64> {
    if !word.first()?.is_ascii_digit() {
        return None;
    }
    let (mut total, mut number, mut pending, mut units) = (0u64, 0u64, false, false);
    for byte in word {
        if byte.is_ascii_digit() {
            number = number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
            pending = true;
            continue;
        }
        let unit = match byte.to_ascii_lowercase() {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => 86_400,
            b'w' => 604_800,
            _ => return None,
        };
        if !pending {
            return None;
        }
        total = total.saturating_add(number.saturating_mul(unit));
        (number, pending, units) = (0, false, true);
    }
    match (pending, units) {
        (true, true) => None,
        (true, false) => Some(number),
        (false, _) => Some(total),
    }
}

/// The mnemonics of the registry of RR types; `SPF` is type 99.
const REGISTERED: &[&str] = &[
    "A",
    "A6",
    "AAAA",
    "AFSDB",
    "AMTRELAY",
    "APL",
    "ATMA",
    "AVC",
    "CAA",
    "CDNSKEY",
    "CDS",
    "CERT",
    "CLA",
    "CNAME",
    "CSYNC",
    "DHCID",
    "DLV",
    "DNAME",
    "DNSKEY",
    "DOA",
    "DS",
    "DSYNC",
    "EID",
    "EUI48",
    "EUI64",
    "GID",
    "GPOS",
    "HHIT",
    "HINFO",
    "HIP",
    "HTTPS",
    "IPN",
    "IPSECKEY",
    "ISDN",
    "KEY",
    "KX",
    "L32",
    "L64",
    "LOC",
    "LP",
    "MB",
    "MD",
    "MF",
    "MG",
    "MINFO",
    "MR",
    "MX",
    "NAPTR",
    "NID",
    "NIMLOC",
    "NINFO",
    "NS",
    "NSAP",
    "NSAP-PTR",
    "NSEC",
    "NSEC3",
    "NSEC3PARAM",
    "NULL",
    "NXNAME",
    "NXT",
    "OPENPGPKEY",
    "PTR",
    "PX",
    "RESINFO",
    "RKEY",
    "RP",
    "RRSIG",
    "RT",
    "SIG",
    "SINK",
    "SMIMEA",
    "SOA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TA",
    "TALINK",
    "TLSA",
    "TXT",
    "UID",
    "UINFO",
    "UNSPEC",
    "URI",
    "WALLET",
    "WKS",
    "X25",
    "ZONEMD",
];

/// What is known of a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text.
    Txt,
    /// Text, in the obsolete type 99.
    Spf,
    /// A mail exchanger.
    Mx,
    /// An alias.
    Cname,
    /// An alias of what is below a name.
    Dname,
    /// A name server.
    Ns,
    /// A pointer.
    Ptr,
    /// A service.
    Srv,
    /// The start of a zone.
    Soa,
    /// An IPv4 address.
    A,
    /// An IPv6 address.
    Aaaa,
    /// A certificate association.
    Tlsa,
    /// Another type of the registry, whose data is not looked into.
    Other,
    /// A type that the registry does not have.
    Unregistered,
}

impl Kind {
    /// The type that a word names, by mnemonic or as `TYPEnnn`.
    pub fn of(word: &[u8]) -> Kind {
        const KINDS: [(u64, u16, Kind); 12] = [
            (packed(b"A"), 1, Kind::A),
            (packed(b"TXT"), 16, Kind::Txt),
            (packed(b"AAAA"), 28, Kind::Aaaa),
            (packed(b"MX"), 15, Kind::Mx),
            (packed(b"CNAME"), 5, Kind::Cname),
            (packed(b"NS"), 2, Kind::Ns),
            (packed(b"SOA"), 6, Kind::Soa),
            (packed(b"PTR"), 12, Kind::Ptr),
            (packed(b"SRV"), 33, Kind::Srv),
            (packed(b"DNAME"), 39, Kind::Dname),
            (packed(b"TLSA"), 52, Kind::Tlsa),
            (packed(b"SPF"), 99, Kind::Spf),
        ];
        if word.len() <= PACKED_MAX {
            let word = packed(word);
            if let Some((.., kind)) = KINDS.iter().find(|(name, ..)| *name == word) {
                return *kind;
            }
        }
        if let Some(number) = type_number(word) {
            let known = KINDS.iter().find(|(_, value, _)| *value == number);
            return known.map_or(Kind::Other, |(.., kind)| *kind);
        }
        let upper = || word.iter().map(u8::to_ascii_uppercase);
        match REGISTERED.binary_search_by(|name| name.bytes().cmp(upper())) {
            Ok(_) => Kind::Other,
            Err(_) => Kind::Unregistered,
        }
    }
}

/// How many letters [`packed`] takes.
const PACKED_MAX: usize = 7;

/// A word of few letters as a number, in capitals.
const fn packed(word: &[u8]) -> u64 {
    let mut packed = 1;
    let mut at = 0;
    while at < word.len() {
        packed = packed << 8 | word[at].to_ascii_uppercase() as u64;
        at += 1;
    }
    packed
}

/// The number of `TYPEnnn`.
pub fn type_number(kind: &[u8]) -> Option<u16> {
    let (head, digits) = kind.split_at_checked(4)?;
    (head.eq_ignore_ascii_case(b"TYPE") && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
        .then(|| std::str::from_utf8(digits).ok()?.parse().ok())
        .flatten()
}

/// Reads the data of a type. `other` is given back for types that are not looked into.
pub fn read(kind: Kind, other: Other, fields: &[Field<'_>], notation: &dyn Notation) -> Result<Data, Problem> {
    if let Some(first) = fields.first()
        && !first.quoted
        && first.bytes == b"\\#"
    {
        return generic(kind, other, fields);
    }
    if fields.is_empty() {
        return Err(Problem::Rdata(RdataProblem::Missing, None));
    }
    let count = match kind {
        Kind::Txt | Kind::Spf => {
            let (text, strings) = notation.text(0);
            return Ok(Data::Txt(Box::new(Txt {
                text,
                strings,
                type99: kind == Kind::Spf,
                tail: None,
                maker: None,
            })));
        }
        Kind::Other | Kind::Unregistered => return Ok(Data::Other(other)),
        Kind::Tlsa => return tlsa(fields),
        Kind::A | Kind::Aaaa | Kind::Cname | Kind::Dname | Kind::Ns | Kind::Ptr => 1,
        Kind::Mx => 2,
        Kind::Srv => 4,
        Kind::Soa => 7,
    };
    // A template may fill in several fields at once.
    if fields.len() != count && fields.iter().any(|field| field.hole) {
        return Ok(Data::Unknown);
    }
    if fields.len() < count {
        return Err(Problem::Rdata(RdataProblem::Missing, None));
    }
    let field = |index: usize| &fields[index];
    let malformed = |index: usize| Problem::Rdata(RdataProblem::Malformed, Some(fields[index].span));
    let target = |index: usize| {
        let field = field(index);
        let (name, written) = notation.name(field).map_err(|(kind, span)| Problem::Name(kind, span))?;
        Ok(Target {
            name,
            at: field.span,
            relative: written == Written::Relative,
        })
    };
    let data = match kind {
        Kind::A | Kind::Aaaa if field(0).hole => Data::Unknown,
        Kind::A => Data::A(ipv4(field(0)).ok_or_else(|| malformed(0))?),
        Kind::Aaaa => Data::Aaaa(Box::new(ipv6(field(0)).ok_or_else(|| malformed(0))?)),
        Kind::Cname => Data::Cname(Box::new(target(0)?)),
        Kind::Dname => Data::Dname(Box::new(target(0)?)),
        Kind::Ns => Data::Ns(Box::new(target(0)?)),
        Kind::Ptr => Data::Ptr(Box::new(target(0)?)),
        Kind::Mx if field(0).hole => Data::Unknown,
        Kind::Mx if is_no_host(field(1)) => return Err(Problem::Name(FaultKind::NoHost, fields[1].span)),
        Kind::Mx => Data::Mx(Box::new(Mx {
            preference: number(field(0)).ok_or_else(|| malformed(0))?,
            preference_at: field(0).span,
            host: target(1)?,
        })),
        Kind::Srv => {
            for index in 0..3 {
                if !field(index).hole && number(field(index)).is_none() {
                    return Err(malformed(index));
                }
            }
            Data::Srv(Box::new(Srv {
                numbers: [0, 1, 2].map(|index| number(field(index))),
                host: target(3)?,
            }))
        }
        Kind::Soa => {
            for index in 2..7 {
                if !field(index).hole && (field(index).quoted || ttl(field(index).bytes).is_none()) {
                    return Err(malformed(index));
                }
            }
            Data::Soa(Box::new(Soa {
                primary: target(0)?,
                mailbox: target(1)?,
                numbers: field(2).span.start..field(6).span.end,
                minimum: ttl(field(6).bytes).map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
            }))
        }
        Kind::Txt | Kind::Spf | Kind::Tlsa | Kind::Other | Kind::Unregistered => unreachable!("returned above"),
    };
    match fields.get(count) {
        Some(extra) => {
            let span = fields.last().map_or(extra.span, |last| extra.span.to(last.span));
            Err(Problem::Rdata(RdataProblem::Superfluous, Some(span)))
        }
        None => Ok(data),
    }
}

/// Whether a field is no host, but was written for the root.
fn is_no_host(field: &Field<'_>) -> bool {
    !field.hole && (mx_value::is_no_host(field.bytes) || field.quoted && field.bytes == b".")
}

/// An IPv4 address: four decimal numbers without leading zeros.
fn ipv4(field: &Field<'_>) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let (mut index, mut number, mut digits) = (0, 0u16, 0);
    for byte in field.bytes {
        match byte {
            b'0'..=b'9' if digits == 0 || number > 0 => {
                number = number * 10 + u16::from(byte - b'0');
                octets[index] = u8::try_from(number).ok()?;
                digits += 1;
            }
            b'.' if digits > 0 && index < 3 => (index, number, digits) = (index + 1, 0, 0),
            _ => return None,
        }
    }
    (index == 3 && digits > 0 && !field.quoted).then(|| Ipv4Addr::from(octets))
}

fn ipv6(field: &Field<'_>) -> Option<Ipv6Addr> {
    let text = std::str::from_utf8(field.bytes).ok()?;
    text.parse().ok().filter(|_| !field.quoted)
}

/// A decimal number of digits alone.
fn number(field: &Field<'_>) -> Option<u16> {
    let digit = |number: u16, byte: &u8| {
        let digit = byte.is_ascii_digit().then(|| u16::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    };
    let is_bare = !field.quoted && !field.bytes.is_empty();
    field.bytes.iter().try_fold(0, digit).filter(|_| is_bare)
}

/// The fields are kept as they are: whether they are right is asked later. Digits may stand in several words.
fn tlsa(fields: &[Field<'_>]) -> Result<Data, Problem> {
    match fields {
        [usage, selector, matching, digits @ ..] if !digits.is_empty() => Ok(Data::Tlsa(Box::new(Tlsa {
            fields: [usage, selector, matching].map(|field| words(std::slice::from_ref(field))),
            digits: words(digits),
        }))),
        // A template may fill in several fields at once.
        _ if fields.iter().any(|field| field.hole) => Ok(Data::Unknown),
        _ => Err(Problem::Rdata(RdataProblem::Missing, None)),
    }
}

/// Words joined without anything between.
fn words(fields: &[Field<'_>]) -> Text {
    let mut text = Text::new();
    for field in fields {
        match field.hole {
            true => text.push_hole(field.span, Why::Template),
            false => text.push_verbatim(field.bytes, field.span),
        }
    }
    if let (Some(first), Some(last)) = (fields.first(), fields.last()) {
        // Nobody repairs a number or a digest but the one who knows the key.
        text.end_literal(first.span.to(last.span), Spelling::Computed);
    }
    text
}

/// `\# length digits`: the data as bytes, for any type (RFC 3597, section 5).
fn generic(kind: Kind, other: Other, fields: &[Field<'_>]) -> Result<Data, Problem> {
    let length_at = fields.get(1).map(|field| field.span);
    let declared = fields.get(1).and_then(number).map(usize::from);
    let digits: Vec<(u8, Span)> = fields
        .iter()
        .skip(2)
        .flat_map(|field| digits_with_places(field))
        .collect();
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| match pair {
            [(a, _), (b, _)] => Some((hex(*a)? << 4) | hex(*b)?),
            _ => None,
        })
        .collect();
    let wrong = |length| Err(Problem::Generic { length, length_at });
    let Some(bytes) = bytes else { return wrong(None) };
    let data = decode(kind, other, fields, &bytes, &digits);
    match (declared, data) {
        (Some(declared), data) if declared == bytes.len() => data.ok_or(Problem::Generic {
            length: None,
            length_at,
        }),
        (Some(_), Some(_)) if !matches!(kind, Kind::Other | Kind::Unregistered) => wrong(Some(bytes.len())),
        _ => wrong(None),
    }
}

fn digits_with_places<'f>(field: &'f Field<'_>) -> impl Iterator<Item = (u8, Span)> + 'f {
    // A place for each digit, if the field is written as it is read; else all of the field.
    let exact = field.bytes.len() == field.span.len();
    field.bytes.iter().enumerate().map(move |(index, byte)| {
        let start = field.span.start as usize + index;
        (
            *byte,
            if exact {
                Span::new(field.span.source, start..start + 1)
            } else {
                field.span
            },
        )
    })
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}

/// The data of a type from its bytes on the wire. `None` if they are not such data.
fn decode(kind: Kind, other: Other, fields: &[Field<'_>], bytes: &[u8], digits: &[(u8, Span)]) -> Option<Data> {
    let all = fields.first()?.span.to(fields.last()?.span);
    let place = |range: Range<usize>| match (
        digits.get(range.start * 2),
        digits.get((range.end * 2).saturating_sub(1)),
    ) {
        (Some((_, first)), Some((_, last))) if !range.is_empty() => first.to(*last),
        _ => all,
    };
    let name = |from: usize| {
        let mut labels = Vec::new();
        let mut at = from;
        loop {
            let len = *bytes.get(at)? as usize;
            if len == 0 {
                let target = Target {
                    name: Name::from_labels(labels, None),
                    at: place(from..at + 1),
                    relative: false,
                };
                return (at + 1 - from <= NAME_MAX).then_some((target, at + 1));
            }
            labels.push(Some(bytes.get(at + 1..at + 1 + len)?.to_vec()));
            at += 1 + len;
            if len > LABEL_MAX {
                return None;
            }
        }
    };
    let alone = |from: usize| {
        name(from)
            .filter(|(_, end)| *end == bytes.len())
            .map(|(target, _)| Box::new(target))
    };
    Some(match kind {
        Kind::Txt | Kind::Spf => {
            let mut text = Text::new();
            let mut strings = Vec::new();
            let mut at = 0;
            while at < bytes.len() {
                let len = bytes[at] as usize;
                let start = text.len() as u32;
                for (index, byte) in bytes.get(at + 1..at + 1 + len)?.iter().enumerate() {
                    text.push_spelled(&[*byte], place(at + 1 + index..at + 2 + index));
                }
                text.end_literal(place(at..at + 1 + len), Spelling::ZoneHex);
                strings.push(start..text.len() as u32);
                at += 1 + len;
            }
            if strings.is_empty() {
                return None;
            }
            if strings.len() == 1 {
                strings.clear();
            }
            Data::Txt(Box::new(Txt {
                text,
                strings,
                type99: kind == Kind::Spf,
                tail: None,
                maker: None,
            }))
        }
        Kind::Mx => Data::Mx(Box::new(Mx {
            preference: u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?),
            preference_at: place(0..2),
            host: *alone(2)?,
        })),
        Kind::Cname => Data::Cname(alone(0)?),
        Kind::Dname => Data::Dname(alone(0)?),
        Kind::Ns => Data::Ns(alone(0)?),
        Kind::Ptr => Data::Ptr(alone(0)?),
        Kind::Srv => {
            let number = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
            Data::Srv(Box::new(Srv {
                numbers: [number(0), number(2), number(4)],
                host: *alone(6)?,
            }))
        }
        Kind::A => Data::A(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        Kind::Aaaa => Data::Aaaa(Box::new(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?))),
        Kind::Tlsa => {
            let [usage, selector, matching, rest @ ..] = bytes else {
                return None;
            };
            let text = |bytes: &mut dyn Iterator<Item = (String, Span)>, at: Span| {
                let mut text = Text::new();
                bytes.for_each(|(byte, at)| text.push_spelled(byte.as_bytes(), at));
                text.end_literal(at, Spelling::ZoneHex);
                text
            };
            let field = |index: usize, value: &u8| {
                let at = place(index..index + 1);
                text(&mut std::iter::once((value.to_string(), at)), at)
            };
            let mut pairs = (3..)
                .zip(rest)
                .map(|(at, byte)| (format!("{byte:02x}"), place(at..at + 1)));
            Data::Tlsa(Box::new(Tlsa {
                fields: [field(0, usage), field(1, selector), field(2, matching)],
                digits: text(&mut pairs, place(3..bytes.len())),
            }))
        }
        Kind::Soa | Kind::Other | Kind::Unregistered => Data::Other(other),
    })
}
