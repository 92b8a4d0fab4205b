//! The slip of writing one policy as several records: strings of one value, or its tags and terms, as a list of values.
//!
//! What goes on with a record is told by its grammar alone, so that tokens and other texts at the name are never taken for it:
//!
//! | policy | goes on with |
//! | --- | --- |
//! | SPF without `all` and `redirect=` at its end | mechanisms and modifiers and nothing else |
//! | DKIM, DMARC, MTA-STS, TLS-RPT, BIMI, each at its name (DKIM at any) | tags of that policy that it does not have yet |
//! | DKIM whose last tag is `p=` | the rest of the key, and then tags |

use std::{borrow::Cow, ops::Range};

use crate::{
    policy::kind::{self, Kind},
    record::{Record, Txt},
    slip::meant_text,
    text::Text,
};

/// One policy in several records of a name.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// Which one.
    pub kind: Kind,
    /// The numbers of the records in their file: the one that begins with the version, and those that go on with it, in order.
    pub numbers: Vec<usize>,
    /// The text that was meant.
    pub text: Text,
}

/// Further records than so many are not looked at, on both sides of one.
const NEAR: usize = 32;
/// A text that is cut in the middle of a word, because a character-string holds no more, is at least that long.
const CUT_MIN: usize = 250;

/// The text of the TXT record with this number as the repair of all slips would leave it; `None` if it is a piece that goes on
/// with another record. Whether it was put together from several records.
pub fn whole_text(records: &[Record], number: usize) -> Option<(Cow<'_, Text>, bool)> {
    let record = records.get(number)?;
    match pieces(records, number) {
        Some(pieces) if pieces.numbers.first() == Some(&number) => Some((Cow::Owned(pieces.text), true)),
        Some(_) => None,
        None => Some((meant_text(record, record.txt()?), false)),
    }
}

/// The policy of which the record with this number is a piece.
pub fn pieces(records: &[Record], number: usize) -> Option<Pieces> {
    let record = records.get(number)?;
    let text = |number: usize| piece(records.get(number)?, record);
    text(number)?;
    let before = (1..=NEAR)
        .take_while(|len| number.checked_sub(*len).and_then(text).is_some())
        .count();
    let after = (1..=NEAR).take_while(|len| text(number + len).is_some()).count();
    let all = number - before..number + after + 1;
    if all.len() == 1 {
        return None;
    }
    let start = |at: usize| Some((at, begun(text(at)?, record)?));
    let starts: Vec<(usize, Kind)> = all.clone().filter_map(start).collect();
    let is_only_one = |kind: Kind| starts.iter().filter(|(_, other)| *other == kind).count() == 1;
    starts.iter().filter(|(at, _)| *at <= number).find_map(|(at, kind)| {
        let pieces = is_only_one(*kind).then(|| put_together(records, *at..all.end, *kind))??;
        pieces.numbers.contains(&number).then_some(pieces)
    })
}

/// The text of a record that may be a piece of what stands at the name of `other`.
fn piece<'a>(record: &'a Record, other: &Record) -> Option<&'a Txt> {
    let txt = record.txt().filter(|txt| !txt.type99 && txt.text.is_complete())?;
    // Of two names that are not told, it is told that they are one if one thing publishes both.
    let is_one_name = || {
        let maker = |record: &Record| record.txt()?.maker;
        record.owner.is_known() || maker(record).is_some() && maker(record) == maker(other)
    };
    let is_beside = !record.many && record.loads && record.owner == other.owner;
    (is_beside && is_one_name()).then_some(txt)
}

/// The kind of policy that a text at the name of a record begins.
fn begun(txt: &Txt, record: &Record) -> Option<Kind> {
    let kind = kind::of_value(txt.text.bytes())?;
    let is_anywhere = matches!(kind, Kind::Spf | Kind::Dkim);
    (is_anywhere || kind::of_owner(&record.owner) == Some(kind)).then_some(kind)
}

fn put_together(records: &[Record], mut range: Range<usize>, kind: Kind) -> Option<Pieces> {
    let meant = |number: usize| {
        let record = records.get(number)?;
        Some(meant_text(record, record.txt()?))
    };
    let first = range.next()?;
    let mut pieces = Pieces {
        kind,
        numbers: vec![first],
        text: meant(first)?.into_owned(),
    };
    let is_key = kind == Kind::Dkim && kind::of_owner(&records.get(first)?.owner) == Some(kind);
    for number in range {
        let Some(next) = meant(number) else { continue };
        let Some(joint) = joint(kind, is_key, pieces.text.bytes(), next.bytes()) else {
            continue;
        };
        if let Some(at) = pieces.text.whole().filter(|_| !joint.is_empty()) {
            pieces.text.push_spelled(joint.as_bytes(), at.end());
        }
        pieces.text.append(&next, 0..next.len());
        pieces.numbers.push(number);
    }
    (pieces.numbers.len() > 1).then_some(pieces)
}

/// What is missing between a policy and a text that goes on with it; `None` if it does not.
fn joint(kind: Kind, is_key: bool, before: &[u8], next: &[u8]) -> Option<&'static str> {
    match kind {
        Kind::Spf => spf_joint(before, next),
        _ => tag_joint(kind, is_key, before, next),
    }
}

fn spf_joint(before: &[u8], next: &[u8]) -> Option<&'static str> {
    let last = words(before).last()?;
    if is_all(last) || starts(last, b"redirect=") {
        return None;
    }
    let mut words = words(next);
    let first = words.next()?;
    // A bare `a` or `mx` may be anything.
    let is_telling = |word: &[u8]| is_all(word) || word.iter().any(|byte| matches!(byte, b':' | b'='));
    let others: Vec<&[u8]> = words.collect();
    let is_rest = others.iter().all(|word| is_term(word));
    if is_term(first) {
        let is_told = is_telling(first) || others.iter().any(|word| is_telling(word));
        return (is_rest && is_told).then_some(if before.ends_with(b" ") { "" } else { " " });
    }
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'/');
    let is_cut = before.len() >= CUT_MIN && !before.ends_with(b" ") && first.iter().all(is_word);
    (is_cut && is_rest && others.iter().any(|word| is_telling(word))).then_some("")
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b' ').filter(|word| !word.is_empty())
}

fn starts(word: &[u8], start: &[u8]) -> bool {
    word.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn unqualified(word: &[u8]) -> &[u8] {
    match word {
        [b'+' | b'-' | b'~' | b'?', rest @ ..] => rest,
        _ => word,
    }
}

fn is_all(word: &[u8]) -> bool {
    unqualified(word).eq_ignore_ascii_case(b"all")
}

/// Whether a word is a mechanism, or a modifier that is known (RFC 7208, sections 5 and 6).
fn is_term(word: &[u8]) -> bool {
    if [b"redirect=".as_slice(), b"exp="]
        .iter()
        .any(|modifier| starts(word, modifier))
    {
        return true;
    }
    let word = unqualified(word);
    let len = word.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (name, rest) = word.split_at(len);
    let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other.as_bytes()));
    match rest.first() {
        None => is(&["all", "a", "mx", "ptr"]),
        Some(b'/') => is(&["a", "mx"]),
        Some(b':') => rest.len() > 1 && is(&["a", "mx", "ptr", "include", "exists", "ip4", "ip6"]),
        Some(_) => false,
    }
}

/// The tags that a policy may have behind its version.
fn tags(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Spf => &[],
        Kind::Dkim => &["g", "h", "k", "n", "p", "s", "t"],
        Kind::Dmarc => &[
            "adkim", "aspf", "fo", "np", "p", "pct", "psd", "rf", "ri", "rua", "ruf", "sp", "t",
        ],
        Kind::MtaSts => &["id"],
        Kind::TlsRpt => &["rua"],
        Kind::Bimi => &["a", "avp", "l"],
    }
}

fn tag_joint(kind: Kind, is_key: bool, before: &[u8], next: &[u8]) -> Option<&'static str> {
    let name = |tag: &[u8]| -> Option<Vec<u8>> {
        let equals = tag.iter().position(|byte| *byte == b'=')?;
        Some(tag[..equals].trim_ascii().to_ascii_lowercase())
    };
    let had: Vec<Vec<u8>> = parts(before).filter_map(name).collect();
    let mut all = parts(next).peekable();
    let goes_on = is_key && has_open_key(before) && all.peek().is_some_and(|first| is_base64(first));
    if goes_on {
        all.next();
    } else {
        all.peek()?;
    }
    let mut seen = had;
    let is_new = all.all(|part| {
        let known = name(part).filter(|name| tags(kind).iter().any(|tag| tag.as_bytes() == name.as_slice()));
        let is_new = known.as_ref().is_some_and(|name| !seen.contains(name));
        seen.extend(known);
        is_new
    });
    let is_closed = before.trim_ascii_end().ends_with(b";");
    is_new.then_some(if goes_on || is_closed { "" } else { "; " })
}

/// What stands between the semicolons of a text, without what is empty.
fn parts(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b';')
        .map(<[u8]>::trim_ascii)
        .filter(|part| !part.is_empty())
}

/// Whether the last tag is a key that no semicolon ends.
fn has_open_key(text: &[u8]) -> bool {
    let last = text
        .rsplit(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    let key = last.strip_prefix(b"p").map(<[u8]>::trim_ascii_start);
    key.and_then(|key| key.strip_prefix(b"="))
        .is_some_and(|key| is_base64(key) && !key.ends_with(b"="))
}

fn is_base64(text: &[u8]) -> bool {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |at| at + 1);
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b' ');
    text.len() - end <= 2 && end > 0 && text[..end].iter().all(is_digit)
}
