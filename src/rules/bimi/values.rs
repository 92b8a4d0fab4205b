//! Rules about the tags of a BIMI record that have a grammar of their own.

use crate::{
    diagnostic::Safety,
    policy::bimi::{Bimi, TagName},
    rule::{Findings, Rule, rule},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[AVP_INVALID, LPS_INVALID];

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
