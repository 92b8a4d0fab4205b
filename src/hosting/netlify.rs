//! `_redirects`, which Netlify and Cloudflare Pages read, and `netlify.toml`.

use crate::{
    hosting::answers::{Rule, Rules, path_of},
    source::Source,
    span::Span,
};

/// The status of a rule that names none. Cloudflare has 302, which makes no difference here.
const USUAL_STATUS: u16 = 301;

/// The rules of a `_redirects` file: a line each, `from to status`, with conditions around and behind.
pub fn redirects(source: &Source) -> Rules {
    let mut rules = Vec::new();
    let mut start = 0;
    for line in source.bytes().split_inclusive(|byte| *byte == b'\n') {
        let at = start;
        start += line.len();
        let Ok(text) = std::str::from_utf8(line) else { continue };
        let words: Vec<&str> = text
            .split_whitespace()
            .take_while(|word| !word.starts_with('#'))
            .collect();
        let Some((from, rest)) = words.split_first() else {
            continue;
        };
        let is_target = |word: &&str| word.starts_with('/') || word.contains("://");
        let Some(to) = rest.iter().position(is_target) else {
            continue;
        };
        let status = rest.get(to + 1).copied().unwrap_or_default();
        let is_forced = status.ends_with('!');
        let number: Option<u16> = status.trim_end_matches('!').parse().ok();
        let path = path_of(from);
        let indent = text.len() - text.trim_start().len();
        rules.push(Rule {
            span: Span::new(source.id, at + indent..at + text.trim_end().len()),
            from: path.unwrap_or(from).to_string(),
            to: rest[to].to_string(),
            status: Some(number.unwrap_or(USUAL_STATUS)),
            is_forced,
            is_conditional: path.is_none() || to > 0 || rest.len() > to + 1 + usize::from(number.is_some()),
        });
    }
    Rules { rules, publishes: None }
}

/// The rules in `netlify.toml`: tables `[[redirects]]`. Written otherwise they are not seen.
pub fn settings(source: &Source) -> Rules {
    let mut rules: Vec<Rule> = Vec::new();
    let mut publishes = None;
    let mut base = String::new();
    let mut table = "";
    let mut start = 0;
    for line in source.bytes().split_inclusive(|byte| *byte == b'\n') {
        let at = start;
        start += line.len();
        let Ok(text) = std::str::from_utf8(line) else { continue };
        let text = text.trim();
        if let Some(name) = text.strip_prefix('[') {
            let name = name.split(']').next().unwrap_or_default();
            table = match name.trim_start_matches('[').trim() {
                "build" => "build",
                "redirects" => "redirects",
                // Further parts of the rule: they ask for more than the path.
                "redirects.conditions" | "redirects.query" => "conditions",
                _ => "",
            };
            if table == "redirects" {
                let indent = line.len() - line.trim_ascii_start().len();
                rules.push(Rule {
                    span: Span::new(source.id, at + indent..at + line.trim_ascii_end().len()),
                    from: String::new(),
                    to: String::new(),
                    status: Some(USUAL_STATUS),
                    is_forced: false,
                    is_conditional: false,
                });
            }
            continue;
        }
        let Some((key, value)) = text.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim().trim_matches(['"', '\'']), bare(value));
        match (table, key, rules.last_mut()) {
            ("build", "publish", _) => publishes = Some(value.to_string()),
            ("build", "base", _) => base = format!("{value}/"),
            ("redirects", _, Some(rule)) => {
                rule.span.end = (at + line.trim_ascii_end().len()) as u32;
                set(rule, key, value);
            }
            ("conditions", _, Some(rule)) => rule.is_conditional = true,
            _ => {}
        }
    }
    Rules {
        rules,
        publishes: publishes.map(|folder| format!("{base}{folder}")),
    }
}

fn set(rule: &mut Rule, key: &str, value: &str) {
    match key {
        "from" => {
            let path = path_of(value);
            rule.is_conditional |= path.is_none();
            rule.from = path.unwrap_or(value).to_string();
        }
        "to" => rule.to = value.to_string(),
        "status" => rule.status = value.parse().ok(),
        "force" => rule.is_forced = value == "true",
        "conditions" | "query" => rule.is_conditional |= value != "{}",
        _ => {}
    }
}

/// A TOML value on one line, without its quotes and the comment behind it.
fn bare(value: &str) -> &str {
    let value = value.trim();
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split('#').next().unwrap_or_default().trim(),
    }
}
