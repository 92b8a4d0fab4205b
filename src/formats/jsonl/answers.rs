//! What a name was answered: the records of a scanner's line as a resolver hands them to a receiver of mail, who asks for a
//! name and follows its aliases without looking at them.

use std::collections::BTreeSet;

use crate::{
    formats::jsonl::line::{Answer, Kind, Line, Value},
    syntax::json::Str,
};

/// How many aliases are followed; resolvers give up at about as many.
const CHAIN_MAX: usize = 16;

/// Leaves the answers that are records of the name that was asked for, each once; with the number among those of its type
/// that each had in the line.
pub(super) fn settle(line: &mut Line, bytes: &[u8], asked: Str) -> Vec<(Answer, u32)> {
    let mut counts = [0; 5];
    let end = end_of_chain(line, bytes, asked);
    let is_of_name = |answer: &Answer| {
        answer
            .name
            .is_none_or(|name| same(bytes, name, asked) || same(bytes, name, end))
    };
    let mut seen = BTreeSet::new();
    let mut settled: Vec<(Answer, u32)> = Vec::with_capacity(line.answers.len());
    for answer in &line.answers {
        let count = &mut counts[answer.kind as usize];
        let index = *count;
        *count += 1;
        // Two modules may have got the same record.
        if is_of_name(answer) && seen.insert((answer.kind, &bytes[answer.value.inside()])) {
            settled.push((*answer, index));
        }
    }
    if settled.iter().any(|(answer, _)| answer.kind != Kind::Cname) {
        settled.retain(|(answer, _)| answer.kind != Kind::Cname);
    } else {
        // Where the alias leads was not answered; those behind it are of other names.
        settled.truncate(1);
    }
    settled
}

/// The name that the aliases in an answer lead to.
fn end_of_chain(line: &Line, bytes: &[u8], asked: Str) -> Str {
    let mut end = asked;
    for _ in 0..CHAIN_MAX {
        let alias = line
            .answers
            .iter()
            .find(|answer| answer.kind == Kind::Cname && answer.name.is_some_and(|name| same(bytes, name, end)));
        match alias {
            Some(alias) => end = alias.value,
            None => break,
        }
    }
    end
}

/// Whether two names are the same, as scanners write them: with or without a final dot.
fn same(bytes: &[u8], a: Str, b: Str) -> bool {
    let name = |name: Str| {
        let name = &bytes[name.inside()];
        name.strip_suffix(b".").unwrap_or(name)
    };
    name(a).eq_ignore_ascii_case(name(b))
}

impl Value {
    pub(super) fn of_answer(answer: &Answer, record: usize, index: u32) -> Value {
        Value {
            record: record as u32,
            at: answer.value.inside(),
            string: Some(answer.value),
            index,
        }
    }
}
