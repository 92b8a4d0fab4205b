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
    if !completed || !scan.is_zone_file() || !owner.may_end_twice() {
        return Cow::Borrowed(owner);
    }
    match scan.zone_of(owner) {
        Some(zone) if owner.ends_twice(&zone.origin) => {
            let own = owner.label_count() - zone.origin.label_count();
            Cow::Owned(Name::from_labels(owner.labels().take(own), None))
        }
        _ => Cow::Borrowed(owner),
    }
}
