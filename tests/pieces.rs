//! One policy written as several records: what is taken for a piece of it, and what never is.

mod cases;

use maillint::diagnostic::Diagnostic;

const KEY: &str = "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7vJ0V8wIDAQAB";

fn zone(owner: &str, texts: &[&str]) -> String {
    let records: String = texts.iter().map(|text| format!("{owner} TXT \"{text}\"\n")).collect();
    format!("$ORIGIN example.com.\n$TTL 3600\n{records}")
}

fn lint(path: &str, text: &str, rules: &[&str]) -> Vec<Diagnostic> {
    let sources = cases::sources(&[(path, text)]);
    cases::lint(&sources, &cases::select(rules)).diagnostics
}

/// How many pieces the policy at a name is said to have; 0 if nothing is said.
fn pieces(owner: &str, texts: &[&str]) -> usize {
    let found = lint("example.com.zone", &zone(owner, texts), &["record-in-pieces"]);
    found.first().map_or(0, |one| one.related.len() + 1)
}

#[test]
fn what_goes_on_with_a_policy_is_a_piece_of_it() {
    let whole: &[(&str, &[&str])] = &[
        ("@", &["v=spf1 include:a.example.net", "include:b.example.net -all"]),
        ("@", &["v=spf1 include:a.example.net ", "-all"]),
        ("@", &["v=spf1", "mx a:mail.example.com", "~all"]),
        ("@", &["v=spf1 mx", "redirect=_spf.example.net"]),
        ("@", &["v=spf1 mx", "a/24 ip4:192.0.2.0/24"]),
        ("_dmarc", &["v=DMARC1; p=reject;", "rua=mailto:d@example.com"]),
        ("_dmarc", &["v=DMARC1", "p=reject", "sp=none; rua=mailto:d@example.com"]),
        (
            "s1._domainkey",
            &[
                "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEB",
                "AQUAA4GNADCBiQKBgQC7vJ0V8wIDAQAB",
            ],
        ),
        (
            "s1._domainkey",
            &["v=DKIM1; p=MIGfMA0GCSqGSIb3DQEB", "AQUAA4GNADCBiQKB; t=s"],
        ),
        ("s1._domainkey", &["v=DKIM1", "k=rsa", KEY]),
        ("s1._domainkey", &["v=DKIM1; p=MIGf", "MA0GCSq", "GSIb3DQ=="]),
        ("_mta-sts", &["v=STSv1", "id=20240102"]),
        ("_smtp._tls", &["v=TLSRPTv1;", "rua=mailto:t@example.com"]),
        ("default._bimi", &["v=BIMI1;", "l=https://example.com/l.svg"]),
    ];
    for (owner, texts) in whole {
        assert_eq!(pieces(owner, texts), texts.len(), "{owner}: {texts:?}");
    }
}

#[test]
fn a_word_is_cut_where_a_string_holds_no_more() {
    let terms: String = (10..20).map(|at| format!("include:_spf{at}.example.net ")).collect();
    let start = format!("v=spf1 {terms}");
    let cut = &start[..254];
    assert_eq!(pieces("@", &[cut, "mple.net ip4:192.0.2.1 -all"]), 2);
    // Nearly: nothing is cut so early, and a token is no term.
    assert_eq!(pieces("@", &[&start[..100], "mple.net ip4:192.0.2.1 -all"]), 0);
    assert_eq!(pieces("@", &[cut, "site-verification abc"]), 0);
}

#[test]
fn other_texts_at_the_name_are_no_pieces() {
    let others: &[(&str, &[&str])] = &[
        ("@", &["v=spf1 include:a.example.net -all", "site-verification=abc"]),
        ("@", &["v=spf1 include:a.example.net", "site-verification=abc"]),
        ("@", &["v=spf1 include:a.example.net", "MS=ms12345678"]),
        ("@", &["v=spf1 include:a.example.net", "a"]),
        ("@", &["v=spf1 include:a.example.net", "mx"]),
        ("@", &["v=spf1 include:a.example.net", "include:b.example.net and more"]),
        (
            "@",
            &["v=spf1 include:a.example.net", "spf2.0/pra include:b.example.net"],
        ),
        // The record has its end, and is whole.
        ("@", &["v=spf1 mx -all", "include:b.example.net -all"]),
        ("@", &["v=spf1 redirect=_spf.example.net", "include:b.example.net -all"]),
        // Two records are two.
        ("@", &["v=spf1 mx", "v=spf1 a", "include:b.example.net -all"]),
        ("_dmarc", &["v=DMARC1; p=reject", "v=DMARC1; p=none"]),
        // It has this tag already, or never has it.
        ("_dmarc", &["v=DMARC1; p=reject", "p=none"]),
        (
            "_dmarc",
            &[
                "v=DMARC1; p=reject",
                "rua=mailto:d@example.com; rua=mailto:e@example.com",
            ],
        ),
        ("_dmarc", &["v=DMARC1; p=reject", "site-verification=abc"]),
        ("_mta-sts", &["v=STSv1; id=1", "id=2"]),
        ("_smtp._tls", &["v=TLSRPTv1; rua=mailto:t@example.com", "abc"]),
        ("s1._domainkey", &["v=DKIM1; p=MIGf;", "MA0GCSqGSIb3DQ"]),
        ("s1._domainkey", &["v=DKIM1; p=MIGfMA==", "MA0GCSqGSIb3DQ"]),
        ("s1._domainkey", &["v=DKIM1; p=", "MA0GCSqGSIb3DQ"]),
        // Nothing but a key goes on with a key, and only where keys are looked up.
        ("s1._domainkey", &["v=DKIM1; p=MIGf", "not a key!"]),
        ("@", &["v=DKIM1; p=MIGf", "MA0GCSqGSIb3DQ"]),
        ("@", &["v=DMARC1", "p=reject"]),
        // A file does not tell what is in a hole.
        ("@", &["v=spf1 {{ senders }}", "include:b.example.net -all"]),
        ("@", &["v=spf1 mx", "{{ senders }} -all"]),
    ];
    for (owner, texts) in others {
        assert_eq!(pieces(owner, texts), 0, "{owner}: {texts:?}");
    }
}

#[test]
fn strings_of_one_record_are_no_pieces() {
    let text = "example.com. TXT \"v=spf1 include:a.example.net \" \"include:b.example.net -all\"\n";
    assert!(lint("example.com.zone", text, &["record-in-pieces"]).is_empty());
    let text = "a.example.com. TXT \"v=spf1 mx\"\nb.example.com. TXT \"include:b.example.net -all\"\n";
    assert!(lint("example.com.zone", text, &["record-in-pieces"]).is_empty());
}

#[test]
fn a_token_between_pieces_is_left_out() {
    let texts = ["v=spf1 mx", "site-verification=abc", "include:b.example.net -all"];
    assert_eq!(pieces("@", &texts), 2);
}

#[test]
fn the_policy_is_judged_as_if_it_were_whole() {
    let ids = |found: Vec<Diagnostic>| -> Vec<&str> { found.into_iter().map(|one| one.rule).collect() };
    let found = lint(
        "example.com.zone",
        &zone("@", &["v=spf1 include:a.example.net", "include:b.example.net -all"]),
        &["spf", "record-in-pieces"],
    );
    assert_eq!(ids(found), ["record-in-pieces"]);
    // A fault in a later piece is one of the record.
    let found = lint(
        "example.com.zone",
        &zone("@", &["v=spf1 include:a.example.net", "include:b.example.net +all"]),
        &["spf"],
    );
    assert_eq!(ids(found), ["spf-plus-all"]);
    for (owner, texts) in [
        ("_dmarc", ["v=DMARC1; p=reject", "rua=mailto:d@example.com"]),
        ("_mta-sts", ["v=STSv1;", "id=20240102T0304"]),
        ("_smtp._tls", ["v=TLSRPTv1;", "rua=mailto:t@example.com"]),
    ] {
        let families = ["dmarc", "mta-sts", "tls-rpt", "record-in-pieces"];
        let found = lint("example.com.zone", &zone(owner, &texts), &families);
        assert_eq!(ids(found), ["record-in-pieces"], "{owner}");
    }
}

#[test]
fn lists_of_all_formats_are_read() {
    let octodns = "---\n'':\n  type: NS\n  value: ns1.example.net.\n_dmarc:\n  type: TXT\n  values:\n  - v=DMARC1\\; p=reject\n  \
                   - rua=mailto:d@example.com\n";
    let terraform = "resource \"aws_route53_record\" \"spf\" {\n  zone_id = \"Z0EXAMPLE\"\n  name = \"example.com\"\n  \
                     type = \"TXT\"\n  ttl = 300\n  records = [\"v=spf1 include:a.example.net\", \"include:b.example.net \
                     -all\"]\n}\n";
    let split = terraform.replace("net\", \"include", "net \\\"\\\"include");
    let three = terraform.replace("\"include:b", "\"include:c.example.net\", \"include:b");
    for (path, text, count) in [
        ("zones/example.com.yaml", octodns, 2),
        ("main.tf", terraform, 2),
        ("main.tf", &three, 3),
        ("main.tf", &split, 0),
    ] {
        let found = lint(path, text, &["record-in-pieces"]);
        let counted = found.first().map_or(0, |one| {
            one.related
                .iter()
                .filter(|label| label.message != "published by this")
                .count()
                + 1
        });
        assert_eq!(counted, count, "{path}: {found:#?}");
    }
}
