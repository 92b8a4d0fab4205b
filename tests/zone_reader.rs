//! The reader of zone files on input that nobody wrote on purpose, and that nothing it finds is lost.

mod cases;

use std::{
    fs,
    path::{Path, PathBuf},
};

use maillint::{
    diagnostic::Diagnostic,
    formats,
    record::{Fault, FaultKind, LineProblem},
    rules,
    run::Outcome,
    settings::Settings,
    source::{Source, Sources},
    span::Span,
};

const HEAD: &str = "$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n@ NS ns\nns A 192.0.2.1\n";

/// The files of the cases about zone files.
fn examples() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/zone");
    let mut folders = vec![root];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name != "expected.txt") {
                let bytes = fs::read(&path).expect("it can be read");
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    files
}

/// Reads a file as a zone file, whatever is in it, and judges it.
fn read(files: &[(&str, &[u8])]) -> (Sources, Outcome) {
    let sources = cases::sources(files);
    let forced: Vec<_> = sources
        .all()
        .iter()
        .map(|source| (source.path == "example.com.zone").then(|| formats::named("zone").expect("it is there")))
        .collect();
    let outcome = maillint::run::run(&sources, &forced, &cases::select(&["zone"]), &Settings::default(), &[]);
    (sources, outcome)
}

fn zone(text: impl AsRef<[u8]>) -> (Sources, Outcome) {
    read(&[("example.com.zone", text.as_ref())])
}

fn is_boundary(source: &Source, at: u32) -> bool {
    match std::str::from_utf8(source.bytes()) {
        Ok(text) => text.is_char_boundary(at as usize),
        Err(_) => at as usize <= source.bytes().len(),
    }
}

/// Checks that all places are in their file, in order, and between characters.
fn check_places(sources: &Sources, outcome: &Outcome) {
    let check = |span: Span, what: &str| {
        let source = sources.get(span.source);
        assert!(
            span.start <= span.end && is_boundary(source, span.start) && is_boundary(source, span.end),
            "{what} at {span:?} of {:?}",
            String::from_utf8_lossy(source.bytes())
        );
    };
    for scan in outcome.inspected.iter().map(|one| &one.scan) {
        for fault in &scan.faults {
            check(fault.span, "a fault");
        }
        for record in &scan.records {
            check(record.span, "a record");
            check(record.owner_span(), "an owner");
            if let Some(target) = record.target() {
                check(target.at, "a target");
            }
            if let Some(whole) = record.txt().and_then(|txt| txt.text.whole()) {
                check(whole, "a text");
            }
        }
    }
    for diagnostic in &outcome.diagnostics {
        check(diagnostic.primary.span, diagnostic.rule);
        for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            check(edit.span, diagnostic.rule);
        }
    }
}

#[test]
fn files_cut_at_any_byte_are_read() {
    for (_, bytes) in examples() {
        // What comes before the last lines has been seen with shorter files.
        let from = bytes.len().saturating_sub(400);
        for end in from..=bytes.len() {
            let (sources, outcome) = zone(&bytes[..end]);
            check_places(&sources, &outcome);
        }
    }
}

#[test]
fn lines_with_any_byte_in_them_are_read() {
    let line = "w\\119w 300 IN TXT ( \"a\\;{{ b }}\" caf\u{e9} ) ; %c%\n";
    for at in 0..line.len() {
        for byte in b"\"\\(){}%@$#;.\n\r\t\xff\xc3*" {
            let mut bytes = [HEAD, line].concat().into_bytes();
            bytes[HEAD.len() + at] = *byte;
            let (sources, outcome) = zone(&bytes);
            check_places(&sources, &outcome);
        }
    }
}

#[test]
fn long_lines_take_time_in_proportion() {
    let long = |part: &str| part.repeat((1 << 18) / part.len());
    for part in [
        "x",
        "(",
        ")",
        "()",
        "\"",
        "\\",
        "{",
        "{{",
        "%a",
        "@A",
        "${",
        ";",
        ".",
        "a.",
        "# ",
        "#(",
        "\" ",
        "\t",
        "\u{1f600}",
        "\r",
        "\n(",
        "\n\"",
        "{#",
        "\n{%",
        "<%",
        "(\r\n",
    ] {
        zone(format!("{HEAD}a TXT {}", long(part)));
        zone(format!("{HEAD}{}", long(part)));
    }
    for part in [
        "# (\n",
        "a TXT \"\n",
        "a TXT (\n",
        "$GENERATE 1-2 h$ A 192.0.2.$\n",
        "a.example.com A 192.0.2.1\n",
    ] {
        zone(format!("{HEAD}{}", part.repeat(10_000)));
    }
}

#[test]
fn a_text_of_ten_megabytes_is_read() {
    let text = "x".repeat(10 << 20);
    let (_, outcome) = zone(format!("{HEAD}a TXT \"{text}\"\n"));
    let lens: Vec<usize> = outcome.inspected[0]
        .scan
        .records
        .iter()
        .filter_map(|record| Some(record.txt()?.text.len()))
        .collect();
    assert_eq!(lens, [10 << 20]);
}

#[test]
fn files_that_are_no_text_are_not_read() {
    for text in [&b"a TXT \"\0\"\n"[..], b"\xff\xfea\0", b"\xfe\xff\0a", b"\0"] {
        let (_, outcome) = zone(text);
        assert!(outcome.inspected[0].scan.records.is_empty());
        assert_eq!(ids(&outcome), ["zone-syntax"]);
    }
}

#[test]
fn too_many_generated_records_are_not_made() {
    let (_, outcome) = zone(format!("{HEAD}$GENERATE 1-999999999 h$ A 192.0.2.1\n"));
    assert_eq!(outcome.inspected[0].scan.records.len(), 3);
    assert!(!outcome.inspected[0].scan.zones[0].whole);
    let (_, outcome) = zone(format!(
        "{HEAD}$GENERATE 1-65536 h$ A 192.0.2.1\n$GENERATE 1-1 i$ A 192.0.2.1\n"
    ));
    assert_eq!(outcome.inspected[0].scan.records.len(), 3 + 65536);
}

#[test]
fn files_that_include_one_another_come_to_an_end() {
    let main = format!("{HEAD}$INCLUDE a.inc\n$INCLUDE a.inc sub\n");
    let (sources, outcome) = read(&[
        ("example.com.zone", main.as_bytes()),
        ("a.inc", b"$INCLUDE b.inc\n$INCLUDE b.inc\n"),
        ("b.inc", b"$INCLUDE c.inc\n$INCLUDE a.inc\nb A 192.0.2.2\n"),
        ("c.inc", b"$INCLUDE example.com.zone\n"),
    ]);
    check_places(&sources, &outcome);
    assert_eq!(ids(&outcome), ["zone-include-cycle", "zone-include-cycle"]);
}

#[test]
fn deep_includes_come_to_an_end() {
    // Each file includes the next one twice: two to the power of ten files, were there no limit to the depth.
    let names: Vec<String> = (0..12).map(|number| format!("{number}.inc")).collect();
    let bodies: Vec<String> = (1..=12)
        .map(|next| format!("$INCLUDE {next}.inc\n$INCLUDE {next}.inc\n"))
        .collect();
    let main = format!("{HEAD}$INCLUDE 0.inc\n");
    let mut files = vec![("example.com.zone", main.as_bytes())];
    files.extend(
        names
            .iter()
            .zip(&bodies)
            .map(|(name, body)| (name.as_str(), body.as_bytes())),
    );
    let (_, outcome) = read(&files);
    assert_eq!(ids(&outcome), ["zone-include-cycle", "zone-include-cycle"]);
}

fn ids(outcome: &Outcome) -> Vec<&'static str> {
    outcome.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect()
}

/// The rule that reports a fault.
fn rule_of(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::NoType | FaultKind::Incomplete | FaultKind::FieldTwice | FaultKind::NotText => "zone-syntax",
        FaultKind::UnterminatedQuote => "zone-unterminated-quote",
        FaultKind::MultilineQuote { .. } => "zone-multiline-quote",
        FaultKind::UnbalancedParenthesis => "zone-unbalanced-parenthesis",
        FaultKind::NestedParenthesis { .. } => "zone-nested-parenthesis",
        FaultKind::EscapeInvalid => "zone-escape-invalid",
        FaultKind::HashComment => "zone-hash-comment",
        FaultKind::DirectiveInvalid => "zone-directive-invalid",
        FaultKind::UnknownDirective => "zone-unknown-directive",
        FaultKind::IndentedDirective => "zone-indented-directive",
        FaultKind::RdataInvalid { .. } => "zone-rdata-invalid",
        FaultKind::GenericInvalid { .. } => "zone-rfc3597-invalid",
        FaultKind::ClassMismatch => "zone-class-mismatch",
        FaultKind::ByteOrderMark => "zone-bom",
        FaultKind::CrlfInParentheses => "zone-crlf-parenthesis",
        FaultKind::Template => "zone-template",
        FaultKind::IncludeMissing => "zone-include-missing",
        FaultKind::IncludeOutside => "zone-include-outside",
        FaultKind::IncludeCycle => "zone-include-cycle",
        FaultKind::GenerateInvalid { .. } | FaultKind::GenerateTooLarge => "zone-generate-invalid",
        FaultKind::Generate => "zone-generate-portability",
        FaultKind::OriginRelative { .. } => "zone-origin-relative",
        FaultKind::OriginUnknown => "zone-origin-unknown",
        FaultKind::NoOwner => "zone-no-owner",
        FaultKind::InheritedAfterOrigin { .. } => "zone-inherited-owner-after-origin",
        FaultKind::OwnerLooksLikeField { .. } => "zone-owner-looks-like-field",
        FaultKind::OutOfZone { .. } => "zone-out-of-zone",
        FaultKind::NoHost => "null-mx-malformed",
        FaultKind::LabelTooLong => "zone-label-too-long",
        FaultKind::NameTooLong => "zone-name-too-long",
        FaultKind::EmptyLabel => "zone-empty-label",
        FaultKind::QuotedName { .. } => "zone-quoted-name",
        FaultKind::TtlTooLarge => "zone-ttl-too-large",
        FaultKind::TtlMissing => "zone-ttl-missing",
        FaultKind::TtlInherited => "zone-ttl-not-set",
        FaultKind::TtlAfterType => "zone-ttl-after-type",
        FaultKind::Malformed(_) | FaultKind::NotUtf8 => "data-malformed",
        FaultKind::ReferenceCycle(_) => "data-reference-cycle",
        FaultKind::TooMuch(_) => "data-too-large",
        FaultKind::BareSemicolon { .. } => "data-octodns-semicolon",
        FaultKind::LineInvalid(LineProblem::Name | LineProblem::Type | LineProblem::Data) => "jsonl-data-invalid",
        FaultKind::LineInvalid(_) => "jsonl-line-invalid",
    }
}

fn reports(diagnostic: &Diagnostic, fault: &Fault) -> bool {
    let places = diagnostic.related.iter().chain([&diagnostic.primary]);
    diagnostic.rule == rule_of(&fault.kind) && places.into_iter().any(|label| label.span == fault.span)
}

#[test]
fn every_fault_is_reported() {
    for (path, bytes) in examples() {
        let (_, outcome) = zone(&bytes);
        for fault in outcome.inspected.iter().flat_map(|one| &one.scan.faults) {
            // Some rules are on their way.
            let exists = rules::named(rule_of(&fault.kind)).is_some();
            let reported = outcome.diagnostics.iter().any(|diagnostic| reports(diagnostic, fault));
            assert_eq!(reported, exists, "{}: {fault:?}", path.display());
        }
    }
}
