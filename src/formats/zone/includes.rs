//! Which files a zone file includes.

use crate::{
    source::{self, Source, Sources},
    span::SourceId,
};

/// The paths that the `$INCLUDE` directives of a file may mean.
pub(super) fn looks_at(source: &Source) -> Vec<String> {
    included(source)
        .into_iter()
        .flat_map(|path| include_candidates(source, &path))
        .collect()
}

/// The files that a file includes.
pub(super) fn parts(source: &Source, sources: &Sources) -> Vec<SourceId> {
    let resolve = |path: String| {
        include_candidates(source, &path)
            .iter()
            .find_map(|path| sources.at_path(path))
            .map(|part| part.id)
    };
    included(source).into_iter().filter_map(resolve).collect()
}

/// The paths in the `$INCLUDE` directives of a file, as they are written.
fn included(source: &Source) -> Vec<String> {
    let mut paths = Vec::new();
    for at in memchr::memchr_iter(b'$', source.bytes()) {
        let line_start = at == 0 || matches!(source.bytes()[at - 1], b'\n' | b'\r');
        let rest = &source.bytes()[at..];
        if line_start && rest.len() > 8 && rest[..8].eq_ignore_ascii_case(b"$INCLUDE") {
            let line = &rest[8..rest
                .iter()
                .position(|byte| matches!(byte, b'\n' | b'\r'))
                .unwrap_or(rest.len())];
            let word = line
                .trim_ascii()
                .split(|byte| matches!(byte, b' ' | b'\t' | b';'))
                .next()
                .unwrap_or_default();
            paths.push(String::from_utf8_lossy(word).trim_matches('"').to_string());
        }
    }
    paths
}

/// Where an included file may lie, the likeliest first: beside the including file, in the folders above it, at the root.
pub(super) fn include_candidates(source: &Source, path: &str) -> Vec<String> {
    let mut folder = source.folder();
    let mut candidates = Vec::new();
    loop {
        candidates.extend(source::join(folder, path));
        if folder.is_empty() {
            return candidates;
        }
        folder = source::folder(folder);
    }
}
