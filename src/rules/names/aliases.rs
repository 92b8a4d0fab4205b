//! Rules about names of policies that are aliases.

use crate::{
    policy::kind,
    record::{Data, Record},
    rule::{Findings, Rule, rule},
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MAIL_RECORD_AND_CNAME];

rule! {
    /// A CNAME and a TXT record at the name of a policy.
    ///
    /// A CNAME says that a name is only another word for a second name, and then nothing else may be said of it. Services
    /// refuse one of the two, or all that is to be published with them; where both are, resolvers give one or the other, and
    /// nobody can tell which policy receivers see. In zone files, `zone-cname-and-other-data` reports that of any name.
    ///
    /// # Bad
    /// ```files
    /// ==> dns/config/production.yaml <==
    /// providers:
    ///   config:
    ///     class: octodns.provider.yaml.YamlProvider
    ///     directory: ./zones
    /// ==> dns/zones/example.com.yaml <==
    /// _dmarc:
    ///   - type: CNAME
    ///     value: _dmarc.example.net.
    ///   - type: TXT
    ///     value: v=DMARC1\; p=reject
    /// ```
    /// # Good
    /// ```files
    /// ==> dns/config/production.yaml <==
    /// providers:
    ///   config:
    ///     class: octodns.provider.yaml.YamlProvider
    ///     directory: ./zones
    /// ==> dns/zones/example.com.yaml <==
    /// _dmarc:
    ///   type: CNAME
    ///   value: _dmarc.example.net.
    /// ```
    /// # When to ignore
    /// If only one of the two is ever published.
    /// # Source
    /// RFC 1034, section 3.6.2
    /// RFC 2181, section 10.1
    MAIL_RECORD_AND_CNAME: "mail-record-and-cname", [Error], None, Node(Holds::TXT.and(Holds::CNAME), mail_record_and_cname)
}

fn mail_record_and_cname<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(kind) = kind::of_owner(node.name()).filter(|_| !node.scan.is_zone_file()) else {
        return;
    };
    let find = |is_it: fn(&Record) -> bool| node.records().find(|record| !record.many && is_it(record));
    let cname = find(|record| matches!(record.data, Data::Cname(_)));
    let txt = find(|record| record.txt().is_some());
    let (Some(cname), Some(txt)) = (cname, txt) else { return };
    findings.about(cname);
    findings
        .report(
            cname.span,
            format!(
                "`{}` has a CNAME and a TXT record, of which only one can be published, so nobody can tell which {} record \
                 is seen",
                node.name(),
                kind.name()
            ),
            "nothing may stand beside a CNAME",
        )
        .related(txt.span, "a TXT record at the same name")
        .help("keep the CNAME or the TXT record");
}
