//! One file: what is in it, and what is wrong with it by itself.

use crate::{
    diagnostic::Diagnostic,
    format::Format,
    policy::{
        kind::{self, Kind},
        mta_sts, sts_file, tls_rpt,
    },
    record::Scan,
    rule::{Check, Findings, Rule},
    slip,
    source::{Source, Sources},
};

/// What one file holds, and what is wrong with it by itself.
#[derive(Debug)]
pub struct Inspected {
    /// What is in it.
    pub scan: Scan,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// The rules of a run, by what they look at.
#[derive(Default, Debug)]
pub struct Checks {
    mta_sts: Vec<&'static Rule>,
    sts_file: Vec<&'static Rule>,
    tls_rpt: Vec<&'static Rule>,
    record: Vec<&'static Rule>,
    file: Vec<&'static Rule>,
}

impl Checks {
    /// Sorts rules by what they look at. Those that look at more than a file are left to [`check`](crate::check::check).
    pub fn new(rules: &[&'static Rule]) -> Checks {
        let mut checks = Checks::default();
        for rule in rules {
            match rule.check {
                Check::MtaSts(_) => checks.mta_sts.push(rule),
                Check::StsFile(_) => checks.sts_file.push(rule),
                Check::TlsRpt(_) => checks.tls_rpt.push(rule),
                Check::Record(_) => checks.record.push(rule),
                Check::File(_) => checks.file.push(rule),
                Check::Node(_) | Check::Across(_) => {}
            }
        }
        checks
    }
}

/// Reads a file and judges what is in it.
pub fn inspect(source: &Source, format: &Format, sources: &Sources, checks: &Checks) -> Inspected {
    let scan = (format.read)(source, sources);
    let mut diagnostics = Vec::new();
    let into = &mut diagnostics;
    for rule in &checks.file {
        if let Check::File(check) = rule.check {
            check(
                source,
                &scan,
                &mut Findings::new(rule, sources, scan.format, None, into),
            );
        }
    }
    for policy in &scan.policies {
        let file = sts_file::parse(sources.get(policy.source), &policy.text);
        for rule in &checks.sts_file {
            if let Check::StsFile(check) = rule.check {
                check(&file, &mut Findings::new(rule, sources, scan.format, None, into));
            }
        }
    }
    for record in &scan.records {
        for rule in &checks.record {
            if let Check::Record(check) = rule.check {
                check(
                    record,
                    &scan,
                    &mut Findings::new(rule, sources, scan.format, Some(record), into),
                );
            }
        }
        let Some(txt) = record.txt() else { continue };
        let owner = slip::meant_owner(record, &scan);
        match kind::of_owner(&owner) {
            Some(Kind::MtaSts) => {
                let text = slip::meant_text(record, txt);
                let tree = mta_sts::parse(&text);
                for rule in &checks.mta_sts {
                    if let Check::MtaSts(check) = rule.check {
                        check(
                            &tree,
                            &mut Findings::new(rule, sources, scan.format, Some(record), into),
                        );
                    }
                }
            }
            Some(Kind::TlsRpt) => {
                let text = slip::meant_text(record, txt);
                let tree = tls_rpt::parse(&text);
                for rule in &checks.tls_rpt {
                    if let Check::TlsRpt(check) = rule.check {
                        check(
                            &tree,
                            &mut Findings::new(rule, sources, scan.format, Some(record), into),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    Inspected { scan, diagnostics }
}
