//! The command `effect`.

use crate::{
    cli::{
        Failure,
        args::{EffectArgs, EffectFormat},
        base::renamed_in_root,
        is_ci_log,
        load::{is_stdin, load, request, settings},
        on_threads, print,
    },
    effect::{self, Tree},
    report::effect as shown,
    revision, run,
    walk::{self, Loaded},
    zones::Zones,
};

/// Shows what the changes since a revision do to mail. Whatever that is, the answer is no failure.
pub(super) fn effect(args: &EffectArgs) -> Result<u8, Failure> {
    if is_stdin(&args.read)? {
        return Err(Failure(
            "effect compares trees of files, and standard input is none".to_string(),
        ));
    }
    on_threads(args.read.threads, || {
        let mut request = request(&args.read)?;
        settings(&args.read, &mut request)?;
        let (loaded, failed) = load(&args.read, &mut request)?;
        let base = &args.revision;
        let changes =
            revision::changes(&loaded.root, base).map_err(|problem| Failure(format!("effect {base}: {problem}")))?;
        let before = walk::load_before(&request, &loaded, &changes);
        let read = |loaded: &Loaded| run::read(&loaded.sources, &loaded.formats);
        let (earlier, later) = (read(&before), read(&loaded));
        let (earlier, later) = (
            Zones::new(&before.sources, &earlier),
            Zones::new(&loaded.sources, &later),
        );
        let was = Tree {
            zones: &earlier,
            sources: &before.sources,
        };
        let is = Tree {
            zones: &later,
            sources: &loaded.sources,
        };
        let renamed = renamed_in_root(&loaded, &changes);
        let effects = effect::of(&was, &is, &renamed);
        print(|to| match args.format {
            EffectFormat::Text => shown::text(&effects, is_ci_log(), to),
            EffectFormat::Markdown => shown::markdown(&effects, to),
            EffectFormat::Json => shown::json(&effects, base, to),
        })?;
        Ok(if failed { 2 } else { 0 })
    })?
}
