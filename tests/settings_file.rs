//! `maillint.toml`: what it does, and what is said of mistakes in it.

mod cases;

use std::{env, fs, path::Path};

use maillint::{
    diagnostic::Severity,
    rules, run,
    settings::{FailOn, Settings},
    settings_file,
    source::Sources,
};

fn read(text: &str) -> (Sources, Result<Settings, Vec<maillint::diagnostic::Diagnostic>>) {
    let sources = cases::sources(&[(settings_file::NAME, text)]);
    let read = settings_file::read(&sources.all()[0]);
    (sources, read)
}

/// The mistakes in a file, each as its place, its message and its help.
fn mistakes(text: &str) -> Vec<String> {
    let (sources, read) = read(text);
    let told = |found: &maillint::diagnostic::Diagnostic| {
        let help = found.help.as_deref().unwrap_or_default();
        format!(
            "{} {} ({help})",
            cases::place(&sources, found.primary.span),
            found.message
        )
    };
    read.expect_err("there are mistakes").iter().map(told).collect()
}

fn expect(text: &str, expected: &[(&str, &str, &str)]) {
    let found = mistakes(text);
    assert_eq!(found.len(), expected.len(), "{text}: {found:#?}");
    for (found, (place, message, help)) in found.iter().zip(expected) {
        let is_there = found.starts_with(&format!("{place} ")) && found.contains(message) && found.contains(help);
        assert!(is_there, "{text}: {found}, not {place} {message} {help}");
    }
}

#[test]
fn keys_that_there_are_not() {
    expect(
        "exclud = []\n",
        &[("1:1-1:7", "no key `exclud` in the settings", "did you mean `exclude`?")],
    );
    expect(
        "colour = \"red\"\n",
        &[("1:1-1:7", "no key `colour`", "there are `min-severity`, `fail-on`")],
    );
    expect(
        "[[ignore]]\npath = [\"a\"]\nrules = [\"spf\"]\nreason = \"x\"\n",
        &[
            ("1:1-1:11", "`paths` is missing in `[[ignore]]`", "relative to the root"),
            ("2:1-2:5", "no key `path` in `[[ignore]]`", "did you mean `paths`?"),
        ],
    );
}

#[test]
fn values_of_another_type() {
    expect(
        "exclude = \"a\"\n",
        &[(
            "1:11-1:14",
            "`exclude` takes a list of strings, and this is a string",
            "between brackets",
        )],
    );
    expect(
        "exclude = [1]\n",
        &[(
            "1:12-1:13",
            "`exclude` takes strings, and this is a number",
            "between double quotes",
        )],
    );
    expect(
        "min-severity = true\n",
        &[(
            "1:16-1:20",
            "takes a string, and this is a truth value",
            "between double quotes",
        )],
    );
    expect(
        "rules = \"off\"\n",
        &[(
            "1:9-1:14",
            "`rules` takes a table, and this is a string",
            "write `[rules]`",
        )],
    );
    expect(
        "[override]\npaths = [\"a\"]\n",
        &[(
            "1:1-1:11",
            "`override` takes a list of tables, and this is a table",
            "write `[[override]]`",
        )],
    );
    expect(
        "[rules]\nspf-ptr = false\n",
        &[(
            "2:11-2:16",
            "the level of `spf-ptr` is a word, and this is a truth value",
            "write `\"off\"`",
        )],
    );
    expect(
        "[rules]\nspf-ptr = 1\n",
        &[("2:11-2:12", "takes a string, and this is a number", "double quotes")],
    );
}

#[test]
fn words_that_there_are_not() {
    expect(
        "min-severity = \"warn\"\n",
        &[("1:16-1:22", "`min-severity` is never `warn`", "did you mean `warning`?")],
    );
    expect(
        "fail-on = \"sometimes\"\n",
        &[(
            "1:11-1:22",
            "`fail-on` is never `sometimes`",
            "write `error`, `warning`, `info` or `never`",
        )],
    );
    expect(
        "[rules]\nspf-ptr = \"of\"\n",
        &[("2:11-2:15", "`spf-ptr` is never `of`", "did you mean `off`?")],
    );
    expect(
        "[rules]\nspf-prt = \"off\"\n",
        &[("2:1-2:8", "no rule or family `spf-prt`", "did you mean `spf-ptr`?")],
    );
    expect(
        "[rules]\nE501 = \"off\"\n",
        &[(
            "2:1-2:5",
            "no rule or family `E501`",
            "`maillint rules` lists all rules",
        )],
    );
    expect(
        "[[ignore]]\npaths = [\"a\"]\nrules = [\"dmarc\", \"dmark\"]\nreason = \"x\"\n",
        &[("3:19-3:26", "no rule or family `dmark`", "did you mean `dmarc`?")],
    );
}

#[test]
fn what_says_nothing() {
    expect(
        "[[ignore]]\npaths = []\nrules = []\nreason = \" \"\n",
        &[
            ("2:9-2:11", "`paths` is empty", "relative to the root"),
            ("3:9-3:11", "`rules` is empty", "left out"),
            ("4:10-4:13", "`reason` says nothing", "Why"),
        ],
    );
    expect(
        "[[override]]\npaths = [\"a/\"]\n",
        &[("1:1-1:13", "`rules` is missing in `[[override]]`", "a severity")],
    );
}

#[test]
fn patterns_that_cannot_be_used() {
    expect(
        "exclude = [\"a{b\"]\n",
        &[("1:12-1:17", "the pattern `a{b` cannot be used", ".gitignore")],
    );
    expect(
        "exclude = [\"../a\"]\n",
        &[("1:12-1:18", "nothing outside of it is read", ".gitignore")],
    );
    expect(
        "exclude = [\"!a\"]\n",
        &[("1:12-1:16", "begins with `!`", ".gitignore")],
    );
    expect("exclude = [\"\"]\n", &[("1:12-1:14", "it is empty", ".gitignore")]);
}

#[test]
fn what_is_no_toml() {
    let (_, read) = read("exclude = [\n");
    assert!(
        read.expect_err("it is no TOML")[0]
            .message
            .starts_with("this is not TOML: ")
    );
    let found = mistakes("a = 1\na = 2\n");
    assert!(
        found
            .iter()
            .any(|found| found.starts_with("2:1-2:2 this is not TOML: ")),
        "{found:?}"
    );
    // Behind a byte order mark, places are where people see them.
    expect(
        "\u{feff}exclud = []\n",
        &[("1:2-1:8", "no key `exclud`", "did you mean")],
    );
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "# nothing yet\n", "\u{feff}"] {
        let (_, read) = read(text);
        assert!(read.is_ok_and(|settings| settings.levels.0.is_empty() && settings.fail_on.is_none()));
    }
}

#[test]
fn severities_are_read() {
    let (_, read) = read("min-severity = \"info\"\nfail-on = \"never\"\n");
    let settings = read.expect("it is sound");
    assert_eq!(settings.min_severity, Some(Severity::Info));
    assert_eq!(settings.fail_on, Some(FailOn::Never));
}

/// What is found in three zones under settings: `path severity rule`.
fn found(toml: &str, select: &[&str]) -> Vec<String> {
    let zone = "$ORIGIN example.com.\n@ 60 TXT \"v=spf1 ptr ?all\"\n";
    let files = [
        ("a/example.com.zone", zone),
        ("b/example.com.zone", zone),
        (settings_file::NAME, toml),
    ];
    let sources = cases::sources(&files);
    let read = settings_file::read(sources.at_path(settings_file::NAME).expect("it is there"));
    let settings = Settings {
        file: Some(settings_file::NAME.to_string()),
        select: select.iter().map(|name| name.to_string()).collect(),
        ..read.expect("it is sound")
    };
    let formats: Vec<_> = (sources.all().iter().map(maillint::formats::of))
        .map(|format| format.filter(|format| format.name == "zone"))
        .collect();
    let ignores = run::ignores(&sources, &formats, &settings);
    let outcome = run::run(&sources, &formats, &rules::enabled(&settings), &settings, &ignores);
    let line = |found: &maillint::diagnostic::Diagnostic| {
        let path = &sources.get(found.primary.span.source).path;
        format!("{path} {} {}", found.severity.name(), found.rule)
    };
    let all = outcome.diagnostics.iter().map(line);
    all.filter(|line| line.contains(" spf-") || line.contains(" ignore-"))
        .collect()
}

#[test]
fn rules_have_the_level_that_is_set() {
    assert_eq!(
        found("", &[]),
        [
            "a/example.com.zone warning spf-ptr",
            "a/example.com.zone warning spf-neutral-all",
            "b/example.com.zone warning spf-ptr",
            "b/example.com.zone warning spf-neutral-all",
        ]
    );
    assert_eq!(found("[rules]\nspf = \"off\"\n", &[]), [""; 0]);
    assert_eq!(
        found("[rules]\nspf = \"off\"\nspf-ptr = \"info\"\n", &[]),
        ["a/example.com.zone info spf-ptr", "b/example.com.zone info spf-ptr"]
    );
    assert_eq!(
        found("[rules]\nall = \"off\"\nspf-ptr = \"on\"\n", &[]).len(),
        2,
        "with its own severity"
    );
    // The command line wins.
    assert_eq!(found("[rules]\nspf-ptr = \"off\"\n", &["spf-ptr"]).len(), 2);
}

#[test]
fn overrides_hold_for_their_paths() {
    let text = "[rules]\nspf-ptr = \"off\"\n[[override]]\npaths = [\"b/\"]\nrules = { spf-ptr = \"info\", spf-neutral-all = \"off\" }\n";
    assert_eq!(
        found(text, &[]),
        [
            "a/example.com.zone warning spf-neutral-all",
            "b/example.com.zone info spf-ptr"
        ]
    );
    let later = format!("{text}[[override]]\npaths = [\"*.zone\"]\nrules = {{ spf-ptr = \"error\" }}\n");
    assert_eq!(
        found(&later, &[]),
        [
            "a/example.com.zone error spf-ptr",
            "a/example.com.zone warning spf-neutral-all",
            "b/example.com.zone error spf-ptr"
        ]
    );
}

#[test]
fn findings_are_left_out_by_path() {
    let ignore = |path: &str, rule: &str| {
        format!("[[ignore]]\npaths = [\"{path}\"]\nrules = [\"{rule}\"]\nreason = \"kept for old devices\"\n")
    };
    assert_eq!(found(&ignore("a/", "spf"), &[]).len(), 2);
    assert_eq!(found(&ignore("*.zone", "all"), &[]), [""; 0]);
    assert_eq!(found(&ignore("a/example.com.zone", "spf-ptr"), &[]).len(), 3);
    assert!(found(&ignore("c/", "spf-ptr"), &[]).contains(&"maillint.toml warning ignore-unused".to_string()));
}

#[test]
fn names_that_there_are_not() {
    expect(
        "presets = [\"bulk-senders\"]\n",
        &[(
            "1:12-1:26",
            "there is no preset `bulk-senders`",
            "did you mean `bulk-sender`?",
        )],
    );
    let files = |line: &str| format!("[[files]]\npaths = [\"a\"]\n{line}\n");
    expect(
        &files("format = \"zones\""),
        &[("3:10-3:17", "there is no format `zones`", "did you mean `zone`?")],
    );
    expect(
        &files("origin = \"not a name\""),
        &[("3:10-3:22", "`not a name` is no domain name", "example.com")],
    );
    expect(
        &files("domains = [\"\"]"),
        &[("3:12-3:14", "`` is no domain name", "example.com")],
    );
    expect(
        &files("whole = \"yes\""),
        &[(
            "3:9-3:14",
            "`whole` takes `true` or `false`, and this is a string",
            "write `whole`",
        )],
    );
}

/// What is found in files under settings: `path rule`.
fn found_in(toml: &str, files: &[(&str, &str)], wanted: &[&str]) -> Vec<String> {
    let mut all = files.to_vec();
    all.push((settings_file::NAME, toml));
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (path, text) in all {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(file, text).expect("it can be written");
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_maillint"))
        .args(["--format", "short", "--min-severity", "info"])
        .current_dir(folder.path())
        .output()
        .expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("output is UTF-8");
    let short = |line: &str| {
        let (path, _) = line.split_once(':')?;
        let rule = line.rsplit_once('[')?.1.trim_end_matches(']');
        wanted.contains(&rule).then(|| format!("{path} {rule}"))
    };
    let mut lines: Vec<String> = text.lines().filter_map(short).collect();
    lines.sort();
    lines
}

#[test]
fn an_origin_is_what_the_settings_say() {
    let zone = "@ 60 TXT \"v=spf1 include:_spf.example.net -all\"\n_dmarc.example.net 60 TXT \"v=DMARC1; p=reject\"\n";
    let rule = ["zone-missing-trailing-dot"];
    assert_eq!(found_in("", &[("dns/records.txt", zone)], &rule), [""; 0]);
    let toml = "[[files]]\npaths = [\"dns/\"]\norigin = \"example.net\"\n";
    assert_eq!(
        found_in(toml, &[("dns/records.txt", zone)], &rule),
        ["dns/records.txt zone-missing-trailing-dot"]
    );
}

#[test]
fn a_format_is_what_the_settings_say() {
    let text = "nothing that looks like a zone\n";
    let rules = ["zone-syntax"];
    let plain = found_in("", &[("dns/records.txt", text)], &rules);
    assert_eq!(plain, [""; 0]);
    let toml = "[[files]]\npaths = [\"*.txt\"]\nformat = \"zone\"\n";
    assert_eq!(found_in(toml, &[("dns/records.txt", text)], &rules).len(), 1);
}

#[test]
fn a_zone_is_as_whole_as_the_settings_say() {
    let zone = "$ORIGIN example.com.\n@ 60 SOA ns hostmaster 1 1h 1h 1w 1h\n@ 60 NS ns\nns 60 A 192.0.2.1\n\
                @ 60 TXT \"v=spf1 include:_spf.example.com -all\"\n";
    let rules = ["spf-include-no-record"];
    assert_eq!(found_in("", &[("a.zone", zone)], &rules).len(), 1);
    let toml = "[[files]]\npaths = [\"a.zone\"]\nwhole = false\n";
    assert_eq!(found_in(toml, &[("a.zone", zone)], &rules), [""; 0]);
}

#[test]
fn files_of_one_view_speak_of_the_same_names() {
    let zone = |record: &str| format!("$ORIGIN example.com.\n{record}\n");
    let including = zone("@ 60 TXT \"v=spf1 include:_spf.example.com -all\"");
    let (open, closed) = (zone("_spf 60 TXT \"v=spf1 +all\""), zone("_spf 60 TXT \"v=spf1 -all\""));
    let files = [
        ("a/one.zone", &*including),
        ("b/two.zone", &*open),
        ("c/three.zone", &*closed),
    ];
    let rules = ["spf-include-plus-all"];
    // Two others disagree.
    assert_eq!(found_in("", &files, &rules), [""; 0]);
    let toml = "[[files]]\npaths = [\"a/\", \"b/\"]\nview = \"all\"\n";
    assert_eq!(found_in(toml, &files, &rules), ["a/one.zone spf-include-plus-all"]);
}

#[test]
fn a_policy_file_is_for_the_domains_that_the_settings_say() {
    let policy = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1296000\n";
    let files = [("web/policy-a/mta-sts.txt", policy)];
    let rules = ["mta-sts-policy-unmapped"];
    let on = "[rules]\nmta-sts-policy-unmapped = \"on\"\n";
    assert_eq!(found_in(on, &files, &rules).len(), 1);
    let toml = format!("[[files]]\npaths = [\"web/policy-a/\"]\ndomains = [\"example.com\"]\n{on}");
    assert_eq!(found_in(&toml, &files, &rules), [""; 0]);
}

#[test]
fn limits_are_where_the_settings_draw_them() {
    let zone = "$ORIGIN example.com.\n@ 60 TXT \"v=spf1 ip4:192.0.0.0/14 -all\"\n";
    let rules = ["spf-overbroad-network", "spf-record-size"];
    assert_eq!(found_in("", &[("a.zone", zone)], &rules), [""; 0]);
    let toml = "[limits]\nspf-ipv4-prefix = 16\nspf-record-size = 0x80\n";
    assert_eq!(
        found_in(toml, &[("a.zone", zone)], &rules),
        ["a.zone spf-overbroad-network"]
    );
    let long = format!("{zone}@ 60 TXT \"{}\"\n", "x".repeat(100));
    assert_eq!(found_in(toml, &[("a.zone", &long)], &rules).len(), 2);
    let policy = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 259200\n";
    let files = [("mta-sts.example.com/.well-known/mta-sts.txt", policy)];
    let rules = ["mta-sts-policy-max-age-short"];
    assert_eq!(found_in("", &files, &rules).len(), 1);
    assert_eq!(
        found_in("[limits]\nmta-sts-max-age = 259200\n", &files, &rules),
        [""; 0]
    );
    assert_eq!(
        found_in("[limits]\nmta-sts-max-age = 259201\n", &files, &rules).len(),
        1
    );
    expect(
        "[limits]\nspf-ipv4-prefix = 33\n",
        &[("2:19-2:21", "`spf-ipv4-prefix` takes a number from 1 to 32", "12 if")],
    );
    expect(
        "[limits]\nspf-ipv4-prefix = \"8\"\n",
        &[("2:19-2:22", "takes a number, and this is a string", "write")],
    );
    expect(
        "limits = 3\n",
        &[(
            "1:10-1:11",
            "`limits` takes a table, and this is a number",
            "write `[limits]`",
        )],
    );
}

#[test]
fn public_suffixes_part_organizations() {
    // The two zones lie next to each other below one registered domain, which rents names to others.
    let zone = "$ORIGIN a.rent.example.com.\n@ 60 SOA ns h 1 1h 1h 1w 1h\n\
                _dmarc 60 TXT \"v=DMARC1; p=reject; rua=mailto:d@b.rent.example.com\"\n";
    let other = "$ORIGIN b.rent.example.com.\n@ 60 SOA ns h 1 1h 1h 1w 1h\n@ 60 MX 10 mail\nmail 60 A 192.0.2.1\n";
    let files = [("a.zone", zone), ("b.zone", other)];
    let rules = ["dmarc-external-destination-unauthorized"];
    assert_eq!(found_in("", &files, &rules), [""; 0]);
    let toml = "public-suffixes = [\"rent.example.com\"]\n";
    assert_eq!(
        found_in(toml, &files, &rules),
        ["a.zone dmarc-external-destination-unauthorized"]
    );
    expect(
        "public-suffixes = [\"rent example\"]\n",
        &[("1:20-1:34", "is no domain", "write")],
    );
}

#[test]
fn presets_ask_for_more_and_rules_win_over_them() {
    let zone = "$ORIGIN example.com.\n_dmarc 60 TXT \"v=DMARC1; p=quarantine; rua=mailto:d@example.com\"\n";
    let rules = ["dmarc-policy-not-reject"];
    assert_eq!(found_in("", &[("a.zone", zone)], &rules), [""; 0]);
    let preset = "presets = [\"bod-18-01\"]\n";
    assert_eq!(found_in(preset, &[("a.zone", zone)], &rules).len(), 1);
    let off = format!("{preset}[rules]\ndmarc-policy-not-reject = \"off\"\n");
    assert_eq!(found_in(&off, &[("a.zone", zone)], &rules), [""; 0]);
}

/// `BLESS=1` writes it.
#[test]
fn the_schema_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/maillint.schema.json");
    if env::var_os("BLESS").is_some() {
        fs::write(&file, settings_file::schema()).expect("it can be written");
    }
    let current = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        current == settings_file::schema(),
        "docs/maillint.schema.json is not current; BLESS=1 writes it"
    );
}

#[test]
fn files_are_listed_with_what_they_are_read_as() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).expect("it can be written");
    write("a.zone", "$ORIGIN example.com.\n@ 60 TXT \"v=spf1 -all\"\n");
    write("notes.md", "nothing of interest\n");
    write("logo.png", "no picture\n");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_maillint"))
        .arg("files")
        .current_dir(folder.path())
        .output()
        .expect("the binary runs");
    assert_eq!(
        String::from_utf8(output.stdout).as_deref(),
        Ok("a.zone    zone, 1 record\n\
            logo.png  left: not a text, or a copy, by its name\n\
            notes.md  left: no records or policy in it\n")
    );
}
