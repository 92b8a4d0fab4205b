//! Parts of the answer in words.

use crate::{
    effective::{Found, Unknown, Verdict},
    mail_domain::{Breaks, Sender},
    name::Name,
    policy::dmarc::tag::TagName,
    policy_view::Showing,
    presentation,
    span::Span,
};

/// What is done, for a cell.
pub(crate) fn cell(verdict: &Verdict<'_>) -> String {
    match verdict {
        Verdict::Applies(applied) => {
            let policy = applied.policy.word();
            match applied.percent {
                _ if applied.policy != applied.stated => format!("{policy}, not {}", applied.stated.word()),
                Some(percent) => format!("{policy} for {percent} %"),
                None => policy.to_string(),
            }
        }
        Verdict::Monitors(_) => "none".to_string(),
        Verdict::Ignored(_) | Verdict::Several { .. } | Verdict::NoRecord { .. } => "no DMARC".to_string(),
        Verdict::Unknown(_) => "unknown".to_string(),
    }
}

/// Why that is so, and the place that says it.
pub(super) fn why(verdict: &Verdict<'_>, showing: &Showing<'_>) -> (String, Option<Span>) {
    match verdict {
        Verdict::Applies(applied) => {
            let mut why = said(&applied.found, applied.tag, showing);
            if applied.policy != applied.stated {
                let tag = match applied.percent {
                    Some(_) => TagName::Pct,
                    None => TagName::T,
                };
                why.push_str(&format!(
                    ", one level milder by {}",
                    written(&applied.found, tag, showing)
                ));
            } else if applied.percent.is_some() {
                why.push_str(&format!(
                    ", the rest one level milder by {}",
                    written(&applied.found, TagName::Pct, showing)
                ));
            }
            (why, applied.at)
        }
        Verdict::Monitors(broken) => {
            let what = broken_policy(&broken.found, broken.tag, broken.is_missing, showing);
            (format!("{what}: receivers act on `p=none` and send reports"), broken.at)
        }
        Verdict::Ignored(broken) => {
            let what = broken_policy(&broken.found, broken.tag, broken.is_missing, showing);
            let record = Some(broken.found.record.span);
            (
                format!("{what}, and has no address for reports: receivers do nothing"),
                broken.at.or(record),
            )
        }
        Verdict::Several { domain, node } => {
            let first = node.records().next().map(|record| record.span);
            let owner = owner(domain, showing);
            (
                format!("there is more than one DMARC record at {owner}: receivers use none"),
                first,
            )
        }
        Verdict::NoRecord { assumed: None } => ("no DMARC record is found".to_string(), None),
        Verdict::NoRecord { assumed: Some(suffix) } => {
            let suffix = showing.line(&suffix.to_string());
            (
                format!("no DMARC record is found, unless the public suffix `{suffix}` has one"),
                None,
            )
        }
        Verdict::Unknown(unknown) => unknown_why(unknown, showing),
    }
}

fn unknown_why(unknown: &Unknown<'_>, showing: &Showing<'_>) -> (String, Option<Span>) {
    match unknown {
        Unknown::Record(domain) => (
            format!("which record is at {} is not told here", owner(domain, showing)),
            None,
        ),
        Unknown::Tag(found, tag) => {
            let owner = owner(&found.domain, showing);
            let place = found.place(*tag).or(Some(found.record.span));
            (format!("what `{}` of {owner} says is not told here", tag.word()), place)
        }
        Unknown::Twice(found, tag) => {
            let owner = owner(&found.domain, showing);
            (
                format!("`{}` stands twice in {owner}: receivers differ", tag.word()),
                found.place(*tag),
            )
        }
        Unknown::Existence(found) => {
            let owner = owner(&found.domain, showing);
            let why = format!(
                "{owner} asks for different things of names that exist and of others, and which this is is not told here"
            );
            (why, Some(found.record.span))
        }
    }
}

/// A tag of a record and the name that it was found by.
fn said(found: &Found<'_>, tag: TagName, showing: &Showing<'_>) -> String {
    let mut said = format!("{} of {}", written(found, tag, showing), owner(&found.domain, showing));
    let own = found.domain.below("_dmarc");
    if found.record.owner != own && !found.domain.is_wildcard() {
        said.push_str(&format!(
            ", which `{}` answers for",
            showing.line(&found.record.owner.to_string())
        ));
    }
    said
}

/// The name where a DMARC record of a domain is.
pub(super) fn owner(domain: &Name, showing: &Showing<'_>) -> String {
    let owner = match domain.is_wildcard() {
        true => domain.clone(),
        false => domain.below("_dmarc"),
    };
    format!("`{}`", showing.line(&owner.to_string().to_ascii_lowercase()))
}

/// A tag as it is written.
fn written(found: &Found<'_>, tag: TagName, showing: &Showing<'_>) -> String {
    let text = found.published.text();
    match found.published.at(tag) {
        Some(at) => format!("`{}`", showing.line(&presentation::text(&text.slice(at)).value)),
        None => format!("`{}`", tag.word()),
    }
}

fn broken_policy(found: &Found<'_>, tag: TagName, is_missing: bool, showing: &Showing<'_>) -> String {
    match is_missing {
        true => format!("{} has no `{}`", owner(&found.domain, showing), tag.word()),
        false => format!(
            "{} has {}, which is no policy",
            owner(&found.domain, showing),
            written(found, tag, showing)
        ),
    }
}

/// Somebody who may send.
pub(super) fn sender(sender: &Sender, showing: &Showing<'_>) -> String {
    match sender {
        Sender::Everybody => "everybody".to_string(),
        Sender::Network(address, prefix) => format!("{address}/{prefix}"),
        Sender::Hosts(term) => format!("`{}`", showing.line(term)),
        Sender::Included(name) => format!("whomever `{}` passes", showing.line(name)),
        Sender::Unknown => "whatever a variable adds".to_string(),
    }
}

/// Why receivers make nothing of an SPF record.
pub(super) fn broken(breaks: &Breaks, showing: &Showing<'_>) -> String {
    match breaks {
        Breaks::Several => "there is more than one SPF record: receivers make nothing of them".to_string(),
        Breaks::Syntax => "there is an error in the SPF record: receivers make nothing of it".to_string(),
        Breaks::Behind(name) => {
            let name = showing.line(name);
            format!("there is no good SPF record at `{name}`, which this one needs: receivers make nothing of it")
        }
    }
}

/// A number of look-ups.
pub(super) fn lookups(number: u32) -> String {
    match number {
        1 => "1 look-up".to_string(),
        many => format!("{many} look-ups"),
    }
}
