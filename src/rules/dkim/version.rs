//! Rules about the version of a DKIM key.

use crate::{
    diagnostic::Safety,
    policy::dkim::{
        Dkim,
        tag::{Shape, Spelling, TagName},
    },
    rule::{Findings, Rule, rule},
    rules::{
        dkim::wording::{FAILS, span_of, without},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[VERSION_MISSING, VERSION_INVALID, VERSION_NOT_FIRST];

const VERSION: &str = "DKIM1";

rule! {
    /// A DKIM key without its version.
    ///
    /// `v=DKIM1` may be left out, and verifiers then take the record for what it is. With it, people and programs see at once
    /// what the record is for.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If a service gave you the key so; it works.
    /// # Source
    /// RFC 6376, section 3.6.1
    VERSION_MISSING: "dkim-version-missing", [Info], Safe, Dkim(version_missing), once_a_file
}

fn version_missing(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(span) = dkim.text.span(0..0).filter(|_| dkim.lacks(TagName::V)) else {
        return;
    };
    findings
        .report(
            span,
            "the DKIM key has no version, which is recommended",
            "no `v=DKIM1` here",
        )
        .help("write `v=DKIM1; ` before the first tag")
        .fix("write `v=DKIM1; `", Safety::Safe, dkim.text.replace(0..0, "v=DKIM1; "));
}

rule! {
    /// A DKIM key with another version than `DKIM1`.
    ///
    /// Verifiers compare the version letter by letter and discard a record with any other. `v=1` belongs to the header of a
    /// signature.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=dkim1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// s1._domainkey TXT "v=1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: strict verifiers discard the key.
    /// # Source
    /// RFC 6376, section 3.6.1
    VERSION_INVALID: "dkim-version-invalid", [Error], Unsafe, Dkim(version_invalid)
}

fn version_invalid(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(tag) = dkim
        .tag(TagName::V)
        .filter(|tag| tag.is_known && tag.spelling != Spelling::Absent)
    else {
        return;
    };
    let text = &dkim.text;
    if text.get(tag.value.clone()) == VERSION.as_bytes() {
        return;
    }
    let span = match tag.value.is_empty() {
        true => span_of(dkim, tag),
        false => text.span(tag.value.clone()),
    };
    let Some(span) = span else { return };
    let is_case = text.get(tag.value.clone()).eq_ignore_ascii_case(VERSION.as_bytes());
    findings
        .report(
            span,
            format!(
                "the version of a DKIM key is `DKIM1`; verifiers discard one with {}, so {FAILS}",
                quoted(text, &tag.at)
            ),
            if is_case {
                "the case of the letters counts"
            } else {
                "not a version of DKIM keys"
            },
        )
        .help("write `v=DKIM1`")
        .fix(
            "write `DKIM1`",
            Safety::Unsafe,
            text.replace(tag.value.clone(), VERSION),
        );
}

rule! {
    /// A DKIM key whose version is not its first tag.
    ///
    /// `v=DKIM1` may be left out, but if it is there it must come first. Strict verifiers discard the key otherwise.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "k=ed25519; v=DKIM1; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4=; k=ed25519"
    /// ```
    /// # When to ignore
    /// If no verifier that matters to you minds.
    /// # Source
    /// RFC 6376, section 3.6.1
    VERSION_NOT_FIRST: "dkim-version-not-first", [Error], Unsafe, Dkim(version_not_first)
}

fn version_not_first(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(tag) = dkim.tag(TagName::V) else { return };
    let first = dkim.tags.iter().find(|other| other.shape != Shape::Empty);
    if first.is_some_and(|first| first.at == tag.at) {
        return;
    }
    let Some(span) = span_of(dkim, tag) else { return };
    let edits = || {
        let written = std::str::from_utf8(dkim.text.get(tag.at.clone())).ok()?;
        let mut edits = dkim.text.replace(0..0, &format!("{written}; "))?;
        edits.extend(without(dkim, tag)?);
        Some(edits)
    };
    findings
        .report(
            span,
            format!("the version is not the first tag of the DKIM key: strict verifiers discard it, and {FAILS}"),
            "comes too late",
        )
        .help("write `v=DKIM1` before all other tags")
        .fix("move it to the start", Safety::Unsafe, edits());
}
