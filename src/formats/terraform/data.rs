//! The data of records that are no texts.

use std::{net::IpAddr, ops::Range};

use crate::{
    formats::{data::value as data, mx_value, rdata, terraform::value::Value, tlsa_value},
    name::Name,
    record::{Data, Mx, Other, Target},
    span::Span,
    text::Text,
};

/// The data of a record of type `kind`, in capitals and written at `kind_at`, whose value is written at `at`. What can't be
/// read is unknown: the record is there.
pub(super) fn data(kind: &str, kind_at: Span, text: &Text, at: Span, preference: Option<f64>) -> Data {
    let target = |range: Range<usize>| {
        Some(Box::new(Target {
            name: name(&text.slice(range))?,
            at,
            relative: false,
        }))
    };
    let one = |make: fn(Box<Target>) -> Data| target(0..text.len()).map(make);
    let found = match kind {
        "MX" => mx(text, at, preference).map(|mx| Data::Mx(Box::new(mx))),
        "CNAME" => one(Data::Cname),
        "DNAME" => one(Data::Dname),
        "NS" => one(Data::Ns),
        "PTR" => one(Data::Ptr),
        "TLSA" => tlsa_value::of_text(text).map(|tlsa| Data::Tlsa(Box::new(tlsa))),
        "A" | "AAAA" => address(text).filter(|data| data.kind() == Some(kind)),
        // Where the type is written is told relative to the file of the value.
        _ if kind_at.source != at.source || !text.is_complete() => None,
        _ => Some(Data::Other(Other {
            kind_at: kind_at.start,
            kind_len: kind_at.len().min(u8::MAX.into()) as u8,
            is_registered: rdata::Kind::of(kind.as_bytes()) != rdata::Kind::Unregistered,
            data_at: at.start,
        })),
    };
    found.unwrap_or(Data::Unknown)
}

/// The data of a TLSA record whose fields have names.
pub(super) fn tlsa(value: &Value<'_>) -> Data {
    let field = |names: &[&str]| names.iter().find_map(|name| value.get(name)).and_then(Value::text);
    match tlsa_value::of_fields(tlsa_value::FIELDS.map(field)) {
        Some(tlsa) => Data::Tlsa(Box::new(tlsa)),
        None => Data::Unknown,
    }
}

fn address(text: &Text) -> Option<Data> {
    let written = std::str::from_utf8(text.bytes()).ok().filter(|_| text.is_complete())?;
    Some(match written.trim().parse().ok()? {
        IpAddr::V4(address) => Data::A(address),
        IpAddr::V6(address) => Data::Aaaa(Box::new(address)),
    })
}

/// A preference and a host; or the host alone, with its preference elsewhere.
fn mx(text: &Text, at: Span, preference: Option<f64>) -> Option<Mx> {
    if mx_value::no_host(text).is_some() {
        return None;
    }
    let bytes = text.bytes();
    let (number, host) = mx_value::split(bytes);
    let written = std::str::from_utf8(&bytes[number.clone()]).ok()?;
    Some(Mx {
        preference: preference.map_or(written.parse().unwrap_or(0), |number| number as u16),
        preference_at: text.span(number).unwrap_or(at),
        host: Target {
            name: name(&text.slice(host.clone()))?,
            at: text.span(host).filter(|host| host.source == at.source).unwrap_or(at),
            relative: false,
        },
    })
}

/// A name in a value, which is whole with or without a final dot. `None` if it is no name.
fn name(text: &Text) -> Option<Name> {
    if text.bytes() == b"." {
        return Some(Name::root());
    }
    Some(Name::from_labels(data::labels(text, 0..text.len())?, None))
}
