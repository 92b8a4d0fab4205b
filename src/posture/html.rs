//! The posture as one page that asks nobody for anything: it has its style and its script in it, and works without the script.

use std::io::{self, Write};

use crate::{
    policy_view::Showing,
    posture::{Class, Kind, Posture, Row, Standing, cells},
    report::{harmless, xml},
    rules,
};

/// The page. The names in double braces stand for what is written here; those of its style and script are in its policy by
/// their hashes, so both stay as they are.
const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes the page.
pub fn html(posture: &Posture<'_>, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        to.write_all(before.as_bytes())?;
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        match name {
            "style" => to.write_all(STYLE.as_bytes())?,
            "script" => to.write_all(SCRIPT.as_bytes())?,
            "figures" => figures(posture, to)?,
            "tables" => {
                for kind in Kind::ALL {
                    table(posture, kind, showing, to)?;
                }
            }
            "standings" => standings(to)?,
            "notes" => notes(posture, to)?,
            "version" => to.write_all(env!("CARGO_PKG_VERSION").as_bytes())?,
            _ => {}
        }
        rest = after;
    }
    to.write_all(rest.as_bytes())
}

/// A text as HTML that shows what is in it.
fn text(text: &str) -> String {
    xml::escaped(&harmless::line(text, false))
}

/// A text in which code stands between backticks.
fn prose(prose: &str) -> String {
    let escaped = text(prose);
    let parts: Vec<&str> = escaped.split('`').collect();
    // A backtick without its other stands for itself.
    let paired = parts.len() - (parts.len() + 1) % 2;
    let mut html = String::with_capacity(escaped.len());
    for (number, part) in parts.iter().enumerate() {
        match number % 2 {
            _ if number >= paired => html.extend(["`", part]),
            0 => html.push_str(part),
            _ => html.extend(["<code>", part, "</code>"]),
        }
    }
    html
}

/// How many domains with mail are in each class.
fn figures(posture: &Posture<'_>, to: &mut dyn Write) -> io::Result<()> {
    for (class, number) in posture.counts(Kind::Mail) {
        let (id, meaning) = (class.id(), meaning(class));
        writeln!(
            to,
            "<div class=\"figure {id}\"><dt>{id}</dt><dd><b>{number}</b> <span>{meaning}</span></dd></div>"
        )?;
    }
    Ok(())
}

fn meaning(class: Class) -> &'static str {
    match class {
        Class::Exposed => "anybody can send in their name",
        Class::Faulty => "there is a hole, or own mail is at risk",
        Class::Unknown => "the files do not tell all of it",
        Class::Protected => "mail that fails is refused or set aside",
    }
}

/// The domains of a kind. Those without mail are folded away, since there may be many.
fn table(posture: &Posture<'_>, kind: Kind, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    let count = text(&cells::count(posture, kind));
    let is_folded = kind != Kind::Mail;
    if posture.of_kind(kind).next().is_none() {
        return match is_folded {
            true => Ok(()),
            false => writeln!(to, "<p>There is no domain with mail.</p>"),
        };
    }
    if is_folded {
        writeln!(to, "<details><summary>{count}</summary>")?;
    }
    writeln!(
        to,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead><tr>",
        text(&kind.counted(posture.of_kind(kind).count()))
    )?;
    for head in cells::HEADS {
        let sorted = if head == "standing" {
            " aria-sort=\"ascending\""
        } else {
            ""
        };
        let (first, others) = head.split_at(1);
        write!(to, "<th scope=\"col\"{sorted}>{}{others}</th>", first.to_uppercase())?;
    }
    writeln!(to, "</tr></thead>\n<tbody>")?;
    for row in posture.of_kind(kind) {
        line(row, showing, to)?;
    }
    writeln!(to, "</tbody>\n</table>\n</div>")?;
    if is_folded {
        writeln!(to, "</details>")?;
    }
    Ok(())
}

fn line(row: &Row<'_>, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    write!(to, "<tr><th scope=\"row\">{}</th>", text(&cells::domain(row, showing)))?;
    let ranks = ranks(row);
    for (number, (cell, rank)) in cells::facts(row).iter().zip(ranks).enumerate() {
        let is_faint = cell == cells::NO || cell == cells::UNKNOWN;
        let faint = if is_faint { " class=\"faint\"" } else { "" };
        let rank = rank.map_or(String::new(), |rank| format!(" data-rank=\"{rank}\""));
        let cell = text(cell);
        match number {
            0 => {
                let class = row.standing.class().id();
                write!(to, "<td{rank}><span class=\"standing {class}\">{cell}</span></td>")?;
            }
            _ => write!(to, "<td{rank}{faint}>{cell}</td>")?,
        }
    }
    match row.worst {
        None => writeln!(to, "<td data-rank=\"9\"></td></tr>"),
        Some(worst) => writeln!(
            to,
            "<td data-rank=\"{}\"><span class=\"{1}\">{1}</span> {2} <small>{3} <code>{4}</code></small></td></tr>",
            worst.severity as usize,
            worst.severity.name(),
            link(worst.rule),
            prose(&worst.message),
            text(&showing.place(worst.primary.span))
        ),
    }
}

/// What the script sorts by, the worst first, where it is not the text of the cell.
fn ranks(row: &Row<'_>) -> [Option<usize>; 8] {
    let position = Standing::ALL.iter().position(|one| *one == row.standing);
    let levels = [row.facts.dmarc.by_walk, row.facts.dmarc.by_list];
    let level = levels.iter().flatten().fold(0, |rank, level| {
        let worth = match cells::word(*level) {
            "no DMARC" => 0,
            "none" => 1,
            "unknown" => 2,
            "quarantine" => 3,
            _ => 4,
        };
        rank * 5 + worth
    });
    let hosts = row.facts.mx.is().map(|mx| mx.hosts.len());
    [
        position,
        Some(hosts.unwrap_or(0)),
        None,
        None,
        Some(level),
        None,
        None,
        None,
    ]
}

/// A rule, with a link to its documentation.
fn link(id: &str) -> String {
    match rules::named(id) {
        Some(rule) => format!("<a href=\"{}\" rel=\"noreferrer\">{id}</a>", text(&rule.url())),
        None => text(id),
    }
}

/// What the standings mean, in their order.
fn standings(to: &mut dyn Write) -> io::Result<()> {
    for standing in Standing::ALL {
        writeln!(
            to,
            "<li><span class=\"standing {}\">{}</span> {}</li>",
            standing.class().id(),
            standing.words(),
            standing.meaning()
        )?;
    }
    Ok(())
}

fn notes(posture: &Posture<'_>, to: &mut dyn Write) -> io::Result<()> {
    match cells::elsewhere(posture) {
        Some(line) => writeln!(to, "<p>{}</p>", prose(&line)),
        None => Ok(()),
    }
}
