//! Rules about networks that lie in others of the same record.

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        overlap::{self, How, Overlap},
        term::Term,
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{safety, span_of, without},
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[REDUNDANT_NETWORK, SHADOWED_NETWORK];

/// The terms with the inner and the outer network.
fn terms<'s>(spf: &'s Spf<'_>, overlap: &Overlap) -> Option<(&'s Term, &'s Term)> {
    Some((spf.terms.get(overlap.inner)?, spf.terms.get(overlap.outer)?))
}

rule! {
    /// A network that lies in another one of the record.
    ///
    /// The larger network says the same of all its addresses, so the smaller one says nothing. It makes the record longer,
    /// and whoever takes the larger one out later is surprised by what still passes.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.7 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.7 -ip4:192.0.2.0/28 ip4:192.0.2.0/24 -all"
    /// ```
    /// # When to ignore
    /// When the two are listed for different reasons and may go at different times.
    /// # Source
    /// RFC 7208, section 4.6.2
    REDUNDANT_NETWORK: "spf-redundant-network", [Info], Safe, Spf(redundant_network)
}

fn redundant_network(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let overlaps = overlap::overlaps(spf);
    if overlaps.is_empty() {
        return;
    }
    let safety = safety(spf);
    for overlap in overlaps {
        let can_go = match overlap.how {
            How::Repeated => true,
            How::Anticipated { alone } => alone,
            How::Shadowed => continue,
        };
        let Some((inner, outer)) = terms(spf, &overlap) else {
            continue;
        };
        let (Some(span), Some(other)) = (span_of(spf, inner), span_of(spf, outer)) else {
            continue;
        };
        let edits = can_go.then(|| without(spf, inner)).flatten();
        findings
            .report(
                span,
                format!(
                    "{} lies in {}, which says the same of it",
                    quoted(&spf.text, &inner.at),
                    quoted(&spf.text, &outer.at)
                ),
                "says nothing more",
            )
            .help("leave it out")
            .related(other, "covers it")
            .fix("leave it out", safety, edits);
    }
}

rule! {
    /// A network that is never reached, since a larger one before it says something else.
    ///
    /// Receivers read the terms from the left and stop at the first that matches. All addresses of the network match the
    /// larger one before it, so what is said of them here never counts: mail passes that was to fail, or the other way round.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.7 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 -all"
    /// ```
    /// # When to ignore
    /// Never: the term does nothing, and can be removed if nothing is what it should do.
    /// # Source
    /// RFC 7208, section 4.6.2
    SHADOWED_NETWORK: "spf-shadowed-network", [Warning], Unsafe, Spf(shadowed_network)
}

fn shadowed_network(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for overlap in overlap::overlaps(spf) {
        if overlap.how != How::Shadowed {
            continue;
        }
        let Some((inner, outer)) = terms(spf, &overlap) else {
            continue;
        };
        let (Some(span), Some(other)) = (span_of(spf, inner), span_of(spf, outer)) else {
            continue;
        };
        let (shown, before) = (quoted(&spf.text, &inner.at), quoted(&spf.text, &outer.at));
        findings
            .report(
                span,
                format!(
                    "{shown} is never reached: {before} before it matches first, and the result is {}",
                    outer.qualifier.result()
                ),
                format!("was to give {}", inner.qualifier.result()),
            )
            .help(format!("write it before {before}"))
            .related(other, "matches all of these addresses first")
            .fix(
                format!("write it before {before}"),
                Safety::Unsafe,
                moved(spf, inner, outer),
            );
    }
}

/// The edits that put a term before another one that stands before it.
fn moved(spf: &Spf<'_>, term: &Term, before: &Term) -> Option<Vec<Edit>> {
    let written = std::str::from_utf8(spf.text.get(term.at.clone())).ok()?;
    let mut edits = spf
        .text
        .replace(before.at.start..before.at.start, &format!("{written} "))?;
    edits.extend(without(spf, term)?);
    Some(edits)
}
