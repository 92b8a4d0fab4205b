//! Rules about whether a BIMI record gives a logo, and evidence for it.

use crate::{
    policy::bimi::{Bimi, TagName},
    rule::{Findings, Rule, rule},
    rules::wording::BIMI,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[L_MISSING, L_EMPTY_WITH_EVIDENCE, NO_EVIDENCE];

rule! {
    /// A BIMI record without `l`.
    ///
    /// `l` says where the logo is. It may be empty, which refuses BIMI on purpose, but it has to be there: without it the
    /// record is malformed, and receivers show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; a=https://example.com/logo.pem"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/logo.pem"
    /// ```
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=; a=;"
    /// ```
    /// # When to ignore
    /// Never: such a record does nothing. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    L_MISSING: "bimi-l-missing", [Error], None, Bimi(l_missing)
}

fn l_missing(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    if bimi.lacks(TagName::L)
        && let Some(span) = text.span(text.len()..text.len())
    {
        findings
            .report(
                span,
                format!("BIMI record has no `l`, so {}", BIMI.lost),
                "`l=` is missing",
            )
            .help("add `; l=` and the `https://` address of the logo, or nothing behind `l=` if there is to be none");
    }
}

rule! {
    /// An empty `l` beside evidence.
    ///
    /// An empty `l` refuses BIMI: receivers show no logo and never look at the evidence in `a`. Whoever means to refuse leaves
    /// both empty, and whoever has a certificate has a logo, too.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=; a=https://example.com/logo.pem"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=; a=;"
    /// ```
    /// # When to ignore
    /// Never: `a` does nothing there. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Declination to Publish".
    L_EMPTY_WITH_EVIDENCE: "bimi-l-empty-with-evidence", [Warning], None, Bimi(l_empty_with_evidence)
}

fn l_empty_with_evidence(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let Some(l) = bimi
        .item(TagName::L)
        .filter(|_| bimi.is_without(TagName::L) && bimi.gives(TagName::A))
    else {
        return;
    };
    let Some(span) = text.span(l.tag.at.clone()) else {
        return;
    };
    let finding = findings
        .report(
            span,
            format!("`l` is empty although `a` gives evidence for a logo, so {}", BIMI.lost),
            "no logo",
        )
        .help("write the address of the logo behind `l=`, or leave both empty to have no logo");
    if let Some(at) = bimi.item(TagName::A).and_then(|a| text.span(a.tag.at.clone())) {
        finding.related(at, "nobody looks at this");
    }
}

rule! {
    /// A logo without evidence.
    ///
    /// `a` leads to a certificate that says whose logo it is: a Verified Mark Certificate or a Common Mark Certificate. The
    /// draft does not demand one, but most large mailbox providers show no logo without it.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/logo.pem"
    /// ```
    /// # When to ignore
    /// If the receivers that matter show the logo all the same. BIMI is a draft: `bimi = "off"` in the settings switches off
    /// all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    /// Practice: providers say in their own documents what they ask for.
    NO_EVIDENCE: "bimi-no-evidence", [Info], None, Bimi(no_evidence), once_a_file
}

fn no_evidence(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    if bimi.is_read()
        && bimi.gives(TagName::L)
        && bimi.is_without(TagName::A)
        && let Some(span) = text.span(text.len()..text.len())
    {
        findings
            .report(
                span,
                "BIMI record gives no evidence for its logo, so many receivers do not show it",
                "`a=` is missing or empty",
            )
            .help("publish a mark certificate and write `; a=` and its `https://` address");
    }
}
