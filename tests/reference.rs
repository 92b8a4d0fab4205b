//! The documentation of the rules, as it is shown and as it is kept in `docs/rules/`.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use maillint::{
    example,
    explain::{self, Look},
    presets::PRESETS,
    rules,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages by their names.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::from([("README.md".to_string(), explain::index(&rules::all()))]);
    for rule in rules::all() {
        let page = explain::page(rule, &example::printed(rule), &rules::related(rule));
        pages.insert(format!("{}.md", rule.id), page);
    }
    pages
}

#[test]
fn the_pages_of_rules_are_current() {
    let folder = root().join("docs/rules");
    let pages = pages();
    let blesses = env::var_os("BLESS").is_some();
    if blesses {
        fs::create_dir_all(&folder).expect("the folder can be made");
        for (name, page) in &pages {
            fs::write(folder.join(name), page).expect("it can be written");
        }
    }
    let mut wrong = Vec::new();
    for (name, page) in &pages {
        match fs::read_to_string(folder.join(name)) {
            Ok(kept) if kept == *page => {}
            Ok(_) => wrong.push(format!("docs/rules/{name} is not what the rules say")),
            Err(_) => wrong.push(format!("docs/rules/{name} is missing")),
        }
    }
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if pages.contains_key(&name) {
            continue;
        }
        if blesses {
            fs::remove_file(&path).expect("it can be removed");
        } else {
            wrong.push(format!("docs/rules/{name} is of no rule"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nrun `BLESS=1 cargo test --test reference`",
        wrong.join("\n")
    );
}

/// What a page of Markdown links to, outside of code.
fn links(page: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for part in line.split("](").skip(1) {
            links.extend(part.split(')').next().map(str::to_string));
        }
    }
    links
}

/// The anchors of the headings of a page, as GitHub makes them.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let text = line.trim_start_matches('#').trim().to_lowercase();
        let kept = text
            .chars()
            .filter(|char| char.is_alphanumeric() || " -_".contains(*char));
        kept.map(|char| if char == ' ' { '-' } else { char }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn links_lead_to_what_is_there() {
    let mut files: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    for folder in ["docs", "docs/rules"] {
        let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
        files.extend(entries.map(|entry| entry.expect("it can be read").path()));
    }
    let mut wrong = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "md"))
    {
        let page = fs::read_to_string(file).expect("it can be read");
        for link in links(&page) {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            if link.contains("://") {
                continue;
            }
            let target = match path {
                "" => file.clone(),
                path => file.parent().expect("a folder").join(path),
            };
            let is_there = match anchor {
                "" => target.exists(),
                anchor => fs::read_to_string(&target).is_ok_and(|page| anchors(&page).iter().any(|own| own == anchor)),
            };
            if !is_there {
                wrong.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// GitHub takes `<word>` for HTML and leaves it out.
#[test]
fn pages_have_no_html() {
    for (name, page) in pages() {
        let mut fenced = false;
        for line in page.lines().filter(|line| !line.starts_with("<!--")) {
            fenced ^= line.starts_with("```");
            let outside: String = line.split('`').step_by(2).collect();
            let is_plain = fenced || !outside.replace("<https://", "").contains('<');
            assert!(is_plain, "{name}: {line}");
        }
        assert!(!fenced, "{name}: a block is open");
    }
}

#[test]
fn every_page_says_all_that_a_page_says() {
    for (name, page) in pages().iter().filter(|(name, _)| *name != "README.md") {
        for part in [
            "| Severity | ",
            "\n## What it says\n",
            "\n## Bad example\n",
            "maillint prints",
            "\n## Good example\n",
            "\n## When to ignore\n",
            "\n## How to ignore\n",
            "\n## Sources\n",
        ] {
            assert!(page.contains(part), "{name}: no {part}");
        }
    }
}

#[test]
fn the_page_of_presets_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/presets.md");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, explain::presets()).expect("it can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == explain::presets(),
        "docs/presets.md is not what the presets say: run `BLESS=1 cargo test --test reference`"
    );
}

#[test]
fn presets_name_rules_once_and_say_why() {
    assert!(PRESETS.is_sorted_by_key(|preset| preset.name));
    for preset in PRESETS {
        assert!(
            preset.documents.iter().all(|link| link.starts_with("https://")),
            "{}",
            preset.name
        );
        for (at, line) in preset.lines.iter().enumerate() {
            assert!(rules::named(line.rule).is_some(), "{}: {}", preset.name, line.rule);
            assert!(!line.because.is_empty(), "{}: {}", preset.name, line.rule);
            let others = &preset.lines[..at];
            assert!(
                others.iter().all(|other| other.rule != line.rule),
                "{}: {} twice",
                preset.name,
                line.rule
            );
        }
    }
}

#[test]
fn every_rule_leads_to_its_page() {
    for rule in rules::all() {
        let page = format!(
            "https://github.com/maillint/maillint/blob/main/docs/rules/{}.md",
            rule.id
        );
        assert_eq!(rule.url(), page);
    }
}

#[test]
fn a_rule_explains_itself_on_a_terminal() {
    let rule = rules::named("zone-unterminated-quote").expect("there is such a rule");
    assert_eq!(
        explain::text(rule, Look::PLAIN),
        r#"zone-unterminated-quote

A quoted string that nothing closes.

Severity: error
Default:  on
Repair:   shown; decide yourself, it changes how mail is treated

A server refuses the whole zone and goes on with the one it has, or with none:
after a restart, no record of the domain is answered.

Bad

    www TXT "hello

    www TXT "hello
    mail TXT "v=spf1 -all"

Good

    www TXT "hello"

When to ignore

Never: no server loads such a zone.

Source

RFC 1035, section 5.1: https://www.rfc-editor.org/rfc/rfc1035#section-5.1
"#
    );
    let look = Look {
        colour: true,
        ..Look::PLAIN
    };
    assert!(explain::text(rule, look).starts_with("\u{1b}[1mzone-unterminated-quote\u{1b}[0m\n"));
}

#[test]
fn a_rule_explains_itself_in_markdown() {
    let rule = rules::named("zone-unterminated-quote").expect("there is such a rule");
    assert_eq!(
        explain::markdown(rule),
        r#"A quoted string that nothing closes.

*Severity: error · Default: on · Repair: shown; decide yourself, it changes how mail is treated*

A server refuses the whole zone and goes on with the one it has, or with none: after a restart, no record of the
domain is answered.

### Bad

```zone
www TXT "hello
```

```zone
www TXT "hello
mail TXT "v=spf1 -all"
```

### Good

```zone
www TXT "hello"
```

### When to ignore

Never: no server loads such a zone.

### Source

- [RFC 1035, section 5.1](https://www.rfc-editor.org/rfc/rfc1035#section-5.1)
"#
    );
}

#[test]
fn text_on_a_terminal_is_not_wider_than_it() {
    for rule in rules::all() {
        for line in explain::text(rule, Look::PLAIN).lines() {
            let may_be_wide = line.starts_with("    ") || line.contains("https://");
            assert!(may_be_wide || line.chars().count() <= 80, "{}: {line}", rule.id);
        }
    }
}

#[test]
fn sources_lead_to_their_section() {
    let link = |source| explain::link(source);
    let at = |rest: &str| Some(format!("https://www.rfc-editor.org/rfc/{rest}"));
    assert_eq!(link("RFC 8461, section 3.2"), at("rfc8461#section-3.2"));
    assert_eq!(link("RFC 9989, section A.6"), at("rfc9989#appendix-A.6"));
    assert_eq!(link("RFC 7505"), at("rfc7505"));
    assert_eq!(
        link("The Internet-Draft draft-example-logo-03, section \"Selectors\"."),
        Some("https://datatracker.ietf.org/doc/html/draft-example-logo-03".to_string())
    );
    assert_eq!(link("What BIND does."), None);
    assert_eq!(link("RFC 8461, sections 3 and 4"), None);
}
