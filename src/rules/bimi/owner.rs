//! Rules about the names of BIMI records.

use crate::{
    diagnostic::Safety,
    name::LABEL_MAX,
    policy::bimi::{self, Bimi},
    record::{Record, Written},
    rule::{Findings, Rule, rule},
    rules::{wording::BIMI, zone::names::label_at},
    slip,
    text::Edit,
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[OWNER_NO_SELECTOR, SELECTOR_INVALID, NO_DEFAULT];

/// Calls `see` for each record at a name that is meant to be BIMI, with what it says.
pub(super) fn each_at<'a>(node: &Node<'a>, mut see: impl FnMut(&'a Record, &Bimi<'_>)) {
    // By far the most names have no such label.
    if bimi::place(node.name()).is_none() {
        return;
    }
    for record in node.records() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        let owner = slip::meant_owner(record, node.scan);
        let text = slip::meant_text(record, txt);
        if let Some(bimi) = bimi::parse(&text, &owner).filter(Bimi::is_meant) {
            see(record, &bimi);
        }
    }
}

rule! {
    /// A BIMI record without a selector in its name.
    ///
    /// Receivers ask for `default._bimi.example.com`, or for another selector that the mail names. Nobody ever asks for
    /// `_bimi.example.com`, so a record there does nothing.
    ///
    /// # Bad
    /// ```zone
    /// _bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// If a `CNAME` in a zone that is kept elsewhere leads to the record. BIMI is a draft: `bimi = "off"` in the settings
    /// switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Selectors".
    OWNER_NO_SELECTOR: "bimi-owner-no-selector", [Error], Unsafe, Node(Holds::TXT, owner_no_selector)
}

fn owner_no_selector<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let zones = node.zones();
    // Who shares one record may keep it at any name.
    let is_target = || zones.has_service_aliases() && zones.aliases_of(node.name()).next().is_some();
    if !node.name().starts_with("_bimi") || is_target() {
        return;
    }
    let mut found: Vec<&Record> = Vec::new();
    each_at(node, |record, bimi| {
        if bimi.place.selector == 0 {
            found.push(record);
        }
    });
    for record in found {
        let span = Some(record.owner_span())
            .filter(|span| !span.is_empty())
            .unwrap_or(record.span);
        findings.about(record);
        let edits = rename(node, record, findings);
        findings
            .report(
                span,
                format!("nobody looks for BIMI at `{}`, so {}", node.name(), BIMI.lost),
                "no selector before `_bimi`",
            )
            .help(format!("publish the record at `{}`", node.name().below("default")))
            .fix("put `default.` before it", Safety::Unsafe, edits);
    }
}

/// The edit that puts the selector before an owner. `None` where other records share the name, or the new one is taken.
fn rename(node: &Node<'_>, record: &Record, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    let next = node.followed().find(|(other, _)| std::ptr::eq(*other, record))?.1;
    let is_shared = next.is_some_and(|next| next.written == Written::Inherited) || record.written == Written::Inherited;
    let new = node.name().below("default");
    let is_taken = node.scan.at(&new).next().is_some() || matches!(node.ask(&new, Wanted::Txt), Answer::Found(_));
    let span = record.owner_span();
    let is_written = findings
        .source(span)
        .get(..5)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"_bimi"));
    if is_shared || is_taken || node.has_several() || !is_written {
        return None;
    }
    let (span, new) = (span.start(), "default.".to_string());
    Some(vec![Edit { span, new }])
}

rule! {
    /// A selector of BIMI with characters that a selector may not have.
    ///
    /// A selector is one or more labels of letters, digits, and hyphens inside, as in the name of a host. Mail cannot name
    /// another one, so receivers never ask for the record.
    ///
    /// # Bad
    /// ```zone
    /// my_brand._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// my-brand._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// Never: no mail leads to the record. BIMI is a draft: `bimi = "off"` in the settings switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Selectors".
    /// RFC 5321, section 4.1.2
    SELECTOR_INVALID: "bimi-selector-invalid", [Error], None, Node(Holds::TXT, selector_invalid)
}

fn selector_invalid<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(place) = bimi::place(node.name()) else { return };
    let labels = node.name().labels().take(place.selector);
    // A wildcard stands for selectors; what is not told may be one.
    let is_wrong = |(index, label): &(usize, Option<&[u8]>)| {
        label.is_some_and(|label| !is_selector(label) && (*index > 0 || label != b"*"))
    };
    let Some((index, Some(label))) = labels.enumerate().find(is_wrong) else {
        return;
    };
    let mut found: Option<&Record> = None;
    each_at(node, |record, _| found = found.or(Some(record)));
    let Some(record) = found else { return };
    let span = Some(record.owner_span())
        .filter(|span| !span.is_empty())
        .unwrap_or(record.span);
    findings.about(record);
    let at = label_at(findings, span, node.name(), index).unwrap_or(span);
    findings
        .report(
            at,
            format!(
                "`{}` is no selector of BIMI, so no mail can name it, and receivers never ask for this record",
                String::from_utf8_lossy(label)
            ),
            "letters, digits, and hyphens inside",
        )
        .help("rename it, and write the new selector into the `BIMI-Selector` header of the mail");
}

fn is_selector(label: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    (1..=LABEL_MAX).contains(&label.len())
        && label.iter().all(is_inner)
        && !label.starts_with(b"-")
        && !label.ends_with(b"-")
}

rule! {
    /// BIMI records of a domain without one at `default`.
    ///
    /// Mail that names no selector, which is nearly all mail, leads receivers to `default._bimi`. Where the domain has records
    /// for other selectors alone, such mail has no logo.
    ///
    /// # Bad
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// brand._bimi 3600 TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// brand._bimi 3600 TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// default._bimi 3600 CNAME brand._bimi
    /// ```
    /// # When to ignore
    /// If all mail that is to have a logo names its selector. BIMI is a draft: `bimi = "off"` in the settings switches off all
    /// rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, section "Selectors".
    NO_DEFAULT: "bimi-no-default", [Info], None, Node(Holds::TXT, no_default), once_a_file
}

fn no_default<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some(place) = bimi::place(node.name()).filter(|place| place.selector > 0) else {
        return;
    };
    let default = node.name().skip(place.selector).below("default");
    if node.name().is_wildcard() || !node.ask(&default, Wanted::Any).is_absent() {
        return;
    }
    let mut found: Option<&Record> = None;
    each_at(node, |record, _| found = found.or(Some(record)));
    let Some(record) = found else { return };
    findings.about(record);
    findings
        .report(
            record.span,
            format!(
                "`{}` has no BIMI record at `default`, so mail that names no selector has no logo",
                place.domain
            ),
            "another selector",
        )
        .help(format!(
            "publish a record at `{default}`, or a `CNAME` there that leads to this one"
        ));
}
