//! All files together: rules that see more than one, and the final, ordered list of findings.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Label},
    inspect::Inspected,
    policy::{
        dmarc::{self, owner::Role},
        spf,
    },
    rule::{Check, Findings, Rule},
    rules::{self, dmarc::shared::is_shared},
    slip,
    source::Sources,
    spf_tree::Trees,
    zones::{Place, Zones},
};

/// Runs the rules that see more than one file, and gives all findings in order: by place, then rule.
///
/// Equal findings at one place are one: a file that several zones include is judged for each of them. Takes the findings
/// out of `inspected`.
pub fn check(sources: &Sources, inspected: &mut [Inspected], rules: &[&'static Rule]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    for one in inspected.iter_mut() {
        match all.is_empty() {
            true => all = std::mem::take(&mut one.diagnostics),
            false => all.append(&mut one.diagnostics),
        }
    }
    let zones = Zones::new(sources, inspected.iter().map(|one| &one.scan));
    judge_nodes(&zones, rules, sources, &mut all);
    let within = Within::new(rules);
    let mut trees = Trees::default();
    for (scan, one) in inspected.iter().enumerate().filter(|_| !within.is_empty()) {
        for place in one
            .policies
            .iter()
            .filter_map(|record| zones.place(scan, *record as usize))
        {
            judge_within(&place, &within, sources, &mut trees, &mut all);
        }
    }
    for rule in rules {
        if let Check::Across(check) = rule.check {
            check(&zones, &mut Findings::new(rule, sources, "", None, &mut all));
        }
    }
    all.sort_by(|a, b| {
        (a.primary.span, a.rule, a.severity, &a.message).cmp(&(b.primary.span, b.rule, b.severity, &b.message))
    });
    all.dedup_by(|later, first| later.primary.span == first.primary.span && later.rule == first.rule);
    let mut all = once_said(all);
    all.retain(|diagnostic| sources.get(diagnostic.primary.span.source).asked);
    fold(all)
}

/// Runs the rules that look at each name.
fn judge_nodes(zones: &Zones<'_>, rules: &[&'static Rule], sources: &Sources, into: &mut Vec<Diagnostic>) {
    let nodes = |rule: &&'static Rule| matches!(rule.check, Check::Node(_));
    let of_zone_files: Vec<&'static Rule> = rules.iter().copied().filter(nodes).collect();
    let of_others: Vec<&'static Rule> = of_zone_files
        .iter()
        .copied()
        .filter(|rule| !rule.is_about_zone_files)
        .collect();
    if of_zone_files.is_empty() {
        return;
    }
    for node in zones.nodes() {
        let rules = if node.scan.is_zone_file() {
            &of_zone_files
        } else {
            &of_others
        };
        for rule in rules {
            if let Check::Node(check) = rule.check {
                check(&node, &mut Findings::new(rule, sources, node.scan.format, None, into));
            }
        }
    }
}

/// The rules that look at one policy among all records.
#[derive(Default)]
struct Within {
    /// Those that look at DMARC by itself, which is known of some records only here.
    dmarc: Vec<&'static Rule>,
    dmarc_within: Vec<&'static Rule>,
    spf_within: Vec<&'static Rule>,
    spf_tree: Vec<&'static Rule>,
}

impl Within {
    fn new(rules: &[&'static Rule]) -> Within {
        let mut within = Within::default();
        for rule in rules {
            match rule.check {
                Check::Dmarc(_) => within.dmarc.push(rule),
                Check::DmarcWithin(_) => within.dmarc_within.push(rule),
                Check::SpfWithin(_) => within.spf_within.push(rule),
                Check::SpfTree(_) => within.spf_tree.push(rule),
                _ => {}
            }
        }
        within
    }

    fn is_empty(&self) -> bool {
        self.dmarc.is_empty() && self.dmarc_within.is_empty() && self.spf_within.is_empty() && self.spf_tree.is_empty()
    }
}

/// Runs the rules that look at one policy among all records.
fn judge_within<'a>(
    place: &Place<'a>,
    rules: &Within,
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
    if let Some(dmarc) = &dmarc {
        for rule in rules.dmarc.iter().filter(|_| is_shared) {
            if let Check::Dmarc(check) = rule.check {
                check(
                    dmarc,
                    &mut Findings::new(rule, sources, scan.format, Some(record), into),
                );
            }
        }
        for rule in &rules.dmarc_within {
            if let Check::DmarcWithin(check) = rule.check {
                check(
                    dmarc,
                    place,
                    &mut Findings::new(rule, sources, scan.format, Some(record), into),
                );
            }
        }
    }
    let Some(spf) = &spf else { return };
    for rule in &rules.spf_within {
        if let Check::SpfWithin(check) = rule.check {
            check(
                spf,
                place,
                &mut Findings::new(rule, sources, scan.format, Some(record), into),
            );
        }
    }
    if rules.spf_tree.is_empty() || spf.type99 {
        return;
    }
    let tree = trees.of(place, spf);
    for rule in &rules.spf_tree {
        if let Check::SpfTree(check) = rule.check {
            check(
                spf,
                &tree,
                &mut Findings::new(rule, sources, scan.format, Some(record), into),
            );
        }
    }
}

/// Leaves out what a rule about any text says of a place of which one about a policy says the same.
fn once_said(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_said =
        |general: &Diagnostic, at: &[Diagnostic]| at.iter().any(|other| rules::is_said_by(general.rule, other.rule));
    let mut keep = Vec::with_capacity(all.len());
    for at in all.chunk_by(|a, b| a.primary.span == b.primary.span) {
        keep.extend(at.iter().map(|one| at.len() == 1 || !is_said(one, at)));
    }
    retain(&mut all, &keep);
    all
}

/// Keeps those findings of which `keep` says so.
fn retain(all: &mut Vec<Diagnostic>, keep: &[bool]) {
    let mut keep = keep.iter();
    all.retain(|_| keep.next().copied().unwrap_or(true));
}

/// Makes one finding of all that a rule has in a file, or of the same in the whole run, where the rule says so: the first of
/// its severity, with the others' places beside it.
fn fold(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    /// How many other places are named.
    const PLACES: usize = 20;
    let once = |id: &str| rules::named(id).filter(|rule| rule.once_a_file || rule.once_a_run);
    let mut keep = Vec::with_capacity(all.len());
    let mut seen = BTreeMap::new();
    let mut last = ("", None);
    for at in 0..all.len() {
        let (before, rest) = all.split_at_mut(at);
        let diagnostic = &rest[0];
        if last.0 != diagnostic.rule {
            last = (diagnostic.rule, once(diagnostic.rule));
        }
        let Some(rule) = last.1 else {
            keep.push(true);
            continue;
        };
        let (file, label) = match rule.once_a_run {
            true => (None, Some(diagnostic.primary.message.clone())),
            false => (Some(diagnostic.primary.span.source), None),
        };
        let (index, count): &mut (usize, usize) = seen
            .entry((rule.id, diagnostic.severity, file, label))
            .or_insert((at, 0));
        keep.push(*index == at);
        if *index == at {
            continue;
        }
        *count += 1;
        if *count <= PLACES {
            before[*index].related.push(Label {
                span: diagnostic.primary.span,
                message: "here too".to_string(),
            });
        }
    }
    for ((_, _, file, _), (index, count)) in seen.into_iter().filter(|(_, (_, count))| *count > 0) {
        let places = if count == 1 {
            "1 more place".to_string()
        } else {
            format!("{count} more places")
        };
        let of = if file.is_some() { " of this file" } else { "" };
        all[index].message.push_str(&format!(" (and in {places}{of})"));
    }
    retain(&mut all, &keep);
    all
}
