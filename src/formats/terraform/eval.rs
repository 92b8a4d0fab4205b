//! Evaluating expressions: over literals, and what can only have one value. Anything else is unknown.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use crate::{
    formats::terraform::{
        frame::{Frame, Place, Scope},
        functions,
        module::Modules,
        operators,
        value::{Is, Map, Value, append, hole},
    },
    record::{Fault, FaultKind, TooMuch},
    span::{SourceId, Span},
    syntax::hcl::{Expr, For, Part, Step, What},
    text::Text,
};

/// How deep expressions may lie in what they refer to.
const DEPTH: usize = 100;

/// How much is computed for one set of modules.
const STEPS: usize = 2 << 20;

/// How many calls of modules are followed.
const CALLS: usize = 10_000;

/// How many elements a loop is followed for.
pub(super) const ELEMENTS: usize = 10_000;

/// How long a computed text may be, in bytes.
pub(super) const LENGTH: usize = 1 << 20;

pub(super) struct Evaluator<'f> {
    pub(super) modules: &'f Modules<'f>,
    steps: Cell<usize>,
    depth: Cell<usize>,
    /// All calls of modules, to be forgotten: what they know may refer to them.
    frames: RefCell<Vec<Rc<Frame<'f>>>>,
    /// How many more modules may be called.
    calls: Cell<usize>,
    /// What data files come to, by the number of the file.
    pub(super) decoded: RefCell<BTreeMap<SourceId, Value<'f>>>,
    pub(super) faults: RefCell<Vec<Fault>>,
}

impl<'f> Evaluator<'f> {
    pub(super) fn new(modules: &'f Modules<'f>) -> Evaluator<'f> {
        Evaluator {
            modules,
            steps: Cell::new(STEPS),
            depth: Cell::new(0),
            frames: RefCell::default(),
            calls: Cell::new(CALLS),
            decoded: RefCell::default(),
            faults: RefCell::default(),
        }
    }

    /// Keeps a call of a module in mind.
    pub(super) fn keep(&self, frame: &Rc<Frame<'f>>) {
        self.frames.borrow_mut().push(Rc::clone(frame));
    }

    /// Notes something that is wrong with the modules, once.
    pub(super) fn fault(&self, span: Span, kind: FaultKind) {
        let fault = Fault { span, kind };
        let mut faults = self.faults.borrow_mut();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// Whether so much more may be computed.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Notes where there was nothing left to compute with, once.
    fn run_out(&self, at: Span) {
        let kind = FaultKind::TooMuch(TooMuch::Steps);
        if !self.faults.borrow().iter().any(|fault| fault.kind == kind) {
            self.fault(at, kind);
        }
    }

    /// Whether one more module may be called; if not, that is noted, once.
    pub(super) fn may_call(&self, at: Span) -> bool {
        let left = self.calls.get().checked_sub(1);
        self.calls.set(left.unwrap_or(0));
        let kind = FaultKind::TooMuch(TooMuch::Calls);
        if left.is_none() && !self.faults.borrow().iter().any(|fault| fault.kind == kind) {
            self.fault(at, kind);
        }
        left.is_some()
    }

    /// Whether a loop of so many is followed; if not, that is noted.
    pub(super) fn may_loop(&self, count: usize, at: Span) -> bool {
        if count > ELEMENTS {
            self.fault(at, FaultKind::TooMuch(TooMuch::Elements(count)));
        }
        count <= ELEMENTS && self.spend(count)
    }

    /// What an expression comes to.
    pub(super) fn value(&self, expr: &'f Expr, place: Place<'_, 'f>) -> Value<'f> {
        let depth = self.depth.get();
        if depth == DEPTH {
            return Value::unknown(expr.at);
        }
        if !self.spend(1) {
            self.run_out(expr.at);
            return Value::unknown(expr.at);
        }
        self.depth.set(depth + 1);
        let value = self.expression(expr, place);
        self.depth.set(depth);
        value
    }

    fn expression(&self, expr: &'f Expr, place: Place<'_, 'f>) -> Value<'f> {
        let at = expr.at;
        let is = match &expr.what {
            What::Text(text) => Is::Text(text.clone()),
            What::Number(number, text) => Is::Number(*number, text.clone()),
            What::Bool(value) => Is::Bool(*value),
            What::Null => Is::Null,
            What::Unknown => Is::Unknown(None),
            What::Template(parts) => return self.template(parts, at, place),
            What::Name(_) => return self.reach(expr, &[], at, place),
            What::Reach(from, steps) => return self.reach(from, steps, at, place),
            What::Call(name, arguments, spreads) => return functions::call(self, name, arguments, *spreads, at, place),
            What::List(items) => {
                return Value::list(items.iter().map(|item| self.value(item, place)).collect(), at);
            }
            What::Object(entries) => return self.object(entries, at, place),
            What::For(one) => return self.for_each(one, at, place),
            What::If(parts) => return self.choice(parts, at, place),
            What::Unary(operator, inner) => return operators::unary(*operator, &self.value(inner, place), at),
            What::Binary(first, rest) => {
                let mut value = self.value(first, place);
                for (operator, next) in rest {
                    value = operators::binary(*operator, &value, &self.value(next, place), at);
                }
                return value;
            }
        };
        Value::new(at, is)
    }

    fn object(&self, entries: &'f [(Expr, Expr)], at: Span, place: Place<'_, 'f>) -> Value<'f> {
        let mut map = Map::default();
        for (key, value) in entries {
            let key = self.value(key, place).text();
            let value = self.value(value, place);
            match key {
                Some(key) => map.insert(key, value),
                None => map.is_open = true,
            }
        }
        Value::map(map, at)
    }

    /// One of two values, if it is known which, or if they are the same.
    fn choice(&self, parts: &'f [Expr; 3], at: Span, place: Place<'_, 'f>) -> Value<'f> {
        let [condition, yes, no] = parts;
        match self.value(condition, place).as_bool() {
            Some(true) => self.value(yes, place),
            Some(false) => self.value(no, place),
            None => {
                let (yes, no) = (self.value(yes, place), self.value(no, place));
                match (&yes.is, &no.is) {
                    (Is::Unknown(Some(a)), Is::Unknown(Some(b))) if a.bytes() == b.bytes() => yes,
                    _ if yes.equals(&no) == Some(true) => yes,
                    _ => Value::unknown(at),
                }
            }
        }
    }

    /// The elements of what is gone through, with their keys; `None` if not all are known.
    pub(super) fn elements(&self, list: &Value<'f>, at: Span) -> Option<Vec<(Value<'f>, Value<'f>)>> {
        match &list.is {
            Is::List(items) if self.may_loop(items.len(), at) => {
                let keyed = items.iter().enumerate();
                Some(
                    keyed
                        .map(|(index, item)| (Value::number(index as f64, at), item.clone()))
                        .collect(),
                )
            }
            Is::Map(map) if !map.is_open && self.may_loop(map.entries.len(), at) => {
                let keyed = map.entries.values();
                Some(
                    keyed
                        .map(|(key, value)| (Value::of_text(key.clone(), at), value.clone()))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// Does something for each element, whose names are known there.
    fn with_elements(
        &self,
        names: &'f [Option<String>; 2],
        elements: &[(Value<'f>, Value<'f>)],
        place: Place<'_, 'f>,
        mut work: impl FnMut(Place<'_, 'f>),
    ) {
        for (key, value) in elements {
            let [key_name, value_name] = names;
            let outer = Scope {
                name: key_name.as_deref().unwrap_or(""),
                value: key,
                outer: place.scope,
            };
            let scope = Scope {
                name: value_name.as_deref().unwrap_or(""),
                value,
                outer: Some(&outer),
            };
            work(Place {
                frame: place.frame,
                scope: Some(&scope),
            });
        }
    }

    fn for_each(&self, one: &'f For, at: Span, place: Place<'_, 'f>) -> Value<'f> {
        let list = self.value(&one.list, place);
        let Some(elements) = self.elements(&list, one.list.at) else {
            return Value::unknown(at);
        };
        let mut items = Vec::new();
        let mut map = Map::default();
        let mut is_known = true;
        self.with_elements(&one.names, &elements, place, |place| {
            let wanted = one.condition.as_ref().map(|condition| self.value(condition, place));
            match wanted.map(|wanted| wanted.as_bool()) {
                Some(Some(false)) => return,
                Some(None) => {
                    is_known = false;
                    return;
                }
                Some(Some(true)) | None => {}
            }
            let value = self.value(&one.value, place);
            let Some(key) = &one.key else {
                items.push(value);
                return;
            };
            match self.value(key, place).text() {
                Some(key) if one.groups => group(&mut map, key, value),
                Some(key) => map.insert(key, value),
                None => map.is_open = true,
            }
        });
        if one.key.is_some() {
            map.is_open |= !is_known;
            return Value::map(map, at);
        }
        match is_known {
            true => Value::list(items, at),
            false => Value::unknown(at),
        }
    }

    /// A template: the value of its only part, or a text.
    fn template(&self, parts: &'f [Part], at: Span, place: Place<'_, 'f>) -> Value<'f> {
        if let [Part::Expr(expr)] = parts {
            return self.value(expr, place);
        }
        let mut whole = Text::new();
        self.parts(parts, place, &mut whole);
        whole.put_together_at(at);
        Value::new(at, Is::Text(whole))
    }

    pub(super) fn parts(&self, parts: &'f [Part], place: Place<'_, 'f>, whole: &mut Text) {
        for part in parts {
            if whole.len() > LENGTH {
                return;
            }
            match part {
                Part::Text(text) => append(whole, text),
                Part::Expr(expr) => {
                    let value = self.value(expr, place);
                    match value.is_unknown() {
                        true => append(whole, &hole(expr.at)),
                        false => append(whole, &value.text().unwrap_or_else(|| hole(expr.at))),
                    }
                }
                Part::If(condition, yes, no) => match self.value(condition, place).as_bool() {
                    Some(true) => self.parts(yes, place, whole),
                    Some(false) => self.parts(no, place, whole),
                    None => append(whole, &hole(condition.at)),
                },
                Part::For(list, names, inner) => {
                    let value = self.value(list, place);
                    match self.elements(&value, list.at) {
                        Some(elements) => self.with_elements(names, &elements, place, |place| {
                            self.parts(inner, place, whole);
                        }),
                        None => append(whole, &hole(list.at)),
                    }
                }
            }
        }
    }

    /// What a step leads to from a value.
    pub(super) fn step(&self, from: Value<'f>, step: &'f Step, at: Span, place: Place<'_, 'f>) -> Value<'f> {
        match step {
            Step::Name(name) => self.attribute(from, name, at),
            Step::Index(index) => {
                let index = self.value(index, place);
                self.element(from, &index, at)
            }
            Step::Each | Step::EachName => from,
        }
    }

    fn attribute(&self, from: Value<'f>, name: &str, at: Span) -> Value<'f> {
        match &from.is {
            Is::Map(map) => map.get(name.as_bytes()).cloned().unwrap_or(lacking(map, at)),
            Is::Missing => Value::new(at, Is::Missing),
            Is::Block(reference) => self.block_attribute(reference, name, at),
            Is::List(items) => {
                let index: Option<usize> = name.parse().ok();
                index
                    .and_then(|index| items.get(index).cloned())
                    .unwrap_or(Value::unknown(at))
            }
            Is::Unknown(zone) => Value::new(at, Is::Unknown(zone.clone())),
            _ => Value::unknown(at),
        }
    }

    pub(super) fn element(&self, from: Value<'f>, index: &Value<'f>, at: Span) -> Value<'f> {
        match &from.is {
            Is::List(items) => {
                let number = index.as_number().filter(|number| *number >= 0.0);
                let item = number.and_then(|number| items.get(number as usize));
                item.cloned().unwrap_or(Value::unknown(at))
            }
            Is::Map(map) => {
                let Some(key) = index.known_text() else {
                    return Value::unknown(at);
                };
                map.get(key.bytes()).cloned().unwrap_or(lacking(map, at))
            }
            Is::Block(reference) => match &reference.key {
                None => {
                    let mut reference = (**reference).clone();
                    reference.key = Some(index.clone());
                    Value::new(at, Is::Block(Rc::new(reference)))
                }
                Some(_) => Value::new(at, Is::Unknown(self.zone_of(reference))),
            },
            Is::Unknown(zone) => Value::new(at, Is::Unknown(zone.clone())),
            _ => Value::unknown(at),
        }
    }
}

impl Drop for Evaluator<'_> {
    fn drop(&mut self) {
        for frame in self.frames.take() {
            frame.known.take();
            frame.calls.take();
        }
    }
}

/// What stands for an entry that a map does not have.
fn lacking<'f>(map: &Map<'f>, at: Span) -> Value<'f> {
    Value::new(at, if map.is_open { Is::Unknown(None) } else { Is::Missing })
}

/// Adds a value to the list under a key.
fn group<'f>(map: &mut Map<'f>, key: Text, value: Value<'f>) {
    let mut items = match map.get(key.bytes()).map(|value| &value.is) {
        Some(Is::List(items)) => items.to_vec(),
        _ => Vec::new(),
    };
    let at = value.at;
    items.push(value);
    map.insert(key, Value::list(items, at));
}
