//! Rules about `rua` as a list: whether it is there, and how its addresses are separated.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::{
        fields::{Malformed, Shape},
        tls_rpt::TlsRpt,
        uri::{Before, Kind, Uri},
    },
    rule::{Findings, Rule, rule},
    rules::{
        fields, report_uris,
        wording::{TLS_RPT, quoted},
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    RUA_MISSING,
    RUA_EMPTY,
    RUA_SEPARATOR,
    RUA_REPEATED,
    RUA_DUPLICATE,
    RUA_MANY,
];

rule! {
    /// A TLS-RPT record without `rua`.
    ///
    /// `rua` says where reports go. Without it the record is malformed, and there is no address to send anything to. The name
    /// is written in small letters; `RUA`, `ruf` and `uri` are other fields.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1;"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; ruf=mailto:tls@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: such a record does nothing.
    /// # Source
    /// RFC 8460, section 3
    RUA_MISSING: "tls-rpt-rua-missing", [Error], Unsafe, TlsRpt(rua_missing)
}

fn rua_missing(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    if !rpt.record.is_read() || !rpt.ruas.is_empty() || !text.is_complete() {
        return;
    }
    let message = format!("TLS-RPT record has no `rua`, so {}", TLS_RPT.lost);
    let Some(field) = rpt.meant.and_then(|index| rpt.record.fields.get(index)) else {
        if let Some(span) = text.span(text.len()..text.len()) {
            findings
                .report(span, message, "`rua=` is missing")
                .help("add `; rua=mailto:` and the address that reports are to be sent to");
        }
        return;
    };
    let tag = &field.tag;
    let Some(span) = fields::span_of(text, tag) else { return };
    if field.shape == Shape::Continuation {
        findings
            .report(span, message, "an address without `rua=`")
            .help("write `rua=` before it")
            .fix(
                "write `rua=` before it",
                Safety::Unsafe,
                text.replace(tag.at.start..tag.at.start, "rua="),
            );
    } else if field.shape != Shape::Malformed(Malformed::NoEquals) {
        let name = quoted(text, &tag.name);
        let edits = tag
            .is_like(text, "rua")
            .then(|| text.replace(tag.name.clone(), "rua"))
            .flatten();
        findings
            .report(span, message, format!("{name} is another field"))
            .help("write `rua`, in small letters")
            .fix(format!("write `rua` in place of {name}"), Safety::Unsafe, edits);
    }
}

rule! {
    /// A `rua` with a gap where an address should stand.
    ///
    /// After `rua=`, and after each comma, comes an address. With a gap the record is malformed: strict reporters ignore
    /// it and send nothing to the other addresses either.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com,"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua="
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
    /// ```
    /// # When to ignore
    /// Never: the comma is of no use.
    /// # Source
    /// RFC 8460, section 3
    RUA_EMPTY: "tls-rpt-rua-empty", [Error], Unsafe, TlsRpt(rua_empty)
}

fn rua_empty(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for list in &rpt.lists {
        let [first, .., last] = &list.uris[..] else {
            if let [
                Uri {
                    kind: Kind::Empty, at, ..
                },
            ] = &list.uris[..]
                && let Some(span) = text.span(at.clone())
            {
                findings
                    .report(span, format!("`rua` is empty, so {}", TLS_RPT.lost), "no address")
                    .help("write `mailto:` and the address that reports are to be sent to");
            }
            continue;
        };
        if list.uris.iter().all(|uri| uri.kind == Kind::Empty) {
            if let Some(span) = text.span(first.whole.end..last.whole.start) {
                findings
                    .report(
                        span,
                        format!("`rua` has commas and no address, so {}", TLS_RPT.lost),
                        "no address",
                    )
                    .help("write `mailto:` and the address that reports are to be sent to");
            }
            continue;
        }
        for (gap, label) in report_uris::gaps(&list.uris) {
            let Some(span) = text.span(gap.clone()) else { continue };
            findings
                .report(
                    span,
                    format!("`rua` has a comma too many, so {}", TLS_RPT.malformed),
                    label,
                )
                .help("write one comma between two addresses, and none elsewhere")
                .fix("remove the comma", Safety::Unsafe, text.replace(gap, ""));
        }
    }
}

rule! {
    /// Addresses of a `rua` that something other than a comma separates.
    ///
    /// A semicolon ends the field, so that the next address is a malformed field of its own; a blank makes two addresses one
    /// that does not exist. Strict reporters ignore the whole record, others use the first address alone.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com; mailto:b@example.com"
    /// ```
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com mailto:b@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com , mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: the list has only one form.
    /// # Source
    /// RFC 8460, section 3
    RUA_SEPARATOR: "tls-rpt-rua-separator", [Error], Unsafe, TlsRpt(rua_separator)
}

fn rua_separator(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    let mut before = None;
    for list in &rpt.lists {
        if let Some(cut) = &list.cut {
            // Fields between the two would become a part of the list.
            let is_next = before.is_some_and(|before| before + 1 == list.field);
            report_separator(rpt, cut, "a `;` ends the field `rua`", is_next, findings);
        }
        before = Some(list.field);
        for uri in &list.uris {
            if let Before::Blanks(blanks) = &uri.before
                && text.is_known(blanks.clone())
            {
                report_separator(rpt, blanks, "a blank does not separate addresses", true, findings);
            }
        }
    }
}

fn report_separator(
    rpt: &TlsRpt<'_>,
    at: &Range<usize>,
    label: &'static str,
    can_join: bool,
    findings: &mut Findings<'_>,
) {
    let text = rpt.record.text;
    let Some(span) = text.span(at.clone()) else { return };
    findings
        .report(
            span,
            format!(
                "addresses of `rua` are separated by something other than a comma, so {}",
                TLS_RPT.malformed
            ),
            label,
        )
        .help("write a comma between them")
        .fix(
            "separate them by a comma",
            Safety::Unsafe,
            can_join.then(|| text.replace(at.clone(), ",")).flatten(),
        );
}

rule! {
    /// A second `rua`.
    ///
    /// The grammar allows it but nothing says what it means: some reporters use all addresses, some the first field, some the
    /// last one.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: one list says the same to all reporters.
    /// # Source
    /// RFC 8460, section 3
    RUA_REPEATED: "tls-rpt-rua-repeated", [Warning], Safe, TlsRpt(rua_repeated)
}

fn rua_repeated(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    let [first, later @ ..] = &rpt.ruas[..] else { return };
    let Some(first) = rpt.record.fields.get(*first) else {
        return;
    };
    for (place, index) in later.iter().enumerate() {
        let Some(field) = rpt.record.fields.get(*index) else {
            continue;
        };
        let Some(span) = fields::span_of(text, &field.tag) else {
            continue;
        };
        // The others join the first one by one, each after the one before it has.
        let edits = (place == 0).then(|| joined(rpt, *index)).flatten();
        let finding = findings
            .report(
                span,
                "TLS-RPT record has more than one `rua`: some reporters use all, others only the first or the last",
                "not the first",
            )
            .help("write all addresses into one `rua`, separated by commas")
            .fix("join it with the first `rua`", Safety::Safe, edits);
        if let Some(first) = fields::span_of(text, &first.tag) {
            finding.related(first, "the first one");
        }
    }
}

/// The edits that join a `rua` with the first.
fn joined(rpt: &TlsRpt<'_>, later: usize) -> Option<Vec<Edit>> {
    let text = rpt.record.text;
    let first = &rpt.record.fields.get(*rpt.ruas.first()?)?.tag;
    let later = &rpt.record.fields.get(later)?.tag;
    let is_whole = first.is_known && later.is_known && !first.value.is_empty() && !later.value.is_empty();
    if !is_whole {
        return None;
    }
    if later.whole.start == first.whole.end + 1 {
        return text.replace(first.value.end..later.value.start, ",");
    }
    let value = std::str::from_utf8(text.get(later.value.clone())).ok()?;
    let mut edits = text.replace(first.value.end..first.value.end, &format!(",{value}"))?;
    edits.extend(fields::without(text, later)?);
    Some(edits)
}

rule! {
    /// An address that stands in a `rua` twice.
    ///
    /// It gets each report once or twice, depending on the reporter.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com,MAILTO:tls@EXAMPLE.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com,mailto:TLS@example.com"
    /// ```
    /// # When to ignore
    /// Never: the second one is of no use.
    /// # Source
    /// RFC 8460, section 3
    /// RFC 3986, section 6.2.2.1
    RUA_DUPLICATE: "tls-rpt-rua-duplicate", [Info], Safe, TlsRpt(rua_duplicate)
}

fn rua_duplicate(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let text = rpt.record.text;
    for (uri, first) in report_uris::repeated(rpt.uris(), |uri| uri.key(text)) {
        let (Some(span), Some(at)) = (text.span(uri.at.clone()), text.span(first.at.clone())) else {
            continue;
        };
        findings
            .report(
                span,
                "`rua` of the TLS-RPT record has an address twice, and once is enough",
                "again",
            )
            .help("remove one of them")
            .related(at, "the first time")
            .fix("remove it here", Safety::Safe, report_uris::without(text, uri, first));
    }
}

/// How many addresses a reporter can be expected to use.
const MANY: usize = 2;

rule! {
    /// More than two addresses in a `rua`.
    ///
    /// A reporter may use all of them or just one, and a report counts as delivered as soon as one address has taken it. The
    /// third gets reports from some reporters at best.
    ///
    /// # Bad
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// If it does not matter which of them gets a report.
    /// # Source
    /// RFC 8460, section 3
    RUA_MANY: "tls-rpt-rua-many", [Info], None, TlsRpt(rua_many), once_a_file
}

fn rua_many(rpt: &TlsRpt<'_>, findings: &mut Findings<'_>) {
    let mut known = rpt
        .uris()
        .filter(|uri| !matches!(uri.kind, Kind::Empty | Kind::Unknown));
    let Some(third) = known.nth(MANY) else { return };
    let count = known.count() + MANY + 1;
    if let Some(span) = rpt.record.text.span(third.at.clone()) {
        findings
            .report(
                span,
                format!("`rua` has {count} addresses, but a reporter may use just one of them"),
                "the third",
            )
            .help("send the reports to one address, and from there to the others");
    }
}
