//! Rules about characters that do not belong into a DKIM key.

use std::borrow::Cow;

use crate::{
    diagnostic::{Safety, Severity},
    policy::dkim::{
        Dkim,
        characters::{Kind, Lookalike, Slip, is_in_notes},
    },
    rule::{Findings, Rule, rule},
    rules::dkim::wording::FAILS,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[NON_ASCII, STRAY_QUOTE, STRAY_BACKSLASH, CONTROL_CHAR];

/// How many more places of one slip are named.
const PLACES: usize = 20;

/// The edits that repair slips; `None` if one of them cannot be.
fn repair(dkim: &Dkim<'_>, slips: &[&Slip]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for slip in slips {
        edits.extend(dkim.raw.replace(slip.at.clone(), slip.meant?)?);
    }
    Some(edits)
}

fn of_kind<'d>(dkim: &'d Dkim<'_>, wanted: fn(Kind) -> bool) -> Vec<&'d Slip> {
    dkim.slips.iter().filter(|slip| wanted(slip.kind)).collect()
}

/// Reports slips of one cause as one, with the edits that repair them all.
fn report(
    dkim: &Dkim<'_>,
    slips: &[&Slip],
    what: &str,
    label: impl Into<Cow<'static, str>>,
    [help, title]: [&'static str; 2],
    findings: &mut Findings<'_>,
) {
    // Those that stand together, as two quotes where two strings met, are one place.
    let mut runs = slips
        .chunk_by(|a, b| a.at.end == b.at.start)
        .filter_map(|run| dkim.raw.span(run.first()?.at.start..run.last()?.at.end));
    let (Some(first), Some(span)) = (slips.first(), runs.next()) else {
        return;
    };
    let is_idle = slips.iter().all(|slip| is_in_notes(dkim.raw.bytes(), slip));
    let message = match is_idle {
        true => format!("the notes of the DKIM key have {what}, and strict verifiers refuse the whole record"),
        false => format!("the DKIM key has {what}, so {FAILS}"),
    };
    let edits = repair(dkim, slips);
    let mut finding = findings
        .report(span, message, label)
        .help(help)
        .fix(title, Safety::Unsafe, edits);
    if is_idle && matches!(first.kind, Kind::NonAscii(_)) {
        finding = finding.severity(Severity::Warning);
    }
    for other in runs.take(PLACES) {
        finding = finding.related(other, "here too");
    }
}

rule! {
    /// A character in a DKIM key that is not ASCII.
    ///
    /// Word processors and web pages turn quotes, hyphens and blanks into look-alikes that DKIM does not know, and bring along
    /// characters that nobody sees. A strict verifier refuses the whole record because of one of them; others fail at the tag
    /// that it stands in.
    ///
    /// # Severity
    /// An error; in `n`, which nobody reads, a warning.
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1;\194\160k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: in notes, such a character is written as quoted-printable.
    /// # Source
    /// RFC 6376, section 3.2
    NON_ASCII: "dkim-non-ascii", [Error, Warning], Unsafe, Dkim(non_ascii)
}

fn non_ascii(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dkim, |kind| matches!(kind, Kind::NonAscii(_)));
    let what = "a character that is not ASCII";
    let in_notes = |slip: &&Slip| is_in_notes(dkim.raw.bytes(), slip);
    let (notes, slips): (Vec<&Slip>, Vec<&Slip>) = slips.into_iter().partition(in_notes);
    let (repaired, others): (Vec<&Slip>, Vec<&Slip>) = slips.into_iter().partition(|slip| slip.meant.is_some());
    if let Some(first) = repaired.first() {
        let texts = ["write it in ASCII", "write it in ASCII"];
        report(dkim, &repaired, what, look(dkim, first), texts, findings);
    }
    for run in others.chunk_by(|a, b| a.at.end == b.at.start) {
        if let [first, ..] = run {
            report(
                dkim,
                run,
                what,
                look(dkim, first),
                ["remove it, or write it in ASCII", ""],
                findings,
            );
        }
    }
    if let Some(first) = notes.first() {
        let texts = ["write the notes in ASCII", "write the notes in ASCII"];
        report(dkim, &notes, what, look(dkim, first), texts, findings);
    }
}

/// What a character that is not ASCII is.
fn look(dkim: &Dkim<'_>, slip: &Slip) -> String {
    match slip.kind {
        Kind::NonAscii(Lookalike::Quote) => "a typographic quote".to_string(),
        Kind::NonAscii(Lookalike::Blank) => "a blank that is not the ASCII one".to_string(),
        Kind::NonAscii(Lookalike::Nothing) => "a character that nobody sees".to_string(),
        Kind::NonAscii(Lookalike::Dash) => "a dash that is no hyphen".to_string(),
        Kind::NonAscii(Lookalike::Wide) => "a full-width character".to_string(),
        _ => match std::str::from_utf8(dkim.raw.get(slip.at.clone())).map(|written| written.chars().next()) {
            Ok(Some(character)) => format!("U+{:04X}", character as u32),
            _ => "an octet above 127".to_string(),
        },
    }
}

rule! {
    /// A quote that is a part of a DKIM key.
    ///
    /// Quotes belong to the notation of zone files and not to the record. Those that are published break it: they are no
    /// base64, and a record that starts with one does not start with a tag. They are left over where a long key was split into
    /// strings and the whole was quoted once more, or pasted with its quotes into the form of a DNS provider.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZ\"\"bpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// s1._domainkey TXT "'v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4='"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZ" "bpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: no tag but `n` may have quotes, and there they are not reported.
    /// # Source
    /// RFC 6376, section 3.2
    /// RFC 6376, section 3.6.1
    STRAY_QUOTE: "dkim-stray-quote", [Error], Unsafe, Dkim(stray_quote)
}

fn stray_quote(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dkim, |kind| kind == Kind::Quote);
    let texts = ["leave out the quotes that are in the text", "remove the quotes"];
    report(
        dkim,
        &slips,
        "quotes in its text",
        "a part of the record",
        texts,
        findings,
    );
}

rule! {
    /// A backslash in a DKIM key.
    ///
    /// In some zone files a semicolon is written `\;`. Where the backslash is published, because the text was escaped once too
    /// often or went through a form that escapes by itself, the version is `DKIM1\`, and verifiers ignore the record.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1\\; k=ed25519\\; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1\; k=ed25519\; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: no tag but `n` may have backslashes, and there they are not reported.
    /// # Source
    /// RFC 6376, section 3.6.1
    STRAY_BACKSLASH: "dkim-stray-backslash", [Error], Unsafe, Dkim(stray_backslash)
}

fn stray_backslash(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dkim, |kind| kind == Kind::Backslash);
    let texts = [
        "leave out the backslashes that are in the text",
        "remove the backslashes",
    ];
    report(
        dkim,
        &slips,
        "a backslash in its text",
        "a part of the record",
        texts,
        findings,
    );
}

rule! {
    /// A line break, or another control character, in a DKIM key.
    ///
    /// Between tags stand semicolons, blanks and tabs. A line break that no blank follows is none of them: it becomes a part
    /// of a name or a value, and a strict verifier refuses the record. Keys that were copied with their line ends are the
    /// commonest case.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519;\010p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519;\009p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// Never: the character says nothing.
    /// # Source
    /// RFC 6376, section 3.2
    /// RFC 6376, section 3.6.1
    CONTROL_CHAR: "dkim-control-char", [Error], Unsafe, Dkim(control_char)
}

fn control_char(dkim: &Dkim<'_>, findings: &mut Findings<'_>) {
    let slips = of_kind(dkim, |kind| kind == Kind::Control);
    let Some(first) = slips.first() else { return };
    let mut octets = dkim.raw.get(first.at.clone()).iter();
    let label = match octets.find(|byte| byte.is_ascii_control()) {
        Some(b'\n' | b'\r') => "a line break".to_string(),
        Some(octet) => format!("the control character {octet}"),
        None => String::new(),
    };
    let texts = ["remove it, or write a blank", "write it without control characters"];
    report(dkim, &slips, "a control character", label, texts, findings);
}
