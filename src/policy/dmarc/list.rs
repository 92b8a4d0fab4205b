//! Report addresses: the lists in `rua` and `ruf`.

use std::ops::Range;

use crate::{
    policy::{
        dmarc::tag::{Shape, Tag, TagName},
        uri::{self, Uri},
    },
    text::Text,
};

/// A list of URIs, or a part of one.
#[derive(Debug)]
pub struct List {
    /// Whether it is that of `rua` or of `ruf`.
    pub name: TagName,
    /// The number of the tag that it is in.
    pub tag: usize,
    /// The semicolon, with the blanks around it, that cuts this part off from the one before.
    pub cut: Option<Range<usize>>,
    /// Its elements; at least one, which may be empty.
    pub uris: Vec<Uri>,
}

/// The lists of the first `rua` and the first `ruf`, and of the tags that go on with them, which are marked as such.
pub(super) fn read(text: &Text, tags: &mut [Tag]) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    // The list that goes on, if its tag counts, and where it ended.
    let mut open: Option<(Option<TagName>, usize)> = None;
    for (index, tag) in tags.iter_mut().enumerate() {
        let of = tag.name.filter(|name| matches!(name, TagName::Rua | TagName::Ruf));
        if let Some(name) = of {
            let counted = of.filter(|_| tag.counts());
            open = Some((counted, tag.at.end));
            if counted.is_some() && tag.has_value() {
                lists.push(List {
                    name,
                    tag: index,
                    cut: None,
                    uris: uri::read_with_bare(text, tag.value_start..tag.whole.end),
                });
            }
        } else if let Some((counted, end)) = open.filter(|_| goes_on(text, tag)) {
            tag.shape = Shape::Continuation;
            tag.name = None;
            open = Some((counted, tag.at.end));
            if let Some(name) = counted {
                lists.push(List {
                    name,
                    tag: index,
                    cut: Some(end..tag.at.start),
                    uris: uri::read_with_bare(text, tag.whole.clone()),
                });
            }
        } else if tag.shape != Shape::Empty {
            open = None;
        }
    }
    lists
}

/// Whether a tag is none, but an address that a semicolon cut off from a list.
fn goes_on(text: &Text, tag: &Tag) -> bool {
    let written = text.get(tag.at.clone());
    let is_address = || {
        let inner = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'=' | b':');
        written.contains(&b'@') && written.iter().all(inner)
    };
    tag.is_known && (uri::starts_with_scheme(written) || is_address())
}

/// Whether a URI matches the grammar as it is published (RFC 3986; for `mailto`, RFC 6068). Of a scheme that nobody supports,
/// too. The obsolete limit on the size of reports does no harm.
pub fn is_valid(text: &Text, uri: &Uri) -> bool {
    let end = uri.size.as_ref().map_or(uri.at.end, |size| size.start);
    let is_inner = |byte: &u8| {
        matches!(byte, 0x21..0x7f)
            && !matches!(
                byte,
                b'!' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
            )
    };
    uri.scheme.is_some()
        && uri.fault.is_none()
        && matches!(uri.kind, uri::Kind::Mail(_) | uri::Kind::Web(_) | uri::Kind::Other)
        && text.get(uri.at.start..end).iter().all(is_inner)
}
