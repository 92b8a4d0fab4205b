//! Rules about directives: which there are, and `$GENERATE`.

use crate::{
    diagnostic::{Safety, Severity},
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    DIRECTIVE_INVALID,
    UNKNOWN_DIRECTIVE,
    INDENTED_DIRECTIVE,
    GENERATE_INVALID,
    GENERATE_PORTABILITY,
];

rule! {
    /// A directive whose arguments are missing, too many, or malformed.
    ///
    /// `$ORIGIN` takes a name, `$TTL` a time, `$INCLUDE` a file and perhaps an origin. Servers refuse the whole zone for
    /// anything else.
    ///
    /// # Bad
    /// ```zone
    /// $TTL
    /// @ MX 10 mail
    /// ```
    /// ```zone
    /// $TTL 1 hour
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// $TTL 1h
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 5.1
    /// RFC 2308, section 4
    DIRECTIVE_INVALID: "zone-directive-invalid", [Error], None, File(directive_invalid)
}

fn directive_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind != FaultKind::DirectiveInvalid {
            continue;
        }
        let text = findings.shown(fault.span);
        let directive = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let (label, help) = match directive.as_str() {
            "$TTL" => (
                "needs one time",
                "write a time in seconds or with units: `$TTL 3600`, `$TTL 1h`",
            ),
            "$ORIGIN" => (
                "needs one name",
                "write the name with its final dot: `$ORIGIN example.com.`",
            ),
            _ => (
                "needs a file, and perhaps an origin",
                "write the file and, if its names have another origin, that: `$INCLUDE mail.zone sub.example.com.`",
            ),
        };
        findings
            .report(
                fault.span,
                format!("`{directive}` has the wrong arguments, so servers refuse the whole zone"),
                label,
            )
            .help(help);
    }
}

rule! {
    /// A directive that does not exist.
    ///
    /// There are `$ORIGIN`, `$TTL`, `$INCLUDE`, and in BIND `$GENERATE`. Servers refuse the whole zone for any other.
    ///
    /// # Bad
    /// ```zone
    /// $DATE 2026-01-01
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// ; date: 2026-01-01
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// If a tool replaces the line before a server reads the file.
    /// # Source
    /// RFC 1035, section 5.1
    /// RFC 2308, section 4
    UNKNOWN_DIRECTIVE: "zone-unknown-directive", [Error], None, File(unknown_directive)
}

fn unknown_directive(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::UnknownDirective {
            let text = findings.shown(fault.span);
            findings
                .report(
                    fault.span,
                    format!("`{text}` is no directive, so servers refuse the whole zone"),
                    "not one of `$ORIGIN`, `$TTL`, `$INCLUDE`, `$GENERATE`",
                )
                .help("start the line with `;` if it is a comment; write an owner as `\\$name` if it is a record");
        }
    }
}

rule! {
    /// A directive with a blank before it.
    ///
    /// A line that starts with a blank is a record without an owner, and a directive is no record type: servers refuse the
    /// whole zone.
    ///
    /// # Bad
    /// ```zone
    ///   $TTL 60
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// $TTL 60
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 5.1
    /// BIND 9.18, NSD 4.6 and Knot 3.2 refuse such a zone.
    INDENTED_DIRECTIVE: "zone-indented-directive", [Error], Safe, File(indented_directive)
}

fn indented_directive(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind != FaultKind::IndentedDirective {
            continue;
        }
        // Other directives than `$TTL` change which records there are.
        let bytes = findings.sources().get(fault.span.source).bytes();
        let directive = bytes.get(fault.span.end as usize..).unwrap_or_default();
        let is_ttl = directive
            .get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"$TTL"));
        let edit = Edit {
            span: fault.span,
            new: String::new(),
        };
        findings
            .report(
                fault.span,
                "the directive does not start in the first column, so servers read it as a record and refuse the whole zone",
                "blanks before a directive",
            )
            .help("move it to the first column")
            .fix(
                "remove the blanks",
                if is_ttl { Safety::Safe } else { Safety::Unsafe },
                Some(vec![edit]),
            );
    }
}

rule! {
    /// A `$GENERATE` that is malformed, or too large to be looked at.
    ///
    /// It takes a range, an owner, a type, and the data as one word: data of several words stands between quotes. BIND
    /// refuses the whole zone otherwise. Beyond 65536 records it is not expanded here, and so not checked.
    ///
    /// # Severity
    /// An error where it is malformed; a warning where it is only too large to be looked at.
    /// # Bad
    /// ```zone
    /// $GENERATE 1-2 h$ MX 10 mail$
    /// ```
    /// ```zone
    /// $GENERATE 5-1 h$ A 192.0.2.$
    /// ```
    /// # Good
    /// ```zone
    /// $GENERATE 1-2 h$ MX "10 mail$"
    /// ```
    /// # When to ignore
    /// If it is large on purpose.
    /// # Source
    /// The manual of BIND 9, on zone files.
    GENERATE_INVALID: "zone-generate-invalid", [Error, Warning], Unsafe, File(generate_invalid)
}

fn generate_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        match fault.kind {
            FaultKind::GenerateInvalid { unquoted: Some(data) } => {
                let quote = |span: Span| Edit {
                    span,
                    new: "\"".to_string(),
                };
                let plain = !findings.source(data).iter().any(|byte| matches!(byte, b'"' | b'\\'));
                findings
                    .report(
                        fault.span,
                        "the data of `$GENERATE` is more than one word, so servers refuse the whole zone",
                        "needs quotes around all of it",
                    )
                    .help("write the data between quotes; they are removed when the records are made")
                    .fix(
                        "quote the data",
                        Safety::Unsafe,
                        plain.then(|| vec![quote(data.start()), quote(data.end())]),
                    );
            }
            FaultKind::GenerateInvalid { unquoted: None } => {
                findings
                    .report(
                        fault.span,
                        "the `$GENERATE` is malformed, so servers refuse the whole zone",
                        "not `start-stop owner type data` with a start that is at most the stop",
                    )
                    .help("write it like `$GENERATE 1-9 host$ A 192.0.2.$`");
            }
            FaultKind::GenerateTooLarge => {
                findings
                    .report(
                        fault.span,
                        "the `$GENERATE` makes more than 65536 records, so they are not checked",
                        "too many to be looked at",
                    )
                    .severity(Severity::Warning)
                    .help("check the range; a wildcard may do instead");
            }
            _ => {}
        }
    }
}

rule! {
    /// A `$GENERATE`, which not all servers know.
    ///
    /// `$GENERATE` makes many records out of one line. It is an extension of BIND; NSD and Knot refuse the whole zone for it.
    ///
    /// # Bad
    /// ```zone
    /// $GENERATE 1-2 h$ A 192.0.2.$
    /// ```
    /// # Good
    /// ```zone
    /// h1 A 192.0.2.1
    /// h2 A 192.0.2.2
    /// ```
    /// # When to ignore
    /// If only servers read the file that know it.
    /// # Source
    /// The manual of BIND 9, on zone files.
    /// NSD 4.6 and Knot 3.2 refuse such a zone.
    GENERATE_PORTABILITY: "zone-generate-portability", [Info], None, File(generate_portability), once_a_file
}

fn generate_portability(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::Generate {
            findings
                .report(
                    fault.span,
                    "`$GENERATE` is an extension of BIND: NSD and Knot refuse the whole zone",
                    "not in RFC 1035",
                )
                .help("write the records out if other servers read the file");
        }
    }
}
