//! The fields that RFC 8461 defines: their names, their values, and what other words were meant to be.

use crate::policy::sts_file::mx;

/// A field that RFC 8461 defines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Known {
    /// `version`, which is `STSv1`.
    Version,
    /// `mode`: what senders do.
    Mode,
    /// `max_age`: how many seconds senders keep the policy.
    MaxAge,
    /// `mx`: a host, or a pattern of hosts, that takes mail.
    Mx,
}

/// What senders do when no host fits the policy, or TLS fails (RFC 8461, section 5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// They do not deliver.
    Enforce,
    /// They deliver and report.
    Testing,
    /// They act as if there were no policy.
    None,
}

/// How a name is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Naming {
    /// As the specification has it.
    Exact,
    /// With other capitals.
    Case,
    /// Otherwise, but it is clear which field is meant.
    Typo,
}

/// The one value of `version`.
pub const VERSION: &str = "STSv1";
/// The largest `max_age`: a year of 365.25 days.
pub const MAX_AGE_MAX: u64 = 31_557_600;

impl Known {
    /// All of them.
    pub const ALL: [Known; 4] = [Known::Version, Known::Mode, Known::MaxAge, Known::Mx];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Known::Version => "version",
            Known::Mode => "mode",
            Known::MaxAge => "max_age",
            Known::Mx => "mx",
        }
    }

    /// Whether the value has the form that the grammar asks for.
    pub fn accepts(self, value: &[u8]) -> bool {
        match self {
            Known::Version => value == VERSION.as_bytes(),
            Known::Mode => Mode::read(value).is_some(),
            Known::MaxAge => max_age(value).is_some(),
            Known::Mx => mx::is_pattern(value),
        }
    }

    /// The field that a name stands for, and how it is written; `None` for another field.
    pub fn of_name(name: &[u8]) -> Option<(Known, Naming)> {
        if let Some(known) = Known::ALL.into_iter().find(|known| known.name().as_bytes() == name) {
            return Some((known, Naming::Exact));
        }
        let name = name.to_ascii_lowercase();
        if let Some(known) = Known::ALL.into_iter().find(|known| known.name().as_bytes() == name) {
            return Some((known, Naming::Case));
        }
        let other = OTHER_NAMES.iter().find(|(other, _)| other.as_bytes() == name);
        other
            .map(|(_, known)| *known)
            .or_else(|| nearest(&name))
            .map(|known| (known, Naming::Typo))
    }
}

/// Names that people write for a field, and that are not near to it by their letters.
const OTHER_NAMES: [(&str, Known); 5] = [
    ("host", Known::Mx),
    ("max age", Known::MaxAge),
    ("policy", Known::Mode),
    ("ttl", Known::MaxAge),
    ("v", Known::Version),
];

/// The field whose name is so near that nothing else can be meant: one slip in four letters. More would take `note` for
/// `mode` and `id` for `mx`, and one letter alone says nothing.
fn nearest(name: &[u8]) -> Option<Known> {
    if !(2..=10).contains(&name.len()) {
        return None;
    }
    Known::ALL.into_iter().find(|known| {
        let wanted = known.name().as_bytes();
        distance(name, wanted) <= wanted.len().div_ceil(4)
    })
}

/// How many letters have to be put in, taken out, changed, or swapped with their neighbour to get from one word to another.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let change = last[j] + usize::from(a[i] != b[j]);
            let mut least = change.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

impl Mode {
    /// All of them.
    pub const ALL: [Mode; 3] = [Mode::Enforce, Mode::Testing, Mode::None];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Enforce => "enforce",
            Mode::Testing => "testing",
            Mode::None => "none",
        }
    }

    /// The mode that a value is.
    pub fn read(value: &[u8]) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name().as_bytes() == value)
    }

    /// The mode that a value was meant to be: in other capitals, in quotes, or another word for it.
    pub fn meant(value: &[u8]) -> Option<Mode> {
        let word = bare(value).to_ascii_lowercase();
        Mode::read(&word).or(match word.as_slice() {
            b"enforced" | b"enforcing" | b"enable" | b"enabled" | b"on" | b"live" | b"strict" => Some(Mode::Enforce),
            b"test" | b"report" | b"monitor" | b"monitoring" => Some(Mode::Testing),
            b"off" | b"disable" | b"disabled" => Some(Mode::None),
            _ => None,
        })
    }
}

/// The seconds that a value of `max_age` says: one to ten digits.
pub fn max_age(value: &[u8]) -> Option<u64> {
    if !(1..=10).contains(&value.len()) || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// The seconds that a malformed value of `max_age` was meant to be: with separators between its digits, with a unit, in
/// quotes, or with too many zeros in front.
pub fn meant_max_age(value: &[u8]) -> Option<u64> {
    let word = bare(value);
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = word.split_at(digits);
    if rest.is_empty() {
        let zeros = number.iter().take_while(|byte| **byte == b'0').count();
        return max_age(&number[zeros.min(number.len().saturating_sub(1))..]);
    }
    grouped(word).or_else(|| max_age(number)?.checked_mul(unit(rest.trim_ascii())?))
}

/// A number in groups of three digits: `604,800`.
fn grouped(word: &[u8]) -> Option<u64> {
    let is_separator = |byte: &u8| matches!(byte, b',' | b'.' | b'_' | b'\'' | b' ');
    let mut groups = word.split(is_separator);
    let first = groups.next()?;
    let mut digits = first.to_vec();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.extend(group);
    }
    (1..=3).contains(&first.len()).then(|| max_age(&digits))?
}

fn unit(word: &[u8]) -> Option<u64> {
    Some(match word.to_ascii_lowercase().as_slice() {
        b"s" | b"sec" | b"secs" | b"second" | b"seconds" => 1,
        b"min" | b"mins" | b"minute" | b"minutes" => 60,
        b"h" | b"hr" | b"hrs" | b"hour" | b"hours" => 3600,
        b"d" | b"day" | b"days" => 86_400,
        b"w" | b"week" | b"weeks" => 604_800,
        b"y" | b"year" | b"years" => 31_536_000,
        _ => return None,
    })
}

/// A value without quotes around it and punctuation behind it.
fn bare(value: &[u8]) -> &[u8] {
    let mut value = value;
    loop {
        let before = value.len();
        while let [rest @ .., b';' | b',' | b'.' | b' ' | b'\t'] = value {
            value = rest;
        }
        if let [open @ (b'"' | b'\'' | b'`'), inside @ .., close] = value
            && open == close
        {
            value = inside;
        }
        if value.len() == before {
            return value;
        }
    }
}
