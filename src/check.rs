//! All files together: rules that see more than one, and the final, ordered list of findings.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Label},
    inspect::Inspected,
    policy::{dmarc, spf},
    rule::{Check, Findings, Rule},
    rules, slip,
    source::Sources,
    zones::{Place, Zones},
};

/// The rules that see more than one record, by what they are handed.
#[derive(Default, Debug)]
pub struct Relations {
    nodes: Vec<&'static Rule>,
    within: Vec<&'static Rule>,
    across: Vec<&'static Rule>,
}

impl Relations {
    /// Sorts rules by what they are handed. Those that look at one record or file are left to
    /// [`inspect`](crate::inspect::inspect).
    pub fn new(rules: &[&'static Rule]) -> Relations {
        let of = |wanted: fn(&Check) -> bool| -> Vec<&'static Rule> {
            rules.iter().copied().filter(|rule| wanted(&rule.check)).collect()
        };
        Relations {
            nodes: of(|check| matches!(check, Check::Node(_))),
            within: of(|check| matches!(check, Check::DmarcWithin(_) | Check::SpfWithin(_))),
            across: of(|check| matches!(check, Check::Across(_))),
        }
    }
}

/// Runs the rules that see more than one file, and gives all findings in order: by place, then rule.
///
/// Equal findings at one place are one: a file that several zones include is judged for each of them. Takes the findings
/// out of `inspected`.
pub fn check(sources: &Sources, inspected: &mut [Inspected], rules: &[&'static Rule]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = inspected
        .iter_mut()
        .flat_map(|one| std::mem::take(&mut one.diagnostics))
        .collect();
    relate(sources, inspected, &Relations::new(rules), &mut all);
    order(&mut all);
    let mut all = fold(all);
    all.retain(|diagnostic| sources.get(diagnostic.primary.span.source).asked);
    all
}

/// Runs the rules that see more than one record on all that may know of one another.
pub fn relate(sources: &Sources, inspected: &[Inspected], rules: &Relations, into: &mut Vec<Diagnostic>) {
    let zones = Zones::new(inspected.iter().map(|one| &one.scan));
    if !rules.nodes.is_empty() {
        for node in zones.nodes() {
            for rule in &rules.nodes {
                if let Check::Node(check) = rule.check {
                    check(&node, &mut Findings::new(rule, sources, node.scan.format, None, into));
                }
            }
        }
    }
    if !rules.within.is_empty() {
        for (scan, one) in inspected.iter().enumerate() {
            for place in one
                .policies
                .iter()
                .filter_map(|record| zones.place(scan, *record as usize))
            {
                judge_within(&place, &rules.within, sources, into);
            }
        }
    }
    for rule in &rules.across {
        if let Check::Across(check) = rule.check {
            check(&zones, &mut Findings::new(rule, sources, "", None, into));
        }
    }
}

/// Puts findings in order: by place, then rule. Of a rule, one is left at each place.
pub fn order(all: &mut Vec<Diagnostic>) {
    all.sort_by(|a, b| {
        (a.primary.span, a.rule, a.severity, &a.message).cmp(&(b.primary.span, b.rule, b.severity, &b.message))
    });
    all.dedup_by(|later, first| later.primary.span == first.primary.span && later.rule == first.rule);
}

/// Runs the rules that look at one policy among all records.
fn judge_within(place: &Place<'_>, rules: &[&'static Rule], sources: &Sources, into: &mut Vec<Diagnostic>) {
    let (record, scan) = (place.record, place.node.scan);
    let Some(txt) = record.txt() else { return };
    let owner = slip::meant_owner(record, scan);
    let text = slip::meant_text(record, txt);
    let (dmarc, spf) = (dmarc::parse(&text, &owner), spf::parse(&text, &owner));
    for rule in rules {
        let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
        match (rule.check, &dmarc, &spf) {
            (Check::DmarcWithin(check), Some(dmarc), _) => check(dmarc, place, findings),
            (Check::SpfWithin(check), _, Some(spf)) => check(spf, place, findings),
            _ => {}
        }
    }
}

/// Makes one finding of all that a rule has in a file, where the rule says so: the first of the worst severity, with the
/// others' places beside it.
fn fold(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    /// How many other places are named.
    const PLACES: usize = 20;
    let once = |id: &str| rules::named(id).is_some_and(|rule| rule.once_a_file);
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(all.len());
    let mut seen: BTreeMap<(u32, &'static str, crate::diagnostic::Severity), (usize, usize)> = BTreeMap::new();
    let mut last = ("", false);
    for diagnostic in all {
        if last.0 != diagnostic.rule {
            last = (diagnostic.rule, once(diagnostic.rule));
        }
        if !last.1 {
            kept.push(diagnostic);
            continue;
        }
        let key = (diagnostic.primary.span.source.0, diagnostic.rule, diagnostic.severity);
        match seen.get_mut(&key) {
            Some((index, count)) => {
                *count += 1;
                if *count <= PLACES {
                    kept[*index].related.push(Label {
                        span: diagnostic.primary.span,
                        message: "here too".to_string(),
                    });
                }
            }
            None => {
                seen.insert(key, (kept.len(), 0));
                kept.push(diagnostic);
            }
        }
    }
    for (index, count) in seen.into_values().filter(|(_, count)| *count > 0) {
        let places = if count == 1 {
            "1 more place".to_string()
        } else {
            format!("{count} more places")
        };
        kept[index]
            .message
            .push_str(&format!(" (and in {places} of this file)"));
    }
    kept
}
