//! What outputs share: columns, and that nothing in a file makes a terminal or a log do something.

mod made;

use made::{RULE, files, finding, json, output, output_with, place};
use maillint::{diagnostic::Severity, report::OUTPUTS};
use proptest::prelude::*;

/// What stands before the place, and how wide it is in bytes, characters, UTF-16 units and on a terminal.
const BEFORE: &[(&str, [usize; 4])] = &[
    ("a TXT ", [6, 6, 6, 6]),
    ("\u{e9} TXT ", [7, 6, 6, 6]),
    ("\u{1f389} TXT ", [9, 6, 7, 7]),
    ("a\tTXT\t", [6, 6, 6, 12]),
    ("\t\u{1f389}\u{e9}", [7, 3, 4, 7]),
    // Written as `<U+FEFF>`.
    ("\u{feff}a ", [5, 3, 3, 10]),
];

#[test]
fn columns_are_in_the_unit_of_each_output() {
    for (before, [bytes, chars, utf16, wide]) in BEFORE {
        let text = format!("; \u{1f389}\r\n{before}FAULT after\r\n");
        let sources = files(&[("a.zone", text.as_bytes())]);
        let span = place(&sources, "a.zone", "FAULT");
        let found = [finding(Severity::Error, span, "it is wrong", "here")];

        let short = output("short", &sources, &found);
        assert_eq!(
            short,
            format!("a.zone:2:{}: error: it is wrong [{RULE}]\n", chars + 1),
            "{before:?}"
        );

        let annotation = output("github", &sources, &found);
        let place = format!("line=2,col={},endColumn={},", chars + 1, chars + 6);
        assert!(annotation.contains(&place), "{before:?}: {annotation}");

        let span = &json("json", &sources, &found)["diagnostics"][0]["span"];
        let (first, last) = (&span["start"], &span["end"]);
        assert_eq!((&first["line"], &last["line"]), (&2.into(), &2.into()));
        assert_eq!(
            (&first["offset"], &last["offset"]),
            (&(8 + bytes).into(), &(13 + bytes).into()),
            "{before:?}"
        );
        assert_eq!(
            (&first["column"], &last["column"]),
            (&(chars + 1).into(), &(chars + 6).into()),
            "{before:?}"
        );

        let log = json("sarif", &sources, &found);
        let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
        let expected = serde_json::json!({
            "startLine": 2, "startColumn": utf16 + 1, "endLine": 2, "endColumn": utf16 + 6
        });
        assert_eq!(region, &expected, "{before:?}");

        let human = output("human", &sources, &found);
        assert!(
            human.contains(&format!(" --> a.zone:2:{}\n", chars + 1)),
            "{before:?}: {human}"
        );
        let carets = format!("  | {:wide$}^^^^^ here\n", "");
        assert!(human.contains(&carets), "{before:?}: {human}");
    }
}

/// What a file may hold to be obeyed, hidden, or taken for something else.
const HOSTILE: &[&str] = &[
    "##[stop-commands]x",
    "text ##[add-mask]y",
    "###[group]z",
    "::add-mask::y",
    "  \t::add-mask::y",
    "\u{a0}::add-mask::y",
    "x\n::error::y",
    "x\r::error::y",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[buildStatus text='a']",
    "#\u{200b}#[debug]a",
    "100%0A::error::%25",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;https://example.net\u{7}link\u{1b}]8;;\u{7}",
    "\u{9b}31m",
    "\u{202e}txt.exe",
    "\u{2066}a\u{2069}\u{200f}",
    "nul\0",
    "\u{7f}\u{8}",
    "\u{2028}::error::y",
    "]]>",
    "a|b",
    "`code`",
    "<script>alert(1)</script>",
    "@mention",
    "[click](https://example.net)",
];

/// Nothing in the text does anything: no line is a command but those that `github` writes, and no character is hidden.
fn is_harmless(name: &str, text: &str) -> Result<(), String> {
    for char in text.chars() {
        let is_harmless = match char {
            '\n' => true,
            _ if char.is_control() => false,
            '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
            _ => true,
        };
        if !is_harmless {
            return Err(format!("{char:?} is there"));
        }
    }
    for line in text.lines() {
        if line.trim_start().starts_with("::") && name != "github" {
            return Err(format!("a command: {line}"));
        }
        for (at, _) in line.match_indices("##") {
            if line[at + 2..]
                .trim_start_matches(|char: char| char.is_ascii_alphabetic())
                .starts_with('[')
            {
                return Err(format!("a command: {line}"));
            }
        }
    }
    Ok(())
}

#[test]
fn what_a_file_says_is_shown_and_not_obeyed() {
    for hostile in HOSTILE {
        let text = format!("www TXT \"{hostile}\" FAULT\n");
        let path = format!("{hostile}.zone");
        let sources = files(&[(&path, text.as_bytes())]);
        let mut found = finding(Severity::Error, place(&sources, &path, "FAULT"), hostile, hostile);
        found.related = vec![made::label(place(&sources, &path, "TXT"), hostile)];
        found.help = Some(hostile.to_string().into());
        found.fix = made::fix(
            hostile,
            maillint::diagnostic::Safety::Safe,
            &[(found.primary.span, hostile)],
        );
        let found = [found];
        for one in OUTPUTS {
            let written = output_with(one.name, &sources, &found, |report| report.hostile_log = true);
            if let Err(error) = is_harmless(one.name, &written) {
                panic!("{} with {hostile:?}: {error}\n{written}", one.name);
            }
        }
        assert_eq!(output("short", &sources, &found).lines().count(), 1, "{hostile:?}");

        let annotations = output("github", &sources, &found);
        assert_eq!(annotations.lines().count(), 1, "{hostile:?}");
        let properties = annotations
            .strip_prefix("::error file=")
            .and_then(|rest| rest.split_once("::"));
        let (properties, _) = properties.expect("a command");
        assert_eq!(properties.split(',').count(), 5, "{hostile:?}: {properties}");

        let finding = &json("json", &sources, &found)["diagnostics"][0];
        assert_eq!(finding["message"], *hostile);
        assert_eq!(finding["path"], path);
        assert_eq!(finding["fix"]["edits"][0]["new"], *hostile);

        let result = &json("sarif", &sources, &found)["runs"][0]["results"][0];
        let message = result["message"]["text"].as_str().expect("a text");
        assert!(!message.contains("](http"), "{message}");
    }
}

#[test]
fn a_percent_sign_is_not_taken_for_an_escape() {
    let sources = files(&[("a,b:50%.zone", b"x\n")]);
    let found = [finding(
        Severity::Warning,
        place(&sources, "a,b:50%.zone", "x"),
        "it is 100%0A: so, bad",
        "",
    )];
    assert_eq!(
        output("github", &sources, &found),
        format!("::warning file=a%2Cb%3A50%25.zone,line=1,col=1,endColumn=2,title={RULE}::it is 100%250A: so, bad\n")
    );
}

#[test]
fn annotations_over_several_lines_have_no_columns() {
    let sources = files(&[("a.zone", b"a (\n b\n)\n")]);
    let found = [finding(
        Severity::Info,
        place(&sources, "a.zone", "a (\n b\n)\n"),
        "it is long",
        "",
    )];
    assert_eq!(
        output("github", &sources, &found),
        format!("::notice file=a.zone,line=1,endLine=3,title={RULE}::it is long\n")
    );
}

#[test]
fn github_gets_what_it_shows_and_the_worst_first() {
    let text = "x\n".repeat(100);
    let sources = files(&[("a.zone", text.as_bytes())]);
    let source = sources.at_path("a.zone").expect("it is there");
    let many = |severity, lines: std::ops::Range<usize>| {
        lines.map(move |line| {
            finding(
                severity,
                maillint::span::Span::new(source.id, line * 2..line * 2 + 1),
                "bad",
                "",
            )
        })
    };
    let mut found: Vec<_> = many(Severity::Info, 0..10).collect();
    found.extend(many(Severity::Error, 10..22));
    found.extend(many(Severity::Warning, 30..40));
    let written = output("github", &sources, &found);
    let kinds: Vec<&str> = written
        .lines()
        .map(|line| line.split(' ').next().unwrap_or_default())
        .collect();
    let mut expected = vec!["::error"; 10];
    expected.extend(["::warning"; 10]);
    expected.extend(["::notice"; 10]);
    assert_eq!(kinds, expected);
    let last = written.lines().last().unwrap_or_default();
    // Two errors, and the tenth info, which gave its place to this.
    assert!(
        last.starts_with("::notice title=maillint::3 more findings are not shown"),
        "{last}"
    );

    found.retain(|diagnostic| diagnostic.severity != Severity::Error);
    let written = output("github", &sources, &found);
    assert_eq!(written.lines().count(), 20);
    assert!(!written.contains("not shown"));
}

proptest! {
    /// Whatever the bytes, the places and the edits: all outputs write something that is harmless.
    #[test]
    fn any_finding_can_be_written(
        bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b'\r'), Just(b'#'), Just(b'['), Just(b':'), Just(b' ')], 0..400),
        repeat in prop_oneof![Just(1_usize), Just(40)],
        places in proptest::collection::vec((any::<prop::sample::Index>(), 0..300_usize), 1..5),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..30_usize, ".{0,8}"), 0..4),
    ) {
        let text: Vec<u8> = bytes.iter().copied().cycle().take(bytes.len() * repeat).collect();
        let sources = files(&[("a.zone", &text)]);
        let id = sources.all()[0].id;
        let boundary = |mut at: usize| {
            while at > 0 && text.get(at).is_some_and(|byte| (0x80..0xc0).contains(byte)) {
                at -= 1;
            }
            at
        };
        let span = |index: &prop::sample::Index, len: usize| {
            let start = index.index(text.len() + 1);
            maillint::span::Span::new(id, boundary(start)..boundary((start + len).min(text.len())))
        };
        let mut found = finding(Severity::Error, span(&places[0].0, places[0].1), "bad", "here");
        found.related = places[1..].iter().map(|(index, len)| made::label(span(index, *len), "there")).collect();
        let mut changes: Vec<(maillint::span::Span, &str)> = edits.iter().map(|(index, len, new)| (span(index, *len), new.as_str())).collect();
        changes.sort();
        let mut end = 0;
        changes.retain(|(span, _)| {
            let is_apart = span.start >= end;
            end = if is_apart { span.end.max(span.start + 1) } else { end };
            is_apart
        });
        if !changes.is_empty() {
            found.fix = made::fix("mend", maillint::diagnostic::Safety::Unsafe, &changes);
        }
        let found = [found];
        for one in OUTPUTS {
            let written = output_with(one.name, &sources, &found, |report| report.hostile_log = true);
            prop_assert!(written.lines().all(|line| line.len() < 4000), "{}", written);
            if let Err(error) = is_harmless(one.name, &written) {
                panic!("{}: {error}\n{written}", one.name);
            }
        }
    }
}
