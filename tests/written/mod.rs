//! Writing texts as data of zone files.

#![allow(dead_code, reason = "each test uses a part of it")]

/// A character-string of a zone file.
pub(crate) fn string(string: &[u8]) -> String {
    let mut written = String::from("\"");
    for byte in string {
        match byte {
            b'"' | b'\\' => written.extend(['\\', *byte as char]),
            0x20..0x7f => written.push(*byte as char),
            byte => written.push_str(&format!("\\{byte:03}")),
        }
    }
    written.push('"');
    written
}

/// A text in as many character-strings as it needs. One that begins with a quote is written in hexadecimal digits: written
/// as a string, the quotes would be a slip of the zone file, and the record would be judged without them.
pub(crate) fn text(value: &str) -> String {
    if value.starts_with('"') {
        return digits(value);
    }
    let mut strings: Vec<String> = value.as_bytes().chunks(255).map(string).collect();
    if strings.is_empty() {
        strings.push(string(b""));
    }
    strings.join(" ")
}

/// A text in hexadecimal digits, in which nothing can look like a slip or a template.
pub(crate) fn digits(value: &str) -> String {
    let chunks = value.as_bytes().chunks(255);
    let strings = chunks.map(|chunk| [&[chunk.len() as u8], chunk].concat());
    let data = strings.collect::<Vec<_>>().concat();
    let digits: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\\# {} {digits}", data.len())
}
