//! The answer for programs (version 1).

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    effective::{Answers, Effective, Look, Step, Unknown, Verdict},
    mail_domain::{Breaks, Cost, Ending, MailDomain, Sender, Spf, Told},
    name::Name,
    policy::dmarc::tag::TagName,
    policy_view::Showing,
    presentation,
    record::Record,
    report::{harmless, json},
    span::Span,
};

#[derive(Serialize)]
struct Answer {
    version: u32,
    domain: String,
    views: Vec<View>,
}

#[derive(Serialize)]
struct View {
    seen_from: String,
    dmarc: DmarcJson,
    spf: SpfJson,
    mta_sts: StsJson,
    mx: Option<Vec<String>>,
}

#[derive(Serialize)]
struct DmarcJson {
    rfc9989: AnswersJson,
    rfc7489: AnswersJson,
    walk: Vec<StepJson>,
    wildcard: Option<String>,
}

#[derive(Serialize)]
struct AnswersJson {
    itself: VerdictJson,
    subdomain: VerdictJson,
    nonexistent: VerdictJson,
    organizational_domain: Option<String>,
}

/// Whatever does not apply is absent.
#[derive(Default, Serialize)]
struct VerdictJson {
    outcome: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stated: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<String>,
}

#[derive(Serialize)]
struct RecordJson {
    owner: String,
    value: String,
    path: String,
    span: json::Place,
}

#[derive(Serialize)]
struct StepJson {
    owner: String,
    found: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordJson>,
}

#[derive(Serialize)]
struct SpfJson {
    known: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    breaks: Option<&'static str>,
    networks: Vec<String>,
    hosts: Vec<String>,
    includes: Vec<String>,
    everybody: bool,
    all: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<String>,
    lookups: Option<u32>,
    lookups_exact: bool,
    terms: Vec<TermJson>,
}

#[derive(Serialize)]
struct TermJson {
    term: String,
    lookups: u32,
    leads_out: bool,
}

#[derive(Serialize)]
struct StsJson {
    id: Option<String>,
    mode: Option<&'static str>,
    max_age: Option<u64>,
    mx: Option<Vec<String>>,
    uncovered: Vec<String>,
}

/// Writes the answer as one JSON object. Spans are those of the tag that an answer comes from, else of the record.
pub fn json(name: &Name, told: &[MailDomain<'_>], showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    let answer = Answer {
        version: 1,
        domain: lower(name),
        views: told.iter().map(|domain| view(domain, showing)).collect(),
    };
    harmless::json(&answer, to)
}

fn lower(name: &Name) -> String {
    name.to_string().to_ascii_lowercase()
}

fn view(domain: &MailDomain<'_>, showing: &Showing<'_>) -> View {
    let Effective { by_walk, by_list, .. } = &domain.effective;
    let policy = domain.sts.policy.is();
    View {
        seen_from: showing.sources.get(domain.from.scan.source).path.clone(),
        dmarc: DmarcJson {
            rfc9989: answers(by_walk, domain.effective.organization.as_ref(), showing),
            rfc7489: answers(by_list, Some(&domain.effective.listed_organization), showing),
            walk: domain
                .effective
                .walk
                .iter()
                .map(|step| step_json(step, showing))
                .collect(),
            wildcard: domain.effective.wildcard.map(|node| lower(node.name())),
        },
        spf: spf(&domain.spf),
        mta_sts: StsJson {
            id: domain.sts.id.is().cloned(),
            mode: policy.map(|policy| policy.mode.name()),
            max_age: policy.map(|policy| policy.max_age),
            mx: policy.map(|policy| {
                policy
                    .mx
                    .iter()
                    .map(|mx| String::from_utf8_lossy(mx).into_owned())
                    .collect()
            }),
            uncovered: domain.sts.uncovered.iter().map(lower).collect(),
        },
        mx: domain.mx.is().map(|mx| mx.hosts.keys().map(lower).collect()),
    }
}

fn answers(answers: &Answers<'_>, organization: Option<&Name>, showing: &Showing<'_>) -> AnswersJson {
    AnswersJson {
        itself: verdict(&answers.itself, showing),
        subdomain: verdict(&answers.subdomain, showing),
        nonexistent: verdict(&answers.nonexistent, showing),
        organizational_domain: organization.map(lower),
    }
}

fn verdict(verdict: &Verdict<'_>, showing: &Showing<'_>) -> VerdictJson {
    let mut json = VerdictJson::default();
    let mut at: Option<Span> = None;
    let mut tag: Option<TagName> = None;
    (json.outcome, json.reason) = match verdict {
        Verdict::Applies(applied) => {
            json.policy = Some(applied.policy.word());
            json.stated = Some(applied.stated.word());
            json.percent = applied.percent;
            (at, tag) = (applied.at, Some(applied.tag));
            ("policy", "record")
        }
        Verdict::Monitors(broken) => {
            json.policy = Some("none");
            (at, tag) = (broken.at, Some(broken.tag));
            (
                "policy",
                if broken.is_missing {
                    "policy-missing"
                } else {
                    "policy-invalid"
                },
            )
        }
        Verdict::Ignored(broken) => {
            (at, tag) = (broken.at, Some(broken.tag));
            (
                "no-dmarc",
                if broken.is_missing {
                    "policy-missing"
                } else {
                    "policy-invalid"
                },
            )
        }
        Verdict::Several { domain, .. } => {
            json.domain = Some(lower(domain));
            ("no-dmarc", "several-records")
        }
        Verdict::NoRecord { assumed } => {
            json.assumed = assumed.as_ref().map(lower);
            ("no-dmarc", "no-record")
        }
        Verdict::Unknown(Unknown::Record(domain)) => {
            json.domain = Some(lower(domain));
            ("unknown", "record-not-told")
        }
        Verdict::Unknown(Unknown::Tag(found, name)) => {
            (at, tag) = (found.place(*name), Some(*name));
            ("unknown", "tag-not-told")
        }
        Verdict::Unknown(Unknown::Twice(found, name)) => {
            (at, tag) = (found.place(*name), Some(*name));
            ("unknown", "tag-twice")
        }
        Verdict::Unknown(Unknown::Existence(_)) => ("unknown", "existence-not-told"),
    };
    json.tag = tag.map(TagName::word);
    if let Some(found) = verdict.found() {
        json.domain = Some(lower(&found.domain));
        json.record = Some(record(found.record, at, showing));
    }
    json
}

fn record(record: &Record, at: Option<Span>, showing: &Showing<'_>) -> RecordJson {
    let span = at.unwrap_or(record.span);
    RecordJson {
        owner: lower(&record.owner),
        value: record
            .txt()
            .map(|txt| presentation::text(&txt.text).value)
            .unwrap_or_default(),
        path: showing.sources.get(span.source).path.clone(),
        span: json::place(showing.sources, span),
    }
}

fn step_json(step: &Step<'_>, showing: &Showing<'_>) -> StepJson {
    let (found, one) = match &step.look {
        Look::None => ("nothing", None),
        Look::One(found) => ("record", Some(record(found.record, None, showing))),
        Look::Several(_) => ("several", None),
        Look::Unknown if step.is_assumed => ("assumed-nothing", None),
        Look::Unknown => ("unknown", None),
    };
    StepJson {
        owner: lower(&step.domain.below("_dmarc")),
        found,
        record: one,
    }
}

fn spf(spf: &Told<Spf>) -> SpfJson {
    let mut json = SpfJson {
        known: known(spf),
        breaks: None,
        networks: Vec::new(),
        hosts: Vec::new(),
        includes: Vec::new(),
        everybody: false,
        all: None,
        redirect: None,
        lookups: None,
        lookups_exact: false,
        terms: Vec::new(),
    };
    let Told::Is(spf) = spf else { return json };
    json.breaks = spf.breaks.as_ref().map(breaks);
    for sender in &spf.senders {
        match sender {
            Sender::Everybody => json.everybody = true,
            Sender::Network(address, prefix) => json.networks.push(format!("{address}/{prefix}")),
            Sender::Hosts(term) => json.hosts.push(term.clone()),
            Sender::Included(name) => json.includes.push(name.clone()),
            Sender::Unknown => json.hosts.push("{?}".to_string()),
        }
    }
    json.all = all(&spf.ending);
    if let Ending::Redirected(name) = &spf.ending {
        json.redirect = Some(name.clone());
    }
    json.lookups = Some(spf.lookups);
    json.lookups_exact = spf.is_exact;
    let term = |cost: &Cost| TermJson {
        term: cost.written.clone(),
        lookups: cost.lookups,
        leads_out: cost.leads_out,
    };
    json.terms = spf.costs.iter().map(term).collect();
    json
}

/// Why receivers make nothing of an SPF record, in a word.
pub(crate) fn breaks(breaks: &Breaks) -> &'static str {
    match breaks {
        Breaks::Several => "several-records",
        Breaks::Syntax => "syntax",
        Breaks::Behind(_) => "include",
    }
}

/// Whether something is told, in a word.
pub(crate) fn known<T>(told: &Told<T>) -> &'static str {
    match told {
        Told::Is(_) => "record",
        Told::Absent => "nothing",
        Told::Unknown => "unknown",
    }
}

/// What happens to those that nothing matches, where that is told.
pub(crate) fn all(ending: &Ending) -> Option<&'static str> {
    match ending {
        Ending::All(qualifier) => Some(qualifier.result()),
        Ending::None => Some("neutral"),
        Ending::Redirected(_) | Ending::Unknown => None,
    }
}
