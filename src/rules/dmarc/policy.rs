//! Rules about the policies of a DMARC record: `p`, `sp` and `np`.

use crate::{
    diagnostic::{Safety, Severity},
    policy::dmarc::{
        Dmarc,
        tag::{Tag, TagName},
        value::{Policy, Word},
        version::Kind,
    },
    rule::{Findings, Rule, rule},
    rules::{
        dmarc::{domains::is_parked, organization::organization_above},
        wording::quoted,
    },
    zones::Place,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MISSING_POLICY,
    POLICY_INVALID,
    POLICY_NONE,
    POLICY_NOT_REJECT,
    NONE_WITHOUT_RUA,
    MISSING_RUA,
    SUBDOMAIN_POLICY_WEAKER,
];

rule! {
    /// A DMARC record without a policy.
    ///
    /// `p` says what is to happen to mail that fails. Without it, and without a valid address in `rua`, receivers do no DMARC
    /// at all. With such an address they act as if the record said `p=none`: they report, and stop nothing. Either way the
    /// record takes the place of one at the domain above. RFC 7489 demands the tag.
    ///
    /// # Severity
    /// An error where there is no valid address in `rua` either, so that receivers do nothing by DMARC; a warning where there
    /// is one, so that they act as with `p=none`.
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; sp=reject"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: `p=none` says the same to all receivers.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.10.1
    /// RFC 7489, section 6.3
    MISSING_POLICY: "dmarc-missing-policy", [Error, Warning], Unsafe, Dmarc(missing_policy)
}

fn missing_policy(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_policy() || !dmarc.lacks(TagName::P) {
        return;
    }
    let version = &dmarc.version;
    let at = match version.kind {
        Kind::Late(index) => dmarc.tags.get(index).map_or(version.at.end, |tag| tag.at.end),
        Kind::Missing => version.at.start,
        _ => version.at.end,
    };
    let Some(span) = dmarc.text.span(at..at) else { return };
    let can_insert = version.is_first() && version.separator.is_none();
    let edits = can_insert.then(|| dmarc.text.replace(at..at, "; p=none")).flatten();
    let (severity, effect) = match dmarc.has_valid_uri(TagName::Rua) {
        Some(true) => (
            Severity::Warning,
            "receivers act as if it said `p=none`: they report, and stop no mail",
        ),
        _ => (
            Severity::Error,
            "without an address for reports either, receivers check nothing by DMARC",
        ),
    };
    findings
        .report(
            span,
            format!("DMARC record has no policy (`p`), so {effect}"),
            "`p` is missing",
        )
        .severity(severity)
        .help("add `p=none`, `p=quarantine` or `p=reject` right behind the version")
        .fix("add `p=none`", Safety::Unsafe, edits);
}

rule! {
    /// A policy in a DMARC record that is none of the three.
    ///
    /// The words are `none`, `quarantine` and `reject`. If any of `p`, `sp` and `np` is another one, receivers drop all
    /// three: they act as if the record said `p=none` if its `rua` has a valid address, and otherwise do no DMARC at all.
    /// `p=reject` stops nothing beside a misspelt `sp`. Only receivers that follow RFC 7489 are not disturbed by `np`, which
    /// they do not know.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=rejct; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; sp=; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; sp=quarantine; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver knows what is asked for.
    /// # Source
    /// RFC 9989, section 4.10.1
    /// RFC 7489, section 6.6.3
    POLICY_INVALID: "dmarc-policy-invalid", [Error], Unsafe, Dmarc(policy_invalid)
}

fn policy_invalid(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_policy() {
        return;
    }
    for name in [TagName::P, TagName::Sp, TagName::Np] {
        let (Some(tag), Some(word)) = (dmarc.tag(name), dmarc.policy(name)) else {
            continue;
        };
        let Some(span) = dmarc.text.span(tag.value.clone()).filter(|_| word.is_wrong()) else {
            continue;
        };
        let receivers = match name {
            TagName::Np => "receivers that follow RFC 9989",
            _ => "receivers",
        };
        let effect = match dmarc.has_valid_uri(TagName::Rua) {
            Some(true) => "drop the whole policy and act on `p=none`",
            Some(false) => "drop the whole record and check nothing by DMARC",
            None => "drop the whole policy",
        };
        let near = nearest(dmarc, tag).map(Policy::word);
        let (label, help) = match near {
            _ if tag.value.is_empty() => ("nothing behind the `=`", None),
            Some(near) => (
                "not one of `none`, `quarantine`, `reject`",
                Some(format!("write `{}={near}`", name.word())),
            ),
            None => ("not one of `none`, `quarantine`, `reject`", None),
        };
        let edits = near.and_then(|near| dmarc.text.replace(tag.value.clone(), near));
        findings
            .report(
                span,
                format!("{} is no policy, so {receivers} {effect}", quoted(&dmarc.text, &tag.at)),
                label,
            )
            .help(help.unwrap_or_else(|| "write `none`, `quarantine` or `reject`".to_string()))
            .fix(
                format!("replace it by `{}`", near.unwrap_or_default()),
                Safety::Unsafe,
                edits,
            );
    }
}

/// The policy that a value is a slip for: at most a third of its letters differ.
fn nearest(dmarc: &Dmarc<'_>, tag: &Tag) -> Option<Policy> {
    let written = std::str::from_utf8(dmarc.text.get(tag.value.clone())).ok()?;
    if written.len() > 20 {
        return None;
    }
    let written = written.to_ascii_lowercase();
    let is_near = |policy: &Policy| strsim::osa_distance(&written, policy.word()) * 3 <= policy.word().len();
    Policy::ALL.into_iter().find(is_near)
}

rule! {
    /// A policy that asks for nothing but reports: `p=none`.
    ///
    /// Receivers deliver mail that fails like any other. That is the right start: the reports show which of your own mail
    /// would be lost. Afterwards it protects nobody.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// While you watch the reports, or if people of the domain write to mailing lists.
    /// # Source
    /// RFC 9989, section 3.2.12
    /// RFC 9989, section 5.1.7
    POLICY_NONE: "dmarc-policy-none", [Info], None, Dmarc(policy_none), once_a_file
}

fn policy_none(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if dmarc.is_policy()
        && is_none(dmarc)
        && !does_nothing(dmarc)
        && let Some(tag) = dmarc.tag(TagName::P)
        && let Some(span) = dmarc.text.span(tag.value.clone())
    {
        findings
            .report(
                span,
                "`p=none` asks for reports alone: mail that fails DMARC is delivered like any other",
                "stops nothing",
            )
            .help("write `p=quarantine`, and later `p=reject`, when the reports show that your own mail passes");
    }
}

rule! {
    /// A DMARC policy that sends forged mail to the junk folder.
    ///
    /// `quarantine` asks receivers to treat mail that fails as suspicious, so people may still find it and trust it. Some
    /// guidelines ask for `reject`. The rule runs if it is selected, or if a preset asks for it.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; np=quarantine; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If people of the domain write to mailing lists, whose mail would be refused.
    /// # Source
    /// RFC 9989, section 4.7
    POLICY_NOT_REJECT: "dmarc-policy-not-reject", [Info], None, Dmarc(policy_not_reject), off, once_a_file
}

fn policy_not_reject(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_policy() {
        return;
    }
    for name in [TagName::P, TagName::Sp, TagName::Np] {
        if dmarc.policy(name).and_then(Word::read) == Some(Policy::Quarantine)
            && let Some(tag) = dmarc.tag(name)
            && let Some(span) = dmarc.text.span(tag.value.clone())
        {
            findings
                .report(
                    span,
                    format!(
                        "`{}=quarantine` lets forged mail through to the junk folder",
                        name.word()
                    ),
                    "does not refuse it",
                )
                .help(format!(
                    "write `{}=reject` when the reports show that your own mail passes",
                    name.word()
                ));
        }
    }
}

/// Whether the policy of the domain itself is `none`.
fn is_none(dmarc: &Dmarc<'_>) -> bool {
    dmarc.domain_policy() == Some(Policy::None)
}

/// Whether it neither stops mail nor asks for reports.
fn does_nothing(dmarc: &Dmarc<'_>) -> bool {
    let reports_nothing = dmarc.lacks(TagName::Rua) && dmarc.lacks(TagName::Ruf);
    is_none(dmarc) && reports_nothing && dmarc.enforces() == Some(false)
}

rule! {
    /// A DMARC record that neither stops mail nor asks for reports.
    ///
    /// With `p=none` and no address for reports, nothing happens: mail that fails is delivered, and nobody hears of it.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If somebody only wants to see that there is a record.
    /// # Source
    /// RFC 9989, section 3.2.12
    /// RFC 9989, section 4.7
    NONE_WITHOUT_RUA: "dmarc-none-without-rua", [Warning], None, Dmarc(none_without_rua), once_a_file
}

fn none_without_rua(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if dmarc.is_policy()
        && does_nothing(dmarc)
        && let Some(span) = dmarc.text.whole()
    {
        findings
            .report(
                span,
                "DMARC record with `p=none` and no `rua` does nothing: no mail is stopped, and no report sent",
                "no `rua`",
            )
            .help("add `rua=mailto:` and an address that somebody reads");
    }
}

rule! {
    /// A DMARC policy that stops mail, without reports.
    ///
    /// Mail that fails is lost or goes to the junk folder, and without reports nobody at the domain hears of it: neither of
    /// forged mail nor of your own. Domains that the same repository shows to send and to take no mail are left out.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If the domain sends no mail.
    /// # Source
    /// RFC 9989, section 5.1.3
    /// RFC 9989, section 8
    MISSING_RUA: "dmarc-missing-rua", [Info], None, DmarcWithin(missing_rua), once_a_file
}

fn missing_rua<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let policy = dmarc.domain_policy().filter(|policy| *policy > Policy::None);
    if dmarc.is_policy()
        && dmarc.lacks(TagName::Rua)
        && let Some(policy) = policy
        && let Some(span) = dmarc.text.whole()
        && !is_parked(dmarc, place)
    {
        findings
            .report(
                span,
                format!(
                    "DMARC record has `p={}` and no `rua`, so nobody hears which mail is stopped",
                    policy.word()
                ),
                "no `rua`",
            )
            .help("add `rua=mailto:` and an address that somebody reads");
    }
}

rule! {
    /// A policy for subdomains that is weaker than the one for the domain.
    ///
    /// Whoever forges mail then uses a subdomain: an existing one where `sp` is weaker, an invented one where `np` is. A
    /// missing `sp` stands for that of `p`, a missing `np` for that of `sp`. Receivers that follow RFC 7489 do not know `np`
    /// and use `sp` for all subdomains. In a record of a subdomain these tags do nothing, which `dmarc-sp-on-subdomain` says.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// While subdomains send mail that would fail.
    /// # Source
    /// RFC 9989, section 3.2.9
    /// RFC 9989, section 4.7
    SUBDOMAIN_POLICY_WEAKER: "dmarc-subdomain-policy-weaker", [Warning], None, DmarcWithin(subdomain_policy_weaker), once_a_file
}

fn subdomain_policy_weaker<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let has_any = dmarc.tag(TagName::Sp).is_some() || dmarc.tag(TagName::Np).is_some();
    if !has_any || !dmarc.is_policy() || organization_above(dmarc, place).is_some() {
        return;
    }
    let base_of_np = if dmarc.tag(TagName::Sp).is_some() {
        TagName::Sp
    } else {
        TagName::P
    };
    let pairs = [
        (TagName::Sp, TagName::P, dmarc.domain_policy(), "a subdomain"),
        (
            TagName::Np,
            base_of_np,
            dmarc.subdomain_policy(),
            "a subdomain that does not exist",
        ),
    ];
    for (name, base, stronger, whose) in pairs {
        let (Some(tag), Some(word), Some(stronger)) = (dmarc.tag(name), dmarc.policy(name), stronger) else {
            continue;
        };
        let (Some(weaker), Some(span)) = (word.read(), dmarc.text.span(tag.value.clone())) else {
            continue;
        };
        if weaker >= stronger {
            continue;
        }
        let effect = match weaker {
            Policy::None => "delivered",
            _ => "not refused",
        };
        let stronger = format!("`{}={}`", base.word(), stronger.word());
        findings
            .report(
                span,
                format!(
                    "`{}={}` is weaker than {stronger}: forged mail from {whose} is {effect}",
                    name.word(),
                    weaker.word()
                ),
                format!("weaker than {stronger}"),
            )
            .help(format!(
                "make it as strong as {stronger}, when the mail of subdomains passes"
            ));
    }
}
