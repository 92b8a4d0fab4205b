//! How fast JSON Lines are read and judged: `cargo bench --bench jsonl`. It measures and asserts nothing.
//!
//! If `CHECKDMARC_PYTHON` names a Python that has checkdmarc, it is measured what that parses of the same records.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::{env, fmt::Write, fs, hint::black_box, io, process::Command, time::Instant};

use maillint::{
    apart,
    diagnostic::Severity,
    limits::Limits,
    parallel, rules,
    settings::Settings,
    verdicts::{self, Wanted},
};

const RECORDS: usize = 1_000_000;

/// Records as they are found when many domains are asked, a line each.
fn records() -> String {
    let mut lines = String::new();
    for number in 0..RECORDS {
        let owner = format!("host{number}.example.com");
        let _ = match number % 4 {
            0 => writeln!(
                lines,
                r#"{{"owner": "_dmarc.{owner}", "type": "TXT", "value": "v=DMARC1; p=reject; rua=mailto:dmarc@{owner}"}}"#
            ),
            1 => writeln!(
                lines,
                r#"{{"owner": "{owner}", "type": "TXT", "value": "v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all"}}"#
            ),
            2 => writeln!(
                lines,
                r#"{{"owner": "_mta-sts.{owner}", "value": "v=STSv1; id=2026{number}"}}"#
            ),
            _ => writeln!(
                lines,
                r#"{{"owner": "_smtp._tls.{owner}", "value": "v=TLSRPTv1; rua=mailto:tls@{owner}"}}"#
            ),
        };
    }
    lines
}

/// The same number of records, of one kind.
fn dmarc() -> String {
    let mut lines = String::new();
    for number in 0..RECORDS {
        let _ = writeln!(
            lines,
            r#"{{"owner": "_dmarc.host{number}.example.com", "value": "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com; pct=25"}}"#
        );
    }
    lines
}

/// The same of another kind.
fn spf() -> String {
    let mut lines = String::new();
    for number in 0..RECORDS {
        let _ = writeln!(
            lines,
            r#"{{"owner": "host{number}.example.com", "value": "v=spf1 ip4:192.0.2.0/24 -all"}}"#
        );
    }
    lines
}

/// What dnsx was answered, four texts a line.
fn scan() -> String {
    let mut lines = String::new();
    for number in 0..RECORDS / 4 {
        let _ = writeln!(
            lines,
            r#"{{"host":"host{number}.example.com","ttl":300,"resolver":["192.0.2.1:53"],"txt":["v=spf1 include:_spf.example.net -all","google-site-verification={number}","MS=ms{number}","a text about \"nothing\""],"status_code":"NOERROR","timestamp":"2026-11-24T09:00:00Z"}}"#
        );
    }
    lines
}

/// Seconds that the processors have worked for this process, where the system tells; else `since`.
fn processor_seconds(since: Instant) -> f64 {
    let ticks = fs::read_to_string("/proc/self/stat").ok().and_then(|stat| {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<f64>().ok();
        Some(number(11)? + number(12)?)
    });
    ticks.map_or(since.elapsed().as_secs_f64(), |ticks| ticks / 100.0)
}

fn main() {
    let settings = Settings::default();
    let mut shown = rules::enabled(&settings);
    shown.retain(|rule| rule.reaches(Severity::Warning));
    let rules = apart::Rules::new(&shown, Limits::default());
    let kinds = [
        ("mixed", records as fn() -> String),
        ("DMARC", dmarc),
        ("SPF", spf),
        ("dnsx", scan),
    ];
    for (name, lines) in kinds {
        let lines = lines();
        let wanted = Wanted {
            rules: &rules,
            min: Severity::Warning,
            settings: &settings,
            path: "-",
            shown_path: None,
        };
        let mut runs: Vec<(f64, f64)> = (0..5)
            .map(|_| {
                let start = Instant::now();
                let before = processor_seconds(start);
                let summary = verdicts::write(&mut lines.as_bytes(), &wanted, &mut io::sink());
                black_box(summary.is_ok());
                (processor_seconds(start) - before, start.elapsed().as_secs_f64())
            })
            .collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (processor, wall) = runs[2];
        println!(
            "{name:6} {:>4} MB, {:.2} million records a processor second, {:.2} a second on {} threads",
            lines.len() / 1_000_000,
            RECORDS as f64 / processor / 1e6,
            RECORDS as f64 / wall / 1e6,
            parallel::threads()
        );
    }
    if let Some(python) = env::var_os("CHECKDMARC_PYTHON") {
        let done = Command::new(python).args(["-c", CHECKDMARC]).output();
        match done {
            Ok(done) => println!("{}", String::from_utf8_lossy(&done.stdout).trim_end()),
            Err(error) => println!("checkdmarc: {error}"),
        }
    }
}

/// Parses the same records one after the other. What it would ask of the DNS is answered at once.
const CHECKDMARC: &str = r#"
import time
from checkdmarc import dmarc, spf
dmarc.get_mx_records = lambda *args, **more: [{"hostname": "mail.example.com", "preference": 10}]
dmarc.verify_dmarc_report_destination = lambda *args, **more: None
kinds = {
    "DMARC": (dmarc.parse_dmarc_record, "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com; pct=25"),
    "SPF": (spf.parse_spf_record, "v=spf1 ip4:192.0.2.0/24 -all"),
}
count = 20000
for name, (parse, record) in kinds.items():
    start = time.process_time()
    for number in range(count):
        parse(record, f"host{number}.example.com")
    print(f"checkdmarc, {name}: {count / (time.process_time() - start):.0f} records a processor second")
"#;
