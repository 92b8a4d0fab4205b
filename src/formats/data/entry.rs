//! One name with its records, on the way into a scan.

use std::sync::Arc;

use crate::{
    formats::data::value::{self, Texts, Value},
    name::{Base, NAME_MAX, Name},
    record::{Data, Fault, FaultKind, Parts, Record, Scan, Written},
    source::Source,
    span::Span,
    syntax::yaml::{Tree, View},
    text::Text,
};

/// Names that are written in a file. Where they stand there as they are, they share its bytes.
#[derive(Clone)]
pub(super) struct Names<'a> {
    source: &'a Source,
    origin: Option<Name>,
    base: Arc<Base>,
    /// What completes names that are absolute.
    root: Arc<Base>,
}

impl<'a> Names<'a> {
    /// Names that are completed with `origin`; with `None` they are absolute, with or without a final dot.
    pub(super) fn new(source: &'a Source, origin: Option<&Name>) -> Names<'a> {
        let root = Base::new(Arc::clone(&source.octets), None);
        let base = match origin {
            Some(_) => Base::new(Arc::clone(&source.octets), origin.cloned()),
            None => Arc::clone(&root),
        };
        Names {
            source,
            origin: origin.cloned(),
            base,
            root,
        }
    }

    /// What completes them; the root for absolute ones.
    pub(super) fn origin(&self) -> Name {
        Name::of_origin(&self.base)
    }

    /// The names of the same file that are absolute.
    pub(super) fn absolute(&self) -> Names<'a> {
        Names {
            source: self.source,
            origin: None,
            base: Arc::clone(&self.root),
            root: Arc::clone(&self.root),
        }
    }

    /// The name that a value writes; `None` if it is no name.
    pub(super) fn of(&self, text: &Text) -> Option<Name> {
        let bytes = text.bytes();
        let written = text.whole().filter(|_| text.is_complete() && bytes.is_ascii());
        match written.filter(|span| self.source.at(*span) == bytes) {
            Some(span) => {
                let len = bytes.strip_suffix(b".").unwrap_or(bytes).len();
                (0 < len && len + 1 < NAME_MAX).then_some(())?;
                Name::within(&self.base, span.start as usize, len)
            }
            None => {
                let labels = value::labels(text, 0..text.len())?;
                Some(Name::from_labels(labels, self.origin.as_ref()))
            }
        }
    }
}

/// A name that records are about to be given to.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    source: &'a Source,
    owner: Name,
    /// The names in its data.
    targets: Names<'a>,
    /// How the name is written.
    pub(super) written: Written,
    ttl: Option<u32>,
    parts: Parts,
    /// Whether it may stand for several records, or for none.
    pub(super) many: bool,
    /// Whether it is published.
    pub(super) loads: bool,
}

impl<'a> Entry<'a> {
    /// A name that is written as a scalar; `None` if it is no name.
    pub(super) fn at(names: &Names<'a>, name: View<'_>) -> Option<Entry<'a>> {
        let text = value::text(name)?;
        let owner = if text.is_empty() && text.is_complete() {
            names.origin()
        } else {
            names.of(&text)?
        };
        Some(Entry::with(names.absolute(), &text, owner, Written::Relative))
    }

    /// A name that is known, and where it is written.
    pub(super) fn of(source: &'a Source, text: &Text, owner: Name, written: Written) -> Entry<'a> {
        Entry::with(Names::new(source, None), text, owner, written)
    }

    /// The same; the names in its data are among `targets`.
    pub(super) fn with(targets: Names<'a>, text: &Text, owner: Name, written: Written) -> Entry<'a> {
        let source = targets.source;
        let mut parts = Parts::default();
        if let Some(span) = text.whole().filter(|span| span.source == source.id) {
            parts.owner = written_at(span);
        }
        Entry {
            source,
            owner,
            targets,
            written,
            ttl: None,
            parts,
            many: false,
            loads: true,
        }
    }

    /// Tells where the name is written, if that is put together from several places.
    pub(super) fn owner_at(&mut self, span: Span) {
        self.parts.owner = written_at(span);
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
            Some(name) => {
                let is_mx = name.trim().eq_ignore_ascii_case("MX");
                let no_host = value.no_host().filter(|_| is_mx);
                scan.faults.extend(no_host.map(|span| Fault {
                    span,
                    kind: FaultKind::NoHost,
                }));
                value::data(name.trim(), kind.span(), value, texts, &self.targets)
            }
            None => Data::Unknown,
        };
        self.record(data, value.at(), scan);
    }

    /// A record of which only the name is known.
    pub(super) fn unknown(&self, value: View<'_>, scan: &mut Scan) {
        self.record(Data::Unknown, value.span(), scan);
    }

    fn record(&self, data: Data, at: Span, scan: &mut Scan) {
        // A record has its parts in one file. Where a value stands in another than its name, it is the value that counts.
        let is_here = at.source == self.source.id;
        let parts = if is_here { self.parts } else { Parts::default() };
        let data = match data {
            Data::Other(_) if !is_here => Data::Unknown,
            data => data,
        };
        let mut record = Record::new(self.owner.clone(), self.written, self.ttl, data, at, parts);
        record.many = self.many;
        record.loads = self.loads;
        scan.records.push(record);
    }
}

fn written_at(span: Span) -> (u32, u16) {
    (span.start, span.len().min(u16::MAX.into()) as u16)
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
