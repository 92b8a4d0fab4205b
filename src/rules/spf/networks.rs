//! Rules about which networks a record lists, each by itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    diagnostic::{Safety, Severity},
    policy::spf::{
        Spf,
        network::{Length, Network, Value},
        term::{Mechanism, Qualifier, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::{domains::named, wording::span_of},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[PRIVATE_ADDRESS, DOCUMENTATION_ADDRESS, IP6_V4_MAPPED, OVERBROAD_NETWORK];

/// Addresses that are set apart: the first, the length of the prefix, and what they are.
type Special = (IpAddr, u32, &'static str);

const fn v4(octets: [u8; 4], prefix: u32, what: &'static str) -> Special {
    let [a, b, c, d] = octets;
    (IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix, what)
}

const fn v6(first: u16, second: u16, prefix: u32, what: &'static str) -> Special {
    (IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0)), prefix, what)
}

/// Addresses that no mail on the Internet comes from.
static PRIVATE: &[Special] = &[
    v4([0, 0, 0, 0], 8, "an address without a host"),
    v4([10, 0, 0, 0], 8, "a private address"),
    v4([100, 64, 0, 0], 10, "an address inside the network of a provider"),
    v4([127, 0, 0, 0], 8, "the host itself"),
    v4([169, 254, 0, 0], 16, "an address on one link"),
    v4([172, 16, 0, 0], 12, "a private address"),
    v4([192, 168, 0, 0], 16, "a private address"),
    v4([224, 0, 0, 0], 4, "a multicast address"),
    v4([240, 0, 0, 0], 4, "an address that is not in use"),
    v6(0, 0, 128, "an address without a host"),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128, "the host itself"),
    v6(0xfc00, 0, 7, "a private address"),
    v6(0xfe80, 0, 10, "an address on one link"),
    v6(0xff00, 0, 8, "a multicast address"),
];

/// Addresses for examples and measurements.
static DOCUMENTATION: &[Special] = &[
    v4([192, 0, 2, 0], 24, "an address for examples"),
    v4([198, 51, 100, 0], 24, "an address for examples"),
    v4([203, 0, 113, 0], 24, "an address for examples"),
    v4([198, 18, 0, 0], 15, "an address for measurements"),
    v6(0x2001, 0xdb8, 32, "an address for examples"),
    v6(0x3fff, 0, 20, "an address for examples"),
    v6(0x2001, 2, 48, "an address for measurements"),
];

/// What the addresses of a network are that lies in one of these.
fn special(network: &Network, table: &[Special]) -> Option<&'static str> {
    let network = network.unmapped();
    table.iter().find_map(|(address, prefix, what)| {
        let outer = Network::new(*address, *prefix)?;
        outer.contains(&network).then_some(*what)
    })
}

rule! {
    /// A network that no mail on the Internet comes from.
    ///
    /// Private addresses, those of the host itself and the like are never seen by receivers elsewhere: what arrives there has
    /// the public address of the network. The term matches nothing, and the public address may be forgotten.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:10.1.2.3 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip6:fd00::/8 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 -all"
    /// ```
    /// # When to ignore
    /// When your own servers check mail among themselves by this record.
    /// # Source
    /// RFC 1918, section 3
    /// RFC 6598
    /// RFC 4193, section 3.1
    PRIVATE_ADDRESS: "spf-private-address", [Warning], None, Spf(private_address), once_a_file
}

fn private_address(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in &spf.terms {
        let Some(what) = spf.network(term).and_then(|network| special(&network, PRIVATE)) else {
            continue;
        };
        let at = term.argument.start..term.lengths.at.end.max(term.argument.end);
        let Some(span) = spf.text.span(at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "no mail on the Internet comes from {}, so the term matches no sender",
                    quoted(&spf.text, &at)
                ),
                what,
            )
            .help("list the public address that the mail leaves from");
    }
}

rule! {
    /// A network that is set apart for examples or measurements.
    ///
    /// Nobody sends mail from there. Where such an address stands in a record that is published, it was copied from a manual.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip6:2001:db8::/48 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// In examples and in tests: that is why it has to be switched on.
    /// # Source
    /// RFC 5737, section 3
    /// RFC 3849, section 2
    /// RFC 9637, section 3
    /// RFC 2544, appendix C.2.2
    /// RFC 5180, section 8
    DOCUMENTATION_ADDRESS: "spf-documentation-address", [Warning], None, Spf(documentation_address), off, once_a_file
}

fn documentation_address(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    for term in &spf.terms {
        let Some(what) = spf.network(term).and_then(|network| special(&network, DOCUMENTATION)) else {
            continue;
        };
        let at = term.argument.start..term.lengths.at.end.max(term.argument.end);
        let Some(span) = spf.text.span(at.clone()) else {
            continue;
        };
        findings
            .report(span, format!("nobody sends mail from {}", quoted(&spf.text, &at)), what)
            .help("write the address that the mail leaves from");
    }
}

rule! {
    /// An IPv4 address in the form of IPv6.
    ///
    /// Receivers treat a client with such an address as one of IPv4 and compare it with `ip4` terms only. Behind `ip6` it
    /// matches nobody.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip6:::ffff:192.0.2.1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// When the same address is listed with `ip4`, too, and a receiver that matters to you compares it in this form.
    /// # Source
    /// RFC 7208, section 5
    IP6_V4_MAPPED: "spf-ip6-v4-mapped", [Warning], Unsafe, Spf(ip6_v4_mapped)
}

fn ip6_v4_mapped(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for term in &spf.terms {
        let Some(network) = spf.network(term) else { continue };
        let meant = network.unmapped();
        if meant.address.is_ipv4() == network.address.is_ipv4() {
            continue;
        }
        let Some(span) = span_of(spf, term) else { continue };
        let length = match meant.prefix {
            32 => String::new(),
            prefix => format!("/{prefix}"),
        };
        let new = format!("ip4:{}{length}", meant.address);
        // Behind `a:` another rule tells what to write.
        let is_ip6 = term.is(Mechanism::Ip6);
        let edits = is_ip6
            .then(|| text.replace(term.name.start..term.at.end, &new))
            .flatten();
        findings
            .report(
                span,
                format!(
                    "{} is an IPv4 address, which receivers compare with `ip4` terms only: the term matches no sender",
                    quoted(text, &term.argument)
                ),
                "an IPv4 address in the form of IPv6",
            )
            .help(format!("write `{new}`"))
            .fix(format!("write `{new}`"), Safety::Unsafe, edits);
    }
}

rule! {
    /// A network so large that strangers send from it, too.
    ///
    /// Everybody with an address in it may send mail as the domain. Hardly anybody has an IPv4 network with a prefix shorter
    /// than 12 bits, or an IPv6 network with one shorter than 24, to themselves. A prefix of 0 passes everybody in the world,
    /// which is as bad as `+all`.
    ///
    /// # Severity
    /// An error for a prefix of 0; a warning for all others.
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:0.0.0.0/0 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 a/8 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.0.0/12 -ip4:52.0.0.0/8 mx//64 -all"
    /// ```
    /// # When to ignore
    /// When the whole network is yours. `[limits]` in `maillint.toml` draws the line elsewhere: `spf-ipv4-prefix`,
    /// `spf-ipv6-prefix`.
    /// # Source
    /// RFC 7208, section 5
    /// Practice: where the line is drawn is a judgement of ours.
    OVERBROAD_NETWORK: "spf-overbroad-network", [Error, Warning], None, Spf(overbroad_network)
}

fn overbroad_network(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let limits = &findings.sources().limits;
    for term in spf.reached().filter(|term| term.qualifier == Qualifier::Pass) {
        for (length, is_v4) in prefixes(spf, term).into_iter().flatten() {
            let Value::Number(prefix) = length.value else { continue };
            let slashes = if length.at.start >= 2 && spf.text.get(length.at.start - 2..length.at.start) == b"//" {
                2
            } else {
                1
            };
            let at = length.at.start - slashes..length.at.end;
            let (family, shortest) = if is_v4 {
                ("IPv4", limits.spf_ipv4_prefix)
            } else {
                ("IPv6", limits.spf_ipv6_prefix)
            };
            let Some(span) = spf.text.span(at.clone()).filter(|_| prefix < shortest) else {
                continue;
            };
            let shown = quoted(&spf.text, &(term.at.start..at.end));
            if prefix == 0 {
                findings
                    .report(
                        span,
                        format!("{shown} passes all {family} addresses: everybody may send mail as the domain"),
                        "all addresses",
                    )
                    .help("list the networks that the mail leaves from");
                continue;
            }
            let share = 1_u64 << prefix;
            findings
                .report(
                    span,
                    format!("{shown} lets one in {share} of all {family} addresses send mail as the domain"),
                    format!("shorter than /{shortest}"),
                )
                .severity(Severity::Warning)
                .help(format!(
                    "list only those networks in it that are yours; {} can stand more than once",
                    named(term)
                ));
        }
    }
}

/// The prefix lengths that are written in a term, and whether each is one of IPv4.
fn prefixes<'t>(spf: &Spf<'_>, term: &'t Term) -> [Option<(&'t Length, bool)>; 2] {
    let first = term.lengths.first.as_ref();
    if let Some(network) = spf.network(term) {
        // What no sender has is remarked on elsewhere.
        let is_mapped = network.unmapped() != network;
        return [
            first
                .filter(|_| !is_mapped)
                .map(|length| (length, network.address.is_ipv4())),
            None,
        ];
    }
    if !(term.is(Mechanism::A) || term.is(Mechanism::Mx)) || !term.lengths.are_dual() {
        return [None, None];
    }
    let second = term.lengths.second.as_ref();
    [first.map(|length| (length, true)), second.map(|length| (length, false))]
}
