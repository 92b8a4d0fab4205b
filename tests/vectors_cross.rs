//! The vectors for rules that see a whole repository: each is a little one, some with a revision of git that it differs from.
#![cfg(unix)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use maillint::rules;
use serde::Deserialize;

/// A repository, and which rules report in which of its files.
#[derive(Deserialize)]
struct Vector {
    name: String,
    files: BTreeMap<String, String>,
    /// The files that the revision before has otherwise, or, with `None`, has not.
    base: Option<BTreeMap<String, Option<String>>>,
    /// `rule path`.
    expect: BTreeSet<String>,
    note: String,
}

#[derive(Deserialize)]
struct Found {
    diagnostics: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    rule: String,
    severity: String,
    path: String,
}

/// Those whose rules look at the contents of one record: they speak of what else is in these repositories.
const OF_CONTENTS: [&str; 3] = ["spf", "dmarc", "dkim"];

/// All vectors, by file.
fn vectors() -> Vec<(String, Vec<Vector>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("cross"))
        })
        .collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("the file is there");
        let vectors = serde_saphyr::from_str::<Vec<Vector>>(&text);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (
            name,
            vectors.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        )
    };
    files.iter().map(read).collect()
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
    fs::write(file, text).expect("it can be written");
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = [
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.com",
        "-c",
        "commit.gpgsign=false",
    ];
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(who)
        .args(arguments)
        .output();
    let done = done.expect("git runs");
    assert!(
        done.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// What is found in the repository, at all severities; against the revision before, if it has one.
fn lint(vector: &Vector) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    // Its name is that of no domain.
    let folder = folder.path().join("repository");
    fs::create_dir(&folder).expect("it can be made");
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_maillint"));
    if let Some(base) = &vector.base {
        let unchanged = vector.files.iter().filter(|(path, _)| !base.contains_key(*path));
        let changed = base.iter().filter_map(|(path, text)| Some((path, text.as_ref()?)));
        for (path, text) in unchanged.chain(changed) {
            write(&folder, path, text);
        }
        git(&folder, &["add", "--all"]);
        git(&folder, &["commit", "--quiet", "--message", "Before"]);
        for path in base.keys().filter(|path| folder.join(path).exists()) {
            fs::remove_file(folder.join(path)).expect("it can be removed");
        }
        command.args(["--base", "HEAD"]);
    }
    for (path, text) in &vector.files {
        write(&folder, path, text);
    }
    let options = [
        "--format",
        "json",
        "--min-severity",
        "info",
        "--fail-on",
        "never",
        "--quiet",
    ];
    let run = command
        .args(options)
        .current_dir(&folder)
        .env_remove("GITHUB_ACTIONS")
        .output();
    let run = run.expect("the binary runs");
    assert!(
        run.status.success(),
        "{}: {}",
        vector.name,
        String::from_utf8_lossy(&run.stderr)
    );
    serde_json::from_slice::<Found>(&run.stdout)
        .expect("the output is JSON")
        .diagnostics
}

/// Whether what a rule reports has to be expected.
fn is_counted(found: &Diagnostic) -> bool {
    let family = rules::named(&found.rule).map_or("", |rule| rule.family());
    found.severity != "info" && !OF_CONTENTS.contains(&family)
}

#[test]
fn cross_vectors_hold() {
    let mut wrong = Vec::new();
    for (file, vectors) in vectors() {
        for vector in vectors {
            for expected in &vector.expect {
                let rule = expected.split(' ').next().and_then(rules::named);
                assert!(
                    rule.is_some(),
                    "{file}: {}: there is no rule of `{expected}`",
                    vector.name
                );
            }
            let found = lint(&vector);
            let named = |one: &Diagnostic| format!("{} {}", one.rule, one.path);
            let all: BTreeSet<String> = found.iter().map(named).collect();
            let counted = found.iter().filter(|one| is_counted(one)).map(named);
            let missing: Vec<&String> = vector.expect.difference(&all).collect();
            let surplus: Vec<String> = counted.filter(|one| !vector.expect.contains(one)).collect();
            if !missing.is_empty() || !surplus.is_empty() {
                let (name, note) = (&vector.name, &vector.note);
                wrong.push(format!(
                    "{file}: {name} ({note}): missing {missing:?}, too much {surplus:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
