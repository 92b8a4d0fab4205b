//! The cases for policy files in `tests/vectors/mta-sts-policy.yaml`: which rules of the file report, one entry a finding.

mod cases;

use maillint::{rule::Rule, rules};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    name: String,
    #[serde(default = "right_path")]
    path: String,
    #[serde(default = "usual_domain")]
    domain: String,
    file: Option<String>,
    file_hex: Option<String>,
    expect: Vec<String>,
    note: String,
}

fn right_path() -> String {
    ".well-known/mta-sts.txt".to_string()
}

fn usual_domain() -> String {
    "example.com".to_string()
}

impl Vector {
    fn bytes(&self) -> Vec<u8> {
        match (&self.file, &self.file_hex) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(digits)) => (0..digits.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits"))
                .collect(),
            _ => panic!("{}: one of `file` and `file_hex`", self.name),
        }
    }
}

/// The rules about policy files that run by default.
fn policy_rules() -> Vec<&'static Rule> {
    let all = rules::all().into_iter();
    all.filter(|rule| rule.id.starts_with("mta-sts-policy-") && rule.on_by_default)
        .collect()
}

#[test]
fn each_vector_finds_what_it_says() {
    let text = include_str!("vectors/mta-sts-policy.yaml");
    let vectors: Vec<Vector> = serde_saphyr::from_str(text).expect("vectors");
    let rules = policy_rules();
    let mut wrong = Vec::new();
    for vector in &vectors {
        // The domain is told as GitHub Pages has it, and nothing is left out there.
        let files = [
            ("CNAME".to_string(), format!("mta-sts.{}\n", vector.domain).into_bytes()),
            (".nojekyll".to_string(), Vec::new()),
            (vector.path.clone(), vector.bytes()),
        ];
        let sources = cases::sources(&files);
        let found = cases::lint(&sources, &rules).diagnostics;
        let mut ids: Vec<&str> = found.iter().map(|diagnostic| diagnostic.rule).collect();
        let mut expected: Vec<&str> = vector.expect.iter().map(String::as_str).collect();
        ids.sort();
        expected.sort();
        if ids != expected {
            let shown: Vec<String> = found
                .iter()
                .map(|diagnostic| cases::line(&sources, diagnostic))
                .collect();
            wrong.push(format!(
                "{} ({}): expected {expected:?}, found {shown:#?}",
                vector.name, vector.note
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(vectors.len() > 60, "all vectors are read");
}

/// The example of RFC 8461, appendix A, with its hosts and without its first line.
#[test]
fn a_missing_version_is_the_only_error() {
    let policy =
        "mode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmx: mx.backup-example.com\nmax_age: 1296000\n";
    let sources = cases::sources(&[(".well-known/mta-sts.txt", policy)]);
    let found = cases::lint(&sources, &policy_rules()).diagnostics;
    let shown: Vec<String> = found
        .iter()
        .map(|diagnostic| cases::line(&sources, diagnostic))
        .collect();
    assert_eq!(
        shown,
        [
            ".well-known/mta-sts.txt:1:1-1:1 error[mta-sts-policy-version-missing] the policy has no `version`, \
             so senders ignore it"
        ]
    );
}
