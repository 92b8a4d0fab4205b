//! Calls of modules of the repository.

use std::{collections::BTreeMap, rc::Rc};

use crate::{
    formats::terraform::{
        eval::Evaluator,
        frame::{Frame, Place, Sort},
        instances::Instance,
        value::Value,
    },
    record::FaultKind,
    source::join,
    span::Span,
    syntax::hcl::{Block, Step, What},
};

/// How deep modules may call one another.
const MODULES: usize = 16;

/// Arguments of a call of a module that are not the module's.
const META: [&str; 7] = [
    "source",
    "version",
    "providers",
    "depends_on",
    "count",
    "for_each",
    "lifecycle",
];

impl<'f> Evaluator<'f> {
    /// What a module gives back, and how many steps lead there.
    pub(super) fn output(&self, name: &str, steps: &'f [Step], at: Span, place: Place<'_, 'f>) -> (Value<'f>, usize) {
        let Some(block) = place.frame.module.block("module", &[name]) else {
            return (Value::unknown(at), steps.len());
        };
        let (key, used) = match steps.get(1) {
            Some(Step::Index(index)) => (Some(self.value(index, place)), 2),
            _ => (None, 1),
        };
        let Some(Step::Name(output)) = steps.get(used) else {
            return (Value::unknown(at), steps.len());
        };
        let value = self.call_with(block, place.frame, key).and_then(|frame| {
            let expr = frame.module.block("output", &[output])?.body.get("value")?;
            self.known(Sort::Output, output, &frame, || self.value(expr, Place::of(&frame)))
        });
        (value.unwrap_or(Value::unknown(at)), used + 1)
    }

    /// The frame of a module for one key of its call.
    fn call_with(&self, block: &'f Block, frame: &Rc<Frame<'f>>, key: Option<Value<'f>>) -> Option<Rc<Frame<'f>>> {
        let instances = self.instances(block, frame);
        let wanted = key.as_ref().and_then(Value::known_text);
        let is_wanted = |instance: &Instance<'f>| match (&instance.key, &wanted) {
            (Some(own), Some(wanted)) => own.known_text().is_some_and(|own| own.bytes() == wanted.bytes()),
            (None, None) => true,
            (Some(_), None) => false,
            (None, Some(_)) => instance.many,
        };
        let instance = instances.iter().find(|instance| is_wanted(instance))?;
        self.call(block, frame, instance)
    }

    /// The frame of a module of the repository that is called; `None` if it is none, or calls itself.
    pub(super) fn call(
        &self,
        block: &'f Block,
        frame: &Rc<Frame<'f>>,
        instance: &Instance<'f>,
    ) -> Option<Rc<Frame<'f>>> {
        let name = block.labels.first()?.clone();
        let key = instance.key.as_ref().and_then(Value::known_text);
        let key = (name, key.map(|key| key.bytes().to_vec()));
        let found = frame.calls.borrow().get(&key).cloned();
        if let Some(called) = found {
            return called;
        }
        frame.calls.borrow_mut().insert(key.clone(), None);
        let called = self.new_call(block, frame, instance);
        frame.calls.borrow_mut().insert(key, called.clone());
        called
    }

    fn new_call(&self, block: &'f Block, frame: &Rc<Frame<'f>>, instance: &Instance<'f>) -> Option<Rc<Frame<'f>>> {
        let folder = source_folder(block, frame)?;
        let module = self.modules.get(&folder)?;
        if frame.folders.contains(&folder.as_str()) {
            let at = block.body.get("source").map_or(block.head, |source| source.at);
            self.fault(at, FaultKind::ReferenceCycle(format!("module \"{folder}\"")));
            return None;
        }
        if frame.folders.len() == MODULES || !self.may_call(block.head) {
            return None;
        }
        let given = block.body.attributes.iter();
        let given = given.filter(|attribute| !META.contains(&attribute.name.as_str()));
        let arguments: BTreeMap<&'f str, Value<'f>> = given
            .map(|attribute| {
                let value = instance.with(frame, |place| self.value(&attribute.value, place));
                (attribute.name.as_str(), value)
            })
            .collect();
        let many = frame.many || instance.many;
        let called = Frame::new(module, frame.folders.clone(), Some(arguments), many);
        self.keep(&called);
        Some(called)
    }
}

/// The folder that a module is in which is called.
pub(super) fn source_folder(block: &Block, frame: &Frame<'_>) -> Option<String> {
    let What::Text(source) = &block.body.get("source")?.what else {
        return None;
    };
    let source = std::str::from_utf8(source.bytes()).ok()?;
    let is_here = source.starts_with("./") || source.starts_with("../");
    join(&frame.module.folder, source).filter(|_| is_here)
}
