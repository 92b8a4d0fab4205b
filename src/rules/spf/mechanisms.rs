//! Rules about mechanisms, right in themselves, that do too much or nothing.

use std::{collections::BTreeMap, net::IpAddr};

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        network::{self, Network},
        term::{Kind, Mechanism, Qualifier, Slip, Term},
        version::How,
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{safety, span_of, without},
        wording::quoted,
    },
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    TERMS_AFTER_ALL,
    MISSING_ALL,
    PLUS_ALL,
    NEUTRAL_ALL,
    PTR,
    INCLUDE_QUALIFIER,
    DUPLICATE_TERM,
];

rule! {
    /// Mechanisms behind `all`.
    ///
    /// Receivers go through a record from left to right and stop at the first match. `all` matches every sender, so nothing
    /// behind it is ever looked at: the senders that are listed there are not listed.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all include:_spf.example.net"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx include:_spf.example.net -all"
    /// @ TXT "v=spf1 mx -all exp=why.example.com"
    /// ```
    /// # When to ignore
    /// When they are switched off this way for a while, on purpose.
    /// # Source
    /// RFC 7208, section 5.1
    TERMS_AFTER_ALL: "spf-terms-after-all", [Warning], Unsafe, Spf(terms_after_all)
}

fn terms_after_all(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some(index) = spf.terms.iter().position(|term| term.is(Mechanism::All)) else {
        return;
    };
    let (all, behind) = (&spf.terms[index], &spf.terms[index + 1..]);
    let mut dead = behind.iter().filter(|term| term.mechanism().is_some());
    let Some(first) = dead.next() else { return };
    let last = dead.next_back().unwrap_or(first);
    let at = first.at.start..last.at.end;
    let (Some(span), Some(all_at)) = (spf.text.span(at.clone()), span_of(spf, all)) else {
        return;
    };
    let has_other = behind.iter().any(|term| term.is(Mechanism::All));
    let edits = (!has_other).then(|| behind_all(spf, all, last)).flatten();
    findings
        .report(
            span,
            format!(
                "{} matches every sender, so receivers never look at {}",
                quoted(&spf.text, &all.at),
                quoted(&spf.text, &at)
            ),
            "never reached",
        )
        .help("write `all` behind all other mechanisms")
        .related(all_at, "matches every sender")
        .fix("move `all` to the end", Safety::Unsafe, edits);
}

/// The edits that move `all` behind the last mechanism.
fn behind_all(spf: &Spf<'_>, all: &Term, last: &Term) -> Option<Vec<Edit>> {
    let written = std::str::from_utf8(spf.text.get(all.at.clone())).ok()?;
    let mut edits = without(spf, all)?;
    edits.extend(spf.text.replace(last.at.end..last.at.end, &format!(" {written}"))?);
    Some(edits)
}

rule! {
    /// A record that says nothing of senders that it does not list.
    ///
    /// Without `all` at the end, or `redirect`, the result for all others is `neutral`, as if there were no record. A record
    /// that is only included by others needs none; a name that begins with `_` is taken for one of these.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx ~all"
    /// www TXT "v=spf1 redirect=_spf.example.com"
    /// _spf TXT "v=spf1 ip4:192.0.2.1"
    /// ```
    /// # When to ignore
    /// When the record is only included by others, whose `all` counts.
    /// # Source
    /// RFC 7208, section 4.7
    MISSING_ALL: "spf-missing-all", [Warning], None, Spf(missing_all), once_a_file
}

fn missing_all(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let is_part = || spf.owner().first().is_none_or(|first| first.starts_with(b"_"));
    let has_end = spf.all().is_some() || spf.redirect().is_some();
    if has_end || is_part() || !spf.text.is_complete() || spf.version.how == How::SenderId {
        return;
    }
    // Its `=` is another fault.
    let is_all = |term: &Term| term.has(&Slip::Equals) && term.mechanism().is_none();
    let end = spf.terms.last().map_or(spf.version.end, |last| last.at.end);
    let Some(span) = spf.text.span(end..end).filter(|_| !spf.terms.iter().any(is_all)) else {
        return;
    };
    findings
        .report(
            span,
            "the SPF record does not end with `all` or `redirect`, so mail from all other senders is treated as without SPF",
            "no `all` before the end",
        )
        .help("end the record with `~all` or `-all`");
}

/// The first `all`, if it is certain that none stands before it, and where it is written.
fn first_all<'a>(spf: &'a Spf<'_>) -> Option<(&'a Term, Span)> {
    let first = |term: &&Term| term.is(Mechanism::All) || term.kind == Kind::Unknown;
    let all = spf.terms.iter().find(first).filter(|term| term.is(Mechanism::All))?;
    Some((all, span_of(spf, all)?))
}

rule! {
    /// A record that passes every sender.
    ///
    /// `all` matches whatever the mechanisms before it did not, and `+`, which is meant where no qualifier stands, makes it
    /// pass. Any host may then send mail as this domain, and DMARC accepts it, too: that is worse than no record at all.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx +all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx a" "ll"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// Never in a domain that receives or sends mail.
    /// # Source
    /// RFC 7208, section 5.1
    PLUS_ALL: "spf-plus-all", [Error], None, Spf(plus_all)
}

fn plus_all(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some((all, span)) = first_all(spf).filter(|(all, _)| all.qualifier == Qualifier::Pass) else {
        return;
    };
    findings
        .report(
            span,
            format!(
                "{} passes every sender, so any host may send mail as this domain",
                quoted(&spf.text, &(all.at.start..all.name.end))
            ),
            if all.qualifier_at.is_empty() {
                "without a qualifier, `+` is meant"
            } else {
                "matches all hosts and passes them"
            },
        )
        .help("end the record with `~all` or `-all`");
}

rule! {
    /// A record that ends with `?all`.
    ///
    /// `neutral` says that the domain does not know whether a sender may use it, and receivers treat such mail as without
    /// SPF. Forged mail is not told from other mail.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx ?all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx ~all"
    /// ```
    /// # When to ignore
    /// While you find out which hosts send mail for the domain.
    /// # Source
    /// RFC 7208, section 4.6.2
    /// RFC 7208, section 8.2
    NEUTRAL_ALL: "spf-neutral-all", [Warning], None, Spf(neutral_all), once_a_file
}

fn neutral_all(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some((_, span)) = first_all(spf).filter(|(all, _)| all.qualifier == Qualifier::Neutral) else {
        return;
    };
    findings
        .report(
            span,
            "`?all` says nothing of other senders, so receivers treat forged mail as without SPF",
            "neutral",
        )
        .help("end the record with `~all`, and with `-all` when all senders are listed");
}

rule! {
    /// The mechanism `ptr`.
    ///
    /// It is slow, loads the reverse zones of others, and fails where these do not answer, so that the standard says not to
    /// use it. Some receivers skip it.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ptr -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/24 a:mail.example.com -all"
    /// ```
    /// # When to ignore
    /// When addresses of the senders cannot be listed in any other way.
    /// # Source
    /// RFC 7208, section 5.5
    PTR: "spf-ptr", [Warning], None, Spf(ptr), once_a_file
}

fn ptr(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in spf.terms.iter().filter(|term| term.is(Mechanism::Ptr)) {
        let Some(span) = span_of(spf, term) else { continue };
        findings
            .report(
                span,
                "`ptr` should not be used: it is slow, and mail fails where reverse DNS does not answer",
                "depends on reverse DNS",
            )
            .help("list the senders with `ip4`, `ip6` or `a`");
    }
}

rule! {
    /// `include` with a qualifier.
    ///
    /// `include` matches senders that the other record passes, whatever that record says of others. `-include` therefore
    /// fails those whom the other record passes, and says nothing of those whom it fails; `?include` gives up what it says.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 -include:_spf.example.net mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 +include:_spf.example.net mx -all"
    /// ```
    /// # When to ignore
    /// When that is meant: senders of the other domain are to fail, or not to count.
    /// # Source
    /// RFC 7208, section 5.2
    INCLUDE_QUALIFIER: "spf-include-qualifier", [Info], None, Spf(include_qualifier), once_a_file
}

fn include_qualifier(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in &spf.terms {
        let is_qualified = term.is(Mechanism::Include) && term.qualifier != Qualifier::Pass;
        let Some(span) = spf.text.span(term.qualifier_at.clone()).filter(|_| is_qualified) else {
            continue;
        };
        let (result, domain) = (term.qualifier.result(), quoted(&spf.text, &term.argument));
        findings
            .report(
                span,
                format!("senders that {domain} passes get `{result}` here, and those that it fails are not matched"),
                "not a pass",
            )
            .help("write `include:` without a qualifier, unless that is meant");
    }
}

rule! {
    /// A mechanism that stands there twice.
    ///
    /// The first one decides: what it matches never gets to the second. Where both have the same qualifier that one only
    /// costs, and counts as a look-up; where they differ, it does not do what it says.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net include:_SPF.example.net -all"
    /// ```
    /// ```zone
    /// example.com. TXT "v=spf1 a a:example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 a a:www.example.com a/24 -all"
    /// ```
    /// # When to ignore
    /// Never: the second can be removed.
    /// # Source
    /// RFC 7208, section 4.6.2
    DUPLICATE_TERM: "spf-duplicate-term", [Warning], Safe, Spf(duplicate_term)
}

fn duplicate_term(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let mut seen: BTreeMap<Key, &Term> = BTreeMap::new();
    let mut how_safe = None;
    // An address of the one family may stand in a mechanism for the other; else only those of one kind match the same.
    let mut repeated = vec![Mechanism::Ip4, Mechanism::Ip6];
    repeated.extend(Mechanism::ALL.into_iter().filter(|mechanism| {
        let mut same = spf.reached().filter(|term| term.is(*mechanism));
        same.nth(1).is_some()
    }));
    let may_repeat = |term: &&Term| term.mechanism().is_some_and(|own| repeated.contains(&own));
    for term in spf.reached().filter(may_repeat) {
        let Some(key) = key(spf, term) else { continue };
        let first = *seen.entry(key).or_insert(term);
        if first.at == term.at {
            continue;
        }
        let (Some(span), Some(first_at)) = (span_of(spf, term), span_of(spf, first)) else {
            continue;
        };
        let how_safe = *how_safe.get_or_insert_with(|| safety(spf));
        let written = quoted(&spf.text, &term.at);
        let (message, label) = if first.qualifier == term.qualifier {
            (
                format!("{written} stands in the record already, so it changes nothing"),
                "once more",
            )
        } else {
            (
                format!("{written} is never reached: the same senders are matched before, with another qualifier"),
                "never reached",
            )
        };
        findings
            .report(span, message, label)
            .help("remove it")
            .related(first_at, "the first one")
            .fix("remove the second one", how_safe, without(spf, term));
    }
}

/// What a mechanism matches; equal for two that match the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Network(IpAddr, u32),
    Domain(&'static str, Vec<u8>, u32, u32),
}

/// `None` for `all`, and for what is malformed.
fn key(spf: &Spf<'_>, term: &Term) -> Option<Key> {
    let mechanism = term.mechanism()?;
    if term.has(&Slip::Equals) || term.has(&Slip::NoArgument) {
        return None;
    }
    match mechanism {
        Mechanism::All => None,
        Mechanism::Ip4 | Mechanism::Ip6 => {
            let address = network::address(term.argument(&spf.text))?;
            let max = if address.is_ipv4() { 32 } else { 128 };
            let network = Network::new(address, term.lengths.only(max)?)?;
            Some(Key::Network(network.first(), network.prefix))
        }
        _ => {
            let name = spf.target(term).map(|name| name.to_string().to_ascii_lowercase());
            // With macros it may be equal by what is written alone.
            let written = || term.separator.map(|_| term.argument(&spf.text).to_vec());
            let domain = name.map(String::into_bytes).or_else(written)?;
            let lengths = term
                .lengths
                .are_dual()
                .then_some((term.lengths.v4()?, term.lengths.v6()?))?;
            Some(Key::Domain(mechanism.name(), domain, lengths.0, lengths.1))
        }
    }
}
