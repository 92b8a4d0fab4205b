//! Rules about how OctoDNS wants its zones to be written.

use crate::{
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[SEMICOLON];

rule! {
    /// A semicolon that OctoDNS wants to be written as `\;`.
    ///
    /// Unless its configuration says `escaped_semicolons: false`, OctoDNS refuses a zone with a text in which `;` follows a
    /// letter or a digit, so that no change to the zone takes effect. If it does say so, a `\;` publishes the backslash. Where
    /// no configuration is in the repository, a file that has both is wrong either way.
    ///
    /// # Bad
    /// ```yaml example.com.yaml
    /// _dmarc:
    ///   type: TXT
    ///   value: v=DMARC1\; p=none; rua=mailto:dmarc@example.com
    /// ```
    /// # Good
    /// ```yaml example.com.yaml
    /// _dmarc:
    ///   type: TXT
    ///   value: v=DMARC1\; p=none\; rua=mailto:dmarc@example.com
    /// ```
    /// ```yaml example.com.yaml
    /// _dmarc:
    ///   type: TXT
    ///   value: v=DMARC1; p=none; rua=mailto:dmarc@example.com
    /// ```
    /// # When to ignore
    /// If the record is published in spite of it: with `lenient` in a place that is not in the repository.
    /// # Source
    /// Documentation of OctoDNS: YamlProvider, `escaped_semicolons`.
    SEMICOLON: "data-octodns-semicolon", [Warning], None, File(semicolon), once_a_file
}

fn semicolon<'a>(_source: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    for fault in &scan.faults {
        let FaultKind::BareSemicolon { is_configured } = fault.kind else {
            continue;
        };
        let why = match is_configured {
            true => "OctoDNS is configured to take `\\;` for a semicolon, and refuses a zone with a bare one",
            false => {
                "some semicolons of this file are written `\\;` and others not, so OctoDNS refuses the zone or publishes \
                 backslashes"
            }
        };
        findings
            .report(fault.span, why, "without a backslash")
            .help("write `\\;`, or everywhere `;` and `escaped_semicolons: false` in the configuration");
    }
}
