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
    /// The name that git gives the revision.
    pub commit: String,
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
        commit: commit.clone(),
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
    let objects = wanted.into_iter().map(|path| (format!("{commit}:{path}"), path));
    let blobs = blobs(&top, objects).map_err(|error| format!("git cat-file: {error}"))?;
    changes.before = blobs.into_iter().collect();
    Ok(changes)
}

/// How files were in the commits up to one that changed any of them, the latest first, as far as the history is there and at
/// most `most` of them. Paths are relative to the top of the checkout. Files over a megabyte, and what else is there when
/// there is too much of it, are left out.
pub fn history(top: &Path, commit: &str, paths: &[String], most: usize) -> Vec<BTreeMap<String, Vec<u8>>> {
    let most = format!("--max-count={most}");
    let fixed = [
        "--literal-pathspecs",
        "log",
        "--format=%H",
        &most,
        "--end-of-options",
        commit,
        "--",
    ];
    let log = git(top, fixed.into_iter().chain(paths.iter().map(String::as_str))).unwrap_or_default();
    let log = String::from_utf8_lossy(&log).into_owned();
    let commits: Vec<&str> = log.lines().collect();
    let versions = commits.iter().enumerate();
    let all = versions.flat_map(|(number, commit)| {
        let of_commit = move |path: &String| (format!("{commit}:{path}"), (number, path.clone()));
        paths.iter().map(of_commit)
    });
    let mut history = vec![BTreeMap::new(); commits.len()];
    for ((number, path), bytes) in small_blobs(top, all).unwrap_or_default() {
        history[number].insert(path, bytes);
    }
    history
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

/// The bytes of those objects that are files of a megabyte at most; of all together, as many as are fit to be kept.
fn small_blobs<K>(top: &Path, objects: impl Iterator<Item = (String, K)>) -> io::Result<Vec<(K, Vec<u8>)>> {
    const FILE_MAX: u64 = 1 << 20;
    const ALL_MAX: u64 = 64 << 20;
    let mut left = ALL_MAX;
    let mut small = Vec::new();
    batch(top, "--batch-check", objects, |key, head, _| {
        let Some(head) = head.filter(|head| head.is_blob() && head.size <= FILE_MAX.min(left)) else {
            return Ok(());
        };
        left -= head.size;
        small.push((head.name, key));
        Ok(())
    })?;
    blobs(top, small.into_iter())
}

/// The bytes of objects that are files. What is none, a submodule or a link, is left out.
fn blobs<K>(top: &Path, objects: impl Iterator<Item = (String, K)>) -> io::Result<Vec<(K, Vec<u8>)>> {
    let mut blobs = Vec::new();
    batch(top, "--batch", objects, |key, head, from| {
        let Some(head) = head else { return Ok(()) };
        let mut bytes = Vec::new();
        from.take(head.size + 1).read_to_end(&mut bytes)?;
        bytes.pop();
        if head.is_blob() {
            blobs.push((key, bytes));
        }
        Ok(())
    })?;
    Ok(blobs)
}

/// What git tells of an object.
struct Head {
    name: String,
    kind: String,
    size: u64,
}

impl Head {
    fn is_blob(&self) -> bool {
        self.kind == "blob"
    }

    /// Reads `name kind size`; `None` if there is no such object.
    fn read(line: &str) -> Option<Head> {
        let mut words = line.trim_end().rsplit(' ');
        let size = words.next()?.parse().ok()?;
        Some(Head {
            size,
            kind: words.next()?.to_string(),
            name: words.next()?.to_string(),
        })
    }
}

/// Asks git for objects, one at a time, so that neither side waits for the other with a full pipe.
fn batch<K>(
    top: &Path,
    how: &str,
    objects: impl Iterator<Item = (String, K)>,
    mut each: impl FnMut(K, Option<Head>, &mut dyn BufRead) -> io::Result<()>,
) -> io::Result<()> {
    let mut objects = objects.filter(|(object, _)| !object.contains('\n')).peekable();
    if objects.peek().is_none() {
        return Ok(());
    }
    let mut child = command(top)
        .args(["cat-file", how])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(());
    };
    let mut from = BufReader::new(from);
    for (object, key) in objects {
        writeln!(to, "{object}")?;
        to.flush()?;
        let mut line = String::new();
        from.read_line(&mut line)?;
        each(key, Head::read(&line), &mut from)?;
    }
    drop(to);
    child.wait()?;
    Ok(())
}
