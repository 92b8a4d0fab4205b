//! Rules about the names of TLSA records.

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::tlsa,
    record::{Data, Record},
    rule::{Findings, Rule, rule},
    rules::mail::owner_place,
    text::Edit,
    zones::{Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[OWNER_INVALID, NO_MAIL_PORT];

/// The TLSA records of a name.
pub(super) fn records<'a>(node: &Node<'a>) -> impl Iterator<Item = &'a Record> + use<'a> {
    node.records().filter(|record| matches!(record.data, Data::Tlsa(_)))
}

rule! {
    /// A TLSA record at a name that is almost one where it is looked for.
    ///
    /// TLSA records of a service are looked up at `_<port>._tcp.<host>`: first the port, then the transport, each behind an
    /// underscore, and no leading zero. A record at a name that is a little different is found by nobody, and the certificate
    /// is not checked.
    ///
    /// # Bad
    /// ```zone
    /// 25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// ```zone
    /// _tcp._25.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// ```zone
    /// tlsa._dane TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// _25._tcp.mail CNAME tlsa._dane
    /// ```
    /// # When to ignore
    /// If a CNAME at the right name leads to this one.
    /// # Source
    /// RFC 6698, section 3
    OWNER_INVALID: "tlsa-owner-invalid", [Error], Unsafe, Node(Holds::TLSA, owner_invalid)
}

fn owner_invalid<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let name = node.name();
    let Some((meant, count)) = tlsa::meant_service(name).filter(|_| name.is_known()) else {
        return;
    };
    // A name that an alias leads to may be any.
    if node.zones().aliases_of(name).next().is_some() {
        return;
    }
    let Some(record) = records(node).next() else { return };
    let host = name.skip(count);
    let edits = renamed(record, name, &meant, count, findings);
    findings.about(record);
    findings
        .report(
            owner_place(record),
            format!("TLSA records of `{host}` are looked up at `{meant}.{host}`, so nobody finds this one"),
            "almost a port and a transport",
        )
        .help(format!("write `{meant}` in place of the first part"))
        .fix(format!("write `{meant}`"), Safety::Unsafe, edits);
}

/// The edit that writes the first labels of an owner anew. `None` where they do not stand there as they are.
fn renamed(record: &Record, name: &Name, meant: &str, count: usize, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    let own = Name::from_labels(name.labels().take(count), None).to_string();
    let mut span = record.owner_span();
    let written = findings.source(span);
    let is_written = written.len() >= own.len() && written[..own.len()].eq_ignore_ascii_case(own.as_bytes());
    span.end = span.start + own.len() as u32;
    is_written.then(|| {
        vec![Edit {
            span,
            new: meant.to_string(),
        }]
    })
}

rule! {
    /// A mail host with TLSA records for submission, and none for the port where it takes mail.
    ///
    /// Servers that deliver mail to each other do so at port 25, and look for TLSA records there alone. Those at 465, 587 and
    /// 2525 are for the programs of people, which hardly ever look. Said of hosts that an MX record in this repository names.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _587._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// _25._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// _587._tcp.mail TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    /// # When to ignore
    /// If the certificate at port 25 is another, and not to be checked.
    /// # Source
    /// RFC 7672, section 2.2
    NO_MAIL_PORT: "tlsa-no-mail-port", [Info], None, Node(Holds::TLSA, no_mail_port), once_a_file
}

fn no_mail_port<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    const SUBMISSION: [u16; 3] = [465, 587, 2525];
    let Some((port, host)) = tlsa::service(node.name()) else {
        return;
    };
    if !SUBMISSION.contains(&port) || node.zones().exchanges_of(&host).next().is_none() {
        return;
    }
    let Some(record) = records(node).next() else { return };
    if !node.ask(&tlsa::at_host(&host), Wanted::Tlsa).is_absent() {
        return;
    }
    findings.about(record);
    findings
        .report(
            owner_place(record),
            format!("`{host}` takes mail at port 25 and has a TLSA record at port {port} alone: senders check nothing"),
            "not for mail from other servers",
        )
        .help(format!("add the record at `{}`, too", tlsa::at_host(&host)));
}
