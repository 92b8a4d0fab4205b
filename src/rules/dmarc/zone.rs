//! Rules about domains that take mail, and what their zone has beside a DMARC record (RFC 9989, sections 5.1, 7.4 and 8).

use crate::{
    name::Name,
    policy::{
        dmarc::{self, Dmarc, tag::TagName, value::Policy},
        kind::{self, Kind},
        spf,
    },
    record::{Data, Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    rules::{
        mail::{is_closed_spf, null_mx},
        parked::domains::is_parked,
    },
    slip,
    span::Span,
    zones::{Answer, Node, Wanted, Zones},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MISSING_RECORD, ENFORCE_WITHOUT_AUTH, REJECT_SPF_ONLY];

/// The first MX record at a name, if the domain takes mail.
fn mx<'a>(node: &Node<'a>) -> Option<&'a Record> {
    let mx = node.records().find(|record| matches!(record.data, Data::Mx(_)));
    mx.filter(|_| null_mx(node).is_none())
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

/// Calls `see` for each record that lies at or below one of some names, with the number of that name.
fn each_within<'a>(zones: &'a Zones<'a>, names: &[&Name], mut see: impl FnMut(usize, &'a Record, &'a Scan)) {
    let mut wanted: Vec<(u64, usize)> = names
        .iter()
        .enumerate()
        .map(|(index, name)| (name.key(), index))
        .collect();
    wanted.sort_unstable();
    if wanted.is_empty() {
        return;
    }
    let mut keys = Vec::new();
    for scan in zones.scans() {
        for record in &scan.records {
            record.owner.keys(&mut keys);
            for key in &keys {
                let start = wanted.partition_point(|name| name.0 < *key);
                for (_, index) in wanted[start..].iter().take_while(|name| name.0 == *key) {
                    see(*index, record, scan);
                }
            }
        }
    }
}

rule! {
    /// A domain that takes or sends mail and has no DMARC record.
    ///
    /// Receivers do not check that the sender people see is the one that SPF and DKIM vouch for, so anybody can send mail that
    /// looks like the domain's; and nobody reports such mail. Large receivers refuse mail in bulk from domains without DMARC.
    /// Domains below that of an organization are left out: for them its record counts.
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
    // A record at the wrong name is a finding of its own.
    let is_elsewhere = |apex: &Node<'_>| zones.has_stray(Kind::Dmarc, apex.name());
    let missing = zones.apexes().filter_map(without_record);
    for (apex, record) in missing.filter(|(apex, _)| !is_elsewhere(apex)) {
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
                "publish `v=DMARC1; p=none; rua=mailto:` and an address for reports at `{}`, and a stricter policy once \
                 the reports are clean",
                apex.name().below("_dmarc")
            ));
    }
}

/// A domain that takes or sends mail and for which there is no DMARC record, with a record that shows the mail.
fn without_record(apex: Node<'_>) -> Option<(Node<'_>, &Record)> {
    let sends = || spf_at(&apex).filter(|record| !is_closed_spf(record));
    let record = mx(&apex).or_else(sends)?;
    let owner = apex.name().below("_dmarc");
    let is_absent = apex.ask(&owner, Wanted::Any).is_absent() && apex.ask(&owner, Wanted::Txt).is_absent();
    // Below the domain of an organization, that domain's record counts.
    let is_covered = || apex.organization_of(apex.name()) != *apex.name();
    (is_absent && !is_covered() && !is_parked(&apex)).then_some((apex, record))
}

/// A zone whose DMARC record enforces a policy, and in which there is nothing of DKIM.
struct Enforced<'a> {
    apex: Node<'a>,
    record: &'a Record,
    scan: &'a Scan,
    policy: Policy,
    at: Span,
    /// Whether mail may pass by the SPF record of the domain or of one below it.
    has_spf: bool,
}

/// The zones, stated whole, that take mail, whose DMARC record enforces a policy, and in which there is nothing of DKIM, also
/// not for a domain below: relaxed alignment accepts its signatures.
fn enforced<'a>(zones: &'a Zones<'a>) -> Vec<Enforced<'a>> {
    let unsigned = zones.apexes().filter(|apex| !signs_by_itself(apex));
    let mut found: Vec<Enforced<'a>> = unsigned.filter_map(enforced_at).collect();
    let names: Vec<&Name> = found.iter().map(|one| one.apex.name()).collect();
    let mut seen = vec![(false, false); names.len()];
    each_within(zones, &names, |index, record, _| {
        let (dkim, spf) = &mut seen[index];
        *dkim |= may_sign(record, names[index]);
        *spf |= may_authorize(record, names[index]);
    });
    let mut seen = seen.into_iter();
    found.retain_mut(|one| {
        let (dkim, spf) = seen.next().unwrap_or_default();
        one.has_spf = spf;
        !dkim
    });
    found
}

/// Whether something of DKIM is in the zone, which is the only one of its file. Most zones need not be looked at any further.
fn signs_by_itself(apex: &Node<'_>) -> bool {
    let name = apex.name();
    let is_in_it = |record: &Record| may_sign(record, name) && record.owner.is_within(name);
    apex.scan.zones.len() == 1 && apex.scan.records.iter().any(is_in_it)
}

/// Whether a record in a zone is something of DKIM, or leads to where that may be.
fn may_sign(record: &Record, apex: &Name) -> bool {
    let is_key = |label: Option<&[u8]>| label.is_some_and(|label| label.eq_ignore_ascii_case(b"_domainkey"));
    let has_key = || record.owner.may_hold(b'_') && record.owner.labels().any(is_key);
    leads_away(record, apex) || has_key()
}

/// Whether a record in a zone is an SPF record that lets somebody send, or leads to where one may be.
fn may_authorize(record: &Record, apex: &Name) -> bool {
    let may_be_spf = |txt: &Txt| !txt.text.is_complete() || kind::of_value(txt.text.bytes()) == Some(Kind::Spf);
    match &record.data {
        Data::Txt(txt) => !txt.type99 && may_be_spf(txt) && !is_closed_spf(record),
        // Services that send mail have a name below the domain lead to their SPF record. A host name has no underscore.
        Data::Cname(target) => {
            let is_host = record.owner.first().is_none_or(|label| !label.starts_with(b"_"));
            is_host && !record.owner.starts_with("www") && !target.name.is_within(apex)
        }
        _ => leads_away(record, apex),
    }
}

/// Whether what is at or below the name of a record stands in another zone, or is not known.
fn leads_away(record: &Record, apex: &Name) -> bool {
    match &record.data {
        Data::Ns(_) => record.owner != *apex,
        Data::Dname(_) | Data::Unknown => true,
        _ => false,
    }
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
        has_spf: false,
    })
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
    let is_lost = |one: &Enforced<'_>| !one.has_spf && lacks_spf(&one.apex);
    for one in enforced(zones).into_iter().filter(is_lost) {
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
