//! Rules about policies at names where nobody looks for them.

use std::borrow::Cow;

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::{
        kind::Kind,
        near_miss::{NearMiss, ToldBy, is_made_to_keep, near_miss, right_owner},
    },
    record::{Data, Record},
    rule::{Findings, Rule, rule},
    rules::{
        owner::{place, rename},
        wording::{MTA_STS, TLS_RPT},
    },
    slip,
    text::Text,
    zones::{Holds, Node, Stray, Told, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[RECORD_AT_WRONG_NAME, OWNER_NEAR_MISS];

/// What happens to mail where a policy of this kind is not found.
fn lost(kind: Kind) -> &'static str {
    match kind {
        Kind::Spf => "receivers do not know who may send mail of the domain",
        Kind::Dkim => "signatures with this key are not worth anything",
        Kind::Dmarc => "receivers treat the domain as one without DMARC",
        Kind::MtaSts => MTA_STS.lost,
        Kind::TlsRpt => TLS_RPT.lost,
        Kind::Bimi => "no mailbox shows the logo",
    }
}

/// The records of a name that strayed, with what they were meant to be and the names that they were meant to be at.
fn strays<'a>(node: &Node<'a>) -> impl Iterator<Item = (&'a Record, Stray, Cow<'a, Name>)> {
    node.records().filter_map(|record| {
        let owner = slip::meant_owner(record, node.scan);
        let text: Option<Cow<'_, Text>> = record.txt().map(|txt| slip::meant_text(record, txt));
        let stray = node.stray(record, &owner, text.as_deref())?;
        Some((record, stray, owner))
    })
}

/// Whether something is at a name already.
fn is_taken(node: &Node<'_>, name: &Name) -> bool {
    node.scan.at(name).next().is_some() || node.ask(name, Wanted::Any).found().is_some()
}

rule! {
    /// A policy at a name where nobody looks for its kind.
    ///
    /// What a TXT record says tells what it was meant to be: `v=STSv1` belongs at `_mta-sts.example.com`, `v=TLSRPTv1` at
    /// `_smtp._tls.example.com`, `v=BIMI1` at `default._bimi.example.com`. At the domain itself, at `mta-sts` without its
    /// underscore, or at a name from an early draft, nobody asks for it, and the domain is treated as one without. A `CNAME`
    /// at the right name may lead to any other.
    /// DMARC and DKIM have `dmarc-wrong-owner` and `dkim-wrong-owner`.
    ///
    /// # Severity
    /// An error; a warning if something is at the right name, too, so that nothing is lost; an info at a name that looks as if it
    /// was made for a `CNAME` to lead to, or to put the record aside.
    /// # Bad
    /// ```zone
    /// mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// ```zone
    /// @ TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// ```zone
    /// _smtp-tlsrpt TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// ```zone
    /// _mta-sts CNAME sts.policies
    /// sts.policies TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # When to ignore
    /// If a `CNAME` in a zone that is kept elsewhere leads to the record.
    /// # Source
    /// RFC 8461, section 3.1
    /// RFC 8460, section 3
    RECORD_AT_WRONG_NAME: "record-at-wrong-name", [Error, Warning, Info], Unsafe, Node(Holds::TXT, record_at_wrong_name)
}

fn record_at_wrong_name<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    for (record, stray, owner) in strays(node).filter(|(_, stray, _)| stray.told == Told::Text) {
        let kind = stray.kind;
        findings.about(record);
        if is_made_to_keep(kind, &owner) {
            findings
                .report(
                    place(record),
                    format!(
                        "this {} record is found only if a `CNAME` leads to `{owner}`, and none in these files does",
                        kind.name()
                    ),
                    "not a name at which it is looked up",
                )
                .severity(Severity::Info)
                .help("let the names that it is for lead here with a `CNAME`, or remove it");
            continue;
        }
        let Some(right) = meant_owner(node, kind, &owner) else {
            continue;
        };
        let is_taken = is_taken(node, &right);
        let outcome = if is_taken {
            "this record does nothing"
        } else {
            lost(kind)
        };
        let edits = rename(node, record, &right, findings);
        findings
            .report(
                place(record),
                format!("nobody looks for {} at `{owner}`, so {outcome}", kind.name()),
                format!("not a name at which {} is looked up", kind.name()),
            )
            .severity(if is_taken { Severity::Warning } else { Severity::Error })
            .help(help(&right, is_taken))
            .fix(format!("move it to `{right}`"), Safety::Unsafe, edits);
    }
}

/// The name that a policy was meant to be at. A name of its own below the domain is none that takes mail.
fn meant_owner(node: &Node<'_>, kind: Kind, owner: &Name) -> Option<Name> {
    if let Some(miss) = near_miss(owner).filter(|miss| miss.kind == kind) {
        return Some(miss.right);
    }
    let is_service = |label: Option<&[u8]>| label.is_some_and(|label| label.starts_with(b"_"));
    let own = owner
        .labels()
        .enumerate()
        .filter(|(_, label)| is_service(*label))
        .last();
    let domain = owner.skip(own.map_or(0, |(at, _)| at + 1));
    let takes_mail = || node.ask(&domain, Wanted::Mx).found().is_some();
    let domain = match node.zone() {
        Some(zone) if own.is_none() && domain.is_within(&zone.origin) && !takes_mail() => zone.origin.clone(),
        _ => domain,
    };
    right_owner(kind, &domain).filter(|_| !domain.is_root())
}

fn help(right: &Name, is_taken: bool) -> String {
    match is_taken {
        true => format!("remove it: something is at `{right}` already"),
        false => format!("move it to `{right}`"),
    }
}

rule! {
    /// A name that was meant to be one at which a policy is looked up.
    ///
    /// `_mta_sts`, `_dmarc_`, `_smtp-tls` or `s1._domainkeys` are like the right names, and nobody asks for them: whatever is
    /// there, a `CNAME` to a provider or a text that a template fills in, is never seen. The same holds for a right name with
    /// the name of the zone behind it twice. Names that hosts and services have, too, such as `dmarc` or `_smtp`, are reported
    /// only if what is there tells.
    ///
    /// # Severity
    /// An error; a warning if something is at the right name, too, so that nothing is lost.
    /// # Bad
    /// ```zone
    /// _mta_sts CNAME _mta-sts.example.net.
    /// ```
    /// ```zone
    /// dmarc CNAME _dmarc.example.net.
    /// ```
    /// ```zone
    /// _smtp_tls TXT "rua=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts CNAME _mta-sts.example.net.
    /// _dmarc CNAME _dmarc.example.net.
    /// ```
    /// ```zone
    /// dmarc CNAME dashboard.example.net.
    /// _smtp TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// If a service asks for something else at this very name.
    /// # Source
    /// RFC 8461, section 3.1
    /// RFC 8460, section 3
    /// RFC 9989, section 4.5
    /// RFC 6376, section 3.6.2.1
    OWNER_NEAR_MISS: "owner-near-miss", [Error, Warning], Unsafe, Node(Holds::ANYTHING, owner_near_miss)
}

fn owner_near_miss<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    // By far the most names are like none of them.
    if near_miss(node.name()).is_none() {
        return;
    }
    let found = strays(node).find_map(|(record, stray, owner)| match stray.told {
        Told::Owner(miss) => Some((record, miss, owner)),
        Told::Text | Told::Family => None,
    });
    let Some((record, miss, owner)) = found else { return };
    let (kind, right) = (miss.kind, &miss.right);
    let is_taken = is_taken(node, right);
    let outcome = if is_taken {
        "what is there does nothing"
    } else {
        lost(kind)
    };
    let edits = (!node.has_several())
        .then(|| rename(node, record, right, findings))
        .flatten();
    findings.about(record);
    findings
        .report(
            place(record),
            format!("{}, so {outcome}", unfound(&miss, record, &owner)),
            format!("not `{right}`"),
        )
        .severity(if is_taken { Severity::Warning } else { Severity::Error })
        .help(help(right, is_taken))
        .fix(format!("move it to `{right}`"), Safety::Unsafe, edits);
}

/// Why nobody finds a policy at a name.
fn unfound(miss: &NearMiss, record: &Record, owner: &Name) -> String {
    let kind = miss.kind.name();
    let other = owner.skip(1);
    match (miss.told_by, miss.kind) {
        (ToldBy::Domain, Kind::Dmarc) => {
            format!("`{owner}` is asked about mail from `{other}`, which does not exist")
        }
        (ToldBy::Domain, _) => format!("`{owner}` is asked about mail to `{other}`, which takes none"),
        _ if matches!(record.data, Data::Cname(_)) => {
            format!("nobody looks for {kind} at `{owner}` and follows this `CNAME`")
        }
        _ => format!("nobody looks for {kind} at `{owner}`"),
    }
}
