//! What is found: data, without any idea of how it is shown.

use std::borrow::Cow;

use crate::{span::Span, text::Edit};

/// How bad a finding is. The order is from bad to harmless.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Mail breaks, or the protection is void as written.
    Error,
    /// It works, but not as its author thinks.
    Warning,
    /// Worth knowing.
    Info,
}

/// One finding. Its main place is a field, so there is none without a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The id of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what happens to mail because of it. No full stop.
    pub message: Cow<'static, str>,
    /// The characters at fault, and what stands there.
    pub primary: Label,
    /// Other places, and why they matter.
    pub related: Vec<Label>,
    /// What to do.
    pub help: Option<Cow<'static, str>>,
    /// A repair.
    pub fix: Option<Fix>,
    /// The record it is about.
    pub about: Option<About>,
}

/// A place and what to say of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; may be empty.
    pub message: Cow<'static, str>,
}

/// The record that a finding is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// Its owner, as [`Name`] shows it.
    ///
    /// [`Name`]: crate::name::Name
    pub owner: String,
    /// Its type in capitals; empty where the file does not tell it.
    pub kind: Cow<'static, str>,
    /// The name of the format that the file is in.
    pub format: &'static str,
}

/// A repair: edits that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as an order: "replace `rejct` by `reject`".
    pub title: Cow<'static, str>,
    /// Whether it may be applied without asking.
    pub safety: Safety,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a repair may be applied without asking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Safety {
    /// What is published means the same afterwards.
    Safe,
    /// Mail may be treated otherwise.
    Unsafe,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// Its name in outputs and options.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

impl Safety {
    /// Its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}
