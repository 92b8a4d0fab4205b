//! The JSON output, field by field: programs rely on it.

mod made;

use made::{RULE, files, finding, fix, json, label, output, output_with, place};
use maillint::{
    diagnostic::{About, Safety, Severity},
    reported::{Counts, Tally},
    span::Span,
};
use serde_json::json;

#[test]
fn a_finding_with_all_there_is_to_say() {
    let sources = files(&[
        ("zones/a.zone", "; é\n_dmarc TXT \"v=DMARC1; p=rejct\"\n".as_bytes()),
        ("zones/b.zone", b"x\n"),
    ]);
    let at = |path, text| place(&sources, path, text);
    let mut found = finding(
        Severity::Error,
        at("zones/a.zone", "rejct"),
        "`rejct` is no policy",
        "not one",
    );
    found.help = Some("write `p=reject`".into());
    found.related = vec![
        label(at("zones/b.zone", "x"), "this too"),
        label(at("zones/b.zone", "x"), ""),
    ];
    found.about = Some(About {
        owner: "_dmarc.example.com".to_string(),
        kind: "TXT".into(),
        format: "zone",
    });
    found.fix = fix(
        "replace `rejct` by `reject`",
        Safety::Unsafe,
        &[(at("zones/a.zone", "rejct"), "reject")],
    );
    let span = json!({
        "start": {"offset": 29, "line": 2, "column": 25},
        "end": {"offset": 34, "line": 2, "column": 30}
    });
    let other = json!({
        "start": {"offset": 0, "line": 1, "column": 1},
        "end": {"offset": 1, "line": 1, "column": 2}
    });
    assert_eq!(
        json("json", &sources, &[found]),
        json!({
            "version": 1,
            "tool": {"name": "maillint", "version": env!("CARGO_PKG_VERSION")},
            "diagnostics": [{
                "rule": RULE,
                "severity": "error",
                "message": "`rejct` is no policy",
                "help": "write `p=reject`",
                "path": "zones/a.zone",
                "span": span,
                "label": "not one",
                "related": [
                    {"path": "zones/b.zone", "span": other, "label": "this too"},
                    {"path": "zones/b.zone", "span": other}
                ],
                "record": {"owner": "_dmarc.example.com", "type": "TXT", "format": "zone"},
                "spec": [{"document": "RFC 1035", "section": "5.1"}],
                "url": format!("https://github.com/maillint/maillint/blob/main/docs/rules/{RULE}.md"),
                "fix": {
                    "title": "replace `rejct` by `reject`",
                    "safety": "unsafe",
                    "edits": [{"path": "zones/a.zone", "span": span, "new": "reject"}]
                },
                "suppressed": false
            }],
            "summary": {"files": 2, "records": 0, "partly_known": 0, "errors": 1, "warnings": 0, "infos": 0, "suppressed": 0}
        })
    );
}

#[test]
fn what_there_is_nothing_to_say_of_is_absent() {
    let sources = files(&[("a.zone", b"x\n")]);
    let found = finding(Severity::Info, place(&sources, "a.zone", "x"), "bad", "");
    // Of a rule that did not run nothing is known.
    let text = output_with("json", &sources, &[found], |report| report.rules = &[]);
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(
        document["diagnostics"][0],
        json!({
            "rule": RULE,
            "severity": "info",
            "message": "bad",
            "path": "a.zone",
            "span": {
                "start": {"offset": 0, "line": 1, "column": 1},
                "end": {"offset": 1, "line": 1, "column": 2}
            },
            "related": [],
            "suppressed": false
        })
    );
}

#[test]
fn the_summary_counts_what_is_not_shown_too() {
    let sources = files(&[("a.zone", b"x\n")]);
    let found = finding(Severity::Warning, Span::new(sources.all()[0].id, 0..1), "bad", "");
    let text = output_with("json", &sources, &[found], |report| {
        report.counts = Counts {
            files: 12,
            records: 340,
            partly_known: 3,
            not_shown: Tally {
                infos: 7,
                ..Tally::default()
            },
            ..Counts::default()
        };
    });
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(
        document["summary"],
        json!({"files": 12, "records": 340, "partly_known": 3, "errors": 0, "warnings": 1, "infos": 7, "suppressed": 0})
    );
    assert_eq!(document["diagnostics"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_left_out_is_told_as_suppressed_and_not_counted() {
    let sources = files(&[("a.zone", b"xyz\n")]);
    let at = |start| Span::new(sources.all()[0].id, start..start + 1);
    let (first, second) = (
        finding(Severity::Warning, at(0), "left out", ""),
        finding(Severity::Error, at(1), "stays", ""),
    );
    let text = output_with("json", &sources, &[second], |report| {
        report.left_out = Vec::leak(vec![&*Box::leak(Box::new(first))])
    });
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let found = |at: usize| {
        (
            document["diagnostics"][at]["message"].as_str(),
            document["diagnostics"][at]["suppressed"].as_bool(),
        )
    };
    assert_eq!(found(0), (Some("left out"), Some(true)));
    assert_eq!(found(1), (Some("stays"), Some(false)));
    assert_eq!(document["summary"]["warnings"], json!(0));
    assert_eq!(document["summary"]["suppressed"], json!(1));
}

#[test]
fn the_order_of_fields_is_that_of_the_documentation() {
    let text = output("json", &files(&[]), &[]);
    let at = |name: &str| text.find(&format!("\"{name}\"")).expect("it is there");
    assert!(["version", "tool", "diagnostics", "summary", "files", "infos"].is_sorted_by_key(|name| at(name)));
    assert!(text.ends_with("}\n"));
}
