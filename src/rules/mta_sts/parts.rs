//! Rules about how the parts of MTA-STS in a zone fit: names below the domain, delegation to a provider, TTLs, shared ids.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Safety,
    policy::sts_file::Meaning,
    record::Data,
    rule::{Findings, Rule, rule},
    rules::{
        mail::{null_mx, owner_place},
        ttl::policies::other_ttl,
    },
    span::Span,
    sts::{Id, Sts, StsPolicy, StsRecord},
    zones::{Holds, Node, Wanted, Zones},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[SUBDOMAIN_UNCOVERED, DELEGATED_HALVES, TTL_LONG, ONE_ID];

rule! {
    /// A name with MX records of its own below a domain with MTA-STS.
    ///
    /// MTA-STS is not inherited: for mail to `user@news.example.com`, senders look at `_mta-sts.news.example.com` alone. Without
    /// a record there, mail to that name is as unprotected as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// news MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// news MX 10 mail
    /// _mta-sts.news TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # When to ignore
    /// If the name takes nothing that is worth protecting, such as bounces.
    /// # Source
    /// RFC 8461, section 3.4
    SUBDOMAIN_UNCOVERED: "mta-sts-subdomain-uncovered", [Info], None, Node(Holds::MX, subdomain_uncovered), once_a_file
}

fn subdomain_uncovered<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let name = node.name();
    let zone = node.zone().map(|zone| &zone.origin);
    let Some(zone) = zone.filter(|zone| *zone != name && !name.is_wildcard()) else {
        return;
    };
    let is_absent = |wanted| node.ask(&name.below("_mta-sts"), wanted).is_absent();
    if null_mx(node).is_some() || !is_absent(Wanted::Any) || !is_absent(Wanted::Txt) {
        return;
    }
    let above = (1..=name.label_count() - zone.label_count()).map(|labels| name.skip(labels));
    let announced = above
        .filter_map(|domain| Sts::seen_from(*node, domain).announced)
        .next();
    let record = node.records().find(|record| matches!(record.data, Data::Mx(_)));
    let (Some((announced, _)), Some(record)) = (announced, record) else {
        return;
    };
    findings.about_in(record, node.scan);
    findings
        .report(
            owner_place(record),
            format!(
                "MTA-STS is not inherited, so mail to `{name}` is not protected by the policy of the domain above it"
            ),
            "has MX records of its own",
        )
        .help(format!(
            "publish a record at `{}` and a policy at `{}`",
            name.below("_mta-sts"),
            name.below("mta-sts")
        ))
        .related(announced.span, "does not hold for names below");
}

rule! {
    /// An MTA-STS record and a policy that different organizations look after.
    ///
    /// Whoever changes the policy has to change the `id` in the record, since senders fetch a policy anew only if the `id`
    /// is another. Where the record is an alias of a provider's, and the host leads to somebody else or the policy lies in
    /// this repository, a change of the policy is not noticed until the old one expires.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts CNAME _mta-sts.provider.org.
    /// mta-sts CNAME sites.hoster.net.
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts CNAME _mta-sts.provider.org.
    /// mta-sts CNAME mta-sts.provider.org.
    /// ```
    /// # When to ignore
    /// If the names are those of one organization.
    /// # Source
    /// RFC 8461, section 8.2
    DELEGATED_HALVES: "mta-sts-delegated-halves", [Warning], None, MtaStsWithin(delegated_halves)
}

fn delegated_halves<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    let StsRecord::Alias(_, alias) = sts.record else { return };
    let Some((record, scan)) = sts.announced else { return };
    let Some(target) = alias
        .target()
        .map(|target| &target.name)
        .filter(|target| target.is_known())
    else {
        return;
    };
    findings.about_in(record, scan);
    if let StsPolicy::Here(policy) = sts.policy
        && policy.is_sure()
        && policy.is_policy()
    {
        findings
            .report(
                record.span,
                format!(
                    "the `id` of `{}` is kept by `{target}`, and its policy here, so senders do not notice when the policy \
                     changes",
                    sts.domain
                ),
                "an alias of somebody else's record",
            )
            .help("write a TXT record here, or leave both to the provider")
            .related(policy.read().first_line(), "the policy");
        return;
    }
    let name = sts.host_name();
    let host = sts.ask(&name, Wanted::Any).found().filter(|host| *host.name() == name);
    let host = host.and_then(|host| host.records().find(|record| matches!(record.data, Data::Cname(_))));
    let suffixes = &findings.sources().limits.suffixes;
    let (Some(host), Some(of_record)) = (host, suffixes.registered(target)) else {
        return;
    };
    let Some(of_host) = host.target().and_then(|target| suffixes.registered(&target.name)) else {
        return;
    };
    // What leads to the own domain is led on from there.
    let is_own = |organization| suffixes.registered(&sts.domain).is_some_and(|own| own == organization);
    if of_record == of_host || is_own(of_record.clone()) || is_own(of_host.clone()) {
        return;
    }
    findings
        .report(
            record.span,
            format!(
                "the `id` of `{}` is kept by `{of_record}`, and its policy is served by `{of_host}`, so a change of the \
                 policy may go unnoticed",
                sts.domain
            ),
            format!("leads to `{of_record}`"),
        )
        .help("let both lead to the one who changes the policy")
        .related(host.span, format!("leads to `{of_host}`"));
}

rule! {
    /// An MTA-STS record that is kept in caches for more than a day.
    ///
    /// Senders notice a new policy when they see a new `id`. As long as the old record is in caches, they go on with the old
    /// policy: mail to a new host that it does not list is not delivered.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts 604800 TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts 3600 TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # When to ignore
    /// If the policy never changes.
    /// # Source
    /// RFC 8461, section 8.1
    TTL_LONG: "mta-sts-ttl-long", [Info], Unsafe, MtaStsWithin(ttl_long), once_a_file
}

fn ttl_long<'a>(sts: &Sts<'a>, findings: &mut Findings<'a>) {
    /// A day.
    const LONGEST: u32 = 86_400;
    let Some((record, scan)) = sts.announced else { return };
    let Some(ttl) = record.ttl().filter(|ttl| *ttl > LONGEST) else {
        return;
    };
    findings.about_in(record, scan);
    let edits = other_ttl(record, "3600", findings);
    findings
        .report(
            record.ttl_span().unwrap_or(record.span),
            format!("senders notice a new `id` only after {ttl} seconds, and go on with the old policy until then"),
            format!("{ttl} seconds"),
        )
        .help("write `3600` for an hour")
        .fix("write `3600`", Safety::Unsafe, edits);
}

rule! {
    /// One `id` for several domains whose policies differ.
    ///
    /// The `id` is written once and used for several domains. Whoever changes the policy of one of them changes the `id` of all,
    /// or forgets to change it for this one. Senders fetch each policy anew for each new `id`, which does no harm.
    ///
    /// # Bad
    /// ```files
    /// ==> main.tf <==
    /// locals {
    ///   policy_id = "20240102T0304"
    /// }
    /// resource "aws_route53_record" "net" {
    ///   name    = "_mta-sts.example.net"
    ///   type    = "TXT"
    ///   ttl     = 300
    ///   records = ["v=STSv1; id=${local.policy_id}"]
    /// }
    /// resource "aws_route53_record" "com" {
    ///   name    = "_mta-sts.example.com"
    ///   type    = "TXT"
    ///   ttl     = 300
    ///   records = ["v=STSv1; id=${local.policy_id}"]
    /// }
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.example.net/mta-sts.txt <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```files
    /// ==> main.tf <==
    /// resource "aws_route53_record" "net" {
    ///   name    = "_mta-sts.example.net"
    ///   type    = "TXT"
    ///   ttl     = 300
    ///   records = ["v=STSv1; id=20240102T0304"]
    /// }
    /// resource "aws_route53_record" "com" {
    ///   name    = "_mta-sts.example.com"
    ///   type    = "TXT"
    ///   ttl     = 300
    ///   records = ["v=STSv1; id=20240102T0304"]
    /// }
    /// ==> mta-sts.example.com/mta-sts.txt <==
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ==> mta-sts.example.net/mta-sts.txt <==
    /// version: STSv1
    /// mode: testing
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If a tool makes the `id` of all policies together.
    /// # Source
    /// RFC 8461, section 3.1
    ONE_ID: "mta-sts-one-id-many-policies", [Info], None, Across(one_id)
}

fn one_id<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    let mut by_place: BTreeMap<Span, (Id<'a>, Sts<'a>, &Meaning, bool)> = BTreeMap::new();
    let policies = zones.policies().filter(|policy| !policy.is_alternative());
    let all = policies.flat_map(|policy| policy.domains().iter().map(move |domain| (policy, domain)));
    for (policy, domain) in all {
        let sts = Sts::of(policy, domain);
        let (Some(id), Some(meaning)) = (sts.id(), policy.meaning()) else {
            continue;
        };
        let Some(place) = id.span() else { continue };
        match by_place.get_mut(&place) {
            None => _ = by_place.insert(place, (id, sts, meaning, false)),
            Some((_, first, other, is_told)) if *other != meaning && first.domain != *domain && !*is_told => {
                *is_told = true;
                report_one_id(first, &sts, &id, place, findings);
            }
            Some(_) => {}
        }
    }
}

fn report_one_id<'a>(first: &Sts<'a>, second: &Sts<'a>, id: &Id<'a>, place: Span, findings: &mut Findings<'a>) {
    let of = |sts: &Sts<'a>| match sts.policy {
        StsPolicy::Here(policy) => Some(policy.read().first_line()),
        _ => None,
    };
    findings.about_in(id.record, id.node.scan);
    let mut finding = findings
        .report(
            place,
            format!(
                "this is the `id` of `{}` and of `{}`, whose policies differ: a change of one of them has senders fetch both, \
                 or none",
                first.domain, second.domain
            ),
            "one `id` for several policies",
        )
        .help("write an `id` for each policy");
    for sts in [first, second] {
        if let Some(policy) = of(sts) {
            finding = finding.related(policy, format!("the policy of `{}`", sts.domain));
        }
    }
}
