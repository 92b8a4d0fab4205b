//! TLSA records (RFC 6698, section 2), as mail servers use them (RFC 7671, RFC 7672).

use crate::{name::Name, text::Text};

/// A TLSA record.
#[derive(Debug)]
pub struct Tlsa<'a> {
    /// Where it stands.
    pub owner: &'a Name,
    /// What is compared with what.
    pub usage: Field<'a>,
    /// What of the certificate is compared.
    pub selector: Field<'a>,
    /// How it is compared.
    pub matching: Field<'a>,
    /// The certificate, the key, or the digest of one of them.
    pub digits: Digits<'a>,
}

/// A number of a record.
#[derive(Debug)]
pub struct Field<'a> {
    /// As it is written.
    pub text: &'a Text,
    /// What it is.
    pub value: Value,
}

/// What a field is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A number that fits a byte.
    Number(u8),
    /// Something else.
    Bad,
    /// The file does not tell.
    Unknown,
}

/// Hexadecimal digits.
#[derive(Debug)]
pub struct Digits<'a> {
    /// As they are written, without the blanks between them.
    pub text: &'a Text,
    /// What they are.
    pub kind: DigitsKind,
}

/// What is written where digits belong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DigitsKind {
    /// So many bytes.
    Bytes(usize),
    /// Something that is no digit, from this byte on.
    NoDigit(usize),
    /// An odd number of digits.
    Odd,
    /// The file does not tell.
    Unknown,
}

/// Reads a record, of whose data the parts are known.
pub fn parse<'a>([usage, selector, matching]: &'a [Text; 3], digits: &'a Text, owner: &'a Name) -> Tlsa<'a> {
    Tlsa {
        owner,
        usage: field(usage),
        selector: field(selector),
        matching: field(matching),
        digits: Digits {
            text: digits,
            kind: digits_kind(digits),
        },
    }
}

fn field(text: &Text) -> Field<'_> {
    let is_number = text.bytes().iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(text.bytes()).ok().filter(|_| is_number);
    let value = match number.and_then(|number| number.parse().ok()) {
        _ if !text.is_complete() => Value::Unknown,
        Some(number) => Value::Number(number),
        None => Value::Bad,
    };
    Field { text, value }
}

fn digits_kind(text: &Text) -> DigitsKind {
    let bytes = text.bytes();
    match bytes.iter().position(|byte| !byte.is_ascii_hexdigit()) {
        Some(at) => DigitsKind::NoDigit(at),
        None if !text.is_complete() => DigitsKind::Unknown,
        None if bytes.len() % 2 == 1 => DigitsKind::Odd,
        None => DigitsKind::Bytes(bytes.len() / 2),
    }
}

impl Tlsa<'_> {
    /// Whether a server loads it, as far as the file tells: integers of a byte, and pairs of hexadecimal digits.
    pub fn loads(&self) -> bool {
        let is_number = |field: &Field<'_>| field.value != Value::Bad;
        [&self.usage, &self.selector, &self.matching].into_iter().all(is_number)
            && matches!(self.digits.kind, DigitsKind::Bytes(_) | DigitsKind::Unknown)
    }
}

impl Field<'_> {
    /// Whether it is this number.
    pub fn is(&self, number: u8) -> bool {
        self.value == Value::Number(number)
    }
}

/// The port of a name at which TLSA records are looked up, `_<port>._tcp.<host>`, and the host.
pub fn service(owner: &Name) -> Option<(u16, Name)> {
    let mut labels = owner.labels();
    let (port, transport) = (labels.next()??, labels.next()??);
    let digits = port.strip_prefix(b"_").filter(|digits| !digits.starts_with(b"0"))?;
    let is_number = digits.iter().all(u8::is_ascii_digit);
    let port = std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()?;
    transport.eq_ignore_ascii_case(b"_tcp").then(|| (port, owner.skip(2)))
}

/// The name at which the TLSA records of a mail host are looked up (RFC 7672, section 2.2).
pub fn at_host(host: &Name) -> Name {
    Name::from_labels([Some("_25"), Some("_tcp")], Some(host))
}

/// The first two labels that an owner was meant to begin with: a port and a transport whose underscores, order or form are
/// wrong; and how many labels they are written in. `None` where they are right, or where it was not meant to begin so.
pub fn meant_service(owner: &Name) -> Option<(String, usize)> {
    let mut labels = owner.labels();
    let first = std::str::from_utf8(labels.next()??).ok()?;
    let second = labels
        .next()
        .flatten()
        .and_then(|label| std::str::from_utf8(label).ok());
    let pair = second.and_then(|second| {
        let straight = port(first).zip(transport(second));
        straight.or_else(|| port(second).zip(transport(first)))
    });
    let joined = || {
        let (port_word, transport_word) = first.rsplit_once(['_', '-'])?;
        port_word
            .strip_prefix('_')
            .and_then(port)
            .zip(transport(transport_word))
    };
    let ((port, transport), count) = match pair {
        Some(pair) => (pair, 2),
        None => (joined()?, 1),
    };
    let meant = format!("_{port}._{transport}");
    let written = match (count, second) {
        (2, Some(second)) => format!("{first}.{second}").to_ascii_lowercase(),
        _ => first.to_string(),
    };
    (written != meant).then_some((meant, count))
}

fn port(word: &str) -> Option<u16> {
    let digits = word.strip_prefix('_').unwrap_or(word);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| is_number && *port > 0)
}

fn transport(word: &str) -> Option<&'static str> {
    let word = word.strip_prefix('_').unwrap_or(word);
    ["tcp", "udp", "sctp"]
        .into_iter()
        .find(|known| word.eq_ignore_ascii_case(known))
}
