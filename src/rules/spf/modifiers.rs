//! Rules about modifiers, right in themselves, that say nothing or stand in an odd place.

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        term::{Kind, Mechanism, Modifier, Qualifier, Slip, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::{
            macros::in_skipped,
            wording::{PERMERROR, safety, span_of, without},
        },
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    DUPLICATE_MODIFIER,
    UNKNOWN_MODIFIER,
    REPORT_MODIFIER_UNUSED,
    REDIRECT_WITH_ALL,
    MODIFIER_NOT_LAST,
    EXP_UNUSED,
];

rule! {
    /// `redirect` or `exp` twice.
    ///
    /// Each of the two may stand in a record once. Receivers do not choose: the record is an error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 redirect=_spf.example.com redirect=_spf.example.net"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.com redirect=_spf.example.net"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 6
    DUPLICATE_MODIFIER: "spf-duplicate-modifier", [Error], None, Spf(duplicate_modifier)
}

fn duplicate_modifier(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for modifier in [Modifier::Redirect, Modifier::Exp] {
        let mut all = spf.terms.iter().filter(|term| term.kind == Kind::Modifier(modifier));
        let Some(first) = all.next().and_then(|first| span_of(spf, first)) else {
            continue;
        };
        for term in all {
            let Some(span) = span_of(spf, term) else { continue };
            findings
                .report(
                    span,
                    format!(
                        "{} stands in the record more than once, {PERMERROR}",
                        quoted(&spf.text, &term.name)
                    ),
                    "once more",
                )
                .help("keep one of them")
                .related(first, "the first one");
        }
    }
}

rule! {
    /// A modifier that receivers do not know.
    ///
    /// They skip what is written as `name=value` and is neither `redirect` nor `exp`, nor one of `ra`, `rp` and `rr`, which
    /// ask for reports. Mostly it is left over from an old draft, or a misspelt `redirect` that then does nothing.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all default=deny"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all ra=postmaster exp=why.example.com"
    /// ```
    /// # When to ignore
    /// When a program of your own reads it.
    /// # Source
    /// RFC 7208, section 6
    /// RFC 6652, section 5.1
    UNKNOWN_MODIFIER: "spf-unknown-modifier", [Warning], Safe, Spf(unknown_modifier)
}

fn unknown_modifier(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let mut how_safe = None;
    for term in &spf.terms {
        let is_unknown = term.kind == Kind::Modifier(Modifier::Other) && !term.has(&Slip::Equals);
        let Some(span) = span_of(spf, term).filter(|_| is_unknown) else {
            continue;
        };
        // Without a macro of explanations in it, a record that some gave up on becomes one that they use.
        let how_safe = *how_safe.get_or_insert_with(|| match in_skipped(spf).next() {
            Some(_) => Safety::Unsafe,
            None => safety(spf),
        });
        findings
            .report(
                span,
                format!(
                    "receivers know no modifier {} and skip it, so it does nothing",
                    quoted(&spf.text, &term.name)
                ),
                "skipped",
            )
            .help("remove it, or write the modifier that was meant: `redirect=` or `exp=`")
            .fix("remove the modifier", how_safe, without(spf, term));
    }
}

rule! {
    /// `rp` or `rr` without `ra`.
    ///
    /// `ra` says who gets reports about mail that fails; the other two say how many, and about which failures. Without `ra`
    /// nobody gets any.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all rp=100"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all ra=postmaster rp=100"
    /// ```
    /// # When to ignore
    /// While reports are switched off for a while.
    /// # Source
    /// RFC 6652, section 3
    REPORT_MODIFIER_UNUSED: "spf-report-modifier-unused", [Info], Safe, Spf(report_modifier_unused)
}

fn report_modifier_unused(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    if !spf.text.is_complete() || spf.modifier(Modifier::Ra).is_some() {
        return;
    }
    let mut how_safe = None;
    for term in &spf.terms {
        let is_report = matches!(term.modifier(), Some(Modifier::Rp | Modifier::Rr));
        let Some(span) = span_of(spf, term).filter(|_| is_report) else {
            continue;
        };
        let how_safe = *how_safe.get_or_insert_with(|| safety(spf));
        findings
            .report(
                span,
                format!(
                    "{} does nothing without `ra`, which says who gets the reports",
                    quoted(&spf.text, &term.name)
                ),
                "no `ra` in this record",
            )
            .help("remove it, or add `ra=` and the local part of an address in this domain")
            .fix("remove the modifier", how_safe, without(spf, term));
    }
}

rule! {
    /// `redirect` in a record with `all`.
    ///
    /// `redirect` is used where no mechanism matches. `all` matches always, wherever it stands, so nothing ever looks at the
    /// other record.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all redirect=_spf.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx redirect=_spf.example.com"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx include:_spf.example.com -all"
    /// ```
    /// # When to ignore
    /// Never: it can be removed.
    /// # Source
    /// RFC 7208, section 5.1
    /// RFC 7208, section 6.1
    REDIRECT_WITH_ALL: "spf-redirect-with-all", [Warning], Safe, Spf(redirect_with_all)
}

fn redirect_with_all(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let (Some(redirect), Some(all)) = (spf.redirect(), spf.all()) else {
        return;
    };
    let (Some(span), Some(all_at)) = (span_of(spf, redirect), span_of(spf, all)) else {
        return;
    };
    findings
        .report(
            span,
            format!(
                "{} matches every sender, so {} is never used",
                quoted(&spf.text, &all.at),
                quoted(&spf.text, &redirect.at)
            ),
            "never used",
        )
        .help("remove one of the two")
        .related(all_at, "matches every sender")
        .fix("remove `redirect`", safety(spf), without(spf, redirect));
}

rule! {
    /// `redirect` or `exp` before a mechanism.
    ///
    /// The order makes no difference to receivers: mechanisms come first in any case. It does to people, who read such a
    /// record as if everything behind `redirect` were dead.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 redirect=_spf.example.com mx"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx redirect=_spf.example.com"
    /// ```
    /// # When to ignore
    /// When the order comes from a program.
    /// # Source
    /// RFC 7208, section 6
    /// RFC 7208, section 6.1
    MODIFIER_NOT_LAST: "spf-modifier-not-last", [Info], Safe, Spf(modifier_not_last)
}

fn modifier_not_last(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let last = spf.terms.iter().rposition(|term| term.mechanism().is_some());
    let has_all = spf.all().is_some();
    let mut how_safe = None;
    for term in &spf.terms[..last.unwrap_or(0)] {
        let is_early = match term.modifier() {
            // Beside `all` it does nothing, wherever it stands.
            Some(Modifier::Redirect) => !has_all,
            Some(Modifier::Exp) => true,
            _ => false,
        };
        let Some(span) = span_of(spf, term).filter(|_| is_early) else {
            continue;
        };
        let how_safe = *how_safe.get_or_insert_with(|| safety(spf));
        findings
            .report(
                span,
                format!(
                    "{} stands before mechanisms, but is used behind all of them",
                    quoted(&spf.text, &term.at)
                ),
                "not at the end",
            )
            .help("move it to the end of the record")
            .fix("move it to the end", how_safe, at_end(spf, term));
    }
}

/// The edits that move a term to the end of the record.
fn at_end(spf: &Spf<'_>, term: &Term) -> Option<Vec<Edit>> {
    let last = spf.terms.last().filter(|_| spf.text.is_complete())?;
    let written = std::str::from_utf8(spf.text.get(term.at.clone())).ok()?;
    let mut edits = without(spf, term)?;
    edits.extend(spf.text.replace(last.at.end..last.at.end, &format!(" {written}"))?);
    Some(edits)
}

rule! {
    /// `exp` in a record that fails nobody.
    ///
    /// The text that `exp` points to is told to senders whose mail fails. Without a mechanism with `-` no mail does: `~all`
    /// gives a softfail, for which nothing is told.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx ~all exp=why.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all exp=why.example.com"
    /// ```
    /// # When to ignore
    /// While the record is on its way to `-all`.
    /// # Source
    /// RFC 7208, section 6.2
    EXP_UNUSED: "spf-exp-unused", [Info], None, Spf(exp_unused)
}

fn exp_unused(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let fails = |term: &Term| term.qualifier == Qualifier::Fail;
    let Some(exp) = spf.modifier(Modifier::Exp).filter(|_| spf.text.is_complete()) else {
        return;
    };
    let Some(span) = span_of(spf, exp).filter(|_| !spf.reached().any(fails)) else {
        return;
    };
    let label = match spf.all() {
        Some(all) if all.is(Mechanism::All) && all.qualifier == Qualifier::SoftFail => {
            "nothing is told after a softfail"
        }
        _ => "never told",
    };
    findings
        .report(
            span,
            format!(
                "no mechanism of this record has `-`, so {} is never used",
                quoted(&spf.text, &exp.at)
            ),
            label,
        )
        .help("remove it, or end the record with `-all`");
}
