//! Rules about what a domain with MTA-STS has in its zone: the host of the policy, the record, mail at all, and reports.

use crate::{
    diagnostic::Severity,
    name::Name,
    policy::{kind::Kind, sts_file::value::Mode},
    record::{Data, Record, Scan},
    rule::{Findings, Rule, rule},
    rules::mail::{null_mx, owner_place},
    sts::{Sts, StsPolicy, StsRecord},
    zones::{Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    HOST_MISSING,
    RECORD_MISSING,
    POLICY_MISSING,
    WITHOUT_MX,
    NULL_MX,
    WITHOUT_TLS_RPT,
];

/// Whether a domain takes no mail for sure: it has neither MX nor address.
fn has_no_mail(sts: &Sts<'_>) -> bool {
    let is_absent = |wanted| sts.ask(&sts.domain, wanted).is_absent();
    is_absent(Wanted::Mx) && is_absent(Wanted::Address) && is_absent(Wanted::Cname)
}

/// The null MX of a domain.
fn null_mx_of<'a>(sts: &Sts<'a>) -> Option<&'a Record> {
    let node = sts.ask(&sts.domain, Wanted::Mx).found()?;
    null_mx(&node).filter(|_| *node.name() == sts.domain)
}

rule! {
    /// A domain with an MTA-STS record and without the host that senders fetch the policy from.
    ///
    /// The record says that there is a policy, and senders ask `https://mta-sts.example.com` for it. The zone has no such name,
    /// so they get none: the domain is one without MTA-STS, and an attacker on the way can read its mail or send it elsewhere.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// ```
    /// # When to ignore
    /// If something adds the host to what this repository has.
    /// # Source
    /// RFC 8461, section 3.2
    HOST_MISSING: "mta-sts-host-missing", [Error], None, MtaStsWithin(host_missing)
}

fn host_missing<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let host = sts.host_name();
    // Where no mail goes, the record is too much, and not the host too little.
    let has_mail = || !has_no_mail(sts) && null_mx_of(sts).is_none();
    let is_absent = || sts.host().is_absent() && sts.ask(&host, Wanted::Cname).is_absent();
    let Some((record, scan)) = sts.announced.filter(|_| is_absent() && has_mail()) else {
        return;
    };
    findings.about_in(record, scan);
    findings
        .report(
            owner_place(record),
            format!(
                "`{host}` does not exist, so senders get no policy and treat `{}` as a domain without MTA-STS",
                sts.domain
            ),
            "says that there is a policy",
        )
        .help(format!(
            "add an address or a CNAME record at `{host}`, for the host that serves the policy over HTTPS"
        ));
}

rule! {
    /// An MTA-STS policy, or the host for one, without the record that announces it.
    ///
    /// Senders look for a record at `_mta-sts` first, and fetch the policy only if there is one. Without it, the policy is
    /// never read, and an attacker on the way can read the mail of the domain or send it elsewhere.
    ///
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mta-sts A 192.0.2.80
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mta-sts A 192.0.2.80
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// ==> mta-sts.example.com/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// While MTA-STS is being set up: the policy comes first, the record last.
    /// # Source
    /// RFC 8461, section 3
    /// RFC 8461, section 8.1
    RECORD_MISSING: "mta-sts-record-missing", [Warning], None, Node(Holds::MX, record_missing)
}

fn record_missing<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let domain = node.name();
    let is_absent = || {
        let name = domain.below("_mta-sts");
        let is_absent = |wanted| node.ask(&name, wanted).is_absent();
        is_absent(Wanted::Any) && is_absent(Wanted::Txt) && !node.zones().has_stray(Kind::MtaSts, domain)
    };
    if null_mx(node).is_some() || node.name().is_wildcard() || !is_absent() {
        return;
    }
    let policies = node.policies_of(domain);
    let mut policies = policies.iter().filter(|policy| policy.mode() != Some(Mode::None));
    let help = format!(
        "publish `v=STSv1; id=` and a new id at `{}`, once the policy can be fetched",
        domain.below("_mta-sts")
    );
    if let Some(policy) = policies.find(|policy| policy.is_policy()) {
        let file = policy.read();
        findings
            .report(
                file.first_line(),
                format!("nothing announces this policy of `{domain}`, so no sender fetches it"),
                format!("no record at `{}`", domain.below("_mta-sts")),
            )
            .help(help);
    } else if let Some((record, scan)) = policy_host(node, domain) {
        findings.about_in(record, scan);
        findings
            .report(
                owner_place(record),
                format!("`{domain}` has a host for an MTA-STS policy that nothing announces, so no sender fetches it"),
                format!("no record at `{}`", domain.below("_mta-sts")),
            )
            .help(help);
    }
}

/// The record with which the host of a domain's policy is in the zone itself.
fn policy_host<'a>(node: &Node<'a>, domain: &Name) -> Option<(&'a Record, &'a Scan)> {
    let name = domain.below("mta-sts");
    let host = node
        .ask(&name, Wanted::Any)
        .found()
        .filter(|host| *host.name() == name)?;
    let is_host = |record: &&Record| matches!(record.data, Data::A(_) | Data::Aaaa(_) | Data::Cname(_));
    Some((host.records().find(is_host)?, host.scan))
}

rule! {
    /// A domain whose MTA-STS record and host are in the repository, and whose policy is not.
    ///
    /// The site of the policy host is published from this repository, but there is no policy in it. Senders that find none
    /// treat the domain as one without MTA-STS.
    ///
    /// # Bad
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> site/CNAME <==
    /// mta-sts.example.com
    /// ```
    /// # Good
    /// ```files
    /// ==> zones/example.com.zone <==
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ==> site/CNAME <==
    /// mta-sts.example.com
    /// ==> site/.well-known/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If a build writes the policy.
    /// # Source
    /// RFC 8461, section 3.2
    POLICY_MISSING: "mta-sts-policy-missing", [Info], None, MtaStsWithin(policy_missing)
}

fn policy_missing<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let is_here = matches!(sts.record, StsRecord::Here(..)) && sts.is_hosted_here();
    let Some((record, scan)) = sts.announced.filter(|_| is_here) else {
        return;
    };
    // The only policy of a repository may be for it, without anything that tells so.
    if !matches!(sts.policy, StsPolicy::NotHere) {
        return;
    }
    findings.about_in(record, scan);
    findings
        .report(
            record.span,
            format!(
                "the site of `{}` is published from this repository without a policy, so senders treat `{}` as a domain \
                 without MTA-STS",
                sts.host_name(),
                sts.domain
            ),
            "says that there is a policy",
        )
        .help("add the policy as `.well-known/mta-sts.txt` to the site");
}

rule! {
    /// An MTA-STS record of a domain that takes no mail.
    ///
    /// The domain has neither an MX record nor an address, so no sender delivers to it, and none ever looks at the record. It
    /// was left behind, or stands at another domain than was meant.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 -all"
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// ```
    /// # When to ignore
    /// If something adds MX records to what this repository has.
    /// # Source
    /// RFC 8461, section 2
    /// RFC 8461, section 8.3
    WITHOUT_MX: "mta-sts-without-mx", [Warning], None, MtaStsWithin(without_mx)
}

fn without_mx<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let Some((record, scan)) = sts.announced.filter(|_| has_no_mail(sts)) else {
        return;
    };
    findings.about_in(record, scan);
    findings
        .report(
            record.span,
            format!(
                "`{}` has neither MX records nor an address, so no sender ever looks at its MTA-STS record",
                sts.domain
            ),
            "of a domain without mail",
        )
        .help(
            "remove the record; if the domain took mail before, publish the policy with `mode: none` until the old one has \
             expired everywhere",
        );
}

rule! {
    /// An MTA-STS record of a domain that says it takes no mail.
    ///
    /// A null MX ends all delivery, so there is nothing that a policy could protect. Senders that still know an old policy
    /// look for the hosts in it, and may keep mail in their queues instead of returning it at once.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 .
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// ```
    /// # When to ignore
    /// Until an old policy has expired everywhere, if the policy says `mode: none` and is not in this repository.
    /// # Source
    /// RFC 7505, section 3
    /// RFC 8461, section 8.3
    NULL_MX: "null-mx-with-mta-sts", [Warning], None, MtaStsWithin(null_mx_with_mta_sts)
}

fn null_mx_with_mta_sts<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    if sts.mode() == Some(Mode::None) {
        return;
    }
    let (Some((record, scan)), Some(mx)) = (sts.announced, null_mx_of(sts)) else {
        return;
    };
    findings.about_in(record, scan);
    findings
        .report(
            record.span,
            format!(
                "`{}` takes no mail, so an MTA-STS policy protects nothing, and senders that know an old one may keep mail in \
                 their queues",
                sts.domain
            ),
            "announces a policy for mail",
        )
        .help("publish the policy with `mode: none` and a new id, and remove both when the old policy has expired everywhere")
        .related(mx.span, "takes no mail");
}

rule! {
    /// A domain with MTA-STS and without reports about it.
    ///
    /// Senders report failures of TLS and of policies to the addresses in a record at `_smtp._tls`. Without it, nobody tells
    /// that mail does not come through; and `mode: testing` tests nothing, since its only effect is such reports.
    ///
    /// # Severity
    /// A warning for `mode: testing`, which does nothing without reports; info for `mode: enforce`, and where the policy is not
    /// in the repository.
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// mta-sts A 192.0.2.80
    /// ```
    /// # When to ignore
    /// If nobody would read the reports.
    /// # Source
    /// RFC 8461, section 6
    /// RFC 8460, section 3
    WITHOUT_TLS_RPT: "mta-sts-without-tls-rpt", [Warning, Info], None, MtaStsWithin(without_tls_rpt), once_a_file
}

fn without_tls_rpt<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let name = sts.domain.below("_tls").below("_smtp");
    let is_absent = || {
        let is_absent = |wanted| sts.ask(&name, wanted).is_absent();
        is_absent(Wanted::Any) && is_absent(Wanted::Txt)
    };
    let mode = sts.mode();
    // What takes no mail, or withdraws its policy, needs no reports.
    let is_in_use = || mode != Some(Mode::None) && null_mx_of(sts).is_none() && !has_no_mail(sts);
    let Some((record, scan)) = sts.announced.filter(|_| is_in_use() && is_absent()) else {
        return;
    };
    if sts.has_stray(Kind::TlsRpt) {
        return;
    }
    let (severity, message) = match mode {
        Some(Mode::Testing) => (
            Severity::Warning,
            format!(
                "the MTA-STS policy of `{}` is tested, but there is no TLS-RPT record, so nobody reports what the test finds",
                sts.domain
            ),
        ),
        _ => (
            Severity::Info,
            format!(
                "`{}` has MTA-STS and no TLS-RPT record, so nobody reports mail that the policy stops",
                sts.domain
            ),
        ),
    };
    findings.about_in(record, scan);
    findings
        .report(record.span, message, "MTA-STS, and no reports")
        .severity(severity)
        .help(format!(
            "publish `v=TLSRPTv1; rua=mailto:` and an address for reports at `{name}`"
        ));
}
