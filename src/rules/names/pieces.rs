//! Rules about policies that are written as several records.

use crate::{
    policy::kind::Kind,
    record::{Record, Scan},
    rule::{Findings, Rule, rule},
    slip,
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[RECORD_IN_PIECES];

rule! {
    /// One policy broken into several records.
    ///
    /// Each value of a list, and each TXT line, is a record of its own. The strings *inside* one record are joined without
    /// anything between them; records never are, and they come in any order. Receivers read the one that begins with the
    /// version, without the rest: senders are missing from SPF, a DMARC policy lacks its tags, and mail signed with half of a
    /// DKIM key fails. A text is taken for a piece only if it holds nothing but terms, tags or the rest of a key that the
    /// record before can go on with. All other rules judge the policy as if it were whole.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net"
    /// @ TXT "include:_spf.example.org -all"
    /// ```
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB"
    /// s1._domainkey TXT "gQC7vJ0V8wIDAQAB"
    /// ```
    /// ```hcl
    /// resource "aws_route53_record" "dmarc" {
    ///   zone_id = "Z0EXAMPLE"
    ///   name    = "_dmarc.example.com"
    ///   type    = "TXT"
    ///   ttl     = 3600
    ///   records = ["v=DMARC1; p=reject", "rua=mailto:dmarc@example.com"]
    /// }
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net " "include:_spf.example.org -all"
    /// @ TXT "site-verification=abc123"
    /// ```
    /// ```hcl
    /// resource "aws_route53_record" "dmarc" {
    ///   zone_id = "Z0EXAMPLE"
    ///   name    = "_dmarc.example.com"
    ///   type    = "TXT"
    ///   ttl     = 3600
    ///   records = ["v=DMARC1; p=reject; rua=mailto:dmarc@example.com"]
    /// }
    /// ```
    /// # When to ignore
    /// If a program joins the values before they are published.
    /// # Source
    /// RFC 7208, section 3.3
    /// RFC 6376, section 3.6.2.2
    /// RFC 1035, section 3.3.14
    RECORD_IN_PIECES: "record-in-pieces", [Error], None, File(record_in_pieces)
}

/// What happens to mail.
fn outcome(kind: Kind) -> &'static str {
    match kind {
        Kind::Spf => "receivers read the first one alone, and miss the senders in the rest",
        Kind::Dkim => "receivers find no whole key, and signatures fail",
        Kind::Dmarc => "receivers read the first one alone, and know nothing of what the rest says",
        Kind::MtaSts => "senders treat the domain as one without MTA-STS",
        Kind::TlsRpt => "nobody sends TLS reports",
        Kind::Bimi => "no mailbox shows the logo",
    }
}

fn record_in_pieces<'a>(_: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    let records = &scan.records;
    for number in 0..records.len() {
        let Some(pieces) = slip::pieces(records, number).filter(|pieces| pieces.numbers[0] == number) else {
            continue;
        };
        let count = pieces.numbers.len();
        let mut parts = pieces.numbers.iter().map(|number| &records[*number]);
        let (Some(first), Some(second)) = (parts.next(), parts.next()) else {
            continue;
        };
        // Elements of one list are told apart by their texts.
        let place = |record: &Record| {
            let text = record.txt().and_then(|txt| txt.text.whole());
            text.unwrap_or(record.span)
        };
        findings.about(second);
        let mut finding = findings
            .report(
                place(second),
                format!(
                    "the {} record of `{}` is broken into {count} records, so {}",
                    pieces.kind.name(),
                    first.owner,
                    outcome(pieces.kind)
                ),
                "goes on with the record before, but is one of its own",
            )
            .help(
                "write it as one value; a text over 255 bytes is split into strings inside that value: \
                 `\"...\" \"...\"` in a zone file, `...\\\"\\\"...` in a Terraform list for Route 53",
            )
            .related(place(first), "begins here");
        for other in parts {
            finding = finding.related(place(other), "this belongs to it, too");
        }
    }
}
