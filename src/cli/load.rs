//! From the arguments to files that are loaded.

use std::{
    io::{self, Read},
    path::PathBuf,
};

use crate::{
    cli::{Failure, args::ReadArgs, tell},
    format::Format,
    formats,
    walk::{self, Loaded, Request},
};

/// Whether standard input is read.
pub(super) fn is_stdin(args: &ReadArgs) -> Result<bool, Failure> {
    let from_stdin = args.paths.iter().any(|path| path.as_os_str() == "-");
    if from_stdin && args.paths.len() > 1 {
        return Err(Failure(
            "`-` stands alone: standard input is checked by itself, in the tree that --root names".to_string(),
        ));
    }
    if !from_stdin && args.stdin_path.is_some() {
        return Err(Failure("--stdin-path needs `-` as the path".to_string()));
    }
    Ok(from_stdin)
}

/// Loads what the arguments name, and tells on standard error what could not be. The second value: whether something
/// could not be.
pub(super) fn load(args: &ReadArgs) -> Result<(Loaded, bool), Failure> {
    if let Some((glob, problem)) = args
        .exclude
        .iter()
        .find_map(|glob| Some((glob, walk::glob_problem(glob)?)))
    {
        return Err(Failure(format!("--exclude {glob}: {problem}")));
    }
    let from_stdin = is_stdin(args)?;
    if args.root.as_ref().is_some_and(|root| !root.is_dir()) {
        return Err(Failure(format!(
            "--root {}: no such folder",
            args.root
                .as_ref()
                .map_or_else(String::new, |root| root.display().to_string())
        )));
    }
    let text = if from_stdin {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure(format!("standard input: {error}")))?;
        Some((args.stdin_path.clone().unwrap_or_else(|| PathBuf::from("-")), bytes))
    } else {
        None
    };
    let request = Request {
        paths: match (&args.root, from_stdin) {
            (Some(root), true) => vec![root.clone()],
            (None, true) => Vec::new(),
            (_, false) => args.paths.clone(),
        },
        root: args.root.clone(),
        exclude: args.exclude.clone(),
        read_ignored: args.no_gitignore,
        format: args.input_format.as_deref().and_then(formats::named),
        text,
    };
    let loaded = walk::load(&request);
    let failed = loaded.problems.iter().any(|problem| problem.is_failure);
    for problem in &loaded.problems {
        if problem.is_failure || args.verbose > 0 {
            tell(&format!("{}: {}", problem.path.display(), problem.what));
        }
    }
    if args.verbose > 0 {
        for (source, format) in loaded.sources.all().iter().zip(&loaded.formats) {
            let shown = walk::shown_path(&loaded.root, &source.path);
            let what = format.map_or("referred to by another file", |format: &Format| format.name);
            tell(&format!("{shown}: {what}"));
        }
    }
    Ok((loaded, failed))
}
