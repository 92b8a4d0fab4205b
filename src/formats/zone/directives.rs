//! The directives `$ORIGIN`, `$TTL` and `$INCLUDE`.

use crate::{
    formats::{
        rdata,
        zone::{
            includes::include_candidates,
            names::{Bases, name, unknown_origin},
            reader::{Reader, saturate},
        },
    },
    name::Name,
    record::{Fault, FaultKind, Scan, Written},
    source::{self, Source},
    span::Span,
    suffix,
    syntax::zone::{Entry, Token},
};

/// How many files may include one another.
const DEPTH_MAX: usize = 10;
/// How many files may be included while one zone is read.
const INCLUDES_MAX: usize = 10_000;
/// How many bytes may be read in included files while one zone is read.
const INCLUDED_BYTES_MAX: usize = 256 << 20;

impl<'a> Reader<'a> {
    pub(super) fn directive(&mut self, source: &'a Source, entry: &Entry, bases: &mut Bases, scan: &mut Scan) {
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
                        let doubled = zone.as_ref().is_some_and(|zone| origin.ends_twice(zone));
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
}
