//! Reading a zone file, and those that it includes, for one zone.

use std::ops::Range;

use crate::{
    formats::{
        rdata::Field,
        zone::{
            FORMAT,
            claims::zones_from_outside,
            names::{Bases, unknown_origin},
        },
    },
    name::Name,
    record::{Fault, FaultKind, Scan, Zone},
    source::{Server, Source, Sources},
    span::{SourceId, Span},
    syntax::zone::{self as syntax, Entry, Lexer, Token},
};

pub(super) fn read(source: &Source, sources: &Sources) -> Scan {
    let mut origins: Vec<Option<Name>> = zones_from_outside(source, sources).into_iter().map(Some).collect();
    if origins.is_empty() {
        origins.push(None);
    }
    let mut scan = Scan {
        format: FORMAT.name,
        servers: sources.servers_of(source),
        ..Scan::default()
    };
    for origin in origins {
        Reader::new(source, sources, origin).run(source, &mut scan);
    }
    scan
}

/// Reading one file for one zone.
pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources,
    /// The zone, as far as something else than the content tells.
    pub(super) outside: Option<Name>,
    /// The apex, once the SOA is read.
    pub(super) apex: Option<Name>,
    /// Whether the SOA's owner is written with a final dot.
    pub(super) apex_is_written: bool,
    /// The class of the zone in capitals, if it is not that of the Internet.
    pub(super) class: Option<Vec<u8>>,
    pub(super) whole: bool,
    pub(super) has_template: bool,
    /// Where a name was completed though nothing tells the origin.
    pub(super) lacks_origin: Option<Span>,
    pub(super) default_ttl: Option<u32>,
    pub(super) last_ttl: Option<u32>,
    pub(super) minimum: Option<u32>,
    /// Whether something that cannot be read tells the TTL of records that have none.
    pub(super) ttl_is_unknown: bool,
    /// How many blocks of a template are open: loops, or conditions.
    pub(super) blocks: usize,
    pub(super) ttl_missing: Option<Span>,
    pub(super) ttl_inherited: Option<Span>,
    /// The owner of a record that has none of its own.
    pub(super) owner: Option<Name>,
    /// Whether that is written, but unreadable.
    pub(super) owner_is_lost: bool,
    /// If that is not in the zone: where the fault is, and which name is at fault.
    pub(super) owner_outside: Option<(Span, Name)>,
    /// The directive since the last record, if it changed the origin.
    pub(super) after: Option<Directive>,
    /// The first record without an owner.
    pub(super) no_owner: Option<Span>,
    /// All records without an owner.
    pub(super) ownerless: Vec<usize>,
    pub(super) open: Vec<SourceId>,
    pub(super) includes: usize,
    pub(super) included_bytes: usize,
    pub(super) generated: u64,
    /// What may prove to be out of the zone once its apex is known.
    pub(super) out_of_zone: Vec<(Span, Name)>,
    pub(super) fields: Vec<Field<'a>>,
}

/// A directive that changes the origin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Directive {
    /// `$ORIGIN`, or the start of a file that is included.
    Origin,
    /// The end of a file that is included.
    Included,
}

impl<'a> Reader<'a> {
    fn new(source: &Source, sources: &'a Sources, outside: Option<Name>) -> Reader<'a> {
        Reader {
            sources,
            outside,
            apex: None,
            apex_is_written: false,
            class: None,
            whole: true,
            has_template: false,
            lacks_origin: None,
            default_ttl: None,
            last_ttl: None,
            minimum: None,
            ttl_is_unknown: false,
            blocks: 0,
            ttl_missing: None,
            ttl_inherited: None,
            owner: None,
            owner_is_lost: false,
            owner_outside: None,
            after: None,
            no_owner: None,
            ownerless: Vec::new(),
            open: vec![source.id],
            includes: 0,
            included_bytes: 0,
            generated: 0,
            out_of_zone: Vec::new(),
            fields: Vec::new(),
        }
    }

    fn run(mut self, source: &'a Source, scan: &mut Scan) {
        let first = scan.records.len();
        let origin = self.outside.clone().unwrap_or_else(unknown_origin);
        self.file(source, Bases::new(source, origin, None), scan);
        if let Some(span) = self.lacks_origin.filter(|_| !self.has_template) {
            scan.faults.push(Fault {
                span,
                kind: FaultKind::OriginUnknown,
            });
        }
        if let Some(origin) = self.apex.take() {
            scan.zones.push(Zone {
                whole: self.whole && !self.has_template,
                has_soa: true,
                origin: origin.clone(),
            });
            self.zone(origin, first, scan);
        } else if let Some(origin) = self.outside.take() {
            scan.zones.push(Zone {
                whole: false,
                has_soa: false,
                origin,
            });
        }
    }

    /// What can be told once the SOA is read: without it, a file may be a part of a zone, and what it lacks may stand in the
    /// file that includes it. The zone's records are those from number `first` on.
    fn zone(self, zone: Name, first: usize, scan: &mut Scan) {
        let mut fault = |span: Option<Span>, kind: FaultKind| {
            scan.faults.extend(span.map(|span| Fault { span, kind }));
        };
        fault(self.no_owner, FaultKind::NoOwner);
        if self.default_ttl.is_none() {
            fault(self.ttl_inherited, FaultKind::TtlInherited);
        }
        let is_bind = !scan.servers.iter().any(|server| *server != Server::Bind);
        if is_bind {
            fault(self.ttl_missing, FaultKind::TtlMissing);
        }
        for index in self.ownerless {
            scan.records[index].loads = false;
        }
        if is_bind && self.ttl_missing.is_some() {
            for record in &mut scan.records[first..] {
                record.loads &= record.ttl().is_some();
            }
        }
        // A server ignores what is not in the zone (RFC 1035, section 5.2).
        let before = scan.faults.len();
        for (span, name) in self.out_of_zone {
            if name.is_known() && !name.is_within(&zone) {
                let zone = zone.clone();
                let kind = FaultKind::OutOfZone { name, zone };
                scan.faults.push(Fault { span, kind });
            }
        }
        if scan.faults.len() > before {
            let mut records = scan.records.split_off(first);
            records.retain(|record| record.owner.is_within(&zone) || !record.owner.is_known());
            scan.records.append(&mut records);
        }
    }

    pub(super) fn file(&mut self, source: &'a Source, mut bases: Bases, scan: &mut Scan) {
        let bytes = source.bytes();
        if let Some(range) = not_text(source) {
            scan.faults.push(Fault {
                span: Span::new(source.id, range),
                kind: FaultKind::NotText,
            });
            self.whole = false;
            return;
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            scan.faults.push(Fault {
                span: Span::new(source.id, 0..3),
                kind: FaultKind::ByteOrderMark,
            });
        }
        let mut lexer = Lexer::new(source);
        let mut entry = Entry::default();
        while lexer.next(&mut entry, &mut scan.faults) {
            let Some(first) = entry.tokens.first().copied() else {
                self.whole = false;
                continue;
            };
            if first.hole {
                let end = entry.tokens.last().map_or(first.end, |last| last.end);
                self.count_blocks(&bytes[first.start as usize..end as usize]);
            }
            if entry.statement {
                self.template(source, &first, scan);
            } else if entry.broken && !entry.unclosed {
                self.unreadable(source, &entry, &bases);
            } else if entry.hash {
                if !entry.indented && self.is_record(source, &entry.tokens[1..], &bases) {
                    lexer.again(&entry);
                } else {
                    scan.faults.push(Fault {
                        span: Span::new(source.id, first.range()),
                        kind: FaultKind::HashComment,
                    });
                }
            } else if bytes[first.start as usize] == b'$' && !first.hole {
                self.directive(source, &entry, &mut bases, scan);
            } else {
                self.entry(source, &entry, &mut bases, scan);
                // Where nothing else is written of the origin, the SOA tells it.
                if let Some(apex) = self.apex.as_ref().filter(|_| self.apex_is_written && !bases.is_settled) {
                    bases = Bases::new(source, apex.clone(), None);
                    bases.is_settled = true;
                }
            }
        }
    }

    /// Counts the blocks that the statements of a template in `bytes` open and close. Between them a record may stand for
    /// none, or for several.
    fn count_blocks(&mut self, bytes: &[u8]) {
        for at in memchr::memchr_iter(b'{', bytes) {
            let [b'{', sign @ (b'%' | b'{'), rest @ ..] = &bytes[at..] else {
                continue;
            };
            let rest = rest.strip_prefix(b"-").unwrap_or(rest).trim_ascii_start();
            let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            let len = rest.iter().take(16).take_while(is_part).count();
            match &rest[..len] {
                b"for" | b"if" | b"range" | b"with" | b"macro" | b"call" | b"block" => self.blocks += 1,
                word if word == b"end" || *sign == b'%' && word.starts_with(b"end") => {
                    self.blocks = self.blocks.saturating_sub(1);
                }
                _ => {}
            }
        }
    }

    pub(super) fn template(&mut self, source: &'a Source, token: &Token, scan: &mut Scan) {
        self.has_template = true;
        let start = token
            .range()
            .find(|at| syntax::marker(source.bytes(), *at).is_some())
            .unwrap_or(token.start as usize);
        let end = syntax::marker(source.bytes(), start).unwrap_or(start + 2);
        scan.faults.push(Fault {
            span: Span::new(source.id, start..end),
            kind: FaultKind::Template,
        });
    }
}

/// Where it shows that a file is no text that a server could read: a mark of UTF-16, or a NUL byte.
fn not_text(source: &Source) -> Option<Range<usize>> {
    let bytes = source.bytes();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some(0..2);
    }
    source.nul().map(|at| at..at + 1)
}

pub(super) fn saturate(ttl: u64) -> u32 {
    u32::try_from(ttl).unwrap_or(u32::MAX)
}
