//! Rules about the strings of TXT records: their size, and the characters in them.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    policy::kind,
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    rules::zone::quoting::effect,
    slip,
    source::Server,
    spelling::Spelling,
    text::{Edit, Text},
    zones::Node,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[STRING_TOO_LONG, EMPTY, NON_ASCII, CONTROL_CHAR, LARGE];

/// The longest character-string in bytes (RFC 1035, section 3.3).
const STRING_MAX: usize = 255;

rule! {
    /// A string of more than 255 bytes.
    ///
    /// One string of a TXT record holds at most 255 bytes, counted without quotes and after escapes. BIND and NSD refuse the
    /// whole zone for a longer one; Knot DNS, PowerDNS and gdnsd split it by themselves. Where the repository tells which
    /// server reads the zone, the severity is error or info accordingly. Long DKIM keys need two strings.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExIDAQAB"
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExamp" "leExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExampleExIDAQAB"
    /// ```
    /// # When to ignore
    /// When every server that loads the zone splits long strings.
    /// # Source
    /// RFC 1035, section 3.3
    STRING_TOO_LONG: "zone-txt-string-too-long", [Error, Warning, Info], Safe, Record(string_too_long)
}

fn string_too_long(record: &Record, scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    if txt.text.len() <= STRING_MAX {
        return;
    }
    let refuses = scan
        .servers
        .iter()
        .any(|server| matches!(server, Server::Bind | Server::Nsd));
    let (severity, outcome) = match refuses {
        true => (Severity::Error, "the server refuses the whole zone"),
        false if scan.servers.is_empty() => (Severity::Warning, "BIND and NSD refuse the whole zone"),
        false => (
            Severity::Info,
            "BIND and NSD would refuse the zone, while the server here splits the string",
        ),
    };
    for (index, string) in txt.strings().enumerate() {
        if string.len() <= STRING_MAX || is_elsewhere(txt, index) {
            continue;
        }
        let Some(span) = txt.text.span(string.start + STRING_MAX..string.end) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "a string of {} bytes, and only {STRING_MAX} are allowed: {outcome}",
                    string.len()
                ),
                "from byte 256 on",
            )
            .severity(severity)
            .help("split it into strings of at most 255 bytes, which are joined without anything between them")
            .fix("split the string", Safety::Safe, split(txt, index, string));
    }
}

/// Whether a string is kept in another format than a zone file, whose writer splits it.
fn is_elsewhere(txt: &Txt, index: usize) -> bool {
    matches!(txt.text.literal(index), Some((_, _, Spelling::Json | Spelling::Plain)))
}

/// The edits that split a quoted string. `None` for a word, and where a template fills in a part of it.
fn split(txt: &Txt, index: usize, string: Range<usize>) -> Option<Vec<Edit>> {
    let is_quoted = matches!(txt.text.literal(index), Some((_, _, Spelling::ZoneQuoted)));
    if !is_quoted || !txt.text.is_known(string.clone()) {
        return None;
    }
    let mut edits = Vec::new();
    let mut at = string.start;
    while string.end - at > STRING_MAX {
        let inside_character = |at: &usize| !(0x80..0xc0).contains(&txt.text.bytes()[*at]);
        at = (at + STRING_MAX - 3..=at + STRING_MAX)
            .rfind(inside_character)
            .unwrap_or(at + STRING_MAX);
        edits.push(Edit {
            span: txt.text.span(at..at)?,
            new: "\" \"".to_string(),
        });
    }
    Some(edits)
}

rule! {
    /// A TXT record without text.
    ///
    /// It says nothing. At a name where receivers look for a policy they find none, and the record is most likely what was
    /// left of one.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT ""
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// When the record only has to be there, as a mark for a program.
    /// # Source
    /// RFC 1035, section 3.3.14
    EMPTY: "zone-txt-empty", [Warning, Info], None, Record(empty), once_a_file
}

fn empty(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt().filter(|txt| txt.text.is_empty() && txt.text.is_complete()) else {
        return;
    };
    let last = txt.text.literal_count().saturating_sub(1);
    let (Some(first), Some(last)) = (txt.literal_span(0), txt.literal_span(last)) else {
        return;
    };
    let (severity, message) = match kind::of_owner(&record.owner) {
        Some(kind) => (
            Severity::Warning,
            format!(
                "an empty TXT record where {} is looked up, so {}",
                kind.name(),
                effect(kind)
            ),
        ),
        None => (Severity::Info, "an empty TXT record says nothing".to_string()),
    };
    findings
        .report(first.to(last), message, "no text")
        .severity(severity)
        .help("write the text, or remove the record");
}

rule! {
    /// Characters in a TXT record that are not ASCII.
    ///
    /// Mail policies are ASCII. A no-break space, a zero-width space or a typographic dash looks right in an editor and on
    /// a web page, where such text is copied from, but receivers stumble over it. In other texts it is a question of the
    /// server: Knot DNS refuses a zone with such bytes, unless they are written as `\DDD`.
    ///
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
    NON_ASCII: "zone-txt-non-ascii", [Error, Warning, Info], Unsafe, Record(non_ascii)
}

fn non_ascii(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
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

/// What a character is called, by its number and, if people mistake it for another, by its name.
fn describe(char: Option<char>, bytes: &[u8]) -> String {
    let Some(char) = char else {
        return format!("byte {}", bytes.first().copied().unwrap_or_default());
    };
    let name = match char {
        '\u{a0}' => "no-break space",
        '\u{ab}' | '\u{bb}' => "angle quote",
        '\u{ad}' => "soft hyphen",
        '\u{b7}' => "middle dot",
        '\u{2002}'..='\u{200a}' | '\u{3000}' => "wide or narrow space",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => "direction mark",
        '\u{2010}' | '\u{2011}' => "hyphen",
        '\u{2012}' => "figure dash",
        '\u{2013}' => "en dash",
        '\u{2014}' => "em dash",
        '\u{2018}' | '\u{2019}' | '\u{201a}' => "typographic apostrophe",
        '\u{201c}'..='\u{201e}' => "typographic quote",
        '\u{2026}' => "ellipsis",
        '\u{202f}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{2212}' => "minus sign",
        '\u{fe55}' | '\u{ff1a}' => "wide colon",
        '\u{feff}' => "byte order mark",
        '\u{ff1b}' => "wide semicolon",
        '\u{ff1d}' => "wide equals sign",
        '\u{fffd}' => "replacement character",
        char if char.is_control() => "control character",
        char => return format!("U+{:04X} (`{char}`)", char as u32),
    };
    format!("U+{:04X} ({name})", char as u32)
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
    CONTROL_CHAR: "zone-txt-control-char", [Warning], None, Record(control_char)
}

fn control_char(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(txt) = record.txt() else { return };
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    // Counting all of them is faster than stopping at the first: by far the most texts have none.
    let holds_any = |text: &Text| text.bytes().iter().filter(|byte| is_control(byte)).count() > 0;
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

rule! {
    /// Much text at one name.
    ///
    /// An answer holds all TXT records of a name. Above some 1,200 bytes it no longer fits into one UDP packet and has to be
    /// asked for again over TCP, which some networks do not let through; receivers behind them see no record at all. Other
    /// records at the name, such as verification tokens, count as much as the SPF record that is wanted.
    ///
    /// # Bad
    /// ```zone
    /// ; 301 tokens, all at the apex
    /// $GENERATE 100-400 @ TXT "token=$"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net -all"
    /// @ TXT "site-verification=abc_123"
    /// ```
    /// # When to ignore
    /// When the text cannot be shortened, as with long keys.
    /// # Source
    /// RFC 7208, section 3.4
    LARGE: "zone-txt-large", [Info], None, Node(large), once_a_file
}

/// How many bytes the text of one record may have, and how many those of a name together.
const RECORD_MAX: usize = 1000;
const NAME_MAX: usize = 1200;

fn large<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let (mut sum, mut count) = (0, 0);
    let mut reported = false;
    for record in node.records() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        let len = txt.text.len();
        let before = sum;
        sum += len;
        count += 1;
        let message = if len > RECORD_MAX {
            format!("a TXT record of {len} bytes: receivers that cannot ask over TCP may not get it")
        } else if before <= NAME_MAX && sum > NAME_MAX && !reported {
            format!(
                "{count} TXT records at `{}` have {sum} bytes together: receivers that cannot ask over TCP may get none of them",
                node.name()
            )
        } else {
            continue;
        };
        reported = true;
        findings.about(record);
        findings
            .report(record.span, message, "too much for one UDP packet")
            .help("split the text over several names, or leave out what nobody asks for");
    }
}
