//! Rules about `version` and `mode` of a policy file.

use crate::{
    diagnostic::Safety,
    policy::sts_file::{
        StsFile,
        value::{Known, Mode, VERSION},
    },
    rule::{Findings, Rule, rule},
    shown::{replacement, shown},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[VERSION_MISSING, VERSION_INVALID, MODE_MISSING, MODE_INVALID, TESTING];

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
    let Some((at, value)) = file.invalid(Known::Version) else {
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
            file.write_value(at, VERSION),
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
            .fix("add `mode: testing`", Safety::Unsafe, file.append_line("mode: testing"));
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
    let Some((at, value)) = file.invalid(Known::Mode) else {
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
            meant.and_then(|meant| file.write_value(at, meant)),
        );
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
