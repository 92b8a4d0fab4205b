//! Rules about how addresses and prefix lengths are written.

use std::net::IpAddr;

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        network::{self, Network},
        term::{Mechanism, Slip, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::{domains::named, wording::outcome},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[IP_INVALID, IP_FAMILY, HOST_BITS];

/// The terms of `ip4` and `ip6` with something where the address belongs, and whether it is that of IPv4. Not those that
/// receivers skip since `=` stands before it.
fn addresses<'s>(spf: &'s Spf<'_>) -> impl Iterator<Item = (&'s Term, bool)> {
    spf.terms.iter().filter_map(|term| {
        let is_v4 = match term.mechanism()? {
            Mechanism::Ip4 => true,
            Mechanism::Ip6 => false,
            _ => return None,
        };
        (!term.argument.is_empty() && !term.has(&Slip::Equals)).then_some((term, is_v4))
    })
}

rule! {
    /// An `ip4` or `ip6` without a valid address.
    ///
    /// `ip4` takes four decimal numbers from 0 to 255 without leading zeros, `ip6` an IPv6 address, both perhaps with a prefix
    /// length. Shortened addresses, ranges, ports, brackets and names of hosts are errors, and no mail passes.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1-192.0.2.9 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip6:[2001:db8::1] -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::192.0.2.1 a:mail.example.com -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver can use the record.
    /// # Source
    /// RFC 7208, section 5.6
    /// RFC 4291, section 2.2
    IP_INVALID: "spf-ip-invalid", [Error], None, Spf(ip_invalid)
}

fn ip_invalid(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for (term, is_v4) in addresses(spf) {
        let argument = term.argument(text);
        if network::address(argument).is_some() {
            continue;
        }
        let Some(span) = text.span(term.argument.clone()) else {
            continue;
        };
        let family = if is_v4 { "IPv4" } else { "IPv6" };
        let (label, help) = invalid(argument, is_v4);
        findings
            .report(
                span,
                format!(
                    "{} is not an {family} address, {}",
                    quoted(text, &term.argument),
                    outcome(spf)
                ),
                label,
            )
            .help(help);
    }
}

/// What is wrong with an address, and what to do.
fn invalid(written: &[u8], is_v4: bool) -> (&'static str, &'static str) {
    let is_dotted = |part: &[u8]| part.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let has_name = written
        .iter()
        .any(|byte| byte.is_ascii_alphabetic() && !byte.is_ascii_hexdigit());
    let colon = memchr::memchr(b':', written);
    let hyphen = memchr::memchr(b'-', written);
    if written.iter().any(|byte| matches!(byte, b'[' | b']')) {
        ("brackets do not belong here", "write the address without brackets")
    } else if written.contains(&b'%') {
        ("no macro or zone can stand here", "write an address")
    } else if let Some(hyphen) = hyphen.filter(|at| network::address(&written[..*at]).is_some()) {
        match is_dotted(&written[hyphen + 1..]) || network::address(&written[hyphen + 1..]).is_some() {
            true => (
                "a range",
                "list the networks that make up the range, such as `ip4:192.0.2.0/28`",
            ),
            false => ("more than an address", "write the address alone"),
        }
    } else if let Some(colon) = colon.filter(|at| network::address(&written[..*at]).is_some()) {
        match is_number(&written[colon + 1..]) {
            true => ("an address with a port", "write the address without the port"),
            false => ("more than an address", "write the address alone"),
        }
    } else if is_dotted(written) {
        octets(written)
    } else if has_name {
        (
            "a name, or what else is no address",
            "list the addresses of a host by its name with `a:`",
        )
    } else if is_v4 {
        (
            "not four numbers with dots between them",
            "write four numbers from 0 to 255, with dots between them",
        )
    } else {
        (
            "not in a form of IPv6",
            "write eight groups of hexadecimal digits, with `::` for those that are 0",
        )
    }
}

/// What is wrong with numbers and dots that are no address.
fn octets(written: &[u8]) -> (&'static str, &'static str) {
    const HELP: &str = "write four numbers from 0 to 255 without leading zeros, with dots between them";
    let octets = || written.split(|byte| *byte == b'.');
    let is_padded = |octet: &[u8]| octet.len() > 1 && octet.starts_with(b"0");
    let label = match octets().count() {
        _ if octets().any(<[u8]>::is_empty) => "a number is missing",
        ..=3 => {
            return (
                "too few numbers",
                "write all four numbers; a network is written as in `192.0.2.0/24`",
            );
        }
        5.. => "too many numbers",
        _ if octets().any(is_padded) => "a number begins with 0",
        _ => "a number is larger than 255",
    };
    (label, HELP)
}

rule! {
    /// An IPv6 address behind `ip4`, or an IPv4 address behind `ip6`.
    ///
    /// Each of the two takes addresses of one family. One of the other family is an error, and no mail passes.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:2001:db8::1 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip6:192.0.2.1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver can use the record.
    /// # Source
    /// RFC 7208, section 5.6
    IP_FAMILY: "spf-ip-family", [Error], Unsafe, Spf(ip_family)
}

fn ip_family(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for (term, is_v4) in addresses(spf) {
        let Some(address) = network::address(term.argument(text)) else {
            continue;
        };
        if address.is_ipv4() == is_v4 {
            continue;
        }
        let Some(span) = text.span(term.name.clone()) else {
            continue;
        };
        let (right, family) = match address {
            IpAddr::V4(_) => ("ip4", "IPv4"),
            IpAddr::V6(_) => ("ip6", "IPv6"),
        };
        findings
            .report(
                span,
                format!(
                    "{} cannot take the {family} address {}, {}",
                    named(term),
                    quoted(text, &term.argument),
                    outcome(spf)
                ),
                "for addresses of the other family",
            )
            .help(format!("write `{right}`"))
            .fix(
                format!("write `{right}`"),
                Safety::Unsafe,
                text.replace(term.name.clone(), right),
            );
    }
}

rule! {
    /// An address with bits behind its prefix.
    ///
    /// Receivers compare only as many bits as the prefix length says, so `192.0.2.10/24` is the whole network `192.0.2.0/24`.
    /// Whoever meant the one host has passed 255 others, too.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.10/24 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.10 ip4:198.51.100.0/24 -all"
    /// ```
    /// # When to ignore
    /// When the address says whose network it is, and the whole network is meant.
    /// # Source
    /// RFC 7208, section 5.6
    HOST_BITS: "spf-host-bits", [Warning], Safe, Spf(host_bits)
}

fn host_bits(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for term in &spf.terms {
        let Some(network) = spf.network(term).filter(Network::has_host_bits) else {
            continue;
        };
        let Some(span) = text.span(term.argument.clone()) else {
            continue;
        };
        let (first, prefix) = (network.first(), network.prefix);
        let single = if first.is_ipv4() { 32 } else { 128 };
        findings
            .report(
                span,
                format!(
                    "`{}/{prefix}` is all of the network `{first}/{prefix}`: receivers look at the first {prefix} bits only",
                    network.address
                ),
                "not the first address of the network",
            )
            .help(format!("write `{first}/{prefix}`, or `/{single}` if one host is meant"))
            .fix(
                format!("write the first address of the network, `{first}`"),
                Safety::Safe,
                text.replace(term.argument.clone(), &first.to_string()),
            );
    }
}
