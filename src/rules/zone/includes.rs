//! Rules about `$INCLUDE`.

use crate::{
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[INCLUDE_MISSING, INCLUDE_OUTSIDE, INCLUDE_CYCLE];

rule! {
    /// An included file that is not there.
    ///
    /// The file is looked for beside the file that includes it, then in the folders above, up to the root of the repository.
    /// A server that does not find it refuses the whole zone. What it would hold is not known, so nothing is called missing
    /// in this zone.
    ///
    /// # Bad
    /// ```zone
    /// $INCLUDE mail.inc
    /// ```
    /// # Good
    /// ```files
    /// ==> example.com.zone <==
    /// $INCLUDE mail.inc
    /// ==> mail.inc <==
    /// @ MX 10 mail
    /// mail A 192.0.2.25
    /// ```
    /// # When to ignore
    /// If a tool makes the file where the server runs.
    /// # Source
    /// RFC 1035, section 5.1
    INCLUDE_MISSING: "zone-include-missing", [Error], None, File(include_missing)
}

fn include_missing(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::IncludeMissing {
            let text = findings.shown(fault.span);
            findings
                .report(
                    fault.span,
                    format!(
                        "the included file `{text}` is not in the repository: its records are not checked, and a server \
                         that lacks it refuses the whole zone"
                    ),
                    "no such file beside this one or in a folder above",
                )
                .help("correct the path, or add the file");
        }
    }
}

rule! {
    /// An included file outside of the repository.
    ///
    /// An absolute path, or one that leads out of the repository, is not read. What the file holds is not known, so nothing is
    /// called missing in this zone.
    ///
    /// # Bad
    /// ```zone
    /// $INCLUDE /etc/bind/mail.inc
    /// ```
    /// # Good
    /// ```files
    /// ==> example.com.zone <==
    /// $INCLUDE mail.inc
    /// ==> mail.inc <==
    /// @ MX 10 mail
    /// mail A 192.0.2.25
    /// ```
    /// # When to ignore
    /// If the file is kept elsewhere on purpose.
    /// # Source
    /// RFC 1035, section 5.1
    INCLUDE_OUTSIDE: "zone-include-outside", [Info], None, File(include_outside)
}

fn include_outside(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::IncludeOutside {
            let text = findings.shown(fault.span);
            findings
                .report(
                    fault.span,
                    format!(
                        "the included file `{text}` lies outside of the repository, so its records are not checked"
                    ),
                    "not read",
                )
                .help("include a file of the repository by a relative path to have it checked");
        }
    }
}

rule! {
    /// A file that includes itself, also by way of others, or files that include one another more than ten deep.
    ///
    /// A server that follows them comes to no end, and refuses the whole zone.
    ///
    /// # Bad
    /// ```files
    /// ==> example.com.zone <==
    /// $INCLUDE mail.inc
    /// ==> mail.inc <==
    /// @ MX 10 mail
    /// $INCLUDE example.com.zone
    /// ```
    /// # Good
    /// ```files
    /// ==> example.com.zone <==
    /// $INCLUDE mail.inc
    /// ==> mail.inc <==
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 5.1
    INCLUDE_CYCLE: "zone-include-cycle", [Error], None, File(include_cycle)
}

fn include_cycle(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::IncludeCycle {
            let text = findings.shown(fault.span);
            findings
                .report(
                    fault.span,
                    format!(
                        "`{text}` is being read already, or too many files include one another, so servers refuse the \
                         whole zone"
                    ),
                    "not read again",
                )
                .help("break the loop: a file must not include one that leads back to it");
        }
    }
}
