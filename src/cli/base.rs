//! Another revision: what was found in it, and what it says.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    cli::{Failure, args::CheckArgs},
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

/// Another revision.
pub(super) struct Base {
    /// What was found in it already.
    pub(super) known: Known,
    /// What it says of the MTA-STS of domains.
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
    let renamed = renamed_in_root(loaded, &changes);
    Ok(Base {
        known: Known::of(&outcome.diagnostics, &before.sources, &renamed),
        said: said(&outcome, &before.sources),
        changes,
    })
}

/// The paths of today by those of the revision, of files that have another; relative to the root.
pub(super) fn renamed_in_root(loaded: &Loaded, changes: &Changes) -> BTreeMap<String, String> {
    let in_root = |path: &str| walk::relative(&loaded.root, &changes.top.join(path));
    let renamed = changes.renamed.iter();
    let renamed = renamed.filter_map(|(before, now)| Some((in_root(before)?, in_root(now)?)));
    renamed.collect()
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
