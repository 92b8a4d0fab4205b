//! What a change does to mail, in words: see `tests/vectors/effect.yaml`.

mod cases;

use std::{collections::BTreeMap, fs, path::Path};

use maillint::{
    effect::{self, Effect, Tree},
    report::effect as shown,
    run,
    source::Sources,
    zones::Zones,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

/// Two trees: `now` says what differs from `before`, and a file without text is gone.
#[derive(Deserialize)]
struct Vector {
    name: String,
    before: BTreeMap<String, String>,
    now: BTreeMap<String, Option<String>>,
    expect: Vec<String>,
}

fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/effect.yaml");
    let text = fs::read_to_string(path).expect("the file is there");
    serde_saphyr::from_str::<File>(&text)
        .expect("the file has vectors")
        .vectors
}

fn tree(files: &BTreeMap<String, String>) -> Sources {
    let file = |(key, text): (&String, &String)| match key.contains('/') {
        true => (key.clone(), text.clone()),
        false => {
            let head = format!("$ORIGIN {key}.\n$TTL 3600\n@ SOA ns.example.net. h.example.net. 1 1h 1h 1w 1h\n");
            (format!("zones/{key}.zone"), format!("{head}{text}\n"))
        }
    };
    cases::sources(&files.iter().map(file).collect::<Vec<_>>())
}

fn effects(before: &BTreeMap<String, String>, now: &BTreeMap<String, Option<String>>) -> Vec<Effect> {
    let mut later = before.clone();
    for (path, text) in now {
        match text {
            Some(text) => later.insert(path.clone(), text.clone()),
            None => later.remove(path),
        };
    }
    let (before, now) = (tree(before), tree(&later));
    let read = |sources: &Sources| run::read(sources, &run::formats(sources));
    let (earlier, later) = (read(&before), read(&now));
    let (earlier, later) = (Zones::new(&before, &earlier), Zones::new(&now, &later));
    let was = Tree {
        zones: &earlier,
        sources: &before,
    };
    let is = Tree {
        zones: &later,
        sources: &now,
    };
    effect::of(&was, &is, &BTreeMap::new())
}

fn lines(effects: &[Effect]) -> Vec<String> {
    let mut lines = Vec::new();
    for effect in effects {
        for change in &effect.changes {
            let seen_from = effect
                .seen_from
                .as_ref()
                .map(|path| format!("{path} "))
                .unwrap_or_default();
            let (danger, about) = (change.danger.name(), change.about.name());
            lines.push(format!("{} {seen_from}{danger} {about}: {}", effect.name, change.words));
        }
    }
    lines
}

#[test]
fn words_are_those_that_were_written_by_hand() {
    let mut wrong = Vec::new();
    let vectors = vectors();
    for vector in &vectors {
        let found = lines(&effects(&vector.before, &vector.now));
        if found != vector.expect {
            wrong.push(format!(
                "{}\n  expected {:#?}\n  found    {found:#?}",
                vector.name, vector.expect
            ));
        }
    }
    assert!(vectors.len() >= 30, "there are vectors");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn undoing_a_change_that_has_no_effect_has_none() {
    for vector in vectors().iter().filter(|vector| vector.expect.is_empty()) {
        let mut later = vector.before.clone();
        let mut back: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (path, text) in &vector.now {
            back.insert(path.clone(), vector.before.get(path).cloned());
            match text {
                Some(text) => later.insert(path.clone(), text.clone()),
                None => later.remove(path),
            };
        }
        assert_eq!(lines(&effects(&later, &back)), Vec::<String>::new(), "{}", vector.name);
    }
}

#[test]
fn hostile_texts_are_harmless_in_every_format() {
    let zone = |address: &str| {
        BTreeMap::from([(
            "example.com".to_string(),
            format!("_dmarc TXT \"v=DMARC1; p=none; rua={address}\""),
        )])
    };
    let hostile = "mailto:\\027[31m|`<b>@x.test,mailto:a@x.test?##[group],mailto:c@x.test";
    let now = zone(hostile)
        .into_iter()
        .map(|(path, text)| (path, Some(text)))
        .collect();
    let found = effects(&zone("mailto:a@example.com"), &now);
    assert!(!found.is_empty(), "something changes");
    let (mut text, mut markdown, mut json) = (Vec::new(), Vec::new(), Vec::new());
    shown::text(&found, true, &mut text).expect("a vector takes it");
    shown::markdown(&found, &mut markdown).expect("a vector takes it");
    shown::json(&found, "HEAD", &mut json).expect("a vector takes it");
    for written in [text, markdown, json] {
        let written = String::from_utf8(written).expect("it is text");
        let is_control = |char: char| char.is_control() && char != '\n';
        assert!(!written.contains(is_control), "{written}");
        assert!(!written.contains("##[group]"), "{written}");
    }
}

/// Runs git, or maillint, in a folder.
fn run_in(folder: &Path, program: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = std::process::Command::new(program);
    for name in ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"] {
        command.env_remove(name);
    }
    let done = command.current_dir(folder).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[test]
fn the_command_compares_with_a_revision() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let folder = folder.path();
    let git = |arguments: &[&str]| {
        let who = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
            "-c",
            "commit.gpgsign=false",
        ];
        let (code, _, err) = run_in(folder, "git", &[&who[..], arguments].concat());
        assert_eq!(code, Some(0), "{arguments:?}: {err}");
    };
    let write = |path: &str, policy: &str| {
        let zone =
            format!("$ORIGIN example.com.\n$TTL 3600\n@ SOA ns h 1 1h 1h 1w 1h\n_dmarc TXT \"v=DMARC1; p={policy}\"\n");
        fs::write(folder.join(path), zone).expect("it can be written");
    };
    let maillint = |arguments: &[&str]| run_in(folder, env!("CARGO_BIN_EXE_maillint"), arguments);
    git(&["init", "--quiet"]);
    write("a.zone", "reject");
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "a"]);
    let nothing = (Some(0), "nothing changes for mail\n".to_string(), String::new());
    assert_eq!(maillint(&["effect", "HEAD"]), nothing);

    // Moving a file changes nothing.
    git(&["mv", "a.zone", "b.zone"]);
    assert_eq!(maillint(&["effect", "HEAD", "."]), nothing);

    write("b.zone", "none");
    let (code, out, err) = maillint(&["effect", "HEAD"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "example.com\n  danger   DMARC: reject becomes none\n");
    let (_, out, _) = maillint(&["effect", "HEAD", "--format", "markdown"]);
    assert_eq!(
        out,
        "### What this change does to mail\n\n- `example.com`\n  - **danger**: DMARC: reject becomes none\n"
    );
    let (_, out, _) = maillint(&["effect", "HEAD", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(json["version"], 1);
    assert_eq!(json["domains"][0]["changes"][0]["danger"], "danger");

    let (code, out, err) = maillint(&["effect", "nowhere"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.starts_with("maillint: effect nowhere: git knows no such revision here"),
        "{err}"
    );
    assert_eq!(maillint(&["effect", "HEAD", "-"]).0, Some(2));
    assert_eq!(maillint(&["effect", "HEAD", "gone.zone"]).0, Some(2));
}
