//! Rules about the TTLs of policies.

use crate::{
    diagnostic::Safety,
    policy::{
        kind::{self, Kind},
        spf,
    },
    record::{Record, Scan, Txt},
    rule::{Findings, Rule, rule},
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[LONG, SHORT];

/// A day.
const LONGEST: u32 = 86_400;
/// A minute.
const SHORTEST: u32 = 60;

/// The kind of policy that a TXT record is, if its owner may be in a hurry to correct it.
fn policy(txt: &Txt, record: &Record) -> Option<Kind> {
    if txt.type99 {
        return None;
    }
    match kind::of_owner(&record.owner) {
        Some(kind @ (Kind::Dmarc | Kind::MtaSts | Kind::TlsRpt)) => {
            (kind::of_value(txt.text.bytes()) == Some(kind)).then_some(kind)
        }
        _ => spf::version::is_selected(txt.text.bytes()).then_some(Kind::Spf),
    }
}

/// The edit that writes another TTL, where a record has one of its own.
pub(in crate::rules) fn other_ttl(record: &Record, new: &str, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    let span = record.ttl_span()?;
    let is_ttl = |byte: &u8| byte.is_ascii_alphanumeric();
    findings.source(span).iter().all(is_ttl).then(|| {
        vec![Edit {
            span,
            new: new.to_string(),
        }]
    })
}

fn source_of(record: &Record) -> &'static str {
    match record.ttl_span() {
        Some(_) => "",
        None => ", which it has from elsewhere",
    }
}

rule! {
    /// An SPF, DMARC or TLS-RPT record that is kept in caches for more than a day.
    ///
    /// Whoever has asked for the record does not ask again as long. When it is wrong, mail is refused until then, and no
    /// correction helps. The record may have the TTL from `$TTL`. Of MTA-STS records, `mta-sts-ttl-long` tells.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc 604800 TXT "v=DMARC1; p=reject"
    /// ```
    /// ```zone
    /// $TTL 2d
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc 3600 TXT "v=DMARC1; p=reject"
    /// www 604800 TXT "hello"
    /// ```
    /// # When to ignore
    /// If the record never changes.
    /// # Source
    /// Practice: what may have to be corrected is cached for an hour.
    LONG: "ttl-long-policy", [Info], Unsafe, Txt(long), once_a_file
}

fn long(txt: &Txt, record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(ttl) = record.ttl().filter(|ttl| *ttl > LONGEST) else {
        return;
    };
    let Some(kind) = policy(txt, record).filter(|kind| *kind != Kind::MtaSts) else {
        return;
    };
    let edits = other_ttl(record, "3600", findings);
    findings
        .report(
            record.ttl_span().unwrap_or(record.span),
            format!(
                "the {} record is kept in caches for {ttl} seconds{}: a mistake in it cannot be corrected sooner",
                kind.name(),
                source_of(record)
            ),
            format!("{ttl} seconds"),
        )
        .help("write `3600` for an hour")
        .fix("write `3600`", Safety::Unsafe, edits);
}

rule! {
    /// An SPF, DMARC, MTA-STS or TLS-RPT record that is kept in caches for less than a minute.
    ///
    /// Nearly every mail costs a look-up anew, and each of them may fail. A record that can be corrected within five minutes
    /// can be corrected soon enough. Of a TTL of 0 in a zone file, `zone-ttl-zero` tells; to providers, 0 and 1 mean their default.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc 30 TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc 60 TXT "v=DMARC1; p=none"
    /// www 30 TXT "hello"
    /// ```
    /// # When to ignore
    /// During a change that has to be seen at once.
    /// # Source
    /// Practice: a TTL of seconds gains nothing.
    SHORT: "ttl-short-policy", [Info], Unsafe, Txt(short), once_a_file
}

fn short(txt: &Txt, record: &Record, scan: &Scan, findings: &mut Findings<'_>) {
    // Of 0 in a zone file, another rule tells. To providers, 0 and 1 mean what they take by default.
    let least = if scan.is_zone_file() { 1 } else { 2 };
    let Some(ttl) = record.ttl().filter(|ttl| (least..SHORTEST).contains(ttl)) else {
        return;
    };
    let Some(kind) = policy(txt, record) else { return };
    let edits = other_ttl(record, "300", findings);
    findings
        .report(
            record.ttl_span().unwrap_or(record.span),
            format!(
                "the {} record is kept in caches for {ttl} seconds only{}: nearly every mail costs a look-up that may fail",
                kind.name(),
                source_of(record)
            ),
            format!("{ttl} seconds"),
        )
        .help("write `300` for five minutes, or more")
        .fix("write `300`", Safety::Unsafe, edits);
}
