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
    pub(super) origin_len: usize,
    pub(super) relative: Arc<Base>,
    pub(super) absolute: Arc<Base>,
}

impl Bases {
    pub(super) fn new(source: &Source, origin: Name) -> Bases {
        Bases {
            origin_len: origin.wire_len(),
            relative: Base::new(Arc::clone(&source.octets), Some(origin.clone())),
            absolute: Base::new(Arc::clone(&source.octets), None),
            origin,
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
        return Ok((Name::within(&bases.relative, 0, 0), Written::Origin));
    }
    let absolute = bytes.last() == Some(&b'.');
    let own = &bytes[..bytes.len() - usize::from(absolute)];
    if own.is_empty() && absolute {
        return Ok((Name::root(), Written::Absolute));
    }
    let mut label = 0;
    for (at, byte) in own.iter().enumerate() {
        if *byte == b'.' {
            check_label(label, at, &inside, source.id)?;
            label = at + 1;
        }
    }
    check_label(label, own.len(), &inside, source.id)?;
    let len = own.len() + 1 + if absolute { 1 } else { bases.origin_len };
    if len > NAME_MAX {
        return Err((FaultKind::NameTooLong, Span::new(source.id, inside)));
    }
    let base = if absolute { &bases.absolute } else { &bases.relative };
    let written = if absolute { Written::Absolute } else { Written::Relative };
    Ok((Name::within(base, inside.start, own.len()), written))
}

fn check_label(start: usize, end: usize, inside: &Range<usize>, source: SourceId) -> Result<(), (FaultKind, Span)> {
    let at = |start: usize, end: usize| Span::new(source, inside.start + start..inside.start + end);
    match end - start {
        // The two dots, or the one at the start.
        0 if end == 0 => Err((FaultKind::EmptyLabel, at(0, 1))),
        0 => Err((FaultKind::EmptyLabel, at(start - 1, (end + 1).min(inside.len())))),
        len if len > LABEL_MAX => Err((FaultKind::LabelTooLong, at(start, end))),
        _ => Ok(()),
    }
}

/// The name that is written as `bytes`, with escapes and template markers in it.
pub(super) fn name_of(bytes: &[u8], span: Span, origin: &Name) -> Result<(Name, Written), (FaultKind, Span)> {
    if bytes == b"@" {
        return Ok((origin.clone(), Written::Origin));
    }
    if bytes == b"." {
        return Ok((Name::root(), Written::Absolute));
    }
    let mut labels: Vec<Option<Vec<u8>>> = Vec::new();
    let (mut label, mut known, mut started) = (Vec::new(), true, false);
    let mut at = 0;
    let mut finish = |label: &mut Vec<u8>, known: &mut bool| {
        if *known && label.is_empty() {
            return Err((FaultKind::EmptyLabel, span));
        }
        if *known && label.len() > LABEL_MAX {
            return Err((FaultKind::LabelTooLong, span));
        }
        let whole = std::mem::take(label);
        labels.push(known.then_some(whole));
        *known = true;
        Ok(())
    };
    while let Some(byte) = bytes.get(at) {
        started = true;
        if let Some(end) = syntax::marker(bytes, at) {
            known = false;
            at = end;
        } else if *byte == b'.' {
            finish(&mut label, &mut known)?;
            started = false;
            at += 1;
        } else if *byte == b'\\' {
            let (value, len) = syntax::escape(&bytes[at..]).unwrap_or((*byte, 1));
            label.push(value);
            at += len;
        } else {
            label.push(*byte);
            at += 1;
        }
    }
    let absolute = !started;
    if started {
        finish(&mut label, &mut known)?;
    }
    let name = Name::from_labels(labels, (!absolute).then_some(origin));
    if name.wire_len() > NAME_MAX {
        return Err((FaultKind::NameTooLong, span));
    }
    Ok((name, if absolute { Written::Absolute } else { Written::Relative }))
}
