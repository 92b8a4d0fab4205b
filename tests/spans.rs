//! Properties of places, of spellings, and of changes written back.

mod reading;

use std::ops::Range;

use maillint::{
    formats,
    record::{Data, FaultKind, Scan, Target},
    source::{Source, Sources},
    span::{SourceId, Span},
    spelling::Spelling,
    template,
    text::{Edit, Text},
};
use proptest::prelude::*;
use reading::{HEAD, apply, edited, in_data, json, text, txt, zone_string};

/// Pieces of zone files, whole and broken.
const WORDS: [&str; 64] = [
    " ",
    " ",
    " ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "@",
    "a",
    "*",
    "example.com.",
    "mail",
    "_dmarc",
    "..",
    "IN",
    "CH",
    "3600",
    "1h",
    "99999999999999999999",
    "TXT",
    "TXT",
    "MX",
    "A",
    "AAAA",
    "SOA",
    "NS",
    "SRV",
    "TLSA",
    "SPF",
    "TYPE16",
    "CAA",
    "10",
    "0",
    "192.0.2.1",
    "2001:db8::1",
    "\"",
    "\"",
    "\"",
    "(",
    ")",
    ";",
    "; note",
    "\\",
    "\\\"",
    "\\065",
    "\\256",
    "\\é",
    "é",
    "😀",
    "{{ x }}",
    "{% if x %}",
    "%{i}",
    "@NAME@",
    "\\# 3 026162",
    "#",
    "$ORIGIN",
    "$TTL",
    "$INCLUDE",
    "$GENERATE",
    "1-3",
    "other.zone",
    "v=DMARC1; p=none",
];

fn zone_like() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(&WORDS[..]).prop_map(|word| word.as_bytes().to_vec());
    let odd = any::<u8>().prop_map(|byte| vec![byte]);
    let line = prop::sample::select(vec![
        "@ 3600 IN SOA ns host 1 2h 3 4 5\n",
        "_dmarc TXT \"v=DMARC1; \" \"p=none\"\n",
        "a 60 MX 10 mail.example.net.\n",
        "$ORIGIN sub.example.com.\n",
        "$GENERATE 1-3 a$ TXT \"b$ \\\"c\\\"\"\n",
        "_25._tcp.mail TLSA ( 3 1 1 00ff ; note\n 00 )\n",
        "\tSPF \\# 0003 02 6162\n",
        "$INCLUDE other.zone sub\n",
        "\"q\\\"\" TXT x{{ y }}\\046z é\n",
    ])
    .prop_map(|line| line.as_bytes().to_vec());
    prop::collection::vec(prop_oneof![12 => word, 1 => odd, 4 => line], 0..40).prop_map(|parts| parts.concat())
}

/// Reads a zone file that may include another.
fn read(zone: &[u8], other: &[u8]) -> (Sources, Scan) {
    let file = |path: &str, bytes: &[u8]| Source::new(SourceId(0), path.to_string(), bytes.to_vec());
    let mut sources = Sources::new(vec![file("example.com.zone", zone), file("other.zone", other)]);
    formats::survey(&mut sources);
    let format = formats::named("zone").expect("there are zone files");
    let scan = (format.read)(sources.at_path("example.com.zone").expect("just made"), &sources);
    (sources, scan)
}

/// All places that a value has.
fn places_of_text(text: &Text) -> Vec<Span> {
    let len = text.len();
    let ranges = (0..=len).flat_map(|start| [start..start, start..len, 0..start, start..(start + 1).min(len)]);
    ranges
        .filter_map(|range| text.span(range))
        .chain(text.whole())
        .chain(text.literals().map(|(_, inside, _)| inside))
        .chain(text.holes().iter().map(|hole| hole.span))
        .collect()
}

/// All places that a reader gave.
fn places(scan: &Scan) -> Vec<Span> {
    let mut spans = Vec::new();
    for record in &scan.records {
        spans.extend([record.span, record.owner_span()]);
        spans.extend(record.ttl_span());
        spans.extend(record.target().map(|target| target.at));
        match &record.data {
            Data::Txt(txt) => {
                spans.extend(places_of_text(&txt.text));
                spans.extend(txt.tail.iter().flat_map(|tail| places_of_text(tail)));
            }
            Data::Mx(mx) => spans.push(mx.preference_at),
            Data::Soa(soa) => {
                spans.extend([&soa.primary, &soa.mailbox].map(|Target { at, .. }| *at));
                spans.push(Span {
                    start: soa.numbers.start,
                    end: soa.numbers.end,
                    ..record.span
                });
            }
            Data::Tlsa(tlsa) => {
                spans.extend(tlsa.fields.iter().chain([&tlsa.digits]).filter_map(Text::whole));
            }
            Data::Other(other) => spans.extend([other.kind_span(record), other.data_span(record)]),
            _ => {}
        }
    }
    for fault in &scan.faults {
        spans.push(fault.span);
        match &fault.kind {
            FaultKind::NestedParenthesis { close: Some(at) }
            | FaultKind::GenericInvalid {
                length_at: Some(at), ..
            }
            | FaultKind::GenerateInvalid { unquoted: Some(at) } => spans.push(*at),
            _ => {}
        }
    }
    spans
}

fn check_places(zone: &[u8], other: &[u8]) -> Result<(), TestCaseError> {
    let (sources, scan) = read(zone, other);
    for span in places(&scan) {
        let source = sources
            .all()
            .get(span.source.0 as usize)
            .ok_or_else(|| TestCaseError::fail(format!("{span:?} is in no file")))?;
        let range = span.range();
        prop_assert!(
            range.start <= range.end && range.end <= source.bytes().len(),
            "{span:?}"
        );
        if let Ok(text) = std::str::from_utf8(source.bytes()) {
            let is_whole = text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
            prop_assert!(is_whole, "{span:?} cuts a character of {text:?}");
        }
    }
    Ok(())
}

/// A byte of a zone string and how it is written.
fn written_byte(quoted: bool) -> impl Strategy<Value = String> {
    let plain = if quoted {
        "[a-z =:;@.({é😀]"
    } else {
        "[a-z=:.{é😀]"
    };
    prop_oneof![
        6 => plain.prop_map(|plain| plain),
        1 => any::<u8>().prop_map(|byte| format!("\\{byte:03}")),
        1 => prop::sample::select(vec!["\\\"", "\\\\", "\\;", "\\a", "%{i}", "\\é"]).prop_map(str::to_string),
    ]
}

/// The data of a TXT record: its strings and words.
fn data() -> impl Strategy<Value = String> {
    let quoted = prop::collection::vec(written_byte(true), 0..12).prop_map(|bytes| format!("\"{}\"", bytes.concat()));
    let bare = prop::collection::vec(written_byte(false), 1..8).prop_map(|bytes| bytes.concat());
    let long = (250usize..=255).prop_map(|len| format!("\"{}\"", "x".repeat(len)));
    prop::collection::vec(prop_oneof![8 => quoted, 3 => bare, 1 => long], 1..5).prop_map(|strings| strings.join(" "))
}

/// The same with holes in it.
fn data_with_holes() -> impl Strategy<Value = String> {
    (
        data(),
        prop::collection::vec((any::<prop::sample::Index>(), "\\{\\{ x \\}\\}|\\$\\{y\\}"), 0..4),
    )
        .prop_map(|(mut data, holes)| {
            for (index, hole) in holes {
                let mut at = index.index(data.len() + 1);
                while !data.is_char_boundary(at) {
                    at -= 1;
                }
                data.insert_str(at, &hole);
            }
            data
        })
}

/// Data that is one record and its text.
fn read_data(strategy: impl Strategy<Value = String>) -> impl Strategy<Value = (String, Text)> {
    strategy.prop_filter_map("is no TXT record", |data| {
        let txt = txt(&data)?;
        Some((data, txt.text))
    })
}

fn range_in(len: usize, (a, b): (prop::sample::Index, prop::sample::Index)) -> Range<usize> {
    let (a, b) = (a.index(len + 1), b.index(len + 1));
    a.min(b)..a.max(b)
}

/// How many decoded bytes the longest string has.
fn longest(text: &Text) -> usize {
    text.literals().map(|(own, ..)| own.len()).max().unwrap_or(0)
}

/// What a rule might put in: short, long, with what has to be escaped.
fn new_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z-]{0,6}",
        2 => "[a-z\"\\\\;( )@é\n{}%$]{0,6}",
        1 => "x{1,260}",
    ]
}

fn indices() -> impl Strategy<Value = (prop::sample::Index, prop::sample::Index)> {
    any::<(prop::sample::Index, prop::sample::Index)>()
}

/// Whether edits are as promised: in order, apart, all but the first taking away, inside of `within`.
fn check_edits(edits: &[Edit], within: Range<usize>) -> Result<(), TestCaseError> {
    prop_assert!(!edits.is_empty());
    for pair in edits.windows(2) {
        prop_assert!(pair[0].span.end < pair[1].span.start, "{edits:?}");
        prop_assert!(pair[1].new.is_empty() && !pair[1].span.is_empty(), "{edits:?}");
    }
    for edit in edits {
        let range = edit.span.range();
        prop_assert!(within.start <= range.start && range.end <= within.end, "{edits:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Whatever the bytes, reading them does not panic, and every place lies in its file and cuts no character.
    #[test]
    fn places_lie_in_their_file(zone in prop::collection::vec(any::<u8>(), 0..200), other in zone_like()) {
        check_places(&zone, &other)?;
    }

    /// The same for what is nearly a zone file.
    #[test]
    fn places_lie_in_what_is_nearly_a_zone_file(zone in zone_like(), other in zone_like()) {
        check_places(&zone, &other)?;
    }

    /// Reading a zone string that was written gives the value back.
    #[test]
    fn zone_strings_read_back(value in prop::collection::vec(any::<u8>(), 0..40)) {
        let quoted = Spelling::ZoneQuoted.write(&value);
        prop_assert!(quoted.is_some() || template::may_start(&value));
        for written in quoted.map(|written| [b"\"", &written[..], b"\""].concat()).into_iter().chain(Spelling::ZoneBare.write(&value)) {
            let read = text(written);
            prop_assert_eq!(read.bytes(), &value[..]);
            prop_assert!(read.is_complete());
        }
    }

    /// Reading a zone string of telling characters gives the value back.
    #[test]
    fn zone_strings_of_telling_characters_read_back(value in "[a{}%<>$@#;\"\\\\ ()A-C]{1,12}") {
        for spelling in [Spelling::ZoneQuoted, Spelling::ZoneBare] {
            let Some(mut written) = spelling.write(value.as_bytes()) else { continue };
            if spelling == Spelling::ZoneQuoted {
                written = [b"\"", &written[..], b"\""].concat();
            }
            let read = text(written);
            prop_assert_eq!(read.bytes(), value.as_bytes());
            prop_assert!(read.is_complete());
        }
    }

    /// Reading a JSON string that was written gives the value back.
    #[test]
    fn json_strings_read_back(value in any::<String>()) {
        let written = Spelling::Json.write(value.as_bytes()).expect("JSON holds all text");
        let literal = [b"\"", &written[..], b"\""].concat();
        prop_assert_eq!(serde_json::from_slice::<String>(&literal).ok(), Some(value.clone()));
        let source = reading::source(&literal);
        let read = json(&source, 1..literal.len() - 1);
        prop_assert_eq!(read.bytes(), value.as_bytes());
    }

    /// A field of a policy file is its bytes, unless it holds a line's end.
    #[test]
    fn plain_fields_read_back(value in "[ -~\né]{0,20}") {
        let written = Spelling::Plain.write(value.as_bytes());
        prop_assert_eq!(written, (!value.contains('\n')).then(|| value.into_bytes()));
    }

    /// A zone string in a JSON string, and in a zone string, is read back from where it was written.
    #[test]
    fn strings_in_strings_read_back(value in prop::collection::vec(any::<u8>(), 0..40), indices in indices()) {
        let Some(written) = Spelling::ZoneQuoted.write(&value) else { return Ok(()) };
        let inner = [b"\"", &written[..], b"\""].concat();
        for spelling in [Spelling::Json, Spelling::ZoneQuoted] {
            let outer = spelling.write(&inner).expect("printable");
            let data = [b"\"", &outer[..], b"\""].concat();
            let source = reading::source(&data);
            let read = match spelling {
                Spelling::Json => json(&source, 1..data.len() - 1),
                _ => text(&data),
            };
            let read = zone_string(&read);
            prop_assert_eq!(read.bytes(), &value[..]);
            // The place of a part is what would be written for it.
            let range = range_in(value.len(), indices);
            let span = read.span(range.clone()).expect("in it");
            let place = if spelling == Spelling::Json { span.range() } else { in_data(span) };
            let part = Spelling::ZoneQuoted.write(&value[range.clone()]).and_then(|part| spelling.write(&part));
            prop_assert_eq!(Some(&data[place]), part.as_deref());
        }
    }

    /// The place of some bytes reads as these bytes, with at most the rest of an escape or a character around them.
    #[test]
    fn places_read_as_their_bytes((data, text) in read_data(data()), indices in indices()) {
        let range = range_in(text.len(), indices);
        if range.is_empty() {
            return Ok(());
        }
        let place = in_data(text.span(range.clone()).expect("in it"));
        // Without the `%` before it, a macro of SPF looks like a template.
        if template::has_marker(data[place.clone()].as_bytes(), 0..place.len()) {
            return Ok(());
        }
        let quoted = |at: usize| text.literals().find(|(own, ..)| own.contains(&at)).is_some_and(|(.., spelling)| spelling == Spelling::ZoneQuoted);
        let quotes = [quoted(range.start), quoted(range.end - 1)].map(|quoted| if quoted { "\"" } else { "" });
        let read = reading::text([quotes[0], &data[place], quotes[1]].concat());
        let wanted = text.get(range.clone());
        let more = read.len() - wanted.len().min(read.len());
        prop_assert!(more <= 6, "{} bytes too many", more);
        prop_assert!(read.bytes().windows(wanted.len()).any(|window| window == wanted));
    }

    /// Replacing a part and reading again gives the value with the part replaced, or there are no edits.
    #[test]
    fn replaced_parts_read_back((data, text) in read_data(data_with_holes()), indices in indices(), new in new_text()) {
        let range = range_in(text.len(), indices);
        let within = HEAD.len()..HEAD.len() + data.len();
        if let Some(edits) = text.replace(range.clone(), &new) {
            check_edits(&edits, within)?;
            let again = reading::text(edited(&data, &edits));
            let wanted = [text.get(0..range.start), new.as_bytes(), text.get(range.end..text.len())].concat();
            prop_assert_eq!(again.bytes(), &wanted[..]);
            prop_assert_eq!(again.holes().len(), text.holes().len());
            prop_assert!(longest(&again) <= longest(&text).max(255));
        }
    }

    /// What fits, cuts nothing and touches no hole is replaced.
    #[test]
    fn whole_parts_are_replaced((_, text) in read_data(data()), indices in indices(), new in "[a-z-]{1,6}") {
        let range = range_in(text.len(), indices);
        let is_ascii = text.bytes().is_ascii();
        let is_short = text.literals().all(|(own, ..)| own.len() < 240);
        let is_plain = !template::may_start(text.bytes());
        if is_ascii && is_short && is_plain {
            prop_assert!(text.replace(range, &new).is_some());
        }
    }

    /// Replacing in a part of a value is replacing in the value.
    #[test]
    fn parts_are_replaced_in_the_whole((data, text) in read_data(data_with_holes()), outer in indices(), inner in indices(), new in "[a-z\"\\\\; é-]{0,6}|x{1,260}") {
        let outer = range_in(text.len(), outer);
        let part = text.slice(outer.clone());
        let inner = range_in(part.len(), inner);
        if let Some(edits) = part.replace(inner.clone(), &new) {
            let range = outer.start + inner.start..outer.start + inner.end;
            let wanted = [text.get(0..range.start), new.as_bytes(), text.get(range.end..text.len())].concat();
            let again = reading::text(edited(&data, &edits));
            // The part does not know that a marker of a template starts outside of it.
            if again.holes().len() == text.holes().len() {
                prop_assert_eq!(again.bytes(), &wanted[..]);
            }
            prop_assert!(longest(&again) <= longest(&text).max(255));
        }
    }

    /// Replacing in a string inside a string and reading again gives the value with the part replaced.
    #[test]
    fn replaced_parts_of_strings_in_strings_read_back(value in "[a-z\"\\\\;é]{0,20}|x{100,130}", indices in indices(), new in new_text(), in_zone in any::<bool>()) {
        let spelling = if in_zone { Spelling::ZoneQuoted } else { Spelling::Json };
        let inner = Spelling::ZoneQuoted.write(value.as_bytes()).expect("no marker");
        let outer = spelling.write(&[b"\"", &inner[..], b"\""].concat()).expect("printable");
        let data = [b"\"", &outer[..], b"\""].concat();
        let read = |data: &[u8]| match spelling {
            Spelling::Json => json(&reading::source(data), 1..data.len() - 1),
            _ => text(data),
        };
        let text = zone_string(&read(&data));
        let range = range_in(text.len(), indices);
        if let Some(edits) = text.replace(range.clone(), &new) {
            let changed = match spelling {
                Spelling::Json => apply(data, &edits),
                _ => edited(&data, &edits),
            };
            let outer = read(&changed);
            prop_assert!(spelling == Spelling::Json || outer.len() <= 255);
            let wanted = [text.get(0..range.start), new.as_bytes(), text.get(range.end..text.len())].concat();
            let again = zone_string(&outer);
            prop_assert_eq!(again.bytes(), &wanted[..]);
        }
    }

    /// A part of a value has the places, the holes and the bytes of the whole.
    #[test]
    fn parts_keep_their_places((_, text) in read_data(data_with_holes()), outer in indices(), inner in indices()) {
        let outer = range_in(text.len(), outer);
        let part = text.slice(outer.clone());
        let inner = range_in(part.len(), inner);
        let same = outer.start + inner.start..outer.start + inner.end;
        prop_assert_eq!(part.get(inner.clone()), text.get(same.clone()));
        prop_assert_eq!(part.span(inner.clone()), text.span(same.clone()));
        prop_assert_eq!(part.is_known(inner.clone()), text.is_known(same.clone()));
        prop_assert_eq!(part.slice(inner.clone()).span(0..inner.len()), text.span(same));
        // A part that is put together from two is the same again, but for a character that is cut there.
        let mut again = Text::new();
        again.append(&part, 0..inner.start);
        again.append(&part, inner.start..part.len());
        prop_assert_eq!(again.bytes(), part.bytes());
        prop_assert_eq!(again.holes(), part.holes());
        for at in 0..part.len() {
            prop_assert_eq!(again.span(at..at + 1), part.span(at..at + 1));
        }
    }

    /// What is appended keeps its places, whatever stands before it.
    #[test]
    fn appended_values_keep_their_places((_, first) in read_data(data_with_holes()), (_, second) in read_data(data_with_holes()), indices in indices()) {
        let range = range_in(second.len(), indices);
        let mut all = first.clone();
        all.append(&second, range.clone());
        prop_assert_eq!(all.bytes(), [first.bytes(), second.get(range.clone())].concat());
        for at in 0..first.len() {
            prop_assert_eq!(all.span(at..at + 1), first.span(at..at + 1));
        }
        for at in range.clone() {
            let here = first.len() + at - range.start;
            prop_assert_eq!(all.span(here..here + 1), second.span(at..at + 1));
        }
    }

    /// A value that is read through another has its places where that one has them.
    #[test]
    fn values_read_through_keep_their_places((_, outer) in read_data(data_with_holes()), ranges in prop::collection::vec((indices(), any::<bool>()), 0..5)) {
        let place = |range: Range<usize>| Span::new(SourceId::DECODED, range);
        let mut inner = Text::new();
        let mut places = Vec::new();
        let mut at = 0;
        for (indices, verbatim) in ranges {
            let range = range_in(outer.len() - at, indices);
            let range = at + range.start..at + range.end;
            if verbatim {
                inner.push_verbatim(outer.get(range.clone()), place(range.clone()));
                places.extend(range.clone().map(|at| at..at + 1));
            } else {
                inner.push_spelled(b"#", place(range.clone()));
                places.push(range.clone());
            }
            at = range.end;
        }
        inner.end_literal(place(0..outer.len()), Spelling::Plain);
        let text = outer.through(&inner);
        prop_assert_eq!(text.bytes(), inner.bytes());
        prop_assert_eq!(text.holes().len(), outer.holes().len());
        for (at, there) in places.into_iter().enumerate() {
            prop_assert_eq!(text.span(at..at + 1), outer.span(there));
        }
    }
}

#[test]
fn cutting_a_file_short_does_not_panic() {
    let zone = "\u{feff}$TTL 1h\n$ORIGIN example.com.\n@ SOA ns host ( 1 ; é\r\n 2 3 4 5 )\n\
                _dmarc 60 IN TXT \"v=DMARC1; p=none\" ( \"😀\" ; x\n \\#\\195 {{ y }} )\n\
                a\\.b MX 10 {{ mx }}.\n TLSA 3 1 1 00 ff\n$GENERATE 0-4/2 h${0,3,x} TXT \"a$$ $\"\n\
                c TYPE16 \\# 3 02 61 62\n{% if x %}\n$INCLUDE other.zone d\ne \"x\ny\" TXT z\n";
    for end in 0..=zone.len() {
        let rest = &zone.as_bytes()[end..];
        check_places(&zone.as_bytes()[..end], rest).expect("places in the file");
    }
}
