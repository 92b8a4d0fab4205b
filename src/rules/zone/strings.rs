//! Rules about the character-strings of TXT records: how they are joined, and how long they may be.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    policy::kind::{self, Kind},
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    rules::zone::txt_quotes::{effect, shown},
    slip,
    source::Server,
    span::Span,
    spelling::Spelling,
    text::Edit,
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[JOIN_MISSING_SPACE, ADJACENT_STRINGS, STRING_TOO_LONG, EMPTY, LARGE];

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
    JOIN_MISSING_SPACE: "zone-txt-join-missing-space", [Error], Unsafe, Txt(join_missing_space)
}

fn join_missing_space(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(meant) = slip::of(record, txt) else { return };
    let (Some(kind), [first, others @ ..]) = (meant.slips.kind, meant.slips.joints.as_slice()) else {
        return;
    };
    let Some(span) = meant.boundary(*first, findings.sources()) else {
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
        .filter_map(|at| meant.boundary(*at, findings.sources()))
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
    ADJACENT_STRINGS: "zone-txt-adjacent-strings", [Info], Safe, Txt(adjacent_strings), once_a_file
}

fn adjacent_strings(txt: &Txt, _record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if txt.text.literal_count() < 2 {
        return;
    }
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

/// The longest character-string in bytes (RFC 1035, section 3.3).
const STRING_MAX: usize = 255;

rule! {
    /// A string of more than 255 bytes.
    ///
    /// One string of a TXT record holds at most 255 bytes, counted without quotes and after escapes. BIND and NSD refuse the
    /// whole zone for a longer one; Knot DNS, PowerDNS and gdnsd split it by themselves. Where the repository tells which
    /// server reads the zone, the severity is error or info accordingly. Long DKIM keys need two strings.
    ///
    /// # Severity
    /// An error where a server in the repository refuses such a string; an info where all of them split it; a warning where
    /// the repository does not tell which server reads the zone.
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
    STRING_TOO_LONG: "zone-txt-string-too-long", [Error, Warning, Info], Safe, Txt(string_too_long)
}

fn string_too_long(txt: &Txt, _record: &Record, scan: &Scan, findings: &mut Findings<'_>) {
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
    /// # Severity
    /// A warning at a name where a mail policy is looked up; an info at all others.
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
    EMPTY: "zone-txt-empty", [Warning, Info], None, Txt(empty), once_a_file
}

fn empty(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if !(txt.text.is_empty() && txt.text.is_complete()) {
        return;
    }
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
    LARGE: "zone-txt-large", [Info], None, Node(Holds::TXT, large), once_a_file
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
