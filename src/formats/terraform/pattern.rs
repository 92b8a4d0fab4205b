//! Regular expressions, as far as people use them on TXT records: literals, `.`, classes, groups, repetitions, anchors.
//!
//! The first match from the left is found by trying, greedily, as RE2 would answer; how much is tried is limited.

use std::{cell::Cell, ops::Range};

/// How many steps a search may take.
const STEPS: usize = 1 << 20;

/// How long an expression may be, in bytes.
const LENGTH: usize = 256;

/// How deep groups may lie.
const DEPTH: usize = 16;

/// A regular expression.
pub(super) struct Pattern {
    nodes: Vec<Node>,
    groups: usize,
}

struct Node {
    what: What,
    least: usize,
    most: usize,
}

enum What {
    Byte(Class),
    Start,
    End,
    /// The number of a group, 0 for one that is not remembered, and what is in it.
    Group(usize, Vec<Node>),
}

#[derive(Clone, Default)]
struct Class {
    ranges: Vec<(u8, u8)>,
    is_negated: bool,
}

/// The groups of a match; the first is all of it.
pub(super) type Groups = Vec<Option<Range<usize>>>;

impl Pattern {
    /// Reads an expression; `None` if it has something in it that is not known here.
    pub(super) fn parse(text: &str) -> Option<Pattern> {
        if text.len() > LENGTH {
            return None;
        }
        let mut reader = Reader {
            bytes: text.as_bytes(),
            at: 0,
            groups: 0,
        };
        let nodes = reader.sequence(DEPTH)?;
        (reader.at == text.len() && text.is_ascii()).then_some(Pattern {
            nodes,
            groups: reader.groups,
        })
    }

    /// The first match from `from` on. `None` if it takes too long; `Some(None)` without a match.
    pub(super) fn find(&self, bytes: &[u8], from: usize) -> Option<Option<Groups>> {
        let steps = Cell::new(STEPS);
        for start in from..=bytes.len() {
            let mut groups = vec![None; self.groups + 1];
            let matcher = Matcher { bytes, steps: &steps };
            let end = matcher.sequence(&self.nodes, start, &mut groups, &mut |at, _| Some(at));
            if steps.get() == 0 {
                return None;
            }
            if let Some(end) = end {
                groups[0] = Some(start..end);
                return Some(Some(groups));
            }
        }
        Some(None)
    }
}

struct Matcher<'a> {
    bytes: &'a [u8],
    steps: &'a Cell<usize>,
}

type Then<'t> = &'t mut dyn FnMut(usize, &mut Groups) -> Option<usize>;

impl Matcher<'_> {
    fn sequence(&self, nodes: &[Node], at: usize, groups: &mut Groups, then: Then<'_>) -> Option<usize> {
        let Some((first, rest)) = nodes.split_first() else {
            return then(at, groups);
        };
        match &first.what {
            What::Start => (at == 0).then(|| self.sequence(rest, at, groups, then))?,
            What::End => (at == self.bytes.len()).then(|| self.sequence(rest, at, groups, then))?,
            What::Byte(class) => {
                let most = first.most.min(self.bytes.len() - at);
                let matching = self.bytes[at..at + most]
                    .iter()
                    .take_while(|byte| class.has(**byte))
                    .count();
                self.spend(matching + 1)?;
                let counts = (first.least..=matching).rev();
                counts.into_iter().find_map(|count| {
                    self.spend(1)?;
                    self.sequence(rest, at + count, groups, then)
                })
            }
            What::Group(number, inner) => self.group(*number, inner, (first.least, first.most), rest, at, groups, then),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all that a match in progress is")]
    fn group(
        &self,
        number: usize,
        inner: &[Node],
        (least, most): (usize, usize),
        rest: &[Node],
        at: usize,
        groups: &mut Groups,
        then: Then<'_>,
    ) -> Option<usize> {
        // A repetition of groups would need a stack as deep as the text is long.
        if least > 1 || most > 1 {
            self.steps.set(0);
            return None;
        }
        self.spend(1)?;
        let before = groups.clone();
        let mut behind = |end: usize, groups: &mut Groups| {
            let own = groups.get(number).cloned().flatten();
            if number > 0 {
                groups[number] = Some(at..end);
            }
            let found = self.sequence(rest, end, groups, then);
            if found.is_none() && number > 0 {
                groups[number] = own;
            }
            found
        };
        if let Some(end) = self.sequence(inner, at, groups, &mut behind) {
            return Some(end);
        }
        *groups = before;
        (least == 0).then(|| self.sequence(rest, at, groups, then))?
    }

    fn spend(&self, steps: usize) -> Option<()> {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.map(|_| ())
    }
}

impl Class {
    fn has(&self, byte: u8) -> bool {
        let is_in = self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&byte));
        is_in != self.is_negated
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    groups: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn sequence(&mut self, depth: usize) -> Option<Vec<Node>> {
        let depth = depth.checked_sub(1)?;
        let mut nodes = Vec::new();
        while let Some(byte) = self.bytes.get(self.at).copied().filter(|byte| *byte != b')') {
            self.at += 1;
            let what = match byte {
                b'^' => What::Start,
                b'$' => What::End,
                b'.' => What::Byte(Class {
                    ranges: vec![(b'\n', b'\n')],
                    is_negated: true,
                }),
                b'(' => {
                    let mut number = 0;
                    if self.bytes[self.at..].starts_with(b"?:") {
                        self.at += 2;
                    } else {
                        self.groups += 1;
                        number = self.groups;
                    }
                    let inner = self.sequence(depth)?;
                    (self.next()? == b')').then_some(())?;
                    What::Group(number, inner)
                }
                b'[' => What::Byte(self.class()?),
                b'\\' => What::Byte(self.escape()?),
                b'|' | b'*' | b'+' | b'?' | b'{' => return None,
                byte => What::Byte(Class {
                    ranges: vec![(byte, byte)],
                    is_negated: false,
                }),
            };
            let (least, most) = self.repetition()?;
            nodes.push(Node { what, least, most });
        }
        Some(nodes)
    }

    fn repetition(&mut self) -> Option<(usize, usize)> {
        let counts = match self.bytes.get(self.at) {
            Some(b'*') => (0, usize::MAX),
            Some(b'+') => (1, usize::MAX),
            Some(b'?') => (0, 1),
            Some(b'{') => {
                let rest = &self.bytes[self.at + 1..];
                let len = memchr::memchr(b'}', rest)?;
                let inner = std::str::from_utf8(&rest[..len]).ok()?;
                self.at += len + 1;
                match inner.split_once(',') {
                    None => (inner.parse().ok()?, inner.parse().ok()?),
                    Some((least, "")) => (least.parse().ok()?, usize::MAX),
                    Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                }
            }
            _ => return Some((1, 1)),
        };
        self.at += 1;
        // A lazy or doubled repetition.
        let is_plain = !matches!(self.bytes.get(self.at), Some(b'?' | b'*' | b'+' | b'{'));
        (is_plain && counts.0 <= counts.1).then_some(counts)
    }

    fn class(&mut self) -> Option<Class> {
        let mut class = Class::default();
        if self.bytes.get(self.at) == Some(&b'^') {
            self.at += 1;
            class.is_negated = true;
        }
        let mut is_first = true;
        loop {
            let byte = self.next()?;
            if byte == b']' && !std::mem::take(&mut is_first) {
                return Some(class);
            }
            is_first = false;
            if byte == b'[' && self.bytes.get(self.at) == Some(&b':') {
                return None;
            }
            if byte == b'\\' {
                let inner = self.escape().filter(|inner| !inner.is_negated)?;
                class.ranges.extend(inner.ranges);
                continue;
            }
            let mut last = byte;
            if let [b'-', end, ..] = self.bytes[self.at..]
                && end != b']'
            {
                last = end;
                self.at += 2;
            }
            class.ranges.push((byte, last));
        }
    }

    fn escape(&mut self) -> Option<Class> {
        let byte = self.next()?;
        let (ranges, is_negated): (&[(u8, u8)], bool) = match byte {
            b'd' | b'D' => (&[(b'0', b'9')], byte == b'D'),
            b'w' | b'W' => (&[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')], byte == b'W'),
            b's' | b'S' => (&[(b'\t', b'\n'), (0x0c, b'\r'), (b' ', b' ')], byte == b'S'),
            b'n' => (&[(b'\n', b'\n')], false),
            b'r' => (&[(b'\r', b'\r')], false),
            b't' => (&[(b'\t', b'\t')], false),
            byte if byte.is_ascii_punctuation() => (&[], false),
            _ => return None,
        };
        let own = [(byte, byte)];
        let ranges = if ranges.is_empty() { &own[..] } else { ranges };
        Some(Class {
            ranges: ranges.to_vec(),
            is_negated,
        })
    }
}
