//! Rules about what the URIs of a BIMI record seem to lead to, by the end of their paths.

use crate::{
    policy::bimi::{Bimi, TagName},
    rule::{Findings, Rule, rule},
    rules::wording::BIMI,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[L_FORMAT, L_SUFFIX, A_FORMAT];

/// Suffixes of the images that BIMI knows.
const LOGOS: [&str; 2] = ["svg", "svgz"];

/// Suffixes of other images.
const IMAGES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "ico", "bmp", "avif"];

/// Suffixes of what is no PEM file.
const NO_PEM: [&str; 7] = ["svg", "png", "crt", "cer", "der", "p7b", "pfx"];

rule! {
    /// A logo that is no SVG image.
    ///
    /// SVG, plain or compressed, is the only kind of image that BIMI knows. For receivers another suffix is a permanent error:
    /// they show no logo.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.png"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg?version=2"
    /// ```
    /// # When to ignore
    /// Never: receivers show no such image. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Supported Image Formats".
    L_FORMAT: "bimi-l-format", [Error], None, Bimi(l_format)
}

fn l_format(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    if let Some((suffix, at)) = bimi.link(TagName::L).and_then(|link| link.suffix(text))
        && IMAGES.contains(&suffix.as_str())
        && let Some(span) = text.span(at)
    {
        findings
            .report(
                span,
                format!("the logo is no SVG image but a `.{suffix}` file, so {}", BIMI.lost),
                "no SVG",
            )
            .help("publish the logo as SVG, in the profile SVG Tiny PS, and write its address");
    }
}

rule! {
    /// A logo whose address does not end in `.svg`.
    ///
    /// Receivers tell the kind of image by the suffix `.svg` or `.svgz`. Without one it depends on the receiver whether it
    /// fetches the image at all.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// If the server answers with an SVG image, and the receivers that matter show it. BIMI is a draft: `bimi = "off"` in the
    /// settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Supported Image Formats".
    L_SUFFIX: "bimi-l-suffix", [Info], None, Bimi(l_suffix)
}

fn l_suffix(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    let Some(link) = bimi.link(TagName::L).filter(|link| link.fault.is_none()) else {
        return;
    };
    let Some(path) = link.path.clone() else { return };
    let suffix = link.suffix(text).map(|(suffix, _)| suffix).unwrap_or_default();
    if LOGOS.contains(&suffix.as_str()) || IMAGES.contains(&suffix.as_str()) {
        return;
    }
    let at = if path.is_empty() { link.at } else { path };
    let Some(span) = text.span(at) else { return };
    findings
        .report(
            span,
            "the address of the logo does not end in `.svg`, so some receivers may not take it for an image that they show",
            "neither `.svg` nor `.svgz`",
        )
        .help("publish the logo at a path that ends in `.svg`");
}

rule! {
    /// Evidence that does not look like a PEM file.
    ///
    /// `a` leads to a mark certificate with its chain, in PEM: text between `BEGIN CERTIFICATE` and `END CERTIFICATE`. A file
    /// of another kind, often the logo once more, is no evidence, and most large mailbox providers show no logo without it.
    ///
    /// # Bad
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/logo.pem"
    /// ```
    /// # When to ignore
    /// If the file is PEM under another suffix. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about
    /// it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Assertion Record Definition".
    /// Practice: files of these kinds have these suffixes.
    A_FORMAT: "bimi-a-format", [Warning], None, Bimi(a_format)
}

fn a_format(bimi: &Bimi<'_>, findings: &mut Findings<'_>) {
    let text = bimi.text;
    if let Some((suffix, at)) = bimi.link(TagName::A).and_then(|link| link.suffix(text))
        && NO_PEM.contains(&suffix.as_str())
        && let Some(span) = text.span(at)
    {
        findings
            .report(
                span,
                format!(
                    "the evidence for the logo is a `.{suffix}` file and not a certificate in PEM, so many receivers show no \
                     logo"
                ),
                "no PEM file",
            )
            .help("publish the mark certificate with its chain as a `.pem` file and write its address, or leave `a=` empty");
    }
}
