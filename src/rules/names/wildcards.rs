//! Rules about wildcards that answer for names of mail (RFC 1034, section 4.3.3; RFC 4592).

use crate::{
    diagnostic::Severity,
    name::Name,
    policy::kind::{self, Kind},
    record::{Data, Record, Txt},
    rule::{Findings, Rule, rule},
    rules::{mail::takes_mail, owner::place, wording},
    slip,
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[ANSWERS_MAIL_NAME, MTA_STS_HOST, MX];

/// Whether the zone that a name lies in is stated whole.
fn is_whole(node: &Node<'_>) -> bool {
    node.zone().is_some_and(|zone| zone.whole)
}

rule! {
    /// A wildcard that answers for names of mail policies.
    ///
    /// `*.example.com` also answers for `_dmarc.example.com`, `_mta-sts.example.com` and `_smtp._tls.example.com` where these
    /// do not exist. With a CNAME, whoever asks for the policy gets the texts of another host, which may be anything. Where
    /// the repository tells that none of them is a policy, and for a TXT record that says nothing of mail, the finding is an
    /// info: senders pass over it. A wildcard with DMARC is a matter of `dmarc-wildcard-record`, one with SPF of
    /// `spf-wildcard`. The names of reports and MTA-STS count where the domain takes mail.
    ///
    /// # Severity
    /// A warning; an info where the answer is known to be no policy.
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// * CNAME parking.example.net.
    /// mail A 192.0.2.25
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// www CNAME parking.example.net.
    /// mail A 192.0.2.25
    /// ```
    /// # When to ignore
    /// If the other host has no TXT records.
    /// # Source
    /// RFC 1034, section 4.3.3
    /// RFC 4592, section 2.2.1
    ANSWERS_MAIL_NAME: "wildcard-answers-mail-name", [Warning, Info], None, Node(Holds::ANYTHING, answers_mail_name), once_a_run
}

fn answers_mail_name<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if !node.name().may_hold(b'*') || !node.name().is_wildcard() || !is_whole(node) {
        return;
    }
    let Some((record, label)) = node.records().find_map(|record| Some((record, answering(record)?))) else {
        return;
    };
    let domain = node.name().skip(1);
    let mail = node.ask(&domain, Wanted::Mx).found();
    let takes_mail = mail.is_some_and(|mail| mail.records().any(takes_mail));
    // Mail is sent, and taken, in the name of a domain, and hardly in that of a part of it.
    let is_domain = takes_mail || node.zone().is_some_and(|zone| zone.origin == domain);
    if !is_domain {
        return;
    }
    let names = ["_dmarc", "_mta-sts", "_smtp._tls"].into_iter();
    let asked: Vec<Name> = names
        .filter(|labels| *labels == "_dmarc" || takes_mail)
        .map(|labels| Name::from_labels(labels.split('.').map(Some), Some(&domain)))
        .filter(|name| {
            node.ask(name, Wanted::Any)
                .found()
                .is_some_and(|found| found.name() == node.name())
        })
        .collect();
    let Some(first) = asked.first() else { return };
    let is_harmless = match &record.data {
        Data::Cname(_) => leads_to_no_policy(node.ask(first, Wanted::Txt)),
        _ => record.txt().is_none_or(|txt| written(record, txt).is_none()),
    };
    let shown: Vec<String> = asked.iter().map(|name| format!("`{name}`")).collect();
    let shown = match &shown[..] {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        names => names.join(""),
    };
    let severity = if is_harmless { Severity::Info } else { Severity::Warning };
    findings.about(record);
    findings
        .report(
            place(record),
            format!("whoever asks for {shown} gets what this wildcard says, and not that there is no policy"),
            label,
        )
        .severity(severity)
        .help("name the hosts one by one in place of the wildcard, or publish records at these names");
}

/// The kind of policy that a text is.
fn written(record: &Record, txt: &Txt) -> Option<Kind> {
    kind::of_value(slip::meant_text(record, txt).bytes())
}

/// What a record at a wildcard answers with; `None` where it is no answer, where another rule tells of it, or where it is not
/// known.
fn answering(record: &Record) -> Option<&'static str> {
    if record.many {
        return None;
    }
    match &record.data {
        Data::Cname(_) => Some("a wildcard that leads elsewhere"),
        Data::Txt(txt) if !txt.type99 => {
            let is_told = txt.text.holes().first().is_none_or(|hole| hole.at > 0);
            match written(record, txt) {
                _ if !is_told => None,
                Some(Kind::Dmarc | Kind::Spf) => None,
                Some(kind) => Some(wording::name(kind)),
                None => Some("a text that is no policy"),
            }
        }
        _ => None,
    }
}

/// Whether an answer is known, and has no policy that is looked up at a name of its own.
fn leads_to_no_policy(answer: Answer<'_>) -> bool {
    let is_harmless = |record: &Record| {
        let is_policy = |txt: &Txt| {
            !txt.text.is_complete() || written(record, txt).is_some_and(|kind| !matches!(kind, Kind::Spf | Kind::Dkim))
        };
        !record.txt().is_some_and(is_policy)
    };
    match answer {
        Answer::Found(node) => node.records().all(is_harmless),
        Answer::Absent => true,
        Answer::Unknown => false,
    }
}

rule! {
    /// A host for MTA-STS policies that exists by a wildcard only.
    ///
    /// Senders fetch the policy from `https://mta-sts.example.com`. A wildcard answers for that name as long as nothing else
    /// is at it; it works if the host that it leads to serves this very name, and has a certificate for it.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// * A 192.0.2.80
    /// mail A 192.0.2.25
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// mta-sts A 192.0.2.80
    /// * A 192.0.2.80
    /// mail A 192.0.2.25
    /// ```
    /// # When to ignore
    /// If the policy is served by the host of the wildcard.
    /// # Source
    /// RFC 8461, section 3.3
    /// RFC 1034, section 4.3.3
    MTA_STS_HOST: "wildcard-mta-sts-host", [Info], None, Node(Holds::ANYTHING, mta_sts_host)
}

fn mta_sts_host<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if !node.name().may_hold(b'_') || !node.name().starts_with("_mta-sts") || !is_whole(node) {
        return;
    }
    let is_asked = |record: &&Record| matches!(record.data, Data::Txt(_) | Data::Cname(_));
    let Some(record) = node.records().find(is_asked) else {
        return;
    };
    let host = node.name().skip(1).below("mta-sts");
    let Answer::Found(found) = node.ask(&host, Wanted::Any) else {
        return;
    };
    let is_host = |record: &Record| {
        matches!(
            record.data,
            Data::A(_) | Data::Aaaa(_) | Data::Cname(_) | Data::Other(_)
        )
    };
    let Some(wildcard) = found
        .records()
        .find(|record| found.name().is_wildcard() && is_host(record))
    else {
        return;
    };
    findings.about(record);
    findings
        .report(
            place(record),
            format!(
                "`{host}` exists only by the wildcard `{}`: senders find the policy only if the host behind it serves that name",
                found.name()
            ),
            "senders fetch the policy of this domain",
        )
        .related(place(wildcard), "answers for the host of the policy")
        .help(format!("give `{host}` a record of its own, and a certificate"));
}

rule! {
    /// A wildcard that takes mail for all names, without saying who may send it.
    ///
    /// With `*.example.com MX`, mail to any name that does not exist is taken, and a domain that takes mail looks like one
    /// that sends it. Without a `v=spf1` record at the wildcard, anybody can send mail in any of these names.
    ///
    /// # Bad
    /// ```zone
    /// * MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// * MX 10 mail
    /// * TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If the DMARC record of the domain says `p=reject`, or `np=reject`.
    /// # Source
    /// RFC 1034, section 4.3.3
    /// RFC 7208, section 3.5
    MX: "wildcard-mx", [Info], None, Node(Holds::MX, wildcard_mx), once_a_file
}

fn wildcard_mx<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if !node.name().is_wildcard() {
        return;
    }
    let Some(mx) = node.records().find(|record| takes_mail(record)) else {
        return;
    };
    let may_be_spf = |record: &Record| {
        let is_spf = |txt: &Txt| !txt.text.is_complete() || written(record, txt) == Some(Kind::Spf);
        record.many || record.txt().is_some_and(is_spf) || matches!(record.data, Data::Unknown)
    };
    if node.records().any(may_be_spf) {
        return;
    }
    let domain = node.name().skip(1);
    findings.about(mx);
    findings
        .report(
            place(mx),
            format!(
                "every name below `{domain}` that does not exist takes mail, and anybody can send mail in such a name: no \
                 SPF record stands beside this"
            ),
            "a wildcard",
        )
        .help("add a TXT record `v=spf1 -all` at the wildcard, or name the hosts one by one");
}
