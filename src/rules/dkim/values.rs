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
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    VALUE_CASE,
    KEY_TYPE_UNKNOWN,
    LIST_SYNTAX,
    HASH_NO_SHA256,
    HASH_SHA1,
    SERVICE_TYPE,
    UNKNOWN_TOKEN,
    TESTING,
    OBSOLETE_G,
];

const LISTS: [TagName; 3] = [TagName::H, TagName::S, TagName::T];

/// A list as it is known, with its tag: `None` where the tag is missing or not known, or an element is no word.
fn list<'d>(dkim: &'d Dkim<'_>, name: TagName) -> Option<(&'d Tag, Vec<Word>)> {
    let tag = dkim.tag(name)?;
    match dkim.list(name)? {
        List::Words(words) => Some((tag, words)),
        List::Malformed | List::Unknown => None,
    }
}

/// The edits that take an element out of a list of several, with the colon beside it.
fn without_word(dkim: &Dkim<'_>, words: &[Word], index: usize) -> Option<Vec<Edit>> {
    let at = words.get(index)?.at.clone();
    let range: Range<usize> = match (index.checked_sub(1), words.get(index + 1)) {
        (Some(before), _) => words[before].at.end..at.end,
        (None, Some(next)) => at.start..next.at.start,
        (None, None) => return None,
    };
    dkim.text.replace(range, "")
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
    /// A list in a DKIM key that is none.
    ///
    /// `h`, `s` and `t` have words with colons between them. A comma, a blank, or a colon with nothing behind it breaks the
    /// grammar: strict verifiers ignore the key, others do not see the words.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=y,s; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=y : s; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: what such a list says depends on who reads it.
    /// # Source
    /// RFC 6376, section 3.6.1
    LIST_SYNTAX: "dkim-list-syntax", [Error], Unsafe, Dkim(list_syntax)
}

fn list_syntax(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    for name in LISTS {
        let Some(tag) = dkim.tag(name).filter(|_| dkim.list(name) == Some(List::Malformed)) else {
            continue;
        };
        let Some(span) = dkim.text.span(tag.value.clone()) else {
            continue;
        };
        let written = String::from_utf8_lossy(dkim.text.get(tag.value.clone()));
        let words: Vec<&str> = written
            .split([':', ',', ' ', '\t', '/', '|', '+'])
            .filter(|word| !word.is_empty())
            .collect();
        let is_word = |word: &&str| {
            word.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*'))
        };
        let edits = (!words.is_empty() && words.iter().all(is_word))
            .then(|| dkim.text.replace(tag.value.clone(), &words.join(":")))
            .flatten();
        findings
            .report(
                span,
                format!(
                    "{} is no list of words: strict verifiers ignore the DKIM key, others do not see the words",
                    quoted(&dkim.text, &tag.at)
                ),
                "words are separated by `:`",
            )
            .help("write words with `:` between them")
            .fix("write `:` between the words", Safety::Unsafe, edits);
    }
}

rule! {
    /// A DKIM key that no valid signature can be made with.
    ///
    /// `h` lists the hash algorithms that the key may be used with, and sha256 is the only one that signatures have today. Where
    /// it is not listed, verifiers refuse all signatures of the key. Without `h`, all algorithms are allowed.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; h=sha1; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; h=sha256; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: the key is of no use.
    /// # Source
    /// RFC 8301, section 3.1
    /// RFC 6376, section 6.1.2
    HASH_NO_SHA256: "dkim-hash-no-sha256", [Error], Unsafe, Dkim(hash_no_sha256)
}

/// Whether a list has a word, in whatever case.
fn has(words: &[Word], wanted: &str) -> bool {
    words.iter().any(|word| word.known == Some(wanted))
}

fn hash_no_sha256(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((tag, words)) = list(dkim, TagName::H) else {
        return;
    };
    let Some(span) = dkim.text.span(tag.value.clone()).filter(|_| !has(&words, "sha256")) else {
        return;
    };
    findings
        .report(
            span,
            "`h` does not list sha256, which all valid signatures use, so verifiers refuse each signature of this key",
            "no `sha256`",
        )
        .help("remove `h`: all algorithms are then allowed")
        .fix("remove `h`", Safety::Unsafe, without(dkim, tag));
}

rule! {
    /// SHA-1 among the hash algorithms of a DKIM key.
    ///
    /// Signatures with SHA-1 are not valid any more: signers must not make them, and verifiers must not accept them. A verifier
    /// that still does makes forgery easier.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; h=sha1:sha256; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; h=sha256; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If an old program still signs with SHA-1, and whoever gets its mail accepts that.
    /// # Source
    /// RFC 8301, section 3.1
    HASH_SHA1: "dkim-hash-sha1", [Warning], Safe, Dkim(hash_sha1), once_a_file
}

fn hash_sha1(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((_, words)) = list(dkim, TagName::H).filter(|(_, words)| has(words, "sha256")) else {
        return;
    };
    let Some(index) = words.iter().position(|word| word.known == Some("sha1")) else {
        return;
    };
    let Some(span) = dkim.text.span(words[index].at.clone()) else {
        return;
    };
    findings
        .report(
            span,
            "`h` allows SHA-1, with which signatures are not valid any more",
            "obsolete",
        )
        .help("list `sha256` alone")
        .fix("remove it", Safety::Safe, without_word(dkim, &words, index));
}

rule! {
    /// A DKIM key that is not for mail.
    ///
    /// `s` lists the services that the key is for: `*` for all, which is the default, `email`, and `tlsrpt` for reports about
    /// TLS. Where it lists none of them, verifiers of mail ignore the key.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; s=xmpp; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; s=email; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If the key is for another service on purpose.
    /// # Source
    /// RFC 6376, section 3.6.1
    /// RFC 8460, section 3
    SERVICE_TYPE: "dkim-service-type", [Error], None, Dkim(service_type)
}

fn service_type(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let Some((tag, words)) = list(dkim, TagName::S) else {
        return;
    };
    let is_usable = words.iter().any(|word| word.known.is_some());
    let Some(span) = dkim.text.span(tag.value.clone()).filter(|_| !is_usable) else {
        return;
    };
    findings
        .report(
            span,
            format!(
                "verifiers of mail ignore a DKIM key that is only for {}, so {FAILS}",
                quoted(&dkim.text, &tag.value)
            ),
            "neither `*` nor `email`",
        )
        .help("write `s=email`, or leave `s` out");
}

rule! {
    /// A word in a DKIM key that nobody knows.
    ///
    /// Verifiers ignore words that they do not know in `h`, `s` and `t`. Mostly they are misspelt, and what they were to say is
    /// not said.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=x; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=s; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If you know who reads it.
    /// # Source
    /// RFC 6376, section 3.6.1
    UNKNOWN_TOKEN: "dkim-unknown-token", [Info], Unsafe, Dkim(unknown_token), once_a_file
}

fn unknown_token(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    for name in LISTS {
        let Some((tag, words)) = list(dkim, name) else { continue };
        // Without a usable word, the list itself is at fault.
        let is_usable = match name {
            TagName::H => has(&words, "sha256"),
            TagName::S => words.iter().any(|word| word.known.is_some()),
            _ => true,
        };
        for (index, word) in words
            .iter()
            .enumerate()
            .filter(|(_, word)| is_usable && word.known.is_none())
        {
            let Some(span) = dkim.text.span(word.at.clone()) else {
                continue;
            };
            let edits = match words.len() {
                1 => without(dkim, tag),
                _ => without_word(dkim, &words, index),
            };
            findings
                .report(
                    span,
                    format!(
                        "`{}` has no {}, so verifiers ignore it",
                        name.word(),
                        quoted(&dkim.text, &word.at)
                    ),
                    "not defined",
                )
                .help("remove it, unless you know who reads it")
                .fix("remove it", Safety::Unsafe, edits);
        }
    }
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
