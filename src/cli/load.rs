//! From the arguments to settings, and to files that are loaded.

use std::{
    io::{self, Read},
    path::PathBuf,
};

use crate::{
    cli::{Failure, args::ReadArgs, is_ci_log, tell},
    format::Format,
    formats, globs,
    limits::Limits,
    report,
    reported::{Counts, Report},
    settings::Settings,
    settings_file,
    source::{Source, Sources},
    span::SourceId,
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

/// What the arguments ask to be read. Standard input is left to be read.
pub(super) fn request(args: &ReadArgs) -> Result<Request, Failure> {
    if let Some((glob, problem)) = args.exclude.iter().find_map(|glob| Some((glob, globs::problem(glob)?))) {
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
    let stdin_path = args.stdin_path.clone().unwrap_or_else(|| PathBuf::from("-"));
    Ok(Request {
        paths: match (&args.root, from_stdin) {
            (Some(root), true) => vec![root.clone()],
            (None, true) => Vec::new(),
            (_, false) => args.paths.clone(),
        },
        root: args.root.clone(),
        exclude: args.exclude.clone(),
        read_ignored: args.no_gitignore,
        format: args.input_format.as_deref().and_then(formats::named),
        text: from_stdin.then_some((stdin_path, Vec::new())),
        settings: None,
        files: Vec::new(),
        limits: Limits::default(),
        tells_left: false,
    })
}

/// Reads the settings that hold for what is asked for, and adds what they say to it. Mistakes in them are drawn on standard
/// error.
pub(super) fn settings(args: &ReadArgs, request: &mut Request) -> Result<Settings, Failure> {
    let file = match &args.config {
        Some(file) => Some(file.clone()),
        None if args.isolated => None,
        None => walk::find_settings(request, settings_file::NAME),
    };
    let Some(file) = file else {
        return Ok(Settings::default());
    };
    let read = walk::read_settings(request, &file);
    let read = read.map_err(|error| Failure(format!("{}: cannot be read: {error}", file.display())))?;
    let sources = Sources::new(vec![Source::new(SourceId(0), read.path.clone(), read.bytes.clone())]);
    match settings_file::read(&sources.all()[0]) {
        Ok(mut settings) => {
            request.exclude.extend(settings.exclude.iter().cloned());
            request.files.clone_from(&settings.files);
            request.limits = settings.limits.clone();
            settings.file = Some(read.path.clone());
            request.settings = Some(read);
            Ok(settings)
        }
        Err(mistakes) => {
            let root = walk::root(request);
            let report = Report {
                diagnostics: &mistakes.iter().collect::<Vec<_>>(),
                left_out: &[],
                sources: &sources,
                rules: &[],
                counts: Counts::default(),
                shown_path: &|path| walk::shown_path(&root, path),
                colour: args.color.is_on_for(&io::stderr()),
                hostile_log: is_ci_log(),
                quiet: true,
                statistics: false,
            };
            let _ = report::human::write(&report, &mut io::stderr().lock());
            let how_many = match mistakes.len() {
                1 => "there is a mistake in the settings".to_string(),
                many => format!("there are {many} mistakes in the settings"),
            };
            Err(Failure(format!("{how_many}, so nothing was checked")))
        }
    }
}

/// Loads what is asked for, and tells on standard error what could not be. The second value: whether something could not be.
pub(super) fn load(args: &ReadArgs, request: &mut Request) -> Result<(Loaded, bool), Failure> {
    if let Some((_, text)) = &mut request.text {
        let read = io::stdin().lock().read_to_end(text);
        read.map_err(|error| Failure(format!("standard input: {error}")))?;
    }
    let loaded = walk::load(request);
    let failed = loaded.problems.iter().any(|problem| problem.is_failure);
    for problem in &loaded.problems {
        if problem.is_failure || args.verbose > 0 {
            tell(&format!("{}: {}", problem.path.display(), problem.what));
        }
    }
    if let Some(left_out) = loaded.left_out.as_ref().filter(|_| !args.quiet) {
        tell(&format!("{}: {}", left_out.path.display(), left_out.what));
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
