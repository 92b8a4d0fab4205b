//! Rules about the null MX, with which a domain says that it takes no mail (RFC 7505).

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::kind::{self, Kind},
    record::{Data, FaultKind, Mx, Record, Scan},
    rule::{Findings, Rule, rule},
    rules::{
        mail::{null_mx, owner_place},
        mx::targets::{exchanges, zero},
    },
    source::Source,
    span::Span,
    text::Edit,
    zones::{Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[WITH_OTHER_MX, PREFERENCE, MALFORMED, WITH_TLS_RPT];

/// The MX records of a name that have no host.
fn nulls<'a>(node: &Node<'a>) -> impl Iterator<Item = (&'a Record, &'a Mx)> + use<'a> {
    node.records().filter_map(|record| match &record.data {
        Data::Mx(mx) if mx.host.name.is_root() => Some((record, &**mx)),
        _ => None,
    })
}

rule! {
    /// A null MX beside other MX records.
    ///
    /// `MX 0 .` says that the domain takes no mail, the other records say that it does. Senders that know null MX records
    /// may return the mail, others look for a host without a name.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 .
    /// @ MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// Never: remove one or the other.
    /// # Source
    /// RFC 7505, section 3
    WITH_OTHER_MX: "null-mx-with-other-mx", [Error], None, Node(Holds::MX.and(Holds::SEVERAL), with_other_mx)
}

fn with_other_mx<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some((null, _)) = nulls(node).find(|(record, _)| !record.many) else {
        return;
    };
    let Some((other, mx)) = exchanges(node).find(|(record, _)| !record.many) else {
        return;
    };
    findings.about(null);
    findings
        .report(
            null.span,
            format!(
                "`{}` says that it takes no mail, and names `{}` for its mail: senders may return the mail, or deliver it",
                node.name(),
                mx.host.name
            ),
            "takes no mail",
        )
        .help("remove this record if the domain takes mail, else the other MX records")
        .related(other.span, "takes mail");
}

rule! {
    /// A null MX whose preference is not 0.
    ///
    /// A domain that takes no mail says so with one MX record of preference 0 and without a host. With another preference,
    /// some senders do not take it for that, and look for a host without a name for days.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 10 .
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// ```
    /// # When to ignore
    /// Never: the number means nothing else.
    /// # Source
    /// RFC 7505, section 3
    PREFERENCE: "null-mx-preference", [Warning], Unsafe, Node(Holds::MX, preference)
}

fn preference<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if exchanges(node).next().is_some() {
        return;
    }
    for (record, mx) in nulls(node).filter(|(_, mx)| mx.preference != 0) {
        findings.about(record);
        let edits = zero(mx, findings).map(|edit| vec![edit]);
        findings
            .report(
                mx.preference_at,
                format!(
                    "the null MX of `{}` has preference {} and not 0, so some senders do not see that it takes no mail",
                    node.name(),
                    mx.preference
                ),
                "not 0",
            )
            .help("write `MX 0 .`")
            .fix("write `0`", Safety::Unsafe, edits);
    }
}

rule! {
    /// An MX record without a host that is no null MX.
    ///
    /// A domain that takes no mail says so with a single dot in place of the host, which is the name of the root. Nothing,
    /// two dots, or quotes are no name: servers and providers refuse the record, and a server that reads a zone file refuses
    /// all of it.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 ""
    /// ```
    /// ```zone
    /// @ MX 0 ..
    /// ```
    /// ```yaml
    /// '':
    ///   type: MX
    ///   value: {exchange: '', preference: 0}
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// ```
    /// # When to ignore
    /// Never.
    /// # Source
    /// RFC 7505, section 3
    MALFORMED: "null-mx-malformed", [Error], Unsafe, File(malformed)
}

fn malformed(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in scan.faults.iter().filter(|fault| fault.kind == FaultKind::NoHost) {
        let (effect, label) = match scan.is_zone_file() {
            true => ("servers refuse the whole zone", "no name"),
            false => (
                "it is refused, and nobody is told that the domain takes no mail",
                "no host",
            ),
        };
        let edits = may_hold_dot(fault.span, findings).then(|| {
            vec![Edit {
                span: fault.span,
                new: ".".to_string(),
            }]
        });
        findings
            .report(
                fault.span,
                format!("the MX record has no host, and no null MX is written so: {effect}"),
                label,
            )
            .help("write `.` in place of the host, if the domain takes no mail")
            .fix("write `.`", Safety::Unsafe, edits);
    }
}

/// Whether a dot can stand in place of what is written there: something, or nothing between quotes.
fn may_hold_dot(span: Span, findings: &Findings<'_>) -> bool {
    let bytes = findings.sources().get(span.source).bytes();
    let at = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied();
    let before = at((span.start as usize).checked_sub(1));
    !span.is_empty()
        || before.is_some_and(|quote| matches!(quote, b'"' | b'\'')) && before == at(Some(span.end as usize))
}

rule! {
    /// A TLS-RPT record for a domain that takes no mail.
    ///
    /// Senders report on the mail that they deliver. To a domain with a null MX they deliver none, so that nobody ever looks
    /// at the record.
    ///
    /// # Bad
    /// ```zone
    /// @ MX 0 .
    /// _smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.net"
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 0 .
    /// ```
    /// # When to ignore
    /// If the domain is to take mail again.
    /// # Source
    /// RFC 7505, section 3
    /// RFC 8460, section 3
    WITH_TLS_RPT: "null-mx-with-tls-rpt", [Info], None, Node(Holds::MX, with_tls_rpt), once_a_file
}

fn with_tls_rpt<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(mx) = null_mx(node) else { return };
    let name = Name::from_labels([Some("_smtp"), Some("_tls")], Some(node.name()));
    let Some(found) = node
        .ask(&name, Wanted::Any)
        .found()
        .filter(|found| *found.name() == name)
    else {
        return;
    };
    let Some(record) = found.records().find(|record| is_tls_rpt(record)) else {
        return;
    };
    findings.about_in(record, found.scan);
    findings
        .report(
            owner_place(record),
            format!("`{}` takes no mail, so nobody sends TLS reports about it", node.name()),
            "a TLS-RPT record",
        )
        .help("remove it")
        .related(mx.span, "takes no mail");
}

/// Whether a record at `_smtp._tls` is one, or leads to one.
fn is_tls_rpt(record: &Record) -> bool {
    match &record.data {
        Data::Txt(txt) => kind::of_value(txt.text.bytes()) == Some(Kind::TlsRpt),
        Data::Cname(_) => true,
        _ => false,
    }
}
