//! Repairs of DKIM keys: what they write, and that it helps.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

const KEY: &str = "2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4=";
const WRAPPED: &str = "MCowBQYDK2VwAyEA2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4=";
/// An RSA key of 512 bits, in a SubjectPublicKeyInfo and alone.
const RSA: &str = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALF6RTcV9mdnhRodEEy56iX1JGRwGa8T1veECd12I+Ysxls9niwl4gb1YJh/w2iDGG2CFcDRJcLo0M4lfVCVjXUCAwEAAQ==";
const BARE_RSA: &str =
    "MEgCQQCxekU3FfZnZ4UaHRBMueol9SRkcBmvE9b3hAnddiPmLMZbPZ4sJeIG9WCYf8NogxhtghXA0SXC6NDOJX1QlY11AgMBAAE=";

/// A file with a key at the name; the data is written as it is given.
fn zone(owner: &str, data: &str) -> String {
    format!("$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n@ NS ns\n{owner} TXT {data}\n")
}

fn found(text: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.net.zone", text)]);
    cases::lint(&sources, &cases::select(&["dkim"])).diagnostics
}

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

fn finding(text: &str, rule: &str) -> Option<Diagnostic> {
    found(text).into_iter().find(|finding| finding.rule == rule)
}

/// Asserts what a rule's repair makes of a zone, and that the rule then has nothing to say; `None` if it offers none.
#[track_caller]
fn zone_becomes(rule: &str, safety: Safety, before: &str, after: Option<&str>) {
    let finding = finding(before, rule).expect("the rule reports");
    let fixed = repaired(before, &finding);
    assert_eq!(fixed.as_deref(), after);
    assert!(finding.fix.is_none_or(|fix| fix.safety == safety));
    let again = fixed.and_then(|fixed| self::finding(&fixed, rule));
    assert!(again.is_none(), "{rule} still reports: {again:?}");
}

/// The same for the data at a selector, in which `K` stands for a good key.
#[track_caller]
fn becomes(rule: &str, safety: Safety, before: &str, after: Option<&str>) {
    let zone = |data: &str| zone("s1._domainkey", &data.replace("{K}", KEY));
    let after = after.map(zone);
    zone_becomes(rule, safety, &zone(before), after.as_deref());
}

#[track_caller]
fn decided(rule: &str, before: &str, after: &str) {
    becomes(rule, Safety::Unsafe, before, Some(after));
}

#[track_caller]
fn safe(rule: &str, before: &str, after: &str) {
    becomes(rule, Safety::Safe, before, Some(after));
}

#[track_caller]
fn none(rule: &str, before: &str) {
    becomes(rule, Safety::Unsafe, before, None);
}

#[track_caller]
fn moved(rule: &str, before: &str, after: Option<&str>) {
    let data = format!("\"v=DKIM1; k=ed25519; p={KEY}\"");
    let after = after.map(|owner| zone(owner, &data));
    zone_becomes(rule, Safety::Unsafe, &zone(before, &data), after.as_deref());
}

#[test]
fn a_key_moves_to_its_selector() {
    let rule = "dkim-wrong-owner";
    moved(rule, "s1.domainkey", Some("s1._domainkey"));
    moved(rule, "s1._domain-key.shop", Some("s1._domainkey.shop"));
    moved(rule, "s1.domainkey.example.net.", Some("s1._domainkey.example.net."));
    moved(rule, "s1", Some("s1._domainkey"));
    // What is the selector there, and what the domain?
    moved(rule, "s1.shop", None);
    moved(rule, "_domainkey", None);
    moved(rule, "@", None);
    let rule = "dkim-owner-doubled";
    moved(
        rule,
        "s1._domainkey.example.net.example.net.",
        Some("s1._domainkey.example.net."),
    );
}

#[test]
fn characters_are_taken_out() {
    let rule = "dkim-stray-quote";
    decided(
        rule,
        r#""v=DKIM1; k=ed25519; p=2inK\"\"wfik""#,
        r#""v=DKIM1; k=ed25519; p=2inKwfik""#,
    );
    decided(
        rule,
        r#""v=DKIM1; k=ed25519; p=2inK\034" "\034wfik""#,
        r#""v=DKIM1; k=ed25519; p=2inK" "wfik""#,
    );
    decided(
        rule,
        r#""'v=DKIM1; k=ed25519; p={K}'""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    let rule = "dkim-stray-backslash";
    decided(
        rule,
        r#""v=DKIM1\\; k=ed25519\\; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    let rule = "dkim-control-char";
    decided(
        rule,
        r#""v=DKIM1;\010k=ed25519; p=2inK\010wfik""#,
        r#""v=DKIM1; k=ed25519; p=2inKwfik""#,
    );
    let rule = "dkim-non-ascii";
    decided(
        rule,
        r#""v=DKIM1;\194\160k=ed25519; p=2inK\226\128\139wfik""#,
        r#""v=DKIM1; k=ed25519; p=2inKwfik""#,
    );
    none(rule, r#""v=DKIM1; k=ed25519; n=caf\195\169; p={K}""#);
}

#[test]
fn tags_are_put_in_order() {
    let rule = "dkim-malformed-tag";
    decided(rule, r#""v=DKIM1; k:ed25519; p={K}""#, r#""v=DKIM1; k=ed25519; p={K}""#);
    decided(rule, r#""DKIM1; k=ed25519; p={K}""#, r#""v=DKIM1; k=ed25519; p={K}""#);
    none(rule, r#""v=DKIM1; ed25519; p={K}""#);
    let rule = "dkim-missing-separator";
    decided(rule, r#""v=DKIM1 k=ed25519; p={K}""#, r#""v=DKIM1; k=ed25519; p={K}""#);
    decided(
        rule,
        r#""v=DKIM1; k=ed25519," " p={K}""#,
        r#""v=DKIM1; k=ed25519; " "p={K}""#,
    );
    let rule = "dkim-empty-tag";
    safe(
        rule,
        r#""v=DKIM1;; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    safe(
        rule,
        r#""; v=DKIM1; k=ed25519; p={K}""#,
        r#"" v=DKIM1; k=ed25519; p={K}""#,
    );
    let rule = "dkim-empty-value";
    decided(
        rule,
        r#""v=DKIM1; t=; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    decided(rule, r#""k=; v=DKIM1; p={K}""#, r#""v=DKIM1; p={K}""#);
    let rule = "dkim-duplicate-tag";
    decided(
        rule,
        r#""v=DKIM1; k=ed25519; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    none(rule, r#""v=DKIM1; k=ed25519; k=rsa; p={K}""#);
    let rule = "dkim-unknown-tag";
    decided(
        rule,
        r#""v=DKIM1; nk=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    decided(
        rule,
        r#""v=DKIM1; a=x; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    let rule = "dkim-tag-case";
    decided(rule, r#""V=DKIM1; k=ed25519; p={K}""#, r#""v=DKIM1; k=ed25519; p={K}""#);
    none(rule, r#""v=DKIM1; k=ed25519; p={K}; P={K}""#);
}

#[test]
fn the_version_comes_first() {
    let right = r#""v=DKIM1; k=ed25519; p={K}""#;
    safe("dkim-version-missing", r#""k=ed25519; p={K}""#, right);
    decided("dkim-version-invalid", r#""v=dkim1; k=ed25519; p={K}""#, right);
    decided("dkim-version-invalid", r#""v=; k=ed25519; p={K}""#, right);
    decided("dkim-version-not-first", r#""k=ed25519; v=DKIM1; p={K}""#, right);
    decided(
        "dkim-version-not-first",
        r#""k=ed25519; p={K}; v=DKIM1;""#,
        r#""v=DKIM1; k=ed25519; p={K};""#,
    );
}

#[test]
fn values_are_put_in_order() {
    decided(
        "dkim-value-case",
        r#""v=DKIM1; k=Ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    decided(
        "dkim-key-type-unknown",
        r#""v=DKIM1; k=ed25519-sha256; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    none("dkim-key-type-unknown", r#""v=DKIM1; k=dsa; p={K}""#);
    decided(
        "dkim-list-syntax",
        r#""v=DKIM1; k=ed25519; t=y,s; p={K}""#,
        r#""v=DKIM1; k=ed25519; t=y:s; p={K}""#,
    );
    decided(
        "dkim-list-syntax",
        r#""v=DKIM1; k=ed25519; h=sha256:; p={K}""#,
        r#""v=DKIM1; k=ed25519; h=sha256; p={K}""#,
    );
    none("dkim-list-syntax", r#""v=DKIM1; k=ed25519; t=y?; p={K}""#);
    decided(
        "dkim-hash-no-sha256",
        r#""v=DKIM1; h=sha1; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    safe(
        "dkim-hash-sha1",
        r#""v=DKIM1; k=ed25519; h=sha1:sha256; p={K}""#,
        r#""v=DKIM1; k=ed25519; h=sha256; p={K}""#,
    );
    safe(
        "dkim-hash-sha1",
        r#""v=DKIM1; k=ed25519; h=sha256 : sha1; p={K}""#,
        r#""v=DKIM1; k=ed25519; h=sha256; p={K}""#,
    );
    decided(
        "dkim-unknown-token",
        r#""v=DKIM1; k=ed25519; t=x; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    decided(
        "dkim-unknown-token",
        r#""v=DKIM1; k=ed25519; t=x:s; p={K}""#,
        r#""v=DKIM1; k=ed25519; t=s; p={K}""#,
    );
    safe(
        "dkim-obsolete-g",
        r#""v=DKIM1; g=*; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
    decided(
        "dkim-obsolete-g",
        r#""v=DKIM1; g=a; k=ed25519; p={K}""#,
        r#""v=DKIM1; k=ed25519; p={K}""#,
    );
}

#[test]
fn keys_are_written_as_they_belong() {
    let data = |p: &str| format!("\"v=DKIM1; k=ed25519; p={p}\"");
    safe(
        "dkim-key-whitespace",
        &data("2inKwf iksA\" \" PMi"),
        &data("2inKwfiksA\" \"PMi"),
    );
    decided(
        "dkim-key-base64",
        &data("2inKwfiksAPMiLnGrOoZbpX_mR-UTRxNyVBO2Kykxy4="),
        &data("{K}"),
    );
    safe("dkim-key-base64", &data(KEY.trim_end_matches('=')), &data("{K}"));
    safe("dkim-key-base64", &data("{K}=="), &data("{K}"));
    none("dkim-key-base64", &data("2inK?"));
    decided("dkim-ed25519-key-length", &data(WRAPPED), &data("{K}"));
    none("dkim-ed25519-key-length", &data("AAAA"));
    let rsa = |p: &str| format!("\"v=DKIM1; k=rsa; p={p}\"");
    safe("dkim-rsa-key-pkcs1", &rsa(BARE_RSA), &rsa(RSA));
    let armoured = |p: &str| format!("-----BEGIN PUBLIC KEY----- {p} -----END PUBLIC KEY-----");
    decided("dkim-key-pem", &rsa(&armoured(RSA)), &rsa(RSA));
    decided("dkim-bare-key", &format!("\"{RSA}\""), &rsa(RSA));
    decided("dkim-bare-key", &format!("\"{}\"", armoured(RSA)), &rsa(RSA));
    decided("dkim-key-type-mismatch", r#""v=DKIM1; k=rsa; p={K}""#, &data("{K}"));
    decided("dkim-key-type-mismatch", r#""v=DKIM1; p={K}""#, &data("{K}"));
}

#[test]
fn records_that_do_nothing_are_taken_out() {
    let empty = "$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n@ NS ns\n";
    let gone =
        |rule: &str, owner: &str, data: &str| zone_becomes(rule, Safety::Unsafe, &zone(owner, data), Some(empty));
    gone("dkim-adsp-record", "_adsp._domainkey", "\"dkim=all\"");
    gone("dkim-domainkeys-policy", "_domainkey", "\"o=~\"");
    gone("dkim-unrelated-txt", "s1._domainkey", "\"hello world\"");
    let data = format!("\"v=DKIM1; k=ed25519; p={KEY}\"");
    let one = zone("s1._domainkey", &data);
    let again = data.replace("; k", ";\" \" k");
    let two = format!("{one}s1._domainkey TXT {again}\n");
    zone_becomes("dkim-multiple-records", Safety::Unsafe, &two, Some(&one));
}

/// Of the octets of a key with 2048 bits, 24 are those around it: whole groups of base64, so that only one string changes.
#[test]
fn a_long_key_is_wrapped_in_its_first_string() {
    let long =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/good.txt")).expect("it is there");
    let wrapped = long
        .lines()
        .find_map(|line| line.strip_prefix("rsa ").filter(|key| key.len() == 392))
        .expect("one of 2048 bits");
    let (around, bare) = wrapped.split_at(32);
    let data = |start: &str| format!("\"v=DKIM1; k=rsa; p={start}{}\" \"{}\"", &bare[..150], &bare[150..]);
    safe("dkim-rsa-key-pkcs1", &data(""), &data(around));
}
