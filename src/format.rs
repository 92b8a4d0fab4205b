//! What a format is. The formats themselves are in [`formats`](crate::formats).

use crate::{
    comment::Comment,
    record::Scan,
    source::{Source, Sources},
    span::SourceId,
};

/// A way to keep records, or policies, in files.
#[derive(Debug)]
pub struct Format {
    /// Its name in outputs and options.
    pub name: &'static str,
    /// Whether the file is in this format: by its path, then by what it holds.
    pub claims: fn(&Source) -> bool,
    /// Reads a file. May look at other files that are loaded, never at the disk.
    pub read: fn(&Source, &Sources) -> Scan,
    /// The comments in a file that are meant for maillint.
    pub comments: fn(&Source) -> Vec<Comment>,
    /// The files that are parts of this one, and are not read for themselves.
    pub parts: fn(&Source, &Sources) -> Vec<SourceId>,
    /// The paths, relative to the root, that reading the file would look at if they were there. A path that ends in `/`
    /// stands for all files right in that folder, one that ends in `/*.x,.y` for those whose names end so.
    pub looks_at: fn(&Source) -> Vec<String>,
    /// Whether each line is a world of its own, which knows nothing of the others.
    pub lines_apart: bool,
}
