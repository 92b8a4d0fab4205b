//! Rules about `mx` values of a policy file that are names of mail providers.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::sts_file::{self, Mx, StsFile, value::Known},
    record::Data,
    rule::{Findings, Rule, rule},
    shown::shown,
    zones::Zones,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MX_PROVIDER, MX_SUBMISSION_HOST];

/// A wildcard that people take for all hosts of a provider, although `*` is one label and the hosts have more.
struct TooShort {
    pattern: &'static str,
    /// Hosts of the provider that it does not match.
    missed: &'static str,
    /// What matches them; nothing where that differs from customer to customer.
    better: &'static [&'static str],
    /// Domains of the provider: beside another host below one of these, the pattern may be meant for something else.
    unless: &'static [&'static str],
}

/// Google has `aspmx.l.google.com`, `alt1.aspmx.l.google.com` and so on, `aspmx2.googlemail.com`, and for new customers
/// `smtp.google.com` alone, which `*.google.com` matches. Microsoft has `*.mail.protection.outlook.com`, and with DNSSEC
/// names such as `example-com.h-v1.mx.microsoft`.
const TOO_SHORT: [TooShort; 5] = [
    TooShort {
        pattern: "*.google.com",
        missed: "aspmx.l.google.com",
        better: &["aspmx.l.google.com", "*.aspmx.l.google.com"],
        unless: &["google.com", "googlemail.com"],
    },
    TooShort {
        pattern: "*.l.google.com",
        missed: "alt1.aspmx.l.google.com",
        better: &["aspmx.l.google.com", "*.aspmx.l.google.com"],
        unless: &["google.com", "googlemail.com"],
    },
    TooShort {
        pattern: "*.mx.microsoft",
        missed: "example-com.h-v1.mx.microsoft",
        better: &[],
        unless: &[],
    },
    TooShort {
        pattern: "*.outlook.com",
        missed: "example-com.mail.protection.outlook.com",
        better: &["*.mail.protection.outlook.com"],
        unless: &[],
    },
    TooShort {
        pattern: "*.protection.outlook.com",
        missed: "example-com.mail.protection.outlook.com",
        better: &["*.mail.protection.outlook.com"],
        unless: &[],
    },
];

rule! {
    /// A wildcard that does not match the hosts of a mail provider.
    ///
    /// `*` stands for exactly one label, what is between two dots. `*.google.com` does not match `aspmx.l.google.com`, and `*.outlook.com` not
    /// `example-com.mail.protection.outlook.com`: with `mode: enforce`, senders do not deliver there.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: *.google.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: *.outlook.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: aspmx.l.google.com
    /// mx: *.aspmx.l.google.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If your only MX is `smtp.google.com`, which `*.google.com` matches; the name itself says it better.
    /// # Source
    /// RFC 8461, section 4.1
    /// The names are those that the providers tell their customers.
    MX_PROVIDER: "mta-sts-policy-mx-provider", [Warning], Unsafe, StsFile(mx_provider)
}

fn mx_provider(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let too_short = |mx: &Mx<'_, '_>| {
        let is_same = |one: &&TooShort| one.pattern.as_bytes().eq_ignore_ascii_case(mx.bytes);
        TOO_SHORT.iter().find(is_same)
    };
    let is_all_known = file.is_whole() && file.patterns().count() == file.all(Known::Mx).count();
    // The last of such patterns speaks for all of one provider.
    let mut said: Vec<&[&str]> = Vec::new();
    let patterns: Vec<Mx<'_, '_>> = file.patterns().collect();
    for mx in patterns.iter().rev() {
        let Some(short) = too_short(mx) else { continue };
        if !short.unless.is_empty() {
            let is_other =
                |mx: &Mx<'_, '_>| too_short(mx).is_none() && short.unless.iter().any(|domain| is_below(mx, domain));
            if !is_all_known || said.contains(&short.unless) || patterns.iter().any(is_other) {
                continue;
            }
            said.push(short.unless);
        }
        let help = match short.better {
            [] => "write the names that the MX records have".to_string(),
            better => format!("write `mx: {}`", better.join("` and `mx: ")),
        };
        let lines = short.better.join(&format!("{}mx: ", file.usual_end()));
        let edits = file
            .rewrite(mx.field.value.clone(), lines)
            .filter(|_| !short.better.is_empty());
        findings
            .report(
                file.span(mx.field.value.clone()),
                format!(
                    "{} does not match hosts such as `{}`, since `*` is one label",
                    shown(mx.bytes),
                    short.missed
                ),
                "one label and no more",
            )
            .help(help)
            .fix("write patterns that match", Safety::Unsafe, edits);
    }
}

fn is_below(mx: &Mx<'_, '_>, domain: &str) -> bool {
    let domain = Name::parse(domain);
    mx.name()
        .zip(domain)
        .is_some_and(|(name, domain)| name.is_within(&domain))
}

/// Hosts that take mail from a provider's own customers, or only reports of what they sent, and never that of a domain.
/// A `*` stands for a region.
const SUBMISSION: [&str; 10] = [
    "email-smtp.*.amazonaws.com",
    "feedback-smtp.*.amazonses.com",
    "smtp-mail.outlook.com",
    "smtp.gmail.com",
    "smtp.mail.yahoo.com",
    "smtp.office365.com",
    "smtp.sendgrid.net",
    "smtp.zoho.com",
    "smtp.zoho.eu",
    "smtp.zoho.in",
];

rule! {
    /// A host that takes the mail of a provider's own customers, not that of a domain.
    ///
    /// Mail programs send through such a host; it is the MX of no domain. Senders never find the real hosts in the policy,
    /// and with `mode: enforce` do not deliver.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: smtp.zoho.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mx.zoho.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the domain's MX record has this host, as that of a domain for bounces has `feedback-smtp` of Amazon SES.
    /// # Source
    /// The names are those that the providers tell their customers.
    MX_SUBMISSION_HOST: "mta-sts-policy-mx-submission-host", [Warning], None, Across(mx_submission_host)
}

fn mx_submission_host(zones: &Zones<'_>, findings: &mut Findings<'_>) {
    let sources = findings.sources();
    let mut found = Vec::new();
    for policy in zones.scans().flat_map(|scan| &scan.policies) {
        let file = sts_file::parse(sources.get(policy.source), &policy.text);
        let hosts = file.patterns().filter(|mx| is_submission_host(mx.bytes));
        found.extend(hosts.map(|mx| (file.span(mx.field.value.clone()), mx.bytes)));
    }
    if found.is_empty() {
        return;
    }
    let targets: BTreeSet<String> = zones
        .scans()
        .flat_map(|scan| &scan.records)
        .filter_map(|record| match &record.data {
            Data::Mx(mx) => Some(mx.host.name.to_string().to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    for (span, host) in found {
        if !targets.contains(&String::from_utf8_lossy(host).to_ascii_lowercase()) {
            findings
                .report(
                    span,
                    format!(
                        "{} takes what customers send, not mail for a domain, so it is no MX host",
                        shown(host)
                    ),
                    "for sending mail",
                )
                .help("write the host that the domain's MX record has");
        }
    }
}

fn is_submission_host(host: &[u8]) -> bool {
    let host = String::from_utf8_lossy(host).to_ascii_lowercase();
    SUBMISSION.iter().any(|known| match known.split_once('*') {
        Some((before, after)) => host
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|region| !region.is_empty() && !region.contains('.')),
        None => host == *known,
    })
}
