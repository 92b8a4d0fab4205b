//! Rules about which domains reports are about, and which they are sent to.

use crate::{
    name::Name,
    policy::{
        kind::{self, Kind},
        tls_rpt::{self, TlsRpt},
    },
    record::Record,
    rule::{Findings, Rule, rule},
    rules::mail::{owner_place, takes_none},
    slip,
    zones::{Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[WITHOUT_MX, RUA_UNDELIVERABLE];

/// Calls `see` for each TLS-RPT record at a name, if it is one where such records are looked for.
fn each_record<'a>(node: &Node<'a>, mut see: impl FnMut(&TlsRpt<'_>, &'a Record)) {
    let name = node.name();
    if kind::of_owner(name) != Some(Kind::TlsRpt) {
        return;
    }
    for record in node.records() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        let text = slip::meant_text(record, txt);
        if kind::of_value(text.bytes()) == Some(Kind::TlsRpt) {
            see(&tls_rpt::parse(&text, name.skip(2)), record);
        }
    }
}

rule! {
    /// A TLS-RPT record for a name without mail.
    ///
    /// Senders report on the mail that they deliver. To a name that has neither MX record nor address nobody delivers any, so
    /// that nobody looks at the record.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.net"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mx.example.net.
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.net"
    /// ```
    /// # When to ignore
    /// If the domain is about to take mail.
    /// # Source
    /// RFC 8460, section 3
    WITHOUT_MX: "tls-rpt-without-mx", [Info], None, Node(Holds::TXT, without_mx), once_a_file
}

fn without_mx<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    each_record(node, |rpt, record| {
        let domain = &rpt.domain;
        let takes_none = || node.ask(domain, Wanted::Mx).is_absent() && node.ask(domain, Wanted::Address).is_absent();
        if domain.is_wildcard() || !takes_none() {
            return;
        }
        findings.about(record);
        findings
            .report(
                owner_place(record),
                format!("`{domain}` has neither MX record nor address, so nobody sends TLS reports about it"),
                "reports about mail that nobody gets",
            )
            .help("remove the record, or move it to the domain that takes mail");
    });
}

rule! {
    /// A report address in a domain that takes no mail.
    ///
    /// The domain has a null MX (`MX 0 .`), or neither MX nor address, in a zone that is in this repository. No report
    /// arrives there.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mx.example.net.
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@reports.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mx.example.net.
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// If the zone in the repository is not the one that is published.
    /// # Source
    /// RFC 8460, section 3
    /// RFC 7505, section 3
    /// RFC 5321, section 5.1
    RUA_UNDELIVERABLE: "tls-rpt-rua-undeliverable", [Warning], None, Node(Holds::TXT, rua_undeliverable), once_a_run
}

fn rua_undeliverable<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    each_record(node, |rpt, record| {
        let text = rpt.record.text;
        let mut seen: Vec<Name> = Vec::new();
        for (domain, at) in rpt.uris().filter_map(|uri| uri.mail_domain(text)) {
            let Some(why) = takes_none(&domain, node).filter(|_| !seen.contains(&domain)) else {
                continue;
            };
            let Some(span) = text.span(at) else { continue };
            findings.about(record);
            findings
                .report(
                    span,
                    format!("`{domain}` has {why}: it takes no mail, so no TLS report arrives"),
                    format!("`{domain}` takes no mail"),
                )
                .help("write an address in a domain that takes mail");
            seen.push(domain);
        }
    });
}
