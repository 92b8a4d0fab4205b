//! Rules about the version that a DMARC record begins with.

use crate::{
    diagnostic::Safety,
    policy::dmarc::{Dmarc, version::Kind},
    rule::{Findings, Rule, rule},
    rules::{
        dmarc::wording::{lost, record, without},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    VERSION_MISSING,
    VERSION_NOT_FIRST,
    VERSION_CASE,
    VERSION_TAG_CASE,
    VERSION_SEPARATOR,
    VERSION_INVALID,
    VERSION_SPACING,
];

/// The version with its separator, to be put before what is there.
const START: &str = "v=DMARC1; ";

rule! {
    /// A DMARC record without its version.
    ///
    /// Receivers take a TXT record for DMARC only if it begins with `v=DMARC1`. This one has tags of DMARC and no version, so
    /// they pass over it, and the domain has no policy.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver looks at such a record.
    /// # Source
    /// RFC 9989, section 4.7
    VERSION_MISSING: "dmarc-version-missing", [Error], Unsafe, Dmarc(version_missing)
}

fn version_missing(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    // A later tag that is not known may be the version, which is another fault.
    if dmarc.version.kind != Kind::Missing || !dmarc.text.is_complete() {
        return;
    }
    let Some(span) = dmarc.text.span(dmarc.version.at.clone()) else {
        return;
    };
    findings
        .report(
            span,
            format!("{} has no `v=DMARC1`, so {}", record(dmarc), lost(dmarc)),
            "the version has to stand before this",
        )
        .help("begin the text with `v=DMARC1;`")
        .fix("put `v=DMARC1` first", Safety::Unsafe, dmarc.text.replace(0..0, START));
}

rule! {
    /// A DMARC record whose version is not its first tag.
    ///
    /// The order of the other tags is free, but `v=DMARC1` has to be the first. Receivers pass over a record that begins with
    /// another tag.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "p=reject; v=DMARC1; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver looks for the version further behind.
    /// # Source
    /// RFC 9989, section 4.7
    VERSION_NOT_FIRST: "dmarc-version-not-first", [Error], Unsafe, Dmarc(version_not_first)
}

fn version_not_first(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let Kind::Late(index) = dmarc.version.kind else { return };
    let Some(tag) = dmarc.tags.get(index) else { return };
    let Some(span) = dmarc.text.span(tag.at.clone()) else {
        return;
    };
    let edits = || {
        let mut edits = dmarc.text.replace(0..0, START)?;
        edits.extend(without(dmarc, tag)?);
        Some(edits)
    };
    findings
        .report(
            span,
            format!("{} does not begin with its version, so {}", record(dmarc), lost(dmarc)),
            "this has to be the first tag",
        )
        .help("move it to the start")
        .fix("move it to the start", Safety::Unsafe, edits());
}

rule! {
    /// A DMARC record with a version in letters of another case.
    ///
    /// `DMARC1` is written in capital letters. It is one of the few values of DMARC whose case counts: receivers pass over
    /// `v=dmarc1`.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=dmarc1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: some receivers are lenient, but the standard is not.
    /// # Source
    /// RFC 9989, section 4.7
    VERSION_CASE: "dmarc-version-case", [Error], Unsafe, Dmarc(version_case)
}

fn version_case(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let at = &dmarc.version.value;
    if dmarc.version.kind != Kind::Case {
        return;
    }
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    let written = quoted(&dmarc.text, at);
    findings
        .report(
            span,
            format!(
                "the version of the {} is {written} and not `DMARC1`, so {}",
                record(dmarc),
                lost(dmarc)
            ),
            "the case of these letters counts",
        )
        .help("write `DMARC1` in capital letters")
        .fix(
            format!("replace {written} by `DMARC1`"),
            Safety::Unsafe,
            dmarc.text.replace(at.clone(), "DMARC1"),
        );
}

rule! {
    /// A DMARC record that begins with `V=`.
    ///
    /// Names of tags are written in small letters, and their case counts. The grammar of the first tag allows either, so that
    /// some receivers accept the record and others pass over it.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "V=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: the small letter is understood by all.
    /// # Source
    /// RFC 9989, section 4.8
    /// RFC 6376, section 3.2
    VERSION_TAG_CASE: "dmarc-version-tag-case", [Warning], Unsafe, Dmarc(version_tag_case)
}

fn version_tag_case(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let at = &dmarc.version.name;
    let is_version = matches!(dmarc.version.kind, Kind::Right | Kind::Case);
    if !is_version || dmarc.text.get(at.clone()) != b"V" {
        return;
    }
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    findings
        .report(
            span,
            format!(
                "{} begins with a capital `V`, so some receivers pass over it",
                record(dmarc)
            ),
            "a capital letter",
        )
        .help("write `v=DMARC1`")
        .fix("write a small `v`", Safety::Unsafe, dmarc.text.replace(at.clone(), "v"));
}

rule! {
    /// A DMARC record without a semicolon behind its version.
    ///
    /// Whatever stands before the first semicolon is the version. `v=DMARC1 p=reject` has the version `DMARC1 p=reject`,
    /// which receivers do not know, so that they pass over the record.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1 p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1, p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1 ; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: some receivers are lenient, but the standard is not.
    /// # Source
    /// RFC 9989, section 4.8
    VERSION_SEPARATOR: "dmarc-version-separator", [Error], Unsafe, Dmarc(version_separator)
}

fn version_separator(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let Some(at) = &dmarc.version.separator else { return };
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    findings
        .report(
            span,
            format!("no `;` ends the version of the {}, so {}", record(dmarc), lost(dmarc)),
            "a `;` is missing",
        )
        .help("write `v=DMARC1;`")
        .fix("write `; `", Safety::Unsafe, dmarc.text.replace(at.clone(), "; "));
}

rule! {
    /// A DMARC record with a version that does not exist.
    ///
    /// There is one version of DMARC, and it is written `v=DMARC1`. Receivers pass over a record that begins with anything
    /// else.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver knows another version.
    /// # Source
    /// RFC 9989, section 4.7
    VERSION_INVALID: "dmarc-version-invalid", [Error], Unsafe, Dmarc(version_invalid)
}

fn version_invalid(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let at = &dmarc.version.at;
    if dmarc.version.kind != Kind::Invalid {
        return;
    }
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    let written = dmarc.text.get(at.clone());
    // What is more than a version may be a tag that lost its name.
    let is_version = written.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() <= "v=DMARC10".len();
    let edits = is_version.then(|| dmarc.text.replace(at.clone(), "v=DMARC1")).flatten();
    findings
        .report(
            span,
            format!(
                "{} begins with {} and not with `v=DMARC1`, so {}",
                record(dmarc),
                quoted(&dmarc.text, at),
                lost(dmarc)
            ),
            "not a version of DMARC",
        )
        .help("write `v=DMARC1`")
        .fix("write `v=DMARC1`", Safety::Unsafe, edits);
}

rule! {
    /// Blanks around the first `=` of a DMARC record.
    ///
    /// The grammar allows `v = DMARC1`, and receivers that follow it accept the record. Many tools, and some receivers, look
    /// for `v=DMARC1` as it is, and find no DMARC record here.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v = DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p = reject; rua = mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If no tool that matters to you minds.
    /// # Source
    /// RFC 9989, section 4.8
    VERSION_SPACING: "dmarc-version-spacing", [Info], Safe, Dmarc(version_spacing), once_a_file
}

fn version_spacing(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let [before, behind] = &dmarc.version.blanks;
    let at = match (before.is_empty(), behind.is_empty()) {
        (true, true) => return,
        (false, true) => before.clone(),
        (true, false) => behind.clone(),
        (false, false) => before.start..behind.end,
    };
    let Some(span) = dmarc
        .text
        .span(at)
        .filter(|_| matches!(dmarc.version.kind, Kind::Right | Kind::Case))
    else {
        return;
    };
    findings
        .report(
            span,
            format!(
                "blanks in the version of the {}: the grammar allows them, but whatever looks for `v=DMARC1` finds none",
                record(dmarc)
            ),
            "blanks",
        )
        .help("write `v=DMARC1`")
        .fix(
            "remove the blanks",
            Safety::Safe,
            dmarc.text.replace(before.start..behind.end, "="),
        );
}
