//! Rules about the domains that policy files are for.

use std::collections::BTreeMap;

use crate::{
    policy::sts_file::{self, Meaning},
    policy_domain::{is_for_one_mode, sure_domains, worlds},
    rule::{Findings, Rule, rule},
    source::Source,
    span::Span,
    zones::Zones,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[COPIES_DIFFER, UNMAPPED];

rule! {
    /// Two policies of one domain that differ.
    ///
    /// Senders get one of them, and it is easy to change the other.
    ///
    /// # Bad
    /// ```files
    /// ==> CNAME <==
    /// mta-sts.example.com
    /// ==> .nojekyll <==
    /// ==> .well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.txt <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> CNAME <==
    /// mta-sts.example.com
    /// ==> .nojekyll <==
    /// ==> .well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.txt <==
    /// mode: enforce
    /// version: STSv1
    /// max_age: 604800
    /// mx: MAIL.example.com
    /// ```
    /// # When to ignore
    /// If only one of them is published, and the other is there for a reason.
    /// # Source
    /// RFC 8461, section 3.2
    COPIES_DIFFER: "mta-sts-policy-copies-differ", [Error], None, Across(copies_differ)
}

fn copies_differ(zones: &Zones<'_>, findings: &mut Findings<'_>) {
    let sources = findings.sources();
    let mut firsts: BTreeMap<(String, Vec<&str>), (Span, &Source, Meaning)> = BTreeMap::new();
    for policy in zones.scans().flat_map(|scan| &scan.policies) {
        let source = sources.get(policy.source);
        if is_for_one_mode(&source.path) {
            continue;
        }
        let file = sts_file::parse(source, &policy.text);
        let Some(meaning) = file.meaning() else { continue };
        for domain in sure_domains(source, sources) {
            let domain = domain.to_string().to_ascii_lowercase();
            let key = (domain, worlds(&source.path));
            let Some((first, first_source, first_meaning)) = firsts.get(&key) else {
                firsts.insert(key, (file.first_line(), source, meaning.clone()));
                continue;
            };
            if *first_meaning == meaning {
                continue;
            }
            findings
                .report(
                    file.first_line(),
                    format!(
                        "this policy of `{}` differs from `{}` in {}, and senders get only one of them",
                        key.0,
                        first_source.path,
                        difference(first_meaning, &meaning)
                    ),
                    "the second policy",
                )
                .related(*first, "the first policy")
                .help("leave one file, or make them equal");
        }
    }
}

/// The fields in which two policies differ.
fn difference(a: &Meaning, b: &Meaning) -> String {
    let fields = [
        ("`mode`", a.mode != b.mode),
        ("`max_age`", a.max_age != b.max_age),
        ("`mx`", a.mx != b.mx),
    ];
    let differing: Vec<&str> = fields
        .iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| *name)
        .collect();
    differing.join(" and ")
}

rule! {
    /// A policy of which nothing tells the domain.
    ///
    /// A policy file names no domain. Without one it cannot be compared with the domain's records, and only the file
    /// itself is checked.
    ///
    /// # Bad
    /// ```mta-sts sites/first/.well-known/mta-sts.txt
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts sites/mta-sts.example.com/.well-known/mta-sts.txt
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the domain's records are not in the repository.
    /// # Source
    /// RFC 8461, section 3.2
    UNMAPPED: "mta-sts-policy-unmapped", [Info], None, Across(unmapped), off
}

fn unmapped<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    let unmapped = zones
        .policies()
        .filter(|policy| policy.is_policy() && policy.domains().is_empty());
    for policy in unmapped {
        findings
            .report(
                policy.read().first_line(),
                "nothing tells which domain the policy is for, so it is not compared with the domain's records",
                "a policy of no known domain",
            )
            .help("name its folder `mta-sts.` and the domain, or add the `CNAME` file of GitHub Pages");
    }
}
