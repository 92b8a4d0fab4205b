//! Zones: how resources name them, and what a record says of the one that it lies in.

use crate::{
    formats::{
        data::value as data,
        terraform::{
            resources::Names,
            value::{Is, Value},
        },
    },
    name::Name,
    record::Written,
    suffix,
    syntax::hcl::{Body, Expr, What},
    text::Text,
};

/// Attributes with the name of a zone, the likeliest first.
const NAMES: [&str; 5] = ["dns_name", "zone", "name", "domain", "domain_name"];

/// Blocks that choose a zone by its name.
const FILTERS: [&str; 2] = ["filter", "filters"];

/// Whether an attribute of a zone is its name.
pub(super) fn is_name(attribute: &str) -> bool {
    NAMES.contains(&attribute)
}

/// Whether a resource may stand for a zone, by its type.
fn is_zone(kind: &str) -> bool {
    kind.contains("zone") || kind.contains("domain")
}

/// Where a resource that stands for a zone has the id of it.
pub(super) fn id_of<'f>(kind: &str, body: &'f Body) -> Option<&'f Expr> {
    body.get("zone_id").or(body.get("id")).filter(|_| is_zone(kind))
}

/// Whether a zone is one that only some networks see.
pub(super) fn is_private(kind: &str, body: &Body) -> bool {
    let is = |name: &str, wanted: fn(&What) -> bool| body.get(name).is_some_and(|value| wanted(&value.what));
    kind.contains("private")
        || body.blocks("vpc").next().is_some()
        || is("private_zone", |what| matches!(what, What::Bool(true)))
        || is(
            "visibility",
            |what| matches!(what, What::Text(text) if text.bytes() == b"private"),
        )
}

/// Where a resource that stands for a zone has its name.
pub(super) fn name_of<'f>(kind: &str, body: &'f Body) -> Option<&'f Expr> {
    if !is_zone(kind) {
        return None;
    }
    let own = NAMES.iter().find_map(|name| body.get(name));
    let filter = || FILTERS.iter().find_map(|name| body.get(name));
    let block = || {
        FILTERS
            .iter()
            .find_map(|name| body.blocks(name).next()?.body.get("name"))
    };
    own.or_else(filter).or_else(block)
}

/// The zone that a value stands for: by its name, or because it comes from a resource that has one.
pub(super) fn origin(value: &Value<'_>) -> Option<Name> {
    let text = match &value.is {
        Is::Unknown(Some(zone)) => (**zone).clone(),
        Is::Text(_) => value.known_text()?,
        _ => return None,
    };
    let name = Name::parse(std::str::from_utf8(text.bytes()).ok()?)?;
    // What has no dot, or no known ending, is the id of a zone.
    (name.label_count() > 1 && suffix::has_known_tld(&name)).then_some(name)
}

/// The owner of a record, completed as its provider does. `None` if it is no name.
pub(super) fn owner(text: &Text, names: Names, zone: Option<&Name>) -> Option<(Name, Written)> {
    let bytes = text.bytes();
    let unknown = Name::unknown();
    let origin = zone.unwrap_or(&unknown);
    let is_apex = bytes == b"@" || bytes.is_empty();
    if text.is_complete() && (is_apex || bytes == b".") {
        return Some((origin.clone(), Written::Origin));
    }
    let labels = data::labels(text, 0..text.len())?;
    let alone = || Name::from_labels(labels.iter().map(Option::as_ref), None);
    let has_dot = bytes.ends_with(b".") && text.is_known(bytes.len()..bytes.len());
    let is_whole = match names {
        Names::Relative => false,
        Names::Whole => true,
        Names::Dotted => has_dot,
        Names::Either => has_dot || ends_in_zone(&alone(), zone),
    };
    if is_whole {
        return Some((alone(), Written::Absolute));
    }
    // An unknown end may be a dot, or the zone.
    let ends_unknown = !text.is_known(bytes.len()..bytes.len());
    let origin = match ends_unknown && names != Names::Relative {
        true => None,
        false => Some(origin),
    };
    Some((Name::from_labels(labels, origin), Written::Relative))
}

/// Whether a name is one in the zone. Of an unknown zone that is told by the name: nobody ends a relative one so.
fn ends_in_zone(name: &Name, zone: Option<&Name>) -> bool {
    match zone {
        Some(zone) => name.is_within(zone),
        None => {
            suffix::registered(name).is_some_and(|domain| name.label_count() >= domain.label_count()) && is_long(name)
        }
    }
}

/// Whether a name has so many labels that it is a whole one: `mail.app` may stand in any zone.
fn is_long(name: &Name) -> bool {
    let starts_below = name.first().is_some_and(|first| first.starts_with(b"_"));
    name.label_count() > 2 || starts_below && name.label_count() > 1
}
