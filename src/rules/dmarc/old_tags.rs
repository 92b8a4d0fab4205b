//! Rules about tags of a DMARC record that RFC 7489 had and RFC 9989 has not, and about the order that it asked for.

use crate::{
    diagnostic::Safety,
    policy::dmarc::{
        Dmarc,
        tag::{Shape, Tag, TagName},
        value::{self, Word},
        version::Kind,
    },
    rule::{Findings, Rule, rule},
    rules::{
        dmarc::{
            tags::span_of,
            wording::{removal, without},
        },
        wording::quoted,
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[REMOVED_TAG, PCT_PARTIAL, POLICY_NOT_SECOND];

/// The removed tags that count, and have a value.
fn removed<'d>(dmarc: &'d Dmarc<'_>) -> impl Iterator<Item = (TagName, &'d Tag)> {
    let counted = dmarc
        .tags
        .iter()
        .filter(|tag| tag.counts() && tag.shape == Shape::Right);
    counted.filter_map(|tag| Some((tag.name.filter(|name| name.is_removed())?, tag)))
}

rule! {
    /// A tag that DMARC no longer has: `pct`, `rf` or `ri`.
    ///
    /// RFC 9989 removed these tags, and receivers that follow it ignore them. Those that follow RFC 7489 still read them, but
    /// nothing changes where they hold the old default: `pct=100`, `rf=afrf`, `ri=86400`. A `pct` from 0 to 99 has a rule of
    /// its own.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; pct=100; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; pct=50%; ri=3600; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If something that you use still asks for the tag.
    /// # Source
    /// RFC 9989, section 9.3
    /// RFC 9989, section C.5.2
    REMOVED_TAG: "dmarc-removed-tag", [Warning], Safe, Dmarc(removed_tag), once_a_file
}

fn removed_tag(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for (name, tag) in removed(dmarc) {
        let is_share = name == TagName::Pct && dmarc.is_policy();
        let (is_default, effect) = match (name, value::number(&dmarc.text, tag, u32::MAX)) {
            (TagName::Pct, Word::Unknown) => continue,
            (TagName::Pct, Word::Right(share)) if share < 100 && is_share => continue,
            (TagName::Pct, Word::Right(100)) => (true, "receivers apply the policy to all mail anyway"),
            (TagName::Pct, _) => (false, "no receiver reads it"),
            (TagName::Ri, word) => (word == Word::Right(86400), "receivers send reports once a day"),
            _ => {
                let is_default = tag.is_known && dmarc.text.get(tag.value.clone()).eq_ignore_ascii_case(b"afrf");
                (is_default, "there is one format of reports")
            }
        };
        let Some(span) = span_of(dmarc, tag) else { continue };
        let safety = if is_default {
            removal(dmarc, tag)
        } else {
            Safety::Unsafe
        };
        let written = quoted(&dmarc.text, &tag.at);
        findings
            .report(
                span,
                format!("RFC 9989 removed `{}`: {effect}", name.word()),
                "a tag that is no longer defined",
            )
            .help(format!("remove {written}"))
            .fix(format!("remove {written}"), safety, without(dmarc, tag));
    }
}

rule! {
    /// A policy for a share of the mail: `pct` from 0 to 99.
    ///
    /// RFC 9989 removed `pct`. Receivers that follow RFC 7489 apply the policy to that share of the mail that fails, and
    /// treat the rest as the next weaker policy says; receivers that follow RFC 9989 apply it to all of it. So the same mail
    /// is treated differently from one receiver to the next. In place of `pct=0` there is `t=y`.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=quarantine; pct=25; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// While you want receivers of the old kind to go easy, and know that the new kind does not.
    /// # Source
    /// RFC 9989, section A.6
    /// RFC 9989, section C.5.2
    /// RFC 7489, section 6.3
    PCT_PARTIAL: "dmarc-pct-partial", [Warning], Unsafe, Dmarc(pct_partial)
}

fn pct_partial(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_policy() {
        return;
    }
    for (_, tag) in removed(dmarc).filter(|(name, _)| *name == TagName::Pct) {
        let (Word::Right(share @ 0..100), Some(span)) = (value::number(&dmarc.text, tag, 100), span_of(dmarc, tag))
        else {
            continue;
        };
        let is_void = dmarc.enforces() == Some(false);
        let (message, help) = if is_void {
            (
                format!("`pct={share}` does nothing beside `p=none`, and receivers that follow RFC 9989 never read it"),
                "remove it",
            )
        } else {
            (
                format!(
                    "`pct={share}` is read by receivers that follow RFC 7489 alone: the others apply the policy to all mail \
                     that fails"
                ),
                match share {
                    0 => "write `t=y` in its place, or a weaker policy",
                    _ => "remove it, or write a weaker policy",
                },
            )
        };
        let (title, edits) = replacement(dmarc, tag, share, is_void);
        findings
            .report(span, message, "a tag that is no longer defined")
            .help(help)
            .fix(title, Safety::Unsafe, edits);
    }
}

/// What comes nearest to the share that a policy is for.
fn replacement(dmarc: &Dmarc<'_>, tag: &Tag, share: u32, is_void: bool) -> (&'static str, Option<Vec<Edit>>) {
    if share == 0 && !is_void {
        let has_no_test = dmarc.lacks(TagName::T);
        let edits = || dmarc.text.replace(tag.at.clone(), "t=y");
        return ("write `t=y` in its place", has_no_test.then(edits).flatten());
    }
    ("remove it", without(dmarc, tag))
}

rule! {
    /// A policy that is not the tag behind the version.
    ///
    /// RFC 9989 leaves the order of tags free. RFC 7489 wanted `p` right behind `v=DMARC1`, and receivers that hold to it
    /// pass over a record with another tag there.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; rua=mailto:dmarc@example.com; p=reject"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If you care for receivers that follow RFC 9989 alone.
    /// # Source
    /// RFC 7489, section 6.3
    /// RFC 7489, section 6.4
    /// RFC 9989, section 4.8
    POLICY_NOT_SECOND: "dmarc-policy-not-second", [Warning], Safe, Dmarc(policy_not_second), once_a_file
}

fn policy_not_second(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let version = &dmarc.version;
    let is_fine = version.kind == Kind::Right && version.separator.is_none() && version.leading.is_empty();
    // A tag that stands there again is a fault of its own.
    let is_readable =
        |tag: &&Tag| matches!(tag.shape, Shape::Right | Shape::NoValue) && tag.counts() && tag.name != Some(TagName::V);
    let mut readable = dmarc.tags.iter().filter(is_readable);
    let (Some(first), Some(tag)) = (readable.next(), dmarc.tag(TagName::P).filter(is_readable)) else {
        return;
    };
    if !is_fine || !dmarc.is_policy() || first.whole.start >= tag.whole.start {
        return;
    }
    let Some(span) = span_of(dmarc, tag) else { return };
    let edits = || {
        let policy = std::str::from_utf8(dmarc.text.get(tag.at.clone())).ok()?;
        let start = first.at.start;
        let mut edits = dmarc.text.replace(start..start, &format!("{policy}; "))?;
        edits.extend(without(dmarc, tag)?);
        Some(edits)
    };
    findings
        .report(
            span,
            format!(
                "receivers that hold to RFC 7489 want {} right behind `v=DMARC1`, and pass over the record",
                quoted(&dmarc.text, &tag.at)
            ),
            "behind another tag",
        )
        .help("move it behind the version")
        .fix("move it behind the version", Safety::Safe, edits());
}
