//! Base64 in a key (RFC 2045, section 6.8): blanks and the armour of PEM are set apart, and what remains is decoded with the
//! place of what is wrong in it.

use std::{borrow::Cow, ops::Range};

use base64::{
    DecodeError, Engine,
    alphabet::STANDARD,
    engine::{
        DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig,
        general_purpose::{self, STANDARD_NO_PAD},
    },
};

/// What a value of base64 consists of.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Parts {
    /// The lines `-----BEGIN PUBLIC KEY-----` and `-----END PUBLIC KEY-----`.
    pub armour: Vec<Range<usize>>,
    /// Runs of blanks between other characters.
    pub blanks: Vec<Range<usize>>,
    /// What is left, joined, without the `=` at its end.
    pub symbols: Vec<u8>,
    /// The `=` at the end, joined.
    pub padding: usize,
    kept: Vec<Range<usize>>,
}

/// What is wrong with base64.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The first bad character, or the point where something is missing.
    pub at: Range<usize>,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// Kinds of fault in base64.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// A character that is none of its alphabet.
    Character,
    /// `-` or `_`, of the alphabet that is safe in URLs, and no other fault of this kind.
    UrlSafe,
    /// Too few, or too many, `=` at the end.
    Padding,
    /// A single character is left at the end, from which no octet can be made.
    Length,
    /// The last character has bits that no octet has room for.
    Bits,
}

/// Bits that are left over say nothing of the octets before them.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether an octet is one of the alphabet.
pub(super) fn is_symbol(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Sets apart what a value consists of.
pub(super) fn split(bytes: &[u8], value: Range<usize>) -> Parts {
    let mut parts = Parts::default();
    let mut at = value.start;
    while at < value.end {
        let rest = &bytes[at..value.end];
        let blanks = rest.iter().take_while(|byte| is_blank(byte)).count();
        let armour = armour(rest);
        let run = if blanks > 0 {
            parts.blanks.push(at..at + blanks);
            blanks
        } else if armour > 0 {
            parts.armour.push(at..at + armour);
            armour
        } else {
            let ends =
                |at: &usize| is_blank(&rest[*at]) || *at > 0 && rest[*at] == b'-' && rest[*at..].starts_with(DASHES);
            let len = (0..rest.len()).find(ends).unwrap_or(rest.len());
            parts.kept.push(at..at + len);
            parts.symbols.extend_from_slice(&rest[..len]);
            len
        };
        at += run;
    }
    // Blanks beside the armour belong to it.
    let beside = |blank: &Range<usize>| {
        let touches = |line: &Range<usize>| line.end == blank.start || line.start == blank.end;
        parts.armour.iter().any(touches)
    };
    parts.blanks.retain(|blank| !beside(blank));
    let body = parts
        .symbols
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    parts.padding = parts.symbols.len() - body;
    parts.symbols.truncate(body);
    parts
}

const DASHES: &[u8] = b"-----";

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The length of the line of armour that a text starts with.
fn armour(bytes: &[u8]) -> usize {
    const LONGEST: usize = 64;
    let starts = [&b"-----BEGIN "[..], b"-----END "];
    let Some(start) = starts.into_iter().find(|start| bytes.starts_with(start)) else {
        return 0;
    };
    let rest = &bytes[start.len()..bytes.len().min(LONGEST)];
    memchr::memmem::find(rest, DASHES).map_or(0, |len| start.len() + len + DASHES.len())
}

/// The octets, as far as they can be told, and what is wrong.
pub(super) fn decode(parts: &Parts, end: usize) -> (Option<Vec<u8>>, Option<Fault>) {
    let mut symbols = Cow::Borrowed(&parts.symbols[..]);
    let mut fault = None;
    if let Some(first) = symbols.iter().position(|byte| !is_symbol(byte)) {
        let is_url_safe = |byte: &u8| is_symbol(byte) || matches!(byte, b'-' | b'_');
        let other = symbols.iter().position(|byte| !is_url_safe(byte));
        fault = Some(Fault {
            at: parts.place(other.unwrap_or(first)),
            kind: if other.is_some() {
                FaultKind::Character
            } else {
                FaultKind::UrlSafe
            },
        });
        if other.is_some() {
            return (None, fault);
        }
        symbols = parts.symbols.iter().map(standard).collect();
    }
    let strict = STANDARD_NO_PAD.decode(&symbols).err();
    let kind = match strict {
        Some(DecodeError::InvalidLastSymbol { .. }) => Some(FaultKind::Bits),
        Some(_) => Some(FaultKind::Length),
        None if parts.padding != missing(symbols.len()) => Some(FaultKind::Padding),
        None => None,
    };
    let place = match kind {
        Some(FaultKind::Bits) => parts.place(symbols.len() - 1),
        Some(FaultKind::Padding) if parts.padding > 0 => parts.padding_at(),
        _ => end..end,
    };
    fault = fault.or(kind.map(|kind| Fault { at: place, kind }));
    if kind == Some(FaultKind::Length) {
        let whole = symbols.len() - symbols.len() % 4;
        symbols = symbols[..whole].to_vec().into();
    }
    (LENIENT.decode(&symbols).ok(), fault)
}

/// How many `=` belong behind so many symbols.
pub(super) fn missing(symbols: usize) -> usize {
    (4 - symbols % 4) % 4
}

/// The symbol of the usual alphabet for one of that which is safe in URLs.
pub fn standard(byte: &u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    }
}

/// Octets as base64.
pub fn encode(octets: &[u8]) -> String {
    general_purpose::STANDARD.encode(octets)
}

impl Parts {
    /// The lines of armour, each with the blanks beside it.
    pub fn armour_with_blanks(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let widened = |line: &Range<usize>| {
            let before = bytes[..line.start]
                .iter()
                .rev()
                .take_while(|byte| is_blank(byte))
                .count();
            let behind = bytes[line.end..].iter().take_while(|byte| is_blank(byte)).count();
            let is_end = line.end + behind == bytes.len();
            let before = if self.symbols.is_empty() || line.start == before {
                0
            } else {
                before
            };
            line.start - before..if is_end { line.end } else { line.end + behind }
        };
        self.armour.iter().map(widened).collect()
    }

    /// Where the symbol with this number stands.
    fn place(&self, number: usize) -> Range<usize> {
        let mut before = 0;
        for run in &self.kept {
            if number < before + run.len() {
                let at = run.start + number - before;
                return at..at + 1;
            }
            before += run.len();
        }
        let end = self.kept.last().map_or(0, |run| run.end);
        end..end
    }

    /// Where the `=` at the end stand, from the first to the last.
    fn padding_at(&self) -> Range<usize> {
        let first = self.place(self.symbols.len());
        let last = self.place(self.symbols.len() + self.padding - 1);
        first.start..last.end
    }

    /// How many `=` belong at the end.
    pub fn padding_wanted(&self) -> usize {
        missing(self.symbols.len())
    }
}
