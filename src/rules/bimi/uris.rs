//! Rules about the URIs in a BIMI record, each by itself.

use crate::{
    diagnostic::Safety,
    policy::bimi::{
        Bimi, TagName,
        link::{Fault, Link},
    },
    rule::{Findings, Rule, rule},
    rules::wording::quoted,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[URI_SCHEME, URI_INVALID, URI_COMMA];

/// What the two tags lead to.
fn links(bimi: &Bimi<'_>) -> impl Iterator<Item = (TagName, Link)> {
    [TagName::L, TagName::A]
        .into_iter()
        .filter_map(|name| Some((name, bimi.link(name)?)))
}

/// What happens where a URI leads nowhere.
fn lost(name: TagName) -> &'static str {
    match name {
        TagName::A => "receivers find no evidence for the logo and may not show it",
        _ => "receivers show no logo",
    }
}

rule! {
    /// A URI in a BIMI record that does not begin with `https:`.
    ///
    /// Receivers fetch the logo and its evidence over HTTPS and in no other way. With `http:`, without a scheme, or with a
    /// word such as `self`, there is nothing to fetch: they show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=http://example.com/logo.svg"
    /// ```
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; a=self"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; a=;"
    /// ```
    /// # When to ignore
    /// Never: nobody fetches anything there. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    URI_SCHEME: "bimi-uri-scheme", [Error], Unsafe, Bimi(uri_scheme)
}

fn uri_scheme(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    for (name, link) in links(bimi) {
        if link.is_https || !link.is_known && link.scheme.is_none() {
            continue;
        }
        let is = |scheme: &str| {
            let found = link.scheme.as_ref().map(|at| text.get(at.clone()));
            found.is_some_and(|found| found.eq_ignore_ascii_case(scheme.as_bytes()))
        };
        let start = link.at.start..link.at.start;
        let (at, label, edits) = match &link.scheme {
            Some(scheme) if is("http") => (scheme.clone(), "without TLS", text.replace(scheme.clone(), "https")),
            Some(scheme) => (scheme.clone(), "nobody fetches it this way", None),
            None if starts_with_host(text.get(link.at.clone())) => {
                (link.at.clone(), "no scheme", text.replace(start, "https://"))
            }
            None => (link.at.clone(), "no scheme", None),
        };
        let Some(span) = text.span(at) else { continue };
        findings
            .report(
                span,
                format!("`{}` does not begin with `https:`, so {}", name.word(), lost(name)),
                label,
            )
            .help("write an address that begins with `https://`, if the server has it")
            .fix("write `https`", Safety::Unsafe, edits);
    }
}

/// Whether a text begins with a name of several labels and a path.
fn starts_with_host(text: &[u8]) -> bool {
    let host = text.split(|byte| *byte == b'/').next().unwrap_or_default();
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    host.len() < text.len() && host.contains(&b'.') && host.iter().all(is_inner)
}

rule! {
    /// A URI in a BIMI record that leads nowhere.
    ///
    /// An `https:` address has a host that is a full domain name, and neither blanks nor characters that have to be encoded.
    /// Receivers cannot fetch anything from an address that breaks this, and show no logo. An IP address is no host here.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://192.0.2.1/logo.svg"
    /// ```
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/our logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/our%20logo.svg"
    /// ```
    /// # When to ignore
    /// Never: nobody can fetch it. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// RFC 3986, section 2
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    URI_INVALID: "bimi-uri-invalid", [Error], None, Bimi(uri_invalid)
}

fn uri_invalid(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    for (name, link) in links(bimi) {
        let Some(fault) = &link.fault else { continue };
        let (at, label, help) = match fault {
            Fault::Blank(at) => (at, "a blank", "write a blank in the path as `%20`"),
            Fault::Character(at) => (
                at,
                "a character that no address has",
                "write the address in ASCII, with other characters encoded as `%` and two hexadecimal digits each byte",
            ),
            Fault::Percent(at) => (
                at,
                "a `%` without two hexadecimal digits after it",
                "write the percent sign itself as `%25`",
            ),
            Fault::NoHost => (&link.at, "no host", "write `https://`, a host, and a path"),
            Fault::Address(at) => (at, "an IP address", "write the host's name"),
            Fault::NoDot(at) => (at, "a single label", "write the host's full name"),
            Fault::Host(at) => (at, "no name of a host", "write the host's full name"),
            Fault::Port(at) => (at, "no port", "remove it, or write `:` and the number of the port"),
        };
        // For a wrong place in an address, the whole address is shown unless one character tells it.
        let Some(span) = text.span(at.clone()) else { continue };
        findings
            .report(
                span,
                format!(
                    "{} in `{}` is not an address that can be fetched, so {}",
                    quoted(text, &link.at),
                    name.word(),
                    lost(name)
                ),
                label,
            )
            .help(help);
    }
}

rule! {
    /// A comma in a URI of a BIMI record.
    ///
    /// Early drafts had lists of addresses with commas between them. Now `l` and `a` have one each, in which a comma is written
    /// as `%2C`; receivers take a record with a raw comma for malformed and show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/1.svg,https://example.com/2.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/1%2C2.svg"
    /// ```
    /// # When to ignore
    /// Never: receivers read one address. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    URI_COMMA: "bimi-uri-comma", [Error], None, Bimi(uri_comma)
}

fn uri_comma(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    for (name, link) in links(bimi) {
        let Some(span) = link.comma.and_then(|comma| text.span(comma)) else {
            continue;
        };
        let (label, help) = match link.is_list {
            true => (
                "a second address follows",
                "keep one address; another logo needs a selector of its own",
            ),
            false => ("has to be encoded", "write the comma as `%2C`"),
        };
        findings
            .report(
                span,
                format!(
                    "a raw comma stands in `{}`, which has one address, so {}",
                    name.word(),
                    lost(name)
                ),
                label,
            )
            .help(help);
    }
}
