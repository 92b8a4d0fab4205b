//! Rules about data that is not what its notation allows.

use crate::{
    diagnostic::Severity,
    record::{FaultKind, Scan},
    rule::{Findings, Rule, rule},
    source::Source,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[MALFORMED];

rule! {
    /// A file of records that is not valid YAML, JSON or HCL.
    ///
    /// The tool that publishes the records refuses the file, so that no change to it takes effect, and what stands behind the
    /// place is not judged here. It is a note where the file is a template: what it becomes is not known.
    ///
    /// # Severity
    /// An error; an info where the file is a template, as nobody knows what it becomes.
    /// # Bad
    /// ```yaml example.com.yaml
    /// _dmarc:
    ///   type: TXT
    ///   value: "v=DMARC1\\; p=reject
    /// ```
    /// ```yaml example.com.yaml
    /// {% for name in names %}
    /// {{ name }}:
    ///   type: TXT
    ///   values: [v=spf1 -all
    /// {% endfor %}
    /// ```
    /// ```hcl
    /// resource "aws_route53_record" "dmarc" {
    ///   name    = "_dmarc.example.com"
    ///   type    = "TXT"
    ///   records = ["v=DMARC1; p=reject]
    /// }
    /// ```
    /// ```hcl
    /// resource "aws_route53_record" "spf" {
    ///   name    = "example.com"
    ///   type    = "TXT"
    ///   records = ["v=spf1 exists:%{i}.example.net -all"]
    /// }
    /// ```
    /// # Good
    /// ```yaml example.com.yaml
    /// _dmarc:
    ///   type: TXT
    ///   value: "v=DMARC1\\; p=reject"
    /// ```
    /// ```hcl
    /// resource "aws_route53_record" "spf" {
    ///   name    = "example.com"
    ///   type    = "TXT"
    ///   records = ["v=spf1 exists:%%{i}.example.net -all"]
    /// }
    /// ```
    /// # When to ignore
    /// If another program makes the file right before it is used; then exclude it.
    /// # Source
    /// YAML 1.2.2
    /// RFC 8259
    /// The syntax of HCL, which Terraform and OpenTofu read.
    MALFORMED: "data-malformed", [Error, Info], None, File(malformed)
}

fn malformed<'a>(_: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    for fault in &scan.faults {
        let what = match &fault.kind {
            FaultKind::Malformed(message) => requoted(message),
            FaultKind::NotUtf8 => "a byte that is not UTF-8".to_string(),
            _ => continue,
        };
        let source = findings.sources().get(fault.span.source);
        let notation = match source.path.rsplit_once('.') {
            Some((_, "json")) => "JSON",
            Some((_, "tf" | "tofu" | "tfvars")) => "HCL",
            _ => "YAML",
        };
        let has_markers = memchr::memmem::find(source.bytes(), b"{%").is_some()
            || memchr::memmem::find(source.bytes(), b"{{").is_some();
        // HCL has such markers of its own.
        let is_template = has_markers && notation != "HCL";
        let finding = findings.report(
            fault.span,
            format!("{notation} ends here: {what}, so no tool reads the file, and nothing behind this place is judged"),
            "from here on it can't be read",
        );
        if is_template {
            finding
                .severity(Severity::Info)
                .help("check what the template makes of it");
        } else {
            finding.help("mend the notation; what is wrong may stand before this place");
        }
    }
}

/// With the character that a parser of others shows as `` `x' `` between backticks.
fn requoted(message: &str) -> String {
    let Some((before, after)) = message.split_once('`') else {
        return message.to_string();
    };
    let mut chars = after.chars();
    match (chars.next(), chars.next()) {
        (Some(shown), Some('\'')) => format!("{before}`{shown}`{}", chars.as_str()),
        _ => message.to_string(),
    }
}
