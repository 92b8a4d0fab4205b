//! Rules about the data of TLSA records.

use crate::{
    policy::tlsa::{self, DigitsKind, Field, Tlsa, Value},
    record::Data,
    rule::{Findings, Rule, rule},
    span::Span,
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    FIELD_INVALID,
    HEX_INVALID,
    DIGEST_LENGTH,
    SMTP_PKIX_USAGE,
    CERT_SELECTOR,
    SHA512_ONLY,
    FULL_DATA,
];

/// The port at which servers take mail from one another.
const SMTP: u16 = 25;

/// What a field may be: its name, the largest number and the mnemonics of all (RFC 7218).
struct Numbers {
    name: &'static str,
    max: u8,
    words: &'static [(&'static str, u8)],
}

static USAGE: Numbers = Numbers {
    name: "usage",
    max: 3,
    words: &[
        ("PKIX-TA", 0),
        ("PKIX-EE", 1),
        ("DANE-TA", 2),
        ("DANE-EE", 3),
        ("PrivCert", 255),
    ],
};
static SELECTOR: Numbers = Numbers {
    name: "selector",
    max: 1,
    words: &[("Cert", 0), ("SPKI", 1), ("PrivSel", 255)],
};
static MATCHING: Numbers = Numbers {
    name: "matching type",
    max: 2,
    words: &[("Full", 0), ("SHA2-256", 1), ("SHA2-512", 2), ("PrivMatch", 255)],
};

/// Where a field is written, whole.
fn place(field: &Field<'_>) -> Option<Span> {
    field.text.whole()
}

rule! {
    /// A usage, selector or matching type of a TLSA record that does not exist.
    ///
    /// The usage is a number from 0 to 3, the selector 0 or 1, the matching type from 0 to 2. Senders leave out a record
    /// with another one, as if it were not there. What is no number from 0 to 255 is worse: BIND, NSD and Knot accept no
    /// names in place of the numbers and refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 4 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// ```zone
    /// _25._tcp.mail TLSA DANE-EE SPKI SHA2-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// Never: 255 is there for experiments.
    /// # Source
    /// RFC 6698, section 2.1
    FIELD_INVALID: "tlsa-field-invalid", [Error], None, Tlsa(field_invalid)
}

fn field_invalid(tlsa: &Tlsa<'_>, findings: &mut Findings<'_>) {
    let fields = [
        (&tlsa.usage, &USAGE),
        (&tlsa.selector, &SELECTOR),
        (&tlsa.matching, &MATCHING),
    ];
    for (field, numbers) in fields {
        let (Numbers { name, max, words }, Some(at)) = (numbers, place(field)) else {
            continue;
        };
        let effect = match field.value {
            Value::Unknown => continue,
            Value::Number(number) if number <= *max || number == u8::MAX => continue,
            Value::Number(_) => "senders leave the record out, as if it were not there",
            Value::Bad => "servers refuse the record, or the whole zone",
        };
        let written = String::from_utf8_lossy(field.text.bytes()).into_owned();
        let meant = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&written));
        let help = match meant {
            Some((_, number)) => format!("write the number: `{number}`"),
            None => format!("write a number from 0 to {max}"),
        };
        findings
            .report(
                at,
                format!("`{written}` is no {name} of a TLSA record: {effect}"),
                format!("the {name}"),
            )
            .help(help);
    }
}

rule! {
    /// Data of a TLSA record that is no hexadecimal number of whole bytes.
    ///
    /// Behind the three numbers stand pairs of hexadecimal digits, with blanks between them or without. BIND, NSD and Knot
    /// refuse the whole zone for anything else.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 abc
    /// ```
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 01:23:45:67:89:ab:cd:ef
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 ( 0123456789abcdef0123456789abcdef
    ///                            0123456789ABCDEF0123456789ABCDEF )
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 6698, section 2.2
    HEX_INVALID: "tlsa-hex-invalid", [Error], None, Tlsa(hex_invalid)
}

fn hex_invalid(tlsa: &Tlsa<'_>, findings: &mut Findings<'_>) {
    let text = tlsa.digits.text;
    let (at, what, label) = match tlsa.digits.kind {
        DigitsKind::NoDigit(at) => {
            let char = String::from_utf8_lossy(text.get(at..text.len())).chars().next();
            let what = format!("`{}` is no hexadecimal digit", char.unwrap_or_default().escape_debug());
            let len = char.filter(|char| *char != '\u{fffd}').map_or(1, char::len_utf8);
            (text.span(at..at + len), what, "no digit")
        }
        DigitsKind::Odd => {
            let what = format!("the TLSA record has {} hexadecimal digits", text.len());
            (text.whole(), what, "an odd number of digits")
        }
        DigitsKind::Bytes(_) | DigitsKind::Unknown => return,
    };
    let Some(at) = at else { return };
    findings
        .report(
            at,
            format!("{what}: servers refuse the record, or the whole zone"),
            label,
        )
        .help("write pairs of digits from 0 to 9 and a to f, with nothing but blanks between them");
}

rule! {
    /// A digest in a TLSA record of another length than digests have.
    ///
    /// A SHA-256 digest (matching type 1) has 32 bytes, which are 64 digits, one of SHA-512 (2) has 128 digits. With
    /// another number no certificate ever matches, and mail to the host waits until it is returned. No name server checks it.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 6698, section 2.1.3
    DIGEST_LENGTH: "tlsa-digest-length", [Error], None, Tlsa(digest_length)
}

fn digest_length(tlsa: &Tlsa<'_>, findings: &mut Findings<'_>) {
    const LENGTHS: [(u8, &str, usize); 2] = [(1, "SHA-256", 32), (2, "SHA-512", 64)];
    let (Value::Number(number), DigitsKind::Bytes(found)) = (tlsa.matching.value, tlsa.digits.kind) else {
        return;
    };
    let Some((_, digest, wanted)) = LENGTHS.iter().find(|(known, ..)| *known == number) else {
        return;
    };
    let Some(at) = tlsa.digits.text.whole().filter(|_| found != *wanted) else {
        return;
    };
    let other = LENGTHS.iter().find(|(_, _, length)| *length == found);
    let help = match other {
        Some((other, digest, _)) => {
            format!(
                "write matching type {other} if this is a {digest} digest, else all {} digits",
                wanted * 2
            )
        }
        None => format!("write all {} digits of the digest", wanted * 2),
    };
    findings
        .report(
            at,
            format!(
                "a {digest} digest has {} hexadecimal digits, and this has {}: no certificate matches it, and senders that \
                 check it do not deliver",
                wanted * 2,
                found * 2
            ),
            format!("{} digits", found * 2),
        )
        .help(help);
}

rule! {
    /// A TLSA record at port 25 that counts on certificate authorities.
    ///
    /// With usage 0 or 1 a certificate must also be signed by an authority that the sender trusts. Mail servers have no list
    /// of such authorities in common, so that senders may take the record for unusable, and then do not check the
    /// certificate at all. With usage 3 the record alone decides.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 1 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// _443._tcp.www TLSA 1 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// Never: 3 with the digest of the same key does more.
    /// # Source
    /// RFC 7671, section 4.1
    /// RFC 7672, section 3.1.3
    SMTP_PKIX_USAGE: "tlsa-smtp-pkix-usage", [Error], None, Tlsa(smtp_pkix_usage)
}

fn smtp_pkix_usage(tlsa: &Tlsa<'_>, findings: &mut Findings<'_>) {
    let Value::Number(usage @ (0 | 1)) = tlsa.usage.value else {
        return;
    };
    let at_port = tlsa::service(tlsa.owner).is_some_and(|(port, _)| port == SMTP);
    let Some(at) = place(&tlsa.usage).filter(|_| at_port) else {
        return;
    };
    let help = match usage {
        0 => {
            "write 2, if the servers send the certificate of the authority along, or 3 with the digest of the server's key"
        }
        _ => "write 3: the digest may stay",
    };
    findings
        .report(
            at,
            format!(
                "usage {usage} at port 25: senders may take the TLSA record for unusable, and then do not check the certificate"
            ),
            "asks for certificate authorities",
        )
        .help(help);
}

rule! {
    /// A TLSA record with the digest of a whole certificate.
    ///
    /// It no longer matches as soon as the certificate is renewed, which happens every few weeks. Until the record is
    /// changed, senders do not deliver. The digest of the key (selector 1) stays, as long as the new certificate has the same
    /// key.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 3 0 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// If the program that renews the certificate changes the record first.
    /// # Source
    /// RFC 7671, section 5.1
    CERT_SELECTOR: "tlsa-cert-selector", [Info], None, Tlsa(cert_selector), once_a_file
}

fn cert_selector(tlsa: &Tlsa<'_>, findings: &mut Findings<'_>) {
    let Some(at) = place(&tlsa.selector).filter(|_| tlsa.usage.is(3) && tlsa.selector.is(0)) else {
        return;
    };
    findings
        .report(
            at,
            "the TLSA record holds the whole certificate of the server: it stops matching at every renewal, and then senders do \
             not deliver",
            "the certificate",
        )
        .help("use the digest of the key, `3 1 1`, and keep the key when the certificate is renewed");
}

rule! {
    /// TLSA records of a host that are all of matching type 2.
    ///
    /// All senders that check TLSA records can compute SHA-256 (matching type 1); SHA-512 is theirs to support or not. A sender
    /// that does not finds no usable record, and does not check the certificate.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// _25._tcp.mail TLSA 3 1 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// If all senders that matter are known to support it.
    /// # Source
    /// RFC 7671, section 2
    SHA512_ONLY: "tlsa-sha512-only", [Info], None, Node(Holds::TLSA, sha512_only), once_a_file
}

fn sha512_only<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let mut first = None;
    for record in node.records() {
        let data = match &record.data {
            Data::Tlsa(data) => data,
            Data::Unknown => return,
            _ => continue,
        };
        let tlsa = tlsa::parse(&data.fields, &data.digits, node.name());
        if record.many || !tlsa.matching.is(2) {
            return;
        }
        first = first.or(place(&tlsa.matching).map(|at| (record, at)));
    }
    let Some((record, at)) = first else { return };
    findings.about(record);
    findings
        .report(
            at,
            format!(
                "`{}` has no TLSA record with a SHA-256 digest: a sender that cannot compute SHA-512 does not check the \
                 certificate",
                node.name()
            ),
            "only SHA-512",
        )
        .help("add a record with matching type 1 for the same key");
}

rule! {
    /// A TLSA record with a whole certificate or key.
    ///
    /// With matching type 0 the record holds all of it and not a digest. Such answers are large and may not fit a UDP packet,
    /// and a sender that cannot get them does not deliver.
    ///
    /// # Bad
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 0 30820122300d06092a864886f70d01010105000382010f00
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// If the certificate of the authority (usage 2) is not sent along by the servers.
    /// # Source
    /// RFC 7671, section 10.1.2
    FULL_DATA: "tlsa-full-data", [Info], None, Tlsa(full_data), once_a_file
}

fn full_data(tlsa: &Tlsa<'_>, findings: &mut Findings<'_>) {
    let Some(at) = place(&tlsa.matching).filter(|_| tlsa.matching.is(0)) else {
        return;
    };
    findings
        .report(
            at,
            "the TLSA record holds a whole certificate or key and no digest: the answer may be too large for a UDP packet",
            "no digest",
        )
        .help("use the digest of the key, `3 1 1`");
}
