//! The binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    maillint::cli::main()
}
