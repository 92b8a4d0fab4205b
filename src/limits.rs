//! Where rules that are a matter of judgement draw the line.

use crate::suffix::Suffixes;

/// The lines that the settings may draw elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The shortest prefix of an IPv4 network in SPF that is not remarked on, in bits.
    pub spf_ipv4_prefix: u32,
    /// The same for IPv6.
    pub spf_ipv6_prefix: u32,
    /// From how many octets on the TXT records at a name with SPF are too large together.
    pub spf_record_size: usize,
    /// The shortest `max_age` of a policy with `mode: enforce` that is not remarked on, in seconds.
    pub mta_sts_max_age: u64,
    /// Where one organization ends and others begin.
    pub suffixes: Suffixes,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            spf_ipv4_prefix: 12,
            spf_ipv6_prefix: 24,
            spf_record_size: 450,
            mta_sts_max_age: 604_800,
            suffixes: Suffixes::default(),
        }
    }
}
