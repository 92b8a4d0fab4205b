//! The command `check`.

use std::{fs, time::Instant};

use crate::{
    cli::{
        Failure,
        args::{self, CheckArgs},
        is_ci_log, known_rule,
        load::load,
        on_threads, print, tell, verdicts,
    },
    diagnostic::{Diagnostic, Severity},
    reported::{Counts, Report, Tally},
    rules, run,
    settings::Settings,
    walk::{self, Loaded},
};

/// Checks what the arguments name.
pub(super) fn check(args: &CheckArgs) -> Result<u8, Failure> {
    let settings = Settings {
        select: args.select.clone(),
        ignore: args.ignore.clone(),
    };
    for (option, names) in [("--select", &settings.select), ("--ignore", &settings.ignore)] {
        for name in names {
            known_rule(name).map_err(|Failure(problem)| Failure(format!("{option}: {problem}")))?;
        }
    }
    if args.format == args::VERDICTS {
        let enabled = rules::enabled(&settings);
        return on_threads(args.read.threads, || verdicts::verdicts(args, &enabled))?;
    }
    on_threads(args.read.threads, || {
        let mut clock = Clock::new(args.timings);
        let (loaded, mut failed) = load(&args.read)?;
        clock.lap("read files");
        let enabled = rules::enabled(&settings);
        let outcome = run::run(&loaded.sources, &loaded.formats, &enabled);
        clock.lap("check");
        let fails = args
            .fail_on
            .severity()
            .is_some_and(|limit| outcome.diagnostics.iter().any(|found| found.severity <= limit));
        let min = args.min_severity.severity();
        let shown: Vec<&Diagnostic> = outcome
            .diagnostics
            .iter()
            .filter(|found| found.severity <= min)
            .collect();
        let report = Report {
            diagnostics: &shown,
            sources: &loaded.sources,
            rules: &enabled,
            counts: counts(&loaded, &outcome, min),
            shown_path: &|path| walk::shown_path(&loaded.root, path),
            colour: args.read.color.is_on(),
            hostile_log: is_ci_log(),
            // That there was nothing to check is told on standard error.
            quiet: args.read.quiet || outcome.inspected.is_empty(),
        };
        for (output, file) in &args.report {
            let mut bytes = Vec::new();
            let plain = Report {
                colour: false,
                ..report
            };
            if let Err(error) = (output.write)(&plain, &mut bytes).and_then(|()| fs::write(file, &bytes)) {
                tell(&format!("{}: cannot be written: {error}", file.display()));
                failed = true;
            }
        }
        if let Some(output) = args::output(&args.format) {
            print(|to| (output.write)(&report, to))?;
        }
        clock.lap("report");
        if outcome.inspected.is_empty() && !failed && !args.read.quiet {
            tell("found no DNS records and no MTA-STS policies");
        }
        clock.tell();
        // The process ends here, and takes all memory with it faster than piece by piece.
        std::mem::forget((outcome, loaded));
        Ok(match (failed, fails) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        })
    })?
}

fn counts(loaded: &Loaded, outcome: &run::Outcome, min: Severity) -> Counts {
    Counts {
        files: loaded.formats.iter().flatten().count(),
        records: outcome.inspected.iter().map(|one| one.record_count).sum(),
        partly_known: outcome.inspected.iter().map(|one| one.partly_known).sum(),
        not_shown: Tally::of(outcome.diagnostics.iter().filter(|found| found.severity > min)),
    }
}

/// How long the parts of a run took.
struct Clock {
    wanted: bool,
    start: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Clock {
    fn new(wanted: bool) -> Clock {
        Clock {
            wanted,
            start: Instant::now(),
            laps: Vec::new(),
        }
    }

    fn lap(&mut self, name: &'static str) {
        self.laps.push((name, self.start.elapsed().as_secs_f64() * 1000.0));
        self.start = Instant::now();
    }

    fn tell(&self) {
        for (name, milliseconds) in self.laps.iter().filter(|_| self.wanted) {
            tell(&format!("{name}: {milliseconds:.1} ms"));
        }
    }
}
