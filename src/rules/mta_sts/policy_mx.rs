//! Rules about whether a policy file has `mx` fields, and hosts in them.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    diagnostic::Safety,
    policy::sts_file::{
        StsFile,
        mx::Value,
        value::{Known, Mode},
    },
    rule::{Findings, Rule, rule},
    shown::shown,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MX_MISSING, MX_MISSING_NONE, MX_EMPTY, MX_NULL, MX_DUPLICATE];

rule! {
    /// A policy without `mx`.
    ///
    /// `mx` names the hosts that may take mail. With `mode: enforce` or `mode: testing` there has to be one; without,
    /// senders refuse the policy and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// max_age: 604800
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
    /// mode: none
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// Never: a domain that takes no mail needs no policy.
    /// # Source
    /// RFC 8461, section 3.2
    MX_MISSING: "mta-sts-policy-mx-missing", [Error], None, StsFile(mx_missing)
}

fn mx_missing(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if let (Some((line, _)), Some(mode @ (Mode::Enforce | Mode::Testing))) = (file.first(Known::Mode), file.mode())
        && file.lacks(Known::Mx)
    {
        findings
            .report(
                file.span(line.at.clone()),
                format!(
                    "the policy has `mode: {}` but no `mx`, so senders ignore it",
                    mode.name()
                ),
                "this mode asks for at least one `mx`",
            )
            .help("add a line `mx: ` with each host of the domain's MX records");
    }
}

rule! {
    /// A policy of `mode: none` without `mx`.
    ///
    /// The specification allows it. At least one sender in use refuses it all the same, and keeps the policy that was to
    /// be withdrawn.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// max_age: 86400
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// mx: mail.example.com
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// If the domain has no MX host any more.
    /// # Source
    /// RFC 8461, section 3.2
    MX_MISSING_NONE: "mta-sts-policy-mx-missing-none", [Info], None, StsFile(mx_missing_none)
}

fn mx_missing_none(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if let (Some((line, _)), Some(Mode::None)) = (file.first(Known::Mode), file.mode())
        && file.lacks(Known::Mx)
    {
        findings
            .report(
                file.span(line.at.clone()),
                "the policy has no `mx`, which `mode: none` allows but some senders do not",
                "`mode: none` without `mx`",
            )
            .help("keep one line `mx: ` with a host");
    }
}

rule! {
    /// An `mx` without a host.
    ///
    /// The field needs a value. Senders find the policy malformed and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx:
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
    /// Never: remove the line.
    /// # Source
    /// RFC 8461, section 3.2
    MX_EMPTY: "mta-sts-policy-mx-empty", [Error], None, StsFile(mx_empty)
}

fn mx_empty(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx().filter(|mx| mx.value == Value::Empty) {
        findings
            .report(
                file.span(mx.line.at.clone()),
                "`mx` has no value, so senders find the policy malformed and ignore it",
                "no host",
            )
            .help("write the host in the same line, `mx: mail.example.com`, or remove the line");
    }
}

rule! {
    /// The host `.`.
    ///
    /// In an MX record it says that a domain takes no mail. A policy cannot say that: senders find it malformed and ignore
    /// it.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: testing
    /// mx: .
    /// max_age: 86400
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// Never: a domain without mail needs no policy.
    /// # Source
    /// RFC 8461, section 3.2
    MX_NULL: "mta-sts-policy-mx-null", [Error], None, StsFile(mx_null)
}

fn mx_null(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx().filter(|mx| mx.value == Value::Null) {
        findings
            .report(
                file.span(mx.field.value.clone()),
                "`.` is no host in a policy, so senders find it malformed and ignore it",
                "the root, not a host",
            )
            .help(
                "write the hosts of the domain; if it takes no mail, it needs no policy: withdraw it with `mode: none`",
            );
    }
}

rule! {
    /// A host that stands in the policy twice.
    ///
    /// Names are compared without capitals. The second line has no effect.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// mx: MAIL.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// mx: *.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Always, if you like: mail is not affected.
    /// # Source
    /// RFC 8461, section 3.2
    MX_DUPLICATE: "mta-sts-policy-mx-duplicate", [Info], Safe, StsFile(mx_duplicate)
}

fn mx_duplicate(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    // A template may have them in alternative branches.
    if !file.text.is_complete() {
        return;
    }
    let mut seen: BTreeMap<Vec<u8>, Range<usize>> = BTreeMap::new();
    for mx in file.patterns() {
        let Some(first) = seen.get(&mx.bytes.to_ascii_lowercase()) else {
            seen.insert(mx.bytes.to_ascii_lowercase(), mx.line.at.clone());
            continue;
        };
        findings
            .report(
                file.span(mx.line.at.clone()),
                format!("{} stands in the policy twice, and once is enough", shown(mx.bytes)),
                "the second one",
            )
            .related(file.span(first.clone()), "the first one")
            .help("remove the line")
            .fix("remove the line", Safety::Safe, file.text.replace(mx.line.whole(), ""));
    }
}
