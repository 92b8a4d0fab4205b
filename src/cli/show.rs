//! The commands that show something and judge nothing.

use crate::{
    cli::{
        Failure,
        args::{ExplainArgs, ReadArgs, RecordsArgs, RecordsFormat},
        is_ci_log, known_rule,
        load::{load, request, settings},
        on_threads, print, tell,
    },
    explain, listing, presets,
    report::harmless,
    rule::Rule,
    rules, run, settings_file,
    source::Source,
    span::SourceId,
    walk::{self, Request},
};

/// Shows the records that are read.
pub(super) fn records(args: &RecordsArgs) -> Result<u8, Failure> {
    on_threads(args.read.threads, || {
        let mut request = request(&args.read)?;
        settings(&args.read, &mut request)?;
        let (loaded, failed) = load(&args.read, &mut request)?;
        let scans = run::read(&loaded.sources, &loaded.formats);
        let shown_path = |path: &str| walk::shown_path(&loaded.root, path);
        print(|to| match args.format {
            RecordsFormat::Table => listing::records_table(&scans, &loaded.sources, &shown_path, to),
            RecordsFormat::Json => listing::records_json(&scans, &loaded.sources, to),
            RecordsFormat::Zone => listing::records_zone(&scans, &loaded.sources, to),
        })?;
        if scans.is_empty() && !failed && !args.read.quiet {
            tell("found no DNS records and no MTA-STS policies");
        }
        Ok(if failed { 2 } else { 0 })
    })?
}

/// Shows what each file is read as, and which are left.
pub(super) fn files(args: &ReadArgs) -> Result<u8, Failure> {
    on_threads(args.threads, || {
        let mut request = Request {
            tells_left: true,
            ..request(args)?
        };
        settings(args, &mut request)?;
        let (loaded, failed) = load(args, &mut request)?;
        let scans = run::read(&loaded.sources, &loaded.formats);
        let shown_path = |path: &str| walk::shown_path(&loaded.root, path);
        print(|to| listing::files_table(&scans, &loaded.sources, &loaded.left, &shown_path, to))?;
        Ok(if failed { 2 } else { 0 })
    })?
}

/// Shows the settings that are in force, and where each comes from.
pub(super) fn settings_in_force(args: &ReadArgs) -> Result<u8, Failure> {
    let mut request = request(args)?;
    settings(args, &mut request)?;
    let root = walk::root(&request);
    let source = request
        .settings
        .map(|file| Source::new(SourceId(0), file.path, file.bytes));
    let lines = settings_file::in_force(source.as_ref(), &|path| walk::shown_path(&root, path));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let (keys, values) = (width(0), width(1).min(60));
    print(|to| {
        for [key, value, place] in &lines {
            let line = format!("{key:keys$}  {value:values$}  {place}");
            writeln!(to, "{}", harmless::line(&line, is_ci_log()))?;
        }
        Ok(())
    })
}

/// Shows the documentation of rules and presets.
pub(super) fn explanations(args: &ExplainArgs) -> Result<u8, Failure> {
    let colour = args.color.is_on();
    let mut chosen: Vec<&'static Rule> = Vec::new();
    let mut texts = Vec::new();
    for name in &args.rules {
        if let Some(preset) = presets::named(name) {
            texts.push(explain::preset(preset, colour));
            continue;
        }
        known_rule(name)?;
        chosen.extend(rules::all().into_iter().filter(|rule| rule.is_named(name)));
    }
    if args.all {
        chosen = rules::all();
    }
    texts.extend(chosen.into_iter().map(|rule| explain::text(rule, colour)));
    print(|to| write!(to, "{}", texts.join("\n")))
}
