//! The JSON that stands for HCL: the same tree, whose strings are templates.

use super::{Attribute, Block, Body, DEPTH, Error, Expr, Tree, What, ground::Ground, structure::Parser, template};
use crate::{
    source::Source,
    syntax::yaml::{self, Kind, Style, View},
    text::Text,
};

/// The blocks of a module, and how many labels they have.
const BLOCKS: [(&str, usize); 6] = [
    ("resource", 2),
    ("data", 2),
    ("module", 1),
    ("variable", 1),
    ("output", 1),
    ("locals", 0),
];

/// Reads a file.
pub(super) fn read(source: &Source) -> Tree {
    let json = yaml::read(source);
    let mut tree = Tree {
        error: json.error.clone().map(|error| Error {
            span: error.span,
            message: error.message,
        }),
        ..Tree::default()
    };
    let Some(top) = json.documents().next() else {
        return tree;
    };
    let is_values = source.path.ends_with(".tfvars.json");
    for (key, value) in top.entries() {
        let Some(name) = key.value() else { continue };
        match BLOCKS.iter().find(|(kind, _)| *kind == name && !is_values) {
            Some((kind, labels)) => blocks(kind, *labels, &mut Vec::new(), value, key, &mut tree.body.blocks),
            None => tree.body.attributes.push(attribute(key, value, DEPTH)),
        }
    }
    tree
}

/// The blocks in a value: below one key for each label, one or a list of them.
fn blocks(kind: &str, more: usize, labels: &mut Vec<String>, value: View<'_>, key: View<'_>, into: &mut Vec<Block>) {
    if value.kind() == Kind::Sequence {
        return value
            .items()
            .for_each(|item| blocks(kind, more, labels, item, key, into));
    }
    if more > 0 {
        for (label, value) in value.entries() {
            labels.push(label.value().unwrap_or_default().to_string());
            blocks(kind, more - 1, labels, value, label, into);
            labels.pop();
        }
        return;
    }
    into.push(Block {
        kind: kind.to_string(),
        labels: labels.clone(),
        head: key.span(),
        span: key.span().to(value.span()),
        body: Body {
            attributes: value
                .entries()
                .into_iter()
                .map(|(key, value)| attribute(key, value, DEPTH))
                .collect(),
            blocks: Vec::new(),
        },
    });
}

fn attribute(key: View<'_>, value: View<'_>, depth: usize) -> Attribute {
    Attribute {
        name: key.value().unwrap_or_default().to_string(),
        name_at: key.span(),
        value: expression(value, depth),
    }
}

fn expression(view: View<'_>, depth: usize) -> Expr {
    let what = match (view.kind(), depth.checked_sub(1)) {
        (Kind::Scalar, _) => scalar(view),
        (Kind::Sequence, Some(depth)) => What::List(view.items().map(|item| expression(item, depth)).collect()),
        (Kind::Mapping, Some(depth)) => {
            let entry = |(key, value)| (expression(key, depth), expression(value, depth));
            What::Object(view.entries().into_iter().map(entry).collect())
        }
        _ => What::Unknown,
    };
    Expr { at: view.span(), what }
}

fn scalar(view: View<'_>) -> What {
    let (Some(text), Some(value)) = (view.text(), view.value()) else {
        return What::Unknown;
    };
    if view.style() != Some(Style::Double) {
        return match value {
            "true" => What::Bool(true),
            "false" => What::Bool(false),
            _ if view.is_null() => What::Null,
            _ => match value.parse() {
                Ok(number) => What::Number(number, text),
                Err(_) => What::Text(text),
            },
        };
    }
    let has_template = |text: &Text| {
        let find = |marker: &[u8]| memchr::memmem::find(text.bytes(), marker).is_some();
        find(b"${") || find(b"%{")
    };
    if !has_template(&text) {
        return What::Text(text);
    }
    let ground = Ground::within(text);
    template::in_json(&mut Parser::new(&ground, 0)).unwrap_or(What::Unknown)
}
