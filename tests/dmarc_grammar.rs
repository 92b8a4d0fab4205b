//! The grammar of RFC 9989, section 4.8, read a second time and as plainly as it is printed: a record has an error exactly if
//! receivers ignore the record, its policy or one of its tags.

mod cases;
mod mutated;
mod written;

use std::collections::BTreeSet;

use maillint::diagnostic::Severity;
use mutated::Chance;

/// What a receiver makes of a record.
#[derive(PartialEq, Debug)]
enum Reading {
    /// The record is none.
    Ignored,
    /// The policy, a tag or a part of it is lost.
    Lossy,
    Whole,
    /// The text leaves it open, or receivers differ.
    Open,
}

const KEYWORDS: [(&str, &[&str]); 7] = [
    ("p", &["none", "quarantine", "reject"]),
    ("sp", &["none", "quarantine", "reject"]),
    ("np", &["none", "quarantine", "reject"]),
    ("adkim", &["r", "s"]),
    ("aspf", &["r", "s"]),
    ("t", &["y", "n"]),
    ("psd", &["y", "n", "u"]),
];

const BLANKS: [char; 2] = [' ', '\t'];

fn read(record: &str) -> Reading {
    let mut segments: Vec<&str> = record.split(';').collect();
    // Blanks behind the last separator are a part of it.
    if segments.len() > 1 && segments.last().is_some_and(|last| last.trim_matches(BLANKS).is_empty()) {
        segments.pop();
    }
    let version = segments.remove(0);
    let Some((name, value)) = version.split_once('=') else {
        return Reading::Ignored;
    };
    match name.trim_end_matches(BLANKS) {
        "v" => {}
        "V" => return Reading::Open,
        _ => return Reading::Ignored,
    }
    // Blanks behind the version are a part of the separator behind them, and the record's end is none.
    match value.trim_start_matches(BLANKS) {
        "DMARC1" => {}
        value if value.trim_end_matches(BLANKS) != "DMARC1" => return Reading::Ignored,
        _ if segments.is_empty() && !record.contains(';') => return Reading::Open,
        _ => {}
    }
    let readings = read_tags(&segments);
    let worst = [Reading::Lossy, Reading::Open]
        .into_iter()
        .find(|worst| readings.contains(worst));
    worst.unwrap_or(Reading::Whole)
}

fn read_tags(segments: &[&str]) -> Vec<Reading> {
    let has_ruf = segments
        .iter()
        .any(|segment| segment.trim_start_matches(BLANKS).starts_with("ruf"));
    let mut readings = Vec::new();
    let mut seen = BTreeSet::from(["v"]);
    for (at, segment) in segments.iter().enumerate() {
        let mut segment = segment.trim_start_matches(BLANKS);
        let is_last = at + 1 == segments.len();
        if segment.trim_end_matches(BLANKS) != segment && is_last {
            // No separator follows, so they belong to the value; a keyword with a blank is none, and receivers trim.
            readings.push(Reading::Open);
        }
        segment = segment.trim_end_matches(BLANKS);
        let Some((name, value)) = segment.split_once('=') else {
            // An empty segment is passed over by all.
            readings.push(if segment.is_empty() {
                Reading::Open
            } else {
                Reading::Lossy
            });
            continue;
        };
        let (name, value) = (name.trim_end_matches(BLANKS), value.trim_start_matches(BLANKS));
        readings.push(match read_tag(name, value) {
            // Without an address for failure reports nobody looks at it (section 4.7).
            Reading::Lossy if name == "fo" && !has_ruf => Reading::Open,
            reading => reading,
        });
        // RFC 6376, section 3.2: a tag that occurs again spoils the list.
        readings.push(if seen.insert(name) {
            Reading::Whole
        } else {
            Reading::Lossy
        });
    }
    if !seen.contains("p") {
        // With reports it acts as `p=none` (section 4.10.1).
        readings.push(Reading::Open);
    }
    readings
}

fn read_tag(name: &str, value: &str) -> Reading {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        // Digits and underscores in the name of a tag that nobody knows do no harm: DKIM's grammar has them.
        let is_dkim = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        return if !name.is_empty() && name.bytes().all(is_dkim) {
            Reading::Open
        } else {
            Reading::Lossy
        };
    }
    if !value.bytes().all(|byte| matches!(byte, 0x20..=0x3a | 0x3c..=0x7e)) {
        return Reading::Lossy;
    }
    let lower = name.to_ascii_lowercase();
    let known = KEYWORDS.iter().find(|(of, _)| *of == lower);
    let is_known = known.is_some() || ["rua", "ruf", "fo", "pct", "rf", "ri", "v"].contains(&&lower[..]);
    if is_known && lower != name || value.is_empty() && !["p", "sp", "np"].contains(&name) {
        return Reading::Open;
    }
    let value = value.to_ascii_lowercase();
    let holds = match (known, name) {
        (Some((_, words)), _) => words.contains(&&value[..]),
        (None, "fo") => is_fo(&value),
        (None, "rua" | "ruf") => return read_uris(&value),
        // Another tag may be lost in the value of one that nobody reads.
        _ if value.contains(['=', '"', '\\']) => return Reading::Open,
        _ => return Reading::Whole,
    };
    if holds { Reading::Whole } else { Reading::Lossy }
}

/// At most one of 0 and 1, d and s at most once, in any order.
fn is_fo(value: &str) -> bool {
    let options: Vec<&str> = value.split(':').collect();
    let times = |wanted: &[&str]| options.iter().filter(|option| wanted.contains(option)).count();
    let (numbers, dkim, spf) = (times(&["0", "1"]), times(&["d"]), times(&["s"]));
    numbers <= 1 && dkim <= 1 && spf <= 1 && numbers + dkim + spf == options.len()
}

fn read_uris(value: &str) -> Reading {
    let readings: Vec<Reading> = value
        .split(',')
        .map(|item| read_uri(item.trim_matches(BLANKS)))
        .collect();
    let worst = [Reading::Lossy, Reading::Open]
        .into_iter()
        .find(|worst| readings.contains(worst));
    worst.unwrap_or(Reading::Whole)
}

fn read_uri(uri: &str) -> Reading {
    if uri.is_empty() {
        return Reading::Open;
    }
    let Some((scheme, rest)) = uri.split_once(':') else {
        return Reading::Lossy;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if is_scheme && scheme != "mailto" {
        // Receivers skip it, whatever is in it.
        return Reading::Open;
    }
    let rest = without_size(rest);
    let is_uri = rest
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@$&'()*+=%".contains(&byte));
    if !is_scheme || !is_uri || !has_whole_escapes(rest) {
        return Reading::Lossy;
    }
    let address = rest.split('?').next().unwrap_or_default();
    let Some((local, domain)) = address.split_once('@') else {
        return Reading::Lossy;
    };
    // RFC 6068, section 2: which characters of a local part must be encoded is not settled here.
    if local.bytes().any(|byte| b"()[]:/#".contains(&byte)) || rest.contains(['?', '#']) {
        return Reading::Open;
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if domain.contains('_') || domain.contains('%') || domain.ends_with('.') {
        return Reading::Open;
    }
    let is_address = !local.is_empty() && domain.split('.').count() > 1 && domain.split('.').all(is_label);
    if is_address { Reading::Whole } else { Reading::Lossy }
}

/// The address without the size that RFC 7489 let stand behind it.
fn without_size(rest: &str) -> &str {
    let Some((before, size)) = rest.rsplit_once('!') else {
        return rest;
    };
    let digits = size.strip_suffix(['k', 'm', 'g', 't']).unwrap_or(size);
    let is_size = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_size { before } else { rest }
}

fn has_whole_escapes(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|behind| behind.len() >= 2 && behind.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

#[test]
fn errors_are_where_receivers_lose_something() {
    let mut chance = Chance::new(9989);
    let all: BTreeSet<String> = (0..4_000)
        .map(|_| mutated::record(&mut chance, &mutated::DMARC))
        .collect();
    let records: Vec<&String> = all.iter().collect();
    let mut zone = String::new();
    for (at, record) in records.iter().enumerate() {
        let data = written::digits(record);
        zone.push_str(&format!("_dmarc.{at}.records.example.com. 60 TXT {data}\n"));
    }
    let sources = cases::sources(&[("records.zone", zone)]);
    let outcome = cases::lint(&sources, &cases::select(&["dmarc"]));
    let mut errors: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); records.len()];
    let mut warned = vec![false; records.len()];
    for finding in &outcome.diagnostics {
        let span = finding.primary.span;
        let line = sources.get(span.source).position(span.start as usize).line;
        warned[line - 1] |= finding.severity <= Severity::Warning;
        if finding.severity == Severity::Error && finding.rule != "dmarc-psd-ruf" {
            errors[line - 1].insert(finding.rule);
        }
    }
    let mut wrong = Vec::new();
    let mut whole = 0;
    for (at, (record, errors)) in records.iter().zip(&errors).enumerate() {
        let reading = read(record);
        whole += usize::from(reading == Reading::Whole);
        let holds = match reading {
            // What does not even look like a record is only out of place.
            Reading::Ignored => warned[at] || record.is_empty(),
            Reading::Lossy => !errors.is_empty(),
            Reading::Whole => errors.is_empty(),
            Reading::Open => true,
        };
        if !holds {
            wrong.push(format!("{record:?}: {reading:?}, {errors:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(whole > 400 && whole < records.len() / 2, "{whole}");
}
