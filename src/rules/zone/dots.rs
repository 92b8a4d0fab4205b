//! Rules about the final dot of names.

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    record::{Data, FaultKind, Record, Scan, Target, Written},
    rule::{Findings, Rule, rule},
    rules::zone::providers::is_provider,
    source::Source,
    span::Span,
    suffix,
    syntax::zone as syntax,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MISSING_TRAILING_DOT, TARGET_MISSING_TRAILING_DOT, ORIGIN_RELATIVE];

/// Writes the dot behind a name.
fn final_dot(span: Span) -> Option<Vec<Edit>> {
    Some(vec![Edit {
        span: span.end(),
        new: ".".to_string(),
    }])
}

rule! {
    /// An owner that ends in the name of the zone, but without a final dot.
    ///
    /// A name without a final dot is relative: the server adds the name of the zone. `_dmarc.example.com` in the zone
    /// `example.com` is published at `_dmarc.example.com.example.com`, where nobody looks for it, and nothing tells so.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc.example.com TXT "v=DMARC1; p=reject"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc.example.com. TXT "v=DMARC1; p=reject"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject"
    /// ```
    /// # When to ignore
    /// If the zone has such a name on purpose.
    /// # Source
    /// RFC 1035, section 5.1
    MISSING_TRAILING_DOT: "zone-missing-trailing-dot", [Error], Unsafe, Record(missing_trailing_dot)
}

fn missing_trailing_dot(record: &Record, scan: &Scan, findings: &mut Findings<'_>) {
    let owner = &record.owner;
    if record.written != Written::Relative || !owner.may_end_twice() {
        return;
    }
    let Some(zone) = scan.zone_of(owner).map(|zone| &zone.origin) else {
        return;
    };
    if !owner.ends_twice(zone) {
        return;
    }
    let (labels, count) = (zone.label_count(), owner.label_count());
    // Where the doubled name is a zone of its own, it is meant to be there.
    let doubled = owner.skip(count - 2 * labels);
    let delegated = scan
        .at(&doubled)
        .any(|other| matches!(other.data.kind(), Some("NS" | "SOA")) && other.span != record.span);
    let whole = Name::from_labels(owner.labels().take(count - labels), None);
    let own: Vec<_> = owner.labels().take(count - 2 * labels).collect();
    let short = match own.is_empty() {
        true => "@".to_string(),
        false => Name::from_labels(own, None).to_string(),
    };
    let span = record.owner_span();
    findings
        .report(
            span,
            format!(
                "the owner has no final dot, so the zone is added to it: the record is at `{owner}`, where nobody looks \
                 for it"
            ),
            "relative, though it ends in the name of the zone",
        )
        .help(format!("write `{whole}.` with a final dot, or `{short}`"))
        .fix(
            "add the final dot",
            Safety::Unsafe,
            final_dot(span).filter(|_| !delegated),
        );
}

rule! {
    /// A target without a final dot that was meant to have one.
    ///
    /// A name without a final dot is relative, in data too: the server adds the zone, and `aspmx.l.google.com` becomes
    /// `aspmx.l.google.com.example.com`, which does not exist. For an MX record, mail is returned to its senders.
    ///
    /// # Severity
    /// An error where the target ends in the zone's own name or in that of a provider; a warning where it has three labels or
    /// more, the last is a public top-level domain, and the zone has no such name.
    /// # Bad
    /// ```zone
    /// @ MX 10 aspmx.l.google.com
    /// ```
    /// ```zone
    /// @ MX 10 mail.example.com
    /// ```
    /// ```zone
    /// autodiscover CNAME mail.hosting.example.net
    /// www CNAME web.hosting.dev
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 aspmx.l.google.com.
    /// @ MX 20 mail
    /// www CNAME web.hosting
    /// ```
    /// # When to ignore
    /// If the zone has such a name, in a part that is not in the repository.
    /// # Source
    /// RFC 1035, section 5.1
    TARGET_MISSING_TRAILING_DOT:
        "zone-target-missing-trailing-dot", [Error, Warning], Unsafe, Record(target_missing_trailing_dot)
}

/// The target of a record that was meant to end in a dot, the name that it was meant to be, and how sure that is.
pub(in crate::rules) fn lacks_dot<'r>(
    record: &'r Record,
    scan: &Scan,
    findings: &Findings<'_>,
) -> Option<(&'r Target, Name, Severity)> {
    let target = record.target().filter(|target| target.relative)?;
    let written = findings.source(target.at);
    if !written.contains(&b'.') {
        return None;
    }
    let count = syntax::labels(written).count();
    // Below the root nothing is added.
    if count >= target.name.label_count() {
        return None;
    }
    let own = Name::from_labels(target.name.labels().take(count), None);
    let zone = scan.zone_of(&record.owner).map(|zone| &zone.origin);
    let doubled = zone.is_some_and(|zone| !zone.is_root() && (own.is_within(zone) || target.name.ends_twice(zone)));
    let severity = if doubled || is_provider(&own) {
        Severity::Error
    } else if count > 2 && suffix::has_public_tld(&own) && scan.at(&target.name).next().is_none() {
        Severity::Warning
    } else {
        return None;
    };
    Some((target, own, severity))
}

fn target_missing_trailing_dot(record: &Record, scan: &Scan, findings: &mut Findings<'_>) {
    let Some((target, own, severity)) = lacks_dot(record, scan, findings) else {
        return;
    };
    let name = &target.name;
    let outcome = match record.data {
        Data::Mx(_) => format!("mail for this domain goes to `{name}`"),
        _ => format!("it points to `{name}`"),
    };
    findings
        .report(
            target.at,
            format!("the target has no final dot, so the zone is added to it: {outcome}"),
            "a relative name",
        )
        .severity(severity)
        .help(format!("write `{own}.` with a final dot"))
        .fix("add the final dot", Safety::Unsafe, final_dot(target.at));
}

rule! {
    /// An `$ORIGIN` without a final dot.
    ///
    /// BIND completes it with the origin before it; NSD and Knot refuse the whole zone. If it ends in the name of the zone,
    /// the dot was forgotten: all names after it then end in that name twice, where nobody looks for them.
    ///
    /// # Severity
    /// An error where the dot was forgotten; a warning where the name may be meant to be relative.
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com
    /// @ MX 10 mail
    /// ```
    /// ```zone
    /// $ORIGIN sub
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN sub.example.com.
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// If it is relative on purpose, and BIND alone reads the file.
    /// # Source
    /// RFC 1035, section 5.1
    /// NSD 4.6 and Knot 3.2 refuse such a zone.
    ORIGIN_RELATIVE: "zone-origin-relative", [Error, Warning], Unsafe, File(origin_relative)
}

fn origin_relative(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let FaultKind::OriginRelative { doubled } = fault.kind else {
            continue;
        };
        let text = findings.shown(fault.span);
        if doubled {
            findings
                .report(
                    fault.span,
                    format!(
                        "`$ORIGIN {text}` has no final dot, so the zone is added to it: the names after it end in the zone \
                         twice, where nobody looks for them"
                    ),
                    "relative, though it ends in the name of the zone",
                )
                .help(format!("write `$ORIGIN {text}.`"))
                .fix("add the final dot", Safety::Unsafe, final_dot(fault.span));
        } else {
            findings
                .report(
                    fault.span,
                    format!(
                        "`$ORIGIN {text}` has no final dot: BIND adds the origin before it, NSD and Knot refuse the whole \
                         zone"
                    ),
                    "a relative name",
                )
                .severity(Severity::Warning)
                .help("write the whole name, with a final dot");
        }
    }
}
