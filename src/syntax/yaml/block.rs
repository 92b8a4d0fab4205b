//! The YAML that most people write: mappings and lists by indentation, scalars on one line. It is read straight into a tree;
//! whatever is not just that is left to the parser.

use std::ops::Range;

use super::{NONE, Style, Tree, What, json};

/// About so many bytes make a node.
const BYTES: usize = 10;
/// How deep collections may be nested.
const DEPTH: usize = 64;
/// Longer keys are left to the parser, which has a limit for them (YAML 1.2.2, section 7.4.2).
const KEY_MAX: usize = 1000;

/// Reads one document that starts at `start`, counted in bytes from 0. `None` if there is more to it than this knows; what is
/// in the tree then is of no use.
pub(super) fn read(start: usize, tree: &mut Tree) -> Option<()> {
    let octets = std::sync::Arc::clone(&tree.octets);
    let mut reader = Reader {
        octets: &octets,
        tree,
        open: Vec::new(),
        pending: None,
    };
    reader.tree.nodes.reserve(octets.len() / BYTES);
    let document = reader.tree.push(What::Document, start..start, NONE);
    let mut at = start;
    let mut is_first = true;
    while at < octets.len() {
        let end = memchr::memchr(b'\n', &octets[at..]).map_or(octets.len(), |len| at + len);
        let line = &octets[at..end];
        let is_odd = |byte: &u8| !(b' '..=b'~').contains(byte);
        if line.iter().any(is_odd) {
            return None;
        }
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        match line.get(indent) {
            None | Some(b'#') => {}
            Some(_) if line == b"---" && is_first => is_first = false,
            Some(_) if line.starts_with(b"---") || line.starts_with(b"...") || line.starts_with(b"%") => return None,
            Some(_) => {
                is_first = false;
                reader.line(at, at + indent, end)?;
            }
        }
        at = end + 1;
    }
    (!reader.open.is_empty()).then_some(())?;
    reader.close_from(0);
    reader.tree.close(document, octets.len());
    Some(())
}

/// A collection that is not ended yet.
#[derive(Clone, Copy)]
struct Open {
    what: What,
    node: u32,
    indent: usize,
}

struct Reader<'a> {
    octets: &'a [u8],
    tree: &'a mut Tree,
    open: Vec<Open>,
    /// Where the value of the last key, or of the last dash, may be missing.
    pending: Option<usize>,
}

impl Reader<'_> {
    /// A line with something on it, from `at` to `end`.
    fn line(&mut self, start: usize, at: usize, end: usize) -> Option<()> {
        let indent = at - start;
        let is_entry = self.is_dash(at, end);
        while self
            .open
            .last()
            .is_some_and(|top| top.indent > indent || top.indent == indent && top.what == What::Sequence && !is_entry)
        {
            self.close();
        }
        self.node(start, at, end, false)
    }

    fn is_dash(&self, at: usize, end: usize) -> bool {
        self.octets[at] == b'-' && (at + 1 == end || self.octets[at + 1] == b' ')
    }

    /// What stands in a line from `at` on, maybe behind a dash: an entry of a list, a key, or a scalar.
    fn node(&mut self, start: usize, at: usize, end: usize, behind_dash: bool) -> Option<()> {
        if self.is_dash(at, end) {
            self.collection(What::Sequence, start, at)?;
            self.pending = Some(end);
            let blanks = self.blanks(at + 1, end);
            return match self.rest_is_empty(at + 1, end) {
                true => Some(()),
                false => self.node(start, at + 1 + blanks, end, true),
            };
        }
        let (style, scalar, decoded) = self.scalar(at, end)?;
        if self.is_colon(scalar.end, end) {
            (scalar.len() <= KEY_MAX).then_some(())?;
            self.collection(What::Mapping, start, at)?;
            let colon = scalar.end;
            self.push(style, scalar, decoded);
            self.pending = Some(colon);
            let value = colon + 1 + self.blanks(colon + 1, end);
            if self.rest_is_empty(colon + 1, end) {
                return Some(());
            }
            let (style, scalar, decoded) = self.scalar(value, end)?;
            return self.last(style, scalar, decoded, end);
        }
        // On a line of its own stands a scalar that may go on over several.
        behind_dash.then_some(())?;
        self.last(style, scalar, decoded, end)
    }

    /// A scalar that ends its line.
    fn last(&mut self, style: Style, scalar: Range<usize>, decoded: Option<String>, end: usize) -> Option<()> {
        self.rest_is_empty(scalar.end, end).then_some(())?;
        self.pending = None;
        self.push(style, scalar, decoded);
        Some(())
    }

    /// Makes the collection that an entry or a key at `at` belongs to the one that is being read.
    fn collection(&mut self, what: What, start: usize, at: usize) -> Option<()> {
        let indent = at - start;
        match self.open.last() {
            Some(top) if top.what == what && top.indent == indent => {
                self.complete();
                return Some(());
            }
            // A list may stand as far left as the key that it is the value of.
            Some(top) if top.indent == indent => (what == What::Sequence && self.pending.is_some()).then_some(())?,
            Some(top) => (top.indent < indent && self.pending.is_some()).then_some(())?,
            None => self.tree.nodes.len().eq(&1).then_some(())?,
        }
        (self.open.len() < DEPTH).then_some(())?;
        self.pending = None;
        let node = self.tree.push(what, at..at, NONE);
        self.open.push(Open { what, node, indent });
        Some(())
    }

    /// Gives a key or a dash without a value an empty one.
    fn complete(&mut self) {
        if let Some(at) = self.pending.take() {
            self.tree.push(What::Scalar(Style::Plain), at..at, NONE);
        }
    }

    fn close(&mut self) {
        self.complete();
        let Some(open) = self.open.pop() else { return };
        let end = self.tree.nodes.last().map_or(0, |last| last.end);
        self.tree.close(open.node, end as usize);
    }

    fn close_from(&mut self, len: usize) {
        while self.open.len() > len {
            self.close();
        }
    }

    fn push(&mut self, style: Style, range: Range<usize>, decoded: Option<String>) {
        let more = decoded.map_or(NONE, |decoded| self.tree.decode(&decoded));
        self.tree.push(What::Scalar(style), range, more);
    }

    fn blanks(&self, at: usize, end: usize) -> usize {
        self.octets[at..end].iter().take_while(|byte| **byte == b' ').count()
    }

    /// Whether nothing but a comment follows.
    fn rest_is_empty(&self, at: usize, end: usize) -> bool {
        let blanks = self.blanks(at, end);
        at + blanks == end || blanks > 0 && self.octets[at + blanks] == b'#'
    }

    /// Whether a colon that ends a key stands at `at`.
    fn is_colon(&self, at: usize, end: usize) -> bool {
        at < end && self.octets[at] == b':' && (at + 1 == end || self.octets[at + 1] == b' ')
    }

    /// A scalar on one line that starts at `at`: how and where it is written, and its value if that is another.
    fn scalar(&self, at: usize, end: usize) -> Option<(Style, Range<usize>, Option<String>)> {
        match self.octets[at] {
            b'\'' => {
                let close = at + 1 + memchr::memchr(b'\'', &self.octets[at + 1..end])?;
                let is_doubled = close + 1 < end && self.octets[close + 1] == b'\'';
                (!is_doubled).then_some((Style::Single, at..close + 1, None))
            }
            b'"' => {
                let (close, decoded) = json::string(&self.octets[..end], at)?;
                Some((Style::Double, at..close, decoded))
            }
            b'-' | b'?' | b':' if matches!(self.octets[at + 1..end].first(), None | Some(b' ')) => None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' => None,
            _ => Some((Style::Plain, at..self.plain_end(at, end), None)),
        }
    }

    /// Where a scalar without quotes ends: before a comment, or before the colon behind a key.
    fn plain_end(&self, at: usize, end: usize) -> usize {
        let mut stop = end;
        let mut from = at;
        while let Some(hit) = memchr::memchr2(b':', b'#', &self.octets[from..end]).map(|len| from + len) {
            let is_comment = self.octets[hit] == b'#' && hit > at && self.octets[hit - 1] == b' ';
            if is_comment || self.is_colon(hit, end) {
                stop = hit;
                break;
            }
            from = hit + 1;
        }
        let blanks = self.octets[at..stop]
            .iter()
            .rev()
            .take_while(|byte| **byte == b' ')
            .count();
        stop - blanks
    }
}
