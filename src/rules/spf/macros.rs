//! Rules about macros.

use crate::{
    diagnostic::{Safety, Severity},
    policy::spf::{
        Spf,
        domain::{self, Broken, Domain, EXPLANATION_LETTERS, Macro, Why},
        term::{Kind, Modifier, Slip, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::{domains::named, wording::outcome},
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MACRO_SYNTAX, MACRO_EXP_ONLY, MACRO_P, MACRO_UNCACHEABLE];

/// The texts that may have macros in them: domains, and the values of modifiers that receivers skip.
fn with_macros(spf: &Spf<'_>) -> impl Iterator<Item = Domain> {
    spf.terms.iter().filter_map(|term| {
        let is_skipped = matches!(term.kind, Kind::Modifier(modifier) if !modifier.takes_domain());
        match is_skipped {
            true => Some(domain::read(&spf.text, term.argument.clone())),
            false => spf.domain(term),
        }
    })
}

/// The macros of domains with one of these letters. Not those of terms that receivers skip since they have `=` in place of `:`.
fn macros<'s>(spf: &'s Spf<'_>, letters: &'s [u8]) -> impl Iterator<Item = (&'s Term, Macro)> {
    let terms = spf.terms.iter().filter(|term| !term.has(&Slip::Equals));
    terms.flat_map(move |term| {
        let domain = spf.domain(term);
        let parts = domain.map(|domain| domain.parts).unwrap_or_default();
        parts.into_iter().filter_map(move |part| match part {
            domain::Part::Macro(found) if letters.contains(&found.letter) => Some((term, found)),
            _ => None,
        })
    })
}

rule! {
    /// A `%` that does not begin a macro.
    ///
    /// A macro is `%{`, a letter, perhaps a number that is not zero, perhaps an `r` and the characters to split at, and `}`. A
    /// `%` alone is written `%%`. Anything else is an error even in a modifier that receivers skip, and no mail passes.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 exists:%(ir).sbl.example.org -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 exists:%{x}.example.org -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx -all note=100%"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 exists:%{ir}.sbl.example.org exists:%{d2}.%{l1r-}.example.org -all note=100%%"
    /// ```
    /// # When to ignore
    /// Never: no receiver can use the record.
    /// # Source
    /// RFC 7208, section 7.1
    /// RFC 7208, section 7.3
    MACRO_SYNTAX: "spf-macro-syntax", [Error], Unsafe, Spf(macro_syntax)
}

fn macro_syntax(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for domain in with_macros(spf) {
        for broken in domain.broken() {
            let Some(span) = text.span(broken.at.clone()) else {
                continue;
            };
            let (label, help) = match broken.why {
                Why::Lone => ("nothing that `%` may stand before", "write `%%` for a `%`"),
                Why::Parentheses => ("not in braces", "put the letter in braces: `%{i}`"),
                Why::Unclosed => ("no `}` closes it", "close it with `}`"),
                Why::Letter => (
                    "no macro has this letter",
                    "use one of the letters s, l, o, d, i, p, h and v",
                ),
                Why::Zero => ("keeps no part of the value", "write how many parts to keep, 1 or more"),
                Why::Transformer => (
                    "behind the letter stands what cannot stand there",
                    "write a number, then `r`, then the characters to split at, each only if it is needed",
                ),
            };
            findings
                .report(
                    span,
                    format!("{} is not a macro, {}", quoted(text, &broken.at), outcome(spf)),
                    label,
                )
                .help(help)
                .fix("put it in braces", Safety::Unsafe, in_braces(spf, broken));
        }
    }
}

/// The edits that put a macro in braces, if it is one then.
fn in_braces(spf: &Spf<'_>, broken: &Broken) -> Option<Vec<Edit>> {
    if broken.why != Why::Parentheses {
        return None;
    }
    let inside = spf.text.get(broken.at.start + 2..broken.at.end - 1);
    let new = format!("%{{{}}}", std::str::from_utf8(inside).ok()?);
    domain::is_macro_string(new.as_bytes()).then(|| spf.text.replace(broken.at.clone(), &new))?
}

/// The macros for explanations alone in modifiers that receivers skip.
pub(super) fn in_skipped<'s>(spf: &'s Spf<'_>) -> impl Iterator<Item = (&'s Term, Macro)> {
    let is_skipped = |term: &&Term| {
        matches!(term.kind, Kind::Modifier(modifier) if !modifier.takes_domain()) && !term.has(&Slip::Equals)
    };
    let found = |term: &'s Term| {
        let parts = domain::read(&spf.text, term.argument.clone()).parts;
        parts.into_iter().filter_map(move |part| match part {
            domain::Part::Macro(found) if EXPLANATION_LETTERS.contains(&found.letter) => Some((term, found)),
            _ => None,
        })
    };
    spf.terms.iter().filter(is_skipped).flat_map(found)
}

rule! {
    /// A macro that only explanations may use.
    ///
    /// The letters c, r and t stand for the address in readable form, the receiver and the time. They are for the text that
    /// `exp` leads to. In a domain, the one behind `exp=` included, they are an error, and no mail passes. In a modifier that
    /// receivers do not know, some skip them with the modifier, and others give up on the record.
    ///
    /// # Severity
    /// An error in a domain; a warning in a modifier that receivers do not know.
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 exists:%{t}.example.org -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx -all note=%{c}"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 exists:%{i}.example.org -all exp=why.example.com"
    /// why TXT "%{c} is not a host that sends our mail"
    /// ```
    /// # When to ignore
    /// Never: receivers cannot use the record.
    /// # Source
    /// RFC 7208, section 6
    /// RFC 7208, section 7.2
    MACRO_EXP_ONLY: "spf-macro-exp-only", [Error, Warning], None, Spf(macro_exp_only)
}

fn macro_exp_only(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let letters = EXPLANATION_LETTERS;
    for (term, found) in macros(spf, letters) {
        let Some(span) = spf.text.span(found.at.clone()) else {
            continue;
        };
        let place = match term.kind {
            Kind::Modifier(Modifier::Exp) => "the domain behind `exp=`".to_string(),
            _ => named(term),
        };
        findings
            .report(
                span,
                format!(
                    "{} cannot stand in {place}, {}",
                    quoted(&spf.text, &found.at),
                    outcome(spf)
                ),
                "only for the text of an explanation",
            )
            .help("use `%{i}` for the address of the sender, or leave the macro out");
    }
    for (term, found) in in_skipped(spf) {
        let Some(span) = spf.text.span(found.at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "some receivers skip {} with {}, others take the macro for an error and give up on the record",
                    quoted(&spf.text, &term.name),
                    quoted(&spf.text, &found.at)
                ),
                "only for the text of an explanation",
            )
            .severity(Severity::Warning)
            .help("leave the macro out, or the modifier");
    }
}

rule! {
    /// The macro `%{p}`.
    ///
    /// It stands for the name of the sending host, which receivers find out with reverse look-ups. That is slow, often fails
    /// (then `unknown` stands there), burdens the servers of the reverse zones, and should not be used.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 exists:%{p}._spf.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 exists:%{i}._spf.example.com -all"
    /// ```
    /// # When to ignore
    /// When the answers are only counted or logged.
    /// # Source
    /// RFC 7208, section 7.2
    /// RFC 7208, section 7.3
    MACRO_P: "spf-macro-p", [Warning], None, Spf(macro_p), once_a_file
}

fn macro_p(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for (_, found) in macros(spf, b"p") {
        let Some(span) = spf.text.span(found.at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "{} needs reverse look-ups, which are slow and often fail: senders may not pass",
                    quoted(&spf.text, &found.at)
                ),
                "the name of the sending host",
            )
            .help("use `%{i}`, the address of the sending host");
    }
}

rule! {
    /// A macro that stands for another name with each message.
    ///
    /// The letters s, l, o and h stand for the sender, its parts and the name of the greeting. Receivers can then reuse
    /// neither the result nor the answers of DNS, and the servers that answer learn who writes to whom.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 exists:%{l}._spf.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 exists:%{ir}.%{v}._spf.%{d} -all"
    /// ```
    /// # When to ignore
    /// When a service hands out records by sender and asks for it.
    /// # Source
    /// RFC 7208, section 7.3
    /// RFC 7208, section 11.6
    MACRO_UNCACHEABLE: "spf-macro-uncacheable", [Info], None, Spf(macro_uncacheable), once_a_file
}

fn macro_uncacheable(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for (_, found) in macros(spf, b"sloh") {
        let Some(span) = spf.text.span(found.at.clone()) else {
            continue;
        };
        let what = match found.letter {
            b's' => "the address of the sender",
            b'l' => "what stands before the `@` of the sender",
            b'o' => "the domain of the sender",
            _ => "the name that the sending host greets with",
        };
        findings
            .report(
                span,
                format!(
                    "{} is another name for other messages, so receivers cannot reuse answers",
                    quoted(&spf.text, &found.at)
                ),
                what,
            )
            .help("use `%{i}` and `%{d}` where they do");
    }
}
