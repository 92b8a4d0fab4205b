//! A run over files that are loaded: which of them are read, and in which order things are done.

use crate::{
    apart, check,
    diagnostic::Diagnostic,
    format::Format,
    formats,
    inspect::{Checks, Inspected, inspect},
    parallel::map,
    record::Scan,
    rule::Rule,
    source::{Source, Sources},
};

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What each file that was read holds, in the order of their paths. Its findings were moved to `diagnostics`.
    pub inspected: Vec<Inspected>,
    /// All findings, in order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and judges the files, in the thread pool that it is called in. The outcome does not depend on the threads.
pub fn run(sources: &Sources, formats: &[Option<&'static Format>], rules: &[&'static Rule]) -> Outcome {
    let (checks, apart) = (Checks::new(rules), apart::Rules::new(rules));
    let mut inspected: Vec<Inspected> = map(targets(sources, formats), |(source, format)| {
        if format.lines_apart {
            apart::inspect(source, &apart)
        } else {
            inspect(source, format, sources, &checks)
        }
    });
    let diagnostics = check::check(sources, &mut inspected, rules);
    Outcome { inspected, diagnostics }
}

/// Reads the files without judging them, in the order of their paths.
pub fn read(sources: &Sources, formats: &[Option<&'static Format>]) -> Vec<Scan> {
    map(targets(sources, formats), |(source, format)| {
        (format.read)(source, sources)
    })
}

/// The formats of all files, in their order.
pub fn formats(sources: &Sources) -> Vec<Option<&'static Format>> {
    map(sources.all().iter().collect(), formats::of)
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
