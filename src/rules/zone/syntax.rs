//! Rules about what is no entry of a zone file.

use crate::{
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[UNTERMINATED_QUOTE];

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
    /// # Good
    /// ```zone
    /// www TXT "hello"
    /// ```
    /// # When to ignore
    /// Never: no server loads such a zone.
    /// # Source
    /// RFC 1035, section 5.1
    UNTERMINATED_QUOTE: "zone-unterminated-quote", [Error], None, File(unterminated_quote)
}

fn unterminated_quote(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::UnterminatedQuote {
            findings
                .report(
                    fault.span,
                    "the quoted string is never closed, so servers refuse the whole zone",
                    "opened here",
                )
                .help("close it with `\"` at the end of the text");
        }
    }
}
