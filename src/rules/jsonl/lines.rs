//! Rules about lines that are no records.

use crate::{
    record::{FaultKind, JsonProblem, LineProblem, Scan, Shape},
    rule::{Findings, Rule, rule},
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[LINE_INVALID, DATA_INVALID];

rule! {
    /// A line of JSON Lines that is no record.
    ///
    /// A line is an object with an `owner` and a `value`, or with the character-strings of a text as `strings`; `type` may be
    /// left out for TXT. Or it is what zdns or dnsx write. What is wrong with the record that a line was meant to be is not
    /// known, so mail may be in danger without a word about it here. The other lines are checked.
    ///
    /// # Bad
    /// ```jsonl
    /// {"owner": "_mta-sts.example.com", "value": "v=STSv1; id=1"
    /// ```
    /// ```jsonl
    /// {"owner": "_mta-sts.example.com", "value": ["v=STSv1; id=1"]}
    /// ```
    /// ```jsonl
    /// {"type": "TXT", "value": "v=STSv1; id=1"}
    /// ```
    /// # Good
    /// ```jsonl
    /// {"owner": "_mta-sts.example.com", "value": "v=STSv1; id=1"}
    /// {"owner": "_mta-sts.example.net", "type": "TXT", "strings": ["v=STSv1; ", "id=1"]}
    /// ```
    /// ```jsonl
    /// {"host": "_mta-sts.example.com", "txt": ["v=STSv1; id=1"], "status_code": "NOERROR"}
    /// {"host": "_mta-sts.example.net", "status_code": "NXDOMAIN"}
    /// ```
    /// # When to ignore
    /// If lines of another kind belong into the file, such as a header.
    /// # Source
    /// RFC 8259
    LINE_INVALID: "jsonl-line-invalid", [Error], None, File(line_invalid)
}

fn line_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let FaultKind::LineInvalid(problem) = fault.kind else {
            continue;
        };
        let (what, label, help) = match problem {
            LineProblem::TooLong => (
                "the line is longer than the 4 MiB that are read",
                "starts here",
                "write one record a line",
            ),
            LineProblem::NotUtf8 => (
                "the line is not UTF-8, and JSON has to be",
                "no UTF-8",
                "write the file as UTF-8",
            ),
            LineProblem::Json(problem) => {
                let (what, label) = json(problem);
                (what, label, "write one JSON object a line")
            }
            LineProblem::NoObject => (
                "the line is no JSON object",
                "no object",
                "write it like `{\"owner\": \"_dmarc.example.com\", \"value\": \"v=DMARC1; p=none\"}`",
            ),
            LineProblem::NoOwner => (
                "the line does not tell the owner of a record",
                "no `owner`, and no `name` or `host` of a scanner",
                "name it as `owner`",
            ),
            LineProblem::NoValue => (
                "the line has an owner and no data",
                "no `value`",
                "write the data as `value`, or the strings of a TXT record as `strings`",
            ),
            LineProblem::Twice => (
                "the line has two members of this name",
                "stands here a second time",
                "remove one of the two: which of them counts is up to whoever reads the line",
            ),
            LineProblem::Kind(shape) => {
                let (what, label) = member(shape);
                (what, label, "write it as in `maillint explain jsonl-line-invalid`")
            }
            LineProblem::Name | LineProblem::Type | LineProblem::Data => continue,
        };
        findings
            .report(fault.span, format!("{what}, so it is not checked"), label)
            .help(help);
    }
}

/// What is wrong with a line that is no JSON, and what stands at the place.
fn json(problem: JsonProblem) -> (&'static str, &'static str) {
    match problem {
        JsonProblem::Value => ("the line is not JSON", "a value belongs here"),
        JsonProblem::Name => (
            "the line is not JSON",
            "the name of a member belongs here, between double quotes",
        ),
        JsonProblem::Colon => ("the line is not JSON", "a `:` belongs here"),
        JsonProblem::CommaOrBrace => ("the line is not JSON", "a `,` or a `}` belongs here"),
        JsonProblem::CommaOrBracket => ("the line is not JSON", "a `,` or a `]` belongs here"),
        JsonProblem::Superfluous => ("the line goes on behind its JSON object", "nothing more belongs here"),
        JsonProblem::Unclosed => ("the line has a string without an end", "no quote closes it"),
        JsonProblem::Control => (
            "the line has a bare control character in a string, which JSON forbids",
            "a control character",
        ),
        JsonProblem::Escape => (
            "the line has a backslash in a string that starts no escape of JSON",
            "no escape",
        ),
        JsonProblem::Surrogate => (
            "the line has an escape that is half of a character",
            "the other half is missing",
        ),
        JsonProblem::Depth => ("the line has lists or objects in more than 64 others", "the 65th"),
    }
}

/// What is wrong with a member that is something else than it has to be, and what it has to be.
fn member(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::String => ("a member of the line is no string", "has to be a string"),
        Shape::Strings => (
            "a member of the line is no list of strings",
            "has to be a list of strings",
        ),
        Shape::Number => (
            "a member of the line is no number from 0 to 65535",
            "has to be a number from 0 to 65535",
        ),
    }
}

rule! {
    /// An owner, a type or a value in JSON Lines that no record has.
    ///
    /// The line can be read, but not what it says: its owner is no DNS name, its type is unknown, or its value is no data of
    /// its type. No server
    /// publishes such a record, so it comes from a program or from a hand that went wrong, and it is not checked.
    ///
    /// # Bad
    /// ```jsonl
    /// {"owner": "_mta-sts..example.com", "value": "v=STSv1; id=1"}
    /// ```
    /// ```jsonl
    /// {"owner": "_mta-sts.example.com", "type": "TEXT", "value": "v=STSv1; id=1"}
    /// ```
    /// ```jsonl
    /// {"owner": "example.com", "type": "MX", "value": "mail.example.com"}
    /// ```
    /// # Good
    /// ```jsonl
    /// {"owner": "_mta-sts.example.com.", "value": "v=STSv1; id=1"}
    /// {"owner": "example.com", "type": "MX", "value": "10 mail.example.com"}
    /// ```
    /// # When to ignore
    /// Never: whatever wrote the line lost the record.
    /// # Source
    /// RFC 1035, section 3.1
    DATA_INVALID: "jsonl-data-invalid", [Error], None, File(data_invalid)
}

fn data_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let (what, label, help) = match fault.kind {
            FaultKind::LineInvalid(LineProblem::Name) => (
                "is no DNS name",
                "labels of 1 to 63 bytes belong between the dots, and 255 bytes are the most",
                "write the name as in `_dmarc.example.com`; a dot inside a label is `\\\\.`",
            ),
            FaultKind::LineInvalid(LineProblem::Type) => (
                "is no type of DNS records",
                "no such type",
                "write the type as in a zone file, such as `TXT`, or as `TYPE` with its number",
            ),
            FaultKind::LineInvalid(LineProblem::Data) => (
                "is no data of this type",
                "not what a record of this type has",
                "write the data as in a zone file, such as `10 mail.example.com` for MX",
            ),
            _ => continue,
        };
        let shown = findings.shown(fault.span);
        findings
            .report(
                fault.span,
                format!("`{shown}` {what}, so the record is not checked"),
                label,
            )
            .help(help);
    }
}
