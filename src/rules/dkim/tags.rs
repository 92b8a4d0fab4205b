//! Rules about the tags of a DKIM key as a list: their names, what separates them, and which stand there twice.

use crate::{
    diagnostic::{Safety, Severity},
    policy::dkim::{
        Dkim,
        tag::{Shape, Spelling, Tag, TagName},
    },
    rule::{Findings, Rule, rule},
    rules::{
        dkim::wording::{FAILS, span_of, without},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MALFORMED_TAG,
    MISSING_SEPARATOR,
    EMPTY_TAG,
    EMPTY_VALUE,
    DUPLICATE_TAG,
    UNKNOWN_TAG,
    TAG_CASE,
];

rule! {
    /// A part of a DKIM key that is not `name=value`.
    ///
    /// Between two semicolons stand a name, `=`, and a value. Verifiers must ignore a record that is malformed, and then all
    /// signatures made with the key fail.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k:ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v = DKIM1; k = ed25519; p = 2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: strict verifiers ignore the whole record.
    /// # Source
    /// RFC 6376, section 3.2
    /// RFC 6376, section 6.1.2
    MALFORMED_TAG: "dkim-malformed-tag", [Error], Unsafe, Dkim(malformed_tag)
}

fn malformed_tag(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let text = &dkim.text;
    for tag in &dkim.tags {
        let label = match tag.shape {
            Shape::NoEquals if tag.spelling == Spelling::Absent => "a value without its name",
            Shape::NoEquals => "no `=`",
            Shape::BadName if tag.name_at.is_empty() => "no name before the `=`",
            // Such a character is a fault of its own.
            Shape::BadName if text.get(tag.name_at.clone()).is_ascii() => {
                "a name is a letter, then letters, digits and `_`"
            }
            _ => continue,
        };
        let Some(span) = span_of(dkim, tag) else { continue };
        let name = tag.name.filter(|_| tag.counts());
        let edits =
            name.and_then(|name| text.replace(tag.name_at.start..tag.value_start, &format!("{}=", name.word())));
        let help = match tag.name {
            Some(name) => format!("write `{}=` before the value", name.word()),
            None => "write tags as `name=value`, and `;` between them".to_string(),
        };
        findings
            .report(
                span,
                format!(
                    "{} is not `name=value`, so verifiers ignore the DKIM key and {FAILS}",
                    quoted(text, &tag.at)
                ),
                label,
            )
            .help(help)
            .fix("write the name and `=`", Safety::Unsafe, edits);
    }
}

rule! {
    /// Two tags of a DKIM key without a semicolon between them.
    ///
    /// Only a semicolon ends a tag. `k=rsa p=MII...` is one tag: the type of the key is then `rsa p=MII...`, which nobody
    /// knows, and there is no key.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519 p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1, k=ed25519, p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1;k=ed25519;n=was k=rsa;p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: no verifier reads it as two tags.
    /// # Source
    /// RFC 6376, section 3.2
    MISSING_SEPARATOR: "dkim-missing-separator", [Error], Unsafe, Dkim(missing_separator)
}

fn missing_separator(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    for pair in dkim.tags.windows(2) {
        let [before, tag] = pair else { continue };
        let Some(at) = &tag.missing else { continue };
        let Some(span) = dkim.text.span(at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "no `;` before {}: verifiers take it for a part of {}, so {FAILS}",
                    quoted(&dkim.text, &tag.name_at),
                    quoted(&dkim.text, &before.at)
                ),
                "a `;` is missing",
            )
            .help("write `;` between two tags")
            .fix("write `; `", Safety::Unsafe, dkim.text.replace(at.clone(), "; "));
    }
}

rule! {
    /// Two semicolons of a DKIM key without a tag between them.
    ///
    /// The grammar has a tag between any two semicolons. Most verifiers pass over the gap, but a strict one refuses the record.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1;; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4=;"
    /// ```
    /// # When to ignore
    /// If no verifier that matters to you minds.
    /// # Source
    /// RFC 6376, section 3.2
    EMPTY_TAG: "dkim-empty-tag", [Warning], Safe, Dkim(empty_tag), once_a_file
}

fn empty_tag(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let is_empty = |tag: &Tag| tag.shape == Shape::Empty;
    for run in dkim.tags.chunk_by(|a, b| is_empty(a) && is_empty(b)) {
        let [first, ..] = run else { continue };
        let Some(last) = run.last().filter(|last| is_empty(last) && last.closed) else {
            continue;
        };
        let end = last.whole.end + 1;
        let Some(span) = dkim.text.span(first.whole.end..end) else {
            continue;
        };
        findings
            .report(
                span,
                "no tag before this `;` of the DKIM key: strict verifiers refuse the record",
                "no tag before this",
            )
            .help("write one `;` between tags, and at most one at the end")
            .fix(
                "remove the extra `;`",
                Safety::Safe,
                dkim.text.replace(first.whole.start..end, ""),
            );
    }
}

rule! {
    /// A tag of a DKIM key without a value that it needs.
    ///
    /// An empty value is not the default: `k=` is a key of no type, `h=` allows no hash, `s=` no service, and `t=` breaks the
    /// grammar. Verifiers ignore the key, or the tag, as they are made.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; t=; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; n=; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: without the tag, its default counts.
    /// # Source
    /// RFC 6376, section 3.2
    /// RFC 6376, section 3.6.1
    EMPTY_VALUE: "dkim-empty-value", [Error], Unsafe, Dkim(empty_value)
}

fn empty_value(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    for tag in &dkim.tags {
        let needs_one = matches!(tag.name, Some(TagName::K | TagName::H | TagName::S | TagName::T));
        if tag.shape != Shape::NoValue || !needs_one || tag.is_again() {
            continue;
        }
        let Some(span) = dkim.text.span(tag.at.clone()) else {
            continue;
        };
        let name = quoted(&dkim.text, &tag.name_at);
        findings
            .report(
                span,
                format!("{name} has no value, which is not its default: verifiers ignore the DKIM key, and {FAILS}"),
                "nothing behind the `=`",
            )
            .help("write a value, or remove the tag")
            .fix("remove the tag", Safety::Unsafe, without(dkim, tag));
    }
}

rule! {
    /// A tag that stands twice in a DKIM key.
    ///
    /// A repeated tag makes the whole list invalid. Strict verifiers ignore the key; of the others some use the first value and
    /// some the last.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: nobody can tell what the record means.
    /// # Source
    /// RFC 6376, section 3.2
    DUPLICATE_TAG: "dkim-duplicate-tag", [Error], Unsafe, Dkim(duplicate_tag)
}

fn duplicate_tag(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let text = &dkim.text;
    for tag in dkim.tags.iter().filter(|tag| tag.is_again()) {
        let first = tag.instead.and_then(|index| dkim.tags.get(index));
        let (Some(first), Some(span)) = (first, span_of(dkim, tag)) else {
            continue;
        };
        let Some(other) = span_of(dkim, first) else { continue };
        let is_same = tag.is_known && first.is_known && text.get(tag.value.clone()) == text.get(first.value.clone());
        let edits = is_same.then(|| without(dkim, tag)).flatten();
        findings
            .report(
                span,
                format!(
                    "{} stands twice in the DKIM key: strict verifiers ignore it, others choose one of the two",
                    quoted(text, &tag.name_at)
                ),
                "again",
            )
            .related(other, "the first one")
            .help("keep one of the two")
            .fix("remove the second one", Safety::Unsafe, edits);
    }
}

rule! {
    /// A tag of a DKIM key that no standard defines.
    ///
    /// Verifiers ignore it. Mostly it belongs to the header of a signature (`a=rsa-sha256`), or a letter is left over from an
    /// escape (`nk=rsa`), and then what it was to say is not said.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; a=rsa-sha256; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If you know who reads the tag.
    /// # Source
    /// RFC 6376, section 3.2
    UNKNOWN_TAG: "dkim-unknown-tag", [Warning], Unsafe, Dkim(unknown_tag), once_a_file
}

fn unknown_tag(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    for tag in &dkim.tags {
        let is_read = matches!(tag.shape, Shape::Right | Shape::NoValue);
        if !is_read || tag.name.is_some() || tag.is_again() {
            continue;
        }
        let Some(span) = dkim.text.span(tag.name_at.clone()) else {
            continue;
        };
        let written = quoted(&dkim.text, &tag.name_at);
        let (help, title, edits) = match meant(dkim, tag) {
            Some(name) => (
                format!("write `{}`", name.word()),
                format!("replace {written} by `{}`", name.word()),
                dkim.text.replace(tag.name_at.clone(), name.word()),
            ),
            None => (
                "remove it, unless you know who reads it".to_string(),
                "remove the tag".to_string(),
                without(dkim, tag),
            ),
        };
        findings
            .report(
                span,
                format!("DKIM keys have no tag {written}, so verifiers ignore it"),
                "not defined",
            )
            .help(help)
            .fix(title, Safety::Unsafe, edits);
    }
}

/// The tag that remains of an unknown name without a letter that an escape left over: `\\n` before `k=rsa`.
fn meant(dkim: &Dkim<'_>, tag: &Tag) -> Option<TagName> {
    match dkim.text.get(tag.name_at.clone()) {
        [b'n' | b'r' | b't', letter] => {
            TagName::named(&[*letter]).filter(|name| letter.is_ascii_lowercase() && dkim.tag(*name).is_none())
        }
        _ => None,
    }
}

rule! {
    /// A tag of a DKIM key in capital letters.
    ///
    /// Names of tags are written in small letters, and their case counts: `P=` is an unknown tag, and without `p` there is no
    /// key. Of the other tags, the default counts instead.
    ///
    /// # Severity
    /// An error for `P`, without which there is no key; a warning for all others.
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; P=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: small letters are understood by all.
    /// # Source
    /// RFC 6376, section 3.2
    TAG_CASE: "dkim-tag-case", [Error, Warning], Unsafe, Dkim(tag_case)
}

fn tag_case(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    for tag in dkim.tags.iter().filter(|tag| tag.spelling == Spelling::Case) {
        let (Some(name), Some(span)) = (tag.name, dkim.text.span(tag.name_at.clone())) else {
            continue;
        };
        let (written, right) = (quoted(&dkim.text, &tag.name_at), name.word());
        let (message, severity) = match name {
            TagName::P => (
                format!(
                    "for verifiers {written} is not `p`, so there is no key and signatures with this selector fail"
                ),
                Severity::Error,
            ),
            _ => (
                format!("for verifiers {written} is not `{right}`, so what it says does not count"),
                Severity::Warning,
            ),
        };
        // Beside the tag in small letters, it would stand there twice.
        let edits = tag
            .counts()
            .then(|| dkim.text.replace(tag.name_at.clone(), right))
            .flatten();
        findings
            .report(span, message, "a capital letter")
            .severity(severity)
            .help(match tag.counts() {
                true => format!("write `{right}`"),
                false => format!("remove it: there is a `{right}`"),
            })
            .fix(format!("replace {written} by `{right}`"), Safety::Unsafe, edits);
    }
}
