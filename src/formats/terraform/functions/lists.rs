//! Functions of lists and maps.

use std::collections::BTreeSet;

use super::Call;
use crate::formats::terraform::{
    eval::ELEMENTS,
    value::{Is, Map, Value},
};

/// How deep lists are flattened.
const DEPTH: usize = 16;

pub(super) fn same<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    call.argument(0).cloned()
}

pub(super) fn number<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let argument = call.argument(0)?;
    match &argument.is {
        Is::Text(text) => Some(Value::new(argument.at, Is::Number(argument.as_number()?, text.clone()))),
        _ => Some(argument.clone()),
    }
}

pub(super) fn coalesce<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    for argument in call.arguments {
        match &argument.is {
            Is::Null => {}
            Is::Text(text) if text.is_empty() && text.is_complete() => {}
            Is::Text(text) if text.is_empty() => return None,
            _ => return Some(argument.clone()),
        }
    }
    None
}

pub(super) fn concat<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let mut items = Vec::new();
    for index in 0..call.arguments.len() {
        items.extend_from_slice(call.list(index)?);
    }
    call.result_list(items)
}

pub(super) fn merge<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let mut merged = Map::default();
    for argument in call.arguments {
        match &argument.is {
            Is::Null => {}
            Is::Map(map) => {
                if !call.evaluator.spend(map.entries.len()) {
                    return None;
                }
                merged.is_open |= map.is_open;
                merged
                    .entries
                    .extend(map.entries.iter().map(|(key, entry)| (key.clone(), entry.clone())));
            }
            // What it holds may take the place of any entry.
            _ => return None,
        }
    }
    Some(Value::map(merged, call.at))
}

pub(super) fn flatten<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    fn add<'f>(call: &Call<'_, 'f>, items: &[Value<'f>], depth: usize, all: &mut Vec<Value<'f>>) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        for item in items {
            match &item.is {
                _ if !call.evaluator.spend(1) => return None,
                Is::List(inner) => add(call, inner, depth, all)?,
                Is::Unknown(_) | Is::Missing | Is::Block(_) => return None,
                _ => all.push(item.clone()),
            }
        }
        (all.len() <= ELEMENTS).then_some(())
    }
    let mut all = Vec::new();
    add(call, call.list(0)?, DEPTH, &mut all)?;
    call.result_list(all)
}

pub(super) fn compact<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let mut kept = Vec::new();
    for item in call.list(0)? {
        match &item.is {
            Is::Null => {}
            Is::Text(text) if text.is_empty() && text.is_complete() => {}
            Is::Text(text) if text.is_empty() => return None,
            Is::Text(_) | Is::Number(..) => kept.push(item.clone()),
            _ => return None,
        }
    }
    call.result_list(kept)
}

pub(super) fn distinct<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for item in call.list(0)? {
        if seen.insert(item.known_text()?.bytes().to_vec()) {
            kept.push(item.clone());
        }
    }
    call.result_list(kept)
}

/// A list in order without what is in it twice. What can't be compared stays.
pub(super) fn set<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let items = call.list(0)?;
    let Some(mut keyed) = keyed(items) else {
        return call.argument(0).cloned();
    };
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.dedup_by(|a, b| a.0 == b.0);
    call.result_list(keyed.into_iter().map(|(_, item)| item).collect())
}

pub(super) fn sort<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let mut keyed = keyed(call.list(0)?)?;
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    call.result_list(keyed.into_iter().map(|(_, item)| item).collect())
}

fn keyed<'f>(items: &[Value<'f>]) -> Option<Vec<(Vec<u8>, Value<'f>)>> {
    items
        .iter()
        .map(|item| Some((item.known_text()?.bytes().to_vec(), item.clone())))
        .collect()
}

pub(super) fn reverse<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    call.result_list(call.list(0)?.iter().rev().cloned().collect())
}

pub(super) fn slice<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (from, to) = (call.number(1)? as usize, call.number(2)? as usize);
    call.result_list(call.list(0)?.get(from..to)?.to_vec())
}

pub(super) fn range<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (from, to, step) = match call.arguments.len() {
        1 => (0.0, call.number(0)?, 1.0),
        2 => (call.number(0)?, call.number(1)?, 1.0),
        _ => (call.number(0)?, call.number(1)?, call.number(2)?),
    };
    let count = ((to - from) / step).ceil();
    if !count.is_finite() || count < 0.0 || !call.evaluator.may_loop(count as usize, call.at) {
        return None;
    }
    let number = |index: usize| Value::number(from + step * index as f64, call.at);
    call.result_list((0..count as usize).map(number).collect())
}

pub(super) fn contains<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let wanted = call.argument(1)?;
    let mut is_sure = true;
    for item in call.list(0)? {
        match item.equals(wanted) {
            Some(true) => return call.result_bool(true),
            Some(false) => {}
            None => is_sure = false,
        }
    }
    is_sure.then(|| call.result_bool(false))?
}

pub(super) fn element<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (items, index) = (call.list(0)?, call.number(1)?);
    let index = (index as i64).rem_euclid(i64::try_from(items.len()).ok().filter(|len| *len > 0)?);
    items.get(index as usize).cloned()
}

pub(super) fn one<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let argument = call.argument(0)?;
    match &argument.is {
        Is::List(items) => match &items[..] {
            [] => Some(Value::new(call.at, Is::Null)),
            [only] => Some(only.clone()),
            _ => None,
        },
        _ => Some(argument.clone()),
    }
}

pub(super) fn length<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let argument = call.argument(0)?;
    let length = match &argument.is {
        Is::List(items) => items.len(),
        Is::Map(map) if !map.is_open => map.entries.len(),
        Is::Text(text) if text.is_complete() => String::from_utf8_lossy(text.bytes()).chars().count(),
        _ => return None,
    };
    Some(Value::number(length as f64, call.at))
}

pub(super) fn keys<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let map = call.map(0).filter(|map| !map.is_open)?;
    let keys = map
        .entries
        .values()
        .map(|(key, _)| Value::of_text(key.clone(), call.at));
    call.result_list(keys.collect())
}

pub(super) fn values<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let map = call.map(0).filter(|map| !map.is_open)?;
    call.result_list(map.entries.values().map(|(_, value)| value.clone()).collect())
}

pub(super) fn lookup<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let map = call.map(0)?;
    let key = call.argument(1)?.known_text()?;
    match map.get(key.bytes()) {
        Some(value) => Some(value.clone()),
        None if map.is_open => None,
        None => call.argument(2).cloned(),
    }
}

pub(super) fn zip_map<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let mut map = Map::default();
    for (key, value) in call.list(0)?.iter().zip(call.list(1)?) {
        map.insert(key.text()?, value.clone());
    }
    Some(Value::map(map, call.at))
}
