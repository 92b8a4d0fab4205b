//! What evaluation of SPF records comes to, against what is said of them: `vectors/spf-evaluation.yaml`.

mod cases;

use std::{collections::BTreeSet, fs, path::Path};

use maillint::diagnostic::Severity;
use serde::Deserialize;

/// A zone, and what the record at its apex comes to.
#[derive(Deserialize)]
struct Case {
    name: String,
    zone: String,
    comes: Comes,
    spec: String,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Comes {
    Permerror,
    Result,
    None,
    Either,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

/// Errors that are none of syntax: the record is evaluated as written, to another end than its writer thought, or another
/// text at the name is not selected.
const NOT_OF_SYNTAX: [&str; 8] = [
    "spf-domain-unresolvable",
    "spf-include-plus-all",
    "spf-mechanism-equals",
    "spf-overbroad-network",
    "spf-plus-all",
    "spf-string-boundary",
    "spf-type99",
    "spf-version-invalid",
];

fn file() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/spf-evaluation.yaml");
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str::<File>(&text).expect("the file has cases").cases
}

#[test]
fn errors_are_where_evaluation_fails() {
    let rules = cases::select(&["spf"]);
    let start = "$ORIGIN example.com.\n$TTL 3600\n\
                 @ SOA ns.example.net. hostmaster.example.net. 1 1h 1h 1w 1h\n@ NS ns.example.net.\n";
    let mut wrong = Vec::new();
    for case in file() {
        let sources = cases::sources(&[("example.com.zone", format!("{start}{}\n", case.zone))]);
        let outcome = cases::lint(&sources, &rules);
        let faults: Vec<_> = outcome.inspected.iter().flat_map(|one| &one.scan.faults).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", case.name);
        let at_least = |severity: Severity| {
            let found = outcome.diagnostics.iter();
            found
                .filter(|finding| finding.severity <= severity)
                .map(|finding| finding.rule.to_string())
                .collect::<BTreeSet<_>>()
        };
        let errors = at_least(Severity::Error);
        let holds = match case.comes {
            Comes::Permerror => !errors.is_empty(),
            Comes::Result | Comes::None => errors.iter().all(|rule| NOT_OF_SYNTAX.contains(&rule.as_str())),
            Comes::Either => !at_least(Severity::Warning).is_empty(),
        };
        if !holds {
            wrong.push(format!("{} ({}): {errors:?}", case.name, case.spec));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
