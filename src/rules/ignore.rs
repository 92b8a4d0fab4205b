//! Rules about the orders in comments to leave out findings.

use crate::{
    diagnostic::Safety,
    ignore::Form,
    rule::{Findings, Ignored, Rule, rule},
    rules::nearest,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MALFORMED, UNKNOWN_RULE, UNUSED, WITHOUT_REASON, WITHOUT_RULE];

rule! {
    /// An order to ignore findings that cannot be read.
    ///
    /// An order in a comment is `maillint: ignore[rule]`, with more rules or families behind commas, and then the reason. What
    /// is written otherwise is not followed, and the findings stay.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com" ; maillint: disable[dmarc-none-without-rua] until spring
    /// ```
    /// # Good
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// Never: nothing comes of the order.
    /// # Source
    /// An order of maillint's own.
    MALFORMED: "ignore-malformed", [Warning], None, Ignore(malformed)
}

fn malformed(ignored: &Ignored<'_>, findings: &mut Findings<'_>) {
    let ignore = ignored.ignore;
    let (span, message, label) = match ignore.form {
        Form::OtherWord(span) => (
            span,
            format!(
                "`{}` is not an order of maillint, so nothing is ignored",
                findings.shown(span)
            ),
            "not `ignore`",
        ),
        Form::Unclosed => (
            ignore.span,
            "the list of rules has no end, so nothing is ignored".to_string(),
            "a `]` is missing",
        ),
        Form::Whole | Form::NoNames => return,
    };
    findings
        .report(span, message, label)
        .help("write `maillint: ignore[rule] reason`, with more rules behind commas");
}

rule! {
    /// An order to ignore findings that names no rule.
    ///
    /// An order leaves out the findings of the rules and families that it names. One that names none would hide whatever
    /// comes later, so it is not followed.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com" ; maillint: ignore
    /// ```
    /// # Good
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// Never: nothing comes of the order.
    /// # Source
    /// An order of maillint's own.
    WITHOUT_RULE: "ignore-without-rule", [Warning], None, Ignore(without_rule)
}

fn without_rule(ignored: &Ignored<'_>, findings: &mut Findings<'_>) {
    if ignored.ignore.form == Form::NoNames {
        findings
            .report(
                ignored.ignore.span,
                "this names no rule, so nothing is ignored",
                "which rule?",
            )
            .help("write `maillint: ignore[rule] reason`, with the name that stands in brackets behind the finding");
    }
}

rule! {
    /// An order to ignore findings of a rule that there is not.
    ///
    /// The name is no rule and no family of maillint, so nothing is left out by it.
    ///
    /// # Bad
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-ruaa] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// When the rule is one of a later version that others use.
    /// # Source
    /// An order of maillint's own.
    UNKNOWN_RULE: "ignore-unknown-rule", [Warning], Unsafe, Ignore(unknown_rule)
}

fn unknown_rule(ignored: &Ignored<'_>, findings: &mut Findings<'_>) {
    for named in &ignored.ignore.names {
        if super::is_known(&named.name) {
            continue;
        }
        let near = nearest(&named.name);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`maillint rules` lists all rules".to_string(),
        };
        let edits = near.map(|near| {
            vec![Edit {
                span: named.span,
                new: near.to_string(),
            }]
        });
        findings
            .report(
                named.span,
                format!("there is no rule `{}`, so nothing is ignored", named.name),
                "no rule, and no family",
            )
            .help(help)
            .fix(format!("write `{}`", near.unwrap_or_default()), Safety::Unsafe, edits);
    }
}

rule! {
    /// An order to ignore findings that are not there any more.
    ///
    /// The rule that the comment names finds nothing at this record. An order that is left behind hides the next fault that
    /// comes to its place.
    ///
    /// # Bad
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// When the file is made by a program that puts the order at every record.
    /// # Source
    /// An order of maillint's own.
    UNUSED: "ignore-unused", [Warning], None, Ignore(unused)
}

fn unused(ignored: &Ignored<'_>, findings: &mut Findings<'_>) {
    for (named, is_used) in ignored.ignore.names.iter().zip(ignored.used) {
        if *is_used {
            continue;
        }
        // What did not run would perhaps find something.
        let mut named_rules = super::named_by(&named.name).peekable();
        let did_run = |rule: &&Rule| {
            ignored.ran.iter().any(|other| other.id == rule.id) || !rule.on_by_default && rule.id != named.name
        };
        if named_rules.peek().is_some() && named_rules.all(|rule| did_run(&rule)) {
            findings
                .report(
                    named.span,
                    format!("`{}` finds nothing here, so there is nothing to ignore", named.name),
                    "not needed",
                )
                .help("take it out");
        }
    }
}

rule! {
    /// An order to ignore findings that does not say why.
    ///
    /// Whoever meets the record later does not know whether the finding was judged or only silenced, and whether the reason still
    /// holds.
    ///
    /// # Bad
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua]
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// ; maillint: ignore[dmarc-none-without-rua] reports are not wanted yet
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// When reasons are kept elsewhere.
    /// # Source
    /// An order of maillint's own.
    WITHOUT_REASON: "ignore-without-reason", [Info], None, Ignore(without_reason)
}

fn without_reason(ignored: &Ignored<'_>, findings: &mut Findings<'_>) {
    let ignore = ignored.ignore;
    if ignore.form == Form::Whole && !ignore.has_reason {
        findings
            .report(
                ignore.span,
                "this does not say why the findings are ignored",
                "no reason",
            )
            .help("write the reason behind the bracket");
    }
}
