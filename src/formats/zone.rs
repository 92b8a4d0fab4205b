//! Zone files (RFC 1035, section 5): where records stand in them, and for which zone.

use std::{ops::Range, sync::Arc};

use crate::{
    format::Format,
    formats::{
        rdata::{self, Field, Notation, Problem},
        server,
    },
    name::{Base, LABEL_MAX, NAME_MAX, Name},
    record::{Data, Fault, FaultKind, Other, Parts, Record, Scan, Written, Zone},
    source::{self, Server, Source, Sources},
    span::{SourceId, Span},
    spelling::Spelling,
    suffix,
    syntax::zone::{self as syntax, Entry, Lexer, Token},
    text::Text,
};

/// Zone files.
pub static FORMAT: Format = Format {
    name: "zone",
    claims,
    read,
    parts,
    looks_at,
};

/// How many files may include one another.
const DEPTH_MAX: usize = 10;
/// How many files may be included while one zone is read.
const INCLUDES_MAX: usize = 10_000;
/// How many bytes may be read in included files while one zone is read.
const INCLUDED_BYTES_MAX: usize = 256 << 20;
/// How many records `$GENERATE` may make in one zone.
const GENERATED_MAX: u64 = 65_536;

/// How a file of records looks from outside: a first line that is a record or a directive, and enough of them.
fn claims(source: &Source) -> bool {
    let bytes = source.bytes();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let named = has_zone_name(source);
    let never = [
        ".md",
        ".markdown",
        ".rst",
        ".adoc",
        ".html",
        ".htm",
        ".xml",
        ".json",
        ".yaml",
        ".yml",
        ".tf",
        ".svg",
    ];
    let start = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .and_then(|at| bytes.get(at..))
        .unwrap_or_default();
    if never.iter().any(|end| source.path.ends_with(end))
        || start.is_empty()
        || matches!(start[0], b'<' | b'[')
        || start.starts_with(b"#!")
    {
        return false;
    }
    let (mut seen, mut records, mut sure) = (0, 0, false);
    let mut depth = 0;
    for line in bytes[..bytes.len().min(64 << 10)]
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .take(2000)
    {
        let line = &line[..line.len().min(1000)];
        let inside = depth > 0;
        let text = match line.iter().position(|byte| *byte == b';') {
            // A comment may hold anything, a quoted string too; either way what stands before it is enough.
            Some(end) => &line[..end],
            None => line,
        };
        if !text.contains(&b'"') {
            depth += text.iter().filter(|byte| **byte == b'(').count();
            depth = depth.saturating_sub(text.iter().filter(|byte| **byte == b')').count());
        } else if text.contains(&b')') {
            depth = 0;
        }
        if inside || text.trim_ascii().is_empty() || text.trim_ascii_start().starts_with(b"{") {
            continue;
        }
        let hash = matches!(text.trim_ascii_start(), [b'#', ..] | [b'/', b'/', ..]);
        if hash && named {
            continue;
        }
        seen += 1;
        match look(text) {
            Look::Directive => {
                records += 1;
                sure = true;
            }
            Look::Soa => {
                records += 1;
                sure = true;
            }
            Look::Record => records += 1,
            Look::Else if seen == 1 && !named => return false,
            Look::Else => {}
        }
        if seen >= 60 {
            break;
        }
    }
    records * 2 >= seen && (sure || records >= 2 || records == 1 && named)
}

enum Look {
    Directive,
    Soa,
    Record,
    Else,
}

/// What a line seems to be, by its words.
fn look(line: &[u8]) -> Look {
    let mut words = line
        .split(|byte| matches!(byte, b' ' | b'\t' | b'(' | b')'))
        .filter(|word| !word.is_empty());
    let Some(first) = words.clone().next() else {
        return Look::Else;
    };
    if line[0] == b'$' {
        let known = [b"$ORIGIN".as_slice(), b"$TTL", b"$INCLUDE", b"$GENERATE"];
        let assigns = words.nth(1).is_none_or(|second| second.starts_with(b"="));
        return if known.iter().any(|name| first.eq_ignore_ascii_case(name)) && !assigns {
            Look::Directive
        } else {
            Look::Else
        };
    }
    if !matches!(line[0], b' ' | b'\t') {
        words.next();
    }
    let mut class = false;
    for word in words.by_ref() {
        if word.eq_ignore_ascii_case(b"IN") {
            class = true;
        } else if rdata::ttl(word).is_some() {
            continue;
        } else {
            let known = matches!(
                word.to_ascii_uppercase().as_slice(),
                b"A" | b"AAAA"
                    | b"CNAME"
                    | b"MX"
                    | b"TXT"
                    | b"NS"
                    | b"SOA"
                    | b"SRV"
                    | b"PTR"
                    | b"CAA"
                    | b"TLSA"
                    | b"SPF"
                    | b"SSHFP"
                    | b"DS"
                    | b"LUA"
                    | b"ALIAS"
                    | b"HTTPS"
            );
            let loud = class || word.iter().all(|byte| !byte.is_ascii_lowercase());
            return match known && loud && words.next().is_some() {
                true if word.eq_ignore_ascii_case(b"SOA") => Look::Soa,
                true => Look::Record,
                false => Look::Else,
            };
        }
    }
    Look::Else
}

fn has_zone_name(source: &Source) -> bool {
    let name = source.file_name();
    name.starts_with("db.")
        || [".zone", ".db", ".hosts", ".dns", ".rpz"]
            .iter()
            .any(|end| name.ends_with(end))
        || zone_of_file_name(name).is_some()
}

/// The zone that a file's name tells: without the usual prefixes and suffixes, if the rest looks like a domain.
fn zone_of_file_name(name: &str) -> Option<Name> {
    let mut rest = name;
    for prefix in ["db.", "zone.", "named.", "pri.", "master."] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    while let Some(shorter) = [
        ".zone", ".db", ".hosts", ".txt", ".dns", ".in", ".j2", ".tmpl", ".tpl", ".", ".signed",
    ]
    .iter()
    .find_map(|end| rest.strip_suffix(end))
    {
        rest = shorter;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/');
    let name = Name::parse(rest).filter(|name| name.label_count() > 1)?;
    (rest.bytes().all(plain) && suffix::has_known_tld(&name)).then_some(name)
}

/// The zones that a file is for, as far as something else than its content tells.
fn zones_from_outside(source: &Source, sources: &Sources) -> Vec<Name> {
    let configured: Vec<Name> = server::zones_of(source, sources)
        .iter()
        .filter_map(|zone| Name::parse(zone))
        .collect();
    if !configured.is_empty() {
        return configured;
    }
    let links: Vec<Name> = source
        .links
        .iter()
        .filter_map(|link| zone_of_file_name(source::file_name(link)))
        .collect();
    if !links.is_empty() {
        return links;
    }
    let by_name = zone_of_file_name(source.file_name());
    by_name
        .or_else(|| source.folder().rsplit('/').find_map(zone_of_file_name))
        .into_iter()
        .collect()
}

/// The paths that the `$INCLUDE` directives of a file may mean.
fn looks_at(source: &Source) -> Vec<String> {
    included(source)
        .into_iter()
        .flat_map(|path| include_candidates(source, &path))
        .collect()
}

/// The files that a file includes.
fn parts(source: &Source, sources: &Sources) -> Vec<SourceId> {
    let resolve = |path: String| {
        include_candidates(source, &path)
            .iter()
            .find_map(|path| sources.at_path(path))
            .map(|part| part.id)
    };
    included(source).into_iter().filter_map(resolve).collect()
}

/// The paths in the `$INCLUDE` directives of a file, as they are written.
fn included(source: &Source) -> Vec<String> {
    let mut paths = Vec::new();
    for at in memchr::memchr_iter(b'$', source.bytes()) {
        let line_start = at == 0 || matches!(source.bytes()[at - 1], b'\n' | b'\r');
        let rest = &source.bytes()[at..];
        if line_start && rest.len() > 8 && rest[..8].eq_ignore_ascii_case(b"$INCLUDE") {
            let line = &rest[8..rest
                .iter()
                .position(|byte| matches!(byte, b'\n' | b'\r'))
                .unwrap_or(rest.len())];
            let word = line
                .trim_ascii()
                .split(|byte| matches!(byte, b' ' | b'\t' | b';'))
                .next()
                .unwrap_or_default();
            paths.push(String::from_utf8_lossy(word).trim_matches('"').to_string());
        }
    }
    paths
}

/// Where an included file may lie, the likeliest first: beside the including file, in the folders above it, at the root.
fn include_candidates(source: &Source, path: &str) -> Vec<String> {
    let mut folder = source.folder();
    let mut candidates = Vec::new();
    loop {
        candidates.extend(source::join(folder, path));
        if folder.is_empty() {
            return candidates;
        }
        folder = source::folder(folder);
    }
}

fn read(source: &Source, sources: &Sources) -> Scan {
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
struct Reader<'a> {
    sources: &'a Sources,
    /// The zone, as far as something else than the content tells.
    outside: Option<Name>,
    /// The apex, once the SOA is read.
    apex: Option<Name>,
    whole: bool,
    has_template: bool,
    /// Whether names were completed though nothing tells the origin.
    lacks_origin: Option<Span>,
    default_ttl: Option<u32>,
    last_ttl: Option<u32>,
    minimum: Option<u32>,
    /// Whether something that cannot be read tells the TTL of records that have none.
    ttl_is_unknown: bool,
    /// How many blocks of a template are open: loops, or conditions.
    blocks: usize,
    ttl_missing: Option<Span>,
    ttl_inherited: Option<Span>,
    owner: Option<Name>,
    /// Whether the next record without an owner has it from before a directive.
    after_directive: bool,
    open: Vec<SourceId>,
    includes: usize,
    included_bytes: usize,
    generated: u64,
    out_of_zone: Vec<(Span, Name)>,
    fields: Vec<Field<'a>>,
}

/// What completes the names of one file at one place in it.
struct Bases {
    origin: Name,
    origin_len: usize,
    relative: Arc<Base>,
    absolute: Arc<Base>,
}

impl Bases {
    fn new(source: &Source, origin: Name) -> Bases {
        Bases {
            origin_len: origin.wire_len(),
            relative: Base::new(Arc::clone(&source.octets), Some(origin.clone())),
            absolute: Base::new(Arc::clone(&source.octets), None),
            origin,
        }
    }
}

fn unknown_origin() -> Name {
    Name::from_labels([None::<&[u8]>], None)
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
            ttl_is_unknown: false,
            blocks: 0,
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

    fn file(&mut self, source: &'a Source, origin: Name, scan: &mut Scan) {
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
            if first.hole {
                let end = entry.tokens.last().map_or(first.end, |last| last.end);
                self.count_blocks(&bytes[first.start as usize..end as usize]);
            }
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

    fn template(&mut self, source: &'a Source, token: &Token, scan: &mut Scan) {
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

    /// The TTL of a record that has none of its own (RFC 2308, section 4, and RFC 1035, section 5.1). Without any, BIND takes
    /// the minimum of an SOA that came before. `None` if there is none, or if the file does not tell it.
    fn inherited_ttl(&self) -> Option<u32> {
        let from_records = self.last_ttl.or(self.minimum).filter(|_| !self.ttl_is_unknown);
        self.default_ttl.or(from_records)
    }

    fn directive(&mut self, source: &'a Source, entry: &Entry, bases: &mut Bases, scan: &mut Scan) {
        let word = |token: &Token| &source.bytes()[token.range()];
        let span = |token: &Token| Span::new(source.id, token.range());
        let (first, arguments) = entry.tokens.split_first().expect("checked by the caller");
        let directive = word(first).to_ascii_uppercase();
        let known = matches!(directive.as_slice(), b"$ORIGIN" | b"$TTL" | b"$INCLUDE" | b"$GENERATE");
        let mut fault = |span: Span, kind: FaultKind| scan.faults.push(Fault { span, kind });
        if entry.broken {
            return;
        }
        if !known {
            return fault(span(first), FaultKind::UnknownDirective);
        }
        if entry.indented {
            let blanks = Span::new(source.id, entry.start as usize..first.start as usize);
            return fault(blanks, FaultKind::IndentedDirective);
        }
        if arguments.iter().any(|token| token.hole) && directive != b"$GENERATE" {
            if directive == b"$ORIGIN" {
                *bases = Bases::new(source, unknown_origin());
            } else if directive == b"$TTL" {
                self.default_ttl = None;
                self.ttl_is_unknown = true;
            }
            self.whole = false;
            let hole = arguments.iter().find(|token| token.hole).copied().expect("just found");
            return self.template(source, &hole, scan);
        }
        let all = || {
            entry
                .tokens
                .last()
                .map_or(span(first), |last| span(first).to(span(last)))
        };
        match (directive.as_slice(), arguments) {
            (b"$ORIGIN", [argument]) => match name(source, argument, bases) {
                Ok((origin, written)) => {
                    if written == Written::Relative {
                        let zone = self.apex.clone().or(self.outside.clone());
                        let doubled = zone.as_ref().is_some_and(|zone| ends_twice(&origin, zone));
                        // With nothing to complete it, a final dot was forgotten; then it means what it says.
                        let lost = !origin.is_known();
                        fault(
                            span(argument),
                            FaultKind::OriginRelative {
                                doubled: doubled || lost && suffix::has_known_tld(&origin.clone()),
                            },
                        );
                        let own = origin.label_count() - bases.origin.label_count();
                        let repaired = Name::from_labels(origin.labels().take(own), None);
                        *bases = Bases::new(source, if doubled || lost { repaired } else { origin });
                    } else {
                        *bases = Bases::new(source, origin);
                    }
                    self.after_directive = true;
                }
                Err((kind, span)) => fault(span, kind),
            },
            (b"$TTL", [argument]) => match rdata::ttl(word(argument)) {
                Some(ttl) => {
                    if ttl > rdata::TTL_MAX {
                        fault(span(argument), FaultKind::TtlTooLarge);
                    }
                    self.default_ttl = Some(saturate(ttl));
                }
                None => fault(all(), FaultKind::DirectiveInvalid),
            },
            (b"$INCLUDE", [file]) => self.include(source, file, None, bases, scan),
            (b"$INCLUDE", [file, origin]) => match name(source, origin, bases) {
                Ok((origin, _)) => self.include(source, file, Some(origin), bases, scan),
                Err((kind, span)) => fault(span, kind),
            },
            (b"$GENERATE", arguments) => self.generate(source, entry, arguments, bases, scan),
            _ => fault(all(), FaultKind::DirectiveInvalid),
        }
    }

    fn include(&mut self, source: &'a Source, file: &Token, origin: Option<Name>, bases: &Bases, scan: &mut Scan) {
        let span = Span::new(source.id, file.inside());
        let path = String::from_utf8_lossy(&source.bytes()[file.inside()]).into_owned();
        let mut fault = |kind: FaultKind| scan.faults.push(Fault { span, kind });
        self.after_directive = true;
        let candidates = include_candidates(source, &path);
        let Some(target) = candidates.iter().find_map(|path| self.sources.at_path(path)) else {
            self.whole = false;
            // It may hold a `$TTL`.
            self.ttl_is_unknown = true;
            let leaves = source::join(source.folder(), &path).is_none();
            return fault(if leaves {
                FaultKind::IncludeOutside
            } else {
                FaultKind::IncludeMissing
            });
        };
        self.includes += 1;
        self.included_bytes += target.bytes().len();
        let too_much = self.includes > INCLUDES_MAX || self.included_bytes > INCLUDED_BYTES_MAX;
        if self.open.contains(&target.id) || self.open.len() > DEPTH_MAX || too_much {
            self.whole = false;
            return fault(FaultKind::IncludeCycle);
        }
        self.open.push(target.id);
        let owner = self.owner.clone();
        self.file(target, origin.unwrap_or_else(|| bases.origin.clone()), scan);
        self.owner = owner;
        self.after_directive = true;
        self.open.pop();
    }

    /// One record.
    fn entry(&mut self, source: &'a Source, entry: &Entry, bases: &Bases, scan: &mut Scan) {
        let bytes = source.bytes();
        let word = |token: &Token| &bytes[token.range()];
        let span_of = |token: &Token| Span::new(source.id, token.range());
        let (first, last) = match entry.tokens.as_slice() {
            [first, .., last] => (*first, *last),
            [only] => (*only, *only),
            [] => return,
        };
        let span = span_of(&first).to(span_of(&last));
        if entry.broken && !entry.unclosed {
            self.whole = false;
            return;
        }
        if !entry.indented
            && !first.quoted
            && matches!(word(&first), [b'#', ..] | [b'/', b'/', ..])
            && !self.is_record(source, &entry.tokens[1..])
        {
            let end = entry.tail.map_or(last.end, |(_, end)| end);
            let line = Span { end, ..span };
            scan.faults.push(Fault {
                span: Span {
                    end: span.start + if word(&first)[0] == b'#' { 1 } else { 2 },
                    ..line
                },
                kind: FaultKind::HashComment,
            });
            return;
        }
        let (owner_token, fields) = if entry.indented {
            (None, &entry.tokens[..])
        } else {
            (Some(first), &entry.tokens[1..])
        };
        let head = match head(source, fields) {
            Ok(head) => head,
            Err((at, kind)) => {
                if entry.tokens.iter().any(|token| token.hole) {
                    self.whole = false;
                    let hole = entry
                        .tokens
                        .iter()
                        .find(|token| token.hole)
                        .copied()
                        .expect("just found");
                    return self.template(source, &hole, scan);
                }
                self.whole = false;
                let looks = owner_token.is_some_and(|owner| looks_like_field(word(&owner)));
                scan.faults.push(match (at, owner_token) {
                    (_, Some(owner)) if looks && kind == FaultKind::NoType => Fault {
                        span: span_of(&owner),
                        kind: FaultKind::OwnerLooksLikeField { is_record: false },
                    },
                    (Some(at), _) => Fault {
                        span: span_of(&at),
                        kind,
                    },
                    (None, _) => Fault { span, kind },
                });
                return;
            }
        };
        // The owner.
        let mut parts = Parts::default();
        let (owner, written) = match owner_token {
            Some(token) => {
                parts.owner = (token.start, (token.end - token.start).min(u16::MAX.into()) as u16);
                if token.quoted {
                    scan.faults.push(Fault {
                        span: span_of(&token),
                        kind: FaultKind::QuotedName { owner: true },
                    });
                }
                match name(source, &token, bases) {
                    Ok(name) => name,
                    Err((kind, span)) => {
                        scan.faults.push(Fault { span, kind });
                        self.owner = None;
                        self.whole = false;
                        return;
                    }
                }
            }
            None => match &self.owner {
                Some(owner) => {
                    if self.after_directive {
                        let blanks = Span::new(source.id, entry.start as usize..first.start as usize);
                        scan.faults.push(Fault {
                            span: blanks,
                            kind: FaultKind::InheritedAfterOrigin,
                        });
                    }
                    (owner.clone(), Written::Inherited)
                }
                None => {
                    // A fragment has it from the file that includes it.
                    if self.open.len() == 1 {
                        let blanks = Span::new(source.id, entry.start as usize..first.start as usize);
                        scan.faults.push(Fault {
                            span: blanks,
                            kind: FaultKind::NoOwner,
                        });
                    }
                    self.whole = false;
                    return;
                }
            },
        };
        self.after_directive = false;
        self.owner = Some(owner.clone());
        if !owner.is_known()
            && written != Written::Absolute
            && self.lacks_origin.is_none()
            && self.outside.is_none()
            && owner_token.is_some_and(|token| !token.hole)
        {
            self.lacks_origin = Some(Span {
                end: parts.owner.0 + u32::from(parts.owner.1),
                ..span
            });
        }
        if let Some(token) = owner_token
            && misplaced_field(word(&token), head.kind)
            && !owner
                .labels()
                .last()
                .flatten()
                .is_some_and(|last| last.eq_ignore_ascii_case(b"arpa"))
        {
            scan.faults.push(Fault {
                span: span_of(&token),
                kind: FaultKind::OwnerLooksLikeField { is_record: true },
            });
        }
        if let Some(class) = head.class
            && !word(&class).eq_ignore_ascii_case(b"IN")
        {
            self.whole = false;
            scan.faults.push(Fault {
                span: span_of(&class),
                kind: FaultKind::ClassMismatch,
            });
            return;
        }
        // The TTL.
        let own = head.ttl.map(|(_, ttl)| ttl);
        if let Some((token, ttl)) = head.ttl {
            parts.ttl = (token.start, (token.end - token.start).min(u8::MAX.into()) as u8);
            if ttl > rdata::TTL_MAX {
                scan.faults.push(Fault {
                    span: span_of(&token),
                    kind: FaultKind::TtlTooLarge,
                });
            }
        }
        // Data.
        let data_tokens = &fields[head.data..];
        if let Some(hole) = data_tokens.iter().find(|token| token.hole) {
            let hole = *hole;
            self.template(source, &hole, scan);
        }
        let other = Other {
            kind_at: head.kind_token.start,
            kind_len: (head.kind_token.end - head.kind_token.start).min(u8::MAX.into()) as u8,
            is_registered: rdata::is_registered(head.kind),
            data_at: data_tokens.first().map_or(head.kind_token.end, |token| token.start),
        };
        let lines = Lines {
            source,
            tokens: data_tokens,
            bases,
        };
        let data_fields = &mut self.fields;
        data_fields.clear();
        data_fields.extend(data_tokens.iter().map(|token| Lines::field(source, token)));
        let mut data = match rdata::read(head.kind, other, data_fields, &lines) {
            Ok(data) => data,
            Err(problem) => {
                self.whole = false;
                if !data_tokens.iter().any(|token| token.hole) {
                    let all = match data_tokens {
                        [] => span_of(&head.kind_token),
                        [first, ..] => span_of(first).to(span_of(&last)),
                    };
                    scan.faults
                        .push(lines.fault(problem, all, head.kind, other, data_fields));
                }
                return;
            }
        };
        if let Data::Txt(txt) = &mut data {
            txt.tail = self.tail(source, entry, data_tokens);
            // Without a comment that swallowed the parenthesis, nothing tells where the text was meant to end.
            if entry.unclosed && txt.tail.is_none() {
                self.whole = false;
                return;
            }
        }
        if let Data::Soa(soa) = &data {
            self.minimum = soa.minimum;
            self.ttl_is_unknown |= soa.minimum.is_none();
            if self.apex.is_none() && owner.is_known() {
                self.apex = Some(owner.clone());
            }
        }
        let ttl = own.map(saturate).or_else(|| self.inherited_ttl());
        if own.is_none() && self.default_ttl.is_none() && !self.ttl_is_unknown && !matches!(data, Data::Soa(_)) {
            match ttl {
                Some(_) => {
                    self.ttl_inherited.get_or_insert(span);
                }
                None => {
                    self.ttl_missing.get_or_insert(span);
                }
            }
        }
        if let Some(ttl) = own {
            self.last_ttl = Some(saturate(ttl));
        }
        if written == Written::Absolute
            && owner.is_known()
            && self.apex.as_ref().is_none_or(|apex| !owner.is_within(apex))
        {
            let at = Span {
                start: parts.owner.0,
                end: parts.owner.0 + u32::from(parts.owner.1),
                ..span
            };
            self.out_of_zone.push((at, owner.clone()));
        }
        let loads = !entry.unclosed && !matches!(&data, Data::Tlsa(tlsa) if !rdata::tlsa_loads(tlsa));
        let mut record = Record::new(owner, written, ttl, data, span, parts);
        record.loads = loads;
        record.many = self.blocks > 0;
        scan.records.push(record);
    }

    /// The comment behind the last bare word of a text, on its line.
    fn tail(&self, source: &'a Source, entry: &Entry, data: &[Token]) -> Option<Box<Text>> {
        let range = if entry.unclosed {
            // The comment that swallowed the closing parenthesis: on the line of the first words.
            let bytes = source.bytes();
            let start = data.first()?.start as usize;
            let end = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |end| start + end);
            let last = data.iter().take_while(|token| (token.end as usize) <= end).last()?;
            let comment = last.end as usize + memchr::memchr(b';', &bytes[last.end as usize..end])?;
            if last.quoted || !bytes[last.end as usize..comment].trim_ascii().is_empty() {
                return None;
            }
            comment..end
        } else {
            let (start, end) = entry.tail?;
            if data.last().is_none_or(|last| last.quoted) {
                return None;
            }
            start as usize..end as usize
        };
        Some(Box::new(syntax::comment(source, range)))
    }

    fn is_record(&self, source: &'a Source, tokens: &[Token]) -> bool {
        head(source, tokens).is_ok_and(|head| rdata::is_registered(head.kind) && tokens.len() > head.data)
    }

    /// `$GENERATE start-stop[/step] owner [ttl] [class] type data`, as BIND's manual has it.
    fn generate(&mut self, source: &'a Source, entry: &Entry, arguments: &[Token], bases: &Bases, scan: &mut Scan) {
        let bytes = source.bytes();
        let word = |token: &Token| &bytes[token.range()];
        let span_of = |token: &Token| Span::new(source.id, token.range());
        let all = entry
            .tokens
            .first()
            .zip(entry.tokens.last())
            .map(|(first, last)| span_of(first).to(span_of(last)));
        let Some(all) = all else { return };
        scan.faults.push(Fault {
            span: span_of(&entry.tokens[0]),
            kind: FaultKind::Generate,
        });
        let mut fault = |span: Span, kind: FaultKind| scan.faults.push(Fault { span, kind });
        let invalid = FaultKind::GenerateInvalid { unquoted: None };
        let [range, owner, fields @ ..] = arguments else {
            return fault(all, invalid);
        };
        let Some((start, stop, step)) = generate_range(word(range)) else {
            self.whole = false;
            return fault(span_of(range), invalid);
        };
        let (head, data) = match head(source, fields) {
            Ok(head) if head.class.is_none_or(|class| word(&class).eq_ignore_ascii_case(b"IN")) => {
                match &fields[head.data..] {
                    [data] => (head, *data),
                    [] => return fault(all, invalid),
                    [first, .., last] => {
                        self.whole = false;
                        let unquoted = span_of(first).to(span_of(last));
                        let plain = fields[head.data..].iter().all(|token| !token.quoted && !token.escaped);
                        return fault(
                            unquoted,
                            FaultKind::GenerateInvalid {
                                unquoted: plain.then_some(unquoted),
                            },
                        );
                    }
                }
            }
            _ => {
                self.whole = false;
                return fault(all, invalid);
            }
        };
        let count = (u64::from(stop) - u64::from(start)) / u64::from(step) + 1;
        self.generated = self.generated.saturating_add(count);
        if self.generated > GENERATED_MAX {
            self.whole = false;
            return fault(span_of(range), FaultKind::GenerateTooLarge);
        }
        let own = head.ttl.map(|(_, ttl)| saturate(ttl));
        let ttl = own.or_else(|| self.inherited_ttl());
        let other = Other {
            kind_at: head.kind_token.start,
            kind_len: (head.kind_token.end - head.kind_token.start).min(u8::MAX.into()) as u8,
            is_registered: rdata::is_registered(head.kind),
            data_at: data.start,
        };
        let parts = Parts {
            owner: (owner.start, (owner.end - owner.start).min(u16::MAX.into()) as u16),
            ttl: head.ttl.map_or((0, 0), |(token, _)| {
                (token.start, (token.end - token.start).min(u8::MAX.into()) as u8)
            }),
        };
        let mut value = u64::from(start);
        while value <= u64::from(stop) {
            let made = (|| {
                let owner_text = substitute(word(owner), value)?;
                let data_text = substitute(&bytes[data.inside()], value)?;
                let (name, written) = name_of(&owner_text, span_of(owner), &bases.origin).ok()?;
                let made = Made {
                    words: data_text
                        .split(|byte| matches!(byte, b' ' | b'\t'))
                        .filter(|word| !word.is_empty())
                        .collect(),
                    span: span_of(&data),
                    bases,
                };
                let fields: Vec<Field<'_>> = made.words.iter().map(|word| made.field(word)).collect();
                let data = rdata::read(head.kind, other, &fields, &made).ok()?;
                Some(Record::new(name, written, ttl, data, all, parts))
            })();
            match made {
                Some(record) => scan.records.push(record),
                None => {
                    self.whole = false;
                    scan.faults.push(Fault {
                        span: all,
                        kind: invalid,
                    });
                    return;
                }
            }
            value += u64::from(step);
        }
    }
}

fn saturate(ttl: u64) -> u32 {
    u32::try_from(ttl).unwrap_or(u32::MAX)
}

/// Whether a name ends in the zone's name twice.
pub fn ends_twice(name: &Name, zone: &Name) -> bool {
    let labels = zone.label_count();
    labels > 0 && name.label_count() >= 2 * labels && name.is_within(zone) && {
        let rest = Name::from_labels(name.labels().take(name.label_count() - labels), None);
        rest.is_within(zone)
    }
}

/// What stands before the data: `[ttl] [class] type` in either order (RFC 1035, section 5.1).
struct Head<'a> {
    ttl: Option<(Token, u64)>,
    class: Option<Token>,
    kind_token: Token,
    kind: &'a [u8],
    /// The number of fields before the data.
    data: usize,
}

fn head<'a>(source: &'a Source, fields: &[Token]) -> Result<Head<'a>, (Option<Token>, FaultKind)> {
    let (mut ttl, mut class) = (None, None);
    for (index, token) in fields.iter().enumerate() {
        let word = &source.bytes()[token.range()];
        if token.quoted || token.hole {
            return Err((Some(*token), FaultKind::NoType));
        }
        if let Some(seconds) = rdata::ttl(word) {
            if ttl.is_some() {
                return Err((Some(*token), FaultKind::FieldTwice));
            }
            ttl = Some((*token, seconds));
        } else if ["IN", "CH", "HS", "CS", "NONE", "ANY"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
        {
            if class.is_some() {
                return Err((Some(*token), FaultKind::FieldTwice));
            }
            class = Some(*token);
        } else {
            let plain = word
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                && word[0].is_ascii_alphabetic();
            // A type that no server knows has data all the same, and is written like one.
            let vendor = fields.len() > index + 1 && word.iter().all(|byte| !byte.is_ascii_lowercase());
            if !plain || !(rdata::is_registered(word) || vendor) {
                return Err((Some(*token), FaultKind::NoType));
            }
            return Ok(Head {
                ttl,
                class,
                kind_token: *token,
                kind: word,
                data: index + 1,
            });
        }
    }
    Err((None, FaultKind::NoType))
}

/// Whether a word in the first column looks like a field: a class, a TTL or a type that mail needs.
fn looks_like_field(word: &[u8]) -> bool {
    is_class(word)
        || rdata::ttl(word).is_some()
        || ["TXT", "MX", "CNAME", "TLSA"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

fn is_class(word: &[u8]) -> bool {
    ["IN", "CH", "HS"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether an owner before a whole record was meant to be its class or its TTL. Hosts may have such names, too.
fn misplaced_field(word: &[u8], kind: &[u8]) -> bool {
    let mail = ["TXT", "MX", "SPF", "TLSA"]
        .iter()
        .any(|name| kind.eq_ignore_ascii_case(name.as_bytes()));
    let class = is_class(word) && (mail || word.iter().all(u8::is_ascii_uppercase));
    let seconds = matches!(rdata::ttl(word), Some(60..)) && mail;
    class || seconds
}

/// The data words of an entry, in the notation of a file.
struct Lines<'a> {
    source: &'a Source,
    tokens: &'a [Token],
    bases: &'a Bases,
}

impl<'a> Lines<'a> {
    fn field(source: &'a Source, token: &Token) -> Field<'a> {
        Field {
            bytes: &source.bytes()[token.inside()],
            span: Span::new(source.id, token.range()),
            quoted: token.quoted,
            hole: token.hole,
        }
    }

    /// A problem with data as a fault; a class or TTL before data that is right without it is a slip of its own.
    fn fault(&self, problem: Problem, all: Span, kind: &[u8], other: Other, fields: &[Field<'_>]) -> Fault {
        match problem {
            Problem::Name(kind, span) => Fault { span, kind },
            Problem::Generic { length, length_at } => Fault {
                span: all,
                kind: FaultKind::GenericInvalid { length, length_at },
            },
            Problem::Rdata(problem, at) => {
                if let [first, rest @ ..] = fields
                    && !rest.is_empty()
                    && !first.quoted
                    && (is_class(first.bytes) || rdata::ttl(first.bytes).is_some())
                {
                    let lines = Lines {
                        tokens: &self.tokens[1..],
                        ..*self
                    };
                    if rdata::read(kind, other, rest, &lines).is_ok() {
                        return Fault {
                            span: first.span,
                            kind: FaultKind::TtlAfterType,
                        };
                    }
                }
                Fault {
                    span: at.unwrap_or(all),
                    kind: FaultKind::RdataInvalid {
                        kind: String::from_utf8_lossy(kind).to_ascii_uppercase(),
                        problem,
                    },
                }
            }
        }
    }
}

impl Notation for Lines<'_> {
    fn name(&self, field: &Field<'_>) -> Result<(Name, Written), (FaultKind, Span)> {
        if field.quoted {
            return Err((FaultKind::QuotedName { owner: false }, field.span));
        }
        let token = Token {
            start: field.span.start,
            end: field.span.end,
            quoted: false,
            escaped: memchr::memchr(b'\\', field.bytes).is_some(),
            hole: field.hole,
        };
        name(self.source, &token, self.bases)
    }

    fn text(&self, first: usize) -> (Text, Vec<Range<u32>>) {
        syntax::text(self.source, self.tokens.get(first..).unwrap_or_default())
    }
}

/// The data words that `$GENERATE` made: all of them stand where its data stands.
struct Made<'a> {
    words: Vec<&'a [u8]>,
    span: Span,
    bases: &'a Bases,
}

impl<'a> Made<'a> {
    fn field(&self, word: &'a [u8]) -> Field<'a> {
        let inside = word
            .strip_prefix(b"\"")
            .and_then(|word| word.strip_suffix(b"\""))
            .unwrap_or(word);
        Field {
            bytes: inside,
            span: self.span,
            quoted: inside.len() != word.len(),
            hole: false,
        }
    }
}

impl Notation for Made<'_> {
    fn name(&self, field: &Field<'_>) -> Result<(Name, Written), (FaultKind, Span)> {
        name_of(field.bytes, self.span, &self.bases.origin)
    }

    fn text(&self, first: usize) -> (Text, Vec<Range<u32>>) {
        let mut text = Text::new();
        let mut strings = Vec::new();
        for word in &self.words[first..] {
            let start = text.len() as u32;
            let mut rest = self.field(word).bytes;
            while let Some(byte) = rest.first() {
                let (value, len) = syntax::escape(rest).unwrap_or((*byte, 1));
                text.push_spelled(&[value], self.span);
                rest = &rest[len.min(rest.len())..];
            }
            text.end_literal(self.span, Spelling::ZoneQuoted);
            strings.push(start..text.len() as u32);
        }
        if strings.len() == 1 {
            strings.clear();
        }
        (text, strings)
    }
}

/// `start-stop[/step]`.
fn generate_range(word: &[u8]) -> Option<(u32, u32, u32)> {
    let text = std::str::from_utf8(word).ok()?;
    let (range, step) = text.split_once('/').unwrap_or((text, "1"));
    let (start, stop) = range.split_once('-')?;
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u32>().ok())
            .flatten()
            .filter(|value| *value < 1 << 31)
    };
    let (start, stop, step) = (number(start)?, number(stop)?, number(step)?);
    (start <= stop && step > 0).then_some((start, stop, step))
}

/// A text of `$GENERATE` with its number: `$`, `${offset,width,base}`, and `$$` or `\$` for the sign itself.
fn substitute(text: &[u8], value: u64) -> Option<Vec<u8>> {
    let mut made = Vec::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, text.get(at + 1)) {
            (b'\\', Some(b'$')) | (b'$', Some(b'$')) => {
                made.push(b'$');
                at += 2;
            }
            (b'\\', Some(next)) => {
                made.extend([b'\\', *next]);
                at += 2;
            }
            (b'$', Some(b'{')) => {
                let len = text[at..].iter().position(|byte| *byte == b'}')?;
                let modifier = std::str::from_utf8(&text[at + 2..at + len]).ok()?;
                made.extend(modified(modifier, value)?.bytes());
                at += len + 1;
            }
            (b'$', _) => {
                made.extend(value.to_string().bytes());
                at += 1;
            }
            (byte, _) => {
                made.push(*byte);
                at += 1;
            }
        }
    }
    Some(made)
}

/// `offset[,width[,base]]` applied to a number.
fn modified(modifier: &str, value: u64) -> Option<String> {
    let mut parts = modifier.split(',');
    let offset: i64 = parts.next()?.parse().ok()?;
    let width: usize = parts.next().unwrap_or("0").parse().ok()?;
    let base = parts.next().unwrap_or("d");
    let value = u64::try_from(i64::try_from(value).ok()?.checked_add(offset)?).ok()?;
    if width > 255 || parts.next().is_some() {
        return None;
    }
    Some(match base {
        "d" => format!("{value:0width$}"),
        "o" => format!("{value:0width$o}"),
        "x" => format!("{value:0width$x}"),
        "X" => format!("{value:0width$X}"),
        // Nibbles from the lowest to the highest, with dots between; the width counts the dots.
        "n" | "N" => {
            let nibbles = width.div_ceil(2).max(1);
            let mut digits: Vec<String> = Vec::new();
            let mut rest = value;
            while rest > 0 || digits.len() < nibbles {
                digits.push(if base == "n" {
                    format!("{:x}", rest & 15)
                } else {
                    format!("{:X}", rest & 15)
                });
                rest >>= 4;
            }
            digits.join(".")
        }
        _ => return None,
    })
}

/// The name that a token is.
fn name(source: &Source, token: &Token, bases: &Bases) -> Result<(Name, Written), (FaultKind, Span)> {
    let inside = token.inside();
    let bytes = &source.bytes()[inside.clone()];
    if token.escaped || token.hole || token.quoted {
        return name_of(bytes, Span::new(source.id, inside), &bases.origin);
    }
    if bytes == b"@" {
        return Ok((Name::within(&bases.relative, 0, 0), Written::Origin));
    }
    let absolute = bytes.last() == Some(&b'.');
    let own = &bytes[..bytes.len() - usize::from(absolute)];
    if own.is_empty() && absolute {
        return Ok((Name::root(), Written::Absolute));
    }
    let mut label = 0;
    for (at, byte) in own.iter().enumerate() {
        if *byte == b'.' {
            check_label(label, at, &inside, source.id)?;
            label = at + 1;
        }
    }
    check_label(label, own.len(), &inside, source.id)?;
    let len = own.len() + 1 + if absolute { 1 } else { bases.origin_len };
    if len > NAME_MAX {
        return Err((FaultKind::NameTooLong, Span::new(source.id, inside)));
    }
    let base = if absolute { &bases.absolute } else { &bases.relative };
    let written = if absolute { Written::Absolute } else { Written::Relative };
    Ok((Name::within(base, inside.start, own.len()), written))
}

fn check_label(start: usize, end: usize, inside: &Range<usize>, source: SourceId) -> Result<(), (FaultKind, Span)> {
    let at = |start: usize, end: usize| Span::new(source, inside.start + start..inside.start + end);
    match end - start {
        // The two dots, or the one at the start.
        0 if end == 0 => Err((FaultKind::EmptyLabel, at(0, 1))),
        0 => Err((FaultKind::EmptyLabel, at(start - 1, (end + 1).min(inside.len())))),
        len if len > LABEL_MAX => Err((FaultKind::LabelTooLong, at(start, end))),
        _ => Ok(()),
    }
}

/// The name that is written as `bytes`, with escapes and template markers in it.
fn name_of(bytes: &[u8], span: Span, origin: &Name) -> Result<(Name, Written), (FaultKind, Span)> {
    if bytes == b"@" {
        return Ok((origin.clone(), Written::Origin));
    }
    if bytes == b"." {
        return Ok((Name::root(), Written::Absolute));
    }
    let mut labels: Vec<Option<Vec<u8>>> = Vec::new();
    let (mut label, mut known, mut started) = (Vec::new(), true, false);
    let mut at = 0;
    let mut finish = |label: &mut Vec<u8>, known: &mut bool| {
        if *known && label.is_empty() {
            return Err((FaultKind::EmptyLabel, span));
        }
        if *known && label.len() > LABEL_MAX {
            return Err((FaultKind::LabelTooLong, span));
        }
        let whole = std::mem::take(label);
        labels.push(known.then_some(whole));
        *known = true;
        Ok(())
    };
    while let Some(byte) = bytes.get(at) {
        started = true;
        if let Some(end) = syntax::marker(bytes, at) {
            known = false;
            at = end;
        } else if *byte == b'.' {
            finish(&mut label, &mut known)?;
            started = false;
            at += 1;
        } else if *byte == b'\\' {
            let (value, len) = syntax::escape(&bytes[at..]).unwrap_or((*byte, 1));
            label.push(value);
            at += len;
        } else {
            label.push(*byte);
            at += 1;
        }
    }
    let absolute = !started;
    if started {
        finish(&mut label, &mut known)?;
    }
    let name = Name::from_labels(labels, (!absolute).then_some(origin));
    if name.wire_len() > NAME_MAX {
        return Err((FaultKind::NameTooLong, span));
    }
    Ok((name, if absolute { Written::Absolute } else { Written::Relative }))
}
