//! Rules about the domains that reports are sent to (RFC 9990, section 4).

use crate::{
    diagnostic::Severity,
    name::Name,
    policy::dmarc::{self, Dmarc, destination::Destination, owner, owner::Role},
    rule::{Finding, Findings, Rule, rule},
    rules::{dmarc::domains::domains, mail::takes_none},
    suffix::Suffixes,
    zones::{Answer, Node, Place, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    EXTERNAL_DESTINATION,
    EXTERNAL_DESTINATION_UNAUTHORIZED,
    URI_UNDELIVERABLE,
];

/// Names the other places of a destination.
fn with_others<'f>(finding: Finding<'f>, dmarc: &Dmarc<'_>, to: &Destination) -> Finding<'f> {
    let places = to.again.iter().filter_map(|at| dmarc.text.span(at.clone()));
    places.fold(finding, |finding, place| finding.related(place, "here too"))
}

/// What the repository tells of whether a domain has agreed to get reports about another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Consent {
    /// It has.
    Given,
    /// There is a record that is meant to say so, and does not.
    Garbled,
    /// It has not.
    Missing,
    /// That is said elsewhere.
    Elsewhere,
}

/// The name at which a destination agrees to get reports about a domain.
fn consent_at(domain: &Name, destination: &Name) -> Name {
    let between = [Some(&b"_report"[..]), Some(b"_dmarc")];
    Name::from_labels(domain.labels().chain(between), Some(destination))
}

fn consent(domain: &Name, destination: &Name, place: &Place<'_>) -> Consent {
    match place.node.ask(&consent_at(domain, destination), Wanted::Txt) {
        Answer::Unknown => Consent::Elsewhere,
        Answer::Absent => Consent::Missing,
        Answer::Found(node) if agrees(&node) => Consent::Given,
        Answer::Found(node) if owner::role(node.name()) == Some(Role::Authorization) => Consent::Garbled,
        // A wildcard that is about something else answers.
        Answer::Found(_) => Consent::Missing,
    }
}

/// Whether a record at a name agrees, or may do so.
fn agrees(node: &Node<'_>) -> bool {
    let texts = node.records().filter_map(|record| record.txt());
    texts
        .map(|txt| &txt.text)
        .any(|text| !text.is_complete() || dmarc::is_candidate(text.bytes()))
}

/// The domains that a policy is for, if any of its destinations is another.
fn foreign_domains(dmarc: &Dmarc<'_>, place: &Place<'_>) -> Vec<Name> {
    let destinations = dmarc.destinations();
    if !dmarc.is_policy() || destinations.is_empty() {
        return Vec::new();
    }
    let domains = domains(dmarc, place);
    match &domains[..] {
        [own] if destinations.iter().all(|to| to.domain == *own) => Vec::new(),
        _ => domains,
    }
}

/// The domains that a policy is for, of another organization than a destination, whose consent is `wanted`.
fn without_consent(destination: &Name, domains: &[Name], place: &Place<'_>, wanted: Consent) -> Vec<Name> {
    // Where nobody can say, it may be one organization. To ask for that takes the longest.
    let is_other = |domain: &Name| place.node.are_of_one_organization(domain, destination) == Some(false);
    let is_wanted =
        |domain: &&Name| *domain != destination && consent(domain, destination, place) == wanted && is_other(domain);
    domains.iter().filter(is_wanted).cloned().collect()
}

/// Whether two domains are of one organization for receivers that follow RFC 7489 and know no `psd`.
fn is_listed_as_one(a: &Name, b: &Name, suffixes: &Suffixes) -> bool {
    suffixes
        .registered(a)
        .is_some_and(|a| suffixes.registered(b) == Some(a))
}

/// A domain, and how many others.
fn and_others(domains: &[Name]) -> String {
    match domains {
        [] => String::new(),
        [first] => format!("`{first}`"),
        [first, _] => format!("`{first}` and 1 more domain"),
        [first, others @ ..] => format!("`{first}` and {} more domains", others.len()),
    }
}

rule! {
    /// Reports that go to another organization.
    ///
    /// The domain of a report address must agree to get reports about a domain of another organization, or receivers send
    /// none there: it publishes a TXT record `v=DMARC1;` at `<domain>._report._dmarc.<destination>`. Providers that analyse
    /// reports do so for their customers. The zone of the destination is not in this repository, so that nobody can see it
    /// here. Each destination is named once.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@reports.example.com"
    /// ```
    /// # When to ignore
    /// If reports arrive.
    /// # Source
    /// RFC 9990, section 4
    /// RFC 9991, section 5
    EXTERNAL_DESTINATION: "dmarc-external-destination", [Info], None, DmarcWithin(external_destination), once_a_run
}

fn external_destination<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let domains = foreign_domains(dmarc, place);
    for to in dmarc.destinations() {
        let others = without_consent(&to.domain, &domains, place, Consent::Elsewhere);
        let (Some(first), Some(span)) = (others.first(), dmarc.text.span(to.at.clone())) else {
            continue;
        };
        let finding = findings
            .report(
                span,
                format!(
                    "reports about {} go to `{}`, and receivers send them only if that domain agrees",
                    and_others(&others),
                    to.domain
                ),
                format!("reports to `{}`", to.domain),
            )
            .help(format!(
                "make sure that there is a TXT record `v=DMARC1;` at `{}`",
                consent_at(first, &to.domain)
            ));
        with_others(finding, dmarc, to);
    }
}

rule! {
    /// Reports to another organization that has not agreed to get them.
    ///
    /// The zone of the report address is in this repository, and has no record that agrees to get reports about this domain.
    /// Receivers send none there. A wildcard `*._report._dmarc` agrees for all domains, but not for those that lie at or
    /// below another name that exists there. A domain with `psd=n` is an organization of its own, also where the address lies
    /// in the domain above; receivers that follow RFC 7489 do not know that, so that it is a warning there.
    ///
    /// # Severity
    /// An error; a warning where receivers of RFC 7489 take both domains for one organization, and send the reports.
    /// # Bad
    /// ```files
    /// ==> example.com.zone <==
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"
    /// ==> example.net.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// ```
    /// # Good
    /// ```files
    /// ==> example.com.zone <==
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"
    /// ==> example.net.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// example.com._report._dmarc TXT "v=DMARC1;"
    /// ```
    /// # When to ignore
    /// If the zone in the repository is not the one that is published.
    /// # Source
    /// RFC 9990, section 4
    /// RFC 9991, section 5
    EXTERNAL_DESTINATION_UNAUTHORIZED: "dmarc-external-destination-unauthorized", [Error, Warning], None,
        DmarcWithin(external_destination_unauthorized)
}

fn external_destination_unauthorized<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let domains = foreign_domains(dmarc, place);
    for to in dmarc.destinations() {
        let others = without_consent(&to.domain, &domains, place, Consent::Missing);
        let (Some(first), Some(span)) = (others.first(), dmarc.text.span(to.at.clone())) else {
            continue;
        };
        let (severity, effect) = match is_listed_as_one(first, &to.domain, &findings.sources().limits.suffixes) {
            true => (
                Severity::Warning,
                "receivers that follow RFC 9990 send none there, those that follow RFC 7489 do",
            ),
            false => (Severity::Error, "receivers send none there"),
        };
        let finding = findings
            .report(
                span,
                format!(
                    "`{}` has not agreed to get reports about {}, so {effect}",
                    to.domain,
                    and_others(&others)
                ),
                "another organization",
            )
            .severity(severity)
            .help(format!(
                "add `{}. TXT \"v=DMARC1;\"` to the zone of `{}`",
                consent_at(first, &to.domain),
                to.domain
            ));
        with_others(finding, dmarc, to);
    }
}

rule! {
    /// A report address in a domain that takes no mail.
    ///
    /// The domain has a null MX (`MX 0 .`), or neither MX nor address, in a zone that is in this repository. No report
    /// arrives there.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 0 .
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@reports.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If the zone in the repository is not the one that is published.
    /// # Source
    /// RFC 7505, section 3
    /// RFC 5321, section 5.1
    URI_UNDELIVERABLE: "dmarc-uri-undeliverable", [Warning], None, DmarcWithin(uri_undeliverable), once_a_run
}

fn uri_undeliverable<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    for to in dmarc.destinations() {
        let Some(why) = takes_none(&to.domain, &place.node) else {
            continue;
        };
        let Some(span) = dmarc.text.span(to.at.clone()) else {
            continue;
        };
        let finding = findings
            .report(
                span,
                format!(
                    "`{}` has {why}: it takes no mail, so no DMARC report arrives",
                    to.domain
                ),
                format!("`{}` takes no mail", to.domain),
            )
            .help("write an address in a domain that takes mail");
        with_others(finding, dmarc, to);
    }
}
