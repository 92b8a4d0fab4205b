//! The exact characters that each rule about BIMI, DKIM, DMARC and SPF points at, in records written with escapes and in several strings:
//! `vectors/spans.yaml`.

mod cases;

use std::{collections::BTreeSet, fs, path::Path};

use serde::Deserialize;

/// A zone, and what stands there under the finding of a rule.
#[derive(Deserialize)]
struct Case {
    rule: String,
    zone: String,
    net: Option<String>,
    text: String,
    #[serde(default)]
    behind: String,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/spans.yaml");
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str::<File>(&text).expect("the file has cases").cases
}

/// What stands under the findings of the rule, and before it as much as the case tells.
fn found(case: &Case) -> Vec<String> {
    let zone = |origin: &str, records: &str| {
        let start = "@ SOA ns.example.org. hostmaster.example.org. 1 1h 1h 1w 1h\n@ NS ns.example.org.";
        (
            format!("{origin}.zone"),
            format!("$ORIGIN {origin}.\n$TTL 3600\n{start}\n{records}\n"),
        )
    };
    let net = case.net.iter().map(|records| zone("example.net", records));
    let zones: Vec<_> = net.chain([zone("example.com", &case.zone)]).collect();
    let sources = cases::sources(&zones);
    let outcome = cases::lint(&sources, &cases::select(&[&case.rule]));
    let under = outcome.diagnostics.iter().map(|finding| {
        let span = finding.primary.span;
        let start = (span.start as usize).saturating_sub(case.behind.len());
        let bytes = &sources.get(span.source).bytes()[start..span.end as usize];
        String::from_utf8_lossy(bytes).into_owned()
    });
    under.collect()
}

#[test]
fn every_rule_points_at_the_exact_characters() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = found(&case);
        let expected = format!("{}{}", case.behind, case.text);
        if found != [expected.as_str()] {
            let Case { rule, zone, .. } = &case;
            wrong.push(format!(
                "{rule}: {zone}\n    expected {expected}\n    found    {}",
                found.join(" | ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Where nothing is written in several strings or with escapes, a place is found too easily.
#[test]
fn every_case_is_written_with_escapes_or_in_several_strings() {
    for Case { rule, zone, text, .. } in cases() {
        let is_escaped = |written: &str| {
            let digits = |rest: &str| rest.len() > 2 && rest.as_bytes()[..3].iter().all(u8::is_ascii_digit);
            written.split('\\').skip(1).any(digits)
        };
        let has_strings = zone.contains("\" \"");
        let is_under = is_escaped(&text) || text.contains("\" \"");
        // What is missing, or is a type, has a place without characters of its own.
        assert!(is_under || is_escaped(&zone) && has_strings, "{rule}: {zone}");
    }
}

#[test]
fn every_rule_has_a_case() {
    let covered: BTreeSet<String> = cases().into_iter().map(|case| case.rule).collect();
    let all: BTreeSet<String> = maillint::rules::all()
        .iter()
        .map(|rule| rule.id)
        .filter(|id| {
            ["bimi-", "dkim-", "dmarc-", "spf-"]
                .iter()
                .any(|family| id.starts_with(family))
        })
        .map(str::to_string)
        .collect();
    assert_eq!(covered, all);
}
