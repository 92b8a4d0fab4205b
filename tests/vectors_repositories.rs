//! The vectors for DKIM, DMARC and SPF: each is a little repository with a zone file for each of its zones.

mod cases;
mod written;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use maillint::{diagnostic::Diagnostic, rule::Rule};
use serde::Deserialize;

/// A record with its surroundings, and the rules that report.
#[derive(Deserialize)]
struct Vector {
    name: String,
    owner: String,
    #[serde(default = "txt", rename = "type")]
    kind: String,
    value: Option<String>,
    values: Option<Vec<String>>,
    strings: Option<Vec<String>>,
    #[serde(default)]
    also: Vec<Also>,
    #[serde(default)]
    zones: Vec<String>,
    expect: BTreeSet<String>,
    note: String,
}

/// A further record.
#[derive(Deserialize)]
struct Also {
    owner: String,
    #[serde(default = "txt", rename = "type")]
    kind: String,
    value: String,
}

fn txt() -> String {
    "TXT".to_string()
}

const FILES: [(&str, &str); 6] = [
    ("dkim", "dkim.yaml"),
    ("dkim", "dkim-more.yaml"),
    ("dmarc", "dmarc.yaml"),
    ("dmarc", "dmarc-more.yaml"),
    ("spf", "spf.yaml"),
    ("spf", "spf-more.yaml"),
];

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

fn vectors(file: &str) -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file);
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str::<File>(&text)
        .expect("the file has vectors")
        .vectors
}

/// The rules of a family that run without being selected.
fn rules(family: &str) -> Vec<&'static Rule> {
    let mut rules = cases::select(&[family]);
    rules.retain(|rule| rule.on_by_default);
    rules
}

fn data(kind: &str, value: &str) -> String {
    match kind {
        "TXT" | "SPF" => written::text(value),
        _ => value.to_string(),
    }
}

/// The zone files: one for each zone that is listed, stated whole, and fragments for all other records.
fn files(vector: &Vector) -> Vec<(String, String)> {
    let mut records: Vec<(&str, &str, String)> = Vec::new();
    for value in vector.value.iter().chain(vector.values.iter().flatten()) {
        records.push((&vector.owner, &vector.kind, data(&vector.kind, value)));
    }
    if let Some(strings) = &vector.strings {
        // The value is then only their join.
        records.clear();
        let strings: Vec<String> = strings
            .iter()
            .map(|string| written::string(string.as_bytes()))
            .collect();
        records.push((&vector.owner, &vector.kind, strings.join(" ")));
    }
    for also in &vector.also {
        records.push((&also.owner, &also.kind, data(&also.kind, &also.value)));
    }
    let mut zones: BTreeMap<String, String> = BTreeMap::new();
    for zone in &vector.zones {
        let start =
            format!("$ORIGIN {zone}.\n$TTL 3600\n@ IN SOA ns.example.test. hostmaster.example.test. 1 1h 1h 1w 1h\n");
        zones.insert(zone.to_ascii_lowercase(), start);
    }
    for (owner, kind, data) in records {
        let lower = owner.to_ascii_lowercase();
        let is_within = |zone: &&String| lower == **zone || lower.ends_with(&format!(".{zone}"));
        let listed = vector
            .zones
            .iter()
            .map(|zone| zone.to_ascii_lowercase())
            .collect::<Vec<_>>();
        let zone = match listed.iter().filter(is_within).max_by_key(|zone| zone.len()) {
            Some(zone) => zone.clone(),
            None => {
                let labels: Vec<&str> = lower.split('.').collect();
                labels[labels.len().saturating_sub(2)..].join(".")
            }
        };
        let file = zones
            .entry(zone.clone())
            .or_insert_with(|| format!("$ORIGIN {zone}.\n$TTL 3600\n"));
        file.push_str(&format!("{owner}. IN {kind} {data}\n"));
    }
    zones
        .into_iter()
        .map(|(zone, text)| (format!("{zone}.zone"), text))
        .collect()
}

#[test]
fn dkim_vectors_hold() {
    hold("dkim");
}

#[test]
fn dmarc_vectors_hold() {
    hold("dmarc");
}

#[test]
fn spf_vectors_hold() {
    hold("spf");
}

fn hold(family: &str) {
    let mut wrong = Vec::new();
    for (_, file) in FILES.iter().filter(|(of, _)| *of == family) {
        for vector in vectors(file) {
            let sources = cases::sources(&files(&vector));
            let outcome = cases::lint(&sources, &rules(family));
            let faults: Vec<_> = outcome.inspected.iter().flat_map(|one| &one.scan.faults).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", vector.name);
            let found: BTreeSet<String> = outcome
                .diagnostics
                .iter()
                .filter(|diagnostic| is_about(diagnostic, &vector.owner))
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
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether a finding is about the record under test, and not about one that is only there beside it.
fn is_about(diagnostic: &Diagnostic, owner: &str) -> bool {
    let about = diagnostic.about.as_ref();
    about.is_none_or(|about| about.owner.eq_ignore_ascii_case(owner))
}

#[test]
fn every_dkim_rule_has_a_vector_that_fails() {
    covered("dkim");
}

#[test]
fn every_dmarc_rule_has_a_vector_that_fails() {
    covered("dmarc");
}

#[test]
fn every_spf_rule_has_a_vector_that_fails() {
    covered("spf");
}

fn covered(family: &str) {
    let expected: BTreeSet<String> = FILES
        .iter()
        .filter(|(of, _)| *of == family)
        .flat_map(|(_, file)| vectors(file))
        .flat_map(|vector| vector.expect)
        .collect();
    let all: BTreeSet<String> = rules(family).iter().map(|rule| rule.id.to_string()).collect();
    assert_eq!(expected, all);
}
