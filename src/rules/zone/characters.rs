//! Rules about the characters in TXT records.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    rules::wording::describe,
    slip,
    text::{Edit, Text},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[NON_ASCII, CONTROL_CHAR];

rule! {
    /// Characters in a TXT record that are not ASCII.
    ///
    /// Mail policies are ASCII. A no-break space, a zero-width space or a typographic dash looks right in an editor and on
    /// a web page, where such text is copied from, but receivers stumble over it. In other texts it is a question of the
    /// server: Knot DNS refuses a zone with such bytes, unless they are written as `\DDD`.
    ///
    /// # Severity
    /// An error in a mail policy; in other texts a warning for raw bytes, which Knot DNS refuses, and an info for bytes that
    /// are written as `\DDD`.
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx –all"
    /// ```
    /// ```zone
    /// @ TXT "café"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// In a text that is no mail policy, when the programs that read it and all servers cope.
    /// # Source
    /// RFC 1035, section 5.1
    /// RFC 7208, section 3.1
    /// RFC 8616, section 3
    NON_ASCII: "zone-txt-non-ascii", [Error, Warning, Info], Unsafe, Txt(non_ascii)
}

fn non_ascii(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    // A text without slips has no other bytes than those that are published.
    if txt.text.bytes().is_ascii() && txt.tail.as_ref().is_none_or(|tail| tail.bytes().is_ascii()) {
        return;
    }
    let text = slip::meant_text(record, txt);
    let found: Vec<(Range<usize>, Option<char>)> = characters(text.bytes()).collect();
    let Some((first, char)) = found.first() else { return };
    let Some(span) = text.span(first.clone()) else { return };
    let is_raw = findings.source(span) == text.get(first.clone());
    let what = describe(*char, &text.bytes()[first.clone()]);
    let kind = slip::kind(&text, &record.owner);
    let (severity, message) = match (kind, is_raw) {
        (Some(kind), _) => (
            Severity::Error,
            format!(
                "{what} in the {} record is not ASCII, so receivers may discard the record",
                kind.name()
            ),
        ),
        (None, true) => (
            Severity::Warning,
            format!("{what} in this text is not ASCII: Knot DNS refuses the whole zone"),
        ),
        (None, false) => (
            Severity::Info,
            format!("{what} in this text is not ASCII: what it stands for is up to whoever reads it"),
        ),
    };
    let help = match kind {
        Some(_) => "write the record in ASCII",
        None => "write the text in ASCII, or the bytes as `\\DDD` with three decimal digits",
    };
    let edits = kind.and_then(|_| in_ascii(txt, &text, &found));
    let places: Vec<_> = found[1..]
        .iter()
        .take(20)
        .filter_map(|(range, char)| Some((text.span(range.clone())?, describe(*char, text.get(range.clone())))))
        .collect();
    let mut finding = findings.report(span, message, what).severity(severity).help(help).fix(
        "write blanks as ASCII and take away what has no width",
        Safety::Unsafe,
        edits,
    );
    for (place, what) in places {
        finding = finding.related(place, what);
    }
}

/// The characters of a text that are not ASCII; bytes that are no UTF-8 stand alone.
fn characters(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, Option<char>)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += bytes[at..].iter().position(|byte| !byte.is_ascii())?;
        let near = &bytes[at..bytes.len().min(at + 4)];
        let char = near.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
        let range = at..at + char.map_or(1, char::len_utf8);
        at = range.end;
        Some((range, char))
    })
}

/// The edits after which a text is ASCII: blanks for blanks, nothing for what has no width. `None` if there are others.
fn in_ascii(txt: &Txt, text: &Text, found: &[(Range<usize>, Option<char>)]) -> Option<Vec<Edit>> {
    // The repair of a slip comes first.
    if text.bytes() != txt.text.bytes() {
        return None;
    }
    let mut edits = Vec::new();
    for (range, char) in found {
        let new = match (*char)? {
            '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => " ",
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => "",
            _ => return None,
        };
        edits.extend(text.replace(range.clone(), new)?);
    }
    Some(edits)
}

rule! {
    /// Control characters in a TXT record.
    ///
    /// A line feed or another control character came in with an escape such as `\010`. No mail policy may hold one, and
    /// programs that show or read the text take it badly.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "one line\010and another"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "one line and another"
    /// ```
    /// # When to ignore
    /// When the text is binary data for a program that expects it.
    /// # Source
    /// RFC 1035, section 5.1
    CONTROL_CHAR: "zone-txt-control-char", [Warning], None, Txt(control_char)
}

fn control_char(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    // Looking at all of them is faster than stopping at the first: by far the most texts have none.
    let holds_any = |text: &Text| text.bytes().iter().fold(false, |any, byte| any | is_control(byte));
    if !holds_any(&txt.text) && !txt.tail.as_deref().is_some_and(holds_any) {
        return;
    }
    let text = slip::meant_text(record, txt);
    let mut found = text.bytes().iter().enumerate().filter(|(_, byte)| is_control(byte));
    let Some((at, byte)) = found.next() else { return };
    let Some(span) = text.span(at..at + 1) else { return };
    let places: Vec<_> = found.take(20).filter_map(|(at, _)| text.span(at..at + 1)).collect();
    let name = match byte {
        0 => " (NUL)",
        7 => " (bell)",
        10 => " (line feed)",
        11 => " (vertical tab)",
        12 => " (form feed)",
        13 => " (carriage return)",
        27 => " (escape)",
        127 => " (delete)",
        _ => "",
    };
    let message = match slip::kind(&text, &record.owner) {
        Some(kind) => format!(
            "byte {byte}{name} in the {} record is a control character, so receivers may discard the record",
            kind.name()
        ),
        None => {
            format!("byte {byte}{name} in this text is a control character, which programs that read it take badly")
        }
    };
    let mut finding = findings
        .report(span, message, format!("byte {byte}{name}"))
        .help("take it away, or write a blank");
    for place in places {
        finding = finding.related(place, "here too");
    }
}
