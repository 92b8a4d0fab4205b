//! The command line: arguments, and the order in which the parts are called.

use std::{
    fs,
    io::{self, IsTerminal, Read, Write},
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::{
    diagnostic::{Diagnostic, Severity},
    explain, formats, presentation,
    report::{self, Output},
    reported::{Counts, Reported},
    rule::{FAMILIES, Rule},
    rules, run,
    settings::Settings,
    walk::{self, Loaded, Request},
};

/// Finds mistakes in SPF, DKIM, DMARC, MTA-STS, TLS-RPT and BIMI data kept in git. Reads files, never the network.
#[derive(Parser, Debug)]
#[command(name = "maillint", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: Check,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Check files and folders (the default)
    Check(Check),
    /// Show the records that were read
    Records(Records),
    /// List the rules
    Rules(Rules),
    /// Explain rules: what they find, why it matters, what to do
    Explain(Explain),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}
