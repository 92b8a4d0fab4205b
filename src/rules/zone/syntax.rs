//! Rules about what is no entry of a zone file, and about the file as a whole.

use crate::{
    diagnostic::Safety,
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[SYNTAX, HASH_COMMENT, BOM, CRLF_PARENTHESIS, TEMPLATE];

rule! {
    /// A line that is no record and no directive.
    ///
    /// A line of a zone file is an owner, then TTL and class in either order, then a type and its data. A server that meets
    /// anything else refuses the whole zone: it goes on with the version it has, or has none after a restart, and then no
    /// mail record of the domain is answered.
    ///
    /// # Bad
    /// ```zone
    /// www IN IN TXT "hello"
    /// ```
    /// ```zone
    /// @ MX 10 mail
    /// mail lives at 192.0.2.1
    /// ```
    /// ```zone
    /// @ MX 10 mail
    /// www 3600 IN
    /// ```
    /// # Good
    /// ```zone
    /// www IN TXT "hello"
    /// ```
    /// # When to ignore
    /// If a tool replaces the line before a server reads the file, and the line has no mark of a template.
    /// # Source
    /// RFC 1035, section 5.1
    SYNTAX: "zone-syntax", [Error], None, File(syntax)
}

fn syntax(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let text = findings.shown(fault.span);
        match fault.kind {
            FaultKind::NoType => findings
                .report(
                    fault.span,
                    format!("`{text}` is no record type, so servers refuse the whole zone"),
                    "a type such as `TXT` or `MX` belongs here",
                )
                .help("write the line as owner, TTL, class, type, data; start it with `;` if it is a comment"),
            FaultKind::Incomplete => findings
                .report(
                    fault.span,
                    "the line ends before its record type, so servers refuse the whole zone",
                    "no type and no data",
                )
                .help("add the type and its data, or start the line with `;` if it is a comment"),
            FaultKind::FieldTwice => {
                let field = if text.starts_with(|first: char| first.is_ascii_digit()) {
                    "TTL"
                } else {
                    "class"
                };
                findings
                    .report(
                        fault.span,
                        format!("the record has a second {field}, so servers refuse the whole zone"),
                        format!("the second {field}"),
                    )
                    .help("remove one of the two")
            }
            FaultKind::NotText => findings
                .report(
                    fault.span,
                    "the file is in UTF-16 or holds a NUL byte, so it is no zone file, and it is not checked",
                    "no text",
                )
                .help("save the file as UTF-8 without byte order mark"),
            _ => continue,
        };
    }
}

rule! {
    /// A line that starts with `#` or `//`.
    ///
    /// Only `;` starts a comment in a zone file. A server reads the words as a record, fails, and refuses the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// # mail
    /// @ MX 10 mail
    /// ```
    /// ```zone
    /// // mail
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// ; mail
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// If a tool removes such lines before a server reads the file.
    /// # Source
    /// RFC 1035, section 5.1
    HASH_COMMENT: "zone-hash-comment", [Error], Safe, File(hash_comment)
}

fn hash_comment(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind != FaultKind::HashComment {
            continue;
        }
        let sign = if findings.source(fault.span).starts_with(b"#") {
            "#"
        } else {
            "//"
        };
        let start = fault.span.start as usize;
        let edit = Edit {
            span: Span::new(fault.span.source, start..start + sign.len()),
            new: ";".to_string(),
        };
        findings
            .report(
                fault.span,
                format!("`{sign}` starts no comment in a zone file, so servers refuse the whole zone"),
                "read as an owner",
            )
            .help("start the comment with `;`")
            .fix(format!("replace `{sign}` by `;`"), Safety::Safe, Some(vec![edit]));
    }
}

rule! {
    /// A file that starts with a byte order mark.
    ///
    /// Some editors write three bytes before the text to say that it is UTF-8. Servers take them for a part of the first
    /// word. `$TTL` is then no directive, and BIND, NSD and Knot refuse the whole zone; an owner is another name.
    ///
    /// # Bad
    /// ```zone-bom
    /// $TTL 3600
    /// www TXT "hello"
    /// ```
    /// # Good
    /// ```zone
    /// $TTL 3600
    /// www TXT "hello"
    /// ```
    /// # When to ignore
    /// If a tool removes the mark before a server reads the file.
    /// # Source
    /// RFC 1035, section 5.1
    /// BIND 9.18, NSD 4.6 and Knot 3.2 refuse such a zone.
    BOM: "zone-bom", [Error], Safe, File(bom)
}

fn bom(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::ByteOrderMark {
            let edit = Edit {
                span: fault.span,
                new: String::new(),
            };
            findings
                .report(
                    fault.span,
                    "the file starts with a byte order mark, which servers take for a part of the first word: they refuse \
                     the whole zone, or publish a name that nobody looks for",
                    "three invisible bytes",
                )
                .help("save the file as UTF-8 without byte order mark")
                .fix("remove the byte order mark", Safety::Safe, Some(vec![edit]));
        }
    }
}

rule! {
    /// A record in parentheses whose lines end in CR LF.
    ///
    /// Knot refuses the whole zone for it; BIND and NSD read it.
    ///
    /// # Bad
    /// ```zone-crlf
    /// @ TXT ( "v=spf1 mx "
    ///         "-all" )
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT ( "v=spf1 mx "
    ///         "-all" )
    /// ```
    /// ```zone-crlf
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # When to ignore
    /// If Knot does not read the file.
    /// # Source
    /// Knot 3.2 refuses such a zone.
    CRLF_PARENTHESIS: "zone-crlf-parenthesis", [Info], Safe, File(crlf_parenthesis), once_a_file
}

fn crlf_parenthesis(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::CrlfInParentheses {
            let edits = without_cr(findings, fault.span);
            findings
                .report(
                    fault.span,
                    "lines in parentheses end in CR LF, for which Knot refuses the whole zone",
                    "CR LF",
                )
                .help("end the lines of the file with LF; git does so with `text eol=lf` in `.gitattributes`")
                .fix("end all lines with LF", Safety::Safe, edits);
        }
    }
}

/// Removes the CR before each LF of a file.
fn without_cr(findings: &Findings<'_>, near: Span) -> Option<Vec<Edit>> {
    let bytes = findings.sources().get(near.source).bytes();
    let edits = memchr::memmem::find_iter(bytes, b"\r\n").map(|at| Edit {
        span: Span::new(near.source, at..at + 1),
        new: String::new(),
    });
    Some(edits.collect())
}

rule! {
    /// A file that a template fills in.
    ///
    /// Parts of the file stand there only once it is rendered. They are not checked, and nothing is called missing in this
    /// zone, since a template may add it.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:{{ reports }}"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:reports@example.com"
    /// ```
    /// # When to ignore
    /// Always, if the rendered file is checked as well.
    /// # Source
    /// What a template fills in is not known here.
    TEMPLATE: "zone-template", [Info], None, File(template), once_a_file
}

fn template(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::Template {
            findings
                .report(
                    fault.span,
                    "a template fills in a part of this file, so that part is not checked",
                    "not known before it is rendered",
                )
                .help("check the rendered file as well");
        }
    }
}
