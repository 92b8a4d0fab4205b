//! How fast OctoDNS zones are read and judged, beside merely reading them with the same YAML parser: `cargo bench --bench
//! octodns`, or `cargo bench --bench octodns -- FOLDER` for the zones of a folder. It measures and asserts nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::{env, fmt::Write, fs, hint::black_box, time::Instant};

use granit_parser::Parser;
use maillint::{
    formats, rules, run,
    settings::Settings,
    source::{Source, Sources},
    span::SourceId,
};

/// So many zones are made where no folder is named.
const ZONES: usize = 10_000;
const ROUNDS: usize = 7;

/// The zone with this number, as teams write them: a mail domain with a few hosts.
fn zone(number: usize) -> (String, String) {
    let mut text = format!(
        "---\n'':\n  - ttl: 3600\n    type: A\n    value: 192.0.2.{host}\n  - ttl: 3600\n    type: MX\n    values:\n      \
         - exchange: mx1.example.net.\n        preference: 10\n      - exchange: mx2.example.net.\n        preference: 20\n  \
         - ttl: 3600\n    type: TXT\n    value: v=spf1 include:_spf.example.net ip4:192.0.2.{host} -all\n\
         _dmarc:\n  ttl: 3600\n  type: TXT\n  value: v=DMARC1\\; p=reject\\; rua=mailto:dmarc@zone{number}.test\n\
         s1._domainkey:\n  ttl: 3600\n  type: TXT\n  value: v=DKIM1\\; k=rsa\\; p={key}\n",
        host = number % 250,
        key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".repeat(12),
    );
    for host in ["api", "blog", "cdn", "docs", "www"] {
        let _ = write!(
            text,
            "{host}:\n  ttl: 3600\n  type: CNAME\n  value: {host}.cdn.example.net.\n"
        );
    }
    (format!("zones/zone{number}.test.yaml"), text)
}

fn files() -> Vec<(String, String)> {
    let folder = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let Some(folder) = folder else {
        return (0..ZONES).map(zone).collect();
    };
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    let paths = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    paths
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, fs::read_to_string(&path).ok()?))
        })
        .collect()
}

/// The seconds that something takes.
fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn main() {
    let files = files();
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    println!("{} zones, {:.1} MB, one thread", files.len(), bytes as f64 / 1e6);
    let settings = Settings::default();
    let rules = rules::enabled(&settings);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("one thread");
    let events = || {
        for (_, text) in &files {
            black_box(Parser::new_from_str(text).filter(Result::is_ok).count());
        }
    };
    let sources = || {
        let all = files
            .iter()
            .map(|(path, text)| Source::new(SourceId(0), path.clone(), text.clone().into_bytes()));
        let mut sources = Sources::new(all.collect());
        formats::survey(&mut sources);
        sources
    };
    let mut best = [f64::MAX; 3];
    for _ in 0..ROUNDS {
        let (read, judge) = (sources(), sources());
        let times = [
            seconds(events),
            seconds(|| _ = black_box(pool.install(|| run::read(&read, &run::formats(&read))))),
            seconds(|| {
                let formats = run::formats(&judge);
                _ = black_box(pool.install(|| run::run(&judge, &formats, &rules, &settings, &[])));
            }),
        ];
        for (best, time) in best.iter_mut().zip(times) {
            *best = best.min(time);
        }
    }
    for (what, time) in ["parser alone", "records read", "all judged"].iter().zip(best) {
        println!("{what}: {time:.3} s, {:.2} of the parser alone", time / best[0]);
    }
}
