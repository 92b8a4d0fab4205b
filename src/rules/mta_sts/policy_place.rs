//! Rules about where a policy file lies, and what hosts make of that.

use crate::{
    diagnostic::Severity,
    hosting::{
        answers,
        pages::{self, Builder},
        site::{self, PATH, Place},
    },
    policy::sts_file::{StsFile, form::Form},
    policy_domain::{self, domains},
    rule::{Findings, Rule, rule},
    shown::shown,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[WRONG_PATH, HIDDEN_BY_JEKYLL, PAGES_HOST, REDIRECT];

rule! {
    /// A policy at a path that is not `.well-known/mta-sts.txt`.
    ///
    /// Senders ask for `https://mta-sts.<domain>/.well-known/mta-sts.txt` and for nothing else. They find no policy and act
    /// as if the domain had no MTA-STS.
    ///
    /// # Severity
    /// An error at a path that was meant to be the right one; a warning in the root of a site, which the web server may answer
    /// the right path with; an info where the right file is there, too.
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
    /// ```mta-sts public/mta-sts.txt
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
    /// ```mta-sts policies/example.com/mta-sts.txt
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
    WRONG_PATH: "mta-sts-policy-path", [Error, Warning, Info], None, StsFile(path)
}

fn path(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let site = site::of(file.source);
    let sources = findings.sources();
    let is_at_root = site.is_at_its_root() && !policy_domain::is_in_path(&site, sources);
    let is_misplaced = file.form == Form::Policy && (site.place == Place::NearMiss || is_at_root);
    if !is_misplaced || has_permalink(file) || answers::is_rewritten(&site, sources) {
        return;
    }
    let right = site::within(site.root, PATH);
    let path = shown(site.path.as_bytes());
    let label = format!("not at `{PATH}`");
    if !is_at_root {
        let message = format!("the policy is at {path}, where no sender asks for it, so the domain has no MTA-STS");
        findings
            .report(file.first_line(), message, label)
            .help(format!("move the file to `{right}`"));
    } else if sources.at_path(&right).is_some() {
        let message = format!("nobody asks for this copy of the policy: senders read `{PATH}` alone");
        findings
            .report(file.first_line(), message, label)
            .severity(Severity::Info)
            .help("remove it, so that the two cannot drift apart");
    } else {
        let message =
            format!("the policy is at {path}, and senders find it only if the web server answers `/{PATH}` with it");
        findings
            .report(file.first_line(), message, label)
            .severity(Severity::Warning)
            .help(format!("move the file to `{right}`"));
    }
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
            file.first_line(),
            "GitHub Pages leaves out folders that start with a dot, so senders do not find the policy",
            "in a folder that is not published",
        )
        .help(help);
}

rule! {
    /// GitHub Pages under a host other than `mta-sts`.
    ///
    /// Senders ask `mta-sts.<domain>` and no other host, and GitHub answers for the one in the `CNAME` file, its first
    /// line. They find no policy and act as if the domain had no MTA-STS. A warning if the `CNAME` file lies above the folder
    /// that is published, since something else may publish it.
    ///
    /// # Severity
    /// An error where the `CNAME` file lies in the folder that is published; a warning where it lies above, since something
    /// else may publish that folder.
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
    PAGES_HOST: "mta-sts-policy-pages-host", [Error, Warning], None, StsFile(pages_host)
}

fn pages_host(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let site = site::of(file.source);
    let sources = findings.sources();
    // A path that names the domain tells of another way to publish, too.
    if file.form != Form::Policy
        || !domains(file.source, sources).is_empty()
        || pages::is_published_otherwise(&site, sources)
    {
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
    // A site that a generator makes may be published elsewhere, too.
    let severity = if site.root == folder {
        Severity::Error
    } else {
        Severity::Warning
    };
    let help = match host.has_policy_host_below {
        true => "put the line with `mta-sts.` first: GitHub reads no other",
        false => "write `mta-sts.` and the domain in the first line, and publish the policy as a site of its own",
    };
    findings
        .report(
            host.span,
            format!(
                "GitHub Pages answers for {} and not for `mta-sts`, so senders do not find the policy",
                shown(host.name.as_bytes())
            ),
            "not a host that senders ask",
        )
        .severity(severity)
        .related(file.first_line(), "this policy")
        .help(help);
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
            .related(file.first_line(), "this policy")
            .help("answer with the file itself: leave its path out, or rewrite it with status 200");
    }
}
