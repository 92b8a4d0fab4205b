//! The arguments, and what they may be.

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::{
    diagnostic::Severity,
    formats,
    presets::PRESETS,
    report::{self, Output},
    settings,
};

/// The output that is written line by line.
pub(super) const VERDICTS: &str = "jsonl-verdict";

/// Finds mistakes in SPF, DKIM, DMARC, MTA-STS, TLS-RPT and BIMI data kept in git. Reads files, never the network.
#[derive(Parser, Debug)]
#[command(
    name = "maillint",
    version,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
#[command(after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the work could not be done.")]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) check: CheckArgs,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Check files and folders (the default command)
    Check(CheckArgs),
    /// Show the records that were read: owner, type, value, place
    Records(RecordsArgs),
    /// Show what each file is read as, and which are left
    Files(ReadArgs),
    /// Show the settings that are in force, and where each comes from
    Settings(ReadArgs),
    /// Tell what receivers do with mail from a domain that fails DMARC, who may send it, and why
    Policy(PolicyArgs),
    /// Tell what the changes since a revision of git do to mail, by domain, in words
    Effect(EffectArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Explain rules: what they find, what happens to mail, what to do
    Explain(ExplainArgs),
    /// Show settings, a workflow and a hook for a repository, and write them after asking
    Init(InitArgs),
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
pub(super) struct ReadArgs {
    /// Files and folders; `-` reads a text from standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Leave out paths that match this glob, relative to the root, written as in .gitignore
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,
    /// Read files that git ignores, too
    #[arg(long)]
    pub(super) no_gitignore: bool,
    /// The folder that paths are relative to, and that nothing outside of is read [default: the checkout]
    #[arg(long, value_name = "DIR")]
    pub(super) root: Option<PathBuf>,
    /// The format of the files that are named, or of standard input, whatever they look like. `jsonl`, a record or what zdns or
    /// dnsx were answered on each line, is never found by itself
    #[arg(long, value_name = "FORMAT", value_parser = format_names())]
    pub(super) input_format: Option<String>,
    /// The path that standard input stands for
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_path: Option<PathBuf>,
    /// The settings file [default: the nearest maillint.toml at or above the first path]
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub(super) config: Option<PathBuf>,
    /// Use no settings file
    #[arg(long)]
    pub(super) isolated: bool,
    /// How many threads work [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Print findings and nothing else
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Tell more on standard error about what was read
    #[arg(short, long, action = ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How findings are printed; `jsonl-verdict` prints a line for each of `--input-format jsonl` as it comes
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = output_names())]
    pub(super) format: String,
    /// Write findings to a file, too; any number of times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_target)]
    pub(super) report: Vec<(&'static Output, PathBuf)>,
    /// Count the findings of each rule: in place of the findings in human and markdown, besides them in json
    #[arg(long)]
    pub(super) statistics: bool,
    /// The least bad severity that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
    /// The least bad severity that is shown [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    pub(super) min_severity: Option<Level>,
    /// Run these rules or families alone (`all` for every rule), separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Do not run these rules or families, separated by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// Ask of domains what a preset asks for; any number of times
    #[arg(long, value_name = "NAME", value_parser = preset_names())]
    pub(super) preset: Vec<String>,
    /// Show findings that comments order to leave out, too
    #[arg(long)]
    pub(super) no_ignores: bool,
    /// Do not report findings that this file knows already
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all findings to a file, to be known by --baseline from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "base"])]
    pub(super) write_baseline: Option<PathBuf>,
    /// Report only what is new against this revision of git
    #[arg(long, value_name = "REV", conflicts_with = "stdin_path")]
    pub(super) base: Option<String>,
    /// Tell on standard error how long each part took
    #[arg(long)]
    pub(super) timings: bool,
}

#[derive(Args, Debug)]
pub(super) struct RecordsArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How records are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: RecordsFormat,
}

#[derive(Args, Debug)]
pub(super) struct PolicyArgs {
    /// The domain, as it stands behind the `@` of a sender
    #[arg(value_name = "DOMAIN")]
    pub(super) domain: String,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How the answer is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: PolicyFormat,
}

#[derive(Args, Debug)]
pub(super) struct EffectArgs {
    /// The revision of git to compare with, such as origin/main
    #[arg(value_name = "REV")]
    pub(super) revision: String,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How the effects are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: EffectFormat,
}

#[derive(Args, Debug)]
pub(super) struct InitArgs {
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Write without asking
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(Args, Debug)]
pub(super) struct RulesArgs {
    /// How rules are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: RulesFormat,
}

#[derive(Args, Debug)]
pub(super) struct ExplainArgs {
    /// Rules, families, presets
    #[arg(value_name = "RULE", required_unless_present = "all")]
    pub(super) rules: Vec<String>,
    /// Explain every rule
    #[arg(long)]
    pub(super) all: bool,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RecordsFormat {
    Table,
    Json,
    Zone,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PolicyFormat {
    Text,
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EffectFormat {
    Text,
    Markdown,
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RulesFormat {
    Table,
    Json,
    Markdown,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    Error,
    Warning,
    Info,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl Level {
    pub(super) fn severity(self) -> Severity {
        match self {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
        }
    }
}

impl FailOn {
    pub(super) fn limit(self) -> settings::FailOn {
        match self {
            FailOn::Error => settings::FailOn::At(Severity::Error),
            FailOn::Warning => settings::FailOn::At(Severity::Warning),
            FailOn::Info => settings::FailOn::At(Severity::Info),
            FailOn::Never => settings::FailOn::Never,
        }
    }
}

impl Color {
    pub(super) fn is_on(self) -> bool {
        self.is_on_for(&io::stdout())
    }

    pub(super) fn is_on_for(self, to: &impl IsTerminal) -> bool {
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

fn preset_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(PRESETS.iter().map(|preset| preset.name))
}

fn output_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(report::OUTPUTS.iter().map(|output| output.name).chain([VERDICTS]))
}

pub(super) fn output(name: &str) -> Option<&'static Output> {
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
