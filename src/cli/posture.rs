//! The command `posture`.

use crate::{
    cli::{
        Failure,
        args::{PostureArgs, PostureFormat},
        is_ci_log,
        load::{load, request, settings},
        on_threads, print, tell,
    },
    diagnostic::Severity,
    policy_view::Showing,
    posture, rules, run, walk,
    zones::Zones,
};

/// Shows all mail domains, the worst first. Whatever it shows, the work is done: what is found is no failure.
pub(super) fn posture(args: &PostureArgs) -> Result<u8, Failure> {
    on_threads(args.read.threads, || {
        let mut request = request(&args.read)?;
        let settings = settings(&args.read, &mut request)?;
        let (loaded, failed) = load(&args.read, &mut request)?;
        let (sources, formats) = (&loaded.sources, &loaded.formats);
        let ignores = run::ignores(sources, formats, &settings);
        let outcome = run::run(sources, formats, &rules::enabled(&settings), &settings, &ignores);
        let scans = || outcome.inspected.iter().map(|one| &one.scan);
        let zones = Zones::new(sources, scans());
        let min = settings.min_severity.unwrap_or(Severity::Warning);
        let findings = outcome.diagnostics.iter().filter(|found| found.severity <= min);
        let posture = posture::of(&zones, scans(), sources, findings);
        let showing = Showing {
            sources,
            shown_path: &|path| walk::shown_path(&loaded.root, path),
            hostile_log: is_ci_log(),
        };
        print(|to| match args.format {
            PostureFormat::Table => posture::table(&posture, &showing, to),
            PostureFormat::Markdown => posture::markdown(&posture, &showing, to),
            PostureFormat::Json => posture::json(&posture, &showing, to),
            PostureFormat::Csv => posture::csv(&posture, &showing, to),
            PostureFormat::Html => posture::html(&posture, &showing, to),
        })?;
        if outcome.inspected.is_empty() && !failed && !args.read.quiet {
            tell("found no DNS records and no MTA-STS policies");
        }
        Ok(if failed { 2 } else { 0 })
    })?
}
