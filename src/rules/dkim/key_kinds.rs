//! Rules about what the data of a DKIM key decodes to.

use crate::{
    diagnostic::Safety,
    policy::dkim::{Dkim, der::Why, key::Data, owner, tag::TagName},
    rule::{Findings, Rule, rule},
    rules::dkim::{
        key_data::key,
        wording::{FAILS, span_of},
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[KEY_DER, KEY_TYPE_MISMATCH, PRIVATE_KEY_PUBLISHED, KNOWN_TEST_KEY];

rule! {
    /// A DKIM key that decodes to something else.
    ///
    /// The data of an RSA key is a SubjectPublicKeyInfo, or the RSAPublicKey in it. Verifiers cannot use a certificate, a key
    /// for elliptic curves, or data with something behind its end, and signatures fail.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcsQwnGbASPZLyEn+f8W4NEJrMkEABGm0/UgP5ZWEHO4e/Wluy5AgPW4mp6r58RFU+bcLn730Jlbg0Ch0Okvp/A=="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # When to ignore
    /// Never: no verifier can use it.
    /// # Source
    /// RFC 6376, section 3.6.1
    /// RFC 6376, section 6.1.2
    KEY_DER: "dkim-key-der", [Error], None, Dkim(key_der)
}

fn key_der(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, span)) = key(dkim) else { return };
    let Data::NoRsa(why) = key.data else { return };
    let label = match why {
        Why::NotDer => "no key at all".to_string(),
        Why::Malformed => "begins like a key and goes on otherwise".to_string(),
        Why::Trailing(1) => "an octet behind the end of the key".to_string(),
        Why::Trailing(count) => format!("{count} octets behind the end of the key"),
        Why::Certificate => "a certificate".to_string(),
        Why::EllipticCurve => "a key for elliptic curves".to_string(),
        Why::OtherAlgorithm => "a key for another algorithm".to_string(),
    };
    findings
        .report(span, format!("what `p` holds is no RSA key: verifiers cannot use it, so {FAILS}"), label)
        .help("publish the public half of an RSA key, as `openssl rsa -pubout` writes it between the lines `BEGIN` and `END`");
}

rule! {
    /// A DKIM key of another type than it says.
    ///
    /// `k` says how the data is to be read, and without it the key is one of RSA. An Ed25519 key without `k=ed25519`, or an RSA
    /// key with it, cannot be used, and signatures fail.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: no verifier can use it.
    /// # Source
    /// RFC 6376, section 6.1.2
    /// RFC 8463, section 3
    KEY_TYPE_MISMATCH: "dkim-key-type-mismatch", [Error], Unsafe, Dkim(key_type_mismatch)
}

fn key_type_mismatch(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, span)) = key(dkim) else { return };
    let Data::OtherType(kind) = key.data else { return };
    let word = kind.word();
    let tag = dkim.tag(TagName::K);
    let edits = match (tag, dkim.tag(TagName::P)) {
        (Some(tag), _) => dkim.text.replace(tag.value.clone(), word),
        (None, Some(tag)) => dkim.text.replace(tag.at.start..tag.at.start, &format!("k={word}; ")),
        (None, None) => None,
    };
    let (span, label) = match tag.and_then(|tag| span_of(dkim, tag)) {
        Some(at) => (
            at,
            format!("the key is one for {}", if word == "rsa" { "RSA" } else { "Ed25519" }),
        ),
        None => (span, "a key for Ed25519, and no `k` says so".to_string()),
    };
    findings
        .report(
            span,
            format!("`k` and the DKIM key do not fit: verifiers cannot use the key, so {FAILS}"),
            label,
        )
        .help(format!("write `k={word}`"))
        .fix(format!("write `k={word}`"), Safety::Unsafe, edits);
}

rule! {
    /// A private key in a DKIM record.
    ///
    /// The DNS is read by everybody, and so is often the repository. Whoever has the private half signs mail as the domain, and
    /// that mail passes DMARC. The key is lost: taking it out of the record does not help.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MB0CAQACAgyhAgERAgIKwQIBPQIBNQIBNQIBMQIBJg=="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: make a new key.
    /// # Source
    /// RFC 6376, section 8.3
    /// RFC 8017, section A.1.2
    PRIVATE_KEY_PUBLISHED: "dkim-private-key-published", [Error], None, Dkim(private_key_published)
}

/// Mail of whom can be forged by those who have the private half.
fn forged(dkim: &Dkim<'_>) -> String {
    match owner::domain(dkim.owner).filter(|domain| domain.is_known()) {
        Some(domain) => format!("anybody can sign mail as `{domain}`"),
        None => "anybody can sign mail as the domain".to_string(),
    }
}

fn private_key_published(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(span) = dkim.private_key().and_then(|at| dkim.text.span(at)) else {
        return;
    };
    findings
        .report(
            span,
            format!("a private key is published: {}", forged(dkim)),
            "a private key",
        )
        .help("make a new key under a new selector, publish its public half alone, and never use this one again");
}

rule! {
    /// A DKIM key whose private half is printed in an RFC.
    ///
    /// The examples of RFC 6376 and RFC 8463 come with their private halves, for tests. With such a key published, anybody can
    /// sign mail as the domain.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// In data for tests.
    /// # Source
    /// RFC 6376, section C
    /// RFC 8463, section A.1
    KNOWN_TEST_KEY: "dkim-known-test-key", [Error], None, Dkim(known_test_key)
}

fn known_test_key(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, span)) = key(dkim) else { return };
    let Some(document) = key.published() else { return };
    findings
        .report(
            span,
            format!(
                "the private half of this DKIM key is printed in {document}: {}",
                forged(dkim)
            ),
            "an example for tests",
        )
        .help("make a key of your own, and publish its public half");
}
