//! Which findings are left out because a comment or the settings order so.

use std::{cmp::Reverse, ops::Range};

use crate::{
    diagnostic::Diagnostic,
    ignore::{Covers, Form, Ignore},
    rule::{Check, Findings, Ignored, Rule},
    rules,
    source::Sources,
    span::SourceId,
};

/// Findings by whether an order leaves them out.
#[derive(Default, Debug)]
pub struct Sorted {
    /// Those that stay, in order.
    pub kept: Vec<Diagnostic>,
    /// Those that are left out, in order.
    pub left_out: Vec<Diagnostic>,
}

/// Leaves out what orders say, and lets rules look at the orders. `all` is sorted by place. The findings of those rules stay,
/// and are behind all others.
pub fn leave_out(sources: &Sources, all: Vec<Diagnostic>, ignores: &[Ignore], ran: &[&'static Rule]) -> Sorted {
    let mut used: Vec<Vec<bool>> = ignores.iter().map(|ignore| vec![false; ignore.names.len()]).collect();
    let mut sorted = Sorted::default();
    if ignores.is_empty() {
        sorted.kept = all;
        return sorted;
    }
    let mut places = Places::new(sources, ignores);
    for diagnostic in all {
        let mut is_left_out = false;
        for at in places.covering(&diagnostic) {
            for (named, used) in ignores[at].names.iter().zip(&mut used[at]) {
                if rules::named(diagnostic.rule).is_some_and(|rule| rule.is_named(&named.name)) {
                    *used = true;
                    is_left_out = true;
                }
            }
        }
        if is_left_out {
            sorted.left_out.push(diagnostic);
        } else {
            sorted.kept.push(diagnostic);
        }
    }
    for (ignore, used) in ignores.iter().zip(&used) {
        for rule in ran {
            if let Check::Ignore(check) = rule.check {
                let ignored = Ignored { ignore, used, ran };
                check(&ignored, &mut Findings::new(rule, sources, "", None, &mut sorted.kept));
            }
        }
    }
    sorted
}

/// Finds the orders that cover a place, for one place after the other.
struct Places<'a> {
    sources: &'a Sources,
    ignores: &'a [Ignore],
    /// The orders for places in a file, sorted by where these begin; the last comes first.
    next: Vec<(SourceId, Range<u32>, usize)>,
    /// Those of them that have begun and not ended.
    open: Vec<(SourceId, Range<u32>, usize)>,
    /// The file of the last place, and the orders for its path.
    of_file: (Option<SourceId>, Vec<usize>),
}

impl<'a> Places<'a> {
    fn new(sources: &'a Sources, ignores: &'a [Ignore]) -> Places<'a> {
        let place = |(at, ignore): (usize, &Ignore)| match &ignore.covers {
            Covers::Bytes(range) if ignore.form == Form::Whole => Some((ignore.span.source, range.clone(), at)),
            _ => None,
        };
        let mut next: Vec<_> = ignores.iter().enumerate().filter_map(place).collect();
        next.sort_by_key(|(source, range, _)| Reverse((*source, range.start)));
        Places {
            sources,
            ignores,
            next,
            open: Vec::new(),
            of_file: (None, Vec::new()),
        }
    }

    /// The orders that cover a finding. It is asked for one finding after the other, in the order of their places.
    fn covering(&mut self, diagnostic: &Diagnostic) -> impl Iterator<Item = usize> + use<'_, 'a> {
        let span = diagnostic.primary.span;
        while let Some(order) = self
            .next
            .pop_if(|(source, range, _)| (*source, range.start) <= (span.source, span.start))
        {
            self.open.push(order);
        }
        self.open
            .retain(|(source, range, _)| *source == span.source && span.start < range.end);
        if self.of_file.0 != Some(span.source) {
            let path = &self.sources.get(span.source).path;
            let matches = |(at, ignore): (usize, &Ignore)| match &ignore.covers {
                Covers::Paths(paths) => paths.matches(path).then_some(at),
                Covers::Bytes(_) => None,
            };
            let orders = self.ignores.iter().enumerate().filter_map(matches).collect();
            self.of_file = (Some(span.source), orders);
        }
        let here = self.open.iter().map(|(.., at)| *at);
        here.chain(self.of_file.1.iter().copied())
    }
}
