//! Rules about types, classes and the form of record data.

use crate::{
    diagnostic::Safety,
    record::{Data, FaultKind, RdataProblem, Record, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[RDATA_INVALID, RFC3597_INVALID, UNKNOWN_TYPE, CLASS_MISMATCH];

rule! {
    /// Record data that does not have the form of its type.
    ///
    /// Servers refuse the whole zone for one such record: it goes on with the version they have, or with none after a
    /// restart.
    ///
    /// # Bad
    /// ```zone
    /// @ MX mail.example.com.
    /// ```
    /// ```zone
    /// mail A 192.0.2.256
    /// ```
    /// ```zone
    /// www CNAME web.example.com. mail.example.com.
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mail.example.com.
    /// mail A 192.0.2.25
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 3.3
    /// RFC 1035, section 5.1
    RDATA_INVALID: "zone-rdata-invalid", [Error], None, File(rdata_invalid)
}

fn rdata_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let FaultKind::RdataInvalid { kind, problem } = &fault.kind else {
            continue;
        };
        let (form, example) = form(kind);
        let (problem, label) = match problem {
            RdataProblem::Missing => ("is incomplete", format!("needs {form}")),
            RdataProblem::Superfluous => ("is too long", format!("more than {form}")),
            RdataProblem::Malformed => ("is malformed", malformed(kind).to_string()),
        };
        findings
            .report(
                fault.span,
                format!("the data of the {kind} record {problem}, so servers refuse the whole zone"),
                label,
            )
            .help(format!("write it like `{kind} {example}`"));
    }
}

/// What a part of the data of a type is, if it is not what it must be.
fn malformed(kind: &str) -> &'static str {
    match kind {
        "A" | "TYPE1" => "no IPv4 address",
        "AAAA" | "TYPE28" => "no IPv6 address",
        "MX" | "TYPE15" | "SRV" | "TYPE33" => "no number from 0 to 65535",
        _ => "no number",
    }
}

/// What the data of a type is, and an example of it.
fn form(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "A" | "TYPE1" => ("an IPv4 address", "192.0.2.1"),
        "AAAA" | "TYPE28" => ("an IPv6 address", "2001:db8::1"),
        "MX" | "TYPE15" => ("a preference from 0 to 65535 and a host", "10 mail.example.com."),
        "SRV" | "TYPE33" => ("priority, weight, port and a host", "0 5 5269 xmpp.example.com."),
        "SOA" | "TYPE6" => (
            "a server, a mailbox and five numbers",
            "ns.example.com. hostmaster.example.com. 1 7200 900 1209600 300",
        ),
        "TLSA" | "TYPE52" => (
            "usage, selector, matching type and hexadecimal digits",
            "3 1 1 (the SHA-256 of the key)",
        ),
        "TXT" | "SPF" | "TYPE16" | "TYPE99" => ("at least one text", "\"v=spf1 -all\""),
        _ => ("one name", "host.example.com."),
    }
}

rule! {
    /// Data in the form for unknown types whose parts do not fit together.
    ///
    /// `\#` is followed by the number of bytes and then by that many bytes in hexadecimal digits. If they disagree, BIND and
    /// Knot refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// www TYPE16 \# 3 03616263
    /// ```
    /// # Good
    /// ```zone
    /// www TYPE16 \# 4 03616263
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 3597, section 5
    RFC3597_INVALID: "zone-rfc3597-invalid", [Error], Unsafe, File(rfc3597_invalid)
}

fn rfc3597_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let FaultKind::GenericInvalid { length, length_at } = fault.kind else {
            continue;
        };
        let edits = length.zip(length_at).map(|(length, span)| {
            vec![Edit {
                span,
                new: length.to_string(),
            }]
        });
        let (label, help) = match length {
            Some(length) => (
                format!("{length} bytes of digits"),
                format!("write the number of bytes: `\\# {length}`"),
            ),
            None => (
                "no length, an odd number of digits, or bytes that are no data of this type".to_string(),
                "write the number of bytes, then two hexadecimal digits for each".to_string(),
            ),
        };
        findings
            .report(
                fault.span,
                "length and digits of the `\\#` data do not fit together, so BIND and Knot refuse the whole zone",
                label,
            )
            .help(help)
            .fix("correct the length", Safety::Unsafe, edits);
    }
}

rule! {
    /// A record type that is not in the registry of DNS types.
    ///
    /// Some providers and servers have types of their own, such as `ALIAS` or `LUA`. Others refuse the whole zone. The record
    /// counts as present here, its data is not looked into.
    ///
    /// # Bad
    /// ```zone
    /// @ ALIAS web.example.net.
    /// ```
    /// # Good
    /// ```zone
    /// www CNAME web.example.net.
    /// ```
    /// # When to ignore
    /// If the server that reads the file knows the type.
    /// # Source
    /// RFC 1035, section 3.2.2
    /// The registry of resource record types at IANA.
    UNKNOWN_TYPE: "zone-unknown-type", [Info], None, Record(unknown_type), once_a_file
}

fn unknown_type(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if let Data::Other(other) = &record.data
        && !other.is_registered
    {
        let span = other.kind_span(record);
        let kind = findings.shown(span);
        findings
            .report(
                span,
                format!("`{kind}` is no registered record type: a server that does not know it refuses the whole zone"),
                "its data is not checked",
            )
            .help("check the spelling, and that your server knows the type");
    }
}

rule! {
    /// A record of another class than its zone.
    ///
    /// A zone has records of one class, and mail asks for class `IN`. Servers refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// www CH TXT "hello"
    /// ```
    /// # Good
    /// ```zone
    /// www IN TXT "hello"
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 5.2
    CLASS_MISMATCH: "zone-class-mismatch", [Error], None, File(class_mismatch)
}

fn class_mismatch(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::ClassMismatch {
            let class = findings.shown(fault.span);
            findings
                .report(
                    fault.span,
                    format!("`{class}` is not the class of this zone, so servers refuse the whole zone"),
                    "another class than that of the zone",
                )
                .help("leave the class out, or write `IN`");
        }
    }
}
