//! Which name an entry belongs to.

use crate::{
    formats::zone::{
        fields::{Head, misplaced_field},
        names::{Bases, name, unknown_origin},
        reader::{Directive, Reader},
    },
    name::Name,
    record::{Fault, FaultKind, Scan, Written},
    source::Source,
    span::Span,
    syntax::zone::{self as syntax, Entry, Token},
};

impl<'a> Reader<'a> {
    /// Passes over an entry that is no record. What follows it without an owner has that of this entry all the same.
    pub(super) fn unreadable(&mut self, source: &'a Source, entry: &Entry, bases: &Bases) {
        self.whole = false;
        if let Some(token) = entry.tokens.first().filter(|_| !entry.indented) {
            let owner = name(source, token, bases).ok().map(|(owner, _)| owner);
            self.set_owner(owner, None);
        }
    }

    /// Sets the owner of what follows, and what to report if that is not in the zone. `None`: it is written, but unreadable.
    fn set_owner(&mut self, owner: Option<Name>, outside: Option<(Span, Name)>) {
        self.owner_is_lost = owner.is_none();
        self.owner = owner;
        self.owner_outside = outside;
        self.after = None;
    }

    /// The owner that stands in the first column.
    pub(super) fn written_owner(
        &mut self,
        source: &'a Source,
        token: &Token,
        head: &Head<'_>,
        bases: &mut Bases,
        scan: &mut Scan,
    ) -> Option<(Name, Written)> {
        if token.hole {
            self.template(source, token, scan);
        }
        let span = Span::new(source.id, token.range());
        let mut fault = |span, kind| scan.faults.push(Fault { span, kind });
        if token.quoted {
            fault(span, FaultKind::QuotedName { owner: true });
        }
        let (owner, written) = match name(source, token, bases) {
            Ok(name) => name,
            Err((kind, span)) => {
                fault(span, kind);
                self.whole = false;
                self.set_owner(None, None);
                return None;
            }
        };
        if !token.quoted && misplaced_field(&source.bytes()[token.range()], head, &owner) {
            fault(span, FaultKind::OwnerLooksLikeField { is_record: true });
        }
        let outside = match written {
            Written::Absolute if self.apex.as_ref().is_some_and(|apex| owner.is_within(apex)) => None,
            Written::Absolute => Some((span, owner.clone())),
            _ => bases.outside(self.apex.as_ref(), span, &owner),
        };
        if written != Written::Absolute && !bases.origin.is_known() && !token.hole && self.outside.is_none() {
            self.lacks_origin.get_or_insert(span);
        }
        self.set_owner(Some(owner.clone()), outside);
        Some((owner, written))
    }

    /// The owner of a record that has it from the one before; unknown if there is none.
    pub(super) fn inherited_owner(
        &mut self,
        source: &'a Source,
        entry: &Entry,
        bases: &Bases,
        scan: &mut Scan,
    ) -> Name {
        let start = entry.start as usize;
        let blanks = Span::new(source.id, start..start + syntax::blanks(&source.bytes()[start..]));
        let after = self.after.take();
        let Some(owner) = &self.owner else {
            if !self.owner_is_lost {
                self.no_owner.get_or_insert(blanks);
            }
            return unknown_origin();
        };
        // Where the old owner is the new origin, nobody is misled; but NSD does not restore the owner after `$INCLUDE`.
        if after.is_some_and(|after| after == Directive::Included || *owner != bases.origin) {
            scan.faults.push(Fault {
                span: blanks,
                kind: FaultKind::InheritedAfterOrigin { owner: owner.clone() },
            });
        }
        owner.clone()
    }
}
