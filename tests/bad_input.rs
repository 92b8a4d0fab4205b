//! Whatever lies in a repository, a run ends, names what it could not read, and goes on with the rest.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Command, Output},
};

/// One good zone file with one warning-free policy beside it, so that every run has something to say.
const GOOD: &str = "$TTL 3600\n@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\n";
const BROKEN: &str = "$TTL 3600\n@ IN SOA ns hostmaster 1 1h 1h 1w 1h\n@ IN NS ns\nns A 192.0.2.1\nwww TXT \"open\n";

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn maillint(folder: &Path, args: &[&str]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_maillint"))
        .args(args)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .output()
        .expect("the binary runs");
    Run {
        code: status.code(),
        out: String::from_utf8(stdout).expect("output is UTF-8"),
        err: String::from_utf8(stderr).expect("output is UTF-8"),
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("broken.example.zone"), BROKEN).expect("it can be written");
    folder
}

/// The other file is judged in spite of it.
fn assert_rest_is_judged(run: &Run) {
    assert!(
        run.out.contains("broken.example.zone:5:9: error:"),
        "{}\n{}",
        run.out,
        run.err
    );
}

#[test]
fn an_unreadable_file_is_named_and_the_rest_goes_on() {
    let folder = folder();
    let path = folder.path().join("secret.example.zone");
    fs::write(&path, GOOD).expect("it can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("it can be closed");
    let run = maillint(folder.path(), &["--format", "short"]);
    assert_rest_is_judged(&run);
    if fs::read(&path).is_err() {
        assert_eq!(run.code, Some(2));
        assert!(run.err.contains("secret.example.zone: cannot be read"), "{}", run.err);
    }
}

#[test]
fn links_in_a_circle_and_out_of_the_root_are_not_followed() {
    let folder = folder();
    let outside = tempfile::tempdir().expect("there is room for a folder");
    fs::write(outside.path().join("outside.example.zone"), BROKEN).expect("it can be written");
    symlink("loop.zone", folder.path().join("loop.zone")).expect("it can be linked");
    symlink(".", folder.path().join("here")).expect("it can be linked");
    symlink(
        outside.path().join("outside.example.zone"),
        folder.path().join("out.zone"),
    )
    .expect("it can be linked");
    let run = maillint(folder.path(), &["--format", "short", "--verbose", "--root", "."]);
    assert_rest_is_judged(&run);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert!(run.err.contains("loop.zone: leads nowhere"), "{}", run.err);
    assert!(run.err.contains("out.zone: leads out of the root"), "{}", run.err);
}

#[test]
fn a_pipe_is_not_waited_for() {
    let folder = folder();
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.zone")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let run = maillint(folder.path(), &["--format", "short"]);
    assert_rest_is_judged(&run);
    assert_eq!(run.code, Some(1), "{}", run.err);
    let run = maillint(folder.path(), &["--format", "short", "pipe.zone"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("pipe.zone: is no file"), "{}", run.err);
}

#[test]
fn a_path_that_is_not_there_is_named_and_the_rest_goes_on() {
    let folder = folder();
    let run = maillint(folder.path(), &["--format", "short", "nowhere", "broken.example.zone"]);
    assert_rest_is_judged(&run);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("nowhere: no such file or folder"), "{}", run.err);
}

#[test]
fn a_named_file_in_no_known_format_is_an_error() {
    let folder = folder();
    fs::write(folder.path().join("letter.txt"), "Dear all,\nthe zone moved.\n").expect("it can be written");
    let run = maillint(folder.path(), &["--format", "short", "letter.txt"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("letter.txt: holds no DNS records"), "{}", run.err);
    let run = maillint(folder.path(), &["--format", "short", "--exclude", "broken*"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    assert!(
        run.err.contains("found no DNS records and no MTA-STS policies"),
        "{}",
        run.err
    );
}

#[test]
fn what_is_not_text_is_named() {
    let folder = folder();
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(GOOD.bytes().flat_map(|byte| [byte, 0]))
        .collect();
    fs::write(folder.path().join("wide.example.zone"), wide).expect("it can be written");
    fs::write(
        folder.path().join("nul.example.zone"),
        GOOD.replace("192.0.2.1", "192.0.2.1\0"),
    )
    .expect("it can be written");
    let run = maillint(folder.path(), &["--format", "short"]);
    assert_rest_is_judged(&run);
    for name in ["wide.example.zone", "nul.example.zone"] {
        assert!(
            run.out
                .lines()
                .any(|line| line.starts_with(name) && line.contains(": error:")),
            "{}",
            run.out
        );
    }
}

#[test]
fn includes_that_go_round_or_out_are_named() {
    let folder = folder();
    let zone = format!("{GOOD}$INCLUDE a.inc\n$INCLUDE ../../etc/passwd\n$INCLUDE /etc/passwd\n$INCLUDE gone.inc\n");
    fs::write(folder.path().join("example.com.zone"), zone).expect("it can be written");
    fs::write(folder.path().join("a.inc"), "a A 192.0.2.1\n$INCLUDE b.inc\n").expect("it can be written");
    fs::write(folder.path().join("b.inc"), "b A 192.0.2.1\n$INCLUDE a.inc\n").expect("it can be written");
    let run = maillint(
        folder.path(),
        &["--format", "short", "--min-severity", "info", "--root", "."],
    );
    assert_rest_is_judged(&run);
    let has = |start: &str, rule: &str| {
        run.out
            .lines()
            .any(|line| line.starts_with(start) && line.ends_with(rule))
    };
    assert!(has("b.inc:2:10: error:", "[zone-include-cycle]"), "{}", run.out);
    assert!(
        has("example.com.zone:6:10: info:", "[zone-include-outside]"),
        "{}",
        run.out
    );
    assert!(
        has("example.com.zone:7:10: info:", "[zone-include-outside]"),
        "{}",
        run.out
    );
    assert!(
        has("example.com.zone:8:10: error:", "[zone-include-missing]"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("root:"), "{}", run.out);
}

#[test]
fn a_huge_generate_is_not_expanded() {
    let folder = folder();
    fs::write(
        folder.path().join("example.com.zone"),
        format!("{GOOD}$GENERATE 1-999999999 h$ A 192.0.2.1\n"),
    )
    .expect("it can be written");
    let run = maillint(folder.path(), &["--format", "short"]);
    assert_rest_is_judged(&run);
    assert!(run.out.contains("[zone-generate-invalid]"), "{}", run.out);
}

#[test]
fn a_line_of_a_hundred_megabytes_is_read_and_shown() {
    let folder = folder();
    let mut zone = GOOD.as_bytes().to_vec();
    zone.extend(b"_mta-sts TXT \"v=STSv1; id=a-b\" ");
    zone.extend(vec![b' '; 100 << 20]);
    zone.extend(b"\"");
    zone.extend(vec![b'x'; 400]);
    zone.extend(b"\"\n");
    fs::write(folder.path().join("example.com.zone"), zone).expect("it can be written");
    for format in ["short", "human", "json", "sarif", "github"] {
        let run = maillint(folder.path(), &["--format", format, "example.com.zone"]);
        assert_eq!(run.code, Some(1), "{format}: {}", run.err);
        // SARIF tells all rules, which is a megabyte by itself.
        assert!(run.out.len() < 4 << 20, "{format}: {} bytes", run.out.len());
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = folder();
    let binary = env!("CARGO_BIN_EXE_maillint");
    let script = format!("'{binary}' rules | head -n 1; echo \"${{PIPESTATUS[0]}}\"");
    let done = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("bash runs");
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(out.lines().last(), Some("0"), "{out}");
    assert!(done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_report_that_cannot_be_written_is_named() {
    let folder = folder();
    let run = maillint(
        folder.path(),
        &["--format", "short", "--report", "sarif=no/such/folder/x.sarif"],
    );
    assert_rest_is_judged(&run);
    assert_eq!(run.code, Some(2));
    assert!(
        run.err.contains("no/such/folder/x.sarif: cannot be written"),
        "{}",
        run.err
    );
}

#[test]
fn one_and_eight_threads_print_the_same_bytes() {
    let folder = folder();
    for number in 0..300 {
        let name = format!("zone{number}.example.zone");
        fs::write(folder.path().join(name), if number % 3 == 0 { GOOD } else { BROKEN }).expect("it can be written");
    }
    for format in ["human", "json", "sarif"] {
        let one = maillint(
            folder.path(),
            &["--format", format, "--min-severity", "info", "--threads", "1"],
        );
        let eight = maillint(
            folder.path(),
            &["--format", format, "--min-severity", "info", "--threads", "8"],
        );
        assert_eq!(one.out, eight.out, "{format}");
        assert!(one.out.len() > 1000);
    }
}

#[test]
fn files_of_a_programs_tests_are_left_out_unless_they_are_named() {
    let folder = folder();
    let tests = folder.path().join("server/tests/zones");
    fs::create_dir_all(&tests).expect("it can be made");
    fs::write(tests.join("broken.example.zone"), BROKEN).expect("it can be written");
    fs::remove_file(folder.path().join("broken.example.zone")).expect("it was there");
    // Without a program around them, they are as good as any.
    let run = maillint(folder.path(), &["--format", "short", "--root", "."]);
    assert_eq!((run.code, run.out.lines().count()), (Some(1), 1), "{}", run.err);
    fs::write(folder.path().join("server/Cargo.toml"), "[package]\n").expect("it can be written");
    let run = maillint(folder.path(), &["--format", "short", "--root", "."]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), ""), "{}", run.err);
    let told = "server/tests: left out 1 file of tests; name a folder of tests to have it read";
    assert!(run.err.contains(told), "{}", run.err);
    for named in [
        "server/tests",
        "server/tests/zones",
        "server/tests/zones/broken.example.zone",
    ] {
        let run = maillint(folder.path(), &["--format", "short", "--root", ".", named]);
        assert_eq!(
            (run.code, run.out.lines().count()),
            (Some(1), 1),
            "{named}: {}",
            run.err
        );
    }
    let run = maillint(folder.path(), &["--format", "short", "--root", ".", "--quiet"]);
    assert_eq!(run.err, "");
}
