//! Whatever stands in a TXT record, judging it ends, and in time.

mod cases;
mod mutated;
mod written;

use mutated::{Chance, Material};
use proptest::prelude::*;

/// What the records are made of, so that chance comes near them.
const WORDS: [&str; 40] = [
    "v=STSv1",
    "v=TLSRPTv1",
    "v=",
    "STSv1",
    "sts",
    "TLSRPT",
    "id=",
    "id",
    "ID",
    "rua=",
    "rua",
    "mode=enforce",
    ";",
    ";",
    ";;",
    ",",
    "=",
    " ",
    "\t",
    "mailto:",
    "https://",
    "http:",
    "//",
    "a@corp.test",
    "@",
    "example.com",
    "!10m",
    "!",
    "%",
    "%21",
    "<",
    ">",
    "{",
    "2024-01-02",
    "0123456789abcdef0123456789abcdef0",
    "\u{a0}",
    "\u{200b}",
    "\u{e9}",
    "\"",
    "\u{1}",
];

/// What a zone file has in it beside the text: ends of strings, and what a template fills in.
const MARKS: [&str; 3] = ["\" \"", "{{ x }}", "\"\n  \""];

fn piece() -> impl Strategy<Value = String> {
    let escaped = |octets: &[u8]| octets.iter().map(|octet| format!("\\{octet:03}")).collect::<String>();
    prop_oneof![
        4 => prop::sample::select(&WORDS[..]).prop_map(|word| word.replace('"', "\\\"")),
        1 => prop::sample::select(&WORDS[..]).prop_map(move |word| escaped(word.as_bytes())),
        1 => any::<u8>().prop_map(move |octet| escaped(&[octet])),
        1 => prop::sample::select(&MARKS[..]).prop_map(str::to_string),
    ]
}

fn zone(data: &str) -> String {
    format!("@ 60 IN SOA a b 1 1 1 1 1\n_mta-sts 60 TXT ( \"{data}\" )\n_smtp._tls 60 TXT ( \"{data}\" )\n")
}

/// Judges a file, and looks at where the findings and their repairs are. Gives their number.
fn judge(bytes: &[u8]) -> usize {
    let sources = cases::sources(&[("corp.test.zone", bytes)]);
    let found = cases::lint(&sources, &cases::select(&["mta-sts", "tls-rpt", "dmarc", "spf"])).diagnostics;
    let text = std::str::from_utf8(bytes).ok();
    for finding in &found {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        let spans = edits
            .map(|edit| edit.span)
            .chain(finding.related.iter().map(|label| label.span));
        for span in spans.chain([finding.primary.span]) {
            let is_whole = text.is_none_or(|text| text.get(span.range()).is_some());
            assert!(is_whole, "{}: {span:?}", finding.rule);
        }
        assert!(finding.message.len() < 500, "{}", finding.message);
    }
    found.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_judged(pieces in prop::collection::vec(piece(), 0..30), version in 0..3_usize) {
        let version = ["", "v=STSv1;", "v=TLSRPTv1;"][version];
        judge(zone(&format!("{version}{}", pieces.concat())).as_bytes());
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut file = b"_mta-sts 60 TXT \"v=STSv1;".to_vec();
        file.extend(bytes);
        judge(&file);
    }
}

#[test]
fn files_that_are_cut_short_are_judged() {
    let data = "v=STSv1; id=2024-01; mode=enforce;;\\194\\160x\" \"=y; v=TLSRPTv1";
    let more = "v=TLSRPTv1; rua=mailto:a@b,,http://x!10m mailto:<a@b.test>;mailto://c; {{ x }}; p=x";
    for text in [zone(data), zone(more)] {
        for end in 0..=text.len() {
            judge(&text.as_bytes()[..end]);
        }
    }
}

/// Judges many records that differ from well-formed ones by a few slips.
fn judge_mutated(owner: &str, material: &Material) {
    let mut chance = Chance::new(1035);
    let mut zone = String::new();
    for at in 0..10_000 {
        let record = mutated::record(&mut chance, material);
        zone.push_str(&format!("{owner}.{at} 60 TXT {}\n", written::text(&record)));
    }
    assert!(judge(zone.as_bytes()) > 5_000);
}

#[test]
fn mutated_dmarc_records_are_judged() {
    judge_mutated("_dmarc", &mutated::DMARC);
}

#[test]
fn mutated_spf_records_are_judged() {
    judge_mutated("mail", &mutated::SPF);
}

/// A text as many character-strings.
fn split(text: &str) -> String {
    let strings: Vec<&str> = (0..text.len())
        .step_by(252)
        .map(|at| &text[at..text.len().min(at + 252)])
        .collect();
    strings.join("\" \"")
}

// Were the time for any of these quadratic, nobody would wait for the end.
#[test]
fn long_records_take_no_longer_than_they_are() {
    let units = [
        "ab;",
        "a=b;",
        ";",
        "id=1;",
        "rua=;",
        "mailto:a;",
        "\\160;",
        "rua=mailto:a@b;",
        ",",
        "mailto:a@b,",
        "a!b",
        "mailto:a ",
        " ",
        "%",
        "@",
        "<",
        "!1",
    ];
    for unit in units {
        let units = unit.repeat(10_000);
        judge(zone(&format!("v=STSv1;{units}")).as_bytes());
        judge(zone(&format!("v=TLSRPTv1; rua={units}")).as_bytes());
    }
    let fields = format!("v=STSv1;{}", "a=;".repeat(300_000));
    assert!(judge(zone(&fields).as_bytes()) > 300_000);
    assert!(judge(zone(&split(&fields)).as_bytes()) > 300_000);
    let holes = format!("v=TLSRPTv1;{}", "rua={{ x }},;".repeat(3_000));
    assert!(judge(zone(&holes).as_bytes()) > 3_000);
}

// A record of as many octets as a TXT record can have, and all of them in the way of one rule or the other.
#[test]
fn long_dmarc_and_spf_records_take_no_longer_than_they_are() {
    let dmarc = [
        ";",
        "=",
        " ",
        "x=y;",
        "p=none;",
        "p=x;",
        "p;",
        "=;",
        "fo=0:1;",
        "t=y;",
        "pct=5;",
        "xp=1;",
        "P=none;",
        "rua=;",
        "\\160;",
        "\\\";",
        "'",
        "\\000",
        "v=DMARC1;",
        "V",
        "rua=mailto:a@example.net;",
        "p=none rua=mailto:a@b.c ",
        "ruf=x ",
    ];
    for unit in dmarc {
        judge(long("_dmarc", "v=DMARC1; ", unit).as_bytes());
        judge(long("_dmarc", "", unit).as_bytes());
        judge(long("a.b._report._dmarc", "v=DMARC1; ", unit).as_bytes());
    }
    let uris = [
        ",",
        "mailto:a@example.net,",
        "mailto:A@example.com,",
        "mailto:",
        "a@b.c ",
        "!1",
        "!10m,",
        "x,",
        "@",
        "%",
        "%20",
        "<",
        "/",
        ":",
        "?",
        "mailto:a@b.c;",
        "d:",
        "0:",
    ];
    for unit in uris {
        judge(long("_dmarc", "v=DMARC1; p=none; rua=", unit).as_bytes());
        judge(long("_dmarc", "v=DMARC1; p=none; ruf=mailto:a@example.net; fo=", unit).as_bytes());
    }
    let spf = [
        " ",
        "a",
        "a ",
        "a:",
        "a/",
        "//",
        "mx ",
        "all ",
        "-all ",
        "+",
        "-",
        "all",
        "ptr ",
        "exp=a.b ",
        "redirect=example.com ",
        "x=y ",
        "x=%{d} ",
        "=",
        ":",
        "v=spf1 ",
        "v=spf1",
        "include:",
        "include:example.com ",
        "include:a.example.net ",
        "include:a.b~all ",
        "ip4:192.0.2.1 ",
        "ip4:10.0.0.0/8 ",
        "-ip4:10.0.0.1 ip4:10.0.0.0/9 ",
        "ip4:",
        "ip4:1.1.1.1",
        "ip6:2001:db8::1 ",
        "ip6:",
        "ip6:::ffff:10.0.0.1 ",
        "%",
        "%{",
        "%{d}",
        "%%",
        "exists:%{i}.%{d} ",
        "exists:%{d",
        "exists:a.b",
        ".",
        "a..b ",
        "a:a.b ",
        ",",
        ", ",
        ";",
        "\\160",
        "\\009",
        "\\\"",
        "\\\\",
        "'",
        "192.0.2.1 ",
        "ra=a ",
        "rp=1 ",
        "- all ",
        "--all ",
    ];
    for unit in spf {
        judge(long("@", "v=spf1 ", unit).as_bytes());
        judge(long("@", "", unit).as_bytes());
        judge(long("@", "v=spf1 a:", unit).as_bytes());
    }
}

/// A zone with one record, which repeats `unit`, and is as long as it can be.
fn long(owner: &str, start: &str, unit: &str) -> String {
    let octets = unit.replace("\\\"", "x").replace("\\\\", "x");
    let octets = octets.len() - 3 * octets.matches('\\').count();
    // In strings of about 250 octets, cut between two units.
    let strings = vec![unit.repeat(240 / octets.max(1)); 250];
    format!(
        "@ 60 IN SOA a b 1 1 1 1 1\n{owner} 60 TXT ( \"{start}\" \"{}\" )\n",
        strings.join("\" \"")
    )
}
