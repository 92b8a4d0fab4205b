//! The values of tags (RFC 9989, section 4.7).

use crate::{
    policy::{dmarc::tag::Tag, word},
    text::Text,
};

/// A value that is to be one of a few words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Word<T> {
    /// It is.
    Right(T),
    /// It is, but for the case of its letters.
    Case(T),
    /// It is another.
    Invalid,
    /// There is none.
    Empty,
    /// The file does not tell.
    Unknown,
}

/// What is asked of receivers; the order is that of strength.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Policy {
    /// Nothing but reports.
    None,
    /// To treat the mail as suspicious.
    Quarantine,
    /// To refuse the mail.
    Reject,
}

/// How closely two domains must agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alignment {
    /// They share their Organizational Domain.
    Relaxed,
    /// They are the same.
    Strict,
}

/// Whether the domain is a public suffix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Psd {
    /// `y`: it is.
    Yes,
    /// `n`: it is an Organizational Domain.
    No,
    /// `u`: that is to be found out.
    Unstated,
}

impl Policy {
    /// All of them, the weakest first.
    pub const ALL: [Policy; 3] = [Policy::None, Policy::Quarantine, Policy::Reject];

    /// The word in the record.
    pub fn word(self) -> &'static str {
        match self {
            Policy::None => "none",
            Policy::Quarantine => "quarantine",
            Policy::Reject => "reject",
        }
    }
}

impl<T> Word<T> {
    /// What it says, in whatever case.
    pub fn read(self) -> Option<T> {
        match self {
            Word::Right(value) | Word::Case(value) => Some(value),
            Word::Invalid | Word::Empty | Word::Unknown => None,
        }
    }

    /// Whether it is known to say nothing that receivers understand.
    pub fn is_wrong(&self) -> bool {
        matches!(self, Word::Invalid | Word::Empty)
    }
}

/// The value of `p`, `sp` or `np`.
pub fn policy(text: &Text, tag: &Tag) -> Word<Policy> {
    word(text, tag, &Policy::ALL.map(|policy| (policy.word(), policy)))
}

/// The value of `adkim` or `aspf`.
pub fn alignment(text: &Text, tag: &Tag) -> Word<Alignment> {
    word(text, tag, &[("r", Alignment::Relaxed), ("s", Alignment::Strict)])
}

/// The value of `t`.
pub fn test(text: &Text, tag: &Tag) -> Word<bool> {
    word(text, tag, &[("y", true), ("n", false)])
}

/// The value of `psd`.
pub fn psd(text: &Text, tag: &Tag) -> Word<Psd> {
    word(text, tag, &[("y", Psd::Yes), ("n", Psd::No), ("u", Psd::Unstated)])
}

fn word<T: Copy>(text: &Text, tag: &Tag, words: &[(&str, T)]) -> Word<T> {
    let written = text.get(tag.value.clone());
    if !tag.is_known {
        return Word::Unknown;
    }
    if written.is_empty() {
        return Word::Empty;
    }
    let found = |word: &&(&str, T)| word::is(written, word.0);
    match words.iter().find(found) {
        Some((word, value)) if written == word.as_bytes() => Word::Right(*value),
        Some((_, value)) => Word::Case(*value),
        None => Word::Invalid,
    }
}

/// The options of `fo`, in small letters: `0` or `1` at most, `d` and `s` at most once each, with colons and no blanks between
/// them (RFC 9989, section 4.8).
pub fn options(text: &Text, tag: &Tag) -> Word<Vec<u8>> {
    let written = text.get(tag.value.clone());
    if !tag.is_known {
        return Word::Unknown;
    }
    if written.is_empty() {
        return Word::Empty;
    }
    let mut options: Vec<u8> = Vec::new();
    for option in written.split(|byte| *byte == b':') {
        let [option] = option.to_ascii_lowercase()[..] else {
            return Word::Invalid;
        };
        let is_number = |option: u8| matches!(option, b'0' | b'1');
        let again = |other: &u8| *other == option || is_number(*other) && is_number(option);
        if !matches!(option, b'0' | b'1' | b'd' | b's') || options.iter().any(again) {
            return Word::Invalid;
        }
        options.push(option);
    }
    if written.iter().any(u8::is_ascii_uppercase) {
        Word::Case(options)
    } else {
        Word::Right(options)
    }
}

/// The value of `pct` or `ri`: digits alone, up to `max`.
pub fn number(text: &Text, tag: &Tag, max: u32) -> Word<u32> {
    let written = text.get(tag.value.clone());
    if !tag.is_known {
        return Word::Unknown;
    }
    if written.is_empty() {
        return Word::Empty;
    }
    let digits = std::str::from_utf8(written)
        .ok()
        .filter(|_| written.iter().all(u8::is_ascii_digit));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(number) if number <= max => Word::Right(number),
        _ => Word::Invalid,
    }
}
