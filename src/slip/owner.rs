//! The slip in an owner: a final dot that was forgotten, so that the zone's name stands there twice.

use std::borrow::Cow;

use crate::{
    name::Name,
    record::{Record, Scan, Written},
};

/// The owner of a record as the repair of its slips would leave it.
pub fn meant_owner<'a>(record: &'a Record, scan: &Scan) -> Cow<'a, Name> {
    let owner = &record.owner;
    // An inherited owner has the slip of the line that it comes from.
    let completed = matches!(record.written, Written::Relative | Written::Inherited);
    match scan.zone_of(owner) {
        Some(zone) if completed && ends_twice(owner, &zone.origin) => {
            let own = owner.label_count() - zone.origin.label_count();
            Cow::Owned(Name::from_labels(owner.labels().take(own), None))
        }
        _ => Cow::Borrowed(owner),
    }
}

/// Whether a name ends in the name of a zone twice.
fn ends_twice(name: &Name, zone: &Name) -> bool {
    let labels = zone.label_count();
    match name.label_count().checked_sub(labels) {
        Some(own) if labels > 0 && own >= labels => name
            .labels()
            .skip(own - labels)
            .take(labels)
            .zip(zone.labels())
            .all(|pair| matches!(pair, (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))),
        _ => false,
    }
}
