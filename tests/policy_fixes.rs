//! The repairs of policy files: what they make of a file, and that each removes its finding.

mod cases;

use std::{fs, path::Path};

use maillint::{
    diagnostic::{Diagnostic, Safety},
    source::Sources,
    text::Edit,
};

/// A file before and after the repair of a rule.
const REPAIRS: &[(&str, Safety, &[u8], &[u8])] = &[
    (
        "mta-sts-policy-bom",
        Safety::Unsafe,
        b"\xef\xbb\xbfversion: STSv1\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-encoding",
        Safety::Unsafe,
        b"\xfe\xff\0m\0x\0:\0a\0\r\0\n",
        b"mx:a\r\n",
    ),
    (
        "mta-sts-policy-bare-cr",
        Safety::Unsafe,
        b"version: STSv1\rmode: none\r\r\nmax_age: 1\r\n",
        b"version: STSv1\nmode: none\r\nmax_age: 1\r\n",
    ),
    (
        "mta-sts-policy-mixed-line-endings",
        Safety::Safe,
        b"version: STSv1\nmode: none\r\nmax_age: 1\r\n",
        b"version: STSv1\r\nmode: none\r\nmax_age: 1\r\n",
    ),
    (
        "mta-sts-policy-blank-line",
        Safety::Safe,
        b"\nversion: STSv1\n \t\nmode: none\nmax_age: 1\n\n  ",
        b"version: STSv1\nmode: none\nmax_age: 1\n",
    ),
    (
        "mta-sts-policy-comment",
        Safety::Unsafe,
        b"# mine\nversion: STSv1\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-comment",
        Safety::Unsafe,
        b"version: STSv1 \t# mine\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-leading-whitespace",
        Safety::Unsafe,
        b" \tversion: STSv1\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-space-before-colon",
        Safety::Unsafe,
        b"version \t: STSv1\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-line-syntax",
        Safety::Unsafe,
        b"version\t=STSv1\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-line-syntax",
        Safety::Unsafe,
        b"version: STSv1\n  -  mail.hoster.test\n",
        b"version: STSv1\nmx: mail.hoster.test\n",
    ),
    (
        "mta-sts-policy-line-syntax",
        Safety::Unsafe,
        b"mx: a.test\n- version: STSv1\n",
        b"mx: a.test\nversion: STSv1\n",
    ),
    (
        "mta-sts-policy-field-case",
        Safety::Unsafe,
        b"Version: STSv1\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-field-typo",
        Safety::Unsafe,
        b"version: STSv1\nmax age : 1\n",
        b"version: STSv1\nmax_age : 1\n",
    ),
    (
        "mta-sts-policy-duplicate-field",
        Safety::Safe,
        b"mode: none\nmx: a.test\nmode:none",
        b"mode: none\nmx: a.test\n",
    ),
    (
        "mta-sts-policy-version-missing",
        Safety::Unsafe,
        b"mode: none\r\nmax_age: 1\r\n",
        b"version: STSv1\r\nmode: none\r\nmax_age: 1\r\n",
    ),
    (
        "mta-sts-policy-version-missing",
        Safety::Unsafe,
        b"\xef\xbb\xbfmode: none\nmax_age: 1\n",
        b"\xef\xbb\xbfversion: STSv1\nmode: none\nmax_age: 1\n",
    ),
    (
        "mta-sts-policy-version-invalid",
        Safety::Unsafe,
        b"version:\"STSV1\";\n",
        b"version:STSv1\n",
    ),
    (
        "mta-sts-policy-version-invalid",
        Safety::Unsafe,
        b"version:\n",
        b"version: STSv1\n",
    ),
    (
        "mta-sts-policy-mode-missing",
        Safety::Unsafe,
        b"version: STSv1\r\nmax_age: 1",
        b"version: STSv1\r\nmax_age: 1\r\nmode: testing\r\n",
    ),
    (
        "mta-sts-policy-mode-invalid",
        Safety::Unsafe,
        b"mode: \"Enforcing\",\n",
        b"mode: enforce\n",
    ),
    (
        "mta-sts-policy-mode-invalid",
        Safety::Unsafe,
        b"mode: Report\n",
        b"mode: testing\n",
    ),
    (
        "mta-sts-policy-mode-invalid",
        Safety::Unsafe,
        b"mode: off\n",
        b"mode: none\n",
    ),
    (
        "mta-sts-policy-max-age-missing",
        Safety::Unsafe,
        b"version: STSv1\n",
        b"version: STSv1\nmax_age: 604800\n",
    ),
    (
        "mta-sts-policy-max-age-invalid",
        Safety::Unsafe,
        b"max_age: 2,419_200\n",
        b"max_age: 2419200\n",
    ),
    (
        "mta-sts-policy-max-age-invalid",
        Safety::Unsafe,
        b"max_age: 2 weeks\n",
        b"max_age: 1209600\n",
    ),
    (
        "mta-sts-policy-max-age-invalid",
        Safety::Unsafe,
        b"max_age: 604800;\n",
        b"max_age: 604800\n",
    ),
    (
        "mta-sts-policy-max-age-too-large",
        Safety::Unsafe,
        b"max_age: 9999999999\n",
        b"max_age: 31557600\n",
    ),
    (
        "mta-sts-policy-max-age-zero",
        Safety::Unsafe,
        b"mode: testing\nmax_age: 00\n",
        b"mode: testing\nmax_age: 604800\n",
    ),
    (
        "mta-sts-policy-max-age-short",
        Safety::Unsafe,
        b"mode: testing\nmax_age: 60\n",
        b"mode: testing\nmax_age: 86400\n",
    ),
    (
        "mta-sts-policy-max-age-long-none",
        Safety::Unsafe,
        b"mode: none\nmax_age: 31557600\n",
        b"mode: none\nmax_age: 86400\n",
    ),
    (
        "mta-sts-policy-mx-list",
        Safety::Unsafe,
        b"mode: none\r\nmx: [a.hoster.test., b.hoster.test]\r\n",
        b"mode: none\r\nmx: a.hoster.test\r\nmx: b.hoster.test\r\n",
    ),
    (
        "mta-sts-policy-mx-trailing-dot",
        Safety::Unsafe,
        b"mx: *.hoster.test. \n",
        b"mx: *.hoster.test \n",
    ),
    (
        "mta-sts-policy-mx-non-ascii",
        Safety::Unsafe,
        "mx: MÄIL.bücher.hoster.test\n".as_bytes(),
        b"mx: xn--mil-qla.xn--bcher-kva.hoster.test\n",
    ),
    (
        "mta-sts-policy-mx-non-ascii",
        Safety::Unsafe,
        "mx: mail.hoster.test\u{200b}\n".as_bytes(),
        b"mx: mail.hoster.test\n",
    ),
    (
        "mta-sts-policy-mx-invalid",
        Safety::Unsafe,
        b"mx: 10\tmail.hoster.test\n",
        b"mx: mail.hoster.test\n",
    ),
    (
        "mta-sts-policy-mx-invalid",
        Safety::Unsafe,
        b"mx: smtp://mail.hoster.test:25/\n",
        b"mx: mail.hoster.test\n",
    ),
    (
        "mta-sts-policy-mx-invalid",
        Safety::Unsafe,
        b"mx: \"mail.hoster.test\"\n",
        b"mx: mail.hoster.test\n",
    ),
    (
        "mta-sts-policy-mx-duplicate",
        Safety::Safe,
        b"mx: a.hoster.test\nmx: A.hoster.test\nmode: none\n",
        b"mx: a.hoster.test\nmode: none\n",
    ),
    (
        "mta-sts-policy-mx-provider",
        Safety::Unsafe,
        b"mx: *.google.com\r\n",
        b"mx: aspmx.l.google.com\r\nmx: *.aspmx.l.google.com\r\n",
    ),
    (
        "mta-sts-policy-mx-provider",
        Safety::Unsafe,
        b"mx: *.outlook.com\n",
        b"mx: *.mail.protection.outlook.com\n",
    ),
];

#[test]
fn repairs_write_what_was_meant() {
    for (id, safety, before, after) in REPAIRS {
        let sources = cases::sources(&[(".well-known/mta-sts.txt", before)]);
        let found = cases::lint(&sources, &cases::select(&[id])).diagnostics;
        let what = || format!("{id}: {}", String::from_utf8_lossy(before));
        let fix = found.first().and_then(|finding| finding.fix.clone());
        let fix = fix.unwrap_or_else(|| panic!("{}: no repair", what()));
        let repaired = apply(before, &fix.edits);
        assert_eq!(
            String::from_utf8_lossy(&repaired),
            String::from_utf8_lossy(after),
            "{}",
            what()
        );
        assert_eq!(fix.safety, *safety, "{}", what());
    }
}

/// Values that nobody can be sure about stay as they are.
#[test]
fn what_was_meant_may_be_unknown() {
    let lines = [
        "mode: [enforce|testing|none]",
        "max_age: 60*60*24",
        "max_age: -1",
        "max_age: 60,48",
        "max_age: 7 moons",
        "max_age: 99999999999w",
        "mx: *mail.hoster.test",
        "mx: mail\u{2013}1.hoster.test",
        "mx: .hoster.test",
        "mx: postmaster@hoster.test",
        "mx: 10 <yourdomain>",
    ];
    for line in lines {
        let policy = format!("version: STSv1\n{line}\n");
        let sources = cases::sources(&[(".well-known/mta-sts.txt", policy.as_bytes())]);
        let found = cases::lint(&sources, &cases::select(&["mta-sts"])).diagnostics;
        let here = |finding: &&Diagnostic| {
            sources
                .get(finding.primary.span.source)
                .position(finding.primary.span.start as usize)
                .line
                == 2
        };
        let ids: Vec<&str> = found.iter().filter(here).map(|finding| finding.rule).collect();
        assert!(!ids.is_empty(), "{line}");
        assert!(
            found.iter().filter(here).all(|finding| finding.fix.is_none()),
            "{line}: {ids:?}"
        );
    }
}

/// All cases in `tests/ui/mta-sts` that have a policy at the right path.
fn policies() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/mta-sts");
    let cases = fs::read_dir(root).expect("the cases").flatten();
    let paths = cases.map(|case| case.path().join(".well-known/mta-sts.txt"));
    paths.filter_map(|path| fs::read(path).ok()).collect()
}

#[test]
fn each_repair_removes_its_finding_and_adds_no_error() {
    let rules = cases::select(&["mta-sts"]);
    let errors = |found: &[Diagnostic]| {
        let errors = found.iter().filter(|finding| finding.severity.name() == "error");
        errors.count()
    };
    let mut repairs = 0;
    let all = policies();
    for before in &all {
        let sources = cases::sources(&[(".well-known/mta-sts.txt", before)]);
        let found = cases::lint(&sources, &rules).diagnostics;
        for finding in &found {
            let Some(fix) = &finding.fix else { continue };
            repairs += 1;
            let after = apply(before, &fix.edits);
            let sources: Sources = cases::sources(&[(".well-known/mta-sts.txt", &after)]);
            let left = cases::lint(&sources, &rules).diagnostics;
            let what = || format!("{}: {}", finding.rule, String::from_utf8_lossy(before));
            let count = |found: &[Diagnostic]| found.iter().filter(|other| other.rule == finding.rule).count();
            assert!(count(&left) < count(&found), "{}", what());
            assert!(errors(&left) <= errors(&found), "{}", what());
        }
    }
    assert!(
        all.len() > 60 && repairs > 60,
        "{} policies, {repairs} repairs",
        all.len()
    );
}

fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut edits = edits.to_vec();
    edits.sort();
    let mut applied = bytes.to_vec();
    for edit in edits.iter().rev() {
        applied.splice(edit.span.range(), edit.new.bytes());
    }
    applied
}
