//! One entry: a record, or what was meant to be one.

use crate::{
    formats::{
        rdata::{self, Field, Kind},
        zone::{
            data::Lines,
            fields::{Head, NoHead, head, is_in, looks_like_field},
            names::Bases,
            reader::{Reader, saturate},
        },
    },
    policy::tlsa,
    record::{Data, Fault, FaultKind, Parts, Record, Scan, Written},
    source::Source,
    span::Span,
    syntax::zone::{self as syntax, Entry, Token},
    text::Text,
};

impl<'a> Reader<'a> {
    /// One record.
    pub(super) fn entry(&mut self, source: &'a Source, entry: &Entry, bases: &mut Bases, scan: &mut Scan) {
        let [first, ..] = entry.tokens[..] else { return };
        let (owner_token, fields) = if entry.indented {
            (None, &entry.tokens[..])
        } else {
            (Some(first), &entry.tokens[1..])
        };
        let head = match head(source, fields) {
            Ok(head) => head,
            Err(no_head) => return self.no_record(source, entry, no_head, bases, scan),
        };
        let mut parts = Parts::default();
        let (owner, written) = match owner_token {
            Some(token) => {
                parts.owner = (token.start, (token.end - token.start).min(u16::MAX.into()) as u16);
                match self.written_owner(source, &token, &head, bases, scan) {
                    Some(owner) => owner,
                    None => return,
                }
            }
            None => (self.inherited_owner(source, entry, bases, scan), Written::Inherited),
        };
        if !self.is_of_class(source, &head, scan) {
            return;
        }
        parts.ttl = head.ttl_place();
        if let Some((token, ttl)) = head.ttl
            && ttl > rdata::TTL_MAX
        {
            scan.faults.push(Fault {
                span: Span::new(source.id, token.range()),
                kind: FaultKind::TtlTooLarge,
            });
        }
        let mut data_tokens = &fields[head.data..];
        if entry.unclosed {
            self.whole = false;
            match before_comment(source, data_tokens) {
                Some(tokens) => data_tokens = tokens,
                None => return,
            }
        }
        let Some(data) = self.data(source, &head, data_tokens, bases, scan) else {
            return;
        };
        let end = data_tokens.last().map_or(head.kind_token.end, |last| last.end);
        let span = Span::new(source.id, first.start as usize..end as usize);
        let is_soa = matches!(data, Data::Soa(_));
        if let Data::Soa(soa) = &data {
            self.minimum = soa.minimum;
            self.ttl_is_unknown |= soa.minimum.is_none();
            if self.apex.is_none() && owner.is_known() {
                self.apex = Some(owner.clone());
                self.apex_is_written = written == Written::Absolute;
            }
        }
        let ttl = self.ttl(head.ttl.map(|(_, ttl)| ttl), is_soa, span);
        self.out_of_zone.extend(self.owner_outside.clone());
        let is_read = |data: &Data| match data {
            Data::Tlsa(tlsa) => tlsa::parse(&tlsa.fields, &tlsa.digits, &owner).loads(),
            _ => true,
        };
        let loads = !entry.unclosed && is_read(&data);
        if self.owner.is_none() {
            self.ownerless.push(scan.records.len());
        }
        let mut record = Record::new(owner, written, ttl, data, span, parts);
        record.loads = loads;
        record.many = self.blocks > 0;
        scan.records.push(record);
    }

    /// An entry without a type: a template may fill it in, or its first word was meant to be something else.
    fn no_record(&mut self, source: &'a Source, entry: &Entry, no_head: NoHead, bases: &Bases, scan: &mut Scan) {
        if let Some(hole) = entry.tokens.iter().find(|token| token.hole) {
            self.unreadable(source, entry, bases);
            return self.template(source, hole, scan);
        }
        let span = |token: &Token| Span::new(source.id, token.range());
        if let [owner, ..] = &entry.tokens[..]
            && !entry.indented
            && !owner.quoted
            && looks_like_field(&source.bytes()[owner.range()])
            && head(source, &entry.tokens).is_ok()
        {
            self.whole = false;
            scan.faults.push(Fault {
                span: span(owner),
                kind: FaultKind::OwnerLooksLikeField { is_record: false },
            });
            return;
        }
        self.unreadable(source, entry, bases);
        let whole = || Some(span(entry.tokens.first()?).to(span(entry.tokens.last()?)));
        let (span, kind) = match no_head.at {
            Some(token) if no_head.twice => (Some(span(&token)), FaultKind::FieldTwice),
            Some(token) => (Some(span(&token)), FaultKind::NoType),
            None => (whole(), FaultKind::Incomplete),
        };
        scan.faults.extend(span.map(|span| Fault { span, kind }));
    }

    /// Whether a record is of the class of the Internet. A zone of another class is nothing that mail asks for.
    fn is_of_class(&mut self, source: &'a Source, head: &Head<'_>, scan: &mut Scan) -> bool {
        let written = head.class.map(|class| (class, &source.bytes()[class.range()]));
        match written {
            Some((_, word)) if !is_in(word) && self.apex.is_none() && head.kind == Kind::Soa => {
                self.class = Some(word.to_ascii_uppercase());
            }
            _ => {}
        }
        let fits = match (&self.class, written) {
            (_, None) => true,
            (None, Some((_, word))) => is_in(word),
            (Some(class), Some((_, word))) => class.eq_ignore_ascii_case(word),
        };
        if let (false, Some((class, _))) = (fits, written) {
            scan.faults.push(Fault {
                span: Span::new(source.id, class.range()),
                kind: FaultKind::ClassMismatch,
            });
        }
        let is_wanted = fits && self.class.is_none();
        self.whole &= is_wanted;
        is_wanted
    }

    /// The data of a record; `None` if it is none, which is then told.
    fn data(
        &mut self,
        source: &'a Source,
        head: &Head<'_>,
        tokens: &[Token],
        bases: &Bases,
        scan: &mut Scan,
    ) -> Option<Data> {
        let hole = tokens.iter().find(|token| token.hole);
        if let Some(hole) = hole {
            self.template(source, hole, scan);
        }
        let other = head.other(tokens);
        let lines = Lines { source, tokens, bases };
        self.fields.clear();
        self.fields
            .extend(tokens.iter().map(|token| Lines::field(source, token)));
        match rdata::read(head.kind, other, &self.fields, &lines) {
            Ok(Data::Txt(mut txt)) => {
                txt.tail = tail(source, tokens);
                Some(Data::Txt(txt))
            }
            Ok(data) => Some(data),
            Err(problem) => {
                self.whole = false;
                if hole.is_none() {
                    let span = |token: &Token| Span::new(source.id, token.range());
                    let all = match tokens {
                        [] => span(&head.kind_token),
                        [first, .., last] => span(first).to(span(last)),
                        [only] => span(only),
                    };
                    scan.faults.push(lines.fault(problem, all, head, other, &self.fields));
                }
                None
            }
        }
    }

    /// The TTL of a record: its own, or the one that it inherits (RFC 2308, section 4, and RFC 1035, section 5.1). Without
    /// any, BIND takes the minimum of an SOA that came before. `None` if there is none, or if the file does not tell it.
    pub(super) fn ttl(&mut self, own: Option<u64>, is_soa: bool, span: Span) -> Option<u32> {
        if let Some(ttl) = own {
            self.last_ttl = Some(saturate(ttl));
            return self.last_ttl;
        }
        let from_records = self.last_ttl.or(self.minimum).filter(|_| !self.ttl_is_unknown);
        let ttl = self.default_ttl.or(from_records);
        if self.default_ttl.is_none() && !self.ttl_is_unknown && !is_soa {
            let place = match ttl {
                Some(_) => &mut self.ttl_inherited,
                None => &mut self.ttl_missing,
            };
            place.get_or_insert(span);
        }
        ttl
    }

    /// Whether the words behind a `#` in the first column are the rest of a record.
    pub(super) fn is_record(&self, source: &'a Source, tokens: &[Token], bases: &Bases) -> bool {
        let Ok(head) = head(source, tokens) else {
            return false;
        };
        let tokens = &tokens[head.data..];
        let lines = Lines { source, tokens, bases };
        let fields: Vec<Field<'_>> = tokens.iter().map(|token| Lines::field(source, token)).collect();
        let other = head.other(tokens);
        other.is_registered && rdata::read(head.kind, other, &fields, &lines).is_ok()
    }
}

/// The data words before a comment that swallowed the closing parenthesis, if that is what the first line of them has.
fn before_comment<'t>(source: &Source, data: &'t [Token]) -> Option<&'t [Token]> {
    let bytes = source.bytes();
    let start = data.first()?.start as usize;
    let end = start + memchr::memchr2(b'\n', b'\r', &bytes[start..]).unwrap_or(bytes.len() - start);
    let data = &data[..data.iter().take_while(|token| token.end as usize <= end).count()];
    let last = data.last()?.end as usize;
    let comment = &bytes[last + memchr::memchr(b';', &bytes[last..end])?..end];
    comment.contains(&b')').then_some(data)
}

/// The comment right behind the last word of a text, if that stands there without quotes.
fn tail(source: &Source, data: &[Token]) -> Option<Box<Text>> {
    let bytes = source.bytes();
    let last = data.last().filter(|last| !last.quoted)?.end as usize;
    let start = last + syntax::blanks(&bytes[last..]);
    let end = start + memchr::memchr2(b'\n', b'\r', &bytes[start..]).unwrap_or(bytes.len() - start);
    bytes[start..end]
        .starts_with(b";")
        .then(|| Box::new(syntax::comment(source, start..end)))
}
