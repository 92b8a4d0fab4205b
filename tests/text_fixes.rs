//! What repairs of texts, sets and TTLs in zone files leave behind.

mod cases;

use maillint::{
    diagnostic::{Fix, Safety},
    source::Sources,
};

const HEAD: &str = "$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n";

/// The first repair that a rule offers for a zone, and the zone afterwards.
fn repaired(rule: &str, zone: &str) -> Option<(Safety, String)> {
    let sources = cases::sources(&[("example.com.zone", zone)]);
    let found = cases::lint(&sources, &cases::select(&[rule])).diagnostics;
    assert!(!found.is_empty(), "{rule} finds nothing in {zone}");
    let fix = found.into_iter().find_map(|diagnostic| diagnostic.fix)?;
    Some((fix.safety, apply(&sources, &fix)))
}

fn apply(sources: &Sources, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort();
    let mut text = Vec::new();
    let bytes = sources.all()[0].bytes();
    let mut at = 0;
    for edit in &edits {
        let range = edit.span.range();
        assert!(at <= range.start, "edits overlap: {edits:?}");
        text.extend(&bytes[at..range.start]);
        text.extend(edit.new.bytes());
        at = range.end;
    }
    text.extend(&bytes[at..]);
    String::from_utf8(text).expect("a repair writes UTF-8")
}

/// Each line becomes the other by the repair that `rule` offers, and the rule is then content.
fn check(rule: &str, safety: Safety, lines: &[(&str, &str)]) {
    for (before, after) in lines {
        let zone = format!("{HEAD}{before}\n");
        let (offered, text) = repaired(rule, &zone).unwrap_or_else(|| panic!("{rule}: no repair of {before}"));
        assert_eq!(
            text.strip_prefix(HEAD),
            Some(format!("{after}\n").as_str()),
            "{rule}: {before}"
        );
        assert_eq!(offered, safety, "{rule}: {before}");
        let sources = cases::sources(&[("example.com.zone", text.as_str())]);
        let found = cases::lint(&sources, &cases::select(&[rule])).diagnostics;
        assert!(found.is_empty(), "{rule} still finds {found:#?}");
    }
}

/// The rule reports and offers nothing.
fn check_none(rule: &str, lines: &[&str]) {
    for line in lines {
        assert_eq!(repaired(rule, &format!("{HEAD}{line}\n")), None, "{rule}: {line}");
    }
}

#[test]
fn a_text_that_a_semicolon_cuts_is_put_between_quotes() {
    let key = "A".repeat(300);
    let (left, right) = (&key[..255 - "k=rsa; p=".len()], &key[255 - "k=rsa; p=".len()..]);
    check(
        "zone-txt-semicolon-comment",
        Safety::Unsafe,
        &[
            ("_dmarc TXT v=DMARC1; p=reject", "_dmarc TXT \"v=DMARC1; p=reject\""),
            ("_dmarc TXT v=DMARC1;p=reject", "_dmarc TXT \"v=DMARC1;p=reject\""),
            // A blank before the semicolon was no part of the text, and disturbs some receivers.
            ("_mta-sts TXT v=STSv1 ; id=1 \t", "_mta-sts TXT \"v=STSv1; id=1\" \t"),
            ("_dmarc TXT v=DMARC1; x=\"y\"", "_dmarc TXT \"v=DMARC1; x=\\\"y\\\"\""),
            (
                "_dmarc TXT v=DMARC1\\;p=none; x=\\065\\;",
                "_dmarc TXT \"v=DMARC1;p=none; x=A;\"",
            ),
            (
                "_dmarc TXT ( v=DMARC1; p=none\n )",
                "_dmarc TXT ( \"v=DMARC1; p=none\"\n )",
            ),
            ("_dmarc TXT \\\"v=DMARC1; p=none\\\"", "_dmarc TXT \"v=DMARC1; p=none\""),
            (
                &format!("s1._domainkey TXT k=rsa; p={key}"),
                &format!("s1._domainkey TXT \"k=rsa; p={left}\" \"{right}\""),
            ),
        ],
    );
    check_none(
        "zone-txt-semicolon-comment",
        &[
            "_dmarc TXT v=DMARC1; p=reject ; at last",
            "_dmarc TXT v=DMARC1; p={{ policy }}",
            "_dmarc TXT v=DMARC1; p=none\\",
        ],
    );
}

#[test]
fn a_comment_gives_back_the_parenthesis_that_it_swallowed() {
    let zone = format!("{HEAD}_dmarc TXT ( v=DMARC1; p=none )\nb TXT \"y\"\n");
    let (_, text) = repaired("zone-txt-semicolon-comment", &zone).expect("a repair");
    assert_eq!(
        text,
        format!("{HEAD}_dmarc TXT ( \"v=DMARC1; p=none\" )\nb TXT \"y\"\n")
    );
    let sources = cases::sources(&[("example.com.zone", text.as_str())]);
    assert_eq!(cases::lint(&sources, &[]).inspected[0].scan.records.len(), 3);
}

#[test]
fn words_become_one_string() {
    check(
        "zone-txt-unquoted-split",
        Safety::Unsafe,
        &[
            (
                "@ TXT v=spf1 include:a.example -all",
                "@ TXT \"v=spf1 include:a.example -all\"",
            ),
            ("@ TXT\tv=spf1\t mx   -all ; mail", "@ TXT\t\"v=spf1 mx -all\" ; mail"),
            ("@ TXT v=spf1 \"mx\" -all", "@ TXT \"v=spf1 \" \"mx \" \"-all\""),
            (
                "@ TXT (v=spf1 ; who\n mx a\n -all)",
                "@ TXT (\"v=spf1 \" ; who\n \"mx a \"\n \"-all\")",
            ),
            (
                "_dmarc TXT v=DMARC1 p=none; sp=none",
                "_dmarc TXT \"v=DMARC1 p=none; sp=none\"",
            ),
        ],
    );
    // What else slipped is mended with it.
    check(
        "zone-txt-unquoted-split",
        Safety::Unsafe,
        &[
            (
                "_dmarc TXT v=DMARC1\\; p=none; sp=none",
                "_dmarc TXT \"v=DMARC1; p=none; sp=none\"",
            ),
            ("a TXT 'hello world'", "a TXT \"hello world\""),
        ],
    );
    check(
        "zone-txt-unquoted-split",
        Safety::Safe,
        &[
            ("_dmarc TXT v=DMARC1\\; p=none", "_dmarc TXT \"v=DMARC1; p=none\""),
            ("a TXT hello w\\\"orld", "a TXT \"hello w\\\"orld\""),
        ],
    );
    check_none("zone-txt-unquoted-split", &["a TXT 'hello world"]);
}

#[test]
fn strings_get_what_is_missing_between_them() {
    let long = format!("v=spf1 ip4:{}", "1".repeat(244));
    check(
        "zone-txt-join-missing-space",
        Safety::Unsafe,
        &[
            ("@ TXT \"v=spf1 mx\" \"-all\"", "@ TXT \"v=spf1 mx \" \"-all\""),
            (
                "@ TXT \"v=spf1 mx\" \"a\"\"-all\"",
                "@ TXT \"v=spf1 mx \" \"a \"\"-all\"",
            ),
            (
                "@ TXT \"v=spf1 mx\" \"\" \"-all\"",
                "@ TXT \"v=spf1 mx \" \"\" \"-all\"",
            ),
            ("@ TXT v=spf1 \"-all\"", "@ TXT \"v=spf1 \" \"-all\""),
            ("@ TXT \"v=spf1 m\\120\" \"-all\"", "@ TXT \"v=spf1 m\\120 \" \"-all\""),
            (
                "_dmarc TXT \"v=DMARC1\" \"p=none\"",
                "_dmarc TXT \"v=DMARC1; \" \"p=none\"",
            ),
        ],
    );
    assert_eq!(long.len(), 255);
    check_none(
        "zone-txt-join-missing-space",
        &[
            &format!("@ TXT \"{long}\" \"-all\""),
            // "v=spf1" and "-all".
            "@ TXT \\# 12 06763d7370663104 2d616c6c",
        ],
    );
}

#[test]
fn wrong_quotes_become_quotes() {
    check(
        "zone-txt-wrong-quotes",
        Safety::Unsafe,
        &[
            ("_dmarc TXT 'v=DMARC1; p=none'", "_dmarc TXT \"v=DMARC1; p=none\""),
            ("_dmarc TXT “v=DMARC1; p=none”", "_dmarc TXT \"v=DMARC1; p=none\""),
            ("@ TXT `v=spf1 mx  -all` ; mail", "@ TXT \"v=spf1 mx -all\" ; mail"),
            ("a TXT ( 'hello; world' \n)", "a TXT ( \"hello; world\" \n)"),
        ],
    );
    check_none(
        "zone-txt-wrong-quotes",
        &["a TXT 'tis", "_dmarc TXT 'v=DMARC1; p=none", "a TXT '"],
    );
}

#[test]
fn literal_quotes_go_away() {
    check(
        "zone-txt-literal-quotes",
        Safety::Unsafe,
        &[
            ("@ TXT \"\\\"v=spf1 -all\\\"\"", "@ TXT \"v=spf1 -all\""),
            ("@ TXT \\\"v=spf1\\ -all\\\"", "@ TXT \"v=spf1 -all\""),
            (
                "s1._domainkey TXT \"\\\"v=DKIM1; \\\" \\\"p=MIGf\\\"\"",
                "s1._domainkey TXT \"v=DKIM1; p=MIGf\"",
            ),
            (
                "_dmarc TXT \"\\\"v=DMARC1\\\\; p=none\\\"\"",
                "_dmarc TXT \"v=DMARC1; p=none\"",
            ),
            (
                "_dmarc TXT \"\\\"v=DMARC1; \" \"p=none\\034\"",
                "_dmarc TXT \"v=DMARC1; \" \"p=none\"",
            ),
        ],
    );
    check_none("zone-txt-literal-quotes", &["@ TXT \"\\\"v=spf1 \\\"x\\\" -all\\\"\""]);
}

#[test]
fn long_strings_are_split() {
    let (x, y) = ("x".repeat(255), "y".repeat(255));
    check(
        "zone-txt-string-too-long",
        Safety::Safe,
        &[
            (&format!("a TXT \"{x}z\""), &format!("a TXT \"{x}\" \"z\"")),
            (&format!("a TXT \"{x}{y}z\""), &format!("a TXT \"{x}\" \"{y}\" \"z\"")),
            (
                &format!("a TXT \"{}\\122z\"", &x[1..]),
                &format!("a TXT \"{}\\122\" \"z\"", &x[1..]),
            ),
            // No character is cut.
            (
                &format!("a TXT \"{}é\"", &x[1..]),
                &format!("a TXT \"{}\" \"é\"", &x[1..]),
            ),
        ],
    );
    check_none(
        "zone-txt-string-too-long",
        &[&format!("a TXT {x}z"), &format!("a TXT \"{x}{{{{ z }}}}z\"")],
    );
}

#[test]
fn blanks_and_characters_without_width_become_ascii() {
    check(
        "zone-txt-non-ascii",
        Safety::Unsafe,
        &[
            (
                "_dmarc TXT \"v=DMARC1;\u{a0}p=none\"",
                "_dmarc TXT \"v=DMARC1; p=none\"",
            ),
            (
                "_dmarc TXT \"v=DMARC1;\\194\\160p\u{200b}=none\"",
                "_dmarc TXT \"v=DMARC1; p=none\"",
            ),
        ],
    );
    check_none(
        "zone-txt-non-ascii",
        &[
            "@ TXT \"v=spf1\u{a0}mx –all\"",
            "a TXT \"one\u{a0}two\"",
            "@ TXT v=spf1\u{a0}mx -all",
        ],
    );
}

#[test]
fn a_repeated_line_goes_away() {
    check(
        "zone-duplicate-record",
        Safety::Safe,
        &[
            ("a TXT \"x\"\na TXT \"x\"\nb TXT \"x\"", "a TXT \"x\"\nb TXT \"x\""),
            ("a A 192.0.2.1\n  A 192.0.2.1 ; again", "a A 192.0.2.1"),
            (
                "a 60 A 192.0.2.1\na 60 A 192.0.2.1\nb A 192.0.2.1",
                "a 60 A 192.0.2.1\nb A 192.0.2.1",
            ),
        ],
    );
    check_none(
        "zone-duplicate-record",
        &[
            // The line below has its owner from it.
            "a TXT \"x\"\nb TXT \"y\"\na TXT \"x\"\n  MX 10 b",
            "a TXT ( \"x\" )\na TXT ( \"x\"\n)",
            "a CAA 0 issue \"ca.example\"\na CAA 0 issue \"ca.example\"",
        ],
    );
    // The line below has its TTL from it.
    let zone = "@ 60 SOA ns hostmaster 1 1h 1h 1w 1h\na 30 TXT \"x\"\nb 60 TXT \"y\"\na 30 TXT \"x\"\nc TXT \"z\"\n";
    assert_eq!(repaired("zone-duplicate-record", zone), None);
}

#[test]
fn a_set_gets_its_lowest_ttl() {
    check(
        "zone-rrset-ttl-mismatch",
        Safety::Unsafe,
        &[
            ("a 60 TXT \"x\"\na 120 TXT \"y\"", "a 60 TXT \"x\"\na 60 TXT \"y\""),
            (
                "a 2h TXT \"x\"\na 1m TXT \"y\"\na 3h TXT \"z\"",
                "a 1m TXT \"x\"\na 1m TXT \"y\"\na 1m TXT \"z\"",
            ),
            ("a 2h TXT \"x\"\na TXT \"y\"", "a 3600 TXT \"x\"\na TXT \"y\""),
        ],
    );
    check_none("zone-rrset-ttl-mismatch", &["a 60 TXT \"x\"\na TXT \"y\""]);
}

#[test]
fn ttls_go_where_they_belong() {
    check(
        "zone-ttl-after-type",
        Safety::Unsafe,
        &[
            (
                "_dmarc TXT 300 \"v=DMARC1; p=none\"",
                "_dmarc 300 TXT \"v=DMARC1; p=none\"",
            ),
            (
                "_dmarc IN TXT\t300  \"v=DMARC1; p=none\"",
                "_dmarc IN 300\tTXT  \"v=DMARC1; p=none\"",
            ),
            ("@ 60 TXT IN \"v=spf1 -all\"", "@ 60 IN TXT \"v=spf1 -all\""),
        ],
    );
    check(
        "zone-ttl-after-type",
        Safety::Safe,
        &[
            ("a TXT 300 \"x\"", "a 300 TXT \"x\""),
            ("@ MX 300 10 mx.example.net.", "@ 300 MX 10 mx.example.net."),
        ],
    );
    check_none(
        "zone-ttl-after-type",
        &["a 60 TXT 300 \"x\"", "a IN TXT IN \"x\"", "a TXT ( 300 \"x\" )"],
    );
    let zone = "@ NS ns\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n";
    let expected = Some((Safety::Unsafe, format!("$TTL 3600\n{zone}")));
    assert_eq!(repaired("zone-ttl-missing", zone), expected);
    let zone = zone.replace('\n', "\r\n");
    let expected = Some((Safety::Unsafe, format!("$TTL 3600\r\n{zone}")));
    assert_eq!(repaired("zone-ttl-missing", &zone), expected);
}
