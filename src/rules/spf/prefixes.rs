//! Rules about prefix lengths.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::spf::{
        Spf,
        network::{self, Length, Value},
        term::{Kind, Mechanism, Slip, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::{domains::named, wording::outcome},
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[CIDR_INVALID];

/// The prefix lengths that a term may have.
enum Allowed {
    None,
    One(u32),
    Two,
}

fn allowed(spf: &Spf<'_>, term: &Term) -> Option<Allowed> {
    use Mechanism::{A, Exists, Include, Ip4, Ip6, Mx, Ptr};
    let argument = term.argument(&spf.text);
    Some(match (term.kind, network::address(argument)) {
        // An address where a domain should stand is meant for `ip4` or `ip6`.
        (Kind::Mechanism(A | Mx | Include | Ptr | Ip4 | Ip6), Some(address)) => {
            Allowed::One(if address.is_ipv4() { 32 } else { 128 })
        }
        (Kind::Mechanism(Ip4), None) => Allowed::One(32),
        (Kind::Mechanism(Ip6), None) => Allowed::One(128),
        (Kind::Mechanism(A | Mx), None) => Allowed::Two,
        // The end of a URL.
        _ if memchr::memmem::find(argument, b"://").is_some() && !argument.contains(&b'%') => return None,
        (Kind::Mechanism(Include | Exists | Ptr), _) => Allowed::None,
        (Kind::Modifier(modifier), _) if modifier.takes_domain() => Allowed::None,
        _ => return None,
    })
}

/// A wrong prefix length: where it stands, what is wrong with it, and the number that is meant, with its place.
struct Wrong {
    at: Range<usize>,
    label: String,
    meant: Option<(Range<usize>, u32)>,
}

fn wrong_lengths(spf: &Spf<'_>, term: &Term) -> Vec<Wrong> {
    let lengths = &term.lengths;
    let whole = |label: String| Wrong {
        at: lengths.at.clone(),
        label,
        meant: None,
    };
    let Some(allowed) = allowed(spf, term).filter(|_| !lengths.are_none()) else {
        return Vec::new();
    };
    let of = |length: &Option<Length>, slashes, max| {
        let length = length.as_ref()?;
        wrong_length(length, length.at.start - slashes..length.at.end, max)
    };
    match allowed {
        Allowed::None => vec![whole(format!("{} takes no prefix length", named(term)))],
        Allowed::One(_) if lengths.second.is_some() || !lengths.rest.is_empty() => {
            vec![whole("more than one prefix length".to_string())]
        }
        Allowed::Two if !lengths.rest.is_empty() => {
            vec![whole("not in the form of `/24`, `//64` or `/24//64`".to_string())]
        }
        Allowed::One(max) => of(&lengths.first, 1, max).into_iter().collect(),
        Allowed::Two => of(&lengths.first, 1, 32)
            .into_iter()
            .chain(of(&lengths.second, 2, 128))
            .collect(),
    }
}

fn wrong_length(length: &Length, at: Range<usize>, max: u32) -> Option<Wrong> {
    let meant = |number: &u32| (*number <= max).then_some((length.at.clone(), *number));
    let (label, meant) = match &length.value {
        Value::Number(number) if *number <= max => return None,
        Value::Number(_) => (format!("larger than {max}"), None),
        Value::LeadingZero(number) => ("begins with 0".to_string(), meant(number)),
        Value::Mask(Some(number)) => ("a netmask".to_string(), meant(number)),
        Value::Mask(None) | Value::Other => ("not a number".to_string(), None),
        Value::Empty => ("no number follows".to_string(), None),
    };
    Some(Wrong { at, label, meant })
}

rule! {
    /// A wrong prefix length.
    ///
    /// Behind an IPv4 address or network stands `/` and a number up to 32, behind an IPv6 one up to 128, without leading zeros.
    /// `a` and `mx` take one for each family, as in `/24//64`; `include`, `exists`, `ptr`, `redirect` and `exp` take none.
    /// Anything else is an error, and no mail passes.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/33 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/255.255.255.0 -all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net/24 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a:mail.example.com/28//64 mx//64 -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver can use the record.
    /// # Source
    /// RFC 7208, section 5.3
    /// RFC 7208, section 5.6
    /// RFC 7208, section 12
    CIDR_INVALID: "spf-cidr-invalid", [Error], Unsafe, Spf(cidr_invalid)
}

fn cidr_invalid(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let text = &spf.text;
    for term in spf.terms.iter().filter(|term| !term.has(&Slip::Equals)) {
        for Wrong { at, label, meant } in wrong_lengths(spf, term) {
            let Some(span) = text.span(at.clone()) else { continue };
            let edits = meant
                .as_ref()
                .and_then(|(at, number)| text.replace(at.clone(), &number.to_string()));
            let title = meant.as_ref().map(|(_, number)| format!("write `/{number}`"));
            findings
                .report(
                    span,
                    format!(
                        "{} is not a prefix length that can stand here, {}",
                        quoted(text, &at),
                        outcome(spf)
                    ),
                    label,
                )
                .help(
                    title
                        .clone()
                        .unwrap_or_else(|| "correct it, or leave it out where a single address is meant".to_string()),
                )
                .fix(title.unwrap_or_default(), Safety::Unsafe, edits);
        }
    }
}
