//! Rules about what is left of protocols before DKIM, or beside it.

use crate::{
    diagnostic::Safety,
    policy::{
        dkim::{Dkim, owner::Role},
        tags::{self, Tag},
    },
    rule::{Findings, Rule, rule},
    rules::zone::sets::without,
    text::Edit,
    zones::Place,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[ADSP_RECORD, DOMAINKEYS_POLICY, REPORT_WITHOUT_RA];

/// The edit that takes the record out.
fn removal<'a>(place: &Place<'a>, findings: &Findings<'a>) -> Option<Vec<Edit>> {
    let mut all = place.node.followed();
    let (record, next) = all.find(|(other, _)| std::ptr::eq(*other, place.record))?;
    without(record, next, findings)
}

/// Whether a text at `_domainkey` is a policy of DomainKeys: one of its tags is there, and no key.
pub(super) fn is_domainkeys_policy(dkim: &Dkim<'_>) -> bool {
    let text = dkim.raw;
    let all = tags::read(text, 0..text.len());
    let has = |names: &[&str]| all.iter().any(|tag| names.iter().any(|name| tag.is(text, name)));
    dkim.role == Role::DomainKeys && has(&["o", "t", "r", "n"]) && !has(&["p"])
}

rule! {
    /// A record of Author Domain Signing Practices.
    ///
    /// ADSP said at `_adsp._domainkey` whether all mail of a domain is signed. It is historic since 2013, and receivers do not
    /// ask for it. What it was to say, DMARC says.
    ///
    /// # Bad
    /// ```zone
    /// _adsp._domainkey TXT "dkim=all"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If you know a receiver that asks for it.
    /// # Source
    /// RFC 5617, section 4.2.1
    ADSP_RECORD: "dkim-adsp-record", [Warning], Unsafe, DkimWithin(adsp_record), once_a_file
}

fn adsp_record<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if dkim.role != Role::Adsp {
        return;
    }
    let edits = removal(place, findings);
    findings
        .report(
            place.record.span,
            "nobody asks for ADSP any more, so this record does nothing",
            "historic since 2013",
        )
        .help("remove it, and say with DMARC what happens to mail that is not signed")
        .fix("remove it", Safety::Unsafe, edits);
}

rule! {
    /// A policy of DomainKeys, or of a draft before ADSP.
    ///
    /// DomainKeys, which DKIM replaced in 2007, had a policy at `_domainkey`: `o=-` said that all mail is signed. Drafts of
    /// its successor had one at `_policy._domainkey` or `_ssp._domainkey`. No receiver asks for any of them.
    ///
    /// # Bad
    /// ```zone
    /// _domainkey TXT "t=y; o=~; n=notes; r=postmaster@example.com"
    /// ```
    /// ```zone
    /// _ssp._domainkey TXT "dkim=all"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If you know a receiver that asks for it.
    /// # Source
    /// RFC 4870, section 3.6
    DOMAINKEYS_POLICY: "dkim-domainkeys-policy", [Warning], Unsafe, DkimWithin(domainkeys_policy), once_a_file
}

fn domainkeys_policy<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if dkim.role != Role::OldPolicy && !is_domainkeys_policy(dkim) {
        return;
    }
    let edits = removal(place, findings);
    findings
        .report(
            place.record.span,
            "nobody asks for policies of DomainKeys any more, so this record does nothing",
            "left over from before DKIM",
        )
        .help("remove it, and say with DMARC what happens to mail that is not signed")
        .fix("remove it", Safety::Unsafe, edits);
}

rule! {
    /// A request for reports about DKIM that does not say where to.
    ///
    /// The record at `_report._domainkey` asks for reports about signatures that fail. Without `ra`, the local part of the
    /// address, nothing is sent, whatever `rp` and `rr` say.
    ///
    /// # Bad
    /// ```zone
    /// _report._domainkey TXT "rr=all"
    /// ```
    /// # Good
    /// ```zone
    /// _report._domainkey TXT "ra=postmaster; rr=all"
    /// ```
    /// # When to ignore
    /// Never: the record does nothing.
    /// # Source
    /// RFC 6651, section 3.2
    REPORT_WITHOUT_RA: "dkim-report-without-ra", [Warning], None, DkimWithin(report_without_ra)
}

fn report_without_ra<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let text = dkim.raw;
    if dkim.role != Role::Report || !text.is_complete() {
        return;
    }
    let all = tags::read(text, 0..text.len());
    let has = |name: &str| all.iter().any(|tag: &Tag| tag.is(text, name));
    if has("ra") || !(has("rp") || has("rr")) {
        return;
    }
    findings
        .report(
            place.record.span,
            "without `ra` there is no address, so nobody sends reports about DKIM",
            "no `ra`",
        )
        .help("write `ra=` and the local part of an address of the domain, or remove the record");
}
