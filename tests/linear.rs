//! Files made to take long: each of them would take a minute or more if anything went through it again and again.

mod cases;
mod reading;

use maillint::{
    span::{SourceId, Span},
    spelling::Spelling,
    text::Text,
    zones::{Node, Wanted, Zones},
};
use reading::{HEAD, scan};

/// How long the files are, about, in bytes.
const LEN: usize = 100_000;

/// A file of one thing again and again.
fn repeated(start: &str, unit: &str, end: &str) -> String {
    format!("{start}{}{end}", unit.repeat(LEN / unit.len()))
}

#[test]
fn files_are_read_in_one_go() {
    let soa = "example.com. 60 SOA a b 1 2 3 4 5\n";
    let files = [
        // Parentheses, quotes and comments that are not closed, or closed much later.
        ("", "(", ""),
        ("", "a A ( 192.0.2.1\n", ""),
        ("(", "()", ")"),
        ("a TXT (x", "\n;y", "\n)"),
        ("a TXT (x ; a long comment", ";", "\n;\n;\n;\n)"),
        ("", "\"\n", ""),
        ("", "a \"b\n", ""),
        ("", "\"a\" \"b\n", ""),
        ("", "a TXT \"x\\\"\n", ""),
        ("\"", "; \\\"\n", ""),
        ("\"", "\n", "\""),
        ("a TXT (\"", "\r\n", "\")"),
        // Markers of templates, and what looks like their start.
        ("", "{{", ""),
        ("", "{", ""),
        ("", "{a", ""),
        ("", "%a", ""),
        ("", "@AA", ""),
        ("", "${", ""),
        ("", "<%", ""),
        ("", "{%\n", ""),
        ("", "{# \n", "#}"),
        ("", "{% x %}\n", ""),
        ("a TXT \"", "{{x}}", "\""),
        ("a ", "{{x}}", " TXT b\n"),
        // Escapes.
        ("a TXT \"", "\\065", "\"\n"),
        ("", "\\", ""),
        ("", "\\300", ""),
        ("a TXT ", "\\é", "\n"),
        // Directives.
        ("", "$ORIGIN @\n", "a TXT x\n"),
        ("", "$ORIGIN a\n", "a TXT x\n"),
        ("", "$ORIGIN {{x}}\n", "a TXT x\n"),
        ("", "$INCLUDE example.com.zone\n", ""),
        ("", "$INCLUDE a/b/c/d\n", ""),
        ("", "$GENERATE 1-2 a$ TXT b\n", ""),
        ("$GENERATE 1-65536 a$ TXT \"", "x", "\"\n"),
        // Records.
        (soa, " 60 TXT x\n", ""),
        (soa, "example.net. 60 TXT x\n", ""),
        (soa, "a.b.c.d.e.f.g 60 TXT x\n", ""),
        ("", "a TXT x\n", ""),
        ("a TXT ", "x ", "\n"),
        ("a TXT ", "\"\" ", "\n"),
        ("a TLSA 3 1 1 ", "00 ", "\n"),
        ("a TXT \\# 65535 ", "00", "\n"),
        ("a TXT \\# 65535 ", "01 20 ", "\n"),
        ("a CNAME ", "a.", "\n"),
        ("", "# x\n", ""),
        ("", "//\n", ""),
        ("", "\0", ""),
        ("", "é", ""),
    ];
    for (start, unit, end) in files {
        scan(repeated(start, unit, end));
    }
}

#[test]
fn values_of_many_pieces_are_looked_up_quickly() {
    for unit in ["\"a\" ", "\"\\065\" ", "\"\" ", "a{{x}} ", "\"é{{x}}\\065\" "] {
        let (_, scan) = scan(repeated(HEAD, unit, "\n"));
        let text = &scan.records[0].txt().expect("a TXT record").text;
        let mut again = Text::new();
        for index in 0..text.literal_count() {
            let (range, ..) = text.literal(index).expect("there");
            let point = range.end;
            assert!(text.span(range.clone()).is_some());
            assert_eq!(text.slice(range.clone()).len(), range.len());
            text.replace(range.clone(), "b");
            text.replace(point..point, "b");
            text.is_known(range.clone());
            again.append(text, range);
        }
        assert_eq!(again.bytes(), text.bytes());
        again.whole();
    }
}

#[test]
fn values_in_values_are_led_back_quickly() {
    for unit in ["\"a\" ", "\"\\065\" ", "\"\" ", "a{{x}} ", "\"é{{x}}\\065\" "] {
        let (_, scan) = scan(repeated(HEAD, unit, "\n"));
        let outer = &scan.records[0].txt().expect("a TXT record").text;
        let mut inner = Text::new();
        for at in 0..outer.len() {
            let place = Span::new(SourceId::DECODED, at..at + 1);
            inner.push_spelled(b"b", place);
            inner.end_literal(place, Spelling::ZoneQuoted);
        }
        assert_eq!(outer.through(&inner).len(), outer.len());
    }
}

#[test]
fn places_are_found_quickly_in_a_file_of_one_line() {
    let source = reading::source("é".repeat(LEN));
    let last = (0..5_000).map(|at| source.position(at * 40).char).last();
    assert_eq!(last, Some(4_999 * 20 + 1));
}

const SOA: &str = "@ 60 SOA ns.example.test. hostmaster.example.test. 1 2 3 4 5\n";

/// Asks something of each name of a repository.
fn ask_all(files: &[(String, String)], ask: impl Fn(&Node<'_>)) {
    let sources = cases::sources(files);
    let outcome = cases::lint(&sources, &[]);
    let zones = Zones::new(&sources, outcome.inspected.iter().map(|one| &one.scan));
    zones.nodes().for_each(|node| ask(&node));
}

/// Asks for the names below each name, and for what leads to it.
fn ask_below(files: &[(String, String)]) {
    ask_all(files, |node| {
        for wanted in [Wanted::Txt, Wanted::Any] {
            node.ask(node.name(), wanted);
            node.ask(&node.name().below("_dmarc"), wanted);
            node.ask(&node.name().below("_dmarc").below("_report"), wanted);
        }
        node.zones().aliases_of(node.name()).count();
        node.are_of_one_organization(node.name(), &node.name().below("a"));
    });
}

fn zone_of(records: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let records: String = records.collect();
    vec![("example.com.zone".to_string(), format!("{SOA}{records}"))]
}

#[test]
fn names_are_looked_up_quickly_in_any_zone() {
    let count = LEN / 60;
    let deep = "a.".repeat(110);
    let deep = deep.trim_end_matches('.');
    let all: [&dyn Fn(usize) -> String; 12] = [
        &|at| format!("a{at} TXT x\n"),
        &|at| format!("a TXT x{at}\n"),
        &|at| format!("a{at} CNAME a{}\n", at + 1),
        &|at| format!("a{at} CNAME a{}\n", (at + 1) % 5),
        &|at| format!("a{at} CNAME a\n"),
        &|at| format!("*.a{at} TXT x\n"),
        &|at| format!("*.b.a{at} CNAME b.a{}\n", at + 1),
        &|at| format!("*.{}a{at} TXT x\n", "a.".repeat(at % 100)),
        &|at| format!("a{at} TXT x\nb{at} DNAME b{}\n", at + 1),
        &|at| format!("a{at} NS ns\nb.a{at} TXT x\n"),
        &|at| format!("a{} LUA TXT x\n", at % 2),
        &|at| format!("{{{{ x }}}}a{at} TXT x\n"),
    ];
    for unit in all {
        ask_below(&zone_of((0..count).map(unit)));
    }
    ask_below(&zone_of((0..count / 10).map(|at| format!("a{at}.{deep} TXT x\n"))));
}

#[test]
fn names_are_looked_up_quickly_in_many_zones() {
    let count = LEN / 200;
    let soa = |at: usize| format!("$ORIGIN a{at}.example.com.\n{SOA}@ TXT x\n");
    let same = |_: usize| format!("$ORIGIN example.com.\n{SOA}@ TXT x\n");
    let part = |at: usize| format!("$ORIGIN example.com.\na{at} TXT x\n");
    let loose =
        |at: usize| format!("example.com. TXT x\n*.example.com. TXT x\na{at}.example.net. CNAME example.com.\n");
    let next = |at: usize| format!("$ORIGIN a{at}.test.\n{SOA}@ CNAME a{}.test.\n", at + 1);
    let texts: [&dyn Fn(usize) -> String; 5] = [&soa, &same, &part, &loose, &next];
    for text in texts {
        for folder in [|_: usize| String::new(), |at: usize| format!("f{at}/")] {
            let file = |at: usize| (format!("{}{at}.db", folder(at)), text(at));
            ask_below(&(0..count).map(file).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_file_is_read_quickly_for_many_zones() {
    let zones: String = (0..LEN / 50)
        .map(|at| format!("zone \"a{at}.test\" {{ file \"parked.zone\"; }};\n"))
        .collect();
    for text in [format!("{SOA}@ TXT x\na TXT x\n"), "@ TXT x\na TXT x\n".to_string()] {
        ask_below(&[
            ("named.conf".to_string(), zones.clone()),
            ("parked.zone".to_string(), text),
        ]);
    }
}

#[test]
fn mail_hosts_are_judged_quickly() {
    let units: [&dyn Fn(usize) -> String; 8] = [
        &|at| format!("@ MX 10 a{at}\n"),
        &|at| format!("a{at} MX 10 a\na{at} MX 20 a{at}\n"),
        &|at| format!("a{at} MX 10 b{at}\nb{at} CNAME b{}\n", at + 1),
        &|_| "@ MX 0 localhost.\n@ MX 0 .\n".to_string(),
        &|at| format!("a{at} MX 0 .\ns{at}._domainkey.a TXT \"p=x\"\n"),
        &|at| format!("a MX 10 a{at}\n_25._tcp.a{at} TLSA 3 1 1 00\n"),
        &|at| format!("a{at} MX 10 a{at}\n_25._tcp TLSA 3 1 1 {at}\n25._tcp.a{at} TLSA 3 1 1 00\n"),
        &|at| format!("*._report._dmarc TXT \"v=DMARC1;\"\na.b{at}._report._dmarc TXT \"v=DMARC1;\"\n"),
    ];
    let rules = cases::select(&["mx", "tlsa", "ttl", "tls-rpt", "dmarc-report-wildcard-shadowed"]);
    for unit in units {
        let sources = cases::sources(&zone_of((0..LEN / 60).map(unit)));
        cases::lint(&sources, &rules);
    }
}
