//! Rules about the quotes that the text of a TXT record needs.

use crate::{
    diagnostic::{Safety, Severity},
    policy::kind::Kind,
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    slip::{self, Meant, Words},
    spelling::Spelling,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[SEMICOLON_COMMENT, UNQUOTED_SPLIT, WRONG_QUOTES, LITERAL_QUOTES];

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
    if text.len() > CHARS * 4 || near.chars().count() > CHARS {
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

/// Whether any string of a text stands without quotes, so that it may be worth a look at what was meant.
fn has_words(txt: &Txt) -> bool {
    txt.text.has_literal(Spelling::ZoneBare)
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
    SEMICOLON_COMMENT: "zone-txt-semicolon-comment", [Error], Unsafe, Txt(semicolon_comment)
}

fn semicolon_comment(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(span) = txt.tail.as_ref().and_then(|tail| tail.whole()) else {
        return;
    };
    let Some(meant) = slip::of(record, txt).filter(|meant| meant.slips.comment.is_some()) else {
        return;
    };
    let kept = published(txt, &meant);
    let message = match meant.slips.kind {
        Some(kind) if says_nothing(kept, kind) => format!(
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

/// Whether what is left of a policy is of no use: its version alone, or a key record without its key.
fn says_nothing(kept: &[u8], kind: Kind) -> bool {
    match kind {
        Kind::Dkim => memchr::memmem::find(kept, b"p=").is_none(),
        _ => kept
            .to_ascii_lowercase()
            .ends_with(kind.version().to_ascii_lowercase().as_bytes()),
    }
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
    /// # Severity
    /// An error where a policy needs the blanks; a warning where it does not, and in other texts.
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
    UNQUOTED_SPLIT: "zone-txt-unquoted-split", [Error, Warning], Safe, Txt(unquoted_split)
}

fn unquoted_split(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if !has_words(txt) {
        return;
    }
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
    // The repair mends whatever else slipped, too.
    let safety = match (meant.slips.kind, words) {
        (None, _) | (_, Words::Harmless) if meant.slips.are_words_alone() => Safety::Safe,
        _ => Safety::Unsafe,
    };
    let edits = slip::repair(txt, &meant, findings.sources());
    findings
        .report(first.at.to(last.at), message, "joined without blanks")
        .severity(severity)
        .help("put the whole text between double quotes")
        .fix("put the whole text between double quotes", safety, edits);
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
    WRONG_QUOTES: "zone-txt-wrong-quotes", [Error], Unsafe, Txt(wrong_quotes)
}

fn wrong_quotes(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if !has_words(txt) {
        return;
    }
    let Some(meant) = slip::of(record, txt) else { return };
    let Some(wrong) = meant.slips.wrong_quotes else { return };
    let start = txt
        .text
        .literal(meant.slips.own.start)
        .map_or(0, |(range, _, _)| range.start);
    let Some(span) = txt.text.span(start..start + wrong.open.len()) else {
        return;
    };
    let sign = match wrong.open {
        "`" => "a backtick".to_string(),
        open => format!("`{open}`"),
    };
    let message = match meant.slips.kind {
        Some(kind) => format!(
            "{sign} is no quote in a zone file: the {} record starts with it, so {}",
            kind.name(),
            effect(kind)
        ),
        None => {
            format!("{sign} is no quote in a zone file: it is published, and protects neither blanks nor semicolons")
        }
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
    /// # Severity
    /// An error in a mail policy; an info in other texts.
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
    LITERAL_QUOTES: "zone-txt-literal-quotes", [Error, Info], Unsafe, Txt(literal_quotes)
}

fn literal_quotes(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if !has_words(txt) && txt.text.bytes().first() != Some(&b'"') {
        return;
    }
    let Some(meant) = slip::of(record, txt).filter(|meant| meant.slips.literal_quotes) else {
        return;
    };
    let (Some(first), Some(last)) = (meant.parts.first(), meant.parts.last()) else {
        return;
    };
    let (start, end) = (first.published.start, last.published.end);
    let Some(open) = txt.text.span(start..start + 1) else {
        return;
    };
    let close = match (&txt.tail, meant.slips.comment) {
        (Some(tail), Some(end)) => {
            let close = meant.slips.wrong_quotes.and_then(|wrong| wrong.close);
            let end = end - close.map_or(0, str::len);
            tail.span(end - 1..end)
        }
        _ => txt.text.span(end - 1..end),
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
