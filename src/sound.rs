//! Texts that need not be judged again: a zone has the same SPF record at many names.

use std::collections::HashMap;

use crate::{
    name::Name,
    policy::spf::{Spf, version},
    record::Txt,
};

/// The texts of SPF records of which no rule had anything to say, whatever the name.
#[derive(Default, Debug)]
pub struct Sound<'a>(HashMap<Key<'a>, Box<[u64]>>);

/// All that may be said of a record rests on this: its bytes, and whether it is at a wildcard.
type Key<'a> = (&'a [u8], bool);

/// `None` for a text of which more may be said.
fn key<'a>(txt: &'a Txt, owner: &Name) -> Option<Key<'a>> {
    let is_spf = !txt.type99 && version::is_selected(txt.text.bytes());
    (is_spf && txt.text.is_quoted_as_it_is()).then(|| (txt.text.bytes(), owner.is_wildcard()))
}

impl<'a> Sound<'a> {
    /// Whether no rule has anything to say of a record with this text at `owner`.
    pub fn has(&self, txt: &Txt, owner: &Name) -> bool {
        let names = key(txt, owner).and_then(|key| self.0.get(&key));
        names.is_some_and(|names| names.is_empty() || !names.contains(&owner.key()))
    }

    /// Remembers that no rule had anything to say of a record, and that none looked at its name but to see whether it is one of
    /// `names`.
    pub fn add(&mut self, txt: &'a Txt, spf: &Spf<'_>, names: &[&Name]) {
        if let Some(key) = key(txt, spf.owner()) {
            self.0.insert(key, names.iter().map(|name| name.key()).collect());
        }
    }
}
