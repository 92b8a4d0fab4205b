//! What the repairs of the rules about MX records, TLSA records and TTLs make of a file: the finding is gone, and nothing else
//! has changed.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

/// A rule, the path of a file, the file, and the file as the repair leaves it.
type Case = (&'static str, &'static str, &'static str, &'static str);

const ZONE: &str = "example.com.zone";
const YAML: &str = "example.com.yaml";
const HCL: &str = "main.tf";

const CASES: &[Case] = &[
    // The name that an alias leads to, in the form that names have in the file.
    (
        "mx-target-cname",
        ZONE,
        "@ MX 10 mail ; here\nmail CNAME a\na CNAME mx.example.net.\n",
        "@ MX 10 mx.example.net. ; here\nmail CNAME a\na CNAME mx.example.net.\n",
    ),
    (
        "mx-target-cname",
        ZONE,
        "@ MX 10 MAIL.example.com.\nmail CNAME mx.example.net.\n",
        "@ MX 10 mx.example.net.\nmail CNAME mx.example.net.\n",
    ),
    (
        "mx-target-cname",
        YAML,
        "'':\n  type: MX\n  value: {exchange: 'mail.example.com.', preference: 10}\nmail: {type: CNAME, value: mx.example.net.}\n",
        "'':\n  type: MX\n  value: {exchange: 'mx.example.net.', preference: 10}\nmail: {type: CNAME, value: mx.example.net.}\n",
    ),
    (
        "mx-target-cname",
        HCL,
        "resource \"dns_record\" \"a\" {\n  zone = \"example.com\"\n  name = \"a\"\n  type = \"MX\"\n  value = \"10 mail.example.com\"\n}\n\
         resource \"dns_record\" \"b\" {\n  zone = \"example.com\"\n  name = \"mail\"\n  type = \"CNAME\"\n  value = \"mx.example.net.\"\n}\n",
        "resource \"dns_record\" \"a\" {\n  zone = \"example.com\"\n  name = \"a\"\n  type = \"MX\"\n  value = \"10 mx.example.net\"\n}\n\
         resource \"dns_record\" \"b\" {\n  zone = \"example.com\"\n  name = \"mail\"\n  type = \"CNAME\"\n  value = \"mx.example.net.\"\n}\n",
    ),
    ("mx-localhost", ZONE, "@ MX 10 localhost.\n", "@ MX 0 .\n"),
    (
        "mx-localhost",
        ZONE,
        "@ MX 0 @\n@ A 127.0.0.1\n",
        "@ MX 0 .\n@ A 127.0.0.1\n",
    ),
    (
        "mx-localhost",
        YAML,
        "'':\n  type: MX\n  value: {exchange: \"null.\", preference: 5}\n",
        "'':\n  type: MX\n  value: {exchange: \".\", preference: 0}\n",
    ),
    ("null-mx-preference", ZONE, "@ IN MX ( 65535 . )\n", "@ IN MX ( 0 . )\n"),
    (
        "null-mx-preference",
        YAML,
        "'':\n  type: MX\n  value:\n    exchange: .\n    preference: 10\n",
        "'':\n  type: MX\n  value:\n    exchange: .\n    preference: 0\n",
    ),
    (
        "null-mx-preference",
        HCL,
        "resource \"aws_route53_record\" \"a\" {\n  name = \"a.example.com\"\n  type = \"MX\"\n  records = [\"10 .\"]\n}\n",
        "resource \"aws_route53_record\" \"a\" {\n  name = \"a.example.com\"\n  type = \"MX\"\n  records = [\"0 .\"]\n}\n",
    ),
    ("null-mx-malformed", ZONE, "@ MX 0 \"\"\n", "@ MX 0 .\n"),
    ("null-mx-malformed", ZONE, "@ MX 0 .. ; none\n", "@ MX 0 . ; none\n"),
    (
        "null-mx-malformed",
        YAML,
        "'':\n  type: MX\n  value: {exchange: '', preference: 0}\n",
        "'':\n  type: MX\n  value: {exchange: '.', preference: 0}\n",
    ),
    (
        "null-mx-malformed",
        HCL,
        "resource \"cloudflare_record\" \"a\" {\n  name = \"a.example.com\"\n  type = \"MX\"\n  priority = 0\n  value = \"\"\n}\n",
        "resource \"cloudflare_record\" \"a\" {\n  name = \"a.example.com\"\n  type = \"MX\"\n  priority = 0\n  value = \".\"\n}\n",
    ),
    (
        "tlsa-owner-invalid",
        ZONE,
        "25._tcp.mail TLSA 3 1 1 00\n",
        "_25._tcp.mail TLSA 3 1 1 00\n",
    ),
    (
        "tlsa-owner-invalid",
        ZONE,
        "_TCP._025 TLSA 3 1 1 00\n",
        "_25._tcp TLSA 3 1 1 00\n",
    ),
    (
        "tlsa-owner-invalid",
        ZONE,
        "_25_tcp.mail.example.com. TLSA 3 1 1 00\n",
        "_25._tcp.mail.example.com. TLSA 3 1 1 00\n",
    ),
    (
        "ttl-long-policy",
        ZONE,
        "_dmarc 1w TXT \"v=DMARC1; p=none\"\n",
        "_dmarc 3600 TXT \"v=DMARC1; p=none\"\n",
    ),
    (
        "ttl-short-policy",
        YAML,
        "'': {type: TXT, ttl: 30, value: v=spf1 -all}\n",
        "'': {type: TXT, ttl: 300, value: v=spf1 -all}\n",
    ),
    (
        "dmarc-report-wildcard-shadowed",
        ZONE,
        "*._report._dmarc TXT \"v=DMARC1;\"\nshop.test._report._dmarc TXT \"v=DMARC1;\"\n",
        "*._report._dmarc TXT \"v=DMARC1;\"\n",
    ),
];

/// Findings for which no repair is offered.
const UNREPAIRED: &[(&str, &str, &str)] = &[
    // Another host takes the mail.
    ("mx-localhost", ZONE, "@ MX 10 localhost.\n@ MX 20 mx.example.net.\n"),
    // Where the alias leads is not known.
    (
        "mx-target-cname",
        ZONE,
        "@ MX 10 mail\nmail CNAME {{ host }}.example.net.\n",
    ),
    ("mx-target-cname", ZONE, "@ MX 10 mail\nmail CNAME mail\n"),
    // The host is written elsewhere, with others.
    (
        "mx-target-cname",
        ZONE,
        "$GENERATE 1-2 h$ MX \"10 mail\"\nmail CNAME mx.example.net.\n",
    ),
    // A scalar without quotes cannot be made of nothing.
    (
        "null-mx-malformed",
        YAML,
        "'':\n  type: MX\n  value: {exchange: , preference: 0}\n",
    ),
    // The TTL is that of other records, too.
    ("ttl-long-policy", ZONE, "$TTL 1w\n_dmarc TXT \"v=DMARC1; p=none\"\n"),
    // The record is more than an agreement.
    (
        "dmarc-report-wildcard-shadowed",
        ZONE,
        "*._report._dmarc TXT \"v=DMARC1;\"\nshop.test._report._dmarc TXT \"v=DMARC1; rua=mailto:d@example.com\"\n",
    ),
];

fn findings(path: &str, file: &str, rule: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[(path, file)]);
    cases::lint(&sources, &cases::select(&[rule])).diagnostics
}

/// A file with what a zone begins with.
fn whole(path: &str, file: &str) -> String {
    match path {
        ZONE => format!("$TTL 3600\n@ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h\n{file}"),
        _ => file.to_string(),
    }
}

fn repaired(file: &str, diagnostic: &Diagnostic) -> String {
    let mut bytes = file.as_bytes().to_vec();
    let mut edits = diagnostic.fix.clone().expect("there is a repair").edits;
    edits.sort();
    for edit in edits.iter().rev() {
        bytes.splice(edit.span.range(), edit.new.bytes());
    }
    String::from_utf8(bytes).expect("the edits keep characters whole")
}

#[test]
fn repairs_do_what_they_say() {
    for (rule, path, before, after) in CASES {
        let file = whole(path, before);
        let found = findings(path, &file, rule);
        assert_eq!(found.len(), 1, "{rule}: {before:?}: {found:#?}");
        assert_eq!(repaired(&file, &found[0]), whole(path, after), "{rule}: {before:?}");
        // All of them change how mail is treated.
        let safety = found[0].fix.as_ref().map(|fix| fix.safety);
        assert_eq!(safety, Some(Safety::Unsafe), "{rule}: {before:?}");
        let left = findings(path, &whole(path, after), rule);
        assert!(left.is_empty(), "{rule}: {after:?}: {left:#?}");
    }
}

#[test]
fn doubtful_repairs_are_not_offered() {
    for (rule, path, file) in UNREPAIRED {
        let found = findings(path, &whole(path, file), rule);
        assert!(!found.is_empty(), "{rule}: {file:?}");
        for diagnostic in found {
            assert_eq!(diagnostic.fix, None, "{rule}: {file:?}");
        }
    }
}
