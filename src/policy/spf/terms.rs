//! Where the terms of an SPF record begin and end (RFC 7208, section 4.6.1).

use std::ops::Range;

use crate::{
    policy::spf::{
        meaning::{is_name, meant_by_equals, skip_qualifiers, starts_with, term, unknown},
        network,
        term::{Mechanism, Modifier, Qualifier, Slip, Term},
    },
    text::Text,
};

/// What stands behind the version.
#[derive(Default)]
pub(super) struct Read {
    /// The terms, in order.
    pub(super) terms: Vec<Term>,
    /// Commas and semicolons around terms.
    pub(super) separators: Vec<Range<usize>>,
}

/// Reads the text from `start`, whatever it is.
pub(super) fn read(text: &Text, start: usize) -> Read {
    // Few records have more.
    const TERMS: usize = 8;
    let mut read = Read {
        terms: Vec::with_capacity(TERMS),
        separators: Vec::new(),
    };
    let holes = text.holes();
    let mut hole = holes.partition_point(|hole| (hole.at as usize) < start);
    let mut at = start;
    while at < text.len() {
        let len = memchr::memchr(b' ', text.get(at..text.len())).unwrap_or(text.len() - at);
        let word = at..at + len;
        at = word.end + 1;
        while let Some(alone) = holes.get(hole).map(|hole| hole.at as usize)
            && (alone < word.start || word.is_empty() && alone == word.start)
        {
            read.terms.push(unknown(alone..alone));
            hole += 1;
        }
        while holes
            .get(hole)
            .is_some_and(|hole| hole.at as usize <= word.end && !word.is_empty())
        {
            hole += 1;
        }
        if !word.is_empty() {
            read.word(text, word);
        }
    }
    read.terms.extend(
        holes[hole..]
            .iter()
            .map(|hole| unknown(hole.at as usize..hole.at as usize)),
    );
    read.terms = join(text, read.terms);
    read
}

impl Read {
    /// Reads what stands between two blanks: mostly one term.
    fn word(&mut self, text: &Text, word: Range<usize>) {
        if !text.is_known(word.clone()) {
            self.terms.push(unknown(word));
            return;
        }
        let bytes = text.bytes();
        let is_mark = |byte: &&u8| matches!(byte, b',' | b';');
        let leading = bytes[word.clone()].iter().take_while(is_mark).count();
        let mut rest = word.start + leading..word.end;
        if leading > 0 {
            self.separators.push(word.start..rest.start);
        }
        if rest.is_empty() {
            return;
        }
        if is_free_modifier(&bytes[rest.clone()]) {
            self.terms.push(term(text, rest));
            return;
        }
        let trailing = bytes[rest.clone()].iter().rev().take_while(is_mark).count();
        let end = rest.end - trailing;
        rest.end = end;
        let mut is_glued = false;
        for cut in cuts(&bytes[rest.clone()]) {
            let cut = word.start + leading + cut.start..word.start + leading + cut.end;
            self.piece(text, rest.start..cut.start, is_glued);
            is_glued = cut.is_empty();
            if !is_glued {
                self.separators.push(cut.clone());
            }
            rest.start = cut.end;
        }
        self.piece(text, rest, is_glued);
        if trailing > 0 {
            self.separators.push(end..end + trailing);
        }
    }

    fn piece(&mut self, text: &Text, at: Range<usize>, is_glued: bool) {
        let mut term = term(text, at);
        if is_glued {
            term.slips.insert(0, Slip::Glued);
        }
        self.terms.push(term);
    }
}

/// Joins what stands apart from the term that it belongs to: qualifiers with the mechanisms behind them, addresses with the
/// `ip4` and `ip6` before them.
fn join(text: &Text, terms: Vec<Term>) -> Vec<Term> {
    // By far the most records have nothing to be joined.
    if terms.iter().all(|term| term.slips.is_empty()) {
        return terms;
    }
    let mut joined: Vec<Term> = Vec::with_capacity(terms.len());
    for mut next in terms {
        match joined.last_mut() {
            Some(last) if is_qualifier_of(text, last, &next) => {
                let blanks = last.at.end..next.at.start;
                next.at.start = last.at.start;
                next.qualifier_at = last.qualifier_at.clone();
                next.qualifier = last.qualifier;
                next.slips.insert(0, Slip::QualifierApart(blanks));
                *last = next;
            }
            Some(last) if is_address_of(last, &next) => {
                let blanks = last.at.end..next.at.start;
                last.slips.retain(|slip| *slip != Slip::NoArgument);
                last.slips.push(Slip::ArgumentApart(blanks));
                last.at.end = next.at.end;
                last.argument = next.argument;
                last.lengths = next.lengths;
            }
            _ => joined.push(next),
        }
    }
    joined
}

fn is_qualifier_of(text: &Text, alone: &Term, next: &Term) -> bool {
    let is_blank = |byte: &u8| *byte == b' ';
    alone.slips == [Slip::QualifierAlone]
        && alone.qualifier_at.len() == 1
        && next.mechanism().is_some()
        && next.qualifier_at.is_empty()
        && text.get(alone.at.end..next.at.start).iter().all(is_blank)
}

fn is_address_of(term: &Term, next: &Term) -> bool {
    (term.is(Mechanism::Ip4) || term.is(Mechanism::Ip6))
        && term.has(&Slip::NoArgument)
        && term.lengths.are_none()
        && next.has(&Slip::BareAddress)
        && next.qualifier_at.is_empty()
}

/// Where one term ends and another begins inside a word: commas and semicolons, or nothing.
fn cuts(word: &[u8]) -> Vec<Range<usize>> {
    let mut cuts = Vec::new();
    if is_one_term(word) {
        return cuts;
    }
    let (mut start, mut at) = (0, 0);
    while at < word.len() {
        let rest = &word[at..];
        if rest.starts_with(b"%{") {
            at += memchr::memchr(b'}', rest).unwrap_or(1) + 1;
            continue;
        }
        let marks = rest.iter().take_while(|byte| matches!(byte, b',' | b';')).count();
        if marks > 0 {
            if begins_term(&rest[marks..]) {
                cuts.push(at..at + marks);
                start = at + marks;
            }
            at += marks;
            continue;
        }
        if is_glue(&word[start..at], rest) {
            cuts.push(at..at);
            start = at;
        }
        at += 1;
    }
    cuts
}

/// Whether a word is certainly no more than one term: no commas, and no other head than its own.
fn is_one_term(word: &[u8]) -> bool {
    let word = skip_qualifiers(word);
    let mut separators = memchr::memchr2_iter(b':', b'=', word);
    let head = separators.next().map(|end| &word[..end]);
    let is_own =
        head.is_none_or(|head| Mechanism::named(head).is_some() || !matches!(Modifier::named(head), Modifier::Other));
    let ends_in_all = || word.len() > 3 && starts_with(&word[word.len() - 3..], b"all");
    is_own && separators.next().is_none() && memchr::memchr3(b',', b';', b'%', word).is_none() && !ends_in_all()
}

/// Whether a term ends here and another begins without anything between them.
fn is_glue(before: &[u8], rest: &[u8]) -> bool {
    const HEADS: [&[u8]; 6] = [b"include:", b"ip4:", b"ip6:", b"exists:", b"redirect=", b"exp="];
    let Some(last) = before.last() else { return false };
    let is_all = matches!(rest, [b'+' | b'-' | b'~' | b'?', all @ ..] if all.eq_ignore_ascii_case(b"all"));
    if is_all {
        return !matches!(last, b':' | b'=' | b'%') && !skip_qualifiers(before).is_empty();
    }
    // Inside a run of qualifiers nothing begins, and none is looked at more than once.
    if matches!(last, b':' | b'=' | b'.' | b'/' | b'%' | b'+' | b'-' | b'~' | b'?') {
        return false;
    }
    let unqualified = skip_qualifiers(rest);
    HEADS.iter().any(|head| starts_with(unqualified, head)) && may_be_term(skip_qualifiers(before))
}

/// Whether something without a qualifier looks like a whole term.
fn may_be_term(word: &[u8]) -> bool {
    let end = memchr::memchr3(b':', b'=', b'/', word).unwrap_or(word.len());
    let has_argument = end < word.len() && end > 0;
    let is_word = Mechanism::named(&word[..end]).is_some_and(|mechanism| !mechanism.needs_argument());
    is_word || has_argument || network::is_network(word)
}

/// Whether a word begins like a term behind a comma.
fn begins_term(word: &[u8]) -> bool {
    let is_qualified = word.first().is_some_and(|byte| Qualifier::of(*byte).is_some());
    let word = skip_qualifiers(word);
    let ends = |byte: &u8| matches!(byte, b':' | b'=' | b'/' | b',' | b';');
    let len = word.iter().take(64).position(ends).unwrap_or(word.len());
    let (name, next) = (&word[..len], word.get(len));
    let is_modifier = next == Some(&b'=') && !matches!(Modifier::named(name), Modifier::Other);
    let is_mechanism = Mechanism::named(name).is_some_and(|mechanism| {
        let may_stand_alone = !mechanism.needs_argument();
        matches!(next, Some(b':')) || may_stand_alone && next != Some(&b'=')
    });
    is_mechanism || is_modifier || is_qualified && name.eq_ignore_ascii_case(b"all") || network::is_network(word)
}

/// Whether a word is a modifier that may hold any characters: not one of those that take a domain, and not a mechanism with
/// `=` in place of `:`.
fn is_free_modifier(word: &[u8]) -> bool {
    let end = memchr::memchr3(b':', b'=', b'/', word).unwrap_or(word.len());
    let name = &word[..end];
    word.get(end) == Some(&b'=')
        && is_name(name)
        && meant_by_equals(name, &word[end + 1..]).is_none()
        && !Modifier::named(name).takes_domain()
}
