//! Rules about the tags of a BIMI record: their form, their names, and those with a grammar of their own.

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
pub static RULES: &[Rule] = &[
    TAG_SYNTAX,
    TAG_CASE,
    DUPLICATE_TAG,
    AVP_INVALID,
    LPS_INVALID,
    UNKNOWN_TAG,
];

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
    /// An `avp` that is neither `brand` nor `personal`.
    ///
    /// `avp` says which image a receiver prefers: the one of the brand, or one of the person who sends. Any other value is
    /// ignored, and a receiver may refuse the whole record for it. The word is written in small letters.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; avp=Brand"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; avp=personal"
    /// ```
    /// # When to ignore
    /// Never: without the tag, receivers prefer the brand. BIMI is a draft: `bimi = "off"` in the settings switches off all
    /// rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    AVP_INVALID: "bimi-avp-invalid", [Error], Unsafe, Bimi(avp_invalid)
}

fn avp_invalid(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let Some(item) = bimi.item(TagName::Avp).filter(|item| item.tag.is_known) else {
        return;
    };
    let written = text.get(item.value.clone());
    let words = ["brand", "personal"];
    if words.iter().any(|word| written == word.as_bytes()) {
        return;
    }
    let Some(span) = text.span(item.value.clone()) else {
        return;
    };
    let meant = words.iter().find(|word| written.eq_ignore_ascii_case(word.as_bytes()));
    let (label, edits) = match meant {
        Some(word) => ("has to be in small letters", text.replace(item.value.clone(), word)),
        None if written.is_empty() => ("no value", None),
        None => ("no such preference", None),
    };
    findings
        .report(
            span,
            "`avp` is neither `brand` nor `personal`, so receivers ignore it, and may refuse the whole BIMI record",
            label,
        )
        .help("write `avp=brand` or `avp=personal`, or leave the tag out, which means `brand`")
        .fix("write it in small letters", Safety::Unsafe, edits);
}

/// How long a prefix in `lps` may be.
const PREFIX_MAX: usize = 63;

rule! {
    /// An element of `lps` that is no prefix.
    ///
    /// `lps` lists beginnings of local parts, the parts before the `@`, for which the record is: each 1 to 63 letters, digits
    /// and hyphens, with commas between them. Another element matches no address or spoils the list, so that mail which is
    /// to have this logo has none.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; lps=news_"
    /// ```
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; lps=news,,shop"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; lps=news-, shop"
    /// ```
    /// # When to ignore
    /// Never: the list can be written by the grammar. BIMI is a draft: `bimi = "off"` in the settings switches off all rules
    /// about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    LPS_INVALID: "bimi-lps-invalid", [Error], None, Bimi(lps_invalid)
}

fn lps_invalid(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let Some(item) = bimi.item(TagName::Lps).filter(|item| !item.value.is_empty()) else {
        return;
    };
    let value = item.value.clone();
    let mut start = value.start;
    while start <= value.end {
        let comma = memchr::memchr(b',', text.get(start..value.end)).map(|len| start + len);
        let whole = start..comma.unwrap_or(value.end);
        start = whole.end + 1;
        let blanks = text.get(whole.clone());
        let at = whole.end - blanks.trim_ascii_start().len()..whole.end;
        let at = at.start..at.start + text.get(at.clone()).trim_ascii_end().len();
        let element = text.get(at.clone());
        let label = if element.is_empty() {
            "nothing between the commas"
        } else if element.len() > PREFIX_MAX {
            "longer than 63 characters"
        } else if !element.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
            "a prefix is letters, digits and hyphens"
        } else {
            continue;
        };
        // What a template fills in may touch the element, or be all of it.
        let end = if whole.end == value.end {
            item.tag.whole.end
        } else {
            whole.end
        };
        let begin = if whole.start == value.start {
            item.tag.whole.start
        } else {
            whole.start
        };
        let Some(span) = text.span(at).filter(|_| text.is_known(begin..end)) else {
            continue;
        };
        findings
            .report(
                span,
                "an element of `lps` begins no address, so mail that is to have this logo may have none",
                label,
            )
            .help("list 1 to 63 letters, digits and hyphens for each prefix, with commas between them");
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
