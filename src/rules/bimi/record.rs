//! Rules about which TXT record at a BIMI name counts, and how it begins.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::{
        bimi::{self, Bimi, Version},
        version::Wrong,
    },
    rule::{Findings, Rule, rule},
    rules::{
        fields::without,
        version::{self, version_edits, version_label},
        wording::BIMI,
    },
    text::Edit,
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[VERSION_INVALID, VERSION_NOT_FIRST, RECORD_MULTIPLE, RECORD_FOREIGN];

rule! {
    /// A BIMI record that does not begin with `v=BIMI1`.
    ///
    /// Receivers drop every TXT record at a BIMI name whose first tag is not this very version, and show no logo beside mail
    /// of the domain. Capitals count: `v=bimi1` is another version, and receivers must not mend it.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=bimi1; l=https://example.com/logo.svg"
    /// ```
    /// ```zone
    /// default._bimi TXT "v=BIMI1, l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// Never: no receiver looks at such a record. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about
    /// it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    VERSION_INVALID: "bimi-version-invalid", [Error], Unsafe, Bimi(version_invalid)
}

fn version_invalid(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let (at, label, edits) = match &bimi.version {
        Version::Separator(at) => {
            let new = if text.get(at.end..at.end + 1) == b";" { "" } else { "; " };
            let label = if text.get(at.clone()).contains(&b',') {
                "a comma does not separate tags"
            } else {
                "no `;`"
            };
            (at.clone(), label.to_string(), text.replace(at.clone(), new))
        }
        Version::Wrong(wrong) => (
            value_at(bimi, wrong),
            version_label(text, wrong, &BIMI),
            version_edits(text, wrong, BIMI.dialect),
        ),
        _ => return,
    };
    let Some(span) = text.span(at) else { return };
    findings
        .report(
            span,
            format!("BIMI record does not begin with `v=BIMI1;`, so {}", BIMI.lost),
            label,
        )
        .help("begin the text with `v=BIMI1;`")
        .fix("begin the record with `v=BIMI1;`", Safety::Unsafe, edits);
}

/// The value of `v`, if that is what is wrong.
fn value_at(bimi: &Bimi<'_>, wrong: &Wrong) -> Range<usize> {
    let written = bimi.text.get(wrong.at.clone());
    let value = match written {
        [b'v' | b'V', b'=', rest @ ..] => rest.trim_ascii_start().len(),
        _ => 0,
    };
    match value {
        0 => wrong.at.clone(),
        len => wrong.at.end - len..wrong.at.end,
    }
}

rule! {
    /// `v=BIMI1` behind another tag.
    ///
    /// The version has to come first. Receivers drop a record that begins with another tag, and show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "l=https://example.com/logo.svg; v=BIMI1"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; a=; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// Never: no receiver looks at such a record. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about
    /// it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    VERSION_NOT_FIRST: "bimi-version-not-first", [Error], Unsafe, Bimi(version_not_first)
}

fn version_not_first(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let Version::Late(index) = bimi.version else { return };
    let Some(tag) = bimi.items.get(index).map(|item| &item.tag) else {
        return;
    };
    let Some(span) = bimi.text.span(tag.at.clone()) else {
        return;
    };
    let is_behind_tag = bimi.items.iter().take(index).any(|item| !item.tag.at.is_empty());
    let edits = || -> Option<Vec<Edit>> {
        let mut edits = bimi.text.replace(0..0, "v=BIMI1; ")?;
        edits.extend(without(bimi.text, tag)?);
        Some(edits)
    };
    findings
        .report(
            span,
            format!("`v=BIMI1` is not the first tag of the BIMI record, so {}", BIMI.lost),
            "has to come first",
        )
        .help("begin the text with `v=BIMI1;`")
        .fix("put it first", Safety::Unsafe, is_behind_tag.then(edits).flatten());
}

rule! {
    /// More than one BIMI record at a name.
    ///
    /// Where more than one record begins with `v=BIMI1`, receivers use none of them and show no logo. Two records with the
    /// same character-strings are one record to DNS.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// default._bimi TXT "v=BIMI1; l=https://example.com/other.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// other._bimi TXT "v=BIMI1; l=https://example.com/other.svg"
    /// ```
    /// # When to ignore
    /// Never: no receiver chooses between them. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about
    /// it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Discovery".
    RECORD_MULTIPLE: "bimi-record-multiple", [Error], None, Node(Holds::TXT.and(Holds::SEVERAL), record_multiple)
}

fn record_multiple<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if bimi::place(node.name()).is_some_and(|place| place.selector > 0) {
        let help = "keep one record; another logo needs a selector of its own, which the mail then names";
        version::several_records(node, &BIMI, bimi::is_counted, help, findings);
    }
}

rule! {
    /// A TXT record at a BIMI name that is of another kind.
    ///
    /// Nobody looks for SPF, DMARC or verification tokens at `<selector>._bimi`. Receivers skip the record, and whoever is
    /// meant to find it looks elsewhere.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If a service asks for a token at this very name. BIMI is a draft: `bimi = "off"` in the settings switches off all rules
    /// about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Discovery".
    RECORD_FOREIGN: "bimi-record-foreign", [Warning], None, Bimi(record_foreign)
}

fn record_foreign(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    if bimi.version == Version::Foreign {
        version::foreign_text(bimi.text, &BIMI, findings);
    }
}
