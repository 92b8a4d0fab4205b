//! What is in force, and where it comes from.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{NAME, keys::KEYS};
use crate::source::Source;

/// What is in force, a line for each value: the key, the value as it is written, and the place it comes from. `source`: the
/// settings file, if there is one, without mistakes.
pub fn in_force(source: Option<&Source>, shown_path: &dyn Fn(&str) -> String) -> Vec<[String; 3]> {
    let mut lines = Vec::new();
    let text = source
        .and_then(|source| std::str::from_utf8(source.bytes()).ok())
        .unwrap_or_default();
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let (table, _) = DeTable::parse_recoverable(&text[start..]);
    let place = |value: &Spanned<DeValue<'_>>| match source {
        Some(source) => format!(
            "{}:{}",
            shown_path(&source.path),
            source.position(value.span().start + start).line
        ),
        None => NAME.to_string(),
    };
    for key in KEYS {
        match table.get_ref().get(key.name) {
            Some(value) => push(&text[start..], key.name, value, &place, &mut lines),
            None if key.default.is_empty() => {}
            None => lines.push([key.name.to_string(), key.default.to_string(), "default".to_string()]),
        }
    }
    lines
}

fn push(
    text: &str,
    name: &str,
    value: &Spanned<DeValue<'_>>,
    place: &dyn Fn(&Spanned<DeValue<'_>>) -> String,
    into: &mut Vec<[String; 3]>,
) {
    match value.get_ref() {
        DeValue::Table(table) => {
            for (key, inner) in table {
                push(text, &format!("{name}.{}", key.get_ref()), inner, place, into);
            }
        }
        DeValue::Array(items) if items.iter().any(|item| matches!(item.get_ref(), DeValue::Table(_))) => {
            for (number, item) in (1..).zip(items.iter()) {
                push(text, &format!("{name}[{number}]"), item, place, into);
            }
        }
        _ => {
            let written = text.get(value.span()).unwrap_or_default();
            let words: Vec<&str> = written.split_whitespace().collect();
            into.push([name.to_string(), words.join(" "), place(value)]);
        }
    }
}
