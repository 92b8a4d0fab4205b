//! What is known already: from a file, or from another revision.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use crate::{
    cli::{Failure, args::CheckArgs, tell},
    known::Known,
    name::Name,
    revision::{self, Changes},
    rule::Rule,
    run::{self, Outcome},
    settings::Settings,
    source::Sources,
    sts::{self, Kept, Said},
    walk::{self, Loaded, Request},
    zones::Zones,
};

/// Writes all findings to a baseline file.
pub(super) fn write_baseline(file: &Path, loaded: &Loaded, outcome: &Outcome) -> Result<u8, Failure> {
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

/// Reads a baseline file.
pub(super) fn read_baseline(file: &Path) -> Result<Known, Failure> {
    let problem = |what: String| Failure(format!("--baseline {}: {what}", file.display()));
    let bytes = fs::read(file).map_err(|error| problem(format!("cannot be read: {error}")))?;
    Known::read(&bytes).map_err(|what| problem(format!("is no baseline: {what}; --write-baseline writes one")))
}

/// Tells what a baseline knows and is not there any more.
pub(super) fn tell_gone(file: &Path, baseline: &Known, loaded: &Loaded, ran: &[&'static Rule]) {
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

/// Another revision: what was found in it already, and what it says.
pub(super) struct Base {
    pub(super) known: Known,
    pub(super) said: BTreeMap<Name, Said>,
    changes: Changes,
}

/// Reads and checks another revision.
pub(super) fn base(
    args: &CheckArgs,
    revision: &str,
    request: &Request,
    loaded: &Loaded,
    rules: &[&'static Rule],
    settings: &Settings,
) -> Result<Base, Failure> {
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
    Ok(Base {
        known: Known::of(&outcome.diagnostics, &before.sources, &renamed.collect()),
        said: said(&outcome, &before.sources),
        changes,
    })
}

/// What a run read of the MTA-STS of domains.
pub(super) fn said(outcome: &Outcome, sources: &Sources) -> BTreeMap<Name, Said> {
    let scans = outcome.inspected.iter().map(|one| &one.scan);
    sts::said(&Zones::new(sources, scans))
}

impl Base {
    /// What the revisions up to this one say of a domain, as far as the history is there; the latest first.
    pub(super) fn earlier(&self, kept: &Kept<'_>, loaded: &Loaded) -> Vec<Said> {
        /// How many commits are looked at.
        const COMMITS: usize = 200;
        let of_checkout = |path: &&str| walk::relative(&self.changes.top, &loaded.root.join(path));
        let paths: BTreeSet<&str> = BTreeSet::from([kept.zone, kept.id, kept.policy]);
        let paths: BTreeMap<String, &str> = paths
            .iter()
            .filter_map(|path| Some((of_checkout(path)?, *path)))
            .collect();
        let names: Vec<String> = paths.keys().cloned().collect();
        let history = revision::history(&self.changes.top, &self.changes.commit, &names, COMMITS);
        let said = history.into_iter().filter_map(|files| {
            let files = files
                .into_iter()
                .filter_map(|(path, bytes)| Some((*paths.get(&path)?, bytes)));
            run::said_then(kept, files.collect(), &loaded.sources, &loaded.formats)
        });
        said.collect()
    }
}

/// Writes a file whole or not at all.
pub(super) fn whole(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
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
