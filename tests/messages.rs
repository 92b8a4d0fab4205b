//! All that maillint says, in one table: every rule's messages, labels and helps from the vectors, the cases of `tests/ui` and
//! the examples of the documentation. The table is written to `messages.md` in cargo's folder for temporary files, to be read as
//! one voice; what a machine can check of it is checked here.

mod cases;
mod written;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use maillint::{
    diagnostic::{Diagnostic, Severity},
    example, rules,
};
use serde_json::Value;

/// What a finding says, with its values taken out.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Said {
    severity: Severity,
    message: String,
    label: String,
    help: String,
    fix: String,
    /// Whether other places have labels.
    has_related: bool,
}

/// With `…` for what stands between backticks, and for numbers.
fn without_values(text: &str) -> String {
    let mut bare = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            bare.push_str("`…`");
            continue;
        }
        let mut in_number = false;
        for char in part.chars() {
            let is_digit = char.is_ascii_digit();
            match is_digit {
                true if !in_number => bare.push('…'),
                true => {}
                false => bare.push(char),
            }
            in_number = is_digit;
        }
    }
    bare
}

fn said(diagnostic: &Diagnostic) -> Said {
    Said {
        severity: diagnostic.severity,
        message: diagnostic.message.to_string(),
        label: diagnostic.primary.message.to_string(),
        help: diagnostic.help.as_deref().unwrap_or_default().to_string(),
        fix: diagnostic
            .fix
            .as_ref()
            .map(|fix| fix.title.to_string())
            .unwrap_or_default(),
        has_related: !diagnostic.related.is_empty(),
    }
}

/// Folders of files: one for each case of `tests/ui`.
fn ui_cases() -> Vec<Vec<(String, Vec<u8>)>> {
    fn files_under(root: &Path, folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
        for path in entries(folder) {
            if path.is_dir() {
                files_under(root, &path, into);
            } else if path
                .file_name()
                .is_none_or(|name| name != "human.txt" && name != "expected.txt")
            {
                let relative = path
                    .strip_prefix(root)
                    .expect("it is below")
                    .to_string_lossy()
                    .into_owned();
                into.push((relative, fs::read(&path).expect("it can be read")));
            }
        }
    }
    fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = fs::read_dir(folder).expect("the folder is there");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
        paths.sort();
        paths
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let folders = entries(&root).into_iter().flat_map(|area| entries(&area));
    let mut cases = Vec::new();
    for case in folders.filter(|case| case.is_dir()) {
        let mut files = Vec::new();
        files_under(&case, &case, &mut files);
        cases.push(files);
    }
    cases
}

/// The vectors, whatever their shape: each as files.
fn vectors() -> Vec<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
    {
        let text = fs::read_to_string(path).expect("it can be read");
        let Ok(value) = serde_saphyr::from_str::<Value>(&text) else {
            continue;
        };
        let lists = [Some(&value), value.get("vectors"), value.get("cases")];
        let items = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        all.extend(items.map(files).filter(|files| !files.is_empty()));
    }
    all
}

fn files(vector: &Value) -> Vec<(String, Vec<u8>)> {
    let text = |key: &str| vector.get(key).and_then(Value::as_str);
    let list = |key: &str| -> Vec<&Value> {
        vector
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .collect()
    };
    if let Some(policy) = text("file") {
        let path = text("path").unwrap_or(".well-known/mta-sts.txt");
        return vec![(path.to_string(), policy.as_bytes().to_vec())];
    }
    let soa = "@ IN SOA ns.example.org. hostmaster.example.org. 1 1h 1h 1w 1h\n";
    let zone = |origin: &str, records: &str| {
        let origin = origin.trim_end_matches('.');
        let text = format!("$ORIGIN {origin}.\n$TTL 3600\n{soa}{records}\n");
        (format!("{origin}.zone"), text.into_bytes())
    };
    if let Some(records) = text("zone").or_else(|| text("input")) {
        let net = text("net").map(|records| zone("example.net", records));
        return net
            .into_iter()
            .chain([zone(text("origin").unwrap_or("example.com"), records)])
            .collect();
    }
    let Some(owner) = text("owner") else { return Vec::new() };
    let labels: Vec<&str> = owner.trim_end_matches('.').split('.').collect();
    let origin = labels[labels.len().saturating_sub(2)..].join(".");
    let mut data: Vec<String> = text("value").into_iter().map(written::text).collect();
    data.extend(list("values").into_iter().filter_map(Value::as_str).map(written::text));
    let strings: Vec<String> = list("strings")
        .into_iter()
        .filter_map(Value::as_str)
        .map(|string| written::string(string.as_bytes()))
        .collect();
    data.extend((!strings.is_empty()).then(|| strings.join(" ")));
    let kind = text("type").unwrap_or("TXT");
    let name = |owner: &str| format!("{}.", owner.trim_end_matches('.'));
    let mut records: String = data
        .iter()
        .map(|data| format!("{} {kind} {data}\n", name(owner)))
        .collect();
    for also in list("also") {
        let part = |key: &str| also.get(key).and_then(Value::as_str);
        if let (Some(owner), Some(value)) = (part("owner"), part("value")) {
            let kind = part("type").unwrap_or("TXT");
            let data = if kind == "TXT" {
                written::text(value)
            } else {
                value.to_string()
            };
            records.push_str(&format!("{} {kind} {data}\n", name(owner)));
        }
    }
    for record in list("zone").into_iter().filter_map(Value::as_str) {
        records.push_str(&format!("{record}\n"));
    }
    vec![zone(&origin, &records)]
}

/// All that is said, by rule: once for each that differs in more than its values.
fn table() -> BTreeMap<&'static str, Vec<Said>> {
    let mut table: BTreeMap<&'static str, Vec<Said>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut add = |diagnostic: &Diagnostic| {
        let said = said(diagnostic);
        let parts = [&said.message, &said.label, &said.help].map(|part| without_values(part));
        if seen.insert((diagnostic.rule, said.severity, parts)) {
            table.entry(diagnostic.rule).or_default().push(said);
        }
    };
    for rule in rules::all() {
        for example in example::all(rule) {
            example::findings(rule, &example).1.iter().for_each(&mut add);
        }
    }
    let all = rules::all();
    for files in ui_cases().into_iter().chain(vectors()) {
        let sources = cases::sources(&files);
        cases::lint(&sources, &all).diagnostics.iter().for_each(&mut add);
    }
    for said in table.values_mut() {
        said.sort();
    }
    table
}

/// What is wrong with a text that people read, by the rules of the house.
fn faults(said: &Said) -> Vec<&'static str> {
    const LONGEST: usize = 200;
    let Said {
        message, label, help, ..
    } = said;
    let bare = without_values(message);
    let mut faults = Vec::new();
    for (part, what) in [
        (message, "the message ends with a full stop"),
        (label, "the label ends with a full stop"),
        (help, "the help ends with a full stop"),
    ] {
        if part.ends_with('.') && !part.ends_with("...") {
            faults.push(what);
        }
    }
    let first = |text: &str| text.split([' ', '`']).next().unwrap_or_default().to_string();
    for (part, what) in [
        (message, "the message begins with a capital"),
        (label, "the label does"),
        (help, "the help does"),
    ] {
        let word = first(part);
        // `SPF`, `MX`, `GitHub`, `U+00A0` are names.
        let is_plain = word.len() > 1 && word.chars().skip(1).all(|char| char.is_ascii_lowercase());
        let is_name = NAMES.contains(&word.as_str());
        if word.chars().next().is_some_and(char::is_uppercase) && is_plain && !is_name {
            faults.push(what);
        }
    }
    if message.matches('`').count() % 2 == 1 {
        faults.push("a backtick is open");
    }
    if bare.chars().count() > LONGEST {
        faults.push("the message is too long");
    }
    let has_word = |word: &str| bare.split([' ', ',', ':']).any(|other| other == word);
    let tells_effect = [", so ", ": ", ", and ", "; "].iter().any(|sign| bare.contains(sign));
    if (has_word("should") || has_word("must")) && !tells_effect {
        faults.push("it says what has to be, and not what happens");
    }
    if message.contains("please") || help.contains("please") {
        faults.push("it asks");
    }
    // A whole record may be the frame in which other places are told of.
    if label.is_empty() && !said.has_related {
        faults.push("there is no label");
    }
    faults
}

/// Names of programs and people that begin with one capital.
const NAMES: &[&str] = &[
    "Knot",
    "Terraform",
    "Netlify",
    "Vercel",
    "Firebase",
    "Azure",
    "Microsoft",
    "Google",
];

#[test]
fn messages_speak_with_one_voice() {
    let table = table();
    let mut text =
        String::from("| rule | severity | message | label | help | repair |\n| --- | --- | --- | --- | --- | --- |\n");
    let mut wrong = Vec::new();
    let mut messages: BTreeMap<String, &str> = BTreeMap::new();
    for (rule, all) in &table {
        for said in all {
            let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
            let row = [said.severity.name(), &said.message, &said.label, &said.help, &said.fix].map(cell);
            text.push_str(&format!("| {rule} | {} |\n", row.join(" | ")));
            wrong.extend(
                faults(said)
                    .into_iter()
                    .map(|fault| format!("{rule}: {fault}: {said:?}")),
            );
            match messages.get(&said.message) {
                Some(other) if other != rule => wrong.push(format!("{rule} and {other}: {}", said.message)),
                _ => _ = messages.insert(said.message.clone(), rule),
            }
        }
    }
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("messages.md"), text).expect("it can be written");
    for rule in rules::all() {
        if !table.contains_key(rule.id) {
            wrong.push(format!("{}: nothing makes it speak", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
