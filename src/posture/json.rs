//! The posture for programs (version 1).

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::{
    diagnostic::Diagnostic,
    effective::Level,
    mail_domain::{Key, MailDomain, Mx, Sender, Spf, Told},
    name::Name,
    policy_view::{
        Showing,
        json::{all, breaks, known},
    },
    posture::{Kind, Posture, Row, cells},
    report::{harmless, json},
};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    domains: Rows<'a>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// How many domains there are.
#[derive(Serialize)]
struct Summary {
    mail: usize,
    parked: usize,
    bare: usize,
    findings_elsewhere: usize,
}

/// One row after the other, so that they are never all in memory twice.
struct Rows<'a>(&'a Posture<'a>, &'a Showing<'a>);

#[derive(Serialize)]
struct RowJson<'a> {
    domain: String,
    kind: &'static str,
    standing: &'static str,
    class: &'static str,
    seen_from: &'a str,
    mx: MxJson,
    spf: SpfJson,
    dkim: DkimJson<'a>,
    dmarc: DmarcJson,
    mta_sts: StsJson<'a>,
    tls_rpt: TlsJson<'a>,
    bimi: BimiJson<'a>,
    findings: usize,
    worst: Option<Worst<'a>>,
}

#[derive(Serialize)]
struct MxJson {
    known: &'static str,
    null: bool,
    hosts: Vec<String>,
    may_be_more: bool,
}

#[derive(Serialize)]
struct SpfJson {
    known: &'static str,
    breaks: Option<&'static str>,
    everybody: bool,
    all: Option<&'static str>,
    lookups: Option<u32>,
    lookups_exact: bool,
}

#[derive(Serialize)]
struct DkimJson<'a> {
    known: &'static str,
    keys: Vec<KeyJson<'a>>,
}

#[derive(Serialize)]
struct KeyJson<'a> {
    selector: &'a str,
    key: &'static str,
}

#[derive(Serialize)]
struct DmarcJson {
    rfc9989: LevelsJson,
    rfc7489: LevelsJson,
    percent: Option<u32>,
}

#[derive(Serialize)]
struct LevelsJson {
    itself: &'static str,
    subdomain: &'static str,
    nonexistent: &'static str,
}

#[derive(Serialize)]
struct StsJson<'a> {
    record: &'static str,
    id: Option<&'a str>,
    policy: &'static str,
    mode: Option<&'static str>,
    max_age: Option<u64>,
    uncovered: Vec<String>,
}

#[derive(Serialize)]
struct TlsJson<'a> {
    known: &'static str,
    addresses: Vec<&'a str>,
}

#[derive(Serialize)]
struct BimiJson<'a> {
    known: &'static str,
    records: Vec<BimiRecordJson<'a>>,
}

#[derive(Serialize)]
struct BimiRecordJson<'a> {
    selector: &'a str,
    known: &'static str,
    location: Option<&'a str>,
    evidence: Option<&'a str>,
}

#[derive(Serialize)]
struct Worst<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    path: &'a str,
    span: json::Place,
}

/// Writes all domains as one JSON object.
pub fn json(posture: &Posture<'_>, showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    let of_kind = |kind: Kind| posture.of_kind(kind).count();
    let document = Document {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        domains: Rows(posture, showing),
        summary: Summary {
            mail: of_kind(Kind::Mail),
            parked: of_kind(Kind::Parked),
            bare: of_kind(Kind::Bare),
            findings_elsewhere: posture.elsewhere,
        },
    };
    harmless::json(&document, to)
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Rows(posture, showing) = self;
        serializer.collect_seq(posture.rows.iter().map(|row| row_json(row, showing)))
    }
}

fn row_json<'a>(row: &'a Row<'_>, showing: &'a Showing<'_>) -> RowJson<'a> {
    let facts = &row.facts;
    RowJson {
        domain: cells::name(row),
        kind: row.kind.id(),
        standing: row.standing.id(),
        class: row.standing.class().id(),
        seen_from: cells::seen_from(row, showing),
        mx: mx(&facts.mx),
        spf: spf(&facts.spf),
        dkim: DkimJson {
            known: found(facts.keys.is_empty(), row.has_no_keys),
            keys: facts.keys.iter().map(key).collect(),
        },
        dmarc: DmarcJson {
            rfc9989: levels(facts.dmarc.by_walk),
            rfc7489: levels(facts.dmarc.by_list),
            percent: facts.dmarc.percent,
        },
        mta_sts: sts(facts),
        tls_rpt: TlsJson {
            known: known(&facts.tls_reports),
            addresses: facts
                .tls_reports
                .is()
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect(),
        },
        bimi: BimiJson {
            known: found(facts.bimi.is_empty(), row.has_no_bimi),
            records: facts.bimi.iter().map(bimi).collect(),
        },
        findings: row.findings,
        worst: row.worst.map(|worst| self::worst(worst, showing)),
    }
}

/// The names in small letters.
fn lower<'n>(names: impl IntoIterator<Item = &'n Name>) -> Vec<String> {
    let names = names.into_iter().map(|name| name.to_string().to_ascii_lowercase());
    names.collect()
}

/// Whether there is something, in a word, where nobody can list all that there may be.
fn found(is_empty: bool, is_absent: bool) -> &'static str {
    match (is_empty, is_absent) {
        (false, _) => "record",
        (true, true) => "nothing",
        (true, false) => "unknown",
    }
}

fn mx(mx: &Told<Mx>) -> MxJson {
    MxJson {
        known: known(mx),
        null: mx.is().is_some_and(Mx::is_null),
        hosts: lower(mx.is().into_iter().flat_map(|mx| mx.hosts.keys())),
        may_be_more: mx.is().is_some_and(|mx| mx.may_be_more),
    }
}

fn spf(told: &Told<Spf>) -> SpfJson {
    let spf = told.is();
    SpfJson {
        known: known(told),
        breaks: spf.and_then(broken),
        everybody: spf.is_some_and(|spf| spf.senders.contains(&Sender::Everybody)),
        all: spf.and_then(|spf| all(&spf.ending)),
        lookups: spf.map(|spf| spf.lookups),
        lookups_exact: spf.is_some_and(|spf| spf.is_exact),
    }
}

/// Why receivers make nothing of an SPF record, in a word.
pub(super) fn broken(spf: &Spf) -> Option<&'static str> {
    let breaks = spf.breaks.as_ref().map(breaks);
    breaks.or(spf.is_void().then_some("too-many-lookups"))
}

fn key<'a>((selector, key): (&'a String, &Key)) -> KeyJson<'a> {
    let key = match key {
        Key::Public(_) => "public",
        Key::Revoked => "revoked",
        Key::Alias(_) => "alias",
        Key::None => "none",
        Key::Unknown => "unknown",
    };
    KeyJson { selector, key }
}

fn levels([itself, subdomain, nonexistent]: [Option<Level>; 3]) -> LevelsJson {
    LevelsJson {
        itself: level(itself),
        subdomain: level(subdomain),
        nonexistent: level(nonexistent),
    }
}

/// How much is done about mail that fails, in a word.
pub(super) fn level(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Policy(policy)) => policy.word(),
        Some(Level::Nothing) => "no-dmarc",
        None => "unknown",
    }
}

fn sts<'a>(facts: &'a MailDomain<'_>) -> StsJson<'a> {
    let sts = &facts.sts;
    StsJson {
        record: known(&sts.id),
        id: sts.id.is().map(String::as_str),
        policy: known(&sts.policy),
        mode: sts.policy.is().map(|policy| policy.mode.name()),
        max_age: sts.policy.is().map(|policy| policy.max_age),
        uncovered: lower(&sts.uncovered),
    }
}

fn bimi<'a>((selector, told): (&'a String, &'a Told<[String; 2]>)) -> BimiRecordJson<'a> {
    BimiRecordJson {
        selector,
        known: known(told),
        location: told.is().map(|[location, _]| location.as_str()),
        evidence: told.is().map(|[_, evidence]| evidence.as_str()),
    }
}

fn worst<'a>(worst: &'a Diagnostic, showing: &'a Showing<'_>) -> Worst<'a> {
    let span = worst.primary.span;
    Worst {
        rule: worst.rule,
        severity: worst.severity.name(),
        message: &worst.message,
        path: &showing.sources.get(span.source).path,
        span: json::place(showing.sources, span),
    }
}
