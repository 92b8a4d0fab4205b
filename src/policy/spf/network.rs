//! Addresses, prefix lengths and networks (RFC 7208, sections 5.3, 5.6 and 12).

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use crate::text::Text;

/// The prefix lengths of a term: `/24`, `//64` or `/24//64`, and whatever stands in their place.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Lengths {
    /// All of them, from the first slash; empty where there is none.
    pub at: Range<usize>,
    /// The one behind a single slash.
    pub first: Option<Length>,
    /// The one behind two slashes.
    pub second: Option<Length>,
    /// What stands behind those, from its slash; empty where nothing does.
    pub rest: Range<usize>,
}

/// A prefix length.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Length {
    /// It, without its slash.
    pub at: Range<usize>,
    /// What it says.
    pub value: Value,
}

/// What a prefix length says. Whether it is too large depends on the family of the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A number without leading zeros.
    Number(u32),
    /// A number with leading zeros.
    LeadingZero(u32),
    /// A netmask, and the length that it stands for if its bits are in a row.
    Mask(Option<u32>),
    /// Nothing.
    Empty,
    /// Something else.
    Other,
}

/// A network of the senders that a term lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    /// Its address as it is written, with all of its bits.
    pub address: IpAddr,
    /// The length of its prefix: at most 32 or 128.
    pub prefix: u32,
}

/// The length of the prefix that IPv4 addresses have in the form of IPv6 (RFC 4291, section 2.5.5.2).
const MAPPED: u32 = 96;

/// An address in the strict form of the RFC: four decimal numbers without leading zeros, or the text of RFC 4291,
/// section 2.2. Without brackets, zone or port.
pub fn address(written: &[u8]) -> Option<IpAddr> {
    // The longest has 45 bytes. By far the most words have letters that no address has.
    let is_inner = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    let written = written.get(..written.len().min(64))?;
    if !written.iter().all(is_inner) {
        return None;
    }
    std::str::from_utf8(written).ok()?.parse().ok()
}

/// Whether something is an address, or a network with a prefix length of digits.
pub fn is_network(written: &[u8]) -> bool {
    let slash = memchr::memchr(b'/', written);
    let is_length = |length: &[u8]| length.len() <= 3 && length.iter().all(u8::is_ascii_digit);
    match slash {
        Some(at) => address(&written[..at]).is_some() && is_length(&written[at + 1..]),
        None => address(written).is_some(),
    }
}

/// The prefix lengths in `at`, which starts with a slash or is empty.
pub(super) fn lengths(text: &Text, at: Range<usize>) -> Lengths {
    let bytes = text.bytes();
    let mut lengths = Lengths {
        at: at.clone(),
        rest: at.end..at.end,
        ..Lengths::default()
    };
    let part = |start: usize| {
        let len = memchr::memchr(b'/', bytes.get(start..at.end).unwrap_or_default());
        start..len.map_or(at.end, |len| start + len)
    };
    let slashes = |start: usize| bytes[start..at.end].iter().take_while(|byte| **byte == b'/').count();
    let mut start = at.start;
    if start < at.end && slashes(start) == 1 {
        let first = part(start + 1);
        start = first.end;
        lengths.first = Some(length(bytes, first));
    }
    if start < at.end && slashes(start) == 2 {
        let second = part(start + 2);
        start = second.end;
        lengths.second = Some(length(bytes, second));
    }
    lengths.rest = start..at.end;
    lengths
}

fn length(bytes: &[u8], at: Range<usize>) -> Length {
    let written = &bytes[at.clone()];
    let number = || std::str::from_utf8(written).ok()?.parse().ok();
    let value = match written {
        [] => Value::Empty,
        _ if written.len() <= 9 && written.iter().all(u8::is_ascii_digit) => match (number(), written) {
            (Some(number), [b'0', _, ..]) => Value::LeadingZero(number),
            (Some(number), _) => Value::Number(number),
            (None, _) => Value::Other,
        },
        _ => match address(written) {
            Some(IpAddr::V4(mask)) => Value::Mask(mask_length(mask)),
            _ => Value::Other,
        },
    };
    Length { at, value }
}

/// The prefix length that a netmask stands for; `None` if its bits are not in a row.
fn mask_length(mask: Ipv4Addr) -> Option<u32> {
    let bits = mask.to_bits();
    (bits.leading_ones() == bits.count_ones()).then(|| bits.leading_ones())
}

impl Lengths {
    /// Whether there is none, right or wrong.
    pub fn are_none(&self) -> bool {
        self.at.is_empty()
    }

    /// The prefix length for IPv4 addresses: 32 where none is written, `None` if it is wrong.
    pub fn v4(&self) -> Option<u32> {
        value(self.first.as_ref(), 32)
    }

    /// The prefix length for IPv6 addresses of a mechanism with two: 128 where none is written, `None` if it is wrong.
    pub fn v6(&self) -> Option<u32> {
        value(self.second.as_ref(), 128)
    }

    /// The only prefix length that `ip4` (`max` 32) and `ip6` (128) may have: `max` where none is written, `None` if it is
    /// wrong, or not the only one.
    pub fn only(&self, max: u32) -> Option<u32> {
        value(self.first.as_ref(), max).filter(|_| self.second.is_none() && self.rest.is_empty())
    }

    /// Whether they are the two of `a` and `mx`, both right.
    pub fn are_dual(&self) -> bool {
        self.rest.is_empty() && self.v4().is_some() && self.v6().is_some()
    }
}

fn value(length: Option<&Length>, max: u32) -> Option<u32> {
    match length.map(|length| length.value) {
        None => Some(max),
        Some(Value::Number(number)) => Some(number).filter(|number| *number <= max),
        Some(_) => None,
    }
}

impl Network {
    /// The network of an address and a prefix length; `None` if the length is too large for it.
    pub fn new(address: IpAddr, prefix: u32) -> Option<Network> {
        (prefix <= max(address)).then_some(Network { address, prefix })
    }

    /// The address without the bits behind the prefix.
    pub fn first(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & self.mask() as u32).into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & self.mask()).into(),
        }
    }

    /// Whether bits behind the prefix are set.
    pub fn has_host_bits(&self) -> bool {
        self.first() != self.address
    }

    /// The same network of IPv4 addresses, if this is one of IPv4 addresses in the form of IPv6 (`::ffff:192.0.2.1`).
    pub fn unmapped(self) -> Network {
        let mapped = match self.address {
            IpAddr::V6(address) if self.prefix >= MAPPED => address.to_ipv4_mapped(),
            _ => None,
        };
        mapped.map_or(self, |address| Network {
            address: address.into(),
            prefix: self.prefix - MAPPED,
        })
    }

    /// Whether all addresses of `other` are in this network, too.
    pub fn contains(&self, other: &Network) -> bool {
        let at = Network {
            address: other.address,
            prefix: self.prefix,
        };
        self.address.is_ipv4() == other.address.is_ipv4() && self.prefix <= other.prefix && self.first() == at.first()
    }

    /// The bits of the prefix, those of an IPv4 address in the low 32.
    fn mask(&self) -> u128 {
        let max = max(self.address);
        let ones = u128::MAX.checked_shr(128 - max).unwrap_or_default();
        ones.checked_shl(max - self.prefix.min(max)).unwrap_or_default() & ones
    }
}

fn max(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}
