//! Rules about domains that take mail, and what their zone has beside a DMARC record (RFC 9989, sections 5.1, 7.4 and 8).

use std::collections::BTreeSet;

use crate::{
    name::Name,
    policy::{
        dmarc::{self, Dmarc, tag::TagName, value::Policy},
        kind::{self, Kind},
        spf,
    },
    record::{Data, Record},
    rule::{Findings, Rule, rule},
    rules::mail::{is_closed_spf, is_null_mx},
    slip,
    span::Span,
    zones::{Answer, Node, Wanted, Zones},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MISSING_RECORD, ENFORCE_WITHOUT_AUTH, REJECT_SPF_ONLY];

/// The first MX record at a name, if the domain takes mail.
fn mx<'a>(node: &Node<'a>) -> Option<&'a Record> {
    let mx = node.records().find(|record| matches!(record.data, Data::Mx(_)));
    mx.filter(|_| !is_null_mx(node))
}

/// The SPF record at a name.
fn spf_at<'a>(node: &Node<'a>) -> Option<&'a Record> {
    let is_spf = |record: &&Record| {
        let txt = record.txt().filter(|txt| !txt.type99);
        txt.is_some_and(|txt| spf::parse(&txt.text, &record.owner, false).is_some())
    };
    node.records().find(is_spf)
}

/// Whether there is no SPF record at the name for sure.
fn lacks_spf(node: &Node<'_>) -> bool {
    let is_unknown = |record: &Record| record.many || record.txt().is_some_and(|txt| !txt.text.is_complete());
    spf_at(node).is_none() && !node.records().any(is_unknown)
}

/// Whether something at a name, or at `dmarc` below it, was meant to be its DMARC record: a rule of its own tells that.
fn is_misplaced(apex: &Node<'_>) -> bool {
    let is_dmarc = |node: Node<'_>| {
        let mut texts = node.records().filter_map(|record| record.txt());
        texts.any(|txt| kind::of_value(txt.text.bytes()) == Some(Kind::Dmarc))
    };
    let below = apex.name().below("dmarc");
    is_dmarc(*apex) || apex.ask(&below, Wanted::Txt).found().is_some_and(is_dmarc)
}

rule! {
    /// A domain that takes or sends mail and has no DMARC record.
    ///
    /// Receivers do not check that the sender people see is the one that SPF and DKIM vouch for, so anybody can send mail that
    /// looks like the domain's; and nobody reports such mail. Large receivers refuse mail in bulk from domains without DMARC.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If a service adds the record to what this repository has.
    /// # Source
    /// RFC 9989, section 8
    MISSING_RECORD: "dmarc-missing-record", [Info], None, Across(missing_record)
}

fn missing_record<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    for apex in zones.apexes() {
        let sends = || spf_at(&apex).filter(|record| !is_closed_spf(record));
        let Some(record) = mx(&apex).or_else(sends) else {
            continue;
        };
        let owner = apex.name().below("_dmarc");
        if apex.ask(&owner, Wanted::Any).is_absent()
            && apex.ask(&owner, Wanted::Txt).is_absent()
            && !is_misplaced(&apex)
        {
            findings.about_in(record, apex.scan);
            findings
                .report(
                    record.span,
                    format!(
                        "`{}` has no DMARC record, so receivers cannot tell forged mail in its name from its own",
                        apex.name()
                    ),
                    "mail, and no DMARC",
                )
                .help(format!(
                    "publish `v=DMARC1; p=none; rua=mailto:` and an address for reports at `{owner}`, and a stricter \
                     policy once the reports are clean"
                ));
        }
    }
}

/// A zone whose DMARC record enforces a policy, and that has no DKIM key.
struct Enforced<'a> {
    apex: Node<'a>,
    record: &'a Record,
    scan: &'a crate::record::Scan,
    policy: Policy,
    at: Span,
}

/// The zones, stated whole, that take mail, whose DMARC record enforces a policy, and in which there is nothing of DKIM.
fn enforced<'a>(zones: &'a Zones<'a>) -> Vec<Enforced<'a>> {
    let mut found: Vec<Enforced<'a>> = zones.apexes().filter_map(enforced_at).collect();
    if !found.is_empty() {
        let signing = signing(zones);
        found.retain(|one| !signing.contains(one.apex.name()));
    }
    found
}

fn enforced_at(apex: Node<'_>) -> Option<Enforced<'_>> {
    mx(&apex)?;
    let keys = apex.name().below("_domainkey");
    let is_whole = apex.zone().is_some_and(|zone| zone.whole);
    let Answer::Found(node) = apex.ask(&apex.name().below("_dmarc"), Wanted::Txt) else {
        return None;
    };
    // What a wildcard stands for may be there, too.
    if !is_whole || !apex.ask(&keys.below("x"), Wanted::Txt).is_absent() {
        return None;
    }
    let mut records = node.records().filter(|record| record.txt().is_some());
    let (record, None) = (records.next()?, records.next()) else {
        return None;
    };
    let text = slip::meant_text(record, record.txt()?);
    let dmarc: Dmarc<'_> = dmarc::parse(&text, &record.owner)?;
    let policy = dmarc
        .domain_policy()
        .filter(|policy| *policy != Policy::None && dmarc.is_candidate())?;
    let at = dmarc.text.span(dmarc.tag(TagName::P)?.value.clone())?;
    Some(Enforced {
        apex,
        record,
        scan: node.scan,
        policy,
        at,
    })
}

/// The domains below which there is something of DKIM.
fn signing(zones: &Zones<'_>) -> BTreeSet<Name> {
    let owners = zones
        .scans()
        .flat_map(|scan| scan.records.iter().map(|record| &record.owner));
    let owners = owners.filter(|owner| owner.may_hold(b'_'));
    let domain = |owner: &Name| {
        let is_key = |label: Option<&[u8]>| label.is_some_and(|label| label.eq_ignore_ascii_case(b"_domainkey"));
        let at = owner.labels().position(is_key)?;
        Some(owner.skip(at + 1))
    };
    owners.filter_map(domain).collect()
}

rule! {
    /// A policy that is enforced where no mail can pass.
    ///
    /// DMARC passes mail that SPF or DKIM vouches for. The zone has neither an SPF record nor anything of DKIM, so receivers
    /// put all mail of the domain into the spam folder, or refuse it.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If the domain sends no mail.
    /// # Source
    /// RFC 9989, section 5.1.1
    /// RFC 9989, section 5.1.2
    ENFORCE_WITHOUT_AUTH: "dmarc-enforce-without-auth", [Warning], None, Across(enforce_without_auth)
}

fn enforce_without_auth<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    for one in enforced(zones).into_iter().filter(|one| lacks_spf(&one.apex)) {
        let domain = one.apex.name();
        findings.about_in(one.record, one.scan);
        findings
            .report(
                one.at,
                format!(
                    "`{domain}` has neither SPF nor DKIM, so none of its mail passes DMARC, and receivers do with all of it \
                     what this policy says"
                ),
                "nothing can pass",
            )
            .help("publish an SPF record and DKIM keys before a policy is enforced");
    }
}

rule! {
    /// `p=reject` that rests on SPF alone.
    ///
    /// SPF does not survive forwarding: mail that goes through a mailing list or to a forwarded mailbox comes from another
    /// host. A signature of DKIM does survive. Without one, receivers refuse such mail.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// s1._domainkey CNAME s1.dkim.example.net.
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If mail of the domain is signed in the name of another part of the organization.
    /// # Source
    /// RFC 9989, section 7.4
    /// RFC 9989, section 8
    REJECT_SPF_ONLY: "dmarc-reject-spf-only", [Warning], None, Across(reject_spf_only)
}

fn reject_spf_only<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    for one in enforced(zones).into_iter().filter(|one| one.policy == Policy::Reject) {
        let Some(spf) = spf_at(&one.apex) else { continue };
        if !spf.is_known() || one.apex.records().any(is_closed_spf) {
            continue;
        }
        findings.about_in(one.record, one.scan);
        findings
            .report(
                one.at,
                format!(
                    "`{}` has SPF but nothing of DKIM, so receivers refuse its mail wherever it is forwarded",
                    one.apex.name()
                ),
                "rests on SPF alone",
            )
            .help("sign the mail by DKIM and publish the keys, or write `p=none` until then")
            .related(spf.span, "does not survive forwarding");
    }
}
