//! Names in zone files, and what completes them.

use std::{ops::Range, sync::Arc};

use crate::{
    name::{Base, LABEL_MAX, NAME_MAX, Name},
    record::{FaultKind, Written},
    source::Source,
    span::{SourceId, Span},
    syntax::zone::{self as syntax, Token},
};

/// What completes the names of one file at one place in it.
pub(super) struct Bases {
    pub(super) origin: Name,
    /// Where the origin is written; it is implied if it is not.
    pub(super) written_at: Option<Span>,
    /// Whether the SOA tells nothing new of it.
    pub(super) is_settled: bool,
    /// Whether the origin is known to be in the zone.
    is_within: bool,
    origin_len: usize,
    relative: Arc<Base>,
    absolute: Arc<Base>,
}

impl Bases {
    /// Names of a file that `origin` completes, which is written there, or implied.
    pub(super) fn new(source: &Source, origin: Name, written_at: Option<Span>) -> Bases {
        Bases {
            written_at,
            is_settled: written_at.is_some(),
            is_within: false,
            origin_len: origin.wire_len(),
            relative: Base::new(Arc::clone(&source.octets), Some(origin.clone())),
            absolute: Base::new(Arc::clone(&source.octets), None),
            origin,
        }
    }

    /// Goes on with another origin in the same file. Names that are completed alike share what completes them.
    pub(super) fn set_origin(&mut self, source: &Source, origin: Name, written_at: Span) {
        if origin != self.origin {
            let absolute = Arc::clone(&self.absolute);
            *self = Bases {
                absolute,
                ..Bases::new(source, origin, None)
            };
        }
        self.written_at = Some(written_at);
        self.is_settled = true;
    }

    /// Where the fault is, and which name is at fault, if an owner that the origin completes is not in the zone.
    pub(super) fn outside(&mut self, apex: Option<&Name>, span: Span, owner: &Name) -> Option<(Span, Name)> {
        if self.is_within {
            return None;
        }
        let written_at = self.written_at?;
        self.is_within = apex.is_some_and(|apex| self.origin.is_within(apex));
        match apex {
            _ if self.is_within => None,
            Some(apex) if !apex.is_within(&self.origin) => Some((written_at, self.origin.clone())),
            _ => Some((span, owner.clone())),
        }
    }
}

pub(super) fn unknown_origin() -> Name {
    Name::from_labels([None::<&[u8]>], None)
}

/// The name that a token is.
pub(super) fn name(source: &Source, token: &Token, bases: &Bases) -> Result<(Name, Written), (FaultKind, Span)> {
    let inside = token.inside();
    let bytes = &source.bytes()[inside.clone()];
    if token.escaped || token.hole || token.quoted {
        return name_of(bytes, Span::new(source.id, inside), &bases.origin);
    }
    if bytes == b"@" {
        return Ok((Name::of_origin(&bases.relative), Written::Origin));
    }
    let absolute = bytes.last() == Some(&b'.');
    let own = &bytes[..bytes.len() - usize::from(absolute)];
    if own.is_empty() && absolute {
        return Ok((Name::root(), Written::Absolute));
    }
    let base = if absolute { &bases.absolute } else { &bases.relative };
    let written = if absolute { Written::Absolute } else { Written::Relative };
    let Some(name) = Name::within(base, inside.start, own.len()) else {
        return Err(bad_label(own, &inside, source.id));
    };
    let len = own.len() + 1 + if absolute { 1 } else { bases.origin_len };
    if len > NAME_MAX {
        return Err((FaultKind::NameTooLong, Span::new(source.id, inside)));
    }
    Ok((name, written))
}

/// What is wrong with the first label that is none, of a name that stands at `inside`.
fn bad_label(own: &[u8], inside: &Range<usize>, source: SourceId) -> (FaultKind, Span) {
    let at = |start: usize, end: usize| Span::new(source, inside.start + start..inside.start + end);
    let mut start = 0;
    for label in own.split(|byte| *byte == b'.') {
        let end = start + label.len();
        match label.len() {
            // The two dots, or the one at the start.
            0 if end == 0 => return (FaultKind::EmptyLabel, at(0, 1)),
            0 => return (FaultKind::EmptyLabel, at(start - 1, (end + 1).min(inside.len()))),
            len if len > LABEL_MAX => return (FaultKind::LabelTooLong, at(start, end)),
            _ => start = end + 1,
        }
    }
    (FaultKind::EmptyLabel, at(0, own.len()))
}

/// The name that is written as `bytes`, with escapes and template markers in it. Places in it are exact if `span` is just
/// that of the bytes.
pub(super) fn name_of(bytes: &[u8], span: Span, origin: &Name) -> Result<(Name, Written), (FaultKind, Span)> {
    if bytes == b"@" {
        return Ok((origin.clone(), Written::Origin));
    }
    if bytes == b"." {
        return Ok((Name::root(), Written::Absolute));
    }
    if bytes.is_empty() {
        return Err((FaultKind::EmptyLabel, span));
    }
    let exact = bytes.len() == span.len();
    let place = |range: Range<usize>| match exact {
        true => Span::new(
            span.source,
            span.start as usize + range.start..span.start as usize + range.end,
        ),
        false => span,
    };
    let mut labels: Vec<Option<Vec<u8>>> = Vec::new();
    let mut end = 0;
    for (range, label) in syntax::labels(bytes) {
        match label.as_ref().map_or(1, Vec::len) {
            0 => return Err((FaultKind::EmptyLabel, place(range.start.max(1) - 1..range.end + 1))),
            len if len > LABEL_MAX => return Err((FaultKind::LabelTooLong, place(range))),
            _ => {}
        }
        end = range.end;
        labels.push(label);
    }
    let absolute = end < bytes.len();
    let name = Name::from_labels(labels, (!absolute).then_some(origin));
    if name.wire_len() > NAME_MAX {
        return Err((FaultKind::NameTooLong, span));
    }
    Ok((name, if absolute { Written::Absolute } else { Written::Relative }))
}
