//! Whatever stands in a DKIM key, judging it ends, and in time; and a safe repair leaves the key as it was.

mod cases;
mod mutated;

use std::{fs, path::Path};

use maillint::{
    diagnostic::{Diagnostic, Safety},
    name::Name,
    policy::dkim::{self, key::KeyType, modulus::Judged},
    slip,
};
use mutated::Chance;
use proptest::prelude::*;

/// What the records are made of, so that chance comes near them.
const WORDS: [&str; 58] = [
    "; ",
    "; ",
    ";",
    ";;",
    " ",
    "\t",
    "\r\n ",
    "\n",
    ",",
    "=",
    "==",
    ":",
    "v=DKIM1",
    "v=dkim1",
    "V=",
    "DKIM1",
    "k=",
    "k=rsa",
    "k=ed25519",
    "k=RSA",
    "k:rsa",
    "k=rsa-sha256",
    "p=",
    "P=",
    "p:",
    "p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4=",
    "2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4=",
    "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ==",
    "MEgCQQCxekU3FfZnZ4UaHRBMueol9SRkcBmvE9b3hAnddiPmLMZbPZ4sJeIG9WCYf8NogxhtghXA0SXC6NDOJX1QlY11AgMBAAE=",
    "MB0CAQACAgyhAgERAgIKwQIBPQIBNQIBNQIBMQIBJg==",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA",
    "-----BEGIN PUBLIC KEY-----",
    "-----END PUBLIC KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----",
    "MCow",
    "AQAB",
    "h=",
    "h=sha1",
    "h=sha256",
    "h=sha1:sha256",
    "s=*",
    "s=email",
    "s=xmpp",
    "t=",
    "t=y",
    "t=y:s",
    "t=y,s",
    "n=",
    "n=notes k=rsa",
    "g=*",
    "g=",
    "x=1",
    "'",
    "\"",
    "\\",
    "\u{a0}",
    "\u{e9}",
];

/// What a zone file has in it beside the text: ends of strings, and what a template fills in.
const MARKS: [&str; 2] = ["\" \"", "{{ x }}"];

fn piece() -> impl Strategy<Value = String> {
    let escaped = |octets: &[u8]| octets.iter().map(|octet| format!("\\{octet:03}")).collect::<String>();
    let written = move |word: &str| match word.contains(['\r', '\n']) {
        true => escaped(word.as_bytes()),
        false => word.replace('\\', "\\\\").replace('"', "\\\""),
    };
    prop_oneof![
        12 => prop::sample::select(&WORDS[..]).prop_map(written),
        1 => prop::sample::select(&WORDS[..]).prop_map(move |word| escaped(word.as_bytes())),
        1 => any::<u8>().prop_map(move |octet| escaped(&[octet])),
        1 => prop::sample::select(&MARKS[..]).prop_map(str::to_string),
    ]
}

fn zone(data: &str) -> String {
    format!(
        "@ 60 IN SOA a b 1 1 1 1 1\nx._domainkey 60 TXT ( \"{data}\" )\n*._domainkey 60 TXT \"{data}\"\n\
         y._domainkey 60 CNAME hub\nhub 60 TXT \"{data}\"\n_domainkey 60 TXT \"{data}\"\n\
         _report._domainkey 60 TXT \"{data}\"\n_adsp._domainkey 60 TXT \"{data}\"\nplain 60 TXT \"{data}\"\n"
    )
}

/// Judges a file, and looks at where the findings and their repairs are.
fn judge(bytes: &[u8]) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.net.zone", bytes)]);
    let outcome = cases::lint(&sources, &cases::select(&["dkim"]));
    let text = std::str::from_utf8(bytes).ok();
    for finding in &outcome.diagnostics {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        let spans = edits
            .map(|edit| edit.span)
            .chain(finding.related.iter().map(|label| label.span));
        for span in spans.chain([finding.primary.span]) {
            let is_whole = text.is_none_or(|text| text.get(span.range()).is_some());
            assert!(is_whole, "{}: {span:?}", finding.rule);
        }
        assert!(finding.message.len() < 900, "{}", finding.message);
    }
    outcome.diagnostics
}

/// The key at `x._domainkey`: its type, its octets, and whether it is revoked.
fn effect(zone: &str) -> Option<(KeyType, Vec<u8>, bool)> {
    let sources = cases::sources(&[("example.net.zone", zone)]);
    let outcome = cases::lint(&sources, &[]);
    let owner = Name::parse("x._domainkey.example.net").expect("a name");
    let mut records = outcome.inspected.iter().flat_map(|one| &one.scan.records);
    let record = records.find(|record| record.owner == owner)?;
    let judged = Judged::default();
    // What was meant, since that is what is judged.
    let text = slip::meant_text(record, record.txt()?);
    let dkim = dkim::parse(&text, &owner, &judged)?;
    let octets = dkim.key().map_or(Vec::new(), |key| key.octets.clone());
    // An RSA key is the same with the structure around it and without.
    let octets = match dkim.key().and_then(|key| key.rsa()) {
        Some(rsa) => [rsa.modulus.clone(), rsa.exponent.clone()].concat(),
        None => octets,
    };
    Some((dkim.key_type(), octets, dkim.is_revoked()))
}

fn repaired(zone: &str, finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref().filter(|fix| fix.safety == Safety::Safe)?;
    let mut edits = fix.edits.clone();
    edits.sort();
    let mut zone = zone.to_string();
    for edit in edits.iter().rev() {
        zone.replace_range(edit.span.range(), &edit.new);
    }
    Some(zone)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_judged(pieces in prop::collection::vec(piece(), 0..20), has_version in any::<bool>()) {
        let version = if has_version { "v=DKIM1; " } else { "" };
        let zone = zone(&format!("{version}{}", pieces.concat()));
        let before = effect(&zone);
        for finding in judge(zone.as_bytes()) {
            if let Some(after) = repaired(&zone, &finding) {
                // Where the file does not tell how the record begins, it is not read.
                let after_it = effect(&after);
                prop_assert!(after_it.is_none() || before.is_none() || after_it == before, "{}: {} becomes {}, {before:?} {after_it:?}", finding.rule, zone, after);
            }
        }
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut file = b"s1._domainkey 60 TXT \"v=DKIM1; p=".to_vec();
        file.extend(bytes);
        judge(&file);
    }
}

/// Octets that are wrong in one place reach all corners of DER.
#[test]
fn keys_with_a_wrong_octet_are_judged() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/good.txt");
    let text = fs::read_to_string(path).expect("the file is there");
    let keys: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(_, key)| key)
        .step_by(9)
        .collect();
    let mut chance = Chance::new(8301);
    let mut zone = String::new();
    for number in 0..2_000 {
        let mut key = keys[chance.below(keys.len())].as_bytes().to_vec();
        for _ in 0..=chance.below(2) {
            // The structure is at the start.
            let at = if chance.below(2) == 0 {
                chance.below(44)
            } else {
                chance.below(key.len())
            };
            let symbols = b"AQgw/+Mz09BCI=";
            key[at] = symbols[chance.below(symbols.len())];
        }
        let end = if chance.below(4) == 0 {
            chance.below(key.len())
        } else {
            key.len()
        };
        let kind = ["rsa", "ed25519"][chance.below(2)];
        let key = String::from_utf8_lossy(&key[..end]).into_owned();
        zone.push_str(&format!("s{number}._domainkey 60 TXT \"v=DKIM1; k={kind}; p={key}\"\n"));
    }
    judge(zone.as_bytes());
}

// Were the time for any of these quadratic, nobody would wait for the end.
#[test]
fn long_records_take_no_longer_than_they_are() {
    let units = [
        "k=rsa; ",
        "k=rsa ",
        "p=A ",
        "k:rsa;",
        "x=1;",
        ";",
        " ",
        "=",
        ",",
        ":",
        "A",
        "A ",
        "A=",
        "-",
        "-_",
        "-----",
        "-----BEGIN ",
        "-----BEGIN A-----",
        "-----BEGIN PRIVATE KEY-----",
        "PRIVATE KEY-----",
        "MIIB",
        "y:",
        "t=y:s:x;",
        "n=a b=c ",
        "a.",
        "{{ x }}",
        "{{ x }};",
        "v=DKIM1;",
        "\\009",
        "\\010",
        "\\010 ",
        "\\013\\010 ",
        "\\194\\160",
        "\\195\\169",
        "\\\"",
        "\\\\",
        "'",
    ];
    for unit in units {
        let data = unit.repeat(4_000);
        judge(zone(&format!("v=DKIM1; {data}")).as_bytes());
        judge(zone(&format!("v=DKIM1; k=rsa; p={data}")).as_bytes());
        judge(zone(&format!("v=DKIM1; t={data}")).as_bytes());
        judge(zone(&data).as_bytes());
    }
    // A modulus of half a million bits.
    let long = format!("MIQBAAEAAoQA//8A{}", "AQAB".repeat(20_000));
    judge(zone(&format!("v=DKIM1; k=rsa; p={long}")).as_bytes());
    let strings = "k=rsa; \" \"".repeat(20_000);
    judge(zone(&format!("v=DKIM1; {strings}")).as_bytes());
}
