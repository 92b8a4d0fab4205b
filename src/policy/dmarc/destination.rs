//! The domains that reports are sent to.

use std::ops::Range;

use crate::{
    name::Name,
    policy::dmarc::{Dmarc, tag::TagName},
};

/// A domain that reports are sent to, and where it is written: first, and again.
#[derive(Debug)]
pub struct Destination {
    /// The domain.
    pub domain: Name,
    /// Where it is written first.
    pub at: Range<usize>,
    /// Where it is written again.
    pub again: Vec<Range<usize>>,
}

/// Nobody sends a report to more domains than this.
const DESTINATIONS_MAX: usize = 100;

impl Dmarc<'_> {
    /// The domains of all addresses that can be told, also of those that still lack their scheme.
    pub fn destinations(&self) -> &[Destination] {
        self.destinations.get_or_init(|| destinations(self))
    }
}

fn destinations(dmarc: &Dmarc<'_>) -> Vec<Destination> {
    let mut all: Vec<Destination> = Vec::new();
    for uri in dmarc.uris(TagName::Rua).chain(dmarc.uris(TagName::Ruf)) {
        let Some((domain, at)) = uri.mail_domain(&dmarc.text) else {
            continue;
        };
        match all.iter().position(|other| other.domain == domain) {
            Some(first) => all[first].again.push(at),
            None if all.len() == DESTINATIONS_MAX => break,
            None => all.push(Destination {
                domain,
                at,
                again: Vec::new(),
            }),
        }
    }
    all
}
