//! The documentation of the rules, as it is shown and as it is kept in `docs/rules.md`.

use std::{env, fs, path::Path};

use maillint::{explain, presets::PRESETS, rules};

#[test]
fn the_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let reference = explain::reference(&rules::all());
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
        fs::write(&path, &reference).expect("it can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == reference,
        "docs/rules.md is not what the rules say: run `BLESS=1 cargo test --test reference`"
    );
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
fn every_rule_has_its_anchor() {
    let reference = explain::reference(&rules::all());
    for rule in rules::all() {
        assert!(reference.contains(&format!("\n## {}\n", rule.id)), "{}", rule.id);
        assert!(
            rule.url().ends_with(&format!("docs/rules.md#{}", rule.id)),
            "{}",
            rule.id
        );
    }
}

#[test]
fn a_rule_explains_itself_on_a_terminal() {
    let rule = rules::named("zone-unterminated-quote").expect("there is such a rule");
    assert_eq!(
        explain::text(rule, false),
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
    assert!(explain::text(rule, true).starts_with("\u{1b}[1mzone-unterminated-quote\u{1b}[0m\n"));
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
        for line in explain::text(rule, false).lines() {
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
    assert_eq!(link("What BIND does."), None);
    assert_eq!(link("RFC 8461, sections 3 and 4"), None);
}
