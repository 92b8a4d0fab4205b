//! Where the logo and its evidence are: one `https:` URI each (RFC 3986).

use std::{net::Ipv4Addr, ops::Range};

use crate::{
    name::LABEL_MAX,
    policy::{
        bimi::item::trim,
        tags::Tag,
        uri::{self, Kind},
    },
    text::Text,
};

/// What `l` or `a` leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The URI; of a list, the first.
    pub at: Range<usize>,
    /// Its scheme, without the colon.
    pub scheme: Option<Range<usize>>,
    /// Whether the scheme is `https`.
    pub is_https: bool,
    /// Whether the file tells all of it.
    pub is_known: bool,
    /// The first comma in the value.
    pub comma: Option<Range<usize>>,
    /// Whether another URI follows behind the comma.
    pub is_list: bool,
    /// What stands behind the host and its port, up to a query or a fragment; `None` if there is no host.
    pub path: Option<Range<usize>>,
    /// Why it leads nowhere.
    pub fault: Option<Fault>,
}

/// Why a URI leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A blank.
    Blank(Range<usize>),
    /// A character that no URI has.
    Character(Range<usize>),
    /// A percent sign without two hexadecimal digits behind it.
    Percent(Range<usize>),
    /// No host.
    NoHost,
    /// An IP address in place of the host.
    Address(Range<usize>),
    /// A host that is a single label.
    NoDot(Range<usize>),
    /// What stands in place of the host is no name.
    Host(Range<usize>),
    /// What stands behind the host is no port.
    Port(Range<usize>),
}

/// Reads the value of a tag; `None` if it is empty or not told.
pub(super) fn read(text: &Text, value: Range<usize>, tag: &Tag) -> Option<Link> {
    if value.is_empty() {
        return None;
    }
    let commas = || memchr::memchr_iter(b',', text.get(value.clone())).map(|at| value.start + at);
    let begins_another = |comma: &usize| {
        let rest = trim(text, comma + 1..value.end);
        uri::starts_with_scheme(text.get(rest))
    };
    let cut = commas().find(begins_another);
    let at = trim(text, value.start..cut.unwrap_or(value.end));
    let is_known = tag.is_known || cut.is_some() && text.is_known(tag.whole.start..at.end);
    let one = uri::one(text, at.clone());
    let mut link = Link {
        is_https: one.has_scheme(text, "https"),
        comma: cut.or_else(|| commas().next()).map(|comma| comma..comma + 1),
        is_list: cut.is_some(),
        path: None,
        fault: None,
        scheme: one.scheme,
        is_known,
        at,
    };
    let is_web = link.is_https
        || link
            .scheme
            .as_ref()
            .is_some_and(|at| text.get(at.clone()).eq_ignore_ascii_case(b"http"));
    if !is_known || !is_web {
        return Some(link);
    }
    link.fault = character(text, link.at.clone());
    match (&one.kind, one.fault) {
        (Kind::Web(web), None | Some(uri::Fault::Percent(_))) if !web.host.is_empty() => {
            let (path, fault) = behind(text, web.host.clone(), link.at.end);
            link.path = Some(path);
            link.fault = link.fault.or_else(|| host(text, web.host.clone())).or(fault);
        }
        _ => link.fault = link.fault.or(Some(Fault::NoHost)),
    }
    Some(link)
}

/// The first character that makes a URI none.
fn character(text: &Text, at: Range<usize>) -> Option<Fault> {
    let bytes = text.get(at.clone());
    let is_hex = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_hexdigit);
    let is_wrong = |place: &usize| match bytes[*place] {
        b'%' => !is_hex(place + 1) || !is_hex(place + 2),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => true,
        byte => !byte.is_ascii_graphic(),
    };
    let place = (0..bytes.len()).find(is_wrong)?;
    let start = at.start + place;
    Some(match bytes[place] {
        b' ' | b'\t' => Fault::Blank(start..start + 1),
        b'%' => Fault::Percent(start..start + 1),
        _ => {
            let chunk = bytes[place..bytes.len().min(place + 4)].utf8_chunks().next();
            let char = chunk.and_then(|chunk| chunk.valid().chars().next());
            Fault::Character(start..start + char.map_or(1, char::len_utf8))
        }
    })
}

/// The path behind a host, and what is wrong with the port.
fn behind(text: &Text, host: Range<usize>, end: usize) -> (Range<usize>, Option<Fault>) {
    let rest = text.get(host.end..end);
    let until = |from: usize, stops: &[u8]| {
        let stop = rest[from..].iter().position(|byte| stops.contains(byte));
        stop.map_or(rest.len(), |len| from + len)
    };
    let start = until(0, b"/?#");
    let stop = until(start, b"?#");
    let is_port = match &rest[..start] {
        [] => true,
        [first, digits @ ..] => *first == b':' && digits.iter().all(u8::is_ascii_digit),
    };
    let fault = (!is_port).then(|| Fault::Port(host.end..host.end + start));
    (host.end + start..host.end + stop, fault)
}

/// Why a host is no full domain name.
fn host(text: &Text, at: Range<usize>) -> Option<Fault> {
    let host = std::str::from_utf8(text.get(at.clone())).unwrap_or_default();
    // What is encoded may be any name.
    if host.contains('%') {
        return None;
    }
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.len() <= LABEL_MAX && label.bytes().all(is_inner);
    let name = host.strip_suffix('.').unwrap_or(host);
    if host.starts_with('[') || name.parse::<Ipv4Addr>().is_ok() {
        Some(Fault::Address(at))
    } else if !name.split('.').all(is_label) {
        Some(Fault::Host(at))
    } else if !name.contains('.') {
        Some(Fault::NoDot(at))
    } else {
        None
    }
}

impl Link {
    /// The suffix of the last segment of the path, in small letters, and where it stands with its dot.
    pub fn suffix(&self, text: &Text) -> Option<(String, Range<usize>)> {
        let path = self.path.clone()?;
        let bytes = text.get(path.clone());
        let name = memchr::memrchr(b'/', bytes).map_or(0, |slash| slash + 1);
        let dot = name + memchr::memrchr(b'.', &bytes[name..])?;
        let suffix = String::from_utf8_lossy(&bytes[dot + 1..]).to_ascii_lowercase();
        Some((suffix, path.start + dot..path.end))
    }
}
