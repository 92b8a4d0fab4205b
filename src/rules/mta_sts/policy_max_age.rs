//! Rules about `max_age` of a policy file.

use std::borrow::Cow;

use crate::{
    diagnostic::{Safety, Severity},
    policy::sts_file::{
        StsFile,
        value::{self, Known, MAX_AGE_MAX, Mode},
    },
    rule::{Findings, Rule, rule},
    shown::{replacement, shown},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MAX_AGE_MISSING,
    MAX_AGE_INVALID,
    MAX_AGE_TOO_LARGE,
    MAX_AGE_ZERO,
    MAX_AGE_SHORT,
    MAX_AGE_LONG_NONE,
];

const DAY: u64 = 86_400;
const WEEK: u64 = 604_800;

rule! {
    /// A policy without `max_age`.
    ///
    /// `max_age` tells senders for how many seconds they may keep the policy. Without it, they act as if the domain had no
    /// MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: senders refuse the file.
    /// # Source
    /// RFC 8461, section 3.2
    MAX_AGE_MISSING: "mta-sts-policy-max-age-missing", [Error], Unsafe, StsFile(max_age_missing)
}

fn max_age_missing(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if file.lacks(Known::MaxAge) {
        let end = file.text.len();
        findings
            .report(
                file.span(end..end),
                "the policy has no `max_age`, so senders ignore it",
                "`max_age: ...` is missing",
            )
            .help("add `max_age: 604800`: one week")
            .fix(
                "add `max_age: 604800`",
                Safety::Unsafe,
                file.append_line("max_age: 604800"),
            );
    }
}

rule! {
    /// A `max_age` that is not a number of seconds.
    ///
    /// It is one to ten digits, without unit, separators and sign. With another value, senders find the policy malformed
    /// and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 7d
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604,800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: senders refuse the file.
    /// # Source
    /// RFC 8461, section 3.2
    MAX_AGE_INVALID: "mta-sts-policy-max-age-invalid", [Error], Unsafe, StsFile(max_age_invalid)
}

fn max_age_invalid(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let Some((at, value)) = file.invalid(Known::MaxAge) else {
        return;
    };
    let what = match value {
        b"" => "`max_age` has no value".to_string(),
        value => format!("{} is not a number of seconds", shown(value)),
    };
    let meant = value::meant_max_age(value).map(|seconds| seconds.to_string());
    let help = match &meant {
        Some(meant) => format!("write `max_age: {meant}`"),
        None => "write the seconds in one to ten digits: `max_age: 604800` is one week".to_string(),
    };
    findings
        .report(
            file.span(at.clone()),
            format!("{what}, so senders ignore the policy"),
            "not one to ten digits",
        )
        .help(help)
        .fix(
            replacement(value, meant.as_deref().unwrap_or_default()),
            Safety::Unsafe,
            meant.and_then(|meant| file.write_value(at, &meant)),
        );
}

rule! {
    /// A `max_age` over one year.
    ///
    /// The maximum is 31557600 seconds, a year. Some senders refuse the policy, some take the maximum.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 63115200
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 31557600
    /// ```
    /// # When to ignore
    /// Never: a longer time has no effect anywhere.
    /// # Source
    /// RFC 8461, section 3.2
    MAX_AGE_TOO_LARGE: "mta-sts-policy-max-age-too-large", [Error], Unsafe, StsFile(max_age_too_large)
}

fn max_age_too_large(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    advise(file, findings, |seconds, _| {
        (seconds > MAX_AGE_MAX).then_some(Advice {
            severity: Severity::Error,
            message: format!(
                "`max_age` is {seconds} seconds, over the maximum of {MAX_AGE_MAX}: some senders ignore the policy"
            ),
            label: "over one year".into(),
            better: MAX_AGE_MAX,
            help: "write `max_age: 31557600`, one year, or less".into(),
        })
    });
}

rule! {
    /// A policy that senders keep for no time.
    ///
    /// MTA-STS protects by what senders remember. With `max_age: 0` they forget the policy at once: an attacker who
    /// suppresses one answer has mail sent without TLS. Some senders refuse the value.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 0
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// mx: mail.example.com
    /// max_age: 0
    /// ```
    /// # When to ignore
    /// Never: to withdraw a policy, use `mode: none`.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 8461, section 10.2
    MAX_AGE_ZERO: "mta-sts-policy-max-age-zero", [Warning], Unsafe, StsFile(max_age_zero)
}

fn max_age_zero(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    advise(file, findings, |seconds, mode| {
        (seconds == 0 && matches!(mode, Some(Mode::Enforce | Mode::Testing))).then_some(Advice {
            severity: Severity::Warning,
            message: "`max_age` is 0, so senders forget the policy at once and it protects no mail".to_string(),
            label: "kept for no time".into(),
            better: WEEK,
            help: "write `max_age: 604800`, one week, or more".into(),
        })
    });
}

rule! {
    /// A policy that senders keep for a short time only.
    ///
    /// MTA-STS protects by what senders remember. The specification expects weeks or more; with days, who writes to the
    /// domain now and then mostly has no policy, and an attacker who suppresses one answer has mail sent without TLS.
    /// Reported for `mode: enforce` under a week, and for `mode: testing` under a day.
    ///
    /// # Severity
    /// A warning for `mode: enforce`; an info for `mode: testing`.
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// In the first days with `mode: enforce`, or while your mail moves to other hosts. `mta-sts-max-age` in `[limits]` of
    /// `maillint.toml` draws another line than a week.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 8461, section 10.2
    MAX_AGE_SHORT: "mta-sts-policy-max-age-short", [Warning, Info], Unsafe, StsFile(max_age_short)
}

fn max_age_short(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let enforced = findings.sources().limits.mta_sts_max_age;
    let least = match enforced {
        WEEK => "one week".to_string(),
        other => duration(other),
    };
    advise(file, findings, |seconds, mode| match mode {
        Some(Mode::Enforce) if (1..enforced).contains(&seconds) => Some(Advice {
            severity: Severity::Warning,
            message: format!(
                "`max_age` is {}, so senders soon forget the policy that they are to enforce",
                duration(seconds)
            ),
            label: format!("under {least}").into(),
            better: enforced,
            help: format!("write `max_age: {enforced}`, {least}, or more").into(),
        }),
        Some(Mode::Testing) if (1..DAY).contains(&seconds) => Some(Advice {
            severity: Severity::Info,
            message: format!(
                "`max_age` is {}, so many senders never report on the policy",
                duration(seconds)
            ),
            label: "under a day".into(),
            better: DAY,
            help: "write `max_age: 86400`, one day, or more".into(),
        }),
        _ => None,
    });
}

rule! {
    /// A policy of `mode: none` that senders keep for long.
    ///
    /// `mode: none` withdraws a policy. The record and the file may go when all older policies have run out, and this one,
    /// too, so a small `max_age` is enough. With a large one, a later policy may be seen late.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// mx: mail.example.com
    /// max_age: 31536000
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// If the domain has no other plans.
    /// # Source
    /// RFC 8461, section 8.3
    MAX_AGE_LONG_NONE: "mta-sts-policy-max-age-long-none", [Info], Unsafe, StsFile(max_age_long_none)
}

fn max_age_long_none(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    advise(file, findings, |seconds, mode| {
        (WEEK < seconds && seconds <= MAX_AGE_MAX && mode == Some(Mode::None)).then_some(Advice {
            severity: Severity::Info,
            message: format!(
                "`max_age` is {}, though `mode: none` withdraws the policy",
                duration(seconds)
            ),
            label: "over a week".into(),
            better: DAY,
            help: "write `max_age: 86400`: one day".into(),
        })
    });
}

/// What to say of a `max_age`.
struct Advice {
    severity: Severity,
    message: String,
    label: Cow<'static, str>,
    /// A better value.
    better: u64,
    help: Cow<'static, str>,
}

/// Reports what `judge` says of `max_age`, given the mode.
fn advise(file: &StsFile<'_>, findings: &mut Findings<'_>, judge: impl Fn(u64, Option<Mode>) -> Option<Advice>) {
    let (Some((_, field)), Some(seconds)) = (file.first(Known::MaxAge), file.max_age()) else {
        return;
    };
    // A template may have several modes in alternative branches.
    let mode = file
        .mode()
        .filter(|_| file.all(Known::Mode).count() == 1 || file.text.is_complete());
    let Some(advice) = judge(seconds, mode) else {
        return;
    };
    let better = advice.better.to_string();
    findings
        .report(file.span(field.value.clone()), advice.message, advice.label)
        .severity(advice.severity)
        .help(advice.help)
        .fix(
            replacement(file.text.get(field.value.clone()), &better),
            Safety::Unsafe,
            file.text.replace(field.value.clone(), &better),
        );
}

/// A number of seconds as people say it, in words where it is a whole number of days or hours.
fn duration(seconds: u64) -> String {
    let (count, unit) = match seconds {
        _ if seconds.is_multiple_of(DAY) => (seconds / DAY, "day"),
        _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        _ if seconds.is_multiple_of(60) => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}
