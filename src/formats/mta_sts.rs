//! MTA-STS policy files (RFC 8461, section 3.2): which files they are.

use crate::{
    format::Format,
    record::{PolicyFile, Scan},
    source::{Source, Sources},
    spelling::Spelling,
    text::Text,
};

/// MTA-STS policy files.
pub static FORMAT: Format = Format {
    name: "mta-sts",
    claims,
    read,
    parts: |_, _| Vec::new(),
    looks_at,
};

fn claims(source: &Source) -> bool {
    source.file_name() == "mta-sts.txt"
}

fn looks_at(_source: &Source) -> Vec<String> {
    Vec::new()
}

fn read(source: &Source, _sources: &Sources) -> Scan {
    Scan {
        format: FORMAT.name,
        policies: vec![PolicyFile {
            source: source.id,
            text: Text::run(source, 0..source.bytes().len(), Spelling::Plain),
        }],
        ..Scan::default()
    }
}
