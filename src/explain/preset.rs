//! What a preset asks for, for terminals and as Markdown.

use super::wrapped;
use crate::presets::{Level, Line, PRESETS, Preset};

/// A preset for a terminal.
pub fn preset(preset: &Preset, colour: bool) -> String {
    let (bold, plain) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut text = format!(
        "{bold}{}{plain}\n\n{}\n{bold}Rules{plain}\n\n",
        preset.name,
        wrapped(&[preset.summary])
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
        "\n{bold}What no record shows{plain}\n\n{}",
        wrapped(&[preset.beyond])
    ));
    text.push_str(&format!("\n{bold}Source{plain}\n\n"));
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
                "| [{0}](rules.md#{0}) | {1} | {2} |\n",
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
