//! Rules about what the parts of a configuration refer to.

use crate::{
    record::{FaultKind, Scan, TooMuch},
    rule::{Findings, Rule, rule},
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[CYCLE, LARGE];

rule! {
    /// A value or a module of Terraform that refers to itself.
    ///
    /// Terraform refuses such a configuration, so that no record in it is published or changed. What depends on the value is
    /// not judged here.
    ///
    /// # Bad
    /// ```hcl
    /// locals {
    ///   policy = local.record
    ///   record = "v=DMARC1; p=${local.policy}"
    /// }
    /// resource "aws_route53_record" "dmarc" {
    ///   name    = "_dmarc.example.com"
    ///   type    = "TXT"
    ///   records = [local.record]
    /// }
    /// ```
    /// # Good
    /// ```hcl
    /// locals {
    ///   policy = "reject"
    ///   record = "v=DMARC1; p=${local.policy}"
    /// }
    /// resource "aws_route53_record" "dmarc" {
    ///   name    = "_dmarc.example.com"
    ///   type    = "TXT"
    ///   records = [local.record]
    /// }
    /// ```
    /// # When to ignore
    /// Never: no such configuration can be applied.
    /// # Source
    /// What Terraform and OpenTofu accept.
    CYCLE: "data-reference-cycle", [Error], None, File(cycle)
}

fn cycle<'a>(_: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    for fault in &scan.faults {
        let FaultKind::ReferenceCycle(name) = &fault.kind else {
            continue;
        };
        findings
            .report(
                fault.span,
                format!("`{name}` refers to itself, so Terraform refuses to apply any of these records"),
                "leads back to itself",
            )
            .help("give it a value that does not depend on it");
    }
}

rule! {
    /// A configuration that is too large to be computed in full.
    ///
    /// maillint follows loops over up to 10,000 elements and up to 10,000 calls of modules, and gives up on expressions that
    /// take long. What depends on the rest is not judged and not listed.
    ///
    /// # Bad
    /// ```hcl
    /// resource "aws_route53_record" "spf" {
    ///   count   = 1000000
    ///   name    = "host-${count.index}.example.com"
    ///   type    = "TXT"
    ///   records = ["v=spf1 -all"]
    /// }
    /// ```
    /// # Good
    /// ```hcl
    /// resource "aws_route53_record" "spf" {
    ///   count   = 3
    ///   name    = "host-${count.index}.example.com"
    ///   type    = "TXT"
    ///   records = ["v=spf1 -all"]
    /// }
    /// ```
    /// # When to ignore
    /// Where the number is meant, and the records are made alike: one of them shows what is right or wrong with all.
    /// # Source
    /// A limit of this tool.
    LARGE: "data-too-large", [Info], None, File(large)
}

fn large<'a>(_: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    for fault in &scan.faults {
        let FaultKind::TooMuch(what) = fault.kind else { continue };
        let (message, label) = match what {
            TooMuch::Elements(count) => (
                format!("loop over {count} elements is not followed, so its records are not judged"),
                "more than 10000 elements",
            ),
            TooMuch::Calls => (
                "modules are called too often to follow all of them, so not all records are judged".to_string(),
                "call 10001",
            ),
            TooMuch::Steps => (
                "this configuration takes too long to compute, so not all of its records are judged".to_string(),
                "this far it was computed",
            ),
        };
        findings
            .report(fault.span, message, label)
            .help("check one of the records by itself");
    }
}
