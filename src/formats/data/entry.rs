//! One name with its records, on the way into a scan.

use crate::{
    formats::data::value::{self, Texts, Value},
    name::Name,
    record::{Data, Fault, FaultKind, Parts, Record, Scan, Written},
    source::Source,
    span::Span,
    syntax::yaml::{Kind, Tree, View},
    text::Text,
};

/// A name that records are about to be given to.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    source: &'a Source,
    owner: Name,
    /// How the name is written.
    pub(super) written: Written,
    ttl: Option<u32>,
    parts: Parts,
    /// Whether it may stand for several records, or for none.
    pub(super) many: bool,
}

impl<'a> Entry<'a> {
    /// A name that is written as a scalar and completed with `origin`; `None` if it is no name.
    pub(super) fn at(source: &'a Source, name: View<'_>, origin: &Name) -> Option<Entry<'a>> {
        let text = value::text(name)?;
        let labels = if text.is_empty() && text.is_complete() {
            Vec::new()
        } else {
            value::labels(&text, 0..text.len())?
        };
        Some(Entry::of(
            source,
            &text,
            Name::from_labels(labels, Some(origin)),
            Written::Relative,
        ))
    }

    /// A name that is known, and where it is written.
    pub(super) fn of(source: &'a Source, text: &Text, owner: Name, written: Written) -> Entry<'a> {
        let mut parts = Parts::default();
        if let Some(span) = text.whole().filter(|span| span.source == source.id) {
            parts.owner = (span.start, span.len().min(u16::MAX.into()) as u16);
        }
        Entry {
            source,
            owner,
            written,
            ttl: None,
            parts,
            many: false,
        }
    }

    /// Its TTL, where one is written.
    pub(super) fn ttl(&mut self, ttl: Option<View<'_>>) {
        let Some(ttl) = ttl else { return };
        self.ttl = ttl.value().and_then(|value| value.trim().parse().ok());
        let span = ttl.span();
        if self.ttl.is_some() && span.source == self.source.id {
            self.parts.ttl = (span.start, span.len().min(u8::MAX.into()) as u8);
        }
    }

    /// A record with this value.
    pub(super) fn push(&self, kind: View<'_>, value: &Value<'_>, texts: Texts, scan: &mut Scan) {
        let known = value::text(kind).filter(Text::is_complete);
        let data = match known.as_ref().and_then(|known| std::str::from_utf8(known.bytes()).ok()) {
            Some(name) => value::data(name.trim(), kind.span(), value, texts),
            None => Data::Unknown,
        };
        self.record(data, value.at(), scan);
    }

    /// The records whose values are the elements of a list, or the one with another value.
    pub(super) fn push_all(&self, kind: View<'_>, values: View<'_>, texts: Texts, scan: &mut Scan) {
        match values.kind() {
            Kind::Sequence => {
                values
                    .items()
                    .for_each(|value| self.push(kind, &Value::of(value), texts, scan));
            }
            _ => self.push(kind, &Value::of(values), texts, scan),
        }
    }

    /// A record of which only the name is known.
    pub(super) fn unknown(&self, value: View<'_>, scan: &mut Scan) {
        self.record(Data::Unknown, value.span(), scan);
    }

    fn record(&self, data: Data, at: Span, scan: &mut Scan) {
        let mut record = Record::new(self.owner.clone(), self.written, self.ttl, data, at, self.parts);
        record.many = self.many;
        scan.records.push(record);
    }
}

impl Scan {
    /// Notes why a tree could not be read to its end.
    pub(super) fn fault_of(&mut self, tree: &Tree) {
        if let Some(error) = &tree.error {
            let kind = match &error.message {
                Some(message) => FaultKind::Malformed(message.clone()),
                None => FaultKind::NotUtf8,
            };
            self.faults.push(Fault { span: error.span, kind });
        }
    }
}
