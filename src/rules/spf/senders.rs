//! Rules about domains that take mail, or none, and what their SPF record says (RFC 7208, section 10.1.2; RFC 7505).

use crate::{
    policy::spf,
    record::{Data, Record},
    rule::{Findings, Rule, rule},
    rules::mail::{is_closed_spf, is_null_mx},
    zones::{Answer, Node, Wanted, Zones},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[PARKED_DOMAIN, MISSING_RECORD];

/// The first MX record at a name.
fn mx<'a>(node: &Node<'a>) -> Option<&'a Record> {
    node.records().find(|record| matches!(record.data, Data::Mx(_)))
}

/// The record at a name that is SPF, or is meant to be.
fn spf_at<'a>(node: &Node<'a>) -> Option<&'a Record> {
    let is_spf = |record: &&Record| {
        let text = record.txt().map(|txt| (&txt.text, txt.type99));
        text.is_some_and(|(text, type99)| !type99 && spf::parse(text, &record.owner, type99).is_some())
    };
    node.records().find(is_spf)
}

/// Whether a file that states its zone whole shows that there is no SPF record at a name.
fn lacks_spf(node: &Node<'_>) -> bool {
    if !node.zone().is_some_and(|zone| zone.whole) {
        return false;
    }
    let may_be = |record: &Record| record.txt().is_some_and(|txt| !txt.text.is_complete()) || record.many;
    match node.ask(node.name(), Wanted::Txt) {
        Answer::Absent => true,
        Answer::Found(found) => spf_at(&found).is_none() && !found.records().any(may_be),
        Answer::Unknown => false,
    }
}

rule! {
    /// A domain that takes no mail but lets others send in its name.
    ///
    /// A null MX says that the domain takes no mail, and mail from a domain that nobody can answer is refused by many. `v=spf1
    /// -all` says the same to those who check senders: no host sends mail as this domain.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 .
    /// @ TXT "v=spf1 include:_spf.example.net ~all"
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If the domain does send mail that needs no answer.
    /// # Source
    /// RFC 7208, section 10.1.2
    /// RFC 7505, section 4.2
    PARKED_DOMAIN: "spf-parked-domain", [Info], None, Node(parked_domain)
}

fn parked_domain<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(mx) = mx(node).filter(|_| is_null_mx(node)) else {
        return;
    };
    if node.records().any(is_closed_spf) {
        return;
    }
    let (record, label) = match spf_at(node) {
        Some(record) if record.is_known() => (record, "lets others send"),
        Some(_) => return,
        None if lacks_spf(node) => (mx, "takes no mail"),
        None => return,
    };
    findings.about(record);
    findings
        .report(
            record.span,
            format!(
                "`{}` takes no mail, but no SPF record says that nobody sends mail in its name",
                node.name()
            ),
            label,
        )
        .help("publish the TXT record `v=spf1 -all` there, and no other SPF record");
}

rule! {
    /// A domain that takes mail and has no SPF record.
    ///
    /// Anybody can send mail in the name of the domain, and receivers cannot tell it from its own.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// @ TXT "v=spf1 mx -all"
    /// mail A 192.0.2.1
    /// ```
    /// # When to ignore
    /// If a service adds the record to what this repository has.
    /// # Source
    /// RFC 7208, section 2.1
    /// RFC 7208, section 10.1.2
    MISSING_RECORD: "spf-missing-record", [Info], None, Across(missing_record)
}

fn missing_record<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    for node in zones.apexes() {
        let Some(mx) = mx(&node).filter(|_| !is_null_mx(&node)) else {
            continue;
        };
        if lacks_spf(&node) {
            findings.about_in(mx, node.scan);
            findings
                .report(
                    mx.span,
                    format!(
                        "`{}` takes mail but has no SPF record, so anybody can send mail in its name",
                        node.name()
                    ),
                    "takes mail",
                )
                .help("publish a TXT record there that lists who sends mail, such as `v=spf1 mx -all`");
        }
    }
}
