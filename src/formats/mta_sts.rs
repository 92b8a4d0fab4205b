//! MTA-STS policy files (RFC 8461, section 3.2): which files they are, and what of them only a template knows.

use memchr::memmem;

use crate::{
    format::Format,
    hosting::{
        answers, pages,
        site::{self, Place},
    },
    policy::sts_file::SIZE_MAX,
    record::{PolicyFile, Scan},
    source::{Source, Sources},
    span::Span,
    spelling::Spelling,
    text::{Text, Why},
};

/// MTA-STS policy files.
pub static FORMAT: Format = Format {
    name: "mta-sts",
    claims,
    read,
    comments: |_| Vec::new(),
    parts: |_, _| Vec::new(),
    looks_at,
    lines_apart: false,
};

/// Endings of documents and data that may show a policy without being one.
const NEVER: [&str; 9] = [
    ".adoc",
    ".htm",
    ".html",
    ".json",
    ".markdown",
    ".md",
    ".rst",
    ".yaml",
    ".yml",
];
/// Folders of files that nobody publishes.
const SAMPLES: [&str; 10] = [
    "__tests__",
    "example",
    "examples",
    "fixtures",
    "sample",
    "samples",
    "spec",
    "test",
    "testdata",
    "tests",
];

/// The file at the right path is a policy, whatever is in it. Elsewhere, copies of specifications and registries have the
/// name, too, and only what a file says tells.
fn claims(source: &Source) -> bool {
    let site = site::of(source);
    if site.place == Place::Right {
        return true;
    }
    if site.place == Place::NearMiss {
        return begins_like_policy(source.bytes(), 5);
    }
    let mut folders = source.folder().split('/');
    let is_document = NEVER.iter().any(|end| source.path.ends_with(end));
    if is_document || folders.any(|folder| SAMPLES.contains(&folder)) {
        return false;
    }
    let is_named = source.file_name().eq_ignore_ascii_case("mta-sts.txt");
    begins_like_policy(source.bytes(), if is_named { 5 } else { 1 })
}

/// Whether one of the first lines with something in them is a `version` like that of a policy. Front matter is no line.
fn begins_like_policy(bytes: &[u8], lines: usize) -> bool {
    const HEAD: usize = 4096;
    // UTF-16 with ASCII characters alone, without looking at its byte order.
    let head: Vec<u8> = bytes.iter().take(HEAD).copied().filter(|byte| *byte != 0).collect();
    let marks: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    let head = marks.iter().find_map(|mark| head.strip_prefix(*mark)).unwrap_or(&head);
    let mut lines_of_text = head
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .peekable();
    if lines_of_text.peek() == Some(&b"---".as_slice()) {
        lines_of_text.next();
        lines_of_text.by_ref().find(|line| *line == b"---");
    }
    lines_of_text.take(lines).any(is_version)
}

/// `version: STSv1`, with slips.
fn is_version(line: &[u8]) -> bool {
    let line = line.to_ascii_lowercase();
    let quoted = |bytes: &[u8]| {
        bytes
            .iter()
            .take_while(|byte| matches!(byte, b'"' | b'\'' | b' ' | b'\t'))
            .count()
    };
    let Some(rest) = line[quoted(&line)..].strip_prefix(b"version") else {
        return false;
    };
    match rest.trim_ascii_start() {
        [b':' | b'=', value @ ..] => value[quoted(value)..].starts_with(b"sts"),
        _ => false,
    }
}

fn looks_at(source: &Source) -> Vec<String> {
    let site = site::of(source);
    let mut paths = pages::companions(&site);
    paths.extend(answers::companions(&site));
    paths.sort();
    paths.dedup();
    paths
}

/// Whether a file is no policy but tells how one is published, by its path.
pub fn is_companion(source: &Source) -> bool {
    pages::is_companion(&source.path) || answers::is_companion(&source.path)
}

fn read(source: &Source, _sources: &Sources) -> Scan {
    Scan {
        format: FORMAT.name,
        policies: vec![PolicyFile {
            source: source.id,
            text: text(source),
        }],
        ..Scan::default()
    }
}

/// The first bytes of a file, in whole characters.
fn head(bytes: &[u8]) -> &[u8] {
    let is_inside = |end: &usize| bytes.get(*end).is_some_and(|byte| (0x80..0xc0).contains(byte));
    let end = (0..=bytes.len().min(SIZE_MAX)).rev().find(|end| !is_inside(end));
    &bytes[..end.unwrap_or(0)]
}

/// The signs that a template starts with what it fills in, and those that end it.
const MARKERS: [(&[u8], &[u8]); 4] = [(b"{{", b"}}"), (b"{%", b"%}"), (b"${", b"}"), (b"<%", b"%>")];

/// The text, as much as senders read, with a hole for each part that a template fills in.
fn text(source: &Source) -> Text {
    let bytes = head(source.bytes());
    let mut text = Text::run(source, 0..bytes.len(), Spelling::Plain);
    let mut never_closed = [false; MARKERS.len()];
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = memchr::memchr3(b'{', b'$', b'<', &bytes[from..]).map(|len| from + len) {
        let rest = &bytes[at..];
        from = at + 1;
        let Some(kind) = MARKERS.iter().position(|(open, _)| rest.starts_with(open)) else {
            continue;
        };
        let (_, close) = MARKERS[kind];
        let end = memmem::find(if never_closed[kind] { b"" } else { rest }, close);
        never_closed[kind] |= end.is_none();
        // What is never closed goes on to the end of its line.
        let line = || memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let end = at + end.map_or_else(line, |len| len + close.len());
        if text.is_complete() {
            text = Text::new();
        }
        text.push_verbatim(&bytes[done..at], Span::new(source.id, done..at));
        text.push_hole(Span::new(source.id, at..end), Why::Template);
        done = end;
        from = end;
    }
    if !text.is_complete() {
        text.push_verbatim(&bytes[done..], Span::new(source.id, done..bytes.len()));
        text.end_literal(Span::new(source.id, 0..bytes.len()), Spelling::Plain);
    }
    text
}
