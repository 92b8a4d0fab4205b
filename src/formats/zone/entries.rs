//! One entry: a record, or what was meant to be one.

use crate::{
    formats::{
        rdata,
        zone::{
            data::Lines,
            fields::{head, looks_like_field, misplaced_field},
            names::{Bases, name},
            reader::{Reader, saturate},
        },
    },
    record::{Data, Fault, FaultKind, Other, Parts, Record, Scan, Written},
    source::Source,
    span::Span,
    syntax::zone::{self as syntax, Entry, Token},
    text::Text,
};

impl<'a> Reader<'a> {
    /// One record.
    pub(super) fn entry(&mut self, source: &'a Source, entry: &Entry, bases: &Bases, scan: &mut Scan) {
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
        }
        if let Data::Soa(soa) = &data {
            self.minimum = soa.minimum;
            if self.apex.is_none() && owner.is_known() {
                self.apex = Some(owner.clone());
            }
        }
        let ttl = own
            .map(saturate)
            .or(self.default_ttl)
            .or(self.last_ttl)
            .or(self.minimum);
        if own.is_none() && self.default_ttl.is_none() && !matches!(data, Data::Soa(_)) {
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
}
