//! Rules about which name a line belongs to, and whether that is in the zone.

use crate::{
    diagnostic::{Safety, Severity},
    record::{Data, FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    ORIGIN_UNKNOWN,
    NO_OWNER,
    INHERITED_OWNER_AFTER_ORIGIN,
    OWNER_LOOKS_LIKE_FIELD,
    OUT_OF_ZONE,
];

rule! {
    /// Relative names in a file of which nothing tells the zone.
    ///
    /// The zone comes from `$ORIGIN`, from the SOA record, from the server's configuration or from the name of the file. If
    /// none of them tells it, nobody can say what the names in the file are, and records are not compared with each other.
    ///
    /// # Severity
    /// An error where a server's configuration in the repository does not name the file; a warning where there is no such
    /// configuration; an info where the file has no SOA, since another file may include it.
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
    ORIGIN_UNKNOWN: "zone-origin-unknown", [Error, Warning, Info], None, File(origin_unknown)
}

fn origin_unknown(source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    let is_zone = scan.records.iter().any(|record| matches!(record.data, Data::Soa(_)));
    let mut configured = findings.sources().configured.iter();
    let is_configured = configured.any(|entry| source.is_below(&entry.folder));
    for fault in &scan.faults {
        if fault.kind != FaultKind::OriginUnknown {
            continue;
        }
        let severity = match (is_zone, is_configured) {
            (false, _) => Severity::Info,
            // A configuration that is not in the repository may name it.
            (true, false) => Severity::Warning,
            (true, true) => Severity::Error,
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
    /// # Severity
    /// An error where the rest of the line is no record, so that servers refuse the zone; a warning where it is one, at a name
    /// that nobody looks for.
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
