//! Names that were meant to be those at which policies are looked up, and are not.

use std::ops::Range;

use crate::{
    name::Name,
    policy::kind::{self, Kind},
};

/// A name at which nobody looks for a policy, and which was meant to be one at which somebody does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NearMiss {
    /// What is looked up at the other name.
    pub kind: Kind,
    /// The other name.
    pub right: Name,
    /// The domain that it is looked up for.
    pub domain: Name,
    /// What tells the slip from a name that is meant as it is.
    pub told_by: ToldBy,
}

/// What tells a slip.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ToldBy {
    /// The name: nothing else has it.
    Name,
    /// What stands there: hosts and services have such names, too.
    Content,
    /// The domain: at the name, a policy for another one is looked up, which is none that takes or sends mail.
    Domain,
}

/// A slip: the labels before the domain, those that were meant, and the rest of [`NearMiss`].
type Slip = (&'static [&'static str], &'static [&'static str], Kind, ToldBy);

const DMARC: &[&str] = &["_dmarc"];
const MTA_STS: &[&str] = &["_mta-sts"];
const TLS_RPT: &[&str] = &["_smtp", "_tls"];
const BIMI: &[&str] = &["default", "_bimi"];

/// By the first label, and the longer before the shorter. Slips for a DKIM key begin with a selector, which may be anything.
const SLIPS: &[Slip] = &[
    (&["-dmarc"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["__dmarc"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_bimi", "default"], BIMI, Kind::Bimi, ToldBy::Name),
    (&["_bimi"], BIMI, Kind::Bimi, ToldBy::Name),
    (&["_damrc"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_dmacr"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_dmarc", "_domainkey"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_dmarc", "www"], DMARC, Kind::Dmarc, ToldBy::Domain),
    (&["_dmarc-"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_dmarc_"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_dmark"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_domarc"], DMARC, Kind::Dmarc, ToldBy::Name),
    (&["_mta-st"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["_mta-sts", "mta-sts"], MTA_STS, Kind::MtaSts, ToldBy::Domain),
    (&["_mta_sts"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["_mtasts"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["_mts-sta"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["_smtp", "_tcp"], TLS_RPT, Kind::TlsRpt, ToldBy::Content),
    (&["_smtp", "_tlsrpt"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_smtp", "tls"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_smtp", "tlsrpt"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_smtp"], TLS_RPT, Kind::TlsRpt, ToldBy::Content),
    (&["_smtp-sts"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["_smtp-tls"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_smtp-tlsrpt"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_smtp_sts"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["_smtp_tls"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_smtps", "_tls"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_sts"], MTA_STS, Kind::MtaSts, ToldBy::Content),
    (&["_tls", "_smtp"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_tls"], TLS_RPT, Kind::TlsRpt, ToldBy::Content),
    (&["_tls-rpt"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["_tlsrpt"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
    (&["bimi"], BIMI, Kind::Bimi, ToldBy::Content),
    (&["default", "_bmi"], BIMI, Kind::Bimi, ToldBy::Name),
    (&["default", "bimi"], BIMI, Kind::Bimi, ToldBy::Content),
    (&["default_bimi"], BIMI, Kind::Bimi, ToldBy::Name),
    (&["dmarc", "_domainkey"], DMARC, Kind::Dmarc, ToldBy::Content),
    (&["dmarc"], DMARC, Kind::Dmarc, ToldBy::Content),
    (&["mta-sts"], MTA_STS, Kind::MtaSts, ToldBy::Content),
    (&["mta_sts"], MTA_STS, Kind::MtaSts, ToldBy::Name),
    (&["smtp", "_tls"], TLS_RPT, Kind::TlsRpt, ToldBy::Name),
];

/// The longest first label of a slip.
const FIRST_MAX: usize = 12;

/// The name that `owner` was meant to be, if it is like one at which a policy is looked up. The name of the domain may stand
/// there twice.
pub fn near_miss(owner: &Name) -> Option<NearMiss> {
    let first = owner.first()?;
    // Nearly all names are told by the first label alone; a host is called `mta-sts`, `dmarc` or `bimi`.
    let is_like_a_host = matches!(
        first.first().map(u8::to_ascii_lowercase),
        Some(b'-' | b'b' | b'd' | b'm')
    );
    if !owner.may_hold(b'_') && !is_like_a_host && !second_is(owner, b"domainkey") || !owner.is_known() {
        return None;
    }
    let slip = slip_at(owner);
    let kind = kind::of_owner(owner);
    if slip.is_none() && kind.is_none() {
        return None;
    }
    let Some(once) = without_repeated(owner) else {
        return slip;
    };
    slip_at(&once).or_else(|| {
        let kind = kind?;
        let own = once.labels().flatten().take_while(|label| !is(label, last_label(kind)));
        let domain = once.skip(own.count() + 1);
        (!domain.is_root()).then_some(NearMiss {
            kind,
            right: once,
            domain,
            told_by: ToldBy::Name,
        })
    })
}

/// The last label before the domain at the names where a policy of this kind is looked up.
fn last_label(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Spf => b"",
        Kind::Dkim => b"_domainkey",
        Kind::Dmarc => b"_dmarc",
        Kind::MtaSts => b"_mta-sts",
        Kind::TlsRpt => b"_tls",
        Kind::Bimi => b"_bimi",
    }
}

fn slip_at(owner: &Name) -> Option<NearMiss> {
    let first = owner.first()?;
    let listed = (first.len() <= FIRST_MAX).then(|| {
        let mut lower = [0; FIRST_MAX];
        let lower = &mut lower[..first.len()];
        lower.copy_from_slice(first);
        lower.make_ascii_lowercase();
        let start = SLIPS.partition_point(|slip| slip.0[0].as_bytes() < &*lower);
        let mut same = SLIPS[start..].iter().take_while(|slip| slip.0[0].as_bytes() == lower);
        same.find(|slip| begins_with(owner, slip.0))
    });
    match listed.flatten() {
        Some((labels, meant, kind, told_by)) => renamed(owner, labels.len(), meant, *kind, *told_by),
        None => key_slip(owner),
    }
}

/// The slip of a name that was meant to be that of a DKIM key.
fn key_slip(owner: &Name) -> Option<NearMiss> {
    const SUFFIX: &[u8] = b"_domainkey";
    let mut labels = owner.labels().flatten();
    let (first, second) = (labels.next()?, labels.next()?);
    let told = |label: &[u8]| String::from_utf8_lossy(label).into_owned();
    let (selector, count, told_by) = match () {
        () if is(second, b"domainkey") || is(second, b"_domainkeys") => (told(first), 2, ToldBy::Name),
        () if is(second, b"_domain") => (told(first), 2, ToldBy::Content),
        () if is(first, SUFFIX) => (told(second), 2, ToldBy::Content),
        () => {
            let selector = first.len().checked_sub(SUFFIX.len()).filter(|len| *len > 0)?;
            if !is(&first[selector..], SUFFIX) {
                return None;
            }
            (told(&first[..selector]), 1, ToldBy::Name)
        }
    };
    renamed(owner, count, &[&selector, "_domainkey"], Kind::Dkim, told_by)
}

fn renamed(owner: &Name, count: usize, meant: &[&str], kind: Kind, told_by: ToldBy) -> Option<NearMiss> {
    let domain = owner.skip(count);
    let right = Name::from_labels(meant.iter().copied().map(Some), Some(&domain));
    // Behind `_smtp` may stand what makes it the right name.
    let is_domain = domain.first().is_some_and(|first| !first.starts_with(b"_"));
    is_domain.then_some(NearMiss {
        kind,
        right,
        domain,
        told_by,
    })
}

/// The name at which a policy of this kind is looked up for a domain; `None` where it has a selector of its own, or stands at
/// the domain itself.
pub fn right_owner(kind: Kind, domain: &Name) -> Option<Name> {
    let labels = match kind {
        Kind::Dmarc => DMARC,
        Kind::MtaSts => MTA_STS,
        Kind::TlsRpt => TLS_RPT,
        Kind::Bimi => BIMI,
        Kind::Spf | Kind::Dkim => return None,
    };
    Some(Name::from_labels(labels.iter().copied().map(Some), Some(domain)))
}

/// Whether a name was made to keep a policy of this kind for others that lead to it, or to put one aside: a label holds the
/// name of the policy, and more, or stands below it.
pub fn is_made_to_keep(kind: Kind, owner: &Name) -> bool {
    let words: &[&[u8]] = match kind {
        Kind::Dmarc => &[b"dmarc"],
        Kind::MtaSts => &[b"mta-sts", b"mta_sts", b"mtasts"],
        Kind::TlsRpt => &[b"tlsrpt", b"tls-rpt", b"tls_rpt", b"_tls", b"smtp-tls"],
        Kind::Bimi => &[b"bimi"],
        Kind::Spf | Kind::Dkim => return false,
    };
    let has_word = |label: &[u8]| {
        let label = label.to_ascii_lowercase();
        words.iter().any(|word| memchr::memmem::find(&label, word).is_some())
    };
    let mut labels = owner.labels().flatten();
    let first = labels.next().unwrap_or_default();
    near_miss(owner).is_none() && (first.starts_with(b"_") && has_word(first) || labels.any(has_word))
}

/// The name without the labels, two or more, that it ends in twice.
fn without_repeated(name: &Name) -> Option<Name> {
    if !name.may_end_twice() {
        return None;
    }
    let labels: Vec<&[u8]> = name.labels().flatten().collect();
    let count = labels.len();
    let is_same = |a: Range<usize>, b: Range<usize>| labels[a].iter().zip(&labels[b]).all(|(a, b)| is(a, b));
    let twice = (2..=count / 2)
        .rev()
        .find(|len| is_same(count - 2 * len..count - len, count - len..count))?;
    Some(Name::from_labels(
        labels[..count - twice].iter().copied().map(Some),
        None,
    ))
}

fn begins_with(owner: &Name, wanted: &[&str]) -> bool {
    let mut labels = owner.labels();
    wanted.iter().all(|wanted| {
        labels
            .next()
            .flatten()
            .is_some_and(|label| is(label, wanted.as_bytes()))
    })
}

fn second_is(owner: &Name, wanted: &[u8]) -> bool {
    owner.labels().nth(1).flatten().is_some_and(|label| is(label, wanted))
}

fn is(label: &[u8], wanted: &[u8]) -> bool {
    label.eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::{FIRST_MAX, SLIPS};

    #[test]
    fn slips_are_sorted_by_the_first_label_and_the_longer_before_the_shorter() {
        let keys: Vec<_> = SLIPS
            .iter()
            .map(|slip| (slip.0[0], std::cmp::Reverse(slip.0.len())))
            .collect();
        assert!(keys.is_sorted());
        assert!(keys.iter().all(|(first, _)| first.len() <= FIRST_MAX));
    }
}
