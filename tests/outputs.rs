//! What outputs share: columns, and that nothing in a file makes a terminal or a log do something.

mod made;

use std::{fs, io, path::Path};

use made::{RULE, files, finding, json, output, output_with, place};
use maillint::{
    diagnostic::{Diagnostic, Severity},
    formats,
    policy_view::Showing,
    posture,
    record::Scan,
    report::OUTPUTS,
    source::Sources,
    zones::Zones,
};
use proptest::prelude::*;
use roxmltree::Document;
use serde_json::Value;

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

        let error = xml("checkstyle", &sources, &found);
        assert!(
            error.contains(&format!("line=\"2\" column=\"{}\"", chars + 1)),
            "{error}"
        );
        let issue = output("azure", &sources, &found);
        assert!(
            issue.contains(&format!("linenumber=2;columnnumber={};", chars + 1)),
            "{issue}"
        );

        let range = &json("rdjson", &sources, &found)["diagnostics"][0]["location"]["range"];
        let expected = serde_json::json!({
            "start": {"line": 2, "column": bytes + 1}, "end": {"line": 2, "column": bytes + 6}
        });
        assert_eq!(range, &expected, "{before:?}");

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
    "x##vso[task.complete result=Failed;]done",
    "a]b;c=d]",
    "%AZP25%0D%3B",
    "##teamcity[buildStatus text='a']",
    "#\u{200b}#[debug]a",
    "100%0A::error::%25",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;https://example.net\u{7}link\u{1b}]8;;\u{7}",
    "\u{9b}31m",
    "\u{202e}txt.exe",
    "\u{2066}a\u{2069}\u{200f}",
    "nul\0",
    "\u{fffe}\u{ffff}",
    "\t\n\r",
    "\u{7f}\u{8}",
    "\u{2028}::error::y",
    "]]>",
    "<!-- & --> <![CDATA[x",
    "\"'/><failure>",
    "&lt;&#60;&amp;",
    "a|b",
    "a\\|b\\\\|c",
    "`a|b` | c",
    "`code`",
    "`",
    "`` ` ``` x",
    "@`mention`",
    "\\`<b>`",
    "=1+1",
    "www.example.net https://example.net a@example.net",
    "![image](https://example.net/a.png)",
    "[a]: https://example.net",
    "**a** __b__ ~~c~~ $d$ :e: _f_",
    "#1 GH-1 org/repo#1 deadbeef",
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
        let line = match name {
            "azure" => line.strip_prefix("##vso[task.logissue ").unwrap_or(line),
            _ => line,
        };
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

        let issue = &json("gitlab", &sources, &found)[0];
        assert_eq!(issue["location"]["path"], path);

        for message in [
            json("rdjson", &sources, &found)["diagnostics"][0]["message"].clone(),
            serde_json::from_str::<Value>(&output("rdjsonl", &sources, &found)).expect("a line of JSON")["message"]
                .clone(),
        ] {
            let message = message.as_str().expect("a text");
            assert!(is_prose(message), "{hostile:?}: {message}");
        }

        is_one_row(&output("markdown", &sources, &found));
        is_one_issue(&output("azure", &sources, &found));

        let readable: String = path.chars().map(in_xml).collect();
        let written = xml("checkstyle", &sources, &found);
        let document = Document::parse(&written).expect("XML");
        assert_eq!(names(&document), ["checkstyle", "file", "error"], "{written}");
        assert_eq!(attribute(&document, "file", "name"), readable);
        let written = xml("junit", &sources, &found);
        let document = Document::parse(&written).expect("XML");
        assert_eq!(
            names(&document),
            ["testsuites", "testsuite", "testcase", "failure"],
            "{written}"
        );
        assert_eq!(attribute(&document, "testcase", "file"), readable);
    }
}

/// How the posture of domains is written.
type Posture = fn(&posture::Posture<'_>, &Showing<'_>, &mut dyn io::Write) -> io::Result<()>;

const POSTURES: [(&str, Posture); 5] = [
    ("table", posture::table),
    ("markdown", posture::markdown),
    ("json", posture::json),
    ("csv", posture::csv),
    ("html", posture::html),
];

/// A file with a domain whose name, selectors and addresses are hostile, as far as names and texts hold it.
fn hostile_zone(hostile: &str) -> String {
    let escaped = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\{byte:03}")).collect::<String>();
    let (label, text) = (
        escaped(&hostile.as_bytes()[..hostile.len().min(60)]),
        escaped(hostile.as_bytes()),
    );
    format!(
        "$ORIGIN {label}.example.com.\n$TTL 60\n@ SOA a b 1 1 1 1 1\n@ MX 10 {label}\n\
         @ TXT \"v=spf1 include:{text} -all\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:{text}\"\n\
         {label}._domainkey TXT \"p=\"\n{label}._bimi TXT \"v=BIMI1; l={text}; a={text}\"\n\
         _mta-sts TXT \"v=STSv1; id={text}\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:{text}\"\nFAULT TXT x\n"
    )
}

/// What the posture is written as, of files each of which has such a domain and a finding about it.
fn written_postures(hostile: &[&str]) -> Vec<(&'static str, String)> {
    let zones: Vec<(String, String)> = hostile
        .iter()
        .map(|hostile| (format!("{hostile}.zone"), hostile_zone(hostile)))
        .collect();
    let zones: Vec<(&str, &[u8])> = zones
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_bytes()))
        .collect();
    let sources = files(&zones);
    let zone = formats::named("zone").expect("there are zone files");
    let scans: Vec<_> = sources
        .all()
        .iter()
        .map(|source| Scan {
            source: source.id,
            ..(zone.read)(source, &sources)
        })
        .collect();
    let found: Vec<Diagnostic> = zones
        .iter()
        .zip(hostile)
        .map(|((path, _), hostile)| finding(Severity::Error, place(&sources, path, "FAULT"), hostile, hostile))
        .collect();
    let zones = Zones::new(&sources, &scans);
    let posture = posture::of(&zones, scans.iter(), &sources, found.iter());
    assert_eq!((posture.rows.len(), posture.elsewhere), (hostile.len(), 0));
    let showing = Showing {
        sources: &sources,
        shown_path: &|path| path.to_string(),
        hostile_log: true,
    };
    POSTURES
        .iter()
        .map(|(name, write)| {
            let mut written = Vec::new();
            write(&posture, &showing, &mut written).expect("a vector takes it");
            (*name, String::from_utf8(written).expect("outputs are UTF-8"))
        })
        .collect()
}

#[test]
fn the_posture_shows_what_a_file_says_and_does_not_obey_it() {
    for hostile in HOSTILE {
        for (name, written) in written_postures(&[hostile]) {
            if let Err(error) = is_harmless(name, &written.replace("\r\n", "\n")) {
                panic!("{name} with {hostile:?}: {error}\n{written}");
            }
            match name {
                "table" => assert_eq!(written.lines().count(), 4, "{written}"),
                "markdown" => {
                    let row = written.lines().find(|line| line.contains(RULE)).expect("a row");
                    let cells: Vec<&str> = row.split('|').collect();
                    assert_eq!(cells.len(), 12, "{row}");
                    for cell in &cells[1..10] {
                        assert!(
                            is_prose(&cell.replace("&#124;", " ").replace(['+', '~'], " ")),
                            "{hostile:?}: {cell}"
                        );
                    }
                }
                "json" => {
                    let row = &serde_json::from_str::<Value>(&written).expect("it is JSON")["domains"][0];
                    assert_eq!(row["worst"]["message"], *hostile);
                    assert_eq!(row["worst"]["path"], format!("{hostile}.zone"));
                }
                "csv" => {
                    let (_, line) = written.split_once("\r\n").expect("a line");
                    for cell in cells(line) {
                        let cell = cell.trim_start();
                        assert!(!cell.starts_with(['=', '+', '-', '@']), "{hostile:?}: {cell}");
                    }
                    assert_eq!(cells(line).len(), 22, "{line}");
                }
                _ => {
                    let (_, tables) = written.split_once("</output>\n</div>").expect("tables");
                    let (tables, _) = tables.split_once("</main>").expect("an end of them");
                    assert!(!tables.contains("<script") && !tables.contains("<!--"), "{tables}");
                    let whole = format!("<main>{tables}</main>");
                    let document = Document::parse(&whole).expect("it is HTML that is XML");
                    let rows = document.descendants().filter(|node| node.has_tag_name("tr")).count();
                    assert_eq!(rows, 2, "{tables}");
                }
            }
        }
    }
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for char in line.trim_end_matches("\r\n").chars() {
        let last = cells.last_mut().expect("there is one");
        match char {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            _ => last.push(char),
        }
    }
    cells
}

/// What a character of a path is in XML, which holds no control characters.
fn in_xml(char: char) -> char {
    match char {
        '\t' | '\n' | '\r' => char,
        '\0'..='\x1f' => char::from_u32(0x2400 + char as u32).expect("a picture"),
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ => char,
    }
}

fn xml(name: &str, sources: &Sources, found: &[Diagnostic]) -> String {
    let written = output(name, sources, found);
    assert!(
        written.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
        "{written}"
    );
    written
}

fn names<'a>(document: &'a Document<'_>) -> Vec<&'a str> {
    let elements = document.descendants().filter(|node| node.is_element());
    elements.map(|node| node.tag_name().name()).collect()
}

fn attribute<'a>(document: &'a Document<'_>, element: &str, name: &str) -> &'a str {
    let mut found = document.descendants().filter(|node| node.has_tag_name(element));
    let first = found.next().and_then(|node| node.attribute(name));
    first.expect("the attribute is there")
}

/// What is left of Markdown without its code, which lies between equally many backticks.
fn outside_of_code(text: &str) -> String {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let mut rest = text;
    let mut outside = String::new();
    while let Some(at) = rest.find('`') {
        outside.push_str(&rest[..at]);
        let opening = run(&rest[at..]);
        let inside = &rest[at + opening..];
        let mut end = None;
        let mut from = 0;
        while let Some(next) = inside[from..].find('`') {
            let closing = run(&inside[from + next..]);
            if closing == opening {
                end = Some(from + next + closing);
                break;
            }
            from += next + closing;
        }
        match end {
            Some(end) => rest = &inside[end..],
            None => return outside + &rest[at..],
        }
    }
    outside + rest
}

/// Whether Markdown is nothing but words and code, and no word is an address.
fn is_prose(text: &str) -> bool {
    let outside = outside_of_code(text);
    let is_plain = |char: char| char.is_alphanumeric() || " .,;:!?()\"'-/%".contains(char);
    outside.chars().all(is_plain) && !outside.contains("www.") && !outside.contains("://") && !outside.contains("GH-")
}

/// A table with one row, in whose four cells are words and code, and a link to the rule.
fn is_one_row(written: &str) {
    let table: Vec<&str> = written.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 3, "{written}");
    let cells: Vec<&str> = table[2].split('|').collect();
    assert_eq!(cells.len(), 6, "{written}");
    assert_eq!(cells[1], " **error** ");
    assert!(is_prose(&cells[2].replace("&#124;", " ")), "{}", cells[2]);
    let (what, help) = cells[3].split_once(" <br>\u{2192} ").expect("help");
    for text in [what, help] {
        assert!(is_prose(&text.replace("&#124;", " ")), "{text}");
    }
    let url = format!("https://github.com/maillint/maillint/blob/main/docs/rules/{RULE}.md");
    assert_eq!(cells[4], format!(" [{RULE}]({url}) "));
}

/// One command, whose properties are those that it has to have.
fn is_one_issue(written: &str) {
    assert_eq!(written.lines().count(), 1, "{written}");
    let (command, message) = written.split_once(']').expect("an end of the command");
    let properties = command.strip_prefix("##vso[task.logissue ").expect("the command");
    let names: Vec<&str> = properties
        .split_terminator(';')
        .map(|one| one.split('=').next().unwrap_or_default())
        .collect();
    assert_eq!(
        names,
        ["type", "sourcepath", "linenumber", "columnnumber", "code"],
        "{written}"
    );
    let without_escapes = [command, message]
        .concat()
        .replace("%AZP25", "")
        .replace("%5D", "")
        .replace("%3B", "");
    assert!(!without_escapes.contains('%'), "{written}");
}

/// All of that in one report, for other programs to read.
#[test]
fn samples_are_left_for_other_programs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    fs::create_dir_all(&folder).expect("it can be made");
    let lines: Vec<String> = HOSTILE
        .iter()
        .map(|hostile| format!("www TXT \"{hostile}\" FAULT\n"))
        .collect();
    let paths: Vec<String> = HOSTILE.iter().map(|hostile| format!("{hostile}.zone")).collect();
    let all: Vec<(&str, &[u8])> = paths
        .iter()
        .map(String::as_str)
        .zip(lines.iter().map(String::as_bytes))
        .collect();
    let sources = files(&all);
    let severities = Severity::ALL.into_iter().cycle();
    let mut found: Vec<Diagnostic> = HOSTILE
        .iter()
        .zip(severities)
        .zip(&paths)
        .map(|((hostile, severity), path)| {
            let span = place(&sources, path, "FAULT");
            let mut found = finding(severity, span, hostile, hostile);
            found.help = Some(hostile.to_string().into());
            found.fix = made::fix(hostile, maillint::diagnostic::Safety::Unsafe, &[(span, hostile)]);
            found
        })
        .collect();
    found.sort_by_key(|diagnostic| diagnostic.primary.span);
    for (name, found) in [("hostile", &found[..]), ("empty", &[])] {
        for one in OUTPUTS {
            let text = output(one.name, &sources, found);
            fs::write(folder.join(format!("{name}.{}", one.name)), text).expect("it can be written");
        }
    }
    for (name, text) in written_postures(HOSTILE) {
        fs::write(folder.join(format!("posture.{name}")), text).expect("it can be written");
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
            // JSON Lines are for programs.
            prop_assert!(one.name == "rdjsonl" || written.lines().all(|line| line.len() < 4000), "{}", written);
            if matches!(one.name, "junit" | "checkstyle") {
                prop_assert!(Document::parse(&written).is_ok(), "{}", written);
            }
            if let Err(error) = is_harmless(one.name, &written) {
                panic!("{}: {error}\n{written}", one.name);
            }
        }
    }
}
