//! Rules about RSA keys: how they are wrapped, how long they are, and whether their numbers can be those of a key.

use crate::{
    diagnostic::{Safety, Severity},
    policy::dkim::{
        Dkim,
        base64::encode,
        der::{Rsa, wrap},
        modulus::Fault,
    },
    rule::{Findings, Rule, rule},
    rules::dkim::{key_data::key, wording::FAILS},
    span::Span,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    RSA_KEY_PKCS1,
    RSA_KEY_TOO_SHORT,
    RSA_KEY_WEAK,
    RSA_KEY_TOO_LONG,
    RSA_EXPONENT,
    RSA_MODULUS,
];

/// How many bits a key has at least so that verifiers take it (RFC 8301, section 3.2).
const LEAST: usize = 1024;
/// How many bits it should have.
const RECOMMENDED: usize = 2048;
/// Up to how many bits verifiers must take it.
const MOST: usize = 4096;
/// The usual public exponent.
const EXPONENT: u64 = 65_537;

fn rsa<'d>(dkim: &'d Dkim<'_>) -> Option<(&'d Rsa, Span)> {
    let (key, span) = key(dkim)?;
    Some((key.rsa()?, span))
}

rule! {
    /// An RSA key for DKIM without the structure around it.
    ///
    /// RFC 6376 speaks of an RSAPublicKey, but its examples, and practically all keys that are published, are a
    /// SubjectPublicKeyInfo with that inside. Some verifiers read only the latter, and signatures fail there.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MEgCQQCxekU3FfZnZ4UaHRBMueol9SRkcBmvE9b3hAnddiPmLMZbPZ4sJeIG9WCYf8NogxhtghXA0SXC6NDOJX1QlY11AgMBAAE="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # When to ignore
    /// If all verifiers that matter to you read both.
    /// # Source
    /// RFC 6376, section 3.6.1
    /// RFC 6376, section C
    RSA_KEY_PKCS1: "dkim-rsa-key-pkcs1", [Warning], Safe, Dkim(rsa_key_pkcs1), once_a_file
}

fn rsa_key_pkcs1(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, span)) = key(dkim) else { return };
    if key.rsa().is_none_or(|rsa| rsa.is_wrapped) {
        return;
    }
    let is_plain = key.fault.is_none() && key.parts.armour.is_empty();
    let edits = || {
        let wrapped = wrap(&key.octets)?;
        let inside = wrapped.len() - key.octets.len();
        // Base64 of whole groups of three octets stays as it is.
        if inside % 3 == 0 {
            return dkim
                .text
                .replace(key.at.start..key.at.start, &encode(&wrapped[..inside]));
        }
        dkim.text.replace(key.at.clone(), &encode(&wrapped))
    };
    findings
        .report(
            span,
            "this RSA key lacks the structure around it that keys are published with, so some verifiers cannot read it",
            "an RSAPublicKey, and no SubjectPublicKeyInfo",
        )
        .help("publish the key as `openssl rsa -pubout` writes it")
        .fix(
            "put it into a SubjectPublicKeyInfo",
            Safety::Safe,
            is_plain.then(edits).flatten(),
        );
}

rule! {
    /// An RSA key for DKIM with less than 1024 bits.
    ///
    /// Verifiers must treat signatures with such a key as failed: the private half can be computed from the public one, in
    /// hours for 512 bits.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3JPvOzSSqT9L9btNNTpVT5LyVRAPyXfpLCxQrO4+VPb3tbkLPr8upGRM/BcxITJ4bXCqfvlpMnEYeXFH4bi4m5BhgQBjlwD81WHwyK1kkCs1+JfGJAqSYtRUtkPmDPg9Jpj6IjZDnT0Mljjk+uZDtoMwsKIk/uA6HC4tYFdHmk+5b1vEf+zlTIya92SM3i9kDvxJx8PJcQwpkSAEfbXahYP0lq89FnkVGJj+re7g/fzIPYzbWHSNZd+E2FB/Wy0hsUQUpSRsG3kXsFotV9BfQUJrpafgdncD3exbCZYHMB3w69Rp76kESDrX5MujPQJRAcEyC/ClQ4ftQhKJyzJskwIDAQAB"
    /// ```
    /// # When to ignore
    /// Never: signatures with it do not count.
    /// # Source
    /// RFC 8301, section 3.2
    RSA_KEY_TOO_SHORT: "dkim-rsa-key-too-short", [Error], None, Dkim(rsa_key_too_short)
}

fn rsa_key_too_short(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((rsa, span)) = rsa(dkim) else { return };
    let bits = rsa.bits();
    if bits == 0 || bits >= LEAST {
        return;
    }
    findings
        .report(
            span,
            format!("an RSA key of {bits} bits is too short: verifiers treat signatures made with it as failed"),
            format!("{bits} bits"),
        )
        .help("make a key of 2048 bits, and publish it under a new selector");
}

rule! {
    /// An RSA key for DKIM with less than 2048 bits.
    ///
    /// Verifiers take keys from 1024 bits on, but signers should use 2048 at least: it is expected that who has the means can
    /// find the private half of one with 1024 bits. The record needs two strings then.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCn7FVRlcMP6phmZj8XLlGOS/FVriEv9APDsVQ7Zdp3vSPkl53sZDT1GOGPYUNJi7ncmyRw5JiPokCXwY8gcavzeH07PKBCUBNTTcVY5nXXZDlrupeqxK9BH1hg3ZgGv6McKMUc4p0DY2USDyRYGe838YhG9BjrCbgrSGJLOo1ivwIDAQAB"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3JPvOzSSqT9L9btNNTpVT5LyVRAPyXfpLCxQrO4+VPb3tbkLPr8upGRM/BcxITJ4bXCqfvlpMnEYeXFH4bi4m5BhgQBjlwD81WHwyK1kkCs1+JfGJAqSYtRUtkPmDPg9Jpj6IjZDnT0Mljjk+uZDtoMwsKIk/uA6HC4tYFdHmk+5b1vEf+zlTIya92SM3i9kDvxJx8PJcQwpkSAEfbXahYP0lq89FnkVGJj+re7g/fzIPYzbWHSNZd+E2FB/Wy0hsUQUpSRsG3kXsFotV9BfQUJrpafgdncD3exbCZYHMB3w69Rp76kESDrX5MujPQJRAcEyC/ClQ4ftQhKJyzJskwIDAQAB"
    /// ```
    /// # When to ignore
    /// If a service that signs for you offers no longer key.
    /// # Source
    /// RFC 8301, section 3.2
    RSA_KEY_WEAK: "dkim-rsa-key-weak", [Warning], None, Dkim(rsa_key_weak), once_a_file
}

fn rsa_key_weak(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((rsa, span)) = rsa(dkim) else { return };
    let bits = rsa.bits();
    if !(LEAST..RECOMMENDED).contains(&bits) {
        return;
    }
    findings
        .report(
            span,
            format!("an RSA key of {bits} bits is weak: signers should use 2048 bits"),
            format!("{bits} bits"),
        )
        .help("make a key of 2048 bits, and publish it under a new selector");
}

rule! {
    /// An RSA key for DKIM with more than 4096 bits.
    ///
    /// Verifiers must take keys of up to 4096 bits. Those that do not take longer ones treat the signature as failed; and the
    /// answer to the look-up becomes so long that it has to be asked for once more by TCP.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIICIzANBgkqhkiG9w0BAQEFAAOCAhAAMIICCwKCAgIAzYoELlLiTHP2tDSvRGALgWpdLYY1nO/3jOU4z7uquxpEz7et6I5jad0WCHYQAl5sZtdXbd1Y9p3wuTsbrzXNOisoWyinTD19PHhK/JUVoa7eBF7H3+3e7lmQgD2lgH8Wm+VK4xVj+hOp+4XeHX6ZMxkZAEsPtNJEbVk7jIBtKgoXVQ2EfYMxt0Si04gIluJr+nQvjNIzZw5jVoFfg6kbey98Rr9j1+ejkjfHOaTTaoCduAHtAZnSW6Cu8qgDPgqCMF6sXdT9+FzYAocmDHCZafWXgsjWGdIlEZ9ZR1+URlFdiajTme5R3oz0DHy2xFIXauswccWh1uZVBKH6gonZ2HC2HrEhCMapu86lwD7c0fj3Q+8O5QNKFiD/UoKD+HelY9YLguvBgPFpbetxDow1kBY3qlKoDD5EV+VtoVjia/q4D4CnRriJtrZYj++w5LDxe2sMEXRSGpv47ZbM54TQgXmoiqJeef4svm8TUmwwNlJRSgDJMRiWbOgxxRldhmBlKTTwaYdCmuy3el51eYyJVcb4HDsOik5OMFjyzH2w9li3r5G55DSvXVl2hWzdj8IZrWgq3X3uQd6F8HJqTDJMHTnBjta4bdp4ceL2Xh1HNZcVLcERsZbe8cd1so0CEkBFgz2vS5V8Twirjm1SrCYLxh/DOcQvF0B+8ktiuEtZzqZRAgMBAAE="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCn7FVRlcMP6phmZj8XLlGOS/FVriEv9APDsVQ7Zdp3vSPkl53sZDT1GOGPYUNJi7ncmyRw5JiPokCXwY8gcavzeH07PKBCUBNTTcVY5nXXZDlrupeqxK9BH1hg3ZgGv6McKMUc4p0DY2USDyRYGe838YhG9BjrCbgrSGJLOo1ivwIDAQAB"
    /// ```
    /// # When to ignore
    /// If all verifiers that matter to you take it.
    /// # Source
    /// RFC 8301, section 3.2
    RSA_KEY_TOO_LONG: "dkim-rsa-key-too-long", [Info], None, Dkim(rsa_key_too_long), once_a_file
}

fn rsa_key_too_long(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((rsa, span)) = rsa(dkim).filter(|(rsa, _)| rsa.bits() > MOST) else {
        return;
    };
    let bits = rsa.bits();
    findings
        .report(
            span,
            format!("verifiers need not take an RSA key of {bits} bits: 4096 is the most that all do"),
            format!("{bits} bits"),
        )
        .help("make a key of 2048 to 4096 bits");
}

rule! {
    /// An RSA key for DKIM with an unusual public exponent.
    ///
    /// It should be 65537, and some libraries take no other. One that is even, or below 3, is none at all: no signature can be
    /// checked with it, or anybody can make one.
    ///
    /// # Severity
    /// An error for an exponent that is even or below 3; an info for any other.
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEArUu9bUGpdS2SFpmyzvE+cosNqlZ8V7hUgkNN4E8C6LkZNBgSrdFVf2q3ggWpbzPwK5SF6OK3Ch/6AB1waZveoUJSL6UbUM4XiqNBtq5sZ5M9Bo/g7tXwnRjFtpGxCpzFQsQYekW3D0YwmRDhJ1Kq2c9KacZq6F8/D39CfMtnGuNBb/4RjSvnlNvCRlhxFPdAJuP85hiBsXZIzQFKs2lI5iA4YJ2eIQ6IVWcdd8Tk9LrHOFjcrmOiBftXUjkhMXVpkB2c8+hO4b37H41Cfi7CUYaYdjW9RA4M2yw01kJUM33e8GV4YwtUQd60JGci60BDRsiEJUxqUwVKFfLf2xk3zwIBAw=="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCn7FVRlcMP6phmZj8XLlGOS/FVriEv9APDsVQ7Zdp3vSPkl53sZDT1GOGPYUNJi7ncmyRw5JiPokCXwY8gcavzeH07PKBCUBNTTcVY5nXXZDlrupeqxK9BH1hg3ZgGv6McKMUc4p0DY2USDyRYGe838YhG9BjrCbgrSGJLOo1ivwIDAQAB"
    /// ```
    /// # When to ignore
    /// If it is odd, above 2, and the signer needs it so.
    /// # Source
    /// RFC 6376, section 3.3.2
    /// RFC 6376, section 8.13
    RSA_EXPONENT: "dkim-rsa-exponent", [Error, Info], None, Dkim(rsa_exponent)
}

fn rsa_exponent(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((rsa, span)) = rsa(dkim) else { return };
    let value = rsa.exponent_value();
    if value == Some(EXPONENT) {
        return;
    }
    let shown = match value {
        Some(value) => value.to_string(),
        None if rsa.has_negative_exponent => "a number below 0".to_string(),
        None => format!("a number of {} octets", rsa.exponent.len()),
    };
    let (message, severity) = match rsa.has_bad_exponent() {
        true => (
            format!("no signature can be checked with this RSA key: its public exponent is {shown}"),
            Severity::Error,
        ),
        false => (
            format!(
                "the public exponent of this RSA key is {shown}; it should be 65537, and some verifiers take no other"
            ),
            Severity::Info,
        ),
    };
    findings
        .report(span, message, format!("the public exponent is {shown}"))
        .severity(severity)
        .help("make a new key; programs choose 65537 by themselves");
}

rule! {
    /// An RSA key for DKIM whose modulus cannot be right.
    ///
    /// The modulus of a real key is the product of two large primes. One that a small prime divides is mistyped: a wrong
    /// character leaves everything else of the key in order, and signatures fail. One whose two primes are close to one
    /// another was made badly: its private half can be computed at once.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3JPvOzSSqT9L9btNNTpVT5LyVRAPyXfpLCxQrO4+VPb3tbkLPr8upGRM/BcxITJ4bXCqfvlpMnEYAXFH4bi4m5BhgQBjlwD81WHwyK1kkCs1+JfGJAqSYtRUtkPmDPg9Jpj6IjZDnT0Mljjk+uZDtoMwsKIk/uA6HC4tYFdHmk+5b1vEf+zlTIya92SM3i9kDvxJx8PJcQwpkSAEfbXahYP0lq89FnkVGJj+re7g/fzIPYzbWHSNZd+E2FB/Wy0hsUQUpSRsG3kXsFotV9BfQUJrpafgdncD3exbCZYHMB3w69Rp76kESDrX5MujPQJRAcEyC/ClQ4ftQhKJyzJskwIDAQAB"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3JPvOzSSqT9L9btNNTpVT5LyVRAPyXfpLCxQrO4+VPb3tbkLPr8upGRM/BcxITJ4bXCqfvlpMnEYeXFH4bi4m5BhgQBjlwD81WHwyK1kkCs1+JfGJAqSYtRUtkPmDPg9Jpj6IjZDnT0Mljjk+uZDtoMwsKIk/uA6HC4tYFdHmk+5b1vEf+zlTIya92SM3i9kDvxJx8PJcQwpkSAEfbXahYP0lq89FnkVGJj+re7g/fzIPYzbWHSNZd+E2FB/Wy0hsUQUpSRsG3kXsFotV9BfQUJrpafgdncD3exbCZYHMB3w69Rp76kESDrX5MujPQJRAcEyC/ClQ4ftQhKJyzJskwIDAQAB"
    /// ```
    /// # When to ignore
    /// Never: no program makes such a key.
    /// # Source
    /// By arithmetic: the product of two large primes has no small factor. No RFC asks verifiers to look.
    RSA_MODULUS: "dkim-rsa-modulus", [Error], None, Dkim(rsa_modulus)
}

fn rsa_modulus(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((rsa, span)) = rsa(dkim) else { return };
    let fault = match rsa.is_negative {
        true => Some(Fault::NotPositive),
        false => dkim.judged().fault(&rsa.modulus),
    };
    let (message, label, help) = match fault {
        None => return,
        Some(Fault::Close) => (
            "the private half of this RSA key can be computed at once: its two primes are close to one another"
                .to_string(),
            "made badly".to_string(),
            "make a new key with another program, and publish it under a new selector",
        ),
        Some(fault) => (
            format!("this RSA key is mistyped: its modulus cannot be that of a key, so {FAILS}"),
            match fault {
                Fault::Divisible(prime) => format!("the modulus is divisible by {prime}"),
                _ => "the modulus is not above 0".to_string(),
            },
            "copy the key once more",
        ),
    };
    findings.report(span, message, label).help(help);
}
