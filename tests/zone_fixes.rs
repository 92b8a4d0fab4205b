//! What the repairs of the rules about zone files make of a file: the finding is gone, and nothing else has changed.

mod cases;

use maillint::diagnostic::{Diagnostic, Safety};

/// A rule, whether its repair is safe, a file, and the file as the repair leaves it.
type Case = (&'static str, Safety, &'static str, &'static str);

const HEAD: &str = "$TTL 3600\n@ SOA ns hostmaster 1 1h 1h 1w 1h\n@ NS ns\nns A 192.0.2.1\n";

const CASES: &[Case] = &[
    (
        "zone-unterminated-quote",
        Safety::Unsafe,
        "a TXT \"v=spf1; x  \nb A 192.0.2.2\n",
        "a TXT \"v=spf1; x\"  \nb A 192.0.2.2\n",
    ),
    (
        "zone-multiline-quote",
        Safety::Unsafe,
        "a TXT \"v=spf1 mx\n\t-all\"\n",
        "a TXT ( \"v=spf1 mx \"\n\t\"-all\" )\n",
    ),
    (
        "zone-multiline-quote",
        Safety::Unsafe,
        "a TXT ( \"one \r\n  two\r\nthree\" )\r\n",
        "a TXT ( \"one \"\r\n  \"two \"\r\n\"three\" )\r\n",
    ),
    (
        "zone-nested-parenthesis",
        Safety::Safe,
        "a TXT ((\"x\") \"y\")\n",
        "a TXT ( \"x\"  \"y\")\n",
    ),
    ("zone-hash-comment", Safety::Safe, "# (c\n", "; (c\n"),
    ("zone-hash-comment", Safety::Safe, "  //c\n", "  ;c\n"),
    (
        "zone-crlf-parenthesis",
        Safety::Safe,
        "a TXT (\r\n\"x\" )\r\nb A 192.0.2.2\n",
        "a TXT (\n\"x\" )\nb A 192.0.2.2\n",
    ),
    ("zone-indented-directive", Safety::Safe, " \t$TTL 60\n", "$TTL 60\n"),
    (
        "zone-indented-directive",
        Safety::Unsafe,
        " $ORIGIN sub.example.com.\n",
        "$ORIGIN sub.example.com.\n",
    ),
    (
        "zone-rfc3597-invalid",
        Safety::Unsafe,
        "a TYPE16 \\# 3 0361 6263\n",
        "a TYPE16 \\# 4 0361 6263\n",
    ),
    (
        "zone-generate-invalid",
        Safety::Unsafe,
        "$GENERATE 1-2 h$ MX 10  m$ ; c\n",
        "$GENERATE 1-2 h$ MX \"10  m$\" ; c\n",
    ),
    (
        "zone-missing-trailing-dot",
        Safety::Unsafe,
        "a.example.com A 192.0.2.2\n",
        "a.example.com. A 192.0.2.2\n",
    ),
    (
        "zone-target-missing-trailing-dot",
        Safety::Unsafe,
        "@ MX (10 aspmx.l.google.com)\n",
        "@ MX (10 aspmx.l.google.com.)\n",
    ),
    (
        "zone-origin-relative",
        Safety::Unsafe,
        "$ORIGIN example.com\n",
        "$ORIGIN example.com.\n",
    ),
    (
        "zone-owner-looks-like-field",
        Safety::Unsafe,
        "IN TXT \"v=spf1 -all\"\n",
        "\tIN TXT \"v=spf1 -all\"\n",
    ),
    ("zone-quoted-name", Safety::Safe, "\"_a\" TXT \"x\"\n", "_a TXT \"x\"\n"),
    ("zone-quoted-name", Safety::Unsafe, "@ MX 10 \"ns\"\n", "@ MX 10 ns\n"),
    (
        "zone-name-non-ascii",
        Safety::Unsafe,
        "m\u{fc}ller.b A 192.0.2.2\n",
        "xn--mller-kva.b A 192.0.2.2\n",
    ),
];

/// Findings for which no repair is offered, since it may do harm.
const UNREPAIRED: &[(&str, &str)] = &[
    ("zone-unterminated-quote", "a TXT ( \"x )\n"),
    ("zone-unterminated-quote", "a TXT \"x ; c\n"),
    ("zone-rfc3597-invalid", "a TYPE16 \\# 3 036162630\n"),
    ("zone-generate-invalid", "$GENERATE 1-2 h$ TXT \"a\" b\n"),
    ("zone-generate-invalid", "$GENERATE 2-1 h$ A 192.0.2.$\n"),
    (
        "zone-missing-trailing-dot",
        "a.example.com A 192.0.2.2\nexample.com.example.com. NS ns\n",
    ),
    ("zone-origin-relative", "$ORIGIN sub\n"),
    ("zone-quoted-name", "\"a b\" TXT \"x\"\n"),
    ("zone-name-non-ascii", "stra\u{df}e A 192.0.2.2\n"),
];

fn findings(file: &str, rule: &str) -> Vec<Diagnostic> {
    let sources = cases::sources(&[("example.com.zone", file)]);
    cases::lint(&sources, &cases::select(&["zone"]))
        .diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.rule == rule)
        .collect()
}

fn repaired(file: &str, diagnostic: &Diagnostic) -> String {
    let mut bytes = file.as_bytes().to_vec();
    let mut edits = diagnostic.fix.clone().expect("there is a repair").edits;
    edits.sort();
    for edit in edits.iter().rev() {
        bytes.splice(edit.span.range(), edit.new.bytes());
    }
    String::from_utf8(bytes).expect("the edits keep characters whole")
}

#[test]
fn repairs_do_what_they_say() {
    for (rule, safety, before, after) in CASES {
        let file = format!("{HEAD}{before}");
        let found = findings(&file, rule);
        assert_eq!(found.len(), 1, "{rule}: {before:?}: {found:#?}");
        assert_eq!(
            repaired(&file, &found[0]),
            format!("{HEAD}{after}"),
            "{rule}: {before:?}"
        );
        assert_eq!(
            found[0].fix.as_ref().map(|fix| fix.safety),
            Some(*safety),
            "{rule}: {before:?}"
        );
        let left = findings(&format!("{HEAD}{after}"), rule);
        assert!(left.is_empty(), "{rule}: {after:?}: {left:#?}");
    }
}

#[test]
fn a_byte_order_mark_is_removed() {
    let file = format!("\u{feff}{HEAD}");
    let found = findings(&file, "zone-bom");
    assert_eq!(repaired(&file, &found[0]), HEAD);
}

#[test]
fn doubtful_repairs_are_not_offered() {
    for (rule, file) in UNREPAIRED {
        let found = findings(&format!("{HEAD}{file}"), rule);
        assert!(!found.is_empty(), "{rule}: {file:?}");
        for diagnostic in found {
            assert_eq!(diagnostic.fix, None, "{rule}: {file:?}");
        }
    }
}
