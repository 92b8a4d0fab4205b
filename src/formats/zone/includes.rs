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
    let bytes = source.bytes();
    let mut paths = Vec::new();
    for at in source.dollars() {
        let rest = &bytes[*at as usize..];
        if !matches!(rest.get(8), Some(b' ' | b'\t')) || !rest[..8].eq_ignore_ascii_case(b"$INCLUDE") {
            continue;
        }
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = rest[8..end].trim_ascii_start();
        let path = match line {
            [b'"', quoted @ ..] => quoted.split(|byte| *byte == b'"').next(),
            _ => line.split(|byte| matches!(byte, b' ' | b'\t' | b';')).next(),
        };
        paths.extend(path.map(|path| String::from_utf8_lossy(path).into_owned()));
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
