//! The vectors of `tests/vectors/zone.yaml`: what is read from a zone file, and which rules report.

mod cases;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use maillint::{
    presentation,
    record::{Data, Record},
    rule, rules,
    source::Sources,
};
use serde::Deserialize;

/// The families whose rules are compared.
const FAMILIES: &[&str] = &["names", "zone", "mta-sts", "mx", "tls-rpt", "tlsa"];

#[derive(Deserialize)]
struct Vector {
    name: String,
    #[serde(default = "example")]
    origin: String,
    input: String,
    #[serde(default)]
    soa: Soa,
    #[serde(default)]
    files: BTreeMap<String, String>,
    records: Vec<Row>,
    expect: BTreeSet<String>,
}

/// Where the SOA and NS records stand that the inputs leave out.
#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum Soa {
    #[default]
    Before,
    After,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Row {
    owner: String,
    ttl: u32,
    #[serde(rename = "type")]
    kind: String,
    strings: Option<Vec<String>>,
    value: Option<String>,
}

fn example() -> String {
    "example.com.".to_string()
}

impl Vector {
    /// The files as a small repository. The added records have absolute owners and their own TTL, so that they say nothing
    /// of what the input says; they make it a whole zone.
    fn sources(&self) -> Sources {
        let origin = &self.origin;
        let head = format!(
            "{origin} 3600 IN SOA ns.corp.test. hostmaster.corp.test. 1 7200 900 1209600 300\n\
             {origin} 3600 IN NS ns.corp.test.\n"
        );
        let zone = match self.soa {
            Soa::Before => format!("{head}{}", self.input),
            Soa::After => format!("{}{head}", self.input),
        };
        let mut files = vec![(format!("{origin}zone"), zone)];
        files.extend(self.files.clone());
        cases::sources(&files)
    }

    /// Whether a record is one of the two that were added.
    fn is_added(&self, record: &Record) -> bool {
        match &record.data {
            Data::Soa(_) => true,
            Data::Ns(target) => presentation::name(&target.name) == "ns.corp.test.",
            _ => false,
        }
    }

    fn check(&self) -> Result<(), String> {
        let sources = self.sources();
        let mut selected = cases::select(FAMILIES);
        // Whether the domain takes mail is nothing that these zones tell.
        selected.retain(|rule| rule.on_by_default && !["mta-sts-without-mx", "tls-rpt-without-mx"].contains(&rule.id));
        let outcome = cases::lint(&sources, &selected);
        // Equal records are one. A type that no server knows keeps its name and nothing else.
        let rows: BTreeSet<Row> = outcome
            .inspected
            .iter()
            .flat_map(|file| &file.scan.records)
            .filter(|record| record.loads && !self.is_added(record))
            .filter(|record| !matches!(&record.data, Data::Other(other) if !other.is_registered))
            .map(|record| row(record, &sources))
            .collect();
        let expected: BTreeSet<&Row> = self.records.iter().collect();
        if rows.iter().collect::<BTreeSet<_>>() != expected {
            return Err(format!("{}: read {rows:#?}\nexpected {expected:#?}", self.name));
        }
        let found: BTreeSet<&str> = outcome.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
        let expected: BTreeSet<&str> = self
            .expect
            .iter()
            .map(String::as_str)
            .filter(|id| selected.iter().any(|rule| rule.id == *id))
            .collect();
        if found != expected {
            let shown: Vec<String> = outcome
                .diagnostics
                .iter()
                .map(|diagnostic| cases::line(&sources, diagnostic))
                .collect();
            return Err(format!("{}: found {shown:#?}\nexpected {expected:?}", self.name));
        }
        Ok(())
    }
}

fn row(record: &Record, sources: &Sources) -> Row {
    let strings = record.txt().map(presentation::strings);
    Row {
        owner: presentation::name(&record.owner),
        ttl: record.ttl().unwrap_or_default(),
        kind: rule::kind(record, sources).into_owned(),
        value: strings.is_none().then(|| presentation::value(record, sources)),
        strings,
    }
}

fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/zone.yaml");
    let text = fs::read_to_string(path).expect("the vectors are there");
    serde_saphyr::from_str(&text).expect("they have the form that their head explains")
}

#[test]
fn zone_vectors() {
    let wrong: Vec<String> = vectors().iter().filter_map(|vector| vector.check().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn expected_rules_are_known() {
    for vector in vectors() {
        for id in &vector.expect {
            assert!(rules::named(id).is_some(), "{}: there is no {id}", vector.name);
        }
    }
}
