//! Rules about domains that send mail, or seem to, by what their MX records say.

use crate::{
    name::Name,
    policy::tags,
    record::Record,
    rule::{Findings, Rule, rule},
    rules::{
        mail::{null_mx, takes_mail},
        spf::names::has_no_record,
    },
    spf_tree::{Selection, is_meant},
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[WITHOUT_SPF, NULL_SENDER];

rule! {
    /// A name below the zone's that takes mail and has no SPF record.
    ///
    /// The SPF record of a domain says nothing of the names below it: each name in whose addresses mail is sent needs one of
    /// its own. Without it, anybody can send mail in this name, unless DMARC keeps them from it. A wildcard does not help: it
    /// answers only for names that do not exist, and this one has an MX record. Of the domain itself, `spf-missing-record`
    /// tells.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all"
    /// news MX 10 mx1.example.net.
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all"
    /// news MX 10 mx1.example.net.
    /// news TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// If DMARC refuses mail that is not signed with DKIM.
    /// # Source
    /// RFC 7208, section 10.1.1
    WITHOUT_SPF: "mx-without-spf", [Info], None, Node(Holds::MX, without_spf), once_a_file
}

fn without_spf<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let name = node.name();
    let Some(mx) = node.records().find(|record| takes_mail(record)) else {
        return;
    };
    // A name with an underscore is no domain of an address.
    let is_domain = !name.is_wildcard() && !name.may_hold(b'_');
    if node.is_apex() || !is_domain || Selection::at(node).is_doubtful || !has_no_record(node) {
        return;
    }
    let wildcard = match wildcard_spf(node) {
        Some(wildcard) => format!("; the record at `{wildcard}` does not reach a name that exists"),
        None => String::new(),
    };
    findings.about(mx);
    findings
        .report(
            mx.span,
            format!("`{name}` takes mail and has no SPF record: anybody can send mail in its name{wildcard}"),
            "takes mail",
        )
        .help(format!(
            "add a TXT record at `{name}`: `v=spf1 mx -all`, or `v=spf1 -all` if no mail is sent from it"
        ));
}

/// A wildcard with an SPF record above a name, that would answer if the name did not exist.
fn wildcard_spf(node: &Node<'_>) -> Option<Name> {
    let origin = &node.zone()?.origin;
    let mut above = node.name().parent()?;
    while above.is_within(origin) {
        let wildcard = above.below("*");
        if node.scan.at(&wildcard).any(is_meant) {
            return Some(wildcard);
        }
        above = above.parent()?;
    }
    None
}

rule! {
    /// A domain that takes no mail, but has a DKIM key to sign mail with.
    ///
    /// With a null MX, nobody can answer mail from this domain, nor is told when it cannot be delivered; receivers may refuse
    /// mail from such a domain for that. A key that nobody uses any more is revoked by an empty `p=`.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 .
    /// s._domainkey TXT "v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOC"
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// s._domainkey TXT "v=DKIM1; p="
    /// ```
    /// # When to ignore
    /// If mail is sent from the domain all the same, and arrives.
    /// # Source
    /// RFC 7505, section 4.2
    NULL_SENDER: "null-mx-sender", [Warning], None, Node(Holds::TXT, null_sender)
}

fn null_sender<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let name = node.name();
    if !name.may_hold(b'_') {
        return;
    }
    let label = name.labels().nth(1).flatten();
    if !label.is_some_and(|label| label.eq_ignore_ascii_case(b"_domainkey")) {
        return;
    }
    let Some(key) = node.records().find(|record| is_live_key(record)) else {
        return;
    };
    let domain = name.skip(2);
    let Answer::Found(found) = node.ask(&domain, Wanted::Mx) else {
        return;
    };
    // What a wildcard says is about names without keys.
    let Some(mx) = null_mx(&found).filter(|_| *found.name() == domain) else {
        return;
    };
    findings.about_in(mx, found.scan);
    findings
        .report(
            mx.span,
            format!(
                "`{domain}` takes no mail, but has a DKIM key to sign mail with: receivers may refuse mail from a domain that \
                 nobody can answer"
            ),
            "takes no mail",
        )
        .help("name a host that takes the answers, or revoke the key with an empty `p=`")
        .related(key.span, "a key in use");
}

/// Whether a record at `_domainkey` is a key that is not revoked.
fn is_live_key(record: &Record) -> bool {
    let text = record
        .txt()
        .filter(|txt| !txt.type99 && !record.many)
        .map(|txt| &txt.text);
    let Some(text) = text.filter(|text| text.is_complete()) else {
        return false;
    };
    let tags = tags::read(text, 0..text.len());
    let mut keys = tags.iter().filter(|tag| text.get(tag.name.clone()) == b"p");
    keys.next()
        .is_some_and(|tag| tag.equals.is_some() && !tag.value.is_empty())
}
