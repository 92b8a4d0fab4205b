//! Calls of modules that are not in the repository: whatever in their arguments looks like records.

use std::rc::Rc;

use crate::{
    formats::terraform::{
        eval::Evaluator,
        frame::Frame,
        instances::Instance,
        records::elements,
        resources,
        sink::{Made, Sink},
        value::{Is, Value, computed},
        zones,
    },
    name::Name,
    record::Scan,
    syntax::hcl::Block,
    text::Text,
};

/// How deep records may lie in arguments.
const DEPTH: usize = 6;

/// Arguments, and keys of objects, that name parts of a record or its zone.
const ZONES: [&str; 7] = [
    "zone_name",
    "domain_name",
    "domain",
    "zone",
    "name",
    "dns_zone",
    "zone_id",
];
const NAMES: [&str; 5] = ["full_name", "name", "subdomain", "host", "hostname"];
const TYPES: [&str; 2] = ["type", "record_type"];
const VALUES: [&str; 6] = ["records", "record", "values", "value", "content", "rrdatas"];

/// Types of records that modules have arguments for.
const KINDS: [&str; 8] = ["a", "aaaa", "cname", "mx", "ns", "spf", "srv", "txt"];

/// What is known from around a record.
#[derive(Clone, Copy)]
struct Around<'a, 'f> {
    zone: Option<&'a Name>,
    kind: Option<&'a Value<'f>>,
    /// The key that it stands under.
    key: Option<&'a Text>,
}

impl<'f> Evaluator<'f> {
    /// The records in the arguments of a call.
    pub(super) fn arguments(&self, block: &'f Block, frame: &Rc<Frame<'f>>, instance: &Instance<'f>, scan: &mut Scan) {
        let Some(row) = resources::row("aws_route53_record") else {
            return;
        };
        let many = frame.many || instance.many;
        let value = |name: &str| {
            let expr = block.body.get(name)?;
            Some(instance.with(frame, |place| self.value(expr, place)))
        };
        let zone = ZONES.iter().find_map(|name| zones::origin(&value(name)?));
        for attribute in &block.body.attributes {
            if attribute.name == "source" {
                continue;
            }
            let value = instance.with(frame, |place| self.value(&attribute.value, place));
            let at = attribute.name_at;
            let kind = Value::of_text(computed(attribute.name.as_bytes(), at), at);
            let around = Around {
                zone: zone.as_ref(),
                kind: is_type(&kind).then_some(&kind),
                key: None,
            };
            let mut sink = Sink { scan, maker: block };
            self.look(&value, around, DEPTH, &mut |mut made, value| {
                made.many |= many;
                if let Some(zone) = &zone {
                    sink.zone(zone);
                }
                sink.push(&made, value, None, row);
            });
        }
    }

    /// Looks for records in a value.
    fn look<'a>(
        &self,
        value: &'a Value<'f>,
        around: Around<'a, 'f>,
        depth: usize,
        found: &mut dyn FnMut(Made, &Value<'f>),
    ) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.spend(1)) else {
            return;
        };
        match &value.is {
            Is::List(items) => {
                // Under a type, a list under a name is the values there.
                if let (Some(_), Some(key)) = (around.kind, around.key)
                    && items.iter().any(|item| item.text().is_some())
                {
                    return self.made(key, around, value, None, found);
                }
                let around = Around { key: None, ..around };
                items.iter().for_each(|item| self.look(item, around, depth, found));
            }
            Is::Map(map) => {
                let field = |names: &[&str]| names.iter().find_map(|name| map.get(name.as_bytes()));
                let kind = field(&TYPES).filter(|kind| is_type(kind)).or(around.kind);
                let name = field(&NAMES).and_then(Value::text);
                let key = name.as_ref().or(around.key);
                if let (Some(kind), Some(values), Some(key)) = (kind, field(&VALUES), key) {
                    let around = Around {
                        kind: Some(kind),
                        ..around
                    };
                    return self.made(key, around, values, field(&["ttl"]), found);
                }
                for (key, value) in map.entries.values() {
                    let named = Value::of_text(key.clone(), value.at);
                    let around = match is_type(&named) {
                        true => Around {
                            kind: Some(&named),
                            ..around
                        },
                        false => Around {
                            key: Some(key),
                            ..around
                        },
                    };
                    self.look(value, around, depth, found);
                }
            }
            Is::Text(_) => {
                if let (Some(_), Some(key)) = (around.kind, around.key) {
                    self.made(key, around, value, None, found);
                }
            }
            _ => {}
        }
    }

    fn made(
        &self,
        name: &Text,
        around: Around<'_, 'f>,
        values: &Value<'f>,
        ttl: Option<&Value<'f>>,
        found: &mut dyn FnMut(Made, &Value<'f>),
    ) {
        let kind = |value: &Value<'f>| Some((kind_of(&value.word()?)?.to_string(), value.at));
        let Some(kind) = around.kind.and_then(kind) else {
            return;
        };
        let Some(owner) = zones::owner(name, resources::Names::Either, around.zone) else {
            return;
        };
        let (values, is_open) = elements(values.clone(), &VALUES);
        for value in &values {
            let made = Made {
                owner: owner.clone(),
                owner_at: name.whole(),
                kind: Some(kind.clone()),
                ttl: ttl.and_then(|ttl| Some((ttl.as_number()? as u32, ttl.at))),
                many: is_open,
            };
            found(made, value);
        }
    }
}

/// Whether a word is the type of records, or an argument that is called for one.
fn is_type(value: &Value<'_>) -> bool {
    value.word().is_some_and(|word| kind_of(&word).is_some())
}

/// The type of records that a word stands for.
fn kind_of(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let word = word
        .strip_suffix("_records")
        .or(word.strip_suffix("_record"))
        .unwrap_or(&word);
    KINDS.into_iter().find(|kind| *kind == word)
}
