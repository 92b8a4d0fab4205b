//! Which records answer a question.

use crate::{
    name::Name,
    record::{Data, Other, Record},
    source::Sources,
    zones::{Node, Wanted},
};

/// What the records at a name mean for a question.
#[derive(Debug)]
pub(super) enum Reply {
    /// They are the answer.
    Yes,
    /// They are not.
    No,
    /// The answer is that for another name.
    Elsewhere(Name),
    /// They may be.
    Perhaps,
}

/// More records than this are in no answer that DNS can carry, so that they are not looked through for each question.
const RECORDS_MAX: usize = 4096;

/// What the records at a name, of which there are some, mean for a question.
pub(super) fn reply(node: &Node<'_>, wanted: Wanted, sources: &Sources) -> Reply {
    if node.has_more_than(RECORDS_MAX) {
        return Reply::Perhaps;
    }
    let (mut is_there, mut is_doubtful) = (false, false);
    let mut alias: Option<&Record> = None;
    for record in node.records() {
        match one(record, wanted, sources) {
            One::No => {}
            One::Yes if record.many => is_doubtful = true,
            One::Yes => is_there = true,
            One::Perhaps => is_doubtful = true,
            One::Alias if record.many || alias.is_some_and(|other| !same_target(other, record)) => is_doubtful = true,
            One::Alias => alias = Some(record),
        }
    }
    let target = alias.and_then(Record::target).map(|target| &target.name);
    match target {
        // No server loads a CNAME beside other records.
        Some(_) if is_there || is_doubtful => Reply::Perhaps,
        Some(target) => Reply::Elsewhere(target.clone()),
        None if is_there => Reply::Yes,
        None if is_doubtful => Reply::Perhaps,
        None => Reply::No,
    }
}

fn same_target(a: &Record, b: &Record) -> bool {
    a.target().map(|target| &target.name) == b.target().map(|target| &target.name)
}

/// Whether a record of a type is among those at a name; `None` if it may be.
pub(super) fn has(node: &Node<'_>, is_wanted: impl Fn(&Data) -> bool) -> Option<bool> {
    if node.has_more_than(RECORDS_MAX) {
        return None;
    }
    let mut is_doubtful = false;
    for record in node.records().filter(|record| is_wanted(&record.data)) {
        if !record.many {
            return Some(true);
        }
        is_doubtful = true;
    }
    (!is_doubtful).then_some(false)
}

/// What one record means for a question.
enum One {
    Yes,
    No,
    Perhaps,
    Alias,
}

fn one(record: &Record, wanted: Wanted, sources: &Sources) -> One {
    let is = |yes: bool| if yes { One::Yes } else { One::No };
    let addresses = matches!(wanted, Wanted::A | Wanted::Address);
    match &record.data {
        _ if wanted == Wanted::Any => One::Yes,
        Data::Txt(txt) => is(wanted == Wanted::Txt && !txt.type99),
        Data::Mx(_) => is(wanted == Wanted::Mx),
        Data::A(_) => is(addresses),
        Data::Aaaa(_) => is(wanted == Wanted::Address),
        Data::Cname(_) if wanted == Wanted::Cname => One::Yes,
        Data::Cname(_) => One::Alias,
        Data::Tlsa(_) => is(wanted == Wanted::Tlsa),
        Data::Unknown => One::Perhaps,
        Data::Other(other) => computed(record, other, wanted, sources),
        Data::Dname(_) | Data::Ns(_) | Data::Ptr(_) | Data::Srv(_) | Data::Soa(_) => One::No,
    }
}

/// What a record of a type that some servers compute answers from means for a question.
fn computed(record: &Record, other: &Other, wanted: Wanted, sources: &Sources) -> One {
    let Some(source) = sources.all().get(record.span.source.0 as usize) else {
        return One::Perhaps;
    };
    let kind = source.at(other.kind_span(record));
    let is = |name: &str| kind.eq_ignore_ascii_case(name.as_bytes());
    let addresses = matches!(wanted, Wanted::A | Wanted::Address);
    let data = source.at(other.data_span(record));
    let first = data.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    if is("LUA") {
        return match first.to_ascii_uppercase().as_slice() {
            b"A" if addresses => One::Yes,
            b"AAAA" if wanted == Wanted::Address => One::Yes,
            b"TXT" if wanted == Wanted::Txt => One::Perhaps,
            b"MX" if wanted == Wanted::Mx => One::Perhaps,
            b"CNAME" => One::Perhaps,
            b"TLSA" if wanted == Wanted::Tlsa => One::Perhaps,
            _ => One::No,
        };
    }
    if is("DYNC") {
        return One::Perhaps;
    }
    let is_alias_mode = (is("HTTPS") || is("SVCB")) && first == b"0";
    match addresses {
        true if is("ALIAS") || is("ANAME") || is("DYNA") => One::Yes,
        // Providers have types of their own that end as addresses.
        true if is_alias_mode || !other.is_registered => One::Perhaps,
        _ => One::No,
    }
}
