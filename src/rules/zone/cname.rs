//! Rules about CNAME records: nothing may stand beside one.

use crate::{
    record::{Data, Record},
    rule::{self, Findings, Rule, rule},
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[CNAME_AND_OTHER_DATA, CNAME_MULTIPLE, CNAME_AT_APEX];

/// The CNAME records of a name, but for those that a template makes.
fn cnames<'a, 'n>(node: &'n Node<'a>) -> impl Iterator<Item = &'a Record> + 'n {
    node.records()
        .filter(|record| matches!(record.data, Data::Cname(_)) && !record.many)
}

/// Whether a name is the apex of a zone whose SOA stands in the same file.
fn is_apex(node: &Node<'_>) -> bool {
    let name = node.name();
    node.scan.zones.iter().any(|zone| zone.has_soa && zone.origin == *name)
}

rule! {
    /// A CNAME beside other records.
    ///
    /// A CNAME says that a name is only another word for a second name, and then nothing else may be said of it. BIND, NSD
    /// and Knot DNS refuse the whole zone, so that all of the domain's mail records go missing with it. Signatures (RRSIG,
    /// NSEC) may stand beside a CNAME.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc CNAME _dmarc.example.net.
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc CNAME _dmarc.example.net.
    /// ```
    /// # When to ignore
    /// Never in a zone file: no server loads it.
    /// # Source
    /// RFC 1034, section 3.6.2
    /// RFC 2181, section 10.1
    CNAME_AND_OTHER_DATA: "zone-cname-and-other-data", [Error], None, Node(Holds::CNAME.and(Holds::SEVERAL), cname_and_other_data)
}

fn cname_and_other_data<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(cname) = cnames(node).next() else { return };
    // What stands at the apex is said by `zone-cname-at-apex`.
    if is_apex(node) {
        return;
    }
    let is_other = |record: &Record| {
        let excepted = ["RRSIG", "NSEC", "SIG", "KEY", "NXT", "TYPE46", "TYPE47"];
        !record.many
            && !matches!(record.data, Data::Cname(_) | Data::Unknown)
            && !excepted.contains(&&*rule::kind(record, findings.sources()))
    };
    let Some(other) = node.records().find(|record| is_other(record)) else {
        return;
    };
    let beside = format!("a {} record at the same name", rule::kind(other, findings.sources()));
    findings.about(cname);
    findings
        .report(
            cname.span,
            format!(
                "`{}` has a CNAME and other records, so servers refuse the whole zone",
                node.name()
            ),
            "nothing may stand beside a CNAME",
        )
        .related(other.span, beside)
        .help("keep the CNAME or the other records");
}

rule! {
    /// Two CNAME records at one name.
    ///
    /// A name can be another word for one name only. BIND, NSD and Knot DNS refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey CNAME s1.dkim.example.net.
    /// s1._domainkey CNAME s1.dkim.example.org.
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey CNAME s1.dkim.example.net.
    /// s2._domainkey CNAME s1.dkim.example.org.
    /// ```
    /// # When to ignore
    /// Never in a zone file: no server loads it.
    /// # Source
    /// RFC 1034, section 3.6.2
    /// RFC 2181, section 10.1
    CNAME_MULTIPLE: "zone-cname-multiple", [Error], None, Node(Holds::CNAME.and(Holds::SEVERAL), cname_multiple)
}

fn cname_multiple<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let targets = cnames(node).filter_map(|record| {
        let target = record.target().filter(|target| target.name.is_known())?;
        Some((record, &target.name))
    });
    let mut targets = targets.peekable();
    let Some((first, name)) = targets.peek().copied() else {
        return;
    };
    let Some((second, _)) = targets.find(|(_, other)| *other != name) else {
        return;
    };
    findings.about(second);
    findings
        .report(
            second.span,
            format!(
                "`{}` has two CNAME records, so servers refuse the whole zone",
                node.name()
            ),
            "the second CNAME",
        )
        .related(first.span, "the first")
        .help("keep one of them");
}

rule! {
    /// A CNAME at the apex of a zone.
    ///
    /// The apex has the SOA and NS records of the zone, and nothing may stand beside a CNAME. BIND, NSD and Knot DNS refuse
    /// the whole zone. Some providers offer records such as `ALIAS` instead, which they resolve themselves.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ CNAME host.example.net.
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ A 192.0.2.1
    /// ```
    /// # When to ignore
    /// When the file is read by a provider that resolves such a CNAME itself, and by no name server.
    /// # Source
    /// RFC 1034, section 3.6.2
    CNAME_AT_APEX: "zone-cname-at-apex", [Error], None, Node(Holds::CNAME, cname_at_apex)
}

fn cname_at_apex<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(cname) = cnames(node).next().filter(|_| is_apex(node)) else {
        return;
    };
    let soa = node.records().find(|record| matches!(record.data, Data::Soa(_)));
    findings.about(cname);
    let finding = findings
        .report(
            cname.span,
            format!(
                "a CNAME at the apex of the zone `{}`, so servers refuse the whole zone",
                node.name()
            ),
            "nothing may stand beside a CNAME",
        )
        .help("write the addresses of the target as A and AAAA records");
    if let Some(soa) = soa {
        finding.related(soa.span, "the zone's SOA stands at the same name");
    }
}
