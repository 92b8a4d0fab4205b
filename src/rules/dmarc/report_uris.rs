//! Rules about the report addresses of a DMARC record, each by itself.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::{
        dmarc::{Dmarc, list},
        uri::{Before, Fault, Kind, Mail, Uri},
    },
    rule::{Findings, Rule, rule},
    rules::{report_uris, wording::quoted},
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    URI_MISSING_SCHEME,
    URI_SEPARATOR,
    URI_INVALID,
    URI_UNSUPPORTED_SCHEME,
    URI_HEADER_FIELDS,
];

/// The elements of all lists.
fn uris<'d>(dmarc: &'d Dmarc<'_>) -> impl Iterator<Item = &'d Uri> {
    dmarc.lists.iter().flat_map(|list| &list.uris)
}

fn has_at_sign(dmarc: &Dmarc<'_>, uri: &Uri) -> bool {
    dmarc.text.get(uri.at.clone()).contains(&b'@')
}

rule! {
    /// A report address without `mailto:`.
    ///
    /// `rua` and `ruf` hold URIs, and an address alone is none: receivers skip it and send no report there. Each address has
    /// a `mailto:` of its own.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com,b@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: no report arrives.
    /// # Source
    /// RFC 9989, section 4.8
    URI_MISSING_SCHEME: "dmarc-uri-missing-scheme", [Error], Unsafe, Dmarc(uri_missing_scheme)
}

fn uri_missing_scheme(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for uri in uris(dmarc) {
        let lacks_scheme = uri.scheme.is_none() && matches!(uri.kind, Kind::Mail(_) | Kind::Other);
        if !lacks_scheme || !has_at_sign(dmarc, uri) {
            continue;
        }
        let Some(span) = dmarc.text.span(uri.at.clone()) else {
            continue;
        };
        let is_address = matches!(uri.kind, Kind::Mail(_));
        let edits = is_address.then(|| dmarc.text.replace(uri.at.start..uri.at.start, "mailto:"));
        findings
            .report(
                span,
                format!(
                    "{} has no `mailto:` before it, so receivers skip it and send no report there",
                    quoted(&dmarc.text, &uri.at)
                ),
                "no scheme",
            )
            .help("write `mailto:` before each address")
            .fix("write `mailto:` before it", Safety::Unsafe, edits.flatten());
    }
}

rule! {
    /// Report addresses with something other than a comma between them.
    ///
    /// A blank makes two addresses one that does not exist, and a semicolon ends the tag: what follows it is no tag, and
    /// ignored. Receivers send no report to the addresses behind it, or to none of them.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com mailto:b@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com; mailto:b@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com , mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: the list has only one form.
    /// # Source
    /// RFC 9989, section 4.6
    /// RFC 9989, section 4.8
    URI_SEPARATOR: "dmarc-uri-separator", [Error], Unsafe, Dmarc(uri_separator)
}

fn uri_separator(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for list in &dmarc.lists {
        let name = list.name.word();
        if let Some(cut) = &list.cut {
            let effect = format!("this `;` ends `{name}`, so no report goes to the addresses behind it");
            report_separator(dmarc, cut, effect, "a `;` between addresses", findings);
        }
        for uri in &list.uris {
            if let Before::Blanks(blanks) = &uri.before {
                let effect =
                    format!("no comma between two addresses of `{name}`: receivers take them for one, and skip it");
                report_separator(dmarc, blanks, effect, "a comma is missing", findings);
            }
        }
    }
}

fn report_separator(
    dmarc: &Dmarc<'_>,
    at: &Range<usize>,
    message: String,
    label: &'static str,
    findings: &mut Findings<'_>,
) {
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    findings
        .report(span, message, label)
        .help("write a comma between two addresses")
        .fix(
            "separate them by a comma",
            Safety::Unsafe,
            dmarc.text.replace(at.clone(), ","),
        );
}

rule! {
    /// A report address that cannot exist.
    ///
    /// A `mailto:` URI has an address with one `@`, a local part before it, and behind it a domain of at least two labels. There
    /// are no slashes, no brackets, no colons and no blanks in it, and no dot is the first or the last of the local part, or
    /// stands beside another. `%` stands before two hexadecimal digits, and `!` and what is not ASCII are percent-encoded.
    /// Receivers skip what breaks this, and send no report there.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto://dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc.example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto::dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc%21reports@example.com"
    /// ```
    /// # When to ignore
    /// Never: no report arrives.
    /// # Source
    /// RFC 9989, section 4.8
    /// RFC 6068, section 2
    /// RFC 3986, section 2
    URI_INVALID: "dmarc-uri-invalid", [Error], Unsafe, Dmarc(uri_invalid)
}

/// Why an address cannot exist.
struct Why {
    label: &'static str,
    /// What the edits do.
    title: &'static str,
    edits: Option<Vec<Edit>>,
}

fn uri_invalid(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for uri in uris(dmarc) {
        let (Some(why), Some(span)) = (why(dmarc, uri), dmarc.text.span(uri.at.clone())) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "{} is not an address that a report can be sent to, so receivers skip it",
                    quoted(&dmarc.text, &uri.at)
                ),
                why.label,
            )
            .help("write `mailto:` and a mail address")
            .fix(why.title, Safety::Unsafe, why.edits);
    }
}

fn why(dmarc: &Dmarc<'_>, uri: &Uri) -> Option<Why> {
    let only = |label| {
        Some(Why {
            label,
            title: "",
            edits: None,
        })
    };
    match &uri.kind {
        Kind::Mail(mail) => why_no_mail(dmarc, uri, mail),
        Kind::Placeholder => only("to be replaced by an address"),
        Kind::Other if uri.scheme.is_some() => None,
        Kind::Other if has_at_sign(dmarc, uri) => only("no mail address"),
        Kind::Other => only("no scheme, and no `@`"),
        Kind::Empty | Kind::Unknown | Kind::Web(_) => None,
    }
}

fn why_no_mail(dmarc: &Dmarc<'_>, uri: &Uri, mail: &Mail) -> Option<Why> {
    const SCHEME: &[u8] = b"mailto:";
    let text = &dmarc.text;
    let local = text.get(mail.local.clone());
    let end = uri.size.as_ref().map_or(uri.at.end, |size| size.start);
    let (label, title, edits) = if let Some(slashes) = &mail.slashes {
        let edits = text.replace(slashes.clone(), "");
        ("no slashes follow `mailto:`", "remove the slashes", edits)
    } else if matches!(uri.fault, None | Some(Fault::Local))
        && local
            .get(..SCHEME.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(SCHEME))
    {
        let edits = text.replace(mail.local.start..mail.local.start + SCHEME.len(), "");
        ("`mailto:` stands there twice", "remove the second one", edits)
    } else if let Some(fault) = &uri.fault {
        let (title, edits) = report_uris::repair(text, fault);
        (report_uris::label(fault), title, edits)
    } else if let Some(at) = memchr::memchr(b'!', text.get(uri.at.start..end)) {
        let at = uri.at.start + at..uri.at.start + at + 1;
        let edits = (at.end <= mail.local.end).then(|| text.replace(at, "%21")).flatten();
        ("a `!` is written as `%21`", "encode the `!`", edits)
    } else if uri.scheme.is_some() && !list::is_valid(text, uri) {
        ("a character that is to be percent-encoded", "", None)
    } else if uri.host(text).is_none_or(|host| host.label_count() < 2) {
        ("a mail domain has at least two labels", "", None)
    } else {
        return None;
    };
    Some(Why { label, title, edits })
}

/// How many slips of the hand may be between a word and `mailto`.
const SLIPS_MAX: usize = 2;

rule! {
    /// A report address with another scheme than `mailto:`.
    ///
    /// DMARC allows any scheme, but receivers need to know `mailto:` alone, and ignore what they do not know: nobody sends
    /// reports by `https:`.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=https://reports.example.com/dmarc"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailo:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=MAILTO:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If you know a receiver that uses it, and have a `mailto:` beside it.
    /// # Source
    /// RFC 9989, section 4.7
    URI_UNSUPPORTED_SCHEME: "dmarc-uri-unsupported-scheme", [Warning], Unsafe, Dmarc(uri_unsupported_scheme)
}

fn uri_unsupported_scheme(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for uri in uris(dmarc).filter(|uri| !uri.has_scheme(&dmarc.text, "mailto")) {
        let Some(scheme) = &uri.scheme else { continue };
        let Some(span) = dmarc.text.span(scheme.clone()) else {
            continue;
        };
        let written = String::from_utf8_lossy(dmarc.text.get(scheme.clone())).to_ascii_lowercase();
        let is_slip = written.len() <= "mailto".len() + SLIPS_MAX
            && strsim::osa_distance(&written, "mailto") <= SLIPS_MAX
            && has_at_sign(dmarc, uri);
        let (label, help) = match is_slip {
            true => ("not `mailto`", "write `mailto:`"),
            false => (
                "reports are not sent this way",
                "write `mailto:` and an address that somebody reads",
            ),
        };
        let edits = is_slip.then(|| dmarc.text.replace(scheme.clone(), "mailto")).flatten();
        findings
            .report(
                span,
                format!("receivers send reports by `mailto:` and ignore `{written}:`, so none arrives there"),
                label,
            )
            .help(help)
            .fix("replace it by `mailto`", Safety::Unsafe, edits);
    }
}

rule! {
    /// Header fields in a report address.
    ///
    /// A `mailto:` URI may say which subject a mail is to have. Reports have a subject of their own, and what receivers do
    /// with `?subject=` is open: some take it for a part of the domain, and send nothing.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com?subject=report"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc+report@example.com"
    /// ```
    /// # When to ignore
    /// If reports arrive all the same.
    /// # Source
    /// RFC 6068, section 2
    URI_HEADER_FIELDS: "dmarc-uri-header-fields", [Warning], Safe, Dmarc(uri_header_fields)
}

fn uri_header_fields(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for uri in uris(dmarc) {
        let Kind::Mail(mail) = &uri.kind else { continue };
        if !dmarc.text.get(mail.rest.clone()).starts_with(b"?") {
            continue;
        }
        let Some(span) = dmarc.text.span(mail.rest.clone()) else {
            continue;
        };
        // Where they make the address invalid, reports begin to be sent.
        let safety = match list::is_valid(&dmarc.text, uri) {
            true => Safety::Safe,
            false => Safety::Unsafe,
        };
        findings
            .report(
                span,
                format!(
                    "receivers may not understand {} behind a report address, and send nothing",
                    quoted(&dmarc.text, &mail.rest)
                ),
                "header fields",
            )
            .help("remove it")
            .fix("remove it", safety, dmarc.text.replace(mail.rest.clone(), ""));
    }
}
