//! Rules about the records that an SPF record leads to.

use crate::{
    diagnostic::Safety,
    policy::spf::{Spf, term::Qualifier},
    rule::{Findings, Rule, rule},
    rules::spf::wording::without,
    span::Span,
    spf_tree::{Branch, Step, Target, Tree},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    LOOP,
    INCLUDE_NO_RECORD,
    INCLUDE_BROKEN,
    INCLUDE_PLUS_ALL,
    INCLUDE_NEVER_MATCHES,
];

/// What happens where a term leads to an error.
const STUCK: &str = "so mail from a sender that no term before matches does not pass (permerror)";

/// Where the domain of a step is written; all of the term if that is not to be told.
fn domain_span(spf: &Spf<'_>, step: &Step<'_>) -> Option<Span> {
    let term = spf.terms.get(step.term)?;
    match term.argument.is_empty() {
        true => step.at,
        false => spf.text.span(term.argument.clone()),
    }
}

/// The includes of a record with the records that they lead to, where those have no error in their syntax and are in no loop.
fn includes<'t, 'a>(tree: &Tree<'t, 'a>) -> impl Iterator<Item = (&'t Step<'a>, &'t Branch<'a>)> {
    let tree = *tree;
    let steps = tree.branch().steps.iter().filter(|step| step.is_include);
    steps.filter_map(move |step| {
        let behind = tree.behind(step)?;
        (!behind.is_broken() && !behind.is_in_loop).then_some((step, behind))
    })
}

rule! {
    /// An SPF record that leads back to itself.
    ///
    /// A record that includes itself, directly or through others, is looked up again and again until receivers have made ten
    /// look-ups. Then they give up on the whole record. `redirect` is no better.
    ///
    /// # Bad
    /// ```zone
    /// example.com. TXT "v=spf1 mx include:example.com -all"
    /// ```
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// _a TXT "v=spf1 include:_b.example.com"
    /// _b TXT "v=spf1 include:_a.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx include:_a.example.com -all"
    /// _a TXT "v=spf1 a:example.com"
    /// ```
    /// # When to ignore
    /// Never: the term matches nobody.
    /// # Source
    /// RFC 7208, section 4.6.4
    LOOP: "spf-loop", [Error], None, SpfTree(in_loop)
}

fn in_loop(_: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    /// How many terms of the next record are looked at for where the loop goes on.
    const NEAR: usize = 100;
    let branch = tree.branch();
    for step in &branch.steps {
        let (Some(at), Some(behind)) = (step.at, tree.behind(step).filter(|behind| behind.is_in_loop)) else {
            continue;
        };
        let (what, label, help) = if std::ptr::eq(behind, branch) {
            (
                "the record that it stands in",
                "this very record",
                "take the term out: the record passes nobody more by it",
            )
        } else if tree.leads_back(branch, step) {
            (
                "the record that it stands in",
                "leads back to here",
                "take one of the terms out that form the loop",
            )
        } else {
            (
                "a record that leads back to itself",
                "leads into a loop",
                "take one of the terms out that form the loop",
            )
        };
        let mut finding = findings.report(at, format!("`{}` leads to {what}, {STUCK}", step.written), label);
        let mut nexts = behind.steps.iter().take(NEAR);
        let next = nexts.find(|next| tree.leads_back(behind, next));
        if let Some(next) = next.and_then(|next| next.at).filter(|next| *next != at) {
            finding = finding.related(next, "from there it goes on here");
        }
        finding.help(help);
    }
}

rule! {
    /// An `include` or `redirect` of a name without an SPF record.
    ///
    /// The zone of the name is in the repository and has no TXT record there that begins with `v=spf1`. Receivers then give up
    /// on the whole record, in which the term stands.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com include:_spf.example.net -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.1"
    /// ```
    /// # When to ignore
    /// When the record is added elsewhere.
    /// # Source
    /// RFC 7208, section 5.2
    /// RFC 7208, section 6.1
    INCLUDE_NO_RECORD: "spf-include-no-record", [Error], None, SpfTree(include_no_record)
}

fn include_no_record(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    for step in &tree.branch().steps {
        let (Target::NoRecord { meant }, Some(name)) = (step.target, &step.name) else {
            continue;
        };
        let Some(span) = domain_span(spf, step) else { continue };
        let mut finding = findings.report(
            span,
            format!("`{name}` has no SPF record, {STUCK}"),
            "no TXT record that begins with `v=spf1`",
        );
        if let Some(meant) = meant {
            finding = finding.related(meant, "receivers do not take this for one");
        }
        finding.help("correct the name, take the term out, or publish the record");
    }
}

rule! {
    /// An `include` or `redirect` of a record that no receiver can use.
    ///
    /// The record that it leads to has an error in its syntax, or there is more than one at its name. An error there is an
    /// error here: receivers give up on the whole record, in which the term stands.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.0/24"
    /// ```
    /// # When to ignore
    /// Never: correct the record there.
    /// # Source
    /// RFC 7208, section 5.2
    /// RFC 7208, section 6.1
    INCLUDE_BROKEN: "spf-include-broken", [Error], None, SpfTree(include_broken)
}

fn include_broken(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    for step in &tree.branch().steps {
        let (what, label, place) = match step.target {
            Target::Several { second } => ("more than one SPF record", "one more SPF record", second),
            Target::Record(_) => match tree.behind(step) {
                Some(behind) if behind.is_broken() && !behind.is_in_loop => {
                    ("an SPF record with an error", "has an error", behind.record.span)
                }
                _ => continue,
            },
            _ => continue,
        };
        let (Some(span), Some(name)) = (domain_span(spf, step), &step.name) else {
            continue;
        };
        findings
            .report(span, format!("`{name}` has {what}, {STUCK}"), "leads to an error")
            .help("correct what stands there")
            .related(place, label);
    }
}

rule! {
    /// An `include` of a record that passes everybody.
    ///
    /// A record that ends in `+all`, or in `all` without a qualifier, passes any sender. Who includes it passes any sender, too,
    /// whatever follows.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.1 all"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_spf.example.com -all"
    /// _spf TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// Never: anybody can send mail as the domain.
    /// # Source
    /// RFC 7208, section 5.2
    INCLUDE_PLUS_ALL: "spf-include-plus-all", [Error], None, SpfTree(include_plus_all)
}

fn include_plus_all(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    for (step, behind) in includes(tree) {
        let is_pass = spf
            .terms
            .get(step.term)
            .is_some_and(|term| term.qualifier == Qualifier::Pass);
        let (Some(all), true) = (behind.plus_all, is_pass) else {
            continue;
        };
        let (Some(span), Some(name)) = (domain_span(spf, step), &step.name) else {
            continue;
        };
        findings
            .report(
                span,
                format!("the record of `{name}` passes everybody, so anybody can send mail as the domain"),
                "passes everybody",
            )
            .help("write `-all` or `~all` there, or take the term out")
            .related(all, "passes everybody");
    }
}

rule! {
    /// An `include` of a record that passes nobody.
    ///
    /// An `include` matches if the record there passes the sender. One like `v=spf1 -all` never does: that it fails a sender
    /// is not taken over. The term costs a look-up and matches nobody.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_old.example.com mx -all"
    /// _old TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 include:_old.example.com mx -all"
    /// _old TXT "v=spf1 ip4:192.0.2.1"
    /// ```
    /// # When to ignore
    /// When senders will be added to the record there.
    /// # Source
    /// RFC 7208, section 5.2
    INCLUDE_NEVER_MATCHES: "spf-include-never-matches", [Warning], Unsafe, SpfTree(include_never_matches), once_a_file
}

fn include_never_matches(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    for (step, behind) in includes(tree).filter(|(_, behind)| behind.never_passes) {
        let (Some(span), Some(name)) = (domain_span(spf, step), &step.name) else {
            continue;
        };
        let edits = spf.terms.get(step.term).and_then(|term| without(spf, term));
        findings
            .report(
                span,
                format!("the record of `{name}` passes no sender, so the term costs a look-up and never matches"),
                "passes nobody",
            )
            .help("take the term out, or list the senders there")
            .related(behind.record.span, "nothing in this record passes a sender")
            .fix("take the term out", Safety::Unsafe, edits);
    }
}
