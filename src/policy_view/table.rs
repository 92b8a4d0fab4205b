//! The answers side by side, and the walk that leads to them.

use crate::{
    effective::{Effective, Existence, Look, Verdict},
    policy_view::{Showing, words},
    presentation,
    span::Span,
};

/// What receivers do, by both RFCs, with numbered reasons below.
pub(super) fn policies(effective: &Effective<'_>, showing: &Showing<'_>) -> String {
    let mut reasons: Vec<(String, Option<Span>)> = Vec::new();
    let (walk, list) = (&effective.by_walk, &effective.by_list);
    let below = match &effective.wildcard {
        Some(_) => "a name without records",
        None => "a name that does not exist",
    };
    let rows = [
        ("the domain itself", &walk.itself, &list.itself),
        ("a subdomain that exists", &walk.subdomain, &list.subdomain),
        (below, &walk.nonexistent, &list.nonexistent),
    ];
    let mut cells = vec![[String::new(), "RFC 9989".to_string(), "RFC 7489".to_string()]];
    for (whose, walk, list) in rows {
        let mut numbered = [walk, list].map(|verdict| {
            let why = words::why(verdict, showing);
            let known = reasons.iter().position(|other| *other == why);
            let number = known.unwrap_or(reasons.len());
            if known.is_none() {
                reasons.push(why);
            }
            format!("{} [{}]", words::cell(verdict), number + 1)
        });
        let [walk, list] = &mut numbered;
        cells.push([whose.to_string(), std::mem::take(walk), std::mem::take(list)]);
    }
    let mut table = aligned(&cells);
    table.push('\n');
    for (number, (why, place)) in (1..).zip(&reasons) {
        let place = place.map(|place| format!("  ({})", showing.place(place)));
        table.push_str(&format!("  [{number}] {why}{}\n", place.unwrap_or_default()));
    }
    let is_inherited = |verdict: &Verdict<'_>| verdict.found().is_some_and(|found| found.domain != effective.name);
    if effective.existence == Existence::Absent && is_inherited(&walk.itself) {
        table.push_str("  the zone does not have the domain itself: `np` is for it, where there is one\n");
    }
    if let Some(wildcard) = &effective.wildcard {
        let name = showing.line(&wildcard.name().to_string());
        table.push_str(&format!(
            "  `{name}` answers for every name below: none fails to exist, and `np` is for nobody\n"
        ));
    }
    table
}

/// What is asked, and what is found.
pub(super) fn walk(effective: &Effective<'_>, showing: &Showing<'_>) -> String {
    let mut rows = Vec::new();
    for step in &effective.walk {
        let owner = showing.line(&step.domain.below("_dmarc").to_string().to_ascii_lowercase());
        let (found, place) = match &step.look {
            Look::None => ("no record".to_string(), None),
            Look::One(found) => {
                let value = presentation::text(found.published.text()).value;
                (showing.line(&value), Some(found.record.span))
            }
            Look::Several(_) => ("more than one record: all are passed over".to_string(), None),
            Look::Unknown if step.is_assumed => (
                "a public suffix that is not here: taken to have no record".to_string(),
                None,
            ),
            Look::Unknown => ("not told here".to_string(), None),
        };
        let place = place.map(|place| format!("({})", showing.place(place)));
        rows.push([owner, found, place.unwrap_or_default()]);
    }
    let mut table = aligned(&rows);
    let organization = match &effective.organization {
        Some(name) => format!("`{}`", showing.line(&name.to_string().to_ascii_lowercase())),
        None => "not told here".to_string(),
    };
    let listed = showing.line(&effective.listed_organization.to_string().to_ascii_lowercase());
    table.push_str(&format!(
        "  organizational domain: {organization} by this walk, `{listed}` by the public suffix list (RFC 7489)\n"
    ));
    table
}

/// Rows with columns below each other, two blanks between them.
fn aligned(rows: &[[String; 3]]) -> String {
    /// How wide a column gets at most.
    const WIDEST: usize = 60;
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.filter(|width| *width <= WIDEST).max().unwrap_or_default()
    };
    let (first, second) = (width(0), width(1));
    let mut table = String::new();
    for [a, b, c] in rows {
        let line = format!("  {a:first$}  {b:second$}  {c}");
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}
