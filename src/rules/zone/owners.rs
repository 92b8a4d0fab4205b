//! Rules about which name a line belongs to: owners, origins, and the zone around them.

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    record::{FaultKind, Record, Scan, Written},
    rule::{Findings, Rule, rule},
    source::Source,
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MISSING_TRAILING_DOT,
    ORIGIN_RELATIVE,
    ORIGIN_UNKNOWN,
    NO_OWNER,
    INHERITED_OWNER_AFTER_ORIGIN,
    OWNER_LOOKS_LIKE_FIELD,
    OUT_OF_ZONE,
];

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
    if record.written != Written::Relative {
        return;
    }
    let owner = &record.owner;
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
    /// An `$ORIGIN` without a final dot.
    ///
    /// BIND completes it with the origin before it; NSD and Knot refuse the whole zone. If it ends in the name of the zone,
    /// the dot was forgotten: all names after it then end in that name twice, where nobody looks for them.
    ///
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

rule! {
    /// Relative names in a file of which nothing tells the zone.
    ///
    /// The zone comes from `$ORIGIN`, from the SOA record, from the server's configuration or from the name of the file. If
    /// none of them tells it, nobody can say what the names in the file are, and records are not compared with each other.
    /// An error if the repository has a server's configuration that does not name the file, else a warning.
    ///
    /// # Bad
    /// ```zone zones/external
    /// @ SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 300
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone zones/external
    /// $ORIGIN example.com.
    /// @ SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 300
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// If the configuration that names the file is kept elsewhere.
    /// # Source
    /// RFC 1035, section 5.1
    ORIGIN_UNKNOWN: "zone-origin-unknown", [Error, Warning], None, File(origin_unknown)
}

fn origin_unknown(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind != FaultKind::OriginUnknown {
            continue;
        }
        // A configuration that is not in the repository may name it.
        let severity = if findings.sources().configured.is_empty() {
            Severity::Warning
        } else {
            Severity::Error
        };
        findings
            .report(
                fault.span,
                "nothing tells which zone this file is for, so it is not known where its relative names are published",
                "relative to an unknown origin",
            )
            .severity(severity)
            .help(
                "start the file with `$ORIGIN` and the zone's name, with a final dot, or name the file after its zone",
            );
    }
}

rule! {
    /// A record without an owner before there is one.
    ///
    /// A line that starts with a blank belongs to the owner of the line before. At the start of a zone there is none: BIND
    /// and Knot refuse the whole zone, NSD takes the name of the zone.
    ///
    /// # Bad
    /// ```zone
    ///     TXT "v=spf1 -all"
    /// @   SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 300
    /// ```
    /// # Good
    /// ```zone
    /// @   SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 300
    ///     TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If NSD alone reads the file.
    /// # Source
    /// RFC 1035, section 5.1
    /// BIND 9.18 and Knot 3.2 refuse such a zone.
    NO_OWNER: "zone-no-owner", [Error], None, File(no_owner)
}

fn no_owner(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::NoOwner {
            findings
                .report(
                    fault.span,
                    "the record has no owner, and there is none before it, so BIND and Knot refuse the whole zone",
                    "an owner belongs here",
                )
                .help("write the owner in the first column; `@` is the zone itself");
        }
    }
}

rule! {
    /// A record without an owner, right behind `$ORIGIN` or `$INCLUDE`.
    ///
    /// `$ORIGIN` does not change the owner: such a record still belongs to the owner from before it, though it looks as if
    /// it belonged to the new origin. Behind `$INCLUDE`, BIND goes back to the owner from before, and NSD stays with the
    /// last one of the included file. Nothing is said where both are the same.
    ///
    /// # Bad
    /// ```zone
    /// www A 192.0.2.1
    /// $ORIGIN sub.example.com.
    ///     TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// www A 192.0.2.1
    /// $ORIGIN sub.example.com.
    /// @   TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If the record is meant to belong to the owner from before.
    /// # Source
    /// RFC 1035, section 5.1
    INHERITED_OWNER_AFTER_ORIGIN:
        "zone-inherited-owner-after-origin", [Warning], None, File(inherited_owner_after_origin)
}

fn inherited_owner_after_origin(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if let FaultKind::InheritedAfterOrigin { owner } = &fault.kind {
            findings
                .report(
                    fault.span,
                    format!(
                        "the record has no owner of its own and stands right behind `$ORIGIN` or `$INCLUDE`: it still \
                         belongs to `{owner}`"
                    ),
                    "no owner here",
                )
                .help(format!("write the owner: `{owner}.`, or `@` for the new origin"));
        }
    }
}

rule! {
    /// An owner that looks like a class, a TTL or a type.
    ///
    /// The first word of a line is its owner, whatever it looks like: `IN TXT "..."` without a blank before it is a record at
    /// the name `in`. Where the rest is no record then, servers refuse the whole zone; where it is one, it is published at a
    /// name that nobody looks for.
    ///
    /// # Bad
    /// ```zone
    /// @ A 192.0.2.1
    /// IN TXT "v=spf1 -all"
    /// ```
    /// ```zone
    /// @ A 192.0.2.1
    /// TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @  A 192.0.2.1
    ///    IN TXT "v=spf1 -all"
    /// mx A 192.0.2.25
    /// ```
    /// # When to ignore
    /// If a host has such a name.
    /// # Source
    /// RFC 1035, section 5.1
    OWNER_LOOKS_LIKE_FIELD: "zone-owner-looks-like-field", [Error, Warning], Unsafe, File(owner_looks_like_field)
}

fn owner_looks_like_field(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let FaultKind::OwnerLooksLikeField { is_record } = fault.kind else {
            continue;
        };
        let text = findings.shown(fault.span);
        let (severity, outcome) = if is_record {
            (Severity::Warning, "the record is published at a name of that kind")
        } else {
            (
                Severity::Error,
                "the rest is no record, so servers refuse the whole zone",
            )
        };
        let edit = Edit {
            span: fault.span.start(),
            new: "\t".to_string(),
        };
        findings
            .report(
                fault.span,
                format!("`{text}` in the first column is read as the owner: {outcome}"),
                "the owner, not a class, TTL or type",
            )
            .severity(severity)
            .help("write the owner before it, or a blank for that of the record before")
            .fix(
                "indent the line, so that it has the owner of the record before",
                Safety::Unsafe,
                Some(vec![edit]),
            );
    }
}

rule! {
    /// An owner that is not in the zone.
    ///
    /// A zone has names at and below its own. BIND and Knot leave the record out and go on, NSD refuses the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 300
    /// _dmarc.example.org. TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 300
    /// _dmarc.example.com. TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// Never: the record is not published.
    /// # Source
    /// RFC 1035, section 5.2
    OUT_OF_ZONE: "zone-out-of-zone", [Error], None, File(out_of_zone)
}

fn out_of_zone(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if let FaultKind::OutOfZone { name, zone } = &fault.kind {
            findings
                .report(
                    fault.span,
                    format!("`{name}` is not in the zone `{zone}`, so servers leave out what belongs to it, or refuse the zone"),
                    "outside of the zone",
                )
                .help(format!("write a name that ends in `{zone}.`, or move the records to the zone that they belong to"));
        }
    }
}
