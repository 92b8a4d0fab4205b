//! From the events of the parser to a tree.

use std::{borrow::Cow, cell::Cell, collections::BTreeMap, sync::Arc};

use granit_parser::{Event, Parser, ScalarStyle, options};

use super::{Error, NONE, Style, Tree, What, block, json};
use crate::{source::Source, span::Span};

/// How many nodes may be reached through aliases beyond those of the file.
const ALIAS_BUDGET: usize = 1 << 20;

/// Reads a file. What stands before an error is in the tree.
pub fn read(source: &Source) -> Tree {
    let start = start(source.bytes());
    let mut tree = empty(source);
    if std::str::from_utf8(source.bytes()).is_ok() {
        if json::may_start(&source.bytes()[start..]) {
            let read = json::read(start, &mut tree);
            // Whoever reads a file that is called JSON wants just that.
            let is_json = source.path.ends_with(".json");
            tree.error = read.err().filter(|_| is_json).map(|at| Error {
                span: Span::new(source.id, at..at),
                message: Some("something that JSON does not allow".to_string()),
            });
            if read.is_ok() || is_json {
                return tree;
            }
        }
        tree.clear();
        if block::read(start, &mut tree).is_some() {
            return tree;
        }
    }
    parse(source)
}

/// Reads a file with the parser of YAML, whatever is in it.
pub fn parse(source: &Source) -> Tree {
    let mut tree = empty(source);
    let octets = Arc::clone(&source.octets);
    match std::str::from_utf8(&octets) {
        Ok(text) => {
            let start = start(&octets);
            Builder {
                tree: &mut tree,
                base: start,
                text: &text[start..],
                open: Vec::new(),
                anchors: BTreeMap::new(),
            }
            .build();
        }
        Err(error) => {
            let at = error.valid_up_to();
            tree.error = Some(Error {
                span: Span::new(source.id, at..(at + 1).min(octets.len())),
                message: None,
            });
        }
    }
    tree
}

/// Where the text starts, behind a byte order mark.
fn start(octets: &[u8]) -> usize {
    if octets.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

fn empty(source: &Source) -> Tree {
    Tree {
        source: source.id,
        octets: Arc::clone(&source.octets),
        nodes: Vec::new(),
        decoded: String::new(),
        decoded_ends: Vec::new(),
        tags: Vec::new(),
        error: None,
        budget: Cell::new(ALIAS_BUDGET),
    }
}

struct Builder<'a> {
    tree: &'a mut Tree,
    /// Where `text` starts in the file.
    base: usize,
    text: &'a str,
    /// The collections that are not ended yet.
    open: Vec<u32>,
    anchors: BTreeMap<usize, u32>,
}

impl<'a> Builder<'a> {
    fn build(mut self) {
        let options = options! {
            emit_comments: false,
            emit_unresolved_aliases: true,
        };
        for event in Parser::new_from_str_with_options(self.text, options) {
            match event {
                Ok((event, span)) => self.take(event, &span),
                Err(error) => {
                    let at = error
                        .marker()
                        .byte_offset()
                        .unwrap_or(self.text.len())
                        .min(self.text.len());
                    let point = Span::new(self.tree.source, self.base + at..self.base + at);
                    self.tree.error = Some(Error {
                        span: point,
                        message: Some(error.kind().to_string()),
                    });
                    break;
                }
            }
        }
        while !self.open.is_empty() {
            self.close(None);
        }
    }

    fn take(&mut self, event: Event<'a>, span: &granit_parser::Span) {
        match event {
            Event::DocumentStart(..) => {
                self.anchors.clear();
                self.open(What::Document, span);
            }
            Event::SequenceStart(_, anchor, _) => self.collection(What::Sequence, anchor, span),
            Event::MappingStart(_, anchor, _) => self.collection(What::Mapping, anchor, span),
            Event::DocumentEnd | Event::SequenceEnd | Event::MappingEnd => self.close(Some(span)),
            Event::Scalar(value, style, anchor, _) => self.scalar(value, style, anchor, span),
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                // An alias inside of what it stands for would never end.
                let target = target.filter(|target| !self.open.contains(target));
                self.push(What::Alias, span, target.unwrap_or(NONE));
            }
            Event::UnresolvedAlias(_) => {
                self.push(What::Alias, span, NONE);
            }
            _ => {}
        }
    }

    fn scalar(&mut self, value: Cow<'a, str>, style: ScalarStyle, anchor: usize, span: &granit_parser::Span) {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let (start, end) = self.range(span);
        let written = &self.tree.octets[start as usize..end as usize];
        let is_verbatim = match style {
            Style::Plain => written == value.as_bytes(),
            Style::Single | Style::Double => written.len() >= 2 && &written[1..written.len() - 1] == value.as_bytes(),
            Style::Literal | Style::Folded => false,
        };
        let more = if is_verbatim {
            NONE
        } else {
            // The parser gives `~` where nothing is written.
            let value = if written.is_empty() { "" } else { &*value };
            self.tree.decode(value)
        };
        let node = self.push(What::Scalar(style), span, more);
        self.name(node, anchor, span);
    }

    fn collection(&mut self, what: What, anchor: usize, span: &granit_parser::Span) {
        let node = self.open(what, span);
        self.name(node, anchor, span);
    }

    /// Notes the anchor and the tag of a node.
    fn name(&mut self, node: u32, anchor: usize, span: &granit_parser::Span) {
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        if let Some(tag) = span.tag_span() {
            let (start, end) = self.range(&tag);
            self.tree.tags.push((node, start..end));
        }
    }

    fn open(&mut self, what: What, span: &granit_parser::Span) -> u32 {
        let node = self.push(what, span, NONE);
        self.open.push(node);
        node
    }

    fn close(&mut self, span: Option<&granit_parser::Span>) {
        let Some(node) = self.open.pop() else { return };
        let end = span.map(|span| self.range(span).1);
        // A block ends with the last that it holds, and not where the parser notices.
        let last = self.tree.nodes.last().map_or(0, |last| last.end);
        let raw = &self.tree.nodes[node as usize];
        let is_flow = matches!(self.tree.octets.get(raw.start as usize), Some(b'[' | b'{'));
        let end = match end {
            Some(end) if is_flow => end,
            _ => last.max(raw.end),
        };
        self.tree.close(node, end as usize);
    }

    fn push(&mut self, what: What, span: &granit_parser::Span, link: u32) -> u32 {
        let (start, end) = self.range(span);
        self.tree.push(what, start as usize..end as usize, link)
    }

    /// A place of the parser's in the file.
    fn range(&self, span: &granit_parser::Span) -> (u32, u32) {
        let range = span.byte_range().unwrap_or(0..0);
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        ((self.base + start) as u32, (self.base + end) as u32)
    }
}
