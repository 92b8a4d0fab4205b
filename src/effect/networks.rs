//! Sets of addresses, however they are cut into networks.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::mail_domain::Sender;

/// Ranges of addresses, apart from each other and in order.
pub(super) struct Set {
    v4: Vec<(u128, u128)>,
    v6: Vec<(u128, u128)>,
}

impl Set {
    /// The networks among senders.
    pub(super) fn of(senders: &BTreeSet<Sender>) -> Set {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for sender in senders {
            match sender {
                Sender::Network(IpAddr::V4(first), prefix) => v4.push(range(first.to_bits().into(), 32, *prefix)),
                Sender::Network(IpAddr::V6(first), prefix) => v6.push(range(first.to_bits(), 128, *prefix)),
                _ => {}
            }
        }
        Set {
            v4: joined(v4),
            v6: joined(v6),
        }
    }

    /// What is in this set and not in another, as networks.
    pub(super) fn without(&self, other: &Set) -> Vec<String> {
        let v4 = |first: u128| IpAddr::from(Ipv4Addr::from_bits(first as u32));
        let v6 = |first: u128| IpAddr::from(Ipv6Addr::from_bits(first));
        let mut networks = Vec::new();
        for range in difference(&self.v4, &other.v4) {
            cut(range, 32, |first, prefix| networks.push(shown(v4(first), prefix)));
        }
        for range in difference(&self.v6, &other.v6) {
            cut(range, 128, |first, prefix| networks.push(shown(v6(first), prefix)));
        }
        networks
    }
}

/// A network as people write it.
pub(super) fn shown(address: IpAddr, prefix: u32) -> String {
    match (address, prefix) {
        (IpAddr::V4(_), 32) | (IpAddr::V6(_), 128) => address.to_string(),
        _ => format!("{address}/{prefix}"),
    }
}

/// The first and the last address of a network.
fn range(first: u128, bits: u32, prefix: u32) -> (u128, u128) {
    let free = bits - prefix.min(bits);
    let rest = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    (first, first | rest)
}

fn joined(mut ranges: Vec<(u128, u128)>) -> Vec<(u128, u128)> {
    ranges.sort_unstable();
    let mut joined: Vec<(u128, u128)> = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// What is in the ranges of `a` and not in those of `b`.
fn difference(a: &[(u128, u128)], b: &[(u128, u128)]) -> Vec<(u128, u128)> {
    let mut rest = Vec::new();
    let mut next = 0;
    for &(mut first, last) in a {
        while b.get(next).is_some_and(|other| other.1 < first) {
            next += 1;
        }
        let mut at = next;
        let mut is_left = true;
        while let Some(&(start, end)) = b.get(at).filter(|other| other.0 <= last) {
            if start > first {
                rest.push((first, start - 1));
            }
            match end.checked_add(1).filter(|after| *after <= last) {
                Some(after) => first = after,
                None => {
                    is_left = false;
                    break;
                }
            }
            at += 1;
        }
        if is_left {
            rest.push((first, last));
        }
    }
    rest
}

/// Cuts a range into the fewest networks.
fn cut((mut first, last): (u128, u128), bits: u32, mut each: impl FnMut(u128, u32)) {
    loop {
        let mut free = first.trailing_zeros().min(bits);
        while range(first, bits, bits - free).1 > last {
            free -= 1;
        }
        each(first, bits - free);
        match range(first, bits, bits - free)
            .1
            .checked_add(1)
            .filter(|next| *next <= last)
        {
            Some(next) => first = next,
            None => return,
        }
    }
}
