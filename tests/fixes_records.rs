//! Repairs of the TXT records at `_mta-sts` and `_smtp._tls`: what they write, and that it helps.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

const HEAD: &str = "$TTL 3600\n@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\n";

/// A zone with one TXT record; the data is written as it is given.
fn zone(owner: &str, data: &str) -> String {
    format!("{HEAD}{owner} TXT {data}\n")
}

fn found(text: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("corp.test.zone", text)]);
    cases::lint(&sources, &cases::select(&["mta-sts", "tls-rpt"])).diagnostics
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

/// Asserts what the first repair of a rule makes of a record's data; `None` if it offers none.
#[track_caller]
fn repairs(owner: &str, rule: &str, data: &str, expected: Option<&str>) {
    let text = zone(owner, data);
    let all = found(&text);
    let finding = all
        .iter()
        .find(|finding| finding.rule == rule)
        .expect("the rule reports");
    let expected = expected.map(|data| zone(owner, data));
    assert_eq!(repaired(&text, finding), expected);
}

fn sts(rule: &str, data: &str, expected: &str) {
    repairs("_mta-sts", rule, data, Some(expected));
}

fn rpt(rule: &str, data: &str, expected: &str) {
    repairs("_smtp._tls", rule, data, Some(expected));
}

#[test]
fn a_wrong_version_is_replaced_with_what_surrounds_it() {
    let rule = "mta-sts-version-invalid";
    sts(rule, r#""V=STSv1; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v = STSv1; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#"" v=STSv1; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""STSv1; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""'v=STSv1'; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv10; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=stsv1 , id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=stsv1 ; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=stsv1""#, r#""v=STSv1""#);
    sts(rule, r#"v=stsv1\;id=1"#, r#"v=STSv1\;id=1"#);
    rpt(
        "tls-rpt-version-invalid",
        r#""v=DMARC1; rua=mailto:a@corp.test""#,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test""#,
    );
}

#[test]
fn a_version_that_is_late_or_absent_is_put_first() {
    let rule = "mta-sts-version-invalid";
    sts(rule, r#""id=1; v=STSv1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""id=1; v=STSv1; a=b""#, r#""v=STSv1; id=1; a=b""#);
    sts(rule, r#""id=1""#, r#""v=STSv1; id=1""#);
}

#[test]
fn a_record_of_another_kind_is_not_turned_into_one() {
    repairs(
        "_smtp._tls",
        "tls-rpt-version-invalid",
        r#""v=spf1 include:tlsrpt.test -all""#,
        None,
    );
    repairs("_mta-sts", "mta-sts-version-invalid", r#""v=STSv2""#, None);
}

#[test]
fn a_separator_behind_the_version_becomes_a_semicolon() {
    let rule = "mta-sts-version-separator";
    sts(rule, r#""v=STSv1 ; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1, id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1,id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1,; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1 id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1" " " "; id=1""#, r#""v=STSv1" "" "; id=1""#);
}

#[test]
fn a_missing_id_is_added_or_renamed() {
    let rule = "mta-sts-id-missing";
    sts(rule, r#""v=STSv1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1;""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; ""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1 ""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1,""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; a=b""#, r#""v=STSv1; a=b; id=1""#);
    sts(rule, r#""v=STSv1; ID=2""#, r#""v=STSv1; id=2""#);
}

#[test]
fn an_id_keeps_its_letters_and_digits() {
    let rule = "mta-sts-id-invalid";
    sts(
        rule,
        r#""v=STSv1; id=2024-01-02T03:04Z;""#,
        r#""v=STSv1; id=20240102T0304Z;""#,
    );
    sts(rule, r#""v=STSv1; id=2024\04501""#, r#""v=STSv1; id=202401""#);
    sts(rule, r#""v=STSv1; id=\"1\"""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; id=2024" "-01""#, r#""v=STSv1; id=202401" """#);
    for data in [
        r#""v=STSv1; id=1, mode=enforce""#,
        r#""v=STSv1; id=-""#,
        r#""v=STSv1; id=""#,
    ] {
        repairs("_mta-sts", rule, data, None);
    }
    sts(
        "mta-sts-id-too-long",
        r#""v=STSv1; id=0123456789abcdef0123456789abcdef01234567; a=b""#,
        r#""v=STSv1; id=0123456789abcdef0123456789abcdef; a=b""#,
    );
}

#[test]
fn a_malformed_field_is_tightened_or_removed() {
    let rule = "mta-sts-field-syntax";
    sts(rule, r#""v=STSv1; id = 1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; id ={{ id }}""#, r#""v=STSv1; id={{ id }}""#);
    sts(rule, r#""v=STSv1; id:1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; Id 1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; enforce; id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; id=1 ""#, r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1; id=1\032""#, r#""v=STSv1; id=1""#);
    repairs("_mta-sts", rule, r#""v=STSv1; i d=1""#, None);
    rpt(
        "tls-rpt-field-syntax",
        r#""v=TLSRPTv1; rua: mailto:a@corp.test""#,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test""#,
    );
}

#[test]
fn fields_that_do_nothing_are_removed() {
    sts(
        "mta-sts-policy-field-in-record",
        r#""v=STSv1; mode=enforce; id=1""#,
        r#""v=STSv1; id=1""#,
    );
    sts("mta-sts-empty-field", r#""v=STSv1;; ;id=1;""#, r#""v=STSv1;id=1;""#);
    sts("mta-sts-empty-field", r#""v=STSv1; id=1; ;""#, r#""v=STSv1; id=1;""#);
    rpt(
        "tls-rpt-foreign-field",
        r#""v=TLSRPTv1; rua=mailto:a@corp.test; p=none""#,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test""#,
    );
}

#[test]
fn what_looks_like_a_blank_becomes_one() {
    let rule = "mta-sts-non-ascii";
    sts(rule, r#""v=STSv1;\194\160id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, "\"v=STSv1;\u{a0}id=1\"", r#""v=STSv1; id=1""#);
    sts(rule, r#""v=STSv1;\160id=1""#, r#""v=STSv1; id=1""#);
    sts(rule, "\"v=STSv1; \u{200b}id=1\"", r#""v=STSv1; id=1""#);
    sts(rule, "\"v=STSv1; id=1\u{a0}\"", r#""v=STSv1; id=1""#);
    repairs("_mta-sts", rule, "\"v=STSv1; id=1\u{e9}\"", None);
    repairs("_mta-sts", rule, "\"v=STSv1; id\u{a0}=1\"", None);
}

#[test]
fn a_list_of_addresses_is_joined_by_commas() {
    let rule = "tls-rpt-rua-separator";
    let both = r#""v=TLSRPTv1; rua=mailto:a@corp.test,mailto:b@corp.test""#;
    rpt(
        rule,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test; mailto:b@corp.test""#,
        both,
    );
    rpt(rule, r#""v=TLSRPTv1; rua=mailto:a@corp.test mailto:b@corp.test""#, both);
    repairs(
        "_smtp._tls",
        rule,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test; x=y; mailto:b@corp.test""#,
        None,
    );
    let rule = "tls-rpt-rua-repeated";
    rpt(
        rule,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test; rua=mailto:b@corp.test""#,
        both,
    );
    rpt(
        rule,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test; x=y; rua=mailto:b@corp.test;""#,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test,mailto:b@corp.test; x=y;""#,
    );
    let rule = "tls-rpt-rua-empty";
    rpt(
        rule,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test,,mailto:b@corp.test""#,
        both,
    );
    rpt(
        rule,
        r#""v=TLSRPTv1; rua= , mailto:a@corp.test,mailto:b@corp.test""#,
        both,
    );
    rpt(
        rule,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test,mailto:b@corp.test , ""#,
        both,
    );
    repairs("_smtp._tls", rule, r#""v=TLSRPTv1; rua=,""#, None);
    rpt(
        "tls-rpt-rua-duplicate",
        r#""v=TLSRPTv1; rua=mailto:a@corp.test , mailto:a@corp.test ,mailto:b@corp.test""#,
        r#""v=TLSRPTv1; rua=mailto:a@corp.test ,mailto:b@corp.test""#,
    );
}

#[test]
fn an_address_gets_what_it_lacks_and_loses_what_it_may_not_have() {
    let right = r#""v=TLSRPTv1; rua=mailto:a@corp.test""#;
    rpt("tls-rpt-rua-scheme", r#""v=TLSRPTv1; rua=a@corp.test""#, right);
    rpt(
        "tls-rpt-rua-mailto-slashes",
        r#""v=TLSRPTv1; rua=mailto://a@corp.test""#,
        right,
    );
    rpt("tls-rpt-rua-invalid", r#""v=TLSRPTv1; rua=mailto: a@corp.test""#, right);
    rpt(
        "tls-rpt-rua-invalid",
        r#""v=TLSRPTv1; rua=mailto:<a@corp.test>""#,
        right,
    );
    rpt(
        "tls-rpt-rua-size-suffix",
        r#""v=TLSRPTv1; rua=mailto:a@corp.test!10m""#,
        right,
    );
    rpt("tls-rpt-rua-missing", r#""v=TLSRPTv1; RUA=mailto:a@corp.test""#, right);
    rpt("tls-rpt-rua-missing", r#""v=TLSRPTv1; mailto:a@corp.test""#, right);
    rpt(
        "tls-rpt-rua-scheme",
        r#""v=TLSRPTv1; rua=http://r.corp.test""#,
        r#""v=TLSRPTv1; rua=https://r.corp.test""#,
    );
    rpt(
        "tls-rpt-rua-unencoded",
        r#""v=TLSRPTv1; rua=mailto:a!b@corp.test""#,
        r#""v=TLSRPTv1; rua=mailto:a%21b@corp.test""#,
    );
}

/// Records with a fault each, to be spelled in several ways.
const BROKEN: [(&str, &str); 22] = [
    ("_mta-sts", "V=STSv1; id=1"),
    ("_mta-sts", "id=1; v=STSv1"),
    ("_mta-sts", "v=STSv1 ; id=1"),
    ("_mta-sts", "v=STSv1, id=1"),
    ("_mta-sts", "v=STSv1; ID=1"),
    ("_mta-sts", "v=STSv1"),
    ("_mta-sts", "v=STSv1; id=2024-01-02"),
    ("_mta-sts", "v=STSv1; id=0123456789abcdef0123456789abcdef0"),
    ("_mta-sts", "v=STSv1; id=1; enforce"),
    ("_mta-sts", "v=STSv1; id = 1"),
    ("_mta-sts", "v=STSv1; id=1;;"),
    ("_mta-sts", "v=STSv1; id=1; mode=enforce"),
    ("_mta-sts", "v=STSv1;\u{a0}id=1"),
    ("_smtp._tls", "v=TLSRPTv1; rua=a@corp.test"),
    ("_smtp._tls", "v=TLSRPTv1; rua=mailto:a@corp.test,"),
    ("_smtp._tls", "v=TLSRPTv1; rua=mailto:a@corp.test;mailto:b@corp.test"),
    (
        "_smtp._tls",
        "v=TLSRPTv1; rua=mailto:a@corp.test;rua=mailto:b@corp.test",
    ),
    ("_smtp._tls", "v=TLSRPTv1; rua=mailto:a@corp.test,mailto:a@corp.test"),
    ("_smtp._tls", "v=TLSRPTv1; rua=mailto://a@corp.test"),
    ("_smtp._tls", "v=TLSRPTv1; rua=mailto:a@corp.test!10m"),
    ("_smtp._tls", "v=TLSRPTv1; rua=mailto:a!b@corp.test"),
    ("_smtp._tls", "v=TLSRPTv1; RUA=mailto:a@corp.test"),
];

/// A text as a zone file may hold it: quoted, without quotes, with each octet as an escape, and split at every place.
fn spellings(text: &str) -> Vec<String> {
    let quoted = |part: &[u8]| -> String {
        let inside: String = part
            .iter()
            .map(|byte| match byte {
                0x20..0x7f => (*byte as char).to_string(),
                byte => format!("\\{byte:03}"),
            })
            .collect();
        format!("\"{inside}\"")
    };
    let escaped: String = text.bytes().map(|byte| format!("\\{byte:03}")).collect();
    let bare = text.replace(';', "\\;").replace(' ', "\\032");
    let mut all = vec![quoted(text.as_bytes()), bare, escaped.clone(), format!("\"{escaped}\"")];
    for at in 0..=text.len() {
        let (first, second) = text.as_bytes().split_at(at);
        all.push(format!("( {} ; a comment\n  {} )", quoted(first), quoted(second)));
    }
    all
}

#[test]
fn a_repair_removes_its_finding_however_the_record_is_written() {
    let mut repairs = 0;
    for (owner, value) in BROKEN {
        let plain: Vec<&str> = found(&zone(owner, &spellings(value)[0]))
            .iter()
            .map(|finding| finding.rule)
            .collect();
        for data in spellings(value) {
            let text = zone(owner, &data);
            let all = found(&text);
            let rules: Vec<&str> = all.iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, plain, "{data}");
            for finding in &all {
                let Some(after) = repaired(&text, finding) else {
                    continue;
                };
                let left = found(&after);
                assert!(
                    !left.iter().any(|left| left.rule == finding.rule),
                    "{data}\nbecomes {after}"
                );
                repairs += 1;
            }
        }
    }
    assert!(repairs > 500, "most spellings can be repaired, and {repairs} were");
}

#[test]
fn only_repairs_of_records_that_are_in_use_are_safe() {
    let safe = |owner: &str, data: &str| {
        found(&zone(owner, data))
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .any(|fix| fix.safety == Safety::Safe)
    };
    assert!(safe("_mta-sts", r#""v=STSv1; id=1 ""#));
    assert!(safe("_smtp._tls", r#""v=TLSRPTv1; rua=mailto:a@corp.test ""#));
    assert!(safe(
        "_smtp._tls",
        r#""v=TLSRPTv1; rua=mailto:a@corp.test,mailto:a@corp.test""#
    ));
    assert!(safe(
        "_smtp._tls",
        r#""v=TLSRPTv1; rua=mailto:a@corp.test; rua=mailto:b@corp.test""#
    ));
    for (owner, value) in BROKEN
        .iter()
        .filter(|(_, value)| !value.contains(";rua=") && !value.contains(",mailto:a@"))
    {
        assert!(!safe(owner, &spellings(value)[0]), "{value}");
    }
}
