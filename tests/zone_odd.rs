//! Rules about texts, sets and TTLs where zone files are odd: templates, directives, included files, hostile input.

mod cases;

use std::time::{Duration, Instant};

const HEAD: &str = "$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n";
const RULES: &[&str] = &[
    "zone-txt-semicolon-comment",
    "zone-txt-unquoted-split",
    "zone-txt-join-missing-space",
    "zone-txt-wrong-quotes",
    "zone-txt-literal-quotes",
    "zone-txt-string-too-long",
    "zone-txt-empty",
    "zone-txt-adjacent-strings",
    "zone-txt-non-ascii",
    "zone-txt-control-char",
    "zone-txt-large",
    "zone-cname-and-other-data",
    "zone-cname-multiple",
    "zone-cname-at-apex",
    "zone-duplicate-record",
    "zone-rrset-ttl-mismatch",
    "zone-ttl-too-large",
    "zone-ttl-missing",
    "zone-ttl-not-set",
    "zone-ttl-after-type",
    "zone-ttl-zero",
];

/// Places and rules of what is found, one a line.
fn found(files: &[(&str, &str)]) -> String {
    let sources = cases::sources(files);
    let found = cases::lint(&sources, &cases::select(RULES)).diagnostics;
    let line = |diagnostic| {
        let line = cases::line(&sources, diagnostic);
        let (head, _) = line.split_once(']').unwrap_or((&line, ""));
        format!("{head}]\n")
    };
    found.iter().map(line).collect()
}

fn found_in(zone: &str) -> String {
    found(&[("example.com.zone", zone)])
}

#[test]
fn an_open_parenthesis_makes_no_trail_of_findings() {
    assert_eq!(
        found_in(&format!(
            "{HEAD}_dmarc TXT ( v=DMARC1; p=none )\nb TXT \"y\"\nc TXT a b\n"
        )),
        "example.com.zone:3:22-3:32 error[zone-txt-semicolon-comment]\n"
    );
    assert_eq!(
        found_in(&format!("{HEAD}_dmarc TXT ( v=DMARC1; p=none )\n")),
        "example.com.zone:3:22-3:32 error[zone-txt-semicolon-comment]\n"
    );
}

#[test]
fn alternatives_in_a_template_are_not_compared() {
    let alternatives = [
        "{% if mail %}\na CNAME b\n{% else %}\na TXT \"x\"\n{% endif %}\n",
        "{%- if mail -%}\na CNAME b\n{%- else -%}\na CNAME c\n{%- endif -%}\n",
        "{{ if .Mail }}\na 60 TXT \"x\"\n{{ else }}\na 120 TXT \"x\"\n{{ end }}\n",
        "{% for host in hosts %}\na TXT \"x\"\na TXT \"x\"\n{% endfor %}\n",
    ];
    for zone in alternatives {
        assert_eq!(found_in(&format!("{HEAD}{zone}")), "", "{zone}");
    }
    let behind = format!("{HEAD}{{% for x in y %}}\nb A 192.0.2.1\n{{% endfor %}}\na CNAME b\na TXT \"x\"\n");
    assert_eq!(
        found_in(&behind),
        "example.com.zone:6:1-6:10 error[zone-cname-and-other-data]\n"
    );
}

#[test]
fn a_ttl_that_the_file_does_not_tell_is_not_judged() {
    for zone in [
        "$TTL {{ ttl }}\n@ NS ns\n@ SOA ns hostmaster 1 1h 1h 1w 1h\na TXT \"x\"\n",
        "$TTL 60\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n$TTL {{ ttl }}\na 60 TXT \"x\"\na TXT \"y\"\n",
        "@ 60 SOA ns hostmaster 1 1h 1h 1w {{ minimum }}\n$TTL 60\na TXT \"x\"\n",
        "$INCLUDE of-the-server.zone\n@ NS ns\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n",
    ] {
        assert_eq!(found_in(zone), "", "{zone}");
    }
}

#[test]
fn what_a_server_computes_is_no_text() {
    let zone = format!(
        "{HEAD}a LUA TXT \"return ''\"\na LUA TXT \";if x then return 'v=spf1 ' else return '' end\"\na 60 LUA A \"ifurlup()\"\n"
    );
    assert_eq!(found_in(&zone), "");
}

#[test]
fn a_directive_that_makes_records_repeats_nothing() {
    assert_eq!(found_in(&format!("{HEAD}$GENERATE 1-3 a TXT \"x\"\n")), "");
    assert_eq!(found_in(&format!("{HEAD}$GENERATE 1-3 h$ CNAME c\n")), "");
}

#[test]
fn an_included_file_is_judged_once_for_each_finding() {
    let mail = "_dmarc TXT v=DMARC1; p=none\n_dmarc TXT v=DMARC1; p=none\n@ TXT a b\n";
    let one = format!("{HEAD}$INCLUDE mail.inc\n");
    let two = format!("{HEAD}@ 60 TXT \"x\"\n$INCLUDE mail.inc\n$INCLUDE mail.inc\n");
    let files = [
        ("example.com.zone", one.as_str()),
        ("example.net.zone", two.as_str()),
        ("mail.inc", mail),
    ];
    assert_eq!(
        found(&files),
        "mail.inc:1:20-1:28 error[zone-txt-semicolon-comment]\n\
         mail.inc:2:1-2:20 info[zone-duplicate-record]\n\
         mail.inc:2:20-2:28 error[zone-txt-semicolon-comment]\n\
         mail.inc:3:7-3:10 warning[zone-txt-unquoted-split]\n"
            .replace(
                "mail.inc:1",
                "example.net.zone:3:3-3:5 warning[zone-rrset-ttl-mismatch]\nmail.inc:1"
            )
    );
}

/// Many records, strings or words: what takes more than a walk over them takes minutes.
#[test]
fn large_input_takes_a_moment() {
    let many = |part: &str, count: usize| part.repeat(count);
    let numbered = |line: fn(usize) -> String| (0..200_000).map(line).collect::<String>();
    let zones = [
        format!("a TXT {}\n", many("\"x\" ", 100_000)),
        format!("a TXT \"v=spf1\" {}\n", many("\"a\" ", 100_000)),
        format!("a TXT \"v=spf1\" {} \"-all\"\n", many("\"\" ", 100_000)),
        format!("_dmarc TXT \"v=DMARC1\" {}\n", many("\"p=none\" ", 100_000)),
        format!("s._domainkey TXT \"v=DKIM1; p=AAAA\" {}\n", many("\"k=rsa\" ", 100_000)),
        format!("a TXT {}\n", many("\"a\"", 100_000)),
        format!("a TXT {}\n", many("ab ", 350_000)),
        format!("a TXT v=spf1 {}\n", many("ab \"mx\" \"a\" ", 50_000)),
        format!("a TXT v=DMARC1{}\n", many(" ;a=b", 200_000)),
        format!("a TXT v=DMARC1; p={}\n", many("x", 1_000_000)),
        format!(
            "a TXT ( v=DMARC1; {}\n{}",
            many(")", 500_000),
            many("b TXT \"x\"\n", 20_000)
        ),
        format!("a TXT {} \"\\\"\"\n", many("\"\\\"a\\\" \\\"b\\\" \" ", 50_000)),
        format!("a TXT {}\n", many("' ", 300_000)),
        format!("a TXT \"v=spf1 \" {}\n", many("\"{{a}}x\" \"a\" ", 50_000)),
        format!("a TXT \"{}\"\n", many("x", 1_000_000)),
        format!("a TXT \"v=spf1 {}\"\n", many("\u{a0}", 500_000)),
        many("a TXT \"x\"\n", 200_000),
        many("a CNAME b\n", 200_000),
        numbered(|index| format!("a TXT \"{index}\"\n")),
        numbered(|index| format!("a {} TXT \"{index}\"\n", 60 + index % 2)),
        numbered(|index| format!("a CAA 0 issue \"{index}\"\n")),
    ];
    for zone in &zones {
        let sources = cases::sources(&[("example.com.zone", format!("{HEAD}{zone}"))]);
        let start = Instant::now();
        cases::lint(&sources, &cases::select(RULES));
        assert!(start.elapsed() < Duration::from_secs(60), "{}", &zone[..40]);
    }
}
