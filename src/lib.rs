#![doc = include_str!("ARCHITECTURE.md")]

pub mod check;
pub mod diagnostic;
pub mod format;
pub mod formats;
pub mod inspect;
mod lines;
pub mod name;
pub mod policy;
pub mod presentation;
pub mod punycode;
pub mod record;
pub mod report;
pub mod rule;
pub mod rules;
pub mod run;
pub mod settings;
pub mod slip;
pub mod source;
pub mod span;
pub mod spelling;
pub mod suffix;
pub mod syntax;
pub mod template;
pub mod text;
pub mod walk;
pub mod zones;
