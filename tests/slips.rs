//! What the writers of records meant, and where it stands.

mod cases;

use maillint::{record::Record, slip};

/// The first TXT record of a zone, and what `look` sees in it.
fn with_text<T>(zone: &str, look: impl Fn(&Record, &str, &dyn Fn(&str) -> String) -> T) -> T {
    let zone = format!("$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n{zone}");
    let sources = cases::sources(&[("example.com.zone", zone.as_str())]);
    let outcome = cases::lint(&sources, &[]);
    let records = &outcome.inspected[0].scan.records;
    let record = records
        .iter()
        .find(|record| record.txt().is_some())
        .expect("a TXT record");
    let text = slip::meant_text(record, record.txt().expect("just found"));
    let meant = String::from_utf8_lossy(text.bytes()).into_owned();
    // What the file has where a part of the meant text stands.
    let written = |part: &str| {
        let at = meant.find(part).expect("it is in the text");
        let span = text.span(at..at + part.len()).expect("it has a place");
        String::from_utf8_lossy(sources.bytes(span)).into_owned()
    };
    look(record, &meant, &written)
}

fn meant(zone: &str) -> String {
    with_text(zone, |_, meant, _| meant.to_string())
}

#[test]
fn texts_are_read_as_they_were_meant() {
    for (written, expected) in [
        // Nothing slipped.
        ("a TXT \"v=spf1 mx -all\"", "v=spf1 mx -all"),
        ("a TXT \"v=spf1 \" \"mx -all\"", "v=spf1 mx -all"),
        ("a TXT token ; a comment", "token"),
        (
            "a TXT \"v=spf1 include:a\" \".example -all\"",
            "v=spf1 include:a.example -all",
        ),
        // A comment that was text.
        ("_dmarc TXT v=DMARC1; p=reject", "v=DMARC1; p=reject"),
        ("_dmarc TXT v=DMARC1;p=reject", "v=DMARC1;p=reject"),
        ("_dmarc TXT v=DMARC1 ; p=reject", "v=DMARC1; p=reject"),
        (
            "_dmarc TXT v=DMARC1 ; p=none ; rua=mailto:a@example.com",
            "v=DMARC1; p=none ; rua=mailto:a@example.com",
        ),
        ("_dmarc TXT v=DMARC1; p=reject ; at last", "v=DMARC1; p=reject"),
        ("_dmarc TXT v=DMARC1; p=reject\\; x=\\065", "v=DMARC1; p=reject; x=A"),
        ("_dmarc TXT ( v=DMARC1; p=none )\nb TXT \"y\"", "v=DMARC1; p=none"),
        ("_dmarc TXT ( v=DMARC1; p=none ) ; all\nb TXT \"y\"", "v=DMARC1; p=none"),
        ("_dmarc TXT ( v=DMARC1; x=(a) )\nb TXT \"y\"", "v=DMARC1; x=(a)"),
        // Words.
        ("@ TXT v=spf1   mx\t-all", "v=spf1 mx -all"),
        ("@ TXT v=spf1 \" mx \" -all", "v=spf1 mx -all"),
        ("_dmarc TXT v=DMARC1\\; p=none; sp=none", "v=DMARC1; p=none; sp=none"),
        // Quotes.
        ("_dmarc TXT 'v=DMARC1; p=none'", "v=DMARC1; p=none"),
        ("_dmarc TXT “v=DMARC1; p=none”", "v=DMARC1; p=none"),
        ("_dmarc TXT 'v=DMARC1; p=none' ; ours", "v=DMARC1; p=none"),
        ("@ TXT `v=spf1 mx -all`", "v=spf1 mx -all"),
        ("@ TXT \"\\\"v=spf1 -all\\\"\"", "v=spf1 -all"),
        ("a TXT \"\\\"v=DKIM1; \\\" \\\"p=MIGf\\\"\"", "v=DKIM1; p=MIGf"),
        ("_dmarc TXT \\\"v=DMARC1; p=none\\\"", "v=DMARC1; p=none"),
        ("a TXT \"\\\"a\\\" and \\\"b\\\"\"", "\"a\" and \"b\""),
        // Boundaries.
        ("@ TXT \"v=spf1 mx\" \"a\" \"-all\"", "v=spf1 mx a -all"),
        ("_mta-sts TXT \"v=STSv1\" \"id=1\"", "v=STSv1; id=1"),
        ("_dmarc TXT 300 \"v=DMARC1; \" \"p=none\"", "v=DMARC1; p=none"),
        ("_dmarc TXT IN v=DMARC1; p=none", "v=DMARC1; p=none"),
    ] {
        assert_eq!(meant(&format!("{written}\n")), expected, "{written}");
    }
}

#[test]
fn a_meant_text_knows_where_it_stands() {
    with_text("_dmarc TXT v=DMARC1 ; p=rej\\101ct\n", |_, _, written| {
        assert_eq!(written("DMARC1"), "DMARC1");
        assert_eq!(written("rejec"), "rej\\101c");
        assert_eq!(written("1; p"), "1 ; p");
    });
    with_text("@ TXT 'v=spf1 (\n  mx ; comment\n  -all' )\n", |_, meant, written| {
        assert_eq!(meant, "v=spf1 mx -all");
        assert_eq!(written("v=spf1"), "v=spf1");
        assert_eq!(written("mx"), "mx");
        assert_eq!(written("-all"), "-all");
    });
    with_text("@ TXT \"\\\"v=spf1 \\109x -all\\\"\"\n", |_, _, written| {
        assert_eq!(written("mx"), "\\109x");
        assert_eq!(written("-all"), "-all");
    });
}

#[test]
fn a_template_may_bring_what_is_lacking() {
    for zone in [
        "@ TXT {{ quote }}v=spf1 mx a -all{{ quote }}\n",
        "_dmarc TXT {{ record }}; p=none\n",
        "@ TXT {{ a }} {{ b }} {{ c }}\n",
        "@ TXT \"v=spf1 mx{{ more }}\" \"-all\"\n",
        "@ TXT \"v=spf1 mx\" \"{{ more }}-all\"\n",
    ] {
        with_text(zone, |record, _, _| {
            assert!(slip::of(record, record.txt().expect("text")).is_none(), "{zone}");
        });
    }
    // What it brings is unknown, and what it does not is known.
    with_text("_dmarc TXT v=DMARC1; p={{ policy }}; sp=none\n", |record, meant, _| {
        assert_eq!(meant, "v=DMARC1; p=; sp=none");
        let text = slip::meant_text(record, record.txt().expect("text"));
        assert!(!text.is_complete() && text.is_known(0..8) && !text.is_known(10..12));
    });
}

#[test]
fn a_forgotten_dot_doubles_the_zone() {
    for (owner, expected) in [
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("example.com", "example.com"),
        ("_DMARC.a.EXAMPLE.com", "_DMARC.a.EXAMPLE.com"),
        // As it is written.
        ("_dmarc", "_dmarc.example.com"),
        ("_dmarc.example.com.example.com.", "_dmarc.example.com.example.com"),
        ("a.example.net", "a.example.net.example.com"),
    ] {
        let zone = format!("$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n{owner} TXT \"x\"\n");
        let sources = cases::sources(&[("example.com.zone", zone.as_str())]);
        let outcome = cases::lint(&sources, &[]);
        let scan = &outcome.inspected[0].scan;
        let record = scan.records.last().expect("a record");
        assert_eq!(slip::meant_owner(record, scan).to_string(), expected, "{owner}");
    }
}
