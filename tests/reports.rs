//! What the outputs for other programs say of findings, each in full.

mod made;

use made::{RULE, files, finding, fix, json, label, output, place};
use maillint::{
    diagnostic::{About, Diagnostic, Safety, Severity},
    source::Sources,
    span::Span,
};
use serde_json::json;

fn url() -> String {
    format!("https://github.com/maillint/maillint/blob/main/docs/rules/{RULE}.md")
}

/// An error with all there is to say, and a warning in another file.
fn sample() -> (Sources, Vec<Diagnostic>) {
    let sources = files(&[
        (
            "zones/a.zone",
            "; \u{e9}\n\u{e9} TXT \"v=DMARC1; p=rejct\"\n".as_bytes(),
        ),
        ("zones/b [1];.zone", b"\n\nx\n"),
    ]);
    let at = place(&sources, "zones/a.zone", "rejct");
    let mut error = finding(Severity::Error, at, "`rejct` is 100% no policy", "not one");
    error.help = Some("write `p=reject`".into());
    error.related = vec![label(place(&sources, "zones/b [1];.zone", "x"), "this too")];
    error.fix = fix("replace `rejct` by `reject`", Safety::Unsafe, &[(at, "reject")]);
    error.about = Some(About {
        owner: "_dmarc.example.com".to_string(),
        kind: "TXT".into(),
        format: "zone",
    });
    let at = place(&sources, "zones/b [1];.zone", "x");
    (
        sources,
        vec![error, finding(Severity::Warning, at, "a < b & \"c\"", "")],
    )
}

#[test]
fn gitlab_gets_issues() {
    let (sources, found) = sample();
    let issues = json("gitlab", &sources, &found);
    let fingerprint = |index: usize| issues[index]["fingerprint"].clone();
    assert_eq!(
        issues,
        json!([
            {
                "type": "issue",
                "check_name": RULE,
                "description": "`rejct` is 100% no policy. Help: write `p=reject`.",
                "categories": ["Bug Risk"],
                "fingerprint": fingerprint(0),
                "severity": "major",
                "location": {"path": "zones/a.zone", "lines": {"begin": 2, "end": 2}}
            },
            {
                "type": "issue",
                "check_name": RULE,
                "description": "a < b & \"c\".",
                "categories": ["Bug Risk"],
                "fingerprint": fingerprint(1),
                "severity": "minor",
                "location": {"path": "zones/b [1];.zone", "lines": {"begin": 3, "end": 3}}
            }
        ])
    );
    assert_eq!(json("gitlab", &sources, &[]), json!([]));
}

/// The fingerprints of findings at each `text` in a file.
fn fingerprints(path: &str, file: &str, text: &str, about: &str) -> Vec<String> {
    let sources = files(&[(path, file.as_bytes())]);
    let id = sources.all()[0].id;
    let found: Vec<Diagnostic> = file
        .match_indices(text)
        .map(|(at, _)| {
            let mut found = finding(Severity::Error, Span::new(id, at..at + text.len()), "bad", "");
            found.about = Some(About {
                owner: about.to_string(),
                kind: "TXT".into(),
                format: "zone",
            });
            found
        })
        .collect();
    let issues = json("gitlab", &sources, &found);
    let issues = issues.as_array().expect("an array");
    let fingerprint = |issue: &serde_json::Value| issue["fingerprint"].as_str().map(str::to_string);
    issues.iter().filter_map(fingerprint).collect()
}

#[test]
fn fingerprints_are_unique_and_do_not_know_lines() {
    let one = fingerprints("a.zone", "x bad\n", "bad", "a.example");
    let moved = fingerprints("a.zone", "; new\n\n  x  bad ; and more\n", "bad", "a.example");
    assert_eq!(one, moved);
    let twice = fingerprints("a.zone", "x bad\nx bad\nx bad\n", "bad", "a.example");
    assert_eq!(twice[0], one[0]);
    let mut all = twice.clone();
    all.extend(fingerprints("b.zone", "x bad\n", "bad", "a.example"));
    all.extend(fingerprints("a.zone", "x worse\n", "worse", "a.example"));
    all.extend(fingerprints("a.zone", "x bad\n", "bad", "b.example"));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), count), (6, 6), "{all:?}");
}

#[test]
fn junit_has_a_suite_for_each_file_and_a_test_for_each_finding() {
    let (sources, mut found) = sample();
    // The same rule says something else of the same record.
    let mut again = found[0].clone();
    again.message = "again".into();
    again.help = None;
    found.insert(1, again);
    let url = url();
    let expected = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="maillint" tests="3" failures="3" errors="0">
  <testsuite name="zones/a.zone" tests="2" failures="2" errors="0">
    <testcase name="{RULE}: _dmarc.example.com TXT" classname="zones/a.zone" file="zones/a.zone" line="2">
      <failure message="`rejct` is 100% no policy" type="error">zones/a.zone:2:20
`rejct` is 100% no policy. Help: write `p=reject`.
{RULE}: {url}</failure>
    </testcase>
    <testcase name="{RULE}: _dmarc.example.com TXT (2)" classname="zones/a.zone" file="zones/a.zone" line="2">
      <failure message="again" type="error">zones/a.zone:2:20
again.
{RULE}: {url}</failure>
    </testcase>
  </testsuite>
  <testsuite name="zones/b [1];.zone" tests="1" failures="1" errors="0">
    <testcase name="{RULE}" classname="zones/b [1];.zone" file="zones/b [1];.zone" line="3">
      <failure message="a &lt; b &amp; &quot;c&quot;" type="warning">zones/b [1];.zone:3:1
a &lt; b &amp; &quot;c&quot;.
{RULE}: {url}</failure>
    </testcase>
  </testsuite>
</testsuites>
"#
    );
    assert_eq!(output("junit", &sources, &found), expected);
}

#[test]
fn junit_without_findings_has_a_test_that_passes() {
    assert_eq!(
        output("junit", &files(&[]), &[]),
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="maillint" tests="1" failures="0" errors="0">
  <testsuite name="maillint" tests="1" failures="0" errors="0">
    <testcase name="no findings" classname="maillint"/>
  </testsuite>
</testsuites>
"#
    );
}

#[test]
fn checkstyle_has_the_findings_below_their_files() {
    let (sources, found) = sample();
    let expected = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="zones/a.zone">
    <error line="2" column="20" severity="error" message="`rejct` is 100% no policy. Help: write `p=reject`." source="maillint.{RULE}"/>
  </file>
  <file name="zones/b [1];.zone">
    <error line="3" column="1" severity="warning" message="a &lt; b &amp; &quot;c&quot;." source="maillint.{RULE}"/>
  </file>
</checkstyle>
"#
    );
    assert_eq!(output("checkstyle", &sources, &found), expected);
    assert_eq!(
        output("checkstyle", &sources, &[]),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n</checkstyle>\n"
    );
}

#[test]
fn azure_gets_issues_and_the_worst_first() {
    let (sources, mut found) = sample();
    found.reverse();
    let expected = format!(
        "##vso[task.logissue type=error;sourcepath=zones/a.zone;linenumber=2;columnnumber=20;code={RULE};]\
         `rejct` is 100%AZP25 no policy. Help: write `p=reject`.\n\
         ##vso[task.logissue type=warning;sourcepath=zones/b [1%5D%3B.zone;linenumber=3;columnnumber=1;code={RULE};]\
         a < b & \"c\".\n"
    );
    assert_eq!(output("azure", &sources, &found), expected);
    assert_eq!(output("azure", &sources, &[]), "");
}

#[test]
fn reviewdog_gets_bytes_markdown_and_a_suggestion() {
    let (sources, found) = sample();
    // Each `\u{e9}` is two bytes.
    let range = json!({"start": {"line": 2, "column": 21}, "end": {"line": 2, "column": 26}});
    let mut error = json!({
        "message": "`rejct` is 100% no policy. Help: write `p=reject`.",
        "location": {"path": "zones/a.zone", "range": range},
        "severity": "ERROR",
        "code": {"value": RULE, "url": url()},
        "suggestions": [{"range": range, "text": "reject"}]
    });
    let mut warning = json!({
        "message": "a `<` b `&` \"c\".",
        "location": {
            "path": "zones/b [1];.zone",
            "range": {"start": {"line": 3, "column": 1}, "end": {"line": 3, "column": 2}}
        },
        "severity": "WARNING",
        "code": {"value": RULE, "url": url()}
    });
    let source = json!({"name": "maillint", "url": "https://github.com/maillint/maillint"});
    assert_eq!(
        json("rdjson", &sources, &found),
        json!({"source": source, "diagnostics": [error, warning]})
    );
    let lines = output("rdjsonl", &sources, &found);
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    error["source"] = source.clone();
    warning["source"] = source;
    assert_eq!(lines, [error, warning]);
    assert_eq!(output("rdjsonl", &sources, &[]), "");
}

/// The suggestions for edits of a file with three lines and of another one.
fn suggestions(edits: &[(&str, &str, &str)]) -> serde_json::Value {
    let sources = files(&[("a.zone", b"one TXT\ntwo TXT\nthree \xff five\n"), ("b.zone", b"four")]);
    let edits: Vec<(Span, &str)> = edits
        .iter()
        .map(|(path, text, new)| (place(&sources, path, text), *new))
        .collect();
    let mut found = finding(Severity::Error, place(&sources, "a.zone", "one"), "bad", "");
    found.fix = fix("mend", Safety::Safe, &edits);
    json("rdjson", &sources, &[found])["diagnostics"][0]["suggestions"].clone()
}

#[test]
fn edits_of_one_place_are_one_suggestion() {
    assert_eq!(
        suggestions(&[("a.zone", "two", "2"), ("a.zone", "one", "1")]),
        json!([{
            "range": {"start": {"line": 1, "column": 1}, "end": {"line": 2, "column": 4}},
            "text": "1 TXT\n2"
        }])
    );
    assert_eq!(
        suggestions(&[("a.zone", "two TXT\n", "")]),
        json!([{
            "range": {"start": {"line": 2, "column": 1}, "end": {"line": 3, "column": 1}},
            "text": ""
        }])
    );
    // In another file, in two, and over bytes that JSON cannot hold.
    assert_eq!(suggestions(&[("b.zone", "four", "4")]), json!(null));
    assert_eq!(
        suggestions(&[("a.zone", "one", "1"), ("b.zone", "four", "4")]),
        json!(null)
    );
    assert_eq!(
        suggestions(&[("a.zone", "three", "3"), ("a.zone", "five", "5")]),
        json!(null)
    );
}

#[test]
fn edits_that_are_far_apart_are_no_suggestion() {
    let text = format!("one{}two\n", "\n".repeat(1200));
    let sources = files(&[("a.zone", text.as_bytes())]);
    let at = |text| place(&sources, "a.zone", text);
    let mut found = finding(Severity::Error, at("one"), "bad", "");
    found.fix = fix("mend", Safety::Safe, &[(at("one"), "1"), (at("two"), "2")]);
    let found = json("rdjson", &sources, &[found]);
    assert_eq!(found["diagnostics"][0]["suggestions"], json!(null));
}
