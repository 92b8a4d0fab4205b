//! YAML, and JSON as the part of it that it is, as one small tree. Nothing else knows the parser.
//!
//! A tree is a list of nodes in the order of the file: what a collection holds stands right behind it. Values are decoded
//! when they are asked for, so a large file that holds little of interest costs little.
//!
//! [`read`] knows plain JSON and the commonest YAML by itself, and leaves all else to the parser, which [`parse`] always asks.
//! Both give the same tree.

mod block;
mod build;
mod comments;
mod json;
mod scalar;
mod view;

use std::{cell::Cell, ops::Range, sync::Arc};

pub use self::{
    build::{parse, read},
    comments::comments,
};
use crate::span::{SourceId, Span};

/// What a file says.
#[derive(Debug)]
pub struct Tree {
    source: SourceId,
    octets: Arc<Vec<u8>>,
    nodes: Vec<Node>,
    /// The values of scalars that are not written as they are, one behind the other, and where each ends.
    decoded: String,
    decoded_ends: Vec<u32>,
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
    /// A collection or a document: the number of the first node behind it and all that it holds. An alias: the node that it
    /// stands for. A scalar: the number of its decoded value.
    link: u32,
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
                self.nodes.get(at as usize)?;
                let (first, after) = (at + 1, self.after(at));
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

    /// The nodes that have a tag, in the order of the file.
    pub fn tagged(&self) -> impl Iterator<Item = View<'_>> {
        self.tags.iter().map(|(node, _)| View {
            tree: self,
            node: *node,
        })
    }

    fn clear(&mut self) {
        self.nodes.clear();
        self.decoded.clear();
        self.decoded_ends.clear();
    }

    /// The number of the first node behind one and all that it holds.
    fn after(&self, node: u32) -> u32 {
        let raw = &self.nodes[node as usize];
        match raw.what {
            What::Document | What::Mapping | What::Sequence => raw.link,
            What::Scalar(_) | What::Alias => node + 1,
        }
    }

    /// Adds a node; its number.
    fn push(&mut self, what: What, at: Range<usize>, link: u32) -> u32 {
        let number = self.nodes.len() as u32;
        self.nodes.push(Node {
            what,
            start: at.start as u32,
            end: at.end as u32,
            link,
        });
        number
    }

    /// Ends a collection or a document at `end`: all nodes behind it are what it holds.
    fn close(&mut self, node: u32, end: usize) {
        let after = self.nodes.len() as u32;
        let node = &mut self.nodes[node as usize];
        node.link = after;
        node.end = end as u32;
    }

    /// Keeps the value of a scalar; its number.
    fn decode(&mut self, value: &str) -> u32 {
        self.decoded.push_str(value);
        self.decoded_ends.push(self.decoded.len() as u32);
        self.decoded_ends.len() as u32 - 1
    }

    /// The value of a scalar with this number.
    fn decoded(&self, number: u32) -> Option<&str> {
        let number = number as usize;
        let end = *self.decoded_ends.get(number)?;
        let start = number.checked_sub(1).map_or(0, |before| self.decoded_ends[before]);
        self.decoded.get(start as usize..end as usize)
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
