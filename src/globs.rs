//! Patterns of paths, written as in `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns of paths relative to the root: a path belongs to them if it, or a folder that it lies in, matches one.
#[derive(Clone, Debug)]
pub struct Globs {
    matcher: Gitignore,
    written: Vec<String>,
}

impl Default for Globs {
    fn default() -> Globs {
        Globs {
            matcher: Gitignore::empty(),
            written: Vec::new(),
        }
    }
}

impl Globs {
    /// Reads patterns. Those that cannot be read, see [`problem`], match nothing.
    pub fn new<S: AsRef<str>>(globs: &[S]) -> Globs {
        let mut builder = GitignoreBuilder::new("");
        let mut written = Vec::new();
        for glob in globs {
            let _ = builder.add_line(None, glob.as_ref());
            written.push(glob.as_ref().to_string());
        }
        Globs {
            matcher: builder.build().unwrap_or_else(|_| Gitignore::empty()),
            written,
        }
    }

    /// Whether a path belongs to them. `path` is relative to the root, with `/`.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.matched_path_or_any_parents(path, false).is_ignore()
    }

    /// The patterns as they are written.
    pub fn written(&self) -> &[String] {
        &self.written
    }
}

/// Why a pattern cannot be used; `None` if it can.
pub fn problem(glob: &str) -> Option<String> {
    if glob.trim().is_empty() {
        return Some("it is empty, and matches nothing".to_string());
    }
    if glob.starts_with('!') {
        return Some("it begins with `!`; name what is meant, not what is not".to_string());
    }
    if glob.starts_with("../") || glob.contains("/../") {
        return Some("paths are relative to the root, and nothing outside of it is read".to_string());
    }
    let found = GitignoreBuilder::new("").add_line(None, glob).err()?;
    Some(found.to_string())
}
