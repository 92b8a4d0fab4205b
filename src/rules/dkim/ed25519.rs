//! Rules about Ed25519 keys for DKIM (RFC 8463).

use crate::{
    diagnostic::Safety,
    policy::dkim::{
        Dkim,
        base64::encode,
        key::{Data, Point},
    },
    rule::{Findings, Rule, rule},
    rules::dkim::{key_data::key, wording::FAILS},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[ED25519_KEY_LENGTH, ED25519_BAD_POINT];

rule! {
    /// An Ed25519 key for DKIM that does not have 32 octets.
    ///
    /// The key stands there as it is, without any structure around it: 32 octets, which are 44 characters of base64. Programs
    /// write it inside a SubjectPublicKeyInfo (`MCowBQYDK2Vw...`), with 12 octets more, and verifiers cannot use that.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: verifiers cannot use it.
    /// # Source
    /// RFC 8463, section 4.2
    ED25519_KEY_LENGTH: "dkim-ed25519-key-length", [Error], Unsafe, Dkim(ed25519_key_length)
}

fn ed25519_key_length(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, span)) = key(dkim) else { return };
    let Data::NoEd25519 { has, inner } = &key.data else {
        return;
    };
    let is_plain = key.fault.is_none() && key.parts.armour.is_empty();
    let edits = inner
        .as_ref()
        .filter(|_| is_plain)
        .and_then(|inner| dkim.text.replace(key.at.clone(), &encode(inner)));
    let (label, help) = match inner {
        Some(_) => (
            "a SubjectPublicKeyInfo, whose last 32 octets are the key".to_string(),
            "write these 32 octets alone",
        ),
        None => (format!("{has} octets"), "copy the key once more"),
    };
    findings
        .report(
            span,
            format!("an Ed25519 key has 32 octets and this one {has}: verifiers cannot use it, so {FAILS}"),
            label,
        )
        .help(help)
        .fix("write the last 32 octets alone", Safety::Unsafe, edits);
}

rule! {
    /// An Ed25519 key for DKIM that is no point of its curve.
    ///
    /// About half of all texts of 32 octets are keys. The others come from a mistyped character, or from something that is no
    /// key, and signatures fail. With a point of small order, anybody could sign.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=dRqn9GRVHRuIpPwWSy85SnqPLVoWCL3SQakHkqQoS0g="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: no program makes such a key.
    /// # Source
    /// RFC 8032, section 5.1.3
    ED25519_BAD_POINT: "dkim-ed25519-bad-point", [Error], None, Dkim(ed25519_bad_point)
}

fn ed25519_bad_point(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, span)) = key(dkim) else { return };
    let (message, label) = match key.data {
        Data::Ed25519(Point::None) => (
            format!("this Ed25519 key cannot be one: it is no point of the curve, so {FAILS}"),
            "no point of the curve",
        ),
        Data::Ed25519(Point::SmallOrder) => (
            "anybody can sign for this Ed25519 key: it is a point of small order".to_string(),
            "a point of small order",
        ),
        _ => return,
    };
    findings
        .report(span, message, label)
        .help("copy the key once more, or make a new one");
}
