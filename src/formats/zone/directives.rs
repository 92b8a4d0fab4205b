//! The directives `$ORIGIN`, `$TTL` and `$INCLUDE`.

use crate::{
    formats::{
        rdata,
        zone::{
            includes::include_candidates,
            names::{Bases, name, unknown_origin},
            reader::{Directive, Reader, saturate},
        },
    },
    name::Name,
    record::{Fault, FaultKind, Scan, Written},
    source::{self, Server, Source},
    span::Span,
    suffix,
    syntax::zone::{self as syntax, Entry, Token},
};

/// How many files may include one another.
const DEPTH_MAX: usize = 10;
/// How many files may be included while one zone is read.
const INCLUDES_MAX: usize = 10_000;
/// How many bytes may be read in included files while one zone is read.
const INCLUDED_BYTES_MAX: usize = 256 << 20;

impl<'a> Reader<'a> {
    pub(super) fn directive(&mut self, source: &'a Source, entry: &Entry, bases: &mut Bases, scan: &mut Scan) {
        let span = |token: &Token| Span::new(source.id, token.range());
        let [first, arguments @ ..] = &entry.tokens[..] else {
            return;
        };
        let directive = source.bytes()[first.range()].to_ascii_uppercase();
        let all = arguments.last().map_or(span(first), |last| span(first).to(span(last)));
        let known = matches!(directive.as_slice(), b"$ORIGIN" | b"$TTL" | b"$INCLUDE" | b"$GENERATE");
        let problem = if entry.broken {
            self.whole = false;
            return;
        } else if !known {
            Some((span(first), FaultKind::UnknownDirective))
        } else if entry.indented {
            let start = entry.start as usize;
            let blanks = Span::new(source.id, start..start + syntax::blanks(&source.bytes()[start..]));
            Some((blanks, FaultKind::IndentedDirective))
        } else if let Some(hole) = arguments.iter().find(|token| is_filled_in(source, &directive, token)) {
            if directive == b"$ORIGIN" {
                *bases = Bases::new(source, unknown_origin(), Some(span(hole)));
            } else if directive == b"$TTL" {
                self.default_ttl = None;
                self.ttl_is_unknown = true;
            }
            self.whole = false;
            return self.template(source, hole, scan);
        } else {
            match (directive.as_slice(), arguments) {
                (b"$ORIGIN", [argument]) => self.origin(source, argument, bases, scan).err(),
                (b"$TTL", [argument]) => match rdata::ttl(&source.bytes()[argument.range()]) {
                    Some(ttl) => {
                        self.default_ttl = Some(saturate(ttl));
                        (ttl > rdata::TTL_MAX).then(|| (span(argument), FaultKind::TtlTooLarge))
                    }
                    None => Some((all, FaultKind::DirectiveInvalid)),
                },
                (b"$INCLUDE", [file]) => self.include(source, file, None, bases, scan).err(),
                (b"$INCLUDE", [file, origin]) => self.include(source, file, Some(origin), bases, scan).err(),
                (b"$GENERATE", arguments) => {
                    let problem = self.generate(source, all, arguments, bases, scan).err();
                    if !matches!(problem, Some((_, FaultKind::GenerateInvalid { .. }))) {
                        scan.faults.push(Fault {
                            span: span(first),
                            kind: FaultKind::Generate,
                        });
                    }
                    problem
                }
                _ => Some((all, FaultKind::DirectiveInvalid)),
            }
        };
        if let Some((span, kind)) = problem {
            self.whole &= matches!(kind, FaultKind::TtlTooLarge);
            scan.faults.push(Fault { span, kind });
        }
    }

    fn origin(
        &mut self,
        source: &'a Source,
        argument: &Token,
        bases: &mut Bases,
        scan: &mut Scan,
    ) -> Result<(), (Span, FaultKind)> {
        let span = Span::new(source.id, argument.range());
        let (mut origin, written) = name(source, argument, bases).map_err(|(kind, span)| (span, kind))?;
        if argument.quoted {
            scan.faults.push(Fault {
                span,
                kind: FaultKind::QuotedName { owner: true },
            });
        }
        if written == Written::Relative {
            let own = origin.label_count() - bases.origin.label_count();
            let meant = Name::from_labels(origin.labels().take(own), None);
            let zone = self.apex.as_ref().or(self.outside.as_ref());
            let doubled = zone.is_some_and(|zone| origin.ends_twice(zone));
            // PowerDNS takes every origin for an absolute one.
            let absolute = scan.servers == [Server::PowerDns];
            if !absolute {
                scan.faults.push(Fault {
                    span,
                    kind: FaultKind::OriginRelative { doubled },
                });
            }
            // What a forgotten dot makes of it is nobody's intention.
            if absolute || doubled || !origin.is_known() && own > 1 && suffix::has_known_tld(&meant) {
                origin = meant;
            }
        }
        bases.set_origin(source, origin, span);
        self.after = Some(Directive::Origin);
        Ok(())
    }

    fn include(
        &mut self,
        source: &'a Source,
        file: &Token,
        origin: Option<&Token>,
        bases: &Bases,
        scan: &mut Scan,
    ) -> Result<(), (Span, FaultKind)> {
        let span = Span::new(source.id, file.inside());
        let (origin, written_at) = match origin {
            Some(token) => {
                let (origin, _) = name(source, token, bases).map_err(|(kind, span)| (span, kind))?;
                (origin, Some(Span::new(source.id, token.range())))
            }
            None => (bases.origin.clone(), bases.written_at),
        };
        let path = String::from_utf8_lossy(&source.bytes()[file.inside()]).into_owned();
        let candidates = include_candidates(source, &path);
        let Some(target) = candidates.iter().find_map(|path| self.sources.at_path(path)) else {
            // It may hold a `$TTL`.
            self.ttl_is_unknown = true;
            let leaves = source::join(source.folder(), &path).is_none();
            let kind = if leaves {
                FaultKind::IncludeOutside
            } else {
                FaultKind::IncludeMissing
            };
            return Err((span, kind));
        };
        self.includes += 1;
        self.included_bytes += target.bytes().len();
        let too_much = self.includes > INCLUDES_MAX || self.included_bytes > INCLUDED_BYTES_MAX;
        if self.open.contains(&target.id) || self.open.len() > DEPTH_MAX || too_much {
            return Err((span, FaultKind::IncludeCycle));
        }
        self.open.push(target.id);
        let owner = (self.owner.clone(), self.owner_is_lost, self.owner_outside.clone());
        self.after = Some(Directive::Origin);
        let mut inner = Bases::new(target, origin, written_at);
        inner.is_settled |= bases.is_settled;
        self.file(target, inner, scan);
        (self.owner, self.owner_is_lost, self.owner_outside) = owner;
        self.after = Some(Directive::Included);
        self.open.pop();
        Ok(())
    }
}

/// Whether a template fills in an argument. `${offset,width,base}` is no template in `$GENERATE`.
fn is_filled_in(source: &Source, directive: &[u8], token: &Token) -> bool {
    let bytes = source.bytes();
    let is_template = |at: usize| bytes[at] != b'$' && bytes[at - 1] != b'$' && syntax::marker(bytes, at).is_some();
    token.hole && (directive != b"$GENERATE" || token.range().any(is_template))
}
