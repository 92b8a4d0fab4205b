//! Findings that are known already: from a baseline file, or from another revision of the tree.
//!
//! A finding is known again by its [`Key`], so it stays known when lines above it come and go, and is new once the text changes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::Diagnostic,
    identity::{Key, key},
    ignored::Sorted,
    rule::Rule,
    source::Sources,
};

/// The version of the file that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Findings that are known, and how many of each.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Known(BTreeMap<Key, usize>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

#[derive(Deserialize)]
struct File {
    version: u32,
    findings: Vec<serde_json::Value>,
}

fn one() -> usize {
    1
}

fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Known {
    /// Takes findings as known. `renamed` gives the paths of today for those of another revision.
    pub fn of(found: &[Diagnostic], sources: &Sources, renamed: &BTreeMap<String, String>) -> Known {
        let mut known = Known::default();
        for diagnostic in found {
            let mut key = key(diagnostic, sources);
            if let Some(path) = renamed.get(&key.path) {
                key.path.clone_from(path);
            }
            *known.0.entry(key).or_default() += 1;
        }
        known
    }

    /// Reads a baseline file; else what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Known, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!(
                "it is of version {}, and this maillint reads version {VERSION}",
                file.version
            ));
        }
        let mut known = Known::default();
        for (at, value) in (1..).zip(file.findings) {
            let entry: Entry = serde_json::from_value(value).map_err(|error| format!("finding {at}: {error}"))?;
            *known.0.entry(entry.key).or_default() += entry.count;
        }
        Ok(known)
    }

    /// Writes a baseline file: sorted, a line for each finding, so that git can merge it.
    pub fn write(&self) -> String {
        let line = |(key, count): (&Key, &usize)| {
            let entry = Entry {
                key: key.clone(),
                count: *count,
            };
            serde_json::to_string(&entry).unwrap_or_default()
        };
        let lines: Vec<String> = self.0.iter().map(line).collect();
        let lines = match lines.is_empty() {
            true => String::new(),
            false => format!("\n{}\n", lines.join(",\n")),
        };
        format!("{{\"version\": {VERSION}, \"findings\": [{lines}]}}\n")
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves out what is known. What was found fewer times than it is known stays in `self`.
    pub fn leave_out(&mut self, found: Vec<Diagnostic>, sources: &Sources) -> Sorted {
        let mut sorted = Sorted::default();
        for diagnostic in found {
            match self.0.get_mut(&key(&diagnostic, sources)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    sorted.left_out.push(diagnostic);
                }
                _ => sorted.kept.push(diagnostic),
            }
        }
        self.0.retain(|_, count| *count > 0);
        sorted
    }

    /// What is known and does not occur any more. Only a file that was looked at, or is not there any more, and a rule that
    /// ran can tell. `is_gone`: whether a path is not there any more.
    pub fn gone<'a>(
        &'a self,
        sources: &'a Sources,
        ran: &'a [&'static Rule],
        is_gone: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Key> {
        let ran: BTreeSet<&str> = ran.iter().map(|rule| rule.id).collect();
        self.0.keys().filter(move |key| {
            let source = sources.at_path(&key.path);
            let was_looked_at = source.is_some_and(|source| source.asked);
            (was_looked_at || source.is_none() && is_gone(&key.path)) && ran.contains(key.rule.as_str())
        })
    }
}
