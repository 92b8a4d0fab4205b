//! The rules that see more than one record, and one file among all others: its names, and the DMARC policies at them.

use crate::{
    diagnostic::Diagnostic,
    inspect::Policies,
    policy::{
        dkim::{self, modulus::Judged},
        dmarc::{self, Dmarc, owner::Role},
    },
    rule::{Check, Findings, Rule},
    rules::{dkim::shared::is_shared as is_key_shared, dmarc::shared::is_shared},
    slip,
    source::Sources,
    sts::Sts,
    zones::{Holds, Node, Place, Zones},
};

/// The rules that see more than one record, by what they are handed.
#[derive(Debug)]
pub struct Relations {
    /// Those about names, for each of what a name may have.
    nodes: Vec<Vec<&'static Rule>>,
    dkim: Vec<&'static Rule>,
    dkim_within: Vec<&'static Rule>,
    dmarc: Vec<&'static Rule>,
    dmarc_within: Vec<&'static Rule>,
    mta_sts: Vec<&'static Rule>,
    pub(super) sts_files: Vec<&'static Rule>,
    pub(super) sts_changes: Vec<&'static Rule>,
    pub(super) spf: Vec<&'static Rule>,
    pub(super) across: Vec<&'static Rule>,
}

impl Relations {
    /// Sorts rules by what they are handed. Those that look at one record or file are left to
    /// [`inspect`](crate::inspect::inspect).
    pub fn new(rules: &[&'static Rule]) -> Relations {
        let of = |is_wanted: &dyn Fn(&Check) -> bool| -> Vec<&'static Rule> {
            rules.iter().copied().filter(|rule| is_wanted(&rule.check)).collect()
        };
        Relations {
            nodes: Holds::all()
                .map(|holds| of(&|check| matches!(check, Check::Node(wanted, _) if holds.has(*wanted))))
                .collect(),
            dkim: of(&|check| matches!(check, Check::Dkim(_))),
            dkim_within: of(&|check| matches!(check, Check::DkimWithin(_))),
            dmarc: of(&|check| matches!(check, Check::Dmarc(_))),
            dmarc_within: of(&|check| matches!(check, Check::DmarcWithin(_))),
            mta_sts: of(&|check| matches!(check, Check::MtaStsWithin(_))),
            sts_files: of(&|check| matches!(check, Check::StsFileWithin(_))),
            sts_changes: of(&|check| matches!(check, Check::StsChange(_))),
            spf: of(&|check| matches!(check, Check::SpfWithin(_) | Check::SpfTree(_))),
            across: of(&|check| matches!(check, Check::Across(_))),
        }
    }

    /// Judges the names of the scan with this number, and the DMARC policies at them.
    pub fn judge(
        &self,
        zones: &Zones<'_>,
        number: usize,
        policies: &Policies,
        sources: &Sources,
        into: &mut Vec<Diagnostic>,
    ) {
        let has_dkim = !self.dkim.is_empty() || !self.dkim_within.is_empty();
        let judged = Judged::default();
        let has_dmarc = !self.dmarc.is_empty() || !self.dmarc_within.is_empty();
        for node in zones.nodes_of(number) {
            let holds = node.holds();
            for rule in self.nodes[holds.index()].iter().filter(|rule| rule.is_for(node.scan)) {
                if let Check::Node(_, check) = rule.check {
                    check(&node, &mut Findings::new(rule, sources, node.scan.format, None, into));
                }
            }
            if has_dkim && !policies.dkim.is_empty() && holds.has(Holds::TXT) {
                for (number, place) in node.places(&policies.dkim) {
                    self.key((number, &place), &judged, sources, into);
                }
            }
            if !self.mta_sts.is_empty() && node.name().may_hold(b'_') && node.name().starts_with("_mta-sts") {
                self.announced(node, sources, into);
            }
            if has_dmarc && holds.has(Holds::TXT) {
                for (number, place) in node.places(&policies.dmarc) {
                    self.policy(number, &place, sources, into);
                }
            }
        }
    }

    /// Judges the DKIM key that the record with this number in its file is by where it stands. By itself it was judged with its file, but for one at a name of its own, which is
    /// judged where it is known that a selector leads there.
    fn key(
        &self,
        (number, place): (usize, &Place<'_>),
        judged: &Judged,
        sources: &Sources,
        into: &mut Vec<Diagnostic>,
    ) {
        let (record, scan) = (place.record, place.node.scan);
        let owner = slip::meant_owner(record, scan);
        let Some((text, _)) = slip::whole_text(&scan.records, number) else {
            return;
        };
        let Some(mut dkim) = dkim::parse(&text, &owner, judged) else {
            return;
        };
        if matches!(dkim.role, dkim::owner::Role::Elsewhere | dkim::owner::Role::DomainKeys)
            && is_key_shared(&place.node, &owner)
            && let Some(shared) = dkim::parse_shared(&text, &owner, judged)
        {
            dkim = shared;
            for rule in &self.dkim {
                if let Check::Dkim(check) = rule.check {
                    check(
                        &dkim,
                        &mut Findings::new(rule, sources, scan.format, Some(record), into),
                    );
                }
            }
        }
        for rule in &self.dkim_within {
            if let Check::DkimWithin(check) = rule.check {
                let findings = &mut Findings::new(rule, sources, scan.format, Some(record), into);
                check(&dkim, place, findings);
            }
        }
    }

    /// Judges the MTA-STS of the domain that a name `_mta-sts` announces it for.
    fn announced<'a>(&self, node: Node<'a>, sources: &'a Sources, into: &mut Vec<Diagnostic>) {
        let is_meant_elsewhere = |record| *slip::meant_owner(record, node.scan) != *node.name();
        let has_any = node.holds().has(Holds::TXT) || node.holds().has(Holds::CNAME);
        if !has_any || node.records().any(is_meant_elsewhere) {
            return;
        }
        let sts = Sts::seen_from(node, node.name().skip(1));
        for rule in &self.mta_sts {
            if let Check::MtaStsWithin(check) = rule.check {
                check(&sts, &mut Findings::new(rule, sources, node.scan.format, None, into));
            }
        }
    }

    /// Judges the DMARC policy that the record with this number in its file is.
    fn policy(&self, number: usize, place: &Place<'_>, sources: &Sources, into: &mut Vec<Diagnostic>) {
        let (record, scan) = (place.record, place.node.scan);
        let owner = slip::meant_owner(record, scan);
        let Some((text, _)) = slip::whole_text(&scan.records, number) else {
            return;
        };
        let Some(mut dmarc) = dmarc::parse(&text, &owner) else {
            return;
        };
        self.alone(&dmarc, place, sources, into);
        // A policy at a name of its own is judged where it is known that a `_dmarc` name leads there.
        if dmarc.role == Role::Elsewhere
            && is_shared(&place.node, &owner)
            && let Some(shared) = dmarc::parse_shared(&text, &owner)
        {
            dmarc = shared;
            self.alone(&dmarc, place, sources, into);
        }
        for rule in &self.dmarc_within {
            if let Check::DmarcWithin(check) = rule.check {
                check(
                    &dmarc,
                    place,
                    &mut Findings::new(rule, sources, scan.format, Some(record), into),
                );
            }
        }
    }

    /// Judges a DMARC policy by itself.
    fn alone(&self, dmarc: &Dmarc<'_>, place: &Place<'_>, sources: &Sources, into: &mut Vec<Diagnostic>) {
        let format = place.node.scan.format;
        for rule in &self.dmarc {
            if let Check::Dmarc(check) = rule.check {
                check(
                    dmarc,
                    &mut Findings::new(rule, sources, format, Some(place.record), into),
                );
            }
        }
    }
}
