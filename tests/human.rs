//! How findings look to people.

mod made;

use made::{files, finding, fix, json, label, output, output_with, place};
use maillint::{
    diagnostic::{Safety, Severity},
    reported::{Counts, Tally},
    span::Span,
};

#[test]
fn places_help_source_and_repair() {
    let zone = b"$TTL 3600\n_dmarc TXT \"v=DMARC1; p=rejct; rua=mailto:d@example.net\"\r\n";
    let sources = files(&[("example.com.zone", zone)]);
    let at = |text| place(&sources, "example.com.zone", text);
    let mut found = finding(
        Severity::Error,
        at("rejct"),
        "DMARC policy `rejct` is not a policy, so receivers ignore the whole record",
        "not one of `none`, `quarantine`, `reject`",
    );
    found.related = vec![label(at("_dmarc"), "the policy of this name")];
    found.help = Some("write `p=reject`".into());
    found.fix = fix(
        "replace `rejct` by `reject`",
        Safety::Unsafe,
        &[(at("rejct"), "reject")],
    );
    assert_eq!(
        output("human", &sources, &[found]),
        r#"error[zone-unterminated-quote]: DMARC policy `rejct` is not a policy, so receivers ignore the whole record
 --> example.com.zone:2:25
  |
2 | _dmarc TXT "v=DMARC1; p=rejct; rua=mailto:d@example.net"
  | ------                  ^^^^^ not one of `none`, `quarantine`, `reject`
  | |
  | the policy of this name
  |
  = help: write `p=reject`
  = note: RFC 1035, section 5.1
help: replace `rejct` by `reject` (changes how mail is treated)
  |
2 | _dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@example.net"
  |                            +

1 error in 1 file
more about a rule: maillint explain zone-unterminated-quote
"#
    );
}

#[test]
fn places_in_other_files_and_over_several_lines() {
    let zone = b"a\n\n\n\n\n\n\n@ MX 10 mail\n@ TXT ( \"v=spf1 \"\n  \"-all\" )\n";
    let policy = b"version: STSv1\nmode: enforce\nmx: mail.example.com\n";
    let sources = files(&[("example.com.zone", zone), ("www/.well-known/mta-sts.txt", policy)]);
    let host = place(&sources, "example.com.zone", "mail");
    let mut first = finding(Severity::Warning, host, "`mail` is not in the policy", "this host");
    let policy = "www/.well-known/mta-sts.txt";
    first.related = vec![
        label(place(&sources, policy, "mail.example.com"), "the policy names another"),
        label(place(&sources, policy, "enforce"), "and is enforced"),
    ];
    let record = place(&sources, "example.com.zone", "@ TXT ( \"v=spf1 \"\n  \"-all\" )\n");
    let second = finding(Severity::Info, record, "the record is long", "this one");
    assert_eq!(
        output("human", &sources, &[first, second]),
        r#"warning[zone-unterminated-quote]: `mail` is not in the policy
 --> example.com.zone:8:9
  |
8 | @ MX 10 mail
  |         ^^^^ this host
  |
 ::: www/.well-known/mta-sts.txt:2:7
  |
2 | mode: enforce
  |       ------- and is enforced
3 | mx: mail.example.com
  |     ---------------- the policy names another
  |
  = note: RFC 1035, section 5.1

info[zone-unterminated-quote]: the record is long
  --> example.com.zone:9:1
   |
 9 | / @ TXT ( "v=spf1 "
10 | |   "-all" )
   | |__________^ this one
   |
   = note: RFC 1035, section 5.1

1 warning, 1 info in 2 files
more about a rule: maillint explain zone-unterminated-quote
"#
    );
}

#[test]
fn long_lines_are_cut_to_what_matters() {
    let key: String = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"
        .chars()
        .cycle()
        .take(400)
        .collect();
    let zone = format!("sel._domainkey TXT \"v=DKIM1; k=rsa; p={key}\" ; the key\n");
    let sources = files(&[("example.com.zone", zone.as_bytes())]);
    let whole = place(&sources, "example.com.zone", &key);
    let first = finding(Severity::Error, whole, "the string is too long", "400 characters");
    let at = whole.start + 250;
    let inside = Span {
        start: at,
        end: at + 3,
        ..whole
    };
    let mut second = finding(Severity::Warning, inside, "not base64", "here");
    second.fix = fix(
        "split the string",
        Safety::Safe,
        &[(Span { end: at, ..inside }, "\" \"")],
    );
    assert_eq!(
        output("human", &sources, &[first, second]),
        r#"error[zone-unterminated-quote]: the string is too long
 --> example.com.zone:1:39
  |
1 | sel._domainkey TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0B…AQ8AMIIBCgKCAQEAMIIB" ; the key
  |                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 400 characters
  |
  = note: RFC 1035, section 5.1

warning[zone-unterminated-quote]: not base64
 --> example.com.zone:1:289
  |
1 | sel._domainkey TXT "v=DK…kqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAMIIBIjANB…
  |                                              ^^^ here
  |
  = note: RFC 1035, section 5.1
help: split the string
  |
1 | sel._domainkey TXT "v=DK…kqhkiG9w0BAQEFAAOCAQ" "8AMIIBCgKCAQEAMIIBIj…
  |                                              +++

1 error, 1 warning in 1 file
more about a rule: maillint explain zone-unterminated-quote
"#
    );
}

#[test]
fn a_line_of_many_megabytes_is_cut_too() {
    let mut text = vec![b'a'; 20 << 20];
    text.extend(b"\"FAULT\"");
    text.resize(40 << 20, b'b');
    let sources = files(&[("one.json", &text)]);
    let found = finding(Severity::Error, place(&sources, "one.json", "FAULT"), "bad", "here");
    let written = output("human", &sources, &[found]);
    assert!(written.contains(" --> one.json:1:20971522\n"), "{written}");
    let line = "1 | aaaaaaaaaaaaaaaaaaaaaaaa…aaaaaaaaaaaaaaaaaaa\"FAULT\"bbbbbbbbbbbbbbbbbbb…\n";
    assert!(written.contains(line), "{written}");
    assert!(written.contains(&format!("  | {:45}^^^^^ here\n", "")), "{written}");
}

#[test]
fn odd_bytes_are_seen() {
    let zone = b"caf\xe9 TXT \"\0\x1b[1m\xe2\x80\xae\xe2\x80\x8bx\xff\"\ty\r \r\n";
    let sources = files(&[("a.zone", zone)]);
    let span = place(&sources, "a.zone", "x");
    let found = finding(Severity::Error, span, "odd \u{1b}[31m\n\u{feff}", "the \u{2066}x");
    assert_eq!(
        output("human", &sources, &[found]),
        "error[zone-unterminated-quote]: odd ␛[31m␊<U+FEFF>
 --> a.zone:1:18
  |
1 | caf<E9> TXT \"␀␛[1m<U+202E><U+200B>x<FF>\"    y␍\u{20}
  |                                   ^ the <U+2066>x
  |
  = note: RFC 1035, section 5.1

1 error in 1 file
more about a rule: maillint explain zone-unterminated-quote
"
    );
}

#[test]
fn ends_of_lines_and_files_have_places() {
    let sources = files(&[("a.zone", b"one\r\ntwo\r\nthree")]);
    let id = sources.all()[0].id;
    // At the end of a line, its line break alone, a carriage return, a line with its break, the end of the file.
    let places = [3..3, 4..5, 3..5, 8..9, 0..5, 15..15];
    let expected = [
        "1:4\n  |\n1 | one\n  |    ^\n",
        "1:5\n  |\n1 | one␍\n  |     ^\n",
        "1:4\n  |\n1 | one\n  |    ^\n",
        "2:4\n  |\n2 | two␍\n  |    ^\n",
        "1:1\n  |\n1 | one\n  | ^^^\n",
        "3:6\n  |\n3 | three\n  |      ^\n",
    ];
    for (place, expected) in places.into_iter().zip(expected) {
        let found = finding(Severity::Error, Span::new(id, place.clone()), "bad", "");
        let written = output("human", &sources, &[found]);
        assert!(written.contains(expected), "{place:?}: {written}");
    }
    let sources = files(&[("empty.zone", b"")]);
    let found = finding(Severity::Error, sources.all()[0].span(), "empty", "nothing here");
    let written = output("human", &sources, &[found]);
    assert!(
        written.contains("empty.zone:1:1\n  |\n1 |\n  | ^ nothing here\n"),
        "{written}"
    );
}

#[test]
fn changes_in_several_lines_and_files() {
    let sources = files(&[("a.zone", b"one\ntwo\nthree\nfour\n"), ("b.zone", b"five\n")]);
    let mut found = finding(Severity::Warning, place(&sources, "a.zone", "one"), "bad", "");
    let edits = [
        (place(&sources, "b.zone", "five"), "5"),
        (place(&sources, "a.zone", "one"), "1"),
        (place(&sources, "a.zone", "three\n"), ""),
    ];
    found.fix = fix("write numbers", Safety::Safe, &edits);
    assert_eq!(
        output("human", &sources, &[found]),
        "warning[zone-unterminated-quote]: bad
 --> a.zone:1:1
  |
1 | one
  | ^^^
  |
  = note: RFC 1035, section 5.1
help: write numbers
  |
1 - one
1 + 1
  |
3 - three
  |
 --> b.zone:1:1
  |
1 - five
1 + 5

1 warning in 2 files
more about a rule: maillint explain zone-unterminated-quote
"
    );
}

#[test]
fn many_other_places_are_counted() {
    let sources = files(&[("a.zone", "x\n".repeat(30).as_bytes())]);
    let id = sources.all()[0].id;
    let mut found = finding(Severity::Info, Span::new(id, 0..1), "bad", "");
    found.related = (1..25)
        .map(|line| label(Span::new(id, line * 2..line * 2 + 1), "here too"))
        .collect();
    let written = output("human", &sources, &[found]);
    assert_eq!(written.matches("here too").count(), 10);
    assert!(
        written.contains("   = note: 14 more places, which `--format json` names\n"),
        "{written}"
    );
}

#[test]
fn places_far_apart_are_drawn_apart() {
    let sources = files(&[("a.zone", "x\n".repeat(2000).as_bytes())]);
    let id = sources.all()[0].id;
    let mut found = finding(Severity::Warning, Span::new(id, 3000..3001), "twice", "again");
    found.related = vec![label(Span::new(id, 10..11), "first")];
    let written = output("human", &sources, &[found]);
    let expected = "    --> a.zone:1501:1
     |
1501 | x
     | ^ again
     |
    ::: a.zone:6:1
     |
   6 | x
     | - first
     |
";
    assert!(written.contains(expected), "{written}");
}

#[test]
fn the_last_lines_say_what_was_done() {
    let summary = |counts: Counts| output_with("human", &files(&[]), &[], |report| report.counts = counts);
    let counts = Counts {
        files: 12,
        records: 340,
        ..Counts::default()
    };
    assert_eq!(summary(counts), "all good: 340 records in 12 files checked\n");
    let not_shown = |errors, warnings, infos| Counts {
        not_shown: Tally {
            errors,
            warnings,
            infos,
        },
        ..counts
    };
    assert_eq!(
        summary(not_shown(0, 0, 7)),
        "no errors or warnings in 12 files (7 infos not shown; see them with --min-severity info)\n"
    );
    assert_eq!(
        summary(not_shown(0, 1, 0)),
        "no errors in 12 files (1 warning not shown; see it with --min-severity warning)\n"
    );
    let one = Counts {
        files: 1,
        records: 0,
        partly_known: 1,
        ..counts
    };
    assert_eq!(
        summary(one),
        "all good: 1 file checked\n1 value depends on variables or templates and was checked in part\n"
    );
    let many = Counts {
        partly_known: 14,
        ..counts
    };
    assert!(summary(many).ends_with("14 values depend on variables or templates and were checked in part\n"));
}

#[test]
fn paths_are_as_people_can_open_them() {
    let sources = files(&[("zones/a.zone", b"x\n")]);
    let found = [finding(
        Severity::Error,
        place(&sources, "zones/a.zone", "x"),
        "bad",
        "",
    )];
    let shown = |name| {
        output_with(name, &sources, &found, |report| {
            report.shown_path = &|path| format!("../{path}")
        })
    };
    assert!(shown("human").contains(" --> ../zones/a.zone:1:1\n"));
    assert!(shown("short").starts_with("../zones/a.zone:1:1: error: "));
    assert!(shown("github").starts_with("::error file=zones/a.zone,"));
    assert_eq!(json("json", &sources, &found)["diagnostics"][0]["path"], "zones/a.zone");
    assert!(shown("sarif").contains("\"uri\": \"zones/a.zone\""));
}

#[test]
fn colours_are_left_out_unless_asked_for() {
    let sources = files(&[("a.zone", b"x\n")]);
    let mut found = finding(Severity::Error, place(&sources, "a.zone", "x"), "bad", "");
    found.fix = fix("mend", Safety::Safe, &[(found.primary.span, "y")]);
    let found = [found];
    let plain = output("human", &sources, &found);
    assert!(!plain.contains('\u{1b}'));
    let coloured = output_with("human", &sources, &found, |report| report.colour = true);
    let mut stripped = String::new();
    let mut parts = coloured.split('\u{1b}');
    stripped.push_str(parts.next().unwrap_or_default());
    for part in parts {
        stripped.push_str(part.split_once('m').expect("a style").1);
    }
    assert_eq!(stripped, plain);
}
