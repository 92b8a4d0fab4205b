//! Whatever stands behind `TXT`: nothing panics, places are places, and repairs leave what was meant.

mod cases;

use maillint::{
    diagnostic::{Diagnostic, Fix},
    slip,
    source::Sources,
    span::Span,
};
use proptest::prelude::*;

const HEAD: &str = "$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n";
/// The rules whose repairs mend a whole text.
const MENDING: &[&str] = &[
    "zone-txt-semicolon-comment",
    "zone-txt-unquoted-split",
    "zone-txt-join-missing-space",
    "zone-txt-wrong-quotes",
    "zone-txt-literal-quotes",
];

fn zone() -> impl Strategy<Value = String> {
    let owner = prop_oneof![Just("@"), Just("_dmarc"), Just("_mta-sts"), Just("s1._domainkey")];
    let piece = prop_oneof![
        4 => prop_oneof![Just("v=spf1"), Just("v=DMARC1"), Just("v=STSv1"), Just("v=DKIM1"), Just("k=rsa")],
        4 => prop_oneof![Just("mx"), Just("a"), Just("-all"), Just("include:a.example"), Just("ip6:2001:db8::1")],
        4 => prop_oneof![Just("p=none"), Just("p=MIGf"), Just("id=1"), Just("rua=mailto:a@example.com"), Just("=")],
        8 => prop_oneof![Just(" "), Just(" "), Just("\t"), Just(";"), Just("; ")],
        6 => prop_oneof![Just("\""), Just("\" \""), Just("\\\""), Just("'"), Just("“"), Just("”")],
        2 => prop_oneof![Just("("), Just(")"), Just("\n"), Just("\n "), Just("\r\n ")],
        2 => prop_oneof![Just("\\065"), Just("\\;"), Just("\\2"), Just("é"), Just("\u{a0}"), Just("\\195\\169")],
        1 => prop_oneof![Just("{{ x }}"), Just("300"), Just("IN"), Just("."), Just("\\010")],
    ];
    (owner, prop::collection::vec(piece, 0..16))
        .prop_map(|(owner, pieces)| format!("{HEAD}{owner} TXT {}\n", pieces.concat()))
}

fn is_place(sources: &Sources, span: Span) -> bool {
    let text = std::str::from_utf8(sources.get(span.source).bytes()).expect("written above");
    let (start, end) = (span.start as usize, span.end as usize);
    start <= end && text.is_char_boundary(start) && text.is_char_boundary(end)
}

fn check_places(sources: &Sources, diagnostic: &Diagnostic) {
    let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let related = diagnostic.related.iter().map(|label| label.span);
    for span in related.chain(edits).chain([diagnostic.primary.span]) {
        assert!(is_place(sources, span), "{diagnostic:#?}");
    }
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort();
    let (mut applied, mut at) = (String::new(), 0);
    for edit in &edits {
        assert!(at <= edit.span.start as usize, "{edits:#?} overlap");
        applied.push_str(&text[at..edit.span.start as usize]);
        applied.push_str(&edit.new);
        at = edit.span.end as usize;
    }
    applied + &text[at..]
}

/// The text of the first TXT record that a server would load: as it is published, and as it was meant.
fn texts(zone: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let sources = cases::sources(&[("example.com.zone", zone)]);
    let outcome = cases::lint(&sources, &[]);
    let (record, txt) = outcome.inspected[0]
        .scan
        .records
        .iter()
        .find_map(|record| Some((record, record.txt().filter(|_| record.loads)?)))?;
    let meant = slip::meant_text(record, txt);
    Some((txt.text.bytes().to_vec(), meant.bytes().to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_are_places(zone in zone()) {
        let sources = cases::sources(&[("example.com.zone", zone.as_str())]);
        for diagnostic in cases::lint(&sources, &cases::select(&["zone"])).diagnostics {
            check_places(&sources, &diagnostic);
        }
    }

    #[test]
    fn a_repair_leaves_what_was_meant(zone in zone()) {
        let sources = cases::sources(&[("example.com.zone", zone.as_str())]);
        let found = cases::lint(&sources, &cases::select(MENDING)).diagnostics;
        for diagnostic in found {
            let Some(fix) = &diagnostic.fix else { continue };
            let repaired = apply(&zone, fix);
            let Some((_, meant)) = texts(&zone) else { continue };
            let (published, again) = texts(&repaired).expect("still a record");
            // A TTL behind the type is another rule's.
            let is_rest = published.ends_with(&meant) && published.len() <= meant.len() + 3;
            prop_assert!(is_rest, "{zone}\n{repaired}\n{}", String::from_utf8_lossy(&meant));
            prop_assert_eq!(again, meant, "{}\n{}", zone, repaired);
        }
    }
}
