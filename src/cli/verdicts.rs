//! The command `check` with `--format jsonl-verdict`: a verdict on each line, as it comes.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::Path,
};

use crate::{
    apart,
    cli::{
        Failure,
        args::{CheckArgs, VERDICTS},
        check::{fail_limit, in_force, min_severity},
        load::{is_stdin, request},
        tell,
    },
    diagnostic::Severity,
    formats::jsonl,
    presets::Level,
    rule::Rule,
    rules,
    settings::Settings,
    verdicts::{self, Summary, Wanted},
    walk,
};

/// Judges the lines of the files that the arguments name, or those of standard input.
pub(super) fn verdicts(args: &CheckArgs) -> Result<u8, Failure> {
    refuse(args)?;
    let from_stdin = is_stdin(&args.read)?;
    let mut request = request(&args.read)?;
    let settings = in_force(args, &mut request)?;
    let enabled = rules::enabled(&settings);
    let (min, limit) = (min_severity(args, &settings), fail_limit(args, &settings));
    // What nobody gets to see needs no look.
    let least = match args.read.verbose {
        0 => min.max(limit.unwrap_or(Severity::Error)),
        _ => Severity::Info,
    };
    let root = walk::root(&request);
    let mut to = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let (mut all, mut failed) = (Summary::default(), false);
    for path in &args.read.paths {
        let named = args.read.stdin_path.as_ref().filter(|_| from_stdin).unwrap_or(path);
        let at = walk::path_in(&root, named);
        let is_wanted = |rule: &&Rule| reaches(rule, &at, &settings, least) && !is_left_out(rule, &at, &settings, args);
        let rules: Vec<&'static Rule> = enabled.iter().copied().filter(is_wanted).collect();
        let wanted = Wanted {
            rules: &apart::Rules::new(&rules, settings.limits.clone()),
            settings: &settings,
            min,
            path: &at,
            shown_path: (args.read.paths.len() > 1).then(|| named.to_string_lossy()),
        };
        let written = open(path, from_stdin)
            .map_err(verdicts::Failure::Read)
            .and_then(|mut input| verdicts::write(&mut *input, &wanted, &mut to));
        match written {
            Ok(summary) => all = all.plus(summary),
            // A reader that has seen enough and closed the pipe is no failure.
            Err(verdicts::Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => break,
            Err(verdicts::Failure::Write(error)) => return Err(Failure(format!("standard output: {error}"))),
            Err(verdicts::Failure::Read(error)) => {
                tell(&format!("{}: cannot be read: {error}", path.display()));
                failed = true;
            }
        }
    }
    let flushed = to.flush();
    if let Err(error) = flushed.as_ref()
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(Failure(format!("standard output: {error}")));
    }
    if args.read.verbose > 0 {
        let found = all.found;
        tell(&format!(
            "{} lines, {} records, {} errors, {} warnings, {} infos",
            all.lines, all.records, found.errors, found.warnings, found.infos
        ));
    }
    let fails = limit.is_some_and(|limit| all.found.up_to(limit) > 0);
    Ok(match (failed, fails) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    })
}

/// Refuses options that go with all findings of a run, and not with one line after the other.
fn refuse(args: &CheckArgs) -> Result<(), Failure> {
    if args.read.input_format.as_deref() != Some(jsonl::FORMAT.name) {
        return Err(Failure(format!(
            "--format {VERDICTS} needs --input-format {}",
            jsonl::FORMAT.name
        )));
    }
    let others = [
        ("--report", !args.report.is_empty()),
        ("--baseline", args.baseline.is_some()),
        ("--write-baseline", args.write_baseline.is_some()),
        ("--base", args.base.is_some()),
    ];
    match others.iter().find(|(_, is_there)| *is_there) {
        Some((option, _)) => Err(Failure(format!(
            "{option} needs all findings at the end, and --format {VERDICTS} keeps none: run them one after the other"
        ))),
        None => Ok(()),
    }
}

/// Whether a rule may report something as bad as `least`, or worse, at a path.
fn reaches(rule: &Rule, path: &str, settings: &Settings, least: Severity) -> bool {
    match settings.level(path, rule.id, rule.family()) {
        Some(Level::At(severity)) => severity <= least,
        _ => rule.reaches(least),
    }
}

/// Whether the settings leave out at a path what a rule finds.
fn is_left_out(rule: &Rule, path: &str, settings: &Settings, args: &CheckArgs) -> bool {
    let mut orders = settings.ignores.iter().filter(|order| order.paths.matches(path));
    !args.no_ignores && orders.any(|order| order.rules.iter().any(|(name, _)| rule.is_named(name)))
}

fn open(path: &Path, is_stdin: bool) -> io::Result<Box<dyn Read>> {
    if is_stdin {
        return Ok(Box::new(io::stdin()));
    }
    if path.is_dir() {
        return Err(io::Error::other(
            "it is a folder: name files, or `-` for standard input",
        ));
    }
    Ok(Box::new(File::open(path)?))
}
