//! All files together: rules that see more than one, and the final, ordered list of findings.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::{
    diagnostic::{Diagnostic, Label},
    ignore::Ignore,
    ignored::{self, Sorted},
    inspect::Inspected,
    policy::{
        dmarc::{self, owner::Role},
        spf,
    },
    rule::{Check, Findings, Rule},
    rules::{self, dmarc::shared::is_shared},
    settings::{Level, Settings},
    slip,
    source::Sources,
    spf_tree::Trees,
    zones::{Place, Zones},
};

/// Runs the rules that see more than one file, and gives all findings in order: by place, then rule.
///
/// Equal findings at one place are one: a file that several zones include is judged for each of them. `ignores` are the
/// orders in the comments of all files. Takes the findings out of `inspected`.
pub fn check(
    sources: &Sources,
    inspected: &mut [Inspected],
    rules: &[&'static Rule],
    settings: &Settings,
    ignores: &[Ignore],
) -> Sorted {
    let mut all: Vec<Diagnostic> = inspected
        .iter_mut()
        .flat_map(|one| std::mem::take(&mut one.diagnostics))
        .collect();
    let zones = Zones::new(sources, inspected.iter().map(|one| &one.scan));
    let of = |wanted: fn(&Check) -> bool| -> Vec<&'static Rule> {
        rules.iter().copied().filter(|rule| wanted(&rule.check)).collect()
    };
    let nodes = of(|check| matches!(check, Check::Node(_)));
    if !nodes.is_empty() {
        for node in zones.nodes() {
            for rule in nodes.iter().filter(|rule| rule.is_for(node.scan)) {
                if let Check::Node(check) = rule.check {
                    check(
                        &node,
                        &mut Findings::new(rule, sources, node.scan.format, None, &mut all),
                    );
                }
            }
        }
    }
    let within = of(|check| {
        matches!(
            check,
            Check::Dmarc(_) | Check::DmarcWithin(_) | Check::SpfWithin(_) | Check::SpfTree(_)
        )
    });
    if !within.is_empty() {
        let mut trees = Trees::default();
        for (scan, one) in inspected.iter().enumerate() {
            for place in one
                .policies
                .iter()
                .filter_map(|record| zones.place(scan, *record as usize))
            {
                judge_within(&place, &within, sources, &mut trees, &mut all);
            }
        }
    }
    for rule in rules {
        if let Check::Across(check) = rule.check {
            check(&zones, &mut Findings::new(rule, sources, "", None, &mut all));
        }
    }
    all.sort_by(in_order);
    all.dedup_by(|later, first| later.primary.span == first.primary.span && later.rule == first.rule);
    let mut all = once_said(all);
    all.retain(|diagnostic| sources.get(diagnostic.primary.span.source).asked);
    let mut sorted = ignored::leave_out(sources, all, ignores, rules);
    sorted
        .kept
        .retain_mut(|diagnostic| settle(diagnostic, sources, settings));
    sorted
        .left_out
        .retain_mut(|diagnostic| settle(diagnostic, sources, settings));
    sorted.kept.sort_by(in_order);
    sorted.kept = fold(sorted.kept);
    sorted
}

/// Gives a finding the severity that the settings say for its path. Whether it stays.
fn settle(diagnostic: &mut Diagnostic, sources: &Sources, settings: &Settings) -> bool {
    if settings.levels.0.is_empty() && settings.overrides.is_empty() {
        return true;
    }
    let Some(rule) = rules::named(diagnostic.rule) else {
        return true;
    };
    let path = &sources.get(diagnostic.primary.span.source).path;
    match settings.level(path, rule.id, rule.family()) {
        // The command line has the last word on which rules run.
        Some(Level::Off) => settings.select.iter().any(|name| rule.is_named(name)),
        Some(Level::On) => true,
        Some(Level::At(severity)) => {
            diagnostic.severity = severity;
            true
        }
        None => rule.on_by_default || settings.select.iter().any(|name| rule.is_named(name)),
    }
}

/// The order of findings: by place, rule, and what is said.
fn in_order(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    (a.primary.span, a.rule, a.severity, &a.message).cmp(&(b.primary.span, b.rule, b.severity, &b.message))
}

/// Runs the rules that look at one policy among all records.
fn judge_within<'a>(
    place: &Place<'a>,
    rules: &[&'static Rule],
    sources: &Sources,
    trees: &mut Trees<'a>,
    into: &mut Vec<Diagnostic>,
) {
    let (record, scan) = (place.record, place.node.scan);
    let Some(txt) = record.txt() else { return };
    let owner = slip::meant_owner(record, scan);
    let text = slip::meant_text(record, txt);
    let dmarc = (!txt.type99).then(|| dmarc::parse(&text, &owner)).flatten();
    let spf = spf::parse(&text, &owner, txt.type99);
    // A policy at a name of its own is judged where it is known that a `_dmarc` name leads there.
    let is_shared = dmarc.as_ref().is_some_and(|dmarc| dmarc.role == Role::Elsewhere) && is_shared(&place.node, &owner);
    let dmarc = if is_shared {
        dmarc::parse_shared(&text, &owner)
    } else {
        dmarc
    };
    let has_tree = rules.iter().any(|rule| matches!(rule.check, Check::SpfTree(_)));
    let tree = spf
        .as_ref()
        .filter(|spf| has_tree && !spf.type99)
        .map(|spf| trees.of(place, spf));
    for rule in rules {
        let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
        match (rule.check, &dmarc, &spf) {
            (Check::Dmarc(check), Some(dmarc), _) if is_shared => check(dmarc, findings),
            (Check::DmarcWithin(check), Some(dmarc), _) => check(dmarc, place, findings),
            (Check::SpfWithin(check), _, Some(spf)) => check(spf, place, findings),
            (Check::SpfTree(check), _, Some(spf)) => {
                if let Some(tree) = &tree {
                    check(spf, tree, findings);
                }
            }
            _ => {}
        }
    }
}

/// Leaves out what a rule about any text says of a place of which one about a policy says the same.
fn once_said(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_said =
        |general: &Diagnostic, at: &[Diagnostic]| at.iter().any(|other| rules::is_said_by(general.rule, other.rule));
    let mut keep = Vec::with_capacity(all.len());
    for at in all.chunk_by(|a, b| a.primary.span == b.primary.span) {
        keep.extend(at.iter().map(|one| at.len() == 1 || !is_said(one, at)));
    }
    let mut keep = keep.into_iter();
    let mut all = all;
    all.retain(|_| keep.next().unwrap_or(true));
    all
}

/// Makes one finding of all that a rule has in a file, or of the same in the whole run, where the rule says so: the first of
/// its severity, with the others' places beside it.
fn fold(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    /// How many other places are named.
    const PLACES: usize = 20;
    let once = |id: &str| rules::named(id).filter(|rule| rule.once_a_file || rule.once_a_run);
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(all.len());
    let mut seen = BTreeMap::new();
    let mut last = ("", None);
    for diagnostic in all {
        if last.0 != diagnostic.rule {
            last = (diagnostic.rule, once(diagnostic.rule));
        }
        let Some(rule) = last.1 else {
            kept.push(diagnostic);
            continue;
        };
        let (file, label) = match rule.once_a_run {
            true => (None, Some(diagnostic.primary.message.clone())),
            false => (Some(diagnostic.primary.span.source), None),
        };
        match seen.get_mut(&(rule.id, diagnostic.severity, file, label.clone())) {
            Some((index, count)) => {
                *count += 1;
                if *count <= PLACES {
                    let first: &mut Diagnostic = &mut kept[*index];
                    first.related.push(Label {
                        span: diagnostic.primary.span,
                        message: "here too".to_string(),
                    });
                }
            }
            None => {
                seen.insert((rule.id, diagnostic.severity, file, label), (kept.len(), 0));
                kept.push(diagnostic);
            }
        }
    }
    for ((_, _, file, _), (index, count)) in seen.into_iter().filter(|(_, (_, count))| *count > 0) {
        let places = if count == 1 {
            "1 more place".to_string()
        } else {
            format!("{count} more places")
        };
        let of = if file.is_some() { " of this file" } else { "" };
        kept[index].message.push_str(&format!(" (and in {places}{of})"));
    }
    kept
}
