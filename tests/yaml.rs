//! YAML and JSON: what is read, and where it stands.

use maillint::{
    source::Source,
    span::SourceId,
    syntax::yaml::{self, Kind, Tree, View},
    text::Text,
};

fn source(text: &str) -> Source {
    Source::new(SourceId(0), "data.yaml".to_string(), text.as_bytes().to_vec())
}

fn tree(text: &str) -> Tree {
    let tree = yaml::read(&source(text));
    assert_eq!(tree.error, None, "{text}");
    tree
}

/// A tree in one line: scalars in `<>`.
fn shown(view: View<'_>) -> String {
    match view.kind() {
        Kind::Scalar => format!("<{}>", view.value().expect("a scalar has a value")),
        Kind::Sequence => format!("[{}]", view.items().map(shown).collect::<Vec<_>>().join(" ")),
        Kind::Mapping => {
            let entries = view.entries();
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}={}", shown(*key), shown(*value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        Kind::Unknown => "?".to_string(),
    }
}

fn all(text: &str) -> String {
    tree(text).documents().map(shown).collect::<Vec<_>>().join(" --- ")
}

/// How each byte of a value is written.
fn places(file: &str, text: &Text) -> Vec<(String, String)> {
    let value = String::from_utf8(text.bytes().to_vec()).expect("values are text");
    let place = |at: usize, char: char| {
        let span = text.span(at..at + char.len_utf8()).expect("it is in the value");
        (char.to_string(), file[span.range()].to_string())
    };
    value.char_indices().map(|(at, char)| place(at, char)).collect()
}

/// The characters of the value at `value:` that are written otherwise than they are.
fn odd(file: &str) -> Vec<(String, String)> {
    let tree = tree(file);
    let view = tree
        .documents()
        .next()
        .and_then(|top| top.get("value"))
        .expect("there is a value");
    let text = view.text().expect("it is a scalar");
    assert_eq!(std::str::from_utf8(text.bytes()).ok(), view.value(), "{file}");
    places(file, &text)
        .into_iter()
        .filter(|(char, written)| char != written)
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

#[test]
fn collections_of_all_kinds() {
    assert_eq!(
        all("a: 1\nb:\n  - x\n  - {c: d, e: [f]}\n? g\n: h\n"),
        "{<a>=<1> <b>=[<x> {<c>=<d> <e>=[<f>]}] <g>=<h>}"
    );
    assert_eq!(all("---\na: b\n---\n- c\n...\n---\n"), "{<a>=<b>} --- [<c>] --- <>");
    assert_eq!(
        all("? ''\n: - type: A\n129688:\n- no\n"),
        "{<>=[{<type>=<A>}] <129688>=[<no>]}"
    );
    assert_eq!(all(""), "");
    assert_eq!(all("\u{feff}a: b\n"), "{<a>=<b>}");
}

#[test]
fn json_with_tabs_and_halves() {
    assert_eq!(
        all("{\n\t\"a\": \"\\u00e9\\ud83d\\ude00\\/\",\n\t\"b\":[1,true,null,-2.5e3]\r\n}\n"),
        "{<a>=<\u{e9}\u{1f600}/> <b>=[<1> <true> <null> <-2.5e3>]}"
    );
}

#[test]
fn aliases_and_merges() {
    let file = "base: &base {type: TXT, ttl: 60}\nlist: &list [a, b]\none: {<<: *base, ttl: 5}\ntwo: *list\nthree:\n  <<: [*base, {x: y}]\n";
    let top = tree(file);
    let top = top.documents().next().expect("a document");
    assert_eq!(shown(top.get("one").expect("it is there")), "{<ttl>=<5> <type>=<TXT>}");
    assert_eq!(shown(top.get("two").expect("it is there")), "[<a> <b>]");
    assert_eq!(
        shown(top.get("three").expect("it is there")),
        "{<type>=<TXT> <ttl>=<60> <x>=<y>}"
    );
    assert_eq!(
        top.get("one")
            .and_then(|one| one.get("type"))
            .and_then(|value| value.value()),
        Some("TXT")
    );
    assert_eq!(all("a: *nowhere\nb: &b [*b]\n"), "{<a>=? <b>=[?]}");
}

#[test]
fn a_bomb_of_aliases_is_cut_off() {
    let mut file = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        file.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    let tree = tree(&file);
    let mut open: Vec<View<'_>> = tree.documents().collect();
    let mut seen = 0;
    while let Some(view) = open.pop() {
        seen += 1;
        open.extend(view.items());
        open.extend(view.entries().into_iter().flat_map(|(key, value)| [key, value]));
    }
    assert!(seen < 4_000_000, "{seen}");
}

#[test]
fn errors_have_a_place_and_keep_what_was_before() {
    let tree = yaml::read(&source("a: b\nc: [d\ne: f\n"));
    let error = tree.error.as_ref().expect("the bracket is open");
    assert!(error.span.start >= 5, "{error:?}");
    assert!(error.message.is_some());
    let top = tree.documents().next().expect("a document");
    assert_eq!(top.get("a").and_then(|a| a.value()), Some("b"));
    let deep = "[".repeat(10_000);
    assert!(yaml::read(&source(&deep)).error.is_some());
    let deep = (0..2000)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect::<String>();
    assert!(yaml::read(&source(&deep)).error.is_some());
    let json = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(yaml::read(&source(&json)).len(), 10_002);
    let bytes = Source::new(SourceId(0), "data.yaml".to_string(), b"a: \xff\n".to_vec());
    let error = yaml::read(&bytes).error.expect("it is not UTF-8");
    assert_eq!((error.span.range(), error.message), (3..4, None));
}

#[test]
fn what_is_called_json_is_read_as_just_that() {
    let text = "{\"a\": \"b\", \"c\": [\"d\", // e\n \"f\"]}";
    let read = |path: &str| yaml::read(&Source::new(SourceId(0), path.to_string(), text.as_bytes().to_vec()));
    let tree = read("data.json");
    assert_eq!(tree.error.as_ref().map(|error| error.span.start), Some(22));
    let top = tree.documents().next().expect("a document");
    assert_eq!(shown(top), "{<a>=<b> <c>=[<d>]}");
    assert_ne!(
        read("data.yaml").error.map(|error| error.message),
        tree.error.map(|error| error.message)
    );
}

#[test]
fn tags_stand_before_their_nodes() {
    let tree = tree("a: !Sub x${y}\nb: !Join ['', [c]]\nd: e\n");
    let top = tree.documents().next().expect("a document");
    let tag = |key: &str| top.get(key).expect("it is there").tag();
    assert_eq!((tag("a"), tag("b"), tag("d")), (Some("!Sub"), Some("!Join"), None));
}

#[test]
fn plain_values() {
    assert_eq!(odd("value: v=DMARC1\\; p=none # later\n"), pairs(&[]));
    let folded = "value: v=spf1 include:a.example \n    include:b.example\n\n    ~all\nnext: x\n";
    assert_eq!(odd(folded), pairs(&[(" ", " \n    "), ("\n", "\n\n    ")]));
}

#[test]
fn quoted_values() {
    assert_eq!(odd("value: 'it''s \"so\"'\n"), pairs(&[("'", "''")]));
    assert_eq!(odd("value: 'a\n  b'\n"), pairs(&[(" ", "\n  ")]));
    let double = "value: \"a\\\\;\\x41\\u00e9\\\n   b\\ \n  c\\td\"\n";
    assert_eq!(
        odd(double),
        pairs(&[
            ("\\", "\\\\"),
            ("A", "\\x41"),
            ("\u{e9}", "\\u00e9"),
            (" ", "\\ "),
            (" ", "\n  "),
            ("\t", "\\t")
        ])
    );
}

#[test]
fn block_values() {
    assert_eq!(
        odd("value: |\n  a: b\n   c\n\n  d\nnext: x\n"),
        pairs(&[("\n", "\n  "), ("\n", "\n\n  "), ("\n", "\n\n  ")])
    );
    assert_eq!(
        odd("value: >-\n  v=spf1\n  -all\n\n\n  x\n"),
        pairs(&[(" ", "\n  "), ("\n", "\n\n\n  "), ("\n", "\n\n\n  ")])
    );
}
