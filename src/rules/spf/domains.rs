//! Rules about the domains that terms name.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    name::{LABEL_MAX, NAME_MAX},
    policy::spf::{
        Spf,
        domain::{self, Domain, EXPLANATION_LETTERS},
        network,
        term::{Kind, Mechanism, Modifier, Slip, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{spf::wording::outcome, wording::quoted},
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[IP_AS_DOMAIN, DOMAIN_SYNTAX, DOMAIN_UNRESOLVABLE, TRAILING_DOT];

/// The domains that terms are written with, but not those that receivers skip since `=` stands before them.
fn domains<'s>(spf: &'s Spf<'_>) -> impl Iterator<Item = (&'s Term, Domain)> {
    let terms = spf.terms.iter().filter(|term| !term.has(&Slip::Equals));
    terms.filter_map(|term| Some((term, spf.domain(term)?)))
}

/// What a term is called, between backticks.
pub(super) fn named(term: &Term) -> String {
    let name = match term.kind {
        Kind::Mechanism(mechanism) => mechanism.name(),
        Kind::Modifier(Modifier::Redirect) => "redirect",
        Kind::Modifier(Modifier::Exp) => "exp",
        _ => "the term",
    };
    format!("`{name}`")
}

rule! {
    /// An address where a domain should stand.
    ///
    /// `a`, `mx`, `include` and the like look up a name. An address is none: its last label is a number, or it has no dot at
    /// all, which is an error, and no mail passes. Addresses are listed with `ip4` and `ip6`.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 a:192.0.2.1 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 include:2001:db8::1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver can use the record.
    /// # Source
    /// RFC 7208, section 7.1
    IP_AS_DOMAIN: "spf-ip-as-domain", [Error], Unsafe, Spf(ip_as_domain)
}

fn ip_as_domain(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for (term, domain) in domains(spf) {
        let Some(address) = network::address(text.get(domain.at.clone())) else {
            continue;
        };
        let Some(span) = text.span(domain.at.clone()) else {
            continue;
        };
        let mechanism = if address.is_ipv4() { "ip4" } else { "ip6" };
        let lists_senders = term.mechanism().is_some_and(|it| it != Mechanism::Exists);
        // Of two prefix lengths, one is for the other family.
        let is_single = term.lengths.second.is_none() && term.lengths.rest.is_empty();
        let edits = (lists_senders && is_single)
            .then(|| text.replace(term.name.start..domain.at.start, &format!("{mechanism}:")))
            .flatten();
        let help = if lists_senders {
            format!("write `{mechanism}:` before the address")
        } else {
            format!("name a domain; an address is listed with `{mechanism}:`")
        };
        findings
            .report(
                span,
                format!("{} takes a domain and not an address, {}", named(term), outcome(spf)),
                "an address",
            )
            .help(help)
            .fix(format!("list the address with `{mechanism}`"), Safety::Unsafe, edits);
    }
}

/// What of the grammar a domain breaks; `None` if it breaks nothing, or other rules tell. Macros have rules of their own.
fn broken_end(spf: &Spf<'_>, domain: &Domain) -> Option<(Range<usize>, &'static str)> {
    let bytes = spf.text.get(domain.at.clone());
    let has_wrong_macro =
        domain.broken().next().is_some() || domain.macros().any(|found| EXPLANATION_LETTERS.contains(&found.letter));
    if has_wrong_macro || !bytes.is_ascii() || domain.is_valid(&spf.text) || network::address(bytes).is_some() {
        return None;
    }
    let tail = domain.tail();
    let end = tail.end - usize::from(spf.text.get(tail.clone()).ends_with(b"."));
    let written = spf.text.get(tail.start..end);
    let Some(dot) = memchr::memrchr(b'.', written) else {
        let label = if tail.start > domain.at.start {
            "behind the last macro a dot and a name must follow, or nothing"
        } else {
            "a name without a dot"
        };
        return Some((domain.at.clone(), label));
    };
    let last = &written[dot + 1..];
    let has_port = memchr::memchr(b':', last).is_some_and(|colon| last[colon + 1..].iter().all(u8::is_ascii_digit));
    let label = match last {
        [] => "nothing between the dots at the end",
        _ if last.iter().all(u8::is_ascii_digit) => "the last part of the name is a number",
        _ if has_port => "no port can follow the name",
        _ => "the last part of the name has more than letters, digits and inner hyphens",
    };
    Some((domain.at.clone(), label))
}

rule! {
    /// A domain that breaks the grammar.
    ///
    /// Behind `a:`, `include:` and the like stands a whole name with at least one dot, whose last part has a letter. SPF knows
    /// no search list: `mailhost` alone is no domain. A port, or a number at the end, is an error, and no mail passes.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 a:mailhost -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 a:mail.example.com:25 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 a:mailhost.example.com exists:%{i}._spf.%{d} -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver can use the record.
    /// # Source
    /// RFC 7208, section 7.1
    DOMAIN_SYNTAX: "spf-domain-syntax", [Error], None, Spf(domain_syntax)
}

fn domain_syntax(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for (_, domain) in domains(spf) {
        let Some((at, label)) = broken_end(spf, &domain) else {
            continue;
        };
        let Some(span) = spf.text.span(at) else { continue };
        findings
            .report(
                span,
                format!("{} is not a domain, {}", quoted(&spf.text, &domain.at), outcome(spf)),
                label,
            )
            .help("write the whole name, such as `mail.example.com`");
    }
}

/// Why a domain that keeps to the grammar is no name that can be looked up.
enum Unresolvable {
    /// It is a URL; the range is what stands before the host.
    Url(Range<usize>),
    /// It is a mail address; the range is what stands before the domain, the `@` included.
    Mail(Range<usize>),
    NonAscii,
    /// It has a `:` or `/`.
    Mark,
    /// It has other characters that DNS can carry, but names of hosts do not have.
    Unusual,
    /// Its first label is `*`.
    Star,
    EmptyLabel,
    LongLabel,
    LongName,
}

fn unresolvable(spf: &Spf<'_>, domain: &Domain) -> Option<Unresolvable> {
    let at = domain.at.start;
    let bytes = spf.text.get(domain.at.clone());
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if let Some(odd) = bytes.iter().position(|byte| !is_name(byte)) {
        let rest = &bytes[odd..];
        return Some(match rest[0] {
            _ if !bytes.is_ascii() => Unresolvable::NonAscii,
            b':' if rest.starts_with(b"://") => Unresolvable::Url(at..at + odd + 3),
            b'@' => Unresolvable::Mail(at..at + odd + 1),
            b':' | b'/' => Unresolvable::Mark,
            b'*' if odd == 0 && rest[1..].starts_with(b".") && rest[1..].iter().all(is_name) => Unresolvable::Star,
            _ => Unresolvable::Unusual,
        });
    }
    let name = bytes.strip_suffix(b".").unwrap_or(bytes);
    let mut labels = name.split(|byte| *byte == b'.');
    if labels.clone().any(<[u8]>::is_empty) {
        Some(Unresolvable::EmptyLabel)
    } else if labels.any(|label| label.len() > LABEL_MAX) {
        Some(Unresolvable::LongLabel)
    } else {
        // On the wire, a length before the first label and the root come on top.
        (name.len() + 2 > NAME_MAX).then_some(Unresolvable::LongName)
    }
}

rule! {
    /// A domain that cannot be looked up.
    ///
    /// The grammar of SPF lets almost any character stand in a domain, but a URL, a mail address or a name with an empty or
    /// too long label is none that DNS has. What receivers then do is not laid down: some take the term for one that does not
    /// match, others give up on the whole record. It passes nobody. A `*` does not stand for other names; it asks for the
    /// wildcard record itself. That, and other characters that names of hosts do not have, are a warning.
    ///
    /// # Severity
    /// An error for what DNS can have no name for; a warning for a `*`, and for characters that names of hosts do not have.
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:https://spf.example.net -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 include:postmaster@example.net -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 a:mail..example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net a:mail.example.com -all"
    /// ```
    /// # When to ignore
    /// Never: the term passes nobody.
    /// # Source
    /// RFC 7208, section 4.3
    /// RFC 7208, section 4.8
    DOMAIN_UNRESOLVABLE: "spf-domain-unresolvable", [Error, Warning], Unsafe, Spf(domain_unresolvable)
}

fn domain_unresolvable(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for (term, domain) in domains(spf) {
        let is_address = || network::address(text.get(domain.at.clone())).is_some();
        if !domain.is_literal() || broken_end(spf, &domain).is_some() || is_address() {
            continue;
        }
        let Some(why) = unresolvable(spf, &domain) else {
            continue;
        };
        let Some(span) = text.span(domain.at.clone()) else {
            continue;
        };
        let shown = quoted(text, &domain.at);
        let (severity, message) = match why {
            Unresolvable::Star => (
                Severity::Warning,
                format!("{shown} does not stand for the names below the domain: receivers ask for the `*` itself"),
            ),
            Unresolvable::Unusual => (
                Severity::Warning,
                format!("{shown} has characters that hosts do not have in their names: not all receivers look it up"),
            ),
            _ => (
                Severity::Error,
                format!(
                    "nothing has the name {shown}, so the term passes nobody, and some receivers give up on the record"
                ),
            ),
        };
        let (label, help) = why.words();
        let (title, edits) = match &why {
            Unresolvable::Url(before) => ("write the name alone", url_fix(spf, term, &domain, before)),
            Unresolvable::Mail(before) => ("write the domain alone", text.replace(before.clone(), "")),
            _ => ("", None),
        };
        findings
            .report(span, message, label)
            .severity(severity)
            .help(help)
            .fix(title, Safety::Unsafe, edits);
    }
}

impl Unresolvable {
    /// What stands there, and what to do.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Unresolvable::Url(_) => ("a URL", "write the name of the host alone"),
            Unresolvable::Mail(_) => ("a mail address", "write the domain alone"),
            Unresolvable::NonAscii => ("not in ASCII", "write it in the form that begins with `xn--`"),
            Unresolvable::Mark => ("a `:` or `/` in a name", "write the name alone"),
            Unresolvable::Unusual => (
                "more than letters, digits, hyphens and underscores",
                "write a name of letters, digits, hyphens and underscores",
            ),
            Unresolvable::Star => ("only the wildcard record itself", "list the names one by one"),
            Unresolvable::EmptyLabel => ("two dots without anything between them", "write one dot"),
            Unresolvable::LongLabel => ("a part of it is longer than 63 characters", "correct the name"),
            Unresolvable::LongName => ("longer than 253 characters", "correct the name"),
        }
    }
}

/// Takes a URL apart: what stands before the host goes, and a path without anything in it.
fn url_fix(spf: &Spf<'_>, term: &Term, domain: &Domain, before: &Range<usize>) -> Option<Vec<Edit>> {
    let host = spf.text.get(before.end..domain.at.end);
    if !domain::is_domain_spec(host) || host.contains(&b'/') || host.contains(&b':') {
        return None;
    }
    let mut edits = spf.text.replace(before.clone(), "")?;
    if !term.lengths.are_none() {
        edits.extend(spf.text.replace(term.lengths.at.clone(), "")?);
    }
    Some(edits)
}

rule! {
    /// A domain with a final dot.
    ///
    /// Names in SPF are always whole, and a final dot says nothing. Receivers accept it, but it should not be published: some
    /// compare names as they are written.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net. -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net -all"
    /// ```
    /// # When to ignore
    /// When the record is generated and the dot cannot be left out.
    /// # Source
    /// RFC 7208, section 7.3
    TRAILING_DOT: "spf-trailing-dot", [Info], Safe, Spf(trailing_dot), once_a_file
}

fn trailing_dot(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for (_, domain) in domains(spf) {
        let bytes = text.get(domain.at.clone());
        if !bytes.ends_with(b".")
            || !domain.is_valid(text)
            || domain.is_literal() && unresolvable(spf, &domain).is_some()
        {
            continue;
        }
        let dot = domain.at.end - 1..domain.at.end;
        let Some(span) = text.span(dot.clone()) else { continue };
        findings
            .report(
                span,
                format!(
                    "{} ends with a dot, which some receivers do not expect",
                    quoted(text, &domain.at)
                ),
                "says nothing here",
            )
            .help("leave the dot out: names in SPF are always whole")
            .fix("leave the dot out", Safety::Safe, text.replace(dot, ""));
    }
}
