//! Rules about which hosts of the MX records a policy lists (RFC 8461, sections 4.1 and 5).

use std::ops::Range;

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::sts_file::{
        StsFile, mx,
        value::{Known, Mode},
    },
    record::{Mx, Record},
    rule::{Findings, Rule, rule},
    rules::zone::dots::lacks_dot,
    sts::{Exchanges, Sts, StsPolicy},
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[UNCOVERED, UNUSED];

/// How many other places are shown.
const SHOWN: usize = 5;

rule! {
    /// A host of the MX records that the MTA-STS policy does not list.
    ///
    /// Senders compare the name in the MX record with the `mx` lines of the policy; `*.` stands for exactly one label. With
    /// `mode: enforce` they do not deliver to a host that no line lists: what would go there waits, and is returned if no other
    /// host takes it. With `mode: testing` they deliver and report a failure.
    ///
    /// # Severity
    /// An error for `mode: enforce`; a warning for `mode: testing`, with which mail still arrives.
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ MX 10 mail
    /// @ MX 20 backup.example.net.
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ MX 10 mail
    /// @ MX 20 backup.example.net.
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// mx: *.example.net
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If the host is there for senders without MTA-STS alone.
    /// # Source
    /// RFC 8461, section 4.1
    /// RFC 8461, section 5
    UNCOVERED: "mta-sts-mx-uncovered", [Error, Warning], Unsafe, StsFileWithin(uncovered)
}

fn uncovered<'a>(file: &StsFile<'a>, sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let StsPolicy::Here(policy) = sts.policy else { return };
    let listed = policy.listed().filter(|listed| listed.mode != Mode::None);
    let (Some(listed), Some(exchanges)) = (listed, sts.exchanges()) else {
        return;
    };
    for (record, mx, host) in hosts(&exchanges, findings) {
        if listed.covers(&host) {
            continue;
        }
        let host = host.to_string().to_ascii_lowercase();
        let (severity, effect) = match listed.mode {
            Mode::Enforce => (Severity::Error, "senders that obey it deliver no mail there"),
            _ => (
                Severity::Warning,
                "senders report failures now, and would deliver no mail there with `mode: enforce`",
            ),
        };
        findings.about_in(record, exchanges.node.scan);
        let mut finding = findings
            .report(
                mx.host.at,
                format!(
                    "the MTA-STS policy of `{}` does not list `{host}`, so {effect}",
                    sts.domain
                ),
                "not in the policy",
            )
            .severity(severity);
        finding = match mx::is_pattern(host.as_bytes()) {
            true => finding
                .help(format!("add a line `mx: {host}` to the policy, and change the id"))
                .fix(
                    format!("add `mx: {host}` to the policy"),
                    Safety::Unsafe,
                    add(file, &host),
                ),
            false => finding.help("give the host a name of letters, digits and hyphens: a policy can list no others"),
        };
        for place in places(file) {
            finding = finding.related(file.span(place), "the policy lists this");
        }
    }
}

/// The MX records with their hosts, as the repair of a missing final dot would leave them.
fn hosts<'a>(exchanges: &Exchanges<'a>, findings: &Findings<'_>) -> Vec<(&'a Record, &'a Mx, Name)> {
    let scan = exchanges.node.scan;
    let host = |record, mx: &Mx| match lacks_dot(record, scan, findings) {
        Some((_, meant, _)) => meant,
        None => mx.host.name.clone(),
    };
    let known = exchanges.known.iter();
    known.map(|(record, mx)| (*record, *mx, host(record, mx))).collect()
}

/// The lines of the policy that list hosts, or the one that tells the mode where none does.
fn places(file: &StsFile<'_>) -> Vec<Range<usize>> {
    let hosts: Vec<Range<usize>> = file
        .all(Known::Mx)
        .map(|(_, field)| field.value.clone())
        .take(SHOWN)
        .collect();
    match hosts.is_empty() {
        true => file
            .first(Known::Mode)
            .map(|(_, field)| field.value.clone())
            .into_iter()
            .collect(),
        false => hosts,
    }
}

/// The edits that add a host to those that are listed.
fn add(file: &StsFile<'_>, host: &str) -> Option<Vec<Edit>> {
    match file.all(Known::Mx).last() {
        Some((line, _)) => file.rewrite(line.at.end..line.at.end, format!("{}mx: {host}", file.usual_end())),
        None => file.append_line(&format!("mx: {host}")),
    }
}

rule! {
    /// A line of an MTA-STS policy that lists no host of the MX records.
    ///
    /// The line was left behind, or is misspelt: then the host that was meant is not listed, and senders deliver nothing to it.
    /// A host that nobody has any more may be taken over by somebody else, whom the policy then lets take the domain's mail.
    ///
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// mx: old.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// mx: *.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// While hosts change: a new host is listed before its MX record comes, and an old one stays until its record is out of all
    /// caches.
    /// # Source
    /// RFC 8461, section 4.1
    /// RFC 8461, section 10.4
    UNUSED: "mta-sts-policy-mx-unused", [Warning], None, StsFileWithin(unused)
}

fn unused<'a>(file: &StsFile<'a>, sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let StsPolicy::Here(policy) = sts.policy else { return };
    // A policy of several domains lists the hosts of all of them.
    if policy.domains().first() != Some(&sts.domain) {
        return;
    }
    let exchanges = |domain| {
        Sts::of(policy, domain)
            .exchanges()
            .filter(|exchanges| exchanges.are_all)
    };
    let all: Option<Vec<Exchanges<'a>>> = policy.domains().iter().map(exchanges).collect();
    let mode = sts.mode().filter(|mode| *mode != Mode::None);
    let (Some(all), Some(listed), Some(mode)) = (all, file.meant_hosts(), mode) else {
        return;
    };
    let all: Vec<(&Record, &Mx, Name)> = all.iter().flat_map(|one| hosts(one, findings)).collect();
    let names: Vec<String> = all.iter().map(|(_, _, host)| host.to_string()).collect();
    let is_used = |pattern: &[u8]| names.iter().any(|host| mx::matches(pattern, host.as_bytes()));
    if all.is_empty() {
        return;
    }
    let is_none_used = !listed.iter().any(|(_, pattern)| is_used(pattern));
    let domain = match policy.domains().len() {
        1 => format!("`{}`", sts.domain),
        others => format!("`{}` and {} more", sts.domain, others - 1),
    };
    let effect = match mode {
        Mode::Enforce => "senders that obey it deliver no mail at all",
        _ => "each delivery is reported as a failure",
    };
    for (at, pattern) in listed.iter().filter(|(_, pattern)| !is_used(pattern)) {
        let host = String::from_utf8_lossy(pattern);
        let message = match is_none_used {
            true => format!(
                "the policy lists none of the hosts in the MX records of {domain}, and `{host}` is none of them: {effect}"
            ),
            false => format!(
                "`{host}` is in no MX record of {domain}, so either the host that was meant is not listed, or whoever gets \
                 this name may take the domain's mail"
            ),
        };
        let mut finding = findings
            .report(file.span(at.clone()), message, "no MX record has this host")
            .help("correct the name; if the host took mail before, remove the line once its MX record is out of all caches");
        for (_, mx, _) in all.iter().take(SHOWN) {
            finding = finding.related(mx.host.at, "a host that takes mail");
        }
    }
}
