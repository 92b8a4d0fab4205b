//! Another revision of the tree, as git has it: what is not there on disk, and what is there and was not.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// How the files on disk differ from those of a revision. Paths are relative to the top of the checkout, with `/`.
#[derive(Default, Debug)]
pub struct Changes {
    /// The top of the checkout.
    pub top: PathBuf,
    /// The files of the revision that are not on disk, or not like that: their bytes.
    pub before: BTreeMap<String, Vec<u8>>,
    /// The files on disk that the revision does not have.
    pub added: BTreeSet<String>,
    /// The paths of today by those of the revision, of files that have another.
    pub renamed: BTreeMap<String, String>,
}

/// Asks git how the files below `folder` differ from those of a revision; else why it cannot tell, and what to do.
pub fn changes(folder: &Path, revision: &str) -> Result<Changes, String> {
    let top = git(folder, ["rev-parse", "--show-toplevel"]).map_err(|problem| match problem {
        Problem::NotFound => "git is not installed".to_string(),
        Problem::Failed(told) => format!("this is no checkout of git ({told})"),
    })?;
    let top = PathBuf::from(String::from_utf8_lossy(&top).trim_end_matches(['\n', '\r']).to_string());
    let commit = format!("{revision}^{{commit}}");
    let commit = git(&top, ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
        let branch = revision.strip_prefix("origin/").unwrap_or(revision);
        format!(
            "git knows no such revision here; in a checkout that lacks history, fetch it first: git fetch --depth=1 origin \
             {branch}"
        )
    })?;
    let commit = String::from_utf8_lossy(&commit).trim().to_string();
    let mut changes = Changes {
        top: top.clone(),
        ..Changes::default()
    };
    // Neither programs for differences nor conversions of text that the configuration names are run.
    let differences = git(
        &top,
        [
            "diff",
            "--name-status",
            "-z",
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            &commit,
            "--",
        ],
    );
    let wanted = read_differences(&differences.map_err(Problem::told)?, &mut changes);
    let untracked = git(&top, ["ls-files", "--others", "-z"]).map_err(Problem::told)?;
    changes.added.extend(paths(&untracked));
    changes.before = blobs(&top, &commit, wanted).map_err(|error| format!("git cat-file: {error}"))?;
    Ok(changes)
}

enum Problem {
    NotFound,
    Failed(String),
}

impl Problem {
    fn told(self) -> String {
        match self {
            Problem::NotFound => "git is not installed".to_string(),
            Problem::Failed(told) => told,
        }
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

/// What git writes to standard output.
fn git<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Result<Vec<u8>, Problem> {
    let output = command(folder)
        .args(arguments)
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Problem::NotFound,
            _ => Problem::Failed(error.to_string()),
        })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(Problem::Failed(told.lines().next().unwrap_or("git failed").to_string()))
}

fn paths(output: &[u8]) -> impl Iterator<Item = String> {
    let parts = output.split(|byte| *byte == 0).filter(|part| !part.is_empty());
    parts.map(|part| String::from_utf8_lossy(part).into_owned())
}

/// Reads what `git diff --name-status -z` writes. The paths whose bytes are to be asked for.
fn read_differences(output: &[u8], changes: &mut Changes) -> Vec<String> {
    let mut wanted = Vec::new();
    let mut parts = paths(output);
    while let (Some(status), Some(path)) = (parts.next(), parts.next()) {
        match status.as_bytes().first() {
            Some(b'A') => {
                changes.added.insert(path);
            }
            Some(b'R') => {
                let Some(today) = parts.next() else { break };
                changes.added.insert(today.clone());
                changes.renamed.insert(path.clone(), today);
                wanted.push(path);
            }
            Some(b'C') => {
                changes.added.extend(parts.next());
            }
            _ => wanted.push(path),
        }
    }
    wanted
}

/// The bytes of files of a commit. What is no file there, a submodule or a link, is left out.
fn blobs(top: &Path, commit: &str, wanted: Vec<String>) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut blobs = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(blobs);
    }
    let mut child = command(top)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(blobs);
    };
    let mut from = BufReader::new(from);
    // One at a time, so that neither side waits for the other with a full pipe.
    for path in wanted.into_iter().filter(|path| !path.contains('\n')) {
        writeln!(to, "{commit}:{path}")?;
        to.flush()?;
        let mut head = String::new();
        from.read_line(&mut head)?;
        let mut words = head.trim_end().rsplit(' ');
        let size = words.next().and_then(|size| size.parse::<u64>().ok());
        let (Some(size), Some(kind)) = (size, words.next()) else {
            continue;
        };
        let mut bytes = Vec::new();
        (&mut from).take(size + 1).read_to_end(&mut bytes)?;
        bytes.pop();
        if kind == "blob" {
            blobs.insert(path, bytes);
        }
    }
    drop(to);
    child.wait()?;
    Ok(blobs)
}
