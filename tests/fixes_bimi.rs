//! Repairs of BIMI records: what they write, and that nothing is left to report afterwards.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

/// A part of a zone with one record, so that no rule misses another.
fn zone(owner: &str, data: &str) -> String {
    format!("$TTL 3600\n$ORIGIN example.com.\n{owner} TXT {data}\n")
}

fn found(text: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.com.zone", text)]);
    cases::lint(&sources, &cases::select(&["bimi"])).diagnostics
}

/// The text after a finding's repair; `None` without one.
fn repaired(text: &str, finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    assert_eq!(fix.safety, Safety::Unsafe, "a dead record comes to life");
    let mut edits = fix.edits.clone();
    edits.sort();
    let mut text = text.to_string();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.new);
    }
    Some(text)
}

/// Asserts what the repair of a rule makes of a record, and that it is all that was wrong.
#[track_caller]
fn repairs(rule: &str, before: &str, after: &str) {
    let text = zone("default._bimi", before);
    let all = found(&text);
    let finding = all.iter().find(|finding| finding.rule == rule);
    let repaired = repaired(&text, finding.expect("the rule reports")).expect("there is a repair");
    assert_eq!(repaired, zone("default._bimi", after));
    let left: Vec<&str> = found(&repaired).iter().map(|finding| finding.rule).collect();
    assert!(left.is_empty(), "{repaired}: {left:?}");
}

#[track_caller]
fn has_none(rule: &str, owner: &str, data: &str) {
    let text = zone(owner, data);
    let all = found(&text);
    let finding = all.iter().find(|finding| finding.rule == rule);
    assert_eq!(finding.expect("the rule reports").fix, None);
}

#[test]
fn a_wrong_version_is_written_anew() {
    let rule = "bimi-version-invalid";
    repairs(rule, r#""v=bimi1; l=""#, r#""v=BIMI1; l=""#);
    repairs(rule, r#""V=bimi1;l=""#, r#""v=BIMI1;l=""#);
    repairs(rule, r#""v=BIMI1, l=""#, r#""v=BIMI1; l=""#);
    repairs(rule, r#""v=BIMI1 l=""#, r#""v=BIMI1; l=""#);
    repairs(rule, r#""BIMI1; l=""#, r#""v=BIMI1; l=""#);
    repairs(rule, r#""v=BI" "MI2; l=""#, r#""v=BIMI1" "; l=""#);
    repairs(rule, r#""l=; a=""#, r#""v=BIMI1; l=; a=""#);
    has_none(rule, "default._bimi", r#""v=BIMI2; x=1""#);
}

#[test]
fn a_late_version_is_put_first() {
    let rule = "bimi-version-not-first";
    repairs(rule, r#""l=; v=BIMI1; a=""#, r#""v=BIMI1; l=; a=""#);
    repairs(rule, r#""l=;" " v = BIMI1""#, r#""v=BIMI1; l=" """#);
    has_none(rule, "default._bimi", r#""; v=BIMI1; l=""#);
}

#[test]
fn tags_are_written_by_the_grammar() {
    let rule = "bimi-tag-syntax";
    repairs(
        rule,
        r#""v=BIMI1; l : https://example.com/l.svg; a=https://example.com/v.pem""#,
        r#""v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem""#,
    );
    repairs(rule, r#""v=BIMI1;\194\160l=""#, r#""v=BIMI1;l=""#);
    has_none(rule, "default._bimi", r#""v=BIMI1; l=; brand""#);
}

#[test]
fn tags_are_written_in_small_letters() {
    let rule = "bimi-tag-case";
    repairs(rule, r#""v=BIMI1; L=; a=""#, r#""v=BIMI1; l=; a=""#);
    repairs(rule, r#""V=BIMI1; l=""#, r#""v=BIMI1; l=""#);
    repairs(
        rule,
        r#""v=BIMI1; l=; A\086" "P=brand""#,
        r#""v=BIMI1; l=; avp" "=brand""#,
    );
    has_none(rule, "default._bimi", r#""v=BIMI1; l=; L=""#);
}

#[test]
fn values_are_written_as_they_are_meant() {
    repairs(
        "bimi-avp-invalid",
        r#""v=BIMI1; l=; avp=Personal""#,
        r#""v=BIMI1; l=; avp=personal""#,
    );
    has_none("bimi-avp-invalid", "default._bimi", r#""v=BIMI1; l=; avp=logo""#);
    let evidence = "a=https://example.com/v.pem";
    repairs(
        "bimi-uri-scheme",
        &format!(r#""v=BIMI1; l=HTTP://example.com/l.svg; {evidence}""#),
        &format!(r#""v=BIMI1; l=https://example.com/l.svg; {evidence}""#),
    );
    repairs(
        "bimi-uri-scheme",
        &format!(r#""v=BIMI1; l=example.com/l.svg; {evidence}""#),
        &format!(r#""v=BIMI1; l=https://example.com/l.svg; {evidence}""#),
    );
    has_none(
        "bimi-uri-scheme",
        "default._bimi",
        r#""v=BIMI1; l=https://example.com/l.svg; a=self""#,
    );
}

#[test]
fn a_selector_is_put_before_the_name() {
    let text = zone("_bimi", r#""v=BIMI1; l=""#);
    let all = found(&text);
    let after = repaired(&text, &all[0]);
    assert_eq!(after, Some(zone("default._bimi", r#""v=BIMI1; l=""#)));
    // Where the name has something else, or the new one is taken, somebody has to decide.
    has_none("bimi-owner-no-selector", "_bimi A 192.0.2.1\n_bimi", r#""v=BIMI1; l=""#);
    has_none(
        "bimi-owner-no-selector",
        "default._bimi TXT x\n_bimi",
        r#""v=BIMI1; l=""#,
    );
}
