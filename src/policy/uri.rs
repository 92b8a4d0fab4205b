//! Where reports are sent: lists of `mailto:` and `https:` URIs (RFC 3986, RFC 6068).
//!
//! Knows what a URI can be, not which of them a protocol accepts. What breaks one is a node, and the rest is read as its
//! repair would leave it.

use std::{borrow::Cow, ops::Range};

use crate::{
    name::{LABEL_MAX, NAME_MAX, Name},
    policy::tags,
    text::Text,
};

/// An element of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uri {
    /// All of it, from the separator before to the one behind, neither included.
    pub whole: Range<usize>,
    /// The same without the blanks around it; empty where there is nothing else.
    pub at: Range<usize>,
    /// What stands between it and the element before.
    pub before: Before,
    /// The scheme, without its colon; `None` without one, or where the file does not tell.
    pub scheme: Option<Range<usize>>,
    /// The limit on the size of reports, `!10m`, with its sign (RFC 7489, section 6.2).
    pub size: Option<Range<usize>>,
    /// What it leads to.
    pub kind: Kind,
    /// Why it leads nowhere.
    pub fault: Option<Fault>,
}

/// What stands before an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Before {
    /// The start of the list.
    Start,
    /// A comma, with the blanks before it.
    Comma(Range<usize>),
    /// Blanks, and a scheme or an address behind them that begins another URI.
    Blanks(Range<usize>),
}

/// What an element is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nothing.
    Empty,
    /// The file does not tell.
    Unknown,
    /// A mailbox, with its scheme or without.
    Mail(Mail),
    /// Something on the web, with or without TLS.
    Web(Web),
    /// Text that stands for an address that somebody was to write.
    Placeholder,
    /// Something else.
    Other,
}

/// A mailbox. Slashes, blanks and brackets around it belong to none of the parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mail {
    /// The two slashes behind the scheme, where there are any.
    pub slashes: Option<Range<usize>>,
    /// What stands before the `@`.
    pub local: Range<usize>,
    /// What stands behind the `@`.
    pub domain: Range<usize>,
    /// What stands behind the domain: header fields.
    pub rest: Range<usize>,
}

/// Something on the web.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Web {
    /// The host.
    pub host: Range<usize>,
}

/// Why a URI leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Blanks between the scheme and the address.
    BlanksAfterScheme(Range<usize>),
    /// Blanks elsewhere in it.
    Blanks,
    /// The address stands between angle brackets; the range is all between and with them.
    Brackets(Range<usize>),
    /// An address without `@`.
    NoAt,
    /// An address with more than one `@`.
    ManyAt,
    /// Nothing before the `@`.
    NoLocal,
    /// What stands before the `@` is no local part.
    Local,
    /// Nothing behind the `@`.
    NoDomain,
    /// What stands behind the `@` is no domain name.
    Domain,
    /// No host.
    NoHost,
    /// A percent sign without two hexadecimal digits behind it, at this place.
    Percent(usize),
}

/// The elements of the list in `range` of a text; at least one, which may be empty.
pub fn read(text: &Text, range: Range<usize>) -> Vec<Uri> {
    elements(text, range, false)
}

/// The same, where an address may also lack its scheme behind blanks, if another stands before them.
pub fn read_with_bare(text: &Text, range: Range<usize>) -> Vec<Uri> {
    elements(text, range, true)
}

fn elements(text: &Text, range: Range<usize>, bare: bool) -> Vec<Uri> {
    let mut uris = Vec::new();
    let mut start = range.start;
    let mut before = Before::Start;
    while start <= range.end {
        let comma = memchr::memchr(b',', text.get(start..range.end)).map(|len| start + len);
        split(text, start..comma.unwrap_or(range.end), before, bare, &mut uris);
        start = comma.unwrap_or(range.end) + 1;
        before = Before::Comma(uris.last().map_or(range.start, |uri| uri.at.end)..start);
    }
    uris
}

/// What `range` of a text is as a single URI, whatever commas and blanks are in it.
pub fn one(text: &Text, range: Range<usize>) -> Uri {
    element(text, range, Before::Start)
}

/// Whether a text begins with a scheme that reports are sent by.
pub fn starts_with_scheme(bytes: &[u8]) -> bool {
    ["mailto:", "https:", "http:"].iter().any(|scheme| {
        bytes
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    })
}

/// Whether the word that a text begins with is an address.
fn starts_with_address(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .take_while(|byte| !is_blank(**byte))
        .any(|byte| *byte == b'@')
}

/// Reads what stands between two commas: more than one URI where blanks separate them.
fn split(text: &Text, whole: Range<usize>, before: Before, bare: bool, uris: &mut Vec<Uri>) {
    let mut before = before;
    let mut start = whole.start;
    let at = tags::trim(text.bytes(), whole.clone());
    // By far the most have no blanks in them.
    let has_blanks = || memchr::memchr2(b' ', b'\t', text.get(at.clone())).is_some();
    if text.is_known(whole.clone()) && has_blanks() {
        let mut blanks = at.start..at.start;
        for place in at.clone() {
            let bytes = text.get(place..at.end);
            if is_blank(bytes[0]) {
                if blanks.end < place {
                    blanks.start = place;
                }
                blanks.end = place + 1;
            } else if blanks.end == place
                && place > at.start
                && (starts_with_scheme(bytes)
                    || bare && starts_with_address(bytes) && text.get(start..blanks.start).contains(&b'@'))
            {
                uris.push(element(text, start..blanks.start, before));
                before = Before::Blanks(blanks.clone());
                start = place;
            }
        }
    }
    uris.push(element(text, start..whole.end, before));
}

fn element(text: &Text, whole: Range<usize>, before: Before) -> Uri {
    let bytes = text.bytes();
    let at = tags::trim(bytes, whole.clone());
    let mut uri = Uri {
        before,
        scheme: scheme(bytes, at.clone()).filter(|scheme| text.is_known(whole.start..scheme.end)),
        size: None,
        kind: Kind::Unknown,
        fault: None,
        at,
        whole,
    };
    if !text.is_known(uri.whole.clone()) {
        return uri;
    }
    uri.size = size(bytes, uri.at.clone());
    let mut body = uri.at.start..uri.size.as_ref().map_or(uri.at.end, |size| size.start);
    if body.is_empty() {
        uri.kind = Kind::Empty;
        return uri;
    }
    let mut brackets = take_brackets(bytes, &mut body);
    if brackets.is_some() {
        uri.scheme = scheme(bytes, body.clone());
    }
    let mut rest = uri.scheme.as_ref().map_or(body.start, |scheme| scheme.end + 1)..body.end;
    let blanks = text
        .get(rest.clone())
        .iter()
        .take_while(|byte| is_blank(**byte))
        .count();
    let blanks = rest.start..rest.start + blanks;
    rest.start = blanks.end;
    brackets = brackets.or_else(|| take_brackets(bytes, &mut rest));
    (uri.kind, uri.fault) = match uri.scheme.as_ref().map(|scheme| text.get(scheme.clone())) {
        _ if text.get(rest.clone()).iter().any(|byte| matches!(byte, b'<' | b'{')) => (Kind::Placeholder, None),
        Some(scheme) if scheme.eq_ignore_ascii_case(b"mailto") => mail(bytes, rest.clone()),
        Some(scheme)
            if [&b"https"[..], b"http"]
                .iter()
                .any(|web| scheme.eq_ignore_ascii_case(web)) =>
        {
            web(bytes, rest.clone())
        }
        None => match mail(bytes, rest.clone()) {
            (Kind::Mail(mail), None) if mail.slashes.is_none() => (Kind::Mail(mail), None),
            _ => (Kind::Other, None),
        },
        Some(_) => (Kind::Other, None),
    };
    if brackets.is_some() && (uri.kind == Kind::Other || uri.fault.is_some()) {
        (uri.kind, uri.fault) = (Kind::Placeholder, None);
    }
    if matches!(uri.kind, Kind::Placeholder | Kind::Other) {
        return uri;
    }
    uri.fault = if text.get(rest.clone()).iter().any(|byte| is_blank(*byte)) {
        Some(Fault::Blanks)
    } else if !blanks.is_empty() {
        uri.fault.or(Some(Fault::BlanksAfterScheme(blanks)))
    } else {
        uri.fault.or(brackets.map(Fault::Brackets))
    };
    uri.fault = uri.fault.or_else(|| percent(bytes, rest).map(Fault::Percent));
    uri
}

/// The scheme at the start (RFC 3986, section 3.1).
fn scheme(bytes: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let bytes = bytes.get(at.clone())?;
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let len = bytes.iter().position(|byte| !is_inner(byte))?;
    (bytes[len] == b':' && bytes[0].is_ascii_alphabetic()).then_some(at.start..at.start + len)
}

/// The limit at the end: `!`, digits, and a unit or none.
fn size(bytes: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let mut rest = bytes.get(at.clone())?;
    if let [before @ .., b'k' | b'm' | b'g' | b't' | b'K' | b'M' | b'G' | b'T'] = rest {
        rest = before;
    }
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = rest.len() - digits;
    (digits > 0 && sign > 1 && rest[sign - 1] == b'!').then(|| at.start + sign - 1..at.end)
}

/// Takes angle brackets off both ends, and gives the range with them.
fn take_brackets(bytes: &[u8], range: &mut Range<usize>) -> Option<Range<usize>> {
    match bytes.get(range.clone())? {
        [b'<', .., b'>'] => {
            let all = range.clone();
            *range = all.start + 1..all.end - 1;
            Some(all)
        }
        _ => None,
    }
}

fn mail(bytes: &[u8], rest: Range<usize>) -> (Kind, Option<Fault>) {
    let slashes = bytes[rest.clone()]
        .starts_with(b"//")
        .then(|| rest.start..rest.start + 2);
    let start = slashes.as_ref().map_or(rest.start, |slashes| slashes.end);
    let address = &bytes[start..rest.end];
    let end = address
        .iter()
        .position(|byte| matches!(byte, b'?' | b'#'))
        .map_or(rest.end, |len| start + len);
    let address = &bytes[start..end];
    let sign = memchr::memchr(b'@', address).map(|len| start + len);
    let domain = sign.map_or(end, |sign| sign + 1)..end;
    let local = start..sign.unwrap_or(end);
    let fault = match memchr::memchr_iter(b'@', address).count() {
        0 => Some(Fault::NoAt),
        1 if local.is_empty() => Some(Fault::NoLocal),
        1 if domain.is_empty() => Some(Fault::NoDomain),
        1 if !is_domain(&bytes[domain.clone()]) => Some(Fault::Domain),
        1 => (!is_local(&bytes[local.clone()])).then_some(Fault::Local),
        _ => Some(Fault::ManyAt),
    };
    let mail = Mail {
        slashes,
        local,
        domain,
        rest: end..rest.end,
    };
    (Kind::Mail(mail), fault)
}

/// The authority's host (RFC 3986, section 3.2).
fn web(bytes: &[u8], rest: Range<usize>) -> (Kind, Option<Fault>) {
    let Some(after) = bytes[rest.clone()].strip_prefix(b"//") else {
        let host = rest.start..rest.start;
        return (Kind::Web(Web { host }), Some(Fault::NoHost));
    };
    let start = rest.start + 2;
    let end = after
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
        .unwrap_or(after.len());
    let user = memchr::memrchr(b'@', &after[..end]).map_or(0, |sign| sign + 1);
    let host = &after[user..end];
    let len = match host {
        [b'[', ..] => memchr::memchr(b']', host).map_or(host.len(), |close| close + 1),
        _ => memchr::memchr(b':', host).unwrap_or(host.len()),
    };
    let host = start + user..start + user + len;
    let fault = host.is_empty().then_some(Fault::NoHost);
    (Kind::Web(Web { host }), fault)
}

/// Whether an address may have this domain: a name of dotted words (RFC 5322, section 3.2.3) with the limits of a DNS name,
/// or an address literal. Percent-encoded UTF-8 is an internationalized name (RFC 6068, section 2). Octets that may stand
/// nowhere in a record, and raw `!`, are faults of their own.
fn is_domain(written: &[u8]) -> bool {
    let all = decoded(written);
    let is_own = |byte: &u8| byte.is_ascii() && *byte != b'!';
    let domain = match all.iter().all(is_own) {
        true => all.clone(),
        false => all.iter().copied().filter(is_own).collect(),
    };
    if matches!(domain[..], [b'[', .., b']']) {
        return true;
    }
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &[u8]| {
        // A label of other octets alone is empty by now.
        (!label.is_empty() || domain.len() < all.len())
            && label.len() <= LABEL_MAX
            && label.iter().all(is_inner)
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    };
    domain.len() + 2 <= NAME_MAX && domain.split(|byte| *byte == b'.').all(is_label)
}

/// Whether an address may have this local part: dotted atoms (RFC 6068, section 2; RFC 5322, section 3.2.3). Whatever is
/// percent-encoded may be quoted by the one who sends. Octets that may stand nowhere in a record are faults of their own.
fn is_local(written: &[u8]) -> bool {
    let is_own_fault = |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'"' | b'\\');
    let is_inner =
        |byte: &u8| byte.is_ascii_alphanumeric() || is_own_fault(*byte) || b"!#$%&'*+-/=?^_`{|}~".contains(byte);
    let is_atom = |atom: &[u8]| !atom.is_empty() && atom.iter().all(is_inner);
    written.split(|byte| *byte == b'.').all(is_atom)
}

/// With each percent-encoded octet decoded; what is no such encoding stays.
fn decoded(written: &[u8]) -> Cow<'_, [u8]> {
    if !written.contains(&b'%') {
        return Cow::Borrowed(written);
    }
    let mut decoded = Vec::with_capacity(written.len());
    let mut rest = written;
    while let [first, after @ ..] = rest {
        match octet(rest) {
            Some(octet) => {
                decoded.push(octet);
                rest = &rest[3..];
            }
            None => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    Cow::Owned(decoded)
}

/// The octet that is percent-encoded at the start.
fn octet(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else { return None };
    let digit = |byte: u8| (byte as char).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

/// The first percent sign that encodes nothing (RFC 3986, section 2.1).
fn percent(bytes: &[u8], range: Range<usize>) -> Option<usize> {
    memchr::memchr_iter(b'%', &bytes[range.clone()])
        .map(|at| range.start + at)
        .find(|at| octet(&bytes[*at..range.end]).is_none())
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

impl Uri {
    /// Whether it has this scheme, which is compared without case.
    pub fn has_scheme(&self, text: &Text, scheme: &str) -> bool {
        self.scheme
            .as_ref()
            .is_some_and(|at| text.get(at.clone()).eq_ignore_ascii_case(scheme.as_bytes()))
    }

    /// The domain of its address, or its host; `None` if it is no name or not known.
    pub fn host(&self, text: &Text) -> Option<Name> {
        let host = match &self.kind {
            Kind::Mail(mail) => &mail.domain,
            Kind::Web(web) => &web.host,
            _ => return None,
        };
        Name::parse(std::str::from_utf8(&decoded(text.get(host.clone()))).ok()?)
    }

    /// The domain of its address and where that is written, if mail could go there, also where its scheme is still missing.
    pub fn mail_domain(&self, text: &Text) -> Option<(Name, Range<usize>)> {
        let Kind::Mail(mail) = &self.kind else { return None };
        let domain = self.host(text).filter(|domain| domain.label_count() > 1)?;
        let is_told = matches!(
            self.fault,
            None | Some(Fault::BlanksAfterScheme(_) | Fault::Brackets(_))
        );
        let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_host = domain
            .labels()
            .all(|label| label.is_some_and(|label| label.iter().all(is_inner)));
        (is_told && is_host).then(|| (domain, mail.domain.clone()))
    }

    /// What two URIs share that are the same but for the case of scheme and host; `None` if it leads nowhere or is not known.
    pub fn key(&self, text: &Text) -> Option<Vec<u8>> {
        let end = self.size.as_ref().map_or(self.at.end, |size| size.start);
        let small = |range: Range<usize>| text.get(range).to_ascii_lowercase();
        match &self.kind {
            Kind::Mail(mail) => Some(
                [
                    b"mailto:",
                    text.get(mail.local.clone()),
                    b"@",
                    &small(mail.domain.clone()),
                    text.get(mail.rest.clone()),
                ]
                .concat(),
            ),
            Kind::Web(web) => Some(
                [
                    &small(self.scheme.clone()?)[..],
                    text.get(self.scheme.as_ref()?.end..web.host.start),
                    &small(web.host.clone()),
                    text.get(web.host.end..end),
                ]
                .concat(),
            ),
            _ => None,
        }
    }
}
