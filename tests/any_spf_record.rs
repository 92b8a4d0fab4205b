//! Whatever stands in an SPF record, judging it ends, and in time.

mod cases;

use std::collections::BTreeSet;

use maillint::{
    diagnostic::{Diagnostic, Severity},
    name::Name,
    policy::spf::{self, term::Slip},
    slip,
    text::Text,
};
use proptest::prelude::*;

/// What the records are made of, so that chance comes near them.
const WORDS: [&str; 60] = [
    " ",
    " ",
    " ",
    " ",
    "v=spf1",
    "spf2.0/pra",
    "all",
    "-all",
    "~all",
    "?",
    "+",
    "-",
    "a",
    "mx",
    "ptr",
    "a:",
    "include:",
    "include=",
    "exists:",
    "ip4:",
    "ip6:",
    "ip",
    "ipv4:",
    "redirect=",
    "redirect:",
    "exp=",
    "ra=a",
    "rp=1",
    "moo=",
    "_spf.example.net",
    "example.com",
    "mailhost",
    ".",
    ":",
    "=",
    "/",
    "/24",
    "//64",
    "/0",
    "192.0.2.1",
    "192.0.2.256",
    "2001:db8::1",
    "::ffff:192.0.2.1",
    "%{i}",
    "%{d}",
    "%{ir}",
    "%{t}",
    "%{",
    "%%",
    "%",
    "}",
    ",",
    ";",
    "'",
    "\"",
    "\\",
    "\t",
    "\u{a0}",
    "\u{2013}",
    "\u{e9}",
];

/// What a zone file has in it beside the text: ends of strings, and what a template fills in.
const MARKS: [&str; 2] = ["\" \"", "{{ x }}"];

fn piece() -> impl Strategy<Value = String> {
    let escaped = |octets: &[u8]| octets.iter().map(|octet| format!("\\{octet:03}")).collect::<String>();
    let written = |word: &str| word.replace('\\', "\\\\").replace('"', "\\\"");
    prop_oneof![
        8 => prop::sample::select(&WORDS[..]).prop_map(written),
        1 => prop::sample::select(&WORDS[..]).prop_map(move |word| escaped(word.as_bytes())),
        1 => any::<u8>().prop_map(move |octet| escaped(&[octet])),
        1 => prop::sample::select(&MARKS[..]).prop_map(str::to_string),
    ]
}

fn zone(data: &str) -> String {
    format!("@ 60 IN SOA a b 1 1 1 1 1\n@ 60 TXT ( \"{data}\" )\nwww 60 SPF \"{data}\"\n")
}

/// The rules that see an error in the syntax of a record.
const SYNTAX: [&str; 20] = [
    "spf-version-missing",
    "spf-version-invalid",
    "spf-version-not-terminated",
    "spf-leading-junk",
    "spf-non-ascii",
    "spf-control-char",
    "spf-bad-qualifier",
    "spf-unknown-mechanism",
    "spf-bare-address",
    "spf-modifier-colon",
    "spf-all-argument",
    "spf-missing-argument",
    "spf-duplicate-modifier",
    "spf-ip-as-domain",
    "spf-domain-syntax",
    "spf-macro-syntax",
    "spf-macro-exp-only",
    "spf-ip-invalid",
    "spf-ip-family",
    "spf-cidr-invalid",
];

/// Judges a file, and looks at where the findings and their repairs are. Gives their number.
fn judge(bytes: &[u8]) -> usize {
    let sources = cases::sources(&[("corp.test.zone", bytes)]);
    let outcome = cases::lint(&sources, &cases::select(&["spf"]));
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
        assert!(finding.message.len() < 500, "{}", finding.message);
    }
    outcome.diagnostics.len()
}

/// Whether the terms of a text are those of the grammar. What is glued together may be a domain by the grammar, and so may
/// what stands around two quotes, the seam of a pasted string; but both are read as the terms that are meant.
fn is_read_as_written(text: &Text) -> bool {
    let owner = Name::parse("corp.test").expect("a name");
    let is_glued = |spf: &spf::Spf<'_>| spf.terms.iter().any(|term| term.has(&Slip::Glued));
    let has_seam = text.bytes().windows(2).any(|pair| pair == b"\"\"");
    !has_seam && spf::parse(text, &owner, false).is_some_and(|spf| spf.separators.is_empty() && !is_glued(&spf))
}

/// A record that a receiver reads without an error has none for us.
fn agree_with_the_grammar(zone: &str) {
    let sources = cases::sources(&[("corp.test.zone", zone)]);
    let outcome = cases::lint(&sources, &cases::select(&SYNTAX));
    let owner = Name::parse("corp.test").expect("a name");
    for record in outcome.inspected.iter().flat_map(|one| &one.scan.records) {
        let Some(txt) = record.txt().filter(|txt| !txt.type99 && is_read_as_written(&txt.text)) else {
            continue;
        };
        // Where a mechanism has `=` in place of `:`, the mechanism is judged, though receivers skip it whatever it is.
        let is_literal = |spf: &spf::Spf<'_>| !spf.terms.iter().any(|term| term.has(&Slip::Equals));
        let is_sound = |spf: &spf::Spf<'_>| {
            txt.text.is_complete() && spf.is_selected() && !spf.has_syntax_error() && is_literal(spf)
        };
        let is_sound = spf::parse(&txt.text, &owner, false).is_some_and(|spf| is_sound(&spf));
        if is_sound && slip::of(record, txt).is_none() {
            let found: BTreeSet<&str> = outcome
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == Severity::Error)
                .filter(|diagnostic| record.span.range().contains(&(diagnostic.primary.span.start as usize)))
                .map(|diagnostic| diagnostic.rule)
                .collect();
            assert!(found.is_empty(), "{found:?} in {zone}");
        }
    }
}

/// A record in which a receiver finds an error has one for us, too.
fn tell_errors(zone: &str) {
    let sources = cases::sources(&[("corp.test.zone", zone)]);
    let outcome = cases::lint(&sources, &cases::select(&["spf", "zone"]));
    let owner = Name::parse("corp.test").expect("a name");
    for record in outcome.inspected.iter().flat_map(|one| &one.scan.records) {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        let has_error = |spf: spf::Spf<'_>| spf.is_selected() && spf.has_syntax_error();
        let is_told = |finding: &Diagnostic| {
            let start = finding.primary.span.start as usize;
            finding.severity == Severity::Error && record.span.range().contains(&start)
        };
        if spf::parse(&txt.text, &owner, false).is_some_and(has_error) {
            assert!(outcome.diagnostics.iter().any(is_told), "nothing in {zone}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_judged(pieces in prop::collection::vec(piece(), 0..30), has_version in any::<bool>()) {
        let version = if has_version { "v=spf1 " } else { "" };
        let zone = zone(&format!("{version}{}", pieces.concat()));
        judge(zone.as_bytes());
        agree_with_the_grammar(&zone);
        tell_errors(&zone);
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut file = b"@ 60 TXT \"v=spf1 ".to_vec();
        file.extend(bytes);
        judge(&file);
    }
}

#[test]
fn records_that_are_cut_short_are_judged() {
    let data = "'v=spf1; a,mx - all include: _spf.example.net\\194\\160~all\\009 exists:%{ir}.x\" \"ip4:192.0.2.1/";
    let more = "v=spf1 redirect:x.example exp=y.example redirect=z.example {{ x }} --all 192.0.2.1 mx v=spf1";
    for text in [zone(data), zone(more)] {
        for end in 0..=text.len() {
            judge(&text.as_bytes()[..end]);
        }
    }
}

// Were the time for any of these quadratic, nobody would wait for the end.
#[test]
fn long_records_take_no_longer_than_they_are() {
    let units = [
        "a ",
        "- a ",
        "- ",
        "-",
        "a,",
        ",",
        "mxinclude:",
        "include:a.b~all",
        "ip4 192.0.2.1 ",
        "192.0.2.1 ",
        "redirect=a.b ",
        "exp:a.b ",
        "rp=1 ",
        "x=y ",
        "include=a ",
        "v=spf1 ",
        "all ",
        "-all. ",
        "ptr ",
        "?include:a.b ",
        "%{",
        "%{i}",
        "%",
        "/",
        "a/24 ",
        ":",
        "=",
        "\\009",
        "\\194\\160",
        "\\195\\169",
        "\\\"",
        "\\\\",
        "{{ x }} ",
        "{{ x }}",
        "a{{ x }} ",
    ];
    for unit in units {
        let data = unit.repeat(4_000);
        judge(zone(&format!("v=spf1 {data}")).as_bytes());
        judge(zone(&format!("v=spf1 exists:{data}")).as_bytes());
        judge(zone(&data).as_bytes());
    }
    // As long as a record can be.
    for run in ["-".repeat(240), "+-".repeat(120), "%{".repeat(120)] {
        let strings = vec![run; 250].join("\" \"");
        judge(zone(&format!("v=spf1 {strings}include:a.b-all")).as_bytes());
    }
    let strings = "ip4:192.0.2.1 \" \"".repeat(20_000);
    judge(zone(&format!("v=spf1 {strings}-all")).as_bytes());
    let glued = "include:a.b\" \"".repeat(20_000);
    judge(zone(&format!("v=spf1 {glued}-all")).as_bytes());
}
