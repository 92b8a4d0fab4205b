//! Rules about records that agree to reports about other domains, and what they do among all others (RFC 9990, section 4).

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::{
        dmarc::{
            self, Dmarc,
            owner::{self, Role},
            tag::TagName,
        },
        uri::Kind,
    },
    record::{Record, Txt},
    rule::{Findings, Rule, rule},
    rules::{mail::owner_place, zone::sets::without},
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[RECORD_UNUSED, WILDCARD_SHADOWED];

/// The domain about which reports are agreed to at a name, the destination, and the record that says so.
fn authorization<'a>(node: &Node<'a>) -> Option<(Name, Name, &'a Record)> {
    let name = node.name();
    if !name.may_hold(b'_') || owner::role(name) != Some(Role::Authorization) {
        return None;
    }
    let agrees = |txt: &Txt| !txt.type99 && dmarc::is_candidate(txt.text.bytes());
    let record = node.records().find(|record| record.txt().is_some_and(agrees))?;
    let dmarc = dmarc::parse(&record.txt()?.text, name)?;
    Some((dmarc.domain()?, dmarc.destination()?, record))
}

rule! {
    /// An agreement to get reports about a domain that sends none there.
    ///
    /// The record says that reports about another domain may be sent to this one. The DMARC record of that domain is in this
    /// repository, and names no address here, or there is no such record: nobody asks for the agreement.
    ///
    /// # Bad
    /// ```files
    /// ==> example.net.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// example.com._report._dmarc TXT "v=DMARC1;"
    /// ==> example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```files
    /// ==> example.net.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// example.com._report._dmarc TXT "v=DMARC1;"
    /// ==> example.com.zone <==
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"
    /// ```
    /// # When to ignore
    /// While a domain is on the way here, or from here to somewhere else.
    /// # Source
    /// RFC 9990, section 4
    RECORD_UNUSED: "dmarc-report-record-unused", [Info], None, Node(Holds::TXT, record_unused), once_a_file
}

fn record_unused<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some((domain, destination, record)) = authorization(node) else {
        return;
    };
    if domain.labels().any(|label| label == Some(b"*")) {
        return;
    }
    let policy_at = domain.below("_dmarc");
    let (what, policy) = match node.ask(&policy_at, Wanted::Txt) {
        Answer::Found(found) if names_none_of(&found, &policy_at, &destination) => (
            "the DMARC record of that domain names no address here",
            found.records().next(),
        ),
        Answer::Absent => ("that domain has no DMARC record", None),
        _ => return,
    };
    findings.about(record);
    let finding = findings
        .report(
            owner_place(record),
            format!("`{destination}` agrees to get reports about `{domain}`, but nobody asks: {what}"),
            "an agreement that nobody asks for",
        )
        .help(format!(
            "remove it, or name an address in `{destination}` in the DMARC record of `{domain}`"
        ));
    if let Some(policy) = policy {
        finding.related(policy.span, "names other addresses");
    }
}

/// Whether no record at a name is a policy that sends reports to a destination, for sure.
fn names_none_of(found: &Node<'_>, owner: &Name, destination: &Name) -> bool {
    found.records().filter_map(Record::txt).all(|txt| {
        let is_elsewhere = |dmarc: &Dmarc<'_>| {
            let mut uris = dmarc.uris(TagName::Rua).chain(dmarc.uris(TagName::Ruf));
            uris.all(|uri| match uri.kind {
                Kind::Empty => true,
                _ => uri.host(&dmarc.text).is_some_and(|host| host != *destination),
            })
        };
        txt.text.is_complete() && dmarc::parse(&txt.text, owner).is_none_or(|dmarc| is_elsewhere(&dmarc))
    })
}

rule! {
    /// An agreement to reports that keeps a wildcard from agreeing to others.
    ///
    /// `*._report._dmarc` agrees to reports about all domains, but a wildcard answers only below names that do not exist. With
    /// a record at `example.com._report._dmarc` the name `com._report._dmarc` exists, so that the wildcard does not answer for
    /// any other domain in `com`: receivers send no reports about those.
    ///
    /// # Bad
    /// ```zone example.net.zone
    /// *._report._dmarc TXT "v=DMARC1;"
    /// example.com._report._dmarc TXT "v=DMARC1;"
    /// ```
    /// # Good
    /// ```zone example.net.zone
    /// *._report._dmarc TXT "v=DMARC1;"
    /// ```
    /// # When to ignore
    /// If there is a wildcard at `*.com._report._dmarc`, too.
    /// # Source
    /// RFC 1034, section 4.3.3
    /// RFC 9990, section 4
    WILDCARD_SHADOWED: "dmarc-report-wildcard-shadowed", [Warning], Unsafe,
        Node(Holds::TXT, wildcard_shadowed), once_a_file
}

fn wildcard_shadowed<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some((domain, destination, record)) = authorization(node) else {
        return;
    };
    let is_explicit = domain.label_count() > 1 && !domain.labels().any(|label| label == Some(b"*"));
    if !is_explicit {
        return;
    }
    let holder = Name::from_labels([Some("_report"), Some("_dmarc")], Some(&destination));
    let agrees = |other: &&Record| other.txt().is_some_and(|txt| dmarc::is_candidate(txt.text.bytes()));
    let name = holder.below("*");
    let all = node.ask(&name, Wanted::Txt).found().filter(|all| *all.name() == name);
    let Some(wildcard) = all.and_then(|all| all.records().find(agrees)) else {
        return;
    };
    // All names above the record exist. Where there is a wildcard below the topmost of them, it answers.
    let top = domain.skip(domain.label_count() - 1);
    let beside = Name::from_labels(top.labels(), Some(&holder)).below("*");
    if node.ask(&beside, Wanted::Any).found().is_some() {
        return;
    }
    findings.about(record);
    let next = node
        .followed()
        .find(|(other, _)| other.span == record.span)
        .and_then(|(_, next)| next);
    // One that says more than that it agrees has its own address.
    let is_plain = record
        .txt()
        .is_some_and(|txt| memchr::memchr_iter(b'=', txt.text.bytes()).count() == 1);
    let is_alone = is_plain && !node.has_several();
    let edits = is_alone.then(|| without(record, next, findings)).flatten();
    findings
        .report(
            record.span,
            format!(
                "with this record the wildcard agrees to no reports about other domains in `{top}`, so receivers send none \
                 about them to `{destination}`"
            ),
            format!("makes `{top}` exist below `_report`"),
        )
        .help("remove it: the wildcard agrees for this domain, too")
        .related(wildcard.span, "the wildcard")
        .fix("remove the record", Safety::Unsafe, edits);
}
