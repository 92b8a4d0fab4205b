//! Every example in every rule's documentation does what it says.

mod cases;

use maillint::{
    example::{self, Example},
    rule::Rule,
    rules,
};

fn examples(rule: &Rule) -> Vec<Example> {
    let examples = example::all(rule);
    for example in &examples {
        assert!(!example.files.is_empty(), "{}: a format that is known", rule.id);
    }
    examples
}

#[test]
fn examples_do_what_they_say() {
    for rule in rules::all() {
        for example in examples(rule) {
            let (sources, found) = example::findings(rule, &example);
            let shown: Vec<String> = found
                .iter()
                .map(|diagnostic| cases::line(&sources, diagnostic))
                .collect();
            let files: String = example
                .files
                .iter()
                .map(|(path, bytes)| format!("==> {path} <==\n{}", String::from_utf8_lossy(bytes)))
                .collect();
            assert_eq!(
                found.is_empty(),
                example.is_good,
                "{}:\n{files}found {shown:#?}",
                rule.id
            );
        }
    }
}

#[test]
fn every_rule_is_documented() {
    for rule in rules::all() {
        assert!(!rule.summary().is_empty(), "{}: no summary", rule.id);
        for title in ["Bad", "Good", "When to ignore", "Source"] {
            assert!(!rule.section(title).is_empty(), "{}: no section `{title}`", rule.id);
        }
        let kinds: Vec<bool> = examples(rule).iter().map(|example| example.is_good).collect();
        assert!(
            kinds.contains(&true) && kinds.contains(&false),
            "{}: needs good and bad examples",
            rule.id
        );
        assert!(!rule.family().is_empty(), "{}: no family", rule.id);
        // Who reads one wants to know what makes it an error and what a warning.
        let severity = rule.section("Severity").to_lowercase();
        let is_told = |severity_of_rule: &&maillint::diagnostic::Severity| severity.contains(severity_of_rule.name());
        assert!(
            rule.severities.len() == 1 || rule.severities.iter().all(|severity| is_told(&severity)),
            "{}: no section `Severity` that says what makes it which",
            rule.id
        );
        assert!(
            !rule.severities.is_empty() && rule.severities.is_sorted(),
            "{}: severities",
            rule.id
        );
    }
}
