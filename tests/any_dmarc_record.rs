//! Whatever stands in a DMARC record, judging it ends, and in time; and a safe repair leaves the policy as it was.

mod cases;

use maillint::{
    diagnostic::{Diagnostic, Safety},
    name::Name,
    policy::dmarc::{self, Effect},
};
use proptest::prelude::*;

/// What the records are made of, so that chance comes near them.
const WORDS: [&str; 62] = [
    "; ",
    "; ",
    ";",
    ";;",
    " ",
    "\t",
    ",",
    "=",
    ":",
    "v=DMARC1",
    "v=dmarc1",
    "V=",
    "DMARC1",
    "p=",
    "p=none",
    "p=reject",
    "p=quarantine",
    "p=Reject",
    "p:reject",
    "policy=none",
    "sp=",
    "sp=none",
    "sp=reject",
    "np=none",
    "np=drop",
    "reject",
    "adkim=s",
    "aspf=strict",
    "t=y",
    "t=yes",
    "psd=y",
    "psd=n",
    "fo=",
    "fo=0:1:d:s",
    "fo=1:D",
    "d,s",
    "pct=25",
    "pct=100",
    "ri=86400",
    "rf=afrf",
    "foo=bar",
    "rua=",
    "ruf=",
    "rua=mailto:a@example.com",
    "ruf=mailto:a@example.com",
    "mailto:",
    "mailto:b@example.net",
    "mailo:",
    "https://example.com/x",
    "a@example.com",
    "//",
    "<",
    ">",
    "!10m",
    "!",
    "%",
    "?subject=x",
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
    let written = |word: &str| word.replace('\\', "\\\\").replace('"', "\\\"");
    prop_oneof![
        12 => prop::sample::select(&WORDS[..]).prop_map(written),
        1 => prop::sample::select(&WORDS[..]).prop_map(move |word| escaped(word.as_bytes())),
        1 => any::<u8>().prop_map(move |octet| escaped(&[octet])),
        1 => prop::sample::select(&MARKS[..]).prop_map(str::to_string),
    ]
}

fn zone(data: &str) -> String {
    format!(
        "@ 60 IN SOA a b 1 1 1 1 1\n_dmarc.x 60 TXT ( \"{data}\" )\n*.y 60 TXT \"{data}\"\n\
         _dmarc.z 60 CNAME hub\nhub 60 TXT \"{data}\"\ncorp.test._report._dmarc 60 TXT \"{data}\"\n"
    )
}

/// Judges a file, and looks at where the findings and their repairs are.
fn judge(bytes: &[u8]) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.net.zone", bytes)]);
    let outcome = cases::lint(&sources, &cases::select(&["dmarc"]));
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

/// What receivers make of the record at `_dmarc.x`; `None` if they do not choose it.
fn effect(zone: &str) -> Option<Effect> {
    let sources = cases::sources(&[("example.net.zone", zone)]);
    let outcome = cases::lint(&sources, &[]);
    let owner = Name::parse("_dmarc.x.example.net").expect("a name");
    let mut records = outcome.inspected.iter().flat_map(|one| &one.scan.records);
    let record = records.find(|record| record.owner == owner)?;
    let dmarc = dmarc::parse(&record.txt()?.text, &owner)?;
    dmarc.is_candidate().then(|| dmarc.effect())
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
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_judged(pieces in prop::collection::vec(piece(), 0..30), has_version in any::<bool>()) {
        let version = if has_version { "v=DMARC1; " } else { "" };
        let zone = zone(&format!("{version}{}", pieces.concat()));
        let before = effect(&zone);
        for finding in judge(zone.as_bytes()) {
            if let Some(after) = repaired(&zone, &finding) {
                prop_assert_eq!(effect(&after), before, "{}: {} becomes {}", finding.rule, zone, after);
            }
        }
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut file = b"_dmarc 60 TXT \"v=DMARC1; ".to_vec();
        file.extend(bytes);
        judge(&file);
    }
}

#[test]
fn a_tag_that_stands_twice_is_not_taken_out_unasked() {
    // Without the first `rua`, which is empty, the second one counts: reports begin, and the record acts as `p=none`.
    let zone = zone("v=DMARC1; rua=; rua=mailto:a@example.com");
    let finding = judge(zone.as_bytes())
        .into_iter()
        .find(|finding| finding.rule == "dmarc-empty-value");
    let fix = finding.and_then(|finding| finding.fix).expect("the empty one can go");
    assert_eq!(fix.safety, Safety::Unsafe);
}

// Were the time for any of these quadratic, nobody would wait for the end.
#[test]
fn long_records_take_no_longer_than_they_are() {
    let units = [
        "p=none; ",
        "p=none ",
        "p:none;",
        "rua=mailto:a@example.com; ",
        "rua=mailto:a@example.com ",
        "mailto:a@example.com,",
        "mailto:a@example.com ",
        "mailto:a@example.com; ",
        "a@example.com ",
        "a@example.com,",
        "a@example.com;",
        "mailto:a@example.com!10m,",
        "https://example.com,",
        "x:y,",
        ",",
        ";",
        " ",
        "=",
        "!",
        "@",
        "%",
        "<",
        "{{ x }}",
        "{{ x }};",
        "v=DMARC1;",
        "fo=0:",
        "0:",
        "\\009",
        "\\194\\160",
        "\\195\\169",
        "\\\"",
        "\\\\",
        "'",
    ];
    for unit in units {
        let data = unit.repeat(4_000);
        judge(zone(&format!("v=DMARC1; {data}")).as_bytes());
        judge(zone(&format!("v=DMARC1; p=reject; rua={data}")).as_bytes());
        judge(zone(&data).as_bytes());
    }
    let domains: String = (0..4_000)
        .map(|number| format!("mailto:a@a{number}.example.org,"))
        .collect();
    judge(zone(&format!("v=DMARC1; p=reject; rua={domains}")).as_bytes());
    let strings = "p=none; \" \"".repeat(20_000);
    judge(zone(&format!("v=DMARC1; {strings}")).as_bytes());
}
