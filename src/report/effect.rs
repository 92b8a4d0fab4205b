//! What a change does to mail, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    effect::{Change, Danger, Effect},
    report::{harmless, prose},
};

/// What is said where there is nothing to say.
const NOTHING: &str = "nothing changes for mail";

/// How many bytes of Markdown are written: GitHub takes 1 MiB for the summary of a job, and the findings follow.
const LONGEST: usize = 60_000;

/// Writes effects as plain text, a paragraph for each domain.
pub fn text(effects: &[Effect], hostile_log: bool, to: &mut dyn Write) -> io::Result<()> {
    let line = |text: &str| harmless::line(text, hostile_log);
    if effects.is_empty() {
        return writeln!(to, "{NOTHING}");
    }
    for (number, effect) in effects.iter().enumerate() {
        if number > 0 {
            writeln!(to)?;
        }
        match &effect.seen_from {
            Some(path) => writeln!(to, "{}, as {} tells it", line(&name(effect)), line(path))?,
            None => writeln!(to, "{}", line(&name(effect)))?,
        }
        for change in &effect.changes {
            writeln!(to, "  {:7}  {}", change.danger.name(), line(&said(change)))?;
        }
    }
    Ok(())
}

/// Writes effects as Markdown, for the summary of a job and for comments.
pub fn markdown(effects: &[Effect], to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "### What this change does to mail\n")?;
    if effects.is_empty() {
        return writeln!(to, "Nothing changes for mail.");
    }
    let mut room = LONGEST;
    for (number, effect) in effects.iter().enumerate() {
        let mut part = format!("- {}", prose::markdown(&format!("`{}`", name(effect))));
        if let Some(path) = &effect.seen_from {
            part.push_str(&format!(", as {} tells it", prose::markdown(&format!("`{path}`"))));
        }
        part.push('\n');
        for change in &effect.changes {
            let danger = match change.danger {
                Danger::Danger => "**danger**",
                Danger::Caution => "caution",
                Danger::Note => "note",
            };
            part.push_str(&format!("  - {danger}: {}\n", prose::markdown(&said(change))));
        }
        if part.len() > room {
            let more = effects.len() - number;
            return writeln!(to, "\n{more} more are not shown; `maillint effect` shows all.");
        }
        room -= part.len();
        to.write_all(part.as_bytes())?;
    }
    Ok(())
}

#[derive(Serialize)]
struct AllJson<'a> {
    version: u32,
    base: &'a str,
    domains: Vec<EffectJson<'a>>,
}

#[derive(Serialize)]
struct EffectJson<'a> {
    domain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_from: Option<&'a str>,
    changes: Vec<ChangeJson<'a>>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    danger: &'static str,
    about: &'static str,
    words: &'a str,
}

/// Writes effects as one JSON object (version 1).
pub fn json(effects: &[Effect], base: &str, to: &mut dyn Write) -> io::Result<()> {
    let change = |change: &Change| -> (&'static str, &'static str) { (change.danger.name(), change.about.name()) };
    let domains = effects.iter().map(|effect| EffectJson {
        domain: name(effect),
        seen_from: effect.seen_from.as_deref(),
        changes: (effect.changes.iter())
            .map(|one| {
                let (danger, about) = change(one);
                ChangeJson {
                    danger,
                    about,
                    words: &one.words,
                }
            })
            .collect(),
    });
    let all = AllJson {
        version: 1,
        base,
        domains: domains.collect(),
    };
    harmless::json(&all, to)
}

fn name(effect: &Effect) -> String {
    effect.name.to_string().to_ascii_lowercase()
}

fn said(change: &Change) -> String {
    match change.about {
        crate::effect::About::Domain => change.words.clone(),
        about => format!("{}: {}", about.name(), change.words),
    }
}
