//! Names that are like those at which policies are looked up: each spelling, what was meant, and the names that are no slips.

mod cases;

use maillint::diagnostic::Diagnostic;

const MTA_STS: &str = "TXT \"v=STSv1; id=1\"";
const TLS_RPT: &str = "TXT \"v=TLSRPTv1; rua=mailto:t@example.com\"";
const BIMI: &str = "TXT \"v=BIMI1; l=https://example.com/l.svg\"";
const DMARC: &str = "TXT \"v=DMARC1; p=none\"";

/// A zone with this record, beside an MX record and others.
fn zone(record: &str, others: &str) -> String {
    format!(
        "$ORIGIN example.com.\n$TTL 3600\n@ SOA ns1.example.net. h.example.net. 1 7200 3600 1209600 3600\n\
         @ NS ns1.example.net.\n@ MX 10 mx1\nmx1 A 192.0.2.25\n{others}{record}\n"
    )
}

/// What rules about names find in it.
fn found(record: &str, others: &str) -> Vec<Diagnostic> {
    found_in(&zone(record, others))
}

fn found_in(zone: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.com.zone", zone)]);
    cases::lint(&sources, &cases::select(&["names"])).diagnostics
}

/// Whether a record is reported by a rule, as one that belongs at another name.
fn is_reported(record: &str, rule: &str, right: &str) -> Result<(), String> {
    let found = found(record, "");
    let is_it = |one: &Diagnostic| {
        let help = one.help.as_deref().unwrap_or_default();
        one.rule == rule && one.severity.name() == "error" && help == format!("move it to `{right}`")
    };
    match &found[..] {
        [one] if is_it(one) => Ok(()),
        _ => Err(format!("{record}: not as `{right}`: {found:#?}")),
    }
}

/// The owners that are slips whatever is there, with the name that was meant.
const SLIPS: &[(&str, &str)] = &[
    ("_dmarc_", "_dmarc"),
    ("__dmarc", "_dmarc"),
    ("-dmarc", "_dmarc"),
    ("_dmarc-", "_dmarc"),
    ("_dmark", "_dmarc"),
    ("_damrc", "_dmarc"),
    ("_dmacr", "_dmarc"),
    ("_domarc", "_dmarc"),
    ("_DMARK", "_dmarc"),
    ("_dmarc._domainkey", "_dmarc"),
    ("_mta_sts", "_mta-sts"),
    ("mta_sts", "_mta-sts"),
    ("_mtasts", "_mta-sts"),
    ("_mta-st", "_mta-sts"),
    ("_mts-sta", "_mta-sts"),
    ("_smtp_sts", "_mta-sts"),
    ("_smtp-sts", "_mta-sts"),
    ("_smtp-tlsrpt", "_smtp._tls"),
    ("_smtp-tls", "_smtp._tls"),
    ("_smtp_tls", "_smtp._tls"),
    ("_smtp.tls", "_smtp._tls"),
    ("smtp._tls", "_smtp._tls"),
    ("_smtps._tls", "_smtp._tls"),
    ("_tls._smtp", "_smtp._tls"),
    ("_tlsrpt", "_smtp._tls"),
    ("_tls-rpt", "_smtp._tls"),
    ("_smtp.tlsrpt", "_smtp._tls"),
    ("_smtp._tlsrpt", "_smtp._tls"),
    ("_bimi", "default._bimi"),
    ("default_bimi", "default._bimi"),
    ("_bimi.default", "default._bimi"),
    ("default._bmi", "default._bimi"),
    ("s1.domainkey", "s1._domainkey"),
    ("s1._domainkeys", "s1._domainkey"),
    ("s1_domainkey", "s1._domainkey"),
];

#[test]
fn each_slip_is_reported_whatever_stands_there_and_with_the_zone_twice() {
    let mut wrong = Vec::new();
    for (owner, right) in SLIPS {
        for zone in ["", ".example.com.example.com."] {
            for data in ["CNAME policies.example.net.", "TXT \"{{ policy }}\""] {
                let right = format!("{right}.example.com");
                wrong.extend(is_reported(&format!("{owner}{zone} {data}"), "owner-near-miss", &right).err());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_right_name_with_the_zone_twice_is_reported() {
    for right in ["_dmarc", "_mta-sts", "_smtp._tls", "default._bimi", "s1._domainkey"] {
        let record = format!("{right}.example.com.example.com. CNAME policies.example.net.");
        is_reported(&record, "owner-near-miss", &format!("{right}.example.com")).expect("it is");
    }
    let record = format!("_mta-sts.example.com.example.com. {MTA_STS}");
    is_reported(&record, "owner-near-miss", "_mta-sts.example.com").expect("it is");
    let record = format!("_smtp._tls.example.com.example.com. {TLS_RPT}");
    is_reported(&record, "owner-near-miss", "_smtp._tls.example.com").expect("it is");
}

#[test]
fn names_that_others_have_too_are_slips_by_what_stands_there() {
    let slips = [
        ("dmarc CNAME _dmarc.example.net.", "_dmarc.example.com"),
        ("dmarc._domainkey CNAME _dmarc.example.net.", "_dmarc.example.com"),
        ("mta-sts CNAME _mta-sts.example.net.", "_mta-sts.example.com"),
        ("_sts CNAME _mta-sts.example.net.", "_mta-sts.example.com"),
        ("_sts TXT \"v=STS1; id=1\"", "_mta-sts.example.com"),
        ("_smtp CNAME _smtp._tls.example.net.", "_smtp._tls.example.com"),
        ("_tls TXT \"rua=mailto:t@example.com\"", "_smtp._tls.example.com"),
        ("_smtp._tcp CNAME _smtp._tls.example.net.", "_smtp._tls.example.com"),
        ("bimi CNAME default._bimi.example.net.", "default._bimi.example.com"),
        (
            "default.bimi CNAME default._bimi.example.net.",
            "default._bimi.example.com",
        ),
        (
            "s1._domain CNAME s1._domainkey.example.net.",
            "s1._domainkey.example.com",
        ),
        (
            "_domainkey.s1 CNAME s1._domainkey.example.net.",
            "s1._domainkey.example.com",
        ),
    ];
    for (record, right) in slips {
        is_reported(record, "owner-near-miss", right).expect("it is");
    }
}

#[test]
fn texts_tell_the_right_name_wherever_they_stand() {
    let texts = [
        ("mta-sts", MTA_STS, "_mta-sts"),
        ("@", MTA_STS, "_mta-sts"),
        ("mx1", MTA_STS, "_mta-sts"),
        ("_mta_sts", MTA_STS, "_mta-sts"),
        ("_sts", MTA_STS, "_mta-sts"),
        ("mta-sts.example.com.example.com.", MTA_STS, "_mta-sts"),
        ("@", TLS_RPT, "_smtp._tls"),
        ("_smtp-tlsrpt", TLS_RPT, "_smtp._tls"),
        ("_smtp", TLS_RPT, "_smtp._tls"),
        ("_tls", TLS_RPT, "_smtp._tls"),
        ("_smtp._tcp", TLS_RPT, "_smtp._tls"),
        ("_smtp.tls", TLS_RPT, "_smtp._tls"),
        ("bimi", BIMI, "default._bimi"),
        ("default.bimi", BIMI, "default._bimi"),
        ("default._bmi", BIMI, "default._bimi"),
        ("@", BIMI, "default._bimi"),
    ];
    for (owner, text, right) in texts {
        let right = format!("{right}.example.com");
        is_reported(&format!("{owner} {text}"), "record-at-wrong-name", &right).expect("it is");
    }
    is_reported(
        "_mta_sts TXT \"v=STSv1; id={{ id }}\"",
        "record-at-wrong-name",
        "_mta-sts.example.com",
    )
    .expect("it is");
}

#[test]
fn a_policy_for_a_host_that_takes_or_sends_no_mail_is_reported() {
    let record = format!("_mta-sts.mta-sts {MTA_STS}");
    is_reported(&record, "owner-near-miss", "_mta-sts.example.com").expect("it is");
    let record = format!("_dmarc.www {DMARC}");
    is_reported(&record, "owner-near-miss", "_dmarc.example.com").expect("it is");
    // Nearly: the host exists, or the domain has its own.
    assert!(found(&record, "www A 192.0.2.80\n").is_empty());
    assert!(found(&record, "_dmarc TXT \"v=DMARC1; p=reject\"\n").is_empty());
    let record = format!("_mta-sts.mta-sts {MTA_STS}");
    assert!(found(&record, "mta-sts MX 10 mx1\n").is_empty());
}

#[test]
fn names_that_are_right_or_meant_as_they_are_are_none() {
    let records = [
        format!("_mta-sts {MTA_STS}"),
        format!("_smtp._tls {TLS_RPT}"),
        format!("_smtp._tls.mx1 {TLS_RPT}"),
        format!("default._bimi {BIMI}"),
        format!("_dmarc {DMARC}"),
        // Told by rules about DMARC and DKIM.
        format!("_dmark {DMARC}"),
        format!("dmarc {DMARC}"),
        format!("_dmarc.example.com.example.com. {DMARC}"),
        "s1.domainkey TXT \"v=DKIM1; p=MIGf\"".to_string(),
        "_bimi TXT \"v=BIMI1; l=\"".to_string(),
        // Told by the rules about what is at these names.
        format!("_dmarc {MTA_STS}"),
        format!("_mta-sts {TLS_RPT}"),
        // Hosts, and names that SPF records have.
        "dmarc CNAME dashboard.example.net.".to_string(),
        "dmarc TXT \"site-verification=abc\"".to_string(),
        "dmarc TXT \"v=spf1 -all\"".to_string(),
        "mta-sts CNAME policies.example.net.".to_string(),
        "bimi CNAME images.example.net.".to_string(),
        "default.bimi CNAME images.example.net.".to_string(),
        "dmarc._domainkey CNAME dmarc._domainkey.example.net.".to_string(),
        "_smtp TXT \"v=spf1 ip4:192.0.2.1 -all\"".to_string(),
        "_smtp_tls TXT \"v=spf1 ip4:192.0.2.1 -all\"".to_string(),
        "_smtp TXT \"{{ text }}\"".to_string(),
        "_smtp._tcp SRV 0 0 25 mx1".to_string(),
        "_smtp._tcp CNAME _smtp._tcp.example.net.".to_string(),
        "_tls TXT \"abc\"".to_string(),
        "_sts CNAME sts.example.net.".to_string(),
        "s1._domain CNAME s1.example.net.".to_string(),
        "_domainkey TXT \"o=~\"".to_string(),
        "_mta_sts A 192.0.2.1".to_string(),
        // Of a domain that is not there.
        "_mta_sts.shop CNAME _mta-sts.example.net.".to_string(),
        // It may answer for the right name.
        format!("* {TLS_RPT}"),
        "example.net._report._dmarc TXT \"v=DMARC1\"".to_string(),
    ];
    for record in records {
        let found = found(&record, "");
        let of_owners = |one: &&Diagnostic| matches!(one.rule, "owner-near-miss" | "record-at-wrong-name");
        assert_eq!(found.iter().filter(of_owners).count(), 0, "{record}: {found:#?}");
    }
}

#[test]
fn what_a_cname_leads_to_is_at_no_wrong_name() {
    for (owner, text, right) in [
        ("sts.policies", MTA_STS, "_mta-sts"),
        ("mta-sts.policies", MTA_STS, "_mta-sts"),
        ("_tls-rpt", TLS_RPT, "_smtp._tls"),
        ("bimi", BIMI, "default._bimi"),
    ] {
        let alias = format!("{right} CNAME {owner}\n");
        let of_owners = |one: &Diagnostic| matches!(one.rule, "owner-near-miss" | "record-at-wrong-name");
        let found = found(&format!("{owner} {text}"), &alias);
        assert!(!found.iter().any(of_owners), "{owner}: {found:#?}");
    }
}

#[test]
fn names_made_to_keep_or_to_put_aside_are_an_info() {
    for (owner, text) in [
        ("_mta-sts-old", MTA_STS),
        ("shop._mta-sts", MTA_STS),
        ("example-net.mta-sts.policies", MTA_STS),
        ("_smtp-tls-disabled", TLS_RPT),
        ("old._bimi-archive", BIMI),
    ] {
        let found = found(&format!("{owner} {text}"), "");
        let [one] = &found[..] else {
            panic!("{owner}: {found:#?}")
        };
        assert_eq!(
            (one.rule, one.severity.name()),
            ("record-at-wrong-name", "info"),
            "{owner}"
        );
    }
}

#[test]
fn beside_a_record_at_the_right_name_it_is_a_warning_without_a_repair() {
    for (record, right) in [
        (format!("mta-sts {MTA_STS}"), format!("_mta-sts {MTA_STS}\n")),
        (
            "_mta_sts CNAME x.example.net.".to_string(),
            format!("_mta-sts {MTA_STS}\n"),
        ),
    ] {
        let found = found(&record, &right);
        let [one] = &found[..] else {
            panic!("{record}: {found:#?}")
        };
        assert_eq!(one.severity.name(), "warning", "{record}");
        assert!(
            one.fix.is_none() && one.message.ends_with("does nothing"),
            "{record}: {one:#?}"
        );
    }
}

#[test]
fn a_record_at_a_wrong_name_is_not_missing() {
    let rules = cases::select(&["dmarc-missing-record"]);
    for (record, count) in [
        ("_dmark CNAME _dmarc.example.net.", 0),
        ("dmarc TXT \"v=DMARC1; p=none\"", 0),
        ("dmarc CNAME _dmarc.example.net.", 0),
        ("_dmarc.example.com.example.com. CNAME _dmarc.example.net.", 0),
        ("dmarc CNAME dashboard.example.net.", 1),
    ] {
        let sources = cases::sources(&[("example.com.zone", zone(record, ""))]);
        assert_eq!(cases::lint(&sources, &rules).diagnostics.len(), count, "{record}");
    }
}

#[test]
fn a_name_is_written_anew_as_it_was_written() {
    for (record, new) in [
        ("_mta_sts CNAME _mta-sts.example.net.", "_mta-sts"),
        (
            "_mta_sts.example.com. CNAME _mta-sts.example.net.",
            "_mta-sts.example.com.",
        ),
        ("@ TXT \"v=STSv1; id=1\"", "_mta-sts"),
        (
            "_smtp-tlsrpt TXT \"v=TLSRPTv1; rua=mailto:t@example.com\"",
            "_smtp._tls",
        ),
        ("s1.domainkey CNAME s1._domainkey.example.net.", "s1._domainkey"),
        ("_dmark.mx1 CNAME _dmarc.example.net.", "_dmarc.mx1"),
    ] {
        let found = found(record, "");
        let fix = found.first().and_then(|one| one.fix.as_ref());
        let edits = fix.map(|fix| fix.edits.iter().map(|edit| edit.new.as_str()).collect::<Vec<_>>());
        assert_eq!(edits, Some(vec![new]), "{record}: {found:#?}");
        // And then nothing is wrong with it any more.
        let mut text = zone(record, "");
        for edit in fix.iter().flat_map(|fix| &fix.edits) {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.new);
        }
        assert!(found_in(&text).is_empty(), "{text}");
    }
}
