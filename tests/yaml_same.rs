//! What is read without the parser of YAML is just what the parser would give.

use std::fmt::Write;

use maillint::{
    source::Source,
    span::SourceId,
    syntax::yaml::{self, Kind, Tree, View},
};
use proptest::prelude::*;

fn show(view: View<'_>, into: &mut String) {
    let span = view.span();
    // The parser has a list that stands as far left as its key begin behind its first dash.
    let start = (view.kind() != Kind::Sequence).then_some(span.start);
    let _ = write!(
        into,
        "{:?} {:?} {start:?}-{} {:?} ",
        view.kind(),
        view.style(),
        span.end,
        view.value()
    );
    if let (Some(text), Some(value)) = (view.text(), view.value()) {
        assert_eq!(text.bytes(), value.as_bytes());
    }
    match view.kind() {
        Kind::Mapping => view.entries().iter().for_each(|(key, value)| {
            show(*key, into);
            show(*value, into);
        }),
        Kind::Sequence => view.items().for_each(|item| show(item, into)),
        Kind::Scalar | Kind::Unknown => {}
    }
    into.push('\n');
}

fn shown(tree: &Tree) -> String {
    let mut shown = format!("{:?}\n", tree.error);
    tree.documents().for_each(|top| show(top, &mut shown));
    shown
}

/// Both ways to read a file.
fn both(text: &str) -> [String; 2] {
    let source = Source::new(SourceId(0), "data.yaml".to_string(), text.as_bytes().to_vec());
    [shown(&yaml::read(&source)), shown(&yaml::parse(&source))]
}

fn assert_same(text: &str) {
    let [fast, slow] = both(text);
    assert_eq!(fast, slow, "{text}");
}

#[test]
fn what_people_write() {
    for text in [
        "a: b\n",
        "---\n'':\n  - type: MX\n    values:\n      - exchange: mx1.example.net.\n        preference: 10\n  - type: A\n    value: 192.0.2.1\n",
        "a:\nb:\n  c:\n  d: e # f\n# g\n  h: 'i' # j\nk:\n- l\n- m: n\n  o: p\n-\n",
        "a:\n- b\nc:\n  - - d\n    - e\n  -\n    f: g\n  - \n",
        "'a b': \"c\\\\;\\n\\u00e9\"\n\"d\": v=DMARC1\\; p=none\n129688: 'x # y'\n",
        "a:\n  b\nc: d\n  e\n",
        "a: |\n  b\n",
        "a: &x b\nc: *x\n",
        "a: b: c\n",
        "- a\nb: c\n",
        "a: b\n- c\n",
        "a: b\n c: d\n",
        "a\n",
        "- a: b\n  c: d\n-   e: f\n    g: h\n",
        "a:b\n",
        "a: 'it''s'\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "a: [b, c]\n",
        "a:   \n\n\n  b:    c   \n",
        "  a: b\n  c: d\n",
        "  a: b\nc: d\n",
        "a: b\na: c\n",
        "",
        "---\n",
        "a: ~\nb: null\nc: -1\nd: -\n",
        "a: b #c\nd: e#f\ng: #h\n",
        "? a\n: b\n",
        "- - - a\n    - b\n  - c\n- d\n",
        "{\"a\": [1, -2.5e3, true, null, {}, [], \"\\\"x\\\" \\/\"], \"\": \"\"}\n",
        " [ ] ",
        "{\"a\": 1,}\n",
        "{\"a\": 1} x\n",
        "{\"a\": 01}\n",
        "{a: b}\n",
        "[\"a\" \"b\"]",
        "{\"a\"\n: 1}",
    ] {
        assert_same(text);
    }
}

/// Words that files are made of: by chance, some are right and most are nearly so.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "b: ",
        "c:",
        "- ",
        "-",
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n    ",
        "\n- ",
        "\n  - ",
        " ",
        "'",
        "\"",
        "''",
        "'d'",
        "\"e\"",
        "\\",
        "\\;",
        " #f",
        "#",
        "{",
        "}",
        "[",
        "]",
        ",",
        ": ",
        ":",
        "? ",
        "&x ",
        "*x",
        "!t ",
        "|",
        ">",
        "~",
        "1",
        "---\n",
        "key: value\n",
        "key:\n",
        "  key: value\n",
        "  - item\n",
        "- item\n",
        "%",
        "\t",
        "@",
        "=",
        "é",
    ]);
    prop::collection::vec(word, 0..14).prop_map(|words| words.concat())
}

/// Lines of keys, entries and values, most of them rightly indented.
fn lines() -> impl Strategy<Value = String> {
    let line = (
        0usize..5,
        prop::sample::select(vec!["", "", "- ", "- - ", "-   "]),
        prop::sample::select(vec!["k: ", "k:", "'': ", "\"q\": ", "long key: ", "", "# "]),
        prop::sample::select(vec![
            "v",
            "v w",
            "'x'",
            "\"y\"",
            "\"\\\\;\"",
            "",
            "",
            "z # c",
            "-1",
            "a:b",
            "[]",
            "~",
            "x#y",
        ]),
    );
    let line = line.prop_map(|(indent, dash, key, value)| format!("{}{dash}{key}{value}\n", "  ".repeat(indent)));
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_words(text in words()) {
        let [fast, slow] = both(&text);
        prop_assert_eq!(fast, slow);
    }

    #[test]
    fn any_lines(text in lines()) {
        let [fast, slow] = both(&text);
        prop_assert_eq!(fast, slow);
    }
}
