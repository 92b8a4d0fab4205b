//! Walking a tree.

use std::ops::Range;

use super::{Kind, NONE, Node, Style, Tree, View, What, scalar};
use crate::{span::Span, text::Text};

/// How many mappings are merged into one another at most.
const MERGE_DEPTH: usize = 8;

impl<'a> View<'a> {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self.raw().what {
            What::Scalar(_) => Kind::Scalar,
            What::Mapping => Kind::Mapping,
            What::Sequence => Kind::Sequence,
            What::Alias | What::Document => Kind::Unknown,
        }
    }

    /// Where it is written, where an alias leads: a scalar with its quotes, a block scalar without its header.
    pub fn span(&self) -> Span {
        let node = self.raw();
        Span::new(self.tree.source, node.start as usize..node.end as usize)
    }

    /// How it is written, if it is a scalar.
    pub fn style(&self) -> Option<Style> {
        match self.raw().what {
            What::Scalar(style) => Some(style),
            _ => None,
        }
    }

    /// The value of a scalar, whatever its type would be: a number and a string are the text that they are written with.
    pub fn value(&self) -> Option<&'a str> {
        let node = self.raw();
        let What::Scalar(style) = node.what else { return None };
        if let Some(decoded) = self.tree.decoded(node.link) {
            return Some(decoded);
        }
        let written = self.tree.octets.get(inside(node, style)).unwrap_or_default();
        std::str::from_utf8(written).ok()
    }

    /// The bytes of that value.
    fn octets(&self) -> Option<&'a [u8]> {
        let node = self.raw();
        let What::Scalar(style) = node.what else { return None };
        match self.tree.decoded(node.link) {
            Some(decoded) => Some(decoded.as_bytes()),
            None => self.tree.octets.get(inside(node, style)),
        }
    }

    /// The value of a scalar with the way back to how it is written.
    pub fn text(&self) -> Option<Text> {
        let node = self.raw();
        let What::Scalar(style) = node.what else { return None };
        Some(scalar::text(
            self.tree.source,
            &self.tree.octets,
            inside(node, style),
            style,
            self.tree.decoded(node.link),
        ))
    }

    /// Whether it is a scalar without quotes that stands for nothing.
    pub fn is_null(&self) -> bool {
        self.style() == Some(Style::Plain) && matches!(self.value(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it is a scalar that no number, no `true` and no `null` is written as.
    pub fn is_string(&self) -> bool {
        match self.style() {
            Some(Style::Plain) => {
                !self.is_null()
                    && self.value().is_some_and(|value| {
                        !matches!(value, "true" | "false" | "True" | "False" | "TRUE" | "FALSE")
                            && value.parse::<f64>().is_err()
                    })
            }
            Some(_) => true,
            None => false,
        }
    }

    /// The tag that stands before it, as it is written, such as `!Sub`.
    pub fn tag(&self) -> Option<&'a str> {
        let tags = &self.tree.tags;
        let index = tags.binary_search_by_key(&self.node, |(node, _)| *node).ok()?;
        let range = tags[index].1.start as usize..tags[index].1.end as usize;
        std::str::from_utf8(self.tree.octets.get(range)?).ok()
    }

    /// What a list holds; nothing if it is none.
    pub fn items(&self) -> impl Iterator<Item = View<'a>> + use<'a> {
        self.children(What::Sequence)
    }

    /// The keys of a mapping and their values; nothing if it is none. What `<<` merges in comes last, without the keys that
    /// are there already.
    pub fn entries(&self) -> Vec<(View<'a>, View<'a>)> {
        let mut entries = Vec::new();
        self.merge_into(&mut entries, MERGE_DEPTH);
        entries
    }

    /// What the `<<` of a mapping name, one by one.
    pub fn merged(&self) -> impl Iterator<Item = View<'a>> + use<'a> {
        let values = self
            .own_entries()
            .filter(|(key, _)| key.is_merge())
            .map(|(_, value)| value);
        values.flat_map(|value| {
            let one = (value.kind() != Kind::Sequence).then_some(value);
            one.into_iter().chain(value.items())
        })
    }

    /// The value of a key of a mapping: the last one, if the key is there more than once.
    pub fn get(&self, key: &str) -> Option<View<'a>> {
        let mut own = None;
        let mut merged = Vec::new();
        for (at, value) in self.own_entries() {
            if at.octets() == Some(key.as_bytes()) {
                own = Some(value);
            } else if at.is_merge() {
                merged.push(value);
            }
        }
        own.or_else(|| {
            let merged = !merged.is_empty();
            let entries = if merged { self.entries() } else { Vec::new() };
            entries
                .into_iter()
                .find(|(at, _)| at.value() == Some(key))
                .map(|(_, value)| value)
        })
    }

    /// The values of several keys of a mapping, by the same rules.
    pub fn fields<const N: usize>(&self, keys: &[&str; N]) -> [Option<View<'a>>; N] {
        let mut found = [None; N];
        let mut merges = false;
        for (at, value) in self.own_entries() {
            let key = at.octets();
            match keys.iter().position(|wanted| key == Some(wanted.as_bytes())) {
                Some(index) => found[index] = Some(value),
                None => merges |= at.is_merge(),
            }
        }
        if merges {
            for (found, key) in found.iter_mut().zip(keys) {
                *found = found.or_else(|| self.get(key));
            }
        }
        found
    }

    fn merge_into(&self, entries: &mut Vec<(View<'a>, View<'a>)>, depth: usize) {
        let known = entries.len();
        let mut merged = Vec::new();
        for (key, value) in self.own_entries() {
            if key.is_merge() {
                merged.push(value);
                continue;
            }
            let is_new = |(other, _): &(View<'_>, View<'_>)| other.octets() != key.octets() || key.octets().is_none();
            if entries[..known].iter().all(is_new) {
                entries.push((key, value));
            }
        }
        let Some(depth) = depth.checked_sub(1) else { return };
        for value in merged {
            match value.kind() {
                Kind::Mapping => value.merge_into(entries, depth),
                _ => value.items().for_each(|item| item.merge_into(entries, depth)),
            }
        }
    }

    fn own_entries(&self) -> impl Iterator<Item = (View<'a>, View<'a>)> + use<'a> {
        let mut children = self.children(What::Mapping);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    fn is_merge(&self) -> bool {
        self.style() == Some(Style::Plain) && self.octets() == Some(b"<<")
    }

    fn children(&self, of: What) -> impl Iterator<Item = View<'a>> + use<'a> {
        let (tree, node) = (self.tree, self.raw());
        let end = if node.what == of { node.link } else { 0 };
        let mut at = self.node + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = View { tree, node: at };
                at = tree.after(at);
                child.resolved()
            })
        })
    }

    /// What an alias stands for.
    fn resolved(self) -> View<'a> {
        let node = self.raw();
        if node.what != What::Alias || node.link == NONE {
            return self;
        }
        let target = View {
            tree: self.tree,
            node: node.link,
        };
        let cost = (self.tree.after(node.link) - node.link) as usize;
        let left = self.tree.budget.get().checked_sub(cost);
        self.tree.budget.set(left.unwrap_or(0));
        // What an anchor stands for is never an alias itself.
        if left.is_some() { target } else { self }
    }

    fn raw(&self) -> &'a Node {
        let tree: &'a Tree = self.tree;
        &tree.nodes[self.node as usize]
    }
}

/// What stands between the quotes.
fn inside(node: &Node, style: Style) -> Range<usize> {
    let (start, end) = (node.start as usize, node.end as usize);
    match style {
        Style::Single | Style::Double if end - start >= 2 => start + 1..end - 1,
        _ => start..end,
    }
}
