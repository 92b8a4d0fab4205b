//! `maillint init`: looks at a repository, shows what would help it, and writes that after asking. It never writes over a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, OpenOptions},
    io::{self, IsTerminal, Write},
    path::Path,
};

use crate::{
    cli::{
        Failure,
        args::InitArgs,
        is_ci_log,
        load::{is_stdin, load, request, settings},
        on_threads, print, tell,
    },
    name::Name,
    record::Scan,
    report::harmless,
    run, settings_file, suffix, walk,
};

/// Where pre-commit and prek look for their hooks.
const HOOKS: &str = ".pre-commit-config.yaml";
const WORKFLOWS: &str = ".github/workflows/maillint.yml";
/// The files that may be written, relative to the root of the checkout.
const ALL: [&str; 3] = [settings_file::NAME, WORKFLOWS, HOOKS];
/// The workflow that users are shown, too.
const WORKFLOW: &str = include_str!("../../examples/workflow.yml");
/// What users of pre-commit and prek add to their `repos`. A wheel brings the binary, so no toolchain is needed.
const HOOK: &str = concat!(
    "  - repo: local
    hooks:
      - id: maillint
        name: maillint
        language: python
        entry: maillint
        additional_dependencies: [maillint==",
    env!("CARGO_PKG_VERSION"),
    "]
        types: [text]
        pass_filenames: false # records in one file say what those in another one mean
"
);
/// How many domains are listed.
const DOMAINS_SHOWN: usize = 8;

/// What there is in a repository.
#[derive(Default, Debug)]
struct Found {
    /// How many files there are of each format, and how many records in them.
    formats: BTreeMap<&'static str, (usize, usize)>,
    domains: BTreeSet<String>,
    /// The branch that others start from.
    branch: String,
    /// Whether another service than GitHub runs what is to be run on pull requests.
    is_elsewhere: bool,
    /// Whether a hook of ours is there.
    has_hook: bool,
    /// Which of the files that could be written are there.
    there: BTreeSet<&'static str>,
}

/// A file that would help.
struct Proposal {
    path: &'static str,
    /// All of it; or what to add, if it is there already.
    text: String,
}

/// The files that would help a repository.
fn proposals(found: &Found) -> Vec<Proposal> {
    let mut all = vec![Proposal {
        path: settings_file::NAME,
        text: starter(),
    }];
    if !found.is_elsewhere {
        all.push(Proposal {
            path: WORKFLOWS,
            text: workflow(&found.branch),
        });
    }
    if found.has_hook {
        return all;
    }
    let head = if found.there.contains(HOOKS) { "" } else { "repos:\n" };
    all.push(Proposal {
        path: HOOKS,
        text: format!("{head}{HOOK}"),
    });
    all
}

/// Settings to start with: those that hold anyway, and what else there is, as comments.
fn starter() -> String {
    format!(
        "\
#:schema https://raw.githubusercontent.com/maillint/maillint/v{version}/docs/maillint.schema.json
# All of this may be left out; `maillint settings` shows what is in force.

# The least bad findings that are shown, and those that fail: error, warning, info.
min-severity = \"warning\"
fail-on = \"error\"

# What is not read, as in .gitignore.
# exclude = [\"old/\"]

# What others ask of your domains: `maillint explain bulk-sender`.
# presets = [\"bulk-sender\"]

# Rules and families of rules: off, on, error, warning, info. `maillint rules` lists them.
[rules]
# spf-ptr = \"error\"
",
        version = env!("CARGO_PKG_VERSION"),
    )
}

/// The example workflow, for a branch. It names a tag, since nobody knows the commit of a release before there is one.
fn workflow(branch: &str) -> String {
    let mut text = String::new();
    // The first line says where to put the file.
    for line in WORKFLOW.lines().skip(1) {
        if line.trim_start() == "# Put the commit of a release here." {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        text.push_str(&line[..indent]);
        text.push_str(&match line.trim_start() {
            "branches: [main]" => format!("branches: [{branch}]"),
            line if line.starts_with("- uses: maillint/maillint@") => format!(
                "- uses: maillint/maillint@v{} # better still: the commit that this tag names",
                env!("CARGO_PKG_VERSION")
            ),
            line => line.to_string(),
        });
        text.push('\n');
    }
    text
}

/// Looks at what was read, and at the files beside it.
fn look(root: &Path, scans: &[Scan]) -> Found {
    let mut found = Found {
        branch: branch(root),
        has_hook: fs::read_to_string(root.join(HOOKS)).is_ok_and(|text| text.contains("maillint")),
        there: ALL.into_iter().filter(|path| is_there(&root.join(path))).collect(),
        ..Found::default()
    };
    found.is_elsewhere = !is_there(&root.join(".github"))
        && [
            ".gitlab-ci.yml",
            "azure-pipelines.yml",
            "bitbucket-pipelines.yml",
            ".forgejo",
            ".gitea",
        ]
        .iter()
        .any(|path| is_there(&root.join(path)));
    for scan in scans {
        let (files, records) = found.formats.entry(scan.format).or_default();
        *files += 1;
        *records += scan.records.len();
        let owners = scan.records.iter().map(|record| &record.owner);
        let mut before = None;
        for owner in owners.filter(|owner| owner.is_known()) {
            if before != Some(owner) {
                found.domains.extend(domain(scan, owner));
            }
            before = Some(owner);
        }
    }
    found
}

/// The domain that a name belongs to, unless it is about addresses.
fn domain(scan: &Scan, owner: &Name) -> Option<String> {
    let domain = suffix::registered(owner).or_else(|| Some(scan.zone_of(owner)?.origin.clone()))?;
    let text = domain.to_string().to_ascii_lowercase();
    (domain.is_known() && !domain.is_root() && !text.ends_with(".arpa")).then_some(text)
}

/// Whether a text needs no quoting, wherever it is put.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    !text.is_empty() && text.bytes().all(is_plain)
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The branch that others start from, as far as git has it written down; else `main`.
fn branch(root: &Path) -> String {
    let read = |path: &str| fs::read_to_string(root.join(".git").join(path)).unwrap_or_default();
    let (remote, own) = (read("refs/remotes/origin/HEAD"), read("HEAD"));
    let remote = remote.trim().strip_prefix("ref: refs/remotes/origin/");
    let own = own.trim().strip_prefix("ref: refs/heads/");
    let branch = remote.or(own.filter(|branch| *branch == "master")).unwrap_or("main");
    match is_plain(branch) {
        true => branch.to_string(),
        false => "main".to_string(),
    }
}

/// Shows what was found, and each file that would help.
fn show(found: &Found, proposals: &[Proposal], to: &mut dyn Write) -> io::Result<()> {
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    for (format, (files, records)) in &found.formats {
        let files = count(*files, "file");
        match records {
            0 => writeln!(to, "{format:<10} {files}")?,
            _ => writeln!(to, "{format:<10} {files}, {}", count(*records, "record"))?,
        }
    }
    let mut domains: Vec<String> = found.domains.iter().take(DOMAINS_SHOWN).cloned().collect();
    if found.domains.len() > DOMAINS_SHOWN {
        domains.push(format!("and {} more", found.domains.len() - DOMAINS_SHOWN));
    }
    if !domains.is_empty() {
        writeln!(
            to,
            "{:<10} {}",
            "domains",
            harmless::line(&domains.join(", "), is_ci_log())
        )?;
    }
    for Proposal { path, text } in proposals {
        match (found.there.contains(path), *path == HOOKS) {
            (true, false) => {
                writeln!(to, "\n{path} is there, and stays as it is")?;
                continue;
            }
            (true, true) => writeln!(
                to,
                "\n{path} is there, and stays as it is; add to its `repos`, if you like:\n"
            )?,
            (false, _) => writeln!(to, "\n{path}, a new file:\n")?,
        }
        for line in text.lines() {
            let line = harmless::line(line, is_ci_log());
            writeln!(to, "{}{line}", if line.is_empty() { "" } else { "    " })?;
        }
    }
    writeln!(to)
}

/// Looks, shows, asks, writes.
pub(super) fn init(args: &InitArgs) -> Result<u8, Failure> {
    if is_stdin(&args.read)? {
        return Err(Failure("init looks at a folder, not at standard input".to_string()));
    }
    on_threads(args.read.threads, || {
        let mut request = request(&args.read)?;
        settings(&args.read, &mut request)?;
        let root = walk::root(&request);
        let (loaded, failed) = load(&args.read, &mut request)?;
        let done = if failed { 2 } else { 0 };
        let scans = run::read(&loaded.sources, &loaded.formats);
        if scans.is_empty() {
            tell("found no DNS records and no MTA-STS policies, so there is nothing to begin with");
            return Ok(done);
        }
        let found = look(&root, &scans);
        let proposals = proposals(&found);
        print(|to| show(&found, &proposals, to))?;
        let new: Vec<&Proposal> = proposals.iter().filter(|one| !found.there.contains(one.path)).collect();
        if new.is_empty() {
            tell("everything is there already");
        } else if args.yes || asked(new.len())? {
            for proposal in new {
                create(&root, proposal)?;
                if !args.read.quiet {
                    tell(&format!("{}: written", proposal.path));
                }
            }
        }
        Ok(done)
    })?
}

/// Whether the user wants the files. Where nobody can be asked: no.
fn asked(how_many: usize) -> Result<bool, Failure> {
    let files = if how_many == 1 { "this file" } else { "these files" };
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        tell(&format!(
            "nothing was written, since there is nobody to ask; --yes writes {files}"
        ));
        return Ok(false);
    }
    let _ = write!(io::stderr(), "Write {files}? [y/N] ");
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.map_err(|error| Failure(format!("standard input: {error}")))?;
    let yes = ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str());
    if !yes {
        tell("nothing was written");
    }
    Ok(yes)
}

/// Writes a file that is not there yet.
fn create(root: &Path, Proposal { path, text }: &Proposal) -> Result<(), Failure> {
    let file = root.join(path);
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    let created = folder.and_then(|()| OpenOptions::new().write(true).create_new(true).open(&file));
    let written = created.and_then(|mut to| to.write_all(text.as_bytes()));
    written.map_err(|error| Failure(format!("{path}: cannot be written: {error}")))
}
