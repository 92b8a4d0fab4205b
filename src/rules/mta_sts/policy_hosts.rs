//! Rules about `mx` values of a policy file that are host names, but hardly those of the domain.

use crate::{
    name::Name,
    policy::sts_file::{StsFile, mx::Value},
    policy_domain::{domains, sure_domains},
    rule::{Findings, Rule, rule},
    shown::shown,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MX_PLACEHOLDER, MX_SINGLE_LABEL, MX_WILDCARD_BROAD, MX_OWN_WILDCARD];

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
    for mx in file.mx() {
        let is_placeholder = match mx.value {
            Value::Placeholder => true,
            Value::Pattern => is_real && mx.name().is_some_and(|name| is_example(&name)),
            _ => false,
        };
        if is_placeholder {
            findings
                .report(
                    file.span(mx.field.value.clone()),
                    format!(
                        "{} stands for a name of your own, so senders never find your hosts in the policy",
                        shown(mx.bytes)
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
    for mx in file.patterns().filter(|mx| !mx.bytes.contains(&b'.')) {
        findings
            .report(
                file.span(mx.field.value.clone()),
                format!(
                    "{} is one label, and senders compare it with whole names: it matches none",
                    shown(mx.bytes)
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
    let suffixes = &findings.sources().limits.suffixes;
    for mx in file.patterns() {
        if let Some(parent) = mx.parent_of_wildcard().filter(|name| suffixes.has(name)) {
            findings
                .report(
                    file.span(mx.field.value.clone()),
                    format!(
                        "{} matches names that anybody can register below `{parent}`: it protects no mail",
                        shown(mx.bytes)
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
    for mx in file.patterns() {
        if let Some(parent) = mx.parent_of_wildcard().filter(|parent| domains.contains(parent)) {
            findings
                .report(
                    file.span(mx.field.value.clone()),
                    format!(
                        "{} matches each name below `{parent}`, not only hosts that take mail",
                        shown(mx.bytes)
                    ),
                    "any label of the domain",
                )
                .help("list the hosts of the domain's MX records");
        }
    }
}
