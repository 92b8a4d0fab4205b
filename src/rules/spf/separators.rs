//! Rules about what stands between the terms of an SPF record, and between a mechanism and its qualifier.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::{
        kind::Kind,
        spf::{
            Spf,
            term::{Slip, Term},
        },
    },
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{PERMERROR, at_all, outcome_of_name},
        wording::quoted,
    },
    slip,
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[BAD_SEPARATOR, MISSING_SPACE, STRING_BOUNDARY, BAD_QUALIFIER];

rule! {
    /// Commas or semicolons between the terms of an SPF record.
    ///
    /// Blanks separate terms, and nothing else. A comma or a semicolon becomes a part of the term before it, which then is
    /// none, and the record an error; or it becomes a part of a domain that does not exist.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 a, mx, -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx -all;"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 a mx -all"
    /// @ TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.6.1
    BAD_SEPARATOR: "spf-bad-separator", [Error], Unsafe, Spf(bad_separator)
}

fn bad_separator(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some(first) = spf.separators.first() else { return };
    let message = format!(
        "{} does not separate the terms of an SPF record, {}",
        quoted(&spf.text, first),
        outcome_of_name(spf)
    );
    let places = spf.separators.iter().filter_map(|at| spf.text.span(at.clone()));
    let Some(finding) = at_all(findings, places, message, "only blanks separate terms") else {
        return;
    };
    finding.help("separate the terms with blanks alone").fix(
        "separate the terms with blanks",
        Safety::Unsafe,
        blanks(spf),
    );
}

/// The edits that put blanks in the place of all separators.
fn blanks(spf: &Spf<'_>) -> Option<Vec<Edit>> {
    let bytes = spf.text.bytes();
    let mut edits = Vec::new();
    for at in &spf.separators {
        let is_beside = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
        let before = at.start.checked_sub(1).and_then(|before| bytes.get(before));
        let new = if is_beside(before) || is_beside(bytes.get(at.end)) {
            ""
        } else {
            " "
        };
        edits.extend(spf.text.replace(at.clone(), new)?);
    }
    Some(edits)
}

rule! {
    /// Two terms without a blank between them.
    ///
    /// Receivers read them as one term, which they mostly do not know, so that the record is an error. Where it happens to be
    /// well formed, as in `include:_spf.example.net-all`, they look for a domain that does not exist.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net~all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1ip4:192.0.2.2 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net ~all"
    /// @ TXT "v=spf1 include:send-all.example.net -all"
    /// ```
    /// # When to ignore
    /// Never: the second term does not count, and the first is another one.
    /// # Source
    /// RFC 7208, section 4.6.1
    MISSING_SPACE: "spf-missing-space", [Error], Unsafe, Spf(missing_space)
}

fn missing_space(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let mut effect = None;
    for pair in spf.terms.windows(2) {
        let [left, right] = pair else { continue };
        let at = right.at.start;
        let Some(span) = spf.text.span(at..at).filter(|_| right.has(&Slip::Glued)) else {
            continue;
        };
        let effect = *effect.get_or_insert_with(|| outcome_of_name(spf));
        let both = left.at.start..right.at.end;
        findings
            .report(
                span,
                format!(
                    "{} is two terms without a blank between them, {effect}",
                    quoted(&spf.text, &both)
                ),
                "no blank here",
            )
            .help("write a blank between the terms")
            .fix(
                "write a blank between the terms",
                Safety::Unsafe,
                spf.text.replace(at..at, " "),
            );
    }
}

rule! {
    /// Two strings that meet without a blank between their terms.
    ///
    /// The strings of a record are joined without anything between them. If one ends with a term and the next begins with
    /// another, receivers read both as one that nobody knows, and the record is an error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net" "include:_spf.example.org -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net " "include:_spf.example.org -all"
    /// @ TXT "v=spf1 include:_spf.exam" "ple.net -all"
    /// ```
    /// # When to ignore
    /// Never: such a record does not say what it seems to say.
    /// # Source
    /// RFC 7208, section 3.3
    STRING_BOUNDARY: "spf-string-boundary", [Error], Unsafe, Txt(string_boundary)
}

fn string_boundary(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if txt.text.literal_count() < 2 {
        return;
    }
    let Some(meant) = slip::of(record, txt).filter(|meant| meant.slips.kind == Some(Kind::Spf)) else {
        return;
    };
    let sources = findings.sources();
    let joints = &meant.slips.joints;
    let places: Vec<Span> = joints
        .iter()
        .take(30)
        .filter_map(|at| meant.boundary(*at, sources))
        .collect();
    let message = format!(
        "two strings of the SPF record meet without a blank, and are joined without anything between them, {PERMERROR}"
    );
    let Some(finding) = at_all(findings, places, message, "a blank is missing here") else {
        return;
    };
    finding.help("end the first of the two strings with a blank").fix(
        "add the blank between the strings",
        Safety::Unsafe,
        slip::repair(txt, &meant, sources),
    );
}

rule! {
    /// A qualifier where none may stand.
    ///
    /// One of `+`, `-`, `~`, `?` may stand right before a mechanism, without a blank. Two of them, one by itself, or one
    /// before a modifier such as `redirect=` make the record an error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx - all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx --all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 -redirect=_spf.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ?mx -all"
    /// @ TXT "v=spf1 redirect=_spf.example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.6.1
    BAD_QUALIFIER: "spf-bad-qualifier", [Error], Unsafe, Spf(bad_qualifier)
}

fn bad_qualifier(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in &spf.terms {
        for slip in &term.slips {
            let Some((what, label, help, superfluous)) = told(spf, term, slip) else {
                continue;
            };
            let Some(span) = spf.text.span(term.qualifier_at.clone()) else {
                continue;
            };
            findings
                .report(span, format!("{what}, {PERMERROR}"), label)
                .help(help)
                .fix(
                    "remove what is too much",
                    Safety::Unsafe,
                    spf.text.replace(superfluous, ""),
                );
        }
    }
}

/// What is wrong with a qualifier, what stands there, what to do, and what is too much.
fn told(spf: &Spf<'_>, term: &Term, slip: &Slip) -> Option<(String, &'static str, &'static str, Range<usize>)> {
    let written = quoted(&spf.text, &term.qualifier_at);
    Some(match slip {
        Slip::QualifierApart(blanks) => (
            format!("a blank stands between {written} and its mechanism"),
            "apart from its mechanism",
            "write the qualifier right before the mechanism",
            blanks.clone(),
        ),
        Slip::QualifierRepeated(range) => (
            format!("{written} is more than one qualifier"),
            "one qualifier is enough",
            "write one qualifier before the mechanism",
            range.clone(),
        ),
        Slip::QualifierAlone => (
            format!("{written} stands before no mechanism"),
            "qualifies nothing",
            "remove it, or write the mechanism behind it",
            term.qualifier_at.clone(),
        ),
        Slip::QualifiedModifier => (
            format!("{written} stands before a modifier, which takes no qualifier"),
            "only mechanisms take a qualifier",
            "remove the qualifier",
            term.qualifier_at.clone(),
        ),
        _ => return None,
    })
}
