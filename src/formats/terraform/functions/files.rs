//! Functions that read files of the repository.

use super::Call;
use crate::{
    formats::terraform::{
        frame::{Place, Scope},
        value::{Is, Map, Value},
    },
    source::{Source, join},
    spelling::Spelling,
    syntax::yaml::{self, Kind, Style, View},
    text::Text,
};

/// How deep data may be nested.
const DEPTH: usize = 64;

/// How many bytes of a file cost as much as a step.
const BYTES_A_STEP: usize = 16;

/// `file(path)`
pub(super) fn file<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let source = source(call)?;
    let text = Text::run(source, 0..source.bytes().len(), Spelling::Plain);
    std::str::from_utf8(source.bytes()).ok()?;
    Some(Value::new(source.span(), Is::Text(text)))
}

/// The file that the first argument names.
fn source<'f>(call: &Call<'_, 'f>) -> Option<&'f Source> {
    let path = call.word(0)?;
    let sources = call.evaluator.modules.sources;
    let frame = call.place.frame;
    if let Some(path) = path.strip_prefix('/') {
        return sources.at_path(&join("", path)?);
    }
    let folders = [frame.folders[0], &frame.module.folder, ""];
    let paths = folders.iter().filter_map(|folder| join(folder, &path));
    paths.into_iter().find_map(|path| sources.at_path(&path))
}

/// `yamldecode(text)`, `jsondecode(text)`: of a whole file.
pub(super) fn decode<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let Is::Text(text) = &call.argument(0)?.is else {
        return None;
    };
    let whole = text.whole()?;
    let sources = call.evaluator.modules.sources;
    let source = sources.all().get(whole.source.0 as usize)?;
    if source.span() != whole {
        return None;
    }
    if let Some(known) = call.evaluator.decoded.borrow().get(&source.id) {
        return Some(known.clone());
    }
    if !call.evaluator.spend(whole.len() / BYTES_A_STEP) {
        return None;
    }
    let tree = yaml::read(source);
    let top = tree.documents().next().filter(|_| tree.error.is_none());
    let value = top.map_or(Value::unknown(whole), |top| of_view(top, DEPTH));
    call.evaluator.decoded.borrow_mut().insert(source.id, value.clone());
    Some(value)
}

/// A node of a data file.
fn of_view<'f>(view: View<'_>, depth: usize) -> Value<'f> {
    let at = view.span();
    let Some(depth) = depth.checked_sub(1).filter(|_| view.tag().is_none()) else {
        return Value::unknown(at);
    };
    let is = match view.kind() {
        Kind::Scalar => return scalar(view),
        Kind::Sequence => return Value::list(view.items().map(|item| of_view(item, depth)).collect(), at),
        Kind::Mapping => {
            let mut map = Map::default();
            for (key, value) in view.entries() {
                match key.text() {
                    Some(key) => map.insert(key, of_view(value, depth)),
                    None => map.is_open = true,
                }
            }
            return Value::map(map, at);
        }
        Kind::Unknown => Is::Unknown(None),
    };
    Value::new(at, is)
}

fn scalar<'f>(view: View<'_>) -> Value<'f> {
    let at = view.span();
    let (Some(text), Some(value)) = (view.text(), view.value()) else {
        return Value::unknown(at);
    };
    let is_plain = view.style() == Some(Style::Plain);
    let is = match value {
        _ if !is_plain => Is::Text(text),
        "true" | "True" | "TRUE" => Is::Bool(true),
        "false" | "False" | "FALSE" => Is::Bool(false),
        _ if view.is_null() => Is::Null,
        _ => match value.parse() {
            Ok(number) => Is::Number(number, text),
            Err(_) => Is::Text(text),
        },
    };
    Value::new(at, is)
}

/// `templatefile(path, names)`
pub(super) fn template<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let source = source(call)?;
    let names: Vec<(&str, &Value<'f>)> = match call.argument(1) {
        Some(names) => {
            let entries = names.as_map()?.entries.iter();
            entries
                .filter_map(|(key, (_, value))| Some((std::str::from_utf8(key).ok()?, value)))
                .collect()
        }
        None => Vec::new(),
    };
    if names.len() > DEPTH || !call.evaluator.spend(source.bytes().len() / BYTES_A_STEP) {
        return None;
    }
    let expr = call.evaluator.modules.template(source)?;
    let place = Place {
        frame: call.place.frame,
        scope: None,
    };
    Some(with_names(&names, place, &mut |place| {
        call.evaluator.value(expr, place)
    }))
}

/// Does something where these names are known.
fn with_names<'f>(
    names: &[(&str, &Value<'f>)],
    place: Place<'_, 'f>,
    work: &mut dyn FnMut(Place<'_, 'f>) -> Value<'f>,
) -> Value<'f> {
    let Some(((name, value), rest)) = names.split_first() else {
        return work(place);
    };
    let scope = Scope {
        name,
        value,
        outer: place.scope,
    };
    let place = Place {
        frame: place.frame,
        scope: Some(&scope),
    };
    with_names(rest, place, work)
}
