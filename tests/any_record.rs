//! Whatever stands in the TXT records at `_mta-sts`, `_smtp._tls` and `default._bimi`, judging them ends, and in time.

mod cases;

use proptest::prelude::*;

/// What the records are made of, so that chance comes near them.
const WORDS: [&str; 51] = [
    "v=STSv1",
    "v=TLSRPTv1",
    "v=BIMI1",
    "bimi",
    "l=",
    "l",
    "L=",
    "a=",
    "avp=",
    "brand",
    "lps=",
    "/logo.svg",
    ".png",
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
    format!(
        "@ 60 IN SOA a b 1 1 1 1 1\n_mta-sts 60 TXT ( \"{data}\" )\n_smtp._tls 60 TXT ( \"{data}\" )\n\
             default._bimi 60 TXT ( \"{data}\" )\n"
    )
}

/// Judges a file, and looks at where the findings and their repairs are. Gives their number.
fn judge(bytes: &[u8]) -> usize {
    let sources = cases::sources(&[("corp.test.zone", bytes)]);
    let found = cases::lint(&sources, &cases::select(&["bimi", "mta-sts", "tls-rpt"])).diagnostics;
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
    fn any_pieces_are_judged(pieces in prop::collection::vec(piece(), 0..30), version in 0..4_usize) {
        let version = ["", "v=BIMI1;", "v=STSv1;", "v=TLSRPTv1;"][version];
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
    let logo = "v=BIMI1; L=http://x.test/\\195\\169,https://y..test:x/%a l.png; avp=Brand; lps=a_,,b; a={{ x }}; l=";
    for text in [zone(data), zone(more), zone(logo)] {
        for end in 0..=text.len() {
            judge(&text.as_bytes()[..end]);
        }
    }
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
        "L=;",
        ",https://x.test/ ",
        ", ",
    ];
    for unit in units {
        let units = unit.repeat(10_000);
        judge(zone(&format!("v=STSv1;{units}")).as_bytes());
        judge(zone(&format!("v=TLSRPTv1; rua={units}")).as_bytes());
        for start in ["v=BIMI1;", "v=BIMI1; l=https://x.test/", "v=BIMI1; lps=", "v=BIMI1; l"] {
            judge(zone(&format!("{start}{units}")).as_bytes());
        }
    }
    let fields = format!("v=STSv1;{}", "a=;".repeat(300_000));
    assert!(judge(zone(&fields).as_bytes()) > 300_000);
    assert!(judge(zone(&split(&fields)).as_bytes()) > 300_000);
    let holes = format!("v=TLSRPTv1;{}", "rua={{ x }},;".repeat(3_000));
    assert!(judge(zone(&holes).as_bytes()) > 3_000);
}
