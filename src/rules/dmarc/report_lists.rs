//! Rules about the report addresses of a DMARC record as lists, and about the limits behind them.

use crate::{
    diagnostic::Safety,
    policy::{
        dmarc::{Dmarc, list::List, tag::TagName},
        uri::{Kind, Uri},
    },
    rule::{Findings, Rule, rule},
    rules::{report_uris, wording::quoted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[URI_SIZE_LIMIT, URI_EMPTY, URI_DUPLICATE, URI_TOO_MANY];

const LISTS: [TagName; 2] = [TagName::Rua, TagName::Ruf];

rule! {
    /// A limit on the size of reports: `!10m` behind an address.
    ///
    /// RFC 9989 removed the limit, and receivers that follow it ignore what stands there. Those that follow RFC 7489 still
    /// send no report that is larger. Tools that do not know it at all take it for a part of the domain.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com!10m"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If the mailbox takes no larger mail.
    /// # Source
    /// RFC 9989, section 4.8
    /// RFC 9989, section C.4
    /// RFC 7489, section 6.2
    URI_SIZE_LIMIT: "dmarc-uri-size-limit", [Warning], Safe, Dmarc(uri_size_limit), once_a_file
}

fn uri_size_limit(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let uris = dmarc.lists.iter().flat_map(|list| &list.uris);
    for at in uris.filter_map(|uri| uri.size.as_ref()) {
        let Some(span) = dmarc.text.span(at.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "receivers that follow RFC 9989 ignore the limit {}; those that follow RFC 7489 send no larger report",
                    quoted(&dmarc.text, at)
                ),
                "no longer defined",
            )
            .help("remove it")
            .fix("remove it", Safety::Safe, dmarc.text.replace(at.clone(), ""));
    }
}

rule! {
    /// A comma too many in a list of report addresses.
    ///
    /// Before and behind a comma stands an address. Receivers skip the gap, but a strict one may drop the whole list.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com,"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: the comma is of no use.
    /// # Source
    /// RFC 9989, section 4.8
    URI_EMPTY: "dmarc-uri-empty", [Warning], Safe, Dmarc(uri_empty)
}

fn uri_empty(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for list in &dmarc.lists {
        if list.uris.iter().all(|uri| uri.kind == Kind::Empty) {
            report_empty(dmarc, list, findings);
            continue;
        }
        for (gap, label) in report_uris::gaps(&list.uris) {
            let Some(span) = dmarc.text.span(gap.clone()) else {
                continue;
            };
            let name = list.name.word();
            findings
                .report(
                    span,
                    format!("`{name}` has a comma too many: a strict receiver may send no report at all"),
                    label,
                )
                .help("write one comma between two addresses, and none elsewhere")
                .fix("remove the comma", Safety::Safe, dmarc.text.replace(gap, ""));
        }
    }
}

fn report_empty(dmarc: &Dmarc<'_>, list: &List, findings: &mut Findings<'_>) {
    let [first, .., last] = &list.uris[..] else { return };
    if let Some(span) = dmarc.text.span(first.whole.end..last.whole.start) {
        let name = list.name.word();
        findings
            .report(
                span,
                format!("`{name}` has commas and no address, so no report is sent"),
                "no address",
            )
            .help("write `mailto:` and an address, or remove the tag");
    }
}

rule! {
    /// A report address that stands in a list twice.
    ///
    /// It gets each report once or twice, depending on the receiver, and takes one of the two places that all receivers use.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com,mailto:dmarc@EXAMPLE.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com; ruf=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: the second one is of no use.
    /// # Source
    /// RFC 5321, section 2.4
    URI_DUPLICATE: "dmarc-uri-duplicate", [Warning], Safe, Dmarc(uri_duplicate)
}

fn uri_duplicate(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let text = &dmarc.text;
    for name in LISTS {
        for (uri, first) in report_uris::repeated(dmarc.uris(name), |uri| key(dmarc, uri)) {
            let (Some(span), Some(at)) = (text.span(uri.at.clone()), text.span(first.at.clone())) else {
                continue;
            };
            findings
                .report(
                    span,
                    format!("`{}` has an address twice, and once is enough", name.word()),
                    "again",
                )
                .help("remove one of them")
                .related(at, "the first time")
                .fix("remove it here", Safety::Safe, report_uris::without(text, uri, first));
        }
    }
}

/// What addresses share that lead to one mailbox.
fn key(dmarc: &Dmarc<'_>, uri: &Uri) -> Option<Vec<u8>> {
    let Kind::Mail(mail) = &uri.kind else {
        return uri.key(&dmarc.text);
    };
    let local = dmarc.text.get(mail.local.clone());
    let domain = dmarc.text.get(mail.domain.clone()).to_ascii_lowercase();
    Some([local, b"@", &domain].concat())
}

rule! {
    /// More than two addresses in a list.
    ///
    /// How many addresses get a report is left to the receiver; RFC 7489 demanded two. The third may get none.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com; ruf=mailto:c@example.com"
    /// ```
    /// # When to ignore
    /// If it does not matter which of them get a report.
    /// # Source
    /// RFC 7489, section 6.2
    /// RFC 9990, section 3.5
    URI_TOO_MANY: "dmarc-uri-too-many", [Info], None, Dmarc(uri_too_many), once_a_file
}

fn uri_too_many(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for name in LISTS {
        let is_known = |uri: &&Uri| !matches!(uri.kind, Kind::Empty | Kind::Unknown);
        let known: Vec<&Uri> = dmarc.uris(name).filter(is_known).collect();
        let [_, _, third, ..] = &known[..] else { continue };
        let end = known.last().map_or(third.at.end, |last| last.at.end);
        if let Some(span) = dmarc.text.span(third.at.start..end) {
            findings
                .report(
                    span,
                    format!(
                        "`{}` has {} addresses, and many receivers send reports to the first two alone",
                        name.word(),
                        known.len()
                    ),
                    "from the third on",
                )
                .help("send the reports to one address, and from there to the others");
        }
    }
}
