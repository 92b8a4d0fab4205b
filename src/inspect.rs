//! One file: what is in it, and what is wrong with it by itself.

use crate::{
    diagnostic::Diagnostic,
    format::Format,
    name::Name,
    policy::{
        bimi,
        dkim::{self, modulus::Judged},
        dmarc,
        kind::{self, Kind},
        mta_sts, spf, sts_file, tls_rpt, tlsa,
    },
    record::{Data, Numbers, Record, Scan, Txt},
    rule::{Check, Findings, Rule},
    slip,
    sound::Sound,
    source::{Source, Sources},
    text::Text,
};

/// What one file holds, and what is wrong with it by itself.
#[derive(Default, Debug)]
pub struct Inspected {
    /// What is in it.
    pub scan: Scan,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// How many records there are. Those of lines that know nothing of one another are not kept in `scan`.
    pub record_count: usize,
    /// How many records have a part that the file does not tell.
    pub partly_known: usize,
    /// Which of the records are policies.
    pub policies: Policies,
}

/// The records that are meant to be policies and are looked at when all files are read.
#[derive(Default, Debug)]
pub struct Policies {
    /// Those that may be DKIM, at known names.
    pub dkim: Numbers,
    /// Those that may be DMARC, at known names.
    pub dmarc: Numbers,
    /// Those that are SPF.
    pub spf: Numbers,
}

/// The rules of a run, by what they look at.
#[derive(Clone, Default, Debug)]
pub struct Checks {
    bimi: Vec<&'static Rule>,
    dkim: Vec<&'static Rule>,
    dmarc: Vec<&'static Rule>,
    mta_sts: Vec<&'static Rule>,
    mx: Vec<&'static Rule>,
    spf: Vec<&'static Rule>,
    sts_file: Vec<&'static Rule>,
    tls_rpt: Vec<&'static Rule>,
    tlsa: Vec<&'static Rule>,
    record: Vec<&'static Rule>,
    txt: Vec<&'static Rule>,
    file: Vec<&'static Rule>,
}

impl Checks {
    /// Sorts rules by what they look at. Those that look at more than a file are left to [`check`](crate::check::check).
    pub fn new(rules: &[&'static Rule]) -> Checks {
        let mut checks = Checks::default();
        for rule in rules {
            match rule.check {
                Check::Bimi(_) => checks.bimi.push(rule),
                Check::Dkim(_) => checks.dkim.push(rule),
                Check::Dmarc(_) => checks.dmarc.push(rule),
                Check::MtaSts(_) => checks.mta_sts.push(rule),
                Check::Mx(_) => checks.mx.push(rule),
                Check::Spf(_) => checks.spf.push(rule),
                Check::StsFile(_) => checks.sts_file.push(rule),
                Check::TlsRpt(_) => checks.tls_rpt.push(rule),
                Check::Tlsa(_) => checks.tlsa.push(rule),
                Check::Record(_) => checks.record.push(rule),
                Check::Txt(_) => checks.txt.push(rule),
                Check::File(_) => checks.file.push(rule),
                Check::DkimWithin(_)
                | Check::DmarcWithin(_)
                | Check::SpfWithin(_)
                | Check::SpfTree(_)
                | Check::MtaStsWithin(_)
                | Check::StsFileWithin(_)
                | Check::StsChange(_)
                | Check::Node(..)
                | Check::Ignore(_)
                | Check::Across(_) => {}
            }
        }
        checks
    }

    /// Those that look at records, and not at files.
    pub fn of_records(&self) -> Checks {
        Checks {
            file: Vec::new(),
            ..self.clone()
        }
    }
}

/// Where the rules report that look at one thing.
struct Reports<'a> {
    sources: &'a Sources,
    format: &'static str,
    is_zone_file: bool,
    record: Option<&'a Record>,
    into: &'a mut Vec<Diagnostic>,
}

impl Reports<'_> {
    fn of(&mut self, rule: &'static Rule) -> Findings<'_> {
        Findings::new(rule, self.sources, self.format, self.record, self.into)
    }
}

/// Runs the rules of a list on one thing.
macro_rules! run {
    ($rules:expr, $kind:ident($($argument:expr),+), $reports:expr) => {
        for rule in &$rules {
            if let Check::$kind(check) = rule.check
                && ($reports.is_zone_file || !rule.is_about_zone_files)
            {
                check($($argument),+, &mut $reports.of(rule));
            }
        }
    };
}

/// Reads a file and judges what is in it.
pub fn inspect(source: &Source, format: &Format, sources: &Sources, checks: &Checks) -> Inspected {
    let mut scan = (format.read)(source, sources);
    scan.source = source.id;
    if let Some(whole) = sources.told(source, |told| told.whole) {
        for zone in &mut scan.zones {
            zone.whole = whole;
            zone.has_soa |= whole;
        }
    }
    let mut diagnostics = Vec::new();
    let (partly_known, policies) = judge(source, &scan, sources, checks, &mut diagnostics);
    scan.by_owner();
    Inspected {
        record_count: scan.records.len(),
        scan,
        diagnostics,
        partly_known,
        policies,
    }
}

/// Judges what was read in a file. How many records have a part that the file does not tell, and which of them are policies.
pub fn judge(
    source: &Source,
    scan: &Scan,
    sources: &Sources,
    checks: &Checks,
    into: &mut Vec<Diagnostic>,
) -> (usize, Policies) {
    let mut partly_known = 0;
    let mut policies = Policies::default();
    let mut sound = Sound::default();
    let judged = Judged::default();
    let mut reports = Reports {
        sources,
        format: scan.format,
        is_zone_file: scan.is_zone_file(),
        record: None,
        into,
    };
    run!(checks.file, File(source, scan), reports);
    for policy in &scan.policies {
        let file = sts_file::parse(sources.get(policy.source), &policy.text);
        run!(checks.sts_file, StsFile(&file), reports);
    }
    for (number, record) in scan.records.iter().enumerate() {
        reports.record = Some(record);
        run!(checks.record, Record(record, scan), reports);
        partly_known += usize::from(!record.is_known());
        match &record.data {
            Data::Mx(mx) => run!(checks.mx, Mx(mx, record), reports),
            Data::Tlsa(data) => {
                let tree = tlsa::parse(&data.fields, &data.digits, &record.owner);
                run!(checks.tlsa, Tlsa(&tree), reports);
            }
            _ => {}
        }
        let Some(txt) = record.txt() else { continue };
        run!(checks.txt, Txt(txt, record, scan), reports);
        let owner = slip::meant_owner(record, scan);
        let Some((text, is_joined)) = slip::whole_text(&scan.records, number) else {
            continue;
        };
        judge_text(&text, &owner, checks, &mut reports);
        if let Some(tree) = bimi::parse(&text, &owner) {
            run!(checks.bimi, Bimi(&tree), reports);
        }
        // Receivers ask for DKIM and DMARC in records of type TXT alone.
        if !txt.type99
            && let Some(tree) = dkim::parse(&text, &owner, &judged)
        {
            run!(checks.dkim, Dkim(&tree), reports);
            if record.is_published() {
                policies.dkim.add(number);
            }
        }
        if !txt.type99 && dmarc::may_be(&text, &owner) {
            if record.is_published() {
                policies.dmarc.add(number);
            } else if let Some(tree) = dmarc::parse(&text, &owner) {
                run!(checks.dmarc, Dmarc(&tree), reports);
            }
        }
        // What one of the pieces says is not what the record does.
        let mut own = Sound::default();
        let sound = if is_joined { &mut own } else { &mut sound };
        if judge_spf((&text, &owner), (record, txt), scan, checks, sound, &mut reports) {
            policies.spf.add(number);
        }
    }
    (partly_known, policies)
}

/// Judges a text as the policy that belongs at its name, whatever it is.
fn judge_text(text: &Text, owner: &Name, checks: &Checks, reports: &mut Reports<'_>) {
    match kind::of_owner(owner) {
        Some(Kind::MtaSts) => {
            let tree = mta_sts::parse(text);
            run!(checks.mta_sts, MtaSts(&tree), reports);
        }
        Some(Kind::TlsRpt) => {
            let tree = tls_rpt::parse(text, owner.skip(2));
            run!(checks.tls_rpt, TlsRpt(&tree), reports);
        }
        _ => {}
    }
}

/// Judges a TXT record as SPF, if it is meant to be that: whether it is.
fn judge_spf<'a>(
    meant: (&Text, &Name),
    (record, txt): (&'a Record, &'a Txt),
    scan: &Scan,
    checks: &Checks,
    sound: &mut Sound<'a>,
    reports: &mut Reports<'_>,
) -> bool {
    let (text, owner) = meant;
    if sound.has(txt, owner) {
        return true;
    }
    let Some(tree) = spf::parse(text, owner, txt.type99).filter(|_| !is_left_over(record, txt, scan)) else {
        return false;
    };
    let before = reports.into.len();
    run!(checks.spf, Spf(&tree), reports);
    if reports.into.len() == before && !tree.is_owner_asked() {
        sound.add(txt, &tree, &[]);
    }
    true
}

/// Whether a record of the obsolete type SPF stands beside one of type TXT: what it says is of no account.
fn is_left_over(record: &Record, txt: &Txt, scan: &Scan) -> bool {
    let is_spf = |other: &Txt| !other.type99 && spf::version::is_selected(other.text.bytes());
    txt.type99 && scan.at(&record.owner).filter_map(Record::txt).any(is_spf)
}
