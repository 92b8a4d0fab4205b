//! How the rules speak of records and of what stands in them.

use std::ops::Range;

use crate::{
    policy::{kind::Kind, mta_sts, tls_rpt, version::Dialect},
    text::Text,
};

/// The words in which one of the two records is spoken of.
pub(super) struct Words {
    /// The grammar.
    pub(super) dialect: &'static Dialect,
    /// The kind of policy.
    pub(super) kind: Kind,
    /// What the record is called.
    pub(super) record: &'static str,
    /// Where it is looked up.
    pub(super) owner: &'static str,
    /// Who reads it.
    pub(super) readers: &'static str,
    /// What happens where nobody takes the record for one.
    pub(super) lost: &'static str,
    /// What happens where it breaks the grammar.
    pub(super) malformed: &'static str,
}

/// Of the record at `_mta-sts`.
pub(super) static MTA_STS: Words = Words {
    dialect: &mta_sts::DIALECT,
    kind: Kind::MtaSts,
    record: "MTA-STS record",
    owner: "_mta-sts",
    readers: "senders",
    lost: "senders treat the domain as one without MTA-STS",
    malformed: "senders ignore the whole MTA-STS record",
};

/// Of the record at `_smtp._tls`.
pub(super) static TLS_RPT: Words = Words {
    dialect: &tls_rpt::DIALECT,
    kind: Kind::TlsRpt,
    record: "TLS-RPT record",
    owner: "_smtp._tls",
    readers: "reporters",
    lost: "nobody sends TLS reports",
    malformed: "strict reporters ignore the whole TLS-RPT record",
};

/// A part of a text for a message, between backticks.
pub(super) fn quoted(text: &Text, range: &Range<usize>) -> String {
    const LONGEST: usize = 60;
    let bytes = text.get(range.clone());
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]);
    let shown = shown.trim_end_matches('\u{fffd}').replace(char::is_control, "\u{fffd}");
    let more = if bytes.len() > LONGEST { "..." } else { "" };
    format!("`{shown}{more}`")
}

/// A record of a kind, with its article.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Spf => "an SPF record",
        Kind::Dkim => "a DKIM key",
        Kind::Dmarc => "a DMARC record",
        Kind::MtaSts => "an MTA-STS record",
        Kind::TlsRpt => "a TLS-RPT record",
        Kind::Bimi => "a BIMI record",
    }
}
