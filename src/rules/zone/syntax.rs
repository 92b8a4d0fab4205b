//! Rules about quotes, parentheses, escapes and comments, and about what is no entry of a zone file.

use crate::{
    diagnostic::Safety,
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    SYNTAX,
    UNTERMINATED_QUOTE,
    MULTILINE_QUOTE,
    UNBALANCED_PARENTHESIS,
    NESTED_PARENTHESIS,
    ESCAPE_INVALID,
    HASH_COMMENT,
    BOM,
    CRLF_PARENTHESIS,
    TEMPLATE,
];

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
    /// A quoted string that nothing closes.
    ///
    /// A server refuses the whole zone and goes on with the one it has, or with none: after a restart, no record of the
    /// domain is answered.
    ///
    /// # Bad
    /// ```zone
    /// www TXT "hello
    /// ```
    /// ```zone
    /// www TXT "hello
    /// mail TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// www TXT "hello"
    /// ```
    /// # When to ignore
    /// Never: no server loads such a zone.
    /// # Source
    /// RFC 1035, section 5.1
    UNTERMINATED_QUOTE: "zone-unterminated-quote", [Error], Unsafe, File(unterminated_quote)
}

fn unterminated_quote(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::UnterminatedQuote {
            let edits = close_quote(findings, fault.span);
            findings
                .report(
                    fault.span,
                    "the quoted string is never closed, so servers refuse the whole zone",
                    "opened here",
                )
                .help("close it with `\"` at the end of the text")
                .fix("close the string at the end of the line", Safety::Unsafe, edits);
        }
    }
}

/// Closes a string at the end of its line, unless something may stand behind it there: a comment, or a parenthesis.
fn close_quote(findings: &Findings<'_>, quote: Span) -> Option<Vec<Edit>> {
    let bytes = findings.sources().get(quote.source).bytes();
    let rest = bytes.get(quote.end as usize..)?;
    let line = &rest[..memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())];
    let text = line.trim_ascii_end();
    let alone = !text.is_empty() && !text.contains(&b')') && !text.windows(2).any(|pair| pair == b" ;");
    let at = quote.end as usize + text.len();
    alone.then(|| vec![insert(quote, at, "\"")])
}

fn insert(near: Span, at: usize, new: &str) -> Edit {
    Edit {
        span: Span::new(near.source, at..at),
        new: new.to_string(),
    }
}

rule! {
    /// A quoted string that goes on over the end of its line.
    ///
    /// RFC 1035 allows it, but BIND and Knot refuse the whole zone, and NSD keeps the line end as a part of the text, where
    /// no mail record may have one.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net
    ///        -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT ( "v=spf1 include:_spf.example.net "
    ///         "-all" )
    /// ```
    /// # When to ignore
    /// If NSD alone reads the file, and the text is meant to hold a line end.
    /// # Source
    /// RFC 1035, section 5.1
    /// BIND 9.18 and Knot 3.2 refuse such a zone.
    MULTILINE_QUOTE: "zone-multiline-quote", [Error], Unsafe, File(multiline_quote)
}

fn multiline_quote(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if let FaultKind::MultilineQuote { close, grouped } = fault.kind {
            let edits = one_string_a_line(findings, fault.span, close, grouped);
            findings
                .report(
                    fault.span,
                    "the quoted string goes on over the end of its line, so BIND and Knot refuse the whole zone",
                    "opened here",
                )
                .related(close, "closed here")
                .help("write one string a line, and parentheses around them")
                .fix("write one string a line, in parentheses", Safety::Unsafe, edits);
        }
    }
}

/// The edits that close a string at each line's end and open it again at the next line's first character. The blank between
/// the two stays: the strings are joined without one.
fn one_string_a_line(findings: &Findings<'_>, open: Span, close: Span, grouped: bool) -> Option<Vec<Edit>> {
    let bytes = findings.sources().get(open.source).bytes();
    let text = bytes.get(open.end as usize..close.start as usize)?;
    let mut edits = Vec::new();
    if !grouped {
        edits.push(insert(open, open.start as usize, "( "));
    }
    let mut at = open.end as usize;
    let mut lines = text.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let next = at + line.len() + 1;
        if lines.peek().is_some() {
            let end = at + line.strip_suffix(b"\r").unwrap_or(line).len();
            let blank = matches!(bytes.get(end - 1), Some(b' ' | b'\t' | b'"'));
            edits.push(insert(open, end, if blank { "\"" } else { " \"" }));
            let blanks = bytes[next..close.start as usize]
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            edits.push(insert(open, next + blanks, "\""));
        }
        at = next;
    }
    if !grouped {
        edits.push(insert(open, close.end as usize, " )"));
    }
    Some(edits)
}

rule! {
    /// A parenthesis without its other half.
    ///
    /// Between `(` and `)` a record goes on over the ends of lines. If the closing one is missing, or a comment swallows it,
    /// all that follows in the file belongs to this record. BIND and Knot refuse the whole zone; NSD loads it without the
    /// records that were swallowed.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT ( "v=spf1 mx "
    ///         "-all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx -all" )
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT ( "v=spf1 mx "
    ///         "-all" )
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 5.1
    UNBALANCED_PARENTHESIS: "zone-unbalanced-parenthesis", [Error], None, File(unbalanced_parenthesis)
}

fn unbalanced_parenthesis(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind != FaultKind::UnbalancedParenthesis {
            continue;
        }
        if findings.source(fault.span) == b"(" {
            findings
                .report(
                    fault.span,
                    "the parenthesis is never closed, so all that follows in the file belongs to this record, and servers \
                     refuse the whole zone",
                    "opened here",
                )
                .help("close it with `)` behind the data; inside of a comment it does not count");
        } else {
            findings
                .report(
                    fault.span,
                    "the parenthesis closes nothing, so servers refuse the whole zone",
                    "no `(` before it",
                )
                .help("remove it, or open it before the data");
        }
    }
}

rule! {
    /// A parenthesis inside another.
    ///
    /// BIND reads it as if it were not there; NSD and Knot refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// www TXT ( ( "hello" ) )
    /// ```
    /// # Good
    /// ```zone
    /// www TXT ( "hello" )
    /// ```
    /// # When to ignore
    /// If BIND alone reads the file.
    /// # Source
    /// RFC 1035, section 5.1
    /// NSD 4.6 and Knot 3.2 refuse such a zone.
    NESTED_PARENTHESIS: "zone-nested-parenthesis", [Warning], Safe, File(nested_parenthesis)
}

fn nested_parenthesis(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if let FaultKind::NestedParenthesis { close } = fault.kind {
            let blank = |span| Edit {
                span,
                new: " ".to_string(),
            };
            findings
                .report(
                    fault.span,
                    "a parenthesis inside another: BIND accepts it, NSD and Knot refuse the whole zone",
                    "inside of one that is open already",
                )
                .help("one pair of parentheses is enough, over any number of lines")
                .fix(
                    "remove the inner parentheses",
                    Safety::Safe,
                    close.map(|close| vec![blank(fault.span), blank(close)]),
                );
        }
    }
}

rule! {
    /// A backslash that starts no escape.
    ///
    /// `\` and three digits from `000` to `255` are one byte, `\` and any other character are that character. BIND and Knot
    /// refuse the whole zone for anything else; NSD keeps the digits as they are. A backslash at the end of a line does not
    /// continue it: parentheses do.
    ///
    /// # Bad
    /// ```zone
    /// www TXT "caf\256"
    /// ```
    /// ```zone
    /// www TXT "a\1b"
    /// ```
    /// # Good
    /// ```zone
    /// www TXT "a\255b\;\"c\""
    /// ```
    /// # When to ignore
    /// If NSD alone reads the file, and the digits are meant to be there.
    /// # Source
    /// RFC 1035, section 5.1
    ESCAPE_INVALID: "zone-escape-invalid", [Error], None, File(escape_invalid)
}

fn escape_invalid(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind != FaultKind::EscapeInvalid {
            continue;
        }
        let text = findings.shown(fault.span);
        let refused = format!("`{text}` is no escape, so BIND and Knot refuse the whole zone");
        let (message, label, help) = match text.len() {
            1 => (
                "a backslash does not continue a line: servers refuse the whole zone, or take the line end for text"
                    .to_string(),
                "nothing to escape",
                "remove the backslash, and write parentheses around data that goes on over the end of a line",
            ),
            4 => (
                refused,
                "over 255",
                "write the byte as `\\000` to `\\255`, or `\\\\` for a backslash",
            ),
            _ => (
                refused,
                "needs three digits",
                "write the byte in three digits, such as `\\059`, or `\\\\` for a backslash",
            ),
        };
        findings.report(fault.span, message, label).help(help);
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
    /// word: `$TTL` is then no directive and `@` no longer the domain, and BIND, NSD and Knot refuse the whole zone.
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
                    "the file starts with a byte order mark, which servers take for a part of the first word, so they \
                     refuse the whole zone",
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
