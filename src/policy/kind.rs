//! Which policy a record is meant to be: by its owner, and by its first word.

use crate::name::Name;

/// A kind of mail policy in a TXT record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// RFC 7208.
    Spf,
    /// RFC 6376.
    Dkim,
    /// RFC 9989.
    Dmarc,
    /// RFC 8461.
    MtaSts,
    /// RFC 8460.
    TlsRpt,
    /// Brand indicators.
    Bimi,
}

impl Kind {
    /// All of them.
    const ALL: [Kind; 6] = [
        Kind::Spf,
        Kind::Dkim,
        Kind::Dmarc,
        Kind::MtaSts,
        Kind::TlsRpt,
        Kind::Bimi,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Spf => "SPF",
            Kind::Dkim => "DKIM",
            Kind::Dmarc => "DMARC",
            Kind::MtaSts => "MTA-STS",
            Kind::TlsRpt => "TLS-RPT",
            Kind::Bimi => "BIMI",
        }
    }

    /// The tag that its text begins with; in a DKIM key it may be left out.
    pub fn version(self) -> &'static str {
        match self {
            Kind::Spf => "v=spf1",
            Kind::Dkim => "v=DKIM1",
            Kind::Dmarc => "v=DMARC1",
            Kind::MtaSts => "v=STSv1",
            Kind::TlsRpt => "v=TLSRPTv1",
            Kind::Bimi => "v=BIMI1",
        }
    }
}

/// The kind of policy that is looked up at a name; `None` where it may be SPF or no policy.
pub fn of_owner(owner: &Name) -> Option<Kind> {
    // All these names have a label with an underscore.
    if !owner.may_hold(b'_') {
        return None;
    }
    let mut labels = owner.labels();
    let first = labels.next()??;
    if first.first() != Some(&b'_') {
        // A selector may stand before `_domainkey` and `_bimi`.
        return labels.flatten().find_map(|label| {
            if label.eq_ignore_ascii_case(b"_domainkey") {
                Some(Kind::Dkim)
            } else if label.eq_ignore_ascii_case(b"_bimi") {
                Some(Kind::Bimi)
            } else {
                None
            }
        });
    }
    if first.eq_ignore_ascii_case(b"_dmarc") {
        Some(Kind::Dmarc)
    } else if first.eq_ignore_ascii_case(b"_mta-sts") {
        Some(Kind::MtaSts)
    } else if first.eq_ignore_ascii_case(b"_smtp")
        && matches!(labels.next(), Some(Some(second)) if second.eq_ignore_ascii_case(b"_tls"))
    {
        Some(Kind::TlsRpt)
    } else {
        None
    }
}

/// The kind of policy that a text begins like, without case and behind stray quotes and blanks.
pub fn of_value(value: &[u8]) -> Option<Kind> {
    let start = value
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`'))?;
    let mut value = &value[start..];
    if !value[0].is_ascii() {
        for quote in ["\u{2018}", "\u{2019}", "\u{201c}", "\u{201d}", "\u{ab}", "\u{bb}"] {
            value = value.strip_prefix(quote.as_bytes()).unwrap_or(value);
        }
    }
    // All versions begin so.
    if !matches!(value, [b'v' | b'V', b'=', ..]) {
        return None;
    }
    Kind::ALL.into_iter().find(|kind| {
        let version = kind.version().as_bytes();
        value
            .get(..version.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(version))
    })
}
