//! One record, and the look-ups in it.

use std::cell::OnceCell;

use crate::{
    name::Name,
    policy::spf::{
        self, Spf,
        term::{Kind, Mechanism, Modifier, Qualifier, Term},
    },
    record::{Record, Txt},
    slip,
    span::Span,
    spf_tree::Target,
    zones::{Answer, Node, Wanted},
};

/// A record in a tree.
#[derive(Debug)]
pub struct Branch<'a> {
    /// The record.
    pub record: &'a Record,
    /// The name that it was asked for.
    pub name: Name,
    /// The look-ups of a client that matches nothing, in order: those before `all`, or before what the file does not tell.
    pub steps: Vec<Step<'a>>,
    /// Where an `all` stands that passes everybody who comes so far.
    pub plus_all: Option<Span>,
    /// Whether it passes nobody: nothing in it has `+`, and no other record takes its place.
    pub never_passes: bool,
    /// How many look-ups it takes, at least, through all records that it leads to. The look-up that finds it is not counted.
    pub lookups: u32,
    /// How many of them find nothing, at least.
    pub voids: u32,
    /// Whether these numbers are all: nothing leads out of the repository.
    pub is_exact: bool,
    /// Whether it leads back to itself, directly or through others.
    pub is_in_loop: bool,
    pub(super) node: Node<'a>,
    broken: OnceCell<bool>,
    /// Whether it passes whoever it is asked about.
    pub(super) always_passes: bool,
    /// Whether the file tells all terms that count.
    pub(super) is_known: bool,
    pub(super) is_summed: bool,
    /// When it was come to; 0 before.
    pub(super) order: u32,
    /// The number of one of the records of its loop, its own if it is in none; `None` before all of that is followed.
    pub(super) component: Option<u32>,
}

/// A term that is looked up.
#[derive(Debug)]
pub struct Step<'a> {
    /// The number of the term in its record.
    pub term: usize,
    /// The term as it is written, cut short.
    pub written: Box<str>,
    /// Where it is written.
    pub at: Option<Span>,
    /// The name that is looked up, if that can be told.
    pub name: Option<Name>,
    /// Whether it is an `include`.
    pub is_include: bool,
    /// Whether a zone in the repository has nothing at that name.
    pub is_void: bool,
    /// The records that are looked up there, other than SPF.
    pub found: Option<Node<'a>>,
    /// The record that it leads to.
    pub target: Target,
}

impl<'a> Branch<'a> {
    pub(super) fn new(record: &'a Record, node: Node<'a>, name: &Name) -> Branch<'a> {
        Branch {
            record,
            name: name.clone(),
            steps: Vec::new(),
            plus_all: None,
            never_passes: false,
            lookups: 0,
            voids: 0,
            is_exact: false,
            is_in_loop: false,
            node,
            broken: OnceCell::new(),
            always_passes: false,
            is_known: false,
            is_summed: false,
            order: 0,
            component: None,
        }
    }

    /// Whether there is an error in its syntax.
    pub fn is_broken(&self) -> bool {
        let has_error = |txt: &Txt| spf::has_syntax_error(&slip::meant_text(self.record, txt));
        *self.broken.get_or_init(|| self.record.txt().is_some_and(has_error))
    }

    pub(super) fn read(&mut self, spf: &Spf<'_>) {
        // What the file does not tell may hold an `all`: nothing is sure behind it.
        let unknown = spf.terms.iter().position(|term| term.kind == Kind::Unknown);
        let all = spf.terms.iter().position(|term| term.is(Mechanism::All));
        let end = [all, unknown].into_iter().flatten().min().unwrap_or(spf.terms.len());
        let before = spf.terms.iter().enumerate().take(end);
        let redirect = spf.redirect().filter(|_| all.is_none() && unknown.is_none());
        self.steps = before
            .filter(|(_, term)| term.is_counted() || redirect.is_some_and(|redirect| redirect.at == term.at))
            .map(|(number, term)| self.step(spf, number, term))
            .collect();
        // The record that takes the place of this one is asked for last, wherever its modifier stands.
        self.steps
            .sort_by_key(|step| spf.terms[step.term].modifier() == Some(Modifier::Redirect));
        self.is_known = all.is_some_and(|all| all == end) || unknown.is_none();
        let all = all.filter(|all| *all == end).map(|all| &spf.terms[all]);
        let passes = |term: &Term| term.mechanism().is_some() && term.qualifier == Qualifier::Pass;
        let passing = all.filter(|all| passes(all));
        self.plus_all = passing.and_then(|all| spf.text.span(all.at.clone()));
        let is_sure = |term: &Term| term.modifier().is_some() || passes(term);
        self.always_passes = passing.is_some() && spf.terms[..end].iter().all(is_sure) && !self.is_broken();
        let is_told = unknown.is_none_or(|unknown| unknown > end);
        self.never_passes = is_told && redirect.is_none() && !spf.reached().any(passes);
    }

    fn step(&self, spf: &Spf<'_>, number: usize, term: &Term) -> Step<'a> {
        let name = spf.target(term);
        let wanted = match term.mechanism() {
            Some(Mechanism::A) => Some(Wanted::Address),
            Some(Mechanism::Mx) => Some(Wanted::Mx),
            Some(Mechanism::Exists) => Some(Wanted::A),
            _ => None,
        };
        let answer = name
            .as_ref()
            .zip(wanted)
            .map(|(name, wanted)| self.node.ask(name, wanted));
        let is_record = term.is(Mechanism::Include) || term.modifier().is_some();
        Step {
            term: number,
            written: written(spf.text.get(term.at.clone())),
            at: spf.text.span(term.at.clone()),
            is_void: answer.is_some_and(|answer| answer.is_absent()),
            found: answer.and_then(Answer::found),
            is_include: term.is(Mechanism::Include),
            target: if is_record { Target::Unknown } else { Target::None },
            name,
        }
    }
}

/// A term as it is written, cut short.
fn written(term: &[u8]) -> Box<str> {
    const LONGEST: usize = 60;
    let shown = String::from_utf8_lossy(&term[..term.len().min(LONGEST)]);
    if term.len() <= LONGEST && !shown.contains(|char: char| char.is_control() || char == '\u{fffd}') {
        return shown.into();
    }
    let more = if term.len() > LONGEST { "..." } else { "" };
    let shown = shown.replace(char::is_control, "\u{fffd}");
    format!("{}{more}", shown.trim_end_matches('\u{fffd}')).into()
}
