//! How a value is written inside a literal: the other direction of reading one.

use crate::template;

/// A kind of literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spelling {
    /// The bytes themselves, up to the line's end: a field of a policy file.
    Plain,
    /// A zone file's character-string between double quotes (RFC 1035, section 5.1).
    ZoneQuoted,
    /// A zone file's word without quotes (RFC 1035, section 5.1).
    ZoneBare,
    /// A character-string as hexadecimal digits (RFC 3597, section 5). It is not written back: its length stands elsewhere.
    ZoneHex,
    /// A JSON string (RFC 8259, section 7).
    Json,
    /// A text as programs print it that were answered it: with the escapes of a zone file, without its quotes. It is not
    /// written back: who has it does not publish it.
    Printed,
    /// What a directive or an expression makes. It is not written back: other values come from the same place.
    Computed,
}

impl Spelling {
    /// `value` as it stands inside such a literal, without its quotes. `None` if the literal cannot hold it, or if a
    /// template would take it for a marker.
    pub fn write(self, value: &[u8]) -> Option<Vec<u8>> {
        match self {
            Spelling::Plain => (!value.iter().any(|byte| matches!(byte, b'\n' | b'\r'))).then(|| value.to_vec()),
            Spelling::ZoneQuoted => write_zone(value, b"\"\\"),
            // An empty word is no word.
            Spelling::ZoneBare if value.is_empty() => None,
            Spelling::ZoneBare => write_zone(value, b" \"\\;()@$"),
            Spelling::Json => {
                let written = serde_json::to_string(std::str::from_utf8(value).ok()?).ok()?;
                Some(written.get(1..written.len() - 1)?.as_bytes().to_vec())
            }
            Spelling::ZoneHex | Spelling::Printed | Spelling::Computed => None,
        }
    }

    /// Whether anything can be written back at all.
    pub fn is_writable(self) -> bool {
        !matches!(self, Spelling::ZoneHex | Spelling::Printed | Spelling::Computed)
    }

    /// Whether a template may stand in it.
    pub fn may_hold_template(self) -> bool {
        matches!(self, Spelling::ZoneQuoted | Spelling::ZoneBare)
    }

    /// How many decoded bytes such a literal holds at most; `None` without a limit.
    pub fn limit(self) -> Option<usize> {
        match self {
            Spelling::ZoneQuoted | Spelling::ZoneBare | Spelling::ZoneHex => Some(255),
            Spelling::Plain | Spelling::Json | Spelling::Printed | Spelling::Computed => None,
        }
    }
}

/// Printable ASCII as it is, `special` behind a backslash, the rest as `\DDD`.
fn write_zone(value: &[u8], special: &[u8]) -> Option<Vec<u8>> {
    let mut written = Vec::with_capacity(value.len());
    for byte in value {
        if special.contains(byte) {
            written.extend([b'\\', *byte]);
        } else if (0x20..0x7f).contains(byte) {
            written.push(*byte);
        } else {
            written.extend(format!("\\{byte:03}").bytes());
        }
    }
    (!template::has_marker(&written, 0..written.len())).then_some(written)
}

/// `value` as quoted character-strings of a zone file, each of at most 255 bytes. `None` if they cannot hold it.
pub fn zone_strings(value: &[u8]) -> Option<String> {
    let mut written = String::from("\"");
    for (index, part) in value.chunks(255).enumerate() {
        if index > 0 {
            written.push_str("\" \"");
        }
        written.push_str(std::str::from_utf8(&Spelling::ZoneQuoted.write(part)?).ok()?);
    }
    written.push('"');
    Some(written)
}
