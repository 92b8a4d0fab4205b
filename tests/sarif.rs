//! What code scanning relies on in SARIF. Other programs check the files that this leaves in the folder for tests:
//! `.ci/sarif --root "$tmp/sarif/root" "$tmp/sarif/findings.sarif" "$tmp/sarif/empty.sarif"`, where `tmp` is `target/tmp`.

mod made;

use std::{fs, path::Path};

use made::{RULE, files, finding, fix, json, label, output, place};
use maillint::{
    diagnostic::{Diagnostic, Safety, Severity},
    report::fingerprint,
    rules,
    source::Sources,
    span::Span,
};
use serde_json::{Value, json};

fn fingerprints(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    fingerprint::lines(text.as_bytes(), |line| all.push(line.to_string()));
    all
}

#[test]
fn fingerprints_are_those_of_github() {
    let mx = ["a1556ddabfaf6b09:1", "c129715d7a2bc9a3:1"];
    assert_eq!(fingerprints(""), ["c129715d7a2bc9a3:1"]);
    assert_eq!(fingerprints("@ IN MX 10 mail\n"), mx);
    assert_eq!(fingerprints("@ IN MX 10 mail\r\n"), mx);
    assert_eq!(
        fingerprints("a\n\nb"),
        ["67c066a59e652f5e:1", "cc4c43d77869440f:1", "8ee5a81e681643c1:1"]
    );
    assert_eq!(
        fingerprints("; größe 🎉\n@ IN TXT \"v=spf1 -all\"\n"),
        ["a39d3c0971d4e28c:1", "e274c3fcde625eb3:1", "c129715d7a2bc9a3:1"]
    );
    assert_eq!(
        fingerprints(&"x TXT \"y\"\n".repeat(3)),
        [
            "64940c34ed21cd58:1",
            "a5b1b53826176191:1",
            "8bf52b761b79a9aa:1",
            "c129715d7a2bc9a3:1"
        ]
    );
    assert_eq!(
        fingerprints(&format!("@ TXT \"{}\"\nnext A 192.0.2.1\n", "k".repeat(120))),
        ["c6699c5d57ea568b:1", "b405157107f8d5f2:1", "c129715d7a2bc9a3:1"]
    );
}

#[test]
fn equal_lines_are_told_apart_by_a_count() {
    let text = format!("{}\n", "k".repeat(120)).repeat(3);
    let all = fingerprints(&text);
    let hash = |index: usize| all[index].split_once(':').expect("a count");
    assert_eq!(hash(0).0, hash(1).0);
    assert_eq!((hash(0).1, hash(1).1, hash(2).1), ("1", "2", "3"));
}

#[test]
fn fingerprints_know_where_their_line_starts() {
    let mut starts = Vec::new();
    fingerprint::lines(b"a\r\n \xff\n\rb", |line| starts.push(line.start));
    assert_eq!(starts, [0, 3, 6, 7]);
}

/// Findings of all kinds in odd files.
fn sample() -> (Sources, Vec<Diagnostic>) {
    let zone = "; größe 🎉\r\n_dmarc TXT \"v=DMARC1; p=rejct\"\r\n🎉 TXT \"x\" \"y\"\r\n\r\nlast TXT z";
    let sources = files(&[
        ("zones/a b#c?d%e:é.zone", zone.as_bytes()),
        (
            "zones/plain.zone",
            b"$TTL 1h\n@ TXT (\n \"v=spf1\"\n)\n\ttab TXT \"t\"\n",
        ),
    ]);
    let odd = "zones/a b#c?d%e:é.zone";
    let plain = "zones/plain.zone";
    let mut first = finding(
        Severity::Error,
        place(&sources, odd, "rejct"),
        "`rejct` is no policy",
        "not one",
    );
    first.related = vec![
        label(place(&sources, odd, "_dmarc"), "the [name] of it"),
        label(place(&sources, plain, "$TTL"), ""),
    ];
    first.help = Some("write `p=reject`".into());
    first.fix = fix(
        "replace `rejct` by `reject`",
        Safety::Unsafe,
        &[
            (place(&sources, odd, "rejct"), "reject"),
            (place(&sources, plain, "1h"), "3600"),
        ],
    );
    let twice = |text, message: &str| finding(Severity::Warning, place(&sources, odd, text), message, "");
    let record = place(&sources, plain, "@ TXT (\n \"v=spf1\"\n)\n");
    let end = sources.at_path(odd).expect("it is there").span().end();
    let found = vec![
        first,
        twice("\"x\"", "`x` is odd"),
        twice("\"y\"", "`y` is odd"),
        finding(Severity::Info, end, "the last line does not end", ""),
        finding(Severity::Info, record, "the record is long", "this"),
        finding(
            Severity::Info,
            place(&sources, plain, "tab"),
            "there is a tab",
            "after it",
        ),
    ];
    (sources, found)
}

#[test]
fn samples_are_left_for_other_programs() {
    let (sources, found) = sample();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    for source in sources.all() {
        let path = folder.join("root").join(&source.path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, source.bytes()).expect("it can be written");
    }
    for (name, found) in [("findings", &found[..]), ("empty", &[])] {
        let text = output("sarif", &sources, found);
        fs::write(folder.join(format!("{name}.sarif")), text).expect("it can be written");
    }
}

fn run(log: &Value) -> &Value {
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    &log["runs"][0]
}

fn regions<'a>(value: &'a Value, into: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "region" || name == "deletedRegion" {
                    into.push(value);
                }
                regions(value, into);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| regions(value, into)),
        _ => {}
    }
}

#[test]
fn results_fit_their_rules_and_regions_their_files() {
    let (sources, found) = sample();
    let log = json("sarif", &sources, &found);
    let run = run(&log);
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(
            result["message"]["text"]
                .as_str()
                .is_some_and(|text| text.ends_with('.'))
        );
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1));
        let fingerprint = result["partialFingerprints"]["primaryLocationLineHash"].as_str();
        assert!(fingerprint.is_some_and(|text| text.contains(':')));
    }
    let mut all = Vec::new();
    regions(run, &mut all);
    assert_eq!(all.len(), 10);
    for region in all {
        let number = |name: &str| region[name].as_u64().expect("a number");
        let (start, end) = (
            (number("startLine"), number("startColumn")),
            (number("endLine"), number("endColumn")),
        );
        assert!(start.0 >= 1 && start.1 >= 1 && end.1 >= 1 && start <= end, "{region}");
    }
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert_eq!(run["invocations"], json!([{"executionSuccessful": true}]));
    assert!(run.get("automationDetails").is_none());
}

#[test]
fn a_result_says_all_of_a_finding() {
    let (sources, found) = sample();
    let log = json("sarif", &sources, &found);
    let base = json!({"uri": "zones/a%20b%23c%3Fd%25e%3A%C3%A9.zone", "uriBaseId": "%SRCROOT%"});
    let plain = json!({"uri": "zones/plain.zone", "uriBaseId": "%SRCROOT%"});
    let place = json!({"startLine": 2, "startColumn": 25, "endLine": 2, "endColumn": 30});
    let expected = json!({
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "`rejct` is no policy. Help: write `p=reject`. See: [the \\[name\\] of it](1)."},
        "locations": [{
            "physicalLocation": {"artifactLocation": base, "region": place},
            "message": {"text": "not one"}
        }],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": base,
                    "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 7}
                },
                "message": {"text": "the [name] of it"}
            },
            {
                "id": 2,
                "physicalLocation": {
                    "artifactLocation": plain,
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 5}
                }
            }
        ],
        "partialFingerprints": log["runs"][0]["results"][0]["partialFingerprints"],
        "fixes": [{
            "description": {"text": "replace `rejct` by `reject`."},
            "artifactChanges": [
                {
                    "artifactLocation": base,
                    "replacements": [{"deletedRegion": place, "insertedContent": {"text": "reject"}}]
                },
                {
                    "artifactLocation": plain,
                    "replacements": [{
                        "deletedRegion": {"startLine": 1, "startColumn": 6, "endLine": 1, "endColumn": 8},
                        "insertedContent": {"text": "3600"}
                    }]
                }
            ],
            "properties": {"safety": "unsafe"}
        }]
    });
    let index = rules::all().iter().position(|rule| rule.id == RULE);
    let mut result = log["runs"][0]["results"][0].clone();
    assert_eq!(result["ruleIndex"].as_u64(), index.map(|index| index as u64));
    result["ruleIndex"] = 0.into();
    assert_eq!(result, expected);
}

#[test]
fn one_rule_has_one_result_in_a_line() {
    let (sources, found) = sample();
    let log = json("sarif", &sources, &found);
    let results = run(&log)["results"].as_array().expect("results");
    assert_eq!(results.len(), 5);
    let merged = &results[1];
    assert_eq!(merged["message"]["text"], "`x` is odd. Also in this line: `y` is odd.");
    let region = &merged["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        region,
        &json!({"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 11})
    );
    let region = &merged["relatedLocations"][0]["physicalLocation"]["region"];
    assert_eq!(
        region,
        &json!({"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 15})
    );
    // The worst of a line speaks for it.
    let span = place(&sources, "zones/plain.zone", "tab");
    let found = [
        finding(Severity::Info, span, "a note", ""),
        finding(Severity::Error, span, "an error", ""),
    ];
    let log = json("sarif", &sources, &found);
    let result = &run(&log)["results"][0];
    assert_eq!(result["level"], "error");
    assert_eq!(result["message"]["text"], "an error. Also in this line: a note.");
}

#[test]
fn regions_do_not_reach_into_the_next_line() {
    let (sources, found) = sample();
    let log = json("sarif", &sources, &found);
    let region = &run(&log)["results"][3]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        region,
        &json!({"startLine": 2, "startColumn": 1, "endLine": 4, "endColumn": 2})
    );
}

#[test]
fn every_rule_is_described_whether_it_found_something_or_not() {
    let log = json("sarif", &files(&[]), &[]);
    let run = run(&log);
    assert_eq!(run["results"], json!([]));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids, rules::all().iter().map(|rule| rule.id).collect::<Vec<_>>());
    for rule in rules {
        for name in ["shortDescription", "fullDescription"] {
            let text = rule[name]["text"].as_str().expect("a text");
            assert!((2..=1024).contains(&text.chars().count()), "{rule}");
        }
        assert!(
            rule["help"]["text"]
                .as_str()
                .is_some_and(|text| text.contains("When to ignore"))
        );
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .is_some_and(|text| text.contains("### When to ignore"))
        );
        let level = rule["defaultConfiguration"]["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level));
        let properties = &rule["properties"];
        let severity = properties["problem.severity"].as_str().expect("a severity");
        assert!(["error", "warning", "recommendation"].contains(&severity));
        assert!(properties["tags"].as_array().is_some_and(|tags| tags.len() <= 10));
        assert_eq!(properties["precision"], "high");
    }
    assert_eq!(run["tool"]["driver"]["semanticVersion"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_worst_are_kept_when_there_are_too_many() {
    let text = "x\n".repeat(100);
    let paths: Vec<String> = (100..351).map(|number| format!("{number}.zone")).collect();
    let all: Vec<(&str, &[u8])> = paths.iter().map(|path| (path.as_str(), text.as_bytes())).collect();
    let sources = files(&all);
    let last = sources.all()[250].id;
    let lines = sources
        .all()
        .iter()
        .flat_map(|source| (0..100).map(|line| (source.id, line)));
    let found: Vec<Diagnostic> = lines
        .map(|(id, line)| {
            let severity = if id == last { Severity::Error } else { Severity::Info };
            finding(severity, Span::new(id, line * 2..line * 2 + 1), "bad", "")
        })
        .collect();
    assert_eq!(found.len(), 25_100);
    let log = json("sarif", &sources, &found);
    let run = run(&log);
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.iter().filter(|result| result["level"] == "error").count(), 100);
    let place = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"]
            .as_str()
            .unwrap_or_default()
            .to_string();
        (uri, place["region"]["startLine"].as_u64().unwrap_or_default())
    };
    assert_eq!(place(&results[0]), ("100.zone".to_string(), 1));
    assert_eq!(place(&results[24_999]), ("350.zone".to_string(), 100));
    assert!(results.is_sorted_by_key(place));
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    let text = notification["message"]["text"].as_str().expect("a text");
    assert!(
        text.starts_with("100 results of the least severities are left out"),
        "{text}"
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn other_places_are_capped() {
    let sources = files(&[("a.zone", "x\n".repeat(300).as_bytes())]);
    let id = sources.all()[0].id;
    let mut found = finding(Severity::Error, Span::new(id, 0..1), "bad", "");
    found.related = (1..300)
        .map(|line| label(Span::new(id, line * 2..line * 2 + 1), "here too"))
        .collect();
    let log = json("sarif", &sources, &[found]);
    let result = &run(&log)["results"][0];
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(100));
    let text = result["message"]["text"].as_str().expect("a text");
    assert_eq!(text.matches("[here too](").count(), 10);
}
