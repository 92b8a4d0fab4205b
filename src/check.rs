//! All files together: rules that see more than one, and the final, ordered list of findings.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::{
    diagnostic::{Diagnostic, Label},
    ignore::Ignore,
    ignored::{self, Sorted},
    inspect::{Inspected, Meant},
    policy::dmarc::{self, owner::Role},
    presets::Level,
    rule::{Check, Findings, Rule},
    rules::{self, dmarc::shared::is_shared},
    settings::Settings,
    slip,
    source::Sources,
    spf_tree::Trees,
    zones::{Place, Zones},
};

/// The rules that see more than one record, by what they are handed.
#[derive(Default, Debug)]
pub struct Relations {
    /// About the policies that several domains share: which those are is known when all are read.
    shared: Vec<&'static Rule>,
    dmarc: Vec<&'static Rule>,
    spf: Vec<&'static Rule>,
    trees: Vec<&'static Rule>,
    nodes: Vec<&'static Rule>,
    across: Vec<&'static Rule>,
}

impl Relations {
    /// Sorts rules by what they are handed. Those that look at one record or file are left to
    /// [`inspect`](crate::inspect::inspect).
    pub fn new(rules: &[&'static Rule]) -> Relations {
        let mut relations = Relations::default();
        for rule in rules {
            match rule.check {
                Check::Dmarc(_) => relations.shared.push(rule),
                Check::DmarcWithin(_) => relations.dmarc.push(rule),
                Check::SpfWithin(_) => relations.spf.push(rule),
                Check::SpfTree(_) => relations.trees.push(rule),
                Check::Node(_) => relations.nodes.push(rule),
                Check::Across(_) => relations.across.push(rule),
                Check::Spf(_)
                | Check::MtaSts(_)
                | Check::StsFile(_)
                | Check::TlsRpt(_)
                | Check::Record(_)
                | Check::Txt(_)
                | Check::File(_)
                | Check::Ignore(_) => {}
            }
        }
        relations
    }

    /// Whether there are rules that look at one policy among all records.
    fn see_policies(&self) -> bool {
        let lists = [&self.shared, &self.dmarc, &self.spf, &self.trees];
        lists.iter().any(|list| !list.is_empty())
    }
}

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
    let relations = Relations::new(rules);
    if relations.see_policies() {
        let mut trees = Trees::default();
        for (number, one) in inspected.iter().enumerate() {
            let places = one
                .policies
                .iter()
                .filter_map(|record| zones.place(number, *record as usize));
            for place in places {
                let (record, scan) = (place.record, place.node.scan);
                let Some(txt) = record.txt() else { continue };
                let owner = slip::meant_owner(record, scan);
                let text = slip::meant_text(record, txt);
                let meant = Meant::read(&text, &owner, txt.type99);
                judge_policy(&place, meant, &relations, sources, &mut trees, &mut all);
            }
        }
    }
    judge_names(&zones, &relations, sources, &mut all);
    order(&mut all);
    all.retain(|diagnostic| sources.get(diagnostic.primary.span.source).asked);
    let mut sorted = ignored::leave_out(sources, all, ignores, rules);
    let stays = |found: &mut Diagnostic| settle(found, &sources.get(found.primary.span.source).path, settings);
    sorted.kept.retain_mut(stays);
    sorted.left_out.retain_mut(stays);
    sorted.kept.sort_by(in_order);
    sorted
}

/// Gives a finding the severity that the settings say for its path. Whether it stays.
pub fn settle(diagnostic: &mut Diagnostic, path: &str, settings: &Settings) -> bool {
    if settings.levels.0.is_empty() && settings.overrides.is_empty() && settings.presets.is_empty() {
        return true;
    }
    let Some(rule) = rules::named(diagnostic.rule) else {
        return true;
    };
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

/// Runs the rules that look at all records of a name, and at all names.
pub fn judge_names<'a>(zones: &'a Zones<'a>, rules: &Relations, sources: &'a Sources, into: &mut Vec<Diagnostic>) {
    if !rules.nodes.is_empty() {
        for node in zones.nodes() {
            for rule in rules.nodes.iter().filter(|rule| rule.is_for(node.scan)) {
                if let Check::Node(check) = rule.check {
                    check(&node, &mut Findings::new(rule, sources, node.scan.format, None, into));
                }
            }
        }
    }
    for rule in &rules.across {
        if let Check::Across(check) = rule.check {
            check(zones, &mut Findings::new(rule, sources, "", None, into));
        }
    }
}

/// Runs the rules that look at one policy among all records.
pub fn judge_policy<'a>(
    place: &Place<'a>,
    meant: Meant<'_>,
    rules: &Relations,
    sources: &'a Sources,
    trees: &mut Trees<'a>,
    into: &mut Vec<Diagnostic>,
) {
    let (record, scan) = (place.record, place.node.scan);
    if let Some(dmarc) = meant.dmarc {
        // A policy at a name of its own is judged where it is known that a `_dmarc` name leads there.
        let is_shared = dmarc.role == Role::Elsewhere && is_shared(&place.node, meant.owner);
        let shared = is_shared
            .then(|| dmarc::parse_shared(meant.text, meant.owner))
            .flatten();
        for rule in rules.shared.iter().filter(|_| shared.is_some()) {
            let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
            if let (Check::Dmarc(check), Some(shared)) = (rule.check, &shared) {
                check(shared, findings);
            }
        }
        let dmarc = shared.unwrap_or(dmarc);
        for rule in &rules.dmarc {
            let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
            if let Check::DmarcWithin(check) = rule.check {
                check(&dmarc, place, findings);
            }
        }
    }
    let Some(spf) = meant.spf else { return };
    for rule in &rules.spf {
        let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
        if let Check::SpfWithin(check) = rule.check {
            check(&spf, place, findings);
        }
    }
    if rules.trees.is_empty() || spf.type99 {
        return;
    }
    let tree = trees.of(place, &spf);
    for rule in &rules.trees {
        let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
        if let Check::SpfTree(check) = rule.check {
            check(&spf, &tree, findings);
        }
    }
}

/// Puts findings in order: by place, then rule; at each place, one of a rule, and what is said there once.
pub fn order(all: &mut Vec<Diagnostic>) {
    all.sort_by(in_order);
    all.dedup_by(|later, first| later.primary.span == first.primary.span && later.rule == first.rule);
    say_once(all);
}

/// Leaves out what a rule about any text says of a place of which one about a policy says the same.
fn say_once(all: &mut Vec<Diagnostic>) {
    let is_said =
        |general: &Diagnostic, at: &[Diagnostic]| at.iter().any(|other| rules::is_said_by(general.rule, other.rule));
    let mut keep = Vec::with_capacity(all.len());
    for at in all.chunk_by(|a, b| a.primary.span == b.primary.span) {
        keep.extend(at.iter().map(|one| at.len() == 1 || !is_said(one, at)));
    }
    let mut keep = keep.into_iter();
    all.retain(|_| keep.next().unwrap_or(true));
}

/// Makes one finding of all that a rule has in a file, or of the same in the whole run, where the rule says so: the first of
/// its severity, with the others' places beside it. `all` is in order.
pub fn fold(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
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
