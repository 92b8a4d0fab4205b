//! YAML, and JSON as the part of it that it is, as one small tree. Nothing else knows the parser.
//!
//! A tree is a list of nodes in the order of the file: what a collection holds stands right behind it. Values are decoded
//! when they are asked for, so a large file that holds little of interest costs little.

mod build;
mod comments;
mod scalar;
mod view;

use std::{cell::Cell, ops::Range, sync::Arc};

pub use self::{build::read, comments::comments};
use crate::span::{SourceId, Span};

/// What a file says.
#[derive(Debug)]
pub struct Tree {
    source: SourceId,
    octets: Arc<Vec<u8>>,
    nodes: Vec<Node>,
    /// The values of scalars that are not written as they are, by [`Node::more`].
    decoded: Vec<Box<str>>,
    /// The tags, by the number of their node.
    tags: Vec<(u32, Range<u32>)>,
    /// Why the rest of the file could not be read.
    pub error: Option<Error>,
    /// How many more nodes may be reached through aliases.
    budget: Cell<usize>,
}

/// Why a file could not be read to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The point where it stopped making sense, or the whole file if that is not text.
    pub span: Span,
    /// What the parser says of it; `None` if the file is not in UTF-8.
    pub message: Option<String>,
}

/// A node of a [`Tree`], aliases resolved.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    tree: &'a Tree,
    node: u32,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A string, a number, anything that stands for itself.
    Scalar,
    /// Keys and their values.
    Mapping,
    /// A list.
    Sequence,
    /// An alias of an anchor that is not there, that the node itself is in, or that was followed too often.
    Unknown,
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    what: What,
    /// Where it is written, in bytes; a scalar with its quotes, a block scalar without its header.
    start: u32,
    end: u32,
    /// The number of the first node behind it and all that it holds.
    after: u32,
    /// An alias: the node that it stands for. A scalar: the number of its decoded value.
    more: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Document,
    Scalar(Style),
    Mapping,
    Sequence,
    Alias,
}

/// No node, or no decoded value: the scalar is written as it is.
const NONE: u32 = u32::MAX;

impl Tree {
    /// The documents of the file in order, those without anything in them left out.
    pub fn documents(&self) -> impl Iterator<Item = View<'_>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                let node = self.nodes.get(at as usize)?;
                let (first, after) = (at + 1, node.after);
                at = after;
                if first < after {
                    return Some(View {
                        tree: self,
                        node: first,
                    });
                }
            }
        })
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing in the file.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
