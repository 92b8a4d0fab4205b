//! Whole runs of the binary: those in `tests/cli/*.toml`, and what the README says that it prints.

use std::{path::Path, process::Command};

#[test]
fn runs() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("tests/cli/*.toml")
        .run();
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is one");
    let blocks: Vec<&str> = readme
        .split("```console\n$ maillint ")
        .skip(1)
        .filter_map(|block| Some(block.split_once("\n```")?.0))
        .collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let (args, expected) = block.split_once('\n').expect("something is printed");
        let done = Command::new(env!("CARGO_BIN_EXE_maillint"))
            .args(args.split_whitespace())
            .current_dir(root)
            .env("NO_COLOR", "1")
            .env_remove("GITHUB_ACTIONS")
            .output()
            .expect("the binary runs");
        let printed = String::from_utf8(done.stdout).expect("output is UTF-8");
        assert_eq!(printed.trim_end(), expected.trim_end(), "{args}");
    }
}
