//! Rules about the other fields of the TXT record at `_mta-sts`, and what stands between them.

use crate::{
    diagnostic::Safety,
    policy::{fields::Shape, mta_sts::MtaSts},
    rule::{Findings, Rule, rule},
    rules::{
        fields,
        wording::{MTA_STS, quoted},
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    FIELD_SYNTAX,
    EMPTY_FIELD,
    POLICY_FIELD_IN_RECORD,
    UNKNOWN_FIELD,
    NON_ASCII,
];

rule! {
    /// A field of an MTA-STS record that is not `name=value`.
    ///
    /// Between semicolons stand a name, `=`, and a value, without blanks in them or around the `=`. One field that does not
    /// match makes the whole record malformed: senders ignore it and take the domain for one without MTA-STS. Blanks at the
    /// end, with no `;` before them, are a warning: strict senders refuse the record, others do not.
    ///
    /// # Severity
    /// An error; a warning for blanks at the end, which only strict senders refuse.
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id = 20240102"
    /// ```
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102; enforce"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102; "
    /// ```
    /// # When to ignore
    /// Never: the record can be written by the grammar.
    /// # Source
    /// RFC 8461, section 3.1
    FIELD_SYNTAX: "mta-sts-field-syntax", [Error, Warning], Safe, MtaSts(field_syntax)
}

fn field_syntax(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    fields::field_syntax(&sts.record, &MTA_STS, findings);
}

rule! {
    /// Two semicolons in an MTA-STS record without a field between them.
    ///
    /// A field needs a name, so senders take the record for malformed and ignore it.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102;;"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102;"
    /// ```
    /// # When to ignore
    /// Never: the second `;` is of no use.
    /// # Source
    /// RFC 8461, section 3.1
    EMPTY_FIELD: "mta-sts-empty-field", [Error], Unsafe, MtaSts(empty_field)
}

fn empty_field(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    fields::empty_field(&sts.record, &MTA_STS, findings);
}

/// The fields of the policy file, and the one of other records that is asked for along with them.
const POLICY_FIELDS: [&str; 5] = ["mode", "mx", "max_age", "version", "rua"];

rule! {
    /// A field of the policy file in the MTA-STS record.
    ///
    /// The DNS record says that there is a policy and which `id` it has. What the policy says stands in the file
    /// `https://mta-sts.<domain>/.well-known/mta-sts.txt`; senders ignore `mode`, `mx` and `max_age` in DNS, and the address
    /// for reports (`rua`) belongs in the TXT record at `_smtp._tls`.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102; mode=enforce"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102"
    /// ```
    /// # When to ignore
    /// Never: nobody reads it there.
    /// # Source
    /// RFC 8461, section 3.1
    /// RFC 8461, section 3.2
    POLICY_FIELD_IN_RECORD: "mta-sts-policy-field-in-record", [Warning], Unsafe, MtaSts(policy_field_in_record)
}

fn policy_field_in_record(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    for field in &sts.record.fields {
        let tag = &field.tag;
        let Some(name) = POLICY_FIELDS.iter().find(|name| tag.is_like(text, name)) else {
            continue;
        };
        let Some(span) = fields::span_of(text, tag) else {
            continue;
        };
        let (message, help) = if *name == "rua" {
            (
                "`rua` is not a field of the MTA-STS record, so no report is sent there",
                "put it in the TXT record at `_smtp._tls`".to_string(),
            )
        } else {
            (
                "a field of the policy file has no effect in the MTA-STS record: senders ignore it",
                format!("put `{name}` in `.well-known/mta-sts.txt` on the host `mta-sts`"),
            )
        };
        findings
            .report(span, message, "not a field of this record")
            .help(help)
            .fix("remove it here", Safety::Unsafe, fields::without(text, tag));
    }
}

rule! {
    /// A field of an MTA-STS record that no RFC defines.
    ///
    /// Senders ignore it. It may be a misspelt one, or an extension that somebody else reads.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102; owner=mail-team"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102"
    /// ```
    /// # When to ignore
    /// If you know who reads the field.
    /// # Source
    /// RFC 8461, section 3.1
    /// RFC 8461, section 9.2
    UNKNOWN_FIELD: "mta-sts-unknown-field", [Info], None, MtaSts(unknown_field)
}

fn unknown_field(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    for (index, field) in sts.record.fields.iter().enumerate() {
        let tag = &field.tag;
        let is_known = tag.is(text, "v") || tag.is(text, "id") || sts.meant == Some(index);
        let is_policy = || POLICY_FIELDS.iter().any(|name| tag.is_like(text, name));
        if field.shape == Shape::Right
            && !is_known
            && !is_policy()
            && let Some(span) = text.span(tag.name.clone())
        {
            let name = quoted(text, &tag.name);
            findings
                .report(
                    span,
                    format!("senders ignore the field {name} of the MTA-STS record"),
                    "not defined",
                )
                .help("remove it, unless you know who reads it");
        }
    }
}

rule! {
    /// A character in an MTA-STS record that is not visible ASCII.
    ///
    /// No-break spaces and zero-width characters come along when a record is copied from a web page. Nobody sees them, but
    /// the record is malformed: senders ignore it and take the domain for one without MTA-STS.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1;\194\160id=20240102"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1;\032id=20240102"
    /// ```
    /// # When to ignore
    /// Never: no field of the record may hold such a character.
    /// # Source
    /// RFC 8461, section 3.1
    NON_ASCII: "mta-sts-non-ascii", [Error], Unsafe, MtaSts(non_ascii)
}

fn non_ascii(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    fields::non_ascii(&sts.record, &MTA_STS, findings);
}
