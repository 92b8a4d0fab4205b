//! The instances of what is declared once: `count` and `for_each`.

use std::rc::Rc;

use crate::{
    formats::terraform::{
        eval::Evaluator,
        frame::{Frame, Place, Reference, Scope},
        value::{Is, Map, Value, computed},
    },
    span::Span,
    syntax::hcl::Block,
};

/// An instance of something that is declared once: its key and what it can refer to.
#[derive(Clone, Debug)]
pub(super) struct Instance<'f> {
    /// `None` for what is there just once.
    pub(super) key: Option<Value<'f>>,
    /// What `each` and `count` stand for.
    pub(super) each: Value<'f>,
    pub(super) count: Value<'f>,
    /// Whether it may be several, or none.
    pub(super) many: bool,
}

impl<'f> Instance<'f> {
    /// What stands in the block, for this instance.
    pub(super) fn with<T>(&self, frame: &Rc<Frame<'f>>, work: impl FnOnce(Place<'_, 'f>) -> T) -> T {
        let outer = Scope {
            name: "each",
            value: &self.each,
            outer: None,
        };
        let scope = Scope {
            name: "count",
            value: &self.count,
            outer: Some(&outer),
        };
        work(Place {
            frame,
            scope: Some(&scope),
        })
    }

    fn single(at: Span, many: bool) -> Instance<'f> {
        Instance {
            key: None,
            each: Value::unknown(at),
            count: Value::unknown(at),
            many,
        }
    }

    fn numbered(index: f64, at: Span) -> Instance<'f> {
        let number = Value::number(index, at);
        let mut count = Map::default();
        count.insert(computed(b"index", at), number.clone());
        Instance {
            key: Some(number),
            count: Value::map(count, at),
            ..Instance::single(at, false)
        }
    }

    fn keyed(key: Value<'f>, value: Value<'f>, at: Span) -> Instance<'f> {
        Instance {
            key: Some(key.clone()),
            each: pair(key, value, at),
            ..Instance::single(at, false)
        }
    }
}

/// What an iterator stands for.
pub(super) fn pair<'f>(key: Value<'f>, value: Value<'f>, at: Span) -> Value<'f> {
    let mut pair = Map::default();
    pair.insert(computed(b"key", at), key);
    pair.insert(computed(b"value", at), value);
    Value::map(pair, at)
}

impl<'f> Evaluator<'f> {
    /// The instances of a resource or of a call of a module.
    pub(super) fn instances(&self, block: &'f Block, frame: &Rc<Frame<'f>>) -> Vec<Instance<'f>> {
        let place = Place::of(frame);
        if let Some(count) = block.body.get("count") {
            let value = self.value(count, place);
            return match value.as_number() {
                Some(number) if number >= 0.0 && self.may_loop(number as usize, count.at) => (0..number as usize)
                    .map(|index| Instance::numbered(index as f64, count.at))
                    .collect(),
                _ => vec![Instance::single(count.at, true)],
            };
        }
        let Some(each) = block.body.get("for_each") else {
            return vec![Instance::single(block.head, false)];
        };
        let value = self.value(each, place);
        let is_set = value.as_list().is_some();
        match self.elements(&value, each.at) {
            Some(elements) => elements
                .into_iter()
                .map(|(key, value)| {
                    let key = if is_set { value.clone() } else { key };
                    Instance::keyed(key, value, each.at)
                })
                .collect(),
            None => vec![Instance::single(each.at, true)],
        }
    }

    /// The instance of a resource that is referred to.
    pub(super) fn instance_of(&self, reference: &Reference<'f>) -> Instance<'f> {
        let block = reference.block;
        let unknown = Instance::single(block.head, true);
        let Some(key) = &reference.key else {
            return match block.body.get("for_each").is_some() || block.body.get("count").is_some() {
                true => unknown,
                false => Instance::single(block.head, false),
            };
        };
        if let Some(count) = block.body.get("count") {
            return key
                .as_number()
                .map_or(unknown, |index| Instance::numbered(index, count.at));
        }
        let Some(each) = block.body.get("for_each") else {
            return unknown;
        };
        let value = self.value(each, Place::of(&reference.frame));
        match (&value.is, key.known_text()) {
            (Is::Map(map), Some(text)) => match map.get(text.bytes()) {
                Some(value) => Instance::keyed(key.clone(), value.clone(), each.at),
                None => unknown,
            },
            (Is::List(_), Some(_)) => Instance::keyed(key.clone(), key.clone(), each.at),
            _ => unknown,
        }
    }
}
