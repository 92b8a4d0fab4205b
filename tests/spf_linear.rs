//! SPF records and repositories made to take long: each of them would take a minute or more if anything went through it again
//! and again.

mod cases;
mod written;

use written::text;

/// How long the records are, about, in bytes: as long as DNS lets them be.
const LEN: usize = 65_000;
/// How many records the repositories have.
const MANY: usize = 5_000;

const HEAD: &str = "$ORIGIN example.com.\n$TTL 3600\n@ SOA ns.example.net. hostmaster.example.net. 1 1h 1h 1w 1h\n";

/// Runs all rules about SPF on zone files, and tells how much they find.
fn findings(files: &[(String, String)]) -> usize {
    let sources = cases::sources(files);
    cases::lint(&sources, &cases::select(&["spf"])).diagnostics.len()
}

fn one(zone: String) -> usize {
    findings(&[("example.com.zone".to_string(), zone)])
}

/// A record of terms that are given by their number.
fn record(term: impl Fn(usize) -> String) -> String {
    let mut value = "v=spf1".to_string();
    for number in 0.. {
        let term = term(number);
        if value.len() + term.len() + 6 > LEN {
            break;
        }
        value.push(' ');
        value.push_str(&term);
    }
    format!("@ TXT {}\n", text(&format!("{value} -all")))
}

#[test]
fn long_records_are_judged_in_one_go() {
    let terms: [fn(usize) -> String; 16] = [
        |_| "mx".to_string(),
        |number| format!("a:a{number}.example.com"),
        |number| format!("include:a{number}.example.com"),
        |number| format!("include:a{number}.example.net"),
        |_| "include:example.com".to_string(),
        |_| "include:hub.example.com".to_string(),
        |number| format!("ip4:192.0.{}.{}", number / 250 % 250, number % 250),
        |number| format!("ip4:0.0.0.0/{}", number % 33),
        |number| {
            format!(
                "{}ip4:192.{}.2.1/{}",
                ["", "-", "~", "?"][number % 4],
                number % 250,
                12 + number % 21
            )
        },
        |number| {
            format!(
                "{}ip6:2001:db8::{:x}:0/{}",
                ["", "-"][number % 2],
                number % 65_536,
                24 + number % 105
            )
        },
        |number| format!("ip4:10.0.{}.{} mx", number / 250 % 250, number % 250),
        |number| format!("exists:%{{l}}.%{{{number}}}.%(i).example.com"),
        |_| "ip4:192.0.2.0/24//".to_string(),
        |number| format!("x{number}=%"),
        |_| "a:192.0.2.1/24".to_string(),
        |number| format!("a:*.example.{number}"),
    ];
    for term in terms {
        let hub = "hub TXT \"v=spf1 ip4:192.0.2.1\"\n";
        assert!(one(format!("{HEAD}{}{hub}", record(term))) > 0);
    }
    let long = |unit: &str| {
        format!(
            "{HEAD}@ TXT {}\n",
            text(&format!("v=spf1 a:{} -all", unit.repeat(LEN / unit.len())))
        )
    };
    for unit in ["%", "%{d}", "%{", "a.", "a", "/24", ":", "%%", "192.0.2.1"] {
        assert!(one(long(unit)) > 0, "{unit}");
    }
}

/// A zone of records that are given by their number.
fn zone(record: impl Fn(usize) -> String) -> String {
    let records: String = (0..MANY)
        .map(|number| format!("r{number} TXT \"v=spf1 {}\"\n", record(number)))
        .collect();
    format!("{HEAD}{records}")
}

#[test]
fn records_that_lead_to_others_are_followed_once() {
    // A chain, a ring, and all of them into one.
    assert!(one(zone(|number| format!("include:r{}.example.com", number + 1))) > 0);
    assert!(one(zone(|number| format!("include:r{}.example.com", (number + 1) % MANY))) > 0);
    assert!(one(zone(|number| format!("redirect=r{}.example.com", number / 2))) > 0);
    let hub = |terms: String| format!("{}{}", zone(|_| "include:hub.example.com -all".to_string()), terms);
    let many: String = record(|number| format!("include:r{number}.example.com"));
    assert!(one(hub(many.replacen('@', "hub", 1))) > 0);
    let broken: String = (0..MANY)
        .map(|number| format!("hub TXT \"v=spf1 ip4:192.0.2.1 x={number} -all\"\n"))
        .collect();
    assert!(one(hub(broken)) > 0);
}

#[test]
fn each_record_may_lead_to_each() {
    const EACH: usize = 100;
    let all: Vec<String> = (0..EACH)
        .map(|number| format!("include:r{number}.example.com"))
        .collect();
    let value = text(&format!("v=spf1 {}", all.join(" ")));
    let records: String = (0..EACH).map(|number| format!("r{number} TXT {value}\n")).collect();
    assert!(one(format!("{HEAD}{records}")) > 0);
}

#[test]
fn many_zones_may_share_a_record() {
    const ZONES: usize = 2_000;
    let mut files: Vec<(String, String)> = (0..ZONES)
        .map(|number| {
            let start = HEAD.replace("example.com", &format!("d{number}.test"));
            let records = "@ MX 10 mail.example.com.\n@ TXT \"v=spf1 mx include:_spf.example.com -all\"\n";
            (format!("d{number}.test.zone"), format!("{start}{records}"))
        })
        .collect();
    let parts: String = (0..8)
        .map(|part| format!("_part{part} TXT \"v=spf1 a:gone.example.com\"\n"))
        .collect();
    let includes: Vec<String> = (0..8).map(|part| format!("include:_part{part}.%{{d2}}")).collect();
    files.push((
        "example.com.zone".to_string(),
        format!(
            "{HEAD}_spf TXT {}\n{parts}",
            text(&format!("v=spf1 {}", includes.join(" ")))
        ),
    ));
    assert!(findings(&files) >= ZONES);
}
