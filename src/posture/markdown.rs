//! The posture as GitHub-flavoured Markdown, for the summary of a job and for wikis.

use std::io::{self, Write};

use crate::{
    policy_view::Showing,
    posture::{Kind, Posture, Row, cells, groups},
    report::prose,
    rules,
};

/// GitHub takes no more than 1 MiB of a summary, and the groups below the table need some of it.
const LONGEST: usize = 950_000;

/// Writes a table of the domains with mail, then how many others there are.
pub fn markdown(posture: &Posture<'_>, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "### Mail posture\n\n{}", cells::count(posture, Kind::Mail))?;
    let mut written = 0;
    for (number, row) in posture.of_kind(Kind::Mail).enumerate() {
        if number == 0 {
            writeln!(
                to,
                "\n| {} |\n|{}",
                cells::HEADS.join(" | "),
                " --- |".repeat(cells::HEADS.len())
            )?;
        }
        let line = line(row, showing);
        written += line.len();
        if written > LONGEST {
            let more = posture.of_kind(Kind::Mail).count() - number;
            writeln!(
                to,
                "\n{more} more are not shown, since GitHub takes no more text; `--format csv` shows all."
            )?;
            break;
        }
        to.write_all(line.as_bytes())?;
    }
    for kind in [Kind::Parked, Kind::Bare] {
        let groups = groups::of(posture, kind);
        if !groups.is_empty() {
            writeln!(to, "\n{}\n", cells::count(posture, kind))?;
        }
        for group in groups {
            let name = |(name, error): &(String, Option<&'static str>)| match error {
                Some(rule) => format!("{} (**error** {})", prose::markdown(name), link(rule)),
                None => prose::markdown(name),
            };
            let names: Vec<String> = group.names.iter().map(name).chain(group.more()).collect();
            writeln!(
                to,
                "- {} {}: {}",
                group.number,
                group.standing.words(),
                names.join(", ")
            )?;
        }
    }
    match cells::elsewhere(posture) {
        Some(line) => writeln!(to, "\n{line}"),
        None => Ok(()),
    }
}

fn line(row: &Row<'_>, showing: &Showing<'_>) -> String {
    let worst = row.worst.map_or(String::new(), |worst| {
        format!(
            "{} {}",
            crate::report::markdown::severity(worst.severity),
            link(worst.rule)
        )
    });
    let domain = prose::cell(&cells::domain(row, showing));
    let facts = cells::facts(row).map(|cell| prose::cell(&cell));
    format!("| {domain} | {} | {worst} |\n", facts.join(" | "))
}

/// A rule, with a link to its documentation.
fn link(id: &str) -> String {
    match rules::named(id) {
        Some(rule) => format!("[{id}]({})", rule.url()),
        None => prose::code_in_cell(id),
    }
}
