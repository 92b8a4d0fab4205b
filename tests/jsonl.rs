//! JSON Lines: what a line says, where it stands, what is no line, and the verdict on each.

mod cases;

use std::{
    cell::Cell,
    io::{self, Read, Write},
    rc::Rc,
};

use maillint::{
    apart, check,
    diagnostic::Severity,
    formats::jsonl::LINE_MAX,
    inspect,
    limits::Limits,
    record::Record,
    rule::Rule,
    rules,
    settings::Settings,
    source::Source,
    span::SourceId,
    syntax::json::Cursor,
    verdicts::{self, Wanted},
};
use proptest::prelude::*;

/// The findings of the default rules in some lines, as `line:column-line:column severity[rule] message`.
fn findings(lines: &str) -> Vec<String> {
    let sources = cases::sources(&[("records.jsonl", lines)]);
    let found = cases::lint(&sources, &rules::enabled(&Settings::default())).diagnostics;
    found.iter().map(|found| cases::line(&sources, found)).collect()
}

/// What stands in the file under each finding of a rule.
fn under(lines: &str, rule: &'static str) -> Vec<String> {
    let sources = cases::sources(&[("records.jsonl", lines)]);
    let found = cases::lint(&sources, &cases::select(&[rule])).diagnostics;
    let at = |span| String::from_utf8_lossy(sources.bytes(span)).into_owned();
    found.iter().map(|found| at(found.primary.span)).collect()
}

/// The records of some lines, as their owner, type and text or target.
fn records(lines: &str) -> Vec<(String, String)> {
    let source = Source::new(SourceId(0), "records.jsonl".to_string(), lines.as_bytes().to_vec());
    let sources = cases::sources(&[("records.jsonl", lines)]);
    let scan = (maillint::formats::jsonl::FORMAT.read)(&source, &sources);
    assert!(scan.faults.is_empty(), "{:?}", scan.faults);
    let shown = |record: &Record| {
        let kind = record.data.kind().unwrap_or("?");
        let value = match record.txt() {
            Some(txt) => String::from_utf8_lossy(txt.text.bytes()).into_owned(),
            None => maillint::presentation::value(record, &sources),
        };
        (record.owner.to_string(), format!("{kind} {value}"))
    };
    scan.records.iter().map(shown).collect()
}

fn verdicts_of(input: &mut dyn Read, names: &[&str], min: Severity) -> String {
    let chosen: Vec<&'static Rule> = if names.is_empty() {
        rules::enabled(&Settings::default())
    } else {
        cases::select(names)
    };
    let wanted = Wanted {
        rules: &apart::Rules::new(&chosen, Limits::default()),
        min,
        settings: &Settings::default(),
        path: "-",
        shown_path: None,
    };
    let mut written = Vec::new();
    let done = verdicts::write(input, &wanted, &mut written);
    assert!(done.is_ok(), "{done:?}");
    String::from_utf8(written).expect("verdicts are UTF-8")
}

fn verdicts(lines: &str) -> String {
    verdicts_of(&mut lines.as_bytes(), &[], Severity::Warning)
}

#[test]
fn a_line_is_a_record() {
    let lines = concat!(
        r#"{"owner": "_mta-sts.example.com", "type": "TXT", "value": "v=STSv1; id=1"}"#,
        "\n\r\n  \n",
        r#"{"strings": ["v=STSv1; ", "id=1"], "owner": "_mta-sts.Example.NET.", "ttl": 300}"#,
        "\r\n",
        r#"{"owner":"example.com","type":"mx","value":"10 mail.example.com."}"#,
        "\n",
        r#"{"owner":"alias.example.com","type":"CNAME","value":"host.example.net"}"#,
        "\n",
        r#"{"owner":"a\\.b.example.com","type":"A","value":"192.0.2.1"}"#,
        "\n",
        r#"{"owner":"\u0065xample.com","type":"SPF","value":"v=spf1 -all"}"#,
    );
    let expected = [
        ("_mta-sts.example.com", "TXT v=STSv1; id=1"),
        ("_mta-sts.Example.NET", "TXT v=STSv1; id=1"),
        ("example.com", "MX 10 mail.example.com."),
        ("alias.example.com", "CNAME host.example.net."),
        (r"a\.b.example.com", "A 192.0.2.1"),
        ("example.com", "SPF v=spf1 -all"),
    ];
    let expected = expected.map(|(owner, value)| (owner.to_string(), value.to_string()));
    assert_eq!(records(lines), expected);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_line() {
    let line = r#"{"owner": "_mta-sts.example.com", "value": "v=STSv1; id=1"}"#;
    assert_eq!(records(&format!("\u{feff}{line}\n")).len(), 1);
    let found = findings(&format!("{line}\n\u{feff}{line}\n"));
    let expected = "records.jsonl:2:1-2:2 error[jsonl-line-invalid] the line is not JSON, so it is not checked";
    assert_eq!(found, [expected]);
}

#[test]
fn a_line_ends_before_its_break() {
    for end in ["", "\n", "\r\n", "\r"] {
        let found = verdicts(&format!("{{\"owner\": \"a.example\"}}{end}"));
        assert!(found.contains(r#""at":"line","start":0,"end":22}"#), "{end:?}: {found}");
        let found = verdicts(&format!("{{\"owner\": \"a.example\"{end}"));
        assert!(
            found.contains(r#""at":"line","start":21,"end":21}"#),
            "{end:?}: {found}"
        );
    }
}

#[test]
fn places_lead_through_the_escapes_of_json() {
    let line = |value: &str| format!(r#"{{"owner": "_mta-sts.example.com", "value": {value}}}"#);
    // The first character that an `id` may not have stands there as it is, as an escape, and behind one.
    let cases = [
        (r#""v=STSv1; id=1-2""#, "-2"),
        (r#""v=STSv1\u003b\u0020id=1\u002d2""#, r"\u002d2"),
        (r#""v=STSv1; id=1\\2""#, r"\\2"),
        (r#""v=STSv1; id=1\/2""#, r"\/2"),
        (r#""v=STSv1; id\u003d1.\u0032""#, r".\u0032"),
    ];
    for (value, expected) in cases {
        assert_eq!(under(&line(value), "mta-sts-id-invalid"), [expected], "{value}");
    }
    // A character in one escape, in two, and as it is.
    for character in [r"\u00e9", r"\ud83d\ude00", "é", "😀"] {
        let value = format!(r#""v=DMARC1;\tp=none; {character}rua=mailto:a@example.com""#);
        let line = format!(r#"{{"owner": "_dmarc.example.com", "value": {value}}}"#);
        assert_eq!(under(&line, "dmarc-non-ascii"), [character], "{value}");
    }
    let strings = r#"{"owner": "_mta-sts.example.com", "strings": ["v=STSv1; i", "d=\u0031", "-2;"]}"#;
    assert_eq!(under(strings, "mta-sts-id-invalid"), ["-2"]);
}

#[test]
fn a_repair_is_written_as_json() {
    let line = r#"{"owner": "_mta-sts.example.com", "value": "v=STSv1; id=\u0031-2; x=\u00e9"}"#;
    let sources = cases::sources(&[("records.jsonl", line)]);
    let found = cases::lint(&sources, &cases::select(&["mta-sts-id-invalid"])).diagnostics;
    let fix = found[0].fix.as_ref().expect("there is a repair");
    let edits: Vec<_> = fix
        .edits
        .iter()
        .map(|edit| (String::from_utf8_lossy(sources.bytes(edit.span)), edit.new.as_str()))
        .collect();
    assert_eq!(edits, [(r"\u0031-2".into(), "12")]);
}

#[test]
fn what_is_no_record_is_found_and_the_rest_goes_on() {
    let cases = [
        ("nonsense", "1:1-1:2", "jsonl-line-invalid"),
        ("[]", "1:1-1:3", "jsonl-line-invalid"),
        ("[1] 2", "1:5-1:6", "jsonl-line-invalid"),
        ("{", "1:2-1:2", "jsonl-line-invalid"),
        (r#"{"owner": "a.example"}"#, "1:1-1:23", "jsonl-line-invalid"),
        (r#"{"value": "x"}"#, "1:1-1:15", "jsonl-line-invalid"),
        (
            r#"{"owner": "a.example", "value": 5}"#,
            "1:33-1:34",
            "jsonl-line-invalid",
        ),
        (r#"{"owner": null, "value": "x"}"#, "1:1-1:30", "jsonl-line-invalid"),
        (r#"{"owner": 5, "value": "x"}"#, "1:11-1:12", "jsonl-line-invalid"),
        (
            r#"{"owner": "a.example", "value": null}"#,
            "1:1-1:38",
            "jsonl-line-invalid",
        ),
        // What a record is called with a scanner's word.
        (
            r#"{"name": "a.example", "value": "x"}"#,
            "1:1-1:36",
            "jsonl-line-invalid",
        ),
        (
            r#"{"name": "a.example", "type": "TXT", "content": "x"}"#,
            "1:1-1:53",
            "jsonl-line-invalid",
        ),
        (
            r#"{"host": "a.example", "txt": "x"}"#,
            "1:30-1:33",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "strings": ["x", 1]}"#,
            "1:41-1:42",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "strings": {"x": 1}}"#,
            "1:35-1:43",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "x", "value": "y"}"#,
            "1:38-1:45",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "x"} x"#,
            "1:38-1:39",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "x",}"#,
            "1:37-1:38",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example" "value": "x"}"#,
            "1:23-1:24",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "x}"#,
            "1:33-1:34",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "\x"}"#,
            "1:34-1:35",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "\ud83d"}"#,
            "1:34-1:40",
            "jsonl-line-invalid",
        ),
        (
            r#"{"owner": "a.example", "value": "\ude00\ud83d"}"#,
            "1:34-1:40",
            "jsonl-line-invalid",
        ),
        (
            "{\"owner\": \"a.example\", \"value\": \"a\tb\"}",
            "1:35-1:36",
            "jsonl-line-invalid",
        ),
        (
            "{\"owner\": \"a.example\", \"value\": \"a\0b\"}",
            "1:35-1:36",
            "jsonl-line-invalid",
        ),
        ("\0\0\0", "1:1-1:2", "jsonl-line-invalid"),
        (
            r#"{"owner": "a..example", "value": "x"}"#,
            "1:12-1:22",
            "jsonl-data-invalid",
        ),
        (r#"{"owner": "", "value": "x"}"#, "1:12-1:12", "jsonl-data-invalid"),
        (
            r#"{"owner": "a.example", "type": "MX", "value": "ten b.example"}"#,
            "1:48-1:51",
            "jsonl-data-invalid",
        ),
        (
            r#"{"owner": "a.example", "type": "TEXT", "value": "x"}"#,
            "1:33-1:37",
            "jsonl-data-invalid",
        ),
        (
            r#"{"owner": "a.example", "type": "A", "value": "192.0.2.256"}"#,
            "1:47-1:58",
            "jsonl-data-invalid",
        ),
    ];
    for (line, place, rule) in cases {
        let good = r#"{"owner": "_mta-sts.example.com", "value": "v=STSv1; id=a-b"}"#;
        let found = findings(&format!("{line}\n{good}\n"));
        assert_eq!(found.len(), 2, "{line}: {found:#?}");
        let start = format!("records.jsonl:{place} error[{rule}] ");
        assert!(found[0].starts_with(&start), "{line}: {found:#?}");
        assert!(found[1].starts_with("records.jsonl:2:"), "{line}: {found:#?}");
    }
    let deep = format!(
        r#"{{"owner": "a.example", "value": "x", "more": {}1{}}}"#,
        "[".repeat(64),
        "]".repeat(64)
    );
    assert!(findings(&deep)[0].contains("jsonl-line-invalid"));
    let long = format!(r#"{{"owner": "a.example", "value": "{}"}}"#, "x".repeat(LINE_MAX));
    assert_eq!(findings(&long).len(), 1);
    assert!(findings(&long)[0].contains("longer than the 4 MiB"));
}

#[test]
fn bytes_that_are_no_utf_8_are_found() {
    let mut lines = b"{\"owner\": \"a.example\", \"value\": \"caf\xe9\"}\n".to_vec();
    lines.extend(br#"{"owner": "_mta-sts.example.com", "value": "v=STSv1; id=a-b"}"#);
    let written = verdicts_of(&mut lines.as_slice(), &[], Severity::Warning);
    let expected = concat!(
        r#"{"line":1,"owner":null,"findings":[{"rule":"jsonl-line-invalid","severity":"error","at":"line","start":36,"end":37}]}"#,
        "\n",
        r#"{"line":2,"owner":"_mta-sts.example.com","findings":[{"rule":"mta-sts-id-invalid","severity":"error","start":13,"end":15}]}"#,
        "\n"
    );
    assert_eq!(written, expected);
}

#[test]
fn a_line_knows_nothing_of_the_others() {
    let line = r#"{"owner": "_mta-sts.example.com", "value": "v=STSv1; id=1"}"#;
    assert_eq!(findings(&format!("{line}\n{line}\n")), [""; 0]);
    // On one line two records are two.
    let found = findings(r#"{"host":"_mta-sts.example.com","txt":["v=STSv1; id=1","v=STSv1; id=2"]}"#);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("error[mta-sts-record-multiple]"), "{found:?}");
}

#[test]
fn a_line_is_judged_as_if_it_were_all_there_is() {
    let lines = [
        r#"{"owner": "example.com", "value": "v=spf1 include:EXAMPLE.com -all"}"#,
        r#"{"owner": "*.example.com", "value": "v=spf1 include:a.example.com -all"}"#,
        r#"{"owner": "_dmarc.example.com", "value": "v=DMARC1; p=reject; pct=20; rua=mailto:dmarc@example.net"}"#,
        r#"{"owner": "_dmarc.a.example.com", "value": "v=DMARC1; p=reject; psd=n; rua=mailto:dmarc@example.com"}"#,
        r#"{"host": "example.com", "txt": ["v=spf1 mx -all", "v=spf1 a -all", "v=DMARC1; p=none"], "mx": [""]}"#,
        r#"{"host": "_dmarc.example.com", "txt": ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "cname": ["a.example.net"]}"#,
        r#"{"owner": "example.com", "type": "SPF", "value": "v=spf1 +all"}"#,
        r#"{"owner": "example.com", "value": "v=spf1 "#,
    ];
    let rules = rules::enabled(&Settings::default());
    for line in lines {
        let sources = cases::sources(&[("records.jsonl", line)]);
        let format = &maillint::formats::jsonl::FORMAT;
        let one = inspect::inspect(&sources.all()[0], format, &sources, &inspect::Checks::new(&rules));
        let all = check::check(&sources, &mut [one], &rules, &Settings::default(), &[], None).kept;
        let all: Vec<String> = all.iter().map(|found| cases::line(&sources, found)).collect();
        assert!(!all.is_empty(), "{line}");
        assert_eq!(findings(line), all, "{line}");
    }
    assert!(
        findings(lines[0])[0].contains("error[spf-loop]"),
        "{:?}",
        findings(lines[0])
    );
}

#[test]
fn what_zdns_was_answered_is_read() {
    // Version 2: several modules, an alias, a text of two strings, a quote, and what is of other names.
    let line = concat!(
        r#"{"name":"_mta-sts.example.com","results":{"#,
        r#""MX":{"data":{"answers":[],"protocol":"udp"},"status":"NOERROR"},"#,
        r#""TXT":{"data":{"additionals":[{"flags":"","type":"EDNS0","udpsize":512}],"answers":["#,
        r#"{"answer":"hub.example.net.","class":"IN","name":"_mta-sts.example.com","ttl":300,"type":"CNAME"},"#,
        r#"{"answer":"v=STSv1; \nid=1","class":"IN","name":"hub.example.net","ttl":300,"type":"TXT"},"#,
        r#"{"answer":"say \\\"hello\\\" \\226\\128\\147","name":"hub.example.net","type":"TXT"},"#,
        r#"{"answer":"v=STSv1; id=2","name":"other.example.net","type":"TXT"},"#,
        r#"{"algorithm":13,"name":"hub.example.net","type":"RRSIG","type_covered":16}"#,
        r#"]},"duration":0.1,"status":"NOERROR","timestamp":"2026-11-24T09:00:00Z"}}}"#
    );
    let owner = "_mta-sts.example.com".to_string();
    let expected = [
        (owner.clone(), "TXT v=STSv1; id=1".to_string()),
        (owner, "TXT say \"hello\" \u{2013}".to_string()),
    ];
    assert_eq!(records(line), expected);
    // Version 1, and what it wrote before.
    for member in ["answer", "data"] {
        let line = format!(
            r#"{{"name":"example.com","class":"IN","status":"NOERROR","data":{{"answers":[{{"ttl":1,"type":"MX","name":"example.com","{member}":"mail.example.com.","preference":10}}]}}}}"#
        );
        let expected = ("example.com".to_string(), "MX 10 mail.example.com.".to_string());
        assert_eq!(records(&line), [expected]);
    }
    // Modules that look for one record; the name that was asked for; the same record twice.
    let line = concat!(
        r#"{"altered_name":"_dmarc.example.com","name":"example.com","results":{"#,
        r#""DMARC":{"data":{"dmarc":"v=DMARC1; p=none"},"status":"NOERROR"},"#,
        r#""TXT":{"data":{"answers":[{"answer":"v=DMARC1; p=none","name":"_DMARC.example.com.","type":"TXT"}]}}}}"#
    );
    let expected = ("_dmarc.example.com".to_string(), "TXT v=DMARC1; p=none".to_string());
    assert_eq!(records(line), [expected]);
    let line = r#"{"name":"example.com","results":{"MXLOOKUP":{"data":{"exchanges":[{"name":"mail.example.com","preference":5,"type":"MX"}]}}}}"#;
    let expected = ("example.com".to_string(), "MX 5 mail.example.com.".to_string());
    assert_eq!(records(line), [expected]);
    // An alias alone stays one.
    let line = r#"{"name":"a.example","results":{"CNAME":{"data":{"answers":[{"answer":"b.example.","name":"a.example","type":"CNAME"}]}}}}"#;
    assert_eq!(
        records(line),
        [("a.example".to_string(), "CNAME b.example.".to_string())]
    );
}

#[test]
fn what_zdns_leaves_out_or_calls_alike_is_no_fault() {
    // An empty text has no `answer`, the alias of the root is a dot, and `preference` of GPOS is a longitude.
    let line = concat!(
        r#"{"name":"example.com","results":{"ANY":{"data":{"answers":["#,
        r#"{"class":"IN","name":"example.com","ttl":300,"type":"TXT"},"#,
        r#"{"answer":".","class":"IN","name":"example.com","preference":0,"ttl":300,"type":"MX"},"#,
        r#"{"class":"IN","name":"example.com","preference":"-32.6882","map822":"116.8652","ttl":300,"type":"GPOS"},"#,
        r#"{"class":"IN","name":"example.com","tag":"issue","value":"ca.example.net","flag":0,"ttl":300,"type":"CAA"}"#,
        r#"]},"status":"NOERROR"}}}"#
    );
    let expected = ["TXT ", "MX 0 ."].map(|value| ("example.com".to_string(), value.to_string()));
    assert_eq!(records(line), expected);
    let empty =
        r#"{"name":"example.com","results":{"TXT":{"data":{"answers":[{"name":"example.com","type":"TXT"}]}}}}"#;
    assert_eq!(
        verdicts(empty),
        "{\"line\":1,\"owner\":\"example.com\",\"findings\":[]}\n"
    );
    let wrong = r#"{"name":"example.com","results":{"MX":{"data":{"answers":[{"name":"example.com","preference":70000,"type":"MX"}]}}}}"#;
    let expected = "records.jsonl:1:94-1:99 error[jsonl-line-invalid] a member of the line is no number from 0 to 65535, so it is not checked";
    assert_eq!(findings(wrong), [expected]);
}

#[test]
fn what_is_null_is_left_out() {
    let lines = concat!(
        r#"{"owner": "example.com", "type": null, "value": "x", "strings": null, "host": null, "txt": null}"#,
        "\n",
        r#"{"host": "example.com", "owner": null, "txt": ["x"], "mx": null, "value": null}"#,
    );
    let expected = ("example.com".to_string(), "TXT x".to_string());
    assert_eq!(records(lines), [expected.clone(), expected]);
}

#[test]
fn what_dnsx_was_answered_is_read() {
    let line = concat!(
        r#"{"host":"example.com","ttl":300,"resolver":["192.0.2.1:53"],"a":["192.0.2.7"],"mx":["mail.example.com",""],"#,
        r#""cname":["www.example.net"],"txt":["v=spf1 -all","a \\\"b\\\"","v=spf1 -all"],"soa":[{"name":"example.com"}],"#,
        r#""all":["example.com.\t300\tIN\tTXT\t\"v=spf1 -all\""],"status_code":"NOERROR"}"#
    );
    let values = ["MX 0 mail.example.com.", "MX 0 .", "TXT v=spf1 -all", r#"TXT a "b""#];
    let expected = values.map(|value| ("example.com".to_string(), value.to_string()));
    assert_eq!(records(line), expected);
}

#[test]
fn a_look_up_that_failed_is_no_finding() {
    let lines = concat!(
        r#"{"host":"nowhere.example.com","status_code":"NXDOMAIN"}"#,
        "\n",
        r#"{"host":"broken..example.com","txt":null,"status_code":"SERVFAIL"}"#,
        "\n",
        r#"{"name":"nowhere.example.com","results":{"TXT":{"data":{"protocol":"","resolver":""},"error":"timed out","status":"TIMEOUT"}}}"#,
        "\n",
        r#"{"name":"nowhere.example.com","status":"NXDOMAIN"}"#,
        "\n",
        r#"{"name":"nowhere.example.com","results":{"SPF":{"data":null,"status":"NO_RECORD"}}}"#,
    );
    assert_eq!(findings(lines), [""; 0]);
    assert_eq!(verdicts(lines).lines().count(), 5);
}

#[test]
fn an_answer_has_no_length_of_strings() {
    // Both scanners join strings, so that the length of each is not known.
    let long = "x".repeat(400);
    let lines = format!(
        "{{\"host\":\"a.example\",\"txt\":[\"{long}\",\"{long} \\\\\\\"\"]}}\n{{\"owner\":\"a.example\",\"value\":\"{long}\"}}\n"
    );
    assert_eq!(findings(&lines), [""; 0]);
}

#[test]
fn verdicts_tell_bytes_of_the_value() {
    let lines = concat!(
        r#"{"owner": "_mta-sts.example.com", "value": "v=STSv1\u003b id=\u0031\u002d2"}"#,
        "\n\n",
        r#"{"owner": "\u005fmta-sts.example.com", "strings": ["v=STSv1; ", "id=1", "-2"]}"#,
        "\n",
        r#"{"host":"_mta-sts.example.com","txt":["hello","v=STSv1;\\032id=1-2"]}"#,
        "\n",
        r#"{"owner": "*._dmarc.example.com", "value": "v=DMARC1; p=none"}"#,
        "\n",
        r#"{"owner": "a..b", "value": "hello"}"#,
        "\n",
        r#"{"owner": "example.com", "type": "MX", "value": "10 m\u0061il.ex\u00e4mple.com"}"#,
    );
    let expected = concat!(
        r#"{"line":1,"owner":"_mta-sts.example.com","findings":[{"rule":"mta-sts-id-invalid","severity":"error","start":13,"end":15}]}"#,
        "\n",
        r#"{"line":3,"owner":"\u005fmta-sts.example.com","findings":[{"rule":"mta-sts-id-invalid","severity":"error","start":13,"end":15}]}"#,
        "\n",
        r#"{"line":4,"owner":"_mta-sts.example.com","findings":[{"rule":"mta-sts-id-invalid","severity":"error","type":"TXT","index":1,"start":13,"end":15}]}"#,
        "\n",
        r#"{"line":5,"owner":"*._dmarc.example.com","findings":[{"rule":"dmarc-wildcard-owner","severity":"error","at":"owner"}]}"#,
        "\n",
        r#"{"line":6,"owner":"a..b","findings":[{"rule":"jsonl-data-invalid","severity":"error","at":"owner"}]}"#,
        "\n",
        r#"{"line":7,"owner":"example.com","findings":[]}"#,
        "\n",
    );
    let names = ["mta-sts-id-invalid", "dmarc-wildcard-owner", "jsonl"];
    assert_eq!(verdicts_of(&mut lines.as_bytes(), &names, Severity::Warning), expected);
}

/// Some lines of many kinds.
fn many() -> String {
    let mut lines = String::new();
    for number in 0..4000 {
        lines.push_str(&match number % 5 {
            0 => format!("{{\"owner\": \"_mta-sts.a{number}.example\", \"value\": \"v=STSv1; id=a-{number}\"}}\r\n"),
            1 => format!(
                "{{\"host\":\"b{number}.example\",\"txt\":[\"caf\\\\195\\\\169\",\"{}\"]}}\n",
                "y".repeat(number % 97)
            ),
            2 => format!("{{\"owner\": \"c{number}.example\"\n\n"),
            3 => format!("{{\"owner\": \"d{number}.example\", \"value\": \"hello\\u0007\"}}\n"),
            _ => format!("{{\"name\":\"e{number}.example\",\"status\":\"NXDOMAIN\"}}\n"),
        });
    }
    lines
}

/// An input that hands out so many bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let len = self.1.min(into.len()).min(self.0.len());
        let (now, later) = self.0.split_at(len);
        into[..len].copy_from_slice(now);
        self.0 = later;
        Ok(len)
    }
}

#[test]
fn verdicts_do_not_depend_on_how_the_input_comes_or_on_threads() {
    let lines = many();
    let all = verdicts(&lines);
    assert_eq!(all.lines().count(), 4000);
    for size in [1, 7, 1000, 4096, 65536] {
        let lines = &lines[..if size == 1 { 20_000 } else { lines.len() }];
        let slow = verdicts_of(&mut Slow(lines.as_bytes(), size), &[], Severity::Warning);
        assert!(slow == verdicts(lines), "{size} bytes at a time");
    }
    for threads in [1, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let same = pool.expect("there are threads").install(|| verdicts(&lines));
        assert!(same == all, "{threads} threads");
    }
}

#[test]
fn verdicts_are_what_the_other_outputs_show() {
    let lines = many();
    let shown: usize = verdicts(&lines).matches("\"rule\":").count();
    let sources = cases::sources(&[("records.jsonl", &lines)]);
    let chosen: Vec<&'static Rule> = rules::enabled(&Settings::default());
    // A rule that folds what it has to say in a file says it of each line.
    let chosen: Vec<&'static Rule> = chosen.into_iter().filter(|rule| !rule.once_a_file).collect();
    let found = cases::lint(&sources, &chosen).diagnostics;
    let found = found.iter().filter(|found| found.severity <= Severity::Warning).count();
    assert_eq!(found, shown);
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let good = r#"{"owner": "_mta-sts.example.com", "value": "v=STSv1; id=1"}"#;
    let lines = format!(
        "{good}\n{}\n{good}\n{}",
        "x".repeat(3 * LINE_MAX),
        "y".repeat(LINE_MAX + 1)
    );
    let written = verdicts(&lines);
    let heads: Vec<&str> = written.lines().map(|line| &line[..30.min(line.len())]).collect();
    assert_eq!(
        heads,
        [
            r#"{"line":1,"owner":"_mta-sts.ex"#,
            r#"{"line":2,"owner":null,"findin"#,
            r#"{"line":3,"owner":"_mta-sts.ex"#,
            r#"{"line":4,"owner":null,"findin"#
        ]
    );
}

/// An input without an end in sight, which tells how far it was read.
struct Endless {
    line: Vec<u8>,
    at: usize,
    left: usize,
    read: Rc<Cell<usize>>,
    written: Rc<Cell<usize>>,
    ahead: Rc<Cell<usize>>,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ahead = self.read.get() / self.line.len() - self.written.get();
        self.ahead.set(self.ahead.get().max(ahead));
        let len = into.len().min(self.left);
        for byte in &mut into[..len] {
            *byte = self.line[self.at];
            self.at = (self.at + 1) % self.line.len();
        }
        self.left -= len;
        self.read.set(self.read.get() + len);
        Ok(len)
    }
}

struct Count(Rc<Cell<usize>>);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .set(self.0.get() + bytes.iter().filter(|byte| **byte == b'\n').count());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_more_is_read_than_verdicts_were_written_of() {
    let line = b"{\"owner\": \"_mta-sts.example.com\", \"value\": \"v=STSv1; id=1\"}\n".to_vec();
    let (read, written, ahead) = (Rc::default(), Rc::new(Cell::new(0)), Rc::<Cell<usize>>::default());
    let mut input = Endless {
        left: line.len() * 200_000,
        line,
        at: 0,
        read: Rc::clone(&read),
        written: Rc::clone(&written),
        ahead: Rc::clone(&ahead),
    };
    let rules = apart::Rules::new(&[], Limits::default());
    let wanted = Wanted {
        rules: &rules,
        min: Severity::Warning,
        settings: &Settings::default(),
        path: "-",
        shown_path: None,
    };
    let done = verdicts::write(&mut input, &wanted, &mut Count(Rc::clone(&written)));
    assert!(done.is_ok_and(|summary| summary.records == 200_000));
    assert_eq!(written.get(), 200_000);
    // A part of a line may be there; of whole lines none is held back.
    assert!(ahead.get() <= 1, "{} lines", ahead.get());
}

/// Pieces of JSON, whole and broken.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\"",
    "\"a\"",
    "\"owner\"",
    "\"value\"",
    "\"txt\"",
    "\"name\"",
    "\"data\"",
    "\"answers\"",
    "\"answer\"",
    "\"type\"",
    "\"TXT\"",
    "\\",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\n",
    "\\\"",
    "é",
    "\u{feff}",
    "0",
    "-",
    "1.5",
    "e+",
    "true",
    "null",
    " ",
    "\t",
    "\n",
    "\u{7f}",
    "\0",
    "a.example",
    "v=STSv1; id=1",
    "\\\\226",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES.as_slice());
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn json_is_read_as_by_others(text in text()) {
        let bytes = text.as_bytes();
        let mut cursor = Cursor::new(bytes, 0..bytes.len());
        let own = cursor.skip().and_then(|()| cursor.end());
        let other = serde_json::from_str::<&serde_json::value::RawValue>(&text);
        prop_assert_eq!(own.is_ok(), other.is_ok(), "{:?} {:?}", own, other);
        if let Err((place, _)) = own {
            prop_assert!(text.get(place).is_some());
        }
    }

    #[test]
    fn strings_are_decoded_as_by_others(text in text()) {
        let text = format!("\"{text}\"");
        let source = Source::new(SourceId(0), "a.jsonl".to_string(), text.clone().into_bytes());
        let mut cursor = Cursor::new(text.as_bytes(), 0..text.len());
        let string = cursor.string().and_then(|string| cursor.end().map(|()| string));
        let own = string.and_then(|string| {
            let decoded = string.decoded(text.as_bytes())?.into_owned();
            let placed = string.text(&source, maillint::spelling::Spelling::Json)?;
            assert_eq!(decoded, placed.bytes());
            for at in 0..placed.len() {
                let span = placed.span(at..at + 1).expect("it is written somewhere");
                let range = placed.range(span).expect("it is in the value");
                assert!(range.contains(&at));
            }
            Ok(decoded)
        });
        let other = serde_json::from_str::<String>(&text);
        prop_assert_eq!(own.ok(), other.ok().map(String::into_bytes));
    }

    #[test]
    fn whatever_comes_has_a_verdict_for_each_line(text in text(), raw in prop::collection::vec(any::<u8>(), 0..200)) {
        for input in [text.as_bytes(), &raw] {
            let written = verdicts_of(&mut &*input, &[], Severity::Info);
            let lines = input.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
            prop_assert!(written.lines().count() <= lines.count());
            for verdict in written.lines() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(verdict).is_ok(), "{}", verdict);
            }
        }
    }
}
