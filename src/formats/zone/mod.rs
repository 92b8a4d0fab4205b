//! Zone files (RFC 1035, section 5): where records stand in them, and for which zone.

use crate::{format::Format, syntax};

mod claims;
mod data;
mod directives;
mod entries;
mod fields;
mod generate;
mod includes;
mod names;
mod owners;
mod reader;

/// Zone files.
pub static FORMAT: Format = Format {
    name: "zone",
    claims: claims::claims,
    read: reader::read,
    comments: syntax::zone::comments,
    parts: includes::parts,
    looks_at: includes::looks_at,
    lines_apart: false,
};
