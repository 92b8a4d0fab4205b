//! Rules about `mx` values of a policy file that are host names, but not those that take the mail.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::sts_file::{
        self, StsFile,
        mx::{self, Value},
        value::Known,
    },
    policy_domain::{domains, sure_domains},
    record::Data,
    rule::{Findings, Rule, rule},
    shown::shown,
    suffix,
    text::Edit,
    zones::Zones,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MX_PLACEHOLDER,
    MX_SINGLE_LABEL,
    MX_WILDCARD_BROAD,
    MX_OWN_WILDCARD,
    MX_DUPLICATE,
    MX_PROVIDER,
    MX_SUBMISSION_HOST,
];

rule! {
    /// A host that documentation put there for you to replace.
    ///
    /// `<yourdomain>`, `domain.tld` and names below `example.com` are no hosts of the domain. Senders never find the real
    /// hosts in the policy, and with `mode: enforce` deliver no mail.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: <yourdomain>.mail.protection.outlook.com
    /// max_age: 604800
    /// ```
    /// ```files
    /// ==> mta-sts.shop.test/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> mta-sts.shop.test/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.shop.test
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// In documentation.
    /// # Source
    /// Practice: such values stand in published policies.
    MX_PLACEHOLDER: "mta-sts-policy-mx-placeholder", [Error], None, StsFile(mx_placeholder)
}

fn mx_placeholder(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let domains = sure_domains(file.source, findings.sources());
    // Where the domain is not known it may be one of these.
    let is_real = !domains.is_empty() && !domains.iter().any(is_example);
    for (_, field, bytes) in file.mx() {
        let is_placeholder = match mx::read(bytes) {
            Value::Placeholder => true,
            Value::Pattern => is_real && name(bytes).is_some_and(|name| is_example(&name)),
            _ => false,
        };
        if is_placeholder {
            findings
                .report(
                    file.span(field.value.clone()),
                    format!(
                        "{} stands for a name of your own, so senders never find your hosts in the policy",
                        shown(bytes)
                    ),
                    "to be replaced",
                )
                .help("write the host that the domain's MX record has");
        }
    }
}

/// Whether a name is one of those that RFC 2606 keeps for documentation, or below one.
fn is_example(name: &Name) -> bool {
    ["example.com", "example.net", "example.org"]
        .iter()
        .filter_map(|example| Name::parse(example))
        .any(|example| name.is_within(&example))
}

rule! {
    /// A host of one label.
    ///
    /// Senders compare the value with the whole name in the MX record. `mail` never matches `mail.example.com`, and with
    /// `mode: enforce` mail is not delivered.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail
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
    /// If your MX record has a name of one label.
    /// # Source
    /// RFC 8461, section 4.1
    MX_SINGLE_LABEL: "mta-sts-policy-mx-single-label", [Warning], None, StsFile(mx_single_label)
}

fn mx_single_label(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field, bytes) in file.patterns().filter(|(_, _, bytes)| !bytes.contains(&b'.')) {
        findings
            .report(
                file.span(field.value.clone()),
                format!(
                    "{} is one label, and senders compare it with whole names: it matches none",
                    shown(bytes)
                ),
                "not completed with the domain",
            )
            .help("write the whole name of the host");
    }
}

rule! {
    /// A wildcard for all names below a public suffix.
    ///
    /// Anybody can register a name there and take the mail: the policy protects from no attacker.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: *.co.uk
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
    /// If all names below belong to you.
    /// # Source
    /// RFC 8461, section 10.4
    MX_WILDCARD_BROAD: "mta-sts-policy-mx-wildcard-broad", [Warning], None, StsFile(mx_wildcard_broad)
}

fn mx_wildcard_broad(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field, bytes) in file.patterns() {
        let parent = bytes.strip_prefix(b"*.").and_then(name);
        if let Some(parent) = parent.filter(suffix::is_public_suffix) {
            findings
                .report(
                    file.span(field.value.clone()),
                    format!(
                        "{} matches names that anybody can register below `{parent}`: it protects no mail",
                        shown(bytes)
                    ),
                    "below a public suffix",
                )
                .help("list the hosts of the domain");
        }
    }
}

rule! {
    /// A wildcard for all names below the domain itself.
    ///
    /// It works. But each name below the domain, that of a web site or of a machine of a guest, may then take the mail if
    /// it gets a certificate. A list of the hosts leaves an attacker less.
    ///
    /// # Bad
    /// ```files
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: *.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: *.mx.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If you control who gets names and certificates below the domain.
    /// # Source
    /// RFC 8461, section 10.4
    MX_OWN_WILDCARD: "mta-sts-policy-mx-own-wildcard", [Info], None, StsFile(mx_own_wildcard)
}

fn mx_own_wildcard(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let domains = domains(file.source, findings.sources());
    for (_, field, bytes) in file.patterns() {
        let parent = bytes.strip_prefix(b"*.").and_then(name);
        if let Some(parent) = parent.filter(|parent| domains.contains(parent)) {
            findings
                .report(
                    file.span(field.value.clone()),
                    format!(
                        "{} matches each name below `{parent}`, not only hosts that take mail",
                        shown(bytes)
                    ),
                    "any label of the domain",
                )
                .help("list the hosts of the domain's MX records");
        }
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
    for (line, _, bytes) in file.patterns() {
        let Some(first) = seen.get(&bytes.to_ascii_lowercase()) else {
            seen.insert(bytes.to_ascii_lowercase(), line.at.clone());
            continue;
        };
        findings
            .report(
                file.span(line.at.clone()),
                format!("{} stands in the policy twice, and once is enough", shown(bytes)),
                "the second one",
            )
            .related(file.span(first.clone()), "the first one")
            .help("remove the line")
            .fix("remove the line", Safety::Safe, file.text.replace(line.whole(), ""));
    }
}

/// A wildcard that people take for all hosts of a provider, although `*` is one label and the hosts have more.
struct TooShort {
    pattern: &'static str,
    /// Hosts of the provider that it does not match.
    missed: &'static str,
    /// What matches them; nothing where that differs from customer to customer.
    better: &'static [&'static str],
    /// Other domains of the provider: with another entry below one of these, or below that of the pattern, the pattern may
    /// be meant for something else.
    others: Option<&'static [&'static str]>,
}

/// Google has `aspmx.l.google.com`, `alt1.aspmx.l.google.com` and so on, `aspmx2.googlemail.com`, and for new customers
/// `smtp.google.com` alone, which `*.google.com` matches. Microsoft has `*.mail.protection.outlook.com`, and with DNSSEC
/// names such as `example-com.h-v1.mx.microsoft`.
const TOO_SHORT: [TooShort; 5] = [
    TooShort {
        pattern: "*.google.com",
        missed: "aspmx.l.google.com",
        better: &["aspmx.l.google.com", "*.aspmx.l.google.com"],
        others: Some(&["google.com", "googlemail.com"]),
    },
    TooShort {
        pattern: "*.l.google.com",
        missed: "alt1.aspmx.l.google.com",
        better: &["aspmx.l.google.com", "*.aspmx.l.google.com"],
        others: Some(&["google.com", "googlemail.com"]),
    },
    TooShort {
        pattern: "*.mx.microsoft",
        missed: "example-com.h-v1.mx.microsoft",
        better: &[],
        others: None,
    },
    TooShort {
        pattern: "*.outlook.com",
        missed: "example-com.mail.protection.outlook.com",
        better: &["*.mail.protection.outlook.com"],
        others: None,
    },
    TooShort {
        pattern: "*.protection.outlook.com",
        missed: "example-com.mail.protection.outlook.com",
        better: &["*.mail.protection.outlook.com"],
        others: None,
    },
];

rule! {
    /// A wildcard that does not match the hosts of a mail provider.
    ///
    /// `*` stands for exactly one label. `*.google.com` does not match `aspmx.l.google.com`, and `*.outlook.com` not
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
    let all_known = file.is_whole() && file.patterns().count() == file.all(Known::Mx).count();
    let found = file.patterns().filter_map(|(_, field, bytes)| {
        let is_same = |one: &&TooShort| one.pattern.as_bytes().eq_ignore_ascii_case(bytes);
        Some((field, bytes, TOO_SHORT.iter().find(is_same)?))
    });
    let found: Vec<_> = found.collect();
    for (index, (field, bytes, short)) in found.iter().enumerate() {
        let is_too_short = |bytes: &[u8]| found.iter().any(|(_, other, _)| other.eq_ignore_ascii_case(bytes));
        let has_others = short.others.is_some_and(|domains| {
            // One slip gives one finding, so the last of such patterns speaks for all.
            let is_repeated = found[index + 1..]
                .iter()
                .any(|(_, _, other)| other.others == short.others);
            let is_other = |bytes: &[u8]| !is_too_short(bytes) && domains.iter().any(|domain| is_below(bytes, domain));
            !all_known || is_repeated || file.patterns().any(|(_, _, bytes)| is_other(bytes))
        });
        if has_others {
            continue;
        }
        let lines = short.better.join(&format!("{}mx: ", file.usual_end()));
        let help = match short.better {
            [] => "write the names that the MX records have".to_string(),
            better => format!("write `mx: {}`", better.join("` and `mx: ")),
        };
        let edits: Option<Vec<Edit>> = (!short.better.is_empty())
            .then(|| file.rewrite(field.value.clone(), lines))
            .flatten();
        findings
            .report(
                file.span(field.value.clone()),
                format!(
                    "{} does not match hosts such as `{}`, since `*` is one label",
                    shown(bytes),
                    short.missed
                ),
                "one label and no more",
            )
            .help(help)
            .fix("write patterns that match", Safety::Unsafe, edits);
    }
}

/// Whether a pattern is for a name below a domain.
fn is_below(pattern: &[u8], domain: &str) -> bool {
    let (Some(name), Some(domain)) = (name(pattern), Name::parse(domain)) else {
        return false;
    };
    name.is_within(&domain)
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
        let hosts = file.patterns().filter(|(_, _, bytes)| is_submission_host(bytes));
        found.extend(hosts.map(|(_, field, bytes)| (file.span(field.value.clone()), bytes)));
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

fn name(pattern: &[u8]) -> Option<Name> {
    Name::parse(std::str::from_utf8(pattern).ok()?)
}
