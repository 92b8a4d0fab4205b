//! Rules about where a policy file lies, and what hosts make of that.

use std::collections::BTreeMap;

use crate::{
    hosting::{
        answers,
        pages::{self, Builder},
        site::{self, PATH, Place},
    },
    policy::sts_file::{self, Meaning, StsFile, form::Form},
    policy_domain::{domains, sure_domains},
    rule::{Findings, Rule, rule},
    shown::shown,
    source::Source,
    span::Span,
    zones::Zones,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    PATH_RULE,
    HIDDEN_BY_JEKYLL,
    PAGES_HOST,
    REDIRECT,
    COPIES_DIFFER,
    UNMAPPED,
];

rule! {
    /// A policy at a path that was meant to be `.well-known/mta-sts.txt`.
    ///
    /// Senders ask for `https://mta-sts.<domain>/.well-known/mta-sts.txt` and for nothing else. They find no policy and act
    /// as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts well-known/mta-sts.txt
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts .well-known/mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts .well-known/mta-sts.txt
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```files
    /// ==> _redirects <==
    /// /.well-known/mta-sts.txt /well-known/mta-sts.txt 200
    /// ==> well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If a server that is configured elsewhere answers the right path with this file.
    /// # Source
    /// RFC 8461, section 3.2
    PATH_RULE: "mta-sts-policy-path", [Error], None, StsFile(path)
}

fn path(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let site = site::of(file.source);
    let is_policy = file.form == Form::Policy && site.place == Place::NearMiss;
    if !is_policy || has_permalink(file) || answers::is_rewritten(&site, findings.sources()) {
        return;
    }
    findings
        .report(
            file.whole(),
            format!(
                "the policy is at `{}`, where no sender asks for it, so the domain has no MTA-STS",
                site.path
            ),
            format!("not at `{PATH}`"),
        )
        .help(format!("move the file to `{}`", site::within(site.root, PATH)));
}

/// Whether a site generator is told to publish the file at the right path.
fn has_permalink(file: &StsFile<'_>) -> bool {
    let block = file.front_matter.clone().map_or(&b""[..], |block| file.text.get(block));
    memchr::memmem::find(block, PATH.as_bytes()).is_some()
}

rule! {
    /// A policy in a folder that GitHub Pages leaves out.
    ///
    /// GitHub builds a site with Jekyll unless it is told not to, and Jekyll does not publish folders whose names start
    /// with a dot. Senders get "not found" and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```files
    /// ==> CNAME <==
    /// mta-sts.example.com
    /// ==> .well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
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
    /// ```
    /// ```files
    /// ==> CNAME <==
    /// mta-sts.example.com
    /// ==> _config.yml <==
    /// include:
    ///   - .well-known
    /// ==> .well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the site is published in another way than from the branch.
    /// # Source
    /// Practice of GitHub Pages.
    HIDDEN_BY_JEKYLL: "mta-sts-policy-hidden-by-jekyll", [Warning], None, StsFile(hidden_by_jekyll)
}

fn hidden_by_jekyll(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let site = site::of(file.source);
    if file.form != Form::Policy {
        return;
    }
    let Builder::Hides(misspelt) = pages::builder(&site, findings.sources()) else {
        return;
    };
    let switch = site::within(site.root, pages::SWITCH);
    let help = match misspelt {
        Some(source) => format!("rename `{}` to `{switch}`", source.path),
        None => format!("add an empty file `{switch}`, or `include: [\".well-known\"]` in `_config.yml`"),
    };
    findings
        .report(
            file.whole(),
            "GitHub Pages leaves out folders that start with a dot, so senders do not find the policy",
            "in a folder that is not published",
        )
        .help(help);
}

rule! {
    /// GitHub Pages under a host other than `mta-sts`.
    ///
    /// Senders ask `mta-sts.<domain>` and no other host, and GitHub answers for the one in the `CNAME` file, its first
    /// line. They find no policy and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```files
    /// ==> CNAME <==
    /// example.com
    /// ==> .nojekyll <==
    /// ==> .well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
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
    /// ```
    /// # When to ignore
    /// If something before GitHub answers for `mta-sts` and asks GitHub under the other name.
    /// # Source
    /// RFC 8461, section 3.2
    PAGES_HOST: "mta-sts-policy-pages-host", [Error], None, StsFile(pages_host)
}

fn pages_host(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let site = site::of(file.source);
    let sources = findings.sources();
    // A path that names the domain tells of another way to publish, and so does a workflow.
    if file.form != Form::Policy || !domains(file.source, sources).is_empty() || pages::has_own_workflow(sources) {
        return;
    }
    let nearest = site
        .folders()
        .into_iter()
        .find_map(|folder| Some((folder, pages::host(folder, sources)?)));
    let Some((folder, host)) = nearest else { return };
    if !site.is_made_from(folder) || host.name.starts_with("mta-sts.") {
        return;
    }
    findings
        .report(
            host.span,
            format!(
                "GitHub Pages answers for {} and not for `mta-sts`, so senders do not find the policy",
                shown(host.name.as_bytes())
            ),
            "not a host that senders ask",
        )
        .related(file.whole(), "this policy")
        .help("write `mta-sts.` and the domain in the first line, and publish the policy as a site of its own");
}

rule! {
    /// A redirect from the path of the policy.
    ///
    /// Senders do not follow redirects. They find no policy and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```files
    /// ==> _redirects <==
    /// /* https://example.com/:splat 301!
    /// ==> .well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```files
    /// ==> vercel.json <==
    /// {"redirects": [{"source": "/:path*", "destination": "https://example.com/:path*"}]}
    /// ==> public/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> _redirects <==
    /// /.well-known/mta-sts.txt /mta-sts.txt 200
    /// ==> mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the rule does not hold for the host `mta-sts`.
    /// # Source
    /// RFC 8461, section 3.3
    REDIRECT: "mta-sts-policy-redirect", [Error], None, StsFile(redirect)
}

fn redirect(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if file.form != Form::Policy {
        return;
    }
    for (rule, status) in answers::redirects(&site::of(file.source), findings.sources()) {
        findings
            .report(
                rule.span,
                format!("senders who ask for the policy are redirected ({status}), which they do not follow"),
                format!("answers `/{PATH}`"),
            )
            .related(file.whole(), "this policy")
            .help("answer with the file itself: leave its path out, or rewrite it with status 200");
    }
}

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

/// Folders of which one is published: one for each mode.
const MODES: [&str; 3] = ["enforce", "none", "testing"];
/// Folders of separate worlds: what stands in one says nothing of the others.
const WORLDS: [&str; 16] = [
    "beta",
    "canary",
    "dev",
    "development",
    "external",
    "int",
    "internal",
    "live",
    "preprod",
    "prod",
    "production",
    "qa",
    "stage",
    "staging",
    "test",
    "uat",
];

fn copies_differ(zones: &Zones<'_>, findings: &mut Findings<'_>) {
    let sources = findings.sources();
    let mut firsts: BTreeMap<(String, Vec<&str>), (Span, &Source, Meaning)> = BTreeMap::new();
    for policy in zones.scans().flat_map(|scan| &scan.policies) {
        let source = sources.get(policy.source);
        let mut folders = source.folder().split('/');
        if folders.any(|folder| MODES.contains(&folder)) {
            continue;
        }
        let file = sts_file::parse(source, &policy.text);
        let Some(meaning) = file.meaning() else { continue };
        for domain in sure_domains(source, sources) {
            let domain = domain.to_string().to_ascii_lowercase();
            let world = source
                .folder()
                .split('/')
                .filter(|folder| WORLDS.contains(folder))
                .collect();
            let key = (domain, world);
            let Some((first, first_source, first_meaning)) = firsts.get(&key) else {
                firsts.insert(key, (file.whole(), source, meaning.clone()));
                continue;
            };
            if *first_meaning == meaning {
                continue;
            }
            findings
                .report(
                    file.whole(),
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
    UNMAPPED: "mta-sts-policy-unmapped", [Info], None, StsFile(unmapped), off
}

fn unmapped(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if file.form == Form::Policy && domains(file.source, findings.sources()).is_empty() {
        findings
            .report(
                file.whole(),
                "nothing tells which domain the policy is for, so it is not compared with the domain's records",
                "a policy of no known domain",
            )
            .help("name its folder `mta-sts.` and the domain, or add the `CNAME` file of GitHub Pages");
    }
}
