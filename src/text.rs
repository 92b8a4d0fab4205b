//! Decoded values that know the way back to their source.
//!
//! Whoever reads a notation builds a [`Text`] and is the last to see escapes; everybody else works on
//! [`Text::bytes`] and asks [`Text::span`] when there is something to show.

mod back;
mod joined;
mod parts;
mod pieces;
mod replace;
mod through;

use std::{fmt, ops::Range, sync::Arc};

use self::{
    joined::Joined,
    pieces::{Layers, Literal, Pieced},
};
use crate::{
    source::Source,
    span::{SourceId, Span},
    spelling::Spelling,
};

/// A decoded value with the way back to its source.
///
/// Bytes, not characters: `\195\169` is two bytes that happen to be a letter, `\255` is one that is not.
/// A place that it gives is in its file and at most too wide; it never cuts a character of the file.
#[derive(Clone)]
pub struct Text {
    shape: Shape,
}

#[derive(Clone)]
enum Shape {
    Run(Run),
    Joined(Box<Joined>),
    Pieced(Box<Pieced>),
}

/// How to look at a value: all that is no single run is pieces.
enum View<'a> {
    Run(&'a Run),
    Pieced(&'a Pieced),
}

/// One literal, or a part of one, whose decoded bytes stand in the file as they are: by far the commonest. Nothing is
/// copied.
#[derive(Clone)]
struct Run {
    octets: Arc<Vec<u8>>,
    /// What stands between the quotes of the literal.
    inside: Span,
    /// The part of it that is the value, in bytes from the start of the file.
    start: u32,
    end: u32,
    spelling: Spelling,
}

/// Something in a value that the file does not tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hole {
    /// Where it stands in the decoded bytes, counted from 0; it takes none of them.
    pub at: u32,
    /// How it is written.
    pub span: Span,
    /// Why it is unknown.
    pub why: Why,
}

/// Why a part of a value is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// A template fills it in: `{{ x }}`, `{% %}`, `${x}`, `<% %>`, `%x%`, `@X@`.
    Template,
}

/// A change of a file: the bytes at `span` become `new`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edit {
    /// What is replaced; an empty place inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub new: String,
}

/// Building a value.
impl Text {
    /// One literal of `source` whose content stands at `inside`, in bytes from 0, as it is.
    pub fn run(source: &Source, inside: Range<usize>, spelling: Spelling) -> Text {
        Text::shared(source.id, &source.octets, inside, spelling)
    }

    /// The same of a source with these octets.
    pub fn shared(source: SourceId, octets: &Arc<Vec<u8>>, inside: Range<usize>, spelling: Spelling) -> Text {
        let end = inside.end.min(octets.len());
        let inside = Span::new(source, inside.start.min(end)..end);
        Text {
            shape: Shape::Run(Run {
                octets: Arc::clone(octets),
                inside,
                start: inside.start,
                end: inside.end,
                spelling,
            }),
        }
    }

    /// Several literals of `source` whose contents stand at `insides`, in bytes from 0, as they are.
    pub fn joined(source: &Source, insides: impl Iterator<Item = Range<usize>> + Clone, spelling: Spelling) -> Text {
        let joined = Joined::new(source.id, &source.octets, insides, spelling);
        Text {
            shape: Shape::Joined(Box::new(joined)),
        }
    }

    /// A value without anything in it yet.
    pub fn new() -> Text {
        Text::from(Pieced::default())
    }

    /// A value without anything in it yet, with room for so many bytes in so many literals.
    pub fn with_capacity(bytes: usize, literals: usize) -> Text {
        Text::from(Pieced {
            bytes: Vec::with_capacity(bytes),
            pieces: Vec::with_capacity(literals),
            literals: Vec::with_capacity(literals),
            ..Pieced::default()
        })
    }

    /// Adds bytes that stand at `span` as they are.
    pub fn push_verbatim(&mut self, bytes: &[u8], span: Span) {
        self.pieced().push_verbatim(bytes, span);
    }

    /// Adds bytes that are written otherwise at `span`: an escape, or a character that is only implied there.
    pub fn push_spelled(&mut self, bytes: &[u8], span: Span) {
        self.pieced().push_spelled(bytes, span);
    }

    /// Adds something that the file does not tell, written at `span`.
    pub fn push_hole(&mut self, span: Span, why: Why) {
        let pieced = self.pieced();
        let at = pieced.bytes.len() as u32;
        pieced.holes.push(Hole { at, span, why });
    }

    /// Ends a literal: what was pushed since the last one was ended stands at `inside`, between its quotes.
    pub fn end_literal(&mut self, inside: Span, spelling: Spelling) {
        self.pieced().end_literal(inside, spelling);
    }

    /// Notes that something at `seam` puts this value together: that is its place where literals from elsewhere are in it.
    pub fn put_together_at(&mut self, seam: Span) {
        if let Shape::Pieced(pieced) = &mut self.shape {
            pieced.seam = Some(seam);
        }
    }

    /// The same value, as if each of its literals held another one of this kind: a function reads what the file says, and this
    /// is how it gives it back.
    pub fn holding(self, spelling: Spelling) -> Text {
        let mut pieced = self.into_pieced();
        for literal in &mut pieced.literals {
            let octets = (literal.end - literal.start) as usize;
            literal.layers = Layers::one(spelling, octets).inside(literal.layers);
        }
        Text::from(pieced)
    }

    /// Adds `range` of another value behind this one. Nothing where `range` reaches out of it.
    pub fn append(&mut self, other: &Text, range: Range<usize>) {
        let part = other.slice(range);
        match &self.shape {
            Shape::Pieced(pieced) if pieced.is_blank() => *self = part,
            _ => self.pieced().join(part.into_pieced()),
        }
    }

    /// A part of this value, as a value of its own, with the holes that touch it. An empty part is in the one literal in
    /// which something would be written there. Empty, and nowhere, where `range` reaches out of the value.
    pub fn slice(&self, range: Range<usize>) -> Text {
        if range.start > range.end || range.end > self.len() {
            return Text::new();
        }
        match self.view() {
            _ if range == (0..self.len()) && !range.is_empty() => self.clone(),
            View::Run(run) => Text {
                shape: Shape::Run(Run {
                    start: run.start + range.start as u32,
                    end: run.start + range.end as u32,
                    ..run.clone()
                }),
            },
            View::Pieced(pieced) => Text::from(pieced.slice(range)),
        }
    }

    /// The pieces of this value, made of what it is if it is in none yet.
    fn pieced(&mut self) -> &mut Pieced {
        if !matches!(self.shape, Shape::Pieced(_)) {
            let pieced = std::mem::take(self).into_pieced();
            self.shape = Shape::Pieced(Box::new(pieced));
        }
        match &mut self.shape {
            Shape::Pieced(pieced) => pieced,
            Shape::Run(_) | Shape::Joined(_) => unreachable!("made pieced above"),
        }
    }

    fn into_pieced(self) -> Pieced {
        match self.shape {
            Shape::Run(run) => run.pieced(),
            Shape::Joined(joined) => joined.pieced().clone(),
            Shape::Pieced(pieced) => *pieced,
        }
    }

    fn view(&self) -> View<'_> {
        match &self.shape {
            Shape::Run(run) => View::Run(run),
            Shape::Joined(joined) => View::Pieced(joined.pieced()),
            Shape::Pieced(pieced) => View::Pieced(pieced),
        }
    }
}

/// What it says, and where that stands.
impl Text {
    /// The decoded bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.shape {
            Shape::Run(run) => run.octets.get(run.start as usize..run.end as usize).unwrap_or_default(),
            Shape::Joined(joined) => &joined.bytes,
            Shape::Pieced(pieced) => &pieced.bytes,
        }
    }

    /// The decoded bytes at `range`; none where it reaches out of the value.
    pub fn get(&self, range: Range<usize>) -> &[u8] {
        self.bytes().get(range).unwrap_or_default()
    }

    /// How many decoded bytes there are.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Whether there is no decoded byte; there may be a hole.
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// What the file does not tell, in order.
    pub fn holes(&self) -> &[Hole] {
        match &self.shape {
            Shape::Run(_) | Shape::Joined(_) => &[],
            Shape::Pieced(pieced) => &pieced.holes,
        }
    }

    /// Whether there is no hole anywhere: only then may be said that something is missing.
    pub fn is_complete(&self) -> bool {
        self.holes().is_empty()
    }

    /// Whether no hole is in `range` or touches it: only then may be said that it is wrong.
    pub fn is_known(&self, range: Range<usize>) -> bool {
        let holes = self.holes();
        let first = holes.partition_point(|hole| (hole.at as usize) < range.start);
        holes.get(first).is_none_or(|hole| hole.at as usize > range.end)
    }

    /// Where the decoded bytes at `range` are written. An empty range is the point where something is missing: behind the
    /// byte before it, or behind the holes there. `None` if it reaches out of the value, or if the value is written nowhere.
    ///
    /// If the bytes come from several places, the span covers what stands between them; if those are in several files
    /// or out of order, it covers the first; and where something puts them together, it is that.
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        if range.start > range.end || range.end > self.len() {
            return None;
        }
        match self.view() {
            View::Run(run) => Some(run.span(range)),
            View::Pieced(pieced) if range.is_empty() => pieced.point(range.start),
            View::Pieced(pieced) => pieced.span(range),
        }
    }

    /// Where the whole value is written, without outer quotes: holes and empty literals at its ends are in it. `None` if it
    /// is written nowhere.
    pub fn whole(&self) -> Option<Span> {
        match self.view() {
            View::Run(run) if run.is_whole() => Some(run.inside),
            View::Run(run) => Some(run.span(0..self.len())),
            View::Pieced(pieced) => pieced.whole(),
        }
    }

    /// How many literals the value is written in.
    pub fn literal_count(&self) -> usize {
        match &self.shape {
            Shape::Run(_) => 1,
            Shape::Joined(joined) => joined.literal_count(),
            Shape::Pieced(pieced) => pieced.literals.len(),
        }
    }

    /// The literal with this number from 0: its decoded bytes, what stands between its quotes, and its innermost kind.
    /// `None` if there are not so many. In a part of a value, a literal may be there in part.
    pub fn literal(&self, index: usize) -> Option<(Range<usize>, Span, Spelling)> {
        match &self.shape {
            Shape::Run(run) => (index == 0).then(|| (0..self.len(), run.inside, run.spelling)),
            Shape::Joined(joined) => {
                let (range, inside) = joined.literal(index)?;
                Some((range, inside, joined.spelling))
            }
            Shape::Pieced(pieced) => {
                let literal = pieced.literals.get(index)?;
                Some((literal.range(), literal.inside, literal.layers.innermost().spelling))
            }
        }
    }

    /// Whether its literals are words and strings of a zone file, and do not stand inside others.
    pub fn is_of_zone_file(&self) -> bool {
        let is_zone = |spelling| matches!(spelling, Spelling::ZoneBare | Spelling::ZoneQuoted | Spelling::ZoneHex);
        match &self.shape {
            Shape::Run(run) => is_zone(run.spelling),
            Shape::Joined(joined) => is_zone(joined.spelling),
            Shape::Pieced(pieced) => {
                let mut literals = pieced.literals.iter();
                literals.all(|literal| literal.layers.iter().all(|layer| is_zone(layer.spelling)))
            }
        }
    }

    /// Whether it is one quoted string of a zone file, all of it, whose decoded bytes stand in the file as they are.
    pub fn is_quoted_as_it_is(&self) -> bool {
        matches!(&self.shape, Shape::Run(run) if run.spelling == Spelling::ZoneQuoted && run.is_whole())
    }

    /// Whether a literal is of this kind, the innermost one where they stand in one another.
    pub fn has_literal(&self, spelling: Spelling) -> bool {
        match &self.shape {
            Shape::Run(run) => run.spelling == spelling,
            Shape::Joined(joined) => joined.spelling == spelling,
            Shape::Pieced(_) => self.literals().any(|(_, _, own)| own == spelling),
        }
    }

    /// The literals in order.
    pub fn literals(&self) -> impl Iterator<Item = (Range<usize>, Span, Spelling)> + '_ {
        (0..self.literal_count()).filter_map(|index| self.literal(index))
    }
}

impl Run {
    fn is_whole(&self) -> bool {
        (self.start, self.end) == (self.inside.start, self.inside.end)
    }

    fn span(&self, range: Range<usize>) -> Span {
        let base = self.start as usize;
        let start = base + range.start;
        // A point inside a character is put behind it.
        let from = if range.is_empty() { pieces::ceil } else { pieces::floor };
        let end = pieces::ceil(&self.octets, base + range.end);
        Span::new(self.inside.source, from(&self.octets, start)..end)
    }

    fn pieced(&self) -> Pieced {
        let range = self.start as usize..self.end as usize;
        let mut pieced = Pieced::default();
        if !self.is_whole() {
            pieced.before = Some(self.span(0..0));
        }
        let all = Span::new(self.inside.source, 0..self.octets.len());
        pieced.push_part(&self.octets, range.clone(), all);
        // In an empty part inside a character nothing is written.
        if !range.is_empty() || pieces::cut_character(&self.octets, range.start).is_none() {
            pieced.literals.push(Literal {
                start: 0,
                end: range.len() as u32,
                inside: self.inside,
                layers: Layers::one(self.spelling, self.inside.len()),
            });
        }
        pieced
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text")
            .field("bytes", &String::from_utf8_lossy(self.bytes()))
            .field("at", &self.whole())
            .field("holes", &self.holes())
            .finish()
    }
}
