//! The rules that there are, held against the catalogue from which they were built.

use std::{collections::BTreeSet, fs, path::Path};

use maillint::rules;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(path).expect("the file is there")
}

/// The names in the catalogue, by what they are about.
fn catalogue() -> Vec<String> {
    let text = read("tests/catalogue.txt");
    let names = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    names.map(str::to_string).collect()
}

/// The rows of a table in `docs/catalogue.md`: rules, and reasons.
fn listed(title: &str) -> Vec<(String, String)> {
    let text = read("docs/catalogue.md");
    let mut lines = text.lines().skip_while(|line| line.strip_prefix("## ") != Some(title));
    assert!(lines.next().is_some(), "a section {title}");
    let rows = lines
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.skip(2)
        .map(|(rule, why)| (rule.to_string(), why.to_string()))
        .collect()
}

fn ours() -> BTreeSet<String> {
    rules::all().iter().map(|rule| rule.id.to_string()).collect()
}

#[test]
fn every_rule_of_the_catalogue_exists_or_is_listed() {
    let ours = ours();
    let missing = listed("In the catalogue, and not here");
    for name in catalogue() {
        let is_listed = missing.iter().any(|(rule, _)| *rule == name);
        assert!(
            ours.contains(&name) || is_listed,
            "{name}: neither there nor listed in docs/catalogue.md"
        );
        assert!(
            !(ours.contains(&name) && is_listed),
            "{name}: listed as missing, and there"
        );
    }
}

#[test]
fn every_other_rule_has_a_reason() {
    let catalogue: BTreeSet<String> = catalogue().into_iter().collect();
    let listed = listed("Here, and not in the catalogue");
    let others: BTreeSet<String> = ours().difference(&catalogue).cloned().collect();
    let names: BTreeSet<String> = listed.iter().map(|(rule, _)| rule.clone()).collect();
    assert_eq!(
        others, names,
        "docs/catalogue.md lists the rules that are not in the catalogue"
    );
}

#[test]
fn the_lists_are_in_order() {
    let catalogue: BTreeSet<String> = catalogue().into_iter().collect();
    for title in ["In the catalogue, and not here", "Here, and not in the catalogue"] {
        let listed = listed(title);
        assert!(listed.is_sorted(), "{title}");
        for (rule, why) in &listed {
            assert!(!why.is_empty(), "{rule}: no reason");
            let is_of_catalogue = catalogue.contains(rule);
            assert_eq!(is_of_catalogue, title.starts_with("In"), "{rule}");
        }
    }
    let text = read("tests/catalogue.txt");
    for part in text.split("\n\n") {
        let names: Vec<&str> = part.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(names.is_sorted(), "{part}");
    }
}
