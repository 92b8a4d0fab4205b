//! How fast zone files are read and judged: `cargo bench`. It measures and asserts nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::{fmt::Write, time::Instant};

use maillint::{
    rules, run,
    settings::Settings,
    source::{Source, Sources},
    span::SourceId,
};

/// A zone of about so many bytes, in which one record in five is text.
fn zone(size: usize) -> String {
    let mut text = String::from("$TTL 3600\n@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\n");
    let mut number = 0;
    while text.len() < size {
        let _ = write!(
            text,
            "host{number} IN A 192.0.2.{}\nwww.host{number} 300 IN CNAME host{number}\nhost{number} MX 10 mail.host{number}\n\
             mail.host{number} AAAA 2001:db8::{:x}\n_mta-sts.host{number} IN TXT \"v=STSv1; id=2026{number}\"\n",
            number % 250,
            number % 0xffff
        );
        number += 1;
    }
    text
}

fn main() {
    let settings = Settings::default();
    let rules = rules::enabled(&settings);
    for size in [1_000_000, 10_000_000, 50_000_000] {
        let bytes = zone(size).into_bytes();
        let sources = Sources::new(vec![Source::new(SourceId(0), "example.com.zone".to_string(), bytes)]);
        let formats = run::formats(&sources);
        let mut seconds: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(run::run(&sources, &formats, &rules, &settings, &[]));
                start.elapsed().as_secs_f64()
            })
            .collect();
        seconds.sort_by(f64::total_cmp);
        println!(
            "{:>3} MB: {:.3} s, {:.0} MB/s",
            size / 1_000_000,
            seconds[2],
            size as f64 / 1e6 / seconds[2]
        );
    }
}
