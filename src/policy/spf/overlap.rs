//! Which of the networks that a record lists lie in others.

use std::collections::BTreeMap;

use crate::policy::spf::{
    Spf,
    network::Network,
    term::{Kind, Mechanism, Qualifier, Term},
};

/// A network strictly inside another one, which makes it superfluous or keeps it from being reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overlap {
    /// The number of the term with the inner network.
    pub inner: usize,
    /// The number of the term with the outer one.
    pub outer: usize,
    /// What it means.
    pub how: How,
}

/// What it means that a network lies in another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Both mean the same, and the outer one stands first: the inner one is never reached.
    Repeated,
    /// Both mean the same, and the outer one stands behind. `alone` if no look-up stands between them, which the inner one
    /// would spare.
    Anticipated {
        /// Whether nothing but addresses stands between them.
        alone: bool,
    },
    /// They mean different things, and the outer one stands first: the inner one is never reached.
    Shadowed,
}

/// A network of the record.
struct Listed {
    number: usize,
    qualifier: Qualifier,
    network: Network,
    /// The number of the first term behind that has a larger network around this one and means the same, while all others
    /// that could decide in its stead mean the same, too.
    behind: Option<usize>,
}

/// The networks that lie in others, in the order of the record. Of equal ones the first is looked at: the others are
/// repetitions. Only terms before the first `all` count.
///
/// Networks are nested or apart, so that in order of their addresses those around one are few: one for each prefix length.
pub fn overlaps(spf: &Spf<'_>) -> Vec<Overlap> {
    let all = spf.terms.iter().position(|term| term.is(Mechanism::All));
    let terms = &spf.terms[..all.unwrap_or(spf.terms.len())];
    let mut listed = listed(spf, terms);
    if listed.len() < 2 {
        return Vec::new();
    }
    listed.sort_by_key(|one| (one.network.first(), one.network.prefix, one.number));
    let others = Others::new(spf, terms);
    let mut found = Vec::new();
    let mut around: Vec<Listed> = Vec::new();
    for mut one in listed {
        while let Some(inner) = around.pop_if(|outer| !outer.network.contains(&one.network)) {
            found.extend(others.anticipated(&inner));
        }
        for outer in &mut around {
            // Without the outer one this would be reached, and means something else.
            let is_between = outer.number < one.number && outer.behind.is_some_and(|behind| one.number < behind);
            if is_between && outer.qualifier != one.qualifier {
                outer.behind = None;
            }
        }
        if around
            .last()
            .is_some_and(|outer| outer.network.prefix == one.network.prefix)
        {
            continue;
        }
        if let Some(first) = around.iter().min_by_key(|outer| outer.number) {
            let is_same = first.qualifier == one.qualifier;
            if first.number < one.number {
                found.push(Overlap {
                    inner: one.number,
                    outer: first.number,
                    how: if is_same { How::Repeated } else { How::Shadowed },
                });
            } else {
                one.behind = is_same.then_some(first.number);
            }
        }
        around.push(one);
    }
    found.extend(around.iter().filter_map(|inner| others.anticipated(inner)));
    found.sort_by_key(|overlap| overlap.inner);
    found
}

fn listed(spf: &Spf<'_>, terms: &[Term]) -> Vec<Listed> {
    let network = |(number, term): (usize, &Term)| {
        Some(Listed {
            number,
            qualifier: term.qualifier,
            network: spf.network(term)?.unmapped(),
            behind: None,
        })
    };
    terms.iter().enumerate().filter_map(network).collect()
}

/// The terms that may match any sender, by what they mean: all but networks and modifiers.
struct Others {
    /// `None` stands for what nobody knows.
    numbers: BTreeMap<Option<&'static str>, Vec<usize>>,
}

impl Others {
    fn new(spf: &Spf<'_>, terms: &[Term]) -> Others {
        let mut numbers: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (number, term) in terms.iter().enumerate() {
            let meaning = match term.kind {
                Kind::Modifier(_) => continue,
                Kind::Mechanism(_) if spf.network(term).is_some() => continue,
                Kind::Mechanism(_) => Some(term.qualifier.result()),
                Kind::Malformed | Kind::Unknown => None,
            };
            numbers.entry(meaning).or_default().push(number);
        }
        Others { numbers }
    }

    /// What it means that a network lies in one behind it, if no term between them may mean something else for a sender in
    /// it.
    fn anticipated(&self, inner: &Listed) -> Option<Overlap> {
        let outer = inner.behind?;
        let is_between = |numbers: &[usize]| {
            let first = numbers.partition_point(|number| *number < inner.number);
            numbers.get(first).is_some_and(|number| *number < outer)
        };
        let mut alone = true;
        for (meaning, numbers) in &self.numbers {
            if is_between(numbers) {
                alone = false;
                if *meaning != Some(inner.qualifier.result()) {
                    return None;
                }
            }
        }
        Some(Overlap {
            inner: inner.number,
            outer,
            how: How::Anticipated { alone },
        })
    }
}
