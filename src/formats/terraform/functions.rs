//! The functions of Terraform that can be computed from literals.

mod cuts;
mod files;
mod lists;
mod texts;

use crate::{
    formats::terraform::{
        eval::Evaluator,
        frame::Place,
        value::{Is, Map, Value},
    },
    span::Span,
    syntax::hcl::Expr,
};

/// A call: what is known where it stands.
pub(super) struct Call<'c, 'f> {
    evaluator: &'c Evaluator<'f>,
    arguments: &'c [Value<'f>],
    at: Span,
    place: Place<'c, 'f>,
}

/// How many bytes of a text cost as much as a step.
const BYTES_A_STEP: usize = 64;

type Function = for<'c, 'f> fn(&Call<'c, 'f>) -> Option<Value<'f>>;

/// The functions, by name. `None` as a result: it can't be told.
static FUNCTIONS: &[(&str, Function)] = &[
    ("chomp", cuts::chomp),
    ("coalesce", lists::coalesce),
    ("compact", lists::compact),
    ("concat", lists::concat),
    ("contains", lists::contains),
    ("distinct", lists::distinct),
    ("element", lists::element),
    ("endswith", texts::ends_with),
    ("file", files::file),
    ("flatten", lists::flatten),
    ("format", texts::format),
    ("formatlist", texts::format_list),
    ("join", texts::join),
    ("jsondecode", files::decode),
    ("jsonencode", texts::json),
    ("keys", lists::keys),
    ("length", lists::length),
    ("lookup", lists::lookup),
    ("lower", texts::lower),
    ("merge", lists::merge),
    ("nonsensitive", lists::same),
    ("one", lists::one),
    ("provider::hcloud::txt_record", texts::quoted_strings),
    ("range", lists::range),
    ("regexall", cuts::find_all),
    ("replace", cuts::replace),
    ("reverse", lists::reverse),
    ("sensitive", lists::same),
    ("slice", lists::slice),
    ("sort", lists::sort),
    ("split", cuts::split),
    ("startswith", texts::starts_with),
    ("substr", cuts::substr),
    ("templatefile", files::template),
    ("tobool", lists::same),
    ("tolist", lists::same),
    ("tomap", lists::same),
    ("tonumber", lists::number),
    ("toset", lists::set),
    ("tostring", texts::text),
    ("trim", cuts::trim),
    ("trimprefix", cuts::trim_prefix),
    ("trimspace", cuts::trim_space),
    ("trimsuffix", cuts::trim_suffix),
    ("upper", texts::upper),
    ("values", lists::values),
    ("yamldecode", files::decode),
    ("zipmap", lists::zip_map),
];

/// Calls a function.
pub(super) fn call<'f>(
    evaluator: &Evaluator<'f>,
    name: &str,
    arguments: &'f [Expr],
    spreads: bool,
    at: Span,
    place: Place<'_, 'f>,
) -> Value<'f> {
    if matches!(name, "try" | "can") {
        return attempt(evaluator, name, arguments, at, place);
    }
    let Some((_, function)) = FUNCTIONS
        .iter()
        .find(|(known, _)| *known == name.trim_start_matches("core::"))
    else {
        return Value::unknown(at);
    };
    let mut values: Vec<Value<'f>> = arguments.iter().map(|one| evaluator.value(one, place)).collect();
    if spreads && let Some(last) = values.pop() {
        let Is::List(items) = &last.is else {
            return Value::unknown(at);
        };
        values.extend(items.iter().cloned());
    }
    let size = |value: &Value<'f>| match &value.is {
        Is::Text(text) => text.len() / BYTES_A_STEP,
        _ => 0,
    };
    if !evaluator.spend(values.iter().map(size).sum()) {
        return Value::unknown(at);
    }
    let call = Call {
        evaluator,
        arguments: &values,
        at,
        place,
    };
    function(&call).unwrap_or(Value::unknown(at))
}

/// `try`: the first argument that there is; `can`: whether there is one.
fn attempt<'f>(
    evaluator: &Evaluator<'f>,
    name: &str,
    arguments: &'f [Expr],
    at: Span,
    place: Place<'_, 'f>,
) -> Value<'f> {
    let values = arguments.iter().map(|one| evaluator.value(one, place));
    let found = values.into_iter().find(|value| !matches!(value.is, Is::Missing));
    match (name, found) {
        ("can", Some(value)) if value.is_unknown() => Value::unknown(at),
        ("can", found) => Value::new(at, Is::Bool(found.is_some())),
        (_, Some(value)) => value,
        (_, None) => Value::unknown(at),
    }
}

impl<'c, 'f> Call<'c, 'f> {
    fn argument(&self, index: usize) -> Option<&'c Value<'f>> {
        self.arguments.get(index)
    }

    fn list(&self, index: usize) -> Option<&'c [Value<'f>]> {
        self.argument(index)?.as_list()
    }

    fn map(&self, index: usize) -> Option<&'c Map<'f>> {
        self.argument(index)?.as_map()
    }

    fn word(&self, index: usize) -> Option<String> {
        self.argument(index)?.word()
    }

    fn number(&self, index: usize) -> Option<f64> {
        self.argument(index)?.as_number()
    }

    fn result_list(&self, items: Vec<Value<'f>>) -> Option<Value<'f>> {
        self.evaluator.spend(items.len()).then(|| Value::list(items, self.at))
    }

    fn result_bool(&self, value: bool) -> Option<Value<'f>> {
        Some(Value::new(self.at, Is::Bool(value)))
    }
}
