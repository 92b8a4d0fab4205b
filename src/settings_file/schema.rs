//! The JSON Schema of the settings file, for editors.

use serde_json::{Value, json};

use super::keys::{KEYS, Key, Kind, LEVELS, Shape};
use crate::{formats::FORMATS, presets::PRESETS, rule::FAMILIES, rules};

/// The schema (draft 7, which editors of TOML know), with all rules there are, as text.
pub fn schema() -> String {
    let mut names: Vec<&str> = rules::all().iter().map(|rule| rule.id).collect();
    names.extend(FAMILIES);
    names.push("all");
    let levels: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| {
            let summary = rules::named(name).map(|rule| rule.summary());
            let mut level = json!({"$ref": "#/definitions/level"});
            if let Some(summary) = summary {
                level = json!({"allOf": [level], "description": summary});
            }
            (name.to_string(), level)
        })
        .collect();
    let mut schema = table(KEYS);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("Settings of maillint");
    schema["definitions"] = json!({
        "level": {"enum": LEVELS},
        "rule": {"enum": names},
        "levels": {"type": "object", "additionalProperties": false, "properties": levels},
    });
    format!("{schema:#}\n")
}

fn table(keys: &[Key]) -> Value {
    let properties: serde_json::Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut value = shape(key);
            value["description"] = json!(key.docs);
            (key.name.to_string(), value)
        })
        .collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({"type": "object", "additionalProperties": false, "properties": properties, "required": required})
}

fn shape(key: &Key) -> Value {
    match key.shape {
        Shape::Text(kind) => text(kind),
        Shape::Texts(kind) => {
            json!({"type": "array", "items": text(kind), "minItems": usize::from(key.required)})
        }
        Shape::Number(from, to) => json!({"type": "integer", "minimum": from, "maximum": to}),
        Shape::Table(keys) => table(keys),
        Shape::Truth => json!({"type": "boolean"}),
        Shape::Levels => json!({"allOf": [{"$ref": "#/definitions/levels"}]}),
        Shape::Tables(keys) => json!({"type": "array", "items": table(keys)}),
    }
}

fn text(kind: Kind) -> Value {
    match kind {
        Kind::Prose => json!({"type": "string", "pattern": "\\S"}),
        Kind::OneOf(words) => json!({"enum": words}),
        Kind::Glob => json!({"type": "string", "minLength": 1}),
        Kind::Rule => json!({"allOf": [{"$ref": "#/definitions/rule"}]}),
        Kind::Preset => json!({"enum": PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>()}),
        Kind::Format => json!({"enum": FORMATS.iter().map(|format| format.name).collect::<Vec<_>>()}),
        Kind::Domain => json!({"type": "string", "pattern": "^[A-Za-z0-9._-]+$"}),
    }
}
