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
        load::is_stdin,
        tell,
    },
    diagnostic::Severity,
    formats::jsonl,
    rule::Rule,
    verdicts::{self, Summary, Wanted},
};

/// Judges the lines of the files that the arguments name, or those of standard input.
pub(super) fn verdicts(args: &CheckArgs, rules: &[&'static Rule]) -> Result<u8, Failure> {
    if args.read.input_format.as_deref() != Some(jsonl::FORMAT.name) {
        return Err(Failure(format!(
            "--format {VERDICTS} needs --input-format {}",
            jsonl::FORMAT.name
        )));
    }
    if !args.report.is_empty() {
        return Err(Failure(format!(
            "--report keeps all findings to the end, and --format {VERDICTS} keeps none: run them one after the other"
        )));
    }
    let from_stdin = is_stdin(&args.read)?;
    // What nobody gets to see needs no look.
    let least = least(args);
    let rules: Vec<&'static Rule> = rules.iter().copied().filter(|rule| rule.reaches(least)).collect();
    let rules = apart::Rules::new(&rules);
    let mut to = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let (mut all, mut failed) = (Summary::default(), false);
    for path in &args.read.paths {
        let named = args.read.stdin_path.as_ref().filter(|_| from_stdin).unwrap_or(path);
        let wanted = Wanted {
            rules: &rules,
            min: args.min_severity.severity(),
            path: &named.to_string_lossy(),
            shows_path: args.read.paths.len() > 1,
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
    let fails = args.fail_on.severity().is_some_and(|limit| all.found.up_to(limit) > 0);
    Ok(match (failed, fails) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    })
}

/// The least bad severity that is shown or counts.
fn least(args: &CheckArgs) -> Severity {
    match args.read.verbose {
        0 => args
            .min_severity
            .severity()
            .max(args.fail_on.severity().unwrap_or(Severity::Error)),
        _ => Severity::Info,
    }
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
