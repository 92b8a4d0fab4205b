//! All mail domains of a repository side by side, the worst first: how well each is protected, and what was found about it.

mod attribution;
mod cells;
mod csv;
mod groups;
mod html;
mod json;
mod markdown;
mod standing;
mod table;

use std::collections::HashMap;

use crate::{
    diagnostic::{Diagnostic, Severity},
    mail_domain::{self, MailDomain, Mx},
    name::Name,
    record::Scan,
    source::Sources,
    zones::{Wanted, Zones},
};

pub use csv::csv;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use standing::{Class, Kind, Standing};
pub use table::table;

/// All mail domains, in order.
#[derive(Debug)]
pub struct Posture<'a> {
    /// Those with mail, those that are parked, those without any record for mail; the worst of each first.
    pub rows: Vec<Row<'a>>,
    /// How many findings are about none of them.
    pub elsewhere: usize,
}

/// A mail domain.
#[derive(Debug)]
pub struct Row<'a> {
    /// What the repository says about its mail.
    pub facts: MailDomain<'a>,
    /// What the domain is for.
    pub kind: Kind,
    /// How well it is protected.
    pub standing: Standing,
    /// How many findings are about it.
    pub findings: usize,
    /// The worst of them, the first where several are as bad.
    pub worst: Option<&'a Diagnostic>,
    /// Whether it has no DKIM key for sure.
    pub has_no_keys: bool,
    /// Whether it has no BIMI record at the default selector for sure, and none is found at any other.
    pub has_no_bimi: bool,
    /// Whether another source tells of the same domain for itself.
    pub is_one_of_several: bool,
}

/// The mail domains of all files, and what is worst among these findings about each. Domains that are alike are in the order of
/// their names.
pub fn of<'a>(
    zones: &'a Zones<'a>,
    scans: impl Iterator<Item = &'a Scan>,
    sources: &Sources,
    findings: impl Iterator<Item = &'a Diagnostic>,
) -> Posture<'a> {
    let all = mail_domain::all(zones, sources).into_iter().map(row);
    // Nobody has a mail address below the names that addresses are looked up by.
    let arpa = Name::root().below("arpa");
    let is_reverse = |row: &Row<'_>| row.kind == Kind::Bare && row.facts.name.is_within(&arpa);
    let mut rows: Vec<Row<'a>> = all.filter(|row| !is_reverse(row)).collect();
    let mut by_name: HashMap<Name, Vec<usize>> = HashMap::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        by_name.entry(row.facts.name.clone()).or_default().push(number);
    }
    for numbers in by_name.values().filter(|numbers| numbers.len() > 1) {
        for number in numbers {
            rows[*number].is_one_of_several = true;
        }
    }
    let owners = attribution::Owners::new(scans, sources);
    let mut elsewhere = 0;
    for finding in findings {
        let mut told = owners.of(finding, &by_name);
        // Where several sources tell of a domain, a finding is about what its own file says.
        let is_here = |number: &usize| rows[*number].facts.from.scan.source == finding.primary.span.source;
        if told.iter().any(is_here) {
            told.retain(is_here);
        }
        elsewhere += usize::from(told.is_empty());
        for number in told {
            let row = &mut rows[number];
            row.findings += 1;
            if row.worst.is_none_or(|worst| finding.severity < worst.severity) {
                row.worst = Some(finding);
            }
        }
    }
    rows.sort_by_key(|row| {
        let severity = row.worst.map_or(Severity::ALL.len(), |worst| worst.severity as usize);
        let takes_none = row.facts.mx.is().is_none_or(Mx::is_null);
        (row.kind, row.standing, severity, takes_none)
    });
    Posture { rows, elsewhere }
}

fn row(facts: MailDomain<'_>) -> Row<'_> {
    /// A selector that no domain has.
    const NOBODY: &str = "no-such-selector";
    let kind = Kind::of(&facts);
    let has_none_at = |name: Name| facts.from.ask(&name, Wanted::Txt).is_absent();
    Row {
        has_no_keys: facts.keys.is_empty() && has_none_at(facts.name.below("_domainkey").below(NOBODY)),
        has_no_bimi: facts.bimi.is_empty() && has_none_at(facts.name.below("_bimi").below("default")),
        standing: Standing::of(&facts, kind),
        kind,
        findings: 0,
        worst: None,
        is_one_of_several: false,
        facts,
    }
}

impl<'a> Posture<'a> {
    /// The domains of a kind, in order.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.kind == kind)
    }

    /// How many domains of a kind are in each class, in the order of the classes.
    pub fn counts(&self, kind: Kind) -> [(Class, usize); 4] {
        Class::ALL.map(|class| {
            let rows = self.of_kind(kind).filter(|row| row.standing.class() == class);
            (class, rows.count())
        })
    }
}
