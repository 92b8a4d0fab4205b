//! Rules about the values of a DKIM key's tags, but for the key itself.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    policy::dkim::{
        Dkim,
        key::KeyType,
        list::{List, Word, known},
        tag::{Tag, TagName},
    },
    rule::{Findings, Rule, rule},
    rules::{
        dkim::wording::{FAILS, removal, span_of, without},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[VALUE_CASE, KEY_TYPE_UNKNOWN, TESTING, OBSOLETE_G];

pub(super) const LISTS: [TagName; 3] = [TagName::H, TagName::S, TagName::T];

/// A list as it is known, with its tag: `None` where the tag is missing or not known, or an element is no word.
pub(super) fn list<'d>(dkim: &'d Dkim<'_>, name: TagName) -> Option<(&'d Tag, Vec<Word>)> {
    let tag = dkim.tag(name)?;
    match dkim.list(name)? {
        List::Words(words) => Some((tag, words)),
        List::Malformed | List::Unknown => None,
    }
}

rule! {
    /// A word in a DKIM key in capital letters.
    ///
    /// The case of these words counts: for a strict verifier `k=RSA` is a type of key that it does not know, so that it ignores
    /// the record, `h=SHA256` no hash, and `t=S` no flag.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=Ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: small letters are understood by all.
    /// # Source
    /// RFC 6376, section 3.2
    VALUE_CASE: "dkim-value-case", [Warning], Unsafe, Dkim(value_case)
}

fn value_case(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let text = &dkim.text;
    let of_k = || -> Option<(Range<usize>, &str)> {
        let tag = dkim.tag(TagName::K).filter(|tag| tag.is_known)?;
        let written = text.get(tag.value.clone());
        let known = known(TagName::K)
            .iter()
            .find(|word| written.eq_ignore_ascii_case(word.as_bytes()))?;
        (written != known.as_bytes()).then_some((tag.value.clone(), *known))
    };
    let of_lists = LISTS.into_iter().filter_map(|name| list(dkim, name));
    let words = of_lists.flat_map(|(_, words)| words).filter(|word| !word.is_exact);
    let words = words.filter_map(|word| Some((word.at, word.known?)));
    for (at, right) in of_k().into_iter().chain(words) {
        let Some(span) = text.span(at.clone()) else { continue };
        findings
            .report(
                span,
                format!(
                    "for strict verifiers {} is not `{right}`, and they do not know it",
                    quoted(text, &at)
                ),
                "the case of the letters counts",
            )
            .help(format!("write `{right}`"))
            .fix(format!("write `{right}`"), Safety::Unsafe, text.replace(at, right));
    }
}

rule! {
    /// A DKIM key of a type that DKIM does not have.
    ///
    /// `k` is `rsa`, which is also the default, or `ed25519`. Verifiers ignore a key of any other type. `rsa-sha256` is the
    /// algorithm of a signature, and a size does not belong here.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519-sha256; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: verifiers ignore the key.
    /// # Source
    /// RFC 6376, section 3.6.1
    /// RFC 8463, section 4.2
    KEY_TYPE_UNKNOWN: "dkim-key-type-unknown", [Error], Unsafe, Dkim(key_type_unknown)
}

fn key_type_unknown(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(tag) = dkim.tag(TagName::K).filter(|tag| !tag.value.is_empty()) else {
        return;
    };
    let Some(span) = dkim
        .text
        .span(tag.value.clone())
        .filter(|_| dkim.key_type() == KeyType::Other)
    else {
        return;
    };
    let written = dkim.text.get(tag.value.clone());
    let starts = |word: &&str| {
        let start = written.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    let meant = known(TagName::K).iter().copied().find(starts);
    let help = match meant {
        Some(meant) => format!("write `k={meant}`"),
        None => "write `k=rsa` or `k=ed25519`, as the key is".to_string(),
    };
    findings
        .report(
            span,
            format!(
                "DKIM has no keys of the type {}, so verifiers ignore this one and {FAILS}",
                quoted(&dkim.text, &tag.value)
            ),
            "neither `rsa` nor `ed25519`",
        )
        .help(help.clone())
        .fix(
            help,
            Safety::Unsafe,
            meant.and_then(|meant| dkim.text.replace(tag.value.clone(), meant)),
        );
}

rule! {
    /// A DKIM key that says that it is only tested.
    ///
    /// With `t=y`, verifiers treat mail with this signature like mail without one. Many signers forget to take it away.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=y; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=s; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// While you are testing.
    /// # Source
    /// RFC 6376, section 3.6.1
    TESTING: "dkim-testing", [Warning], None, Dkim(testing), once_a_file
}

fn testing(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((_, words)) = list(dkim, TagName::T).filter(|_| !dkim.is_revoked()) else {
        return;
    };
    let Some(word) = words.iter().find(|word| word.known == Some("y")) else {
        return;
    };
    let Some(span) = dkim.text.span(word.at.clone()) else {
        return;
    };
    findings
        .report(
            span,
            "the DKIM key says that it is only tested, so verifiers treat mail signed with it like mail that is not signed",
            "only a test",
        )
        .help("remove `y` once signatures are right");
}

rule! {
    /// The tag `g` in a DKIM key.
    ///
    /// It said which local parts the key may sign for, and was removed from DKIM in 2011. Verifiers ignore it; those of old
    /// take an empty one to match nobody.
    ///
    /// # Severity
    /// A warning; an info for `g=*`, which says nothing.
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; g=*; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If a service gave you the key with `g=*`; it does no harm.
    /// # Source
    /// RFC 6376, section C.2
    OBSOLETE_G: "dkim-obsolete-g", [Warning, Info], Safe, Dkim(obsolete_g), once_a_file
}

fn obsolete_g(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some(tag) = dkim.tag(TagName::G) else { return };
    let Some(span) = span_of(dkim, tag).filter(|_| tag.is_known) else {
        return;
    };
    let is_all = dkim.text.get(tag.value.clone()) == b"*";
    let (message, severity, safety) = match is_all {
        true => (
            "`g` was removed from DKIM, and `g=*` says nothing",
            Severity::Info,
            removal(dkim, tag),
        ),
        false => (
            "`g` was removed from DKIM: verifiers ignore it, but those of old do not accept the key for other senders",
            Severity::Warning,
            Safety::Unsafe,
        ),
    };
    findings
        .report(span, message, "obsolete")
        .severity(severity)
        .help("remove it")
        .fix("remove it", safety, without(dkim, tag));
}
