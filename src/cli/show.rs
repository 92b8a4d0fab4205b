//! The commands that show something and judge nothing.

use std::collections::BTreeSet;

use crate::{
    cli::{
        Failure,
        args::{ExplainArgs, ReadArgs, RecordsArgs, RecordsFormat},
        is_ci_log, known_rule,
        load::{load, request, settings},
        on_threads, print, tell,
    },
    example,
    explain::{self, Look},
    listing, presets,
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
    let look = Look {
        colour: args.color.is_on(),
        width: width(),
    };
    let mut chosen: Vec<&'static Rule> = Vec::new();
    let mut texts = Vec::new();
    for name in &args.rules {
        if let Some(preset) = presets::named(name) {
            texts.push(explain::preset(preset, look));
            continue;
        }
        known_rule(name)?;
        chosen.extend(rules::all().into_iter().filter(|rule| rule.is_named(name)));
    }
    if args.all {
        chosen = rules::all();
    }
    let mut seen = BTreeSet::new();
    chosen.retain(|rule| seen.insert(rule.id));
    let explained = |rule| explain::full_text(rule, &example::printed(rule), &rules::related(rule), look);
    texts.extend(chosen.into_iter().map(explained));
    let line = format!("\n{}\n\n", "-".repeat(look.width));
    print(|to| write!(to, "{}", texts.join(&line)))
}

/// How wide text may be: as wide as the terminal, but no wider than is well read.
fn width() -> usize {
    const NARROWEST: usize = 40;
    const WIDEST: usize = 100;
    match terminal_size::terminal_size() {
        Some((terminal_size::Width(columns), _)) => usize::from(columns).clamp(NARROWEST, WIDEST),
        None => explain::WIDTH,
    }
}
