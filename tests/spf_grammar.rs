//! The grammar of RFC 7208, section 12, read a second time and as plainly as it is printed: a record has an error of syntax
//! exactly if the grammar does not derive it.

mod cases;
mod mutated;
mod written;

use std::{collections::BTreeSet, net::Ipv6Addr};

use maillint::diagnostic::Severity;
use mutated::Chance;

/// Errors that the grammar knows nothing of: the record is evaluated as it is written, but a part of it is lost. In a domain, for
/// example, any visible character may stand, so a term that is glued to it is a part of it.
const NOT_OF_SYNTAX: [&str; 10] = [
    "spf-bad-separator",
    "spf-domain-unresolvable",
    "spf-loop",
    "spf-mechanism-equals",
    "spf-missing-space",
    "spf-overbroad-network",
    "spf-plus-all",
    "spf-stray-backslash",
    "spf-stray-quote",
    "spf-too-many-lookups",
];

/// Rules that look at the mechanism that was meant, or at the domain that is left when what is glued to it is cut off.
const OF_REPAIRED: [&str; 3] = ["spf-domain-syntax", "spf-ip-invalid", "spf-macro-exp-only"];

/// Whether a record is selected (section 4.5), and then whether the grammar derives it.
fn derives(record: &[u8]) -> Option<bool> {
    let (version, rest) = record.split_at_checked(6)?;
    if !version.eq_ignore_ascii_case(b"v=spf1") || rest.first().is_some_and(|byte| *byte != b' ') {
        return None;
    }
    let terms: Vec<&[u8]> = rest
        .split(|byte| *byte == b' ')
        .filter(|term| !term.is_empty())
        .collect();
    let times = |name: &[u8]| {
        terms
            .iter()
            .filter(|term| modifier(term).is_some_and(|(of, _)| of.eq_ignore_ascii_case(name)))
            .count()
    };
    // Section 6: at most one of each.
    Some(terms.iter().all(|term| is_term(term)) && times(b"redirect") <= 1 && times(b"exp") <= 1)
}

/// The name and the value of a term that has an equals sign behind a name.
fn modifier(term: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = term.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (&term[..equals], &term[equals + 1..]);
    let (first, rest) = name.split_first()?;
    let is_name = first.is_ascii_alphabetic()
        && rest
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
    is_name.then_some((name, value))
}

fn is_term(term: &[u8]) -> bool {
    if let Some((name, value)) = modifier(term) {
        return match &name.to_ascii_lowercase()[..] {
            b"redirect" | b"exp" => is_domain_spec(value),
            _ => macro_string(value, true).is_some(),
        };
    }
    let mechanism = match term.split_first() {
        Some((b'+' | b'-' | b'?' | b'~', rest)) => rest,
        _ => term,
    };
    let end = mechanism
        .iter()
        .position(|byte| b":/".contains(byte))
        .unwrap_or(mechanism.len());
    let (name, rest) = (mechanism[..end].to_ascii_lowercase(), &mechanism[end..]);
    let argument = rest.strip_prefix(b":");
    match &name[..] {
        b"all" => rest.is_empty(),
        b"include" | b"exists" => argument.is_some_and(is_domain_spec),
        b"ptr" => rest.is_empty() || argument.is_some_and(is_domain_spec),
        b"a" | b"mx" => is_dual_cidr(rest) || argument.is_some_and(is_domain_with_cidr),
        b"ip4" => argument.is_some_and(|network| is_network(network, is_ip4, 32)),
        b"ip6" => argument.is_some_and(|network| is_network(network, is_ip6, 128)),
        _ => false,
    }
}

/// A part of a macro-string.
#[derive(PartialEq)]
enum Part {
    Expand,
    Literal(u8),
}

/// The parts of a macro-string. The letters `c`, `r` and `t` are for explanations (section 7.2) and in no one's way in a modifier
/// that nobody knows.
fn macro_string(mut text: &[u8], any_letter: bool) -> Option<Vec<Part>> {
    let letters: &[u8] = if any_letter { b"slodiphvcrt" } else { b"slodiphv" };
    let mut parts = Vec::new();
    while let Some((first, rest)) = text.split_first() {
        let part = match (first, rest.first()) {
            (b'%', Some(b'%' | b'_' | b'-')) => (Part::Expand, 1),
            (b'%', Some(b'{')) => {
                let end = rest.iter().position(|byte| *byte == b'}')?;
                (is_expand(&rest[1..end], letters).then_some(Part::Expand)?, end + 1)
            }
            (b'%', _) => return None,
            (0x21..=0x7e, _) => (Part::Literal(*first), 0),
            _ => return None,
        };
        text = &rest[part.1..];
        parts.push(part.0);
    }
    Some(parts)
}

/// What stands between the braces of a macro.
fn is_expand(inside: &[u8], letters: &[u8]) -> bool {
    let Some((letter, rest)) = inside.split_first() else {
        return false;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = rest.split_at(digits);
    let delimiters = rest.strip_prefix(b"r").or(rest.strip_prefix(b"R")).unwrap_or(rest);
    // Section 7.3: the number of labels must not be zero.
    let is_zero = !number.is_empty() && number.iter().all(|digit| *digit == b'0');
    letters.contains(&letter.to_ascii_lowercase())
        && !is_zero
        && delimiters.iter().all(|byte| b".-+,/_=".contains(byte))
}

/// A macro-string that ends in a macro or in a top-level label behind a dot.
fn is_domain_spec(text: &[u8]) -> bool {
    let Some(mut parts) = macro_string(text, false) else {
        return false;
    };
    if parts.last() == Some(&Part::Expand) {
        return true;
    }
    if parts.last() == Some(&Part::Literal(b'.')) {
        parts.pop();
    }
    let Some(dot) = parts.iter().rposition(|part| *part == Part::Literal(b'.')) else {
        return false;
    };
    let label: Option<Vec<u8>> = parts[dot + 1..]
        .iter()
        .map(|part| match part {
            Part::Literal(byte) if byte.is_ascii_alphanumeric() || *byte == b'-' => Some(*byte),
            _ => None,
        })
        .collect();
    label.is_some_and(|label| {
        let ends = label.first().zip(label.last());
        ends.is_some_and(|(first, last)| *first != b'-' && *last != b'-')
            && label.iter().any(|byte| !byte.is_ascii_digit())
    })
}

fn is_domain_with_cidr(text: &[u8]) -> bool {
    (0..=text.len()).any(|at| is_dual_cidr(&text[at..]) && is_domain_spec(&text[..at]))
}

fn is_dual_cidr(text: &[u8]) -> bool {
    let is_4 = |text: &[u8]| text.strip_prefix(b"/").is_some_and(|digits| is_length(digits, 32));
    let is_6 = |text: &[u8]| text.strip_prefix(b"//").is_some_and(|digits| is_length(digits, 128));
    let both = text.windows(2).position(|pair| pair == b"//");
    text.is_empty() || is_4(text) || is_6(text) || both.is_some_and(|at| is_4(&text[..at]) && is_6(&text[at..]))
}

fn is_length(digits: &[u8], most: u32) -> bool {
    is_number(digits)
        && std::str::from_utf8(digits).is_ok_and(|text| text.parse::<u32>().is_ok_and(|number| number <= most))
}

/// Digits without a zero in front.
fn is_number(digits: &[u8]) -> bool {
    digits == b"0" || digits.first().is_some_and(|first| *first != b'0') && digits.iter().all(u8::is_ascii_digit)
}

fn is_network(text: &[u8], is_address: fn(&[u8]) -> bool, most: u32) -> bool {
    let slash = text.iter().position(|byte| *byte == b'/');
    let (address, length) = text.split_at(slash.unwrap_or(text.len()));
    is_address(address) && (length.is_empty() || is_length(&length[1..], most))
}

fn is_ip4(text: &[u8]) -> bool {
    let numbers: Vec<&[u8]> = text.split(|byte| *byte == b'.').collect();
    numbers.len() == 4 && numbers.iter().all(|number| is_length(number, 255))
}

fn is_ip6(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
}

#[test]
fn errors_of_syntax_are_where_the_grammar_ends() {
    let mut chance = Chance::new(7208);
    let all: BTreeSet<String> = (0..4_000)
        .map(|_| mutated::record(&mut chance, &mutated::SPF))
        .collect();
    let records: Vec<&String> = all.iter().collect();
    let zone = records.iter().enumerate().map(|(at, record)| {
        let data = written::digits(record);
        format!("{at}.records.example.test. 60 TXT {data}\n")
    });
    let sources = cases::sources(&[("records.zone", zone.collect::<String>())]);
    let outcome = cases::lint(&sources, &cases::select(&["spf"]));
    let mut errors: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); records.len()];
    for finding in &outcome.diagnostics {
        let span = finding.primary.span;
        let line = sources.get(span.source).position(span.start as usize).line;
        if finding.severity == Severity::Error {
            errors[line - 1].insert(finding.rule);
        }
    }
    let mut wrong = Vec::new();
    let mut derived = 0;
    for (record, errors) in records.iter().zip(&errors) {
        let holds = match derives(record.as_bytes()) {
            Some(true) => {
                derived += 1;
                let is_lost = errors.iter().any(|rule| NOT_OF_SYNTAX.contains(rule));
                errors
                    .iter()
                    .all(|rule| NOT_OF_SYNTAX.contains(rule) || is_lost && OF_REPAIRED.contains(rule))
            }
            Some(false) => !errors.is_empty(),
            None => true,
        };
        if !holds {
            wrong.push(format!("{record:?}: {errors:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    // Neither side may be rare.
    assert!(derived > 600 && derived < records.len() / 2, "{derived}");
}
