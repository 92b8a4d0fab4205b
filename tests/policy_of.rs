//! What receivers do with mail that fails DMARC, as the repository tells it: see `tests/vectors/policy.yaml`.

mod cases;

use std::{collections::BTreeMap, fs, path::Path};

use maillint::{
    effective::{self, Existing, Unknown, Verdict},
    mail_domain,
    name::Name,
    policy_view::{self, Showing},
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

/// What the command writes for a domain of these files.
fn shown(ask: &str, files: &[(&str, &str)]) -> (String, String) {
    let sources = cases::sources(files);
    let scans = run::read(&sources, &run::formats(&sources));
    let zones = Zones::new(&sources, &scans);
    let name = Name::parse(ask).expect("it is a name");
    let told = mail_domain::of(&name, &zones, &sources);
    let showing = Showing {
        sources: &sources,
        shown_path: &|path| path.to_string(),
        hostile_log: true,
    };
    let (mut text, mut json) = (Vec::new(), Vec::new());
    policy_view::text(&name, &told, &showing, &mut text).expect("a vector takes it");
    policy_view::json(&name, &told, &showing, &mut json).expect("a vector takes it");
    let string = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (string(text), string(json))
}

const SOA: &str = "$ORIGIN example.com.\n$TTL 3600\n@ SOA ns h 1 1h 1h 1w 1h\n";

#[test]
fn hostile_texts_are_harmless() {
    let zone = format!(
        "{SOA}@ TXT \"v=spf1 include:\\027[31m.x.test include:##[group]y.test -all\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=\\027]8;;##[error]\"\n"
    );
    let (text, json) = shown("example.com", &[("##[group]\u{1b}.zone", &zone)]);
    for written in [text, json] {
        let is_control = |char: char| char.is_control() && char != '\n';
        assert!(!written.contains(is_control), "{written}");
        assert!(!written.contains("##["), "{written}");
    }
}

#[test]
fn views_that_differ_are_told_apart() {
    let inside = format!("{SOA}_dmarc TXT \"v=DMARC1; p=none\"\n");
    let outside = format!("{SOA}_dmarc TXT \"v=DMARC1; p=reject\"\n");
    let (text, json) = shown("example.com", &[("in/a.zone", &inside), ("out/a.zone", &outside)]);
    assert!(text.contains("example.com, as in/a.zone tells it\n"), "{text}");
    assert!(text.contains("example.com, as out/a.zone tells it\n"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let policy = |view: usize| json["views"][view]["dmarc"]["rfc9989"]["itself"]["policy"].clone();
    assert_eq!([policy(0), policy(1)], ["none", "reject"]);
}

#[test]
fn senders_are_listed_through_includes() {
    let zone = format!(
        "{SOA}@ MX 10 mail\nmail A 192.0.2.1\nmail AAAA 2001:db8::1\n\
         @ TXT \"v=spf1 mx/28//64 ip4:198.51.100.7 include:a.example.com include:b.example.net ?exists:%{{i}}.x.test ~all\"\n\
         a TXT \"v=spf1 ip4:203.0.113.0/24 -ip4:203.0.113.9 redirect=c.example.com\"\n\
         c TXT \"v=spf1 ip6:2001:db8:1::/48 ?all\"\n"
    );
    let (text, json) = shown("example.com", &[("a.zone", &zone)]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let spf = &json["views"][0]["spf"];
    let networks = [
        "192.0.2.0/28",
        "198.51.100.7/32",
        "203.0.113.0/24",
        "2001:db8::/64",
        "2001:db8:1::/48",
    ];
    assert_eq!(spf["networks"], serde_json::json!(networks), "{text}");
    assert_eq!(spf["includes"], serde_json::json!(["b.example.net"]));
    assert_eq!(spf["all"], "softfail");
    // mx, include, redirect, include, exists
    assert_eq!(
        (&spf["lookups"], &spf["lookups_exact"]),
        (&serde_json::json!(5), &serde_json::json!(false))
    );
    assert!(text.contains("  look-ups: at least 5 of 10\n"), "{text}");
}

#[test]
fn aliases_and_wildcards_are_told() {
    let zone = format!("{SOA}_dmarc CNAME shared\nshared TXT \"v=DMARC1; p=reject\"\n*.dyn A 192.0.2.1\n");
    let (text, _) = shown("dyn.example.com", &[("a.zone", &zone)]);
    assert!(
        text.contains("`p=reject` of `_dmarc.example.com`, which `shared.example.com` answers for"),
        "{text}"
    );
    assert!(text.contains("a name without records"), "{text}");
    assert!(
        text.contains("`*.dyn.example.com` answers for every name below"),
        "{text}"
    );
}
