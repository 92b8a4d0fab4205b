//! Records as mappings with a name, a type and values, wherever in a tree: data for Terraform, DNSEndpoint, exports of
//! Route 53, Cloudflare and Google, arguments of Ansible modules, and whatever else is laid out like that.

use std::collections::BTreeMap;

use crate::{
    formats::{
        data::{
            entry::{Entry, Names},
            value::{self, Texts, Value},
        },
        rdata,
    },
    name::Name,
    record::{Scan, Written},
    source::{Source, Sources},
    suffix,
    syntax::yaml::{Kind, Tree, View},
    text::Text,
};

/// How deep records may lie.
const DEPTH: usize = 12;

const TEXTS: Texts = Texts::Strings;

/// The keys, in small letters and without `_` and `-`, under which the parts of a record stand; the likeliest first.
const NAMES: [&str; 10] = [
    "name",
    "dnsname",
    "hostname",
    "host",
    "recordname",
    "rr",
    "subdomain",
    "fqdn",
    "record",
    "key",
];
const TYPES: [&str; 4] = ["type", "recordtype", "rrtype", "rtype"];
const VALUES: [&str; 14] = [
    "values",
    "value",
    "records",
    "resourcerecords",
    "rrdatas",
    "targets",
    "target",
    "content",
    "rdata",
    "data",
    "answers",
    "text",
    "txt",
    "record",
];
const TTLS: [&str; 2] = ["ttl", "recordttl"];
const ZONES: [&str; 5] = ["zonename", "zone", "domain", "origin", "domainname"];

/// Whether there is a record in a document.
pub(super) fn has_records(top: View<'_>) -> bool {
    let mut found = false;
    walk(top, &Around::default(), DEPTH, &mut |_, _| found = true);
    found
}

/// Reads all documents of a file.
pub(super) fn read(source: &Source, tree: &Tree, sources: &Sources, scan: &mut Scan) {
    scan.fault_of(tree);
    let told = sources.told(source, |told| told.origin.clone());
    let mut zones = Zones {
        source,
        untold: Names::new(source, Some(&told.unwrap_or_else(Name::unknown))),
        known: BTreeMap::new(),
    };
    for top in tree.documents() {
        walk(top, &Around::default(), DEPTH, &mut |record, around| {
            push(record, around, &mut zones, scan)
        });
    }
}

/// The names that records have in zones: all those in one zone share what completes them.
struct Zones<'a> {
    source: &'a Source,
    /// Those of which the file does not tell the zone.
    untold: Names<'a>,
    known: BTreeMap<&'a str, Names<'a>>,
}

impl<'a> Zones<'a> {
    fn names(&mut self, zone: Option<&'a str>) -> &Names<'a> {
        let Some(zone) = zone else { return &self.untold };
        let source = self.source;
        self.known
            .entry(zone)
            .or_insert_with(|| Names::new(source, Name::parse(zone).as_ref()))
    }
}

/// What is known from the mappings around.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    /// The zone, as it is written.
    zone: Option<&'a str>,
    kind: Option<View<'a>>,
}

/// Whether records of a type stand under a key. Roles of Ansible call those of TXT `text`.
fn is_list_of_type(key: View<'_>, value: View<'_>) -> bool {
    is_type(key) || key.value() == Some("text") && value.kind() == Kind::Sequence
}

/// The name of several labels that a scalar may write.
fn domain(view: View<'_>) -> Option<&str> {
    zone_name(view).filter(|name| name.trim_end_matches('.').contains('.'))
}

/// The name of a zone that a scalar may write.
fn zone_name(view: View<'_>) -> Option<&str> {
    let name = view.value()?;
    Name::parse(name).filter(suffix::has_known_tld).map(|_| name)
}

/// The parts of a record.
struct Record<'a> {
    name: View<'a>,
    kind: View<'a>,
    values: View<'a>,
    ttl: Option<View<'a>>,
}

impl<'a> Record<'a> {
    fn of(entries: &[(View<'a>, View<'a>)], around: &Around<'a>) -> Option<Record<'a>> {
        let name = find(entries, &NAMES)?;
        let kind = find(entries, &TYPES).filter(|kind| is_type(*kind)).or(around.kind)?;
        // Ansible calls the name `record`, others the value.
        let others: Vec<(View<'a>, View<'a>)> = entries
            .iter()
            .copied()
            .filter(|(_, view)| view.span() != name.span())
            .collect();
        Some(Record {
            name,
            kind,
            values: find(&others, &VALUES)?,
            ttl: find(entries, &TTLS),
        })
    }
}

/// The value of the first of these keys, however it is capitalised.
fn find<'a>(entries: &[(View<'a>, View<'a>)], keys: &[&str]) -> Option<View<'a>> {
    let is = |view: &View<'_>, wanted: &str| {
        let key = view
            .value()
            .unwrap_or_default()
            .bytes()
            .filter(|byte| !matches!(byte, b'_' | b'-'));
        key.map(|byte| byte.to_ascii_lowercase()).eq(wanted.bytes())
    };
    keys.iter()
        .find_map(|wanted| entries.iter().find(|(key, _)| is(key, wanted)).map(|(_, value)| *value))
}

/// Whether a scalar is the mnemonic of a record type.
fn is_type(view: View<'_>) -> bool {
    view.value()
        .is_some_and(|value| (rdata::Kind::of(value.as_bytes()) != rdata::Kind::Unregistered) && value != "NULL")
}

fn walk<'a>(view: View<'a>, around: &Around<'a>, depth: usize, found: &mut dyn FnMut(&Record<'a>, &Around<'a>)) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match view.kind() {
        Kind::Sequence => view.items().for_each(|item| walk(item, around, depth, found)),
        Kind::Mapping => {
            let entries = view.entries();
            let here = Around {
                zone: find(&entries, &ZONES).and_then(zone_name).or(around.zone),
                kind: around.kind,
            };
            if let Some(record) = Record::of(&entries, &here) {
                return found(&record, &here);
            }
            // What has the name of a domain, and holds records, is its zone.
            let own_name = find(&entries, &["name"]).and_then(domain);
            for (key, value) in entries {
                if value.kind() == Kind::Scalar {
                    continue;
                }
                let zone = domain(key).or(own_name).or(here.zone);
                // Under the mnemonic of a type stand records of it.
                let kind = if is_list_of_type(key, value) {
                    Some(key)
                } else {
                    here.kind
                };
                walk(value, &Around { zone, kind }, depth, found);
            }
        }
        Kind::Scalar | Kind::Unknown => {}
    }
}

fn push<'a>(record: &Record<'a>, around: &Around<'a>, zones: &mut Zones<'a>, scan: &mut Scan) {
    let Some(text) = value::text(record.name) else { return };
    let names = zones.names(around.zone);
    let Some((owner, written)) = owner(&text, names) else {
        return;
    };
    let mut entry = Entry::with(names.absolute(), &text, owner, written);
    entry.ttl(record.ttl);
    let one = (record.values.kind() != Kind::Sequence).then_some(record.values);
    for value in one.into_iter().chain(record.values.items()) {
        // Route 53 and others wrap each value in a mapping of its own.
        let inner = (value.kind() == Kind::Mapping && value.entries().len() == 1).then(|| value.entries()[0].1);
        entry.push(record.kind, &Value::of(inner.unwrap_or(value)), TEXTS, scan);
    }
}

/// The name of a record in a zone, if that is known. Some tools take whole names, some add the zone's.
fn owner(text: &Text, names: &Names<'_>) -> Option<(Name, Written)> {
    let bytes = text.bytes();
    let zone = names.origin();
    if bytes == b"@" || bytes.is_empty() && text.is_complete() {
        return Some((zone, Written::Origin));
    }
    let alone = names.absolute().of(text)?;
    let is_whole = bytes.ends_with(b".")
        || match zone.is_known() {
            true => alone.is_within(&zone),
            false => alone.label_count() > 1 && suffix::has_public_tld(&alone) || suffix::has_known_tld(&alone),
        };
    if is_whole {
        return Some((alone, Written::Absolute));
    }
    Some((names.of(text)?, Written::Relative))
}
