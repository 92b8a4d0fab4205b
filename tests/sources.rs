//! Files: where a byte stands in lines and columns, paths, and what is known of files before they are read.

mod reading;

use maillint::{
    source::{Position, Server, Source, Sources, file_name, folder, join},
    span::{SourceId, Span},
};
use proptest::prelude::*;
use reading::source;

/// Line, byte, character and UTF-16 unit at an offset.
fn position(source: &Source, offset: usize) -> (usize, usize, usize, usize) {
    let Position {
        line,
        byte,
        char,
        utf16,
    } = source.position(offset);
    (line, byte, char, utf16)
}

#[test]
fn lines_and_columns_count_from_one() {
    let source = source("ab\ncd\n");
    assert_eq!(position(&source, 0), (1, 1, 1, 1));
    assert_eq!(position(&source, 2), (1, 3, 3, 3), "the LF belongs to its line");
    assert_eq!(position(&source, 3), (2, 1, 1, 1));
    assert_eq!(position(&source, 6), (3, 1, 1, 1), "behind the last LF");
    assert_eq!(position(&source, 99), (3, 1, 1, 1), "beyond the end");
    assert_eq!(source.line_count(), 3);
}

#[test]
fn tabs_and_wide_characters_have_their_own_widths() {
    //              0 1  3   7  8
    let source = source("\té😀x\n");
    assert_eq!(position(&source, 1), (1, 2, 2, 2), "a tab is one");
    assert_eq!(position(&source, 3), (1, 4, 3, 3), "é is two bytes");
    assert_eq!(position(&source, 7), (1, 8, 4, 5), "the emoji is two units of UTF-16");
    assert_eq!(position(&source, 8), (1, 9, 5, 6));
}

#[test]
fn a_carriage_return_is_a_byte_of_its_line() {
    let source = source("a\r\nb\rc");
    assert_eq!(position(&source, 2), (1, 3, 3, 3));
    assert_eq!(position(&source, 3), (2, 1, 1, 1));
    assert_eq!(position(&source, 5), (2, 3, 3, 3), "one alone ends no line");
    assert_eq!(source.line(1), b"a\r");
    assert_eq!(source.line(2), b"b\rc");
}

#[test]
fn an_empty_file_has_one_line() {
    let source = source("");
    assert_eq!(source.line_count(), 1);
    assert_eq!(source.line(1), b"");
    assert_eq!(source.line_start(1), 0);
    assert_eq!(position(&source, 0), (1, 1, 1, 1));
    assert_eq!(source.span().range(), 0..0);
}

#[test]
fn a_file_may_end_without_a_line_end() {
    let source = source("ab\ncd");
    assert_eq!(source.line_count(), 2);
    assert_eq!(source.line(2), b"cd");
    assert_eq!(position(&source, 5), (2, 3, 3, 3));
}

#[test]
fn there_are_no_other_lines() {
    let source = source("ab\ncd\n");
    assert_eq!(
        [0, 1, 2, 3, 4].map(|line| source.line(line)),
        [&b""[..], b"ab", b"cd", b"", b""]
    );
    assert_eq!([0, 1, 2, 3, 4].map(|line| source.line_start(line)), [6, 0, 3, 6, 6]);
}

#[test]
fn what_is_not_utf8_counts_as_it_is_shown() {
    // Quotes of Windows-1252, each shown as one replacement character.
    let file = source(b"\x93a\x94b");
    assert_eq!(position(&file, 1), (1, 2, 2, 2));
    assert_eq!(position(&file, 3), (1, 4, 4, 4));
    // A character that is cut is one, whatever there is of it.
    let file = source(b"\xf0\x9f\x98a");
    assert_eq!(position(&file, 3), (1, 4, 2, 2));
}

#[test]
fn long_lines_and_blocks_make_no_difference() {
    // Characters of three bytes lie across the ends of blocks of any power of two.
    let line = "€".repeat(5000);
    let source = source(format!("{line}\n{line}x\n"));
    for at in [0, 1, 1365, 1366, 2730, 4999, 5000] {
        assert_eq!(position(&source, 3 * at), (1, 3 * at + 1, at + 1, at + 1));
        assert_eq!(position(&source, 15_001 + 3 * at), (2, 3 * at + 1, at + 1, at + 1));
    }
    assert_eq!(source.line(2).len(), 15_001);
    assert_eq!(source.line_start(2), 15_001);
    assert_eq!(source.line_count(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Positions are those that counting from the start of the file gives, for text and for what is none.
    #[test]
    fn positions_are_counted(parts in prop::collection::vec(prop_oneof![
        4 => "[ab\té😀€]{0,40}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => Just(b"\r\n".to_vec()),
        2 => Just(b"\n".to_vec()),
        1 => (4080usize..4110).prop_map(|len| vec![b'x'; len]),
        1 => (1360usize..1370).prop_map(|len| "€".repeat(len).into_bytes()),
    ], 0..12), offset in any::<prop::sample::Index>()) {
        let bytes = parts.concat();
        let source = source(&bytes);
        let offset = offset.index(bytes.len() + 1);
        let before = &bytes[..offset];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let shown = String::from_utf8_lossy(&before[start..]);
        let wanted = (line, offset - start + 1, shown.chars().count() + 1, shown.encode_utf16().count() + 1);
        prop_assert_eq!(position(&source, offset), wanted);
        prop_assert_eq!(source.line_start(line), start);
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        prop_assert_eq!(source.line_count(), lines.len());
        prop_assert_eq!(source.line(line), lines[line - 1]);
    }
}

#[test]
fn a_place_is_of_its_file() {
    let source = source("abc");
    assert_eq!(source.at(Span::new(SourceId(0), 1..3)), b"bc");
    assert_eq!(source.at(Span::new(SourceId(1), 1..3)), b"", "of another file");
    assert_eq!(source.at(Span::new(SourceId(0), 2..9)), b"", "beyond the end");
}

#[test]
fn places_are_joined_without_getting_narrower() {
    let span = |source, range| Span::new(SourceId(source), range);
    assert_eq!(span(0, 1..3).to(span(0, 5..7)), span(0, 1..7));
    assert_eq!(span(0, 1..3).to(span(0, 2..2)), span(0, 1..3), "inside");
    assert_eq!(span(0, 5..7).to(span(0, 1..6)), span(0, 5..7), "out of order");
    assert_eq!(span(0, 1..3).to(span(1, 5..7)), span(0, 1..3), "in another file");
    assert_eq!(span(0, 1..3).start(), span(0, 1..1));
    assert_eq!(span(0, 1..3).end(), span(0, 3..3));
    assert!(span(0, 3..3).is_empty() && !span(0, 1..3).is_empty());
    assert_eq!(span(0, 1..3).len(), 2);
    assert!(span(0, 9..9) < span(1, 0..1), "files come first");
}

#[test]
fn paths_have_a_folder_and_a_name() {
    assert_eq!((folder("a/b/c.zone"), file_name("a/b/c.zone")), ("a/b", "c.zone"));
    assert_eq!((folder("c.zone"), file_name("c.zone")), ("", "c.zone"));
    let source = Source::new(SourceId(0), "zones/example.com".to_string(), Vec::new());
    assert_eq!((source.folder(), source.file_name()), ("zones", "example.com"));
}

#[test]
fn paths_are_joined_within_the_root() {
    let joined = [
        (("", "a.zone"), Some("a.zone")),
        (("zones", "a.zone"), Some("zones/a.zone")),
        (("zones", "./sub//a.zone"), Some("zones/sub/a.zone")),
        (("zones/sub", "../a.zone"), Some("zones/a.zone")),
        (("zones/sub", "../../a.zone"), Some("a.zone")),
        (("zones", ".."), Some("")),
        (("zones", "../../a.zone"), None),
        (("", "../a.zone"), None),
        (("zones", "/etc/bind/a.zone"), None),
        (("zones", "sub/../../b/a.zone"), Some("b/a.zone")),
    ];
    for ((folder, path), wanted) in joined {
        assert_eq!(join(folder, path).as_deref(), wanted, "{path} in {folder}");
    }
}

fn sources(paths: &[&str]) -> Sources {
    let source = |path: &&str| Source::new(SourceId(9), path.to_string(), Vec::new());
    Sources::new(paths.iter().map(source).collect())
}

#[test]
fn files_are_numbered_along_their_paths() {
    let sources = sources(&["b", "a/c", "a"]);
    let paths: Vec<_> = sources
        .all()
        .iter()
        .map(|source| (source.id.0, &source.path[..]))
        .collect();
    assert_eq!(paths, [(0, "a"), (1, "a/c"), (2, "b")]);
    assert_eq!(sources.at_path("a/c").map(|source| source.id), Some(SourceId(1)));
    assert_eq!(sources.get(SourceId(2)).path, "b");
    assert!(sources.at_path("c").is_none());
}

#[test]
fn a_link_is_one_more_path() {
    let mut linked = Source::new(SourceId(0), "parked.zone".to_string(), Vec::new());
    linked.links = vec!["zones/a.zone".to_string(), "zones/b.zone".to_string()];
    let other = Source::new(SourceId(0), "zones/aa.zone".to_string(), Vec::new());
    let sources = Sources::new(vec![other, linked]);
    assert_eq!(
        sources.at_path("zones/b.zone").map(|source| &source.path[..]),
        Some("parked.zone")
    );
    let under: Vec<_> = sources.under("zones/").map(|source| &source.path[..]).collect();
    assert_eq!(under, ["parked.zone", "zones/aa.zone", "parked.zone"]);
}

#[test]
fn the_nearest_folder_tells_the_servers() {
    let mut sources = sources(&["a.zone", "x/a.zone", "x/y/a.zone", "x/y/z/a.zone", "xy/a.zone"]);
    sources.servers = [
        ("x", [Server::Nsd, Server::Bind]),
        ("x/y/z", [Server::Knot, Server::Knot]),
    ]
    .map(|(folder, servers)| (folder.to_string(), servers.into()))
    .into();
    let servers = |sources: &Sources, path| sources.servers_of(sources.at_path(path).expect("there"));
    assert_eq!(servers(&sources, "a.zone"), []);
    assert_eq!(servers(&sources, "x/a.zone"), [Server::Bind, Server::Nsd]);
    assert_eq!(
        servers(&sources, "x/y/a.zone"),
        [Server::Bind, Server::Nsd],
        "from above"
    );
    assert_eq!(servers(&sources, "x/y/z/a.zone"), [Server::Knot], "the nearest alone");
    assert_eq!(servers(&sources, "xy/a.zone"), [], "x is no folder of it");
    sources.servers.insert(String::new(), [Server::Gdnsd].into());
    assert_eq!(servers(&sources, "a.zone"), [Server::Gdnsd]);
    assert_eq!(servers(&sources, "xy/a.zone"), [Server::Gdnsd], "the root is above all");
}
