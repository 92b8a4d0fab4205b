//! From a resource to its records.

use std::{collections::BTreeMap, rc::Rc};

use crate::{
    formats::terraform::{
        eval::Evaluator,
        frame::{Frame, Place, Scope},
        instances,
        resources::{self, Kind, Row, Values},
        sink::{Made, Sink},
        value::{self, Is, Map, Value},
        zones,
    },
    name::Name,
    record::Scan,
    syntax::hcl::{Block, Expr, What},
    text::Text,
};

/// The attributes with a TTL, and with the preference of an MX record.
const TTLS: [&str; 2] = ["ttl", "ttl_sec"];
const PREFERENCES: [&str; 5] = ["priority", "preference", "mx_pref", "prio", "mx_priority"];

/// The attributes of a resource, or of a block in it.
type Fields<'f> = BTreeMap<String, Value<'f>>;

impl<'f> Evaluator<'f> {
    /// The records that a resource declares.
    pub(super) fn resource(&self, block: &'f Block, frame: &Rc<Frame<'f>>, scan: &mut Scan) {
        let [kind, _] = &block.labels[..] else { return };
        let Some(row) = resources::row(kind) else { return };
        let mut sink = Sink { scan, maker: block };
        for instance in self.instances(block, frame) {
            if !self.spend(1) {
                return;
            }
            // With an identifier, it is one of several answers.
            let many = frame.many || instance.many || block.body.get("set_identifier").is_some();
            instance.with(frame, |place| self.instance(row, block, place, many, &mut sink));
        }
    }

    fn instance(&self, row: &Row, block: &'f Block, place: Place<'_, 'f>, many: bool, sink: &mut Sink<'_>) {
        let value = |name: &str| {
            block
                .body
                .get(name)
                .map(|expr| self.value(expr, place))
                .filter(|value| !value.is_null())
        };
        let first = |names: &[&str]| names.iter().find_map(|name| value(name));
        let sources = self.modules.sources;
        let told = || sources.told(sources.get(block.head.source), |told| told.origin.clone());
        let zone = first(row.zone).as_ref().and_then(zones::origin).or_else(told);
        if let Values::Records(kind, keys) = row.values {
            let (blocks, is_open) = self.blocks(block, kind, place);
            for fields in blocks {
                let field = |names: &[&str]| names.iter().find_map(|name| fields.get(*name).cloned());
                self.record(row, block, zone.as_ref(), &field, field(keys), many || is_open, sink);
            }
            return;
        }
        let has_name = row.name.iter().any(|name| block.body.get(name).is_some());
        let is_other = row.types.is_empty();
        if is_other && !(has_name && matches!(row.kind, Kind::In(names) if first(names).is_some())) {
            return;
        }
        let (values, is_open) = match row.values {
            Values::One(names) => (first(names).into_iter().collect(), false),
            Values::List(names, keys) => first(names).map_or_else(Default::default, |value| elements(value, keys)),
            Values::Blocks(kind, keys) => {
                let (blocks, is_open) = self.blocks(block, kind, place);
                let value = |fields: &Fields<'f>| {
                    let value = keys.iter().find_map(|key| fields.get(*key).cloned())?;
                    let preference = PREFERENCES.iter().find_map(|key| fields.get(*key).cloned());
                    Some((value, preference))
                };
                for (value, preference) in blocks.iter().filter_map(value) {
                    let field = |names: &[&str]| match names == PREFERENCES {
                        true => preference.clone(),
                        false => first(names),
                    };
                    self.record(row, block, zone.as_ref(), &field, Some(value), many || is_open, sink);
                }
                if is_open && blocks.is_empty() {
                    self.record(
                        row,
                        block,
                        zone.as_ref(),
                        &first,
                        Some(Value::unknown(block.head)),
                        true,
                        sink,
                    );
                }
                return;
            }
            Values::Records(..) => return,
        };
        if values.is_empty()
            && first(&["type"])
                .and_then(|kind| kind.word())
                .is_some_and(|kind| kind == "TLSA")
        {
            let data = self.blocks(block, "data", place).0.into_iter().next();
            if let Some(fields) = data {
                let value = Value::map(map(fields, block), block.head);
                return self.record(row, block, zone.as_ref(), &first, Some(value), many, sink);
            }
        }
        // An alias of a resource has no records of its own, but it answers.
        if values.is_empty() && !block.body.blocks.is_empty() {
            self.record(row, block, zone.as_ref(), &first, None, many, sink);
        }
        for value in values {
            self.record(row, block, zone.as_ref(), &first, Some(value), many || is_open, sink);
        }
    }

    /// One record, of the fields that tell of it.
    #[expect(clippy::too_many_arguments, reason = "a record, and what it is made of")]
    fn record(
        &self,
        row: &Row,
        block: &'f Block,
        zone: Option<&Name>,
        field: &dyn Fn(&[&str]) -> Option<Value<'f>>,
        value: Option<Value<'f>>,
        many: bool,
        sink: &mut Sink<'_>,
    ) {
        let name = match field(row.name) {
            Some(name) => name.text(),
            None => Some(Text::new()),
        };
        let Some(name) = name else { return };
        let Some(owner) = zones::owner(&name, row.names, zone) else {
            return;
        };
        let kind = match row.kind {
            Kind::Is(kind) => Some((kind.to_string(), block.head)),
            Kind::In(names) => field(names).and_then(|kind| Some((kind.word()?, kind.at))),
        };
        let ttl = field(&TTLS).and_then(|ttl| Some((ttl.as_number()? as u32, ttl.at)));
        let made = Made {
            owner,
            owner_at: name.whole(),
            kind,
            ttl,
            many,
        };
        if let Some(zone) = zone {
            sink.zone(zone);
        }
        let preference = field(&PREFERENCES);
        match value {
            Some(value) => sink.push(&made, &value, preference.as_ref(), row),
            None => sink.unknown(&made, block.head),
        }
    }

    /// The blocks of a kind in a resource, those that are made of the elements of a list included; and whether there may be
    /// more.
    fn blocks(&self, block: &'f Block, kind: &str, place: Place<'_, 'f>) -> (Vec<Fields<'f>>, bool) {
        let mut all = Vec::new();
        let mut is_open = false;
        for inner in block.body.blocks(kind) {
            all.push(self.fields(inner, place));
        }
        // In JSON they are values.
        if let Some(expr) = block.body.get(kind) {
            let value = self.value(expr, place);
            match &value.is {
                Is::Map(_) => all.extend(fields_of(&value)),
                Is::List(items) => all.extend(items.iter().filter_map(fields_of)),
                _ => is_open = true,
            }
        }
        for dynamic in block.body.blocks("dynamic") {
            if dynamic.labels.first().is_some_and(|label| label == kind) {
                is_open |= !self.dynamic(dynamic, kind, place, &mut all);
            }
        }
        (all, is_open)
    }

    /// The blocks that a `dynamic` block makes; whether these are all.
    fn dynamic(&self, dynamic: &'f Block, kind: &str, place: Place<'_, 'f>, all: &mut Vec<Fields<'f>>) -> bool {
        let (Some(each), Some(content)) = (dynamic.body.get("for_each"), dynamic.body.blocks("content").next()) else {
            return false;
        };
        let list = self.value(each, place);
        let is_set = list.as_list().is_some();
        let Some(elements) = self.elements(&list, each.at) else {
            return false;
        };
        let iterator = dynamic.body.get("iterator").map(|name| written(name, self, place));
        let iterator = iterator.unwrap_or_else(|| kind.to_string());
        for (key, value) in elements {
            let key = if is_set { value.clone() } else { key };
            let value = instances::pair(key, value, each.at);
            let scope = Scope {
                name: &iterator,
                value: &value,
                outer: place.scope,
            };
            let place = Place {
                frame: place.frame,
                scope: Some(&scope),
            };
            all.push(self.fields(content, place));
        }
        true
    }

    fn fields(&self, block: &'f Block, place: Place<'_, 'f>) -> Fields<'f> {
        let attributes = block.body.attributes.iter();
        attributes
            .map(|attribute| (attribute.name.clone(), self.value(&attribute.value, place)))
            .filter(|(_, value)| !value.is_null())
            .collect()
    }
}

/// A name that is written as a word or as a string.
fn written<'f>(expr: &'f Expr, evaluator: &Evaluator<'f>, place: Place<'_, 'f>) -> String {
    match &expr.what {
        What::Name(name) => name.clone(),
        _ => evaluator.value(expr, place).word().unwrap_or_default(),
    }
}

/// The fields of a block as a map.
fn map<'f>(fields: Fields<'f>, block: &Block) -> Map<'f> {
    let mut map = Map::default();
    for (name, value) in fields {
        map.insert(value::computed(name.as_bytes(), block.head), value);
    }
    map
}

fn fields_of<'f>(value: &Value<'f>) -> Option<Fields<'f>> {
    let entries = value.as_map()?.entries.iter();
    let field =
        |(key, (_, value)): (&Vec<u8>, &(Text, Value<'f>))| Some((String::from_utf8(key.clone()).ok()?, value.clone()));
    Some(entries.filter_map(field).collect())
}

/// The values in a list of them, or the one that is none; and whether there may be others.
pub(super) fn elements<'f>(value: Value<'f>, keys: &[&str]) -> (Vec<Value<'f>>, bool) {
    let inner = |value: &Value<'f>| match &value.is {
        Is::Map(_) => keys.iter().find_map(|key| value.get(key).cloned()),
        Is::Null => None,
        _ => Some(value.clone()),
    };
    match &value.is {
        Is::List(items) => (items.iter().filter_map(inner).collect(), false),
        Is::Unknown(_) | Is::Missing | Is::Block(_) => (vec![value], true),
        _ => (inner(&value).into_iter().collect(), false),
    }
}
