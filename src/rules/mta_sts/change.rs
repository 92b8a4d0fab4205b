//! Rules about what changed in the MTA-STS of a domain since another revision (RFC 8461, sections 3.1, 8.1 and 8.3).

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::sts_file::{
        Meaning, StsFile, mx,
        value::{Known, Mode},
    },
    record::{Data, Record, Scan},
    rule::{Findings, Rule, rule},
    span::Span,
    sts::{Change, Said, SaidId, SaidPolicy, Sts, StsPolicy, StsRecord},
    zones::Policy,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[NOT_BUMPED, CHANGED_ALONE, REUSED, REMOVED];

/// The policy of today, if it is one that senders can read.
fn policy_now<'a>(sts: &Sts<'a>) -> Option<(Policy<'a>, &'a Meaning)> {
    match sts.policy {
        StsPolicy::Here(policy) => Some((policy, policy.meaning()?)),
        _ => None,
    }
}

rule! {
    /// A policy that changed while the `id` in its record stayed.
    ///
    /// Senders keep a policy until it expires, and fetch it anew only when the `id` in the record is another. With the old
    /// `id` they go on with the old policy for up to `max_age`: with `mode: enforce`, mail to a host that the old policy does
    /// not list is not delivered. Seen with `--base` only; blanks, order and unknown fields do not count as a change.
    ///
    /// # Severity
    /// An error if the old policy was enforced and does not list a host that takes mail now; else a warning. Info where the
    /// record is not in the repository, so that it is not known whether its `id` changes, too.
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.example.com/mta-sts.txt (before) <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240103T0405"
    /// ==> zones/example.com.zone (before) <==
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.example.com/mta-sts.txt (before) <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// If something else changes the `id` when the policy is published.
    /// # Source
    /// RFC 8461, section 3.1
    /// RFC 8461, section 8.1
    NOT_BUMPED: "mta-sts-id-not-bumped", [Error, Warning, Info], Safe, StsChange(not_bumped)
}

fn not_bumped<'a>(change: &Change<'a>, findings: &mut Findings<'a>) {
    let sts = change.now;
    let Some((policy, now)) = policy_now(sts) else { return };
    let before = match &change.before.policy {
        SaidPolicy::Is(before) if before != now => Some(before),
        // Senders may have noted for this `id` that there is no policy.
        SaidPolicy::Malformed => None,
        _ => return,
    };
    let file = policy.read();
    let changed = file.span(changed_line(&file, before));
    let Some(id) = sts.id() else {
        let is_elsewhere = matches!(sts.record, StsRecord::Unknown) && change.before.id == SaidId::Unknown;
        if is_elsewhere && change.zones.everywhere(&sts.domain.below("_mta-sts")).is_empty() {
            findings
                .report(
                    changed,
                    format!(
                        "the policy changed, and the record at `{}` is kept elsewhere: without a new `id` there, senders go on \
                         with the old policy",
                        sts.domain.below("_mta-sts")
                    ),
                    "changed",
                )
                .severity(Severity::Info)
                .help("change the `id` in the record once the new policy is published");
        }
        return;
    };
    if change.before.id != SaidId::Is(id.bytes().to_vec()) {
        return;
    }
    let Some(at) = id.span() else { return };
    let lost = before.and_then(|before| lost_host(before, now, sts));
    let (severity, effect) = match &lost {
        Some(host) => (
            Severity::Error,
            format!("senders go on with the old policy, which does not list `{host}`, and deliver no mail there"),
        ),
        None => (
            Severity::Warning,
            "senders go on with the old policy until it expires".to_string(),
        ),
    };
    let fresh = change.fresh_id().filter(|fresh| fresh.as_bytes() != id.bytes());
    let edits = fresh.as_ref().and_then(|fresh| id.replace(fresh));
    findings.about_in(id.record, id.node.scan);
    findings
        .report(
            at,
            format!(
                "the policy of `{}` changed and its `id` did not, so {effect}",
                sts.domain
            ),
            "the same as before",
        )
        .severity(severity)
        .help("write another `id`, and publish the policy before the record")
        .related(changed, "changed")
        .fix(
            format!("write `{}`", fresh.as_deref().unwrap_or_default()),
            Safety::Safe,
            edits,
        );
}

/// A host that takes mail now, that the new policy lists, and that the old one keeps senders from.
fn lost_host(before: &Meaning, now: &Meaning, sts: &Sts<'_>) -> Option<Name> {
    let lists = |meaning: &Meaning, host: &Name| {
        let host = host.to_string();
        meaning.mx.iter().any(|pattern| mx::matches(pattern, host.as_bytes()))
    };
    let exchanges = sts.exchanges().filter(|_| before.mode == Mode::Enforce)?;
    let mut hosts = exchanges.known.iter().map(|(_, mx)| &mx.host.name);
    hosts.find(|host| lists(now, host) && !lists(before, host)).cloned()
}

/// Where the policy differs from an older one: a value, or the mode where nothing that differs is left.
fn changed_line(file: &StsFile<'_>, before: Option<&Meaning>) -> Range<usize> {
    let value = |known| file.first(known).map(|(_, field)| field.value.clone());
    let changed = before.and_then(|before| {
        if file.mode() != Some(before.mode) {
            return value(Known::Mode);
        }
        if file.max_age() != Some(before.max_age) {
            return value(Known::MaxAge);
        }
        let mut hosts = file.patterns();
        let new = hosts.find(|mx| !before.mx.contains(&mx.bytes.to_ascii_lowercase()));
        new.map(|mx| mx.field.value.clone())
    });
    changed.or_else(|| value(Known::Mode)).unwrap_or(0..0)
}

rule! {
    /// A new `id` for a policy that did not change.
    ///
    /// All senders fetch the policy anew and find the one that they have. That does no harm; it may be that the change of the
    /// policy was forgotten. Seen with `--base` only.
    ///
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// _mta-sts TXT "v=STSv1; id=20240103T0405"
    /// ==> zones/example.com.zone (before) <==
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// _mta-sts 3600 TXT "v=STSv1; id=20240102T0304;"
    /// ==> zones/example.com.zone (before) <==
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the policy is to be fetched anew because an older change of it went without a new `id`.
    /// # Source
    /// RFC 8461, section 3.1
    CHANGED_ALONE: "mta-sts-id-changed-alone", [Info], None, StsChange(changed_alone)
}

fn changed_alone<'a>(change: &Change<'a>, findings: &mut Findings<'a>) {
    let is_same = |now: &Meaning| matches!(&change.before.policy, SaidPolicy::Is(before) if before == now);
    let Some((policy, _)) = policy_now(change.now).filter(|(_, now)| is_same(now)) else {
        return;
    };
    let Some((id, at)) = change.new_id().and_then(|id| id.span().map(|at| (id, at))) else {
        return;
    };
    findings.about_in(id.record, id.node.scan);
    findings
        .report(
            at,
            format!(
                "the `id` of `{}` changed and its policy did not, so all senders fetch the policy that they have",
                change.now.domain
            ),
            "new",
        )
        .help("nothing has to be done, unless the policy was to change, too")
        .related(policy.read().first_line(), "means the same as before");
}

rule! {
    /// An `id` that stood with another policy before.
    ///
    /// A sender that still has the policy from then, or has seen the `id` and not the ones between, takes its policy for the
    /// current one and does not fetch the new one. Seen with `--base` only, in the last 200 commits that changed the record's
    /// file or the policy.
    ///
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// _mta-sts TXT "v=STSv1; id=1"
    /// ==> zones/example.com.zone (before) <==
    /// _mta-sts TXT "v=STSv1; id=2"
    /// ==> zones/example.com.zone (earlier) <==
    /// _mta-sts TXT "v=STSv1; id=1"
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.example.com/mta-sts.txt (earlier) <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// _mta-sts TXT "v=STSv1; id=3"
    /// ==> zones/example.com.zone (before) <==
    /// _mta-sts TXT "v=STSv1; id=2"
    /// ==> zones/example.com.zone (earlier) <==
    /// _mta-sts TXT "v=STSv1; id=1"
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.example.com/mta-sts.txt (earlier) <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the other policy was never published.
    /// # Source
    /// RFC 8461, section 3.1
    REUSED: "mta-sts-id-reused", [Warning], Unsafe, StsChange(reused)
}

fn reused<'a>(change: &Change<'a>, findings: &mut Findings<'a>) {
    let (Some((_, now)), Some(id)) = (policy_now(change.now), change.new_id()) else {
        return;
    };
    let Some(at) = id.span() else { return };
    let stood_with_another = |said: &Said| {
        let is_id = said.id == SaidId::Is(id.bytes().to_vec());
        is_id && matches!(&said.policy, SaidPolicy::Is(policy) if policy != now)
    };
    if !change.earlier(findings.sources()).iter().any(stood_with_another) {
        return;
    }
    let fresh = change.fresh_id().filter(|fresh| fresh.as_bytes() != id.bytes());
    let edits = fresh.as_ref().and_then(|fresh| id.replace(fresh));
    findings.about_in(id.record, id.node.scan);
    findings
        .report(
            at,
            format!(
                "`{}` had this `id` with another policy before, so senders that still know that one do not fetch the new one",
                change.now.domain
            ),
            "used before",
        )
        .help("write an `id` that was never used, such as the time of the change")
        .fix(
            format!("write `{}`", fresh.as_deref().unwrap_or_default()),
            Safety::Unsafe,
            edits,
        );
}

rule! {
    /// MTA-STS that was removed without `mode: none` before.
    ///
    /// Senders keep the last policy until it expires, whatever becomes of the record and the file. With `mode: enforce` they
    /// go on to deliver to the hosts in it alone, for up to `max_age` since they last saw it, and nothing tells them
    /// otherwise any more. A policy with `mode: none` and a new `id` frees them; both are removed when the old policy has
    /// expired everywhere. Seen with `--base` only.
    ///
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// ==> zones/example.com.zone (before) <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/mta-sts.txt (before) <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// ==> zones/example.com.zone (before) <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/mta-sts.txt (before) <==
    /// version: STSv1
    /// mode: none
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// If the policy goes on somewhere else.
    /// # Source
    /// RFC 8461, section 8.3
    REMOVED: "mta-sts-removed-without-none", [Warning], None, StsChange(removed)
}

fn removed<'a>(change: &Change<'a>, findings: &mut Findings<'a>) {
    let sts = change.now;
    let SaidPolicy::Is(before) = &change.before.policy else {
        return;
    };
    if before.mode == Mode::None || change.before.id == SaidId::Absent {
        return;
    }
    let is_policy_gone = matches!(sts.policy, StsPolicy::NotHere) && !is_moved(before, change);
    let is_record_gone = matches!(sts.record, StsRecord::Absent);
    let what = match (is_policy_gone, is_record_gone) {
        (true, true) => "the policy and the record are",
        (true, false) => "the policy is",
        (false, true) => "the record is",
        (false, false) => return,
    };
    let Some((place, label)) = place(sts, findings) else {
        return;
    };
    let effect = match before.mode {
        Mode::Enforce => "deliver to the hosts in it alone",
        _ => "go by it",
    };
    findings
        .report(
            place,
            format!(
                "{what} gone from `{}` without `mode: none` before, so senders keep the old policy for up to {} seconds and \
                 {effect}",
                sts.domain, before.max_age
            ),
            label,
        )
        .help(
            "first publish the policy with `mode: none`, a small `max_age` and a new `id`; remove both when the old policy has \
             expired everywhere",
        );
}

/// Whether a policy that says the same is in the repository, and only nothing tells its domain any more.
fn is_moved(before: &Meaning, change: &Change<'_>) -> bool {
    let mut strays = change.zones.policies().filter(|policy| policy.domains().is_empty());
    strays.any(|policy| policy.meaning() == Some(before))
}

/// What is left to point at: the record, the first record of the domain, or the policy.
fn place<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) -> Option<(Span, &'static str)> {
    if let Some((record, scan)) = sts.announced {
        findings.about_in(record, scan);
        return Some((record.span, "its policy is gone"));
    }
    if let Some((record, scan)) = first_record(sts) {
        findings.about_in(record, scan);
        return Some((record.span, "the domain had MTA-STS"));
    }
    match sts.policy {
        StsPolicy::Here(policy) => Some((policy.read().first_line(), "its record is gone")),
        _ => None,
    }
}

/// The SOA record of a domain, or another one.
fn first_record<'a>(sts: &Sts<'a>) -> Option<(&'a Record, &'a Scan)> {
    let node = sts.node()?;
    let soa = node.records().find(|record| matches!(record.data, Data::Soa(_)));
    Some((soa.or_else(|| node.records().next())?, node.scan))
}
