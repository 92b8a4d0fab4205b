//! What receivers do with mail that fails DMARC, as the repository tells it: see `tests/vectors/policy.yaml`.

mod cases;

use std::{collections::BTreeMap, fs, path::Path};

use maillint::{
    effective::{self, Existing, Unknown, Verdict},
    name::Name,
    run,
    zones::Zones,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    section: String,
    ask: String,
    #[serde(default)]
    zones: BTreeMap<String, String>,
    #[serde(default)]
    fragments: BTreeMap<String, String>,
    walk: [String; 3],
    list: [String; 3],
}

fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/policy.yaml");
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str::<File>(&text)
        .expect("the file has vectors")
        .vectors
}

fn files(vector: &Vector) -> Vec<(String, String)> {
    let zone = |(origin, records): (&String, &String)| {
        let head =
            format!("$ORIGIN {origin}.\n$TTL 3600\n@ SOA ns.example.net. hostmaster.example.net. 1 1h 1h 1w 1h\n");
        (format!("zones/{origin}.zone"), format!("{head}{records}\n"))
    };
    let fragment = |(path, records): (&String, &String)| (format!("zones/{path}"), format!("$TTL 3600\n{records}\n"));
    let zones = vector.zones.iter().map(zone);
    zones.chain(vector.fragments.iter().map(fragment)).collect()
}

/// An answer in the notation of the vectors.
fn written(verdict: &Verdict<'_>) -> String {
    match verdict {
        Verdict::Applies(applied) => {
            let mut what = applied.policy.word().to_string();
            if applied.stated != applied.policy {
                what = format!("{}->{what}", applied.stated.word());
            } else if let Some(percent) = applied.percent {
                what = format!("{what} {percent}%");
            }
            format!("{what} {} {}", applied.tag.word(), applied.found.domain)
        }
        Verdict::Monitors(broken) => format!("monitors {} {}", broken.tag.word(), broken.found.domain),
        Verdict::Ignored(broken) => format!("ignored {} {}", broken.tag.word(), broken.found.domain),
        Verdict::Several { domain, .. } => format!("several {domain}"),
        Verdict::NoRecord { assumed: None } => "nothing".to_string(),
        Verdict::NoRecord { assumed: Some(suffix) } => format!("nothing {suffix}"),
        Verdict::Unknown(Unknown::Record(domain)) => format!("unknown {domain}"),
        Verdict::Unknown(Unknown::Tag(found, tag)) => format!("unknown {} {}", tag.word(), found.domain),
        Verdict::Unknown(Unknown::Twice(found, tag)) => format!("twice {} {}", tag.word(), found.domain),
        Verdict::Unknown(Unknown::Existence(found)) => format!("exists {}", found.domain),
    }
}

#[test]
fn answers_are_those_of_the_rfcs() {
    let mut wrong = Vec::new();
    let vectors = vectors();
    for vector in &vectors {
        let sources = cases::sources(&files(vector));
        let scans = run::read(&sources, &run::formats(&sources));
        let zones = Zones::new(&sources, &scans);
        let name = Name::parse(&vector.ask).expect("it is a name");
        let existing = Existing::new(&zones);
        let standpoints = zones.standpoints(&name);
        let from = standpoints.first().expect("the repository knows something of the name");
        let effective = effective::of(from, &name, &existing);
        for (rfc, answers, expected) in [
            ("9989", &effective.by_walk, &vector.walk),
            ("7489", &effective.by_list, &vector.list),
        ] {
            let found = [&answers.itself, &answers.subdomain, &answers.nonexistent].map(written);
            if found != *expected {
                let Vector { name, section, .. } = vector;
                wrong.push(format!(
                    "{name}, RFC {rfc} ({section})\n  expected {expected:?}\n  found    {found:?}"
                ));
            }
        }
    }
    assert!(vectors.len() >= 40, "there are vectors");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
