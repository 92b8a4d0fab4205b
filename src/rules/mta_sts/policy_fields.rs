//! Rules about `version`, `mode` and `max_age` of a policy file.

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    policy::sts_file::{
        StsFile,
        form::Form,
        line::Ending,
        value::{self, Known, MAX_AGE_MAX, Mode, VERSION},
    },
    rule::{Findings, Rule, rule},
    shown::shown,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    VERSION_MISSING,
    VERSION_INVALID,
    MODE_MISSING,
    MODE_INVALID,
    MAX_AGE_MISSING,
    MAX_AGE_INVALID,
    MAX_AGE_TOO_LARGE,
    MAX_AGE_ZERO,
    MAX_AGE_SHORT,
    MAX_AGE_LONG_NONE,
    TESTING,
];

const DAY: u64 = 86_400;
const WEEK: u64 = 604_800;

rule! {
    /// A policy without `version`.
    ///
    /// Every policy says `version: STSv1`. Without it, senders act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// version: STSv1
    /// ```
    /// # When to ignore
    /// Never: senders refuse the file.
    /// # Source
    /// RFC 8461, section 3.2
    VERSION_MISSING: "mta-sts-policy-version-missing", [Error], Unsafe, StsFile(version_missing)
}

fn version_missing(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if !file.lacks(Known::Version) {
        return;
    }
    let start = file.lines.first().map_or(0, |line| line.at.start);
    let rest_is_read = [Known::Mode, Known::MaxAge]
        .into_iter()
        .all(|known| is_valid(file, known));
    let line = format!("version: {VERSION}{}", file.usual_end());
    let edits = file.rewrite(start..start, line).filter(|_| rest_is_read);
    findings
        .report(
            file.span(start..start),
            "the policy has no `version`, so senders ignore it",
            "`version: STSv1` is missing",
        )
        .help("add the line `version: STSv1`")
        .fix("add `version: STSv1`", Safety::Unsafe, edits);
}

fn is_valid(file: &StsFile<'_>, known: Known) -> bool {
    file.first(known)
        .and_then(|(_, field)| file.value(field))
        .is_some_and(|value| known.accepts(value))
}

rule! {
    /// A `version` other than `STSv1`.
    ///
    /// There is one version, and its capitals count. Senders take a policy of another for none and act as if the domain had
    /// no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1;
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: stsv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: no other version exists.
    /// # Source
    /// RFC 8461, section 3.2
    VERSION_INVALID: "mta-sts-policy-version-invalid", [Error], Unsafe, StsFile(version_invalid)
}

fn version_invalid(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let Some((at, value)) = invalid(file, Known::Version) else {
        return;
    };
    let what = match value {
        b"" => "`version` has no value".to_string(),
        value => format!("{} is not the version `{VERSION}`", shown(value)),
    };
    findings
        .report(
            file.span(at.clone()),
            format!("{what}, so senders ignore the policy"),
            "not `STSv1`",
        )
        .help("write `version: STSv1`")
        .fix(
            replacement(value, VERSION),
            Safety::Unsafe,
            write_value(file, at, VERSION),
        );
}

rule! {
    /// A policy without `mode`.
    ///
    /// `mode` tells senders what to do when a server has no valid TLS. Without it, they act as if the domain had no
    /// MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: senders refuse the file.
    /// # Source
    /// RFC 8461, section 3.2
    MODE_MISSING: "mta-sts-policy-mode-missing", [Error], Unsafe, StsFile(mode_missing)
}

fn mode_missing(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if file.lacks(Known::Mode) {
        let end = file.text.len();
        findings
            .report(
                file.span(end..end),
                "the policy has no `mode`, so senders ignore it",
                "`mode: ...` is missing",
            )
            .help("add `mode: testing`, and `mode: enforce` when reports show no failures")
            .fix("add `mode: testing`", Safety::Unsafe, add_line(file, "mode: testing"));
    }
}

rule! {
    /// A `mode` that is none of `enforce`, `testing` and `none`.
    ///
    /// The words are compared with their capitals. With another, senders act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforced
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: Testing
    /// mx: mail.example.com
    /// max_age: 604800
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
    MODE_INVALID: "mta-sts-policy-mode-invalid", [Error], Unsafe, StsFile(mode_invalid)
}

fn mode_invalid(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let Some((at, value)) = invalid(file, Known::Mode) else {
        return;
    };
    let what = match value {
        b"" => "`mode` has no value".to_string(),
        value => format!("{} is not a mode", shown(value)),
    };
    let meant = Mode::meant(value).map(Mode::name);
    let help = match meant {
        Some(meant) => format!("write `mode: {meant}`"),
        None => "write `mode: enforce`, `mode: testing` or `mode: none`".to_string(),
    };
    findings
        .report(
            file.span(at.clone()),
            format!("{what}, so senders ignore the policy"),
            "not one of `enforce`, `testing`, `none`",
        )
        .help(help)
        .fix(
            replacement(value, meant.unwrap_or_default()),
            Safety::Unsafe,
            meant.and_then(|meant| write_value(file, at, meant)),
        );
}

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
                add_line(file, "max_age: 604800"),
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
    let Some((at, value)) = invalid(file, Known::MaxAge) else {
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
            meant.and_then(|meant| write_value(file, at, &meant)),
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
            label: "over one year",
            better: MAX_AGE_MAX,
            help: "write `max_age: 31557600`, one year, or less",
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
            label: "kept for no time",
            better: WEEK,
            help: "write `max_age: 604800`, one week, or more",
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
    /// In the first days with `mode: enforce`, or while your mail moves to other hosts.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 8461, section 10.2
    MAX_AGE_SHORT: "mta-sts-policy-max-age-short", [Warning, Info], Unsafe, StsFile(max_age_short)
}

fn max_age_short(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    advise(file, findings, |seconds, mode| match mode {
        Some(Mode::Enforce) if (1..WEEK).contains(&seconds) => Some(Advice {
            severity: Severity::Warning,
            message: format!(
                "`max_age` is {}, so senders soon forget the policy that they are to enforce",
                duration(seconds)
            ),
            label: "under a week",
            better: WEEK,
            help: "write `max_age: 604800`, one week, or more",
        }),
        Some(Mode::Testing) if (1..DAY).contains(&seconds) => Some(Advice {
            severity: Severity::Info,
            message: format!(
                "`max_age` is {}, so many senders never report on the policy",
                duration(seconds)
            ),
            label: "under a day",
            better: DAY,
            help: "write `max_age: 86400`, one day, or more",
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
            label: "over a week",
            better: DAY,
            help: "write `max_age: 86400`: one day",
        })
    });
}

rule! {
    /// A policy in testing.
    ///
    /// With `mode: testing` senders report failures and deliver all the same: mail is not protected yet. When the reports
    /// show no failures of your own servers, `mode: enforce` is the next step.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// In the first weeks.
    /// # Source
    /// RFC 8461, section 5
    TESTING: "mta-sts-policy-testing", [Info], None, StsFile(testing), off
}

fn testing(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if let Some((_, field)) = file.first(Known::Mode)
        && file.mode() == Some(Mode::Testing)
    {
        findings
            .report(
                file.span(field.value.clone()),
                "the policy is in testing, so senders deliver also where TLS fails",
                "reported, not enforced",
            )
            .help("write `mode: enforce` when reports show no failures of your servers");
    }
}

/// What to say of a `max_age`.
struct Advice {
    severity: Severity,
    message: String,
    label: &'static str,
    /// A better value.
    better: u64,
    help: &'static str,
}

/// Reports what `judge` says of `max_age`, given the mode.
fn advise(file: &StsFile<'_>, findings: &mut Findings<'_>, judge: fn(u64, Option<Mode>) -> Option<Advice>) {
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
        _ if seconds % DAY == 0 => (seconds / DAY, "day"),
        _ if seconds % 3600 == 0 => (seconds / 3600, "hour"),
        _ if seconds % 60 == 0 => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// The value that counts for a field and its place, if it is known and not in the grammar.
fn invalid<'a>(file: &StsFile<'a>, known: Known) -> Option<(Range<usize>, &'a [u8])> {
    let (_, field) = file.first(known)?;
    let value = file.value(field)?;
    (!known.accepts(value)).then(|| (field.value.clone(), value))
}

fn replacement(old: &[u8], new: &str) -> String {
    match old {
        b"" => format!("write `{new}`"),
        old => format!("replace {} by `{new}`", shown(old)),
    }
}

/// Writes a value; behind a colon without a blank, if there was none, with one.
fn write_value(file: &StsFile<'_>, at: Range<usize>, new: &str) -> Option<Vec<Edit>> {
    let is_behind_colon = at.is_empty() && file.text.get(0..at.start).ends_with(b":");
    let blank = if is_behind_colon { " " } else { "" };
    file.text.replace(at, &format!("{blank}{new}"))
}

/// Adds a line at the end.
fn add_line(file: &StsFile<'_>, line: &str) -> Option<Vec<Edit>> {
    let end = file.text.len();
    let usual = file.usual_end();
    let is_open = file.lines.last().is_some_and(|line| line.ending == Ending::Nothing);
    let before = if is_open { usual } else { "" };
    file.rewrite(end..end, format!("{before}{line}{usual}"))
        .filter(|_| file.form == Form::Policy)
}
