//! Rules about the quotes that the text of a TXT record needs, and the blanks between its strings.

use crate::{
    diagnostic::{Safety, Severity},
    policy::kind::Kind,
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    slip::{self, Meant, Words},
    span::Span,
    spelling::Spelling,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    SEMICOLON_COMMENT,
    UNQUOTED_SPLIT,
    JOIN_MISSING_SPACE,
    WRONG_QUOTES,
    LITERAL_QUOTES,
    ADJACENT_STRINGS,
];

/// What happens to mail if a policy cannot be read.
pub(super) fn effect(kind: Kind) -> &'static str {
    match kind {
        Kind::Spf => "receivers cannot check mail against it",
        Kind::Dkim => "receivers cannot verify signatures with it",
        Kind::Dmarc => "receivers apply no policy to forged mail",
        Kind::MtaSts => "senders do not insist on TLS",
        Kind::TlsRpt => "no reports about TLS arrive",
        Kind::Bimi => "no logo is shown",
    }
}

/// A piece of text as a message shows it: cut where it is long, without control characters.
pub(super) fn shown(text: &[u8]) -> String {
    const CHARS: usize = 60;
    let near = String::from_utf8_lossy(&text[..text.len().min(CHARS * 4)]);
    let plain = |char: char| if char.is_control() { '\u{fffd}' } else { char };
    let mut shown: String = near.chars().take(CHARS).map(plain).collect();
    if shown.len() < text.len() && (text.len() > near.len() || near.chars().nth(CHARS).is_some()) {
        shown.push('…');
    }
    shown
}

/// The text that is published, without a TTL before it and without what follows a comment that swallowed a parenthesis.
fn published<'a>(txt: &'a Txt, meant: &Meant) -> &'a [u8] {
    let own = &meant.slips.own;
    let start = txt.text.literal(own.start).map_or(0, |(range, _, _)| range.start);
    let end = own.end.checked_sub(1).and_then(|last| txt.text.literal(last));
    txt.text.get(start..end.map_or(0, |(range, _, _)| range.end))
}

rule! {
    /// A record that is cut off at a semicolon.
    ///
    /// Outside of quotes a semicolon starts a comment, even in the middle of a word. Only what stands before it is
    /// published: a DMARC record shrinks to `v=DMARC1`, and receivers treat the domain as if it had none. No server says a
    /// word about it, since the line is well formed.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT v=DMARC1; p=reject
    /// ```
    /// ```zone
    /// _mta-sts TXT v=STSv1;id=20260101
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject"
    /// ```
    /// ```zone
    /// _dmarc TXT v=DMARC1\;p=reject ; all of it is published
    /// ```
    /// # When to ignore
    /// When what follows the semicolon was meant as a comment, although it reads like `name=value`.
    /// # Source
    /// RFC 1035, section 5.1
    SEMICOLON_COMMENT: "zone-txt-semicolon-comment", [Error], Unsafe, Record(semicolon_comment)
}

fn semicolon_comment(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let Some(span) = txt.tail.as_ref().and_then(|tail| tail.whole()) else {
        return;
    };
    let Some(meant) = slip::of(record, txt).filter(|meant| meant.slips.comment.is_some()) else {
        return;
    };
    let kept = published(txt, &meant);
    let message = match meant.slips.kind {
        Some(kind) if kept.len() <= kind.version().len() + 4 => format!(
            "a `;` outside of quotes starts a comment: only `{}` of the {} record is published, so {}",
            shown(kept),
            kind.name(),
            effect(kind)
        ),
        Some(kind) => format!(
            "a `;` outside of quotes starts a comment: the {} record is published only up to `{}`",
            kind.name(),
            shown(last_word(kept))
        ),
        None => format!(
            "a `;` outside of quotes starts a comment: only `{}` is published and the rest of the text is lost",
            shown(kept)
        ),
    };
    let edits = slip::repair(txt, &meant, findings.sources());
    findings
        .report(span, message, "a comment, and no part of the record")
        .help("put the whole text between double quotes")
        .fix("put the whole text between double quotes", Safety::Unsafe, edits);
}

fn last_word(text: &[u8]) -> &[u8] {
    text.rsplit(|byte| matches!(byte, b';' | b' ')).next().unwrap_or(text)
}

rule! {
    /// Words without quotes, whose blanks are lost.
    ///
    /// Each word without quotes is a string of its own, and the strings of a record are joined without anything between
    /// them. `v=spf1 mx -all` is read as `v=spf1mx-all`, which is no SPF record. Where the blanks do not matter, as behind
    /// the (escaped) semicolons of a DKIM key, the finding is a warning: the next change may be one in which they do.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT v=spf1 include:a.example -all
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:a.example -all"
    /// ```
    /// ```zone
    /// @ TXT site-verification=abc_123
    /// ```
    /// # When to ignore
    /// When the words are meant to be several strings, and the program that reads them knows.
    /// # Source
    /// RFC 1035, section 5.1
    /// RFC 1035, section 3.3.14
    UNQUOTED_SPLIT: "zone-txt-unquoted-split", [Error, Warning], Safe, Record(unquoted_split)
}

fn unquoted_split(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let Some(meant) = slip::of(record, txt) else { return };
    let (Some(words), [first, .., last]) = (meant.slips.words, meant.parts.as_slice()) else {
        return;
    };
    let read = shown(published(txt, &meant));
    let lost = "the blanks between words without quotes are not published";
    let (severity, message) = match (meant.slips.kind, words) {
        (Some(kind), Words::Needed) => (
            Severity::Error,
            format!(
                "{lost}: this {} record is read as `{read}`, so {}",
                kind.name(),
                effect(kind)
            ),
        ),
        (Some(kind), Words::Harmless) => (
            Severity::Warning,
            format!(
                "{lost}: this {} record is read as `{read}`, which happens to say the same",
                kind.name()
            ),
        ),
        (None, _) => (Severity::Warning, format!("{lost}: this text is read as `{read}`")),
    };
    let safety = match meant.slips.kind {
        Some(_) => Safety::Unsafe,
        None => Safety::Safe,
    };
    let edits = slip::repair(txt, &meant, findings.sources());
    findings
        .report(first.at.to(last.at), message, "joined without blanks")
        .severity(severity)
        .help("put the whole text between double quotes")
        .fix("put the whole text between double quotes", safety, edits);
}

rule! {
    /// Two strings between which a blank or a semicolon is missing.
    ///
    /// The strings of a record are joined without anything between them. If one ends with a term of SPF and the next starts
    /// with another, both become one that nobody knows, and the whole record is an error; in DMARC, DKIM and the others a
    /// tag swallows the next. Splitting inside a word, as in long keys, is fine.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:a.example" "include:b.example -all"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none" "rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:a.example " "include:b.example -all"
    /// ```
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0B" "AQEFAAOCAQ8AMIIBCgKCAQEA"
    /// ```
    /// # When to ignore
    /// Never: such a record does not say what it seems to say.
    /// # Source
    /// RFC 1035, section 3.3.14
    /// RFC 7208, section 3.3
    JOIN_MISSING_SPACE: "zone-txt-join-missing-space", [Error], Unsafe, Record(join_missing_space)
}

fn join_missing_space(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let Some(meant) = slip::of(record, txt) else { return };
    let (Some(kind), [first, others @ ..]) = (meant.slips.kind, meant.slips.joints.as_slice()) else {
        return;
    };
    let Some(span) = boundary(*first, &meant, findings) else {
        return;
    };
    let (missing, end) = match kind {
        Kind::Spf => (
            "a blank is missing here",
            "end the first of the two strings with a blank",
        ),
        _ => ("`; ` is missing here", "end the first of the two strings with `; `"),
    };
    let message = format!(
        "strings are joined without anything between them: this {} record says `{}`, so {}",
        kind.name(),
        shown(around(txt.text.bytes(), *first)),
        effect(kind)
    );
    let places: Vec<Span> = others
        .iter()
        .take(20)
        .filter_map(|at| boundary(*at, &meant, findings))
        .collect();
    let edits = slip::repair(txt, &meant, findings.sources());
    let mut finding = findings.report(span, message, missing).help(end).fix(
        "add what is missing between the strings",
        Safety::Unsafe,
        edits,
    );
    for place in places {
        finding = finding.related(place, "here too");
    }
}

/// What stands between two strings with the quotes; if that is more than a line, the end of the first.
fn boundary(at: usize, meant: &Meant, findings: &Findings<'_>) -> Option<Span> {
    let index = meant.parts.partition_point(|part| part.published.end < at);
    let left = meant.parts.get(index)?;
    let right = meant.parts[index + 1..]
        .iter()
        .find(|part| !part.published.is_empty())?;
    let end = right.at.start + u32::from(right.quoted);
    let between = Span {
        end: end.max(left.inside_end().end),
        ..left.inside_end()
    };
    let on_one_line = !findings
        .source(between)
        .iter()
        .any(|byte| matches!(byte, b'\n' | b'\r'));
    Some(if on_one_line {
        between
    } else {
        Span {
            end: left.at.end,
            ..between
        }
    })
}

/// The words on both sides of a place in a text.
fn around(text: &[u8], at: usize) -> &[u8] {
    const NEAR: usize = 30;
    let parts = |byte: &u8| matches!(byte, b' ' | b';');
    let (far, end) = (at.saturating_sub(NEAR), text.len().min(at + NEAR));
    let start = text[far..at]
        .iter()
        .rposition(parts)
        .map_or(far, |blank| far + blank + 1);
    let end = text[at..end].iter().position(parts).map_or(end, |blank| at + blank);
    &text[start..end]
}

rule! {
    /// A text between characters that zone files do not know as quotes.
    ///
    /// Only `"` is a quote in a zone file. An apostrophe, a backtick and the typographic quotes of word processors are
    /// ordinary characters: the text then starts with one of them, so that no receiver takes it for the policy it was meant
    /// to be, and blanks and semicolons in it are not protected.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT 'v=DMARC1; p=none'
    /// ```
    /// ```zone
    /// @ TXT “v=spf1 -all”
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// ```zone
    /// @ TXT "'quoted' inside a string"
    /// ```
    /// # When to ignore
    /// When the text really starts with that character.
    /// # Source
    /// RFC 1035, section 5.1
    WRONG_QUOTES: "zone-txt-wrong-quotes", [Error], Unsafe, Record(wrong_quotes)
}

fn wrong_quotes(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let Some(meant) = slip::of(record, txt) else { return };
    let Some(wrong) = meant.slips.wrong_quotes else { return };
    let start = txt
        .text
        .literal(meant.slips.own.start)
        .map_or(0, |(range, _, _)| range.start);
    let Some(span) = txt.text.span(start..start + wrong.open.len()) else {
        return;
    };
    let message = match meant.slips.kind {
        Some(kind) => format!(
            "`{}` is no quote in a zone file: the {} record starts with it, so {}",
            wrong.open,
            kind.name(),
            effect(kind)
        ),
        None => format!(
            "`{}` is no quote in a zone file: it is published, and protects neither blanks nor semicolons",
            wrong.open
        ),
    };
    let edits = slip::repair(txt, &meant, findings.sources());
    findings
        .report(span, message, "an ordinary character")
        .help("put the text between double quotes: `\"`")
        .fix("put the text between double quotes", Safety::Unsafe, edits);
}

rule! {
    /// Quotes that are a part of the text.
    ///
    /// `\"` inside a string is a quote that belongs to the text. It comes from text that was already quoted and then quoted
    /// once more, by hand or by a program. A policy has to start with its version, so with a quote before it receivers do
    /// not find it.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "\"v=spf1 -all\""
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 -all"
    /// ```
    /// ```zone
    /// @ TXT "say \"hello\""
    /// ```
    /// # When to ignore
    /// In a text that is no mail policy, when whoever reads it expects the quotes.
    /// # Source
    /// RFC 1035, section 5.1
    LITERAL_QUOTES: "zone-txt-literal-quotes", [Error, Info], Unsafe, Record(literal_quotes)
}

fn literal_quotes(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let Some(meant) = slip::of(record, txt).filter(|meant| meant.slips.literal_quotes) else {
        return;
    };
    let start = txt
        .text
        .literal(meant.slips.own.start)
        .map_or(0, |(range, _, _)| range.start);
    let Some(open) = txt.text.span(start..start + 1) else {
        return;
    };
    let close = match (&txt.tail, meant.slips.comment) {
        (Some(tail), Some(end)) => tail.span(end - 1..end),
        _ => txt.text.span(txt.text.len() - 1..txt.text.len()),
    };
    let (severity, message) = match meant.slips.kind {
        Some(kind) => (
            Severity::Error,
            format!(
                "these quotes are a part of the text: the {} record starts with one, so {}",
                kind.name(),
                effect(kind)
            ),
        ),
        None => (
            Severity::Info,
            "these quotes are a part of the text, and are published with it".to_string(),
        ),
    };
    let edits = slip::repair(txt, &meant, findings.sources());
    let finding = findings
        .report(open, message, "this quote belongs to the text")
        .severity(severity)
        .help("leave out the inner quotes")
        .fix("leave out the inner quotes", Safety::Unsafe, edits);
    if let Some(close) = close {
        finding.related(close, "and so does this one");
    }
}

rule! {
    /// Two strings that touch.
    ///
    /// BIND and NSD take `"a""b"` for two strings. Knot DNS refuses the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "a""b"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "a" "b"
    /// ```
    /// # When to ignore
    /// When no server reads the zone that minds.
    /// # Source
    /// RFC 1035, section 5.1
    ADJACENT_STRINGS: "zone-txt-adjacent-strings", [Info], Safe, Record(adjacent_strings), once_a_file
}

fn adjacent_strings(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let is_written = |index: usize| {
        txt.text
            .literal(index)
            .is_some_and(|(_, _, spelling)| matches!(spelling, Spelling::ZoneQuoted | Spelling::ZoneBare))
    };
    let joins: Vec<Span> = (1..txt.text.literal_count())
        .filter(|index| is_written(*index) && is_written(index - 1))
        .filter_map(|index| Some((txt.literal_span(index - 1)?, txt.literal_span(index)?)))
        .filter(|(left, right)| left.source == right.source && left.end == right.start)
        .map(|(left, _)| left.end())
        .collect();
    let Some(first) = joins.first() else { return };
    let edits = joins.iter().map(|join| Edit {
        span: *join,
        new: " ".to_string(),
    });
    let edits = edits.collect();
    findings
        .report(
            *first,
            "two strings without a blank between them: Knot DNS refuses the whole zone",
            "a blank is missing here",
        )
        .help("put a blank between the strings")
        .fix("put a blank between the strings", Safety::Safe, Some(edits));
}
