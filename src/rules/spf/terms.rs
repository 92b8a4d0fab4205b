//! Rules about terms that are neither a mechanism nor a modifier, or are written like the other of the two.

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        term::{Kind, Mechanism, Slip, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{PERMERROR, span_of},
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    UNKNOWN_MECHANISM,
    BARE_ADDRESS,
    MECHANISM_EQUALS,
    MODIFIER_COLON,
    ALL_ARGUMENT,
    MISSING_ARGUMENT,
];

rule! {
    /// A term that is no mechanism.
    ///
    /// There are eight mechanisms: `all`, `include`, `a`, `mx`, `ptr`, `ip4`, `ip6` and `exists`. A misspelt one, or a host
    /// name by itself, is an error of the whole record, wherever it stands. Only what is written as `name=value` may be
    /// unknown to receivers.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ipv4:192.0.2.1 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mail.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 a:mail.example.com -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.6
    /// RFC 7208, section 12
    UNKNOWN_MECHANISM: "spf-unknown-mechanism", [Error], Unsafe, Spf(unknown_mechanism)
}

fn unknown_mechanism(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in spf.terms.iter().filter(|term| term.has(&Slip::Name)) {
        // What is not ASCII is a fault of its own.
        let is_ascii = term.name(&spf.text).is_ascii();
        let Some(span) = span_of(spf, term).filter(|_| is_ascii) else {
            continue;
        };
        let meant = term.mechanism().map(Mechanism::name);
        let is_host = term.separator.is_none() && term.name(&spf.text).contains(&b'.');
        let (label, help) = match meant {
            Some(meant) => ("not a mechanism", format!("write `{meant}`")),
            None if is_host => (
                "a name without a mechanism",
                "write `a:` before the name of a host, `include:` before that of an SPF record".to_string(),
            ),
            None => (
                "not a mechanism",
                "use `all`, `include`, `a`, `mx`, `ip4`, `ip6` or `exists`".to_string(),
            ),
        };
        let edits = meant.and_then(|meant| spf.text.replace(term.name.clone(), meant));
        findings
            .report(
                span,
                format!("{} is no mechanism of SPF, {PERMERROR}", quoted(&spf.text, &term.name)),
                label,
            )
            .help(help)
            .fix(format!("write `{}`", meant.unwrap_or_default()), Safety::Unsafe, edits);
    }
}

rule! {
    /// An address without a mechanism.
    ///
    /// An address or a network is listed with `ip4:` or `ip6:` before it. By itself it is a term that nobody knows, and the
    /// record an error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 192.0.2.1 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 2001:db8::/32 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 5.6
    BARE_ADDRESS: "spf-bare-address", [Error], Unsafe, Spf(bare_address)
}

fn bare_address(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in spf.terms.iter().filter(|term| term.has(&Slip::BareAddress)) {
        let (Some(span), Some(mechanism)) = (span_of(spf, term), term.mechanism()) else {
            continue;
        };
        let name = mechanism.name();
        let start = term.argument.start;
        findings
            .report(
                span,
                format!(
                    "{} stands there without `{name}:` before it, {PERMERROR}",
                    quoted(&spf.text, &(start..term.at.end))
                ),
                "an address without a mechanism",
            )
            .help(format!("write `{name}:` before it"))
            .fix(
                format!("write `{name}:` before the address"),
                Safety::Unsafe,
                spf.text.replace(start..start, &format!("{name}:")),
            );
    }
}

rule! {
    /// A mechanism with `=` in place of `:`.
    ///
    /// What is written as `name=value` is a modifier, and receivers skip those that they do not know. They say nothing, but
    /// the senders that `include=` or `ip4=` was to list are not listed: their mail fails.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include=_spf.example.net -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip4=192.0.2.1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// Never: it can be removed as well.
    /// # Source
    /// RFC 7208, section 4.6.1
    /// RFC 7208, section 6
    MECHANISM_EQUALS: "spf-mechanism-equals", [Error], Unsafe, Spf(mechanism_equals)
}

fn mechanism_equals(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in spf.terms.iter().filter(|term| term.has(&Slip::Equals)) {
        let Some(equals) = term.separator.map(|at| at..at + 1) else {
            continue;
        };
        let Some(span) = spf.text.span(equals.clone()) else {
            continue;
        };
        let written = quoted(&spf.text, &term.at);
        let message = if !term.qualifier_at.is_empty() {
            format!("{written} is no mechanism because of its `=`, and a modifier takes no qualifier, {PERMERROR}")
        } else if term.mechanism().is_some() {
            format!("receivers skip {written} because of its `=`: it lists no sender, and their mail fails")
        } else {
            format!("receivers skip {written} because of its `=`: the record says nothing of all other senders")
        };
        // The name may be one that only other systems know, such as `ipv4`.
        let edits = term.mechanism().and_then(|meant| {
            spf.text
                .replace(term.name.start..equals.end, &format!("{}:", meant.name()))
        });
        findings
            .report(span, message, "a mechanism has `:` here")
            .help("write `:` behind a mechanism")
            .fix("write `:` in place of `=`", Safety::Unsafe, edits);
    }
}

rule! {
    /// `redirect` or `exp` with `:` in place of `=`.
    ///
    /// These two are modifiers and are written with `=`. With `:` they are mechanisms that do not exist, and the record is an
    /// error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 redirect:_spf.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 redirect=_spf.example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.6.1
    /// RFC 7208, section 6
    MODIFIER_COLON: "spf-modifier-colon", [Error], Unsafe, Spf(modifier_colon)
}

fn modifier_colon(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in spf.terms.iter().filter(|term| term.has(&Slip::Colon)) {
        let Some(colon) = term.separator.map(|at| at..at + 1) else {
            continue;
        };
        let Some(span) = spf.text.span(colon.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "{} is a modifier and is written with `=`, {PERMERROR}",
                    quoted(&spf.text, &term.name)
                ),
                "a modifier has `=` here",
            )
            .help("write `=` behind a modifier")
            .fix(
                "write `=` in place of `:`",
                Safety::Unsafe,
                spf.text.replace(colon, "="),
            );
    }
}

rule! {
    /// Something behind `all`.
    ///
    /// `all` takes no argument, and no dot ends a record. With anything behind it, it is a term that nobody knows, and the
    /// record an error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all."
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx -all:example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 5.1
    ALL_ARGUMENT: "spf-all-argument", [Error], Unsafe, Spf(all_argument)
}

fn all_argument(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in &spf.terms {
        let argument = term.slips.iter().find_map(|slip| match slip {
            Slip::AllArgument(at) => Some(at),
            _ => None,
        });
        let Some(argument) = argument else { continue };
        let Some(span) = spf.text.span(argument.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "{} stands behind `all`, which takes nothing, {PERMERROR}",
                    quoted(&spf.text, argument)
                ),
                "may not stand here",
            )
            .help("end the term with `all`")
            .fix(
                "remove what stands behind `all`",
                Safety::Unsafe,
                spf.text.replace(argument.clone(), ""),
            );
    }
}

rule! {
    /// A mechanism or modifier without the argument that it needs.
    ///
    /// `include`, `exists`, `ip4` and `ip6` are followed by `:` and an argument, without a blank; `redirect` and `exp` by `=`
    /// and a domain. Behind `a`, `mx` and `ptr` the domain may be left out, but then the `:` is, too.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include: _spf.example.net -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip4 192.0.2.1 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 a: -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 a include:_spf.example.net ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 5.2
    /// RFC 7208, section 5.6
    /// RFC 7208, section 6
    MISSING_ARGUMENT: "spf-missing-argument", [Error], Unsafe, Spf(missing_argument)
}

fn missing_argument(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for (index, term) in spf.terms.iter().enumerate() {
        let apart = term.slips.iter().find_map(|slip| match slip {
            Slip::ArgumentApart(blanks) => Some(blanks),
            _ => None,
        });
        let (at, edits) = if let Some(blanks) = apart {
            (term.at.start..blanks.start, joined(spf, term, blanks.start, blanks.end))
        } else if term.has(&Slip::NoArgument) {
            let next = spf.terms.get(index + 1).filter(|next| is_argument(spf, next));
            let edits = next.and_then(|next| joined(spf, term, term.at.end, next.at.start));
            (term.at.clone(), edits)
        } else {
            continue;
        };
        let Some(span) = spf.text.span(at) else { continue };
        let (what, help) = match term.kind {
            Kind::Mechanism(Mechanism::Ip4 | Mechanism::Ip6) => {
                ("an address", "write `:` and the address right behind it")
            }
            Kind::Mechanism(Mechanism::A | Mechanism::Mx | Mechanism::Ptr) => {
                ("a domain", "remove the `:`, or write a domain right behind it")
            }
            Kind::Modifier(_) => ("a domain", "write a domain right behind the `=`"),
            _ => ("a domain", "write `:` and the domain right behind it"),
        };
        findings
            .report(
                span,
                format!("{} lacks {what}, {PERMERROR}", quoted(&spf.text, &term.name)),
                format!("{what} is missing"),
            )
            .help(help)
            .fix("join it with the next term", Safety::Unsafe, edits);
    }
}

/// Whether a term is nothing but an argument.
fn is_argument(spf: &Spf<'_>, term: &Term) -> bool {
    let is_name = |name: &[u8]| name.contains(&b'.') && !name.contains(&b':') && !name.contains(&b'=');
    term.kind == Kind::Malformed && term.slips == [Slip::Name] && is_name(term.name(&spf.text))
}

/// The edits that join a term with what stands behind the blanks.
fn joined(spf: &Spf<'_>, term: &Term, start: usize, end: usize) -> Option<Vec<Edit>> {
    let separator = if term.separator.is_some() { "" } else { ":" };
    spf.text.replace(start..end, separator)
}
