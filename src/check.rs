//! All files together: rules that see more than one, and the final, ordered list of findings.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    diagnostic::{Diagnostic, Label},
    ignore::Ignore,
    ignored::{self, Sorted},
    inspect::{Inspected, Policies},
    name::Name,
    parallel::map,
    policy::spf,
    presets::Level,
    rule::{Check, Findings, Rule},
    rules,
    settings::Settings,
    slip,
    sound::Sound,
    source::Sources,
    spf_tree::Trees,
    sts::{Before, Sts},
    zones::{Holds, Place, Zones},
};

mod relations;

pub use relations::Relations;

/// Runs the rules that see more than one file, and gives all findings in order: by place, then rule.
///
/// Equal findings at one place are one: a file that several zones include is judged for each of them, and a text that a loop
/// publishes at each of its names. `ignores` are the orders in the comments of all files, `before` is another revision to compare
/// with. Takes the findings out of
/// `inspected`.
pub fn check(
    sources: &Sources,
    inspected: &mut [Inspected],
    rules: &[&'static Rule],
    settings: &Settings,
    ignores: &[Ignore],
    before: Option<&Before<'_>>,
) -> Sorted {
    let alone = inspected.iter_mut().map(|one| std::mem::take(&mut one.diagnostics));
    let alone: Vec<(usize, Vec<Diagnostic>)> = alone.enumerate().collect();
    let inspected = &*inspected;
    let zones = Zones::new(sources, inspected.iter().map(|one| &one.scan));
    let relations = Relations::new(rules);
    let judged = map(alone, |(number, mut found)| {
        relations.judge(&zones, number, &inspected[number].policies, sources, &mut found);
        found
    });
    // There is mostly one file, or none has much.
    let mut all: Vec<Diagnostic> = Vec::new();
    for mut found in judged {
        match all.is_empty() {
            true => all = found,
            false => all.append(&mut found),
        }
    }
    let policies = inspected.iter().map(|one| &one.policies);
    judge_all(&zones, policies, &relations, sources, &mut all);
    if let Some(before) = before.filter(|_| !relations.sts_changes.is_empty()) {
        judge_changes(before, &zones, &relations, sources, &mut all);
    }
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

/// Runs the rules that look at one policy with what it leads to, or at all zones: in order, since each record is looked at once
/// in a run. `policies` are those of each scan.
pub fn judge_all<'a>(
    zones: &'a Zones<'a>,
    policies: impl Iterator<Item = &'a Policies>,
    rules: &Relations,
    sources: &'a Sources,
    into: &mut Vec<Diagnostic>,
) {
    let mut trees = Trees::default();
    let has_spf = |(_, policies): &(usize, &Policies)| !rules.spf.is_empty() && !policies.spf.is_empty();
    for (number, policies) in policies.enumerate().filter(has_spf) {
        // What is answered for a name depends on where it is asked from.
        let mut sound = Sound::default();
        let nodes = zones.nodes_of(number).filter(|node| node.holds().has(Holds::TXT));
        for (number, place) in nodes.flat_map(|node| node.places(&policies.spf)) {
            judge_spf((number, &place), &rules.spf, sources, &mut trees, &mut sound, into);
        }
    }
    judge_sts_files(zones, &rules.sts_files, sources, into);
    for rule in &rules.across {
        if let Check::Across(check) = rule.check {
            check(zones, &mut Findings::new(rule, sources, "", None, into));
        }
    }
}

/// Runs the rules about policy files on each of them, once for each domain that it is for.
fn judge_sts_files<'a>(
    zones: &'a Zones<'a>,
    rules: &[&'static Rule],
    sources: &'a Sources,
    into: &mut Vec<Diagnostic>,
) {
    if rules.is_empty() || zones.scans().all(|scan| scan.policies.is_empty()) {
        return;
    }
    for policy in zones.policies().filter(|policy| !policy.is_alternative()) {
        let file = policy.read();
        for domain in policy.domains() {
            let sts = Sts::of(policy, domain);
            for rule in rules {
                if let Check::StsFileWithin(check) = rule.check {
                    check(
                        &file,
                        &sts,
                        &mut Findings::new(rule, sources, policy.scan.format, None, into),
                    );
                }
            }
        }
    }
}

/// Runs the rules that compare another revision with this one.
fn judge_changes(
    before: &Before<'_>,
    zones: &Zones<'_>,
    rules: &Relations,
    sources: &Sources,
    into: &mut Vec<Diagnostic>,
) {
    before.compare(zones, |change| {
        for rule in &rules.sts_changes {
            if let Check::StsChange(check) = rule.check {
                check(change, &mut Findings::new(rule, sources, "", None, into));
            }
        }
    });
}

fn judge_spf<'a>(
    (number, place): (usize, &Place<'a>),
    rules: &[&'static Rule],
    sources: &Sources,
    trees: &mut Trees<'a>,
    sound: &mut Sound<'a>,
    into: &mut Vec<Diagnostic>,
) {
    let (record, scan) = (place.record, place.node.scan);
    let owner = slip::meant_owner(record, scan);
    let Some(txt) = record.txt().filter(|txt| !sound.has(txt, &owner)) else {
        return;
    };
    let Some((text, is_joined)) = slip::whole_text(&scan.records, number) else {
        return;
    };
    let Some(spf) = spf::parse(&text, &owner, txt.type99) else {
        return;
    };
    let before = into.len();
    let tree = (!spf.type99).then(|| trees.of(place, &spf, &owner));
    for rule in rules {
        let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
        match (rule.check, &tree) {
            (Check::SpfWithin(check), _) => check(&spf, place, findings),
            (Check::SpfTree(check), Some(tree)) => check(&spf, tree, findings),
            _ => {}
        }
    }
    if let Some(tree) =
        tree.filter(|tree| !is_joined && into.len() == before && tree.leads_nowhere() && !spf.is_owner_asked())
    {
        let names: Vec<&Name> = tree
            .branch()
            .steps
            .iter()
            .filter_map(|step| step.name.as_ref())
            .collect();
        sound.add(txt, &spf, &names);
    }
}

/// Puts findings in order: by place, then rule; at each place, one of a rule, and what is said there once.
pub fn order(all: &mut Vec<Diagnostic>) {
    sort(all);
    fold_names(all);
    say_once(all);
}

/// Sorts findings. They are large, and there may be many, so that only their numbers are sorted and each is moved once.
fn sort(all: &mut [Diagnostic]) {
    let mut sorted: Vec<usize> = (0..all.len()).collect();
    sorted.sort_by(|a, b| in_order(&all[*a], &all[*b]));
    let mut places = vec![0; all.len()];
    for (place, at) in sorted.into_iter().enumerate() {
        places[at] = place;
    }
    for at in 0..all.len() {
        while places[at] != at {
            let place = places[at];
            all.swap(at, place);
            places.swap(at, place);
        }
    }
}

/// Makes one finding of all that a rule says of one place, where one text is published at several names: it tells them.
fn fold_names(all: &mut Vec<Diagnostic>) {
    let is_same = |a: &Diagnostic, b: &Diagnostic| a.primary.span == b.primary.span && a.rule == b.rule;
    let told: Vec<String> = all
        .chunk_by(is_same)
        .map(|same| if same.len() > 1 { names_of(same) } else { String::new() })
        .collect();
    all.dedup_by(|later, first| is_same(first, later));
    for (one, told) in all.iter_mut().zip(told) {
        if !told.is_empty() {
            one.message.to_mut().push_str(&told);
        }
    }
}

/// The names that findings are about, if there are several.
fn names_of(same: &[Diagnostic]) -> String {
    /// How many names are told.
    const NAMES: usize = 3;
    let owners = same.iter().filter_map(|one| Some(one.about.as_ref()?.owner.as_str()));
    let mut seen = BTreeSet::new();
    let mut told: Vec<String> = Vec::new();
    for owner in owners {
        if seen.insert(owner) && told.len() < NAMES {
            told.push(format!("`{owner}`"));
        }
    }
    let more = match seen.len() - told.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match seen.len() {
        0 | 1 => String::new(),
        _ => format!(" (at {}{more})", told.join(", ")),
    }
}

/// Leaves out what a rule about any text says of a place of which one about a policy says the same.
fn say_once(all: &mut Vec<Diagnostic>) {
    let is_said =
        |general: &Diagnostic, at: &[Diagnostic]| at.iter().any(|other| rules::is_said_by(general.rule, other.rule));
    let mut keep = Vec::with_capacity(all.len());
    for at in all.chunk_by(|a, b| a.primary.span == b.primary.span) {
        keep.extend(at.iter().map(|one| at.len() == 1 || !is_said(one, at)));
    }
    retain(all, &keep);
}

/// Keeps those findings of which `keep` says so.
fn retain(all: &mut Vec<Diagnostic>, keep: &[bool]) {
    let mut keep = keep.iter();
    all.retain(|_| keep.next().copied().unwrap_or(true));
}

/// Makes one finding of all that a rule has in a file, or of the same in the whole run, where the rule says so: the first of
/// its severity, with the others' places beside it. `all` is in order.
pub fn fold(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
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
                message: "here too".into(),
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
        let message = &mut all[index].message;
        *message = format!("{message} (and in {places}{of})").into();
    }
    retain(&mut all, &keep);
    all
}
