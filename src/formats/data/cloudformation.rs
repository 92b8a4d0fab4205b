//! CloudFormation templates: record sets of Route 53, with the functions that may stand in names and values.

use std::collections::BTreeMap;

use crate::{
    formats::data::{
        entry::Entry,
        value::{self, Texts, Value},
    },
    name::Name,
    record::{Scan, Written},
    source::{Source, Sources},
    span::Span,
    syntax::yaml::{Kind, Tree, View},
    text::{Text, Why},
};

const TEXTS: Texts = Texts::Strings;

/// How deep functions may stand in functions, and resources in wrappers.
const DEPTH: usize = 12;

/// The types of resources that hold records.
const SET: &str = "AWS::Route53::RecordSet";
const GROUP: &str = "AWS::Route53::RecordSetGroup";

/// Whether a document is a template with record sets.
pub(super) fn is_template(top: View<'_>) -> bool {
    let mut found = false;
    resources(top, DEPTH, &mut |_, _| found = true);
    found
}

/// Reads a template.
pub(super) fn read(source: &Source, tree: &Tree, _sources: &Sources, scan: &mut Scan) {
    scan.fault_of(tree);
    for top in tree.documents() {
        let template = Template::of(top);
        resources(top, DEPTH, &mut |kind, resource| {
            let many = resource.get("Condition").is_some();
            let Some(properties) = resource.get("Properties") else {
                return;
            };
            let sets = properties
                .get("RecordSets")
                .map(|sets| sets.items().collect::<Vec<_>>());
            let sets = if kind == GROUP {
                sets.unwrap_or_default()
            } else {
                vec![properties]
            };
            for set in sets {
                template.record_set(source, set, many, scan);
            }
        });
    }
}

/// Calls `found` with each resource that holds records, and its type.
fn resources<'a>(view: View<'a>, depth: usize, found: &mut dyn FnMut(&str, View<'a>)) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(kind) = view.get("Type").and_then(|kind| kind.value())
        && (kind == SET || kind == GROUP)
    {
        return found(kind, view);
    }
    for (_, value) in view.entries() {
        resources(value, depth, found);
    }
}

/// What the functions of a template can be given.
struct Template<'a> {
    /// The parameters with their defaults, and the names of hosted zones.
    known: BTreeMap<&'a str, View<'a>>,
}

impl<'a> Template<'a> {
    fn of(top: View<'a>) -> Template<'a> {
        let mut known = BTreeMap::new();
        for holder in [Some(top), top.get("resources")].into_iter().flatten() {
            for (name, parameter) in holder.get("Parameters").map(|all| all.entries()).unwrap_or_default() {
                // A parameter has a default so that it need not be given; what is given instead is not in the repository.
                if let (Some(name), Some(default)) = (name.value(), parameter.get("Default")) {
                    known.insert(name, default);
                }
            }
        }
        Template { known }
    }

    fn record_set(&self, source: &Source, set: View<'_>, many: bool, scan: &mut Scan) {
        let (Some(name), Some(kind)) = (set.get("Name"), set.get("Type")) else {
            return;
        };
        let name_at = name.span();
        let name = self.text(name, DEPTH);
        let Some(labels) = value::labels(&name, 0..name.len()) else {
            return;
        };
        let owner = Name::from_labels(labels, None);
        let mut entry = Entry::of(source, &name, owner, Written::Absolute);
        let is_inside = |whole: Span| name_at.start <= whole.start && whole.end <= name_at.end;
        if name.literal_count() != 1 || !name.whole().is_some_and(is_inside) {
            entry.owner_at(name_at);
        }
        entry.ttl(set.get("TTL"));
        entry.many = many || set.get("Weight").is_some() || set.get("SetIdentifier").is_some();
        match set.get("ResourceRecords") {
            Some(values) if values.kind() == Kind::Sequence && values.tag().is_none() => {
                for value in values.items() {
                    let text = self.text(value, DEPTH);
                    entry.push(kind, &Value::Text(text, value.span()), TEXTS, scan);
                }
            }
            Some(values) => entry.unknown(values, scan),
            // An alias of a resource has no records of its own, but it answers.
            None => entry.unknown(set.get("AliasTarget").unwrap_or(kind), scan),
        }
    }

    /// What a node comes to: literals, and the functions over them that can only have one value. Anything else is a hole.
    fn text(&self, view: View<'_>, depth: usize) -> Text {
        let Some(depth) = depth.checked_sub(1) else {
            return hole(view);
        };
        let tag = view.tag().map(|tag| tag.trim_start_matches('!'));
        let entries = view.entries();
        let (function, argument) = match (tag, &entries[..]) {
            (Some(tag), _) => (tag, view),
            (None, [(key, argument)]) => {
                let key = key.value().unwrap_or_default();
                (key.strip_prefix("Fn::").unwrap_or(key), *argument)
            }
            (None, _) => return view.text().unwrap_or_else(|| hole(view)),
        };
        match function {
            "Ref" => match argument.value().and_then(|name| self.known.get(name)) {
                Some(value) => self.text(*value, depth),
                None => hole(view),
            },
            "Sub" => self.substitute(argument, depth),
            "Join" => self.join(argument, depth).unwrap_or_else(|| hole(view)),
            _ => hole(view),
        }
    }

    /// A text with `${...}` in it; or a list of one, and what else stands for names.
    fn substitute(&self, view: View<'_>, depth: usize) -> Text {
        let mut own = BTreeMap::new();
        let mut pattern = view;
        if view.kind() == Kind::Sequence {
            let mut items = view.items();
            let Some(first) = items.next() else { return hole(view) };
            pattern = first;
            for (name, value) in items.next().map(|names| names.entries()).unwrap_or_default() {
                if let Some(name) = name.value() {
                    own.insert(name, value);
                }
            }
        }
        let Some(text) = pattern.text() else { return hole(view) };
        let bytes = text.bytes();
        let mut whole = Text::new();
        let mut at = 0;
        while let Some(start) = memchr::memmem::find(&bytes[at..], b"${").map(|len| at + len) {
            let Some(end) = memchr::memchr(b'}', &bytes[start..]).map(|len| start + len) else {
                break;
            };
            let name = std::str::from_utf8(&bytes[start + 2..end]).unwrap_or_default().trim();
            whole.append(&text, at..start);
            // `${!x}` stands for `${x}` itself.
            if name.starts_with('!') {
                whole.append(&text, start..start + 2);
                whole.append(&text, start + 3..end + 1);
            } else if let Some(value) = own.get(name).or_else(|| self.known.get(name)) {
                let value = self.text(*value, depth);
                whole.append(&value, 0..value.len());
            } else {
                let span = text.span(start..end + 1).unwrap_or(pattern.span());
                whole.append(&one_hole(span), 0..0);
            }
            at = end + 1;
        }
        whole.append(&text, at..bytes.len());
        whole
    }

    /// `[separator, [parts]]`
    fn join(&self, view: View<'_>, depth: usize) -> Option<Text> {
        let mut items = view.items();
        let separator = items.next()?.text()?;
        let parts = items
            .next()
            .filter(|parts| parts.kind() == Kind::Sequence && parts.tag().is_none())?;
        let mut whole = Text::new();
        for (index, part) in parts.items().enumerate() {
            if index > 0 {
                whole.append(&separator, 0..separator.len());
            }
            let part = self.text(part, depth);
            whole.append(&part, 0..part.len());
        }
        Some(whole)
    }
}

fn hole(view: View<'_>) -> Text {
    one_hole(view.span())
}

fn one_hole(span: Span) -> Text {
    let mut text = Text::new();
    text.push_hole(span, Why::Template);
    text
}
