//! Rules about the addresses in a `rua`, each by itself.

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::{
        tls_rpt::TlsRpt,
        uri::{Kind, Mail, Uri},
    },
    rule::{Findings, Rule, rule},
    rules::{
        report_uris,
        wording::{TLS_RPT, quoted},
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    RUA_SCHEME,
    RUA_MAILTO_SLASHES,
    RUA_INVALID,
    RUA_SIZE_SUFFIX,
    RUA_UNENCODED,
    RUA_PLACEHOLDER,
];

rule! {
    /// An address that does not begin with `mailto:` or `https:`.
    ///
    /// These are the two ways in which reports are sent. A bare address, or `http:`, is none of them: strict reporters ignore
    /// the whole record, others this address.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=tls@example.com"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=http://reports.example.com/tls"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=MAILTO:tls@example.com,https://reports.example.com/tls"
    /// ```
    /// # When to ignore
    /// Never: nothing is sent there.
    /// # Source
    /// RFC 8460, section 3
    RUA_SCHEME: "tls-rpt-rua-scheme", [Error], Unsafe, TlsRpt(rua_scheme)
}

fn rua_scheme(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for uri in rpt.uris() {
        if uri.has_scheme(text, "mailto") || uri.has_scheme(text, "https") {
            continue;
        }
        let (at, label, help, edits) = match (&uri.scheme, &uri.kind) {
            (Some(scheme), _) if uri.has_scheme(text, "http") => (
                scheme,
                "without TLS",
                "write `https`, if the server has it",
                text.replace(scheme.clone(), "https"),
            ),
            (Some(scheme), _) => (
                scheme,
                "reports are not sent this way",
                "use `mailto:` or `https:`",
                None,
            ),
            (None, Kind::Mail(_)) => (
                &uri.at,
                "no scheme",
                "write `mailto:` before it",
                text.replace(uri.at.start..uri.at.start, "mailto:"),
            ),
            (None, Kind::Web(_) | Kind::Other) => (&uri.at, "no scheme", "use `mailto:` or `https:`", None),
            (None, Kind::Empty | Kind::Unknown | Kind::Placeholder) => continue,
        };
        let Some(span) = text.span(at.clone()) else { continue };
        findings
            .report(
                span,
                format!(
                    "{} is not a `mailto:` or `https:` address, so no report is sent there",
                    quoted(text, &uri.at)
                ),
                label,
            )
            .help(help)
            .fix("use a scheme that reports are sent by", Safety::Unsafe, edits);
    }
}

rule! {
    /// `mailto://` before an address.
    ///
    /// In `mailto:` no slashes follow, as the address is not a path on a host. No mail reaches `//tls@example.com`.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto://tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: no report arrives.
    /// # Source
    /// RFC 6068, section 2
    RUA_MAILTO_SLASHES: "tls-rpt-rua-mailto-slashes", [Error], Unsafe, TlsRpt(rua_mailto_slashes)
}

fn rua_mailto_slashes(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for uri in rpt.uris() {
        let Kind::Mail(Mail {
            slashes: Some(slashes), ..
        }) = &uri.kind
        else {
            continue;
        };
        let Some(span) = text.span(slashes.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                "`mailto://` does not begin a mail address, so no report arrives",
                "no slashes follow `mailto:`",
            )
            .help("write the address right after `mailto:`")
            .fix("remove the slashes", Safety::Unsafe, text.replace(slashes.clone(), ""));
    }
}

rule! {
    /// An address that cannot exist.
    ///
    /// A `mailto:` address has one `@`, a local part before it and a domain after it; an `https:` one has a host. Neither has
    /// blanks in it, and `%` is followed by two hexadecimal digits. No report arrives at an address that breaks this, and
    /// strict reporters ignore the whole record.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto: tls@example.com"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:reports.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls%2Breports@example.com"
    /// ```
    /// # When to ignore
    /// Never: no report arrives.
    /// # Source
    /// RFC 8460, section 3
    /// RFC 3986, section 2.1
    /// RFC 6068, section 2
    RUA_INVALID: "tls-rpt-rua-invalid", [Error], Unsafe, TlsRpt(rua_invalid)
}

fn rua_invalid(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for uri in rpt.uris() {
        let Some(fault) = &uri.fault else { continue };
        let Some(span) = text.span(uri.at.clone()) else {
            continue;
        };
        let (title, edits) = report_uris::repair(text, fault);
        findings
            .report(
                span,
                format!(
                    "{} is not an address that a report can be sent to, so none arrives",
                    quoted(text, &uri.at)
                ),
                report_uris::label(fault),
            )
            .help("write `mailto:` and a mail address, or an `https://` address")
            .fix(title, Safety::Unsafe, edits);
    }
}

rule! {
    /// A limit on the size of reports, as old DMARC records have it.
    ///
    /// `!10m` after an address does not exist in TLS-RPT, and a `!` must be encoded there: strict reporters ignore the whole
    /// record, others look for an address with this end.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com!10m"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: no report arrives.
    /// # Source
    /// RFC 8460, section 3
    RUA_SIZE_SUFFIX: "tls-rpt-rua-size-suffix", [Error], Unsafe, TlsRpt(rua_size_suffix)
}

fn rua_size_suffix(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for at in rpt.uris().filter_map(|uri| uri.size.as_ref()) {
        let Some(span) = text.span(at.clone()) else { continue };
        findings
            .report(
                span,
                format!("TLS-RPT has no limit on the size of reports, so {}", TLS_RPT.malformed),
                "only DMARC had this",
            )
            .help("remove it")
            .fix("remove it", Safety::Unsafe, text.replace(at.clone(), ""));
    }
}

rule! {
    /// A raw `!` in an address.
    ///
    /// In a TLS-RPT record `!` is written as `%21`. A raw one makes the record malformed: strict reporters ignore it.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls!reports@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls%21reports@example.com"
    /// ```
    /// # When to ignore
    /// Never: the encoded form is the same address.
    /// # Source
    /// RFC 8460, section 3
    RUA_UNENCODED: "tls-rpt-rua-unencoded", [Error], Unsafe, TlsRpt(rua_unencoded)
}

fn rua_unencoded(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for uri in rpt
        .uris()
        .filter(|uri| !matches!(uri.kind, Kind::Empty | Kind::Unknown))
    {
        let end = uri.size.as_ref().map_or(uri.at.end, |size| size.start);
        for at in memchr::memchr_iter(b'!', text.get(uri.at.start..end)) {
            let at = uri.at.start + at..uri.at.start + at + 1;
            let Some(span) = text.span(at.clone()) else { continue };
            let is_in_domain = matches!(&uri.kind, Kind::Mail(mail) if mail.domain.contains(&at.start));
            let edits = (!is_in_domain).then(|| text.replace(at, "%21")).flatten();
            findings
                .report(
                    span,
                    format!("a raw `!` stands in an address of `rua`, so {}", TLS_RPT.malformed),
                    "not encoded",
                )
                .help("write `%21`")
                .fix("encode it", Safety::Unsafe, edits);
        }
    }
}

rule! {
    /// An address from an example that was never replaced.
    ///
    /// Reports go to a domain that is not yours, or nowhere.
    ///
    /// # Bad
    /// ```zone corp.test.zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@yourdomain.com"
    /// ```
    /// # Good
    /// ```zone corp.test.zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@corp.test"
    /// ```
    /// # When to ignore
    /// If the record is an example itself.
    /// # Source
    /// RFC 2606, section 3
    /// Practice: `yourdomain` and `domain.tld` stand in many guides.
    RUA_PLACEHOLDER: "tls-rpt-rua-placeholder", [Warning], None, TlsRpt(rua_placeholder)
}

fn rua_placeholder(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for uri in rpt.uris().filter(|uri| is_placeholder(rpt, uri)) {
        let Some(span) = text.span(uri.at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "{} is an example of an address, so the reports do not reach you",
                    quoted(text, &uri.at)
                ),
                "to be replaced",
            )
            .help("write an address that somebody reads");
    }
}

fn is_placeholder(rpt: &TlsRpt<'_>, uri: &Uri) -> bool {
    if uri.kind == Kind::Placeholder {
        return true;
    }
    let Some(host) = uri.host(rpt.record.text).filter(|_| rpt.domain.is_known()) else {
        return false;
    };
    // An example of a whole zone has such addresses rightly.
    example_above(&host).is_some_and(|example| !rpt.domain.is_within(&example))
}

/// The example domain that a name is, or lies in.
fn example_above(host: &Name) -> Option<Name> {
    const EXAMPLES: [(&str, &str); 4] = [
        ("example", "com"),
        ("example", "net"),
        ("example", "org"),
        ("domain", "tld"),
    ];
    let labels: Vec<Option<&[u8]>> = host.labels().collect();
    let is = |label: &Option<&[u8]>, word: &str| label.is_some_and(|label| label.eq_ignore_ascii_case(word.as_bytes()));
    let starts_example = |rest: &[Option<&[u8]>]| match rest {
        [first, ..] if is(first, "yourdomain") => true,
        [first, last] => EXAMPLES.iter().any(|(name, tld)| is(first, name) && is(last, tld)),
        _ => false,
    };
    (0..labels.len())
        .find(|count| starts_example(&labels[*count..]))
        .map(|count| host.skip(count))
}
