//! Repairs of SPF records: what they write, and that it helps.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

/// A file with one record; its owner, type and data are written as they are given.
fn zone(record: &str) -> String {
    format!("$TTL 3600\n{record}\n")
}

fn found(text: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.com.zone", text)]);
    cases::lint(&sources, &cases::select(&["spf"])).diagnostics
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

/// The first finding of a rule about a record.
#[track_caller]
fn finding(rule: &str, record: &str) -> Diagnostic {
    let mut all = found(&zone(record)).into_iter();
    all.find(|finding| finding.rule == rule).expect("the rule reports")
}

/// Asserts what the first repair of a rule makes of a record, and that the rule is then content.
#[track_caller]
fn repairs(rule: &str, safety: Safety, record: &str, expected: &str) {
    let finding = finding(rule, record);
    let text = repaired(&zone(record), &finding);
    assert_eq!(text.as_deref(), Some(zone(expected).as_str()));
    assert_eq!(finding.fix.map(|fix| fix.safety), Some(safety));
    let left: Vec<_> = found(&zone(expected))
        .into_iter()
        .filter(|one| one.rule == rule)
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// What brings a dead record to life, or changes what it says.
#[track_caller]
fn decided(rule: &str, record: &str, expected: &str) {
    repairs(rule, Safety::Unsafe, record, expected);
}

/// What changes nothing for a receiver.
#[track_caller]
fn safe(rule: &str, record: &str, expected: &str) {
    repairs(rule, Safety::Safe, record, expected);
}

#[track_caller]
fn none(rule: &str, record: &str) {
    assert_eq!(finding(rule, record).fix, None);
}

#[test]
fn a_record_is_made_to_begin_with_its_version() {
    decided(
        "spf-version-missing",
        r#"a TXT "ip4:192.0.2.1 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.1 -all""#,
    );
    decided(
        "spf-version-invalid",
        r#"a TXT "v = " "spf1 mx -all""#,
        r#"a TXT "v=spf1" " mx -all""#,
    );
    decided(
        "spf-version-invalid",
        r#"a TXT "v=spf1.0; mx -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided("spf-version-invalid", r#"a TXT "spf1""#, r#"a TXT "v=spf1""#);
    decided(
        "spf-version-not-terminated",
        r#"a TXT "v=spf1; mx -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-version-not-terminated",
        r#"a TXT "v=spf1\059mx -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-version-not-terminated",
        r#"a TXT "v=spf1-all""#,
        r#"a TXT "v=spf1 -all""#,
    );
    decided(
        "spf-leading-junk",
        r#"a TXT " \032v=spf1 -all""#,
        r#"a TXT "v=spf1 -all""#,
    );
    decided("spf-leading-junk", r#"a TXT "nv=spf1 -all""#, r#"a TXT "v=spf1 -all""#);
    safe(
        "spf-version-case",
        r#"a TXT "V=S" "\080F1 -all""#,
        r#"a TXT "v=spf1" " -all""#,
    );
    safe(
        "spf-version-repeated",
        r#"a TXT "v=spf1 mx v=spf1 -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    // A qualifier makes it an error, without which the record comes to life.
    decided(
        "spf-version-repeated",
        r#"a TXT "v=spf1 mx -v=spf1 -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
}

#[test]
fn the_type_becomes_txt() {
    decided(
        "spf-type99",
        r#"a 300 IN SPF ("v=spf1 -all")"#,
        r#"a 300 IN TXT ("v=spf1 -all")"#,
    );
    decided("spf-type99", r#"spf type99 "v=spf1 -all""#, r#"spf TXT "v=spf1 -all""#);
    none("spf-type99", r#"a SPF "v=spf10 -all""#);
    none("spf-type99", "a TXT \"v=spf1 -all\"\na SPF \"v=spf1 -all\"");
}

#[test]
fn characters_are_written_as_they_are_meant() {
    decided(
        "spf-non-ascii",
        r#"a TXT "v=spf1 mx –all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-non-ascii",
        r#"a TXT "v=spf1 mx\194\160\226\128\147a" "ll\226\128\139""#,
        r#"a TXT "v=spf1 mx -a" "ll""#,
    );
    none("spf-non-ascii", r#"a TXT "v=spf1 include:münchen.example –all""#);
    decided(
        "spf-control-char",
        r#"a TXT "v=spf1 mx\013\010-all\009""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-control-char",
        r#"a TXT "v=spf1 m\000x -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-stray-quote",
        r#"a TXT "v=spf1 a:\"b.example\" -all""#,
        r#"a TXT "v=spf1 a:b.example -all""#,
    );
    decided(
        "spf-stray-quote",
        r#"a TXT "'v=spf1 mx -all'""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-stray-quote",
        r#"a TXT "v=spf1 mx\\\" \\\"-all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-stray-quote",
        r#"a TXT "v=spf1 mx\"\"-all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-stray-backslash",
        r#"a TXT "v=spf1 mx\\ -all\\n""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
}

#[test]
fn terms_are_separated_by_blanks() {
    decided(
        "spf-bad-separator",
        r#"a TXT "v=spf1 a,mx, \059-all;""#,
        r#"a TXT "v=spf1 a mx -all""#,
    );
    decided(
        "spf-missing-space",
        r#"a TXT "v=spf1 mx-all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-string-boundary",
        r#"a TXT "v=spf1 mx" "-all""#,
        r#"a TXT "v=spf1 mx " "-all""#,
    );
    decided(
        "spf-bad-qualifier",
        r#"a TXT "v=spf1 mx -  all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-bad-qualifier",
        r#"a TXT "v=spf1 mx ~-all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    decided(
        "spf-bad-qualifier",
        r#"a TXT "v=spf1 -redirect=b.example""#,
        r#"a TXT "v=spf1 redirect=b.example""#,
    );
}

#[test]
fn terms_are_written_as_they_are_meant() {
    decided(
        "spf-unknown-mechanism",
        r#"a TXT "v=spf1 ipv4:192.0.2.1 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.1 -all""#,
    );
    decided(
        "spf-unknown-mechanism",
        r#"a TXT "v=spf1 ip:2001:db8::1 -all""#,
        r#"a TXT "v=spf1 ip6:2001:db8::1 -all""#,
    );
    decided(
        "spf-unknown-mechanism",
        r#"a TXT "v=spf1 -all\108""#,
        r#"a TXT "v=spf1 -all""#,
    );
    none("spf-unknown-mechanism", r#"a TXT "v=spf1 mail.example.com -all""#);
    decided(
        "spf-bare-address",
        r#"a TXT "v=spf1 +192.0.2.0/24 -all""#,
        r#"a TXT "v=spf1 +ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-mechanism-equals",
        r#"a TXT "v=spf1 ipv4=192.0.2.1 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.1 -all""#,
    );
    none("spf-mechanism-equals", r#"a TXT "v=spf1 mx all=deny""#);
    decided(
        "spf-modifier-colon",
        r#"a TXT "v=spf1 redirect:b.example""#,
        r#"a TXT "v=spf1 redirect=b.example""#,
    );
    decided(
        "spf-all-argument",
        r#"a TXT "v=spf1 mx -all." ".""#,
        r#"a TXT "v=spf1 mx -all" """#,
    );
    decided(
        "spf-missing-argument",
        r#"a TXT "v=spf1 include: b.example -all""#,
        r#"a TXT "v=spf1 include:b.example -all""#,
    );
    decided(
        "spf-missing-argument",
        r#"a TXT "v=spf1 ip4 192.0.2.1 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.1 -all""#,
    );
    none("spf-missing-argument", r#"a TXT "v=spf1 a: -all""#);
}

#[test]
fn what_says_nothing_is_removed_or_moved() {
    safe(
        "spf-unknown-modifier",
        r#"a TXT "v=spf1 mx" " moo=cow -all""#,
        r#"a TXT "v=spf1 mx" " -all""#,
    );
    // A record that is an error comes to life with it.
    decided(
        "spf-unknown-modifier",
        r#"a TXT "v=spf1 mx moo=% -all""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    safe(
        "spf-report-modifier-unused",
        r#"a TXT "v=spf1 mx -all rp=10""#,
        r#"a TXT "v=spf1 mx -all""#,
    );
    safe(
        "spf-redirect-with-all",
        r#"a TXT "v=spf1 redirect=b.example -all""#,
        r#"a TXT "v=spf1 -all""#,
    );
    safe(
        "spf-modifier-not-last",
        r#"a TXT "v=spf1 redirect=b.ex" "ample mx a ""#,
        r#"a TXT "v=spf1" " mx a redirect=b.example ""#,
    );
    none(
        "spf-modifier-not-last",
        r#"a TXT "v=spf1 redirect=b.example mx {{ more }}""#,
    );
    safe(
        "spf-duplicate-term",
        r#"a TXT "v=spf1 a mx a:a.example.com -all""#,
        r#"a TXT "v=spf1 a mx -all""#,
    );
    decided(
        "spf-terms-after-all",
        r#"a TXT "v=spf1 -all mx a exp=b.example""#,
        r#"a TXT "v=spf1 mx a -all exp=b.example""#,
    );
    none("spf-terms-after-all", r#"a TXT "v=spf1 mx ~all -all""#);
}

#[test]
fn domains_are_written_as_domains_and_addresses_as_addresses() {
    decided(
        "spf-ip-as-domain",
        r#"a TXT "v=spf1 -a:192.0.2.0/24 -all""#,
        r#"a TXT "v=spf1 -ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-ip-as-domain",
        r#"a TXT "v=spf1 incl" "ude:2001:db8::1 -all""#,
        r#"a TXT "v=spf1 ip6:" "2001:db8::1 -all""#,
    );
    none("spf-ip-as-domain", r#"a TXT "v=spf1 redirect=192.0.2.1""#);
    none("spf-ip-as-domain", r#"a TXT "v=spf1 exists:192.0.2.1 -all""#);
    none("spf-ip-as-domain", r#"a TXT "v=spf1 a:192.0.2.0/24//64 -all""#);
    decided(
        "spf-domain-unresolvable",
        r#"a TXT "v=spf1 include:https://spf.example.net -all""#,
        r#"a TXT "v=spf1 include:spf.example.net -all""#,
    );
    decided(
        "spf-domain-unresolvable",
        r#"a TXT "v=spf1 include:https://spf.example.net/ -all""#,
        r#"a TXT "v=spf1 include:spf.example.net -all""#,
    );
    decided(
        "spf-domain-unresolvable",
        r#"a TXT "v=spf1 include:postmaster\064example.net -all""#,
        r#"a TXT "v=spf1 include:example.net -all""#,
    );
    none(
        "spf-domain-unresolvable",
        r#"a TXT "v=spf1 include:https://spf.example.net/a.txt -all""#,
    );
    safe(
        "spf-trailing-dot",
        r#"a TXT "v=spf1 a:mail.example.net\046/24 -all""#,
        r#"a TXT "v=spf1 a:mail.example.net/24 -all""#,
    );
    decided(
        "spf-macro-syntax",
        r#"a TXT "v=spf1 exists:%(i" "r).example.org -all""#,
        r#"a TXT "v=spf1 exists:%{ir}" ".example.org -all""#,
    );
    none("spf-macro-syntax", r#"a TXT "v=spf1 exists:%(x).example.org -all""#);
}

#[test]
fn addresses_and_prefix_lengths_are_corrected() {
    decided(
        "spf-ip-family",
        r#"a TXT "v=spf1 ?ip4:2001:db8::/32 -all""#,
        r#"a TXT "v=spf1 ?ip6:2001:db8::/32 -all""#,
    );
    decided(
        "spf-cidr-invalid",
        r#"a TXT "v=spf1 ip4:192.0.2.0/024 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-cidr-invalid",
        r#"a TXT "v=spf1 ip4:192.0.2.0/255.255.\050\0535.0 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-cidr-invalid",
        r#"a TXT "v=spf1 a//064 -all""#,
        r#"a TXT "v=spf1 a//64 -all""#,
    );
    none("spf-cidr-invalid", r#"a TXT "v=spf1 ip4:192.0.2.0/33 -all""#);
    none("spf-cidr-invalid", r#"a TXT "v=spf1 ip4:192.0.2.0/255.0.255.0 -all""#);
    none("spf-cidr-invalid", r#"a TXT "v=spf1 ip4:192.0.2.0/099 -all""#);
    safe(
        "spf-host-bits",
        r#"a TXT "v=spf1 ip4:192.0.2.\049\048/24 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.0/24 -all""#,
    );
    safe(
        "spf-host-bits",
        r#"a TXT "v=spf1 ip6:2001:DB8:0::1/64 -all""#,
        r#"a TXT "v=spf1 ip6:2001:db8::/64 -all""#,
    );
    decided(
        "spf-ip6-v4-mapped",
        r#"a TXT "v=spf1 -ip6:::ffff:192.0.2.0/120 -all""#,
        r#"a TXT "v=spf1 -ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-ip6-v4-mapped",
        r#"a TXT "v=spf1 ip6:::FFFF:c000:201/128 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.1 -all""#,
    );
}

#[test]
fn networks_in_others_are_removed_or_moved() {
    safe(
        "spf-redundant-network",
        r#"a TXT "v=spf1 ip4:192.0.2.0/24  mx ip4:192.0.2.7 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.0/24  mx -all""#,
    );
    safe(
        "spf-redundant-network",
        r#"a TXT "v=spf1 ip4:192.0.2.7 ip4:192.0.2.0/24 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-redundant-network",
        r#"a TXT "v=spf1 192.0.2.7 ip4:192.0.2.0/24 -all""#,
        r#"a TXT "v=spf1 ip4:192.0.2.0/24 -all""#,
    );
    // It spares a look-up.
    none(
        "spf-redundant-network",
        r#"a TXT "v=spf1 ip4:192.0.2.7 mx ip4:192.0.2.0/24 -all""#,
    );
    decided(
        "spf-shadowed-network",
        r#"a TXT "v=spf1 mx ip4:192.0.2.0/24 a" " -ip4:192.0.2.7 -all""#,
        r#"a TXT "v=spf1 mx -ip4:192.0.2.7 ip4:192.0.2.0/24 a" " -all""#,
    );
}

#[test]
fn records_that_pass_nobody_are_left_out_or_say_so() {
    decided(
        "spf-parked-domain",
        "a MX 0 .\na TXT \"v=spf1 mx\" \" ~all\"",
        "a MX 0 .\na TXT \"v=spf1 -all\" \"\"",
    );
    let soa = "@ SOA ns hostmaster 1 1h 1h 1w 1h\n_old TXT \"v=spf1 -all\"\n";
    decided(
        "spf-include-never-matches",
        &format!("{soa}@ TXT \"v=spf1 include:_old.example.com ~all\""),
        &format!("{soa}@ TXT \"v=spf1 ~all\""),
    );
}
