//! How the rules speak of records and of what stands in them.

use std::ops::Range;

use crate::{
    policy::{bimi, kind::Kind, mta_sts, tls_rpt, version::Dialect},
    text::Text,
};

/// The words in which a record is spoken of.
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

/// Of the record at `<selector>._bimi`.
pub(super) static BIMI: Words = Words {
    dialect: &bimi::DIALECT,
    kind: Kind::Bimi,
    record: "BIMI record",
    owner: "<selector>._bimi",
    readers: "receivers",
    lost: "receivers show no logo",
    malformed: "receivers ignore the whole BIMI record and show no logo",
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

/// What a character is called, by its number and, if people mistake it for another, by its name.
pub(super) fn describe(char: Option<char>, bytes: &[u8]) -> String {
    let Some(char) = char else {
        return format!("byte {}", bytes.first().copied().unwrap_or_default());
    };
    let name = match char {
        '\u{a0}' => "no-break space",
        '\u{ab}' | '\u{bb}' => "angle quote",
        '\u{ad}' => "soft hyphen",
        '\u{b7}' => "middle dot",
        '\u{2002}'..='\u{200a}' | '\u{3000}' => "wide or narrow space",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => "direction mark",
        '\u{2010}' | '\u{2011}' => "hyphen",
        '\u{2012}' => "figure dash",
        '\u{2013}' => "en dash",
        '\u{2014}' => "em dash",
        '\u{2018}' | '\u{2019}' | '\u{201a}' => "typographic apostrophe",
        '\u{201c}'..='\u{201e}' => "typographic quote",
        '\u{2026}' => "ellipsis",
        '\u{202f}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{2212}' => "minus sign",
        '\u{fe55}' | '\u{ff1a}' => "wide colon",
        '\u{feff}' => "byte order mark",
        '\u{ff1b}' => "wide semicolon",
        '\u{ff1d}' => "wide equals sign",
        '\u{fffd}' => "replacement character",
        char if char.is_control() => "control character",
        char => return format!("U+{:04X} (`{char}`)", char as u32),
    };
    format!("U+{:04X} ({name})", char as u32)
}
