//! Rules about which mail hosts have TLSA records (RFC 7672, section 2.2).

use crate::{
    policy::tlsa,
    record::Data,
    rule::{Findings, Rule, rule},
    rules::{
        mail::{owner_place, takes_mail},
        tlsa::owners::records,
    },
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[NOT_MX_HOST, MX_PARTIAL];

rule! {
    /// A TLSA record for mail at the name of the domain, where its mail goes to another host.
    ///
    /// Senders look for TLSA records at the host that the MX record names, not at the domain of the address. A record at
    /// the domain is found by nobody, and the certificate is not checked.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// _25._tcp TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// If other domains, which are not in the repository, name this host in their MX records.
    /// # Source
    /// RFC 7672, section 2.2
    NOT_MX_HOST: "tlsa-not-mx-host", [Warning], None, Node(Holds::TLSA, not_mx_host)
}

fn not_mx_host<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some((25, host)) = tlsa::service(node.name()) else {
        return;
    };
    let Answer::Found(domain) = node.ask(&host, Wanted::Mx) else {
        return;
    };
    // One that is not known may be this host.
    let is_unknown = |data: &Data| match data {
        Data::Mx(mx) => !mx.host.name.is_known(),
        Data::Unknown => true,
        _ => false,
    };
    if domain.records().any(|record| is_unknown(&record.data) || record.many) {
        return;
    }
    let is_own = *domain.name() == host;
    let Some(mx) = domain.records().find(|record| takes_mail(record)).filter(|_| is_own) else {
        return;
    };
    let (Some(record), Some(target)) = (records(node).next(), mx.target()) else {
        return;
    };
    if node.zones().exchanges_of(&host).next().is_some() {
        return;
    }
    findings.about(record);
    findings
        .report(
            owner_place(record),
            format!(
                "mail for `{host}` goes to `{}`, and senders look for TLSA records there: nobody finds this one",
                target.name
            ),
            "no host of an MX record",
        )
        .help(format!("move it to `{}`", tlsa::at_host(&target.name)))
        .related(mx.span, "where the mail goes");
}

rule! {
    /// A domain some of whose mail hosts have TLSA records, and others not.
    ///
    /// Senders check the certificates of the hosts with records. Whoever can make those unreachable gets the mail over the
    /// others, where nothing is checked.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mx1
    /// @ MX 20 mx2
    /// mx1 A 192.0.2.1
    /// mx2 A 192.0.2.2
    /// _25._tcp.mx1 TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mx1
    /// @ MX 20 mx2
    /// mx1 A 192.0.2.1
    /// mx2 A 192.0.2.2
    /// _25._tcp.mx1 TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// _25._tcp.mx2 TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// While the records are being introduced.
    /// # Source
    /// RFC 7672, section 2.2
    MX_PARTIAL: "tlsa-mx-partial", [Info], None, Node(Holds::MX.and(Holds::SEVERAL), mx_partial), once_a_run
}

fn mx_partial<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if !node.zones().has_tlsa() {
        return;
    }
    let (mut with, mut without) = (None, Vec::new());
    for record in node.records() {
        let target = match &record.data {
            Data::Mx(mx) if takes_mail(record) => &mx.host,
            Data::Mx(_) | Data::Unknown => return,
            _ => continue,
        };
        match node.ask(&tlsa::at_host(&target.name), Wanted::Tlsa) {
            Answer::Found(_) => with = with.or(Some(target)),
            // A host that does not exist is a mistake of its own.
            Answer::Absent if node.ask(&target.name, Wanted::Address).is_absent() => {}
            Answer::Absent => without.push((record, target)),
            Answer::Unknown => return,
        }
    }
    let Some(with) = with else { return };
    for (record, target) in without {
        findings.about(record);
        findings
            .report(
                target.at,
                format!(
                    "`{}` has no TLSA record, and `{}` has one: certificates are checked at one host for mail to `{}` and not \
                     at the other",
                    target.name,
                    with.name,
                    node.name()
                ),
                format!("`{}` has no TLSA record", target.name),
            )
            .help(format!("add one at `{}`", tlsa::at_host(&target.name)))
            .related(with.at, "has one");
    }
}
