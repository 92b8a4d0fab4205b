//! What names stand for: variables, locals, resources.

use std::rc::Rc;

use crate::{
    formats::terraform::{
        eval::Evaluator,
        frame::{Frame, Place, Reference, Sort},
        value::{Is, Value, computed},
        zones,
    },
    record::FaultKind,
    span::Span,
    syntax::hcl::{Block, Expr, Step, What},
    text::Text,
};

impl<'f> Evaluator<'f> {
    /// What a name, and the steps from it, lead to.
    pub(super) fn reach(&self, from: &'f Expr, steps: &'f [Step], at: Span, place: Place<'_, 'f>) -> Value<'f> {
        let (value, used) = match &from.what {
            What::Name(name) => self.named(name, steps, at, place),
            _ => (self.value(from, place), 0),
        };
        let steps = steps.get(used..).unwrap_or_default();
        self.walk(value, steps, at, place)
    }

    fn walk(&self, mut value: Value<'f>, steps: &'f [Step], at: Span, place: Place<'_, 'f>) -> Value<'f> {
        for (index, step) in steps.iter().enumerate() {
            let rest = &steps[index + 1..];
            let own = match step {
                Step::Each => rest.len(),
                Step::EachName => rest.iter().take_while(|step| matches!(step, Step::Name(_))).count(),
                _ => 0,
            };
            if let (Step::Each | Step::EachName, Is::List(items)) = (step, &value.is) {
                if !self.may_loop(items.len(), at) {
                    return Value::unknown(at);
                }
                let (own, rest) = rest.split_at(own);
                let each = items.iter().map(|item| self.walk(item.clone(), own, at, place));
                return self.walk(Value::list(each.collect(), at), rest, at, place);
            }
            value = self.step(value, step, at, place);
        }
        value
    }

    /// What a name stands for, and how many steps belong to it.
    fn named(&self, name: &str, steps: &'f [Step], at: Span, place: Place<'_, 'f>) -> (Value<'f>, usize) {
        if let Some(value) = place.name(name) {
            return (value.clone(), 0);
        }
        let step = |index: usize| match steps.get(index) {
            Some(Step::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        let frame = place.frame;
        let Some(first) = step(0) else {
            return (Value::unknown(at), 0);
        };
        match name {
            "var" => (self.variable(first, frame, at), 1),
            "local" => (self.local(first, frame, at), 1),
            "path" => (path(first, frame, at), 1),
            "module" => self.output(first, steps, at, place),
            "data" => {
                let block = step(1).and_then(|second| frame.module.block("data", &[first, second]));
                (refer(block, frame, at), 2)
            }
            "each" | "count" | "self" | "terraform" => (Value::unknown(at), 1),
            kind => (refer(frame.module.block("resource", &[kind, first]), frame, at), 1),
        }
    }

    /// A value that is computed when it is first asked for.
    pub(super) fn known(
        &self,
        sort: Sort,
        name: &str,
        frame: &Rc<Frame<'f>>,
        compute: impl FnOnce() -> Value<'f>,
    ) -> Option<Value<'f>> {
        let key = (sort, name.to_string());
        let found = frame.known.borrow().get(&key).cloned();
        match found {
            Some(Some(value)) => return Some(value),
            // It is being computed.
            Some(None) => return None,
            None => {}
        }
        frame.known.borrow_mut().insert(key.clone(), None);
        let value = compute();
        frame.known.borrow_mut().insert(key, Some(value.clone()));
        Some(value)
    }

    fn local(&self, name: &str, frame: &Rc<Frame<'f>>, at: Span) -> Value<'f> {
        let Some(expr) = frame.module.local(name) else {
            return Value::unknown(at);
        };
        let value = self.known(Sort::Local, name, frame, || self.value(expr, Place::of(frame)));
        value.unwrap_or_else(|| {
            self.fault(expr.at, FaultKind::ReferenceCycle(format!("local.{name}")));
            Value::unknown(at)
        })
    }

    fn variable(&self, name: &str, frame: &Rc<Frame<'f>>, at: Span) -> Value<'f> {
        let value = self.known(Sort::Variable, name, frame, || {
            let declared = frame.module.block("variable", &[name]);
            let default = declared.and_then(|block| block.body.get("default"));
            let default = || default.map(|default| self.value(default, Place::of(frame)));
            let given = match &frame.arguments {
                Some(arguments) => match arguments.get(name) {
                    // What is given as nothing is as if it were not given, where that is not nullable.
                    Some(value) if value.is_null() => default().or(Some(value.clone())),
                    Some(value) => Some(value.clone()),
                    None => default(),
                },
                None => self.given(name, frame).unwrap_or_else(default),
            };
            given.unwrap_or(Value::unknown(at))
        });
        value.unwrap_or(Value::unknown(at))
    }

    /// The value of a variable of the root in files with values: `None` if none tells, `Some(None)` if they disagree.
    fn given(&self, name: &str, frame: &Rc<Frame<'f>>) -> Option<Option<Value<'f>>> {
        let [loaded, named] = &frame.module.values;
        let value = |expr: &'f Expr| self.value(expr, Place::of(frame));
        if let Some(expr) = loaded.iter().rev().find_map(|file| file.tree().body.get(name)) {
            return Some(Some(value(expr)));
        }
        // One file alone is meant by default; of several, each is for another purpose.
        let mut others = named.iter().filter_map(|file| file.tree().body.get(name));
        match (others.next(), others.next()) {
            (None, _) => None,
            (Some(only), None) => Some(Some(value(only))),
            (Some(first), Some(_)) => Some(Some(Value::unknown(first.at))),
        }
    }

    /// An attribute of a resource: what is written there, or what only its provider knows.
    pub(super) fn block_attribute(&self, reference: &Rc<Reference<'f>>, name: &str, at: Span) -> Value<'f> {
        if let Some(expr) = reference.block.body.get(name) {
            let instance = self.instance_of(reference);
            let value = instance.with(&reference.frame, |place| self.value(expr, place));
            if !value.is_null() {
                return value;
            }
        }
        let zone = self.zone_of(reference);
        match &zone {
            Some(zone) if zones::is_name(name) => Value::of_text((**zone).clone(), at),
            _ => Value::new(at, Is::Unknown(zone)),
        }
    }

    /// The name of the zone that a resource stands for.
    pub(super) fn zone_of(&self, reference: &Reference<'f>) -> Option<Rc<Text>> {
        let body = &reference.block.body;
        let kind = reference.block.labels.first()?;
        // Its names are not those that others see.
        if zones::is_private(kind, body) {
            return None;
        }
        let instance = self.instance_of(reference);
        let value = |expr| instance.with(&reference.frame, |place| self.value(expr, place));
        let Some(name) = zones::name_of(kind, body) else {
            return match value(zones::id_of(kind, body)?).is {
                Is::Unknown(zone) => zone,
                _ => None,
            };
        };
        let value = value(name);
        match &value.is {
            // A filter, which holds the name.
            Is::Map(map) => map.get(b"name")?.known_text().map(Rc::new),
            _ => value.known_text().map(Rc::new),
        }
    }
}

fn refer<'f>(block: Option<&'f Block>, frame: &Rc<Frame<'f>>, at: Span) -> Value<'f> {
    match block {
        Some(block) => Value::new(
            at,
            Is::Block(Rc::new(Reference {
                frame: Rc::clone(frame),
                block,
                key: None,
            })),
        ),
        None => Value::unknown(at),
    }
}

/// `path.module`, `path.root`: paths in the repository.
fn path<'f>(name: &str, frame: &Frame<'f>, at: Span) -> Value<'f> {
    let folder = match name {
        "module" => &frame.module.folder,
        "root" => frame.folders[0],
        _ => return Value::unknown(at),
    };
    Value::new(at, Is::Text(computed(format!("/{folder}").as_bytes(), at)))
}
