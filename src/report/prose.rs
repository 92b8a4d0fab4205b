//! What files say as Markdown that is nothing but words and code: no markup, no HTML, no links, nobody is mentioned.
//!
//! A word that might be more than a word becomes code. So nothing has to be escaped, which Markdown's many dialects do in many
//! ways and which does not stop those that link names and addresses after Markdown is read; and the text stays readable where
//! it is shown as it is.

use crate::report::harmless;

/// A text as Markdown. What stands between backticks is code, as it is in messages.
pub fn markdown(text: &str) -> String {
    written(text, code)
}

/// A text as Markdown in a cell of a table.
pub fn cell(text: &str) -> String {
    written(text, code_in_cell)
}

/// A text as code in a cell of a table: a bar would end the cell, in code too.
pub fn code_in_cell(text: &str) -> String {
    let parts: Vec<String> = text
        .split('|')
        .map(|part| if part.is_empty() { String::new() } else { code(part) })
        .collect();
    parts.join("&#124;")
}

fn written(text: &str, code: fn(&str) -> String) -> String {
    let mut written = String::new();
    for part in parts(&harmless::line(text, true)) {
        match part {
            Part::Plain(text) => written.push_str(&text),
            Part::Code(text) => written.push_str(&code(&text)),
        }
    }
    written
}

#[derive(PartialEq)]
enum Part {
    Plain(String),
    Code(String),
}

/// The parts in order, no two of a kind beside each other: backticks that touch would not be what they were.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let between_backticks: Vec<&str> = text.split('`').collect();
    let last = between_backticks.len() - 1;
    for (index, part) in between_backticks.into_iter().enumerate() {
        if index % 2 == 0 {
            words(part, &mut parts);
        } else if index == last {
            words(&format!("`{part}"), &mut parts);
        } else {
            push(Part::Code(part.to_string()), &mut parts);
        }
    }
    parts
}

fn words(text: &str, parts: &mut Vec<Part>) {
    for word in text.split_inclusive(' ') {
        let (word, blank) = match word.strip_suffix(' ') {
            Some(word) => (word, " "),
            None => (word, ""),
        };
        let start = word.trim_start_matches(['(', '"', '\'']);
        let (before, start) = word.split_at(word.len() - start.len());
        let middle = start.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
        let after = &start[middle.len()..];
        let plain = |text: &str| Part::Plain(text.to_string());
        if middle.is_empty() || is_word(middle) {
            push(plain(word), parts);
        } else {
            push(plain(before), parts);
            push(Part::Code(middle.to_string()), parts);
            push(plain(after), parts);
        }
        push(plain(blank), parts);
    }
}

fn push(part: Part, parts: &mut Vec<Part>) {
    match (parts.last_mut(), part) {
        (Some(Part::Plain(last)), Part::Plain(text)) => last.push_str(&text),
        (Some(Part::Code(last)), Part::Code(text)) => last.push_str(&text),
        (_, Part::Plain(text)) if text.is_empty() => {}
        (_, part) => parts.push(part),
    }
}

/// Whether nobody takes it for anything but a word: no markup, no address, no reference such as `GH-1` or that of a commit.
fn is_word(text: &str) -> bool {
    let starts_with = |start: &str| {
        text.get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    let is_hash = text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.starts_with(char::is_alphanumeric)
        && text
            .chars()
            .all(|char| char.is_alphanumeric() || matches!(char, '-' | '\'' | '.' | ',' | '/' | '%'))
        && !starts_with("www.")
        && !starts_with("gh-")
        && !is_hash
}

/// A text as code, between more backticks than it holds in a row.
fn code(text: &str) -> String {
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let has_outer_blanks = text.is_empty() || text.starts_with(' ') && text.ends_with(' ');
    let padding = if has_outer_blanks || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{padding}{text}{padding}{fence}")
}
