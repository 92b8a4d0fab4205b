//! The vectors for the TXT records at `_mta-sts`, `_smtp._tls` and `_bimi`: each is written as a zone file and judged alone.
//! Those for BIMI are a part of a zone, unless they state one whole.

mod cases;
mod written;

use std::{collections::BTreeSet, fs, path::Path};

use maillint::rule::{Check, Rule};
use serde::Deserialize;

/// A name, the text of one TXT record or of several or the character-strings of one, and the rules that report.
#[derive(Deserialize)]
struct Vector {
    name: String,
    owner: String,
    value: Option<String>,
    values: Option<Vec<String>>,
    strings: Option<Vec<String>>,
    zone: Option<Vec<String>>,
    expect: BTreeSet<String>,
    note: String,
}

const FILES: [(&str, &str); 6] = [
    ("bimi", "bimi.yaml"),
    ("bimi", "bimi-more.yaml"),
    ("mta-sts", "mta-sts.yaml"),
    ("mta-sts", "mta-sts-more.yaml"),
    ("tls-rpt", "tls-rpt.yaml"),
    ("tls-rpt", "tls-rpt-more.yaml"),
];

fn vectors(file: &str) -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file);
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str(&text).expect("the file is a list of vectors")
}

/// Rules about what else is in a zone: their vectors are among those of whole repositories.
const OF_ZONES: [&str; 4] = [
    "mta-sts-record-missing",
    "mta-sts-subdomain-uncovered",
    "tls-rpt-rua-undeliverable",
    "tls-rpt-without-mx",
];

/// The rules of a family that look at a record, or at all records of one name, and run without being selected.
fn rules(family: &str) -> Vec<&'static Rule> {
    let mut rules = cases::select(&[family]);
    rules.retain(|rule| !OF_ZONES.contains(&rule.id));
    rules.retain(|rule| {
        rule.on_by_default
            && matches!(
                rule.check,
                Check::Bimi(_) | Check::MtaSts(_) | Check::TlsRpt(_) | Check::Node(..)
            )
    });
    rules
}

/// The zone above the owner's service labels, with the vector's records.
fn zone(vector: &Vector) -> (String, String) {
    let labels: Vec<&str> = vector.owner.split('.').collect();
    let domain = labels
        .iter()
        .rposition(|label| label.starts_with('_'))
        .map(|last| labels[last + 1..].join("."))
        .expect("a domain");
    let mut records: Vec<String> = vector.value.iter().map(|value| written::text(value)).collect();
    records.extend(vector.values.iter().flatten().map(|value| written::text(value)));
    records.extend(vector.strings.iter().map(|strings| {
        let strings: Vec<String> = strings
            .iter()
            .map(|string| written::string(string.as_bytes()))
            .collect();
        strings.join(" ")
    }));
    let is_bimi = labels.contains(&"_bimi");
    let domain = if is_bimi { "corp.test.".to_string() } else { domain };
    let mut text = format!("$ORIGIN {domain}\n$TTL 3600\n");
    if !is_bimi || vector.zone.is_some() {
        text.push_str("@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\n");
    }
    for record in vector.zone.iter().flatten() {
        text.push_str(&format!("{record}\n"));
    }
    for record in records {
        text.push_str(&format!("{} TXT {}\n", vector.owner, record));
    }
    (format!("{}zone", domain), text)
}

#[test]
fn vectors_hold() {
    let mut wrong = Vec::new();
    for (family, file) in FILES {
        for vector in vectors(file) {
            let sources = cases::sources(&[zone(&vector)]);
            let outcome = cases::lint(&sources, &rules(family));
            assert!(
                outcome.inspected[0].scan.faults.is_empty(),
                "{}: a zone without faults",
                vector.name
            );
            let found: BTreeSet<String> = outcome
                .diagnostics
                .iter()
                .map(|diagnostic| diagnostic.rule.to_string())
                .collect();
            if found != vector.expect {
                let (name, note) = (&vector.name, &vector.note);
                wrong.push(format!(
                    "{file}: {name} ({note}): expected {:?}, found {found:?}",
                    vector.expect
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_vector_that_fails() {
    for family in ["bimi", "mta-sts", "tls-rpt"] {
        let expected: BTreeSet<String> = FILES
            .iter()
            .filter(|(of, _)| *of == family)
            .flat_map(|(_, file)| vectors(file))
            .flat_map(|vector| vector.expect)
            .collect();
        let all: BTreeSet<String> = rules(family).iter().map(|rule| rule.id.to_string()).collect();
        assert_eq!(expected, all);
    }
}
