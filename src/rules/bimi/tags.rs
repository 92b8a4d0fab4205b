//! Rules about the tags of a BIMI record: their form and their names.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    diagnostic::Safety,
    policy::{
        bimi::{Bimi, Shape, TagName, item::Item},
        tags::trim,
    },
    rule::{Findings, Rule, rule},
    rules::{
        fields::span_of,
        wording::{BIMI, quoted},
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[TAG_SYNTAX, TAG_CASE, DUPLICATE_TAG, UNKNOWN_TAG];

rule! {
    /// A part of a BIMI record that is not `name=value`.
    ///
    /// Between semicolons stand a name of letters, digits and `_`, then `=`, then a value. One part without this form makes
    /// the whole list of tags malformed: receivers ignore the record and show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l https://example.com/logo.svg"
    /// ```
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; my-tag=1"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v = BIMI1; l = https://example.com/logo.svg;"
    /// ```
    /// # When to ignore
    /// Never: the record can be written by the grammar. BIMI is a draft: `bimi = "off"` in the settings switches off all rules
    /// about it.
    /// # Source
    /// RFC 6376, section 3.2
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    TAG_SYNTAX: "bimi-tag-syntax", [Error], Unsafe, Bimi(tag_syntax)
}

fn tag_syntax(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    for item in &bimi.items {
        let (at, label, edits) = match &item.shape {
            Shape::NoEquals(sign) => (
                item.tag.at.clone(),
                "no `=`",
                sign.clone().and_then(|sign| text.replace(sign, "=")),
            ),
            Shape::BadName => bad_name(bimi, item),
            _ => continue,
        };
        let Some(span) = text.span(at) else { continue };
        findings
            .report(
                span,
                format!(
                    "{} is not `name=value`, so {}",
                    quoted(text, &item.tag.at),
                    BIMI.malformed
                ),
                label,
            )
            .help("write tags as `name=value`, with `;` between them")
            .fix("write it as `name=value`", Safety::Unsafe, edits);
    }
}

/// What is wrong with a name, and the edits that mend it: a character that only looks like a blank, or is not to be seen.
fn bad_name(bimi: &Bimi<'_>, item: &Item) -> (Range<usize>, &'static str, Option<Vec<Edit>>) {
    let text = bimi.text;
    let name = text.get(item.name_at.clone());
    let Some(odd) = name.iter().position(|byte| !byte.is_ascii()) else {
        return (
            item.tag.at.clone(),
            "a name is letters, digits and `_`, a letter first",
            None,
        );
    };
    let char = name[odd..]
        .utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next());
    let start = item.name_at.start + odd;
    let bare = trim(text.bytes(), item.name_at.clone());
    let edits = std::str::from_utf8(text.get(bare)).ok().filter(|_| item.name.is_some());
    (
        start..start + char.map_or(1, char::len_utf8),
        "not a character of a name",
        edits.and_then(|bare| text.replace(item.name_at.clone(), bare)),
    )
}

rule! {
    /// A tag of BIMI in capital letters.
    ///
    /// Names of tags are written in small letters; `L` is another tag than `l`, which no receiver knows. Without an `l` they
    /// show no logo, and a misspelt `A`, `AVP` or `LPS` does nothing.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; L=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/Logo.svg"
    /// ```
    /// # When to ignore
    /// Never: receivers must not mend the case. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about
    /// it.
    /// # Source
    /// RFC 6376, section 3.2
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    TAG_CASE: "bimi-tag-case", [Error], Unsafe, Bimi(tag_case)
}

fn tag_case(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let counted = TagName::ALL.map(|name| bimi.item(name));
    for item in bimi.items.iter().filter(|item| item.shape == Shape::Case) {
        let (Some(name), Some(span)) = (item.name, text.span(item.name_at.clone())) else {
            continue;
        };
        let word = name.word();
        let lost = match name {
            TagName::V | TagName::L => "receivers show no logo",
            _ => "receivers ignore it",
        };
        // Beside one in small letters it would stand there twice.
        let is_alone = counted.iter().flatten().any(|other| std::ptr::eq(*other, item));
        findings
            .report(
                span,
                format!(
                    "{} is not the tag `{word}`: the case of the letters counts, so {lost}",
                    quoted(text, &item.name_at)
                ),
                "has to be in small letters",
            )
            .help(format!("write `{word}`"))
            .fix(
                "write it in small letters",
                Safety::Unsafe,
                is_alone.then(|| text.replace(item.name_at.clone(), word)).flatten(),
            );
    }
}

rule! {
    /// A tag that stands twice in a BIMI record.
    ///
    /// A list of tags in which one stands twice is malformed as a whole: receivers ignore the record and show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; l=https://example.com/other.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// Never: no receiver chooses between them. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about
    /// it.
    /// # Source
    /// RFC 6376, section 3.2
    DUPLICATE_TAG: "bimi-duplicate-tag", [Error], None, Bimi(duplicate_tag)
}

fn duplicate_tag(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let mut seen: BTreeMap<&[u8], &Item> = BTreeMap::new();
    for item in &bimi.items {
        let is_named = matches!(item.shape, Shape::Right | Shape::NoEquals(Some(_)));
        if !is_named {
            continue;
        }
        let name = text.get(item.name_at.clone());
        let Some(first) = seen.get(name) else {
            seen.insert(name, item);
            continue;
        };
        let Some(span) = span_of(text, &item.tag) else { continue };
        let finding = findings
            .report(
                span,
                format!(
                    "the tag {} stands twice, so {}",
                    quoted(text, &item.name_at),
                    BIMI.malformed
                ),
                "a second time",
            )
            .help("keep one of them");
        if let Some(first) = span_of(text, &first.tag) {
            finding.related(first, "the first time");
        }
    }
}

rule! {
    /// A tag of a BIMI record that the draft does not define.
    ///
    /// Receivers ignore it. It may be a misspelt one, one from an older draft, or an extension that somebody else reads.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; s=brand; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// If you know who reads the tag. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    UNKNOWN_TAG: "bimi-unknown-tag", [Info], None, Bimi(unknown_tag)
}

fn unknown_tag(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let is_unknown = |item: &&Item| item.shape == Shape::Right && item.name.is_none();
    for item in bimi.items.iter().filter(is_unknown) {
        let Some(span) = text.span(item.name_at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "receivers ignore the tag {} of the BIMI record",
                    quoted(text, &item.name_at)
                ),
                "not defined",
            )
            .help("remove it, unless you know who reads it");
    }
}
