//! Rules about the records that an SPF record refers to, where they are in the repository (RFC 7208, sections 5.2, 6.1, 6.2).

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::spf::{
        Spf,
        domain::{self, EXPLANATION_LETTERS},
        term::{Mechanism, Modifier, Qualifier, Term},
    },
    rule::{Findings, Rule, rule},
    rules::spf::{
        tree::{Referred, referred, refers, with_tree},
        wording::{span_of, without},
    },
    span::Span,
    zones::{Answer, Place, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    INCLUDE_NO_RECORD,
    INCLUDE_BROKEN,
    INCLUDE_PLUS_ALL,
    INCLUDE_NEVER_MATCHES,
    EXP_MISSING,
];

/// A term that refers to a record, where its name is written, and that name. None that leads back to the record itself.
fn references<'s>(spf: &'s Spf<'_>) -> impl Iterator<Item = (&'s Term, Span, Name)> {
    let is_evaluated = spf.is_selected() && !spf.type99;
    let terms = spf.lookups().filter(move |term| is_evaluated && refers(term));
    terms.filter_map(|term| {
        let span = spf.text.span(term.argument.clone())?;
        let target = spf.target(term).filter(|target| target != spf.owner)?;
        Some((term, span, target))
    })
}

rule! {
    /// `include` or `redirect` of a name without an SPF record.
    ///
    /// The name is in a zone of this repository, and there is no SPF record at it. Receivers give up on the whole record: SPF
    /// fails for all mail of the domain that nothing before matched.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// Never: publish the record first.
    /// # Source
    /// RFC 7208, section 5.2
    /// RFC 7208, section 6.1
    INCLUDE_NO_RECORD: "spf-include-no-record", [Error], None, SpfWithin(include_no_record)
}

fn include_no_record<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    for (_, span, target) in references(spf) {
        if matches!(referred(&place.node, &target), Referred::None) {
            findings
                .report(
                    span,
                    format!(
                        "there is no SPF record at `{target}`, so receivers give up on the whole record (permerror)"
                    ),
                    "no SPF record there",
                )
                .help(format!("publish one at `{target}`, or remove the term"));
        }
    }
}

rule! {
    /// `include` or `redirect` of a record that receivers give up on.
    ///
    /// The record there has an error in its syntax, or there is more than one. Receivers then give up on this record, too.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.256 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.255 -all"
    /// ```
    /// # When to ignore
    /// Never: mend the other record.
    /// # Source
    /// RFC 7208, section 5.2
    /// RFC 7208, section 6.1
    INCLUDE_BROKEN: "spf-include-broken", [Error], None, SpfWithin(include_broken)
}

fn include_broken<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    for (_, span, target) in references(spf) {
        let (why, at) = match referred(&place.node, &target) {
            Referred::Several => ("more than one SPF record stands there", None),
            Referred::One(_, record) if with_tree(record, |inner| inner.has_syntax_error()) == Some(true) => {
                ("the record there has an error", Some(record.span))
            }
            _ => continue,
        };
        let finding = findings
            .report(
                span,
                format!("receivers give up on the record at `{target}`, and so on this one (permerror): {why}"),
                why,
            )
            .help(format!("mend what stands at `{target}`"));
        if let Some(at) = at {
            finding.related(at, "this record");
        }
    }
}

rule! {
    /// `include` of a record that passes every sender.
    ///
    /// The record there ends in `+all`, or in `all` without a qualifier. An `include` matches whatever the other record passes,
    /// so any host may send mail as this domain.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.1 all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// Never, in a domain that sends mail.
    /// # Source
    /// RFC 7208, section 5.2
    INCLUDE_PLUS_ALL: "spf-include-plus-all", [Error], None, SpfWithin(include_plus_all)
}

fn include_plus_all<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    for (term, span, target) in references(spf) {
        let Referred::One(_, record) = referred(&place.node, &target) else {
            continue;
        };
        let passes = |inner: &Spf<'_>| {
            let all = inner.all().filter(|all| all.qualifier == Qualifier::Pass)?;
            span_of(inner, all).filter(|_| !inner.has_syntax_error())
        };
        if term.is(Mechanism::Include)
            && let Some(Some(all)) = with_tree(record, passes)
        {
            findings
                .report(
                    span,
                    format!("the record at `{target}` passes every sender, so any host may send mail as this domain"),
                    "passes everybody",
                )
                .help("end the other record with `-all` or `~all`")
                .related(all, "matches every host and passes it");
        }
    }
}

rule! {
    /// `include` of a record that passes nobody.
    ///
    /// An `include` matches only what the other record passes. That one has no mechanism that does, so the term costs a look-up
    /// and does nothing: a `fail` of the other record is "no match" here.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_old.example.com ip4:192.0.2.1 -all"
    /// _old TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_old.example.com -all"
    /// _old TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// If senders are to be listed there again soon.
    /// # Source
    /// RFC 7208, section 5.2
    INCLUDE_NEVER_MATCHES: "spf-include-never-matches", [Warning], Unsafe, SpfWithin(include_never_matches)
}

fn include_never_matches<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    for (term, span, target) in references(spf) {
        let Referred::One(_, record) = referred(&place.node, &target) else {
            continue;
        };
        let passes_nobody = |inner: &Spf<'_>| {
            let mut reached = inner.reached();
            let is_known = inner.text.is_complete() && !inner.has_syntax_error();
            is_known && inner.redirect().is_none() && !reached.any(|term| term.qualifier == Qualifier::Pass)
        };
        if term.is(Mechanism::Include) && with_tree(record, passes_nobody) == Some(true) {
            findings
                .report(
                    span,
                    format!("the record at `{target}` passes nobody, so this `include` never matches"),
                    "passes nobody",
                )
                .help("remove the term")
                .related(record.span, "this record")
                .fix("remove it", Safety::Unsafe, without(spf, term));
        }
    }
}

rule! {
    /// `exp` of a name without a text that receivers can use.
    ///
    /// `exp` names a TXT record whose text tells senders why their mail was refused. There has to be exactly one, in ASCII and
    /// with macros that are right; otherwise receivers leave the explanation out without a word.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 ip4:192.0.2.1 -all exp=why.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 ip4:192.0.2.1 -all exp=why.example.com"
    /// why TXT "%{i} may not send mail as %{d}"
    /// ```
    /// # When to ignore
    /// If nobody is to read it: then `exp` can go.
    /// # Source
    /// RFC 7208, section 6.2
    EXP_MISSING: "spf-exp-missing", [Warning], None, SpfWithin(exp_missing)
}

fn exp_missing<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let Some(term) = spf.modifier(Modifier::Exp).filter(|_| spf.is_selected() && !spf.type99) else {
        return;
    };
    let (Some(span), Some(target)) = (span_of(spf, term), spf.target(term)) else {
        return;
    };
    let why = match place.node.ask(&target, Wanted::Txt) {
        Answer::Unknown => None,
        Answer::Absent => Some("no TXT record there"),
        Answer::Found(node) => {
            let mut texts = node
                .records()
                .filter(|record| !record.many)
                .filter_map(|record| record.txt());
            match (texts.next(), texts.next()) {
                (Some(_), Some(_)) => Some("more than one TXT record there"),
                (Some(txt), None) if !txt.text.bytes().is_ascii() => Some("the text there is not ASCII"),
                (Some(txt), None) => {
                    let read = domain::read(&txt.text, 0..txt.text.len());
                    let is_wrong = |broken: &domain::Broken| {
                        let letter = txt.text.get(broken.at.clone()).get(2).map(u8::to_ascii_lowercase);
                        !letter.is_some_and(|letter| EXPLANATION_LETTERS.contains(&letter))
                    };
                    let is_broken = read.broken().any(is_wrong);
                    (is_broken && txt.text.is_complete()).then_some("a macro in the text there is wrong")
                }
                (None, _) => None,
            }
        }
    };
    if let Some(why) = why {
        findings
            .report(
                span,
                format!("{why}, so receivers leave the explanation out that `{target}` is to give"),
                why,
            )
            .help(format!("publish one TXT record at `{target}`, or remove `exp`"));
    }
}
