//! Rules about quotes, parentheses and escapes.

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
    UNTERMINATED_QUOTE,
    MULTILINE_QUOTE,
    UNBALANCED_PARENTHESIS,
    NESTED_PARENTHESIS,
    ESCAPE_INVALID,
];

/// An insertion into the file of `near`.
fn insert(near: Span, at: usize, new: &str) -> Edit {
    Edit {
        span: Span::new(near.source, at..at),
        new: new.to_string(),
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
