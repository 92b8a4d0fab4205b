//! Rules about the other fields of the TXT record at `_smtp._tls`, and what stands between them.

use crate::{
    diagnostic::Safety,
    policy::{fields::Shape, tls_rpt::TlsRpt},
    rule::{Findings, Rule, rule},
    rules::{
        fields,
        wording::{TLS_RPT, quoted},
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[FIELD_SYNTAX, EMPTY_FIELD, FOREIGN_FIELD, UNKNOWN_FIELD, NON_ASCII];

rule! {
    /// A field of a TLS-RPT record that is not `name=value`.
    ///
    /// Between semicolons stand a name, `=`, and a value, without blanks around the `=`. One field that does not match makes
    /// the whole record malformed: strict reporters ignore it and send nothing. Blanks at the end, with no `;` before them,
    /// are a warning: strict reporters refuse the record, others do not.
    ///
    /// # Severity
    /// An error; a warning for blanks at the end, which only strict reporters refuse.
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua = mailto:tls@example.com"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com; more="
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=https://reports.example.com/tls?of=example.com; "
    /// ```
    /// # When to ignore
    /// Never: the record can be written by the grammar.
    /// # Source
    /// RFC 8460, section 3
    FIELD_SYNTAX: "tls-rpt-field-syntax", [Error, Warning], Safe, TlsRpt(field_syntax)
}

fn field_syntax(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    fields::field_syntax(&rpt.record, &TLS_RPT, findings);
}

rule! {
    /// Two semicolons in a TLS-RPT record without a field between them.
    ///
    /// A field needs a name, so strict reporters take the record for malformed and send nothing.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1;; rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com;"
    /// ```
    /// # When to ignore
    /// Never: the second `;` is of no use.
    /// # Source
    /// RFC 8460, section 3
    EMPTY_FIELD: "tls-rpt-empty-field", [Error], Unsafe, TlsRpt(empty_field)
}

fn empty_field(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    fields::empty_field(&rpt.record, &TLS_RPT, findings);
}

/// Fields of DMARC and MTA-STS.
const FOREIGN: [&str; 9] = ["p", "sp", "ruf", "fo", "pct", "adkim", "aspf", "id", "mode"];

rule! {
    /// A field of DMARC or MTA-STS in a TLS-RPT record.
    ///
    /// A TLS-RPT record says where reports go and nothing else. Reporters ignore the field, and at `_smtp._tls` it does
    /// nothing for DMARC or MTA-STS either.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; p=none; rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: nobody reads it there.
    /// # Source
    /// RFC 8460, section 3
    FOREIGN_FIELD: "tls-rpt-foreign-field", [Warning], Unsafe, TlsRpt(foreign_field)
}

fn foreign_field(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for (index, field) in rpt.record.fields.iter().enumerate() {
        let tag = &field.tag;
        let Some(name) = FOREIGN.iter().find(|name| tag.is_like(text, name)) else {
            continue;
        };
        let Some(span) = fields::span_of(text, tag) else {
            continue;
        };
        let of = if matches!(*name, "id" | "mode") {
            "MTA-STS"
        } else {
            "DMARC"
        };
        // Where it stands for the `rua`, without it nothing is left.
        let (help, edits) = if rpt.meant == Some(index) {
            ("write `rua` in its place, if reports are to be sent there", None)
        } else {
            ("remove it here", fields::without(text, tag))
        };
        findings
            .report(
                span,
                format!("`{name}` is a field of {of}: in the TLS-RPT record reporters ignore it"),
                "not a field of this record",
            )
            .help(help)
            .fix("remove it", Safety::Unsafe, edits);
    }
}

rule! {
    /// A field of a TLS-RPT record that no RFC defines.
    ///
    /// Reporters ignore it. It may be a misspelt one, or an extension that somebody else reads.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com; owner=mail-team"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// If you know who reads the field.
    /// # Source
    /// RFC 8460, section 3
    UNKNOWN_FIELD: "tls-rpt-unknown-field", [Info], None, TlsRpt(unknown_field)
}

fn unknown_field(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for (index, field) in rpt.record.fields.iter().enumerate() {
        let tag = &field.tag;
        let is_known = tag.is(text, "v") || tag.is(text, "rua") || rpt.meant == Some(index);
        let is_foreign = || FOREIGN.iter().any(|name| tag.is_like(text, name));
        if field.shape == Shape::Right
            && !is_known
            && !is_foreign()
            && let Some(span) = text.span(tag.name.clone())
        {
            let name = quoted(text, &tag.name);
            findings
                .report(
                    span,
                    format!("reporters ignore the field {name} of the TLS-RPT record"),
                    "not defined",
                )
                .help("remove it, unless you know who reads it");
        }
    }
}

rule! {
    /// A character in a TLS-RPT record that is not visible ASCII.
    ///
    /// No-break spaces and zero-width characters come along when a record is copied from a web page. Nobody sees them, but
    /// the record is malformed: strict reporters ignore it and send nothing.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1;\194\160rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1;\032rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: no field of the record may hold such a character; in a URI it is percent-encoded.
    /// # Source
    /// RFC 8460, section 3
    NON_ASCII: "tls-rpt-non-ascii", [Error], Unsafe, TlsRpt(non_ascii)
}

fn non_ascii(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    fields::non_ascii(&rpt.record, &TLS_RPT, findings);
}
