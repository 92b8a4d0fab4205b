//! Any bytes are read, quickly and without a panic, and each finding has a place in its file.

mod cases;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use maillint::policy::sts_file::mx;
use proptest::prelude::*;

/// Far more than any of these takes, also without optimisation and on a busy machine; far less than anything that grows
/// with the square.
const LONGEST: Duration = Duration::from_secs(20);

fn lint(files: &[(&str, &[u8])]) {
    let sources = cases::sources(files);
    let texts: Vec<Option<&str>> = sources
        .all()
        .iter()
        .map(|source| std::str::from_utf8(source.bytes()).ok())
        .collect();
    for finding in cases::lint(&sources, &cases::select(&["mta-sts"])).diagnostics {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let spans = labels.map(|label| label.span);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in spans.chain(edits) {
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(
                start <= end && end <= sources.get(span.source).bytes().len(),
                "{span:?}"
            );
            if let Some(text) = texts[span.source.0 as usize] {
                assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{span:?}");
            }
        }
    }
}

fn lint_policy(bytes: &[u8]) {
    lint(&[(".well-known/mta-sts.txt", bytes)]);
}

#[test]
fn cases_are_read_when_cut_at_any_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/mta-sts");
    for case in fs::read_dir(root).expect("the cases").flatten() {
        let Ok(bytes) = fs::read(case.path().join(".well-known/mta-sts.txt")) else {
            continue;
        };
        for len in 0..bytes.len().min(400) {
            lint_policy(&bytes[..len]);
        }
    }
}

#[test]
fn settings_of_hosts_are_read_when_cut_at_any_byte() {
    const POLICY: &[u8] = b"version: STSv1\nmode: enforce\nmx: mail.hoster.test\nmax_age: 604800\n";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/mta-sts");
    let names = [
        "CNAME",
        "_config.yml",
        "_redirects",
        "firebase.json",
        "netlify.toml",
        "staticwebapp.config.json",
        "vercel.json",
    ];
    for case in fs::read_dir(root).expect("the cases").flatten() {
        for name in names {
            let bytes = fs::read(case.path().join(name)).unwrap_or_default();
            for len in 0..bytes.len() {
                lint(&[(".well-known/mta-sts.txt", POLICY), (name, &bytes[..len])]);
            }
        }
    }
}

#[test]
fn a_megabyte_is_read_quickly() {
    const SIZE: usize = 1 << 20;
    let parts: [&[u8]; 24] = [
        b"a:\n",
        b"a",
        b" ",
        b"\n",
        b"\r",
        b"\r\r\n",
        b":",
        b"=",
        b"mx:",
        b"mx: ",
        b"mx: *.google.com\n",
        b"mx: a.test, ",
        b"mode: enforce\n",
        b"mode:",
        b"# x\n",
        b" ;",
        b"- a.b\n",
        b"{{ x }}\n",
        b"{{",
        b"mx: ${x\n",
        b"{% x %}mx: {{\n",
        b"---\n",
        b"\xff",
        "mx: ä\n".as_bytes(),
    ];
    for part in parts {
        for head in [&b"version: STSv1\nmx: "[..], b"---\n"] {
            let mut bytes = head.to_vec();
            while bytes.len() < SIZE {
                bytes.extend_from_slice(part);
            }
            let start = Instant::now();
            lint_policy(&bytes);
            let what = String::from_utf8_lossy(&bytes[..60]).into_owned();
            assert!(start.elapsed() < LONGEST, "{what:?}: {:?}", start.elapsed());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        lint_policy(&bytes);
    }

    #[test]
    fn any_mix_of_telling_parts_is_read(parts in proptest::collection::vec(proptest::sample::select(vec![
        "version", "mode", "max_age", "mx", ":", "=", " ", "\t", "\n", "\r", "STSv1", "enforce", "604800", "a.test", "*",
        ".", "-", "_", ",", ";", "#", "//", "[", "]", "\"", "{{", "}}", "${", "}", "{%", "%}", "---", "ä", "🙂", "\u{feff}",
        "0", "d", "@", "\0",
    ]), 0..40)) {
        lint_policy(parts.concat().as_bytes());
    }
}

/// RFC 8461, section 4.1.
#[test]
fn a_wildcard_matches_one_label() {
    let matches = |pattern: &str, host: &str| mx::matches(pattern.as_bytes(), host.as_bytes());
    assert!(matches("mail.example.com", "mail.example.com"));
    assert!(matches("mail.example.com", "MAIL.Example.com."));
    assert!(matches("*.Example.com", "mail.example.com."));
    assert!(!matches("*.example.com", "example.com"));
    assert!(!matches("*.example.com", "a.mail.example.com"));
    assert!(!matches("*.example.com", ".example.com"));
    assert!(!matches("mail.example.com", "mail.example.com.example.net"));
    assert!(!matches("example.com", "mail.example.com"));
}
