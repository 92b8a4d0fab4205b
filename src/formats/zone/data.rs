//! The data words of an entry, in the notation of a zone file.

use std::ops::Range;

use crate::{
    formats::{
        rdata::{self, Field, Notation, Problem},
        zone::{
            fields::{Head, is_class},
            names::{Bases, name},
        },
    },
    name::Name,
    record::{Fault, FaultKind, Other, Written},
    source::Source,
    span::Span,
    syntax::zone::{self as syntax, Token},
    text::Text,
};

/// The data words of an entry, in the notation of a file.
pub(super) struct Lines<'a> {
    pub(super) source: &'a Source,
    pub(super) tokens: &'a [Token],
    pub(super) bases: &'a Bases,
}

impl<'a> Lines<'a> {
    pub(super) fn field(source: &'a Source, token: &Token) -> Field<'a> {
        Field {
            bytes: &source.bytes()[token.inside()],
            span: Span::new(source.id, token.range()),
            quoted: token.quoted,
            hole: token.hole,
        }
    }

    /// A problem with data as a fault; a class or TTL before data that is right without it is a slip of its own.
    pub(super) fn fault(
        &self,
        problem: Problem,
        all: Span,
        head: &Head<'_>,
        other: Other,
        fields: &[Field<'_>],
    ) -> Fault {
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
                    if rdata::read(head.kind, other, rest, &lines).is_ok() {
                        return Fault {
                            span: first.span,
                            kind: FaultKind::TtlAfterType,
                        };
                    }
                }
                Fault {
                    span: at.unwrap_or(all),
                    kind: FaultKind::RdataInvalid {
                        kind: String::from_utf8_lossy(head.kind_word).to_ascii_uppercase(),
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
