//! What is read: a file, or a string in one.

use std::{ops::Range, sync::Arc};

use crate::{
    source::Source,
    span::{SourceId, Span},
    spelling::Spelling,
    text::Text,
};

/// The bytes that are read, and the way from them to the file.
pub(super) struct Ground {
    source: SourceId,
    pub(super) octets: Arc<Vec<u8>>,
    /// The string whose value is read, if that is it.
    outer: Option<Text>,
}

impl Ground {
    /// A file.
    pub(super) fn of(source: &Source) -> Ground {
        Ground {
            source: source.id,
            octets: Arc::clone(&source.octets),
            outer: None,
        }
    }

    /// The value of a string.
    pub(super) fn within(outer: Text) -> Ground {
        Ground {
            source: SourceId::DECODED,
            octets: Arc::new(outer.bytes().to_vec()),
            outer: Some(outer),
        }
    }

    /// Where `range` of the bytes is written.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let own = Span::new(self.source, range.clone());
        match &self.outer {
            Some(outer) => outer.span(range).or(outer.whole()).unwrap_or(own),
            None => own,
        }
    }

    /// A value that was read from the bytes, seen from the file.
    pub(super) fn led_back(&self, text: Text) -> Text {
        match &self.outer {
            Some(outer) => outer.through(&text),
            None => text,
        }
    }

    /// What stands at `range` as it is.
    pub(super) fn verbatim(&self, range: Range<usize>, spelling: Spelling) -> Text {
        self.led_back(Text::shared(self.source, &self.octets, range, spelling))
    }

    /// A place for a value that is led back later.
    pub(super) fn place(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }
}
