//! `maillint.toml`: reading it, and what is wrong with it.

mod keys;
mod schema;
mod shown;

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeInteger, DeTable, DeValue},
};

use self::keys::{KEYS, Key, Kind, LEVELS, Shape};
pub use self::{schema::schema, shown::in_force};
use crate::{
    diagnostic::{Diagnostic, Label, Severity},
    formats,
    globs::{self, Globs},
    limits::Limits,
    name::Name,
    near::nearest,
    presets::{self, Level},
    rules,
    settings::{FailOn, FileSettings, Levels, Override, PathIgnore, Settings},
    source::{Source, Told},
    span::Span,
    suffix::Suffixes,
};

/// The name of the file.
pub const NAME: &str = "maillint.toml";
/// What stands in brackets behind a mistake in it.
pub const ID: &str = "settings";

/// Something in the file that cannot be meant, in bytes of it.
struct Mistake {
    at: Range<usize>,
    message: String,
    label: &'static str,
    help: String,
}

/// Reads a settings file: what it says, or all that is wrong with it, in order.
pub fn read(source: &Source) -> Result<Settings, Vec<Diagnostic>> {
    let mut mistakes = Vec::new();
    let mut settings = Settings::default();
    match std::str::from_utf8(source.bytes()) {
        Ok(text) => {
            let start = text.len() - text.trim_start_matches('\u{feff}').len();
            let (table, errors) = DeTable::parse_recoverable(&text[start..]);
            let shifted = |at: Range<usize>| at.start + start..at.end + start;
            mistakes.extend(errors.iter().map(|error| Mistake {
                at: error.span().map_or(start..start, shifted),
                message: format!(
                    "this is not TOML: {}",
                    error.message().lines().next().unwrap_or_default()
                ),
                label: "here",
                help: "write `key = \"value\"`; the syntax is that of https://toml.io".to_string(),
            }));
            // What a table holds behind a broken line is anybody's guess.
            if errors.is_empty() {
                let mut reader = Reader {
                    start,
                    mistakes: &mut mistakes,
                };
                reader.table(table.get_ref(), table.span(), KEYS, "the settings");
                settings = settings_of(table.get_ref(), start);
            }
        }
        Err(error) => mistakes.push(Mistake {
            at: error.valid_up_to()..error.valid_up_to() + 1,
            message: "the settings are not in UTF-8".to_string(),
            label: "not UTF-8",
            help: "save the file as UTF-8".to_string(),
        }),
    }
    if mistakes.is_empty() {
        return Ok(settings);
    }
    mistakes.sort_by_key(|mistake| (mistake.at.start, mistake.at.end));
    Err(mistakes.into_iter().map(|mistake| told(source, mistake)).collect())
}

fn told(source: &Source, mistake: Mistake) -> Diagnostic {
    let end = source.bytes().len();
    let at = mistake.at.start.min(end)..mistake.at.end.min(end);
    Diagnostic {
        rule: ID,
        severity: Severity::Error,
        message: mistake.message.into(),
        primary: Label {
            span: Span::new(source.id, at),
            message: mistake.label.into(),
        },
        related: Vec::new(),
        help: Some(mistake.help.into()),
        fix: None,
        about: None,
    }
}

/// Holds a file against the table of keys.
struct Reader<'m> {
    /// How many bytes stand before the text that the places count from.
    start: usize,
    mistakes: &'m mut Vec<Mistake>,
}

impl Reader<'_> {
    fn mistake(&mut self, at: Range<usize>, message: String, label: &'static str, help: String) {
        self.mistakes.push(Mistake {
            at: at.start + self.start..at.end + self.start,
            message,
            label,
            help,
        });
    }

    /// `what`: what the table is, to follow "in".
    fn table(&mut self, table: &DeTable<'_>, at: Range<usize>, keys: &[Key], what: &str) {
        for (name, value) in table {
            match keys.iter().find(|key| key.name == name.get_ref()) {
                Some(key) => self.value(value, key),
                None => {
                    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                    let help = match nearest(name.get_ref(), names.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("there are {}", listed(&names)),
                    };
                    let message = format!("there is no key `{}` in {what}", name.get_ref());
                    self.mistake(name.span(), message, "no such key", help);
                }
            }
        }
        for key in keys.iter().filter(|key| key.required && !table.contains_key(key.name)) {
            let message = format!("`{}` is missing in {what}", key.name);
            self.mistake(at.clone(), message, "not complete", key.docs.to_string());
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, key: &Key) {
        match (key.shape, value.get_ref()) {
            (Shape::Text(kind), DeValue::String(text)) => self.text(text, value.span(), key, kind),
            (Shape::Texts(kind), DeValue::Array(items)) => {
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::String(text) => self.text(text, item.span(), key, kind),
                        other => self.wrong_type(item.span(), key.name, "strings", other),
                    }
                }
                if key.required && items.is_empty() {
                    self.mistake(
                        value.span(),
                        format!("`{}` is empty, so nothing is meant", key.name),
                        "empty",
                        key.docs.to_string(),
                    );
                }
            }
            (Shape::Truth, DeValue::Boolean(_)) => {}
            (Shape::Number(from, to), DeValue::Integer(number)) => {
                if !integer(number).is_some_and(|number| (from..=to).contains(&number)) {
                    let message = format!("`{}` takes a number from {from} to {to}", key.name);
                    self.mistake(value.span(), message, "out of bounds", key.docs.to_string());
                }
            }
            (Shape::Table(keys), DeValue::Table(table)) => {
                self.table(table, value.span(), keys, &format!("`[{}]`", key.name));
            }
            (Shape::Levels, DeValue::Table(levels)) => self.levels(levels),
            (Shape::Tables(keys), DeValue::Array(tables)) => {
                for table in tables.iter() {
                    match table.get_ref() {
                        DeValue::Table(inner) => self.table(inner, table.span(), keys, &format!("`[[{}]]`", key.name)),
                        other => self.wrong_type(table.span(), key.name, "tables", other),
                    }
                }
            }
            (Shape::Text(_), other) => self.wrong_type(value.span(), key.name, "a string", other),
            (Shape::Number(..), other) => self.wrong_type(value.span(), key.name, "a number", other),
            (Shape::Table(_), other) => self.wrong_type(value.span(), key.name, "a table", other),
            (Shape::Truth, other) => self.wrong_type(value.span(), key.name, "`true` or `false`", other),
            (Shape::Texts(_), other) => self.wrong_type(value.span(), key.name, "a list of strings", other),
            (Shape::Levels, other) => self.wrong_type(value.span(), key.name, "a table", other),
            (Shape::Tables(_), other) => self.wrong_type(value.span(), key.name, "a list of tables", other),
        }
    }

    fn wrong_type(&mut self, at: Range<usize>, name: &str, wanted: &str, found: &DeValue<'_>) {
        let help = match (wanted, found) {
            ("a list of strings", DeValue::String(_)) => "put it between brackets: `[\"...\"]`".to_string(),
            ("a list of tables", DeValue::Table(_)) => format!("write `[[{name}]]` with two brackets"),
            ("a table", _) => format!("write `[{name}]`, and a line `key = \"value\"` for each below it"),
            ("a string" | "strings", _) => "put it between double quotes".to_string(),
            _ => format!("write `{name}` as {wanted}"),
        };
        self.mistake(
            at,
            format!("`{name}` takes {wanted}, and this is {}", type_name(found)),
            "of another type",
            help,
        );
    }

    fn text(&mut self, text: &str, at: Range<usize>, key: &Key, kind: Kind) {
        match kind {
            Kind::Prose if text.trim().is_empty() => {
                let message = format!("`{}` says nothing", key.name);
                self.mistake(at, message, "empty", key.docs.to_string());
            }
            Kind::OneOf(words) => self.word(text, at, key.name, words),
            Kind::Glob => {
                if let Some(problem) = globs::problem(text) {
                    let message = format!("the pattern `{text}` cannot be used: {problem}");
                    let help = "patterns are written as in .gitignore, such as `staging/` or `*.zone`".to_string();
                    self.mistake(at, message, "not a pattern", help);
                }
            }
            Kind::Rule => self.rule(text, at),
            Kind::Preset => self.known(text, at, "preset", presets::PRESETS.iter().map(|preset| preset.name)),
            Kind::Format => self.known(text, at, "format", formats::FORMATS.iter().map(|format| format.name)),
            Kind::Domain if domain(text).is_none() => {
                let message = format!("`{text}` is no domain name");
                self.mistake(at, message, "not a domain", "write it like `example.com`".to_string());
            }
            Kind::Prose | Kind::Domain => {}
        }
    }

    fn word(&mut self, text: &str, at: Range<usize>, name: &str, words: &[&str]) {
        if !words.contains(&text) {
            let help = match nearest(text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}", one_of(words)),
            };
            self.mistake(at, format!("`{name}` is never `{text}`"), "not one of its values", help);
        }
    }

    /// Refuses what is not among the names of its kind.
    fn known<'n>(&mut self, name: &str, at: Range<usize>, kind: &str, names: impl Iterator<Item = &'n str>) {
        let names: Vec<&str> = names.collect();
        if !names.contains(&name) {
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", listed(&names)),
            };
            self.mistake(at, format!("there is no {kind} `{name}`"), "not known", help);
        }
    }

    fn rule(&mut self, name: &str, at: Range<usize>) {
        if !rules::is_known(name) {
            let help = match rules::nearest(name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`maillint rules` lists all rules".to_string(),
            };
            self.mistake(at, format!("there is no rule or family `{name}`"), "no such rule", help);
        }
    }

    fn levels(&mut self, levels: &DeTable<'_>) {
        for (name, level) in levels {
            self.rule(name.get_ref(), name.span());
            match level.get_ref() {
                DeValue::String(text) => self.word(text, level.span(), name.get_ref(), LEVELS),
                DeValue::Boolean(on) => {
                    let word = if *on { "on" } else { "off" };
                    let message = format!("the level of `{}` is a word, and this is a truth value", name.get_ref());
                    self.mistake(level.span(), message, "of another type", format!("write `\"{word}\"`"));
                }
                other => self.wrong_type(level.span(), name.get_ref(), "a string", other),
            }
        }
    }
}

/// What a table without mistakes says. `start`: how many bytes stand before the text that the places count from.
fn settings_of(table: &DeTable<'_>, start: usize) -> Settings {
    let overrides = tables(table, "override").map(|(one, _)| Override {
        paths: Globs::new(&texts(one, "paths")),
        levels: levels(one, "rules"),
    });
    let ignores = tables(table, "ignore").map(|(one, at)| PathIgnore {
        paths: Globs::new(&texts(one, "paths")),
        rules: spanned(one, "rules")
            .map(|(name, at)| (name, at.start + start..at.end + start))
            .collect(),
        at: at.start + start..at.end + start,
    });
    let files = tables(table, "files").map(|(one, _)| FileSettings {
        format: text(one, "format"),
        told: Told {
            paths: Globs::new(&texts(one, "paths")),
            origin: text(one, "origin").as_deref().and_then(domain),
            domains: texts(one, "domains").iter().filter_map(|name| domain(name)).collect(),
            view: text(one, "view"),
            whole: truth(one, "whole"),
        },
    });
    Settings {
        min_severity: text(table, "min-severity").as_deref().and_then(severity),
        fail_on: text(table, "fail-on").map(|word| severity(&word).map_or(FailOn::Never, FailOn::At)),
        exclude: texts(table, "exclude"),
        levels: levels(table, "rules"),
        overrides: overrides.collect(),
        limits: limits(table),
        presets: texts(table, "presets")
            .iter()
            .filter_map(|name| presets::named(name))
            .collect(),
        files: files.collect(),
        ignores: ignores.collect(),
        ..Settings::default()
    }
}

fn text(table: &DeTable<'_>, name: &str) -> Option<String> {
    match table.get(name)?.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    }
}

fn integer(number: &DeInteger<'_>) -> Option<u32> {
    u32::from_str_radix(number.as_str(), number.radix()).ok()
}

fn limits(table: &DeTable<'_>) -> Limits {
    let limits = match table.get("limits").map(Spanned::get_ref) {
        Some(DeValue::Table(limits)) => Some(limits),
        _ => None,
    };
    let number = |name: &str, default: u32| match limits.and_then(|limits| limits.get(name)).map(Spanned::get_ref) {
        Some(DeValue::Integer(number)) => integer(number).unwrap_or(default),
        _ => default,
    };
    let default = Limits::default();
    Limits {
        spf_ipv4_prefix: number("spf-ipv4-prefix", default.spf_ipv4_prefix),
        spf_ipv6_prefix: number("spf-ipv6-prefix", default.spf_ipv6_prefix),
        spf_record_size: number("spf-record-size", default.spf_record_size as u32) as usize,
        mta_sts_max_age: number("mta-sts-max-age", default.mta_sts_max_age as u32).into(),
        suffixes: Suffixes {
            own: texts(table, "public-suffixes")
                .iter()
                .filter_map(|name| domain(name))
                .collect(),
        },
    }
}

fn truth(table: &DeTable<'_>, name: &str) -> Option<bool> {
    match table.get(name)?.get_ref() {
        DeValue::Boolean(truth) => Some(*truth),
        _ => None,
    }
}

/// A domain name with at least one label.
fn domain(text: &str) -> Option<Name> {
    let is_domain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    Name::parse(text).filter(|name| text.bytes().all(is_domain) && !name.is_root())
}

fn spanned<'t>(table: &'t DeTable<'_>, name: &str) -> impl Iterator<Item = (String, Range<usize>)> + use<'t> {
    let items = match table.get(name).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => Some(items),
        _ => None,
    };
    let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
        DeValue::String(text) => Some((text.to_string(), item.span())),
        _ => None,
    };
    items.into_iter().flat_map(|items| items.iter()).filter_map(text)
}

fn texts(table: &DeTable<'_>, name: &str) -> Vec<String> {
    spanned(table, name).map(|(text, _)| text).collect()
}

fn tables<'t, 'i>(
    table: &'t DeTable<'i>,
    name: &str,
) -> impl Iterator<Item = (&'t DeTable<'i>, Range<usize>)> + use<'t, 'i> {
    let items = match table.get(name).map(Spanned::get_ref) {
        Some(DeValue::Array(items)) => Some(items),
        _ => None,
    };
    let inner = |item: &'t Spanned<DeValue<'i>>| match item.get_ref() {
        DeValue::Table(table) => Some((table, item.span())),
        _ => None,
    };
    items.into_iter().flat_map(|items| items.iter()).filter_map(inner)
}

fn levels(table: &DeTable<'_>, name: &str) -> Levels {
    let Some(DeValue::Table(levels)) = table.get(name).map(Spanned::get_ref) else {
        return Levels::default();
    };
    let level = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let DeValue::String(word) = value.get_ref() else {
            return None;
        };
        let name: &std::borrow::Cow<'_, str> = name.get_ref();
        let level = match word.as_ref() {
            "off" => Level::Off,
            "on" => Level::On,
            word => Level::At(severity(word)?),
        };
        Some((name.to_string(), level))
    };
    Levels(levels.iter().filter_map(level).collect())
}

fn severity(word: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.name() == word)
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Such as "`a`, `b` and `c`".
fn listed(names: &[&str]) -> String {
    joined(names, "and")
}

/// Such as "`a`, `b` or `c`".
fn one_of(names: &[&str]) -> String {
    joined(names, "or")
}

fn joined(names: &[&str], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., end] => format!("{} {last} {end}", all.join(", ")),
    }
}
