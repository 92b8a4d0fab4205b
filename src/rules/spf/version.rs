//! Rules about how an SPF record begins.

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        term::Modifier,
        version::{How, Version},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{LOST, safety, span_of, without},
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    VERSION_MISSING,
    VERSION_INVALID,
    VERSION_NOT_TERMINATED,
    LEADING_JUNK,
    VERSION_CASE,
    VERSION_REPEATED,
];

rule! {
    /// Terms of SPF without the version before them.
    ///
    /// Receivers look for a TXT record that begins with `v=spf1`. Without it the terms are a text like any other: the domain
    /// has no SPF record, and an `include` of it makes the including record an error.
    ///
    /// # Bad
    /// ```zone
    /// _spf TXT "ip4:192.0.2.1 include:_spf.example.net -all"
    /// ```
    /// ```zone
    /// @ TXT "-all mx v=spf1"
    /// ```
    /// # Good
    /// ```zone
    /// _spf TXT "v=spf1 ip4:192.0.2.1 include:_spf.example.net -all"
    /// ```
    /// ```zone
    /// info TXT "all mail comes from ip4:192.0.2.1"
    /// ```
    /// # When to ignore
    /// When the text is not meant for receivers, but as a building block for a program.
    /// # Source
    /// RFC 7208, section 4.5
    VERSION_MISSING: "spf-version-missing", [Error], Unsafe, Spf(version_missing)
}

fn version_missing(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some(span) = spf.text.span(0..0).filter(|_| spf.version.how == How::Missing) else {
        return;
    };
    findings
        .report(
            span,
            format!("these are terms of SPF, but `v=spf1` does not stand before them, {LOST}"),
            "no version before this",
        )
        .help("begin the text with `v=spf1 `")
        .fix("begin the text with `v=spf1`", Safety::Unsafe, version_moved(spf));
}

/// The edits that put the version at the start, and take out the later ones.
fn version_moved(spf: &Spf<'_>) -> Option<Vec<Edit>> {
    let mut edits = spf.text.replace(0..0, "v=spf1 ")?;
    for term in spf
        .terms
        .iter()
        .filter(|term| term.modifier() == Some(Modifier::Version))
    {
        edits.extend(without(spf, term)?);
    }
    Some(edits)
}

rule! {
    /// A version that is not `v=spf1`.
    ///
    /// There is one version of SPF, and receivers skip every record that does not begin with these very characters, in large
    /// or small letters, without blanks among them and with nothing but a blank behind them. There is no `v=spf2`; records
    /// that begin with `spf2.0` were those of Sender ID.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v = spf1 mx -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf2 mx -all"
    /// ```
    /// ```zone
    /// @ TXT "spf1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// When the text is the token of a service that happens to begin so.
    /// # Source
    /// RFC 7208, section 4.5
    VERSION_INVALID: "spf-version-invalid", [Error], Unsafe, Spf(version_invalid)
}

fn version_invalid(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Version { at, how, end, .. } = &spf.version;
    let Some(span) = spf.text.span(at.clone()).filter(|_| *how == How::Invalid) else {
        return;
    };
    findings
        .report(
            span,
            format!(
                "{} is not `v=spf1`, and there is no other version, {LOST}",
                quoted(&spf.text, at)
            ),
            "not a version that receivers know",
        )
        .help("begin the text with `v=spf1 `")
        .fix(
            "begin the text with `v=spf1`",
            Safety::Unsafe,
            with_blank(spf, at.start, *end, "v=spf1"),
        );
}

/// The edits that put `new` in a place of the text, with a blank behind it if there is none.
fn with_blank(spf: &Spf<'_>, start: usize, end: usize, new: &str) -> Option<Vec<Edit>> {
    let is_parted = matches!(spf.text.bytes().get(end), None | Some(b' '));
    let blank = if is_parted { "" } else { " " };
    spf.text.replace(start..end, &format!("{new}{blank}"))
}

rule! {
    /// Something other than a blank right behind `v=spf1`.
    ///
    /// Receivers take a text for an SPF record only if a blank, or nothing, follows its version. With `v=spf1-all` or
    /// `v=spf1; mx` the domain has no SPF record at all.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1; mx -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1-all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// www TXT "v=spf1"
    /// ```
    /// # When to ignore
    /// Never: no receiver looks at such a record.
    /// # Source
    /// RFC 7208, section 4.5
    VERSION_NOT_TERMINATED: "spf-version-not-terminated", [Error], Unsafe, Spf(version_not_terminated)
}

fn version_not_terminated(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Version { at, how, end, .. } = &spf.version;
    // What is not ASCII is a fault of its own.
    let is_ascii = spf.text.bytes().get(at.end).is_none_or(u8::is_ascii);
    if *how != How::NotTerminated || !is_ascii {
        return;
    }
    let next = at.end..(*end).max(at.end + 1);
    let Some(span) = spf.text.span(next) else { return };
    findings
        .report(
            span,
            format!("no blank follows `v=spf1`, {LOST}"),
            "only a blank may stand here",
        )
        .help("write a blank behind `v=spf1`, and nothing else")
        .fix(
            "write a blank behind `v=spf1`",
            Safety::Unsafe,
            with_blank(spf, at.end, *end, ""),
        );
}

rule! {
    /// Something before `v=spf1`.
    ///
    /// A text is an SPF record only if it begins with `v=spf1`. With a blank before it, or what is left of an escape such as
    /// `\n`, the domain has no SPF record.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT " v=spf1 mx -all"
    /// ```
    /// ```zone
    /// @ TXT "nv=spf1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// When somebody switched the record off this way, and knows.
    /// # Source
    /// RFC 7208, section 4.5
    LEADING_JUNK: "spf-leading-junk", [Error], Unsafe, Spf(leading_junk)
}

fn leading_junk(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Version { before, how, .. } = &spf.version;
    let is_right = matches!(how, How::Right | How::NotTerminated);
    let Some(span) = spf.text.span(before.clone()).filter(|_| is_right && !before.is_empty()) else {
        return;
    };
    let (what, label) = if spf.text.get(before.clone()).iter().all(|byte| *byte == b' ') {
        ("a blank".to_string(), "a blank that does not belong here")
    } else {
        (quoted(&spf.text, before), "not a part of the version")
    };
    findings
        .report(
            span,
            format!("the text begins with {what} and not with `v=spf1`, {LOST}"),
            label,
        )
        .help("let the text begin with `v=spf1`")
        .fix(
            "remove what stands before `v=spf1`",
            Safety::Unsafe,
            spf.text.replace(before.clone(), ""),
        );
}

rule! {
    /// A version in large letters.
    ///
    /// The grammar ignores the case of `v=spf1`, and so do receivers that follow it. Many scripts and tests look for small
    /// letters.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "V=SPF1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 MX -ALL"
    /// ```
    /// # When to ignore
    /// When the record is generated and the case cannot be changed.
    /// # Source
    /// RFC 7208, section 12
    VERSION_CASE: "spf-version-case", [Info], Safe, Spf(version_case)
}

fn version_case(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Version { at, before, how, .. } = &spf.version;
    let is_selected = *how == How::Right && before.is_empty();
    if !is_selected || spf.text.get(at.clone()) == b"v=spf1" {
        return;
    }
    let Some(span) = spf.text.span(at.clone()) else { return };
    findings
        .report(
            span,
            format!(
                "{} is right, but programs that look for `v=spf1` may not find the record",
                quoted(&spf.text, at)
            ),
            "not in small letters",
        )
        .help("write `v=spf1`")
        .fix(
            "write the version in small letters",
            Safety::Safe,
            spf.text.replace(at.clone(), "v=spf1"),
        );
}

rule! {
    /// `v=spf1` in the middle of a record.
    ///
    /// Two records were pasted together. Receivers take the second `v=spf1` for a modifier that they do not know and skip it;
    /// the terms behind it belong to the first record, and count only if no `all` stands before them.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// Never: it says nothing, and can be removed.
    /// # Source
    /// RFC 7208, section 6
    VERSION_REPEATED: "spf-version-repeated", [Warning], Safe, Spf(version_repeated)
}

fn version_repeated(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    // Without a first one, it is the version in the wrong place.
    if spf.version.how == How::Missing {
        return;
    }
    let mut how_safe = None;
    for term in &spf.terms {
        if term.modifier() != Some(Modifier::Version) {
            continue;
        }
        let Some(span) = span_of(spf, term) else { continue };
        let how_safe = *how_safe.get_or_insert_with(|| safety(spf));
        findings
            .report(
                span,
                "two SPF records are pasted together: receivers skip the second `v=spf1` and read all terms as one record",
                "skipped",
            )
            .help("remove it, and look whether the terms around it still say what they should")
            .fix("remove the second `v=spf1`", how_safe, without(spf, term));
    }
}
