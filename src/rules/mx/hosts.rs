//! Rules about the hosts of MX records whose zones are in the repository.

use crate::{
    diagnostic::Safety,
    name::Name,
    presentation,
    record::{Data, Target},
    rule::{Findings, Rule, rule},
    rules::{
        mx::targets::{address, exchanges, other_host},
        zone::dots::lacks_dot,
    },
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[CNAME, MISSING];

/// How many aliases are followed; resolvers follow no more.
const ALIASES_MAX: usize = 16;

/// The CNAME record of a name, and the node that has it, if it has nothing else.
fn alias<'a>(node: &Node<'a>, name: &Name) -> Option<(Node<'a>, &'a Target)> {
    let found = node.ask(name, Wanted::Cname).found()?;
    let mut targets = found.records().map(|record| match &record.data {
        Data::Cname(target) if !record.many => Some(&**target),
        _ => None,
    });
    let first = targets.next()??;
    // Beside other records, no server loads it.
    targets
        .all(|other| other.is_some_and(|other| other.name == first.name))
        .then_some((found, first))
}

/// The name that a chain of CNAME records ends at.
fn canonical(node: &Node<'_>, first: &Target) -> Option<Name> {
    let mut name = first.name.clone();
    for _ in 0..ALIASES_MAX {
        if !name.is_known() {
            return None;
        }
        match alias(node, &name) {
            Some((_, target)) => name = target.name.clone(),
            None => return Some(name),
        }
    }
    None
}

rule! {
    /// An MX record whose host is an alias.
    ///
    /// The name in an MX record must be that of a host and own addresses itself. Senders may refuse to follow a CNAME there;
    /// others deliver to the name that it leads to, and then the certificate, MTA-STS and DANE are asked of that name.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 10 mail
    /// mail CNAME mx1.example.net.
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mx1.example.net.
    /// mail CNAME mx1.example.net.
    /// ```
    /// # When to ignore
    /// If the provider asks for it, and mail arrives.
    /// # Source
    /// RFC 2181, section 10.3
    /// RFC 5321, section 5.1
    CNAME: "mx-target-cname", [Error], Unsafe, Node(Holds::MX, cname)
}

fn cname<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    for (record, mx) in exchanges(node) {
        let host = &mx.host.name;
        let Some((found, target)) = alias(node, host) else {
            continue;
        };
        let canonical = canonical(node, target).filter(|canonical| !canonical.is_root());
        let has_dot = findings.source(mx.host.at).ends_with(b".") || mx.host.relative || node.scan.is_zone_file();
        let new = canonical.map(|canonical| match has_dot {
            true => presentation::name(&canonical),
            false => canonical.to_string(),
        });
        let edits = new
            .as_ref()
            .and_then(|new| Some(vec![other_host(&mx.host, new, findings)?]));
        let new = match &new {
            Some(new) => format!("write `{new}`"),
            None => "write the name of a host with addresses of its own".to_string(),
        };
        let alias = found.records().next().unwrap_or(record);
        let what = match found.name().is_wildcard() {
            true => format!("an alias by the wildcard `{}`", found.name()),
            false => "an alias".to_string(),
        };
        findings.about_in(record, node.scan);
        findings
            .report(
                mx.host.at,
                format!(
                    "the MX record of `{}` names `{host}`, which is {what} of `{}`: some senders do not deliver to an alias",
                    node.name(),
                    target.name
                ),
                "an alias",
            )
            .help(new.clone())
            .related(alias.span, "the alias")
            .fix(new, Safety::Unsafe, edits);
    }
}

rule! {
    /// An MX record whose host does not exist.
    ///
    /// The host lies in a zone that is stated whole in this repository, and has no address there: neither A nor AAAA, nor
    /// anything else that answers with one, no delegation and no wildcard. Senders cannot deliver to it. If it is the only
    /// host, they return the mail.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 gone
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ MX 10 mail
    /// mail AAAA 2001:db8::25
    /// ```
    /// # When to ignore
    /// If something adds the host to the zone that is published.
    /// # Source
    /// RFC 5321, section 5.1
    MISSING: "mx-target-missing", [Error], None, Node(Holds::MX, missing)
}

fn missing<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    for (record, mx) in exchanges(node) {
        let host = &mx.host.name;
        // An address, an alias and a forgotten dot are mistakes of their own.
        let is_missing = matches!(node.ask(host, Wanted::Address), Answer::Absent)
            && node.ask(host, Wanted::Cname).is_absent()
            && address(&mx.host, findings).is_none()
            && lacks_dot(record, node.scan, findings).is_none();
        if !is_missing {
            continue;
        }
        let written = findings.shown(mx.host.at);
        let help = match mx.host.relative && written.contains('.') {
            true => format!("add an A record for `{host}`, or write `{written}.` with a final dot if that is the host"),
            false => format!("add an A or AAAA record for `{host}`, or remove the MX record"),
        };
        findings.about(record);
        findings
            .report(
                mx.host.at,
                format!(
                    "mail for `{}` goes to `{host}`, which has no address: senders cannot deliver it there",
                    node.name()
                ),
                "no A or AAAA record",
            )
            .help(help);
    }
}
