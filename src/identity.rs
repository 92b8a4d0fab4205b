//! What a finding is known again by, in another run and after lines moved.

use serde::{Deserialize, Serialize};

use crate::{diagnostic::Diagnostic, source::Sources};

/// How many characters of a text are kept as they are.
const TEXT_MAX: usize = 120;

/// What a finding is known by: its path, its rule, its record and the text that it points at, never its line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The path of its file, relative to the root.
    pub path: String,
    /// Its rule.
    pub rule: String,
    /// The owner and the type of the record that it is about; empty if it is about none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub record: String,
    /// The text that it points at, blanks pressed together; of a long one the start, and a hash of all of it.
    #[serde(default)]
    pub text: String,
}

/// What the finding is known by.
pub fn key(diagnostic: &Diagnostic, sources: &Sources) -> Key {
    let span = diagnostic.primary.span;
    let record = diagnostic.about.as_ref();
    Key {
        path: sources.get(span.source).path.clone(),
        rule: diagnostic.rule.to_string(),
        record: record.map_or_else(String::new, |about| format!("{} {}", about.owner, about.kind)),
        text: text(sources.bytes(span)),
    }
}

impl Key {
    /// A hash of all of it.
    pub fn hash(&self) -> u64 {
        hash(
            [&self.path, &self.rule, &self.record, &self.text]
                .map(String::as_str)
                .join("\0")
                .as_bytes(),
        )
    }
}

fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(TEXT_MAX) {
        None => text,
        Some((end, _)) => format!("{}... {:016x}", &text[..end], hash(text.as_bytes())),
    }
}

/// FNV-1a, which is the same everywhere and for ever.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
