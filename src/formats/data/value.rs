//! From a value in a data file to record data.

use std::{borrow::Cow, net::IpAddr, ops::Range};

use crate::{
    formats::{data::entry::Names, mx_value, rdata, tlsa_value},
    name::{LABEL_MAX, NAME_MAX, Name},
    punycode,
    record::{Data, Mx, Other, Target, Tlsa, Txt},
    span::{SourceId, Span},
    spelling::Spelling,
    syntax::{
        yaml::{Kind, View},
        zone as syntax,
    },
    template,
    text::{Text, Why},
};

/// How the texts of TXT records are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Texts {
    /// As they are. Whoever publishes them cuts them into character-strings.
    Whole,
    /// As character-strings between double quotes, as in a zone file; as they are where there are no quotes.
    Strings,
    /// As OctoDNS writes them: `\;` for `;`, and quotes that are left out. Whether semicolons are escaped, if that is known.
    OctoDns(Option<bool>),
}

/// The keys under which a host and its preference stand where an MX record is a mapping.
const HOSTS: [&str; 9] = [
    "exchange",
    "target",
    "value",
    "host",
    "hostname",
    "server",
    "mail_exchanger",
    "mailserver",
    "content",
];
const PREFERENCES: [&str; 4] = ["preference", "priority", "pref", "prio"];

/// The value of a scalar, with a hole wherever a template fills something in.
pub(super) fn text(view: View<'_>) -> Option<Text> {
    let text = view.text()?;
    if !template::may_start(text.bytes()) {
        return Some(text);
    }
    Some(with_holes(text))
}

fn with_holes(text: Text) -> Text {
    let bytes = text.bytes();
    let mut inner = Text::new();
    let (mut plain, mut at) = (0, 0);
    let place = |range: Range<usize>| Span::new(SourceId::DECODED, range);
    while at < bytes.len() {
        match template::marker(bytes, at) {
            Some(end) => {
                inner.push_verbatim(&bytes[plain..at], place(plain..at));
                inner.push_hole(place(at..end), Why::Template);
                (plain, at) = (end, end);
            }
            None => at += 1,
        }
    }
    if inner.is_complete() {
        return text;
    }
    inner.push_verbatim(&bytes[plain..], place(plain..bytes.len()));
    inner.end_literal(place(0..bytes.len()), Spelling::Plain);
    text.through(&inner)
}

/// What a record says, before its type is looked at.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// One text, and where it is written.
    Text(Text, Span),
    /// Fields with their own names.
    Fields(View<'a>),
    /// Something that can't be read.
    Other(Span),
}

impl<'a> Value<'a> {
    /// What a node says.
    pub(super) fn of(view: View<'a>) -> Value<'a> {
        match (text(view), view.kind()) {
            (Some(text), _) => Value::Text(text, view.span()),
            (None, Kind::Mapping) => Value::Fields(view),
            (None, _) => Value::Other(view.span()),
        }
    }

    /// Where it is written.
    pub(super) fn at(&self) -> Span {
        match self {
            Value::Text(_, at) | Value::Other(at) => *at,
            Value::Fields(view) => view.span(),
        }
    }

    /// The text that names the host of a record.
    fn host(&self) -> Option<Text> {
        match self {
            Value::Text(text, _) => Some(text.clone()),
            Value::Fields(view) => text(field(*view, &HOSTS)?),
            Value::Other(_) => None,
        }
    }

    /// Where the host of an MX record stands that has none.
    pub(super) fn no_host(&self) -> Option<Span> {
        mx_value::no_host(&self.host()?)
    }

    /// The TLSA record that it is.
    fn tlsa(&self) -> Option<Tlsa> {
        match self {
            Value::Text(text, _) => tlsa_value::of_text(text),
            Value::Fields(view) => tlsa_value::of_fields(tlsa_value::FIELDS.map(|keys| text(field(*view, keys)?))),
            Value::Other(_) => None,
        }
    }
}

/// The data of a record of type `kind`, written at `kind_at`. What can't be read is unknown: the record is there.
pub(super) fn data(kind: &str, kind_at: Span, value: &Value<'_>, texts: Texts, names: &Names<'_>) -> Data {
    let at = value.at();
    // Hardly anybody writes them in small letters.
    let upper = match kind.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Owned(kind.to_ascii_uppercase()),
        false => Cow::Borrowed(kind),
    };
    let target = |text: &Text| {
        Some(Target {
            name: name(text, names)?,
            at: text.whole().filter(|whole| whole.source == at.source).unwrap_or(at),
            relative: false,
        })
    };
    let one = |make: fn(Box<Target>) -> Data| match value.host().and_then(|text| target(&text)) {
        Some(target) => make(Box::new(target)),
        None => Data::Unknown,
    };
    match (&*upper, value) {
        ("TXT" | "SPF" | "TEXT", Value::Text(text, _)) => {
            let mut txt = txt(text.clone(), texts);
            txt.type99 = upper == "SPF";
            Data::Txt(Box::new(txt))
        }
        ("TXT" | "SPF" | "TEXT", _) => Data::Unknown,
        ("MX", _) => mx(value, target).unwrap_or(Data::Unknown),
        ("CNAME", _) => one(Data::Cname),
        ("DNAME", _) => one(Data::Dname),
        ("NS", _) => one(Data::Ns),
        ("PTR", _) => one(Data::Ptr),
        ("A" | "AAAA", Value::Text(text, _)) if text.is_complete() => {
            let address = std::str::from_utf8(text.bytes())
                .ok()
                .and_then(|text| text.trim().parse().ok());
            match address {
                Some(IpAddr::V4(address)) if upper == "A" => Data::A(address),
                Some(IpAddr::V6(address)) if upper == "AAAA" => Data::Aaaa(Box::new(address)),
                _ => Data::Unknown,
            }
        }
        ("A" | "AAAA", _) => Data::Unknown,
        ("TLSA", _) => value.tlsa().map_or(Data::Unknown, |tlsa| Data::Tlsa(Box::new(tlsa))),
        _ => Data::Other(Other {
            kind_at: kind_at.start,
            kind_len: kind_at.len().min(u8::MAX.into()) as u8,
            is_registered: rdata::Kind::of(kind.as_bytes()) != rdata::Kind::Unregistered,
            data_at: at.start,
        }),
    }
}

/// The value of the first of these keys that a mapping has.
pub(super) fn field<'a>(view: View<'a>, keys: &[&str]) -> Option<View<'a>> {
    keys.iter().find_map(|key| view.get(key))
}

fn mx(value: &Value<'_>, target: impl Fn(&Text) -> Option<Target>) -> Option<Data> {
    if value.no_host().is_some() {
        return None;
    }
    let Value::Text(text, _) = value else {
        let Value::Fields(view) = value else { return None };
        let preference = field(*view, &PREFERENCES);
        let number = preference.and_then(|view| view.value()?.trim().parse().ok());
        return Some(Data::Mx(Box::new(Mx {
            preference: number.unwrap_or(0),
            preference_at: preference.map_or(value.at(), |view| view.span()),
            host: target(&value.host()?)?,
        })));
    };
    let bytes = text.bytes();
    let (number, host) = mx_value::split(bytes);
    if host.is_empty() {
        return None;
    }
    let digits = std::str::from_utf8(&bytes[number.clone()]).ok()?;
    Some(Data::Mx(Box::new(Mx {
        preference: digits.parse().unwrap_or(0),
        preference_at: text.span(number)?,
        host: Target {
            at: text.span(host.clone())?,
            ..target(&text.slice(host))?
        },
    })))
}

/// A name in a value, which is whole with or without a final dot. `None` if it is no name.
fn name(text: &Text, names: &Names<'_>) -> Option<Name> {
    if text.bytes() == b"." {
        return Some(Name::root());
    }
    names.of(text)
}

/// The labels of a name; `None` for those of which something is unknown. `None` if they are no labels.
pub(in crate::formats) fn labels(text: &Text, range: Range<usize>) -> Option<Vec<Option<Vec<u8>>>> {
    let bytes = text.get(range.clone());
    let bytes = match text.is_known(range.end..range.end) {
        true => bytes.strip_suffix(b".").unwrap_or(bytes),
        // What is unknown goes on behind the dot.
        false => bytes,
    };
    let mut labels = Vec::new();
    let mut at = range.start;
    for label in bytes.split(|byte| *byte == b'.') {
        let end = at + label.len();
        if !text.is_known(at..end) {
            labels.push(None);
        } else if label.is_empty() || label.len() > LABEL_MAX {
            return None;
        } else {
            labels.push(Some(ascii(label)));
        }
        at = end + 1;
    }
    let len: usize = labels.iter().flatten().map(|label| label.len() + 1).sum();
    (len < NAME_MAX).then_some(labels)
}

/// A label as it is published: these tools take letters of any script, and encode them (RFC 5891).
fn ascii(label: &[u8]) -> Vec<u8> {
    let encoded = std::str::from_utf8(label).ok().filter(|label| !label.is_ascii());
    match encoded.and_then(punycode::to_ascii) {
        Some(encoded) => encoded.into_bytes(),
        None => label.to_vec(),
    }
}

/// The name that a file is named after.
pub(super) fn file_name(name: &str) -> Option<Name> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let labels: Vec<Vec<u8>> = name.split('.').map(|label| ascii(label.as_bytes())).collect();
    let fits = labels.iter().all(|label| (1..=LABEL_MAX).contains(&label.len()));
    let name = Name::from_labels(labels.into_iter().map(Some), None);
    (fits && name.wire_len() <= NAME_MAX).then_some(name)
}

/// The text of a TXT record with its character-strings.
fn txt(text: Text, texts: Texts) -> Txt {
    let whole = |text: Text| {
        let cut = text.len() > 255;
        let chunk = |start: usize| start as u32..(start + 255).min(text.len()) as u32;
        Txt {
            strings: if cut {
                (0..text.len()).step_by(255).map(chunk).collect()
            } else {
                Vec::new()
            },
            text,
            type99: false,
            tail: None,
            maker: None,
        }
    };
    match texts {
        Texts::Whole => whole(text),
        Texts::OctoDns(escaped) => whole(octodns(text, escaped)),
        Texts::Strings => match syntax::nested_strings(&text) {
            Some(text) => {
                let strings: Vec<Range<u32>> = text
                    .literals()
                    .map(|(range, ..)| range.start as u32..range.end as u32)
                    .collect();
                Txt {
                    strings: if strings.len() > 1 { strings } else { Vec::new() },
                    text,
                    type99: false,
                    tail: None,
                    maker: None,
                }
            }
            None => whole(text),
        },
    }
}

/// A value as OctoDNS reads it: without the quotes around it and between its strings, and with `;` for `\;`.
fn octodns(text: Text, escaped: Option<bool>) -> Text {
    let bytes = text.bytes();
    let quoted = bytes.len() >= 2 && bytes[0] == b'"';
    let (mut at, end) = if quoted { (1, bytes.len() - 1) } else { (0, bytes.len()) };
    let place = |range: Range<usize>| Span::new(SourceId::DECODED, range);
    let mut inner = Text::new();
    let mut start = at;
    let mut plain = at;
    while at < end {
        let rest = &bytes[at..end];
        if rest.starts_with(b"\\;") && escaped != Some(false) {
            inner.push_verbatim(&bytes[plain..at], place(plain..at));
            inner.push_spelled(b";", place(at..at + 2));
            at += 2;
            plain = at;
        } else if rest.starts_with(b"\" \"") {
            inner.push_verbatim(&bytes[plain..at], place(plain..at));
            inner.end_literal(place(start..at), Spelling::OctoDns);
            at += 3;
            (start, plain) = (at, at);
        } else {
            at += 1;
        }
    }
    inner.push_verbatim(&bytes[plain..end], place(plain..end));
    inner.end_literal(place(start..end), Spelling::OctoDns);
    text.through(&inner)
}
