//! Rules that compare the MTA-STS of domains with another revision of git.
#![cfg(unix)]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

const POLICY: &str = "mta-sts.example.com/.well-known/mta-sts.txt";
const ZONE: &str = "zones/example.com.zone";

struct Folder(tempfile::TempDir);

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
        let who = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
            "-c",
            "commit.gpgsign=false",
        ];
        let git = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args(who)
            .args(arguments)
            .output();
        let done = git.expect("git runs");
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{arguments:?}: {told}");
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(file, text).expect("it can be written");
    }

    /// A commit with this id and this policy.
    fn step(&self, id: &str, policy: &str) {
        self.write(ZONE, &zone(id));
        self.write(POLICY, policy);
        self.commit();
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "A step"]);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_maillint"))
            .args(["--min-severity", "info", "--fail-on", "never"])
            .args(arguments)
            .current_dir(self.path())
            .env_remove("GITHUB_ACTIONS")
            .env("SOURCE_DATE_EPOCH", "1709210096")
            .output()
            .expect("the binary runs")
    }

    /// What the rules of MTA-STS find: `severity[rule] path:line text`.
    fn found(&self, base: &str) -> Vec<String> {
        let mut all = self.json(base);
        all.retain(|found| found["suppressed"] == Value::Bool(false));
        let line = |found: &Value| {
            format!(
                "{}[{}] {}:{}",
                text(&found["severity"]),
                text(&found["rule"]),
                text(&found["path"]),
                found["span"]["start"]["line"]
            )
        };
        all.iter().map(line).collect()
    }

    fn json(&self, base: &str) -> Vec<Value> {
        let arguments = ["--select", "mta-sts", "--ignore", "mta-sts-policy-testing"];
        let run = self.run(&[&arguments[..], &["--format", "json", "--base", base]].concat());
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        let all: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("no JSON: {told}"));
        all["diagnostics"].as_array().cloned().unwrap_or_default()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

fn zone(id: &str) -> String {
    zone_with(&format!("_mta-sts TXT \"v=STSv1; id={id}\"\n"))
}

fn zone_with(record: &str) -> String {
    format!(
        "$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns.example.net. h.example.net. 1 1h 1h 1w 1h\n@ NS ns.example.net.\n\
         @ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.25\nmx2 A 192.0.2.26\nmta-sts A 192.0.2.80\n\
         _smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@example.com\"\n{record}"
    )
}

fn policy(mode: &str, hosts: &[&str]) -> String {
    let hosts: String = hosts.iter().map(|host| format!("mx: {host}\n")).collect();
    format!("version: STSv1\nmode: {mode}\n{hosts}max_age: 604800\n")
}

fn both(mode: &str) -> String {
    policy(mode, &["mx1.example.com", "mx2.example.com"])
}

#[test]
fn a_changed_policy_wants_another_id_and_gets_the_time_as_one() {
    let folder = Folder::new();
    folder.step("1", &both("testing"));
    assert_eq!(folder.found("HEAD"), [""; 0]);
    folder.write(POLICY, &both("enforce"));
    assert_eq!(
        folder.found("HEAD"),
        ["warning[mta-sts-id-not-bumped] zones/example.com.zone:11"]
    );
    let found = &folder.json("HEAD")[0];
    let fix = &found["fix"];
    // 2024-02-29 12:34:56 UTC.
    assert_eq!(
        (text(&fix["safety"]), text(&fix["edits"][0]["new"])),
        ("safe".to_string(), "20240229T123456Z".to_string())
    );
    let related = &found["related"][0];
    assert_eq!(
        (text(&related["path"]), &related["span"]["start"]["line"]),
        (POLICY.to_string(), &Value::from(2))
    );
    folder.write(ZONE, &zone("20240229T123456Z"));
    assert_eq!(folder.found("HEAD"), [""; 0]);
    // Committed or not, and against any revision.
    folder.write(ZONE, &zone("1"));
    folder.commit();
    assert_eq!(folder.found("HEAD"), [""; 0]);
    assert_eq!(
        folder.found("HEAD~1"),
        ["warning[mta-sts-id-not-bumped] zones/example.com.zone:11"]
    );
}

#[test]
fn what_is_staged_is_compared_with_the_last_commit() {
    let folder = Folder::new();
    folder.step("1", &both("testing"));
    folder.write(POLICY, &both("enforce"));
    folder.git(&["add", "--all"]);
    assert_eq!(
        folder.found("HEAD"),
        ["warning[mta-sts-id-not-bumped] zones/example.com.zone:11"]
    );
}

#[test]
fn a_host_that_the_enforced_policy_lacked_makes_it_an_error() {
    let folder = Folder::new();
    folder.step("1", &policy("enforce", &["mx1.example.com"]));
    folder.write(POLICY, &both("enforce"));
    assert_eq!(
        folder.found("HEAD"),
        ["error[mta-sts-id-not-bumped] zones/example.com.zone:11"]
    );
}

#[test]
fn a_record_that_is_kept_elsewhere_is_worth_a_hint() {
    let folder = Folder::new();
    folder.write(POLICY, &both("testing"));
    folder.commit();
    folder.write(POLICY, &both("enforce"));
    let found = format!("info[mta-sts-id-not-bumped] {POLICY}:2");
    assert_eq!(folder.found("HEAD"), [found]);
}

#[test]
fn an_id_with_another_policy_is_found_in_the_history() {
    let folder = Folder::new();
    folder.step("1", &both("testing"));
    folder.step("2", &both("enforce"));
    folder.write("unrelated.txt", "hello\n");
    folder.commit();
    folder.write(ZONE, &zone("1"));
    folder.write(POLICY, &policy("enforce", &["*.example.com"]));
    let reused = "warning[mta-sts-id-reused] zones/example.com.zone:11";
    let is_other = |found: &String| !found.contains("own-wildcard");
    let found: Vec<String> = folder.found("HEAD").into_iter().filter(is_other).collect();
    assert_eq!(found, [reused]);
    // The steps of a change itself were never published.
    folder.write(ZONE, &zone("3"));
    folder.write(POLICY, &both("enforce"));
    folder.commit();
    folder.write(POLICY, &both("testing"));
    assert_eq!(folder.found("HEAD~1"), [""; 0]);
}

#[test]
fn an_id_whose_history_was_not_fetched_is_taken_as_new() {
    let folder = Folder::new();
    folder.step("1", &both("testing"));
    folder.step("2", &both("enforce"));
    folder.step(
        "1",
        &policy("enforce", &["mx1.example.com", "mx2.example.com", "mx3.example.com"]),
    );
    let shallow = Folder::new();
    let url = format!("file://{}", folder.path().display());
    shallow.git(&["fetch", "--quiet", "--depth=2", &url, "main"]);
    shallow.git(&["checkout", "--quiet", "FETCH_HEAD"]);
    let is_changed = |found: &String| found.contains("-id-");
    assert!(!shallow.found("HEAD~1").iter().any(is_changed));
    assert!(folder.found("HEAD~1").iter().any(is_changed));
}

#[test]
fn what_is_removed_without_none_is_told_where_something_is_left() {
    let folder = Folder::new();
    folder.step("1", &both("enforce"));
    fs::remove_file(folder.path().join(POLICY)).expect("it is there");
    assert_eq!(
        folder.found("HEAD"),
        ["warning[mta-sts-removed-without-none] zones/example.com.zone:11"]
    );
    folder.write(ZONE, &zone_with(""));
    let removed = "warning[mta-sts-removed-without-none] zones/example.com.zone:3";
    assert!(folder.found("HEAD").contains(&removed.to_string()));
    // After `mode: none` it may go.
    folder.step("2", &both("none"));
    fs::remove_file(folder.path().join(POLICY)).expect("it is there");
    folder.write(ZONE, &zone_with(""));
    assert!(!folder.found("HEAD").iter().any(|found| found.contains("removed")));
}

#[test]
fn that_nothing_was_compared_is_told_once() {
    const HINT: &str = "maillint: whether a changed MTA-STS policy has a new id is checked against a revision of git: name one \
                        with --base\n";
    let folder = Folder::new();
    folder.step("1", &both("enforce"));
    let told = |arguments: &[&str]| String::from_utf8_lossy(&folder.run(arguments).stderr).into_owned();
    assert_eq!(told(&[]), HINT);
    assert_eq!(told(&["--quiet"]), "");
    assert_eq!(told(&["--base", "HEAD"]), "");
    assert_eq!(told(&["--select", "spf"]), "");
    // Nothing is here that would be compared.
    folder.write(ZONE, &zone_with(""));
    assert_eq!(told(&[]), "");
}

#[test]
fn an_order_in_a_comment_leaves_a_change_out() {
    let folder = Folder::new();
    let record = "_mta-sts TXT \"v=STSv1; id=1\" ; maillint: ignore[mta-sts-id-not-bumped] the deployment writes it\n";
    folder.write(ZONE, &zone_with(record));
    folder.write(POLICY, &both("testing"));
    folder.commit();
    folder.write(POLICY, &both("enforce"));
    assert_eq!(folder.found("HEAD"), [""; 0]);
}
