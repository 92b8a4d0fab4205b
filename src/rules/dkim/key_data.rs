//! Rules about the data of a DKIM key: that it is there, whole, and can be decoded.

use crate::{
    diagnostic::Safety,
    policy::dkim::{
        Dkim,
        base64::{FaultKind, standard},
        content,
        key::{Data, Key},
        tag::TagName,
    },
    rule::{Findings, Rule, rule},
    rules::dkim::wording::{FAILS, span_of},
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MISSING_KEY,
    REVOKED_KEY,
    KEY_WHITESPACE,
    KEY_PEM,
    KEY_BASE64,
    KEY_TRUNCATED,
];

/// The key of a list of tags, and where it is written. A private one is a matter of its own, and nothing else of it counts.
pub(super) fn key<'d>(dkim: &'d Dkim<'_>) -> Option<(&'d Key, Span)> {
    let key = dkim.key().filter(|key| dkim.is_read() && !key.is_private())?;
    Some((key, dkim.text.span(key.at.clone())?))
}

rule! {
    /// A DKIM record without a key.
    ///
    /// `p` holds the key, and no record is one without it: signatures with this selector fail. An empty `p` says that the key
    /// is revoked.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: there is nothing to check a signature with.
    /// # Source
    /// RFC 6376, section 3.6.1
    MISSING_KEY: "dkim-missing-key", [Error], None, Dkim(missing_key)
}

fn missing_key(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let text = &dkim.text;
    let stands_for_it = |name: Option<TagName>, at: &[u8]| name.is_none() && content::is_key_data(at);
    let has_other = dkim.tags.iter().any(|tag| {
        stands_for_it(tag.name, text.get(tag.at.clone())) || stands_for_it(tag.name, text.get(tag.value.clone()))
    });
    if !dkim.lacks(TagName::P) || has_other {
        return;
    }
    let Some(span) = text.span(text.len()..text.len()) else {
        return;
    };
    findings
        .report(
            span,
            "the DKIM record has no `p`, so there is no key and signatures with this selector fail",
            "no `p` before this",
        )
        .help("write `p=` and the key, or `p=` alone if the key is revoked");
}

rule! {
    /// A DKIM key that is revoked.
    ///
    /// An empty `p` says that the key was taken away: signatures with this selector fail. That is right for a selector that is
    /// no longer signed with, and a mistake anywhere else.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p="
    /// ```
    /// # Good
    /// ```zone
    /// *._domainkey TXT "v=DKIM1; p="
    /// ```
    /// # When to ignore
    /// If the key was revoked on purpose.
    /// # Source
    /// RFC 6376, section 3.6.1
    /// RFC 6376, section 6.1.2
    REVOKED_KEY: "dkim-revoked-key", [Info], None, Dkim(revoked_key), once_a_file
}

fn revoked_key(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    if !dkim.is_revoked() || dkim.owner.is_wildcard() {
        return;
    }
    let Some(tag) = dkim.tag(TagName::P) else { return };
    let Some(span) = span_of(dkim, tag) else { return };
    findings
        .report(
            span,
            "this DKIM key is revoked: signatures with this selector fail",
            "nothing behind the `=`",
        )
        .help("leave it while mail from before is on its way, then remove the record");
}

rule! {
    /// Blanks inside a DKIM key.
    ///
    /// Verifiers must pass over them, but some do not, and then signatures fail there.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZ bpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZ" "bpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If no verifier that matters to you minds.
    /// # Source
    /// RFC 6376, section 3.6.1
    KEY_WHITESPACE: "dkim-key-whitespace", [Info], Safe, Dkim(key_whitespace), once_a_file
}

fn key_whitespace(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    const PLACES: usize = 20;
    let Some((key, _)) = key(dkim) else { return };
    let spans: Vec<Span> = key
        .parts
        .blanks
        .iter()
        .filter_map(|blank| dkim.text.span(blank.clone()))
        .collect();
    let [first, others @ ..] = &spans[..] else { return };
    let edits = || {
        let edits: Option<Vec<_>> = key
            .parts
            .blanks
            .iter()
            .map(|blank| dkim.text.replace(blank.clone(), ""))
            .collect();
        Some(edits?.concat())
    };
    let mut finding = findings
        .report(
            *first,
            "some verifiers cannot decode a DKIM key with blanks in it",
            "a blank in the key",
        )
        .help("remove the blanks")
        .fix("remove the blanks", Safety::Safe, edits());
    for other in others.iter().take(PLACES) {
        finding = finding.related(*other, "here too");
    }
}

rule! {
    /// The armour of a PEM file inside a DKIM key.
    ///
    /// The lines `-----BEGIN PUBLIC KEY-----` and `-----END PUBLIC KEY-----` belong to the file that the key was in. They are no
    /// base64, so verifiers cannot decode the key.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ==-----END PUBLIC KEY-----"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # When to ignore
    /// Never: verifiers cannot read it.
    /// # Source
    /// RFC 6376, section 3.6.1
    KEY_PEM: "dkim-key-pem", [Error], Unsafe, Dkim(key_pem)
}

fn key_pem(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, _)) = key(dkim) else { return };
    let spans: Vec<Span> = key
        .parts
        .armour
        .iter()
        .filter_map(|line| dkim.text.span(line.clone()))
        .collect();
    let [first, others @ ..] = &spans[..] else { return };
    let edits = || {
        let lines = key.parts.armour_with_blanks(dkim.text.bytes());
        let edits: Option<Vec<_>> = lines.into_iter().map(|line| dkim.text.replace(line, "")).collect();
        Some(edits?.concat())
    };
    let mut finding = findings
        .report(
            *first,
            format!("verifiers cannot decode a DKIM key with lines of PEM in it, so {FAILS}"),
            "a line of PEM",
        )
        .help("write the key without the lines `BEGIN` and `END`")
        .fix("remove the lines", Safety::Unsafe, edits());
    for other in others {
        finding = finding.related(*other, "and this");
    }
}

rule! {
    /// A DKIM key that is not base64.
    ///
    /// What stands behind `p=` must be base64, as a whole: the letters, the digits, `+`, `/`, and at the end as many `=` as
    /// make the length a multiple of four. Verifiers that cannot decode it have no key, and signatures fail. About `=` they do
    /// not agree: some take a key without.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX_mR-UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: all verifiers take it when it is right.
    /// # Source
    /// RFC 6376, section 3.6.1
    /// RFC 2045, section 6.8
    KEY_BASE64: "dkim-key-base64", [Error], Safe, Dkim(key_base64)
}

fn key_base64(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, _)) = key(dkim) else { return };
    let Some(fault) = &key.fault else { return };
    let text = &dkim.text;
    let Some(span) = text.span(fault.at.clone()) else {
        return;
    };
    let wanted = "=".repeat(key.parts.padding_wanted());
    let (label, help, safety, edits) = match fault.kind {
        FaultKind::Character => (
            "not a character of base64",
            "copy the key once more",
            Safety::Unsafe,
            None,
        ),
        FaultKind::UrlSafe => (
            "a character of the base64 for URLs",
            "write `+` for `-` and `/` for `_`",
            Safety::Unsafe,
            in_usual_alphabet(dkim, key),
        ),
        FaultKind::Padding if fault.at.is_empty() => (
            "`=` is missing here",
            "write `=` at the end until the length is a multiple of four",
            Safety::Safe,
            text.replace(fault.at.clone(), &wanted),
        ),
        FaultKind::Padding => (
            "not so many `=` belong here",
            "write as many `=` at the end as make the length a multiple of four",
            Safety::Safe,
            text.replace(fault.at.clone(), &wanted),
        ),
        FaultKind::Length => (
            "a character is missing, or one is too many",
            "copy the key once more",
            Safety::Unsafe,
            None,
        ),
        FaultKind::Bits => (
            "this character cannot be the last one",
            "copy the key once more",
            Safety::Unsafe,
            None,
        ),
    };
    // Without any octet, the key would be revoked.
    let edits = edits.filter(|_| !key.parts.symbols.is_empty());
    findings
        .report(
            span,
            format!("the DKIM key is not base64: verifiers cannot decode it, so {FAILS}"),
            label,
        )
        .help(help)
        .fix(help, safety, edits);
}

fn in_usual_alphabet(dkim: &Dkim<'_>, key: &Key) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for (index, byte) in dkim.text.get(key.at.clone()).iter().enumerate() {
        let right = standard(byte);
        if right != *byte {
            let at = key.at.start + index;
            edits.extend(
                dkim.text
                    .replace(at..at + 1, char::from(right).encode_utf8(&mut [0; 4]))?,
            );
        }
    }
    key.parts.armour.is_empty().then_some(edits)
}

rule! {
    /// A DKIM key that was cut off.
    ///
    /// The data says how long it is, and there is less of it. Mostly the key was cut where one string of a TXT record ends, after
    /// 255 octets: a longer key takes several strings. Signatures made with it fail.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3JPvOzSSqT9L9btNNTpVT5LyVRAPyXfpLCxQrO4+VPb3tbkLPr8upGRM"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ=="
    /// ```
    /// # When to ignore
    /// Never: nothing can be checked with a part of a key.
    /// # Source
    /// RFC 6376, section 3.6.1
    KEY_TRUNCATED: "dkim-key-truncated", [Error], None, Dkim(key_truncated)
}

fn key_truncated(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((key, _)) = key(dkim) else { return };
    let Data::Truncated { has, wants } = key.data else {
        return;
    };
    let Some(span) = dkim.text.span(key.at.end..key.at.end) else {
        return;
    };
    findings
        .report(
            span,
            format!("the DKIM key is cut off: {has} of its {wants} octets are there, so {FAILS}"),
            "the key ends here",
        )
        .help("copy all of it; what is longer than 255 octets takes several strings");
}
