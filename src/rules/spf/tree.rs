//! What a record costs together with those that it refers to, as far as they are in the repository.

use std::borrow::Cow;

use crate::{
    name::Name,
    policy::spf::{
        self, Spf,
        term::{Mechanism, Modifier, Term},
    },
    record::{Data, Record},
    slip,
    text::Text,
    zones::{Answer, Node, Wanted},
};

/// How many records of a tree are looked into: one look-up leads to each, so receivers give up long before.
const RECORDS_MAX: usize = 32;

/// What stands at the name that a term refers to.
pub(super) enum Referred<'a> {
    /// One SPF record.
    One(Node<'a>, &'a Record),
    /// No SPF record.
    None,
    /// More than one.
    Several,
    /// The repository does not tell.
    Unknown,
}

/// The SPF records at the name that `include` or `redirect` refers to, seen from a node.
pub(super) fn referred<'a>(from: &Node<'a>, name: &Name) -> Referred<'a> {
    let node = match from.ask(name, Wanted::Txt) {
        Answer::Unknown => return Referred::Unknown,
        Answer::Absent => return Referred::None,
        Answer::Found(node) => node,
    };
    let mut found = None;
    for record in node.records() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        let text = slip::meant_text(record, txt);
        if record.many || !is_begin_known(&text) {
            return Referred::Unknown;
        }
        if spf::version::is_selected(text.bytes()) && found.replace(record).is_some() {
            return Referred::Several;
        }
    }
    match found {
        Some(record) => Referred::One(node, record),
        None => Referred::None,
    }
}

/// Whether the file tells whether a text is an SPF record.
fn is_begin_known(text: &Text) -> bool {
    text.is_known(0..text.len().min("v=spf1 ".len()))
}

/// Calls `then` with the tree of a record.
pub(super) fn with_tree<R>(record: &Record, then: impl FnOnce(&Spf<'_>) -> R) -> Option<R> {
    let txt = record.txt()?;
    let text: Cow<'_, Text> = slip::meant_text(record, txt);
    spf::parse(&text, &record.owner, txt.type99).map(|spf| then(&spf))
}

/// Whether a term refers to another record.
pub(super) fn refers(term: &Term) -> bool {
    term.is(Mechanism::Include) && term.is_counted() || term.modifier() == Some(Modifier::Redirect)
}

/// What an evaluation of a record costs where nothing matches, as far as the repository tells.
#[derive(Clone, Default, Debug)]
pub(super) struct Cost {
    /// Look-ups that count: at least so many.
    pub(super) lookups: usize,
    /// Look-ups that find nothing: at least so many.
    pub(super) voids: usize,
    /// Whether there is a record that is not in the repository, so that there may be more.
    pub(super) is_open: bool,
    /// The terms with what they cost, those of records that they refer to in parentheses.
    pub(super) shown: String,
    /// Whether the way from there comes to a record twice.
    pub(super) is_loop: bool,
}

/// What the terms of a record cost, each by itself: with what it refers to.
pub(super) fn costs(spf: &Spf<'_>, node: &Node<'_>) -> Vec<(usize, Cost)> {
    let mut left = RECORDS_MAX;
    let mut path = vec![spf.owner.clone()];
    counted(spf)
        .map(|index| (index, cost(spf, &spf.terms[index], node, &mut path, &mut left)))
        .collect()
}

/// The numbers of the terms that cost a look-up.
fn counted<'s>(spf: &'s Spf<'_>) -> impl Iterator<Item = usize> + 's {
    let counted: Vec<&Term> = spf.lookups().collect();
    let is_counted = move |term: &Term| counted.iter().any(|counted| std::ptr::eq(*counted, term));
    (0..spf.terms.len()).filter(move |index| is_counted(&spf.terms[*index]))
}

fn cost(spf: &Spf<'_>, term: &Term, node: &Node<'_>, path: &mut Vec<Name>, left: &mut usize) -> Cost {
    let mut total = Cost {
        lookups: 1,
        shown: String::from_utf8_lossy(spf.text.get(term.at.clone())).into_owned(),
        ..Cost::default()
    };
    let Some(target) = spf.target(term) else {
        total.is_open |= refers(term);
        return total;
    };
    if !refers(term) {
        total.voids = usize::from(is_void(term, &target, node));
        return total;
    }
    total.is_loop = path.contains(&target);
    if total.is_loop || *left == 0 {
        total.is_open |= *left == 0;
        return total;
    }
    match referred(node, &target) {
        Referred::One(at, record) => {
            *left -= 1;
            path.push(target);
            let inner = with_tree(record, |inner| {
                let terms: Vec<Cost> = counted(inner)
                    .map(|index| cost(inner, &inner.terms[index], &at, path, left))
                    .collect();
                terms
            });
            path.pop();
            let inner = inner.unwrap_or_default();
            for one in &inner {
                total.lookups += one.lookups;
                total.voids += one.voids;
                total.is_open |= one.is_open;
                total.is_loop |= one.is_loop;
            }
            if !inner.is_empty() {
                let shown: Vec<&str> = inner.iter().map(|one| one.shown.as_str()).collect();
                total.shown = format!("{} ({})", total.shown, shown.join(", "));
            }
        }
        Referred::Unknown => total.is_open = true,
        Referred::None | Referred::Several => {}
    }
    total
}

/// Whether a resolver finds nothing for a term, as far as the repository tells: no address for `a` and `exists`, no mail
/// exchanger for `mx`.
pub(super) fn is_void(term: &Term, target: &Name, node: &Node<'_>) -> bool {
    let wanted = match term.mechanism() {
        Some(Mechanism::A) => Wanted::Address,
        Some(Mechanism::Exists) => Wanted::A,
        Some(Mechanism::Mx) => Wanted::Mx,
        _ => return false,
    };
    node.ask(target, wanted).is_absent()
}

/// How many MX records a name has, if the repository tells.
pub(super) fn mx_count(node: &Node<'_>, target: &Name) -> Option<usize> {
    let found = node.ask(target, Wanted::Mx).found()?;
    let mx = found
        .records()
        .filter(|record| !record.many && matches!(record.data, Data::Mx(_)));
    Some(mx.count())
}
