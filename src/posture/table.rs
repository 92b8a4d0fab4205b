//! The posture for a terminal.

use std::io::{self, Write};

use crate::{
    policy_view::Showing,
    posture::{Kind, Posture, Row, cells, groups},
};

/// How wide a column gets at most, but for the first.
const WIDEST: usize = 44;

/// Writes a row for each domain with mail, then how many others there are.
pub fn table(posture: &Posture<'_>, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<[String; 10]> = posture.of_kind(Kind::Mail).map(|row| cells(row, showing)).collect();
    if !rows.is_empty() {
        rows.insert(0, cells::HEADS.map(str::to_string));
    }
    let mut widths = [0; 10];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<String>>().join("  ");
        writeln!(to, "{}", line.trim_end())?;
    }
    if !rows.is_empty() {
        writeln!(to)?;
    }
    for kind in Kind::ALL {
        let groups = match kind {
            Kind::Mail => Vec::new(),
            Kind::Parked | Kind::Bare => groups::of(posture, kind),
        };
        if kind == Kind::Mail || !groups.is_empty() {
            writeln!(to, "{}", cells::count(posture, kind))?;
        }
        for group in groups {
            let name = |(name, error): &(String, Option<&str>)| match error {
                Some(rule) => format!("{} (error {rule})", showing.line(name)),
                None => showing.line(name),
            };
            let names: Vec<String> = group.names.iter().map(name).chain(group.more()).collect();
            writeln!(
                to,
                "  {} {}: {}",
                group.number,
                group.standing.words(),
                names.join(", ")
            )?;
        }
    }
    match cells::elsewhere(posture) {
        Some(line) => writeln!(to, "{line}"),
        None => Ok(()),
    }
}

fn cells(row: &Row<'_>, showing: &Showing<'_>) -> [String; 10] {
    let [standing, mx, spf, dkim, dmarc, sts, tls, bimi] = cells::facts(row).map(|cell| short(&showing.line(&cell)));
    let worst = match row.worst {
        Some(worst) => format!("{} {}", worst.severity.name(), worst.rule),
        None => String::new(),
    };
    let domain = showing.line(&cells::domain(row, showing));
    [domain, standing, mx, spf, dkim, dmarc, sts, tls, bimi, worst]
}

fn short(cell: &str) -> String {
    match cell.chars().count() > WIDEST {
        true => cell.chars().take(WIDEST - 1).chain(['…']).collect(),
        false => cell.to_string(),
    }
}
