//! Rules about how many look-ups an SPF record takes, and what they find.

use std::collections::BTreeSet;

use crate::{
    policy::spf::{Spf, term::Mechanism},
    record::Data,
    rule::{Findings, Rule, rule},
    spf_tree::{Branch, Step, Tree},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[TOO_MANY_LOOKUPS, LOOKUP_LIMIT_NEAR, MX_LIMIT];

/// How many look-ups a receiver makes for a record, those of the records that it leads to included.
const LOOKUPS_MAX: u32 = 10;
/// How many hosts an `mx` may have.
const HOSTS_MAX: usize = 10;
/// From how many look-ups on there is little room.
const LOOKUPS_NEAR: u32 = 9;

/// How a number that may be larger is spoken of.
fn at_least(branch: &Branch<'_>) -> &'static str {
    if branch.is_exact { "" } else { "at least " }
}

/// The look-ups of a record with what each takes, those of the records that it leads to in parentheses.
fn shown_tree(tree: &Tree<'_, '_>) -> String {
    /// How many terms are named.
    const TERMS: usize = 40;
    let mut shown = String::new();
    let mut left = TERMS;
    add_steps(tree, tree.branch(), &mut shown, &mut left);
    shown
}

fn add_steps(tree: &Tree<'_, '_>, branch: &Branch<'_>, shown: &mut String, left: &mut usize) {
    for (index, step) in branch.steps.iter().enumerate() {
        if index > 0 {
            shown.push_str(", ");
        }
        let Some(rest) = left.checked_sub(1) else {
            shown.push_str("...");
            return;
        };
        *left = rest;
        shown.push_str(&format!("`{}` {}", step.written, tree.cost(step)));
        let behind = tree
            .behind(step)
            .filter(|behind| !behind.is_broken() && !behind.steps.is_empty());
        if let Some(behind) = behind.filter(|_| !tree.leads_back(branch, step)) {
            shown.push_str(" (");
            add_steps(tree, behind, shown, left);
            shown.push(')');
        }
    }
}

/// The steps of the record with what is said of them: which takes more than one look-up, and where the limit is passed.
fn remarkable<'t, 'a>(tree: &Tree<'t, 'a>) -> Vec<(&'t Step<'a>, String)> {
    /// How many places are named beside the last.
    const PLACES: usize = 20;
    let mut remarkable = Vec::new();
    let mut sum = 0_u32;
    for step in &tree.branch().steps {
        let cost = tree.cost(step);
        let is_passed = sum <= LOOKUPS_MAX && sum.saturating_add(cost) > LOOKUPS_MAX;
        sum = sum.saturating_add(cost);
        let label = match (cost, is_passed) {
            (1, true) => "the look-up with number 11".to_string(),
            (_, true) => format!("{cost} look-ups, number 11 among them"),
            (1, false) => continue,
            (_, false) => format!("{cost} look-ups: its own, and those of the record there"),
        };
        if is_passed || remarkable.len() < PLACES {
            remarkable.push((step, label));
        }
    }
    remarkable
}

rule! {
    /// An SPF record that needs more than ten look-ups.
    ///
    /// Each `include`, `a`, `mx`, `ptr`, `exists` and `redirect` costs one look-up, and those of the records that `include` and
    /// `redirect` lead to count, too. Receivers stop at the eleventh and give up on the whole record: mail from a sender that no
    /// term before matches does not pass, even if a later term lists the sender. Records outside of the repository are counted
    /// with one look-up, so that the true number may be larger.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_a.example.com include:_b.example.com -all"
    /// _a TXT "v=spf1 mx:a.example.net mx:b.example.net mx:c.example.net mx:d.example.net mx:e.example.net"
    /// _b TXT "v=spf1 mx:f.example.net mx:g.example.net mx:h.example.net mx:i.example.net"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_a.example.com include:_b.example.com -all"
    /// _a TXT "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24"
    /// _b TXT "v=spf1 mx:f.example.net mx:g.example.net mx:h.example.net mx:i.example.net"
    /// ```
    /// # When to ignore
    /// Never: which senders pass depends on the order of the terms.
    /// # Source
    /// RFC 7208, section 4.6.4
    TOO_MANY_LOOKUPS: "spf-too-many-lookups", [Error], None, SpfTree(too_many_lookups)
}

fn too_many_lookups(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    let branch = tree.branch();
    let Some(span) = spf.text.whole().filter(|_| branch.lookups > LOOKUPS_MAX) else {
        return;
    };
    let mut finding = findings.report(
        span,
        format!(
            "SPF record needs {}{} look-ups and receivers stop after {LOOKUPS_MAX}, so mail from a sender that no term \
             before matches does not pass (permerror)",
            at_least(branch),
            branch.lookups
        ),
        "",
    );
    for (step, label) in remarkable(tree) {
        if let Some(at) = step.at {
            finding = finding.related(at, label);
        }
    }
    finding.help(format!(
        "take out what is not used, or list networks with `ip4` and `ip6`, until {LOOKUPS_MAX} are left; counted are {}",
        shown_tree(tree)
    ));
}

rule! {
    /// An SPF record that needs nine or ten look-ups.
    ///
    /// Each `include`, `a`, `mx`, `ptr`, `exists` and `redirect` costs one look-up, and those of the records that `include` and
    /// `redirect` lead to count, too. Receivers stop after ten look-ups and give up on the whole record. One more service, or one more `include` in the record
    /// of a service, and mail does not pass any more. Records outside of the repository are counted with one look-up, so that
    /// the true number may be larger.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx a include:a.test include:b.test include:c.test include:d.test include:e.test include:f.test ptr -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx a include:a.test include:b.test include:c.test include:d.test include:e.test include:f.test -all"
    /// ```
    /// # When to ignore
    /// When all records that are included are yours.
    /// # Source
    /// RFC 7208, section 4.6.4
    LOOKUP_LIMIT_NEAR: "spf-lookup-limit-near", [Info], None, SpfTree(lookup_limit_near), once_a_file
}

fn lookup_limit_near(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    let branch = tree.branch();
    if !(LOOKUPS_NEAR..=LOOKUPS_MAX).contains(&branch.lookups) {
        return;
    }
    let Some(span) = spf.text.whole() else { return };
    findings
        .report(
            span,
            format!(
                "SPF record needs {}{} look-ups, and receivers give up on it after {LOOKUPS_MAX}: one more service may be too many",
                at_least(branch),
                branch.lookups
            ),
            format!("{} of {LOOKUPS_MAX} look-ups", branch.lookups),
        )
        .help(format!("take out what is not used; counted are {}", shown_tree(tree)));
}

rule! {
    /// An `mx` with more than ten hosts.
    ///
    /// Receivers look up the addresses of ten mail exchangers at most. With more of them, they give up on the whole record.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all"
    /// @ MX 1 a
    /// @ MX 2 b
    /// @ MX 3 c
    /// @ MX 4 d
    /// @ MX 5 e
    /// @ MX 6 f
    /// @ MX 7 g
    /// @ MX 8 h
    /// @ MX 9 i
    /// @ MX 10 j
    /// @ MX 11 k
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all"
    /// @ MX 10 a
    /// @ MX 20 b
    /// ```
    /// # When to ignore
    /// Never: the networks can be listed with `ip4` and `ip6` instead.
    /// # Source
    /// RFC 7208, section 4.6.4
    MX_LIMIT: "spf-mx-limit", [Error], None, SpfTree(mx_limit)
}

fn mx_limit(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    for step in &tree.branch().steps {
        let is_mx = spf.terms.get(step.term).is_some_and(|term| term.is(Mechanism::Mx));
        let (Some(at), Some(name), Some(node), true) = (step.at, &step.name, step.found, is_mx) else {
            continue;
        };
        if node.count() <= HOSTS_MAX {
            continue;
        }
        let hosts = node
            .records()
            .filter(|record| !record.many)
            .filter_map(|record| match &record.data {
                Data::Mx(mx) => Some((mx.preference, &mx.host.name)),
                _ => None,
            });
        let count = hosts.collect::<BTreeSet<_>>().len();
        if count <= HOSTS_MAX {
            continue;
        }
        findings
            .report(
                at,
                format!(
                    "`{name}` has {count} MX records and receivers look up {HOSTS_MAX} at most, so mail from a sender that no \
                     term before matches does not pass (permerror)"
                ),
                format!("{count} mail exchangers"),
            )
            .help("list the networks of the hosts with `ip4` and `ip6` in its stead");
    }
}
