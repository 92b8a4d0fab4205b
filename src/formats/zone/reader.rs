//! Reading a zone file, and those that it includes, for one zone.

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
    pub(super) whole: bool,
    pub(super) has_template: bool,
    /// Whether names were completed though nothing tells the origin.
    pub(super) lacks_origin: Option<Span>,
    pub(super) default_ttl: Option<u32>,
    pub(super) last_ttl: Option<u32>,
    pub(super) minimum: Option<u32>,
    pub(super) ttl_missing: Option<Span>,
    pub(super) ttl_inherited: Option<Span>,
    pub(super) owner: Option<Name>,
    /// Whether the next record without an owner has it from before a directive.
    pub(super) after_directive: bool,
    pub(super) open: Vec<SourceId>,
    pub(super) includes: usize,
    pub(super) included_bytes: usize,
    pub(super) generated: u64,
    pub(super) out_of_zone: Vec<(Span, Name)>,
    pub(super) fields: Vec<Field<'a>>,
}

impl<'a> Reader<'a> {
    fn new(source: &Source, sources: &'a Sources, outside: Option<Name>) -> Reader<'a> {
        Reader {
            sources,
            outside,
            apex: None,
            whole: true,
            has_template: false,
            lacks_origin: None,
            default_ttl: None,
            last_ttl: None,
            minimum: None,
            ttl_missing: None,
            ttl_inherited: None,
            owner: None,
            after_directive: false,
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
        self.file(source, origin, scan);
        let fragment = self.apex.is_none();
        let origin = self.apex.clone().or(self.outside.clone());
        if let Some(origin) = origin {
            scan.zones.push(Zone {
                whole: self.whole && !fragment && !self.has_template,
                has_soa: !fragment,
                origin: origin.clone(),
            });
            if !fragment {
                // A server ignores what is not in the zone (RFC 1035, section 5.2).
                let mut outside = self
                    .out_of_zone
                    .into_iter()
                    .filter(|(_, name)| !name.is_within(&origin))
                    .peekable();
                if outside.peek().is_some() {
                    let mut records = scan.records.split_off(first);
                    records.retain(|record| record.owner.is_within(&origin) || !record.owner.is_known());
                    scan.records.append(&mut records);
                }
                scan.faults.extend(outside.map(|(span, _)| Fault {
                    span,
                    kind: FaultKind::OutOfZone { zone: origin.clone() },
                }));
            }
        }
        if !fragment {
            if !scan.servers.iter().any(|server| *server != Server::Bind) {
                if let Some(span) = self.ttl_missing {
                    scan.faults.push(Fault {
                        span,
                        kind: FaultKind::TtlMissing,
                    });
                    for record in &mut scan.records[first..] {
                        record.loads &= record.ttl().is_some();
                    }
                }
            }
            if let Some(span) = self.ttl_inherited {
                scan.faults.push(Fault {
                    span,
                    kind: FaultKind::TtlInherited,
                });
            }
        }
        if let Some(span) = self.lacks_origin.filter(|_| !self.has_template) {
            scan.faults.push(Fault {
                span,
                kind: FaultKind::OriginUnknown,
            });
        }
    }

    pub(super) fn file(&mut self, source: &'a Source, origin: Name, scan: &mut Scan) {
        let bytes = source.bytes();
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || memchr::memchr(0, bytes).is_some() {
            let at = memchr::memchr(0, bytes).unwrap_or(0);
            scan.faults.push(Fault {
                span: Span::new(source.id, at..at + 1),
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
        let mut bases = Bases::new(source, origin);
        let mut lexer = Lexer::new(source);
        let mut entry = Entry::default();
        while lexer.next(&mut entry, &mut scan.faults) {
            let Some(first) = entry.tokens.first().copied() else {
                continue;
            };
            if entry.statement {
                self.template(source, &first, scan);
                continue;
            }
            if !first.quoted && bytes[first.start as usize] == b'$' && !first.hole {
                self.directive(source, &entry, &mut bases, scan);
            } else {
                self.entry(source, &entry, &bases, scan);
            }
        }
    }

    pub(super) fn template(&mut self, source: &'a Source, token: &Token, scan: &mut Scan) {
        self.has_template = true;
        let start = token
            .range()
            .find(|at| syntax::marker(source.bytes(), *at).is_some())
            .unwrap_or(token.start as usize);
        let end = syntax::marker(source.bytes(), start).unwrap_or(start + 1);
        scan.faults.push(Fault {
            span: Span::new(source.id, start..end),
            kind: FaultKind::Template,
        });
    }
}

pub(super) fn saturate(ttl: u64) -> u32 {
    u32::try_from(ttl).unwrap_or(u32::MAX)
}
