//! The command `check`.

use std::{
    env,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use crate::{
    check as all_files,
    cli::{
        Failure,
        args::{self, CheckArgs},
        base::{base, said},
        baseline::{read_baseline, tell_gone, whole, write_baseline},
        is_ci_log, known_rule,
        load::{load, request, settings},
        on_threads, print, tell, verdicts,
    },
    diagnostic::{Diagnostic, Severity},
    known::Known,
    presets,
    reported::{Counts, Report, Tally},
    rule::{Check, Rule},
    rules,
    run::{self, Outcome},
    settings::{FailOn, Settings},
    sts::{Before, Kept, Said, SaidId, SaidPolicy},
    walk::{self, Loaded, Request},
};

/// Checks what the arguments name.
pub(super) fn check(args: &CheckArgs) -> Result<u8, Failure> {
    for (option, names) in [("--select", &args.select), ("--ignore", &args.ignore)] {
        for name in names {
            known_rule(name).map_err(|Failure(problem)| Failure(format!("{option}: {problem}")))?;
        }
    }
    let named = args.report.iter().map(|(output, _)| *output);
    let mut outputs = args::output(&args.format).into_iter().chain(named);
    if args.statistics && !outputs.any(|output| output.counts) {
        return Err(Failure(format!(
            "--statistics: `{}` cannot show counts; human, json and markdown do",
            args.format
        )));
    }
    if args.format == args::VERDICTS {
        return on_threads(args.read.threads, || verdicts::verdicts(args))?;
    }
    on_threads(args.read.threads, || {
        let mut clock = Clock::new(args.timings);
        let mut request = request(&args.read)?;
        let settings = in_force(args, &mut request)?;
        let (loaded, mut failed) = load(&args.read, &mut request)?;
        clock.lap("read files");
        let enabled = rules::enabled(&settings);
        let ignores = match args.no_ignores {
            true => Vec::new(),
            false => run::ignores(&loaded.sources, &loaded.formats, &settings),
        };
        let base = match &args.base {
            Some(revision) => {
                let base = base(args, revision, &request, &loaded, &enabled, &settings)?;
                clock.lap("check the base");
                Some(base)
            }
            None => None,
        };
        let earlier = |kept: &Kept<'_>| base.as_ref().map_or(Vec::new(), |base| base.earlier(kept, &loaded));
        let before = base.as_ref().map(|base| Before {
            said: base.said.clone(),
            time: Some(time()),
            earlier: &earlier,
        });
        let mut outcome = run::run_since(
            before.as_ref(),
            &loaded.sources,
            &loaded.formats,
            &enabled,
            &settings,
            &ignores,
        );
        clock.lap("check");
        if base.is_none() && !args.read.quiet {
            tell_what_is_not_compared(&outcome, &loaded, &enabled);
        }
        if let Some(file) = &args.write_baseline {
            return write_baseline(file, &loaded, &outcome);
        }
        let mut known = 0;
        let mut leave_out = |known_ones: &mut Known, outcome: &mut Outcome| {
            let sorted = known_ones.leave_out(std::mem::take(&mut outcome.diagnostics), &loaded.sources);
            known += sorted.left_out.len();
            outcome.diagnostics = sorted.kept;
            outcome.left_out.extend(sorted.left_out);
        };
        if let Some(file) = &args.baseline {
            let mut baseline = read_baseline(file)?;
            leave_out(&mut baseline, &mut outcome);
            if !args.read.quiet {
                tell_gone(file, &baseline, &loaded, &enabled);
            }
        }
        if let Some(mut base) = base {
            leave_out(&mut base.known, &mut outcome);
        }
        outcome.diagnostics = all_files::fold(outcome.diagnostics);
        let limit = fail_limit(args, &settings);
        let fails = limit.is_some_and(|limit| outcome.diagnostics.iter().any(|found| found.severity <= limit));
        let min = min_severity(args, &settings);
        let shown: Vec<&Diagnostic> = outcome
            .diagnostics
            .iter()
            .filter(|found| found.severity <= min)
            .collect();
        let left_out: Vec<&Diagnostic> = outcome.left_out.iter().filter(|found| found.severity <= min).collect();
        let report = Report {
            diagnostics: &shown,
            left_out: &left_out,
            sources: &loaded.sources,
            rules: &enabled,
            counts: Counts {
                known,
                ..counts(&loaded, &outcome, min)
            },
            shown_path: &|path| walk::shown_path(&loaded.root, path),
            colour: args.read.color.is_on(),
            hostile_log: is_ci_log(),
            // That there was nothing to check is told on standard error.
            quiet: args.read.quiet || outcome.inspected.is_empty(),
            statistics: args.statistics,
        };
        for (output, file) in &args.report {
            let mut bytes = Vec::new();
            let plain = Report {
                colour: false,
                ..report
            };
            let written = (output.write)(&plain, &mut bytes);
            let written = written.map_err(|error| Failure(format!("{}: {error}", file.display())));
            if let Err(Failure(problem)) = written.and_then(|()| whole(file, &bytes)) {
                tell(&problem);
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

/// The time in seconds since 1970; that of the source if a reproducible run is asked for.
fn time() -> u64 {
    let asked = env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|seconds| seconds.parse().ok());
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs())
    };
    asked.unwrap_or_else(now)
}

/// Tells that a rule had nothing to compare with, if it would have compared something.
fn tell_what_is_not_compared(outcome: &Outcome, loaded: &Loaded, rules: &[&'static Rule]) {
    let has_rule = rules.iter().any(|rule| matches!(rule.check, Check::StsChange(_)));
    let has_policy = outcome.inspected.iter().any(|one| !one.scan.policies.is_empty());
    if !has_rule || !has_policy || !loaded.root.join(".git").exists() {
        return;
    }
    let is_both = |said: &Said| matches!((&said.policy, &said.id), (SaidPolicy::Is(_), SaidId::Is(_)));
    if said(outcome, &loaded.sources).values().any(is_both) {
        tell(
            "whether a changed MTA-STS policy has a new id is checked against a revision of git: name one with --base",
        );
    }
}

/// The settings, with what the arguments say before what the file says.
pub(super) fn in_force(args: &CheckArgs, request: &mut Request) -> Result<Settings, Failure> {
    let mut settings = Settings {
        select: args.select.clone(),
        ignore: args.ignore.clone(),
        ..settings(&args.read, request)?
    };
    let named = args.preset.iter().filter_map(|name| presets::named(name));
    settings.presets.extend(named);
    Ok(settings)
}

/// The least bad severity that makes the exit code 1; `None` if nothing does.
pub(super) fn fail_limit(args: &CheckArgs, settings: &Settings) -> Option<Severity> {
    let fail_on = args.fail_on.map(args::FailOn::limit).or(settings.fail_on);
    match fail_on.unwrap_or(FailOn::At(Severity::Error)) {
        FailOn::At(limit) => Some(limit),
        FailOn::Never => None,
    }
}

/// The least bad severity that is shown.
pub(super) fn min_severity(args: &CheckArgs, settings: &Settings) -> Severity {
    let min = args.min_severity.map(args::Level::severity).or(settings.min_severity);
    min.unwrap_or(Severity::Warning)
}

fn counts(loaded: &Loaded, outcome: &Outcome, min: Severity) -> Counts {
    Counts {
        files: loaded.formats.iter().flatten().count(),
        records: outcome.inspected.iter().map(|one| one.record_count).sum(),
        partly_known: outcome.inspected.iter().map(|one| one.partly_known).sum(),
        not_shown: Tally::of(outcome.diagnostics.iter().filter(|found| found.severity > min)),
        known: 0,
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
