//! The posture for spreadsheets (RFC 4180): words that programs can rely on, a line for each domain.

use std::io::{self, Write};

use crate::{
    mail_domain::{Mx, Sender, Spf, Told},
    policy_view::{
        Showing,
        json::{all, known},
    },
    posture::{
        Posture, Row, cells,
        json::{broken, level},
    },
};

const HEADS: [&str; 22] = [
    "domain",
    "kind",
    "class",
    "standing",
    "mx",
    "spf",
    "spf_lookups",
    "dkim",
    "dmarc",
    "dmarc_subdomains",
    "dmarc_other_names",
    "dmarc_rfc7489",
    "dmarc_rfc7489_subdomains",
    "mta_sts",
    "mta_sts_hosts_not_listed",
    "tls_rpt",
    "bimi",
    "findings",
    "worst_severity",
    "worst_rule",
    "worst_message",
    "worst_place",
];

/// Writes a line for each domain, after one that names the columns.
pub fn csv(posture: &Posture<'_>, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    line(&HEADS.map(str::to_string), to)?;
    for row in &posture.rows {
        line(&cells(row, showing).map(|cell| showing.line(&cell)), to)?;
    }
    Ok(())
}

fn cells(row: &Row<'_>, showing: &Showing<'_>) -> [String; 22] {
    let facts = &row.facts;
    let word = |word: &str| word.to_string();
    let [dmarc, subdomains, others] = facts.dmarc.by_walk.map(|one| word(level(one)));
    let [old, old_subdomains, _] = facts.dmarc.by_list.map(|one| word(level(one)));
    let worst = row.worst;
    [
        cells::domain(row, showing),
        word(row.kind.id()),
        word(row.standing.class().id()),
        word(row.standing.id()),
        mx(&facts.mx),
        spf(&facts.spf),
        facts.spf.is().map_or(String::new(), lookups),
        cells::keys(row),
        dmarc,
        subdomains,
        others,
        old,
        old_subdomains,
        cells::sts(facts),
        facts.sts.uncovered.len().to_string(),
        word(known(&facts.tls_reports)),
        cells::bimi(row),
        row.findings.to_string(),
        worst.map_or(String::new(), |worst| word(worst.severity.name())),
        worst.map_or(String::new(), |worst| word(worst.rule)),
        worst.map_or(String::new(), |worst| worst.message.to_string()),
        worst.map_or(String::new(), |worst| showing.place(worst.primary.span)),
    ]
}

/// The hosts, with blanks between them.
fn mx(mx: &Told<Mx>) -> String {
    match mx {
        Told::Is(mx) if mx.is_null() => "null".to_string(),
        Told::Is(mx) => {
            let mut hosts: Vec<String> = mx
                .hosts
                .keys()
                .map(|host| host.to_string().to_ascii_lowercase())
                .collect();
            hosts.extend(mx.may_be_more.then(|| "unknown".to_string()));
            hosts.join(" ")
        }
        Told::Absent | Told::Unknown => known(mx).to_string(),
    }
}

/// What is said of those that nothing matches: the result of `all`.
fn spf(told: &Told<Spf>) -> String {
    let Told::Is(spf) = told else {
        return known(told).to_string();
    };
    match broken(spf) {
        Some(_) => "broken",
        None if spf.senders.contains(&Sender::Everybody) => "pass",
        None => all(&spf.ending).unwrap_or("unknown"),
    }
    .to_string()
}

fn lookups(spf: &Spf) -> String {
    match spf.is_exact {
        true => spf.lookups.to_string(),
        false => format!("{} or more", spf.lookups),
    }
}

fn line(cells: &[String], to: &mut dyn Write) -> io::Result<()> {
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            to.write_all(b",")?;
        }
        to.write_all(escaped(cell).as_bytes())?;
    }
    to.write_all(b"\r\n")
}

/// A cell as it is written. What a spreadsheet might take for a formula gets an apostrophe before it.
fn escaped(cell: &str) -> String {
    let starts_formula = cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let guard = if starts_formula { "'" } else { "" };
    match cell.contains(['"', ',', ';', '\'', '\n', '\r']) || starts_formula {
        true => format!("\"{guard}{}\"", cell.replace('"', "\"\"")),
        false => cell.to_string(),
    }
}
