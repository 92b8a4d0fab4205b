//! `vercel.json`, `staticwebapp.config.json` and `firebase.json`.

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    hosting::answers::{Rule, Rules},
    source::Source,
    span::Span,
};

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct File<'a> {
    #[serde(borrow)]
    redirects: Option<&'a RawValue>,
    #[serde(borrow)]
    rewrites: Option<&'a RawValue>,
    #[serde(borrow)]
    routes: Option<&'a RawValue>,
    #[serde(borrow)]
    hosting: Option<&'a RawValue>,
    #[serde(borrow)]
    output_directory: Option<&'a RawValue>,
    #[serde(borrow)]
    public: Option<&'a RawValue>,
}

/// An object of a list, with its place.
struct Entry {
    value: Value,
    span: Span,
}

impl Entry {
    fn text(&self, key: &str) -> Option<&str> {
        self.value.get(key)?.as_str()
    }

    fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    fn number(&self, key: &str) -> Option<u16> {
        self.value.get(key)?.as_u64()?.try_into().ok()
    }

    fn rule(&self, from: &str, to: &str, status: Option<u16>, is_conditional: bool) -> Rule {
        Rule {
            span: self.span,
            from: from.to_string(),
            to: to.to_string(),
            status,
            is_forced: true,
            is_conditional,
        }
    }
}

/// Redirects come first, and before files; then rewrites.
pub fn vercel(source: &Source) -> Rules {
    let Some((text, file)) = read(source) else {
        return Rules::default();
    };
    let is_conditional = |entry: &Entry| entry.has("has") || entry.has("missing");
    let mut rules = Vec::new();
    for entry in entries(source, text, file.redirects) {
        let is_permanent = entry.value.get("permanent").and_then(Value::as_bool) == Some(true);
        let usual = if is_permanent { 308 } else { 307 };
        if let (Some(from), Some(to)) = (entry.text("source"), entry.text("destination")) {
            let status = entry.number("statusCode").unwrap_or(usual);
            rules.push(entry.rule(from, to, Some(status), is_conditional(&entry)));
        }
    }
    for entry in entries(source, text, file.rewrites) {
        if let (Some(from), Some(to)) = (entry.text("source"), entry.text("destination")) {
            rules.push(entry.rule(from, to, Some(200), is_conditional(&entry)));
        }
    }
    Rules {
        rules,
        publishes: file.output_directory.and_then(string),
    }
}

/// The first route that matches decides, before files.
pub fn azure(source: &Source) -> Rules {
    let Some((text, file)) = read(source) else {
        return Rules::default();
    };
    let mut rules = Vec::new();
    for entry in entries(source, text, file.routes) {
        let Some(from) = entry.text("route") else { continue };
        let methods = entry.value.get("methods").and_then(Value::as_array);
        let is_get = methods.is_none_or(|methods| methods.iter().any(|method| method == "GET"));
        let rule = match (entry.text("redirect"), entry.text("rewrite")) {
            (Some(to), _) => {
                let status = entry.number("statusCode").unwrap_or(302);
                entry.rule(from, to, Some(status), !is_get || entry.has("allowedRoles"))
            }
            (None, Some(to)) => entry.rule(from, to, Some(200), !is_get),
            (None, None) => entry.rule(from, "", None, !is_get),
        };
        rules.push(rule);
    }
    Rules { rules, publishes: None }
}

/// Redirects come first, and before files; then rewrites. Of several sites in one file nothing tells which has the policy.
pub fn firebase(source: &Source) -> Rules {
    let Some((text, file)) = read(source) else {
        return Rules::default();
    };
    let Some(Ok(site)) = file
        .hosting
        .map(|hosting| serde_json::from_str::<File<'_>>(hosting.get()))
    else {
        return Rules::default();
    };
    let mut rules = Vec::new();
    for entry in entries(source, text, site.redirects) {
        if let (Some(from), Some(to)) = (entry.text("source"), entry.text("destination")) {
            rules.push(entry.rule(from, to, Some(entry.number("type").unwrap_or(301)), false));
        }
    }
    for entry in entries(source, text, site.rewrites) {
        if let (Some(from), Some(to)) = (entry.text("source"), entry.text("destination")) {
            rules.push(entry.rule(from, to, Some(200), false));
        }
    }
    Rules {
        rules,
        publishes: site.public.and_then(string),
    }
}

/// The text of a file, and what is in it; `None` if it is not the JSON that its host reads.
fn read(source: &Source) -> Option<(&str, File<'_>)> {
    let text = std::str::from_utf8(source.bytes()).ok()?;
    let file = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    Some((text, file))
}

/// The objects of a list. Each is a part of `text`, so how far it is from the start is its place.
fn entries(source: &Source, text: &str, list: Option<&RawValue>) -> Vec<Entry> {
    let list: Vec<&RawValue> = list
        .and_then(|list| serde_json::from_str(list.get()).ok())
        .unwrap_or_default();
    list.into_iter()
        .filter_map(|entry| {
            let start = (entry.get().as_ptr().addr()).checked_sub(text.as_ptr().addr())?;
            let end = start + entry.get().len();
            let is_inside = text.get(start..end) == Some(entry.get());
            Some(Entry {
                value: serde_json::from_str(entry.get()).ok()?,
                span: Span::new(source.id, if is_inside { start..end } else { 0..0 }),
            })
        })
        .collect()
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}
