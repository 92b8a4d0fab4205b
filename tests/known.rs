//! Findings that are known: by a baseline, or because a revision of git has them, too.
#![cfg(unix)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const SOA: &str = "$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\n";

struct Folder(tempfile::TempDir);

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("there is room for a folder"));
        folder.git(&["init", "--quiet", "--initial-branch=main"]);
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) {
        let done = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args([
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.com",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(file, text).expect("it can be written");
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "A step"]);
    }

    fn maillint(&self, arguments: &[&str]) -> Run {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_maillint"))
            .args(["--format", "short", "--select", "spf,dmarc,tls-rpt"])
            .args(arguments)
            .current_dir(self.path())
            .env_remove("GITHUB_ACTIONS")
            .output()
            .expect("the binary runs");
        Run {
            code: status.code(),
            out: String::from_utf8(stdout).expect("output is UTF-8"),
            err: String::from_utf8(stderr).expect("output is UTF-8"),
        }
    }
}

/// A zone with a broken SPF record for each name.
fn zone(names: &[&str]) -> String {
    let records: String = names
        .iter()
        .map(|name| format!("{name} TXT \"v=spf1 +all\"\n"))
        .collect();
    format!("{SOA}{records}")
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

const FOUND: &str = "error: `+all` passes every sender";

/// Whether a run found this at these lines of a file, in order, and nothing else.
fn assert_found(run: &Run, expected: &[&str]) {
    let all = lines(&run.out);
    assert_eq!(all.len(), expected.len(), "{}{}", run.out, run.err);
    for (found, place) in all.iter().zip(expected) {
        assert!(
            found.starts_with(place) && found.ends_with("[spf-plus-all]"),
            "{found}, not {place} {FOUND}"
        );
    }
    assert_eq!(run.code, Some(if expected.is_empty() { 0 } else { 1 }), "{}", run.err);
}

#[test]
fn a_baseline_keeps_old_findings_quiet_when_lines_move() {
    let folder = Folder::new();
    let names: Vec<String> = (0..500).map(|at| format!("a{at}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    folder.write("example.com.zone", &zone(&names));
    assert_eq!(lines(&folder.maillint(&[]).out).len(), 500);
    let run = folder.maillint(&["--write-baseline", "known.json"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    assert!(run.err.contains("known.json: 500 findings written"), "{}", run.err);
    assert_found(&folder.maillint(&["--baseline", "known.json"]), &[]);
    // One goes, one comes, and all lines move.
    names.remove(7);
    names.push("new");
    folder.write("example.com.zone", &format!("; one more line\n{}", zone(&names)));
    let run = folder.maillint(&["--baseline", "known.json"]);
    assert_found(&run, &["example.com.zone:506:"]);
    assert!(
        run.err
            .contains("known.json: `spf-plus-all` is not found in example.com.zone any more"),
        "{}",
        run.err
    );
}

#[test]
fn a_baseline_is_the_same_for_the_same_findings_and_a_line_each() {
    let folder = Folder::new();
    folder.write("b.example.zone", &zone(&["one", "two"]));
    folder.write("a.example.zone", &zone(&["two", "one"]));
    folder.maillint(&["--write-baseline", "known.json"]);
    let first = fs::read_to_string(folder.path().join("known.json")).expect("it is written");
    folder.write("a.example.zone", &zone(&["one", "two"]));
    folder.maillint(&["--write-baseline", "known.json"]);
    assert_eq!(
        first,
        fs::read_to_string(folder.path().join("known.json")).expect("it is written")
    );
    assert_eq!(
        lines(&first)[..3],
        [
            "{\"version\": 1, \"findings\": [",
            "{\"path\":\"a.example.zone\",\"rule\":\"spf-plus-all\",\"record\":\"one.example.com TXT\",\"text\":\"+all\"},",
            "{\"path\":\"a.example.zone\",\"rule\":\"spf-plus-all\",\"record\":\"two.example.com TXT\",\"text\":\"+all\"},",
        ]
    );
    assert_eq!(first.lines().count(), 6);
}

#[test]
fn findings_that_change_are_new() {
    let folder = Folder::new();
    let zone = |records: &str| format!("{SOA}{records}");
    folder.write("example.com.zone", &zone("@ TXT \"v=spf1 ip4:192.0.2.300 -all\"\n"));
    folder.maillint(&["--write-baseline", "known.json"]);
    folder.write("example.com.zone", &zone("@ TXT \"v=spf1 ip4:192.0.2.400 -all\"\n"));
    let run = folder.maillint(&["--baseline", "known.json"]);
    assert!(run.out.contains("[spf-ip-invalid]"), "{}{}", run.out, run.err);
    // A second one of the same is new, too.
    folder.write(
        "example.com.zone",
        &zone("@ TXT \"v=spf1 ip4:192.0.2.300 a:b.example ip4:192.0.2.300 -all\"\n"),
    );
    let run = folder.maillint(&["--baseline", "known.json"]);
    assert_eq!(run.out.matches("[spf-ip-invalid]").count(), 1, "{}{}", run.out, run.err);
}

#[test]
fn what_is_no_baseline_is_told() {
    let folder = Folder::new();
    folder.write("example.com.zone", &zone(&["@"]));
    for (text, told) in [
        ("", "is no baseline: EOF while parsing"),
        (
            "{\"version\": 2, \"findings\": []}",
            "it is of version 2, and this maillint reads version 1",
        ),
        (
            "{\"version\": 1, \"findings\": [{\"path\": 1}]}",
            "finding 1: invalid type",
        ),
        (
            "{\"version\": 1, \"findings\": [{\"path\": \"a\"}]}",
            "finding 1: missing field `rule`",
        ),
    ] {
        folder.write("known.json", text);
        let run = folder.maillint(&["--baseline", "known.json"]);
        assert!(run.code == Some(2) && run.err.contains(told), "{told}: {}", run.err);
    }
    let run = folder.maillint(&["--baseline", "nowhere.json"]);
    assert!(
        run.code == Some(2) && run.err.contains("--baseline nowhere.json: cannot be read"),
        "{}",
        run.err
    );
}

#[test]
fn only_what_is_new_against_a_revision_is_reported() {
    let folder = Folder::new();
    let names: Vec<String> = (0..500).map(|at| format!("a{at}")).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    folder.write("zones/example.com.zone", &zone(&names));
    folder.commit();
    assert_found(&folder.maillint(&["--base", "HEAD"]), &[]);
    names.remove(7);
    names.push("new");
    folder.write("zones/example.com.zone", &format!("; one more line\n{}", zone(&names)));
    assert_found(&folder.maillint(&["--base", "HEAD"]), &["zones/example.com.zone:506:"]);
    assert_found(
        &folder.maillint(&["--base", "HEAD", "zones"]),
        &["zones/example.com.zone:506:"],
    );
    folder.commit();
    assert_found(&folder.maillint(&["--base", "HEAD"]), &[]);
    assert_found(
        &folder.maillint(&["--base", "HEAD~1"]),
        &["zones/example.com.zone:506:"],
    );
}

#[test]
fn renamed_deleted_and_new_files_are_told_apart() {
    let folder = Folder::new();
    folder.write("old.example.zone", &zone(&["@", "a", "b", "c"]));
    folder.write("gone.example.zone", &zone(&["@"]));
    folder.commit();
    folder.git(&["mv", "old.example.zone", "moved.example.zone"]);
    fs::remove_file(folder.path().join("gone.example.zone")).expect("it is there");
    assert_found(&folder.maillint(&["--base", "HEAD"]), &[]);
    // Neither staged nor ignored.
    folder.write("new.example.zone", &zone(&["@"]));
    assert_found(&folder.maillint(&["--base", "HEAD"]), &["new.example.zone:6:"]);
}

#[test]
fn a_record_that_goes_shows_what_it_breaks() {
    let folder = Folder::new();
    let with = "@ MX 10 mx.example.net.\n@ TXT \"v=spf1 include:_spf.example.com -all\"\n_spf TXT \"v=spf1 ip4:192.0.2.1 -all\"\n\
                _dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n";
    folder.write("example.com.zone", &format!("{SOA}{with}"));
    folder.commit();
    let without = with.replace("_spf TXT \"v=spf1 ip4:192.0.2.1 -all\"\n", "");
    folder.write("example.com.zone", &format!("{SOA}{without}"));
    let run = folder.maillint(&["--base", "HEAD"]);
    assert!(
        lines(&run.out).len() == 1 && run.out.contains("_spf.example.com"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn an_included_file_is_that_of_the_revision() {
    let folder = Folder::new();
    folder.write("example.com.zone", &format!("{SOA}$INCLUDE mail.inc\n"));
    folder.write("mail.inc", "@ TXT \"v=spf1 +all\"\n");
    folder.commit();
    folder.write("mail.inc", "@ TXT \"v=spf1 +all\"\na TXT \"v=spf1 +all\"\n");
    assert_found(&folder.maillint(&["--base", "HEAD"]), &["mail.inc:2:"]);
}

#[test]
fn values_in_a_file_that_was_renamed_are_known_in_the_revision_too() {
    let folder = Folder::new();
    folder.write(
        "dns/main.tf",
        "resource \"aws_route53_record\" \"spf\" {\n  name    = \"example.com\"\n  type    = \"TXT\"\n  ttl     = 60\n  \
         records = [\"v=spf1 ${local.end}\"]\n}\n",
    );
    folder.write("dns/values.tf", "locals {\n  end = \"+all\"\n}\n");
    folder.commit();
    assert_eq!(lines(&folder.maillint(&[]).out).len(), 1);
    folder.git(&["mv", "dns/values.tf", "dns/locals.tf"]);
    assert_found(&folder.maillint(&["--base", "HEAD"]), &[]);
}

#[test]
fn a_revision_that_is_not_there_is_told_with_what_to_do() {
    let folder = Folder::new();
    folder.write("example.com.zone", &zone(&["@"]));
    folder.commit();
    let run = folder.maillint(&["--base", "origin/main"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.err.contains("--base origin/main: git knows no such revision here")
            && run.err.contains("git fetch --depth=1 origin main"),
        "{}",
        run.err
    );
    let run = folder.maillint(&["--base", "--output=x"]);
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(!folder.path().join("x").exists());
    fs::remove_dir_all(folder.path().join(".git")).expect("it is there");
    let run = folder.maillint(&["--base", "main"]);
    assert!(
        run.code == Some(2) && run.err.contains("this is no checkout of git"),
        "{}",
        run.err
    );
}

#[test]
fn a_shallow_checkout_is_enough() {
    let folder = Folder::new();
    folder.write("example.com.zone", &zone(&["@"]));
    folder.commit();
    folder.write("example.com.zone", &zone(&["@", "new"]));
    folder.commit();
    let shallow = Folder::new();
    let url = format!("file://{}", folder.path().display());
    shallow.git(&["fetch", "--quiet", "--depth=1", &url, "main"]);
    shallow.git(&["checkout", "--quiet", "FETCH_HEAD"]);
    let run = shallow.maillint(&["--base", "origin/main"]);
    assert!(
        run.code == Some(2) && run.err.contains("git fetch --depth=1"),
        "{}",
        run.err
    );
    shallow.git(&["fetch", "--quiet", "--depth=2", &url, "main"]);
    assert_found(&shallow.maillint(&["--base", "HEAD~1"]), &["example.com.zone:7:"]);
}
