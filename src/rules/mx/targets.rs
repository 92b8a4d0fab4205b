//! Rules about what is written as the host of an MX record.

use std::net::IpAddr;

use crate::{
    diagnostic::Safety,
    name::Name,
    record::{Data, Mx, Record, Target},
    rule::{Findings, Rule, rule},
    rules::zone::names::label_at,
    text::Edit,
    zones::{Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[IP, UNDERSCORE, LOCALHOST];

/// The MX records of a name that have a host.
pub(super) fn exchanges<'a>(node: &Node<'a>) -> impl Iterator<Item = (&'a Record, &'a Mx)> + use<'a> {
    node.records().filter_map(|record| match &record.data {
        Data::Mx(mx) if !mx.host.name.is_root() => Some((record, &**mx)),
        _ => None,
    })
}

/// The IP address that is written in place of a host. In a zone file, the server adds the zone to it.
pub(super) fn address(target: &Target, findings: &Findings<'_>) -> Option<IpAddr> {
    let parse = |text: &str| {
        let text = text.trim_matches(['"', '\'']);
        let text = text.strip_suffix('.').unwrap_or(text);
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        bare.unwrap_or(text).parse().ok()
    };
    // Every address begins with a hexadecimal digit or a colon, behind a bracket or not.
    let first = *target.name.first()?.first()?;
    if !first.is_ascii_hexdigit() && !matches!(first, b':' | b'[') {
        return None;
    }
    match target.relative {
        true => parse(&findings.shown(target.at)),
        false => parse(&target.name.to_string()),
    }
}

rule! {
    /// An IP address in place of the host of an MX record.
    ///
    /// An MX record names a host, and senders look up the addresses of that host. There is no host with such a name, so that
    /// they find none and return the mail. In a zone file the server even adds the zone to it: `192.0.2.1.example.com`.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 10 192.0.2.1
    /// ```
    /// ```zone
    /// @ MX 10 2001:db8::25.
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mail
    /// mail A 192.0.2.1
    /// ```
    /// # When to ignore
    /// Never: no sender has to understand it.
    /// # Source
    /// RFC 1035, section 3.3.9
    /// RFC 5321, section 5.1
    IP: "mx-target-ip", [Error], None, Mx(ip)
}

fn ip(mx: &Mx, record: &Record, findings: &mut Findings<'_>) {
    let Some(address) = address(&mx.host, findings) else {
        return;
    };
    let kind = if address.is_ipv4() { "A" } else { "AAAA" };
    let published = match mx.host.relative {
        true => format!(" (published as `{}`)", mx.host.name),
        false => String::new(),
    };
    findings
        .report(
            mx.host.at,
            format!(
                "the MX record of `{}` has an IP address where a host belongs{published}: senders find no such host and return \
                 the mail",
                record.owner
            ),
            "an address, not a host",
        )
        .help(format!(
            "give the address a name, such as `mail {kind} {address}`, and write that name here"
        ));
}

rule! {
    /// An underscore in the host of an MX record.
    ///
    /// Such a name is no name of a host. It cannot be listed in an MTA-STS policy, no certificate authority signs it, and
    /// a sender that minds what a host may be called does not deliver there.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 10 _dc-mx.0a1b.example.com.
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mail.example.com.
    /// ```
    /// # When to ignore
    /// If mail arrives, and there is no MTA-STS policy.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 5321, section 2.3.5
    UNDERSCORE: "mx-target-underscore", [Warning], None, Mx(underscore)
}

fn underscore(mx: &Mx, _record: &Record, findings: &mut Findings<'_>) {
    let host = &mx.host;
    let has_one = |label: Option<&[u8]>| label.is_some_and(|label| label.contains(&b'_'));
    if !host.name.may_hold(b'_') {
        return;
    }
    let Some(index) = host.name.labels().position(has_one) else {
        return;
    };
    findings
        .report(
            label_at(findings, host.at, &host.name, index).unwrap_or(host.at),
            format!(
                "`{}` has an underscore and is no host name: no MTA-STS policy can list it, and some senders do not deliver to \
                 it",
                host.name
            ),
            "an underscore",
        )
        .help("give the host a name of letters, digits and hyphens, and write that name here");
}

rule! {
    /// A domain whose mail goes to a host that is none.
    ///
    /// `localhost.` is each sender itself, and there are no hosts `null.`, `nomail.` or `invalid.`. Such records were meant
    /// to say that the domain takes no mail, but senders try for days before they return it. `MX 0 .` says so at once. The
    /// same goes for a domain all of whose MX records lead to hosts at `127.0.0.1` or `0.0.0.0`.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 localhost.
    /// ```
    /// ```zone
    /// @ MX 10 @
    /// @ A 127.0.0.1
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// ```
    /// # When to ignore
    /// If the zone is for one machine that delivers mail to itself.
    /// # Source
    /// RFC 7505, section 1
    LOCALHOST: "mx-localhost", [Warning], Unsafe, Node(Holds::MX, localhost)
}

fn localhost<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let all: Vec<_> = exchanges(node).collect();
    let are_loops = || {
        all.iter()
            .all(|(_, mx)| is_no_host(&mx.host.name) || is_loop(node, &mx.host.name))
    };
    for (index, (record, mx)) in all.iter().enumerate() {
        if !is_no_host(&mx.host.name) && (index > 0 || !are_loops()) {
            continue;
        }
        findings.about(record);
        let edits = null_mx(mx, findings);
        findings
            .report(
                mx.host.at,
                format!(
                    "mail for `{}` goes to `{}`, which no sender can deliver to: it tries for days before it returns the mail",
                    node.name(),
                    mx.host.name
                ),
                "no host for mail",
            )
            .help("write `MX 0 .`, if the domain takes no mail")
            .fix(
                "say that the domain takes no mail: `MX 0 .`",
                Safety::Unsafe,
                edits.filter(|_| all.len() == 1 && !record.many),
            );
    }
}

/// Whether a name is one that is written where no host is meant.
fn is_no_host(name: &Name) -> bool {
    const NAMES: [&str; 4] = ["localhost", "null", "invalid", "nomail"];
    name.label_count() == 1 && NAMES.iter().any(|known| name.starts_with(known))
}

/// Whether all addresses of a host are those of whoever asks.
fn is_loop(node: &Node<'_>, host: &Name) -> bool {
    let Some(found) = node.ask(host, Wanted::Address).found() else {
        return false;
    };
    let is_loop = |record: &Record| match &record.data {
        Data::A(address) => address.is_loopback() || address.is_unspecified(),
        Data::Aaaa(address) => address.is_loopback() || address.is_unspecified(),
        // Another type may answer with an address.
        Data::Other(_) | Data::Unknown => false,
        _ => true,
    };
    found.records().all(is_loop)
}

/// The edits that make a null MX of an MX record.
fn null_mx(mx: &Mx, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    let mut edits = vec![other_host(&mx.host, ".", findings)?];
    if mx.preference != 0 {
        edits.push(zero(mx, findings)?);
    }
    Some(edits)
}

/// The edit that makes the preference of an MX record 0.
pub(super) fn zero(mx: &Mx, findings: &Findings<'_>) -> Option<Edit> {
    let written = findings.source(mx.preference_at);
    let is_number = !written.is_empty() && written.iter().all(u8::is_ascii_digit);
    is_number.then(|| Edit {
        span: mx.preference_at,
        new: "0".to_string(),
    })
}

/// The edit that writes another host. `None` where the host does not stand there as it is.
pub(super) fn other_host(host: &Target, new: &str, findings: &Findings<'_>) -> Option<Edit> {
    let written = findings.source(host.at);
    let written = written.strip_suffix(b".").unwrap_or(written);
    let written = std::str::from_utf8(written).ok()?;
    let name = host.name.to_string();
    let is_whole = written.eq_ignore_ascii_case(&name);
    // What the origin completes stands at the start of the name.
    let is_start = || {
        let start = name.get(..written.len());
        host.relative && start.is_some_and(|start| start.eq_ignore_ascii_case(written))
    };
    (!written.is_empty() && (is_whole || written == "@" || is_start())).then(|| Edit {
        span: host.at,
        new: new.to_string(),
    })
}
