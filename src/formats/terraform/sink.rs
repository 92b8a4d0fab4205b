//! Where records go, and how a value becomes the data of one.

use crate::{
    formats::{
        mx_value,
        terraform::{data, resources::Row, texts, value::Value},
    },
    name::Name,
    record::{Data, Fault, FaultKind, Maker, Parts, Record, Scan, Written, Zone},
    span::Span,
    syntax::hcl::Block,
};

/// How many zones of a set of modules are told apart.
const ZONES: usize = 1000;

/// Where the records of a resource go.
pub(super) struct Sink<'s> {
    pub(super) scan: &'s mut Scan,
    /// The resource, or the call of a module.
    pub(super) maker: &'s Block,
}

/// One record, on its way.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) owner: (Name, Written),
    pub(super) owner_at: Option<Span>,
    pub(super) kind: Option<(String, Span)>,
    pub(super) ttl: Option<(u32, Span)>,
    pub(super) many: bool,
}

impl Sink<'_> {
    /// Notes a zone that records lie in.
    pub(super) fn zone(&mut self, zone: &Name) {
        let zones = &self.scan.zones;
        let is_last = zones.last().is_some_and(|last| last.origin == *zone);
        if !is_last && zones.len() < ZONES && !zones.iter().any(|known| known.origin == *zone) {
            self.scan.zones.push(Zone {
                origin: zone.clone(),
                whole: false,
                has_soa: false,
            });
        }
    }

    /// A record with this value.
    pub(super) fn push(&mut self, made: &Made, value: &Value<'_>, preference: Option<&Value<'_>>, row: &Row) {
        if made.kind.as_ref().is_some_and(|(kind, _)| kind == "TLSA") && value.as_map().is_some() {
            return self.record(made, data::tlsa(value), value.at);
        }
        let Some(text) = value.text() else { return };
        let mut at = text.whole().unwrap_or(value.at);
        let Some((kind, kind_at)) = &made.kind else {
            return self.unknown(made, at);
        };
        let upper = kind.trim().to_ascii_uppercase();
        if upper == "MX" {
            self.scan.faults.extend(mx_value::no_host(&text).map(|span| Fault {
                span,
                kind: FaultKind::NoHost,
            }));
        }
        let data = match upper.as_str() {
            "TXT" | "SPF" => {
                let mut txt = texts::txt(text, row.texts, row.long);
                at = txt.text.whole().unwrap_or(at);
                txt.type99 = upper == "SPF";
                txt.maker = Some(Maker {
                    head: self.maker.head,
                    whole: self.maker.span,
                });
                Data::Txt(Box::new(txt))
            }
            _ => data::data(&upper, *kind_at, &text, at, preference.and_then(Value::as_number)),
        };
        self.record(made, data, at);
    }

    /// A record of which only the name is known.
    pub(super) fn unknown(&mut self, made: &Made, at: Span) {
        self.record(made, Data::Unknown, at);
    }

    fn record(&mut self, made: &Made, data: Data, at: Span) {
        let mut parts = Parts::default();
        if let Some(owner) = made.owner_at.filter(|owner| owner.source == at.source) {
            parts.owner = (owner.start, owner.len().min(u16::MAX.into()) as u16);
        }
        if let Some((_, ttl)) = made.ttl.filter(|(_, ttl)| ttl.source == at.source) {
            parts.ttl = (ttl.start, ttl.len().min(u8::MAX.into()) as u8);
        }
        let (owner, written) = made.owner.clone();
        let ttl = made.ttl.map(|(seconds, _)| seconds);
        let mut record = Record::new(owner, written, ttl, data, at, parts);
        record.many = made.many;
        self.scan.records.push(record);
    }
}
