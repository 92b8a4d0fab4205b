//! Values and their places: what is known of them, their parts, and how a change of them is written.

mod reading;

use maillint::{
    source::Source,
    span::{SourceId, Span},
    spelling::Spelling,
    text::{Edit, Text, Why},
};
use reading::{edited, in_data, json, pieces, source, text, zone_string};

fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(SourceId(0), range)
}

/// The data after the decoded bytes that read `old` were replaced, if they are.
fn replaced(data: &str, old: &str, new: &str) -> Option<String> {
    let text = text(data);
    let value = String::from_utf8_lossy(text.bytes()).into_owned();
    let at = value.find(old).expect("the value holds it");
    let edits = text.replace(at..at + old.len(), new)?;
    Some(String::from_utf8(edited(data, &edits)).expect("it was UTF-8"))
}

/// The data after `new` was put before the decoded byte at `at`, if it is.
fn inserted(data: &str, at: usize, new: &str) -> Option<String> {
    let edits = text(data).replace(at..at, new)?;
    assert_eq!(edits.len(), 1);
    assert!(edits[0].span.is_empty());
    Some(String::from_utf8(edited(data, &edits)).expect("it was UTF-8"))
}

#[test]
fn a_token_that_touches_a_hole_is_unknown() {
    // v=DMARC1; p=HOLE; sp=none
    let text = text(r#""v=DMARC1; p={{ p }}; sp=none""#);
    assert_eq!(text.bytes(), b"v=DMARC1; p=; sp=none");
    assert!(!text.is_complete());
    assert!(text.is_known(0..8), "v=DMARC1");
    assert!(!text.is_known(10..12), "p= ends where the hole is");
    assert!(!text.is_known(12..13), "; starts where the hole is");
    assert!(!text.is_known(12..12), "the point of the hole");
    assert!(text.is_known(13..21), " sp=none");
    assert!(text.is_known(13..13), "a point behind the semicolon");
}

#[test]
fn holes_at_the_ends_hide_what_touches_them() {
    let text = text(r#""{{ a }}b{{ c }}""#);
    assert_eq!(text.bytes(), b"b");
    assert!(!text.is_known(0..0));
    assert!(!text.is_known(0..1));
    assert!(!text.is_known(1..1));
    assert_eq!(text.whole().map(in_data), Some(1..16));
    assert_eq!(text.span(0..0).map(in_data), Some(8..8), "behind the first hole");
    assert_eq!(text.span(0..1).map(in_data), Some(8..9));
    assert_eq!(text.span(1..1).map(in_data), Some(16..16), "behind the second hole");
}

#[test]
fn a_value_that_is_only_a_hole_has_a_place() {
    let text = text(r#""{{ all }}""#);
    assert_eq!(text.bytes(), b"");
    assert!(!text.is_known(0..0));
    assert_eq!(text.whole().map(in_data), Some(1..10));
}

#[test]
fn a_value_without_holes_is_known_everywhere() {
    for data in [r#""abc""#, r#""a" "bc""#, r#""\097bc""#, "abc"] {
        let text = text(data);
        assert!(text.is_complete());
        for start in 0..=3 {
            for end in start..=3 {
                assert!(text.is_known(start..end));
            }
        }
    }
}

#[test]
fn many_holes_are_looked_up_in_order() {
    let data = format!("\"{}\"", "a{{x}}b".repeat(20));
    let text = text(&data);
    for (index, hole) in text.holes().iter().enumerate() {
        assert_eq!(hole.at as usize, 2 * index + 1);
    }
    assert!((0..20).all(|index| !text.is_known(2 * index..2 * index + 1)));
    assert!((1..20).all(|index| text.is_known(2 * index..2 * index)));
}

#[test]
fn an_empty_range_is_behind_the_byte_before_it() {
    //           0123456789012345
    let data = r#""ab" "" "cd""#;
    let text = text(data);
    let points: Vec<_> = (0..=4).filter_map(|at| text.span(at..at).map(in_data)).collect();
    assert_eq!(points, [1..1, 2..2, 3..3, 10..10, 11..11]);
    assert_eq!(text.span(1..3).map(in_data), Some(2..10));
    assert_eq!(text.whole().map(in_data), Some(1..11));
    assert_eq!(text.span(4..5), None, "out of it");
}

#[test]
fn an_empty_string_has_a_place_between_its_quotes() {
    let text = text(r#""""#);
    assert_eq!(text.span(0..0).map(in_data), Some(1..1));
    assert_eq!(text.whole().map(in_data), Some(1..1));
    let text = reading::text(r#""" "ab" """#);
    assert_eq!(text.span(0..0).map(in_data), Some(1..1));
    assert_eq!(text.whole().map(in_data), Some(1..9));
    assert_eq!(
        text.literals().map(|(range, ..)| range).collect::<Vec<_>>(),
        [0..0, 0..2, 2..2]
    );
}

#[test]
fn a_value_that_is_written_nowhere_has_no_place() {
    let text = Text::new();
    assert_eq!(text.span(0..0), None);
    assert_eq!(text.whole(), None);
    assert_eq!(text.replace(0..0, "x"), None);
    assert_eq!(text.literal(0), None);
}

#[test]
fn places_do_not_cut_characters() {
    let text = text("\"aé😀b\"");
    assert_eq!(text.len(), 8);
    assert_eq!(text.span(1..2).map(in_data), Some(2..4), "the first byte of é");
    assert_eq!(text.span(2..3).map(in_data), Some(2..4), "the second byte of é");
    assert_eq!(text.span(2..5).map(in_data), Some(2..8), "parts of both");
    assert_eq!(text.span(5..5).map(in_data), Some(8..8), "a point in 😀 is behind it");
    assert_eq!(text.span(7..8).map(in_data), Some(8..9));
    assert_eq!(text.replace(1..2, "x"), None);
    assert_eq!(text.replace(2..2, "x"), None);
    // The same in pieces.
    let text = reading::text("\"aé😀\" \"b\"");
    assert_eq!(text.span(2..5).map(in_data), Some(2..8));
    assert_eq!(text.span(5..5).map(in_data), Some(8..8));
    assert_eq!(text.replace(1..2, "x"), None);
    assert_eq!(text.replace(2..2, "x"), None);
    assert_eq!(text.slice(2..5).span(1..2).map(in_data), Some(4..8));
    assert_eq!(text.slice(2..5).replace(0..3, "x"), None);
}

#[test]
fn what_is_not_utf8_is_cut_at_any_byte() {
    let text = text(b"\"a\xc3\xff\xa9\"");
    assert_eq!(text.span(1..2).map(in_data), Some(2..3));
    assert_eq!(text.span(3..4).map(in_data), Some(4..5));
}

#[test]
fn a_part_has_the_places_of_the_whole() {
    let text = text(r#""v=spf1 inc" "lude:\065.example -all""#);
    assert_eq!(text.bytes(), b"v=spf1 include:A.example -all");
    let term = text.slice(7..24);
    assert_eq!(term.bytes(), b"include:A.example");
    assert_eq!(term.span(0..17), text.span(7..24));
    assert_eq!(term.span(0..0), text.span(7..7));
    assert_eq!(term.slice(8..9).span(0..1).map(in_data), Some(19..23), "the escape");
    assert_eq!(term.whole(), text.span(7..24));
    assert_eq!(text.slice(30..31).bytes(), b"");
}

#[test]
fn appended_parts_keep_their_places() {
    let one = text(r#""v=spf1 " "a:x""#);
    let mut all = Text::new();
    all.append(&one, 0..7);
    all.append(&one, 9..10);
    assert_eq!(all.bytes(), b"v=spf1 x");
    assert_eq!(all.span(0..7).map(in_data), Some(1..8));
    assert_eq!(all.span(7..8).map(in_data), Some(13..14));
    // What is not appended stays between them.
    let edits = all.replace(6..8, "y").expect("two runs");
    assert_eq!(edited(r#""v=spf1 " "a:x""#, &edits), br#""v=spf1y" "a:""#);
}

#[test]
fn what_is_implied_between_two_strings_is_in_neither() {
    let data = r#""a" "b""#;
    let one = text(data);
    let mut all = Text::new();
    all.append(&one, 0..1);
    all.push_spelled(b";", one.span(1..1).expect("a point"));
    all.append(&one, 1..2);
    assert_eq!(all.bytes(), b"a;b");
    assert_eq!(
        all.literals().map(|(range, ..)| range).collect::<Vec<_>>(),
        [0..1, 2..3]
    );
    assert_eq!(all.span(1..2).map(in_data), Some(2..2));
    let write = |range, new| {
        let edits = all.replace(range, new)?;
        String::from_utf8(edited(data, &edits)).ok()
    };
    assert_eq!(write(0..1, "x").as_deref(), Some(r#""x" "b""#));
    assert_eq!(write(2..3, "x").as_deref(), Some(r#""a" "x""#));
    assert_eq!(write(1..1, "x").as_deref(), Some(r#""ax" "b""#), "before it");
    assert_eq!(write(2..2, "x").as_deref(), Some(r#""a" "xb""#), "behind it");
    assert_eq!(write(0..3, "x"), None);
    assert_eq!(write(1..2, "x"), None);
}

#[test]
fn parts_of_one_literal_grow_together() {
    let one = text(r#""a\098c""#);
    let mut all = Text::new();
    all.append(&one, 0..2);
    all.append(&one, 2..3);
    assert_eq!(all.literal_count(), 1);
    assert_eq!(
        all.literal(0),
        Some((0..3, one.literal(0).expect("one").1, Spelling::ZoneQuoted))
    );
    let edits = all.replace(0..3, "x").expect("one run");
    assert_eq!(edited(r#""a\098c""#, &edits), br#""x""#);
}

#[test]
fn a_hole_between_two_parts_is_one() {
    let one = text(r#""a{{ x }}b""#);
    let mut all = Text::new();
    all.append(&one, 0..1);
    all.append(&one, 1..2);
    assert_eq!(all.bytes(), b"ab");
    assert_eq!(all.holes(), one.holes());
}

#[test]
fn an_edit_is_one_for_each_run_of_the_source() {
    assert_eq!(
        replaced(r#""v=spf1 +all""#, "+all", "-all").as_deref(),
        Some(r#""v=spf1 -all""#)
    );
    // An escape and what is around it are one run.
    assert_eq!(
        replaced(r#""v=spf1 \043all""#, "+all", "-all").as_deref(),
        Some(r#""v=spf1 -all""#)
    );
    assert_eq!(
        replaced(r#""v=spf1 \043all""#, "+", "-").as_deref(),
        Some(r#""v=spf1 -all""#)
    );
    let split = text(r#""v=spf1 +a" "ll" "x""#);
    assert_eq!(
        split.replace(7..12, "-all"),
        Some(vec![
            Edit {
                span: span(25..27),
                new: "-all".to_string()
            },
            Edit {
                span: span(30..32),
                new: String::new()
            },
            Edit {
                span: span(35..36),
                new: String::new()
            },
        ])
    );
    assert_eq!(
        replaced(r#""+a" "l" "l""#, "+all", "-all").as_deref(),
        Some(r#""-all" "" """#)
    );
    assert_eq!(
        replaced("\"+a\" ( \"l\" ; comment\n \"l\" )", "al", "AL").as_deref(),
        Some("\"+AL\" ( \"\" ; comment\n \"l\" )")
    );
}

#[test]
fn new_text_is_escaped_as_its_literal_needs() {
    assert_eq!(replaced(r#""ab""#, "a", "\"\\;").as_deref(), Some(r#""\"\\;b""#));
    assert_eq!(replaced("ab", "a", "\" ;(").as_deref(), Some(r#"\"\ \;\(b"#));
    assert_eq!(replaced(r#""ab""#, "a", "é\n").as_deref(), Some(r#""\195\169\010b""#));
    assert_eq!(replaced(r#""ab""#, "ab", "").as_deref(), Some(r#""""#));
    assert_eq!(
        replaced(r#""exists:ab""#, "ab", "%{i}.x").as_deref(),
        Some(r#""exists:%{i}.x""#)
    );
}

#[test]
fn an_insertion_stands_at_a_point() {
    assert_eq!(inserted(r#""ab""#, 0, "x").as_deref(), Some(r#""xab""#));
    assert_eq!(inserted(r#""ab""#, 1, "x").as_deref(), Some(r#""axb""#));
    assert_eq!(inserted(r#""ab""#, 2, "x").as_deref(), Some(r#""abx""#));
    assert_eq!(inserted(r#""""#, 0, "x").as_deref(), Some(r#""x""#));
    assert_eq!(
        inserted(r#""ab" "cd""#, 2, "x").as_deref(),
        Some(r#""abx" "cd""#),
        "the first of two strings"
    );
    assert_eq!(inserted(r#""ab" "cd""#, 0, "x").as_deref(), Some(r#""xab" "cd""#));
    assert_eq!(inserted(r#""ab" "cd""#, 4, "x").as_deref(), Some(r#""ab" "cdx""#));
    assert_eq!(inserted(r#""" "cd""#, 0, "x").as_deref(), Some(r#""x" "cd""#));
    assert_eq!(
        inserted(r#""\097\098" """#, 1, "x").as_deref(),
        Some(r#""\097x\098" """#)
    );
    assert_eq!(
        inserted(r#""\097\098" """#, 0, ";").as_deref(),
        Some(r#"";\097\098" """#)
    );
    assert_eq!(inserted("ab cd", 2, " ").as_deref(), Some(r"ab\  cd"));
}

#[test]
fn an_insertion_into_a_part_stands_where_the_part_is() {
    let data = r#""ab" "cd""#;
    let text = text(data);
    let write = |range: std::ops::Range<usize>, at| {
        let edits = text.slice(range).replace(at..at, "x")?;
        String::from_utf8(edited(data, &edits)).ok()
    };
    assert_eq!(write(1..4, 0).as_deref(), Some(r#""axb" "cd""#));
    assert_eq!(
        write(2..4, 0).as_deref(),
        Some(r#""ab" "xcd""#),
        "the string that the part has"
    );
    assert_eq!(write(3..3, 0).as_deref(), Some(r#""ab" "cxd""#), "an empty part");
    assert_eq!(write(2..2, 0).as_deref(), Some(r#""abx" "cd""#));
    assert_eq!(write(0..0, 0).as_deref(), Some(r#""xab" "cd""#));
    assert_eq!(write(4..4, 0).as_deref(), Some(r#""ab" "cdx""#));
}

#[test]
fn a_hole_is_never_written_over() {
    let text = text(r#""ab{{ x }}cd""#);
    assert_eq!(text.replace(0..4, "y"), None);
    assert_eq!(text.replace(1..2, "y"), None, "touches it");
    assert_eq!(text.replace(2..2, "y"), None, "is it");
    assert_eq!(text.replace(2..3, "y"), None, "touches it");
    assert!(text.replace(0..1, "y").is_some());
    assert!(text.replace(3..4, "y").is_some());
    assert_eq!(text.slice(0..2).replace(0..2, "y"), None, "the part knows of it");
}

#[test]
fn no_string_gets_longer_than_255_bytes() {
    let long = format!("\"{}\"", "a".repeat(254));
    assert!(text(&long).replace(0..0, "b").is_some());
    assert_eq!(text(&long).replace(0..0, "bb"), None);
    assert!(text(&long).replace(0..1, "bb").is_some());
    assert_eq!(
        text(&long).slice(0..3).replace(0..1, "bbb"),
        None,
        "the part knows the whole string"
    );
    let mut part = Text::new();
    part.append(&text(&long), 3..4);
    part.append(&text(&long), 5..9);
    assert!(part.replace(0..1, "bb").is_some());
    assert_eq!(part.replace(0..1, "bbb"), None);
    // Escapes count once.
    let spelled = format!("\"{}\"", "\\097".repeat(255));
    assert!(text(&spelled).replace(0..1, "\u{7f}").is_some());
    assert_eq!(text(&spelled).replace(0..0, "b"), None);
    // The string that gets the text counts, and the part of the others that goes is gone.
    let two = format!("\"{}\" \"{}\"", "a".repeat(254), "b".repeat(255));
    assert!(text(&two).replace(253..400, "cc").is_some());
    assert_eq!(text(&two).replace(253..400, "ccc"), None);
    let bare = "a".repeat(255);
    assert_eq!(text(&bare).replace(0..0, "b"), None);
}

#[test]
fn a_word_without_quotes_does_not_get_empty_unless_others_stay() {
    assert_eq!(replaced("ab", "ab", ""), None);
    assert_eq!(replaced("ab", "a", "").as_deref(), Some("b"));
    assert_eq!(replaced(r"\097b", "ab", ""), None);
    assert_eq!(replaced("ab cd", "abcd", ""), None);
    assert_eq!(replaced("ab cd", "abcd", "x").as_deref(), Some("x "));
    assert_eq!(replaced(r#""ab" cd"#, "bcd", "").as_deref(), Some(r#""a" "#));
}

#[test]
fn no_edit_makes_a_template_marker() {
    assert_eq!(replaced(r#""ab""#, "a", "{{x}}"), None);
    assert_eq!(replaced(r#""a{x-}""#, "-", "y"), None, "of what stands there");
    assert_eq!(replaced(r#""%{i}""#, "%", ""), None, "of a macro of SPF");
    assert_eq!(replaced(r#""a{b-}""#, "-", ""), None, "by leaving something out");
    assert_eq!(replaced(r#""a" "b}}""#, "a", "{{"), None, "over the ends of strings");
    assert_eq!(replaced(r#""a%" "%{i}b""#, "%", "").as_deref(), Some(r#""a" "%{i}b""#));
    assert_eq!(
        replaced(r#""a%" "%{i}b""#, "%%", "%"),
        None,
        "of a macro that loses its own `%`"
    );
    assert_eq!(
        replaced(r#""a%" "bx""#, "b", "c%").as_deref(),
        Some(r#""a%" "c%x""#),
        "in two strings"
    );
    assert_eq!(replaced(r#""a" ; }}"#, "a", "{{"), None, "with a comment");
    assert_eq!(replaced(r#""kb{{ x }}""#, "k", "%k"), None, "with what a hole may hold");
    assert_eq!(replaced(r#""a%{i}b""#, "b", "%{d}").as_deref(), Some(r#""a%{i}%{d}""#));
    assert_eq!(
        replaced(r#""mailto:a@example.com""#, "a@", "B@X.").as_deref(),
        Some(r#""mailto:B@X.example.com""#)
    );
    assert_eq!(Spelling::ZoneQuoted.write(b"@NAME@"), None);
    assert_eq!(Spelling::ZoneQuoted.write(b"${x}"), None);
}

#[test]
fn what_is_only_implied_is_not_written_over() {
    let source = source("ab");
    let mut text = Text::new();
    text.push_verbatim(b"a", span(0..1));
    text.push_spelled(b";", span(1..1));
    text.push_verbatim(b"b", span(1..2));
    text.end_literal(source.span(), Spelling::Plain);
    assert_eq!(text.bytes(), b"a;b");
    assert_eq!(text.span(1..2), Some(span(1..1)));
    assert_eq!(text.replace(1..2, ","), None);
    assert_eq!(text.replace(0..2, ","), None);
    assert_eq!(
        text.replace(0..1, "c"),
        Some(vec![Edit {
            span: span(0..1),
            new: "c".to_string()
        }])
    );
}

#[test]
fn what_a_directive_makes_is_not_written_over() {
    let (_, scan) = reading::scan("example.com. SOA a b 1 2 3 4 5\n$GENERATE 1-2 a$.example.com. TXT x$\n");
    let record = scan.records.last().expect("three records");
    let text = &record.txt().expect("a TXT record").text;
    assert_eq!(text.bytes(), b"x2");
    assert_eq!(text.replace(0..1, "y"), None);
    assert_eq!(text.replace(0..2, ""), None);
}

#[test]
fn hexadecimal_digits_are_not_written_over() {
    let text = text(r"\# 3 026162");
    assert_eq!(text.bytes(), b"ab");
    assert_eq!(text.span(1..2).map(in_data), Some(9..11));
    assert_eq!(text.replace(0..1, "c"), None);
    assert_eq!(text.replace(0..1, ""), None);
}

#[test]
fn a_policy_file_takes_what_fits_on_a_line() {
    let source = source("version: STSv1\nmode: tset\n");
    let text = Text::run(&source, 0..source.bytes().len(), Spelling::Plain);
    let edit = |range, new| {
        text.replace(range, new)
            .map(|edits| reading::apply(source.bytes().to_vec(), &edits))
    };
    assert_eq!(
        edit(21..25, "testing").as_deref(),
        Some(&b"version: STSv1\nmode: testing\n"[..])
    );
    assert_eq!(edit(21..25, "a\nb"), None);
    assert_eq!(edit(15..26, "").as_deref(), Some(&b"version: STSv1\n"[..]));
    let field = text.slice(21..25);
    assert_eq!(
        field.replace(0..4, "none").map(|edits| edits[0].span.range()),
        Some(21..25)
    );
}

#[test]
fn a_run_that_reaches_out_of_the_file_is_cut() {
    let source = source("abc");
    assert_eq!(Text::run(&source, 1..9, Spelling::Plain).bytes(), b"bc");
    assert_eq!(Text::run(&source, 7..9, Spelling::Plain).span(0..0), Some(span(3..3)));
}

/// A JSON string that holds a zone string, and the value of that.
fn zone_in_json(written: &str) -> (Source, Text) {
    let source = source(written);
    let outer = json(&source, 1..written.len() - 1);
    let inner = zone_string(&outer);
    (source, inner)
}

#[test]
fn two_layers_lead_back_to_the_file() {
    //                                  0         1         2
    //                                  0123456789012345678901234567890
    let (source, text) = zone_in_json(r#""\"v=DMARC1\\; p=\\\"no\u006ee\"""#);
    assert_eq!(text.bytes(), br#"v=DMARC1; p="none"#);
    assert_eq!(text.span(0..8).map(Span::range), Some(3..11));
    assert_eq!(
        text.span(8..9).map(Span::range),
        Some(11..14),
        "an escape of one layer in another's"
    );
    assert_eq!(text.span(12..13).map(Span::range), Some(17..21), "escapes of both");
    assert_eq!(text.span(15..16).map(Span::range), Some(23..29));
    let edits = text.replace(8..9, "\";").expect("all is known");
    assert_eq!(
        String::from_utf8(reading::apply(source.bytes().to_vec(), &edits)).as_deref(),
        Ok(r#""\"v=DMARC1\\\"; p=\\\"no\u006ee\"""#)
    );
    let edits = text.replace(13..17, "é").expect("one run");
    assert_eq!(
        String::from_utf8(reading::apply(source.bytes().to_vec(), &edits)).as_deref(),
        Ok(r#""\"v=DMARC1\\; p=\\\"\\195\\169\"""#)
    );
}

#[test]
fn a_character_that_one_layer_escapes_is_cut_by_no_edit_of_the_other() {
    let (_, text) = zone_in_json(r#""\"a\u00e9b\"""#);
    assert_eq!(text.bytes(), "aéb".as_bytes());
    assert_eq!(text.span(1..2).map(Span::range), Some(4..10));
    assert_eq!(text.replace(1..2, "x"), None);
    assert!(text.replace(1..3, "x").is_some());
}

#[test]
fn the_hole_of_the_outer_value_is_the_inner_ones() {
    let (_, outer) = pieces(&[
        ("\"", "\\\""),
        ("p=", "p="),
        ("?", "${p}"),
        ("; x\\", "; x\\\\"),
        ("?", "${q}"),
        (";y\"", ";y\\\""),
    ]);
    assert_eq!(outer.bytes(), br#""p=; x\;y""#);
    let text = zone_string(&outer);
    assert_eq!(text.bytes(), b"p=; x;y");
    let holes: Vec<_> = text.holes().iter().map(|hole| (hole.at, hole.span.range())).collect();
    assert_eq!(
        holes,
        [(2, 4..8), (6, 13..17)],
        "the second one hides which byte the escape is"
    );
    assert!(!text.is_known(0..2));
    assert!(text.is_known(3..5));
    assert!(!text.is_known(5..6));
    assert_eq!(text.replace(0..1, "q").map(|edits| edits[0].span.range()), Some(2..3));
    assert_eq!(text.replace(2..3, "x"), None);
}

#[test]
fn holes_outside_of_the_inner_string_keep_it_incomplete() {
    let (_, outer) = pieces(&[("?", "${a}"), ("\"p\"", "\"p\""), ("?", "${b}")]);
    let text = zone_string(&outer);
    assert_eq!(text.bytes(), b"p");
    assert_eq!(text.holes().iter().map(|hole| hole.at).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_string_in_a_zone_string_is_escaped_twice() {
    let data = r#""\"v=TLSRPTv1\"""#;
    let outer = text(data);
    let inner = zone_string(&outer);
    assert_eq!(inner.bytes(), b"v=TLSRPTv1");
    assert_eq!(inner.span(0..1).map(in_data), Some(3..4));
    let edits = inner.replace(0..1, "\"").expect("one run");
    assert_eq!(
        String::from_utf8(edited(data, &edits)).as_deref(),
        Ok(r#""\"\\\"=TLSRPTv1\"""#)
    );
}

#[test]
fn the_outer_string_has_a_limit_too() {
    // 2 quotes and 250 bytes stand in the outer string.
    let data = format!("\"\\\"{}\\\"\"", "a".repeat(250));
    let inner = zone_string(&text(&data));
    assert!(inner.replace(0..0, "bbb").is_some());
    assert_eq!(inner.replace(0..0, "bbbb"), None);
    assert!(inner.replace(0..0, "\"b").is_some());
    assert_eq!(inner.replace(0..0, "\"\""), None, "two backslashes more");
}

#[test]
fn a_string_that_is_written_in_two_is_not_written_back() {
    let inner = zone_string(&text(r#""\"v=TLS" "RPTv1\"""#));
    assert_eq!(inner.bytes(), b"v=TLSRPTv1");
    assert_eq!(inner.span(0..10).map(in_data), Some(3..16));
    assert_eq!(inner.replace(0..1, "V"), None);
}

#[test]
fn what_was_not_read_from_a_value_has_no_place_in_it() {
    let outer = text(r#""abc""#);
    let mut inner = Text::new();
    inner.push_verbatim(b"xyz", Span::new(SourceId::DECODED, 2..5));
    assert_eq!(outer.through(&inner).bytes(), b"");
    let mut inner = Text::new();
    inner.push_verbatim(b"xyz", Span::new(SourceId::DECODED, 0..3));
    let text = outer.through(&inner);
    assert_eq!(text.bytes(), b"xyz");
    assert_eq!(
        text.span(1..2).map(in_data),
        Some(1..4),
        "too wide, since these are not the bytes"
    );
}

#[test]
fn four_layers_are_not_written_back() {
    let source = source("x");
    let mut text = Text::run(&source, 0..1, Spelling::Json);
    for layer in 2..=4 {
        let mut inner = Text::new();
        inner.push_verbatim(b"x", Span::new(SourceId::DECODED, 0..1));
        inner.end_literal(Span::new(SourceId::DECODED, 0..1), Spelling::Json);
        text = text.through(&inner);
        assert_eq!(text.replace(0..1, "\"").is_some(), layer < 4, "{layer} layers");
    }
}

#[test]
fn lengths_that_differ_are_no_bytes_as_they_are() {
    let mut text = Text::new();
    text.push_verbatim(b"abc", span(5..6));
    assert_eq!(text.span(2..3), Some(span(5..6)));
    text.push_hole(span(6..7), Why::Template);
    assert_eq!(text.whole(), Some(span(5..7)));
}
