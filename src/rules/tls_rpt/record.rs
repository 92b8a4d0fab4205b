//! Rules about which TXT record at `_smtp._tls` counts, and how it begins.

use crate::{
    policy::tls_rpt::TlsRpt,
    rule::{Findings, Rule, rule},
    rules::{version, wording::TLS_RPT},
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    VERSION_INVALID,
    VERSION_SEPARATOR,
    RECORD_MULTIPLE,
    RECORD_FOREIGN,
    MISSING_RECORD,
];

rule! {
    /// A TLS-RPT record that does not begin with `v=TLSRPTv1`.
    ///
    /// Reporters drop every TXT record at `_smtp._tls` that does not begin with these very characters, and take the domain
    /// for one that wants no reports: nobody tells you when mail to it cannot be sent over TLS.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPT1; rua=mailto:tls@example.com"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: no reporter looks at such a record.
    /// # Source
    /// RFC 8460, section 3
    VERSION_INVALID: "tls-rpt-version-invalid", [Error], Unsafe, TlsRpt(version_invalid)
}

fn version_invalid(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    version::version_invalid(&rpt.record, &TLS_RPT, findings);
}

rule! {
    /// Something other than `;` right after `v=TLSRPTv1`.
    ///
    /// Reporters pick the record that begins with `v=TLSRPTv1;`. With a comma, or without any separator, they find none and
    /// send nothing. Blanks before the `;` are a warning: the grammar allows them, so that some reporters accept the record
    /// and others do not.
    ///
    /// # Severity
    /// An error; a warning for blanks before the `;`, which the grammar allows and some reporters do not.
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1, rua=mailto:tls@example.com"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1 ; rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1;rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: the blanks can always be removed.
    /// # Source
    /// RFC 8460, section 3
    VERSION_SEPARATOR: "tls-rpt-version-separator", [Error, Warning], Unsafe, TlsRpt(version_separator)
}

fn version_separator(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    version::version_separator(&rpt.record, &TLS_RPT, findings);
}

rule! {
    /// More than one TLS-RPT record at a name.
    ///
    /// Where more than one record begins with `v=TLSRPTv1;`, reporters use none of them: no report is sent, to none of the
    /// addresses. Two records with the same character-strings are one record to DNS; the same text in other character-strings
    /// is another record.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// _smtp._tls TXT "v=TLSRPTv1; rua=https://reports.example.com/tls"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com,https://reports.example.com/tls"
    /// ```
    /// # When to ignore
    /// Never: no reporter chooses between them.
    /// # Source
    /// RFC 8460, section 3
    RECORD_MULTIPLE: "tls-rpt-record-multiple", [Error], None, Node(Holds::TXT.and(Holds::SEVERAL), record_multiple)
}

fn record_multiple<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let help = "keep one record, with the addresses of all in its `rua`, separated by commas";
    version::record_multiple(node, &TLS_RPT, help, findings);
}

rule! {
    /// A TXT record at `_smtp._tls` that is of another kind.
    ///
    /// Nobody looks for SPF, DMARC or verification tokens at `_smtp._tls`. Reporters skip the record, and whoever is meant to
    /// find it looks elsewhere.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If a service asks for a token at this very name.
    /// # Source
    /// RFC 8460, section 3
    RECORD_FOREIGN: "tls-rpt-record-foreign", [Warning], None, TlsRpt(record_foreign)
}

fn record_foreign(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    version::record_foreign(&rpt.record, &TLS_RPT, findings);
}

rule! {
    /// A domain that takes mail and has no TLS-RPT record.
    ///
    /// Large senders tell once a day how many messages they could not send over TLS and why, if a domain asks for it. Without
    /// the record nobody tells when a certificate runs out or somebody interferes. Reported at the apex of a zone that is
    /// stated whole, if it has an MX record with a host and nothing at all is at `_smtp._tls`: no record, no CNAME, no
    /// delegation, no wildcard.
    ///
    /// # Bad
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 10 mail
    /// _smtp._tls 3600 TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 10 mail
    /// _tls 3600 NS ns.example.net.
    /// ```
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 0 .
    /// ```
    /// # When to ignore
    /// If nobody would read the reports.
    /// # Source
    /// RFC 8460, section 3
    MISSING_RECORD: "tls-rpt-missing-record", [Info], None, Node(Holds::MX, missing_record), off
}

fn missing_record<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let lost = "nobody tells when mail to it cannot be sent over TLS";
    let help = "publish a TXT record at `_smtp._tls` such as `v=TLSRPTv1; rua=mailto:tls-reports@<domain>`";
    version::record_missing(node, &TLS_RPT, lost, help, findings);
}
