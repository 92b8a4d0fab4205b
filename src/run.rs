//! A run over files that are loaded: which of them are read, and in which order things are done.

use std::collections::BTreeMap;

use crate::{
    apart, check, comment,
    diagnostic::Diagnostic,
    format::Format,
    formats,
    ignore::{self, Ignore},
    inspect::{Checks, Inspected, inspect},
    name::Name,
    parallel::map,
    record::Scan,
    rule::Rule,
    settings::Settings,
    source::{Source, Sources},
    span::SourceId,
    sts::{self, Before, Kept, Said, Sts},
    zones::Zones,
};

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What each file that was read holds, in the order of their paths. Its findings were moved to `diagnostics`.
    pub inspected: Vec<Inspected>,
    /// All findings, in order. Those of a rule that speaks once of a file stand for themselves until they are
    /// [folded](check::fold).
    pub diagnostics: Vec<Diagnostic>,
    /// The findings that comments or settings order to leave out, in order.
    pub left_out: Vec<Diagnostic>,
}

/// Reads and judges the files, in the thread pool that it is called in. The outcome does not depend on the threads.
///
/// `ignores` are the orders that are followed: those of [`ignores`], or none.
pub fn run(
    sources: &Sources,
    formats: &[Option<&'static Format>],
    rules: &[&'static Rule],
    settings: &Settings,
    ignores: &[Ignore],
) -> Outcome {
    run_since(None, sources, formats, rules, settings, ignores)
}

/// The same, and compares with another revision.
pub fn run_since(
    before: Option<&Before<'_>>,
    sources: &Sources,
    formats: &[Option<&'static Format>],
    rules: &[&'static Rule],
    settings: &Settings,
    ignores: &[Ignore],
) -> Outcome {
    let (checks, apart) = (Checks::new(rules), apart::Rules::new(rules, sources.limits.clone()));
    let mut inspected: Vec<Inspected> = map(targets(sources, formats), |(source, format)| {
        if format.lines_apart {
            apart::inspect(source, &apart)
        } else {
            inspect(source, format, sources, &checks)
        }
    });
    let sorted = check::check(sources, &mut inspected, rules, settings, ignores, before);
    Outcome {
        inspected,
        diagnostics: sorted.kept,
        left_out: sorted.left_out,
    }
}

/// The orders to leave out findings: in the comments of all files, those that are parts of others included, and in the
/// settings.
pub fn ignores(sources: &Sources, formats: &[Option<&'static Format>], settings: &Settings) -> Vec<Ignore> {
    let mut ignores = ignore::of_settings(settings, sources);
    let both: Vec<(&Source, &Option<&Format>)> = sources.all().iter().zip(formats).collect();
    let has_order = map(both, |(source, _)| !comment::words(source.bytes()).is_empty());
    if !has_order.contains(&true) {
        return ignores;
    }
    let mut formats = formats.to_vec();
    let mut open: Vec<(&Source, &'static Format)> = (sources.all().iter().zip(&formats))
        .filter_map(|(source, format)| Some((source, (*format)?)))
        .collect();
    while let Some((source, format)) = open.pop() {
        for part in (format.parts)(source, sources) {
            if formats[part.0 as usize].is_none() {
                formats[part.0 as usize] = Some(format);
                open.push((sources.get(part), format));
            }
        }
    }
    let with_order = sources.all().iter().zip(formats).zip(has_order);
    let comments = with_order
        .filter_map(|((source, format), has_order)| Some((source, format.filter(|_| has_order)?)))
        .flat_map(|(source, format)| ignore::read(source, (format.comments)(source)));
    ignores.extend(comments);
    ignores
}

/// Reads the files without judging them, in the order of their paths.
pub fn read(sources: &Sources, formats: &[Option<&'static Format>]) -> Vec<Scan> {
    map(targets(sources, formats), |(source, format)| Scan {
        source: source.id,
        ..(format.read)(source, sources)
    })
}

/// What the files say of the MTA-STS of domains, to be compared with another revision.
pub fn said(sources: &Sources, formats: &[Option<&'static Format>]) -> BTreeMap<Name, Said> {
    let scans = read(sources, formats);
    sts::said(&Zones::new(sources, &scans))
}

/// What files were saying of the MTA-STS of a domain when they had these bytes; `None` if there was no policy. `sources` and
/// `formats` are those of today.
pub fn said_then(
    kept: &Kept<'_>,
    files: BTreeMap<&str, Vec<u8>>,
    sources: &Sources,
    formats: &[Option<&'static Format>],
) -> Option<Said> {
    let format = |path: &str| formats.get(sources.at_path(path)?.id.0 as usize).copied().flatten();
    let all = files
        .into_iter()
        .map(|(path, bytes)| Source::new(SourceId(0), path.to_string(), bytes));
    let then = sources.of_others(all.collect());
    let read = |path: &str| {
        let (source, format) = (then.at_path(path)?, format(path)?);
        Some(Scan {
            source: source.id,
            ..(format.read)(source, &then)
        })
    };
    let scans: Vec<Scan> = [kept.zone, kept.policy].into_iter().filter_map(read).collect();
    let zones = Zones::new(&then, &scans);
    let policy = zones.policies().next()?;
    Some(Sts::of(policy, kept.domain).said())
}

/// The formats of all files, in their order.
pub fn formats(sources: &Sources) -> Vec<Option<&'static Format>> {
    let mut all = map(sources.all().iter().collect(), formats::of);
    formats::settle(sources, &mut all);
    all
}

/// The files that are read for themselves. A file that is a part of another is read with that one alone; of files that are
/// parts of one another the first is read.
pub fn targets<'a>(sources: &'a Sources, formats: &[Option<&'static Format>]) -> Vec<(&'a Source, &'static Format)> {
    let both: Vec<(&Source, &Option<&Format>)> = sources.all().iter().zip(formats).collect();
    let parts: Vec<Vec<usize>> = map(both, |(source, format)| match format {
        Some(format) => (format.parts)(source, sources)
            .into_iter()
            .map(|id| id.0 as usize)
            .collect(),
        None => Vec::new(),
    });
    let mut is_part = vec![false; parts.len()];
    for (index, parts) in parts.iter().enumerate() {
        for part in parts.iter().filter(|part| **part != index) {
            is_part[*part] = true;
        }
    }
    let mut reached = vec![false; parts.len()];
    let mut chosen = vec![false; parts.len()];
    let outermost = (0..parts.len()).filter(|index| !is_part[*index]);
    for first in outermost.chain(0..parts.len()) {
        if reached[first] {
            continue;
        }
        chosen[first] = true;
        let mut open = vec![first];
        while let Some(index) = open.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                open.extend(&parts[index]);
            }
        }
    }
    sources
        .all()
        .iter()
        .zip(formats)
        .zip(chosen)
        .filter_map(|((source, format), chosen)| Some((source, (*format).filter(|_| chosen)?)))
        .collect()
}
