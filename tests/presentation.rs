//! Records in presentation form.

mod cases;

use maillint::presentation::{self, Shown};

const HEAD: &str = "$TTL 3600\n";

/// What the records of a zone file are shown as: owner and value.
fn shown(text: &str) -> Vec<(String, String)> {
    let sources = cases::sources(&[("example.com.zone", format!("{HEAD}{text}"))]);
    let outcome = cases::lint(&sources, &[]);
    outcome
        .inspected
        .iter()
        .flat_map(|one| &one.scan.records)
        .map(|record| (presentation::name(&record.owner), presentation::value(record, &sources)))
        .collect()
}

fn value(text: &str) -> String {
    shown(text).into_iter().map(|(_, value)| value).collect()
}

#[test]
fn names_are_completed() {
    assert_eq!(value("@ MX 010 mail\n"), "10 mail.example.com.");
    assert_eq!(value("@ MX 0 .\n"), "0 .");
    assert_eq!(value("a CNAME @\n"), "example.com.");
    assert_eq!(
        value("_sip._tcp SRV 0 5 5060 Sip.example.net.\n"),
        "0 5 5060 Sip.example.net."
    );
    assert_eq!(
        shown("\\095DMARC\\.a A 192.0.2.1\n"),
        [("_DMARC\\.a.example.com.".to_string(), "192.0.2.1".to_string())]
    );
}

#[test]
fn data_stands_on_one_line() {
    let soa = "@ SOA ns hostmaster (\n 1 ; serial\n 2h\n 15m ( 2w\n 5m ) )\n";
    assert_eq!(value(soa), "ns.example.com. hostmaster.example.com. 1 2h 15m 2w 5m");
    let tlsa = "_25._tcp.a TLSA 3 1 1 ( 0123ab\n 4567CD )\n";
    assert_eq!(value(tlsa), "3 1 1 0123AB4567CD");
    let caa = "@ CAA 0\tissue ( ; comment\n \"ca.test; x=(1)\" )\n";
    assert_eq!(value(caa), "0 issue \"ca.test; x=(1)\"");
    assert_eq!(value("a AAAA 2001:DB8:0:0::1\n"), "2001:db8::1");
}

#[test]
fn texts_are_quoted_and_escaped() {
    assert_eq!(value("a TXT v=spf1 \"-all\"\n"), "\"v=spf1\" \"-all\"");
    assert_eq!(
        value("a TXT a\\;b\\010\\\"\\\\\u{e9}\n"),
        "\"a;b\\010\\\"\\\\\\195\\169\""
    );
    assert_eq!(value("a TXT \"\"\n"), "\"\"");
    assert_eq!(value("a TYPE16 \\# 4 03616263\n"), "\"abc\"");
}

#[test]
fn what_is_not_known_is_shown() {
    assert_eq!(value("a TXT \"p={{ p }}\" \"{{ q }};x\"\n"), "\"p={?}\" \"{?};x\"");
    assert_eq!(value("@ CAA 0 iodef \"{{ mail }}\"\n"), "0 iodef \"{?}\"");
    assert_eq!(value("a A {{ address }}\n"), "{?}");
    assert_eq!(value("_sip._tcp SRV 0 5 {{ port }} sip\n"), "0 5 {?} sip.example.com.");
    assert_eq!(
        value("@ SOA ns host {{ serial }} 1h 1h 1w 1h\n"),
        "ns.example.com. host.example.com. {?} 1h 1h 1w 1h"
    );
    assert_eq!(shown("{{ host }}.a A 192.0.2.1\n")[0].0, "{?}.a.example.com.");
}

#[test]
fn decoded_values_tell_where_the_unknown_stands() {
    let text = "a TXT \"{{ v }}caf\u{e9}; \" \"p={{ p }}\"\n";
    let sources = cases::sources(&[("example.com.zone", format!("{HEAD}{text}"))]);
    let outcome = cases::lint(&sources, &[]);
    let txt = outcome.inspected[0].scan.records[0].txt().expect("it is a text");
    assert_eq!(presentation::strings(txt), ["{?}caf\u{e9}; ", "p={?}"]);
    assert_eq!(
        presentation::text(&txt.text),
        Shown {
            value: "{?}caf\u{e9}; p={?}".to_string(),
            holes: vec![0..3, 12..15],
        }
    );
}
