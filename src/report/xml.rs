//! XML that every parser takes, and that does nothing where it is printed.

use crate::report::harmless;

/// What a document begins with.
pub(super) const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// The attributes of an element, with a blank before each.
pub(super) fn attributes(all: &[(&str, &str)]) -> String {
    let one = |(name, value): &(&str, &str)| format!(" {name}=\"{}\"", escaped(value));
    all.iter().map(one).collect()
}

/// A text as it stands in an element or in an attribute. It is read as it was, except for control characters that no XML can
/// hold: their pictures stand for them.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        let next = &text[at + char.len_utf8()..];
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => reference(char, &mut escaped),
            '\0'..='\x1f' => escaped.extend(char::from_u32(0x2400 + char as u32)),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ if harmless::is_hidden(char) => reference(char, &mut escaped),
            '#' if harmless::ends_opening(next) => reference(char, &mut escaped),
            _ => escaped.push(char),
        }
    }
    escaped
}

fn reference(char: char, to: &mut String) {
    to.push_str(&format!("&#x{:X};", char as u32));
}
