//! What a preset asks for, for terminals and as Markdown.

use super::{Look, wrapped};
use crate::presets::{Level, Line, PRESETS, Preset};

/// A preset for a terminal.
pub fn preset(preset: &Preset, look: Look) -> String {
    let mut text = format!(
        "{}\n\n{}\n{}\n\n",
        look.bold(preset.name),
        wrapped(&[preset.summary], look.width),
        look.bold("Rules")
    );
    let width = preset.lines.iter().map(|line| line.rule.len()).max().unwrap_or(0);
    for line in preset.lines {
        text.push_str(&format!(
            "    {:<width$}  {:<7}  {}\n",
            line.rule,
            word(line),
            line.because
        ));
    }
    text.push_str(&format!(
        "\n{}\n\n{}",
        look.bold("What no record shows"),
        wrapped(&[preset.beyond], look.width)
    ));
    text.push_str(&format!("\n{}\n\n", look.bold("Source")));
    for document in preset.documents {
        text.push_str(&format!("- {document}\n"));
    }
    text
}

/// All presets as one Markdown document.
pub fn presets() -> String {
    let mut text = String::from(
        "# Presets\n\n\
         <!-- Generated from src/presets.rs; `BLESS=1 cargo test --test reference` writes it again. -->\n\n\
         Named sets of severities for what somebody asks of domains: `--preset NAME`, or `presets = [\"NAME\"]` in `maillint.toml`. What\n\
         `[rules]` and `[[override]]` say there wins over them. Rules that are off by default run if a preset names them.\n",
    );
    for preset in PRESETS {
        text.push_str(&format!(
            "\n## {}\n\n{}\n\n| rule | severity | asked for |\n| --- | --- | --- |\n",
            preset.name, preset.summary
        ));
        for line in preset.lines {
            text.push_str(&format!(
                "| [{0}](rules/{0}.md) | {1} | {2} |\n",
                line.rule,
                word(line),
                line.because
            ));
        }
        text.push_str(&format!("\nWhat no record shows: {}\n\n", preset.beyond));
        for document in preset.documents {
            text.push_str(&format!("- <{document}>\n"));
        }
    }
    text
}

fn word(line: &Line) -> &'static str {
    match line.level {
        Level::Off => "off",
        Level::On => "on",
        Level::At(severity) => severity.name(),
    }
}
