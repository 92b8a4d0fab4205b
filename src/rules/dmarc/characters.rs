//! Rules about characters that do not belong into a DMARC record.

use std::borrow::Cow;

use crate::{
    diagnostic::{Safety, Severity},
    policy::dmarc::{
        Dmarc,
        characters::{Kind, Lookalike, Slip},
        tag::TagName,
    },
    rule::{Findings, Rule, rule},
    rules::dmarc::wording::{lost, record},
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    NON_ASCII,
    STRAY_QUOTE,
    STRAY_BACKSLASH,
    CONTROL_CHAR,
    LEADING_JUNK,
    TRAILING_WHITESPACE,
];

/// How many more places of one slip are named.
const PLACES: usize = 20;

/// What happens because of a slip: in the version it costs the record, later the tag that it stands in.
fn effect(dmarc: &Dmarc<'_>, slip: &Slip) -> String {
    let version = memchr::memchr(b';', dmarc.raw.bytes()).unwrap_or(dmarc.raw.len());
    if slip.at.start <= version {
        lost(dmarc)
    } else {
        "receivers ignore the tag that it stands in".to_string()
    }
}

/// Whether all slips are quotes or backslashes, which the grammar has in any value, in values of tags that RFC 9989 does not
/// have.
fn are_idle(dmarc: &Dmarc<'_>, slips: &[&Slip]) -> bool {
    let bytes = dmarc.raw.bytes();
    let (mut end, mut is_idle) = (0, false);
    slips.iter().all(|slip| {
        if let Some(semicolon) = memchr::memrchr(b';', &bytes[end..slip.at.start]) {
            is_idle = is_in_idle_value(&bytes[end + semicolon + 1..slip.at.start]);
        }
        end = slip.at.end;
        is_idle && matches!(slip.kind, Kind::Quote | Kind::Backslash)
    })
}

/// Whether a text, from a semicolon on, ends in the value of a tag that RFC 9989 does not have.
fn is_in_idle_value(before: &[u8]) -> bool {
    let name = memchr::memchr(b'=', before).map_or(&[][..], |len| before[..len].trim_ascii());
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_alphabetic);
    is_name && TagName::named(name).is_none_or(TagName::is_removed)
}

/// Reports slips of one cause as one, with the edits that repair them all.
fn report(
    dmarc: &Dmarc<'_>,
    slips: &[&Slip],
    what: &str,
    label: impl Into<Cow<'static, str>>,
    [help, title]: [&'static str; 2],
    findings: &mut Findings<'_>,
) {
    let [first, others @ ..] = slips else { return };
    let Some(span) = dmarc.raw.span(first.at.clone()) else {
        return;
    };
    let is_idle = are_idle(dmarc, slips);
    let message = if is_idle {
        format!(
            "{} has {what}, in a tag that DMARC does not have and receivers ignore",
            record(dmarc)
        )
    } else {
        format!("{} has {what}, so {}", record(dmarc), effect(dmarc, first))
    };
    let edits = repair(dmarc, slips);
    let mut finding = findings
        .report(span, message, label)
        .help(help)
        .fix(title, Safety::Unsafe, edits);
    if is_idle {
        finding = finding.severity(Severity::Warning);
    }
    for other in others.iter().take(PLACES) {
        if let Some(span) = dmarc.raw.span(other.at.clone()) {
            finding = finding.related(span, "here too");
        }
    }
}

/// The edits that repair slips; `None` if one of them cannot be.
fn repair(dmarc: &Dmarc<'_>, slips: &[&Slip]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for slip in slips {
        edits.extend(dmarc.raw.replace(slip.at.clone(), slip.meant?)?);
    }
    Some(edits)
}

fn of_kind<'d>(dmarc: &'d Dmarc<'_>, wanted: fn(Kind) -> bool) -> Vec<&'d Slip> {
    dmarc.slips.iter().filter(|slip| wanted(slip.kind)).collect()
}

rule! {
    /// A character in a DMARC record that is not ASCII.
    ///
    /// Word processors and web pages turn quotes, hyphens and blanks into look-alikes that DMARC does not know, and bring
    /// along characters that nobody sees. Before or in `v=DMARC1` one of them makes receivers pass over the whole record;
    /// later, over the tag that it stands in. An international domain is written in its A-label form (`xn--`), any other
    /// character of an address percent-encoded.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1;\194\160p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:d\195\169@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:d%C3%A9@example.com"
    /// ```
    /// # When to ignore
    /// Never: no tag of DMARC may hold such a character.
    /// # Source
    /// RFC 9989, section 4.8
    /// RFC 8616, section 3
    NON_ASCII: "dmarc-non-ascii", [Error], Unsafe, Dmarc(non_ascii)
}

fn non_ascii(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dmarc, |kind| matches!(kind, Kind::NonAscii(_)));
    let what = "a character that is not ASCII";
    let (repaired, others): (Vec<&Slip>, Vec<&Slip>) = slips.into_iter().partition(|slip| slip.meant.is_some());
    if let Some(first) = repaired.first() {
        let texts = ["write it in ASCII", "write it in ASCII"];
        report(dmarc, &repaired, what, look(dmarc, first), texts, findings);
    }
    for run in others.chunk_by(|a, b| a.at.end == b.at.start) {
        if let [first, ..] = run {
            let help = "write a domain with `xn--`, and percent-encode any other character of an address";
            report(dmarc, run, what, look(dmarc, first), [help, ""], findings);
        }
    }
}

/// What a character that is not ASCII is.
fn look(dmarc: &Dmarc<'_>, slip: &Slip) -> String {
    match slip.kind {
        Kind::NonAscii(Lookalike::Quote) => "a typographic quote".to_string(),
        Kind::NonAscii(Lookalike::Blank) => "a blank that is not the ASCII one".to_string(),
        Kind::NonAscii(Lookalike::Nothing) => "a character that nobody sees".to_string(),
        Kind::NonAscii(Lookalike::Dash) => "a dash that is no hyphen".to_string(),
        Kind::NonAscii(Lookalike::Wide) => "a full-width character".to_string(),
        _ => match std::str::from_utf8(dmarc.raw.get(slip.at.clone())).map(|written| written.chars().next()) {
            Ok(Some(character)) => format!("U+{:04X}", character as u32),
            _ => "an octet above 127".to_string(),
        },
    }
}

rule! {
    /// A quote that is a part of a DMARC record.
    ///
    /// Quotes belong to the notation of zone files and not to the record. Those that are published break it: a record that
    /// starts with a quote does not start with `v=DMARC1`, and `p="reject"` is no policy. They are left over where text was
    /// quoted twice, or pasted with its quotes into the form of a DNS provider. In the value of a tag that DMARC does not have
    /// they do no harm.
    ///
    /// # Severity
    /// An error where the quote spoils the version or a tag of DMARC; a warning where all of them stand in tags that DMARC
    /// does not have.
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=\"reject\"; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "'v=DMARC1; p=reject; rua=mailto:dmarc@example.com'"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:o'neill@example.com"
    /// ```
    /// # When to ignore
    /// Never: no tag of DMARC has quotes.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.8
    STRAY_QUOTE: "dmarc-stray-quote", [Error, Warning], Unsafe, Dmarc(stray_quote)
}

fn stray_quote(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dmarc, |kind| kind == Kind::Quote);
    let texts = ["leave out the quotes that are in the text", "remove the quotes"];
    report(
        dmarc,
        &slips,
        "quotes in its text",
        "a part of the record",
        texts,
        findings,
    );
}

rule! {
    /// A backslash in a DMARC record.
    ///
    /// In some zone files a semicolon is written `\;`. Where the backslash is published, because the text was escaped once
    /// too often or went through a form that escapes by itself, the version is `DMARC1\` and receivers pass over the record. In
    /// the value of a tag that DMARC does not have it does no harm.
    ///
    /// # Severity
    /// An error where the backslash spoils the version or a tag of DMARC; a warning where all of them stand in tags that DMARC
    /// does not have.
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1\\; p=reject\\; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1\; p=reject\; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: no tag of DMARC has backslashes.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.8
    STRAY_BACKSLASH: "dmarc-stray-backslash", [Error, Warning], Unsafe, Dmarc(stray_backslash)
}

fn stray_backslash(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dmarc, |kind| kind == Kind::Backslash);
    let texts = [
        "leave out the backslashes that are in the text",
        "remove the backslashes",
    ];
    report(
        dmarc,
        &slips,
        "a backslash in its text",
        "a part of the record",
        texts,
        findings,
    );
}

rule! {
    /// A line break, or another control character, in a DMARC record.
    ///
    /// Between tags stand semicolons, blanks and tabs. A line break there becomes a part of the next tag's name, which
    /// receivers then do not know; in a value, it makes the value invalid. A tab is a blank between tags, and no part of a
    /// value.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject;\010rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject;\009rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: the character says nothing.
    /// # Source
    /// RFC 9989, section 4.8
    CONTROL_CHAR: "dmarc-control-char", [Error], Unsafe, Dmarc(control_char)
}

fn control_char(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dmarc, |kind| kind == Kind::Control);
    let Some(first) = slips.first() else { return };
    let label = match dmarc
        .raw
        .get(first.at.clone())
        .iter()
        .find(|byte| byte.is_ascii_control())
    {
        Some(b'\n' | b'\r') => "a line break".to_string(),
        Some(b'\t') => "a tab".to_string(),
        Some(octet) => format!("the control character {octet}"),
        None => String::new(),
    };
    let texts = ["remove it, or write a blank", "write it without control characters"];
    report(dmarc, &slips, "a control character", label, texts, findings);
}

rule! {
    /// Something before the version of a DMARC record.
    ///
    /// Receivers take a TXT record for DMARC only if its very first character is the `v` of `v=DMARC1`. A blank, or a letter
    /// that is left over from an escape, makes them pass over the whole record.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT " v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "nv=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver looks for the version further behind.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.8
    LEADING_JUNK: "dmarc-leading-junk", [Error], Unsafe, Dmarc(leading_junk)
}

fn leading_junk(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let at = &dmarc.version.leading;
    if !dmarc.version.is_first() || at.is_empty() {
        return;
    }
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    let is_blank = dmarc.text.get(at.clone()).trim_ascii().is_empty();
    let label = if is_blank {
        "a blank"
    } else {
        "not a part of the version"
    };
    findings
        .report(
            span,
            format!("{} does not start with `v=DMARC1`, so {}", record(dmarc), lost(dmarc)),
            label,
        )
        .help("remove what stands before `v=DMARC1`")
        .fix("remove it", Safety::Unsafe, dmarc.text.replace(at.clone(), ""));
}

rule! {
    /// Blanks at the end of a DMARC record.
    ///
    /// Behind a semicolon they do no harm. Without one, the grammar makes them a part of the last value, so that a receiver
    /// that does not trim values finds no policy `reject `.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; rua=mailto:dmarc@example.com; p=reject "
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com; "
    /// ```
    /// # When to ignore
    /// If all receivers that matter to you trim values; those that are known do.
    /// # Source
    /// RFC 9989, section 4.8
    TRAILING_WHITESPACE: "dmarc-trailing-whitespace", [Info], Safe, Dmarc(trailing_whitespace), once_a_file
}

fn trailing_whitespace(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let Some(at) = &dmarc.trailing else { return };
    let Some(span) = dmarc.text.span(at.clone()) else {
        return;
    };
    let message = format!(
        "the {} ends in a blank, which is a part of the last value for receivers that do not trim it",
        record(dmarc)
    );
    findings
        .report(span, message, "no `;` before it")
        .help("remove it")
        .fix("remove it", Safety::Safe, dmarc.text.replace(at.clone(), ""));
}
