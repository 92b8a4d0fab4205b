//! Rules about the records with which a domain agrees to get reports about another (RFC 9990, section 4).

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::{
        dmarc::{Dmarc, tag::TagName, version::Kind},
        uri,
    },
    rule::{Findings, Rule, rule},
    rules::dmarc::{tags::span_of, wording::without},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[REPORT_AUTH_NO_SEMICOLON, REPORT_AUTH_POLICY, REPORT_AUTH_OVERRIDE_HOST];

rule! {
    /// An authorization of reports without a semicolon.
    ///
    /// RFC 9990 asks for `v=DMARC1` and leaves the semicolon open; the grammar of RFC 7489 had one. `v=DMARC1;` is understood
    /// by all.
    ///
    /// # Bad
    /// ```zone example.net.zone
    /// example.com._report._dmarc TXT "v=DMARC1"
    /// ```
    /// # Good
    /// ```zone example.net.zone
    /// example.com._report._dmarc TXT "v=DMARC1;"
    /// ```
    /// # When to ignore
    /// If reports arrive.
    /// # Source
    /// RFC 9990, section 4
    /// RFC 7489, section 6.4
    REPORT_AUTH_NO_SEMICOLON: "dmarc-report-auth-no-semicolon", [Info], Safe, Dmarc(report_auth_no_semicolon), once_a_file
}

fn report_auth_no_semicolon(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let end = dmarc.version.at.end;
    let is_alone = dmarc.is_authorization()
        && dmarc.version.kind == Kind::Right
        && dmarc.version.separator.is_none()
        && dmarc.text.is_complete()
        && !dmarc.text.bytes().contains(&b';');
    if is_alone && let Some(span) = dmarc.text.span(end..end) {
        findings
            .report(
                span,
                "receivers that follow the grammar of RFC 7489 want a `;` behind `v=DMARC1`, or send no reports",
                "no `;`",
            )
            .help("write `v=DMARC1;`")
            .fix("add `;`", Safety::Safe, dmarc.text.replace(end..end, ";"));
    }
}

rule! {
    /// A policy in an authorization of reports.
    ///
    /// The record says that reports about another domain may be sent here, and perhaps to which address. Receivers ignore
    /// `p` and all else there: the other domain has a record of its own for that.
    ///
    /// # Bad
    /// ```zone example.net.zone
    /// example.com._report._dmarc TXT "v=DMARC1; p=reject"
    /// ```
    /// # Good
    /// ```zone example.net.zone
    /// example.com._report._dmarc TXT "v=DMARC1; rua=mailto:dmarc@example.net"
    /// ```
    /// # When to ignore
    /// Never: the tag does nothing.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9990, section 4
    REPORT_AUTH_POLICY: "dmarc-report-auth-policy", [Info], Safe, Dmarc(report_auth_policy), once_a_file
}

fn report_auth_policy(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_authorization() {
        return;
    }
    for tag in &dmarc.tags {
        let is_used = |name: &TagName| matches!(name, TagName::V | TagName::Rua | TagName::Ruf);
        let Some(name) = tag.name.filter(|name| !is_used(name)) else {
            continue;
        };
        let Some(span) = span_of(dmarc, tag) else { continue };
        findings
            .report(
                span,
                format!("`{}` does nothing in an authorization of reports", name.word()),
                "ignored",
            )
            .help("remove it: only the record of the domain itself states a policy")
            .fix(format!("remove `{}`", name.word()), Safety::Safe, without(dmarc, tag));
    }
}

rule! {
    /// An authorization that sends reports on to another domain.
    ///
    /// With `rua` or `ruf` the record may put another address in the place of the one that was asked for, in the same domain.
    /// If it is in another one, reports go to neither.
    ///
    /// # Bad
    /// ```zone example.net.zone
    /// example.com._report._dmarc TXT "v=DMARC1; rua=mailto:dmarc@example.org"
    /// ```
    /// # Good
    /// ```zone example.net.zone
    /// example.com._report._dmarc TXT "v=DMARC1; rua=mailto:dmarc@example.net"
    /// ```
    /// # When to ignore
    /// Never: no report arrives.
    /// # Source
    /// RFC 9990, section 4
    REPORT_AUTH_OVERRIDE_HOST: "dmarc-report-auth-override-host", [Error], None, Dmarc(report_auth_override_host)
}

fn report_auth_override_host(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let destination = dmarc.destination().filter(Name::is_known);
    let Some(destination) = destination.filter(|_| dmarc.is_authorization()) else {
        return;
    };
    for uri in dmarc.uris(TagName::Rua).chain(dmarc.uris(TagName::Ruf)) {
        let uri::Kind::Mail(mail) = &uri.kind else { continue };
        let Some(host) = uri.host(&dmarc.text).filter(|host| *host != destination) else {
            continue;
        };
        let Some(span) = dmarc.text.span(mail.domain.clone()) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "`{host}` is not `{destination}`, the domain that was to get the reports, so none is sent to either"
                ),
                format!("not `{destination}`"),
            )
            .help(format!("write an address in `{destination}`, or remove the tag"));
    }
}
