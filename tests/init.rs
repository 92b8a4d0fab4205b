//! `maillint init`: what it shows, what it writes, and what it leaves alone.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

const ZONE: &str =
    "$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\n";
const FILES: [&str; 3] = [
    "maillint.toml",
    ".github/workflows/maillint.yml",
    ".pre-commit-config.yaml",
];

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

/// A checkout with these files.
fn checkout(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::create_dir(folder.path().join(".git")).expect("it can be made");
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(file, text).expect("it can be written");
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Run {
    let done = Command::new(env!("CARGO_BIN_EXE_maillint"))
        .args(arguments)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_ACTIONS")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Run {
        code: done.status.code(),
        out: text(done.stdout),
        err: text(done.stderr),
    }
}

fn read(folder: &TempDir, path: &str) -> Option<String> {
    fs::read_to_string(folder.path().join(path)).ok()
}

#[test]
fn where_nobody_can_be_asked_it_only_shows() {
    let folder = checkout(&[("zones/example.com.zone", ZONE)]);
    let done = run(&folder, &["init"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(
        done.out
            .starts_with("zone       1 file, 3 records\ndomains    example.com\n"),
        "{}",
        done.out
    );
    for path in FILES {
        assert!(
            done.out.contains(&format!("\n{path}, a new file:\n\n    ")),
            "{}",
            done.out
        );
        assert_eq!(read(&folder, path), None);
    }
    assert!(
        done.err.contains("nothing was written") && done.err.contains("--yes"),
        "{}",
        done.err
    );
}

#[test]
fn it_writes_what_it_shows() {
    let folder = checkout(&[("zones/example.com.zone", ZONE)]);
    let done = run(&folder, &["init", "--yes"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    for path in FILES {
        let text = read(&folder, path).expect("it was written");
        let shown: String = text
            .lines()
            .map(|line| {
                if line.is_empty() {
                    "\n".to_string()
                } else {
                    format!("    {line}\n")
                }
            })
            .collect();
        assert!(done.out.contains(&shown), "{path}: {}", done.out);
        assert!(done.err.contains(&format!("{path}: written")), "{}", done.err);
    }
}

#[test]
fn the_settings_change_nothing_and_may_be_taken_out_of_comments() {
    let folder = checkout(&[("old/example.com.zone", ZONE)]);
    let before = run(&folder, &["--format", "short"]);
    run(&folder, &["init", "--yes"]);
    let text = read(&folder, "maillint.toml").expect("it was written");
    let after = run(&folder, &["--format", "short"]);
    assert_eq!((before.code, before.out), (after.code, after.out));

    let is_key = |line: &str| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
    let all: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if is_key(rest) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    fs::write(folder.path().join("maillint.toml"), &all).expect("it can be written");
    let done = run(&folder, &["settings"]);
    assert_eq!(done.code, Some(0), "{all}{}", done.err);
    assert!(
        done.out.contains("bulk-sender") && done.out.contains("old/"),
        "{}",
        done.out
    );
}

#[test]
fn the_workflow_is_the_example() {
    let folder = checkout(&[("example.com.zone", ZONE)]);
    run(&folder, &["init", "--yes"]);
    let written = read(&folder, FILES[1]).expect("it was written");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/workflow.yml");
    let example = fs::read_to_string(example).expect("there is one");
    let lines = |text: &str| -> Vec<String> {
        let all = text.lines().filter(|line| !line.contains("uses: maillint/maillint@"));
        all.map(str::to_string).collect()
    };
    let expected = lines(&example);
    let expected = expected.iter().filter(|line| !line.contains("# Put "));
    assert!(expected.eq(lines(&written).iter()), "{written}");
    let own = format!("      - uses: maillint/maillint@v{} #", env!("CARGO_PKG_VERSION"));
    assert!(written.contains(&own), "{written}");
}

#[test]
fn the_workflow_runs_on_the_branch_that_others_start_from() {
    for (file, text, branch) in [
        (
            ".git/refs/remotes/origin/HEAD",
            "ref: refs/remotes/origin/trunk\n",
            "trunk",
        ),
        (
            ".git/refs/remotes/origin/HEAD",
            "ref: refs/remotes/origin/a], x: [b\n",
            "main",
        ),
        (".git/HEAD", "ref: refs/heads/master\n", "master"),
        (".git/HEAD", "ref: refs/heads/mend-spf\n", "main"),
    ] {
        let folder = checkout(&[("example.com.zone", ZONE), (file, text)]);
        run(&folder, &["init", "--yes"]);
        let workflow = read(&folder, FILES[1]).expect("it was written");
        assert!(
            workflow.contains(&format!("    branches: [{branch}]\n")),
            "{text}: {workflow}"
        );
    }
}

#[test]
fn what_is_there_stays_as_it_is() {
    for there in FILES {
        let folder = checkout(&[("example.com.zone", ZONE), (there, "# mine\n")]);
        let done = run(&folder, &["init", "--yes"]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        assert_eq!(read(&folder, there).as_deref(), Some("# mine\n"));
        assert!(
            done.out.contains(&format!("\n{there} is there, and stays as it is")),
            "{}",
            done.out
        );
        assert!(!done.err.contains(&format!("{there}: written")), "{}", done.err);
    }
}

#[test]
fn hooks_that_are_there_are_told_what_to_add() {
    let folder = checkout(&[("example.com.zone", ZONE), (FILES[2], "repos: []\n")]);
    let done = run(&folder, &["init"]);
    assert!(
        done.out.contains("add to its `repos`") && done.out.contains("      - repo: local\n"),
        "{}",
        done.out
    );

    let own = "repos:\n- repo: https://github.com/maillint/maillint\n";
    let folder = checkout(&[
        ("example.com.zone", ZONE),
        (FILES[0], ""),
        (FILES[1], ""),
        (FILES[2], own),
    ]);
    let done = run(&folder, &["init", "--yes"]);
    assert!(!done.out.contains("repo: local"), "{}", done.out);
    assert_eq!(
        (done.code, done.err.as_str()),
        (Some(0), "maillint: everything is there already\n")
    );
}

#[test]
fn no_workflow_where_another_service_runs_them() {
    let folder = checkout(&[("example.com.zone", ZONE), (".gitlab-ci.yml", "")]);
    let done = run(&folder, &["init", "--yes"]);
    assert!(!done.out.contains(".github/"), "{}", done.out);
    assert_eq!(read(&folder, FILES[1]), None);
}

#[test]
fn it_writes_into_the_root_of_the_checkout() {
    let folder = checkout(&[("zones/example.com.zone", ZONE)]);
    run(&folder, &["init", "--yes", "zones"]);
    let is_there = |path: &str| folder.path().join(PathBuf::from(path)).exists();
    assert!(FILES.iter().all(|path| is_there(path)) && !is_there("zones/maillint.toml"));
}

#[test]
fn nothing_is_begun_where_nothing_is() {
    let folder = checkout(&[("README.md", "# Nothing\n")]);
    let done = run(&folder, &["init", "--yes"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), ""));
    assert!(done.err.contains("found no DNS records"), "{}", done.err);
    assert!(FILES.iter().all(|path| read(&folder, path).is_none()));
}
