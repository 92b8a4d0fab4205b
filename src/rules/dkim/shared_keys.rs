//! Rules about the same key in several places of the repository.

use std::collections::{HashMap, HashSet};

use crate::{
    policy::dkim::{
        self, Dkim,
        modulus::Judged,
        owner::{self, Role},
        tag::TagName,
    },
    record::{Record, Scan},
    rule::{Findings, Rule, rule},
    slip,
    span::Span,
    zones::Zones,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[SHARED_KEY];

/// How many other places are named.
const PLACES: usize = 20;

rule! {
    /// The same DKIM key under several selectors or domains.
    ///
    /// Whoever gets hold of the private half signs mail for all of them, and when the key is changed it has to be changed in
    /// all places at once. A `CNAME` from each selector to one record says the same and has one place.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// s1._domainkey.shop TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// s1._domainkey.shop CNAME s1._domainkey
    /// ```
    /// # When to ignore
    /// If one system signs for all of these domains, and you change its key everywhere at once.
    /// # Source
    /// RFC 6376, section 8.3
    SHARED_KEY: "dkim-shared-key", [Info], None, Across(shared_key)
}

/// A key, and the records that publish it at different names.
struct Group<'a> {
    at: Span,
    first: (&'a Record, &'a Scan),
    others: Vec<Span>,
    names: HashSet<u64>,
}

fn shared_key<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    let mut groups: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut all: Vec<Group<'a>> = Vec::new();
    for scan in zones.scans() {
        for (number, record) in scan.records.iter().enumerate() {
            let Some((key, at)) = key(number, record, scan) else {
                continue;
            };
            let name = record.owner.key();
            let index = *groups.entry(key).or_insert(all.len());
            match all.get_mut(index) {
                None => all.push(Group {
                    at,
                    first: (record, scan),
                    others: Vec::new(),
                    names: HashSet::from([name]),
                }),
                Some(group) => {
                    if group.names.insert(name) {
                        group.others.push(at);
                    }
                }
            }
        }
    }
    for group in all.iter().filter(|group| group.names.len() > 1) {
        report(group, findings);
    }
}

fn report<'a>(group: &Group<'a>, findings: &mut Findings<'a>) {
    let (record, scan) = group.first;
    let count = group.names.len();
    findings.about_in(record, scan);
    let mut finding = findings
        .report(
            group.at,
            format!("the same DKIM key stands at {count} names: whoever gets hold of its private half signs mail for all of them"),
            "this key",
        )
        .help("make a key for each, or let the selectors lead to one record with `CNAME`");
    let mut others: Vec<&Span> = group.others.iter().filter(|other| **other != group.at).collect();
    others.dedup();
    for other in others.into_iter().take(PLACES) {
        finding = finding.related(*other, "the same key");
    }
}

/// The key of a selector, as base64 without anything else, and where it is written.
fn key(number: usize, record: &Record, scan: &Scan) -> Option<(Vec<u8>, Span)> {
    let is_asked = record.owner.may_hold(b'_') && record.is_published();
    record.txt().filter(|txt| is_asked && !txt.type99)?;
    let owner = slip::meant_owner(record, scan);
    if owner::role(&owner, || true) != Some(Role::Selector) {
        return None;
    }
    let (text, _) = slip::whole_text(&scan.records, number)?;
    let judged = Judged::default();
    let dkim: Dkim<'_> = dkim::parse(&text, &owner, &judged)?;
    let tag = dkim
        .tag(TagName::P)
        .filter(|tag| tag.is_known && !tag.value.is_empty())?;
    let value = dkim.text.get(tag.value.clone()).iter().copied();
    let symbols = value.filter(|byte| byte.is_ascii_graphic() && *byte != b'=').collect();
    Some((symbols, dkim.text.span(tag.value.clone())?))
}
