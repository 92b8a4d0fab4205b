//! Which findings are left out because a comment orders so.

use crate::{
    diagnostic::Diagnostic,
    ignore::{Form, Ignore},
    rule::{Check, Findings, Ignored, Rule},
    rules,
    source::Sources,
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
    let mut by_place: Vec<usize> = (0..ignores.len()).collect();
    by_place.sort_by_key(|at| (ignores[*at].span.source, ignores[*at].covers.start));
    let mut next = by_place.into_iter().peekable();
    // The orders that cover the place of the finding.
    let mut open: Vec<usize> = Vec::new();
    for diagnostic in all {
        let (source, start) = (diagnostic.primary.span.source, diagnostic.primary.span.start);
        let begins = |at: &usize| (ignores[*at].span.source, ignores[*at].covers.start) <= (source, start);
        while let Some(at) = next.next_if(begins) {
            open.push(at);
        }
        open.retain(|at| ignores[*at].span.source == source && start < ignores[*at].covers.end);
        let mut is_left_out = false;
        for at in &open {
            for (named, used) in ignores[*at].names.iter().zip(&mut used[*at]) {
                if ignores[*at].form == Form::Whole
                    && rules::named(diagnostic.rule).is_some_and(|rule| rule.is_named(&named.name))
                {
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
