//! The command line: the order in which the parts are called.

mod args;
mod base;
mod baseline;
mod check;
mod effect;
mod init;
mod load;
mod policy;
mod posture;
mod show;
mod verdicts;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser};

use self::{
    args::{Cli, Command, RulesFormat},
    check::check,
};
use crate::{listing, report::harmless, rules};

/// What stops a run before it has findings to show: one line for standard error.
struct Failure(String);

/// Runs the command that the arguments ask for, and gives the exit code: 0 nothing at or above `--fail-on`, 1 findings,
/// 2 the work could not be done.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let outcome = match cli.command {
        None => check(&cli.check),
        Some(Command::Check(args)) => check(&args),
        Some(Command::Records(args)) => show::records(&args),
        Some(Command::Files(args)) => show::files(&args),
        Some(Command::Policy(args)) => policy::policy(&args),
        Some(Command::Posture(args)) => posture::posture(&args),
        Some(Command::Effect(args)) => effect::effect(&args),
        Some(Command::Settings(args)) => show::settings_in_force(&args),
        Some(Command::Rules(args)) => print(|to| match args.format {
            RulesFormat::Table => listing::rules_table(&rules::all(), to),
            RulesFormat::Json => listing::rules_json(&rules::all(), to),
            RulesFormat::Markdown => listing::rules_markdown(&rules::all(), to),
        }),
        Some(Command::Explain(args)) => show::explanations(&args),
        Some(Command::Init(args)) => init::init(&args),
        Some(Command::Completions { shell }) => print(|to| {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "maillint", &mut script);
            to.write_all(&script)
        }),
        Some(Command::Man) => print(|to| clap_mangen::Man::new(Cli::command()).render(&mut &mut *to)),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Failure(line)) => {
            tell(&line);
            ExitCode::from(2)
        }
    }
}

/// Writes one line about the run itself to standard error. What a file name holds cannot act on the terminal.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "maillint: {}", harmless::line(line, is_ci_log()));
}

/// Writes to standard output. A reader that has seen enough and closed the pipe is no failure.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<u8, Failure> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure(format!("standard output: {error}"))),
        _ => Ok(0),
    }
}

/// Runs `work` on as many threads as asked for; one file needs no others.
fn on_threads<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    match threads {
        Some(0) => Err(Failure("--threads takes a number from 1".to_string())),
        Some(threads) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.map_err(|error| Failure(format!("--threads {threads}: {error}")))?;
            Ok(pool.install(work))
        }
        None => Ok(work()),
    }
}

/// Whether something reads the log and obeys commands in it.
fn is_ci_log() -> bool {
    ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}

/// Refuses what is no rule and no family, with the nearest name.
fn known_rule(name: &str) -> Result<(), Failure> {
    if rules::is_known(name) {
        return Ok(());
    }
    Err(Failure(match rules::nearest(name) {
        Some(near) => format!("no rule or family `{name}`; did you mean `{near}`?"),
        None => format!("no rule or family `{name}`; `maillint rules` lists them"),
    }))
}
