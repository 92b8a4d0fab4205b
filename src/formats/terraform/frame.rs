//! A module as it is called: its arguments, and what was computed of it.

use std::{cell::RefCell, collections::BTreeMap, fmt, rc::Rc};

use crate::{
    formats::terraform::{module::Module, value::Value},
    syntax::hcl::Block,
};

/// A call of a module, or the call of none that is the root.
pub(super) struct Frame<'f> {
    pub(super) module: &'f Module<'f>,
    /// The folders of the modules around, from the root on, and its own.
    pub(super) folders: Vec<&'f str>,
    /// What it is called with; `None` for the root.
    pub(super) arguments: Option<BTreeMap<&'f str, Value<'f>>>,
    /// Whether it may be called several times, or never.
    pub(super) many: bool,
    /// Locals and variables; `None` while they are computed.
    pub(super) known: RefCell<BTreeMap<(Sort, String), Option<Value<'f>>>>,
    /// Frames of the modules that are called, by the name and key of the call.
    pub(super) calls: RefCell<BTreeMap<CallKey, Option<Rc<Frame<'f>>>>>,
}

/// The name of a call of a module, and the key of an instance of it.
pub(super) type CallKey = (String, Option<Vec<u8>>);

/// What a name is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sort {
    Local,
    Variable,
    Output,
}

/// A resource of a module.
#[derive(Clone)]
pub(super) struct Reference<'f> {
    pub(super) frame: Rc<Frame<'f>>,
    pub(super) block: &'f Block,
    /// Which instance of it.
    pub(super) key: Option<Value<'f>>,
}

/// Names that an expression can use besides those of its module.
#[derive(Clone, Copy)]
pub(super) struct Scope<'e, 'f> {
    pub(super) name: &'e str,
    pub(super) value: &'e Value<'f>,
    pub(super) outer: Option<&'e Scope<'e, 'f>>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'e, 'f> {
    pub(super) frame: &'e Rc<Frame<'f>>,
    pub(super) scope: Option<&'e Scope<'e, 'f>>,
}

impl<'f> Frame<'f> {
    pub(super) fn new(
        module: &'f Module<'f>,
        mut folders: Vec<&'f str>,
        arguments: Option<BTreeMap<&'f str, Value<'f>>>,
        many: bool,
    ) -> Rc<Frame<'f>> {
        folders.push(&module.folder);
        Rc::new(Frame {
            module,
            folders,
            arguments,
            many,
            known: RefCell::default(),
            calls: RefCell::default(),
        })
    }
}

impl<'e, 'f> Place<'e, 'f> {
    pub(super) fn of(frame: &'e Rc<Frame<'f>>) -> Place<'e, 'f> {
        Place { frame, scope: None }
    }

    /// The value of a name that is not of the module.
    pub(super) fn name(&self, name: &str) -> Option<&'e Value<'f>> {
        let mut scope = self.scope;
        while let Some(one) = scope {
            if one.name == name {
                return Some(one.value);
            }
            scope = one.outer;
        }
        None
    }
}

impl fmt::Debug for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.block.labels)
    }
}
