//! Rules about the lists of words in a DKIM key: hash algorithms, services, flags.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::dkim::{
        Dkim,
        list::{List, Word},
        tag::TagName,
    },
    rule::{Findings, Rule, rule},
    rules::{
        dkim::{
            values::{LISTS, list},
            wording::{FAILS, without},
        },
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[LIST_SYNTAX, HASH_NO_SHA256, HASH_SHA1, SERVICE_TYPE, UNKNOWN_TOKEN];

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
