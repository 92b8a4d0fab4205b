//! The MTA-STS of a domain in another revision and now. What the other one says is plain data, since none of its files is a
//! file of the run: no place in it can be shown.

use std::{collections::BTreeMap, fmt};

use crate::{
    name::Name,
    source::Sources,
    sts::{
        Id, Sts, StsPolicy,
        said::{self, Said, SaidId},
    },
    zones::Zones,
};

/// Another revision, as far as rules compare it with this one.
#[derive(Clone)]
pub struct Before<'b> {
    /// What it says of each domain.
    pub said: BTreeMap<Name, Said>,
    /// The time in seconds since 1970, from which new ids are made; none are without it.
    pub time: Option<u64>,
    /// What the revisions before this one say of a domain.
    pub earlier: &'b Earlier<'b>,
}

/// Tells what earlier revisions say of a domain.
pub type Earlier<'b> = dyn Fn(&Kept<'_>) -> Vec<Said> + Sync + 'b;

/// Where the MTA-STS of a domain is kept: paths relative to the root.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    /// The domain.
    pub domain: &'a Name,
    /// The file that is read for its record.
    pub zone: &'a str,
    /// The file that its `id` is written in.
    pub id: &'a str,
    /// The policy.
    pub policy: &'a str,
}

/// The MTA-STS of a domain in another revision and now.
#[derive(Debug)]
pub struct Change<'a> {
    /// What the other revision says of it.
    pub before: &'a Said,
    /// What the repository tells now.
    pub now: &'a Sts<'a>,
    /// All records.
    pub zones: &'a Zones<'a>,
    revision: &'a Before<'a>,
}

impl fmt::Debug for Before<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Before")
            .field("said", &self.said)
            .finish_non_exhaustive()
    }
}

impl Before<'_> {
    /// Calls `each` for all domains that the other revision says something of, and this one, too.
    pub fn compare(&self, zones: &Zones<'_>, mut each: impl FnMut(&Change<'_>)) {
        for (domain, before) in &self.said {
            if let Some(now) = said::of_domain(zones, domain) {
                each(&Change {
                    before,
                    now: &now,
                    zones,
                    revision: self,
                });
            }
        }
    }
}

impl<'a> Change<'a> {
    /// The `id`, if it is another than before.
    pub fn new_id(&self) -> Option<Id<'a>> {
        match &self.before.id {
            SaidId::Is(before) => self.now.id().filter(|id| id.bytes() != before),
            _ => None,
        }
    }

    /// An `id` for a policy of today.
    pub fn fresh_id(&self) -> Option<String> {
        self.revision.time.map(utc)
    }

    /// What earlier revisions say of the domain.
    pub fn earlier(&self, sources: &Sources) -> Vec<Said> {
        let (StsPolicy::Here(policy), Some(id)) = (self.now.policy, self.now.id()) else {
            return Vec::new();
        };
        let path = |number: usize| sources.all().get(number).map(|source| source.path.as_str());
        let written = id.span().and_then(|span| path(span.source.0 as usize));
        let zone = path(id.node.scan.source.0 as usize);
        let (Some(zone), Some(written)) = (zone, written) else {
            return Vec::new();
        };
        (self.revision.earlier)(&Kept {
            domain: &self.now.domain,
            zone,
            id: written,
            policy: &policy.source().path,
        })
    }
}

/// A time as `YYYYMMDDTHHMMSSZ`.
fn utc(seconds: u64) -> String {
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Counted from 1 March of the year 0, so that the day that some years have more is the last; in eras of 400 years.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}{month:02}{day_of_month:02}T{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(utc(0), "19700101T000000Z");
        // The 29th of February, and the last second of a year.
        assert_eq!(utc(951_782_400), "20000229T000000Z");
        assert_eq!(utc(1_735_689_599), "20241231T235959Z");
        assert_eq!(utc(1_735_689_600), "20250101T000000Z");
    }
}
