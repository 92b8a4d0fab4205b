//! Rules about what a zone says of names that it has given away.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    policy::kind,
    record::{Data, Record, Scan},
    rule::{Findings, Rule, rule},
    rules::owner::place,
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[RECORD_BELOW_DELEGATION];

rule! {
    /// A record at or below a name that is delegated.
    ///
    /// NS records give a name, and all below it, to another zone. Servers of this zone then answer any question about it with
    /// these name servers, and never with what else stands here. Mail records, addresses and policies below the delegation are
    /// seen by nobody, unless the other zone has them, too. Addresses of name servers may stand here.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// shop NS ns.example.net.
    /// _dmarc.shop TXT "v=DMARC1; p=reject"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// shop NS ns1.shop
    /// ns1.shop A 192.0.2.53
    /// ```
    /// # When to ignore
    /// If the record waits for a delegation to end.
    /// # Source
    /// RFC 1034, section 4.3.2
    RECORD_BELOW_DELEGATION: "record-below-delegation", [Error], None, File(record_below_delegation)
}

/// How many places are named beside the first.
const PLACES: usize = 20;

fn record_below_delegation<'a>(_: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    let (cuts, servers) = delegations(scan);
    if cuts.is_empty() {
        return;
    }
    let mut keys = Vec::new();
    // By the record that delegates.
    let mut below: BTreeMap<usize, Vec<&Record>> = BTreeMap::new();
    for record in scan.records.iter().filter(|record| record.is_published()) {
        if !is_for_mail(record) || is_glue(record, &servers) {
            continue;
        }
        record.owner.keys(&mut keys);
        // The one closest to the root is the one that servers answer with.
        if let Some(cut) = keys.iter().find_map(|key| cuts.get(key)) {
            below.entry(*cut).or_default().push(record);
        }
    }
    for (cut, records) in below {
        let delegation = &scan.records[cut];
        let Some((first, others)) = records.split_first() else {
            continue;
        };
        let more = match others.len() {
            0 => String::new(),
            1 => " (and one more record)".to_string(),
            count => format!(" (and {count} more records)"),
        };
        let what = match first.owner == delegation.owner {
            true => "what else stands here for it".to_string(),
            false => format!("what stands here for `{}`", first.owner),
        };
        findings.about(first);
        let mut finding = findings
            .report(
                place(first),
                format!(
                    "`{}` is delegated to other name servers, so nobody is ever answered with {what}{more}",
                    delegation.owner
                ),
                "below a delegation",
            )
            .help(format!("put it into the zone `{}`", delegation.owner))
            .related(delegation.span, "delegated here");
        for other in others.iter().take(PLACES) {
            finding = finding.related(place(other), "this neither");
        }
    }
}

/// The keys of the names that are delegated, with the number of the first record that does so, and those of all name servers.
fn delegations(scan: &Scan) -> (HashMap<u64, usize>, HashSet<u64>) {
    let (mut cuts, mut servers) = (HashMap::new(), HashSet::new());
    for (number, record) in scan.records.iter().enumerate() {
        let Data::Ns(target) = &record.data else { continue };
        servers.insert(target.name.key());
        let zone = scan.zone_of(&record.owner).filter(|zone| zone.has_soa);
        let is_delegation = zone.is_some_and(|zone| zone.origin != record.owner);
        if is_delegation && record.is_published() && !record.many && !record.owner.is_wildcard() {
            cuts.entry(record.owner.key()).or_insert(number);
        }
    }
    (cuts, servers)
}

/// Whether it is a record that mail is sent by, or a policy about it.
fn is_for_mail(record: &Record) -> bool {
    match &record.data {
        Data::Mx(_) | Data::A(_) | Data::Aaaa(_) => true,
        Data::Txt(txt) => kind::of_owner(&record.owner).is_some() || kind::of_value(txt.text.bytes()).is_some(),
        Data::Cname(_) => kind::of_owner(&record.owner).is_some(),
        _ => false,
    }
}

/// Whether it is the address of a name server.
fn is_glue(record: &Record, servers: &HashSet<u64>) -> bool {
    matches!(record.data, Data::A(_) | Data::Aaaa(_)) && servers.contains(&record.owner.key())
}
