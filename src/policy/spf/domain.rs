//! Domains with macros in them: `domain-spec` and `macro-string` (RFC 7208, section 7).

use std::ops::Range;

use crate::{name::Name, policy::spf::Spf, text::Text};

/// A domain as it is written, or another text with macros.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Domain {
    /// All of it.
    pub at: Range<usize>,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a domain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Characters that stand for themselves.
    Literal(Range<usize>),
    /// `%%`, `%_` or `%-`.
    Escape(Range<usize>),
    /// `%{...}`
    Macro(Macro),
    /// A `%` that begins neither.
    Broken(Broken),
}

/// A macro.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Macro {
    /// All of it, from its `%`.
    pub at: Range<usize>,
    /// Its letter, in small.
    pub letter: u8,
    /// Whether the letter is a capital, so that the value is escaped as in a URL.
    pub is_escaped: bool,
    /// How many labels are kept, from the right; all where it is not written. Saturates.
    pub keep: Option<u32>,
    /// Whether the labels are reversed.
    pub is_reversed: bool,
    /// The characters that part the labels; empty where they are dots.
    pub delimiters: Range<usize>,
}

/// Something that begins like a macro.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// It, as far as it reaches: to its closing sign, or the `%` alone.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a macro.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// The `%` stands alone.
    Lone,
    /// Parentheses or brackets stand in place of the braces.
    Parentheses,
    /// Nothing closes it.
    Unclosed,
    /// Its letter is none that there is, or is missing.
    Letter,
    /// It keeps no label: the number is zero.
    Zero,
    /// Behind the letter stands what does not belong there.
    Transformer,
}

/// The letters of macros (RFC 7208, section 7.2).
const LETTERS: &[u8] = b"slodiphcrtv";

/// The letters that only explanations may use.
pub const EXPLANATION_LETTERS: &[u8] = b"crt";

/// The longest text between the braces of a macro that is looked at.
const MACRO_MAX: usize = 64;

/// Reads what stands at `at`, whatever it is.
pub fn read(text: &Text, at: Range<usize>) -> Domain {
    let bytes = text.get(at.clone());
    let mut parts = Vec::new();
    let mut start = 0;
    for part in parts_of(bytes) {
        let own = part.range();
        if start < own.start {
            parts.push(Part::Literal(at.start + start..at.start + own.start));
        }
        start = own.end;
        parts.push(part.moved(at.start));
    }
    if start < bytes.len() {
        parts.push(Part::Literal(at.start + start..at.end));
    }
    Domain { at, parts }
}

/// The parts that begin with `%`, in order.
fn parts_of(bytes: &[u8]) -> impl Iterator<Item = Part> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let percent = at + memchr::memchr(b'%', bytes.get(at..)?)?;
        let part = percent_part(bytes, percent);
        at = part.range().end;
        Some(part)
    })
}

/// What a `%` begins.
fn percent_part(bytes: &[u8], at: usize) -> Part {
    let broken = |len: usize, why| Part::Broken(Broken { at: at..at + len, why });
    let rest = &bytes[at + 1..];
    let close = match rest.first() {
        Some(b'%' | b'_' | b'-') => return Part::Escape(at..at + 2),
        Some(b'{') => b'}',
        Some(b'(') => b')',
        Some(b'[') => b']',
        _ => return broken(1, Why::Lone),
    };
    let near = &rest[1..rest.len().min(MACRO_MAX)];
    let Some(len) = near.iter().position(|byte| *byte == close) else {
        return broken(2, Why::Unclosed);
    };
    let inside = &near[..len];
    if close != b'}' {
        return broken(len + 3, Why::Parentheses);
    }
    let Some(letter) = inside
        .first()
        .map(u8::to_ascii_lowercase)
        .filter(|letter| LETTERS.contains(letter))
    else {
        return broken(len + 3, Why::Letter);
    };
    let digits = inside[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = &inside[1..1 + digits];
    let keep = number.iter().fold(0_u32, |sum, digit| {
        sum.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
    });
    let after = &inside[1 + digits..];
    let is_reversed = matches!(after.first(), Some(b'r' | b'R'));
    let delimiters = &after[usize::from(is_reversed)..];
    if !delimiters.iter().all(|byte| b".-+,/_=".contains(byte)) {
        return broken(len + 3, Why::Transformer);
    }
    if digits > 0 && keep == 0 {
        return broken(len + 3, Why::Zero);
    }
    Part::Macro(Macro {
        at: at..at + len + 3,
        letter,
        is_escaped: inside[0].is_ascii_uppercase(),
        keep: (digits > 0).then_some(keep),
        is_reversed,
        delimiters: at + 2 + len - delimiters.len()..at + 2 + len,
    })
}

/// Whether a text matches `macro-string`.
pub fn is_macro_string(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_graphic) && !parts_of(bytes).any(|part| matches!(part, Part::Broken(_)))
}

/// Whether a text matches `domain-spec`, without macros that only explanations may use.
pub fn is_domain_spec(bytes: &[u8]) -> bool {
    let mut end = 0;
    for part in parts_of(bytes) {
        end = part.range().end;
        if matches!(part, Part::Macro(found) if EXPLANATION_LETTERS.contains(&found.letter)) {
            return false;
        }
    }
    is_macro_string(bytes) && !bytes.is_empty() && (end == bytes.len() || ends_in_top_label(&bytes[end..]))
}

/// Whether the characters behind the last macro end in a dot and a top label, and perhaps another dot.
fn ends_in_top_label(tail: &[u8]) -> bool {
    let tail = tail.strip_suffix(b".").unwrap_or(tail);
    memchr::memrchr(b'.', tail).is_some_and(|dot| is_top_label(&tail[dot + 1..]))
}

/// Whether a label matches `toplabel`: letters, digits and inner hyphens, not digits alone.
pub fn is_top_label(label: &[u8]) -> bool {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let [first, .., last] = label else {
        return label.first().is_some_and(u8::is_ascii_alphabetic);
    };
    first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && label.iter().all(inner)
        && !label.iter().all(u8::is_ascii_digit)
}

impl Part {
    /// Where it stands.
    pub fn range(&self) -> Range<usize> {
        match self {
            Part::Literal(at) | Part::Escape(at) => at.clone(),
            Part::Macro(Macro { at, .. }) | Part::Broken(Broken { at, .. }) => at.clone(),
        }
    }

    /// The same part, so many bytes further on.
    fn moved(self, by: usize) -> Part {
        let moved = |at: Range<usize>| at.start + by..at.end + by;
        match self {
            Part::Literal(at) => Part::Literal(moved(at)),
            Part::Escape(at) => Part::Escape(moved(at)),
            Part::Macro(found) => Part::Macro(Macro {
                at: moved(found.at),
                delimiters: moved(found.delimiters),
                ..found
            }),
            Part::Broken(found) => Part::Broken(Broken {
                at: moved(found.at),
                why: found.why,
            }),
        }
    }
}

impl Macro {
    /// Whether the value is put in as it is: all labels, in their order.
    pub fn is_plain(&self) -> bool {
        self.keep.is_none() && !self.is_reversed && self.delimiters.is_empty() && !self.is_escaped
    }
}

impl Domain {
    /// The macros in it.
    pub fn macros(&self) -> impl Iterator<Item = &Macro> {
        self.parts.iter().filter_map(|part| match part {
            Part::Macro(found) => Some(found),
            _ => None,
        })
    }

    /// What begins like a macro and is none.
    pub fn broken(&self) -> impl Iterator<Item = &Broken> {
        self.parts.iter().filter_map(|part| match part {
            Part::Broken(broken) => Some(broken),
            _ => None,
        })
    }

    /// What stands behind the last macro, escape or `%`; all of it if there is none.
    pub fn tail(&self) -> Range<usize> {
        match self.parts.last() {
            Some(Part::Literal(at)) => at.clone(),
            _ => self.at.end..self.at.end,
        }
    }

    /// Whether all of it stands for itself.
    pub fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Literal(_)))
    }

    /// Whether it matches the grammar, and uses no macro that only explanations may use.
    pub fn is_valid(&self, text: &Text) -> bool {
        is_domain_spec(text.get(self.at.clone()))
    }

    /// The name that it is in a record. `None` with macros other than `%{d}`, if it is not known, or if it is no
    /// name: an empty label, or one that is too long.
    pub fn name(&self, spf: &Spf<'_>) -> Option<Name> {
        let text = &spf.text;
        if !text.is_known(self.at.clone()) {
            return None;
        }
        let mut name = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(at) => name.push_str(std::str::from_utf8(text.get(at.clone())).ok()?),
                Part::Macro(found) if found.letter == b'd' && found.is_plain() => {
                    // What a wildcard is asked for is not its name.
                    let owner = spf.owner();
                    let is_told = owner.is_known() && !owner.is_wildcard();
                    name.push_str(&is_told.then(|| owner.to_string())?);
                }
                _ => return None,
            }
        }
        Name::parse(&name)
    }
}
