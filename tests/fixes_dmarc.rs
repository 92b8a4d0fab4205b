//! Repairs of DMARC records: what they write, and that it helps.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

/// A file with one TXT record; the data is written as it is given.
fn zone(owner: &str, data: &str) -> String {
    format!("$TTL 3600\n{owner} TXT {data}\n")
}

fn found(text: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.net.zone", text)]);
    cases::lint(&sources, &cases::select(&["dmarc"])).diagnostics
}

/// The text after a finding's repair; `None` without one.
fn repaired(text: &str, finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let mut edits = fix.edits.clone();
    edits.sort();
    let mut text = text.to_string();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.new);
    }
    Some(text)
}

/// The first finding of a rule about a record.
#[track_caller]
fn finding(owner: &str, rule: &str, data: &str) -> Diagnostic {
    let mut all = found(&zone(owner, data)).into_iter();
    all.find(|finding| finding.rule == rule).expect("the rule reports")
}

/// Asserts what the first repair of a rule makes of the data at `_dmarc`; `None` if it offers none.
#[track_caller]
fn repairs(rule: &str, safety: Safety, data: &str, expected: Option<&str>) {
    let finding = finding("_dmarc", rule, data);
    assert_eq!(
        repaired(&zone("_dmarc", data), &finding),
        expected.map(|data| zone("_dmarc", data))
    );
    assert!(finding.fix.is_none_or(|fix| fix.safety == safety));
}

#[track_caller]
fn decided(rule: &str, data: &str, expected: &str) {
    repairs(rule, Safety::Unsafe, data, Some(expected));
}

#[track_caller]
fn safe(rule: &str, data: &str, expected: &str) {
    repairs(rule, Safety::Safe, data, Some(expected));
}

#[track_caller]
fn none(rule: &str, data: &str) {
    repairs(rule, Safety::Unsafe, data, None);
}

#[test]
fn a_missing_policy_is_put_behind_the_version() {
    let rule = "dmarc-missing-policy";
    decided(rule, r#""v=DMARC1""#, r#""v=DMARC1; p=none""#);
    decided(rule, r#""v=DMARC1;""#, r#""v=DMARC1; p=none;""#);
    decided(rule, r#"v=DMARC1\;sp=none"#, r#"v=DMARC1\;\ p=none\;sp=none"#);
    decided(
        rule,
        r#""v=DMARC" "1;rua=mailto:a@example.net""#,
        r#""v=DMARC" "1; p=none;rua=mailto:a@example.net""#,
    );
    none(rule, r#""rua=mailto:a@example.net""#);
}

#[test]
fn a_misspelt_policy_becomes_the_nearest() {
    let rule = "dmarc-policy-invalid";
    decided(rule, r#""v=DMARC1; p=rejct""#, r#""v=DMARC1; p=reject""#);
    decided(
        rule,
        r#""v=DMARC1; p=quar" "antined""#,
        r#""v=DMARC1; p=quarantine" """#,
    );
    decided(
        rule,
        r#""v=DMARC1; p=none; sp=\110on""#,
        r#""v=DMARC1; p=none; sp=none""#,
    );
    none(rule, r#""v=DMARC1; p=block""#);
    none(rule, r#""v=DMARC1; p=""#);
}

#[test]
fn a_word_becomes_its_letter() {
    let rule = "dmarc-invalid-value";
    decided(
        rule,
        r#""v=DMARC1; p=none; adkim=Strict""#,
        r#""v=DMARC1; p=none; adkim=s""#,
    );
    decided(
        rule,
        r#""v=DMARC1; p=none; aspf=relaxed;""#,
        r#""v=DMARC1; p=none; aspf=r;""#,
    );
    decided(rule, r#""v=DMARC1; p=none; t=1""#, r#""v=DMARC1; p=none; t=y""#);
    decided(rule, r#""v=DMARC1; p=none; psd=false""#, r#""v=DMARC1; p=none; psd=n""#);
    none(rule, r#""v=DMARC1; p=none; aspf=x""#);
}

#[test]
fn options_are_put_in_the_form_of_today() {
    let rule = "dmarc-fo-invalid";
    let data = |fo: &str| format!(r#""v=DMARC1; p=none; fo={fo}; ruf=mailto:a@example.net""#);
    for (before, after) in [
        ("0:1:d:s", "1:d:s"),
        ("0,1", "1"),
        ("d : s", "d:s"),
        ("s:s:D", "s:d"),
        (":1", "1"),
    ] {
        decided(rule, &data(before), &data(after));
    }
    none(rule, &data("2"));
    none(rule, &data("all"));
}

#[test]
fn what_does_nothing_is_removed() {
    safe(
        "dmarc-fo-without-ruf",
        r#""v=DMARC1; p=none; fo=1; rua=mailto:a@example.net""#,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net""#,
    );
    safe(
        "dmarc-test-mode-noop",
        r#""v=DMARC1; p=none; t=y""#,
        r#""v=DMARC1; p=none""#,
    );
    safe(
        "dmarc-test-mode-noop",
        r#""v=DMARC1; p=none; t=y;""#,
        r#""v=DMARC1; p=none;""#,
    );
    safe(
        "dmarc-value-case",
        r#""v=DMARC1; p=Re" "ject""#,
        r#""v=DMARC1; p=reject" """#,
    );
    decided(
        "dmarc-psd-ruf",
        r#""v=DMARC1; p=none; psd=y; ruf=mailto:a@example.net; fo=1""#,
        r#""v=DMARC1; p=none; psd=y; fo=1""#,
    );
}

#[test]
fn addresses_are_written_as_uris() {
    let rule = "dmarc-uri-missing-scheme";
    decided(
        rule,
        r#""v=DMARC1; p=none; rua=a@example.net""#,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net""#,
    );
    none(rule, r#""v=DMARC1; p=none; rua=a@@example.net""#);
    let rule = "dmarc-uri-invalid";
    for (before, after) in [
        ("mailto://a@example.net", "mailto:a@example.net"),
        ("mailto: a@example.net", "mailto:a@example.net"),
        ("mailto:<a@example.net>", "mailto:a@example.net"),
        ("mailto:mailto:a@example.net", "mailto:a@example.net"),
        ("mailto:a!b@example.net", "mailto:a%21b@example.net"),
    ] {
        let data = |uri: &str| format!(r#""v=DMARC1; p=none; rua={uri}""#);
        decided(rule, &data(before), &data(after));
    }
    none(rule, r#""v=DMARC1; p=none; rua=mailto:a@example.net!10x""#);
    none(rule, r#""v=DMARC1; p=none; rua=mailto:a""#);
    let rule = "dmarc-uri-unsupported-scheme";
    decided(
        rule,
        r#""v=DMARC1; p=none; rua=malto:a@example.net""#,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net""#,
    );
    none(rule, r#""v=DMARC1; p=none; rua=https://example.net/a""#);
}

#[test]
fn lists_are_written_with_commas() {
    let rule = "dmarc-uri-separator";
    let whole = r#""v=DMARC1; p=none; rua=mailto:a@example.net,mailto:b@example.net""#;
    decided(
        rule,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net mailto:b@example.net""#,
        whole,
    );
    decided(
        rule,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net; mailto:b@example.net""#,
        whole,
    );
    decided(
        rule,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net;; mailto:b@example.net""#,
        whole,
    );
    let rule = "dmarc-uri-empty";
    safe(
        rule,
        r#""v=DMARC1; p=none; rua=,mailto:a@example.net""#,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net""#,
    );
    safe(
        rule,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net, ;""#,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net;""#,
    );
    none(rule, r#""v=DMARC1; p=none; rua=,""#);
}

#[test]
fn what_is_behind_an_address_is_removed() {
    let whole = r#""v=DMARC1; p=none; rua=mailto:a@example.net""#;
    safe(
        "dmarc-uri-size-limit",
        r#""v=DMARC1; p=none; rua=mailto:a@example.net!10m""#,
        whole,
    );
    safe(
        "dmarc-uri-header-fields",
        r#""v=DMARC1; p=none; rua=mailto:a@example.net?subject=x""#,
        whole,
    );
    let rule = "dmarc-uri-duplicate";
    safe(
        rule,
        r#""v=DMARC1; p=none; rua=mailto:a@example.net, mailto:a@EXAMPLE.net""#,
        whole,
    );
    // Without the second, no report would be sent.
    none(rule, r#""v=DMARC1; p=none; rua=a@example.net,mailto:a@example.net""#);
}

#[test]
fn an_authorization_says_no_more_than_it_must() {
    let owner = "example.org._report._dmarc";
    for (rule, before, after) in [
        ("dmarc-report-auth-no-semicolon", r#""v=DMARC1""#, r#""v=DMARC1;""#),
        ("dmarc-report-auth-no-semicolon", r#""v=DMARC1 ""#, r#""v=DMARC1; ""#),
        ("dmarc-report-auth-policy", r#""v=DMARC1; p=reject""#, r#""v=DMARC1""#),
        (
            "dmarc-report-auth-policy",
            r#""v=DMARC1; p=reject; rua=mailto:a@example.net""#,
            r#""v=DMARC1; rua=mailto:a@example.net""#,
        ),
    ] {
        let finding = finding(owner, rule, before);
        assert_eq!(repaired(&zone(owner, before), &finding), Some(zone(owner, after)));
        assert!(finding.fix.is_some_and(|fix| fix.safety == Safety::Safe));
    }
}

#[test]
fn a_policy_for_subdomains_goes_where_it_does_nothing() {
    let text = "$TTL 3600\n_dmarc TXT \"v=DMARC1; p=none\"\n_dmarc.mail TXT \"v=DMARC1; p=reject; sp=reject;\"\n";
    let all = found(text);
    let finding = all.iter().find(|finding| finding.rule == "dmarc-sp-on-subdomain");
    let after = text.replace(" sp=reject;", "");
    assert_eq!(finding.and_then(|finding| repaired(text, finding)), Some(after));
}
