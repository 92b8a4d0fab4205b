//! Records in YAML and JSON: a table of the shapes that they come in.
//!
//! A file is parsed once, and the first shape that one of its documents has reads it. Before that, a look for telling words
//! passes over nearly all files that hold something else. Without a record to be seen, a file is left alone, whatever is
//! wrong with it.

mod cloudformation;
mod entry;
mod fields;
mod includes;
mod octodns;
pub mod octodns_config;
mod registry;
pub(in crate::formats) mod value;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::{
    format::Format,
    record::Scan,
    source::{Source, Sources},
    syntax::yaml::{self, Tree, View},
};

/// Data files of all shapes.
pub static FORMAT: Format = Format {
    name: "data",
    claims,
    read,
    comments: yaml::comments,
    parts: octodns::parts,
    looks_at: includes::paths,
    lines_apart: false,
};

/// A way in which records are laid out in a tree.
struct Shape {
    /// Its name in outputs.
    name: &'static str,
    /// Whether a document is laid out like this.
    claims: fn(View<'_>) -> bool,
    /// Reads a file whose first document is.
    read: fn(&Source, &Tree, &Sources, &mut Scan),
}

/// All shapes. The first that claims a file reads it.
static SHAPES: &[Shape] = &[
    Shape {
        name: "cloudformation",
        claims: cloudformation::is_template,
        read: cloudformation::read,
    },
    Shape {
        name: "octodns",
        claims: octodns::is_zone,
        read: octodns::read,
    },
    Shape {
        name: "subdomain",
        claims: registry::is_file,
        read: registry::read,
    },
    Shape {
        name: "records",
        claims: fields::has_records,
        read: fields::read,
    },
];

/// Endings of the names of files that may be data.
const ENDINGS: [&str; 4] = [".yaml", ".yml", ".json", ".template"];

/// Words that stand in data files with records of mail, in small letters.
const WORDS: [&str; 11] = [
    "_dmarc",
    "v=dmarc1",
    "v=spf1",
    "_domainkey",
    "v=dkim1",
    "_mta-sts",
    "v=stsv1",
    "_smtp._tls",
    "v=tlsrptv1",
    "_bimi",
    "v=bimi1",
];

/// Keys under which data files have records of a type, in small letters.
const TYPES_AS_KEYS: [&str; 13] = [
    "\"a\":",
    "\"aaaa\":",
    "\"cname\":",
    "\"mx\":",
    "\"ns\":",
    "\"spf\":",
    "\"tlsa\":",
    "\"txt\":",
    "\ncname:",
    "\nmx:",
    "\ntxt:",
    " mx:",
    " txt:",
];

/// Whether a file may be one of data, by its path.
pub fn is_data(path: &str) -> bool {
    ENDINGS.iter().any(|end| path.ends_with(end))
}

fn claims(source: &Source) -> bool {
    let bytes = source.bytes();
    is_data(&source.path)
        && !octodns_config::is_configuration(source)
        && (has_word(bytes)
            || has_word(source.file_name().as_bytes())
            || has_type(bytes)
            || has_type_as_key(bytes)
            || memchr::memmem::find(bytes, b"AWS::Route53::RecordSet").is_some())
}

/// Whether a word that tells of mail is in it.
pub(in crate::formats) fn has_word(bytes: &[u8]) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| search(&WORDS));
    SEARCH.as_ref().is_none_or(|search| search.is_match(bytes))
}

/// Whether records are spoken of, and somewhere the mnemonic of a type is a key.
fn has_type_as_key(bytes: &[u8]) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| search(&TYPES_AS_KEYS));
    memchr::memmem::find(bytes, b"ecord").is_some() && SEARCH.as_ref().is_none_or(|search| search.is_match(bytes))
}

pub(in crate::formats) fn search(words: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
}

/// Whether somewhere a `type` is one of records.
fn has_type(bytes: &[u8]) -> bool {
    const TYPES: [&[u8]; 7] = [b"A", b"AAAA", b"CNAME", b"MX", b"NS", b"TLSA", b"TXT"];
    let is_type = |at: usize| {
        let rest = &bytes[at + 3..];
        let between = rest
            .iter()
            .take_while(|byte| matches!(byte, b'"' | b'\'' | b':' | b' '))
            .count();
        let word = &rest[between..];
        let len = word.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        between > 0 && TYPES.contains(&&word[..len])
    };
    memchr::memmem::find_iter(bytes, b"ype").any(is_type)
}

/// Whether a type of records stands in it, and a value.
fn has_record_type(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"value").is_some() && has_type(bytes)
}

fn read(source: &Source, sources: &Sources) -> Scan {
    let mut scan = Scan {
        format: FORMAT.name,
        ..Scan::default()
    };
    let tree = yaml::read(source);
    let shape = tree
        .documents()
        .find_map(|top| SHAPES.iter().find(|shape| (shape.claims)(top)));
    match shape {
        Some(shape) => {
            scan.format = shape.name;
            (shape.read)(source, &tree, sources, &mut scan);
        }
        // Without a record that can be seen, it may be something else altogether.
        None if has_record_type(source.bytes()) => scan.fault_of(&tree),
        None => {}
    }
    scan
}
