//! The command line: arguments, and the order in which the parts are called.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::{
    check,
    diagnostic::{Diagnostic, Severity},
    explain,
    format::Format,
    formats, globs,
    known::Known,
    listing,
    report::{self, Output, harmless},
    reported::{Counts, Report, Tally},
    revision,
    rule::Rule,
    rules,
    run::{self, Outcome},
    settings::{self, Settings},
    settings_file,
    source::{Source, Sources},
    span::SourceId,
    walk::{self, Loaded, Request},
};

/// Finds mistakes in SPF, DKIM, DMARC, MTA-STS, TLS-RPT and BIMI data kept in git. Reads files, never the network.
#[derive(Parser, Debug)]
#[command(
    name = "maillint",
    version,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
#[command(after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the work could not be done.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: CheckArgs,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Check files and folders (the default command)
    Check(CheckArgs),
    /// Show the records that were read: owner, type, value, place
    Records(RecordsArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Explain rules: what they find, what happens to mail, what to do
    Explain(ExplainArgs),
    /// Print a completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What is read; the same for every command that reads.
#[derive(Args, Debug)]
struct ReadArgs {
    /// Files and folders; `-` reads a text from standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Leave out paths that match this glob, relative to the root, written as in .gitignore
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Read files that git ignores, too
    #[arg(long)]
    no_gitignore: bool,
    /// The folder that paths are relative to, and that nothing outside of is read [default: the checkout]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The format of the files that are named, in place of finding it by their content
    #[arg(long, value_name = "FORMAT", value_parser = format_names())]
    input_format: Option<String>,
    /// The path that standard input stands for
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,
    /// The settings file [default: the nearest maillint.toml at or above the first path]
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,
    /// Use no settings file
    #[arg(long)]
    isolated: bool,
    /// How many threads work [default: one for each processor]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Print findings and nothing else
    #[arg(short, long)]
    quiet: bool,
    /// Tell more on standard error about what was read
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,
}

#[derive(Args, Debug)]
struct CheckArgs {
    #[command(flatten)]
    read: ReadArgs,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = output_names())]
    format: String,
    /// Write findings to a file, too; any number of times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_target)]
    report: Vec<(&'static Output, PathBuf)>,
    /// Count the findings of each rule: in place of the findings in human and markdown, besides them in json
    #[arg(long)]
    statistics: bool,
    /// The least bad severity that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// The least bad severity that is shown [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    min_severity: Option<Level>,
    /// Run these rules or families alone (`all` for every rule), separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not run these rules or families, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Show findings that comments order to leave out, too
    #[arg(long)]
    no_ignores: bool,
    /// Do not report findings that this file knows already
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to a file, to be known by --baseline from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "base"])]
    write_baseline: Option<PathBuf>,
    /// Report only what is new against this revision of git
    #[arg(long, value_name = "REV", conflicts_with = "stdin_path")]
    base: Option<String>,
    /// Tell on standard error how long each part took
    #[arg(long)]
    timings: bool,
}

#[derive(Args, Debug)]
struct RecordsArgs {
    #[command(flatten)]
    read: ReadArgs,
    /// How records are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: RecordsFormat,
}

#[derive(Args, Debug)]
struct RulesArgs {
    /// How rules are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: RulesFormat,
}

#[derive(Args, Debug)]
struct ExplainArgs {
    /// Rules or families
    #[arg(value_name = "RULE", required_unless_present = "all")]
    rules: Vec<String>,
    /// Explain every rule
    #[arg(long)]
    all: bool,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum RecordsFormat {
    Table,
    Json,
    Zone,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum RulesFormat {
    Table,
    Json,
    Markdown,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Level {
    Error,
    Warning,
    Info,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl Level {
    fn severity(self) -> Severity {
        match self {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
        }
    }
}

impl FailOn {
    fn limit(self) -> settings::FailOn {
        match self {
            FailOn::Error => settings::FailOn::At(Severity::Error),
            FailOn::Warning => settings::FailOn::At(Severity::Warning),
            FailOn::Info => settings::FailOn::At(Severity::Info),
            FailOn::Never => settings::FailOn::Never,
        }
    }
}

impl Color {
    fn is_on(self) -> bool {
        self.is_on_for(&io::stdout())
    }

    fn is_on_for(self, to: &impl IsTerminal) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let off = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
                    || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                !off && to.is_terminal()
            }
        }
    }
}

fn format_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(formats::FORMATS.iter().map(|format| format.name))
}

fn output_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(report::OUTPUTS.iter().map(|output| output.name))
}

fn output(name: &str) -> Option<&'static Output> {
    report::OUTPUTS.iter().find(|output| output.name == name)
}

fn report_target(text: &str) -> Result<(&'static Output, PathBuf), String> {
    let (format, file) = text
        .split_once('=')
        .ok_or("write it as FORMAT=FILE, such as `sarif=maillint.sarif`")?;
    let output = output(format).ok_or_else(|| {
        let names: Vec<&str> = report::OUTPUTS.iter().map(|output| output.name).collect();
        format!("no format `{format}`; there are {}", names.join(", "))
    })?;
    if file.is_empty() {
        return Err("name a file behind the `=`".to_string());
    }
    Ok((output, PathBuf::from(file)))
}

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
        Some(Command::Records(args)) => records(&args),
        Some(Command::Rules(args)) => print(|to| match args.format {
            RulesFormat::Table => listing::rules_table(&rules::all(), to),
            RulesFormat::Json => listing::rules_json(&rules::all(), to),
            RulesFormat::Markdown => listing::rules_markdown(&rules::all(), to),
        }),
        Some(Command::Explain(args)) => explain_rules(&args),
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

/// What the arguments ask to be read.
fn request(args: &ReadArgs) -> Result<Request, Failure> {
    if let Some((glob, problem)) = args.exclude.iter().find_map(|glob| Some((glob, globs::problem(glob)?))) {
        return Err(Failure(format!("--exclude {glob}: {problem}")));
    }
    let from_stdin = args.paths.iter().any(|path| path.as_os_str() == "-");
    if from_stdin && args.paths.len() > 1 {
        return Err(Failure(
            "`-` stands alone: standard input is checked by itself, in the tree that --root names".to_string(),
        ));
    }
    if !from_stdin && args.stdin_path.is_some() {
        return Err(Failure("--stdin-path needs `-` as the path".to_string()));
    }
    if args.root.as_ref().is_some_and(|root| !root.is_dir()) {
        return Err(Failure(format!(
            "--root {}: no such folder",
            args.root
                .as_ref()
                .map_or_else(String::new, |root| root.display().to_string())
        )));
    }
    let text = if from_stdin {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure(format!("standard input: {error}")))?;
        Some((args.stdin_path.clone().unwrap_or_else(|| PathBuf::from("-")), bytes))
    } else {
        None
    };
    Ok(Request {
        paths: match (&args.root, from_stdin) {
            (Some(root), true) => vec![root.clone()],
            (None, true) => Vec::new(),
            (_, false) => args.paths.clone(),
        },
        root: args.root.clone(),
        exclude: args.exclude.clone(),
        read_ignored: args.no_gitignore,
        format: args.input_format.as_deref().and_then(formats::named),
        text,
        settings: None,
    })
}

/// Reads the settings that hold for what is asked for, and adds what they say to it. Mistakes in them are drawn on standard
/// error.
fn settings(args: &ReadArgs, request: &mut Request) -> Result<Settings, Failure> {
    let file = match &args.config {
        Some(file) => Some(file.clone()),
        None if args.isolated => None,
        None => walk::find_settings(request, settings_file::NAME),
    };
    let Some(file) = file else {
        return Ok(Settings::default());
    };
    let read = walk::read_settings(request, &file);
    let read = read.map_err(|error| Failure(format!("{}: cannot be read: {error}", file.display())))?;
    let sources = Sources::new(vec![Source::new(SourceId(0), read.path.clone(), read.bytes.clone())]);
    match settings_file::read(&sources.all()[0]) {
        Ok(mut settings) => {
            request.exclude.extend(settings.exclude.iter().cloned());
            settings.file = Some(read.path.clone());
            request.settings = Some(read);
            Ok(settings)
        }
        Err(mistakes) => {
            let root = walk::root(request);
            let report = Report {
                diagnostics: &mistakes.iter().collect::<Vec<_>>(),
                left_out: &[],
                sources: &sources,
                rules: &[],
                counts: Counts::default(),
                shown_path: &|path| walk::shown_path(&root, path),
                colour: args.color.is_on_for(&io::stderr()),
                hostile_log: is_ci_log(),
                quiet: true,
                statistics: false,
            };
            let _ = report::human::write(&report, &mut io::stderr().lock());
            let how_many = match mistakes.len() {
                1 => "there is a mistake in the settings".to_string(),
                many => format!("there are {many} mistakes in the settings"),
            };
            Err(Failure(format!("{how_many}, so nothing was checked")))
        }
    }
}

/// Loads what is asked for, and tells on standard error what could not be. The second value: whether something could not be.
fn load(args: &ReadArgs, request: &Request) -> (Loaded, bool) {
    let loaded = walk::load(request);
    let failed = loaded.problems.iter().any(|problem| problem.is_failure);
    for problem in &loaded.problems {
        if problem.is_failure || args.verbose > 0 {
            tell(&format!("{}: {}", problem.path.display(), problem.what));
        }
    }
    if args.verbose > 0 {
        for (source, format) in loaded.sources.all().iter().zip(&loaded.formats) {
            let shown = walk::shown_path(&loaded.root, &source.path);
            let what = format.map_or("referred to by another file", |format: &Format| format.name);
            tell(&format!("{shown}: {what}"));
        }
    }
    (loaded, failed)
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

fn check(args: &CheckArgs) -> Result<u8, Failure> {
    for (option, names) in [("--select", &args.select), ("--ignore", &args.ignore)] {
        for name in names {
            known_rule(name).map_err(|Failure(problem)| Failure(format!("{option}: {problem}")))?;
        }
    }
    let mut outputs = output(&args.format)
        .into_iter()
        .chain(args.report.iter().map(|(output, _)| *output));
    if args.statistics && !outputs.any(|output| output.counts) {
        return Err(Failure(format!(
            "--statistics: `{}` cannot show counts; human, json and markdown do",
            args.format
        )));
    }
    on_threads(args.read.threads, || {
        let mut clock = Clock::new(args.timings);
        let mut request = request(&args.read)?;
        let settings = Settings {
            select: args.select.clone(),
            ignore: args.ignore.clone(),
            ..settings(&args.read, &mut request)?
        };
        let (loaded, mut failed) = load(&args.read, &request);
        clock.lap("read files");
        let enabled = rules::enabled(&settings);
        let ignores = match args.no_ignores {
            true => Vec::new(),
            false => run::ignores(&loaded.sources, &loaded.formats, &settings),
        };
        let mut outcome = run::run(&loaded.sources, &loaded.formats, &enabled, &settings, &ignores);
        clock.lap("check");
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
        if let Some(revision) = &args.base {
            let mut before = known_before(args, revision, &request, &loaded, &enabled, &settings)?;
            leave_out(&mut before, &mut outcome);
            clock.lap("check the base");
        }
        outcome.diagnostics = check::fold(outcome.diagnostics);
        let fail_on = args.fail_on.map(FailOn::limit).or(settings.fail_on);
        let fails = match fail_on.unwrap_or(settings::FailOn::At(Severity::Error)) {
            settings::FailOn::At(limit) => outcome.diagnostics.iter().any(|found| found.severity <= limit),
            settings::FailOn::Never => false,
        };
        let min = args.min_severity.map(Level::severity).or(settings.min_severity);
        let min = min.unwrap_or(Severity::Warning);
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
        if let Some(output) = output(&args.format) {
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

/// Writes all findings to a baseline file.
fn write_baseline(file: &Path, loaded: &Loaded, outcome: &Outcome) -> Result<u8, Failure> {
    let known = Known::of(&outcome.diagnostics, &loaded.sources, &BTreeMap::new());
    whole(file, known.write().as_bytes())?;
    let how_many = match known.len() {
        1 => "1 finding".to_string(),
        many => format!("{many} findings"),
    };
    tell(&format!(
        "{}: {how_many} written; --baseline leaves them out",
        file.display()
    ));
    Ok(0)
}

fn read_baseline(file: &Path) -> Result<Known, Failure> {
    let problem = |what: String| Failure(format!("--baseline {}: {what}", file.display()));
    let bytes = fs::read(file).map_err(|error| problem(format!("cannot be read: {error}")))?;
    Known::read(&bytes).map_err(|what| problem(format!("is no baseline: {what}; --write-baseline writes one")))
}

/// Tells what a baseline knows and is not there any more.
fn tell_gone(file: &Path, baseline: &Known, loaded: &Loaded, ran: &[&'static Rule]) {
    const SHOWN: usize = 5;
    let gone: Vec<_> = baseline
        .gone(&loaded.sources, ran, |path| !loaded.root.join(path).exists())
        .collect();
    for key in gone.iter().take(SHOWN) {
        tell(&format!(
            "{}: `{}` is not found in {} any more",
            file.display(),
            key.rule,
            key.path
        ));
    }
    if gone.len() > SHOWN {
        tell(&format!(
            "{}: {} more are not found any more",
            file.display(),
            gone.len() - SHOWN
        ));
    }
    if !gone.is_empty() {
        tell(&format!(
            "{}: --write-baseline writes it anew, without them",
            file.display()
        ));
    }
}

/// What was found in another revision already.
fn known_before(
    args: &CheckArgs,
    revision: &str,
    request: &Request,
    loaded: &Loaded,
    rules: &[&'static Rule],
    settings: &Settings,
) -> Result<Known, Failure> {
    let changes = revision::changes(&loaded.root, revision)
        .map_err(|problem| Failure(format!("--base {revision}: {problem}")))?;
    let before = walk::load_before(request, loaded, &changes);
    let ignores = match args.no_ignores {
        true => Vec::new(),
        false => run::ignores(&before.sources, &before.formats, settings),
    };
    let outcome = run::run(&before.sources, &before.formats, rules, settings, &ignores);
    let in_root = |path: &str| walk::relative(&loaded.root, &changes.top.join(path));
    let renamed = changes.renamed.iter();
    let renamed = renamed.filter_map(|(before, now)| Some((in_root(before)?, in_root(now)?)));
    Ok(Known::of(&outcome.diagnostics, &before.sources, &renamed.collect()))
}

/// Writes a file whole or not at all.
fn whole(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let problem = |error: io::Error| Failure(format!("{}: cannot be written: {error}", file.display()));
    // What is no file, such as a pipe, is written to as it is.
    if file.exists() && !file.is_file() {
        return fs::write(file, bytes).map_err(problem);
    }
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    let draft = file.with_file_name(name);
    let written = fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, file));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written.map_err(problem)
}

fn counts(loaded: &Loaded, outcome: &Outcome, min: Severity) -> Counts {
    Counts {
        files: loaded.formats.iter().flatten().count(),
        records: outcome.inspected.iter().map(|one| one.scan.records.len()).sum(),
        partly_known: outcome.inspected.iter().map(|one| one.partly_known).sum(),
        not_shown: Tally::of(outcome.diagnostics.iter().filter(|found| found.severity > min)),
        known: 0,
    }
}

/// Whether something reads the log and obeys commands in it.
fn is_ci_log() -> bool {
    ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}

fn records(args: &RecordsArgs) -> Result<u8, Failure> {
    on_threads(args.read.threads, || {
        let mut request = request(&args.read)?;
        settings(&args.read, &mut request)?;
        let (loaded, failed) = load(&args.read, &request);
        let scans = run::read(&loaded.sources, &loaded.formats);
        let shown_path = |path: &str| walk::shown_path(&loaded.root, path);
        print(|to| match args.format {
            RecordsFormat::Table => listing::records_table(&scans, &loaded.sources, &shown_path, to),
            RecordsFormat::Json => listing::records_json(&scans, &loaded.sources, to),
            RecordsFormat::Zone => listing::records_zone(&scans, &loaded.sources, to),
        })?;
        if scans.is_empty() && !failed && !args.read.quiet {
            tell("found no DNS records and no MTA-STS policies");
        }
        Ok(if failed { 2 } else { 0 })
    })?
}

fn explain_rules(args: &ExplainArgs) -> Result<u8, Failure> {
    let mut chosen: Vec<&'static Rule> = Vec::new();
    for name in &args.rules {
        known_rule(name)?;
        chosen.extend(
            rules::all()
                .into_iter()
                .filter(|rule| rule.id == name || rule.family() == name || name == "all"),
        );
    }
    if args.all {
        chosen = rules::all();
    }
    let colour = args.color.is_on();
    print(|to| {
        for (index, rule) in chosen.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(to, "{gap}{}", explain::text(rule, colour))?;
        }
        Ok(())
    })
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
