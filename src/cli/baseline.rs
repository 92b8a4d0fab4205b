//! What is known already: from a file, or from another revision.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::{
    cli::{Failure, tell},
    known::Known,
    rule::Rule,
    run::Outcome,
    walk::Loaded,
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
