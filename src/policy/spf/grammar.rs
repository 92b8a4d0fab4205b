//! The grammar of SPF records, to the letter (RFC 7208, section 12): whether a receiver finds an error in one.
//!
//! Knows nothing of what might have been meant.

use std::net::IpAddr;

use crate::{
    policy::spf::{
        domain::{is_domain_spec, is_macro_string},
        meaning::is_name,
        network,
        term::{Mechanism, Modifier, Qualifier},
        version,
    },
    text::Text,
};

/// Whether a record has an octet or a term that is none, or a modifier twice that may stand there once.
pub(super) fn has_error(text: &Text) -> bool {
    let bytes = text.bytes();
    if !version::is_selected(bytes) {
        return false;
    }
    if !bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return true;
    }
    let (mut redirects, mut exps) = (0, 0);
    let mut start = 6;
    while start < bytes.len() {
        let len = memchr::memchr(b' ', &bytes[start..]).unwrap_or(bytes.len() - start);
        let word = start..start + len;
        start = word.end + 1;
        if word.is_empty() || !text.is_known(word.clone()) {
            continue;
        }
        match term(&bytes[word]) {
            Some(Some(Modifier::Redirect)) => redirects += 1,
            Some(Some(Modifier::Exp)) => exps += 1,
            Some(_) => {}
            None => return true,
        }
    }
    redirects > 1 || exps > 1
}

/// Whether a word is a term, and which modifier it is if it is one; `None` if it is no term.
fn term(word: &[u8]) -> Option<Option<Modifier>> {
    let end = memchr::memchr3(b':', b'=', b'/', word).unwrap_or(word.len());
    if word.get(end) == Some(&b'=') {
        let (name, value) = (&word[..end], &word[end + 1..]);
        let modifier = Modifier::named(name);
        let is_valid = match modifier.takes_domain() {
            true => is_domain_spec(value),
            false => is_macro_string(value),
        };
        return (is_name(name) && is_valid).then_some(Some(modifier));
    }
    is_directive(word).then_some(None)
}

fn is_directive(word: &[u8]) -> bool {
    let word = match word.split_first() {
        Some((first, rest)) if Qualifier::of(*first).is_some() => rest,
        _ => word,
    };
    let end = memchr::memchr2(b':', b'/', word).unwrap_or(word.len());
    let (name, rest) = word.split_at(end);
    let argument = rest.strip_prefix(b":");
    match Mechanism::named(name) {
        None => false,
        Some(Mechanism::All) => rest.is_empty(),
        Some(Mechanism::Include | Mechanism::Exists) => argument.is_some_and(is_domain_spec),
        Some(Mechanism::Ptr) => rest.is_empty() || argument.is_some_and(is_domain_spec),
        Some(Mechanism::A | Mechanism::Mx) => match argument {
            Some(argument) => is_domain_spec(argument) || has_dual_length(argument),
            None => is_dual_length(rest),
        },
        Some(Mechanism::Ip4) => argument.is_some_and(|network| is_network(network, 32)),
        Some(Mechanism::Ip6) => argument.is_some_and(|network| is_network(network, 128)),
    }
}

/// Whether something is a domain with prefix lengths behind it.
fn has_dual_length(argument: &[u8]) -> bool {
    // At most `/32//128`.
    let far = argument.len().saturating_sub(8);
    (far..argument.len())
        .any(|at| argument[at] == b'/' && is_domain_spec(&argument[..at]) && is_dual_length(&argument[at..]))
}

fn is_dual_length(lengths: &[u8]) -> bool {
    let second = lengths
        .windows(2)
        .position(|pair| pair == b"//")
        .unwrap_or(lengths.len());
    let (first, second) = lengths.split_at(second);
    let is_length = |length: &[u8], max| length.strip_prefix(b"/").is_some_and(|digits| is_number(digits, max));
    (first.is_empty() || is_length(first, 32))
        && (second.is_empty() || is_length(second.get(1..).unwrap_or_default(), 128))
}

fn is_network(written: &[u8], max: u32) -> bool {
    let slash = memchr::memchr(b'/', written);
    let (address, length) = written.split_at(slash.unwrap_or(written.len()));
    let is_family = match network::address(address) {
        Some(IpAddr::V4(_)) => max == 32,
        Some(IpAddr::V6(_)) => max == 128,
        None => false,
    };
    is_family && (slash.is_none() || is_number(&length[1..], max))
}

/// Whether something is a number of at most `max`, without leading zeros.
fn is_number(digits: &[u8], max: u32) -> bool {
    let is_short = (1..=3).contains(&digits.len()) && (digits.len() == 1 || digits[0] != b'0');
    let value = || {
        digits.iter().try_fold(0_u32, |sum, digit| {
            let digit = digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
            Some(sum * 10 + digit)
        })
    };
    is_short && value().is_some_and(|value| value <= max)
}
