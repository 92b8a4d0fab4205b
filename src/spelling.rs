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
    /// A JSON string (RFC 8259, section 7), or a scalar of YAML between double quotes, which reads all of its escapes.
    Json,
    /// A text as programs print it that were answered it: with the escapes of a zone file, without its quotes. It is not
    /// written back: who has it does not publish it.
    Printed,
    /// A scalar of YAML without quotes (YAML 1.2.2, section 7.3.3).
    YamlPlain,
    /// A scalar of YAML between single quotes (YAML 1.2.2, section 7.3.2).
    YamlSingle,
    /// A line of a block scalar of YAML (YAML 1.2.2, section 8.1).
    YamlBlock,
    /// A TXT value of OctoDNS, with `\;` for `;`.
    OctoDns,
    /// A character-string as Route 53 reads it: with octal digits behind a backslash.
    Route53,
    /// A string of HCL between quotes.
    HclQuoted,
    /// A here-document of HCL.
    HclHeredoc,
    /// A file, or a string of JSON, that HCL reads as a template.
    HclTemplate,
    /// What a function writes into a string of its own, with escapes: only what needs none is written back.
    Encoded,
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
            Spelling::YamlPlain | Spelling::YamlBlock => is_printable(value).then(|| value.to_vec()),
            Spelling::YamlSingle => {
                let written = std::str::from_utf8(value).ok()?.replace('\'', "''");
                is_printable(value).then(|| written.into_bytes())
            }
            Spelling::OctoDns => {
                let written = std::str::from_utf8(value).ok()?;
                (!written.contains('"')).then(|| written.replace(';', "\\;").into_bytes())
            }
            Spelling::Route53 => Some(write_octal(value)),
            Spelling::Encoded => (!value.iter().any(|byte| matches!(byte, b'"' | b'\\'))).then(|| value.to_vec()),
            Spelling::HclQuoted => write_hcl(value),
            Spelling::HclHeredoc | Spelling::HclTemplate => {
                let written = std::str::from_utf8(value).ok()?;
                is_printable(value).then(|| written.replace("${", "$${").replace("%{", "%%{").into_bytes())
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
        !matches!(
            self,
            Spelling::Plain
                | Spelling::ZoneHex
                | Spelling::Route53
                | Spelling::HclQuoted
                | Spelling::HclHeredoc
                | Spelling::HclTemplate
                | Spelling::Encoded
                | Spelling::Computed
        )
    }

    /// How many decoded bytes such a literal holds at most; `None` without a limit.
    pub fn limit(self) -> Option<usize> {
        match self {
            Spelling::ZoneQuoted | Spelling::ZoneBare | Spelling::ZoneHex | Spelling::Route53 => Some(255),
            _ => None,
        }
    }

    /// Whether such a literal is nothing any more where nothing stands in it.
    pub fn is_word(self) -> bool {
        matches!(self, Spelling::ZoneBare | Spelling::YamlPlain)
    }

    /// Whether its lines have to stay: something that is no part of the value may stand before each.
    pub fn keeps_lines(self) -> bool {
        self == Spelling::HclHeredoc
    }

    /// Whether the end of a line stands for a blank in such a literal.
    pub fn folds_lines(self) -> bool {
        matches!(
            self,
            Spelling::Json | Spelling::YamlPlain | Spelling::YamlSingle | Spelling::YamlBlock
        )
    }

    /// Whether `new` can stand between what is before and behind it in such a literal; `None` is the literal's end. What is
    /// around it is written as it is.
    pub fn fits(self, before: Option<u8>, new: &[u8], behind: Option<u8>) -> bool {
        match self {
            Spelling::YamlPlain => {
                let all: Vec<u8> = before.into_iter().chain(new.iter().copied()).chain(behind).collect();
                is_plain(&all, before.is_none(), behind.is_none())
            }
            // Blanks at the start of a line are indentation, and such at the end of one are not seen.
            Spelling::YamlBlock => {
                let is_blank = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b' ' | b'\t'));
                !(before.is_none() && is_blank(new.first().or(behind.as_ref())))
            }
            Spelling::HclQuoted | Spelling::HclHeredoc | Spelling::HclTemplate => {
                // `$` and `%` before a brace, or twice, begin templates.
                let is_blank = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b' ' | b'\t'));
                let starts_line = self == Spelling::HclHeredoc && before.is_none_or(|byte| byte == b'\n');
                let is_mark = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'$' | b'%'));
                let begins = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'$' | b'%' | b'{'));
                let first = new.first().or(behind.as_ref());
                let last = new.last().or(before.as_ref());
                // Blanks at the start of a line are indentation, and a line of nothing else has none.
                let is_empty = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b'\n');
                let is_behind = starts_line && before.is_some() && behind.is_none();
                !(is_behind
                    || starts_line && (is_blank(first) || is_empty(first))
                    || is_mark(before.as_ref()) && begins(first)
                    || is_mark(last) && begins(behind.as_ref()))
            }
            _ => true,
        }
    }
}

/// A string of HCL: `"` and `\` behind a backslash, what begins templates doubled.
fn write_hcl(value: &[u8]) -> Option<Vec<u8>> {
    let mut written = String::with_capacity(value.len());
    let mut before = None;
    for char in std::str::from_utf8(value).ok()?.chars() {
        match char {
            '"' | '\\' => written.extend(['\\', char]),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '{' if matches!(before, Some('$' | '%')) => {
                written.extend(before);
                written.push('{');
            }
            char if char.is_control() => written.push_str(&format!("\\u{:04X}", char as u32)),
            char => written.push(char),
        }
        before = Some(char);
    }
    Some(written.into_bytes())
}

/// Whether YAML reads these bytes, without quotes, as a scalar or a part of one, in a list between brackets, too.
fn is_plain(all: &[u8], is_start: bool, is_end: bool) -> bool {
    let is_blank = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    let starts = match all.first() {
        Some(b'-' | b'?' | b':') => !is_blank(all.get(1)),
        Some(first) => !b"#&*!|>'\"%@`,[]{} \t".contains(first),
        None => false,
    };
    let inner = all.iter().enumerate().all(|(at, byte)| match byte {
        b':' => at + 1 < all.len() && !is_blank(all.get(at + 1)) || at + 1 == all.len() && !is_end,
        b'#' => at == 0 && !is_start || at > 0 && !is_blank(all.get(at - 1)),
        b',' | b'[' | b']' | b'{' | b'}' => false,
        _ => true,
    });
    (!is_start || starts) && inner && !(is_end && is_blank(all.last()))
}

/// Whether these bytes are text without line ends and control characters.
fn is_printable(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| !text.chars().any(|char| char.is_control() && char != '\t'))
}

/// Printable ASCII as it is, quotes and backslashes behind a backslash, the rest in three octal digits behind one.
fn write_octal(value: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(value.len());
    for byte in value {
        match byte {
            b'"' | b'\\' => written.extend([b'\\', *byte]),
            0x20..0x7f => written.push(*byte),
            byte => written.extend(format!("\\{byte:03o}").bytes()),
        }
    }
    written
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
