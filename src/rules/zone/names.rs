//! Rules about the form of names: labels, quotes, characters, wildcards.

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::kind,
    punycode,
    record::{Data, FaultKind, Record, Scan, Written},
    rule::{Findings, Rule, rule},
    source::Source,
    span::Span,
    syntax::zone as syntax,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    LABEL_TOO_LONG,
    NAME_TOO_LONG,
    EMPTY_LABEL,
    QUOTED_NAME,
    NAME_NON_ASCII,
    WILDCARD_NOT_LEFTMOST,
    WILDCARD_PARTIAL,
];

/// Whether mail asks for a record: a mail exchanger, a policy, or an alias in place of one.
fn is_mail(record: &Record) -> bool {
    let policy_name = || kind::of_owner(&record.owner).is_some();
    match &record.data {
        Data::Mx(_) | Data::Tlsa(_) => true,
        Data::Txt(txt) => policy_name() || kind::of_value(txt.text.bytes()).is_some(),
        Data::Cname(_) => policy_name(),
        _ => false,
    }
}

/// Where the owner is written, if it is a name of its own and not `@`.
fn written_owner(record: &Record) -> Option<Span> {
    matches!(record.written, Written::Absolute | Written::Relative).then(|| record.owner_span())
}

/// A name as it is written, without quotes, and where that is.
fn written<'a>(findings: &Findings<'a>, span: Span) -> (&'a [u8], Span) {
    let bytes = findings.source(span);
    match bytes.strip_prefix(b"\"").and_then(|bytes| bytes.strip_suffix(b"\"")) {
        Some(inside) => {
            let start = span.start as usize + 1;
            (inside, Span::new(span.source, start..start + inside.len()))
        }
        None => (bytes, span),
    }
}

/// Where a label of a name is written at `span`; `None` if it is not: the origin has it.
pub(in crate::rules) fn label_at(findings: &Findings<'_>, span: Span, name: &Name, index: usize) -> Option<Span> {
    let (bytes, span) = written(findings, span);
    let (range, label) = syntax::labels(bytes).nth(index)?;
    let start = span.start as usize;
    (label.as_deref() == name.labels().nth(index)?)
        .then(|| Span::new(span.source, start + range.start..start + range.end))
}

rule! {
    /// A label of more than 63 bytes.
    ///
    /// The parts of a name between its dots have 63 bytes at most. Servers refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// this-is-a-very-long-name-that-somebody-made-from-a-whole-sentence-and-more A 192.0.2.1
    /// ```
    /// # Good
    /// ```zone
    /// this-is-a-name-that-somebody-made-from-half-a-sentence A 192.0.2.1
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 2.3.4
    LABEL_TOO_LONG: "zone-label-too-long", [Error], None, File(label_too_long)
}

fn label_too_long(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::LabelTooLong {
            findings
                .report(
                    fault.span,
                    "the label is longer than the 63 bytes that a label may have, so servers refuse the whole zone",
                    "over 63 bytes",
                )
                .help("shorten it, or put a dot into it");
        }
    }
}

rule! {
    /// A name of more than 255 bytes.
    ///
    /// A name has 255 bytes at most, one for each dot and the end included. Servers refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789.a123456789 A 192.0.2.1
    /// ```
    /// # Good
    /// ```zone
    /// a123456789.a123456789 A 192.0.2.1
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 2.3.4
    NAME_TOO_LONG: "zone-name-too-long", [Error], None, File(name_too_long)
}

fn name_too_long(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::NameTooLong {
            findings
                .report(
                    fault.span,
                    "the name is longer than the 255 bytes that a name may have, so servers refuse the whole zone",
                    "over 255 bytes with the origin",
                )
                .help("shorten it");
        }
    }
}

rule! {
    /// Two dots in a row, or a dot at the start of a name.
    ///
    /// Between two dots there must be a label. Servers refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc..news TXT "v=DMARC1; p=none"
    /// ```
    /// ```zone
    /// .news A 192.0.2.1
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc.news TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 1035, section 2.3.4
    EMPTY_LABEL: "zone-empty-label", [Error], None, File(empty_label)
}

fn empty_label(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::EmptyLabel {
            findings
                .report(
                    fault.span,
                    "the name has an empty label, so servers refuse the whole zone",
                    "a label is missing here",
                )
                .help("remove the dot that is too many");
        }
    }
}

rule! {
    /// A name in quotes.
    ///
    /// Quotes are for text. As an owner, BIND takes a quoted name as if it had none, Knot refuses the whole zone, and NSD takes
    /// the dots in it for ordinary characters. In data, BIND and Knot refuse the whole zone.
    ///
    /// # Severity
    /// A warning for an owner; an error in data.
    /// # Bad
    /// ```zone
    /// "_dmarc" TXT "v=DMARC1; p=none"
    /// ```
    /// ```zone
    /// @ MX 10 "mail.example.com."
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none"
    /// @ MX 10 mail.example.com.
    /// ```
    /// # When to ignore
    /// If BIND alone reads the file, for owners.
    /// # Source
    /// RFC 1035, section 5.1
    /// BIND 9.18, NSD 4.6 and Knot 3.2 differ.
    QUOTED_NAME: "zone-quoted-name", [Error, Warning], Safe, File(quoted_name)
}

fn quoted_name(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        let FaultKind::QuotedName { owner } = fault.kind else {
            continue;
        };
        let (inside, _) = written(findings, fault.span);
        // Only what needs no quotes and no escapes can do without them.
        let plain = |byte: &u8| byte.is_ascii_graphic() && !b"\\\"();@$".contains(byte);
        let edits = (!inside.is_empty() && inside.iter().all(plain)).then(|| {
            vec![Edit {
                span: fault.span,
                new: String::from_utf8_lossy(inside).into_owned(),
            }]
        });
        let (severity, message, safety) = if owner {
            let message =
                "a name in quotes: BIND reads it as a name, NSD as one label, and Knot refuses the whole zone";
            (Severity::Warning, message, Safety::Safe)
        } else {
            let message = "a name in quotes, for which BIND and Knot refuse the whole zone";
            (Severity::Error, message, Safety::Unsafe)
        };
        findings
            .report(fault.span, message, "a name needs no quotes")
            .severity(severity)
            .help("write the name without quotes")
            .fix("remove the quotes", safety, edits);
    }
}

rule! {
    /// A name with characters that are not ASCII.
    ///
    /// Servers publish the bytes as they stand. Resolvers and mail servers ask for the form that starts with `xn--`, and do
    /// not find them.
    ///
    /// # Severity
    /// An error where the name has to do with mail; a warning for all others.
    /// # Bad
    /// ```zone
    /// müller MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// xn--mller-kva MX 10 mail
    /// ```
    /// # When to ignore
    /// If the bytes are meant to be there, as in names for services in a local network.
    /// # Source
    /// RFC 5890, section 2.3.2.1
    NAME_NON_ASCII: "zone-name-non-ascii", [Error, Warning], Unsafe, Record(name_non_ascii)
}

fn name_non_ascii(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let is_ascii = |name: &Name| !name.may_hold(0xff);
    if is_ascii(&record.owner) && record.target().is_none_or(|target| is_ascii(&target.name)) {
        return;
    }
    let owner = written_owner(record).map(|span| (span, &record.owner));
    let target = record.target().map(|target| (target.at, &target.name));
    for (span, name) in [owner, target].into_iter().flatten() {
        for (index, label) in name.labels().enumerate() {
            let Some(label) = label.filter(|label| label.iter().any(|byte| *byte > 0x7e)) else {
                continue;
            };
            let Some(at) = label_at(findings, span, name, index) else {
                continue;
            };
            let ascii = std::str::from_utf8(label).ok().and_then(punycode::to_ascii);
            let help = match &ascii {
                Some(ascii) => format!("write `{ascii}`"),
                None => "write the label in its form that starts with `xn--`".to_string(),
            };
            let severity = if is_mail(record) {
                Severity::Error
            } else {
                Severity::Warning
            };
            findings
                .report(
                    at,
                    "the name is not ASCII: it is published byte by byte, and not found by those who ask for its `xn--` form",
                    "not ASCII",
                )
                .severity(severity)
                .help(help)
                .fix(
                    "write the ASCII form",
                    Safety::Unsafe,
                    ascii.map(|new| vec![Edit { span: at, new }]),
                );
        }
    }
}

rule! {
    /// A label `*` that is not the first.
    ///
    /// Only a first label `*` stands for other names. `_dmarc.*` is a name like any other and answers for nothing else: no
    /// wildcard gives every subdomain a record at its `_dmarc`.
    ///
    /// # Severity
    /// An error where the name has to do with mail; a warning for all others.
    /// # Bad
    /// ```zone
    /// _dmarc.* TXT "v=DMARC1; p=reject"
    /// ```
    /// # Good
    /// ```zone
    /// * TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If something asks for that very name.
    /// # Source
    /// RFC 1034, section 4.3.3
    WILDCARD_NOT_LEFTMOST: "zone-wildcard-not-leftmost", [Error, Warning], None, Record(wildcard_not_leftmost)
}

fn wildcard_not_leftmost(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if !record.owner.may_hold(b'*') {
        return;
    }
    let mut labels = record.owner.labels().enumerate().skip(1);
    let Some((index, _)) = labels.find(|(_, label)| *label == Some(b"*")) else {
        return;
    };
    if record.written == Written::Inherited {
        return;
    }
    let span = record.owner_span();
    let at = label_at(findings, span, &record.owner, index).unwrap_or(span);
    let (severity, help) = match kind::of_owner(&record.owner) {
        Some(kind::Kind::Dmarc) => (
            Severity::Error,
            "write one record for each name; a DMARC record of the domain itself holds for its subdomains, see `sp`",
        ),
        _ if is_mail(record) => (Severity::Error, "write one record for each name"),
        _ => (Severity::Warning, "write one record for each name"),
    };
    findings
        .report(
            at,
            format!(
                "`*` is not the first label, so `{}` stands for no other name",
                record.owner
            ),
            "an ordinary label here",
        )
        .severity(severity)
        .help(help);
}

rule! {
    /// A label with `*` and other characters.
    ///
    /// Only a label that is `*` alone is a wildcard. `mail*` is a name like any other and answers for nothing else.
    ///
    /// # Bad
    /// ```zone
    /// mail* A 192.0.2.1
    /// ```
    /// # Good
    /// ```zone
    /// *.mail A 192.0.2.1
    /// ```
    /// # When to ignore
    /// If something asks for that very name.
    /// # Source
    /// RFC 1034, section 4.3.3
    WILDCARD_PARTIAL: "zone-wildcard-partial", [Warning], None, Record(wildcard_partial)
}

fn wildcard_partial(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    let Some(span) = written_owner(record).filter(|_| record.owner.may_hold(b'*')) else {
        return;
    };
    for (index, label) in record.owner.labels().enumerate() {
        let partial = label.is_some_and(|label| label.len() > 1 && label.contains(&b'*'));
        if partial && let Some(at) = label_at(findings, span, &record.owner, index) {
            findings
                .report(
                    at,
                    format!(
                        "`*` stands for other labels only where it is alone, so `{}` stands for no other name",
                        record.owner
                    ),
                    "an ordinary label",
                )
                .help("write one record for each name, or a label of `*` alone");
        }
    }
}
