//! Rules about `t`, with which a DMARC policy is only tested.

use crate::{
    policy::dmarc::{
        Dmarc,
        tag::{Tag, TagName},
        value::{Policy, Word},
    },
    rule::{Findings, Rule, rule},
    rules::dmarc::{
        tags::span_of,
        wording::{removal, without},
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[TEST_MODE, TEST_MODE_NOOP];

/// The `t` of a policy that is tested.
fn test<'d>(dmarc: &'d Dmarc<'_>) -> Option<&'d Tag> {
    let is_test = dmarc.is_policy() && dmarc.test().and_then(Word::read) == Some(true);
    dmarc.tag(TagName::T).filter(|_| is_test)
}

rule! {
    /// A policy that is only tested: `t=y`.
    ///
    /// Receivers that follow RFC 9989 apply `p`, `sp` and `np` one level lower: `reject` as `quarantine`, `quarantine` as
    /// `none`. Those that follow RFC 7489 do not know `t` and apply the policy in full.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; t=y; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// While the test goes on, and mail that older receivers refuse is no loss.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section A.6
    TEST_MODE: "dmarc-test-mode", [Warning], None, Dmarc(test_mode), once_a_file
}

fn test_mode(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let Some(tag) = test(dmarc) else { return };
    let stated = [TagName::P, TagName::Sp, TagName::Np]
        .into_iter()
        .filter_map(|name| Some((name, dmarc.policy(name)?.read()?)));
    let Some((name, policy)) = stated.into_iter().find(|(_, policy)| *policy > Policy::None) else {
        return;
    };
    let Some(span) = span_of(dmarc, tag) else { return };
    let name = name.word();
    let lower = match policy {
        Policy::Reject => Policy::Quarantine,
        _ => Policy::None,
    };
    let others = match name {
        "np" => "others know neither tag".to_string(),
        _ => format!("others apply `{name}={}` in full", policy.word()),
    };
    findings
        .report(
            span,
            format!(
                "`t=y`: receivers that follow RFC 9989 treat `{name}={}` as `{name}={}`, {others}",
                policy.word(),
                lower.word()
            ),
            "only a test",
        )
        .help("when the test is over, remove `t`; to be treated alike everywhere, write the weaker policy and no `t`");
}

rule! {
    /// A test of a policy that stops nothing.
    ///
    /// `t=y` makes receivers apply a policy one level lower, and nothing is lower than `none`.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; t=y; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; sp=reject; t=y; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: the tag does nothing.
    /// # Source
    /// RFC 9989, section 4.7
    TEST_MODE_NOOP: "dmarc-test-mode-noop", [Info], Safe, Dmarc(test_mode_noop), once_a_file
}

fn test_mode_noop(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let Some(tag) = test(dmarc) else { return };
    let is_broken = [TagName::P, TagName::Sp, TagName::Np]
        .into_iter()
        .any(|name| dmarc.policy(name).is_some_and(|word| word.is_wrong()));
    let stops_nothing = dmarc.domain_policy() == Some(Policy::None) && dmarc.enforces() == Some(false);
    if stops_nothing
        && !is_broken
        && let Some(span) = span_of(dmarc, tag)
    {
        findings
            .report(
                span,
                "`t=y` does nothing here: the policy stops no mail anyway",
                "nothing to test",
            )
            .help("remove it")
            .fix("remove `t`", removal(dmarc, tag), without(dmarc, tag));
    }
}
