//! Markdown for the summary of a job, and how many findings there are of each rule.

mod made;

use made::{RULE, files, finding, fix, json, label, output, output_with, place};
use maillint::{
    diagnostic::{Diagnostic, Safety, Severity},
    reported::{Counts, Tally},
    source::Sources,
    span::Span,
};

fn link() -> String {
    format!("[{RULE}](https://github.com/maillint/maillint/blob/main/docs/rules/{RULE}.md)")
}

fn sample() -> (Sources, Vec<Diagnostic>) {
    let sources = files(&[("zones/a|b.zone", b"one\ntwo\n")]);
    let at = |text| place(&sources, "zones/a|b.zone", text);
    let mut error = finding(
        Severity::Error,
        at("two"),
        "`p=none|x` of _dmarc is wrong, so mail bounces",
        "",
    );
    error.help = Some("write `p=reject`".into());
    error.related = vec![label(at("one"), "this too")];
    error.fix = fix("mend", Safety::Safe, &[(at("two"), "2")]);
    let found = vec![finding(Severity::Warning, at("one"), "it is odd", ""), error];
    (sources, found)
}

#[test]
fn findings_are_rows_and_the_worst_comes_first() {
    let (sources, found) = sample();
    let link = link();
    let expected = format!(
        "### maillint: 1 error, 1 warning in 1 file (2 infos not shown; see them with --min-severity info)\n\
         \n\
         | | place | what is wrong | rule |\n\
         | --- | --- | --- | --- |\n\
         | **error** | `zones/a`&#124;`b.zone:2:1` | `p=none`&#124;`x` of `_dmarc` is wrong, so mail bounces <br>\u{2192} write `p=reject` | {link} |\n\
         | warning | `zones/a`&#124;`b.zone:1:1` | it is odd | {link} |\n\
         \n\
         - 3 values depend on variables or templates and were checked in part\n"
    );
    let written = output_with("markdown", &sources, &found, |report| {
        report.counts = Counts {
            files: 1,
            partly_known: 3,
            not_shown: Tally {
                infos: 2,
                ..Tally::default()
            },
            ..Counts::default()
        };
    });
    assert_eq!(written, expected);
    let quiet = output_with("markdown", &sources, &found, |report| report.quiet = true);
    assert!(quiet.starts_with("| | place |"), "{quiet}");
}

#[test]
fn without_findings_it_says_so() {
    let (sources, _) = sample();
    assert_eq!(
        output("markdown", &sources, &[]),
        "### maillint: all good: 1 file checked\n\n"
    );
}

#[test]
fn it_is_cut_between_rows_before_github_drops_it() {
    let sources = files(&[("a.zone", "x\n".repeat(20_000).as_bytes())]);
    let id = sources.all()[0].id;
    let mut found: Vec<Diagnostic> = (0..20_000)
        .map(|line| {
            finding(
                Severity::Warning,
                Span::new(id, line * 2..line * 2 + 1),
                "it is odd",
                "",
            )
        })
        .collect();
    found[19_999].severity = Severity::Error;
    let written = output("markdown", &sources, &found);
    assert!((950_000..=1_000_000).contains(&written.len()), "{}", written.len());
    let rows: Vec<&str> = written.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    assert!(
        rows.iter()
            .all(|row| row.ends_with(" |") && row.matches('|').count() == 5)
    );
    assert!(rows[0].starts_with("| **error** | `a.zone:20000:1` |"), "{}", rows[0]);
    let last = written.lines().last().unwrap_or_default();
    let expected = format!("{} more findings are not shown, ", 20_000 - rows.len());
    assert!(last.starts_with(&expected), "{last}");
    // A line between them, or it would be a row.
    assert!(written.contains("|\n\n"));
    // Files for programs hold all.
    assert_eq!(json("gitlab", &sources, &found).as_array().map(Vec::len), Some(20_000));
}

#[test]
fn counts_stand_in_place_of_findings() {
    let (sources, mut found) = sample();
    found[0].rule = "spf-ptr";
    found.push(finding(
        Severity::Error,
        place(&sources, "zones/a|b.zone", "one"),
        "again",
        "",
    ));
    let counts = |name: &str| output_with(name, &sources, &found, |report| report.statistics = true);
    assert_eq!(
        counts("human"),
        "2  error    zone-unterminated-quote  A quoted string that nothing closes\n\
         1  warning  spf-ptr                  The mechanism `ptr`\n\
         \n\
         2 errors, 1 warning in 1 file\n\
         more about a rule: maillint explain spf-ptr\n"
    );
    let url = "https://github.com/maillint/maillint/blob/main/docs/rules";
    assert_eq!(
        counts("markdown"),
        format!(
            "### maillint: 2 errors, 1 warning in 1 file\n\
             \n\
             | findings | | rule | finds |\n\
             | ---: | --- | --- | --- |\n\
             | 2 | **error** | {} | A quoted string that nothing closes |\n\
             | 1 | warning | [spf-ptr]({url}/spf-ptr.md) | The mechanism `ptr` |\n",
            link()
        )
    );
    let with: serde_json::Value = serde_json::from_str(&counts("json")).expect("JSON");
    let expected = serde_json::json!([
        {"rule": RULE, "severity": "error", "findings": 2},
        {"rule": "spf-ptr", "severity": "warning", "findings": 1}
    ]);
    assert_eq!(with["statistics"], expected);
    assert_eq!(with["diagnostics"].as_array().map(Vec::len), Some(3));
    assert!(json("json", &sources, &found).get("statistics").is_none());
}
